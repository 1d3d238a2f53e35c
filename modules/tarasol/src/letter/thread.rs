//! The thread (سلسلة المراسلة): every letter that answers another one, on both sides, with each delivery's steps.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_platform::{
    Actor, Outcome,
    records::{self, store as record_store},
};
use diwan_schema::tarasol::{deliveries, delivery_events, letters};
use diwan_tarasol_api::{ThreadEvent, ThreadItem};

use super::store;

/// The most letters a thread shows.
const MOST: usize = 100;

/// The letters of the thread that a letter in scope belongs to, oldest first. A party to the thread reads what it sent
/// and what it received; of other letters nothing is told.
///
/// # Errors
/// Not found; the database fails.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Vec<ThreadItem>> {
    store::load_visible(tx, actor, id)?;
    let mut items = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut queue = VecDeque::from([source_of(tx, id)?]);
    while let Some(outgoing) = queue.pop_front().filter(|_| items.len() < MOST) {
        if !seen.insert(outgoing) {
            continue;
        }
        let incoming: Vec<Option<i64>> = deliveries::table
            .filter(deliveries::record_id.eq(outgoing))
            .select(deliveries::incoming_record_id)
            .load(tx.conn())?;
        let mut both: Vec<i64> = incoming.into_iter().flatten().collect();
        both.push(outgoing);
        let visible: Vec<i64> =
            records::store::load_visible_many(tx, actor, &both)?.into_iter().map(|row| row.id).collect();
        if let Some(record_id) = visible.first().copied() {
            let item = item(tx, outgoing, record_id)?;
            items.insert((item.at, outgoing), item);
        }
        // What this letter answers, and what answers any side of it.
        let answers: Vec<Option<i64>> =
            letters::table.filter(letters::record_id.eq_any(&both)).select(letters::in_reply_to).load(tx.conn())?;
        let answered_by: Vec<i64> =
            letters::table.filter(letters::in_reply_to.eq_any(&both)).select(letters::record_id).load(tx.conn())?;
        for other in answers.into_iter().flatten().chain(answered_by) {
            queue.push_back(source_of(tx, other)?);
        }
    }
    Ok(items.into_values().collect())
}

/// The outgoing letter that an incoming one came from; an outgoing one is its own.
fn source_of(tx: &mut ReadTx<'_>, id: i64) -> Outcome<i64> {
    Ok(store::delivery_by_incoming(tx, id)?.map_or(id, |delivery| delivery.record_id))
}

fn item(tx: &mut ReadTx<'_>, outgoing: i64, visible_id: i64) -> Outcome<ThreadItem> {
    let record = record_store::load_for_system(tx, outgoing)?;
    let events: Vec<(i64, String, chrono::NaiveDateTime, Option<String>)> = delivery_events::table
        .inner_join(deliveries::table.on(deliveries::id.eq(delivery_events::delivery_id)))
        .filter(deliveries::record_id.eq(outgoing))
        .order(delivery_events::id)
        .select((deliveries::to_agency_id, delivery_events::kind, delivery_events::at, delivery_events::note))
        .load(tx.conn())?;
    let events = events
        .into_iter()
        .map(|(agency, kind, at, note)| {
            Ok(ThreadEvent { agency: record_store::agency_ref(tx, agency)?.name, kind: kind.parse()?, at, note })
        })
        .collect::<Outcome<_>>()?;
    Ok(ThreadItem {
        record_id: Some(visible_id),
        from: record_store::agency_ref(tx, record.agency_id)?.name,
        to: store::recipients(tx, outgoing)?.into_iter().map(|recipient| recipient.name).collect(),
        number: record.number,
        subject: record.subject,
        at: record.issued_at.unwrap_or(record.created_at),
        events,
    })
}
