//! Who serves on PostgreSQL has what serving needs and no more, so that the triggers which guard what is posted are not theirs to
//! take away.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use diwan_db::{Backend, Db, DbError, DbUrl, GrantError, OpenError, catalogue::Catalogue};
use diwan_testkit::{TestDb, both, on};

use crate::{
    immutable::evidence,
    support::{insert, sql, write},
};

/// The database by its owner, and as who serves meets it.
fn two(test: TestDb) -> (Db, TestDb) {
    let owner = test.db();
    (owner, test.served())
}

/// The name of the role that the address of a test database has.
fn role_of(test: &TestDb) -> String {
    let DbUrl::Postgres(url) = test.url() else { panic!("no roles") };
    url.split("://").nth(1).unwrap().split(':').next().unwrap().to_owned()
}

/// Asserts that the right is missing; not that a trigger refuses.
#[track_caller]
fn without_right(db: &Db, statement: &str) {
    let refused = sql(db, statement).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(
        refused.starts_with("permission denied") || refused.starts_with("must be owner"),
        "{statement}: {refused:?}"
    );
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

fn asked(db: &Db, query: &str) -> Vec<String> {
    let rows: Vec<Named> = db.read_now(|tx| Ok::<_, DbError>(sql_query(query).load(tx.conn())?)).unwrap();
    rows.into_iter().map(|one| one.name).collect()
}

#[test]
fn who_serves_writes_and_reads() {
    both(|test| {
        let test = test.served();
        let db = test.db();
        evidence(&db);
        assert_eq!(asked(&db, "SELECT username AS name FROM users ORDER BY id"), ["user1", "user2"]);
        sql(&db, "UPDATE users SET theme = 'dark'").unwrap();
        write(&db, |tx| insert(tx, "holidays", &[("agency_id", "1"), ("day", "'2026-12-25'")])).unwrap();
        sql(&db, "DELETE FROM holidays").unwrap();
        assert!(db.verify_audit(60).unwrap().faults.is_empty());
    });
}

#[test]
fn who_serves_cannot_touch_what_is_posted() {
    on(Backend::Postgres, |test| {
        let (_owner, test) = two(test);
        let db = test.db();
        let catalogue = db.read_now(|tx| Catalogue::read(tx.conn())).unwrap();
        for table in [
            "entries",
            "entry_lines",
            "posted_entries",
            "budget_moves",
            "finance_approvals",
            "period_seals",
            "opening_balances",
            "audit_entries",
            "audit_seals",
            "seals",
        ] {
            let column = &catalogue.0[table].columns[0].name;
            without_right(&db, &format!("UPDATE {table} SET {column} = {column}"));
            without_right(&db, &format!("DELETE FROM {table}"));
            without_right(&db, &format!("TRUNCATE {table} CASCADE"));
            without_right(&db, &format!("ALTER TABLE {table} DISABLE TRIGGER USER"));
            without_right(&db, &format!("DROP TABLE {table} CASCADE"));
        }
        for statement in [
            "DROP TRIGGER entries_fixed ON entries",
            "DROP TRIGGER entry_lines_kept ON entry_lines",
            "ALTER TABLE entries DROP CONSTRAINT entries_pkey CASCADE",
            "CREATE OR REPLACE FUNCTION diwan_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
            "DROP FUNCTION diwan_refuse() CASCADE",
            "ALTER FUNCTION diwan_post() RENAME TO diwan_posted",
            "CREATE TRIGGER mine BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION diwan_refuse()",
            "SET session_replication_role = replica",
            "CREATE TABLE mine (id BIGINT)",
            // It would stand before the real one wherever a trigger looks.
            "CREATE TEMPORARY TABLE entry_lines (id BIGINT)",
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')",
            "DELETE FROM __diesel_schema_migrations",
        ] {
            without_right(&db, statement);
        }
    });
}

/// Read from what PostgreSQL prints of its triggers, and not from the bits that the grant goes by.
fn refused(owner: &Db, event: &str) -> Vec<String> {
    let query = format!(
        "SELECT DISTINCT t.relname::text AS name FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
        WHERE NOT g.tgisinternal AND t.relnamespace = current_schema()::regnamespace AND pg_get_triggerdef(g.oid) ~
            ' BEFORE ([A-Z]+ OR )*{event}( OR [A-Z]+)* ON [a-z_.]+ FOR EACH ROW EXECUTE FUNCTION ([a-z_]+[.])?diwan_refuse[(]'
        ORDER BY 1"
    );
    asked(owner, &query)
}

#[test]
fn what_is_always_refused_is_not_granted_and_all_else_is() {
    on(Backend::Postgres, |test| {
        let (owner, test) = two(test);
        let (role, kept, fixed) = (role_of(&test), refused(&owner, "DELETE"), refused(&owner, "UPDATE"));
        assert!(kept.len() > 40 && fixed.len() > 20, "{} {}", kept.len(), fixed.len());
        for (event, without) in [("DELETE", &kept), ("UPDATE", &fixed), ("INSERT", &Vec::new())] {
            let may = format!(
                "SELECT t.relname::text AS name FROM pg_class t WHERE t.relnamespace = current_schema()::regnamespace
                AND t.relkind = 'r' AND has_table_privilege('{role}', t.oid, '{event}') ORDER BY 1"
            );
            let tables = owner.read_now(|tx| Catalogue::read(tx.conn())).unwrap().0;
            let mut should: Vec<String> = tables.into_keys().filter(|table| !without.contains(table)).collect();
            let mut may = asked(&owner, &may);
            // Collations differ.
            should.sort();
            may.sort();
            assert_eq!(may, should, "{event}");
        }
        let grant = owner.grant_to(&role).unwrap();
        assert_eq!((grant.kept.len(), grant.fixed.len()), (kept.len(), fixed.len()), "granted twice is granted once");
    });
}

#[test]
fn rights_beyond_serving_are_taken_back_or_told() {
    on(Backend::Postgres, |test| {
        let (owner, test) = two(test);
        let (db, role) = (test.db(), role_of(&test));
        sql(&owner, &format!("GRANT ALL ON entries TO {role}; GRANT UPDATE (day) ON holidays TO {role}")).unwrap();
        owner.grant_to(&role).unwrap();
        without_right(&db, "DELETE FROM entries");
        without_right(&db, "TRUNCATE entries CASCADE");

        // By everybody, or by a role it belongs to, each with what it was told by.
        sql(&owner, "GRANT DELETE ON entries TO PUBLIC").unwrap();
        let told = owner.grant_to(&role).unwrap_err();
        assert!(matches!(&told, GrantError::More { on, .. } if on == "entries"), "{told}");
        sql(&owner, "REVOKE DELETE ON entries FROM PUBLIC").unwrap();
        sql(&owner, &format!("GRANT pg_write_all_data TO {role}")).unwrap();
        assert!(matches!(owner.grant_to(&role), Err(GrantError::More { .. })));
        sql(&owner, &format!("REVOKE pg_write_all_data FROM {role}")).unwrap();
        owner.grant_to(&role).unwrap();
    });
}

#[test]
fn who_owns_the_tables_or_is_not_there_is_granted_nothing() {
    on(Backend::Postgres, |test| {
        let (owner, test) = two(test);
        let role = role_of(&test);
        let [me] = <[String; 1]>::try_from(asked(&owner, "SELECT current_user::text AS name")).unwrap();
        assert!(matches!(owner.grant_to(&me), Err(GrantError::Owner(name)) if name == me));
        assert!(matches!(owner.grant_to("no \"such\" role"), Err(GrantError::Unknown(_))));
        // It may not give itself more either.
        assert!(matches!(test.db().grant_to(&role), Err(GrantError::NotOwner(name)) if name == role));

        sql(&owner, &format!("ALTER TABLE holidays OWNER TO {role}")).unwrap();
        assert!(matches!(owner.grant_to(&role), Err(GrantError::Owner(_))));
        sql(&owner, &format!("ALTER TABLE holidays OWNER TO \"{me}\"")).unwrap();
        sql(&owner, &format!("ALTER ROLE {role} CREATEROLE")).unwrap();
        assert!(matches!(owner.grant_to(&role), Err(GrantError::Owner(_))));
    });
    on(Backend::Sqlite, |test| {
        assert!(matches!(test.db().grant_to("diwan"), Err(GrantError::NoRoles)));
    });
}

#[test]
fn who_serves_runs_no_migration_and_says_who_does() {
    on(Backend::Postgres, |test| {
        let (owner, test) = two(test);
        let (db, role) = (test.db(), role_of(&test));
        assert_eq!(db.migrate().unwrap(), [""; 0], "nothing is missing, so nothing stops the start");
        let last = owner.migrate_down(1).unwrap();
        match db.migrate() {
            Err(error @ OpenError::NotOwner { .. }) => {
                let told = error.to_string();
                assert!(told.contains(&last[0]) && told.contains(&format!("--grant-to {role}")), "{told}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(owner.migrate().unwrap(), last);
        owner.grant_to(&role).unwrap();
        assert_eq!(db.migrate().unwrap(), [""; 0]);
        sql(&owner, &format!("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")).unwrap();
        assert!(matches!(db.migrate(), Err(OpenError::NotGranted(name)) if name == role));
    });
}

#[test]
fn an_empty_database_is_not_begun_by_who_serves() {
    on(Backend::Postgres, |test| {
        let (owner, test) = two(test);
        owner.migrate_down(usize::MAX).unwrap();
        sql(&owner, "DROP TABLE __diesel_schema_migrations").unwrap();
        assert!(matches!(test.db().migrate(), Err(OpenError::NotOwner { .. })));
        assert!(!owner.migrate().unwrap().is_empty());
    });
}
