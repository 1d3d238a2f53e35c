//! The list of agencies.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Page, Permission, text};
use diwan_platform_api::people::{Agency, ListRequest};
use diwan_schema::platform::agencies;

use super::store::{self, Row};
use crate::{
    Actor, Outcome,
    people::paging::{Column, Order, cursor},
};

const COLUMNS: &[Column] = &[
    Column { name: "name", sql: "agencies.name_ar", words: true },
    Column { name: "name_en", sql: "agencies.name_en", words: true },
    Column { name: "code", sql: "agencies.code", words: false },
];

/// A page of it: every agency for those who maintain them, one's own for others.
///
/// # Errors
/// `unknown_sort`, `bad_cursor`.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest) -> Outcome<Page<Agency>> {
    let order = Order::of(request, COLUMNS, "agencies.id", tx.conn().backend_kind())?;
    let rows_wanted = request.page().rows();
    let mut query = agencies::table.select(Row::as_select()).order(order.by()).limit(rows_wanted + 1).into_boxed();
    if !actor.can(Permission::AgenciesManage) {
        query = query.filter(agencies::id.eq(actor.agency_id));
    }
    if let Some(active) = request.active {
        query = query.filter(agencies::active.eq(active));
    }
    if let Some(words) = request.q.as_deref().filter(|words| !words.trim().is_empty()) {
        query = query.filter(agencies::fold.like(text::like_anywhere(words)).escape('\\'));
    }
    if let Some(after) = order.after(request)? {
        query = query.filter(after);
    }
    let rows = query.load(tx.conn())?;
    let key = |row: &Row| {
        let value = match order.column.name {
            "code" => &row.code,
            "name_en" => &row.name_en,
            _ => &row.name_ar,
        };
        cursor(value, row.id)
    };
    let page = Page::from_rows(rows, rows_wanted, key, |row| row);
    Ok(Page { items: store::dtos(tx, page.items)?, next: page.next, total: None })
}
