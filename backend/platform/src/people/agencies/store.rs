//! Agencies in the database.

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform_api::people::{Agency, AgencyInput};
use diwan_schema::platform::agencies;

use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{checks, names, scope, tree},
};

/// An agency as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agencies)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) parent_id: Option<i64>,
    pub(super) code: String,
    pub(super) name_ar: String,
    pub(super) name_en: String,
    kind: String,
    addressee_ar: String,
    addressee_en: String,
    email: Option<String>,
    pub(super) active: bool,
    pub(super) version: i64,
}

/// The agency, if it is in the actor's reach.
pub(super) fn visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Row> {
    let found = if scope::reaches(actor, id) {
        agencies::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?
    } else {
        None
    };
    found.ok_or(Refusal::NotFound("agency"))
}

/// As the wire has them.
pub(super) fn dtos(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<Agency>> {
    let parents = names::of_agencies(tx, rows.iter().filter_map(|row| row.parent_id))?;
    rows.into_iter()
        .map(|row| {
            Ok(Agency {
                id: row.id,
                parent: row.parent_id.map(|id| parents.of(id)),
                kind: row.kind.parse()?,
                code: row.code,
                name: Named { ar: row.name_ar, en: row.name_en },
                addressee: Named { ar: row.addressee_ar, en: row.addressee_en },
                email: row.email,
                active: row.active,
                version: row.version,
            })
        })
        .collect()
}

/// The form with clean text; `id` is the agency that is changed.
pub(in crate::people) fn checked(tx: &mut ReadTx<'_>, id: Option<i64>, input: &AgencyInput) -> Outcome<AgencyInput> {
    let mut fields = Fields::default();
    let clean = AgencyInput {
        parent_id: input.parent_id,
        kind: input.kind,
        code: checks::code(&mut fields, "code", &input.code),
        name: checks::name(&mut fields, "name", &input.name),
        addressee: checks::name(&mut fields, "addressee", &input.addressee),
        email: checks::email(&mut fields, "email", input.email.as_deref()),
        active: input.active,
    };
    let same: Option<i64> =
        agencies::table.filter(agencies::code.eq(&clean.code)).select(agencies::id).first(tx.conn()).optional()?;
    if same.is_some_and(|same| Some(same) != id) {
        fields.push(FieldError::new("code", "taken"));
    }
    tree::check(&mut fields, id, clean.parent_id, |step| {
        Ok(agencies::table.find(step).select(agencies::parent_id).first(tx.conn()).optional()?)
    })?;
    fields.done()?;
    Ok(clean)
}

pub(in crate::people) fn insert(tx: &mut WriteTx<'_>, input: &AgencyInput) -> Outcome<i64> {
    let now = tx.now();
    Ok(diesel::insert_into(agencies::table)
        .values((
            agencies::parent_id.eq(input.parent_id),
            agencies::code.eq(&input.code),
            agencies::name_ar.eq(&input.name.ar),
            agencies::name_en.eq(&input.name.en),
            agencies::kind.eq(input.kind.code()),
            agencies::addressee_ar.eq(&input.addressee.ar),
            agencies::addressee_en.eq(&input.addressee.en),
            agencies::email.eq(&input.email),
            agencies::active.eq(input.active),
            agencies::fold.eq(fold(input)),
            agencies::created_at.eq(now),
            agencies::version.eq(1),
        ))
        .returning(agencies::id)
        .get_result(tx.conn())?)
}

pub(super) fn update(tx: &mut WriteTx<'_>, id: i64, version: i64, input: &AgencyInput) -> Outcome<()> {
    let rows = diesel::update(agencies::table.filter(agencies::id.eq(id)).filter(agencies::version.eq(version)))
        .set((
            agencies::parent_id.eq(input.parent_id),
            agencies::code.eq(&input.code),
            agencies::name_ar.eq(&input.name.ar),
            agencies::name_en.eq(&input.name.en),
            agencies::kind.eq(input.kind.code()),
            agencies::addressee_ar.eq(&input.addressee.ar),
            agencies::addressee_en.eq(&input.addressee.en),
            agencies::email.eq(&input.email),
            agencies::active.eq(input.active),
            agencies::fold.eq(fold(input)),
            agencies::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    checks::changed("agency", rows, version)
}

fn fold(input: &AgencyInput) -> String {
    text::fold(&format!("{} {} {}", input.code, input.name.ar, input.name.en))
}
