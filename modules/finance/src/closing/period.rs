//! A period with its year, and standing alone at it.

use chrono::NaiveDate;
use diesel::{prelude::*, sql_query, sql_types::BigInt};
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{COMPLEMENTARY, PeriodState};
use diwan_kernel::Named;
use diwan_platform::{Outcome, Refusal};
use diwan_print::{Language, calendar};
use diwan_schema::finance::{fiscal_periods, fiscal_years};

/// A period as closing looks at it.
#[derive(Debug, Clone)]
pub(crate) struct Period {
    pub(crate) id: i64,
    pub(crate) agency_id: i64,
    pub(crate) year_id: i64,
    pub(crate) year: i32,
    pub(crate) number: i32,
    pub(crate) starts_on: NaiveDate,
    pub(crate) ends_on: NaiveDate,
    pub(crate) state: PeriodState,
    pub(crate) version: i64,
}

impl Period {
    /// Whether it may still be closed.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, PeriodState::Open | PeriodState::SoftClosed)
    }

    /// Whether it is the complementary one.
    pub(super) fn is_complementary(&self) -> bool {
        self.number == COMPLEMENTARY
    }
}

/// What a period is called, by its number and year.
pub(crate) fn called(number: i32, year: &str) -> Named {
    let month = u32::try_from(number).unwrap_or_default();
    let named = |language: Language, complementary: &str| match calendar::gregorian_month(month, language) {
        "" => format!("{complementary} {year}"),
        name => format!("{name} {year}"),
    };
    Named {
        ar: named(Language::Ar, "الفترة التكميلية"), en: named(Language::En, "Complementary period")
    }
}

/// A period of the agency.
///
/// # Errors
/// Not found.
pub(crate) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Period> {
    type Row = (i64, i64, i32, NaiveDate, NaiveDate, (String, i64));
    let row: Option<(Row, i32)> = fiscal_periods::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(fiscal_periods::year_id)))
        .filter(fiscal_periods::id.eq(id))
        .filter(fiscal_periods::agency_id.eq(agency_id))
        .select((
            (
                fiscal_periods::id,
                fiscal_periods::year_id,
                fiscal_periods::number,
                fiscal_periods::starts_on,
                fiscal_periods::ends_on,
                (fiscal_periods::state, fiscal_periods::version),
            ),
            fiscal_years::year,
        ))
        .first(tx.conn())
        .optional()?;
    let Some(((id, year_id, number, starts_on, ends_on, (state, version)), year)) = row else {
        return Err(Refusal::NotFound("fiscal_period"));
    };
    Ok(Period { id, agency_id, year_id, year, number, starts_on, ends_on, state: state.parse()?, version })
}

/// Waits for what is being posted to the period and keeps others out until the end of the transaction: what is counted now
/// stays so.
///
/// # Errors
/// The database fails; the period is sealed.
pub(crate) fn take(tx: &mut WriteTx<'_>, id: i64) -> Outcome<()> {
    diesel::update(fiscal_periods::table.find(id))
        .set(fiscal_periods::version.eq(fiscal_periods::version))
        .execute(tx.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    posted: i64,
    #[diesel(sql_type = BigInt)]
    reopened: i64,
}

/// How much was posted to the period, entries as well as documents and moves of the budget, and how often it was reopened.
///
/// # Errors
/// The database fails.
pub(super) fn counts(tx: &mut ReadTx<'_>, id: i64) -> Outcome<(i64, i64)> {
    let text = format!(
        "SELECT (SELECT COUNT(*) FROM entries e WHERE e.period_id = {mark}1)
                + (SELECT COUNT(*) FROM period_budget b WHERE b.period_id = {mark}1) AS posted,
            (SELECT COUNT(*) FROM period_reopenings o WHERE o.period_id = {mark}1) AS reopened",
        mark = tx.mark()
    );
    let counts: Counts = sql_query(text).bind::<BigInt, _>(id).get_result(tx.conn())?;
    Ok((counts.posted, counts.reopened))
}

/// The first month before this period that is not closed, as year and number. An office closes January while it still puts the
/// year before in order: complementary periods stand against nothing here.
///
/// # Errors
/// The database fails.
pub(super) fn open_before(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Option<(i32, i32)>> {
    earlier(tx, of, (&[PeriodState::Open, PeriodState::SoftClosed], COMPLEMENTARY - 1))
}

/// The first period before this one that is not sealed, the complementary ones too, as year and number.
///
/// # Errors
/// The database fails.
pub(super) fn unsealed_before(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Option<(i32, i32)>> {
    earlier(tx, of, (&[PeriodState::Open, PeriodState::SoftClosed, PeriodState::Closed], COMPLEMENTARY))
}

fn earlier(tx: &mut ReadTx<'_>, of: &Period, (states, last): (&[PeriodState], i32)) -> Outcome<Option<(i32, i32)>> {
    let states: Vec<&str> = states.iter().map(|state| state.code()).collect();
    Ok(fiscal_periods::table
        .inner_join(fiscal_years::table.on(fiscal_years::id.eq(fiscal_periods::year_id)))
        .filter(fiscal_periods::agency_id.eq(of.agency_id))
        .filter(
            fiscal_periods::ends_on
                .lt(of.ends_on)
                .or(fiscal_periods::ends_on.eq(of.ends_on).and(fiscal_periods::number.lt(of.number))),
        )
        .filter(fiscal_periods::number.le(last))
        .filter(fiscal_periods::state.eq_any(states))
        .order((fiscal_periods::ends_on, fiscal_periods::number))
        .select((fiscal_years::year, fiscal_periods::number))
        .first(tx.conn())
        .optional()?)
}
