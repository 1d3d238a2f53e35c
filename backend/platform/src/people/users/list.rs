//! The list of users of an agency.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Named, Page, text};
use diwan_platform_api::people::{ListRequest, Ref, UserItem};
use diwan_schema::platform::{holdings, positions, units, users};

use super::store::Row;
use crate::{
    Actor, Outcome,
    people::{
        paging::{Column, Order, cursor},
        scope,
    },
};

const COLUMNS: &[Column] = &[
    Column { name: "name", sql: "users.name_ar", words: true },
    Column { name: "name_en", sql: "users.name_en", words: true },
    Column { name: "username", sql: "users.username", words: false },
];

/// A page of it; `unit_id` asks for those who hold a position of a unit today.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach; `unknown_sort`, `bad_cursor`.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest) -> Outcome<Page<UserItem>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    let order = Order::of(request, COLUMNS, "users.id", tx.conn().backend_kind())?;
    let (rows_wanted, today) = (request.page().rows(), tx.today());
    let mut query = users::table
        .filter(users::agency_id.eq(agency_id))
        .select(Row::as_select())
        .order(order.by())
        .limit(rows_wanted + 1)
        .into_boxed();
    if let Some(active) = request.active {
        query = query.filter(users::active.eq(active));
    }
    if let Some(unit_id) = request.unit_id {
        let of_unit = holdings::table
            .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
            .filter(positions::unit_id.eq(unit_id))
            .filter(holdings::from_date.le(today))
            .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
            .select(holdings::user_id);
        query = query.filter(users::id.eq_any(of_unit));
    }
    if let Some(words) = request.q.as_deref().filter(|words| !words.trim().is_empty()) {
        query = query.filter(users::fold.like(text::like_anywhere(words)).escape('\\'));
    }
    if let Some(after) = order.after(request)? {
        query = query.filter(after);
    }
    let rows = query.load(tx.conn())?;
    let key = |row: &Row| {
        let value = match order.column.name {
            "username" => &row.username,
            "name_en" => &row.name_en,
            _ => &row.name_ar,
        };
        cursor(value, row.id)
    };
    let page = Page::from_rows(rows, rows_wanted, key, |row| row);
    Ok(Page { items: items(tx, page.items)?, next: page.next, total: None })
}

fn items(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<UserItem>> {
    let mut places = places(tx, rows.iter().map(|row| row.id).collect())?;
    rows.into_iter()
        .map(|row| {
            let (title, unit) = places.remove(&row.id).unzip();
            Ok(UserItem {
                id: row.id,
                username: row.username,
                name: Named { ar: row.name_ar, en: row.name_en },
                email: row.email,
                title,
                unit,
                clearance: row.clearance.parse()?,
                active: row.active,
                last_login_at: row.last_login_at.map(|at| at.and_utc()),
                version: row.version,
            })
        })
        .collect()
}

/// Title and unit of the first position that each of these users holds today.
pub(super) fn places(tx: &mut ReadTx<'_>, user_ids: Vec<i64>) -> Outcome<BTreeMap<i64, (Named, Ref)>> {
    let today = tx.today();
    let rows: Vec<(i64, String, String, i64, String, String)> = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .inner_join(units::table.on(units::id.eq(positions::unit_id)))
        .filter(holdings::user_id.eq_any(user_ids))
        .filter(holdings::from_date.le(today))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
        .filter(positions::active.eq(true))
        .select((
            holdings::user_id,
            positions::title_ar,
            positions::title_en,
            units::id,
            units::name_ar,
            units::name_en,
        ))
        .order(holdings::id.desc())
        .load(tx.conn())?;
    // The first one comes last and stays.
    Ok(rows
        .into_iter()
        .map(|(user, ar, en, unit_id, unit_ar, unit_en)| {
            (user, (Named { ar, en }, Ref { id: unit_id, name: Named { ar: unit_ar, en: unit_en } }))
        })
        .collect())
}
