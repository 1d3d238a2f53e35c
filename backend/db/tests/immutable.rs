//! What is evidence cannot be changed, not even past the operations.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use diwan_db::{Backend, Db, DbError, Violation};
use diwan_testkit::both;

use crate::support::{insert, seed, sql, write};

/// One row in each table that is evidence.
pub fn evidence(db: &Db) {
    seed(db).unwrap();
    write(db, |tx| {
        insert(tx, "agency_keys", &[("id", "1"), ("agency_id", "1"), ("private_key_sealed", "'00'")])?;
        let hash = format!("'{}'", "a".repeat(64));
        insert(tx, "seals", &[("record_id", "1"), ("key_id", "1"), ("hash", &hash)])?;
        insert(tx, "numbers", &[("register_id", "1"), ("year", "2026"), ("seq", "1"), ("record_id", "1")])?;
        let letter = [("direction", "'outgoing'"), ("form", "'letter'"), ("lang", "'ar'")];
        let signed = [("record_id", "1"), ("signed_at", "'2026-11-01 07:00:00'")];
        insert(tx, "letters", &[&letter[..], &signed].concat())?;
        insert(tx, "letters", &[&letter[..], &[("record_id", "2")]].concat())?;
        let delivery =
            [("id", "1"), ("from_agency_id", "1"), ("to_agency_id", "2"), ("role", "'to'"), ("state", "'delivered'")];
        insert(tx, "deliveries", &delivery)?;
        insert(tx, "delivery_events", &[("delivery_id", "1"), ("kind", "'delivered'")])
    })
    .unwrap();
    assert!(db.seal_audit(10).unwrap() > 0);
}

#[test]
fn evidence_is_refused_a_change() {
    both(|test| {
        let db = test.db();
        evidence(&db);
        for statement in [
            "UPDATE audit_entries SET op = 'x'",
            "DELETE FROM audit_entries",
            "UPDATE audit_seals SET hash = 'x'",
            "DELETE FROM audit_seals",
            "UPDATE seals SET signature = 'x'",
            "DELETE FROM seals",
            "DELETE FROM numbers",
            "UPDATE numbers SET seq = 2",
            "UPDATE numbers SET display = 'x'",
            "UPDATE numbers SET record_id = 2",
            "UPDATE letters SET body = 'x' WHERE record_id = 1",
            "UPDATE letters SET body_text = 'x' WHERE record_id = 1",
            "UPDATE letters SET addressee = 'x' WHERE record_id = 1",
            "UPDATE letters SET signed_at = NULL WHERE record_id = 1",
            "UPDATE letters SET signed_at = '2026-11-02 07:00:00' WHERE record_id = 1",
            "DELETE FROM letters WHERE record_id = 1",
            "UPDATE delivery_events SET note = 'x'",
            "DELETE FROM delivery_events",
        ] {
            let refused = sql(&db, statement);
            assert_eq!(
                refused.as_ref().err().and_then(diwan_db::DbError::violation),
                Some(Violation::Immutable),
                "{statement}: {refused:?}"
            );
        }
    });
}

#[test]
fn what_may_still_change_does() {
    both(|test| {
        let db = test.db();
        evidence(&db);
        sql(&db, "UPDATE letters SET body = 'x', addressee = 'y' WHERE record_id = 2").unwrap();
        sql(&db, "DELETE FROM letters WHERE record_id = 2").unwrap();
        sql(&db, "UPDATE letters SET answered_at = '2026-11-02 07:00:00' WHERE record_id = 1").unwrap();
        sql(&db, "UPDATE numbers SET voided_at = '2026-11-02 07:00:00', voided_by = 1, void_reason = 'خطأ'").unwrap();
        let again = sql(&db, "UPDATE numbers SET void_reason = 'x'").unwrap_err();
        assert_eq!(again.violation(), Some(Violation::Immutable), "a number is voided once");
    });
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables with a trigger that stands before a DELETE: bits 2 and 8 of its type.
const KEPT: &str = "SELECT DISTINCT t.relname::text AS name FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
    WHERE NOT g.tgisinternal AND t.relnamespace = current_schema()::regnamespace AND (g.tgtype & 10) = 10 ORDER BY 1";

/// SQLite has no such statement: it empties a table row by row, and the triggers of deleting hear of each.
#[test]
fn what_is_kept_is_not_emptied_either() {
    both(|test| {
        let db = test.db();
        if db.backend() == Backend::Sqlite {
            return;
        }
        let kept: Vec<Kept> = db.read_now(|tx| Ok::<_, DbError>(sql_query(KEPT).load(tx.conn())?)).unwrap();
        assert!(kept.len() > 60, "{}", kept.len());
        // What others refer to takes them along.
        for table in kept.iter().map(|one| one.name.as_str()).chain(["records", "agencies"]) {
            let refused = sql(&db, &format!("TRUNCATE {table} CASCADE"));
            let rule = refused.as_ref().err().and_then(DbError::violation);
            assert_eq!(rule, Some(Violation::Immutable), "{table}: {refused:?}");
        }
    });
}
