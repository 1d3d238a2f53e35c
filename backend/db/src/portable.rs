//! What both databases can do, but each in its own words.

use diesel::{
    dsl::sql,
    expression::SqlLiteral,
    sql_types::{BigInt, Nullable, Text},
};

use crate::Backend;

/// The exact sum of a BIGINT column: `sum_i64("ledger_lines.debit")`. NULL for no rows; an error when it does not fit.
///
/// Diesel types `sum(BigInt)` as Numeric, which it reads from SQLite as a float: above 2^53 fils it would be wrong.
pub fn sum_i64(column: &'static str) -> SqlLiteral<Nullable<BigInt>> {
    sql::<Nullable<BigInt>>(&format!("CAST(SUM({column}) AS BIGINT)"))
}

/// Orders by a text column as an Arabic reader expects, the same on both databases.
pub fn arabic_order(backend: Backend, column: &'static str) -> SqlLiteral<Text> {
    match backend {
        Backend::Postgres => sql::<Text>(&format!("{column} COLLATE \"ar-x-icu\"")),
        Backend::Sqlite => sql::<Text>(&format!("{column} COLLATE ARABIC")),
    }
}

/// A text column in small letters, for `LIKE` with a folded pattern: SQLite compares without regard to case, PostgreSQL
/// does not.
pub fn lower(column: &'static str) -> SqlLiteral<Text> {
    sql::<Text>(&format!("LOWER({column})"))
}
