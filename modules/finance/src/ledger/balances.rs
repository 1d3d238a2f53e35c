//! Balances (الأرصدة): by any two dimensions, of any days, and as they were known at any moment.
//!
//! Years that are ended come from the balances that the next one opened with. What is whole comes from the balances of periods. A period that is cut by one of the days is summed from its lines. Where a
//! former state of knowledge is asked for, what was recorded later is taken off again, or, in a period of which most was
//! recorded later, what was recorded before is summed: so never more than half of a period's lines are read.
//!
//! The closing entry of a year is left out within that year, so that its statements say the same before and after it is ended;
//! the years after stand on it. The statement of one account has every line, and this one too.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Integer, Text, Timestamp},
};
use diwan_db::{ReadTx, id_list};
use diwan_finance_api::{Dimension, YearEndState};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{entries, fiscal_periods, fiscal_years, year_ends};

use super::only::Only;

/// Before the year, on accounts that begin each year at nothing (revenue, expense, other flows).
pub const EARLIER: i32 = 0;
/// Before the first day.
pub const OPENING: i32 = 1;
/// From the first day to the last.
pub const MOVED: i32 = 2;

/// Which balances are asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The agency whose books these are.
    pub agency_id: i64,
    /// The first day of the fiscal year: accounts of flows begin here.
    pub since: NaiveDate,
    /// The first day that counts as movement.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Without what was recorded after this moment.
    pub known_at: Option<NaiveDateTime>,
    /// What they are split by.
    pub by: [Dimension; 2],
    /// One account alone.
    pub account_id: Option<i64>,
    /// These values of dimensions alone.
    pub only: Vec<Only>,
}

impl Wanted {
    /// What lines or balances that are called `of` have to be of besides.
    fn narrowed(&self, of: &str) -> String {
        let account = self.account_id.map(|id| format!(" AND {of}.account_id = {id}"));
        account.into_iter().chain(self.only.iter().map(|one| format!(" AND {}", one.holds(of)))).collect()
    }
}

/// Debits and credits for two values, in minor units of the base currency.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Sum {
    /// [`EARLIER`], [`OPENING`] or [`MOVED`].
    #[diesel(sql_type = Integer)]
    pub part: i32,
    /// The value of the first dimension: an id, `0` for none, or a code.
    #[diesel(sql_type = Text)]
    pub first: String,
    /// The value of the second.
    #[diesel(sql_type = Text)]
    pub second: String,
    /// All debits.
    #[diesel(sql_type = BigInt)]
    pub debit: i64,
    /// All credits.
    #[diesel(sql_type = BigInt)]
    pub credit: i64,
}

/// The balances of an agency.
///
/// # Errors
/// The database fails; a sum does not fit.
pub fn read(tx: &mut ReadTx<'_>, wanted: &Wanted) -> Outcome<Vec<Sum>> {
    read_amounts(tx, wanted, IN_BASE)
}

/// The same in minor units of the currencies that the lines are written in, which has to be one of the dimensions.
///
/// # Errors
/// The database fails; a sum does not fit.
pub fn in_own_currencies(tx: &mut ReadTx<'_>, wanted: &Wanted) -> Outcome<Vec<Sum>> {
    read_amounts(tx, wanted, IN_OWN)
}

/// How the columns of amounts begin: in the base currency, or in that of the line.
const IN_BASE: &str = "base_";
const IN_OWN: &str = "";

fn read_amounts(tx: &mut ReadTx<'_>, wanted: &Wanted, amounts: &str) -> Outcome<Vec<Sum>> {
    let ways = ways(tx, wanted)?;
    let Some(text) = statement(wanted, &ways, (tx.mark(), amounts)) else { return Ok(Vec::new()) };
    // What is bound has to stand in the text: the moment of knowledge does where lines are asked when they were recorded.
    let rows: Vec<Sum> = match wanted.known_at.filter(|_| ways.asks_when_recorded()) {
        Some(known_at) => sql_query(text).bind::<Timestamp, _>(known_at).load(tx.conn())?,
        None => sql_query(text).load(tx.conn())?,
    };
    Ok(rows.into_iter().filter(|row| row.debit != 0 || row.credit != 0).collect())
}

/// Later than any moment that is recorded, also where the clock was put back after it.
pub(crate) fn last_moment() -> NaiveDateTime {
    NaiveDateTime::new(last_day(), NaiveTime::MIN)
}

/// Later than any day of the books.
fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// How each period is read.
#[derive(Default)]
struct Ways {
    /// From their balances, by the part they fall into.
    whole: [Vec<i64>; 3],
    /// From lines.
    lines: Vec<i64>,
    /// From their balances, less the lines that were recorded later.
    less: Vec<i64>,
    /// The last ended year before all of them: its closing balances stand for what was until then.
    opening: Option<i64>,
    /// The closing entries that are left out.
    closing: Vec<i64>,
    /// The first and last day of what is read from lines: an account has lines of many other days.
    days: Option<(NaiveDate, NaiveDate)>,
}

impl Ways {
    /// Whether lines are read, so that a moment of knowledge divides them.
    const fn asks_when_recorded(&self) -> bool {
        !self.lines.is_empty() || !self.less.is_empty()
    }
}

fn ways(tx: &mut ReadTx<'_>, wanted: &Wanted) -> Outcome<Ways> {
    let ended = ended(tx, wanted)?;
    let mut looked_at = fiscal_periods::table
        .filter(fiscal_periods::agency_id.eq(wanted.agency_id))
        .filter(fiscal_periods::starts_on.le(wanted.to))
        .into_boxed();
    if let Some((_, ends)) = ended {
        looked_at = looked_at.filter(fiscal_periods::starts_on.gt(ends));
    }
    let periods: Vec<(i64, NaiveDate, NaiveDate)> =
        looked_at.select((fiscal_periods::id, fiscal_periods::starts_on, fiscal_periods::ends_on)).load(tx.conn())?;
    let later = match wanted.known_at {
        Some(known_at) => later(tx, periods.iter().map(|one| one.0), known_at)?,
        None => BTreeMap::new(),
    };
    let mut ways =
        Ways { opening: ended.map(|(year, _)| year), closing: closing_entries(tx, wanted)?, ..Ways::default() };
    for (id, starts, ends) in periods {
        let days = ways.days.map_or((starts, ends), |(first, last)| (first.min(starts), last.max(ends)));
        let part = if ends < wanted.since {
            0
        } else if starts >= wanted.since && ends < wanted.from {
            1
        } else if starts >= wanted.from && ends <= wanted.to {
            2
        } else {
            ways.lines.push(id);
            ways.days = Some(days);
            continue;
        };
        let (later, all) = later.get(&id).copied().unwrap_or_default();
        if later * 2 > all {
            ways.lines.push(id);
            ways.days = Some(days);
            continue;
        }
        if later > 0 {
            ways.less.push(id);
            ways.days = Some(days);
        }
        ways.whole.get_mut(part).ok_or_else(|| Refusal::Internal("a part that is none".to_owned()))?.push(id);
    }
    Ok(ways)
}

/// The last year before the one of the days that was ended by the moment of knowledge, with its last day. Nothing is recorded in
/// an ended year any more.
fn ended(tx: &mut ReadTx<'_>, wanted: &Wanted) -> Outcome<Option<(i64, NaiveDate)>> {
    let known_at = wanted.known_at.unwrap_or_else(|| tx.now());
    Ok(year_ends::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(year_ends::year_id)))
        .filter(year_ends::agency_id.eq(wanted.agency_id))
        .filter(year_ends::state.eq(YearEndState::Ended.code()))
        .filter(year_ends::confirmed_at.le(known_at))
        .filter(fiscal_years::ends_on.lt(wanted.since))
        .order(fiscal_years::ends_on.desc())
        .select((fiscal_years::id, fiscal_years::ends_on))
        .first(tx.conn())
        .optional()?)
}

/// The closing entries within the year of the days, as far as they were known; none for the statement of one account.
fn closing_entries(tx: &mut ReadTx<'_>, wanted: &Wanted) -> Outcome<Vec<i64>> {
    if wanted.account_id.is_some() {
        return Ok(Vec::new());
    }
    let mut found = entries::table
        .inner_join(year_ends::table.on(year_ends::record_id.eq(entries::record_id.nullable())))
        .filter(year_ends::agency_id.eq(wanted.agency_id))
        .filter(entries::effective_on.between(wanted.since, wanted.to))
        .into_boxed();
    if let Some(known_at) = wanted.known_at {
        found = found.filter(entries::recorded_at.le(known_at));
    }
    Ok(found.select(entries::id).order(entries::id).load(tx.conn())?)
}

#[derive(QueryableByName)]
struct Later {
    #[diesel(sql_type = BigInt)]
    period_id: i64,
    #[diesel(sql_type = BigInt)]
    later: i64,
    #[diesel(sql_type = BigInt)]
    every: i64,
}

/// How many entries of each period were recorded after a moment, and how many there are.
fn later(
    tx: &mut ReadTx<'_>,
    periods: impl Iterator<Item = i64>,
    known_at: NaiveDateTime,
) -> Outcome<BTreeMap<i64, (i64, i64)>> {
    let text = format!(
        "SELECT period_id, CAST(SUM(CASE WHEN recorded_at > {mark}1 THEN 1 ELSE 0 END) AS BIGINT) AS later,
            CAST(COUNT(*) AS BIGINT) AS every
        FROM entries WHERE period_id IN ({periods}) GROUP BY period_id",
        mark = tx.mark(),
        periods = id_list(periods),
    );
    let rows: Vec<Later> = sql_query(text).bind::<Timestamp, _>(known_at).load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.period_id, (row.later, row.every))).collect())
}

/// The statement that sums them; none where there is nothing to sum. `mark` begins the name of what is bound, `amounts` those of
/// the columns.
fn statement(wanted: &Wanted, ways: &Ways, (mark, amounts): (char, &str)) -> Option<String> {
    let mut columns: Vec<&str> = wanted.by.iter().filter_map(|by| raw(*by)).collect();
    columns.sort_unstable();
    columns.dedup();
    let of =
        |prefix: &dyn Fn(&str) -> String| columns.iter().map(|one| format!(", {}", prefix(one))).collect::<String>();
    let own = of(&|one| format!("b.{one}"));
    let in_lines =
        of(&|one| if one == "currency" { "l.currency".to_owned() } else { format!("COALESCE(l.{one}, 0) AS {one}") });
    let mut parts: Vec<String> = Vec::new();
    for (part, ids) in ways.whole.iter().enumerate().filter(|(_, ids)| !ids.is_empty()) {
        // Grouped in the order of the key, so that nothing is sorted.
        parts.push(format!(
            "SELECT {part} AS seg, b.account_id{own}, SUM(b.{amounts}debit) AS debit, SUM(b.{amounts}credit) AS credit
            FROM period_balances b WHERE b.period_id IN ({ids}){only} GROUP BY b.period_id, b.account_id{own}",
            ids = id_list(ids.iter().copied()),
            only = wanted.narrowed("b"),
        ));
    }
    if let Some(year) = ways.opening {
        parts.push(format!(
            "SELECT 0 AS seg, b.account_id{own}, b.{amounts}debit AS debit, b.{amounts}credit AS credit
            FROM opening_balances b WHERE b.year_id = {year}{only}",
            only = wanted.narrowed("b"),
        ));
    }
    if !ways.closing.is_empty() {
        parts.push(format!(
            "SELECT CASE WHEN l.effective_on < '{from}' THEN 1 ELSE 2 END AS seg, l.account_id{in_lines}, -l.{amounts}debit AS debit,
                -l.{amounts}credit AS credit FROM entry_lines l WHERE l.entry_id IN ({ids}){only}",
            from = wanted.from,
            ids = id_list(ways.closing.iter().copied()),
            only = wanted.narrowed("l"),
        ));
    }
    parts.extend(from_lines(wanted, ways, &in_lines, (mark, amounts)));
    if parts.is_empty() {
        return None;
    }
    let keys = if columns.contains(&"key_id") { "LEFT JOIN budget_keys k ON k.id = s.key_id" } else { "" };
    Some(format!(
        "SELECT CAST(CASE WHEN s.seg = 2 THEN 2 WHEN s.seg = 1 OR a.gfsm LIKE '3%' OR a.gfsm LIKE '6%' THEN 1 ELSE 0 END AS INTEGER) AS part,
            {first} AS first, {second} AS second, CAST(SUM(s.debit) AS BIGINT) AS debit, CAST(SUM(s.credit) AS BIGINT) AS credit
        FROM ({parts}) s JOIN accounts a ON a.id = s.account_id {keys}
        GROUP BY 1, 2, 3",
        first = value(wanted.by[0]),
        second = value(wanted.by[1]),
        parts = parts.join(" UNION ALL "),
    ))
}

/// What is summed from lines: those of periods that are cut, less those that were recorded later in others. Nothing is looked for
/// where there is none of either: an account may have lines by the hundred thousand.
fn from_lines(
    wanted: &Wanted,
    ways: &Ways,
    columns: &str,
    (mark, amounts): (char, &str),
) -> impl Iterator<Item = String> {
    // Lines of one account are found by their account, others by the entries of their period. Where all that is known counts,
    // those of one account are summed without their entries.
    let alone = wanted.account_id.is_some();
    let holder = if alone { "l" } else { "e" };
    let source = match wanted.known_at {
        None if alone => "entry_lines l",
        _ => "entries e JOIN entry_lines l ON l.entry_id = e.id",
    };
    let only = wanted.narrowed("l");
    let within = ways.days.map(|(first, last)| format!(" AND {holder}.effective_on BETWEEN '{first}' AND '{last}'"));
    let within = within.unwrap_or_default();
    let Wanted { since, from, to, .. } = wanted;
    let sums = |sign: &str, ids: &[i64], recorded: &str| {
        let recorded = wanted.known_at.map(|_| format!(" AND e.recorded_at {recorded} {mark}1")).unwrap_or_default();
        format!(
            "SELECT CASE WHEN {holder}.effective_on < '{since}' THEN 0 WHEN {holder}.effective_on < '{from}' THEN 1 ELSE 2 END AS seg,
                l.account_id{columns}, {sign}l.{amounts}debit AS debit, {sign}l.{amounts}credit AS credit
            FROM {source}
            WHERE {holder}.period_id IN ({ids}){only} AND {holder}.effective_on <= '{to}'{within}{recorded}",
            ids = id_list(ids.iter().copied()),
        )
    };
    let cut = (!ways.lines.is_empty()).then(|| sums("", &ways.lines, "<="));
    cut.into_iter().chain((!ways.less.is_empty()).then(|| sums("-", &ways.less, ">")))
}

/// The column of lines and balances that a dimension is read from, besides the account.
const fn raw(by: Dimension) -> Option<&'static str> {
    match by {
        Dimension::Account | Dimension::Gfsm => None,
        Dimension::Party => Some("party_id"),
        Dimension::Centre => Some("centre_id"),
        Dimension::Currency => Some("currency"),
        _ => Some("key_id"),
    }
}

/// Its value as text.
const fn value(by: Dimension) -> &'static str {
    match by {
        Dimension::Account => "CAST(s.account_id AS TEXT)",
        Dimension::Key => "CAST(s.key_id AS TEXT)",
        Dimension::Party => "CAST(s.party_id AS TEXT)",
        Dimension::Centre => "CAST(s.centre_id AS TEXT)",
        Dimension::Currency => "s.currency",
        Dimension::Chapter => "CAST(COALESCE(k.chapter_id, 0) AS TEXT)",
        Dimension::Programme => "CAST(COALESCE(k.programme_id, 0) AS TEXT)",
        Dimension::Activity => "CAST(COALESCE(k.activity_id, 0) AS TEXT)",
        Dimension::Fund => "CAST(COALESCE(k.fund_id, 0) AS TEXT)",
        Dimension::Location => "CAST(COALESCE(k.location_id, 0) AS TEXT)",
        Dimension::Item => "CAST(COALESCE(k.item_id, 0) AS TEXT)",
        Dimension::Gfsm => "a.gfsm",
        Dimension::Cofog => "COALESCE(k.cofog, '')",
    }
}
