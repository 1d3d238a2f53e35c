//! Approving a run (اعتماد الدفعة): by another person than those who made it, within their limit; it takes cash, number and seal.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{PaymentRunAction, PaymentRunState};
use diwan_kernel::Named;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, RecordRow, numbers, seals, state},
    secrets::Secrets,
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{finance_documents, fiscal_years, parties, payment_runs};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::store::{self, ItemRow, RunRow};
use crate::{
    documents,
    payments::{
        account::{self, PayingAccount},
        books,
    },
    structure::years,
};

/// Approves and seals.
///
/// # Errors
/// Not found; wrong state; another version; the right is missing; `run_empty`; `own_payment_run`; `payee_approves`;
/// `party_inactive` with the first who is not paid any more; `no_authority` with the total and the limit; `cash_short`; the account is
/// inactive; `no_fiscal_year`.
pub fn approve(tx: &mut WriteTx<'_>, secrets: &Secrets, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, Some(version)), PaymentRunAction::Approve)?;
    let items = store::items(tx, id, None)?;
    if items.is_empty() {
        return Err(Refusal::rule("run_empty", []));
    }
    if run.prepared_by == actor.user_id || items.iter().any(|item| item.added_by == actor.user_id) {
        return Err(Refusal::rule("own_payment_run", []));
    }
    if store::paid_to(tx, id, actor.user_id)?.is_some() {
        return Err(Refusal::rule("payee_approves", []));
    }
    all_active(tx, id)?;
    documents::within_limit(tx, (run.agency_id, RecordKind::PaymentRun.code(), run.base_amount), actor.user_id)?;
    let account = account::chosen(tx, run.agency_id, run.bank_account_id)?;
    let paid: BTreeSet<i64> = items.iter().map(|item| item.document_id).collect();
    books::order(tx, &paid)?;
    let (today, now) = (tx.today(), tx.now());
    diesel::update(payment_runs::table.find(id))
        .set((
            payment_runs::state.eq(PaymentRunState::Approved.code()),
            payment_runs::approved_by.eq(actor.user_id),
            payment_runs::approved_on.eq(today),
            payment_runs::approved_at.eq(now),
        ))
        .execute(tx.conn())?;
    state::set(tx, &record, PaymentRunState::Approved.code())?;
    tx.audit(Audit::of_record(id).detail(json!({ "state": PaymentRunState::Approved.code(), "amount": run.amount })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    let year = years::of_day(tx, run.agency_id, today)?;
    let year: i32 = fiscal_years::table.find(year).select(fiscal_years::year).first(tx.conn())?;
    documents::ensure_registers(tx, run.agency_id)?;
    let register = (run.agency_id, RecordKind::PaymentRun.code(), year);
    let number = numbers::take_of_year(tx, register, id, actor.user_id)?.display;
    let form = canonical(tx, actor, (&run, &record, &account), (&items, number))?;
    seals::seal(tx, secrets, run.agency_id, id, &form)?;
    Ok(())
}

/// Nobody is paid whose party is not active any more: it may be so since its document was added.
fn all_active(tx: &mut WriteTx<'_>, run_id: i64) -> Outcome<()> {
    use diwan_schema::finance::payment_items;
    let gone: Option<String> = payment_items::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(payment_items::document_id)))
        .inner_join(parties::table.on(parties::id.nullable().eq(finance_documents::party_id)))
        .filter(payment_items::run_id.eq(run_id))
        .filter(parties::active.eq(false))
        .order(payment_items::seq)
        .select(payment_items::payee)
        .first(tx.conn())
        .optional()?;
    match gone {
        Some(payee) => Err(Refusal::rule("party_inactive", [("name", payee)])),
        None => Ok(()),
    }
}

/// What the agency's key signs: the totals, and a hash over every transfer.
fn canonical(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (run, record, account): (&RunRow, &RecordRow, &PayingAccount),
    (items, number): (&[ItemRow], String),
) -> Outcome<seals::Canonical> {
    let (agency_code, agency) = seals::agency(tx, run.agency_id)?;
    Ok(seals::Canonical {
        v: 1,
        agency_code,
        agency,
        number,
        date: tx.today(),
        subject: record.subject.clone(),
        recipients: Vec::new(),
        content: json!({
            "account": account.iban,
            "currency": run.currency,
            "pay_on": run.pay_on,
            "items": run.items,
            "amount": run.amount,
            "base_amount": run.base_amount,
            "root": root(items)?,
        }),
        files: Vec::new(),
        signed_by: Named { ar: actor.name_ar.clone(), en: actor.name_en.clone() },
        signed_for: None,
    })
}

/// SHA-256 over the transfers in their order, hex.
fn root(items: &[ItemRow]) -> Outcome<String> {
    let rows: Vec<_> = items
        .iter()
        .map(|item| {
            json!([item.seq, item.end_to_end, item.document_id, item.payee, item.iban, item.amount, item.base_amount])
        })
        .collect();
    let text = serde_json::to_string(&rows)?;
    Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}
