//! Filing an uploaded document.

use std::collections::BTreeMap;

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

use crate::{
    classes, port,
    types::{tags, values},
};

/// The state of an uploaded document.
pub(super) const FILED: &str = "filed";
/// The register of the archive.
const REGISTER: &str = "archive";

/// Files the document with its files under the next number of the archive's register.
pub(crate) fn run(tx: &mut WriteTx<'_>, actor: &Actor, new: &NewDocument, uploads: &[NewFile]) -> Outcome<i64> {
    classes::begin(tx, actor.agency_id)?;
    let checked = check(tx, actor, new, None)?;
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
    values::put(tx, id, new.type_id, &checked.values)?;
    tags::put(tx, id, &checked.tags)?;
    files::insert_all(tx, actor, id, uploads)?;
    tx.outbox(records::CHANGED, Some(actor.agency_id), Some(id), &())?;
    let number = numbers::take(tx, actor.agency_id, REGISTER, id, actor.user_id)?;
    let detail = json!({ "number": number.display, "class": new.class_code, "secrecy": new.secrecy.code() });
    tx.audit(Audit::of_record(id).after(new).detail(detail))?;
    Ok(id)
}

/// What is said about a document as it is kept.
pub(super) struct Checked {
    pub(super) subject: String,
    pub(super) party: String,
    pub(super) values: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
}

/// What a document has already and so may keep, though it could not be given it today.
pub(super) struct Had<'a> {
    pub(super) class: Option<&'a str>,
    pub(super) type_id: Option<i64>,
}

/// Checks what an archivist says about a document. Nobody files what they could not see afterwards.
pub(super) fn check(tx: &mut ReadTx<'_>, actor: &Actor, new: &NewDocument, had: Option<&Had<'_>>) -> Outcome<Checked> {
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
    let (values, tags) = order(tx, actor, new, had)?;
    Ok(Checked { subject, party, values, tags })
}

/// Checks class, kind, fields and tags: what the archive says of a letter too.
pub(super) fn order(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    new: &NewDocument,
    had: Option<&Had<'_>>,
) -> Outcome<(BTreeMap<String, String>, BTreeMap<String, String>)> {
    if let Some(code) = &new.class_code {
        let kept = had.and_then(|had| had.class) == Some(code.as_str());
        match classes::store::of_code(tx, actor.agency_id, code)?.filter(|_| kept) {
            Some(class) => classes::store::at_least(&class, new.secrecy)?,
            None => classes::check(tx, actor.agency_id, code, new.secrecy)?,
        }
    }
    let values = values::check(tx, actor.agency_id, new, had.and_then(|had| had.type_id))?;
    Ok((values, tags::check(&new.tags)?))
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
