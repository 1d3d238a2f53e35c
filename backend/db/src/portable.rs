//! What both databases can do, but each in its own words.

use diesel::{
    QueryResult, RunQueryDsl,
    dsl::sql,
    expression::SqlLiteral,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
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

/// A statement whose text is the same each time, or one of a few: connections keep it prepared.
///
/// Diesel prepares every `UPDATE` and every `IN (…)` anew, because their text may differ from call to call. On the
/// paths that every step takes that is a good part of the time: on SQLite the statement is compiled with its triggers
/// and foreign keys, on PostgreSQL it is parsed and planned. Not for lists that may have any length.
#[derive(Debug, Clone, Copy)]
pub struct Kept<T>(T);

/// Makes statements [`Kept`].
pub trait Keep: Sized {
    /// Has the connection keep this statement prepared, by its text.
    fn kept(self) -> Kept<Self> {
        Kept(self)
    }
}

impl<T> Keep for T {}

impl<T: QueryFragment<DB>, DB: diesel::backend::Backend> QueryFragment<DB> for Kept<T> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T> QueryId for Kept<T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: Query> Query for Kept<T> {
    type SqlType = T::SqlType;
}

impl<T, C> RunQueryDsl<C> for Kept<T> {}
