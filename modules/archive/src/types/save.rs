//! Adding and changing a kind of documents.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_archive_api::{DocumentType, DocumentTypeInput, FIELDS_MAX, FieldDef, OPTIONS_MAX, ValueKind, valid_code};
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::archive::{document_types, document_values, documents};

use super::store;

/// Adds a kind.
pub(super) fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &DocumentTypeInput) -> Outcome<DocumentType> {
    let input = checked(tx, actor.agency_id, None, input)?;
    let id: i64 = diesel::insert_into(document_types::table)
        .values((
            document_types::agency_id.eq(actor.agency_id),
            document_types::code.eq(&input.code),
            document_types::name_ar.eq(&input.name.ar),
            document_types::name_en.eq(&input.name.en),
            document_types::fields.eq(serde_json::to_string(&input.fields)?),
            document_types::active.eq(input.active),
            document_types::version.eq(1_i64),
        ))
        .returning(document_types::id)
        .get_result(tx.conn())?;
    tx.audit(Audit::of("document_type", id).after(&input))?;
    store::load(tx, actor.agency_id, id)
}

/// Changes a kind. What documents say already stays; a field that they use keeps what it holds.
pub(super) fn change(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    id: i64,
    version: i64,
    input: &DocumentTypeInput,
) -> Outcome<DocumentType> {
    let before = store::load(tx, actor.agency_id, id)?;
    if before.version != version {
        return Err(Refusal::stale("document_type", before.version, version));
    }
    let input = checked(tx, actor.agency_id, Some(&before), input)?;
    let same = document_types::table.filter(document_types::id.eq(id)).filter(document_types::version.eq(version));
    let rows = diesel::update(same)
        .set((
            document_types::code.eq(&input.code),
            document_types::name_ar.eq(&input.name.ar),
            document_types::name_en.eq(&input.name.en),
            document_types::fields.eq(serde_json::to_string(&input.fields)?),
            document_types::active.eq(input.active),
            document_types::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if rows == 0 {
        return Err(Refusal::stale("document_type", version + 1, version));
    }
    let after = store::load(tx, actor.agency_id, id)?;
    tx.audit(Audit::of("document_type", id).before(&before).after(&after))?;
    Ok(after)
}

fn checked(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    before: Option<&DocumentType>,
    input: &DocumentTypeInput,
) -> Outcome<DocumentTypeInput> {
    let mut fields = Fields::default();
    let mut clean = input.clone();
    clean.code = input.code.trim().to_owned();
    if !valid_code(&clean.code) {
        fields.push(FieldError::new("code", "bad_code_form"));
    }
    clean.name = fields.name("name", &input.name);
    if input.fields.len() > FIELDS_MAX {
        return Err(FieldError::new("fields", "too_many").with("max", FIELDS_MAX).into());
    }
    let mut seen = BTreeSet::new();
    clean.fields = input.fields.iter().enumerate().map(|(at, def)| field(&mut fields, at, def)).collect();
    for (at, def) in clean.fields.iter().enumerate() {
        if !seen.insert(def.code.clone()) {
            fields.push(FieldError::new(format!("fields.{at}.code"), "twice"));
        }
        let old = before.and_then(|before| before.fields.iter().find(|old| old.code == def.code));
        if let (Some(before), Some(old)) = (before, old)
            && old.kind != def.kind
            && used(tx, before.id, &def.code)?
        {
            fields.push(FieldError::new(format!("fields.{at}.kind"), "field_in_use"));
        }
    }
    let same: Option<i64> = document_types::table
        .filter(document_types::agency_id.eq(agency_id))
        .filter(document_types::code.eq(&clean.code))
        .select(document_types::id)
        .first(tx.conn())
        .optional()?;
    if same.is_some_and(|same| before.map(|before| before.id) != Some(same)) {
        fields.push(FieldError::new("code", "taken"));
    }
    fields.done()?;
    Ok(clean)
}

/// A field with clean text; bounds and choices only where its kind has them.
fn field(fields: &mut Fields, at: usize, def: &FieldDef) -> FieldDef {
    let place = |part: &str| format!("fields.{at}.{part}");
    let code = def.code.trim().to_owned();
    if !valid_code(&code) {
        fields.push(FieldError::new(place("code"), "bad_code_form"));
    }
    let bounded = matches!(def.kind, ValueKind::Text | ValueKind::Number | ValueKind::Party);
    let (min, max) = if bounded { (def.min, def.max) } else { (None, None) };
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        fields.push(FieldError::new(place("max"), "below_min"));
    }
    let mut options = Vec::new();
    if def.kind == ValueKind::Choice {
        for option in &def.options {
            let option = fields.take(text::line(&place("options"), option, text::NAME_MAX));
            if options.contains(&option) {
                fields.push(FieldError::new(place("options"), "twice"));
            }
            options.push(option);
        }
        if options.is_empty() {
            fields.push(FieldError::new(place("options"), "required"));
        }
        if options.len() > OPTIONS_MAX {
            fields.push(FieldError::new(place("options"), "too_many").with("max", OPTIONS_MAX));
        }
    }
    let name = fields.name(&place("name"), &def.name);
    FieldDef { code, name, kind: def.kind, required: def.required, min, max, options }
}

/// Whether any document of the kind says something in the field.
fn used(tx: &mut ReadTx<'_>, type_id: i64, code: &str) -> Outcome<bool> {
    let of_kind = documents::table
        .inner_join(document_values::table.on(document_values::record_id.eq(documents::record_id)))
        .filter(documents::type_id.eq(type_id))
        .filter(document_values::field.eq(code));
    Ok(diesel::select(diesel::dsl::exists(of_kind)).get_result(tx.conn())?)
}
