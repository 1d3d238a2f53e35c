//! Reconciliations in the database.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::ReconciliationState;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{RecordRow, state, store as spine},
};
use diwan_schema::finance::reconciliations;

use super::super::account::{self, BankAccountRow};

/// A reconciliation as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reconciliations)]
pub(super) struct ReconciliationRow {
    pub(super) record_id: i64,
    pub(super) bank_account_id: i64,
    pub(super) last_seq: i64,
    pub(super) day: NaiveDate,
    pub(super) state: String,
    pub(super) bank_balance: i64,
    pub(super) content: Option<String>,
    pub(super) prepared_by: i64,
    pub(super) submitted_at: Option<NaiveDateTime>,
    pub(super) approved_by: Option<i64>,
    pub(super) approved_at: Option<NaiveDateTime>,
    pub(super) root: Option<String>,
}

impl ReconciliationRow {
    pub(super) fn state(&self) -> Outcome<ReconciliationState> {
        Ok(self.state.parse()?)
    }
}

/// A reconciliation of the agency.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<ReconciliationRow> {
    reconciliations::table
        .find(id)
        .filter(reconciliations::agency_id.eq(agency_id))
        .select(ReconciliationRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("reconciliation"))
}

/// What a step starts from: nobody else is at the account, the reader's version is the present one, and the state allows it.
pub(super) fn take(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, version): (i64, i64),
    (from, action): (ReconciliationState, &str),
) -> Outcome<(ReconciliationRow, BankAccountRow, RecordRow)> {
    let seen = load(tx, actor.agency_id, id)?;
    let account = account::take(tx, actor.agency_id, seen.bank_account_id)?;
    let row = load(tx, actor.agency_id, id)?;
    let record = spine::load_for_system(tx, id)?;
    state::fresh(tx, &record, version)?;
    if row.state()? != from {
        return Err(Refusal::WrongState { state: row.state, action: action.to_owned() });
    }
    Ok((row, account, record))
}
