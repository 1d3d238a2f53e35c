//! A run with everything its page shows, and what its reader may do with it.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use diwan_db::ReadTx;
use diwan_finance_api::{
    PAYMENT_RUN_TRANSITIONS, PaymentItemState, PaymentRun, PaymentRunAction, PaymentRunState, PaymentStanding,
};
use diwan_kernel::{Named, allowed};
use diwan_platform::{
    Actor, Outcome,
    records::{seals, store as spine},
};
use diwan_schema::finance::payment_items;

use super::store::{self, RunRow};
use crate::payments::{account, owed};

/// A run of the agency.
///
/// # Errors
/// Not found; the database fails.
pub fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<PaymentRun> {
    let run = store::load(tx, actor.agency_id, id)?;
    let record = spine::load_for_system(tx, id)?;
    let account = account::load(tx, run.agency_id, run.bank_account_id)?;
    let standing = standing(tx, id)?;
    let actions = actions(tx, actor, &run, &standing)?;
    let mut name = |user: Option<i64>| -> Outcome<Option<Named>> {
        user.map(|user| Ok(spine::user_ref(tx, user)?.name)).transpose()
    };
    let (prepared_by, approved_by, sent_by) =
        (name(Some(run.prepared_by))?, name(run.approved_by)?, name(run.sent_by)?);
    Ok(PaymentRun {
        id,
        version: record.version,
        number: record.number,
        subject: record.subject,
        state: run.state()?,
        bank_account_id: account.id,
        account: account.name(),
        account_iban: account.iban,
        pay_on: run.pay_on,
        scale: account::scale(tx, &run.currency)?,
        currency: run.currency,
        items: run.items,
        amount: run.amount,
        base_amount: run.base_amount,
        standing,
        prepared_by: prepared_by.unwrap_or_default(),
        approved_by,
        approved_at: run.approved_at,
        sent_by,
        sent_at: run.sent_at,
        file_hash: run.file_hash,
        csv_hash: run.csv_hash,
        reason: run.reason,
        actions,
        verify_code: seals::of_record(tx, id)?.map(|seal| seal.verify_code),
    })
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// How many items stand where.
fn standing(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<PaymentStanding>> {
    let rows: Vec<Standing> = sql_query(format!(
        "SELECT state, COUNT(*) AS items, CAST(SUM(amount) AS BIGINT) AS amount FROM payment_items
        WHERE run_id = {id} GROUP BY state ORDER BY state"
    ))
    .load(tx.conn())?;
    let of = |row: Standing| Ok(PaymentStanding { state: row.state.parse()?, items: row.items, amount: row.amount });
    rows.into_iter().map(of).collect()
}

/// The actions the reader may take now: from the declared transitions, by right, and by what there is to act on.
fn actions(tx: &mut ReadTx<'_>, actor: &Actor, run: &RunRow, standing: &[PaymentStanding]) -> Outcome<Vec<String>> {
    let there = |state: PaymentItemState| standing.iter().any(|one| one.state == state);
    let own: i64 = payment_items::table
        .filter(payment_items::run_id.eq(run.record_id))
        .filter(payment_items::added_by.eq(actor.user_id))
        .count()
        .get_result(tx.conn())?;
    let state = run.state()?;
    let paid = store::paid_to(tx, run.record_id, actor.user_id)?.is_some();
    let sends = state == PaymentRunState::Approved
        && run.approved_by != Some(actor.user_id)
        && !paid
        && had_no_duty(tx, actor, run)?;
    let may = |action: PaymentRunAction| match action {
        PaymentRunAction::Approve => run.items > 0 && run.prepared_by != actor.user_id && own == 0 && !paid,
        PaymentRunAction::Execute | PaymentRunAction::Reject => there(PaymentItemState::Pending),
        PaymentRunAction::Return => there(PaymentItemState::Executed),
        PaymentRunAction::Send => sends,
        PaymentRunAction::Edit | PaymentRunAction::Void => true,
    };
    let open = |action: PaymentRunAction| {
        let step = allowed(PAYMENT_RUN_TRANSITIONS, state, action);
        step.is_some_and(|step| step.permission.is_none_or(|right| actor.can(right))) && may(action)
    };
    Ok(PaymentRunAction::ALL.iter().filter(|action| open(**action)).map(|action| action.code().to_owned()).collect())
}

/// Whether the reader had no duty in what the run pays: another person than those sends it.
fn had_no_duty(tx: &mut ReadTx<'_>, actor: &Actor, run: &RunRow) -> Outcome<bool> {
    let of_run = payment_items::table.filter(payment_items::run_id.eq(run.record_id));
    let documents: Vec<i64> = of_run.select(payment_items::document_id).load(tx.conn())?;
    Ok(owed::dutiful(tx, actor.user_id, &documents)?.is_empty())
}
