//! Liquidating (استحقاق): the invoice is accepted, the wages are due. A payment voucher is written for it and goes the way of
//! every voucher: who calls prepared it, others certify and authorise, and then it is owed and to be paid.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{BASE_CURRENCY, DocumentInput, DocumentKind, PayMethod};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{links, store},
};
use diwan_platform_api::records::LinkKind;
use diwan_schema::finance::accounts;
use serde::Serialize;

use super::{
    calls::{self, Call, Done, Operation},
    entry,
    holds::{self, HoldKind},
    vouchers,
};
use crate::{
    documents,
    ledger::{Line, open_period},
    parts::currencies,
    structure::years,
};

/// What is owed once it is authorised.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Liquidation<'a> {
    /// What it is for (البيان).
    pub subject: &'a str,
    /// The commitment it draws on; none for an expense without one.
    pub commitment: Option<i64>,
    /// The expense by keys, and what is deducted on the other side. All in one currency; the base currency is what the rate of
    /// the day makes of it.
    pub lines: &'a [Line],
    /// The account that takes the rest; that of payment vouchers when none is told.
    pub payable_id: Option<i64>,
    /// Who is paid, and named by every line whose account asks for a party and that names none.
    pub party_id: i64,
    /// The number of the invoice; may be empty. The same one of a party is taken once.
    pub invoice: &'a str,
    /// Its day; said where it has a number.
    pub invoiced_on: Option<NaiveDate>,
    /// How it is paid.
    pub method: PayMethod,
    /// By when it is to be paid.
    pub due_on: Option<NaiveDate>,
}

/// Writes the payment voucher and sends it to those who certify and authorise. Posting it takes committed → obligated, what
/// exceeds the commitment from what is available, and puts what the deductions leave among what is to be paid. Answers the
/// record of the voucher; [`super::standing`] says what became of it.
///
/// # Errors
/// The right to prepare vouchers is missing; each wrong field or line; `invoice_twice`; nobody is there to certify or
/// authorise; `period_closed`, `no_period`, `no_fiscal_year`; the module has no such commitment, `hold_of_other_year`,
/// `hold_lapsed`; the field `on`: `before_day` with that of the commitment; `source_short_before`: what is open of it came back later;
/// the record is out of scope; `idempotency_mismatch`.
pub fn liquidate(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, input: &Liquidation<'_>) -> Outcome<i64> {
    calls::once(tx, actor, (call, Operation::Liquidate), input, |tx, call_id| {
        let year_id = years::of_day(tx, actor.agency_id, call.on)?;
        open_period(tx, actor.agency_id, DocumentKind::PaymentVoucher, (call.on, false))?;
        // Nothing is drawn on it before the voucher is posted; it has to be one that may be.
        let drawn_on = match input.commitment {
            Some(id) => Some(holds::take_of(tx, actor, call, (id, HoldKind::Commitment, year_id))?.id),
            None => None,
        };
        let form = form(tx, (actor.agency_id, year_id), call.on, input)?;
        let id = documents::create(tx, actor, &form)?;
        vouchers::insert(tx, actor.agency_id, (id, call_id), drawn_on)?;
        links::insert(tx, id, call.record_id, LinkKind::RelatesTo, actor.user_id)?;
        let version = store::load_for_system(tx, id)?.version;
        documents::submit(tx, actor, id, version)?;
        Ok(Done { answer: id, entry_id: None })
    })
}

/// The voucher as a person would have typed it.
fn form(
    tx: &mut ReadTx<'_>,
    (agency_id, year_id): (i64, i64),
    on: NaiveDate,
    input: &Liquidation<'_>,
) -> Outcome<DocumentInput> {
    let currency = input.lines.first().map_or(BASE_CURRENCY, |line| line.currency.as_str());
    if input.lines.iter().any(|line| line.currency != currency) {
        return Err(Refusal::Internal("lines of a voucher in several currencies".to_owned()));
    }
    // Without it the same invoice could come once more in another year.
    if !input.invoice.trim().is_empty() && input.invoiced_on.is_none() {
        return Err(Refusal::field("invoiced_on", "required"));
    }
    let scale = currencies::scale(tx, currency)?.ok_or_else(|| Refusal::field("currency", "unknown"))?;
    let known = entry::known(tx, (agency_id, year_id), input.lines)?;
    Ok(DocumentInput {
        subject: input.subject.to_owned(),
        currency: currency.to_owned(),
        party_id: Some(input.party_id),
        counter: counter(tx, agency_id, input.payable_id)?,
        reference: input.invoice.to_owned(),
        reference_on: input.invoiced_on,
        method: input.method,
        due_on: input.due_on,
        lines: known.typed(input.lines, scale),
        ..DocumentInput::new(DocumentKind::PaymentVoucher, on)
    })
}

/// The code of the account that takes the rest; none stands for the voucher's own.
fn counter(tx: &mut ReadTx<'_>, agency_id: i64, payable_id: Option<i64>) -> Outcome<String> {
    let Some(id) = payable_id else { return Ok(String::new()) };
    let of_agency = accounts::table.find(id).filter(accounts::agency_id.eq(agency_id));
    let code: Option<String> = of_agency.select(accounts::code).first(tx.conn()).optional()?;
    code.ok_or_else(|| Refusal::field("payable_id", "unknown"))
}
