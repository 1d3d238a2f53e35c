//! Rows of letters, recipients and deliveries.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_kernel::Named;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, RecordRow},
};
use diwan_schema::{
    platform::{agencies, holdings, positions, units},
    tarasol::{deliveries, delivery_events, letter_recipients, letters},
};
use diwan_tarasol_api::{DeliveryState, Recipient};
use serde::Serialize;

/// The row of a letter.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = letters)]
pub(crate) struct LetterRow {
    pub(crate) record_id: i64,
    pub(crate) agency_id: i64,
    pub(crate) direction: String,
    pub(crate) form: String,
    pub(crate) lang: String,
    pub(crate) counterpart_id: Option<i64>,
    pub(crate) addressee: String,
    pub(crate) body: String,
    pub(crate) body_text: String,
    pub(crate) letterhead: Option<String>,
    pub(crate) reply_due_days: Option<i32>,
    pub(crate) in_reply_to: Option<i64>,
    pub(crate) their_number: Option<String>,
    pub(crate) their_date: Option<NaiveDate>,
    pub(crate) signatory_position_id: Option<i64>,
    pub(crate) signed_by: Option<i64>,
    pub(crate) signed_for: Option<i64>,
    pub(crate) signed_at: Option<NaiveDateTime>,
    pub(crate) received_at: Option<NaiveDateTime>,
}

/// The row of a delivery.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub(crate) struct DeliveryRow {
    pub(crate) id: i64,
    pub(crate) record_id: i64,
    pub(crate) from_agency_id: i64,
    pub(crate) to_agency_id: i64,
    pub(crate) role: String,
    pub(crate) incoming_record_id: Option<i64>,
    pub(crate) state: String,
    pub(crate) their_number: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) updated_at: NaiveDateTime,
}

/// A letter in the actor's scope.
pub(crate) fn load_visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(RecordRow, LetterRow)> {
    let record = records::load_visible(tx, actor, id)?;
    let letter = load(tx, id)?;
    Ok((record, letter))
}

/// A letter for Diwan's own work, or after its record was loaded in scope.
pub(crate) fn load(tx: &mut ReadTx<'_>, id: i64) -> Outcome<LetterRow> {
    letters::table
        .find(id)
        .select(LetterRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("letter"))
}

/// Whom a letter goes to, in order.
pub(crate) fn recipients(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<Recipient>> {
    type Row = (Option<i64>, Option<i64>, String, Option<String>);
    let rows: Vec<Row> = letter_recipients::table
        .filter(letter_recipients::record_id.eq(record_id))
        .order(letter_recipients::seq)
        .select((
            letter_recipients::agency_id,
            letter_recipients::unit_id,
            letter_recipients::role,
            letter_recipients::purpose,
        ))
        .load(tx.conn())?;
    let mut out = Vec::with_capacity(rows.len());
    for (agency_id, unit_id, role, purpose) in rows {
        let (ar, en): (String, String) = match (unit_id, agency_id) {
            (Some(id), _) => units::table.find(id).select((units::name_ar, units::name_en)).first(tx.conn())?,
            (None, Some(id)) => {
                agencies::table.find(id).select((agencies::name_ar, agencies::name_en)).first(tx.conn())?
            }
            (None, None) => continue,
        };
        let purpose = purpose.as_deref().map(str::parse).transpose()?;
        out.push(Recipient { agency_id, unit_id, role: role.parse()?, purpose, name: Named { ar, en } });
    }
    Ok(out)
}

/// Puts the recipients in place of those the letter had.
pub(crate) fn set_recipients(tx: &mut WriteTx<'_>, record_id: i64, recipients: &[Recipient]) -> Outcome<()> {
    diesel::delete(letter_recipients::table.filter(letter_recipients::record_id.eq(record_id))).execute(tx.conn())?;
    add_recipients(tx, record_id, recipients)
}

/// Gives a new letter its recipients.
pub(crate) fn add_recipients(tx: &mut WriteTx<'_>, record_id: i64, recipients: &[Recipient]) -> Outcome<()> {
    for (seq, recipient) in (1_i32..).zip(recipients) {
        diesel::insert_into(letter_recipients::table)
            .values((
                letter_recipients::record_id.eq(record_id),
                letter_recipients::seq.eq(seq),
                letter_recipients::agency_id.eq(recipient.agency_id),
                letter_recipients::unit_id.eq(recipient.unit_id),
                letter_recipients::role.eq(recipient.role.code()),
                letter_recipients::purpose.eq(recipient.purpose.map(|purpose| purpose.code())),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The deliveries of an outgoing letter.
pub(crate) fn deliveries_of(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<DeliveryRow>> {
    Ok(deliveries::table
        .filter(deliveries::record_id.eq(record_id))
        .order(deliveries::id)
        .select(DeliveryRow::as_select())
        .load(tx.conn())?)
}

/// The delivery that an incoming letter came by.
pub(crate) fn delivery_by_incoming(tx: &mut ReadTx<'_>, incoming_id: i64) -> Outcome<Option<DeliveryRow>> {
    Ok(deliveries::table
        .filter(deliveries::incoming_record_id.eq(incoming_id))
        .select(DeliveryRow::as_select())
        .first(tx.conn())
        .optional()?)
}

/// Moves a delivery on and keeps the step. The row decides: it must still be in one of the states `from`.
pub(crate) fn move_delivery(
    tx: &mut WriteTx<'_>,
    delivery: &DeliveryRow,
    from: &[DeliveryState],
    to: DeliveryState,
    note: Option<&str>,
) -> Outcome<bool> {
    let now = tx.now();
    let states: Vec<_> = from.iter().map(|state| state.code()).collect();
    let target = deliveries::table.filter(deliveries::id.eq(delivery.id)).filter(deliveries::state.eq_any(states));
    let moved = match to {
        DeliveryState::Registered => diesel::update(target)
            .set((deliveries::state.eq(to.code()), deliveries::updated_at.eq(now), deliveries::their_number.eq(note)))
            .kept()
            .execute(tx.conn())?,
        DeliveryState::Refused | DeliveryState::Recalled => diesel::update(target)
            .set((deliveries::state.eq(to.code()), deliveries::updated_at.eq(now), deliveries::reason.eq(note)))
            .kept()
            .execute(tx.conn())?,
        DeliveryState::Delivered | DeliveryState::Opened => diesel::update(target)
            .set((deliveries::state.eq(to.code()), deliveries::updated_at.eq(now)))
            .kept()
            .execute(tx.conn())?,
    };
    if moved == 1 {
        delivery_event(tx, delivery.id, to, note)?;
    }
    Ok(moved == 1)
}

/// Keeps a step of a delivery.
pub(crate) fn delivery_event(
    tx: &mut WriteTx<'_>,
    delivery_id: i64,
    kind: DeliveryState,
    note: Option<&str>,
) -> Outcome<()> {
    let (now, user_id) = (tx.now(), tx.who().user_id);
    diesel::insert_into(delivery_events::table)
        .values((
            delivery_events::delivery_id.eq(delivery_id),
            delivery_events::kind.eq(kind.code()),
            delivery_events::at.eq(now),
            delivery_events::user_id.eq(user_id),
            delivery_events::note.eq(note),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The post somebody signs in: the first one that may sign, else the first one held.
pub(crate) fn title_of(tx: &mut ReadTx<'_>, user_id: i64) -> Outcome<Option<Named>> {
    let row: Option<(String, String)> = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .filter(holdings::user_id.eq(user_id))
        .order((positions::can_sign.desc(), holdings::id))
        .select((positions::title_ar, positions::title_en))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(ar, en)| Named { ar, en }))
}
