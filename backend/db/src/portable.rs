//! What both databases can do, but each in its own words.

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection,
    dsl::sql,
    expression::SqlLiteral,
    internal::derives::multiconnection::AstPassHelper as _,
    pg::Pg,
    query_builder::{AstPass, Query, QueryBuilder as _, QueryFragment, QueryId},
    sql_types::{BigInt, Nullable, Text},
    sqlite::Sqlite,
};

use crate::{AnyConnection, Backend, each_backend};

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

/// Ids as a statement that is written as text lists them: `IN ({ids})`. 0 is no id, so that a list is never empty.
pub fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    std::iter::once(0).chain(ids).map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}

/// A statement whose text is the same each time, or one of a few: connections keep it prepared.
///
/// Diesel prepares every `UPDATE` and every `IN (…)` anew, because their text may differ from call to call. On the
/// paths that every step takes that is a good part of the time: on SQLite the statement is compiled with its triggers
/// and foreign keys, on PostgreSQL it is parsed and planned. Not for lists that may have any length.
#[derive(Debug, Clone, Copy)]
pub struct Kept<T> {
    statement: T,
    keep: bool,
}

/// The longest list whose statement is kept: of the lines of most documents.
const SHORT: usize = 8;

/// Makes statements [`Kept`].
pub trait Keep: Sized {
    /// Has the connection keep this statement prepared, by its text.
    fn kept(self) -> Kept<Self> {
        Kept { statement: self, keep: true }
    }

    /// The same for a statement with a list of so many values: kept while the list is short, so that the texts stay a few.
    fn kept_if_short(self, values: usize) -> Kept<Self> {
        Kept { statement: self, keep: values <= SHORT }
    }
}

impl<T> Keep for T {}

impl<T: QueryFragment<DB>, DB: diesel::backend::Backend> QueryFragment<DB> for Kept<T> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, backend: &DB) -> QueryResult<bool> {
        if self.keep { Ok(true) } else { self.statement.is_safe_to_cache_prepared(backend) }
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

impl<T> Kept<T> {
    /// Runs the statement and answers how many rows it touched.
    ///
    /// # Errors
    /// The database refuses.
    pub fn execute<C: RunKept<T>>(self, connection: &mut C) -> QueryResult<usize> {
        connection.run_kept(&self)
    }
}

/// A connection that runs statements without rows and keeps them prepared.
pub trait RunKept<T> {
    /// Runs it and answers how many rows it touched.
    ///
    /// # Errors
    /// The database refuses.
    fn run_kept(&mut self, statement: &Kept<T>) -> QueryResult<usize>;
}

impl<T: QueryFragment<Pg> + QueryFragment<Sqlite>> RunKept<T> for AnyConnection {
    fn run_kept(&mut self, statement: &Kept<T>) -> QueryResult<usize> {
        each_backend!(self, c => c.run_kept(statement))
    }
}

impl<T: QueryFragment<Pg>> RunKept<T> for PgConnection {
    fn run_kept(&mut self, statement: &Kept<T>) -> QueryResult<usize> {
        self.execute_returning_count(&Whole(&statement.statement))
    }
}

impl<T: QueryFragment<Sqlite>> RunKept<T> for SqliteConnection {
    fn run_kept(&mut self, statement: &Kept<T>) -> QueryResult<usize> {
        self.execute_returning_count(&Whole(&statement.statement))
    }
}

/// A statement that is one piece of text. Statements without rows are asked by reference whether they are safe to keep,
/// and Diesel's references walk through the statement to find out, past [`Kept`]: here there is nothing to walk through.
struct Whole<'a, T>(&'a T);

impl<T: QueryFragment<DB>, DB: diesel::backend::Backend> QueryFragment<DB> for Whole<'_, T>
where
    DB::QueryBuilder: Default,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if out.bind_collector().is_some() || out.debug_binds().is_some() {
            return self.0.walk_ast(out);
        }
        let mut text = DB::QueryBuilder::default();
        self.0.to_sql(&mut text, out.backend())?;
        out.push_sql(&text.finish());
        Ok(())
    }
}

impl<T> QueryId for Whole<'_, T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}
