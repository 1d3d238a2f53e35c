//! Beginning a run, and changing its words until it is approved.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{PaymentRunAction, PaymentRunInput, PaymentRunState};
use diwan_kernel::{FieldError, Permission, Priority, Secrecy, text};
use diwan_platform::{
    Actor, Fields, Outcome, actor as principals,
    records::{self, CHANGED, NewRecord, RecordRow, access, state},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::{finance::payment_runs, platform::records as record_table};

use super::store;
use crate::payments::{account, owed};

/// Begins a run of an account; answers its record.
///
/// # Errors
/// The right to pay is missing; every wrong field: `bank_account_id` unknown, inactive or without IBAN, `pay_on` past.
pub fn begin(tx: &mut WriteTx<'_>, actor: &Actor, input: &PaymentRunInput) -> Outcome<i64> {
    actor.require(Permission::FinancePay)?;
    let subject = checked(tx, input)?;
    let account = account::chosen(tx, actor.agency_id, input.bank_account_id)?;
    if account.iban.is_empty() {
        return Err(FieldError::new("bank_account_id", "account_without_iban").into());
    }
    let record = NewRecord {
        agency_id: actor.agency_id,
        unit_id: actor.units().next(),
        kind: RecordKind::PaymentRun,
        subject,
        party: account.iban.clone(),
        state: PaymentRunState::Draft.code(),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Normal,
        due_on: Some(input.pay_on),
        class_code: None,
        created_by: actor.user_id,
    };
    let id = records::create(tx, &record)?;
    access::grant(tx, id, &[principals::finance(actor.agency_id)])?;
    diesel::insert_into(payment_runs::table)
        .values((
            (payment_runs::record_id.eq(id), payment_runs::agency_id.eq(actor.agency_id)),
            (payment_runs::bank_account_id.eq(account.id), payment_runs::currency.eq(&account.currency)),
            (payment_runs::pay_on.eq(input.pay_on), payment_runs::state.eq(PaymentRunState::Draft.code())),
            (payment_runs::items.eq(0_i64), payment_runs::last_seq.eq(0_i64)),
            (payment_runs::amount.eq(0_i64), payment_runs::base_amount.eq(0_i64)),
            (payment_runs::prepared_by.eq(actor.user_id), payment_runs::reason.eq("")),
        ))
        .execute(tx.conn())?;
    tx.audit(Audit::of_record(id).after(input))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(id)
}

/// Changes words and day of a draft; its account stays.
///
/// # Errors
/// Not found; wrong state; another version; as [`begin`]; `account_fixed`; the field `pay_on`: `before_day` with that of a document.
pub fn update(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &PaymentRunInput) -> Outcome<()> {
    let (run, record) = store::take(tx, actor, (id, Some(version)), PaymentRunAction::Edit)?;
    if input.bank_account_id != run.bank_account_id {
        return Err(FieldError::new("bank_account_id", "account_fixed").into());
    }
    let subject = checked(tx, input)?;
    let paid: Vec<i64> = store::items(tx, id, None)?.into_iter().map(|item| item.document_id).collect();
    if let Some(day) = owed::last_day(tx, &paid)?.filter(|day| *day > input.pay_on) {
        return Err(FieldError::new("pay_on", "before_day").with("day", day).into());
    }
    change_record(tx, &record, (&subject, input.pay_on))?;
    diesel::update(payment_runs::table.find(id)).set(payment_runs::pay_on.eq(input.pay_on)).execute(tx.conn())?;
    tx.audit(Audit::of_record(id).after(input))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// The words as they are kept; the day is not past.
fn checked(tx: &mut ReadTx<'_>, input: &PaymentRunInput) -> Outcome<String> {
    let mut fields = Fields::default();
    let subject = fields.take(text::line("subject", &input.subject, text::SUBJECT_MAX));
    if input.pay_on < tx.today() {
        fields.push(FieldError::new("pay_on", "in_the_past"));
    }
    fields.done()?;
    Ok(subject)
}

fn change_record(tx: &mut WriteTx<'_>, record: &RecordRow, (subject, pay_on): (&str, NaiveDate)) -> Outcome<()> {
    let now = tx.now();
    let same =
        record_table::table.filter(record_table::id.eq(record.id)).filter(record_table::version.eq(record.version));
    let changed = diesel::update(same)
        .set((
            record_table::subject.eq(subject),
            record_table::fold.eq(text::fold(subject)),
            record_table::due_on.eq(pay_on),
            record_table::updated_at.eq(now),
            record_table::version.eq(record.version + 1),
        ))
        .execute(tx.conn())?;
    state::written(tx, record, changed)
}
