//! The list of positions of an agency.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Page, text};
use diwan_platform_api::people::{ListRequest, Position};
use diwan_schema::platform::positions;

use super::store::{self, Row};
use crate::{
    Actor, Outcome,
    people::{
        paging::{Column, Order, cursor},
        scope,
    },
};

const COLUMNS: &[Column] = &[
    Column { name: "title", sql: "positions.title_ar", words: true },
    Column { name: "title_en", sql: "positions.title_en", words: true },
];

/// A page of it.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach; `unknown_sort`, `bad_cursor`.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest) -> Outcome<Page<Position>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    let order = Order::of(request, COLUMNS, "positions.id", tx.conn().backend_kind())?;
    let rows_wanted = request.page().rows();
    let mut query = positions::table
        .filter(positions::agency_id.eq(agency_id))
        .select(Row::as_select())
        .order(order.by())
        .limit(rows_wanted + 1)
        .into_boxed();
    if let Some(active) = request.active {
        query = query.filter(positions::active.eq(active));
    }
    if let Some(unit_id) = request.unit_id {
        query = query.filter(positions::unit_id.eq(unit_id));
    }
    if let Some(words) = request.q.as_deref().filter(|words| !words.trim().is_empty()) {
        query = query.filter(positions::fold.like(text::like_anywhere(words)).escape('\\'));
    }
    if let Some(after) = order.after(request)? {
        query = query.filter(after);
    }
    let rows = query.load(tx.conn())?;
    let key = |row: &Row| cursor(if order.column.name == "title_en" { &row.title_en } else { &row.title_ar }, row.id);
    let page = Page::from_rows(rows, rows_wanted, key, |row| row);
    Ok(Page { items: store::dtos(tx, page.items)?, next: page.next, total: None })
}
