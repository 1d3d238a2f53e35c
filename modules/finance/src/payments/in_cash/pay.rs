//! Paying in cash (صرف نقدي), posted as the money is handed out, and giving it back (إلغاء الصرف).

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{CashPaymentAction, CashPaymentCancel, CashPaymentInput, CashPaymentState, PayMethod};
use diwan_kernel::{FieldError, Permission, text};
use diwan_platform::{Actor, Fields, Outcome, records::CHANGED};
use diwan_schema::finance::{bank_accounts, cash_payments};
use serde_json::json;

use super::store;
use crate::payments::{
    account, alone,
    books::{self, Payment, Way},
    owed,
};

/// The longest number of a card, in characters.
const IDENTITY_MAX: usize = 40;

/// Who takes the money, by what they are known, and what is noted of it.
struct Taker {
    name: String,
    identity: String,
    note: String,
}

impl Taker {
    fn of(input: &CashPaymentInput) -> Outcome<Self> {
        let mut fields = Fields::default();
        let name = fields.take(text::line("taken_by", &input.taken_by, text::NAME_MAX));
        let mut said = |field: &str, value: &str, most: usize| match value.trim() {
            "" => String::new(),
            value => fields.take(text::line(field, value, most)),
        };
        let identity = said("identity", &input.identity, IDENTITY_MAX);
        let note = said("note", &input.note, text::SUBJECT_MAX);
        if input.identity.trim().is_empty() && input.note.trim().is_empty() {
            fields.push(FieldError::new("identity", "taker_unknown"));
        }
        fields.done()?;
        Ok(Self { name, identity, note })
    }
}

/// Pays a document in cash; answers the id of the payment, which takes the next number of its box.
///
/// # Errors
/// The right to pay is missing; the field `bank_account_id`: `unknown`, `inactive`, `account_of_bank`; the fields `taken_by`,
/// `identity` (`taker_unknown`), `note`; the field `document_id`: `unknown`, `paid_otherwise`, `other_currency`,
/// `party_missing`; the field `on`: `in_future`, `before_day`; `payer_had_duty`, `payer_is_paid`, `not_payable` with the
/// document; `cash_short`; `source_short` where the box has not so much; what the ledgers refuse.
pub fn pay(tx: &mut WriteTx<'_>, actor: &Actor, input: &CashPaymentInput) -> Outcome<i64> {
    actor.require(Permission::FinancePay)?;
    let account = account::chosen_box(tx, actor.agency_id, input.bank_account_id)?;
    let taker = Taker::of(input)?;
    let mut taken = alone::take(tx, actor, (input.document_id, PayMethod::Cash), (&account, input.on))?;
    account::turn(tx, account.id)?;
    let number = store::next(tx, account.id)?;
    let printed = store::printed(&account.code, number);
    taken.payment.reference = printed.clone();
    let (amount, base_amount) = (taken.payment.amount, taken.payment.base_amount);
    let entry_id = alone::post(tx, actor, (&account, input.on), (Way::Out, &taken.payment))?;
    account::covers(tx, &account, amount)?;
    let words = [&printed, &taken.payee, &taker.name, &taker.identity, &taken.number].map(String::as_str);
    let fold = text::fold(&words.join(" "));
    let now = tx.now();
    let id: i64 = diesel::insert_into(cash_payments::table)
        .values((
            (cash_payments::agency_id.eq(actor.agency_id), cash_payments::bank_account_id.eq(account.id)),
            (cash_payments::number.eq(number), cash_payments::state.eq(CashPaymentState::Paid.code())),
            (cash_payments::document_id.eq(input.document_id), cash_payments::payee.eq(&taken.payee)),
            (cash_payments::taken_by.eq(&taker.name), cash_payments::identity.eq(&taker.identity)),
            (cash_payments::note.eq(&taker.note), cash_payments::fold.eq(fold)),
            (cash_payments::currency.eq(&account.currency), cash_payments::amount.eq(amount)),
            (cash_payments::base_amount.eq(base_amount), cash_payments::paid_on.eq(input.on)),
            (cash_payments::paid_by.eq(actor.user_id), cash_payments::paid_at.eq(now), cash_payments::reason.eq("")),
            (cash_payments::entry_id.eq(entry_id), cash_payments::entry_seq.eq(books::bank_seq(0)?)),
        ))
        .returning(cash_payments::id)
        .get_result(tx.conn())?;
    let detail = json!({
        "cash_payment": printed, "amount": amount, "on": input.on, "taken_by": taker.name, "entry": entry_id
    });
    told(tx, actor, input.document_id, detail)?;
    Ok(id)
}

/// Takes the money of a payment back into its box, with the reason; what it paid is open again.
///
/// # Errors
/// Not found; wrong state; the right is missing; no reason; the field `on`: `in_future`, `before_day`; what the ledgers refuse.
pub fn cancel(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, input: &CashPaymentCancel) -> Outcome<()> {
    let paid = store::take(tx, actor, id, CashPaymentAction::Cancel)?;
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    owed::day(tx, input.on, paid.paid_on)?;
    let code: String = bank_accounts::table.find(paid.bank_account_id).select(bank_accounts::code).first(tx.conn())?;
    let payment = Payment {
        document_id: paid.document_id,
        amount: paid.amount,
        base_amount: paid.base_amount,
        reference: store::printed(&code, paid.number),
    };
    let entry_id = alone::give_back(tx, actor, (paid.bank_account_id, input.on), &payment)?;
    diesel::update(cash_payments::table.find(id))
        .set((
            cash_payments::state.eq(CashPaymentState::Cancelled.code()),
            cash_payments::ended_on.eq(input.on),
            cash_payments::ended_by.eq(actor.user_id),
            cash_payments::reason.eq(&reason),
            cash_payments::return_entry_id.eq(entry_id),
            cash_payments::return_seq.eq(books::bank_seq(0)?),
        ))
        .execute(tx.conn())?;
    let state = CashPaymentState::Cancelled.code();
    let detail = json!({ "cash_payment": payment.reference, "state": state, "on": input.on, "note": reason });
    told(tx, actor, paid.document_id, detail)
}

/// What is said in the trail of the document.
fn told(tx: &mut WriteTx<'_>, actor: &Actor, document_id: i64, detail: serde_json::Value) -> Outcome<()> {
    tx.audit(Audit::of_record(document_id).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(document_id), &())?;
    Ok(())
}
