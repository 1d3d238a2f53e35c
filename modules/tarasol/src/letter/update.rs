//! Changing a draft, or a letter that came back for correction.

use diesel::prelude::*;
use diwan_db::{Audit, Keep, WriteTx};
use diwan_kernel::text;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, CHANGED, RecordRow, state},
};
use diwan_schema::{platform::records as record_table, tarasol::letters};
use diwan_tarasol_api::{Direction, LetterInput, OutgoingAction};

use super::{input, step, store};

/// Puts the input in place of the draft's content.
///
/// # Errors
/// Wrong fields; a stale version; the letter is under way or issued; not the actor's draft.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, new: LetterInput) -> Outcome<()> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    step::outgoing(step::outgoing_state(&record)?, OutgoingAction::Edit)?;
    may_edit(actor, &record)?;
    state::fresh(tx, &record, version)?;
    let draft = input::check(tx, actor, new)?;
    if draft.direction.code() != letter.direction {
        return Err(Refusal::field("form", "direction_fixed"));
    }
    let now = tx.now();
    let changed = diesel::update(
        record_table::table.filter(record_table::id.eq(id)).filter(record_table::version.eq(record.version)),
    )
    .set((
        record_table::subject.eq(&draft.input.subject),
        record_table::fold.eq(text::fold(&draft.input.subject)),
        record_table::party.eq(&draft.party),
        record_table::secrecy.eq(draft.input.secrecy.code()),
        record_table::priority.eq(draft.input.priority.code()),
        record_table::unit_id.eq(draft.unit_id),
        record_table::updated_at.eq(now),
        record_table::version.eq(record.version + 1),
    ))
    .kept()
    .execute(tx.conn())?;
    state::written(tx, &record, changed)?;
    diesel::update(letters::table.find(id))
        .set((
            letters::form.eq(draft.input.form.code()),
            letters::lang.eq(draft.input.lang.code()),
            letters::counterpart_id.eq(draft.counterpart_id),
            letters::addressee.eq(&draft.input.addressee),
            letters::body.eq(serde_json::to_string(&draft.input.body)?),
            letters::body_text.eq(draft.input.body.text()),
            letters::reply_due_days.eq(draft.input.reply_due_days),
            letters::signatory_position_id.eq(draft.input.signatory_position_id),
        ))
        .kept()
        .execute(tx.conn())?;
    records::set_caveats(tx, id, &draft.input.caveats)?;
    records::access::grant(tx, id, &[diwan_platform::actor::unit(draft.unit_id)])?;
    if draft.direction != Direction::Incoming {
        store::set_recipients(tx, id, &draft.input.recipients)?;
    }
    tx.audit(Audit::of_record(id).before(&letter).after(&draft.input))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// A draft belongs to its author and to the colleagues of its unit.
pub(crate) fn may_edit(actor: &Actor, record: &RecordRow) -> Outcome<()> {
    let own = record.created_by == actor.user_id || actor.units().any(|unit| Some(unit) == record.unit_id);
    if own { Ok(()) } else { Err(Refusal::rule("not_your_draft", [])) }
}
