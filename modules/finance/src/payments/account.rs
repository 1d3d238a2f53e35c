//! The bank account that pays (الحساب الدافع).

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{FieldError, Named};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::bank_accounts;

use crate::parts::currencies;

/// An account that money leaves.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bank_accounts)]
pub(super) struct PayingAccount {
    pub(super) id: i64,
    /// Its account of the chart.
    pub(super) account_id: i64,
    name_ar: String,
    name_en: String,
    pub(super) bic: String,
    pub(super) iban: String,
    pub(super) currency: String,
    pub(super) active: bool,
}

impl PayingAccount {
    pub(super) fn name(&self) -> Named {
        Named { ar: self.name_ar.clone(), en: self.name_en.clone() }
    }
}

/// An account of the agency.
///
/// # Errors
/// Not found.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PayingAccount> {
    find(tx, agency_id, id)?.ok_or(Refusal::NotFound("bank_account"))
}

fn find(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Option<PayingAccount>> {
    Ok(bank_accounts::table
        .find(id)
        .filter(bank_accounts::agency_id.eq(agency_id))
        .select(PayingAccount::as_select())
        .first(tx.conn())
        .optional()?)
}

/// An account as a form names it: there, and active.
///
/// # Errors
/// The field `bank_account_id`: `unknown`, `inactive`.
pub(super) fn chosen(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PayingAccount> {
    let wrong = match find(tx, agency_id, id)? {
        Some(account) if account.active => return Ok(account),
        Some(_) => "inactive",
        None => "unknown",
    };
    Err(FieldError::new("bank_account_id", wrong).into())
}

/// Decimals of a currency that is in use.
///
/// # Errors
/// There is no such currency.
pub(super) fn scale(tx: &mut ReadTx<'_>, currency: &str) -> Outcome<u8> {
    currencies::scale(tx, currency)?.ok_or_else(|| Refusal::Internal(format!("there is no currency {currency}")))
}
