//! Hand-written SQL with prepared statements that are kept, on either database: the yardstick.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    backend::Backend,
    connection::SimpleConnection,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{self, BigInt, Date, HasSqlType, Nullable, Text, Timestamp},
};
use std::marker::PhantomData;

/// A bound value.
#[derive(Debug, Clone)]
pub enum Bind<'a> {
    /// A number.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// A day.
    Day(NaiveDate),
    /// A time.
    At(NaiveDateTime),
}

/// A statement with a `?` for each bound value; `St` are the types of its columns. It is prepared once per connection.
pub struct Sql<'a, St = ()> {
    text: &'a str,
    binds: &'a [Bind<'a>],
    columns: PhantomData<St>,
}

/// A statement.
pub fn sql<'a, St>(text: &'a str, binds: &'a [Bind<'a>]) -> Sql<'a, St> {
    Sql { text, binds, columns: PhantomData }
}

impl<St> QueryId for Sql<'_, St> {
    type QueryId = ();
    // Kept by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<St> Query for Sql<'_, St> {
    type SqlType = St;
}

impl<St, C> RunQueryDsl<C> for Sql<'_, St> {}

impl<St, DB> QueryFragment<DB> for Sql<'_, St>
where
    DB: Backend + HasSqlType<Date> + HasSqlType<Timestamp>,
    i64: ToSql<BigInt, DB>,
    str: ToSql<Text, DB>,
    NaiveDate: ToSql<Date, DB>,
    NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut binds = self.binds.iter();
        for (number, piece) in self.text.split('?').enumerate() {
            if number > 0 {
                match binds.next() {
                    Some(Bind::Int(value)) => out.push_bind_param::<BigInt, _>(value)?,
                    Some(Bind::Text(value)) => out.push_bind_param::<Text, str>(value)?,
                    Some(Bind::Day(value)) => out.push_bind_param::<Date, _>(value)?,
                    Some(Bind::At(value)) => out.push_bind_param::<Timestamp, _>(value)?,
                    None => return Err(diesel::result::Error::QueryBuilderError("too few values".into())),
                }
            }
            out.push_sql(piece);
        }
        Ok(())
    }
}

/// A row of a list of letters: id, subject, party, number.
pub type Line = (i64, String, String, Option<String>);

/// What the measurements need of a connection to either database.
pub trait Raw: Send {
    /// Begins a transaction that writes.
    fn begin(&mut self) -> QueryResult<()>;

    /// Ends it.
    fn commit(&mut self) -> QueryResult<()>;

    /// Runs statements that are not kept.
    fn script(&mut self, text: &str) -> QueryResult<()>;

    /// Runs a statement; answers how many rows it touched.
    fn run(&mut self, text: &str, binds: &[Bind<'_>]) -> QueryResult<usize>;

    /// Runs a statement that answers one number.
    fn number(&mut self, text: &str, binds: &[Bind<'_>]) -> QueryResult<i64>;

    /// Reads rows of a list of letters.
    fn rows(&mut self, text: &str, binds: &[Bind<'_>]) -> QueryResult<Vec<Line>>;
}

macro_rules! raw {
    ($connection:ty, $begin:literal) => {
        impl Raw for $connection {
            fn begin(&mut self) -> QueryResult<()> {
                self.batch_execute($begin)
            }

            fn commit(&mut self) -> QueryResult<()> {
                self.batch_execute("COMMIT")
            }

            fn script(&mut self, text: &str) -> QueryResult<()> {
                self.batch_execute(text)
            }

            fn run(&mut self, text: &str, binds: &[Bind<'_>]) -> QueryResult<usize> {
                sql::<sql_types::Untyped>(text, binds).execute(self)
            }

            fn number(&mut self, text: &str, binds: &[Bind<'_>]) -> QueryResult<i64> {
                sql::<BigInt>(text, binds).get_result(self)
            }

            fn rows(&mut self, text: &str, binds: &[Bind<'_>]) -> QueryResult<Vec<Line>> {
                sql::<(BigInt, Text, Text, Nullable<Text>)>(text, binds).load(self)
            }
        }
    };
}

raw!(PgConnection, "BEGIN");
raw!(SqliteConnection, "BEGIN IMMEDIATE");
