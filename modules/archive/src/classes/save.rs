//! Adding a class, changing it, moving it with all below it, closing it.

use diwan_archive_api::{ClassInput, DocumentClass, path_below, valid_code, within};
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};

use super::store::{self, ClassRow};
use crate::{guard, holds::store as holds, order, schedules::store as schedules};

/// The most classes of one agency.
const MOST: usize = 2_000;
/// How deep the plan may go.
const DEPTH_MAX: usize = 8;

/// Adds a class.
pub(super) fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &ClassInput) -> Outcome<DocumentClass> {
    // Paths are made from the classes above: one change of the plan at a time.
    guard::take(tx, actor.agency_id)?;
    let (input, path) = checked(tx, actor.agency_id, None, input)?;
    let id = store::insert(tx, actor.agency_id, &input, &path)?;
    tx.audit(Audit::of("class", id).after(&input))?;
    store::view(tx, actor.agency_id, id)
}

/// Changes a class. Moved, it takes along what is below it; what is filed under any of them is reckoned and indexed anew.
pub(super) fn change(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    id: i64,
    version: i64,
    input: &ClassInput,
) -> Outcome<DocumentClass> {
    let agency_id = actor.agency_id;
    store::load(tx, agency_id, id)?;
    guard::take(tx, agency_id)?;
    let row = store::load(tx, agency_id, id)?;
    if row.version != version {
        return Err(Refusal::stale("class", row.version, version));
    }
    if input.code.trim() != row.code {
        return Err(Refusal::field("code", "code_fixed"));
    }
    let (input, path) = checked(tx, agency_id, Some(&row), input)?;
    let before = store::view(tx, agency_id, id)?;
    store::update(tx, (id, version), &input, &path)?;
    if path != row.path {
        holds::none_above(tx, agency_id, &row.path)?;
        store::move_below(tx, agency_id, &row.path, &path)?;
    }
    let after = store::view(tx, agency_id, id)?;
    tx.audit(Audit::of("class", id).before(&before).after(&after))?;
    if path != row.path || input.schedule_id != row.schedule_id {
        order::again(tx, agency_id, order::Which::Class(path))?;
    }
    Ok(after)
}

/// The form with clean text, and the path of the class; `row` is the class that is changed.
fn checked(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    row: Option<&ClassRow>,
    input: &ClassInput,
) -> Outcome<(ClassInput, String)> {
    let mut fields = Fields::default();
    let mut clean = input.clone();
    clean.code = input.code.trim().to_owned();
    if !valid_code(&clean.code) {
        fields.push(FieldError::new("code", "bad_code_form"));
    }
    clean.name = fields.name("name", &input.name);
    clean.note = match input.note.trim() {
        "" => String::new(),
        note => fields.take(text::lines("note", note, text::NOTE_MAX)),
    };
    let classes = store::all(tx, agency_id)?;
    if row.is_none() && classes.len() >= MOST {
        fields.push(FieldError::new("code", "too_many").with("max", MOST));
    }
    if row.is_none() && classes.iter().any(|class| class.code == clean.code) {
        fields.push(FieldError::new("code", "taken"));
    }
    let above = match input.parent_id {
        None => None,
        Some(id) => match classes.iter().find(|class| class.id == id) {
            None => {
                fields.push(FieldError::new("parent_id", "unknown"));
                None
            }
            Some(above) if row.is_some_and(|row| within(&above.path, &row.path)) => {
                fields.push(FieldError::new("parent_id", "class_below_itself"));
                None
            }
            above => above,
        },
    };
    let path = path_below(above.map(|above| above.path.as_str()), &clean.code);
    if path.matches('/').count() >= DEPTH_MAX {
        fields.push(FieldError::new("parent_id", "plan_too_deep").with("max", DEPTH_MAX));
    }
    fields.done()?;
    // A schedule that is no longer in force stays where it is; only new classes cannot get it.
    if let Some(id) = clean.schedule_id.filter(|id| row.is_none_or(|row| row.schedule_id != Some(*id))) {
        schedules::to_give(tx, agency_id, id)?;
    }
    Ok((clean, path))
}
