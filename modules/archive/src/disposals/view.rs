//! Acts of destruction as the wire has them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_archive_api::{Disposal, DisposalItem, DisposalRow, DisposalState, Vote};
use diwan_db::ReadTx;
use diwan_kernel::{Page, PageRequest};
use diwan_platform::{Actor, Outcome, Refusal, records::store as records};
use diwan_schema::archive::{disposal_items, disposals};

use super::store;
use crate::{keeping, schedules};

/// The acts of the agency, latest first.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor, asked: &PageRequest) -> Outcome<Page<DisposalRow>> {
    let limit = asked.rows();
    let mut query = disposals::table
        .into_boxed()
        .filter(disposals::agency_id.eq(actor.agency_id))
        .order(disposals::id.desc())
        .limit(limit + 1);
    if let Some(after) = &asked.after {
        let after: i64 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(disposals::id.lt(after));
    }
    let rows: Vec<store::DisposalRow> = query.select(store::DisposalRow::as_select()).load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.id.to_string(), |row| row);
    let ids: Vec<i64> = page.items.iter().map(|row| row.id).collect();
    let counts: Vec<(i64, i64)> = disposal_items::table
        .filter(disposal_items::disposal_id.eq_any(ids))
        .group_by(disposal_items::disposal_id)
        .select((disposal_items::disposal_id, diesel::dsl::count_star()))
        .load(tx.conn())?;
    let counts: BTreeMap<i64, i64> = counts.into_iter().collect();
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(DisposalRow {
            documents: counts.get(&row.id).copied().unwrap_or_default(),
            state: row.state()?,
            proposed_by: records::user_ref(tx, row.proposed_by)?,
            proposed_at: row.proposed_at,
            id: row.id,
            reason: row.reason,
        });
    }
    Ok(Page { items, next: page.next, total: None })
}

/// An act with the documents that the reader may see.
pub(super) fn one(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Disposal> {
    let row = store::load(tx, actor, id)?;
    let votes = store::votes(tx, id)?;
    let listed = store::items(tx, id)?;
    let items = items(tx, actor, &listed)?;
    let unseen = i64::try_from(listed.len() - items.len()).unwrap_or(i64::MAX);
    let open = row.state()? == DisposalState::Proposed;
    let voted = votes.iter().any(|(user, _)| *user == actor.user_id);
    let mut confirmed = Vec::with_capacity(votes.len());
    for (user, at) in votes {
        confirmed.push(Vote { by: records::user_ref(tx, user)?, at });
    }
    Ok(Disposal {
        state: row.state()?,
        proposed_by: records::user_ref(tx, row.proposed_by)?,
        ended_by: row.ended_by.map(|user| records::user_ref(tx, user)).transpose()?,
        may_confirm: open && !voted && unseen == 0 && row.proposed_by != actor.user_id,
        may_refuse: open,
        id: row.id,
        reason: row.reason,
        proposed_at: row.proposed_at,
        confirmed,
        ended_at: row.ended_at,
        refusal: row.refusal,
        certificate_id: row.certificate_id,
        items,
        unseen,
        version: row.version,
    })
}

fn items(tx: &mut ReadTx<'_>, actor: &Actor, listed: &[store::ItemRow]) -> Outcome<Vec<DisposalItem>> {
    let ids: Vec<i64> = listed.iter().map(|item| item.record_id).collect();
    let mut seen: BTreeMap<_, _> =
        records::load_visible_many(tx, actor, &ids)?.into_iter().map(|row| (row.id, row)).collect();
    let kept = keeping::store::of(tx, &ids)?;
    let codes: BTreeMap<i64, String> =
        schedules::store::all(tx, actor.agency_id)?.into_iter().map(|row| (row.id, row.code)).collect();
    let mut items = Vec::with_capacity(listed.len());
    for item in listed {
        let Some(row) = seen.remove(&item.record_id) else { continue };
        let kept = kept.get(&item.record_id);
        items.push(DisposalItem {
            id: row.id,
            number: row.number,
            subject: row.subject,
            class_code: row.class_code,
            schedule_code: kept.and_then(|kept| codes.get(&kept.schedule_id).cloned()).unwrap_or_default(),
            due_on: kept.and_then(|kept| kept.due_on),
            state: item.state.parse()?,
            reason: item.reason.clone(),
            files: serde_json::from_str(&item.files)?,
        });
    }
    Ok(items)
}
