//! Filing an uploaded document.

use diesel::prelude::*;
use diwan_archive_api::{DocumentSource, NewDocument};
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, Priority, text};
use diwan_platform::{
    Actor, Fields, Outcome,
    files::{self, NewFile},
    records::{self, NewRecord, numbers},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::platform::units;
use serde_json::json;

use crate::{classes, port};

/// The state of an uploaded document.
pub(super) const FILED: &str = "filed";
/// The register of the archive.
const REGISTER: &str = "archive";

/// Files the document with its files under the next number of the archive's register.
pub(crate) fn run(tx: &mut WriteTx<'_>, actor: &Actor, new: &NewDocument, uploads: &[NewFile]) -> Outcome<i64> {
    let checked = check(tx, actor, new)?;
    let record = NewRecord {
        agency_id: actor.agency_id,
        unit_id: unit(tx, actor, new.unit_id)?,
        kind: RecordKind::Document,
        subject: checked.subject,
        party: checked.party,
        state: FILED,
        secrecy: new.secrecy,
        caveats: new.caveats.clone(),
        priority: Priority::Normal,
        due_on: None,
        class_code: new.class_code.clone(),
        created_by: actor.user_id,
    };
    let id = records::create(tx, &record)?;
    port::file(tx, id, DocumentSource::Upload, new.doc_date)?;
    files::insert_all(tx, actor, id, uploads)?;
    tx.outbox(records::CHANGED, Some(actor.agency_id), Some(id), &())?;
    let number = numbers::take(tx, actor.agency_id, REGISTER, id, actor.user_id)?;
    let detail = json!({ "number": number.display, "class": new.class_code, "secrecy": new.secrecy.code() });
    tx.audit(Audit::of_record(id).after(new).detail(detail))?;
    Ok(id)
}

/// The texts of a document as they are kept.
pub(super) struct Checked {
    pub(super) subject: String,
    pub(super) party: String,
}

/// Checks what an archivist says about a document. Nobody files what they could not see afterwards.
pub(super) fn check(tx: &mut ReadTx<'_>, actor: &Actor, new: &NewDocument) -> Outcome<Checked> {
    let mut fields = Fields::default();
    let subject = fields.take(text::line("subject", &new.subject, text::SUBJECT_MAX));
    let party = match new.party.trim() {
        "" => String::new(),
        party => fields.take(text::line("party", party, text::NAME_MAX)),
    };
    if new.doc_date > tx.today() {
        fields.push(FieldError::new("doc_date", "in_future").with("today", tx.today()));
    }
    if new.secrecy > actor.clearance {
        fields.push(FieldError::new("secrecy", "above_clearance").with("clearance", actor.clearance.code()));
    }
    if let Some(caveat) = new.caveats.iter().find(|caveat| !actor.caveats.contains(caveat)) {
        fields.push(FieldError::new("caveats", "caveat_not_held").with("caveat", caveat.code()));
    }
    fields.done()?;
    if let Some(code) = &new.class_code {
        classes::check(tx, actor.agency_id, code)?;
    }
    Ok(Checked { subject, party })
}

/// The unit that is named, of the actor's agency, or else the actor's own.
fn unit(tx: &mut ReadTx<'_>, actor: &Actor, named: Option<i64>) -> Outcome<Option<i64>> {
    let Some(id) = named else { return Ok(actor.units().next()) };
    units::table
        .filter(units::id.eq(id))
        .filter(units::agency_id.eq(actor.agency_id))
        .filter(units::active.eq(true))
        .select(units::id)
        .first(tx.conn())
        .optional()?
        .map(Some)
        .ok_or_else(|| FieldError::new("unit_id", "unknown_unit").into())
}
