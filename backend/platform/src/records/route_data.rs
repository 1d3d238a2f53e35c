//! Editing approval routes: data, so that an agency changes who approves without a new version of Diwan.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named};
use diwan_platform_api::records::{ApprovalRoute, ApprovalStep, AssigneeKind, StepAssignee, TaskKind};
use diwan_schema::platform::{approval_routes, approval_steps, positions, units, users};

use super::{store, tasks as work};
use crate::{Actor, Fields, Outcome, Refusal};

/// The most steps of a route.
const STEPS_MAX: usize = 20;

type RouteRow = (i64, String, Option<i64>, String, String, bool, i64, i64);
type StepRow = (i32, String, String, String, Option<i64>, Option<i32>);

/// The routes of the actor's agency.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<ApprovalRoute>> {
    let rows: Vec<RouteRow> = approval_routes::table
        .filter(approval_routes::agency_id.eq(actor.agency_id))
        .order(approval_routes::id)
        .select((
            approval_routes::id,
            approval_routes::record_kind,
            approval_routes::unit_id,
            approval_routes::name_ar,
            approval_routes::name_en,
            approval_routes::active,
            approval_routes::version,
            approval_routes::min_amount,
        ))
        .load(tx.conn())?;
    rows.into_iter()
        .map(|(id, kind, unit_id, ar, en, active, version, min_amount)| {
            let unit = unit_id.map(|id| store::unit_ref(tx, id)).transpose()?;
            let steps = steps(tx, id)?;
            let (record_kind, name) = (kind.parse()?, Named { ar, en });
            Ok(ApprovalRoute { id, record_kind, unit, min_amount, name, active, steps, version })
        })
        .collect()
}

fn steps(tx: &mut ReadTx<'_>, route_id: i64) -> Outcome<Vec<ApprovalStep>> {
    let rows: Vec<StepRow> = approval_steps::table
        .filter(approval_steps::route_id.eq(route_id))
        .order((approval_steps::step, approval_steps::id))
        .select((
            approval_steps::step,
            approval_steps::mode,
            approval_steps::task_kind,
            approval_steps::assignee_kind,
            approval_steps::assignee_id,
            approval_steps::due_days,
        ))
        .load(tx.conn())?;
    rows.into_iter()
        .map(|(step, mode, task_kind, assignee, assignee_id, due_days)| {
            let assignee: StepAssignee = assignee.parse()?;
            let assignee_name = match (fixed(assignee), assignee_id) {
                (Some(kind), Some(id)) => work::assignee_name(tx, kind, id)?,
                _ => Named::default(),
            };
            Ok(ApprovalStep {
                step,
                mode: mode.parse()?,
                task_kind: task_kind.parse()?,
                assignee,
                assignee_id,
                assignee_name,
                due_days,
            })
        })
        .collect()
}

/// The kind of assignee that a step names itself; none where it goes by the record's unit.
fn fixed(assignee: StepAssignee) -> Option<AssigneeKind> {
    match assignee {
        StepAssignee::User => Some(AssigneeKind::User),
        StepAssignee::Position => Some(AssigneeKind::Position),
        StepAssignee::Unit => Some(AssigneeKind::Unit),
        StepAssignee::HeadOfUnit | StepAssignee::HeadOfParent => None,
    }
}

/// Adds a route, or puts this one in the place of the one its id names. Records under way go on by the new steps.
///
/// # Errors
/// Wrong fields; another agency's route; a stale version.
pub fn put(tx: &mut WriteTx<'_>, actor: &Actor, route: &ApprovalRoute) -> Outcome<i64> {
    let Named { ar, en } = check(tx, actor, route)?;
    let unit_id = route.unit.as_ref().map(|unit| unit.id);
    let values = (
        approval_routes::record_kind.eq(route.record_kind.code()),
        approval_routes::unit_id.eq(unit_id),
        approval_routes::name_ar.eq(ar),
        approval_routes::name_en.eq(en),
        approval_routes::active.eq(route.active),
        approval_routes::version.eq(route.version + 1),
        approval_routes::min_amount.eq(route.min_amount),
    );
    let id = if route.id == 0 {
        let (kind, unit, ar, en, active, version, min_amount) = values;
        diesel::insert_into(approval_routes::table)
            .values((approval_routes::agency_id.eq(actor.agency_id), kind, unit, ar, en, active, version, min_amount))
            .returning(approval_routes::id)
            .get_result(tx.conn())?
    } else {
        let current: i64 = approval_routes::table
            .filter(approval_routes::id.eq(route.id))
            .filter(approval_routes::agency_id.eq(actor.agency_id))
            .select(approval_routes::version)
            .first(tx.conn())
            .optional()?
            .ok_or(Refusal::NotFound("approval_route"))?;
        let changed = diesel::update(
            approval_routes::table
                .filter(approval_routes::id.eq(route.id))
                .filter(approval_routes::version.eq(route.version)),
        )
        .set(values)
        .execute(tx.conn())?;
        if changed == 0 {
            return Err(Refusal::stale("approval_route", current, route.version));
        }
        route.id
    };
    diesel::delete(approval_steps::table.filter(approval_steps::route_id.eq(id))).execute(tx.conn())?;
    for step in &route.steps {
        diesel::insert_into(approval_steps::table)
            .values((
                approval_steps::route_id.eq(id),
                approval_steps::step.eq(step.step),
                approval_steps::mode.eq(step.mode.code()),
                approval_steps::task_kind.eq(step.task_kind.code()),
                approval_steps::assignee_kind.eq(step.assignee.code()),
                approval_steps::assignee_id.eq(fixed(step.assignee).and(step.assignee_id)),
                approval_steps::due_days.eq(step.due_days),
            ))
            .execute(tx.conn())?;
    }
    tx.audit(Audit::of("approval_route", id).after(route))?;
    Ok(id)
}

fn check(tx: &mut ReadTx<'_>, actor: &Actor, route: &ApprovalRoute) -> Outcome<Named> {
    let mut fields = Fields::default();
    let name = fields.name("name", &route.name);
    if route.steps.is_empty() || route.steps.len() > STEPS_MAX {
        fields.push(FieldError::new("steps", "out_of_range").with("min", 1).with("max", STEPS_MAX));
    }
    if route.min_amount < 0 {
        fields.push(FieldError::new("min_amount", "out_of_range").with("min", 0));
    }
    if let Some(unit) = &route.unit
        && !of_agency(tx, actor, AssigneeKind::Unit, unit.id)?
    {
        fields.push(FieldError::new("unit", "unknown"));
    }
    for (index, step) in route.steps.iter().take(STEPS_MAX).enumerate() {
        if step.step < 1 {
            fields.push(FieldError::new(format!("steps.{index}.step"), "out_of_range").with("min", 1));
        }
        if !matches!(step.task_kind, TaskKind::Review | TaskKind::Approve | TaskKind::Opinion | TaskKind::Sign) {
            fields.push(FieldError::new(format!("steps.{index}.task_kind"), "unknown"));
        }
        if step.due_days.is_some_and(|days| days < 1) {
            fields.push(FieldError::new(format!("steps.{index}.due_days"), "out_of_range").with("min", 1));
        }
        let fault = match (fixed(step.assignee), step.assignee_id) {
            (Some(_), None) => Some("required"),
            (Some(kind), Some(id)) => (!of_agency(tx, actor, kind, id)?).then_some("unknown"),
            (None, _) => None,
        };
        if let Some(code) = fault {
            fields.push(FieldError::new(format!("steps.{index}.assignee_id"), code));
        }
    }
    fields.done()?;
    Ok(name)
}

/// Whether an active person, position or unit of that id belongs to the actor's agency.
///
/// # Errors
/// The database fails.
pub fn of_agency(tx: &mut ReadTx<'_>, actor: &Actor, kind: AssigneeKind, id: i64) -> Outcome<bool> {
    let agency = actor.agency_id;
    let found: i64 = match kind {
        AssigneeKind::User => users::table
            .filter(users::id.eq(id).and(users::agency_id.eq(agency)).and(users::active.eq(true)))
            .count()
            .get_result(tx.conn())?,
        AssigneeKind::Position => positions::table
            .filter(positions::id.eq(id).and(positions::agency_id.eq(agency)).and(positions::active.eq(true)))
            .count()
            .get_result(tx.conn())?,
        AssigneeKind::Unit => units::table
            .filter(units::id.eq(id).and(units::agency_id.eq(agency)).and(units::active.eq(true)))
            .count()
            .get_result(tx.conn())?,
    };
    Ok(found > 0)
}
