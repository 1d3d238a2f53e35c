//! Beginning a reconciliation, or leading the one under way to another statement.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{NewReconciliation, ReconciliationState};
use diwan_kernel::{Lang, Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, CHANGED, NewRecord, state, store as spine},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{bank_statements, reconciliations};
use serde_json::json;

use super::{
    super::account::{self, BankAccountRow},
    store::ReconciliationRow,
};

/// Begins a reconciliation up to a statement; answers its record. There is one at a time: the draft of an account is led to
/// the statement instead.
///
/// # Errors
/// Not found; `unknown` statement; `reconciliation_waits` while one is submitted; `reconciled_already` for a statement that an
/// approved one has.
pub fn begin(tx: &mut WriteTx<'_>, actor: &Actor, account_id: i64, input: &NewReconciliation) -> Outcome<i64> {
    let account = account::take(tx, actor.agency_id, account_id)?;
    let statement: Option<(i64, NaiveDate)> = bank_statements::table
        .find(input.statement_id)
        .filter(bank_statements::bank_account_id.eq(account.id))
        .select((bank_statements::seq, bank_statements::ends_on))
        .first(tx.conn())
        .optional()?;
    let (seq, day) = statement.ok_or_else(|| Refusal::field("statement_id", "unknown"))?;
    let done: Option<NaiveDate> = reconciliations::table
        .filter(reconciliations::bank_account_id.eq(account.id))
        .filter(reconciliations::state.eq(ReconciliationState::Approved.code()))
        .filter(reconciliations::last_seq.ge(seq))
        .select(diesel::dsl::max(reconciliations::day))
        .first(tx.conn())?;
    if let Some(day) = done {
        return Err(Refusal::rule("reconciled_already", [("day", day.to_string())]));
    }
    let open: Option<ReconciliationRow> = reconciliations::table
        .filter(reconciliations::bank_account_id.eq(account.id))
        .filter(reconciliations::state.ne(ReconciliationState::Approved.code()))
        .select(ReconciliationRow::as_select())
        .first(tx.conn())
        .optional()?;
    match open {
        Some(row) if row.state()? == ReconciliationState::Submitted => {
            Err(Refusal::rule("reconciliation_waits", [("day", row.day.to_string())]))
        }
        Some(row) => lead(tx, &row, (seq, day)),
        None => create(tx, actor, &account, (seq, day)),
    }
}

fn lead(tx: &mut WriteTx<'_>, row: &ReconciliationRow, (seq, day): (i64, NaiveDate)) -> Outcome<i64> {
    let record = spine::load_for_system(tx, row.record_id)?;
    diesel::update(reconciliations::table.find(row.record_id))
        .set((reconciliations::last_seq.eq(seq), reconciliations::day.eq(day)))
        .execute(tx.conn())?;
    state::set(tx, &record, &row.state)?;
    tx.audit(Audit::of_record(row.record_id).detail(json!({ "day": day })))?;
    Ok(row.record_id)
}

fn create(tx: &mut WriteTx<'_>, actor: &Actor, account: &BankAccountRow, (seq, day): (i64, NaiveDate)) -> Outcome<i64> {
    let record = NewRecord {
        agency_id: actor.agency_id,
        unit_id: None,
        kind: RecordKind::Reconciliation,
        subject: format!("{}: {}", RecordKind::Reconciliation.names().0, account.name().get(Lang::Ar)),
        party: account.shown().to_owned(),
        state: ReconciliationState::Draft.code(),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Normal,
        due_on: None,
        class_code: None,
        created_by: actor.user_id,
    };
    let id = records::create(tx, &record)?;
    diesel::insert_into(reconciliations::table)
        .values((
            (reconciliations::record_id.eq(id), reconciliations::agency_id.eq(actor.agency_id)),
            (reconciliations::bank_account_id.eq(account.id), reconciliations::last_seq.eq(seq)),
            (reconciliations::day.eq(day), reconciliations::state.eq(ReconciliationState::Draft.code())),
            (reconciliations::book_balance.eq(0_i64), reconciliations::bank_balance.eq(0_i64)),
            (reconciliations::bank_only.eq(0_i64), reconciliations::books_only.eq(0_i64)),
            reconciliations::prepared_by.eq(actor.user_id),
        ))
        .execute(tx.conn())?;
    tx.audit(Audit::of_record(id).detail(json!({ "day": day, "account": account.shown() })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(id)
}
