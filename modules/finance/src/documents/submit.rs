//! Sending a draft to those who certify and authorise (رفع للاعتماد), and taking it back.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{DocumentAction, DocumentKind, DocumentState, Duty, PartyKind, Side};
use diwan_kernel::{Permission, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{
        CHANGED,
        routing::{self, Course},
        state, tasks,
    },
};
use diwan_platform_api::records::TaskKind;
use diwan_schema::finance::{finance_documents, parties, port_vouchers};

use super::{
    approvals, auto_reverse, details, given_up, holder, input,
    posting::books,
    step,
    store::{self, DocumentRow, LineRow},
};
use crate::{
    amounts,
    budget::{law, provisional},
};

/// Begins a round of approvals: the document is complete from here on.
///
/// # Errors
/// Wrong state, stale version, another one's draft; `payee_prepares`; what is missing; what an account asks for; `unbalanced`;
/// `invoice_twice` with the other document; `advance_overdue`, `advance_over_limit`; `law_twice`; `cut_before_law`; the field
/// `details.reverse_on`: `reversal_other_year`; what a journal voucher cannot give up; nobody is there to certify or authorise.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    let kind = document.kind()?;
    step::check(&record, kind, DocumentAction::Submit)?;
    step::own(actor, &record)?;
    actor.require(kind.shape().prepare)?;
    state::fresh(tx, &record, version)?;
    approvals::not_paid(tx, &document, [Some(actor.user_id), None], "payee_prepares")?;
    let lines = store::lines(tx, id)?;
    let invoiced = invoiced(tx, &document, &lines)?;
    input::complete(&document, (kind, invoiced), &lines, document.scale(tx)?)?;
    if kind.shape().accounts && document.reverses_id.is_none() {
        books::check(tx, &document, &lines)?;
    }
    if kind == DocumentKind::JournalVoucher {
        let reverse_on = details::load(tx, id)?.reverse_on;
        auto_reverse::own_year(tx, document.year_id, (reverse_on, lines.iter().any(|line| line.key_id.is_some())))?;
        given_up::check(tx, (&document, reverse_on), &lines)?;
    }
    if kind == DocumentKind::Virement {
        super::virement::check(tx, &document, &lines)?;
    }
    if kind == DocumentKind::BudgetLaw {
        law::once(tx, document.year_id, lines.iter().filter_map(|line| line.key_id))?;
    }
    if kind == DocumentKind::Supplementary {
        provisional::uncut(tx, document.year_id, &taken_down(&lines))?;
    }
    if kind == DocumentKind::Commitment {
        super::slices::check(tx, &document)?;
    }
    if kind == DocumentKind::Advance && document.reverses_id.is_none() {
        holder::check(tx, &document)?;
    }
    guard_invoice(tx, &document, kind)?;
    let round = document.round + 1;
    diesel::update(finance_documents::table.find(id)).set(finance_documents::round.eq(round)).execute(tx.conn())?;
    approvals::write(tx, actor, (id, round, Duty::Prepare), None)?;
    if record.state == DocumentState::Returned.code() {
        tasks::cancel_open(tx, id, &[TaskKind::Correct], None)?;
    }
    let course = course(tx, &document)?;
    routing::start(tx, actor.user_id, &record, course)?;
    state::set(tx, &record, DocumentState::InApproval.code())?;
    tx.audit(Audit::of_record(id).detail(serde_json::json!({ "state": DocumentState::InApproval.code() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Takes a document back from approval: what was approved does not count any more.
///
/// # Errors
/// Wrong state, stale version, another one's draft.
pub(crate) fn withdraw(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    step::check(&record, document.kind()?, DocumentAction::Withdraw)?;
    step::own(actor, &record)?;
    state::fresh(tx, &record, version)?;
    free_invoice(tx, id)?;
    routing::stop(tx, id)?;
    state::set(tx, &record, DocumentState::Draft.code())?;
    tx.audit(Audit::of_record(id))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// The way of a document: by its amount, to those who certify, then to those who authorise. A commitment is about what falls on
/// later years too: whoever authorises it binds the agency to the whole contract.
///
/// # Errors
/// `amount_overflow`.
pub(super) fn course(tx: &mut ReadTx<'_>, document: &DocumentRow) -> Outcome<Course> {
    let slices = match document.kind()? {
        DocumentKind::Commitment => store::slices(tx, document.record_id)?,
        _ => Vec::new(),
    };
    let later = slices.into_iter().map(|(_, amount)| amount);
    Ok(Course {
        signatory: None,
        amount: amounts::sum(std::iter::once(document.base_amount).chain(later))?,
        duties: Some((Permission::FinanceCertify, Permission::FinanceAuthorise)),
    })
}

/// The keys that a supplement takes down.
pub(super) fn taken_down(lines: &[LineRow]) -> Vec<i64> {
    lines.iter().filter(|line| line.side == Side::Credit.code()).filter_map(|line| line.key_id).collect()
}

/// Whether an invoice has to be named with its day: a supplier is paid out of the budget for one. Wages, what is remitted, and
/// what another module answers for need none.
fn invoiced(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<bool> {
    let Some(party) = document.party_id else { return Ok(false) };
    let spends = lines.iter().any(|line| line.key_id.is_some());
    if !document.kind()?.shape().invoice || document.reverses_id.is_some() || !spends {
        return Ok(false);
    }
    let kind: String = parties::table.find(party).select(parties::kind).first(tx.conn())?;
    let called = port_vouchers::table.find(document.record_id).select(port_vouchers::document_id);
    let called: Option<i64> = called.first(tx.conn()).optional()?;
    Ok(kind == PartyKind::Supplier.code() && called.is_none())
}

/// The year of an invoice: suppliers begin their numbers anew.
fn invoice_year((reference_on, effective_on): (Option<NaiveDate>, NaiveDate)) -> i32 {
    reference_on.unwrap_or(effective_on).year()
}

/// The invoice number of a supplier stands on one voucher of its year only, whoever typed it how (حارس الفاتورة المكررة).
fn guard_invoice(tx: &mut WriteTx<'_>, document: &DocumentRow, kind: DocumentKind) -> Outcome<()> {
    let (Some(party), false) = (document.party_id, document.reference.is_empty()) else { return Ok(()) };
    if !kind.shape().invoice || document.reverses_id.is_some() {
        return Ok(());
    }
    let folded = text::fold(&text::latin_digits(&document.reference));
    let key: String = folded.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let same: Vec<(i64, (Option<NaiveDate>, NaiveDate))> = finance_documents::table
        .filter(finance_documents::agency_id.eq(document.agency_id))
        .filter(finance_documents::party_id.eq(party))
        .filter(finance_documents::invoice_key.eq(&key))
        .filter(finance_documents::record_id.ne(document.record_id))
        .select((finance_documents::record_id, (finance_documents::reference_on, finance_documents::effective_on)))
        .load(tx.conn())?;
    let year = invoice_year((document.reference_on, document.effective_on));
    if let Some((other, _)) = same.into_iter().find(|(_, days)| invoice_year(*days) == year) {
        return Err(invoice_twice(tx, &document.reference, other)?);
    }
    let guarded = tx.attempt(|tx| {
        diesel::update(finance_documents::table.find(document.record_id))
            .set(finance_documents::invoice_key.eq(&key))
            .execute(tx.conn())
            .map_err(diwan_db::DbError::from)
    })?;
    match guarded {
        Err(error) if error.is_unique_violation() => {
            Err(Refusal::rule("invoice_twice", [("invoice", document.reference.clone()), ("document", String::new())]))
        }
        other => Ok(other.map(|_| ())?),
    }
}

fn invoice_twice(tx: &mut WriteTx<'_>, invoice: &str, other: i64) -> Outcome<Refusal> {
    let document = store::name_of(tx, other)?;
    Ok(Refusal::rule("invoice_twice", [("invoice", invoice.to_owned()), ("document", document)]))
}

/// Another document may have the invoice from now on.
pub(super) fn free_invoice(tx: &mut WriteTx<'_>, id: i64) -> Outcome<()> {
    diesel::update(finance_documents::table.find(id))
        .set(finance_documents::invoice_key.eq(None::<String>))
        .execute(tx.conn())?;
    Ok(())
}
