//! Delegations: one's own, and those of an agency.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::Page;
use diwan_platform_api::people::{Delegation, ListRequest};
use diwan_schema::platform::delegations;

use super::store::{self, Row};
use crate::{Actor, Outcome, Refusal, people::scope};

/// The most of one's own that are shown.
const OWN_MAX: i64 = 100;

/// Those one gave and those one got, the newest first.
///
/// # Errors
/// The database fails.
pub fn own(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Delegation>> {
    let rows = delegations::table
        .filter(delegations::from_user_id.eq(actor.user_id).or(delegations::to_user_id.eq(actor.user_id)))
        .select(Row::as_select())
        .order(delegations::id.desc())
        .limit(OWN_MAX)
        .load(tx.conn())?;
    store::dtos(tx, rows)
}

/// A page of those of an agency, the newest first; `active` asks for those that are not over.
///
/// # Errors
/// [`Refusal::NotFound`] for an agency out of reach; `bad_cursor`.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest) -> Outcome<Page<Delegation>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    let (rows_wanted, today) = (request.page().rows(), tx.today());
    let mut query = delegations::table
        .filter(delegations::agency_id.eq(agency_id))
        .select(Row::as_select())
        .order(delegations::id.desc())
        .limit(rows_wanted + 1)
        .into_boxed();
    let over = || delegations::revoked_at.is_not_null().or(delegations::ends_on.lt(today));
    query = match request.active {
        Some(true) => query.filter(diesel::dsl::not(over())),
        Some(false) => query.filter(over()),
        None => query,
    };
    if let Some(after) = request.after.as_deref() {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(delegations::id.lt(after));
    }
    let page = Page::from_rows(query.load(tx.conn())?, rows_wanted, |row: &Row| row.id.to_string(), |row| row);
    Ok(Page { items: store::dtos(tx, page.items)?, next: page.next, total: None })
}
