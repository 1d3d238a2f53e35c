//! Payments in cash in the database.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{CASH_PAYMENT_TRANSITIONS, CashPaymentAction, CashPaymentState};
use diwan_kernel::allowed;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::cash_payments;

use crate::payments::account;

/// A payment as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cash_payments)]
pub(super) struct CashRow {
    pub(super) id: i64,
    pub(super) bank_account_id: i64,
    pub(super) number: i64,
    pub(super) state: String,
    pub(super) document_id: i64,
    pub(super) payee: String,
    pub(super) taken_by: String,
    pub(super) identity: String,
    pub(super) note: String,
    pub(super) currency: String,
    pub(super) amount: i64,
    pub(super) base_amount: i64,
    pub(super) paid_on: NaiveDate,
    pub(super) paid_by: i64,
    pub(super) paid_at: NaiveDateTime,
    pub(super) entry_id: i64,
    pub(super) ended_on: Option<NaiveDate>,
    pub(super) ended_by: Option<i64>,
    pub(super) reason: String,
    pub(super) return_entry_id: Option<i64>,
}

/// A number as it is printed: the code of the box before the number in it.
pub(super) fn printed(code: &str, number: i64) -> String {
    format!("{code}/{number}")
}

/// The next number of a box that is in its turn.
///
/// # Errors
/// The database fails.
pub(super) fn next(tx: &mut ReadTx<'_>, bank_account_id: i64) -> Outcome<i64> {
    let last: Option<i64> = cash_payments::table
        .filter(cash_payments::bank_account_id.eq(bank_account_id))
        .select(diesel::dsl::max(cash_payments::number))
        .first(tx.conn())?;
    Ok(last.unwrap_or(0) + 1)
}

/// A payment of the agency.
///
/// # Errors
/// Not found.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<CashRow> {
    cash_payments::table
        .find(id)
        .filter(cash_payments::agency_id.eq(agency_id))
        .select(CashRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("cash_payment"))
}

/// What a step starts from: the box is in its turn, and the state of the payment allows the step.
///
/// # Errors
/// Not found; wrong state; the right is missing.
pub(super) fn take(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, action: CashPaymentAction) -> Outcome<CashRow> {
    let seen = load(tx, actor.agency_id, id)?;
    account::turn(tx, seen.bank_account_id)?;
    let payment = load(tx, actor.agency_id, id)?;
    let state: CashPaymentState = payment.state.parse()?;
    let Some(step) = allowed(CASH_PAYMENT_TRANSITIONS, state, action) else {
        return Err(Refusal::WrongState { state: payment.state, action: format!("{}_cash_payment", action.code()) });
    };
    step.permission.map_or(Ok(()), |right| actor.require(right))?;
    Ok(payment)
}
