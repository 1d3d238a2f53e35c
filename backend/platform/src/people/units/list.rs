//! The list of units of an agency.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Page, text};
use diwan_platform_api::people::{ListRequest, Unit};
use diwan_schema::platform::units;

use super::store::{self, Row};
use crate::{
    Actor, Outcome,
    people::{
        paging::{Column, Order, cursor},
        scope,
    },
};

const COLUMNS: &[Column] = &[
    Column { name: "code", sql: "units.code", words: false },
    Column { name: "name", sql: "units.name_ar", words: true },
    Column { name: "name_en", sql: "units.name_en", words: true },
];

/// A page of it; `unit_id` asks for the units right below one.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach; `unknown_sort`, `bad_cursor`.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest) -> Outcome<Page<Unit>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    let order = Order::of(request, COLUMNS, "units.id", tx.conn().backend_kind())?;
    let rows_wanted = request.page().rows();
    let mut query = units::table
        .filter(units::agency_id.eq(agency_id))
        .select(Row::as_select())
        .order(order.by())
        .limit(rows_wanted + 1)
        .into_boxed();
    if let Some(active) = request.active {
        query = query.filter(units::active.eq(active));
    }
    if let Some(parent) = request.unit_id {
        query = query.filter(units::parent_id.eq(parent));
    }
    if let Some(words) = request.q.as_deref().filter(|words| !words.trim().is_empty()) {
        query = query.filter(units::fold.like(text::like_anywhere(words)).escape('\\'));
    }
    if let Some(after) = order.after(request)? {
        query = query.filter(after);
    }
    let rows = query.load(tx.conn())?;
    let key = |row: &Row| {
        let value = match order.column.name {
            "name" => &row.name_ar,
            "name_en" => &row.name_en,
            _ => &row.code,
        };
        cursor(value, row.id)
    };
    let page = Page::from_rows(rows, rows_wanted, key, |row| row);
    Ok(Page { items: store::dtos(tx, page.items)?, next: page.next, total: None })
}
