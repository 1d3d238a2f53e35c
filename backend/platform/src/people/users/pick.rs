//! Colleagues for a picker: who reviews, who is referred to, who acts for whom.

use diesel::prelude::*;
use diwan_db::{ReadTx, arabic_order};
use diwan_kernel::{Named, text};
use diwan_platform_api::people::{Pick, PickRequest};
use diwan_schema::platform::{holdings, positions, users};

use super::list::places;
use crate::{
    Actor, Outcome,
    people::{PICK_LINES, scope},
};

/// The active users of an agency whose name has the words, each with title and unit; of one unit when it is named.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &PickRequest) -> Outcome<Vec<Pick>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    let (backend, today) = (tx.conn().backend_kind(), tx.today());
    let mut query = users::table
        .filter(users::agency_id.eq(agency_id))
        .filter(users::active.eq(true))
        .filter(users::fold.like(text::like_anywhere(&request.q)).escape('\\'))
        .select((users::id, users::name_ar, users::name_en))
        .order((arabic_order(backend, "users.name_ar"), users::id))
        .limit(PICK_LINES)
        .into_boxed();
    if let Some(unit_id) = request.unit_id {
        let of_unit = holdings::table
            .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
            .filter(positions::unit_id.eq(unit_id))
            .filter(holdings::from_date.le(today))
            .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
            .select(holdings::user_id);
        query = query.filter(users::id.eq_any(of_unit));
    }
    let rows: Vec<(i64, String, String)> = query.load(tx.conn())?;
    let mut places = places(tx, rows.iter().map(|row| row.0).collect())?;
    let pick = |(id, ar, en): (i64, String, String)| {
        let detail = places.remove(&id).map(|(title, unit)| Named {
            ar: format!("{}، {}", title.ar, unit.name.ar),
            en: format!("{}, {}", title.en, unit.name.en),
        });
        Pick { id, name: Named { ar, en }, detail: detail.unwrap_or_default() }
    };
    Ok(rows.into_iter().map(pick).collect())
}
