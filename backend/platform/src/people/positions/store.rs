//! Positions in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform_api::people::{Position, PositionInput, Ref};
use diwan_schema::platform::{holdings, positions, users};

use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{checks, names, scope, units},
};

/// A position as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = positions)]
pub(in crate::people) struct Row {
    pub(in crate::people) id: i64,
    pub(in crate::people) agency_id: i64,
    pub(super) unit_id: i64,
    pub(super) title_ar: String,
    pub(super) title_en: String,
    pub(in crate::people) is_head: bool,
    can_sign: bool,
    pub(in crate::people) active: bool,
    pub(super) version: i64,
}

/// The position, if its agency is in the actor's reach.
pub(in crate::people) fn visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Row> {
    let row: Option<Row> = positions::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    row.filter(|row| scope::reaches(actor, row.agency_id)).ok_or(Refusal::NotFound("position"))
}

/// As the wire has them.
pub(super) fn dtos(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<Position>> {
    let units = names::of_units(tx, rows.iter().map(|row| row.unit_id))?;
    let mut holders = holders(tx, rows.iter().map(|row| row.id).collect())?;
    let dto = |row: Row| Position {
        id: row.id,
        agency_id: row.agency_id,
        unit: units.of(row.unit_id),
        title: Named { ar: row.title_ar, en: row.title_en },
        is_head: row.is_head,
        can_sign: row.can_sign,
        active: row.active,
        holders: holders.remove(&row.id).unwrap_or_default(),
        version: row.version,
    };
    Ok(rows.into_iter().map(dto).collect())
}

/// Who holds each of these positions today.
fn holders(tx: &mut ReadTx<'_>, position_ids: Vec<i64>) -> Outcome<BTreeMap<i64, Vec<Ref>>> {
    let today = tx.today();
    let rows: Vec<(i64, i64, String, String)> = holdings::table
        .inner_join(users::table.on(users::id.eq(holdings::user_id)))
        .filter(holdings::position_id.eq_any(position_ids))
        .filter(holdings::from_date.le(today))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
        .select((holdings::position_id, users::id, users::name_ar, users::name_en))
        .order(holdings::id)
        .load(tx.conn())?;
    let mut holders = BTreeMap::<i64, Vec<Ref>>::new();
    for (position, id, ar, en) in rows {
        holders.entry(position).or_default().push(Ref { id, name: Named { ar, en } });
    }
    Ok(holders)
}

/// The form with clean text, and the agency of its unit; `id` is the position that is changed.
pub(super) fn checked(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    id: Option<i64>,
    input: &PositionInput,
) -> Outcome<(i64, PositionInput)> {
    let unit = units::store::visible(tx, actor, input.unit_id)?;
    let mut fields = Fields::default();
    let clean = PositionInput { title: checks::name(&mut fields, "title", &input.title), ..input.clone() };
    if clean.active && !unit.active {
        fields.push(FieldError::new("unit_id", "inactive"));
    }
    if clean.is_head && clean.active {
        let other: i64 = positions::table
            .filter(positions::unit_id.eq(unit.id))
            .filter(positions::is_head.eq(true))
            .filter(positions::active.eq(true))
            .filter(positions::id.ne(id.unwrap_or(0)))
            .count()
            .get_result(tx.conn())?;
        if other > 0 {
            fields.push(FieldError::new("is_head", "unit_has_head"));
        }
    }
    fields.done()?;
    Ok((unit.agency_id, clean))
}

/// How many holdings of a position are in force or to come.
pub(super) fn in_use(tx: &mut ReadTx<'_>, id: i64) -> Outcome<i64> {
    let today = tx.today();
    let open = holdings::table
        .filter(holdings::position_id.eq(id))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)));
    Ok(open.count().get_result(tx.conn())?)
}

pub(in crate::people) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, input: &PositionInput) -> Outcome<i64> {
    Ok(diesel::insert_into(positions::table)
        .values((
            positions::agency_id.eq(agency_id),
            positions::unit_id.eq(input.unit_id),
            positions::title_ar.eq(&input.title.ar),
            positions::title_en.eq(&input.title.en),
            positions::is_head.eq(input.is_head),
            positions::can_sign.eq(input.can_sign),
            positions::active.eq(input.active),
            positions::fold.eq(fold(input)),
            positions::version.eq(1),
        ))
        .returning(positions::id)
        .get_result(tx.conn())?)
}

pub(super) fn update(tx: &mut WriteTx<'_>, id: i64, version: i64, input: &PositionInput) -> Outcome<()> {
    let rows = diesel::update(positions::table.filter(positions::id.eq(id)).filter(positions::version.eq(version)))
        .set((
            positions::title_ar.eq(&input.title.ar),
            positions::title_en.eq(&input.title.en),
            positions::is_head.eq(input.is_head),
            positions::can_sign.eq(input.can_sign),
            positions::active.eq(input.active),
            positions::fold.eq(fold(input)),
            positions::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    checks::changed("position", rows, version)
}

fn fold(input: &PositionInput) -> String {
    text::fold(&format!("{} {}", input.title.ar, input.title.en))
}
