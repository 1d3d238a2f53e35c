//! An installation moves from SQLite to PostgreSQL whole, or not at all.

use diesel::{QueryableByName, RunQueryDsl, prelude::*, sql_query, sql_types::Text};
use diwan_db::{
    Audit, Backend, CopyError, Db, DbError, NewJob, OutboxPosition,
    catalogue::{Catalogue, Family},
    copy_db,
};
use diwan_kernel::Who;
use diwan_schema::platform::{agency_keys, drafts, records};
use diwan_testkit::{TestDb, wait_until};

use crate::support::{insert, seed, sql, write};

/// Data with everything that is easily lost on the way.
fn fill(db: &Db) {
    seed(db).unwrap();
    write(db, |tx| {
        // A parent with a higher number than its child.
        insert(tx, "agencies", &[("code", "'A3'"), ("kind", "'court'"), ("parent_id", "NULL")])?;
        tx.outbox("records.changed", Some(1), Some(1), &"موضوع")?;
        tx.enqueue(NewJob::new("print", serde_json::json!({"record": 1})))?;
        let at = "'2026-11-01 07:00:00.123456'";
        let bytes = (0..=255_u8).collect::<Vec<_>>();
        let key = (
            agency_keys::agency_id.eq(1),
            agency_keys::certificate_pem.eq(""),
            agency_keys::public_key_pem.eq("p"),
            agency_keys::private_key_sealed.eq(&bytes),
            agency_keys::created_at.eq(tx.now()),
        );
        diesel::insert_into(agency_keys::table).values(key).execute(tx.conn())?;
        for n in 0..450_i32 {
            let body = format!("كتابٌ رسميّ {n}: «١٢/٢٠٢٦»\n\t'\"\\ {{}} [] \u{200f}😀 \u{1}");
            let draft = (
                drafts::user_id.eq(1),
                drafts::key.eq(n.to_string()),
                drafts::body.eq(body),
                drafts::updated_at.eq(tx.now()),
            );
            diesel::insert_into(drafts::table).values(draft).execute(tx.conn())?;
        }
        let size = i64::MAX.to_string();
        insert(tx, "blobs", &[("hash", &format!("'{}'", "e".repeat(64))), ("size", &size), ("created_at", at)])
    })
    .unwrap();
    sql(db, "UPDATE agencies SET parent_id = 3 WHERE id < 3; UPDATE users SET totp_secret = x'00ff'; DELETE FROM records WHERE id = 3").unwrap();
    db.write_now(Who { agency_id: Some(1), ..Who::system() }, "test.thing.act", |tx| tx.audit(Audit::of("thing", 1)))
        .unwrap();
    assert!(db.seal_audit(1).unwrap() > 0);
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table as text, sorted: the same words from both databases.
fn dump(db: &Db) -> Vec<String> {
    let postgres = db.backend() == Backend::Postgres;
    db.read_now(|tx| {
        let mut all = Vec::new();
        for (name, table) in Catalogue::read(tx.conn())?.0 {
            let cells = table.columns.iter().map(|column| {
                let quoted = format!("\"{}\"", column.name);
                let text = match (&column.family, postgres) {
                    (Family::Binary, false) => format!("lower(hex({quoted}))"),
                    (Family::Binary, true) => format!("encode({quoted}, 'hex')"),
                    (Family::Bool, true) => format!("{quoted}::int::text"),
                    (Family::Timestamp, false) => {
                        format!(
                            "substr({quoted} || CASE WHEN instr({quoted}, '.') THEN '' ELSE '.' END || '000000', 1, 26)"
                        )
                    }
                    (Family::Timestamp, true) => format!("to_char({quoted}, 'YYYY-MM-DD HH24:MI:SS.US')"),
                    _ => format!("CAST({quoted} AS TEXT)"),
                };
                // An empty text is not nothing.
                format!("CASE WHEN {quoted} IS NULL THEN '∅' ELSE {text} END")
            });
            let line = cells.collect::<Vec<_>>().join(" || '|' || ");
            let rows: Vec<Line> = sql_query(format!("SELECT {line} AS line FROM {name}")).load(tx.conn())?;
            all.extend(rows.into_iter().map(|row| format!("{name}: {}", row.line)));
        }
        all.sort();
        Ok::<_, DbError>(all)
    })
    .unwrap()
}

fn assert_same(here: &[String], there: &[String]) {
    let differs = here.iter().zip(there).find(|(a, b)| a != b);
    assert_eq!((differs, here.len()), (None, there.len()));
}

fn pair() -> (TestDb, TestDb) {
    let from = TestDb::on(Backend::Sqlite);
    fill(&from.db());
    (from, TestDb::empty(Backend::Postgres))
}

#[test]
fn everything_arrives_as_it_was() {
    let (from, to) = pair();
    let report = copy_db(from.url(), to.url(), false).unwrap();
    assert_eq!((report.rows["drafts"], report.rows["records"], report.rows["sessions"]), (450, 2, 0));
    assert_eq!((report.audit.links, report.audit.faults.len()), (1, 0));
    let here = dump(&from.db());
    assert!(here.len() > 460);
    assert_same(&here, &dump(&to.db()));
}

#[test]
fn the_copy_goes_on_where_the_source_was() {
    let (from, to) = pair();
    copy_db(from.url(), to.url(), false).unwrap();
    let db = to.db();
    assert_eq!(db.migrate().unwrap(), [""; 0]);
    // Numbers go on past those of deleted rows, triggers and keys are back.
    write(&db, |tx| {
        insert(
            tx,
            "records",
            &[
                ("agency_id", "1"),
                ("kind", "'document'"),
                ("secrecy", "'normal'"),
                ("priority", "'normal'"),
                ("created_by", "1"),
            ],
        )
    })
    .unwrap();
    let newest: Option<i64> = db
        .read_now(|tx| Ok::<_, DbError>(records::table.select(diesel::dsl::max(records::id)).get_result(tx.conn())?))
        .unwrap();
    assert_eq!(newest, Some(4));
    assert!(sql(&db, "UPDATE audit_entries SET op = 'x'").is_err());
    assert!(sql(&db, "DELETE FROM agencies WHERE id = 1").is_err());
    // The entries that waited for the sealer are linked, old and new.
    while db.seal_audit(10).unwrap() > 0 {}
    let report = db.verify_audit(0).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.links, 4);
    // Old messages come first, then new ones, and waiting jobs are there.
    write(&db, |tx| tx.outbox("new", None, None, &1)).unwrap();
    let rows = wait_until("both messages", || {
        let (rows, _) = db.outbox_after(OutboxPosition::default(), 10).unwrap();
        (rows.len() == 2).then_some(rows)
    });
    assert_eq!(rows.iter().map(|row| row.topic.as_str()).collect::<Vec<_>>(), ["records.changed", "new"]);
    assert_eq!(db.lease_jobs("worker", &["print"], 10, 60).unwrap().len(), 1);
}

#[test]
fn a_dry_run_leaves_nothing() {
    let (from, to) = pair();
    let report = copy_db(from.url(), to.url(), true).unwrap();
    assert_eq!(report.rows["drafts"], 450);
    let tables = to.db().read_now(|tx| Catalogue::read(tx.conn())).unwrap();
    assert_eq!(tables.0.len(), 0);
    assert_eq!(copy_db(from.url(), to.url(), false).unwrap(), report);
}

#[test]
fn a_target_with_data_is_refused() {
    let (from, _) = pair();
    let to = TestDb::on(Backend::Postgres);
    write(&to.db(), |tx| insert(tx, "holidays", &[("agency_id", "NULL")])).unwrap();
    let before = dump(&to.db());
    let refused = copy_db(from.url(), to.url(), false);
    assert!(matches!(&refused, Err(CopyError::NotEmpty(_))), "{refused:?}");
    assert_same(&dump(&to.db()), &before);
    assert!(sql(&to.db(), "DELETE FROM audit_entries").is_err(), "its triggers are as they were");
}

#[test]
fn a_migrated_target_without_data_is_taken() {
    let (from, _) = pair();
    let to = TestDb::on(Backend::Postgres);
    copy_db(from.url(), to.url(), false).unwrap();
    assert_same(&dump(&from.db()), &dump(&to.db()));
}

#[test]
fn a_broken_source_is_not_copied() {
    let (from, to) = pair();
    sql(&from.db(), "DROP TRIGGER audit_entries_immutable_u; UPDATE audit_entries SET op = 'x'").unwrap();
    assert!(matches!(copy_db(from.url(), to.url(), false), Err(CopyError::Audit(fault)) if fault.seq == 1));
    assert_eq!(to.db().read_now(|tx| Catalogue::read(tx.conn())).unwrap().0.len(), 0);
}

#[test]
fn a_source_of_another_version_and_the_wrong_direction_are_refused() {
    let (from, to) = pair();
    assert!(matches!(copy_db(to.url(), from.url(), false), Err(CopyError::Direction)));
    assert!(matches!(copy_db(from.url(), from.url(), false), Err(CopyError::Direction)));
    let missing = "sqlite:/nowhere/diwan.db".parse().unwrap();
    assert!(matches!(copy_db(&missing, to.url(), false), Err(CopyError::Open(_))));
    from.db().migrate_down(1).unwrap();
    assert!(matches!(copy_db(from.url(), to.url(), false), Err(CopyError::Schema(_))));
}
