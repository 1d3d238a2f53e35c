//! Units in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform_api::people::{Ref, Unit, UnitInput};
use diwan_schema::platform::{holdings, positions, units, users};

use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{checks, names, scope, tree},
};

/// A unit as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = units)]
pub(in crate::people) struct Row {
    pub(in crate::people) id: i64,
    pub(in crate::people) agency_id: i64,
    parent_id: Option<i64>,
    pub(super) code: String,
    pub(super) name_ar: String,
    pub(super) name_en: String,
    kind: String,
    pub(in crate::people) active: bool,
    pub(super) version: i64,
}

/// The unit, if its agency is in the actor's reach.
pub(in crate::people) fn visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Row> {
    let row: Option<Row> = units::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    row.filter(|row| scope::reaches(actor, row.agency_id)).ok_or(Refusal::NotFound("unit"))
}

/// As the wire has them.
pub(super) fn dtos(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<Unit>> {
    let parents = names::of_units(tx, rows.iter().filter_map(|row| row.parent_id))?;
    let heads = heads(tx, rows.iter().map(|row| row.id).collect())?;
    rows.into_iter()
        .map(|row| {
            Ok(Unit {
                id: row.id,
                agency_id: row.agency_id,
                parent: row.parent_id.map(|id| parents.of(id)),
                kind: row.kind.parse()?,
                code: row.code,
                name: Named { ar: row.name_ar, en: row.name_en },
                head: heads.get(&row.id).cloned(),
                active: row.active,
                version: row.version,
            })
        })
        .collect()
}

/// Who heads each of these units today.
fn heads(tx: &mut ReadTx<'_>, unit_ids: Vec<i64>) -> Outcome<BTreeMap<i64, Ref>> {
    let today = tx.today();
    let rows: Vec<(i64, i64, String, String)> = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .inner_join(users::table.on(users::id.eq(holdings::user_id)))
        .filter(positions::unit_id.eq_any(unit_ids))
        .filter(positions::is_head.eq(true))
        .filter(positions::active.eq(true))
        .filter(holdings::from_date.le(today))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
        .select((positions::unit_id, users::id, users::name_ar, users::name_en))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(unit, id, ar, en)| (unit, Ref { id, name: Named { ar, en } })).collect())
}

/// The form with clean text; `id` is the unit that is changed.
pub(super) fn checked(tx: &mut ReadTx<'_>, agency_id: i64, id: Option<i64>, input: &UnitInput) -> Outcome<UnitInput> {
    let mut fields = Fields::default();
    let clean = UnitInput {
        agency_id: Some(agency_id),
        parent_id: input.parent_id,
        kind: input.kind,
        code: checks::code(&mut fields, "code", &input.code),
        name: checks::name(&mut fields, "name", &input.name),
        active: input.active,
    };
    let same: Option<i64> = units::table
        .filter(units::agency_id.eq(agency_id))
        .filter(units::code.eq(&clean.code))
        .select(units::id)
        .first(tx.conn())
        .optional()?;
    if same.is_some_and(|same| Some(same) != id) {
        fields.push(FieldError::new("code", "taken"));
    }
    tree::check(&mut fields, id, clean.parent_id, |step| {
        let unit = units::table.filter(units::id.eq(step)).filter(units::agency_id.eq(agency_id));
        Ok(unit.select(units::parent_id).first(tx.conn()).optional()?)
    })?;
    fields.done()?;
    Ok(clean)
}

/// How many active units and positions stand in the way of closing a unit.
pub(super) fn in_use(tx: &mut ReadTx<'_>, id: i64) -> Outcome<(i64, i64)> {
    let below =
        units::table.filter(units::parent_id.eq(id)).filter(units::active.eq(true)).count().get_result(tx.conn())?;
    let positions = positions::table
        .filter(positions::unit_id.eq(id))
        .filter(positions::active.eq(true))
        .count()
        .get_result(tx.conn())?;
    Ok((below, positions))
}

pub(in crate::people) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, input: &UnitInput) -> Outcome<i64> {
    Ok(diesel::insert_into(units::table)
        .values((
            units::agency_id.eq(agency_id),
            units::parent_id.eq(input.parent_id),
            units::code.eq(&input.code),
            units::name_ar.eq(&input.name.ar),
            units::name_en.eq(&input.name.en),
            units::kind.eq(input.kind.code()),
            units::active.eq(input.active),
            units::fold.eq(fold(input)),
            units::version.eq(1),
        ))
        .returning(units::id)
        .get_result(tx.conn())?)
}

pub(super) fn update(tx: &mut WriteTx<'_>, id: i64, version: i64, input: &UnitInput) -> Outcome<()> {
    let rows = diesel::update(units::table.filter(units::id.eq(id)).filter(units::version.eq(version)))
        .set((
            units::parent_id.eq(input.parent_id),
            units::code.eq(&input.code),
            units::name_ar.eq(&input.name.ar),
            units::name_en.eq(&input.name.en),
            units::kind.eq(input.kind.code()),
            units::active.eq(input.active),
            units::fold.eq(fold(input)),
            units::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    checks::changed("unit", rows, version)
}

fn fold(input: &UnitInput) -> String {
    text::fold(&format!("{} {} {}", input.code, input.name.ar, input.name.en))
}
