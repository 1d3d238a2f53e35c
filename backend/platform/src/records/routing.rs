//! Approval routes (مسارات الاعتماد): data that says who reviews, approves and signs, step by step.

use std::{cmp::Reverse, collections::BTreeMap};

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::Permission;
use diwan_platform_api::records::{AssigneeKind, StepAssignee, StepMode, TaskKind, TaskOutcome};
use diwan_schema::platform::{approval_routes, approval_steps, holdings, positions, tasks, units};

use super::{RecordRow, access, deadlines, tasks as work};
use crate::{Outcome, Refusal};

/// The kinds of task that a route gives.
pub const ROUTE_TASKS: &[TaskKind] = &[TaskKind::Review, TaskKind::Approve, TaskKind::Opinion, TaskKind::Sign];

/// How deep units may nest before the search for a head gives up.
const UNIT_DEPTH: usize = 20;

/// A step as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = approval_steps)]
struct Step {
    step: i32,
    mode: String,
    task_kind: String,
    assignee_kind: String,
    assignee_id: Option<i64>,
    due_days: Option<i32>,
}

/// How far a route is after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Others of the same step have not answered yet.
    Waiting,
    /// The next step asks for reviews, approvals or opinions.
    Reviewing,
    /// The next step asks for a signature.
    Signing,
    /// No step is left.
    Finished,
}

/// What a record brings to its route.
#[derive(Debug, Clone, Copy, Default)]
pub struct Course {
    /// The position that is asked to sign; the agency's where there is none.
    pub signatory: Option<i64>,
    /// The amount it is about, in minor units of the base currency: larger ones may have a route of their own.
    pub amount: i64,
    /// The rights whose holders are asked where no route says more: first to review, then to sign. Each step is done by
    /// another person, so nobody's review is left out because they sign later.
    pub duties: Option<(Permission, Permission)>,
}

impl Course {
    /// Of a record that a position signs.
    pub fn signed_by(signatory: Option<i64>) -> Self {
        Self { signatory, ..Self::default() }
    }
}

/// Gives out the first step's tasks. Without a route of its own, a record goes to the head of its unit for review and
/// then to the signatory, or to the position of its agency that may sign; with duties, to the holders of those rights.
///
/// # Errors
/// A rule `no_signatory` where nobody can be asked to sign, `nobody_with_right` where nobody else has the right of a duty.
pub fn start(tx: &mut WriteTx<'_>, by: i64, record: &RecordRow, course: Course) -> Outcome<Progress> {
    next(tx, by, record, course, 0)
}

/// Goes on after a task of a step ended well: waits for the others, or gives out the next step's tasks.
///
/// # Errors
/// As [`start`].
pub fn advance(
    tx: &mut WriteTx<'_>,
    by: i64,
    record: &RecordRow,
    course: Course,
    done: &work::TaskRow,
) -> Outcome<Progress> {
    let step = done.step.unwrap_or(0);
    let open: i64 = tasks::table
        .filter(tasks::record_id.eq(record.id))
        .filter(tasks::step.eq(step))
        .filter(tasks::state.eq("open"))
        .count()
        .get_result(tx.conn())?;
    if open > 0 {
        if done.step_mode.as_deref() == Some(StepMode::All.code()) {
            return Ok(Progress::Waiting);
        }
        work::cancel_open(tx, record.id, ROUTE_TASKS, None)?;
    }
    next(tx, by, record, course, step)
}

fn next(tx: &mut WriteTx<'_>, by: i64, record: &RecordRow, course: Course, after: i32) -> Outcome<Progress> {
    let above = units_above(tx, record)?;
    let steps = steps(tx, record, course, after, &above)?;
    let apart = course.duties.is_some();
    let mut numbers: Vec<i32> = steps.iter().map(|s| s.step).filter(|n| *n > after).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        let mut given = None;
        for step in steps.iter().filter(|s| s.step == number) {
            let kind: TaskKind = step.task_kind.parse()?;
            let Some(assignee) = resolve(tx, record, step, &above)? else { continue };
            // Nobody reviews or approves what they prepared: such a step passes to the next one.
            if (apart || kind != TaskKind::Sign) && only_author(tx, record, assignee)? {
                continue;
            }
            // Who signs reads it then: a review by the same position before would be the same step twice.
            if !apart && kind != TaskKind::Sign && signs_later(tx, record, &steps, number, assignee, &above)? {
                continue;
            }
            let due_on = match step.due_days {
                Some(days) => Some(deadlines::due(tx, record.agency_id, days)?),
                None => record.due_on,
            };
            let new = work::NewTask {
                record_id: record.id,
                agency_id: record.agency_id,
                kind,
                step: Some((number, step.mode.parse()?)),
                assignee,
                instruction: None,
                note: None,
                due_on,
            };
            work::give(tx, by, &new)?;
            given = Some(if kind == TaskKind::Sign { Progress::Signing } else { Progress::Reviewing });
        }
        if let Some(progress) = given {
            return Ok(progress);
        }
    }
    Ok(Progress::Finished)
}

/// Whether a later step asks this assignee to sign.
fn signs_later(
    tx: &mut ReadTx<'_>,
    record: &RecordRow,
    steps: &[Step],
    after: i32,
    assignee: (AssigneeKind, i64),
    above: &[i64],
) -> Outcome<bool> {
    for step in steps.iter().filter(|s| s.step > after && s.task_kind == TaskKind::Sign.code()) {
        if resolve(tx, record, step, above)? == Some(assignee) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the task would lie with nobody but the one who prepared the record.
fn only_author(tx: &mut ReadTx<'_>, record: &RecordRow, (kind, id): (AssigneeKind, i64)) -> Outcome<bool> {
    let people = work::people(tx, kind, id)?;
    Ok(!people.is_empty() && people.iter().all(|person| *person == record.created_by))
}

/// The steps a record takes: the active route of its unit or of the nearest unit above, else the agency's, of several the
/// one for the largest amount that it reaches; else the standard one. Who holds a right is asked for steps to come only.
fn steps(tx: &mut ReadTx<'_>, record: &RecordRow, course: Course, after: i32, above: &[i64]) -> Outcome<Vec<Step>> {
    let routes: Vec<(i64, Option<i64>, i64)> = approval_routes::table
        .filter(approval_routes::agency_id.eq(record.agency_id))
        .filter(approval_routes::record_kind.eq(&record.kind))
        .filter(approval_routes::active.eq(true))
        .filter(approval_routes::min_amount.le(course.amount))
        .select((approval_routes::id, approval_routes::unit_id, approval_routes::min_amount))
        .order(approval_routes::id)
        .load(tx.conn())?;
    let distance = |unit: Option<i64>| match unit {
        Some(unit) => above.iter().position(|id| *id == unit),
        None => Some(usize::MAX),
    };
    let best = routes.iter().filter_map(|(id, unit, from)| distance(*unit).map(|d| (d, Reverse(*from), *id))).min();
    let mut steps = match (best, course.duties) {
        (Some((_, _, route)), _) => approval_steps::table
            .filter(approval_steps::route_id.eq(route))
            .select(Step::as_select())
            .order((approval_steps::step, approval_steps::id))
            .load(tx.conn())?,
        (None, Some((review, _))) if after < 1 => holders(tx, record, (1, TaskKind::Review), review)?,
        (None, Some(_)) => Vec::new(),
        (None, None) => vec![Step::new(1, TaskKind::Review, (StepAssignee::HeadOfUnit, None))],
    };
    if !steps.iter().any(|s| s.task_kind == TaskKind::Sign.code()) {
        let reviewed = i32::from(best.is_none());
        let last = steps.iter().map(|s| s.step).max().unwrap_or(reviewed) + 1;
        match (course.signatory, course.duties) {
            (None, Some(_)) if last <= after => {}
            (None, Some((_, sign))) => steps.extend(holders(tx, record, (last, TaskKind::Sign), sign)?),
            (Some(position), _) => {
                steps.push(Step::new(last, TaskKind::Sign, (StepAssignee::Position, Some(position))));
            }
            (None, None) => {
                let position = agency_signatory(tx, record.agency_id)?;
                steps.push(Step::new(last, TaskKind::Sign, (StepAssignee::Position, Some(position))));
            }
        }
    }
    Ok(steps)
}

/// Whoever has the right, but for the one who prepared the record; one of them is enough.
fn holders(
    tx: &mut ReadTx<'_>,
    record: &RecordRow,
    (step, kind): (i32, TaskKind),
    right: Permission,
) -> Outcome<Vec<Step>> {
    let mut people = access::holders_of(tx, record.agency_id, right)?;
    people.retain(|person| *person != record.created_by);
    if people.is_empty() {
        return Err(Refusal::rule("nobody_with_right", [("right", right.code().replace('.', "-"))]));
    }
    Ok(people.into_iter().map(|person| Step::new(step, kind, (StepAssignee::User, Some(person)))).collect())
}

impl Step {
    /// A step without a day of its own, of which one who does it is enough.
    fn new(step: i32, kind: TaskKind, (assignee, assignee_id): (StepAssignee, Option<i64>)) -> Self {
        Self {
            step,
            mode: StepMode::Any.code().to_owned(),
            task_kind: kind.code().to_owned(),
            assignee_kind: assignee.code().to_owned(),
            assignee_id,
            due_days: None,
        }
    }
}

fn agency_signatory(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<i64> {
    positions::table
        .filter(positions::agency_id.eq(agency_id))
        .filter(positions::can_sign.eq(true))
        .filter(positions::active.eq(true))
        .select(positions::id)
        .order(positions::id)
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::rule("no_signatory", []))
}

fn resolve(
    tx: &mut ReadTx<'_>,
    record: &RecordRow,
    step: &Step,
    above: &[i64],
) -> Outcome<Option<(AssigneeKind, i64)>> {
    let fixed = |kind| Ok(step.assignee_id.map(|id| (kind, id)));
    let above = match step.assignee_kind.parse::<StepAssignee>()? {
        StepAssignee::User => return fixed(AssigneeKind::User),
        StepAssignee::Position => return fixed(AssigneeKind::Position),
        StepAssignee::Unit => return fixed(AssigneeKind::Unit),
        StepAssignee::HeadOfUnit => above,
        StepAssignee::HeadOfParent => above.get(1..).unwrap_or_default(),
    };
    // The nearest head who did not prepare the record.
    let today = tx.today();
    for unit_id in above {
        let head: Option<i64> = positions::table
            .inner_join(holdings::table.on(holdings::position_id.eq(positions::id)))
            .filter(positions::unit_id.eq(unit_id))
            .filter(positions::is_head.eq(true))
            .filter(positions::active.eq(true))
            .filter(holdings::from_date.le(today))
            .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
            .filter(holdings::user_id.ne(record.created_by))
            .select(positions::id)
            .order(positions::id)
            .first(tx.conn())
            .optional()?;
        if let Some(position) = head {
            return Ok(Some((AssigneeKind::Position, position)));
        }
    }
    Ok(None)
}

/// The record's unit and those above it, the nearest first.
fn units_above(tx: &mut ReadTx<'_>, record: &RecordRow) -> Outcome<Vec<i64>> {
    let Some(unit_id) = record.unit_id else { return Ok(Vec::new()) };
    let parents: BTreeMap<i64, Option<i64>> = units::table
        .filter(units::agency_id.eq(record.agency_id))
        .select((units::id, units::parent_id))
        .load(tx.conn())?
        .into_iter()
        .collect();
    let parent = |id: &i64| parents.get(id).copied().flatten();
    Ok(std::iter::successors(Some(unit_id), parent).take(UNIT_DEPTH).collect())
}

/// Takes the record out of its route: the open tasks are taken back.
///
/// # Errors
/// The database fails.
pub fn stop(tx: &mut WriteTx<'_>, record_id: i64) -> Outcome<()> {
    work::cancel_open(tx, record_id, ROUTE_TASKS, None)
}

/// Ends the actor's own step of a route, refusing those who prepared the record.
///
/// # Errors
/// Rules `not_your_task`, `own_work`, `task_done_already`.
pub fn finish_step(
    tx: &mut WriteTx<'_>,
    actor: &crate::Actor,
    record: &RecordRow,
    kinds: &[TaskKind],
    outcome: TaskOutcome,
    note: Option<&str>,
) -> Outcome<(work::TaskRow, Option<i64>)> {
    let (task, on_behalf_of) = work::open_for(tx, actor, record.id, kinds)?;
    if record.created_by == actor.user_id && task.kind != TaskKind::Opinion.code() {
        return Err(Refusal::rule("own_work", []));
    }
    work::finish(tx, actor, &task, on_behalf_of, outcome, note)?;
    Ok((task, on_behalf_of))
}
