//! A document that is paid by itself, by cheque or in cash: whose it is, all that is open of it, and the entry that pays it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{DocumentState, PayMethod};
use diwan_kernel::{FieldError, Lang, Named, Permission};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{finance_documents, parties},
    platform::records,
};

use super::{
    account::{self, PayingAccount},
    books::{self, Cause, Payment, Way},
    owed,
};

/// A document that is to be paid.
#[derive(Debug, Clone, Queryable)]
struct Payable {
    number: Option<String>,
    state: String,
    method: String,
    currency: String,
    open: i64,
    effective_on: NaiveDate,
    party_id: Option<i64>,
}

/// What is paid, once it is taken.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// The document's number.
    pub(super) number: String,
    /// The name of whoever is paid.
    pub(super) payee: String,
    /// The payment, without its reference.
    pub(super) payment: Payment,
}

/// Takes all that is open of a document: from here on nobody else pays it.
///
/// # Errors
/// The right to pay is missing; the field `document_id`: `unknown`, `paid_otherwise`, `other_currency`, `trust_apart`,
/// `party_missing`, `party_inactive`; the field `on`: `in_future`, `before_day`; `payer_had_duty`, `payer_is_paid`, `not_payable`
/// with the document.
pub(super) fn take(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, method): (i64, PayMethod),
    (account, on): (&PayingAccount, NaiveDate),
) -> Outcome<Taken> {
    actor.require(Permission::FinancePay)?;
    let document = document(tx, actor.agency_id, id)?;
    check(&document, method, account)?;
    if !owed::of_other_money(tx, account.account_id, &[id])?.is_empty() {
        return Err(Refusal::field("document_id", "trust_apart"));
    }
    owed::another_pays(tx, actor.user_id, &[id])?;
    let back = owed::came_back_on(tx, id)?.unwrap_or(document.effective_on);
    owed::day(tx, on, document.effective_on.max(back))?;
    let number = document.number.unwrap_or_default();
    let (payee, user_id) = payee(tx, document.party_id)?;
    if user_id == Some(actor.user_id) {
        return Err(Refusal::rule("payer_is_paid", [("document", number)]));
    }
    let counts = document.state == DocumentState::Posted.code();
    if !counts || !owed::claim(tx, id, document.open)? {
        return Err(Refusal::rule("not_payable", [("document", number)]));
    }
    let amount = owed::nets(tx, &[id])?.remove(&id).unwrap_or_default();
    let payment = Payment { document_id: id, amount, base_amount: document.open, reference: String::new() };
    Ok(Taken { number, payee, payment })
}

fn document(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Payable> {
    finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::record_id.eq(id))
        .filter(finance_documents::agency_id.eq(agency_id))
        .select((
            records::number,
            records::state,
            finance_documents::method,
            finance_documents::currency,
            finance_documents::to_pay,
            finance_documents::effective_on,
            finance_documents::party_id,
        ))
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::field("document_id", "unknown"))
}

fn check(document: &Payable, method: PayMethod, account: &PayingAccount) -> Outcome<()> {
    if document.method != method.code() {
        return Err(FieldError::new("document_id", "paid_otherwise").with("method", &document.method).into());
    }
    if document.currency != account.currency {
        let other = FieldError::new("document_id", "other_currency").with("currency", &document.currency);
        return Err(other.with("expected", &account.currency).into());
    }
    Ok(())
}

/// The name of whoever is paid, and who of the office it is. Nobody is paid who is not active any more.
fn payee(tx: &mut ReadTx<'_>, party_id: Option<i64>) -> Outcome<(String, Option<i64>)> {
    let Some(party_id) = party_id else { return Err(Refusal::field("document_id", "party_missing")) };
    let (ar, en, user_id, active): (String, String, Option<i64>, bool) = parties::table
        .find(party_id)
        .select((parties::name_ar, parties::name_en, parties::user_id, parties::active))
        .first(tx.conn())?;
    let name = Named { ar, en }.get(Lang::Ar).to_owned();
    if active {
        return Ok((name, user_id));
    }
    Err(FieldError::new("document_id", "party_inactive").with("name", name).into())
}

/// Posts a payment for its document; answers the entry, in which the account that pays has the line of [`books::bank_seq`] 0.
///
/// # Errors
/// `cash_short`; what the ledgers refuse.
pub(super) fn post(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (account, on): (&PayingAccount, NaiveDate),
    (way, payment): (Way, &Payment),
) -> Outcome<i64> {
    let cause = Cause { agency_id: actor.agency_id, record_id: payment.document_id, on, by: actor.user_id };
    books::post(tx, cause, account, (way, std::slice::from_ref(payment)))
}

/// Posts that a payment came back to its account; answers the entry. The document is open again once that is written.
///
/// # Errors
/// What the ledgers refuse.
pub(super) fn give_back(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (account_id, on): (i64, NaiveDate),
    payment: &Payment,
) -> Outcome<i64> {
    owed::turn(tx, &BTreeSet::from([payment.document_id]))?;
    let account = account::load(tx, actor.agency_id, account_id)?;
    post(tx, actor, (&account, on), (Way::Back, payment))
}
