//! Confirming an act: two people, neither of whom proposed it, each of whom sees every document on the list.

use diesel::prelude::*;
use diwan_archive_api::{COMMITTEE, DisposalState};
use diwan_db::{Audit, NewJob, WriteTx, each_backend};
use diwan_platform::{Actor, Outcome, Refusal, records::store as records};
use diwan_schema::archive::{disposal_votes, disposals};
use serde_json::json;

use super::{carry_out, store};
use crate::guard;

/// Confirms. With the last member's word the destruction begins after commit.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    store::load(tx, actor, id)?;
    guard::take(tx, actor.agency_id)?;
    let row = store::load(tx, actor, id)?;
    if row.state()? != DisposalState::Proposed {
        return Err(Refusal::WrongState { state: row.state, action: "confirm_disposal".to_owned() });
    }
    if row.version != version {
        return Err(Refusal::stale("disposal", row.version, version));
    }
    if row.proposed_by == actor.user_id {
        return Err(Refusal::rule("own_disposal", []));
    }
    let votes = store::votes(tx, id)?;
    if votes.iter().any(|(user, _)| *user == actor.user_id) {
        return Err(Refusal::rule("confirmed_already", []));
    }
    let listed: Vec<i64> = store::items(tx, id)?.into_iter().map(|item| item.record_id).collect();
    let unseen = listed.len() - records::load_visible_many(tx, actor, &listed)?.len();
    if unseen > 0 {
        return Err(Refusal::rule("disposal_beyond_sight", [("count", unseen.to_string())]));
    }
    let now = tx.now();
    let vote = (
        disposal_votes::disposal_id.eq(id),
        disposal_votes::user_id.eq(actor.user_id),
        disposal_votes::confirmed_at.eq(now),
    );
    each_backend!(tx.conn(), c => diesel::insert_into(disposal_votes::table).values(vote).execute(c))?;
    let state = if votes.len() + 1 >= COMMITTEE { DisposalState::Confirmed } else { DisposalState::Proposed };
    diesel::update(disposals::table.find(id))
        .set((disposals::state.eq(state.code()), disposals::version.eq(row.version + 1)))
        .execute(tx.conn())?;
    if state == DisposalState::Confirmed {
        tx.enqueue(
            NewJob::new(carry_out::JOB, json!({ "disposal_id": id })).dedupe(format!("{}:{id}", carry_out::JOB)),
        )?;
    }
    tx.audit(Audit::of("disposal", id).detail(json!({ "state": state.code() })))?;
    Ok(())
}
