//! Giving a run to its bank (إرسال الدفعة): the files are made once and kept by their hashes.

use diesel::prelude::*;
use diwan_bank::pay::{self, Batch, Debtor, Transfer};
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{PaymentRunAction, PaymentRunState, TransferFormat};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{self, Stored},
    records::{CHANGED, state, store as spine},
};
use diwan_schema::finance::payment_runs;
use serde_json::json;

use super::store::{self, ItemRow, RunRow};
use crate::{
    documents,
    payments::{account, owed},
};

/// What the bank is given.
#[derive(Debug, Clone)]
pub struct Files {
    /// pain.001.001.09.
    pub pain: Vec<u8>,
    /// The same as CSV.
    pub csv: Vec<u8>,
    /// What they are called, without an ending.
    pub name: String,
}

/// Makes the files of an approved run; nothing is kept yet.
///
/// # Errors
/// Not found; wrong state; another version; the right is missing; `transfer_file` where the bank would not take it.
pub fn files(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<Files> {
    let run = store::load(tx, actor.agency_id, id)?;
    store::step(actor, &run, PaymentRunAction::Send)?;
    let record = spine::load_for_system(tx, id)?;
    state::fresh(tx, &record, version)?;
    let items = store::items(tx, id, None)?;
    let batch = batch(tx, &run, &items)?;
    let fault = |fault: pay::Fault| Refusal::rule("transfer_file", [("why", fault.to_string())]);
    Ok(Files { pain: pay::pain(&batch).map_err(fault)?, csv: pay::plain(&batch).map_err(fault)?, name: batch.message })
}

/// The run as an order to the bank.
fn batch(tx: &mut ReadTx<'_>, run: &RunRow, items: &[ItemRow]) -> Outcome<Batch> {
    let account = account::load(tx, run.agency_id, run.bank_account_id)?;
    let scale = account::scale(tx, &run.currency)?;
    let documents: Vec<i64> = items.iter().map(|item| item.document_id).collect();
    let numbers = owed::named(tx, &documents)?;
    let transfer = |item: &ItemRow| Transfer {
        end_to_end: item.end_to_end.clone(),
        amount: item.amount,
        name: item.payee.clone(),
        iban: item.iban.clone(),
        details: numbers.get(&item.document_id).map(|(_, number)| number.clone()).unwrap_or_default(),
    };
    Ok(Batch {
        message: format!("PAY{}", run.record_id),
        made_at: tx.now(),
        pay_on: run.pay_on,
        currency: run.currency.clone(),
        scale,
        debtor: Debtor { name: spine::agency_ref(tx, run.agency_id)?.name.ar, iban: account.iban, bic: account.bic },
        transfers: items.iter().map(transfer).collect(),
    })
}

/// Marks a run as given to the bank, with the files that were stored: by another person than who approved it and those it pays.
///
/// # Errors
/// Not found; wrong state; another version than the one that the files were made of; the right is missing; `payer_had_duty`
/// and `payer_is_paid` with the document; `own_payment_run`.
pub fn send(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, version): (i64, i64),
    (pain, csv): (&Stored, &Stored),
) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, Some(version)), PaymentRunAction::Send)?;
    let paid: Vec<i64> = store::items(tx, id, None)?.iter().map(|item| item.document_id).collect();
    owed::another_pays(tx, actor.user_id, &paid)?;
    if let Some(own) = store::paid_to(tx, id, actor.user_id)? {
        return Err(Refusal::rule("payer_is_paid", [("document", documents::name_of(tx, own)?)]));
    }
    if run.approved_by == Some(actor.user_id) {
        return Err(Refusal::rule("own_payment_run", []));
    }
    for stored in [pain, csv] {
        files::note_blob(tx, stored)?;
    }
    let now = tx.now();
    diesel::update(payment_runs::table.find(id))
        .set((
            payment_runs::state.eq(PaymentRunState::Sent.code()),
            payment_runs::sent_by.eq(actor.user_id),
            payment_runs::sent_at.eq(now),
            payment_runs::file_hash.eq(&pain.hash),
            payment_runs::csv_hash.eq(&csv.hash),
        ))
        .execute(tx.conn())?;
    state::set(tx, &record, PaymentRunState::Sent.code())?;
    let detail = json!({ "state": PaymentRunState::Sent.code(), "file": pain.hash, "csv": csv.hash });
    tx.audit(Audit::of_record(id).detail(detail))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// The hash of a file of a run that was sent, its media type, and what it is called.
///
/// # Errors
/// Not found; it was not sent.
pub(in crate::payments) fn file(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    id: i64,
    format: TransferFormat,
) -> Outcome<(String, &'static str, String)> {
    let run = store::load(tx, actor.agency_id, id)?;
    let (hash, media_type, ending) = match format {
        TransferFormat::Pain => (run.file_hash, "application/xml", "xml"),
        TransferFormat::Csv => (run.csv_hash, "text/csv; charset=utf-8", "csv"),
    };
    match hash {
        Some(hash) => Ok((hash, media_type, format!("PAY{id}.{ending}"))),
        None => Err(Refusal::WrongState { state: run.state, action: "file_payment_run".to_owned() }),
    }
}
