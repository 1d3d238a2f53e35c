//! The cockpit of a period (لوحة الإقفال): all that is to be seen before it is closed, in one look.

use diwan_db::ReadTx;
use diwan_finance_api::{Cockpit, FiscalPeriod, PeriodState};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome};

use super::{
    figures, findings, gate,
    period::{self, Period},
    rules, signing, year,
};
use crate::structure::periods;

/// What stands in the cockpit of a period.
///
/// # Errors
/// Not found; the database fails; a sum does not fit.
pub(crate) fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Cockpit> {
    let of = period::load(tx, actor.agency_id, id)?;
    let rules = rules::in_force(tx, of.agency_id, of.ends_on)?;
    let ruled = !rules.is_empty();
    let findings = findings::all(tx, &of, &rules)?;
    let sign_offs = signing::standing(tx, actor, &of, &rules)?;
    let closes = actor.can(Permission::FinanceClose);
    let unsealed_before = unsealed_before(tx, &of)?;
    let reopenings = period::counts(tx, id)?.1;
    let seals = closes && actor.can(Permission::FinanceAuthorise) && gate::seals(reopenings, &sign_offs).is_ok();
    let shut = matches!(of.state, PeriodState::Closed | PeriodState::SoftClosed);
    Ok(Cockpit {
        period: seen(tx, &of)?,
        year_id: of.year_id,
        year: of.year,
        ruled,
        clear: of.is_open() && gate::is_clear(ruled, &findings, &sign_offs),
        figures: figures::of(tx, &of)?,
        reopenings,
        may_soft_close: closes && of.state == PeriodState::Open,
        may_close: closes && of.is_open(),
        may_reopen: closes && shut && !year::is_over(tx, of.agency_id, of.ends_on)?,
        may_seal: seals && of.state == PeriodState::Closed && unsealed_before.is_none(),
        may_accept: closes && ruled && of.is_open(),
        findings,
        sign_offs,
        unsealed_before,
    })
}

fn seen(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<FiscalPeriod> {
    periods::load(tx, of.agency_id, of.id)?.view(tx)
}

/// The first earlier period that is not sealed, as number and year.
///
/// # Errors
/// The database fails.
pub(super) fn unsealed_before(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Option<String>> {
    let first = period::unsealed_before(tx, of)?;
    Ok(first.map(|(year, number)| format!("{number}/{year}")))
}
