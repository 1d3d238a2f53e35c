//! Payment runs and their items in the database.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx, sum_i64};
use diwan_finance_api::{PAYMENT_RUN_TRANSITIONS, PaymentItemState, PaymentRunAction, PaymentRunState};
use diwan_kernel::allowed;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{RecordRow, state, store as spine},
};
use diwan_schema::finance::{finance_documents, parties, payment_items, payment_runs};

/// A run as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = payment_runs)]
pub(super) struct RunRow {
    pub(super) record_id: i64,
    pub(super) agency_id: i64,
    pub(super) bank_account_id: i64,
    pub(super) currency: String,
    pub(super) pay_on: NaiveDate,
    pub(super) state: String,
    pub(super) items: i64,
    pub(super) last_seq: i64,
    pub(super) amount: i64,
    pub(super) base_amount: i64,
    pub(super) prepared_by: i64,
    pub(super) approved_by: Option<i64>,
    pub(super) approved_on: Option<NaiveDate>,
    pub(super) approved_at: Option<NaiveDateTime>,
    pub(super) sent_by: Option<i64>,
    pub(super) sent_at: Option<NaiveDateTime>,
    pub(super) file_hash: Option<String>,
    pub(super) csv_hash: Option<String>,
    pub(super) reason: String,
}

impl RunRow {
    pub(super) fn state(&self) -> Outcome<PaymentRunState> {
        Ok(self.state.parse()?)
    }
}

/// An item as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = payment_items)]
pub(super) struct ItemRow {
    pub(super) id: i64,
    pub(super) seq: i64,
    pub(super) state: String,
    pub(super) document_id: i64,
    pub(super) payee: String,
    pub(super) iban: String,
    pub(super) amount: i64,
    pub(super) base_amount: i64,
    pub(super) end_to_end: String,
    pub(super) added_by: i64,
    pub(super) executed_on: Option<NaiveDate>,
    pub(super) entry_id: Option<i64>,
    pub(super) failed_on: Option<NaiveDate>,
    pub(super) reason: String,
}

/// A run of the agency.
///
/// # Errors
/// Not found.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<RunRow> {
    payment_runs::table
        .find(id)
        .filter(payment_runs::agency_id.eq(agency_id))
        .select(RunRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("payment_run"))
}

/// Goes on only where the state of the run knows the action and the actor has its right.
///
/// # Errors
/// Wrong state; the right is missing.
pub(super) fn step(actor: &Actor, run: &RunRow, action: PaymentRunAction) -> Outcome<()> {
    let Some(step) = allowed(PAYMENT_RUN_TRANSITIONS, run.state()?, action) else {
        let action = format!("{}_payment_run", action.code());
        return Err(Refusal::WrongState { state: run.state.clone(), action });
    };
    step.permission.map_or(Ok(()), |right| actor.require(right))
}

/// What a step starts from: steps of a run come one after the other, the state allows it, and the reader's version, where one
/// is given, is the present one.
///
/// # Errors
/// Not found; wrong state; a missing right; another version.
pub(super) fn take(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, version): (i64, Option<i64>),
    action: PaymentRunAction,
) -> Outcome<(RunRow, RecordRow)> {
    let own =
        payment_runs::table.filter(payment_runs::record_id.eq(id)).filter(payment_runs::agency_id.eq(actor.agency_id));
    diesel::update(own).set(payment_runs::pay_on.eq(payment_runs::pay_on)).execute(tx.conn())?;
    let row = load(tx, actor.agency_id, id)?;
    step(actor, &row, action)?;
    let record = spine::load_for_system(tx, id)?;
    if let Some(version) = version {
        state::fresh(tx, &record, version)?;
    }
    Ok((row, record))
}

/// The items of a run in their order; those in a state, where one is given.
///
/// # Errors
/// The database fails.
pub(super) fn items(tx: &mut ReadTx<'_>, run_id: i64, of: Option<PaymentItemState>) -> Outcome<Vec<ItemRow>> {
    let mut query =
        payment_items::table.filter(payment_items::run_id.eq(run_id)).order(payment_items::seq).into_boxed();
    if let Some(of) = of {
        query = query.filter(payment_items::state.eq(of.code()));
    }
    Ok(query.select(ItemRow::as_select()).load(tx.conn())?)
}

/// Items of a run that are named, all of them in this state; all in this state where none is named.
///
/// # Errors
/// `no_pending_items` where there is none; the field `items`: `item_state`, `required`.
pub(super) fn chosen(
    tx: &mut ReadTx<'_>,
    run_id: i64,
    (named, all): (&[i64], bool),
    of: PaymentItemState,
) -> Outcome<Vec<ItemRow>> {
    let there = items(tx, run_id, Some(of))?;
    if named.is_empty() {
        return match (all, there.is_empty()) {
            (false, _) => Err(Refusal::field("items", "required")),
            (true, true) => Err(Refusal::rule("no_pending_items", [])),
            (true, false) => Ok(there),
        };
    }
    let wanted: std::collections::BTreeSet<i64> = named.iter().copied().collect();
    let found: Vec<ItemRow> = there.into_iter().filter(|item| wanted.contains(&item.id)).collect();
    if found.len() == wanted.len() { Ok(found) } else { Err(Refusal::field("items", "item_state")) }
}

/// The first document of a run by which a person is paid.
///
/// # Errors
/// The database fails.
pub(super) fn paid_to(tx: &mut ReadTx<'_>, run_id: i64, user_id: i64) -> Outcome<Option<i64>> {
    Ok(payment_items::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(payment_items::document_id)))
        .inner_join(parties::table.on(parties::id.nullable().eq(finance_documents::party_id)))
        .filter(payment_items::run_id.eq(run_id))
        .filter(parties::user_id.eq(user_id))
        .order(payment_items::seq)
        .select(payment_items::document_id)
        .first(tx.conn())
        .optional()?)
}

/// Whether anything of the run still waits for the bank.
///
/// # Errors
/// The database fails.
pub(super) fn is_pending(tx: &mut ReadTx<'_>, run_id: i64) -> Outcome<bool> {
    let first: Option<i64> = payment_items::table
        .filter(payment_items::run_id.eq(run_id))
        .filter(payment_items::state.eq(PaymentItemState::Pending.code()))
        .select(payment_items::id)
        .first(tx.conn())
        .optional()?;
    Ok(first.is_some())
}

/// Ends a run of which nothing waits any more; else it is marked as changed.
///
/// # Errors
/// As [`state::set`].
pub(super) fn settle(tx: &mut WriteTx<'_>, run: &RunRow, record: &RecordRow) -> Outcome<()> {
    let executed = PaymentRunState::Executed.code();
    if run.state()? == PaymentRunState::Sent && !is_pending(tx, run.record_id)? {
        diesel::update(payment_runs::table.find(run.record_id))
            .set(payment_runs::state.eq(executed))
            .execute(tx.conn())?;
        return state::close(tx, record, executed);
    }
    state::set(tx, record, &run.state)
}

/// Writes down what the items of a draft come to.
///
/// # Errors
/// `amount_overflow`.
pub(super) fn count(tx: &mut WriteTx<'_>, run_id: i64, last_seq: i64) -> Outcome<()> {
    let of = || payment_items::table.filter(payment_items::run_id.eq(run_id));
    let items: i64 = of().count().get_result(tx.conn())?;
    let amount: Option<i64> = of().select(sum_i64("payment_items.amount")).first(tx.conn())?;
    let base: Option<i64> = of().select(sum_i64("payment_items.base_amount")).first(tx.conn())?;
    let (amount, base) = (amount.unwrap_or(0), base.unwrap_or(0));
    if amount.max(base) > diwan_kernel::money::AMOUNT_MAX {
        return Err(Refusal::rule("amount_overflow", []));
    }
    diesel::update(payment_runs::table.find(run_id))
        .set((
            payment_runs::items.eq(items),
            payment_runs::last_seq.eq(last_seq),
            payment_runs::amount.eq(amount),
            payment_runs::base_amount.eq(base),
        ))
        .execute(tx.conn())?;
    Ok(())
}
