//! The entries of an agency, by who, what and when.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Page, Permission};
use diwan_platform_api::audit::{AuditEntry, AuditQuery};
use diwan_schema::platform::audit_entries;

use super::store::{Row, dtos};
use crate::{Actor, Outcome, Refusal, people::scope};

/// A page of the trail, the newest first.
///
/// # Errors
/// [`Refusal::Forbidden`] without the right to read the trail; [`Refusal::NotFound`] for an agency out of reach;
/// `bad_cursor`.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, asked: &AuditQuery) -> Outcome<Page<AuditEntry>> {
    actor.require(Permission::AuditRead)?;
    let agency_id = scope::agency(actor, asked.agency_id)?;
    let limit = asked.page.rows();
    let mut query = audit_entries::table
        .filter(audit_entries::agency_id.eq(agency_id))
        .select(Row::as_select())
        .order(audit_entries::id.desc())
        .limit(limit + 1)
        .into_boxed();
    if let Some(after) = asked.page.after.as_deref() {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(audit_entries::id.lt(after));
    }
    if let Some(user_id) = asked.user_id {
        query = query.filter(
            audit_entries::user_id
                .eq(user_id)
                .assume_not_null()
                .or(audit_entries::on_behalf_of.eq(user_id).assume_not_null()),
        );
    }
    if let Some(op) = asked.op.as_deref().map(str::trim).filter(|op| !op.is_empty()) {
        query = query.filter(audit_entries::op.like(beginning(op)).escape('\\'));
    }
    if let Some(entity) = asked.entity.as_deref().filter(|entity| !entity.is_empty()) {
        query = query.filter(audit_entries::entity.eq(entity.to_owned()));
    }
    if let Some(id) = asked.entity_id {
        query = query.filter(audit_entries::entity_id.eq(id));
    }
    if let Some(id) = asked.record_id {
        query = query.filter(audit_entries::record_id.eq(id));
    }
    if let Some(from) = asked.from {
        query = query.filter(audit_entries::at.ge(tx.start_of(from)));
    }
    if let Some(to) = asked.to.and_then(|day| day.succ_opt()) {
        query = query.filter(audit_entries::at.lt(tx.start_of(to)));
    }
    let page = Page::from_rows(query.load::<Row>(tx.conn())?, limit, |row| row.id.to_string(), |row| row);
    Ok(Page { items: dtos(tx, actor, &page.items)?, next: page.next, total: None })
}

/// A `LIKE` pattern for names of operations that begin so.
fn beginning(op: &str) -> String {
    let mut pattern = String::new();
    for c in op.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
