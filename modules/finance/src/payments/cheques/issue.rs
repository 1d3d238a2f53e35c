//! Issuing a cheque (إصدار شيك): the next number of its book, for all that is open of a document, posted as it is issued.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{ChequeInput, ChequeState, DocumentState, PayMethod};
use diwan_kernel::{FieldError, Permission, text};
use diwan_platform::{Actor, Outcome, Refusal, records::CHANGED};
use diwan_schema::{
    finance::{cheques, finance_documents, parties},
    platform::records,
};
use serde_json::json;

use super::store;
use crate::payments::{
    account::{self, PayingAccount},
    books::{self, Cause, Payment, Way},
    owed,
};

/// A document that is to be paid by cheque.
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

/// Issues the next cheque of a book; answers its id.
///
/// # Errors
/// The right to pay is missing; the fields `book_id`, `document_id`: `unknown`, `paid_otherwise`, `other_currency`,
/// `party_missing`; the field `on`: `in_future`, `before_day`; `not_payable` with the document; `cheque_book_closed`,
/// `cheque_book_used_up`; `cash_short`; what the ledgers refuse.
pub fn issue(tx: &mut WriteTx<'_>, actor: &Actor, input: &ChequeInput) -> Outcome<i64> {
    actor.require(Permission::FinancePay)?;
    let seen = store::book(tx, actor.agency_id, input.book_id).map_err(|refused| match refused {
        Refusal::NotFound(_) => Refusal::field("book_id", "unknown"),
        other => other,
    })?;
    let account = account::chosen(tx, actor.agency_id, seen.bank_account_id)?;
    let document = document(tx, actor.agency_id, input.document_id)?;
    check(&document, &account)?;
    owed::day(tx, input.on, document.effective_on)?;
    let payee = payee(tx, document.party_id)?;
    let number = document.number.clone().unwrap_or_default();
    let counts = document.state == DocumentState::Posted.code();
    if !counts || !owed::claim(tx, input.document_id, document.open)? {
        return Err(Refusal::rule("not_payable", [("document", number)]));
    }
    let book = store::take_book(tx, actor.agency_id, seen.id)?;
    let leaf = store::next(&book)?;
    let printed = store::printed(&book.series, leaf);
    let amount = owed::nets(tx, &[input.document_id])?.remove(&input.document_id).unwrap_or_default();
    let payment =
        Payment { document_id: input.document_id, amount, base_amount: document.open, reference: printed.clone() };
    let cause = Cause { agency_id: actor.agency_id, record_id: input.document_id, on: input.on, by: actor.user_id };
    let entry_id = books::post(tx, cause, &account, (Way::Out, std::slice::from_ref(&payment)))?;
    let fold = text::fold(&format!("{printed} {payee} {number}"));
    let now = tx.now();
    let id: i64 = diesel::insert_into(cheques::table)
        .values((
            (cheques::agency_id.eq(actor.agency_id), cheques::book_id.eq(book.id)),
            (cheques::bank_account_id.eq(account.id), cheques::series.eq(&book.series), cheques::number.eq(leaf)),
            (cheques::state.eq(ChequeState::Issued.code()), cheques::document_id.eq(input.document_id)),
            (cheques::payee.eq(&payee), cheques::fold.eq(fold), cheques::currency.eq(&account.currency)),
            (cheques::amount.eq(amount), cheques::base_amount.eq(document.open)),
            (cheques::issued_on.eq(input.on), cheques::issued_by.eq(actor.user_id), cheques::issued_at.eq(now)),
            (cheques::handed_to.eq(""), cheques::reason.eq("")),
            (cheques::entry_id.eq(entry_id), cheques::entry_seq.eq(books::bank_seq(0)?)),
        ))
        .returning(cheques::id)
        .get_result(tx.conn())?;
    let detail = json!({ "cheque": printed, "amount": amount, "on": input.on, "entry": entry_id });
    tx.audit(Audit::of_record(input.document_id).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(input.document_id), &())?;
    Ok(id)
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

fn check(document: &Payable, account: &PayingAccount) -> Outcome<()> {
    if document.method != PayMethod::Cheque.code() {
        return Err(FieldError::new("document_id", "paid_otherwise").with("method", &document.method).into());
    }
    if document.currency != account.currency {
        let other = FieldError::new("document_id", "other_currency").with("currency", &document.currency);
        return Err(other.with("expected", &account.currency).into());
    }
    Ok(())
}

/// The name on the cheque.
fn payee(tx: &mut ReadTx<'_>, party_id: Option<i64>) -> Outcome<String> {
    let Some(party_id) = party_id else { return Err(Refusal::field("document_id", "party_missing")) };
    let (ar, en): (String, String) =
        parties::table.find(party_id).select((parties::name_ar, parties::name_en)).first(tx.conn())?;
    Ok(if ar.is_empty() { en } else { ar })
}
