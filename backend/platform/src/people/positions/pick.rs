//! Positions for a picker: steps of approval routes.

use diesel::prelude::*;
use diwan_db::{ReadTx, arabic_order};
use diwan_kernel::{Named, text};
use diwan_platform_api::people::{Pick, PickRequest};
use diwan_schema::platform::{positions, units};

use crate::{
    Actor, Outcome,
    people::{PICK_LINES, scope},
};

/// The active positions of an agency whose title has the words, each with its unit.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &PickRequest) -> Outcome<Vec<Pick>> {
    type Row = (i64, String, String, String, String);
    let agency_id = scope::agency(actor, request.agency_id)?;
    let backend = tx.conn().backend_kind();
    let mut query = positions::table
        .inner_join(units::table.on(units::id.eq(positions::unit_id)))
        .filter(positions::agency_id.eq(agency_id))
        .filter(positions::active.eq(true))
        .filter(positions::fold.like(text::like_anywhere(&request.q)).escape('\\'))
        .select((positions::id, positions::title_ar, positions::title_en, units::name_ar, units::name_en))
        .order((arabic_order(backend, "positions.title_ar"), positions::id))
        .limit(PICK_LINES)
        .into_boxed();
    if let Some(unit_id) = request.unit_id {
        query = query.filter(positions::unit_id.eq(unit_id));
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    let pick = |(id, ar, en, unit_ar, unit_en): Row| Pick {
        id,
        name: Named { ar, en },
        detail: Named { ar: unit_ar, en: unit_en },
    };
    Ok(rows.into_iter().map(pick).collect())
}
