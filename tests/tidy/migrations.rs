//! Rules for the folders of migrations; what is in them, the database's own tests compare.

use std::collections::BTreeSet;

use regex::Regex;

use crate::tree::{files, none};

/// `<timestamp>_<module>_<what>` of the folders of one dialect.
fn folders(dialect: &str) -> BTreeSet<String> {
    let start = format!("migrations/{dialect}/");
    files(".sql")
        .into_iter()
        .filter_map(|file| Some(file.path.strip_prefix(&start)?.split('/').next()?.to_owned()))
        .collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    assert_eq!(folders("sqlite"), folders("postgres"));
    assert!(!folders("sqlite").is_empty());
}

#[test]
fn every_migration_goes_both_ways() {
    let paths: BTreeSet<String> = files(".sql").into_iter().map(|file| file.path).collect();
    let mut missing = Vec::new();
    for dialect in ["sqlite", "postgres"] {
        for folder in folders(dialect) {
            let names = ["up.sql", "down.sql"].map(|name| format!("migrations/{dialect}/{folder}/{name}"));
            missing.extend(names.into_iter().filter(|path| !paths.contains(path)));
        }
    }
    none("A migration has up.sql and down.sql", missing);
}

#[test]
fn a_migration_names_its_time_its_module_and_what_it_does() {
    let name =
        Regex::new(r"^\d{14}_(platform|tarasol|archive|finance|procurement|inventory|fleet|hr|insight)_[a-z0-9_]+$")
            .unwrap();
    none(
        "<timestamp>_<module>_<what>",
        folders("sqlite").into_iter().filter(|folder| !name.is_match(folder)).collect(),
    );
    let mut times: Vec<_> =
        folders("sqlite").into_iter().map(|folder| folder.chars().take(14).collect::<String>()).collect();
    let count = times.len();
    times.dedup();
    assert_eq!(times.len(), count, "two migrations have the same time");
}

/// An amount in a float is wrong some day; the other types have no equal in the other database.
#[test]
fn columns_have_portable_types() {
    let other = Regex::new(
        r"(?i)\b(numeric|decimal|real|double|float|jsonb?|uuid|timestamptz|serial|bigserial|varchar|money)\b",
    )
    .unwrap();
    let mut hits = Vec::new();
    for file in files(".sql").into_iter().filter(|file| file.path.starts_with("migrations/")) {
        let statements = file.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("--"));
        hits.extend(
            statements
                .filter(|(_, line)| other.is_match(line))
                .map(|(at, line)| format!("{}:{}: {}", file.path, at + 1, line.trim())),
        );
    }
    none("BIGINT, INTEGER, TEXT, BOOLEAN, DATE, TIMESTAMP, BYTEA or BLOB", hits);
}
