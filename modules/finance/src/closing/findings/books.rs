//! What the books say against closing: earlier periods, bank accounts that are not reconciled or were changed after it, clearing
//! accounts.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer, Nullable, Text},
};
use diwan_db::ReadTx;
use diwan_finance_api::{COMPLEMENTARY, ClosingRuleKind, FindingItem, PeriodState};
use diwan_kernel::{Named, Permission};
use diwan_platform::{Outcome, records::access};

use super::{
    super::period::{self, Period},
    Found,
};
use crate::amounts;

/// A row of any of these.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name_ar: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Date>)]
    day: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

impl Row {
    fn found(self, owners: &[i64]) -> Found {
        let item = FindingItem {
            id: self.id,
            kind: String::new(),
            number: Some(self.code),
            name: Named { ar: self.name_ar, en: self.name_en },
            state: self.state,
            day: self.day,
            amount: self.amount,
            owners: Vec::new(),
        };
        Found { item, owners: owners.to_vec() }
    }
}

/// Where periods stand before another: by their last day, then their number.
fn until(mark: char, own: &str) -> String {
    format!("(p.ends_on < {mark}2 OR (p.ends_on = {mark}2 AND p.number {own} {mark}3))")
}

/// Months before this period that are not closed. A complementary one stands against nothing: last year may still be put in order.
///
/// # Errors
/// The database fails.
pub(super) fn earlier(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT p.id, CAST(p.number AS TEXT) AS code, CAST(y.year AS TEXT) AS name_ar, CAST(y.year AS TEXT) AS name_en, p.state AS state,
            p.ends_on AS day, CAST(0 AS BIGINT) AS amount
        FROM fiscal_periods p JOIN fiscal_years y ON y.id = p.year_id
        WHERE p.agency_id = {mark}1 AND {until} AND p.number <= {last} AND p.state IN ('{open}', '{soft}') ORDER BY p.ends_on, p.number",
        until = until(mark, "<"),
        last = COMPLEMENTARY - 1,
        open = PeriodState::Open.code(),
        soft = PeriodState::SoftClosed.code(),
    );
    let rows = asked(tx, &text, of)?;
    let owners = access::holders_of(tx, of.agency_id, Permission::FinanceClose)?;
    let named = |row: Row| {
        let name = period::called(row.code.parse().unwrap_or_default(), &row.name_ar);
        let mut found = row.found(&owners);
        (found.item.name, found.item.number) = (name, None);
        found
    };
    Ok(rows.into_iter().map(named).collect())
}

fn asked(tx: &mut ReadTx<'_>, text: &str, of: &Period) -> Outcome<Vec<Row>> {
    Ok(sql_query(text)
        .bind::<BigInt, _>(of.agency_id)
        .bind::<Date, _>(of.ends_on)
        .bind::<Integer, _>(of.number)
        .load(tx.conn())?)
}

/// Whether something moved on the account `b` after its reconciliation `r`, or at all where there is none, up to the end of the
/// period: a line of the bank or one of the books. Of the bank the statements after it are read, of the books the last line: closing
/// asks this of every account, under the lock of the period.
fn moved(mark: char) -> String {
    format!(
        "(EXISTS (SELECT 1 FROM bank_statements s WHERE s.bank_account_id = b.id AND s.seq > COALESCE(r.last_seq, 0)
                AND (SELECT MIN(k.booked_on) FROM bank_lines k WHERE k.statement_id = s.id) <= {mark}2)
            OR COALESCE((SELECT r.day IS NULL OR l.effective_on > r.day
                FROM entry_lines l JOIN fiscal_periods p ON p.id = l.period_id
                WHERE l.account_id = b.account_id AND l.currency = b.currency AND l.effective_on <= {mark}2 AND {until}
                ORDER BY l.effective_on DESC, l.entry_id DESC, l.seq DESC LIMIT 1), FALSE))",
        until = until(mark, "<="),
    )
}

/// Active bank accounts that moved up to the last day after what is reconciled; with what the books have on them. The last
/// approved reconciliation holds also for the days after it on which nothing was on the account. A box of cash has no bank that
/// it could be reconciled with.
///
/// # Errors
/// The database fails.
pub(super) fn bank(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT b.id, b.code, b.name_ar, b.name_en, '' AS state, r.day,
            (SELECT CAST(COALESCE(SUM(x.base_debit - x.base_credit), 0) AS BIGINT) FROM fiscal_periods p
                JOIN period_balances x ON x.period_id = p.id
                WHERE p.agency_id = {mark}1 AND {until} AND x.account_id = b.account_id AND x.currency = b.currency) AS amount
        FROM bank_accounts b LEFT JOIN reconciliations r ON r.bank_account_id = b.id AND r.state = 'approved'
            AND r.last_seq = (SELECT MAX(o.last_seq) FROM reconciliations o WHERE o.bank_account_id = b.id AND o.state = 'approved')
        WHERE b.agency_id = {mark}1 AND b.active AND NOT b.cash AND (r.day IS NULL OR r.day < {mark}2) AND {moved}
        ORDER BY b.code, b.id",
        until = until(mark, "<="),
        moved = moved(mark),
    );
    let rows = asked(tx, &text, of)?;
    let owners = access::holders_of(tx, of.agency_id, Permission::FinanceReconcile)?;
    Ok(rows.into_iter().map(|row| row.found(&owners)).collect())
}

/// An account with an approved reconciliation, and what the books have at its day now.
#[derive(QueryableByName)]
struct Reconciled {
    #[diesel(embed)]
    account: Row,
    /// What the books had when it was approved.
    #[diesel(sql_type = BigInt)]
    stated: i64,
    /// The books now, in the base currency.
    #[diesel(sql_type = BigInt)]
    worth: i64,
}

impl Reconciled {
    fn agrees(&self) -> bool {
        self.account.amount == self.stated
    }

    /// What the books have more than it says, in the base currency as they value the account.
    fn found(mut self, owners: &[i64]) -> Outcome<Found> {
        let more = i128::from(self.account.amount) - i128::from(self.stated);
        let valued = match i128::from(self.account.amount) {
            0 => more,
            own => more * i128::from(self.worth) / own,
        };
        self.account.amount = amounts::fits(valued)?;
        Ok(self.account.found(owners))
    }
}

/// What the books of the account `b` have at the day of its reconciliation `r`: whole periods from their balances, the one that the
/// day cuts from its lines.
fn books(amounts: &str) -> String {
    format!(
        "CAST((SELECT COALESCE(SUM(x.{amounts}debit - x.{amounts}credit), 0) FROM fiscal_periods p
                JOIN period_balances x ON x.period_id = p.id
                WHERE p.agency_id = b.agency_id AND p.ends_on <= r.day AND x.account_id = b.account_id AND x.currency = b.currency)
            + (SELECT COALESCE(SUM(l.{amounts}debit - l.{amounts}credit), 0) FROM entry_lines l
                WHERE l.account_id = b.account_id AND l.currency = b.currency AND l.effective_on <= r.day
                    AND l.effective_on >= (SELECT MIN(p.starts_on) FROM fiscal_periods p
                        WHERE p.agency_id = b.agency_id AND p.starts_on <= r.day AND p.ends_on > r.day)) AS BIGINT)"
    )
}

/// Active bank accounts that are reconciled as [`bank`] asks, whose books were changed after that: neither the first
/// reconciliation that covers the last day says what they say at its day, nor the last one, which would have taken up the change.
///
/// # Errors
/// The database fails; a difference does not fit.
pub(super) fn changed(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT b.id, b.code, b.name_ar, b.name_en, '' AS state, r.day, {own} AS amount, r.book_balance AS stated, {base} AS worth
        FROM bank_accounts b JOIN reconciliations r ON r.bank_account_id = b.id AND r.state = 'approved'
        WHERE b.agency_id = {mark}1 AND b.active AND NOT b.cash AND (r.day >= {mark}2 OR NOT {moved})
            AND (r.day = (SELECT MAX(o.day) {approved}) OR r.day = (SELECT MIN(o.day) {approved} AND o.day >= {mark}2))
        ORDER BY b.code, b.id, r.day",
        own = books(""),
        base = books("base_"),
        moved = moved(mark),
        approved = "FROM reconciliations o WHERE o.bank_account_id = b.id AND o.state = 'approved'",
    );
    let mut rows: Vec<Reconciled> = sql_query(text)
        .bind::<BigInt, _>(of.agency_id)
        .bind::<Date, _>(of.ends_on)
        .bind::<Integer, _>(of.number)
        .load(tx.conn())?;
    let agreeing: BTreeSet<i64> = rows.iter().filter(|one| one.agrees()).map(|one| one.account.id).collect();
    rows.retain(|one| !agreeing.contains(&one.account.id));
    rows.dedup_by_key(|one| one.account.id);
    let owners = access::holders_of(tx, of.agency_id, Permission::FinanceReconcile)?;
    rows.into_iter().map(|one| one.found(&owners)).collect()
}

/// Clearing accounts, as the rules in force name them, with a balance at the end of the period.
///
/// # Errors
/// The database fails.
pub(super) fn clearing(tx: &mut ReadTx<'_>, of: &Period) -> Outcome<Vec<Found>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT a.id, a.code, a.name_ar, a.name_en, '' AS state, CAST(NULL AS DATE) AS day,
            CAST(SUM(b.base_debit - b.base_credit) AS BIGINT) AS amount
        FROM closing_rules r JOIN accounts a ON a.id = r.account_id JOIN period_balances b ON b.account_id = a.id
            JOIN fiscal_periods p ON p.id = b.period_id
        WHERE r.agency_id = {mark}1 AND r.kind = '{kind}' AND r.active_from <= {mark}2 AND (r.active_to IS NULL OR r.active_to >= {mark}2)
            AND {until}
        GROUP BY a.id, a.code, a.name_ar, a.name_en HAVING SUM(b.base_debit - b.base_credit) <> 0 ORDER BY a.code",
        kind = ClosingRuleKind::Clearing.code(),
        until = until(mark, "<="),
    );
    let rows = asked(tx, &text, of)?;
    let owners = access::holders_of(tx, of.agency_id, Permission::FinancePrepare)?;
    Ok(rows.into_iter().map(|row| row.found(&owners)).collect())
}
