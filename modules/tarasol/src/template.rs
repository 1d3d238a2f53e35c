//! Templates (نماذج): the subject and text a letter starts from, with merge fields.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::tarasol::letter_templates;
use diwan_tarasol_api::Template;

type Row = (i64, Option<i64>, String, String, String, String, String, String, bool, i64);

/// The templates the actor's agency has: its own and the shared ones.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Template>> {
    let rows: Vec<Row> = letter_templates::table
        .filter(letter_templates::agency_id.is_null().or(letter_templates::agency_id.eq(actor.agency_id)))
        .order(letter_templates::id)
        .select((
            letter_templates::id,
            letter_templates::agency_id,
            letter_templates::form,
            letter_templates::name_ar,
            letter_templates::name_en,
            letter_templates::lang,
            letter_templates::subject,
            letter_templates::body,
            letter_templates::active,
            letter_templates::version,
        ))
        .load(tx.conn())?;
    rows.into_iter()
        .map(|(id, agency_id, form, ar, en, lang, subject, body, active, version)| {
            Ok(Template {
                id,
                shared: agency_id.is_none(),
                form: form.parse()?,
                name: Named { ar, en },
                lang: lang.parse()?,
                subject,
                body: serde_json::from_str(&body)?,
                active,
                version,
            })
        })
        .collect()
}

/// Adds a template of the actor's agency, or changes it where `id` names one.
///
/// # Errors
/// Wrong fields; another agency's or a shared template; a stale version.
pub fn put(tx: &mut WriteTx<'_>, actor: &Actor, new: &Template) -> Outcome<i64> {
    let id = store(tx, Some(actor.agency_id), new)?;
    tx.audit(Audit::of("letter_template", id).after(new))?;
    Ok(id)
}

/// As [`put`] for any agency or, with none, for all of them (set-up); the caller audits.
///
/// # Errors
/// As [`put`].
pub fn store(tx: &mut WriteTx<'_>, agency_id: Option<i64>, new: &Template) -> Outcome<i64> {
    let mut fields = Fields::default();
    let name = fields.name("name", &new.name);
    let subject = fields.take(text::line("subject", &new.subject, text::SUBJECT_MAX));
    if let Err(error) = new.body.check() {
        fields.push(FieldError::new("body", error.code()));
    }
    fields.done()?;
    let values = (
        letter_templates::form.eq(new.form.code()),
        letter_templates::name_ar.eq(name.ar),
        letter_templates::name_en.eq(name.en),
        letter_templates::lang.eq(new.lang.code()),
        letter_templates::subject.eq(subject),
        letter_templates::body.eq(serde_json::to_string(&new.body)?),
        letter_templates::active.eq(new.active),
        letter_templates::version.eq(new.version + 1),
    );
    if new.id == 0 {
        return Ok(diesel::insert_into(letter_templates::table)
            .values((
                letter_templates::agency_id.eq(agency_id),
                values.0,
                values.1,
                values.2,
                values.3,
                values.4,
                values.5,
                values.6,
                values.7,
            ))
            .returning(letter_templates::id)
            .get_result(tx.conn())?);
    }
    let current: i64 = letter_templates::table
        .filter(letter_templates::id.eq(new.id))
        .filter(letter_templates::agency_id.eq(agency_id))
        .select(letter_templates::version)
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("template"))?;
    if current != new.version {
        return Err(Refusal::stale("template", current, new.version));
    }
    diesel::update(letter_templates::table.find(new.id)).set(values).execute(tx.conn())?;
    Ok(new.id)
}
