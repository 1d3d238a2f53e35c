//! Links between records (الارتباطات), seen from both sides as far as each side may see.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_platform_api::records::{Link, LinkKind, LinkedRecord, NewLink};
use diwan_schema::platform::record_links;

use super::{CHANGED, load_visible, store};
use crate::{Actor, Outcome, Refusal};

/// Links two records the actor may see.
///
/// # Errors
/// Not found on either side; a record cannot be linked to itself; kinds that only an operation makes.
pub fn add(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, new: &NewLink) -> Outcome<()> {
    let from = load_visible(tx, actor, record_id)?;
    let to = load_visible(tx, actor, new.to_record_id)?;
    if from.id == to.id {
        return Err(Refusal::field("to_record_id", "same_record"));
    }
    // An answer and a delivery are facts of the letters themselves; nobody claims them by hand.
    if matches!(new.kind, LinkKind::ReplyTo | LinkKind::DeliveredAs) {
        return Err(Refusal::field("kind", "made_by_letters"));
    }
    insert(tx, from.id, to.id, new.kind, actor.user_id)?;
    tx.audit(Audit::of_record(from.id).detail(serde_json::json!({ "to": to.number, "kind": new.kind.code() })))?;
    tx.outbox(CHANGED, Some(from.agency_id), Some(from.id), &())?;
    Ok(())
}

/// Takes a link away that goes out from a record in the actor's scope.
///
/// # Errors
/// Not found; `made_by_letters` for what the letters themselves say.
pub fn remove(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, id: i64) -> Outcome<()> {
    let from = load_visible(tx, actor, record_id)?;
    let own = record_links::table.filter(record_links::id.eq(id)).filter(record_links::from_record_id.eq(from.id));
    let found: Option<(i64, String)> =
        own.select((record_links::to_record_id, record_links::kind)).first(tx.conn()).optional()?;
    let Some((to, kind)) = found else { return Err(Refusal::NotFound("link")) };
    if matches!(kind.parse()?, LinkKind::ReplyTo | LinkKind::DeliveredAs) {
        return Err(Refusal::field("kind", "made_by_letters"));
    }
    diesel::delete(record_links::table.find(id)).execute(tx.conn())?;
    let number = store::load_for_system(tx, to)?.number;
    tx.audit(Audit::of_record(from.id).detail(serde_json::json!({ "to": number, "kind": kind })))?;
    tx.outbox(CHANGED, Some(from.agency_id), Some(from.id), &())?;
    Ok(())
}

/// Links two records as part of another operation, which audits it. A link that exists stays.
///
/// # Errors
/// The database fails.
pub fn insert(tx: &mut WriteTx<'_>, from: i64, to: i64, kind: LinkKind, by: i64) -> Outcome<()> {
    let row = (
        record_links::from_record_id.eq(from),
        record_links::to_record_id.eq(to),
        record_links::kind.eq(kind.code()),
        record_links::created_by.eq(by),
        record_links::created_at.eq(tx.now()),
    );
    each_backend!(tx.conn(), c => diesel::insert_into(record_links::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The links of a record the caller has loaded in scope. The other side shows its subject only to those who may open
/// it; of a record in another agency, number, agency and date are what a letter shows anyway.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Vec<Link>> {
    let rows: Vec<(i64, i64, i64, String)> = record_links::table
        .filter(record_links::from_record_id.eq(record_id).or(record_links::to_record_id.eq(record_id)))
        .order(record_links::id)
        .select((record_links::id, record_links::from_record_id, record_links::to_record_id, record_links::kind))
        .load(tx.conn())?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, from, to, kind) in rows {
        let outward = from == record_id;
        let other_id = if outward { to } else { from };
        let seen = load_visible(tx, actor, other_id).ok();
        let row = store::load_for_system(tx, other_id)?;
        // Of a colleague's record that is out of scope, nothing is told.
        if seen.is_none() && row.agency_id == actor.agency_id {
            continue;
        }
        let agency = store::agency_ref(tx, row.agency_id)?.name;
        let other = LinkedRecord {
            id: seen.as_ref().map(|seen| seen.id),
            kind: row.kind.parse()?,
            number: row.number,
            subject: seen.as_ref().map(|seen| seen.subject.clone()),
            agency,
            state: seen.map(|seen| seen.state),
            at: row.issued_at.unwrap_or(row.created_at),
        };
        out.push(Link { id, kind: kind.parse()?, outward, other });
    }
    Ok(out)
}
