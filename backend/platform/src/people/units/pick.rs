//! Units for a picker: where a letter is referred to.

use diesel::prelude::*;
use diwan_db::{ReadTx, arabic_order};
use diwan_kernel::{Named, text};
use diwan_platform_api::people::{Pick, PickRequest};
use diwan_schema::platform::units;

use crate::{
    Actor, Outcome,
    people::{PICK_LINES, names, scope},
};

/// The active units of an agency whose code or name has the words, each with the unit above it.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &PickRequest) -> Outcome<Vec<Pick>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    let backend = tx.conn().backend_kind();
    let rows: Vec<(i64, String, String, Option<i64>)> = units::table
        .filter(units::agency_id.eq(agency_id))
        .filter(units::active.eq(true))
        .filter(units::fold.like(text::like_anywhere(&request.q)).escape('\\'))
        .select((units::id, units::name_ar, units::name_en, units::parent_id))
        .order((arabic_order(backend, "units.name_ar"), units::id))
        .limit(PICK_LINES)
        .load(tx.conn())?;
    let parents = names::of_units(tx, rows.iter().filter_map(|row| row.3))?;
    let pick = |(id, ar, en, parent): (i64, String, String, Option<i64>)| Pick {
        id,
        name: Named { ar, en },
        detail: parent.map(|parent| parents.of(parent).name).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(pick).collect())
}
