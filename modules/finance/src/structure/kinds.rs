//! Which kinds of documents an open period takes (الفترة لكل نوع من المستندات): the receipts of January are done while its
//! journal vouchers are not. What is closed so stays closed when the period is closed and reopened.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{DocumentKind, FiscalPeriod, PeriodState};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::period_kinds;

use super::periods;
use crate::closing::{period, year};

/// Closes an open period for these kinds of documents, and opens it for all others.
///
/// The row of the period is taken first: what is being posted to the period ends before, and what comes later sees what it takes.
///
/// # Errors
/// Not found; another version; `year_ended`; a period that is not open; `kind_closes_last` for journal vouchers.
pub fn set(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, version): (i64, i64),
    closed: &[DocumentKind],
) -> Outcome<FiscalPeriod> {
    let before = periods::load(tx, actor.agency_id, id)?.view(tx)?;
    put(tx, (actor.agency_id, actor.user_id), (id, version), closed)?;
    let after = periods::load(tx, actor.agency_id, id)?.view(tx)?;
    tx.audit(Audit::of("fiscal_period", id).before(&before).after(&after))?;
    Ok(after)
}

/// As [`set`], in an agency and by a person, for whoever notes in the trail what changed.
pub(super) fn put(
    tx: &mut WriteTx<'_>,
    (agency_id, by): (i64, i64),
    (id, version): (i64, i64),
    closed: &[DocumentKind],
) -> Outcome<()> {
    let row = periods::load(tx, agency_id, id)?;
    let of = period::load(tx, agency_id, id)?;
    if year::is_ended(tx, of.year_id)? {
        return Err(Refusal::rule("year_ended", [("year", of.year.to_string())]));
    }
    if of.state != PeriodState::Open {
        return Err(Refusal::WrongState { state: row.state, action: "period_kinds".to_owned() });
    }
    if !closed.iter().all(|kind| kind.closes_alone()) {
        return Err(Refusal::rule("kind_closes_last", []));
    }
    periods::change(tx, &row, version, PeriodState::Open)?;
    let wanted: BTreeSet<DocumentKind> = closed.iter().copied().collect();
    let there: BTreeSet<DocumentKind> = row.view(tx)?.closed_kinds.into_iter().collect();
    for kind in there.difference(&wanted) {
        diesel::delete(period_kinds::table.find((id, kind.code()))).execute(tx.conn())?;
    }
    let now = tx.now();
    for kind in wanted.difference(&there) {
        diesel::insert_into(period_kinds::table)
            .values((
                period_kinds::period_id.eq(id),
                period_kinds::kind.eq(kind.code()),
                period_kinds::closed_by.eq(by),
                period_kinds::closed_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
