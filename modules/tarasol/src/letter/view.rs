//! A letter with everything its page shows, and what its reader may do with it.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Named, Permission};
use diwan_platform::{
    Actor, Outcome,
    records::{RecordRow, links, notes, seals, store as record_store, tasks},
};
use diwan_platform_api::records::{Ref, Task, TaskKind};
use diwan_schema::platform::positions;
use diwan_tarasol_api::{
    Delivery, IncomingAction, IncomingState, Letter, OutgoingAction, OutgoingState, incoming, outgoing,
};

use super::{
    store::{self, LetterRow},
    update,
};

/// The letter as its reader sees it.
///
/// # Errors
/// Not found; the database fails.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Letter> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    let tasks = tasks::list(tx, actor, id)?;
    let deliveries = deliveries(tx, id)?;
    let actions = actions(actor, &record, &tasks, &deliveries)?;
    let signatory = match letter.signatory_position_id {
        Some(id) => {
            let (ar, en) =
                positions::table.find(id).select((positions::title_ar, positions::title_en)).first(tx.conn())?;
            Some(Ref { id, name: Named { ar, en } })
        }
        None => None,
    };
    let signed_as = match letter.signed_for.or(letter.signed_by) {
        Some(holder) => store::title_of(tx, holder)?,
        None => None,
    };
    Ok(Letter {
        head: record_store::head(tx, &record)?,
        direction: letter.direction.parse()?,
        form: letter.form.parse()?,
        lang: letter.lang.parse()?,
        counterpart: letter.counterpart_id.map(|id| record_store::agency_ref(tx, id)).transpose()?,
        addressee: letter.addressee.clone(),
        body: serde_json::from_str(&letter.body)?,
        recipients: recipients(tx, &record, &letter)?,
        reply_due_days: letter.reply_due_days,
        in_reply_to: letter.in_reply_to,
        their_number: letter.their_number,
        their_date: letter.their_date,
        signatory,
        signed_as,
        signed_by: letter.signed_by.map(|id| record_store::user_ref(tx, id)).transpose()?,
        signed_for: letter.signed_for.map(|id| record_store::user_ref(tx, id)).transpose()?,
        signed_at: letter.signed_at,
        received_at: letter.received_at,
        deliveries,
        tasks,
        notes: notes::list(tx, id)?,
        links: links::list(tx, actor, id)?,
        actions,
        verify_code: verify_code(tx, &record)?,
    })
}

/// Of an incoming letter the recipients stand on the sender's record.
fn recipients(
    tx: &mut ReadTx<'_>,
    record: &RecordRow,
    _letter: &LetterRow,
) -> Outcome<Vec<diwan_tarasol_api::Recipient>> {
    let source = if record.kind == "incoming" {
        store::delivery_by_incoming(tx, record.id)?.map(|delivery| delivery.record_id)
    } else {
        None
    };
    store::recipients(tx, source.unwrap_or(record.id))
}

/// The receiver's copy is verified by the sender's seal.
fn verify_code(tx: &mut ReadTx<'_>, record: &RecordRow) -> Outcome<Option<String>> {
    let sealed = match store::delivery_by_incoming(tx, record.id)? {
        Some(delivery) => delivery.record_id,
        None => record.id,
    };
    Ok(seals::of_record(tx, sealed)?.map(|seal| seal.verify_code))
}

fn deliveries(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<Delivery>> {
    store::deliveries_of(tx, id)?
        .into_iter()
        .map(|row| {
            Ok(Delivery {
                id: row.id,
                agency: record_store::agency_ref(tx, row.to_agency_id)?,
                role: row.role.parse()?,
                state: row.state.parse()?,
                their_number: row.their_number,
                reason: row.reason,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

/// The actions the reader may take now: from the declared transitions, by right, task or authorship.
fn actions(actor: &Actor, record: &RecordRow, tasks: &[Task], deliveries: &[Delivery]) -> Outcome<Vec<String>> {
    let mine = |kinds: &[TaskKind]| tasks.iter().any(|task| task.mine && kinds.contains(&task.kind));
    let mut out = Vec::new();
    if record.kind == "incoming" {
        let state: IncomingState = record.state.parse()?;
        let referred = mine(&[TaskKind::Referral]);
        for action in IncomingAction::ALL {
            let Some(moved) = incoming(state, *action) else { continue };
            let may = match action {
                IncomingAction::Recall => false,
                IncomingAction::Refer => actor.can(Permission::LettersRefer) || referred,
                IncomingAction::Answer => actor.can(Permission::LettersDraft) || referred,
                _ => moved.permission.is_some_and(|right| actor.can(right)),
            };
            if may {
                out.push(action.code().to_owned());
            }
        }
        if referred {
            out.push("finish".to_owned());
        }
        return Ok(out);
    }
    let state: OutgoingState = record.state.parse()?;
    let author = update::may_edit(actor, record).is_ok();
    let reviewing =
        mine(&[TaskKind::Review, TaskKind::Approve, TaskKind::Opinion]) && record.created_by != actor.user_id;
    let signing = mine(&[TaskKind::Sign]) && record.created_by != actor.user_id;
    let unregistered = deliveries.iter().any(|d| matches!(d.state.code(), "delivered" | "opened"));
    for action in OutgoingAction::ALL {
        let Some(moved) = outgoing(state, *action) else { continue };
        let right = moved.permission.is_some_and(|right| actor.can(right));
        let may = match action {
            OutgoingAction::Edit | OutgoingAction::Submit | OutgoingAction::Withdraw => author && right,
            OutgoingAction::PassUp => reviewing,
            OutgoingAction::Return => reviewing || signing,
            OutgoingAction::Sign => signing,
            OutgoingAction::ConfirmDelivery => false,
            OutgoingAction::Recall => right && unregistered,
            OutgoingAction::Close => right,
            OutgoingAction::Void => right && (author || state == OutgoingState::Issued),
        };
        if may {
            out.push(action.code().to_owned());
        }
    }
    if mine(&[TaskKind::Referral]) {
        out.push("finish".to_owned());
    }
    Ok(out)
}
