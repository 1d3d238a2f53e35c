//! Journal vouchers that take themselves back on a day (العكس التلقائي), as what is due at the end of a month does: a job drafts the
//! reversal in the name of whoever prepared them, and nothing more than that. What it cannot make is said on the document, and that
//! a draft of its was given up: it makes no other one.

use chrono::{Duration, NaiveDate, NaiveDateTime};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use diwan_db::{Audit, Db, DbError, NewJob, ReadTx, WriteTx};
use diwan_finance_api::{DocumentNote, DocumentState, VoucherProblem};
use diwan_kernel::{FieldError, Who};
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    records::store as spine,
    work::{JobError, JobRun, Work},
};
use diwan_schema::{
    finance::{finance_auto_reversals, finance_details, fiscal_years},
    platform::records,
};
use serde::Deserialize;
use serde_json::json;

use super::reverse;
use crate::templates;

/// The kind of the job that drafts what is due.
const JOB: &str = "finance.reversals";
/// How often it looks.
const LOOK_AGAIN: Duration = Duration::hours(1);
/// What the draft is written for.
const REASON: &str = "عكس تلقائي في تاريخه";

/// The payload of the job.
#[derive(Deserialize)]
struct Nothing {}

/// Adds the job.
pub fn work(work: &mut Work) {
    work.jobs.on(JOB, |run, Nothing {}| look(run));
}

/// Leaves the job where none waits.
///
/// # Errors
/// The database fails.
pub fn schedule(platform: &Platform) -> Result<(), DbError> {
    platform.db.upkeep("finance.reversals.schedule", |tx| tx.enqueue(later()))
}

fn later() -> NewJob {
    NewJob::new(JOB, json!({})).dedupe(JOB.to_owned())
}

fn look(run: &JobRun<'_>) -> Result<(), JobError> {
    let db = &run.platform.db;
    make_due(db)?;
    Ok(db.upkeep("finance.reversals.look", |tx| {
        let again = tx.now() + LOOK_AGAIN;
        tx.enqueue(later().run_at(again))?;
        run.finish_in(tx)
    })?)
}

/// What was spent of a budget goes back into it within its own year. This is asked where the day is set, and not only when it comes:
/// `on_key` says that a line names a budget key.
///
/// # Errors
/// The field `details.reverse_on`: `reversal_other_year` with the year of the document.
pub(super) fn own_year(
    tx: &mut ReadTx<'_>,
    year_id: i64,
    (reverse_on, on_key): (Option<NaiveDate>, bool),
) -> Outcome<()> {
    let Some(on) = reverse_on.filter(|_| on_key) else { return Ok(()) };
    let (year, last): (i32, NaiveDate) =
        fiscal_years::table.find(year_id).select((fiscal_years::year, fiscal_years::ends_on)).first(tx.conn())?;
    if on <= last {
        return Ok(());
    }
    Err(FieldError::new("details.reverse_on", "reversal_other_year").with("year", year).into())
}

/// Drafts every reversal that is due today, each in a transaction of its own; answers how many. Twice does no harm.
///
/// # Errors
/// The database fails, after all others were made. What a reversal refuses is noted on its document.
pub fn make_due(db: &Db) -> Outcome<usize> {
    let (mut made, mut fault) = (0, None);
    for (id, on) in db.read_now(due)? {
        match one(db, id, on).or_else(|refusal| noted(db, id, refusal)) {
            Ok(drafts) => made += drafts,
            Err(refusal) => fault = Some(refusal),
        }
    }
    fault.map_or(Ok(made), Err)
}

/// What is due today: posted, and not drafted yet.
fn due(tx: &mut ReadTx<'_>) -> Outcome<Vec<(i64, NaiveDate)>> {
    let today = tx.today();
    let posted = records::table
        .filter(records::id.eq(finance_details::record_id))
        .filter(records::state.eq(DocumentState::Posted.code()));
    let made = finance_auto_reversals::table
        .filter(finance_auto_reversals::record_id.eq(finance_details::record_id))
        .filter(finance_auto_reversals::reversal_id.is_not_null());
    let rows: Vec<(i64, Option<NaiveDate>)> = finance_details::table
        .filter(finance_details::reverse_on.le(today))
        .filter(exists(posted))
        .filter(not(exists(made)))
        .order(finance_details::record_id)
        .select((finance_details::record_id, finance_details::reverse_on))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(id, on)| Some((id, on?))).collect())
}

/// Drafts the reversal of a document for its day; answers one, or none where somebody reverses it already.
fn one(db: &Db, id: i64, on: NaiveDate) -> Outcome<usize> {
    let preparer = db.read_now(|tx| {
        let record = spine::load_for_system(tx, id)?;
        Actor::load(tx, record.created_by)
    });
    let preparer = preparer.map_err(|refusal| match refusal {
        Refusal::SignedOut => Refusal::rule("preparer_gone", []),
        other => other,
    })?;
    let made = db.write_now(preparer.who(), "finance.document.reverse", |tx| {
        let version = spine::load_for_system(tx, id)?.version;
        let note = DocumentNote { note: Some(REASON.to_owned()), on: Some(on), ..DocumentNote::default() };
        let reversal = reverse::start(tx, &preparer, id, version, &note)?;
        write(tx, id, (Some(reversal), ""))
    });
    match made {
        Ok(()) => Ok(1),
        Err(Refusal::Rule { code: "reversed_already", .. } | Refusal::Stale { .. }) => Ok(0),
        Err(other) => Err(other),
    }
}

/// Says on the document why the draft could not be made, once for each reason; faults of the machine go up.
fn noted(db: &Db, id: i64, refusal: Refusal) -> Outcome<usize> {
    // Its moment stands beside it: the same reason is told once.
    let problem = VoucherProblem { at: NaiveDateTime::default(), ..templates::told(refusal)? };
    let text = serde_json::to_string(&problem)?;
    let (agency_id, before) = db.read_now(|tx| {
        let stored = finance_auto_reversals::table.find(id).select(finance_auto_reversals::problem);
        let before: Option<String> = stored.first(tx.conn()).optional()?;
        Ok::<_, Refusal>((spine::load_for_system(tx, id)?.agency_id, before))
    })?;
    if before.as_ref() == Some(&text) {
        return Ok(0);
    }
    let who = Who { agency_id: Some(agency_id), ..Who::system() };
    db.write_now(who, "finance.reversal.problem", |tx| {
        write(tx, id, (None, &text))?;
        tx.audit(Audit::of_record(id).detail(json!({ "problem": problem })))?;
        Ok(0)
    })
}

/// Writes what became of it.
fn write(tx: &mut WriteTx<'_>, id: i64, (reversal, problem): (Option<i64>, &str)) -> Outcome<()> {
    let now = tx.now();
    let values = || {
        (
            finance_auto_reversals::reversal_id.eq(reversal),
            finance_auto_reversals::problem.eq(problem),
            finance_auto_reversals::tried_at.eq(now),
        )
    };
    let known = diesel::update(finance_auto_reversals::table.find(id)).set(values()).execute(tx.conn())?;
    if known == 0 {
        diesel::insert_into(finance_auto_reversals::table)
            .values((finance_auto_reversals::record_id.eq(id), values()))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Why the draft could not be made yet, or that it was given up and no other one is made; and since when.
///
/// # Errors
/// The database fails, or holds what is no reason.
pub(super) fn problem(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Option<VoucherProblem>> {
    let stored: Option<(Option<i64>, String, NaiveDateTime)> = finance_auto_reversals::table
        .find(id)
        .select((
            finance_auto_reversals::reversal_id,
            finance_auto_reversals::problem,
            finance_auto_reversals::tried_at,
        ))
        .first(tx.conn())
        .optional()?;
    let Some((draft, text, at)) = stored else { return Ok(None) };
    let Some(draft) = draft else { return Ok(Some(VoucherProblem { at, ..serde_json::from_str(&text)? })) };
    let draft = spine::load_for_system(tx, draft)?;
    let given_up = draft.state == DocumentState::Void.code();
    Ok(given_up.then(|| VoucherProblem {
        code: "reversal_given_up".to_owned(),
        args: Default::default(),
        field: String::new(),
        at: draft.updated_at,
    }))
}
