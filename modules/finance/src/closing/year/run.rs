//! Confirming the end of a year, by another person than who prepared it: all of it is done in this one transaction, or nothing.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{COMPLEMENTARY, PeriodState, YearEndState};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome, Refusal, secrets::Secrets};
use diwan_schema::finance::{fiscal_periods, year_ends};
use serde_json::json;

use super::{
    budget, carry, holds, nominal, opening, steps,
    store::{self, EndRow, Year},
    voucher,
};
use crate::{closing::period, ledger::moves::Cause, structure::periods};

/// Ends a year: the closing entry, the commitments by their decisions, what lapses of the budget, the balances that the next
/// year opens with, and the complementary period closed.
///
/// # Errors
/// A right is missing; not found; not prepared; stale; `own_year_end`; `year_end_conditions`, `commitments_undecided`;
/// `year_end_changed` where the figures are others than when it was prepared; `carry_key_gone`.
pub fn confirm(tx: &mut WriteTx<'_>, secrets: &Secrets, actor: &Actor, year_id: i64, version: i64) -> Outcome<()> {
    actor.require(Permission::FinanceAuthorise)?;
    let year = store::year(tx, actor.agency_id, year_id)?;
    let end = store::end_in(tx, year_id, (YearEndState::Prepared, "confirm_year_end"), Some(version))?;
    if end.prepared_by == Some(actor.user_id) {
        return Err(Refusal::rule("own_year_end", []));
    }
    // Nobody posts to the year any more, and its budget stands still. In the order of posting: what is drawn on, budget lines, the
    // period.
    carry::lock(tx, &year)?;
    holds::lock(tx, &year)?;
    let next = store::next(tx, &year)?;
    let going = match &next {
        Some(next) => carry::lines(tx, actor, (&year, next))?,
        None => Vec::new(),
    };
    budget::take(tx, &year, &going)?;
    let last: i64 = fiscal_periods::table
        .filter(fiscal_periods::year_id.eq(year_id))
        .filter(fiscal_periods::number.eq(COMPLEMENTARY))
        .select(fiscal_periods::id)
        .first(tx.conn())?;
    // Nor is anything opened before it: what was there is what the next year opens with.
    for earlier in store::periods_before(tx, &year)? {
        period::take(tx, earlier)?;
    }
    period::take(tx, last)?;
    let (surplus, open) = steps::stands(tx, &year)?;
    if (Some(surplus), Some(open)) != (end.surplus, end.open_amount) {
        return Err(Refusal::rule("year_end_changed", [("year", year.year.to_string())]));
    }
    let accounts = nominal::accounts(tx, year_id)?;
    let record_id = voucher::begin(tx, actor, &year, voucher::total(&accounts)?)?;
    claim(tx, actor, &end, record_id)?;
    let entry_id = voucher::post(tx, actor, &year, (record_id, end.surplus_account_id))?;
    let posted = voucher::end(tx, actor, &year, (record_id, entry_id), (&accounts, end.surplus_account_id))?;

    let commitments = carry::open(tx, &year)?;
    carry::close(tx, actor, &commitments)?;
    carry::close_drawn(tx, actor, &year)?;
    let held = holds::open(tx, &year)?;
    let cause = Cause { record_id, entry_id: None, effective_on: year.ends_on, by: actor.user_id };
    budget::lapse(tx, &cause, &year, commitments.iter().chain(&held))?;
    holds::end(tx, &year, &held)?;
    let carried = match next {
        Some(next) => {
            holds::make(tx, actor, &next, &held)?;
            carry::make(tx, actor, &next, &commitments)?
        }
        None => Vec::new(),
    };
    opening::write(tx, &year)?;
    ended(tx, actor, (&year, last), surplus)?;
    crate::documents::ensure_registers(tx, actor.agency_id)?;
    for posted in std::iter::once(posted).chain(carried) {
        voucher::number(tx, secrets, actor, posted)?;
    }
    Ok(())
}

/// Two who confirm at once: the row lets one of them.
fn claim(tx: &mut WriteTx<'_>, actor: &Actor, end: &EndRow, record_id: i64) -> Outcome<()> {
    let now = tx.now();
    let same = year_ends::table
        .filter(year_ends::year_id.eq(end.year_id))
        .filter(year_ends::state.eq(YearEndState::Prepared.code()))
        .filter(year_ends::confirmed_by.is_null())
        .filter(year_ends::version.eq(end.version));
    let claimed = diesel::update(same)
        .set((
            (year_ends::confirmed_by.eq(actor.user_id), year_ends::confirmed_at.eq(now)),
            year_ends::record_id.eq(record_id),
            year_ends::version.eq(end.version + 1),
        ))
        .execute(tx.conn())?;
    if claimed == 1 { Ok(()) } else { Err(Refusal::stale("year_end", end.version + 1, end.version)) }
}

/// Closes the complementary period, and says that the year is ended: the database looks whether it is.
fn ended(tx: &mut WriteTx<'_>, actor: &Actor, (year, last): (&Year, i64), surplus: i64) -> Outcome<()> {
    let row = periods::load(tx, actor.agency_id, last)?;
    let version = row.version;
    periods::end_reopening(tx, last)?;
    periods::change(tx, &row, version, PeriodState::Closed)?;
    tx.audit(Audit::of("fiscal_period", last).after(&PeriodState::Closed.code()))?;
    diesel::update(year_ends::table.find(year.id))
        .set(year_ends::state.eq(YearEndState::Ended.code()))
        .execute(tx.conn())?;
    tx.audit(Audit::of("fiscal_year", year.id).detail(json!({ "year_end": "ended", "surplus": surplus })))?;
    Ok(())
}
