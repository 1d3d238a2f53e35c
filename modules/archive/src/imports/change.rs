//! Making an import, letting it run, stopping it.

use diesel::prelude::*;
use diwan_archive_api::{ImportDefaults, ImportSource, ImportState, NewImport};
use diwan_db::{Audit, NewJob, WriteTx};
use diwan_kernel::{FieldError, Permission, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::archive::imports;
use serde_json::json;

use super::{
    files, slice,
    store::{self, ImportRow},
};
use crate::classes;

/// Makes an import of uploads, which then takes files.
pub(super) fn create(tx: &mut WriteTx<'_>, actor: &Actor, new: &NewImport) -> Outcome<ImportRow> {
    let id = insert(tx, actor, new, ImportSource::Upload, None)?;
    store::load(tx, actor, id)
}

/// Makes an import. Nobody brings in what they could not see afterwards.
pub(super) fn insert(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    new: &NewImport,
    source: ImportSource,
    root: Option<&str>,
) -> Outcome<i64> {
    actor.require(Permission::ArchiveFile)?;
    let mut fields = Fields::default();
    let name = fields.take(text::line("name", &new.name, text::NAME_MAX));
    classes::begin(tx, actor.agency_id)?;
    check(tx, actor, &new.defaults, &mut fields)?;
    fields.done()?;
    let now = tx.now();
    let state = if source == ImportSource::Upload { ImportState::Open } else { ImportState::Running };
    let id: i64 = diesel::insert_into(imports::table)
        .values((
            imports::agency_id.eq(actor.agency_id),
            imports::created_by.eq(actor.user_id),
            imports::name.eq(&name),
            imports::source.eq(source.code()),
            imports::root.eq(root),
            imports::defaults.eq(serde_json::to_string(&new.defaults)?),
            imports::state.eq(state.code()),
            imports::created_at.eq(now),
            imports::updated_at.eq(now),
        ))
        .returning(imports::id)
        .get_result(tx.conn())?;
    tx.audit(Audit::of("import", id).agency(actor.agency_id).after(new).detail(json!({ "source": source.code() })))?;
    Ok(id)
}

fn check(tx: &mut WriteTx<'_>, actor: &Actor, defaults: &ImportDefaults, fields: &mut Fields) -> Outcome<()> {
    if defaults.secrecy > actor.clearance {
        let fault = FieldError::new("defaults.secrecy", "above_clearance");
        fields.push(fault.with("clearance", actor.clearance.code()));
    }
    if let Some(caveat) = defaults.caveats.iter().find(|caveat| !actor.caveats.contains(caveat)) {
        fields.push(FieldError::new("defaults.caveats", "caveat_not_held").with("caveat", caveat.code()));
    }
    if defaults.doc_date.is_some_and(|day| day > tx.today()) {
        fields.push(FieldError::new("defaults.doc_date", "in_future").with("today", tx.today()));
    }
    if !defaults.party.trim().is_empty() {
        fields.take(text::line("defaults.party", &defaults.party, text::NAME_MAX));
    }
    if let Some(code) = &defaults.class_code {
        match classes::check(tx, actor.agency_id, code, defaults.secrecy) {
            Err(Refusal::Invalid(wrong)) => {
                wrong
                    .into_iter()
                    .for_each(|fault| fields.push(FieldError { field: format!("defaults.{}", fault.field), ..fault }));
            }
            other => other?,
        }
    }
    Ok(())
}

/// Lets an import run, or go on where it was stopped; files that failed are tried again.
pub(super) fn start(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<ImportRow> {
    let row = store::load(tx, actor, id)?;
    let failed = store::counts(tx, &[id])?.remove(&id).unwrap_or_default().failed;
    tx.audit(Audit::of("import", id).agency(row.agency_id))?;
    match row.state()? {
        ImportState::Running => return Ok(row),
        // What is done has its end, except for what failed.
        ImportState::Done if failed == 0 => return Err(wrong(&row, "start")?),
        ImportState::Open | ImportState::Paused | ImportState::Done => {}
    }
    files::retry_failed(tx, id)?;
    set(tx, id, ImportState::Running)?;
    if row.source()? == ImportSource::Upload {
        tx.enqueue(job(id))?;
    }
    store::row(tx, id)
}

/// The job that files the uploads of an import.
pub(super) fn job(id: i64) -> NewJob {
    NewJob::new(slice::JOB, json!({ "import": id })).priority(slice::PRIORITY).dedupe(format!("{}:{id}", slice::JOB))
}

/// Stops an import between two batches; what is filed stays filed.
pub(super) fn pause(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<ImportRow> {
    let row = store::load(tx, actor, id)?;
    tx.audit(Audit::of("import", id).agency(row.agency_id))?;
    match row.state()? {
        ImportState::Running => {}
        ImportState::Paused => return Ok(row),
        ImportState::Open | ImportState::Done => return Err(wrong(&row, "pause")?),
    }
    set(tx, id, ImportState::Paused)?;
    store::row(tx, id)
}

/// Goes on only while the import takes files.
pub(super) fn takes_files(row: &ImportRow) -> Outcome<()> {
    match row.state()? {
        ImportState::Open | ImportState::Paused | ImportState::Running if row.source()? == ImportSource::Upload => {
            Ok(())
        }
        _ => Err(wrong(row, "add_files")?),
    }
}

fn wrong(row: &ImportRow, action: &str) -> Outcome<Refusal> {
    Ok(Refusal::WrongState { state: row.state()?.code().to_owned(), action: action.to_owned() })
}

/// Puts an import into a state.
pub(super) fn set(tx: &mut WriteTx<'_>, id: i64, state: ImportState) -> Outcome<()> {
    let now = tx.now();
    let finished = (state == ImportState::Done).then_some(now);
    diesel::update(imports::table.find(id))
        .set((imports::state.eq(state.code()), imports::updated_at.eq(now), imports::finished_at.eq(finished)))
        .execute(tx.conn())?;
    Ok(())
}
