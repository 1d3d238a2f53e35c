//! Submitting a reconciliation for approval, and giving it back.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date},
};
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::ReconciliationState;
use diwan_kernel::Permission;
use diwan_platform::{
    Actor, Outcome, actor as principals,
    records::{CHANGED, access, notify, state, store as spine},
};
use diwan_schema::finance::{bank_matches, reconciliations};
use serde_json::json;

use super::{
    figures,
    store::{self, ReconciliationRow},
};

/// Submits a draft: its figures and items are written down, and the matches it stands on stay as they are.
///
/// # Errors
/// Not found; another version; not a draft.
pub fn submit(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (row, account, record) =
        store::take(tx, actor, (id, version), (ReconciliationState::Draft, "submit_reconciliation"))?;
    attach(tx, &row)?;
    let now = tx.now();
    let name = spine::user_ref(tx, actor.user_id)?.name;
    let content = figures::of(tx, &account, &row, (name, Some(now)))?;
    diesel::update(reconciliations::table.find(id))
        .set((
            reconciliations::state.eq(ReconciliationState::Submitted.code()),
            reconciliations::book_balance.eq(content.book_balance),
            reconciliations::bank_balance.eq(content.bank_balance),
            reconciliations::bank_only.eq(content.bank_only()),
            reconciliations::books_only.eq(content.books_only()),
            reconciliations::content.eq(serde_json::to_value(&content)?.to_string()),
            reconciliations::prepared_by.eq(actor.user_id),
            reconciliations::submitted_at.eq(now),
        ))
        .execute(tx.conn())?;
    state::set(tx, &record, ReconciliationState::Submitted.code())?;
    let others: Vec<i64> = access::holders_of(tx, actor.agency_id, Permission::FinanceReconcile)?
        .into_iter()
        .filter(|user| *user != actor.user_id)
        .collect();
    let people: Vec<String> = others.iter().copied().map(principals::person).collect();
    access::grant(tx, id, &people)?;
    notify::tell(tx, others, "reconciliation_submitted", id, &json!({ "by": actor.name_ar }))?;
    tx.audit(Audit::of_record(id).detail(json!({ "state": ReconciliationState::Submitted.code() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Gives a submitted one back: it is a draft again, and its matches may be undone.
///
/// # Errors
/// Not found; another version; not submitted.
pub fn give_back(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<()> {
    let (row, _, record) =
        store::take(tx, actor, (id, version), (ReconciliationState::Submitted, "return_reconciliation"))?;
    diesel::update(reconciliations::table.find(id))
        .set((
            reconciliations::state.eq(ReconciliationState::Draft.code()),
            reconciliations::content.eq(None::<String>),
            reconciliations::submitted_at.eq(None::<chrono::NaiveDateTime>),
        ))
        .execute(tx.conn())?;
    diesel::update(bank_matches::table.filter(bank_matches::reconciliation_id.eq(row.record_id)))
        .set(bank_matches::reconciliation_id.eq(None::<i64>))
        .execute(tx.conn())?;
    state::set(tx, &record, ReconciliationState::Draft.code())?;
    if row.prepared_by != actor.user_id {
        notify::tell(tx, [row.prepared_by], "reconciliation_returned", id, &json!({ "by": actor.name_ar }))?;
    }
    tx.audit(Audit::of_record(id).detail(json!({ "state": ReconciliationState::Draft.code() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// Takes the matches of which both sides are within the day.
fn attach(tx: &mut WriteTx<'_>, row: &ReconciliationRow) -> Outcome<()> {
    let mark = tx.mark();
    let text = format!(
        "UPDATE bank_matches SET reconciliation_id = {mark}1
        WHERE bank_account_id = {mark}2 AND reconciliation_id IS NULL
            AND EXISTS (SELECT 1 FROM bank_lines k WHERE k.id = bank_matches.line_id AND k.statement_seq <= {mark}3)
            AND EXISTS (SELECT 1 FROM entry_lines l WHERE l.entry_id = bank_matches.entry_id AND l.seq = bank_matches.seq
                AND l.effective_on <= {mark}4)"
    );
    sql_query(text)
        .bind::<BigInt, _>(row.record_id)
        .bind::<BigInt, _>(row.bank_account_id)
        .bind::<BigInt, _>(row.last_seq)
        .bind::<Date, _>(row.day)
        .execute(tx.conn())?;
    Ok(())
}
