//! Tasks (المهام): who is asked for what on a record, and what came of it.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_kernel::Named;
use diwan_platform_api::records::{Assignee, AssigneeKind, Instruction, StepMode, Task, TaskKind, TaskOutcome};
use diwan_schema::platform::{holdings, positions, tasks};

use super::{access, notify, store};
use crate::{Actor, Outcome, Refusal, actor::DelegationScope};

/// A task to be given.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of Task")]
pub struct NewTask {
    pub record_id: i64,
    pub agency_id: i64,
    pub kind: TaskKind,
    pub step: Option<(i32, StepMode)>,
    pub assignee: (AssigneeKind, i64),
    pub instruction: Option<Instruction>,
    pub note: Option<String>,
    pub due_on: Option<NaiveDate>,
}

/// The row of a task.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tasks)]
#[expect(missing_docs, reason = "the columns are those of Task")]
pub struct TaskRow {
    pub id: i64,
    pub record_id: i64,
    pub agency_id: i64,
    pub kind: String,
    pub step: Option<i32>,
    pub step_mode: Option<String>,
    pub assignee_kind: String,
    pub assignee_id: i64,
    pub instruction: Option<String>,
    pub note: Option<String>,
    pub created_by: i64,
    pub created_at: NaiveDateTime,
    pub due_on: Option<NaiveDate>,
    pub state: String,
    pub opened_at: Option<NaiveDateTime>,
    pub done_at: Option<NaiveDateTime>,
    pub done_by: Option<i64>,
    pub done_for: Option<i64>,
    pub outcome: Option<String>,
    pub outcome_note: Option<String>,
}

/// Gives a task: its people may see the record from now on and are told.
///
/// # Errors
/// The database fails.
pub fn give(tx: &mut WriteTx<'_>, by: i64, new: &NewTask) -> Outcome<i64> {
    let now = tx.now();
    let (kind, assignee) = new.assignee;
    let id = diesel::insert_into(tasks::table)
        .values((
            tasks::record_id.eq(new.record_id),
            tasks::agency_id.eq(new.agency_id),
            tasks::kind.eq(new.kind.code()),
            tasks::step.eq(new.step.map(|(step, _)| step)),
            tasks::step_mode.eq(new.step.map(|(_, mode)| mode.code())),
            tasks::assignee_kind.eq(kind.code()),
            tasks::assignee_id.eq(assignee),
            tasks::instruction.eq(new.instruction.map(Instruction::code)),
            tasks::note.eq(&new.note),
            tasks::created_by.eq(by),
            tasks::created_at.eq(now),
            tasks::due_on.eq(new.due_on),
            tasks::state.eq("open"),
        ))
        .returning(tasks::id)
        .get_result(tx.conn())?;
    let people = people(tx, kind, assignee)?;
    let principals = access::of_assignee(tx, kind, assignee, &people)?;
    access::grant(tx, new.record_id, &principals)?;
    notify::tell(
        tx,
        people.iter().copied().filter(|person| *person != by),
        "task_given",
        new.record_id,
        &serde_json::json!({ "task": new.kind.code() }),
    )?;
    Ok(id)
}

/// The persons a task lies with today.
///
/// # Errors
/// The database fails.
pub fn people(tx: &mut ReadTx<'_>, kind: AssigneeKind, id: i64) -> Outcome<BTreeSet<i64>> {
    if kind == AssigneeKind::User {
        return Ok(BTreeSet::from([id]));
    }
    let today = tx.today();
    let mut query = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .filter(holdings::from_date.le(today))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
        .select(holdings::user_id)
        .into_boxed();
    query = match kind {
        AssigneeKind::Unit => query.filter(positions::unit_id.eq(id)),
        _ => query.filter(positions::id.eq(id)),
    };
    Ok(query.load(tx.conn())?.into_iter().collect())
}

/// For whom the actor may do the task: themselves (`None` inside), somebody they act for, or nobody.
pub fn doer(actor: &Actor, task: &TaskRow) -> Option<Option<i64>> {
    let fits = |user_id: i64, held: &[crate::actor::Held]| match task.assignee_kind.as_str() {
        "user" => task.assignee_id == user_id,
        "position" => held.iter().any(|h| h.position_id == task.assignee_id),
        _ => held.iter().any(|h| h.unit_id == task.assignee_id),
    };
    if fits(actor.user_id, &actor.held) {
        return Some(None);
    }
    let covers = |scope| match scope {
        DelegationScope::All => true,
        DelegationScope::Sign => task.kind == "sign",
        DelegationScope::Review => matches!(task.kind.as_str(), "review" | "approve" | "opinion"),
    };
    actor.acts_for.iter().find(|a| covers(a.scope) && fits(a.user_id, &a.held)).map(|a| Some(a.user_id))
}

/// The open task of that kind on a record that the actor may do, with whom they do it for.
///
/// # Errors
/// A rule `not_your_task` where there is none.
pub fn open_for(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    record_id: i64,
    kinds: &[TaskKind],
) -> Outcome<(TaskRow, Option<i64>)> {
    let codes: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    let open: Vec<TaskRow> = tasks::table
        .filter(tasks::record_id.eq(record_id))
        .filter(tasks::state.eq("open"))
        .filter(tasks::kind.eq_any(codes))
        .select(TaskRow::as_select())
        .order(tasks::id)
        .kept()
        .load(tx.conn())?;
    open.into_iter()
        .find_map(|task| doer(actor, &task).map(|on_behalf| (task, on_behalf)))
        .ok_or_else(|| Refusal::rule("not_your_task", []))
}

/// Ends a task. The row decides: of two who end it at once, one is told that it is done.
///
/// # Errors
/// A rule `task_done_already`.
pub fn finish(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    task: &TaskRow,
    on_behalf_of: Option<i64>,
    outcome: TaskOutcome,
    note: Option<&str>,
) -> Outcome<()> {
    let now = tx.now();
    let ended = diesel::update(tasks::table.filter(tasks::id.eq(task.id)).filter(tasks::state.eq("open")))
        .set((
            tasks::state.eq("done"),
            tasks::done_at.eq(now),
            tasks::done_by.eq(actor.user_id),
            tasks::done_for.eq(on_behalf_of),
            tasks::outcome.eq(outcome.code()),
            tasks::outcome_note.eq(note),
        ))
        .kept()
        .execute(tx.conn())?;
    if ended == 1 { Ok(()) } else { Err(Refusal::rule("task_done_already", [])) }
}

/// Takes back the open tasks of a record, but for one.
///
/// # Errors
/// The database fails.
pub fn cancel_open(tx: &mut WriteTx<'_>, record_id: i64, kinds: &[TaskKind], but: Option<i64>) -> Outcome<()> {
    let codes: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    diesel::update(
        tasks::table
            .filter(tasks::record_id.eq(record_id))
            .filter(tasks::state.eq("open"))
            .filter(tasks::kind.eq_any(codes))
            .filter(tasks::id.ne(but.unwrap_or(0))),
    )
    .set(tasks::state.eq("cancelled"))
    .kept()
    .execute(tx.conn())?;
    Ok(())
}

/// Notes that one of its people has opened the task.
///
/// # Errors
/// The database fails.
pub fn mark_opened(tx: &mut WriteTx<'_>, task_ids: &[i64]) -> Outcome<()> {
    let now = tx.now();
    diesel::update(tasks::table.filter(tasks::id.eq_any(task_ids)).filter(tasks::opened_at.is_null()))
        .set(tasks::opened_at.eq(now))
        .kept()
        .execute(tx.conn())?;
    Ok(())
}

/// The tasks of a record the caller has loaded in scope, oldest first.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Vec<Task>> {
    let rows: Vec<TaskRow> = tasks::table
        .filter(tasks::record_id.eq(record_id))
        .select(TaskRow::as_select())
        .order(tasks::id)
        .load(tx.conn())?;
    rows.into_iter().map(|row| view(tx, actor, row)).collect()
}

/// A task with its names.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn view(tx: &mut ReadTx<'_>, actor: &Actor, row: TaskRow) -> Outcome<Task> {
    let kind: AssigneeKind = row.assignee_kind.parse()?;
    let name = assignee_name(tx, kind, row.assignee_id)?;
    let mine = row.state == "open" && doer(actor, &row).is_some();
    Ok(Task {
        id: row.id,
        record_id: row.record_id,
        kind: row.kind.parse()?,
        step: row.step,
        assignee: Assignee { kind, id: row.assignee_id, name },
        instruction: row.instruction.as_deref().map(str::parse).transpose()?,
        note: row.note,
        created_by: store::user_ref(tx, row.created_by)?,
        created_at: row.created_at,
        due_on: row.due_on,
        state: row.state.parse()?,
        opened_at: row.opened_at,
        done_at: row.done_at,
        done_by: row.done_by.map(|id| store::user_ref(tx, id)).transpose()?,
        done_for: row.done_for.map(|id| store::user_ref(tx, id)).transpose()?,
        outcome: row.outcome.as_deref().map(str::parse).transpose()?,
        outcome_note: row.outcome_note,
        mine,
    })
}

/// The name of a person, position or unit.
///
/// # Errors
/// The database fails, or there is none of that id.
pub fn assignee_name(tx: &mut ReadTx<'_>, kind: AssigneeKind, id: i64) -> Outcome<Named> {
    Ok(match kind {
        AssigneeKind::User => store::user_ref(tx, id)?.name,
        AssigneeKind::Unit => store::unit_ref(tx, id)?.name,
        AssigneeKind::Position => {
            let (ar, en) =
                positions::table.find(id).select((positions::title_ar, positions::title_en)).first(tx.conn())?;
            Named { ar, en }
        }
    })
}
