//! Pages by key: a text column in the order of a list, then the id.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::{
    dsl::{AsExprOf, sql},
    expression::{SqlLiteral, UncheckedBind},
    sql_types::{BigInt, Bool, Text},
};
use diwan_db::Backend;
use diwan_kernel::FieldError;
use diwan_platform_api::people::ListRequest;

use crate::{Outcome, Refusal};

/// A column that a list can be ordered by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// What the request calls it.
    pub(super) name: &'static str,
    /// The column, with its table.
    pub(super) sql: &'static str,
    /// Whether it holds words of people, to be ordered as a reader expects.
    pub(super) words: bool,
}

/// The order of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// The column.
    pub(super) column: Column,
    id: &'static str,
    descending: bool,
    backend: Backend,
}

type Value = AsExprOf<String, Text>;
type Id = AsExprOf<i64, BigInt>;
/// The condition that a row comes after the cursor.
pub(super) type After = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, Value>>, Id>>;

impl Order {
    /// The order that is asked for; the first column where none is.
    ///
    /// # Errors
    /// `unknown_sort` with the names there are.
    pub(super) fn of(request: &ListRequest, columns: &[Column], id: &'static str, backend: Backend) -> Outcome<Self> {
        let asked = request.sort.as_deref().filter(|sort| !sort.is_empty());
        let (descending, name) = match asked.map(|sort| (sort.strip_prefix('-'), sort)) {
            Some((Some(name), _)) => (true, Some(name)),
            Some((None, name)) => (false, Some(name)),
            None => (false, None),
        };
        let column = match name {
            Some(name) => columns.iter().find(|column| column.name == name),
            None => columns.first(),
        };
        let known = || columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        let column = column.ok_or_else(|| FieldError::new("sort", "unknown_sort").with("known", known()))?;
        Ok(Self { column: *column, id, descending, backend })
    }

    fn column_sql(&self) -> String {
        match (self.column.words, self.backend) {
            (false, _) => self.column.sql.to_owned(),
            (true, Backend::Postgres) => format!("{} COLLATE \"ar-x-icu\"", self.column.sql),
            (true, Backend::Sqlite) => format!("{} COLLATE ARABIC", self.column.sql),
        }
    }

    /// What the list is ordered by.
    pub(super) fn by(&self) -> SqlLiteral<Text> {
        let way = if self.descending { "DESC" } else { "ASC" };
        sql(&format!("{} {way}, {} {way}", self.column_sql(), self.id))
    }

    /// The condition for the rows after the cursor, if the request has one.
    ///
    /// # Errors
    /// `bad_cursor`.
    pub(super) fn after(&self, request: &ListRequest) -> Outcome<Option<After>> {
        let Some(cursor) = request.after.as_deref() else { return Ok(None) };
        let bad = || Refusal::field("after", "bad_cursor");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
        let (value, id): (String, i64) = serde_json::from_slice(&bytes).map_err(|_| bad())?;
        let way = if self.descending { "<" } else { ">" };
        let start = sql::<Bool>(&format!("({}, {}) {way} (", self.column_sql(), self.id));
        Ok(Some(start.bind::<Text, _>(value).sql(", ").bind::<BigInt, _>(id).sql(")")))
    }
}

/// The cursor of a row.
pub(super) fn cursor(value: &str, id: i64) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(value, id)).unwrap_or_default())
}
