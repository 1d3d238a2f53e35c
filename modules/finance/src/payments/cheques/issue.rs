//! Issuing a cheque (إصدار شيك): the next number of its book, for all that is open of a document, posted as it is issued.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{ChequeInput, ChequeState, PayMethod};
use diwan_kernel::{Permission, text};
use diwan_platform::{Actor, Outcome, Refusal, records::CHANGED};
use diwan_schema::finance::cheques;
use serde_json::json;

use super::store;
use crate::payments::{
    account, alone,
    books::{self, Way},
};

/// Issues the next cheque of a book; answers its id.
///
/// # Errors
/// The right to pay is missing; the fields `book_id`, `document_id`: `unknown`, `paid_otherwise`, `other_currency`,
/// `party_missing`; the field `on`: `in_future`, `before_day`; `payer_had_duty`, `payer_is_paid`, `not_payable` with the
/// document; `cheque_book_closed`, `cheque_book_used_up`; `cash_short`; what the ledgers refuse.
pub fn issue(tx: &mut WriteTx<'_>, actor: &Actor, input: &ChequeInput) -> Outcome<i64> {
    actor.require(Permission::FinancePay)?;
    let seen = store::book(tx, actor.agency_id, input.book_id).map_err(|refused| match refused {
        Refusal::NotFound(_) => Refusal::field("book_id", "unknown"),
        other => other,
    })?;
    let account = account::chosen(tx, actor.agency_id, seen.bank_account_id)?;
    let mut taken = alone::take(tx, actor, (input.document_id, PayMethod::Cheque), (&account, input.on))?;
    let book = store::take_book(tx, actor.agency_id, seen.id)?;
    let leaf = store::next(&book)?;
    let printed = store::printed(&book.series, leaf);
    taken.payment.reference = printed.clone();
    let (amount, base_amount) = (taken.payment.amount, taken.payment.base_amount);
    let entry_id = alone::post(tx, actor, (&account, input.on), (Way::Out, &taken.payment))?;
    let fold = text::fold(&format!("{printed} {} {}", taken.payee, taken.number));
    let now = tx.now();
    let id: i64 = diesel::insert_into(cheques::table)
        .values((
            (cheques::agency_id.eq(actor.agency_id), cheques::book_id.eq(book.id)),
            (cheques::bank_account_id.eq(account.id), cheques::series.eq(&book.series), cheques::number.eq(leaf)),
            (cheques::state.eq(ChequeState::Issued.code()), cheques::document_id.eq(input.document_id)),
            (cheques::payee.eq(&taken.payee), cheques::fold.eq(fold), cheques::currency.eq(&account.currency)),
            (cheques::amount.eq(amount), cheques::base_amount.eq(base_amount)),
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
