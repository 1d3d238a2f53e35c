//! The account that pays (الحساب الدافع): of a bank, or the box of cash, which gives no more than it has.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx, sum_i64};
use diwan_finance_api::CashBox;
use diwan_kernel::{FieldError, Named, money};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{bank_accounts, period_balances};

use crate::{
    amounts,
    ledger::{self, Entry, Line},
    parts::currencies,
};

/// An account that money leaves.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bank_accounts)]
pub(super) struct PayingAccount {
    pub(super) id: i64,
    /// Its account of the chart.
    pub(super) account_id: i64,
    pub(super) code: String,
    name_ar: String,
    name_en: String,
    pub(super) bic: String,
    pub(super) iban: String,
    pub(super) currency: String,
    /// It is a box of cash.
    cash: bool,
    active: bool,
}

impl PayingAccount {
    pub(super) fn name(&self) -> Named {
        Named { ar: self.name_ar.clone(), en: self.name_en.clone() }
    }
}

/// An account of the agency.
///
/// # Errors
/// Not found.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PayingAccount> {
    find(tx, agency_id, id)?.ok_or(Refusal::NotFound("bank_account"))
}

fn find(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Option<PayingAccount>> {
    Ok(bank_accounts::table
        .find(id)
        .filter(bank_accounts::agency_id.eq(agency_id))
        .select(PayingAccount::as_select())
        .first(tx.conn())
        .optional()?)
}

/// The account of a bank as a form names it: there, and active.
///
/// # Errors
/// The field `bank_account_id`: `unknown`, `inactive`, `account_of_cash`.
pub(super) fn chosen(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PayingAccount> {
    named(tx, agency_id, id, false)
}

/// The box of cash as a form names it: there, and active.
///
/// # Errors
/// The field `bank_account_id`: `unknown`, `inactive`, `account_of_bank`.
pub(super) fn chosen_box(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PayingAccount> {
    named(tx, agency_id, id, true)
}

fn named(tx: &mut ReadTx<'_>, agency_id: i64, id: i64, cash: bool) -> Outcome<PayingAccount> {
    let wrong = match find(tx, agency_id, id)? {
        Some(account) if account.cash && !cash => "account_of_cash",
        Some(account) if cash && !account.cash => "account_of_bank",
        Some(account) if account.active => return Ok(account),
        Some(_) => "inactive",
        None => "unknown",
    };
    Err(FieldError::new("bank_account_id", wrong).into())
}

/// Goes on only while a box had what an entry has taken out of it. The entry is posted by then: whoever moves money of the same
/// account in that period waits for it or came before, and the box is in its turn for all that is paid out of it.
///
/// # Errors
/// `source_short` with the box, what was asked of it and what was there.
pub(super) fn covers(tx: &mut ReadTx<'_>, account: &PayingAccount, taken: i64) -> Outcome<()> {
    let balance: Option<i64> = period_balances::table
        .filter(period_balances::account_id.eq(account.account_id))
        .filter(period_balances::currency.eq(&account.currency))
        .select(sum_i64("period_balances.debit - period_balances.credit"))
        .get_result(tx.conn())?;
    let balance = balance.unwrap_or_default();
    if balance >= 0 {
        return Ok(());
    }
    let scale = scale(tx, &account.currency)?;
    let amount = |minor: i64| money::format(minor, scale);
    let left = amount(balance + taken);
    Err(Refusal::rule("source_short", [("document", account.name().ar), ("asked", amount(taken)), ("left", left)]))
}

/// Posts an entry that no payment makes, such as a journal voucher or a reversal: what it takes out of a box has to be there.
/// `may_be_box` says which accounts are worth a look, so that an entry without one costs no query.
///
/// # Errors
/// `source_short` with the box; what the ledgers refuse.
pub(crate) fn post_covered(
    tx: &mut WriteTx<'_>,
    by: i64,
    entry: &Entry,
    may_be_box: impl Fn(i64) -> bool,
) -> Outcome<i64> {
    let boxes = emptied(tx, entry.agency_id, entry.lines.iter().filter(|line| may_be_box(line.account_id)))?;
    for (one, _) in &boxes {
        turn(tx, one.id)?;
    }
    let entry_id = ledger::post(tx, by, entry)?;
    for (one, taken) in &boxes {
        covers(tx, one, *taken)?;
    }
    Ok(entry_id)
}

/// The boxes that lines take cash out of, by their ids, and how much.
fn emptied<'a>(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    lines: impl Iterator<Item = &'a Line>,
) -> Outcome<Vec<(PayingAccount, i64)>> {
    let mut taken = BTreeMap::<i64, i64>::new();
    // No budget is spent on a box: its lines have no key.
    for line in lines.filter(|line| line.key_id.is_none()) {
        let sum = taken.entry(line.account_id).or_default();
        *sum = amounts::sum([*sum, line.credit, -line.debit])?;
    }
    taken.retain(|_, amount| *amount > 0);
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let boxes: Vec<PayingAccount> = bank_accounts::table
        .filter(bank_accounts::agency_id.eq(agency_id))
        .filter(bank_accounts::cash.eq(true))
        .order(bank_accounts::id)
        .select(PayingAccount::as_select())
        .kept()
        .load(tx.conn())?;
    let of_box = |one: PayingAccount| taken.get(&one.account_id).copied().map(|amount| (one, amount));
    Ok(boxes.into_iter().filter_map(of_box).collect())
}

/// Takes the turn of a box: its payments are numbered one after the other.
///
/// # Errors
/// The database fails.
pub(super) fn turn(tx: &mut WriteTx<'_>, id: i64) -> Outcome<()> {
    let own = bank_accounts::table.filter(bank_accounts::id.eq(id));
    diesel::update(own).set(bank_accounts::version.eq(bank_accounts::version)).execute(tx.conn())?;
    Ok(())
}

/// The boxes of an agency that cash can be paid from, by their codes.
///
/// # Errors
/// The database fails.
pub(super) fn boxes(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<CashBox>> {
    let rows: Vec<PayingAccount> = bank_accounts::table
        .filter(bank_accounts::agency_id.eq(agency_id))
        .filter(bank_accounts::cash.eq(true))
        .filter(bank_accounts::active.eq(true))
        .order((bank_accounts::code, bank_accounts::id))
        .select(PayingAccount::as_select())
        .load(tx.conn())?;
    let view = |row: PayingAccount| CashBox { id: row.id, name: row.name(), code: row.code, currency: row.currency };
    Ok(rows.into_iter().map(view).collect())
}

/// Decimals of a currency that is in use.
///
/// # Errors
/// There is no such currency.
pub(super) fn scale(tx: &mut ReadTx<'_>, currency: &str) -> Outcome<u8> {
    currencies::scale(tx, currency)?.ok_or_else(|| Refusal::Internal(format!("there is no currency {currency}")))
}
