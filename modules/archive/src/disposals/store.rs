//! Acts of destruction in the database, and whether a document may be destroyed.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_archive_api::{DisposalState, Fate};
use diwan_db::ReadTx;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_platform_api::records::RecordKind;
use diwan_schema::{
    archive::{checkouts, disposal_items, disposal_votes, disposals},
    platform::{attachments, records},
};

use crate::{holds, keeping};

/// An act as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = disposals)]
pub(super) struct DisposalRow {
    pub(super) id: i64,
    pub(super) agency_id: i64,
    pub(super) reason: String,
    pub(super) state: String,
    pub(super) proposed_by: i64,
    pub(super) proposed_at: NaiveDateTime,
    pub(super) ended_by: Option<i64>,
    pub(super) ended_at: Option<NaiveDateTime>,
    pub(super) refusal: Option<String>,
    pub(super) certificate_id: Option<i64>,
    pub(super) version: i64,
}

impl DisposalRow {
    /// Where it stands.
    pub(super) fn state(&self) -> Outcome<DisposalState> {
        Ok(self.state.parse()?)
    }
}

/// A document of an act as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = disposal_items)]
pub(super) struct ItemRow {
    pub(super) record_id: i64,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    pub(super) files: String,
}

/// An act of the actor's agency.
pub(super) fn load(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<DisposalRow> {
    let row = system(tx, id)?;
    row.filter(|row| row.agency_id == actor.agency_id).ok_or(Refusal::NotFound("disposal"))
}

/// An act, for Diwan's own work.
pub(super) fn system(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Option<DisposalRow>> {
    Ok(disposals::table.find(id).select(DisposalRow::as_select()).first(tx.conn()).optional()?)
}

/// The documents of an act in the order of their ids.
pub(super) fn items(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<ItemRow>> {
    Ok(disposal_items::table
        .filter(disposal_items::disposal_id.eq(id))
        .order(disposal_items::record_id)
        .select(ItemRow::as_select())
        .load(tx.conn())?)
}

/// Who confirmed an act, in order.
pub(super) fn votes(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<(i64, NaiveDateTime)>> {
    Ok(disposal_votes::table
        .filter(disposal_votes::disposal_id.eq(id))
        .order((disposal_votes::confirmed_at, disposal_votes::user_id))
        .select((disposal_votes::user_id, disposal_votes::confirmed_at))
        .load(tx.conn())?)
}

/// Why a document may not be destroyed today; none where it may. The same rule when it is proposed and when it is done.
pub(super) fn spared(tx: &mut ReadTx<'_>, agency_id: i64, record_id: i64) -> Outcome<Option<&'static str>> {
    let kind: String = records::table.find(record_id).select(records::kind).first(tx.conn())?;
    if kind != RecordKind::Document.code() {
        return Ok(Some("letters_stay"));
    }
    let Some(row) = keeping::store::load(tx, record_id)? else { return Ok(Some("not_due")) };
    if row.destroyed_on.is_some() {
        return Ok(Some("destroyed_already"));
    }
    if row.action()? != Fate::Destroy || !row.is_due(tx.today()) {
        return Ok(Some("not_due"));
    }
    if holds::store::on(tx, agency_id, &[record_id])?.contains_key(&record_id) {
        return Ok(Some("on_hold"));
    }
    let taken: i64 = checkouts::table
        .inner_join(attachments::table.on(attachments::id.eq(checkouts::attachment_id)))
        .filter(attachments::record_id.eq(record_id))
        .count()
        .get_result(tx.conn())?;
    Ok((taken > 0).then_some("checked_out"))
}
