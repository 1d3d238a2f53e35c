//! Closing a period (إقفال الفترة): a change of state and nothing else, since balances are kept as entries are posted.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::{Audit, NewJob, ReadTx, WriteTx};
use diwan_finance_api::{FiscalPeriod, PeriodState};
use diwan_kernel::{Who, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    work::{JobError, Work},
};
use diwan_schema::finance::{fiscal_periods, period_reopenings};

use super::years::PeriodRow;
use crate::closing::{gate, period, year};

/// The kind of the job that ends a reopening.
const JOB: &str = "finance.reopening.end";

/// Adds the job.
pub(crate) fn work(work: &mut Work) {
    work.jobs.on(JOB, |run, _period: i64| {
        let done = run.platform.db.write_now(Who::system(), JOB, end_reopenings);
        done.map(|_| ()).map_err(JobError::from)
    });
}

/// Takes a period a step forward: soft closed or closed.
///
/// The row is taken for this transaction: what is being posted to the period ends first, and what comes later sees it closed.
///
/// # Errors
/// Not found; another version; a step that does not lead forward; an earlier month that is still open, by its number; what the
/// closing rules of the agency ask for.
pub fn close(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, to: PeriodState) -> Outcome<FiscalPeriod> {
    let row = load(tx, actor.agency_id, id)?;
    let state: PeriodState = row.state.parse()?;
    let forward = matches!(
        (state, to),
        (PeriodState::Open, PeriodState::SoftClosed | PeriodState::Closed)
            | (PeriodState::SoftClosed, PeriodState::Closed)
    );
    if !forward {
        return Err(Refusal::WrongState { state: row.state, action: to.code().to_owned() });
    }
    if to == PeriodState::Closed {
        period::take(tx, id)?;
        let of = period::load(tx, actor.agency_id, id)?;
        gate::check(tx, actor, &of)?;
        end_reopening(tx, id)?;
    }
    change(tx, &row, version, to)?;
    seen(tx, actor, row)
}

/// Opens a closed period once more, for a reason and until an hour. What it was is kept: then it is so again.
///
/// # Errors
/// Not found; another version; not closed, or sealed; `year_ended`, of its year or a later one; no reason; an hour that is past.
pub fn reopen(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    id: i64,
    version: i64,
    (reason, until): (&str, NaiveDateTime),
) -> Outcome<FiscalPeriod> {
    shut(tx, actor.agency_id, id)?;
    // The period before its reopening, as all take them; what counts is how it is then.
    period::take(tx, id)?;
    let row = shut(tx, actor.agency_id, id)?;
    year::not_over(tx, actor.agency_id, row.ends_on)?;
    let reason = text::lines("reason", reason, text::NOTE_MAX)?;
    let now = tx.now();
    if until <= now {
        return Err(Refusal::field("until", "in_the_past"));
    }
    // One that was softly closed under its reopening is opened from there, and is in the end what it was before that.
    let was = open_reopening(tx, id)?.map_or_else(|| row.state.clone(), |(was, _)| was);
    end_reopening(tx, id)?;
    diesel::insert_into(period_reopenings::table)
        .values((
            period_reopenings::period_id.eq(id),
            period_reopenings::was.eq(&was),
            period_reopenings::reason.eq(&reason),
            period_reopenings::opened_by.eq(actor.user_id),
            period_reopenings::opened_at.eq(now),
            period_reopenings::until_at.eq(until),
        ))
        .execute(tx.conn())?;
    change(tx, &row, version, PeriodState::Open)?;
    tx.enqueue(NewJob::new(JOB, serde_json::json!(id)).run_at(until))?;
    seen(tx, actor, row)
}

/// A period that is closed or softly closed, as it is now.
fn shut(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PeriodRow> {
    let row = load(tx, agency_id, id)?;
    match row.state.parse()? {
        PeriodState::Closed | PeriodState::SoftClosed => Ok(row),
        PeriodState::Open | PeriodState::Sealed => {
            Err(Refusal::WrongState { state: row.state, action: "reopen".to_owned() })
        }
    }
}

/// Makes the periods whose reopening is over again what they were before it; answers how many. A job calls it, so that nobody need
/// remember. What was only softly closed is closed by a person alone, who is asked for all that a close asks for.
///
/// # Errors
/// The database fails.
pub fn end_reopenings(tx: &mut WriteTx<'_>) -> Outcome<usize> {
    let now = tx.now();
    // In the order in which the end of a year takes them.
    let over: Vec<i64> = period_reopenings::table
        .inner_join(fiscal_periods::table.on(fiscal_periods::id.eq(period_reopenings::period_id)))
        .filter(period_reopenings::ended_at.is_null())
        .filter(period_reopenings::until_at.le(now))
        .order((fiscal_periods::ends_on, fiscal_periods::number, fiscal_periods::id))
        .select(fiscal_periods::id)
        .load(tx.conn())?;
    let mut ended = 0;
    for id in over {
        // The period before its reopening, as closing takes them. Another may have ended it meanwhile, and begun a new one.
        period::take(tx, id)?;
        let Some((was, _)) = open_reopening(tx, id)?.filter(|(_, until)| *until <= now) else { continue };
        let row: PeriodRow = fiscal_periods::table.find(id).select(PeriodRow::as_select()).first(tx.conn())?;
        let version = row.version;
        end_reopening(tx, id)?;
        ended += 1;
        let (state, was): (PeriodState, PeriodState) = (row.state.parse()?, was.parse()?);
        if state != was && state != PeriodState::Closed {
            change(tx, &row, version, was)?;
            tx.audit(Audit::of("fiscal_period", id).after(&was.code()))?;
        }
    }
    Ok(ended)
}

/// The reopening of a period that is open, where there is one: what the period was before it, and its hour.
fn open_reopening(tx: &mut ReadTx<'_>, period_id: i64) -> Outcome<Option<(String, NaiveDateTime)>> {
    Ok(period_reopenings::table
        .filter(period_reopenings::period_id.eq(period_id))
        .filter(period_reopenings::ended_at.is_null())
        .select((period_reopenings::was, period_reopenings::until_at))
        .first(tx.conn())
        .optional()?)
}

/// Ends the reopening of a period, where one is open.
///
/// # Errors
/// The database fails.
pub(crate) fn end_reopening(tx: &mut WriteTx<'_>, period_id: i64) -> Outcome<()> {
    let now = tx.now();
    let open = period_reopenings::table
        .filter(period_reopenings::period_id.eq(period_id))
        .filter(period_reopenings::ended_at.is_null());
    diesel::update(open).set(period_reopenings::ended_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// A period of the agency.
///
/// # Errors
/// Not found.
pub(crate) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PeriodRow> {
    fiscal_periods::table
        .find(id)
        .filter(fiscal_periods::agency_id.eq(agency_id))
        .select(PeriodRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("fiscal_period"))
}

/// Puts a period that is still of this version into a state.
///
/// # Errors
/// Another version; the database does not let it.
pub(crate) fn change(tx: &mut WriteTx<'_>, row: &PeriodRow, version: i64, to: PeriodState) -> Outcome<()> {
    let same = fiscal_periods::table.filter(fiscal_periods::id.eq(row.id)).filter(fiscal_periods::version.eq(version));
    let changed = diesel::update(same)
        .set((fiscal_periods::state.eq(to.code()), fiscal_periods::version.eq(version + 1)))
        .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(Refusal::stale("fiscal_period", row.version, version)) }
}

fn seen(tx: &mut WriteTx<'_>, actor: &Actor, before: PeriodRow) -> Outcome<FiscalPeriod> {
    let after = load(tx, actor.agency_id, before.id)?.view(tx)?;
    let before = before.view(tx)?;
    tx.audit(Audit::of("fiscal_period", after.id).before(&before).after(&after))?;
    Ok(after)
}
