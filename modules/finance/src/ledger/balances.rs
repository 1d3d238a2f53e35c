//! Balances (الأرصدة): of any day, and as they were known at any moment.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Date, Text, Timestamp},
};
use diwan_db::{Backend, ReadTx};
use diwan_platform::Outcome;

/// A dimension that a trial balance may be split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The budget key.
    Key,
    /// The party.
    Party,
    /// The cost centre.
    Centre,
    /// The currency.
    Currency,
}

/// Debits and credits of an account for one value of a dimension, in the base currency.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Balance {
    /// The account.
    #[diesel(sql_type = BigInt)]
    pub account_id: i64,
    /// The value of the dimension: an id, 0 for none, or the code of a currency.
    #[diesel(sql_type = Text)]
    pub value: String,
    /// All debits.
    #[diesel(sql_type = BigInt)]
    pub debit: i64,
    /// All credits.
    #[diesel(sql_type = BigInt)]
    pub credit: i64,
}

/// The trial balance (ميزان المراجعة) of an agency over all that counts for a day or earlier: sums of the periods that are
/// over by then, and the lines of the period that has the day.
///
/// # Errors
/// The database fails; a sum does not fit.
pub fn as_of(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    (from, to): (NaiveDate, NaiveDate),
    by: Dimension,
) -> Outcome<Vec<Balance>> {
    let value = column(by);
    let (day, agency) = marks(tx);
    // Whole periods from their balances; a period that is cut by one of the days from its lines.
    let text = format!(
        "SELECT account_id, value, CAST(SUM(debit) AS BIGINT) AS debit, CAST(SUM(credit) AS BIGINT) AS credit FROM (
            SELECT b.account_id, CAST(b.{value} AS TEXT) AS value, b.base_debit AS debit, b.base_credit AS credit
            FROM period_balances b JOIN fiscal_periods p ON p.id = b.period_id
            WHERE p.agency_id = {agency} AND p.starts_on >= {from} AND p.ends_on <= {to}
            UNION ALL
            SELECT l.account_id, CAST({line} AS TEXT), l.base_debit, l.base_credit
            FROM fiscal_periods p JOIN entries e ON e.period_id = p.id JOIN entry_lines l ON l.entry_id = e.id
            WHERE p.agency_id = {agency} AND p.starts_on <= {to} AND p.ends_on >= {from}
                AND (p.starts_on < {from} OR p.ends_on > {to}) AND e.effective_on BETWEEN {from} AND {to}
        ) s GROUP BY account_id, value ORDER BY account_id, value",
        line = line_column(by),
        from = day(1),
        to = day(2),
    );
    Ok(sql_query(text).bind::<BigInt, _>(agency_id).bind::<Date, _>(from).bind::<Date, _>(to).load(tx.conn())?)
}

/// The trial balance as it was known at a moment: without what was recorded later, whatever day it counts for.
///
/// # Errors
/// As [`as_of`].
pub fn as_known_at(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    (from, to): (NaiveDate, NaiveDate),
    known_at: NaiveDateTime,
    by: Dimension,
) -> Outcome<Vec<Balance>> {
    let (mark, agency) = marks(tx);
    let text = format!(
        "SELECT l.account_id, CAST({line} AS TEXT) AS value, CAST(SUM(l.base_debit) AS BIGINT) AS debit,
            CAST(SUM(l.base_credit) AS BIGINT) AS credit
        FROM entries e JOIN entry_lines l ON l.entry_id = e.id
        WHERE e.agency_id = {agency} AND e.effective_on BETWEEN {from} AND {to} AND e.recorded_at <= {known}
        GROUP BY l.account_id, {line} ORDER BY 1, 2",
        line = line_column(by),
        from = mark(1),
        to = mark(2),
        known = mark(3),
    );
    Ok(sql_query(text)
        .bind::<BigInt, _>(agency_id)
        .bind::<Date, _>(from)
        .bind::<Date, _>(to)
        .bind::<Timestamp, _>(known_at)
        .load(tx.conn())?)
}

/// How the two databases name the values of a statement that names them more than once.
fn marks(tx: &mut ReadTx<'_>) -> (fn(usize) -> &'static str, &'static str) {
    match tx.conn().backend_kind() {
        Backend::Postgres => (|at| ["$1", "$2", "$3", "$4"].get(at).copied().unwrap_or_default(), "$1"),
        Backend::Sqlite => (|at| ["?1", "?2", "?3", "?4"].get(at).copied().unwrap_or_default(), "?1"),
    }
}

fn column(by: Dimension) -> &'static str {
    match by {
        Dimension::Key => "key_id",
        Dimension::Party => "party_id",
        Dimension::Centre => "centre_id",
        Dimension::Currency => "currency",
    }
}

fn line_column(by: Dimension) -> &'static str {
    match by {
        Dimension::Key => "COALESCE(l.key_id, 0)",
        Dimension::Party => "COALESCE(l.party_id, 0)",
        Dimension::Centre => "COALESCE(l.centre_id, 0)",
        Dimension::Currency => "l.currency",
    }
}
