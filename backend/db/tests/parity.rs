//! The two schemas are one, and the one the program believes in.

use std::{collections::BTreeMap, fs};

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};
use diwan_db::{
    Backend, Db, DbError,
    catalogue::{Catalogue, Family, Table},
};
use diwan_testkit::TestDb;

fn databases() -> [TestDb; 2] {
    [TestDb::on(Backend::Sqlite), TestDb::on(Backend::Postgres)]
}

fn catalogue(db: &Db) -> Catalogue {
    db.read_now(|tx| Catalogue::read(tx.conn())).unwrap()
}

#[test]
fn tables_columns_types_and_keys_are_the_same() {
    let [sqlite, postgres] = databases().map(|test| catalogue(&test.db()));
    assert!(sqlite.0.len() > 40);
    assert_eq!(sqlite.0.keys().collect::<Vec<_>>(), postgres.0.keys().collect::<Vec<_>>());
    for (name, table) in &sqlite.0 {
        assert_eq!(table, &postgres.0[name], "{name}");
        assert!(!table.primary_key.is_empty(), "{name} has no primary key");
        for column in &table.columns {
            assert!(!matches!(column.family, Family::Other(_)), "{name}.{column:?} is not portable");
        }
    }
}

/// `diesel::table!` definitions, read from their source.
fn schema() -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    let mut name = String::new();
    for file in fs::read_dir("../schema/src").unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            if let Some((table, key)) =
                line.strip_prefix("    ").and_then(|line| line.strip_suffix(") {")?.split_once(" ("))
            {
                let primary_key = key.split(", ").map(str::to_owned).collect();
                tables.insert(table.to_owned(), Table { primary_key, ..Table::default() });
                name = table.to_owned();
            } else if let Some((column, kind)) =
                line.strip_prefix("        ").and_then(|line| line.strip_suffix(',')?.split_once(" -> "))
            {
                tables.get_mut(&name).unwrap().columns.push(declared(column, kind));
            }
        }
    }
    tables
}

fn declared(name: &str, kind: &str) -> diwan_db::catalogue::Column {
    let bare = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
    let family = match bare.unwrap_or(kind) {
        "BigInt" => Family::BigInt,
        "Integer" => Family::Integer,
        "Text" => Family::Text,
        "Bool" => Family::Bool,
        "Date" => Family::Date,
        "Timestamp" => Family::Timestamp,
        "Binary" => Family::Binary,
        other => Family::Other(other.to_owned()),
    };
    diwan_db::catalogue::Column { name: name.to_owned(), family, nullable: bare.is_some(), identity: false }
}

#[test]
fn the_program_believes_in_the_schema_there_is() {
    let declared = schema();
    for test in databases() {
        let mut real = catalogue(&test.db()).0;
        for table in real.values_mut() {
            table.foreign_keys.clear();
            table.columns.iter_mut().for_each(|column| column.identity = false);
        }
        assert_eq!(real.keys().collect::<Vec<_>>(), declared.keys().collect::<Vec<_>>(), "{:?}", test.backend());
        for (name, table) in &real {
            // Diesel names columns, so their order does not matter.
            let sorted = |table: &Table| {
                let mut columns = table.columns.clone();
                columns.sort_by(|a, b| a.name.cmp(&b.name));
                (columns, table.primary_key.clone())
            };
            assert_eq!(sorted(table), sorted(&declared[name]), "{name} on {:?}", test.backend());
        }
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    text: String,
}

fn named(db: &Db, query: &str) -> Vec<Named> {
    db.read_now(|tx| Ok::<_, DbError>(sql_query(query).load(tx.conn())?)).unwrap()
}

/// The CHECK expressions and UNIQUE rules in the text of a CREATE TABLE: what stands between the brackets after the word.
fn clauses<'a>(create: &'a str, word: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, _) in create.match_indices(word) {
        let rest = &create[at + word.len()..];
        let Some(inner) = rest.trim_start().strip_prefix('(') else { continue };
        let mut depth = 1;
        let end = inner.find(|c| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        found.push(&inner[..end.unwrap()]);
    }
    found
}

/// PostgreSQL itself brings SQLite's expressions into its form, so that the two can be compared.
#[test]
fn checks_are_the_same() {
    let [sqlite, postgres] = databases();
    let tables = named(
        &sqlite.db(),
        "SELECT name, sql AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'",
    );
    let checks = |db: &Db| {
        named(
            db,
            "SELECT replace(t.relname, 'like_', '')::text AS name, pg_get_constraintdef(k.oid) AS text FROM pg_constraint k
             JOIN pg_class t ON t.oid = k.conrelid WHERE k.contype = 'c' AND t.relnamespace = current_schema()::regnamespace",
        )
        .into_iter()
        .map(|check| format!("{}: {}", check.name, check.text))
        .collect::<Vec<_>>()
    };
    let mut real = checks(&postgres.db());
    let mut count = 0;
    postgres
        .db()
        .upkeep("test.like", |tx| {
            for table in &tables {
                tx.conn().batch_execute(&format!("CREATE TABLE like_{0} (LIKE {0})", table.name))?;
                for check in clauses(&table.text, "CHECK") {
                    tx.conn().batch_execute(&format!("ALTER TABLE like_{} ADD CHECK ({check})", table.name))?;
                    count += 1;
                }
            }
            Ok::<_, DbError>(())
        })
        .unwrap();
    let mut all = checks(&postgres.db());
    assert!(count > 40, "{count}");
    // All is now the real ones and SQLite's: each has to be there twice.
    real.extend(real.clone());
    real.sort();
    all.sort();
    assert_eq!(real, all);
}

#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug, Clone)]
struct Index {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = BigInt)]
    is_unique: i64,
}

const SQLITE_INDEXES: &str = "
    SELECT m.name AS table_name, i.\"unique\" AS is_unique,
        (SELECT group_concat(name, ',') FROM (SELECT COALESCE(name, '<expression>') AS name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
    FROM sqlite_master m JOIN pragma_index_list(m.name) i
    WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND i.origin <> 'pk'";

const POSTGRES_INDEXES: &str = "
    SELECT t.relname::text AS table_name, i.indisunique::int::bigint AS is_unique,
        (SELECT string_agg(COALESCE(a.attname, '<expression>'), ',' ORDER BY n) FROM unnest(i.indkey) WITH ORDINALITY AS k (num, n)
         LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) AS columns
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relname <> '__diesel_schema_migrations' AND NOT i.indisprimary";

#[test]
fn unique_rules_and_indexes_are_the_same() {
    let [sqlite, postgres] = [(0, SQLITE_INDEXES), (1, POSTGRES_INDEXES)].map(|(at, query)| {
        let test = &databases()[at];
        let mut found: Vec<Index> =
            test.db().read_now(|tx| Ok::<_, DbError>(sql_query(query).load(tx.conn())?)).unwrap();
        found.sort();
        found
    });
    assert!(sqlite.len() > 40);
    let only = |these: &[Index], those: &[Index]| {
        these.iter().filter(|index| !those.contains(index)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&sqlite, &postgres), [], "only in SQLite");
    assert_eq!(only(&postgres, &sqlite), [], "only in PostgreSQL");
    assert_eq!(sqlite, postgres);
}

#[test]
fn evidence_has_its_triggers_on_both() {
    let [sqlite, postgres] = databases();
    let guarded = |db: &Db, query: &str| {
        let mut names: Vec<_> = named(db, query).into_iter().map(|trigger| trigger.text).collect();
        names.sort();
        names.dedup();
        names
    };
    let here = guarded(&sqlite.db(), "SELECT name, tbl_name AS text FROM sqlite_master WHERE type = 'trigger'");
    let there = guarded(
        &postgres.db(),
        "SELECT g.tgname::text AS name, t.relname::text AS text FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal",
    );
    assert_eq!(here, there);
    for table in ["audit_entries", "audit_seals", "delivery_events", "letters", "numbers", "seals"] {
        assert!(here.iter().any(|guarded| guarded == table), "{table}");
    }
}
