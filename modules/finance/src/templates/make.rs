//! Drafts out of templates: one when a person asks, those that are due by a job. The job makes drafts and nothing else; what
//! it cannot make stays due and is said on the template until it can.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diwan_db::{Audit, Db, DbError, NewJob, ReadTx, WriteTx};
use diwan_finance_api::VoucherProblem;
use diwan_kernel::Who;
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    work::{JobError, JobRun, Work},
};
use diwan_schema::finance::{template_drafts, voucher_templates};
use serde::Deserialize;
use serde_json::json;

use super::{
    content, save,
    schedule::{due_after, period},
    store::TemplateRow,
};
use crate::documents;

/// The kind of the job that makes what is due.
const JOB: &str = "finance.templates";
/// How often it looks.
const LOOK_AGAIN: Duration = Duration::hours(1);
/// Drafts of one template made in one go: two years of months that nobody looked after, and some.
const MOST: usize = 36;

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
    platform.db.upkeep("finance.templates.schedule", |tx| tx.enqueue(later()))
}

fn later() -> NewJob {
    NewJob::new(JOB, json!({})).dedupe(JOB.to_owned())
}

/// The job for what is due now.
pub(super) fn soon() -> NewJob {
    NewJob::new(JOB, json!({})).dedupe(format!("{JOB}:soon"))
}

fn look(run: &JobRun<'_>) -> Result<(), JobError> {
    let db = &run.platform.db;
    make_due(db)?;
    Ok(db.upkeep("finance.templates.look", |tx| {
        let again = tx.now() + LOOK_AGAIN;
        tx.enqueue(later().run_at(again))?;
        run.finish_in(tx)
    })?)
}

/// Makes every draft that is due today, each in a transaction of its own; answers how many. Twice does no harm.
///
/// # Errors
/// The database fails, after all others were made. What a draft refuses is noted on its template.
pub fn make_due(db: &Db) -> Outcome<usize> {
    let due: Vec<i64> = db.read_now(|tx| {
        let today = tx.today();
        Ok::<_, Refusal>(
            voucher_templates::table
                .filter(voucher_templates::next_on.le(today))
                .filter(voucher_templates::active.eq(true))
                .filter(voucher_templates::paused.eq(false))
                .order((voucher_templates::next_on, voucher_templates::id))
                .select(voucher_templates::id)
                .load(tx.conn())?,
        )
    })?;
    let (mut made, mut fault) = (0, None);
    for id in due {
        // One that cannot be read holds up no other.
        match make_of(db, id) {
            Ok(drafts) => made += drafts,
            Err(refusal) => fault = Some(refusal),
        }
    }
    fault.map_or(Ok(made), Err)
}

/// Makes what is due of a template; answers how many drafts.
///
/// # Errors
/// As [`make_due`].
pub(super) fn make_of(db: &Db, id: i64) -> Outcome<usize> {
    let mut made = 0;
    while made < MOST {
        let Some((row, due)) = db.read_now(|tx| due_of(tx, id))? else { break };
        match one(db, &row, due) {
            Ok(()) => made += 1,
            // Somebody else was first, or has changed it meanwhile: the next look sees.
            Err(Refusal::Stale { .. }) => break,
            Err(refusal) => {
                note(db, &row, refusal)?;
                break;
            }
        }
    }
    Ok(made)
}

/// The template, where it is due today, and since when.
fn due_of(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Option<(TemplateRow, NaiveDate)>> {
    let row: Option<TemplateRow> = voucher_templates::table
        .find(id)
        .filter(voucher_templates::active.eq(true))
        .filter(voucher_templates::paused.eq(false))
        .select(TemplateRow::as_select())
        .first(tx.conn())
        .optional()?;
    let today = tx.today();
    Ok(row.and_then(|row| row.next_on.filter(|due| *due <= today).map(|due| (row, due))))
}

/// Makes the draft of a due day in the name of the owner, and goes on to the day after it.
fn one(db: &Db, row: &TemplateRow, due: NaiveDate) -> Outcome<()> {
    let owner = db.read_now(|tx| Actor::load(tx, row.owner_id));
    let owner = owner.map_err(|refusal| match refusal {
        Refusal::SignedOut => Refusal::rule("owner_gone", []),
        other => other,
    })?;
    db.write_now(owner.who(), "finance.template.make", |tx| {
        let Some(schedule) = row.schedule()? else { return Err(Refusal::NotFound("voucher_template")) };
        let still = voucher_templates::table
            .filter(voucher_templates::id.eq(row.id))
            .filter(voucher_templates::version.eq(row.version))
            .filter(voucher_templates::next_on.eq(due));
        let taken = diesel::update(still)
            .set((
                voucher_templates::next_on.eq(due_after(&schedule, due)),
                voucher_templates::problem.eq(""),
                voucher_templates::problem_at.eq(None::<chrono::NaiveDateTime>),
            ))
            .execute(tx.conn())?;
        if taken == 0 {
            return Err(Refusal::stale("voucher_template", row.version, row.version));
        }
        let input = content::on_day(&row.content()?, due, Some(&period(schedule.every, due)));
        let record = documents::create(tx, &owner, &input)?;
        let now = tx.now();
        diesel::insert_into(template_drafts::table)
            .values((
                template_drafts::template_id.eq(row.id),
                template_drafts::due_on.eq(due),
                template_drafts::record_id.eq(record),
                template_drafts::made_at.eq(now),
            ))
            .execute(tx.conn())?;
        tx.audit(Audit::of_record(record).detail(json!({ "template": row.name, "due_on": due })))?;
        Ok(())
    })
}

/// Says on the template why its draft could not be made, once for each reason; faults of the machine go up.
fn note(db: &Db, row: &TemplateRow, refusal: Refusal) -> Outcome<()> {
    let who = Who { agency_id: Some(row.agency_id), ..Who::system() };
    let now = db.clock().now();
    let problem = VoucherProblem { at: now, ..told(refusal)? };
    let text = serde_json::to_string(&VoucherProblem { at: chrono::NaiveDateTime::default(), ..problem.clone() })?;
    if text == row.problem {
        return Ok(());
    }
    db.write_now(who, "finance.template.problem", |tx| {
        diesel::update(voucher_templates::table.find(row.id))
            .set((voucher_templates::problem.eq(&text), voucher_templates::problem_at.eq(now)))
            .execute(tx.conn())?;
        tx.audit(Audit::of("voucher_template", row.id).agency(row.agency_id).after(&problem))?;
        Ok(())
    })
}

/// A refusal as people read it.
///
/// # Errors
/// It is a fault of the machine.
pub(crate) fn told(refusal: Refusal) -> Outcome<VoucherProblem> {
    let said = |code: &str, args, field: String| VoucherProblem {
        code: code.to_owned(),
        args,
        field,
        at: chrono::NaiveDateTime::default(),
    };
    Ok(match refusal {
        Refusal::Invalid(fields) => match fields.into_iter().next() {
            Some(error) => said(&error.code, error.args, error.field),
            None => said("invalid", Default::default(), String::new()),
        },
        Refusal::Rule { code, args, .. } => said(code, args, String::new()),
        Refusal::Forbidden(right) => {
            said("forbidden", [("permission".to_owned(), right.code().to_owned())].into(), String::new())
        }
        Refusal::NotFound(_) => said("not_found", Default::default(), String::new()),
        fault @ (Refusal::Database(_) | Refusal::Internal(_)) => return Err(fault),
        _ => said("invalid", Default::default(), String::new()),
    })
}

/// A draft on a day, because a person wants one; answers its record.
///
/// # Errors
/// Not found, ended; the right to prepare the kind is missing; what a draft refuses.
pub(super) fn draft(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, on: NaiveDate) -> Outcome<i64> {
    let row = save::usable(tx, actor, id)?;
    let record = documents::create(tx, actor, &content::on_day(&row.content()?, on, None))?;
    tx.audit(Audit::of_record(record).detail(json!({ "template": row.name })))?;
    Ok(record)
}

/// Goes on only for those who may have what is due made now.
///
/// # Errors
/// Not found, ended; the right to prepare the kind is missing.
pub(super) fn may_make(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    save::usable(tx, actor, id).map(|_| ())
}
