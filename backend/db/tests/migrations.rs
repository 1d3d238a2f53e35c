//! Every migration goes up, down and up again, and leaves the same schema each time.

use std::{fs, path::Path, thread};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use diwan_db::{AnyConnection, Backend, Db, DbError, MigrationState, OpenError, catalogue::Catalogue};
use diwan_testkit::{TestDb, both};

use crate::support::{seed, sql};

fn folders(backend: Backend) -> Vec<String> {
    let name = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
    let folder = Path::new("../../migrations").join(name);
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The tables, and what the triggers say and run with.
fn schema(db: &Db) -> (Catalogue, Vec<String>) {
    let query = match db.backend() {
        Backend::Sqlite => "SELECT sql AS text FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        Backend::Postgres => {
            "SELECT pg_get_triggerdef(g.oid, TRUE) || p.prosrc || COALESCE(p.proconfig::text, '') AS text
             FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_class t ON t.oid = g.tgrelid
             WHERE NOT g.tgisinternal AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, g.tgname"
        }
    };
    db.read_now(|tx| {
        let triggers: Vec<Trigger> = sql_query(query).load(tx.conn())?;
        Ok::<_, DbError>((Catalogue::read(tx.conn())?, triggers.into_iter().map(|one| one.text).collect()))
    })
    .unwrap()
}

fn states(db: &Db) -> Vec<MigrationState> {
    db.migrations().unwrap().into_iter().map(|migration| migration.state).collect()
}

#[test]
fn every_migration_goes_up_down_and_up() {
    both(|test| {
        let (backend, all) = (test.backend(), folders(test.backend()));
        let whole = schema(&test.db());
        drop(test);

        let test = TestDb::empty(backend);
        let db = test.db();
        assert_eq!(states(&db), vec![MigrationState::Pending; all.len()]);
        assert_eq!(db.migrate().unwrap(), all);
        assert_eq!(states(&db), vec![MigrationState::Applied; all.len()]);
        assert_eq!(db.migrate().unwrap(), [""; 0]);
        assert_eq!(schema(&db), whole);

        // Down one by one, each time up again and down once more, to nothing.
        for left in (0..all.len()).rev() {
            let above = schema(&db);
            assert_eq!(db.migrate_down(1).unwrap(), [all[left].clone()]);
            let below = schema(&db);
            assert_ne!(above, below, "{} does nothing", all[left]);
            assert_eq!(db.migrate().unwrap(), all[left..]);
            assert_eq!(schema(&db), whole);
            assert_eq!(db.migrate_down(all.len() - left).unwrap().len(), all.len() - left);
            assert_eq!(schema(&db), below);
        }
        assert_eq!(schema(&db), (Catalogue::default(), Vec::<String>::new()));
        assert_eq!(db.migrate_down(1).unwrap(), [""; 0]);
    });
}

#[test]
fn data_survive_a_step_down_and_up() {
    both(|test| {
        let db = test.db();
        seed(&db).unwrap();
        let last = db.migrate_down(1).unwrap();
        assert_eq!(db.migrate().unwrap(), last);
        seed_is_there(&db);
    });
}

fn seed_is_there(db: &Db) {
    use diesel::prelude::*;
    let users: i64 = db
        .read_now(|tx| Ok::<_, DbError>(diwan_schema::platform::users::table.count().get_result(tx.conn())?))
        .unwrap();
    assert_eq!(users, 2);
}

#[test]
fn nodes_that_start_together_migrate_once() {
    both(|test| {
        let backend = test.backend();
        drop(test);
        let test = TestDb::empty(backend);
        let ran: usize = thread::scope(|scope| {
            let nodes: Vec<_> = (0..4)
                .map(|_| {
                    let db = test.another_node();
                    scope.spawn(move || db.migrate().unwrap().len())
                })
                .collect();
            nodes.into_iter().map(|node| node.join().unwrap()).sum()
        });
        assert_eq!(ran, folders(backend).len());
    });
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    both(|test| {
        let db = test.db();
        sql(&db, "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')").unwrap();
        assert_eq!(states(&db).last(), Some(&MigrationState::Unknown));
        assert!(matches!(db.migrate(), Err(OpenError::Newer(name)) if name == "29990101000001"));
        assert!(matches!(db.migrate_down(1), Err(OpenError::Migration(_))));
    });
}

#[test]
fn opening_says_what_is_wrong() {
    for wrong in ["", "mysql://x", "sqlite:", "/tmp/x.db"] {
        assert!(matches!(wrong.parse::<diwan_db::DbUrl>(), Err(OpenError::Url)), "{wrong}");
    }
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    fs::write(&text, "not a database, but long enough to look at and be refused as one by any reader of headers")
        .unwrap();
    let opened =
        |url: String| Db::open(diwan_db::DbConfig::new(url.parse().unwrap())).err().map(|error| error.to_string());
    let not_a_database = opened(format!("sqlite:{}", text.display())).unwrap();
    assert!(not_a_database.contains("not a database"), "{not_a_database}");
    let nobody = opened("postgres://nobody:secret@%2Fnowhere/x".to_owned()).unwrap();
    assert!(nobody.contains("/nowhere") && !nobody.contains("secret"), "{nobody}");
    let shown = "postgres://nobody:secret@host/x".parse::<diwan_db::DbUrl>().unwrap().to_string();
    assert_eq!(shown, "postgres://…@host/x");
}

#[test]
fn the_connection_enum_names_its_database() {
    both(|test| {
        let same = test.db().read_now(|tx| {
            Ok::<_, DbError>(match tx.conn() {
                AnyConnection::Postgres(_) => Backend::Postgres,
                AnyConnection::Sqlite(_) => Backend::Sqlite,
            })
        });
        assert_eq!(same.unwrap(), test.backend());
        assert_eq!(test.db().backend(), test.backend());
    });
}
