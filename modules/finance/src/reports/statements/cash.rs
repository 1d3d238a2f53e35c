//! Receipts and payments (مقبوضات ومدفوعات): what moved cash, told by the other lines of its entries.
//!
//! A payment settles a payable; what it was for stands in the budget moves of its entry, so it counts as that; where no budget bears
//! it (an advance, revenue that is given back, a loan) it counts as the account that its document debits. A reversal, a
//! returned transfer and a cancelled cheque take back what they undo: a payment that comes back is no receipt.
//!
//! What a payment keeps back of that (اقتطاعات) on accounts of what is owed is cash held for others: it counts on a row of its
//! own, and leaves it again when a voucher that remits it is paid. A payment remits where a document that pays was posted with a
//! credit on its account before it: one that comes later changes nothing of a former day. What a payment keeps back on any other
//! account, as a fine or an advance that is taken back, was received: the payment is gross, and the receipt stands on the row of
//! that account.
//!
//! Of a document that moves cash as it is posted and is paid later for the rest, what it owes is nothing that was received: what
//! moved at once is a payable that was paid, until the rest is paid and all of it is told by what it was for. Likewise what was spent
//! of an advance was paid with the advance: its settlement moves the change (المرتجع) alone.
//!
//! Cash held in trust (أمانات) is told apart from the cash that the entity controls: it is disclosed beside it, never added to
//! it. Lines of trust come to nothing in each entry, so they tell what moved the one, and all others what moved the other.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_platform::Outcome;
use diwan_schema::finance::accounts;

use crate::{
    amounts::sum,
    reports::{frame::Frame, paid as payments},
};

/// The code of what is settled by a payment.
const PAYABLE: &str = "6308";

/// Whether an account `a` is cash.
pub(super) const IS_CASH: &str = "(a.gfsm LIKE '6202%' OR a.gfsm LIKE '3202%')";

/// Debits less credits of what moved cash.
#[derive(Debug, Clone)]
pub(super) struct Cash {
    /// `in` for a receipt, `out` for a payment, `held` for what payments kept back.
    pub(super) measure: &'static str,
    /// The account; 0 where a payment counts as what it was for.
    pub(super) account_id: i64,
    /// The budget line that a payment was for; 0 where it counts as an account.
    pub(super) line_id: i64,
    /// The code by which it is told what it is.
    pub(super) code: String,
    /// In minor units of the base currency.
    pub(super) amount: i64,
}

/// The same as the database gives it.
#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Integer)]
    incoming: i32,
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    line_id: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

impl Sum {
    fn counts(self, measure: &'static str) -> Cash {
        Cash { measure, account_id: self.account_id, line_id: self.line_id, code: self.code, amount: self.amount }
    }
}

/// The accounts of what is held in trust.
///
/// # Errors
/// The database fails.
pub(super) fn in_trust(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<BTreeSet<i64>> {
    let of_trust = accounts::table.filter(accounts::agency_id.eq(agency_id)).filter(accounts::trust.eq(true));
    let ids: Vec<i64> = of_trust.select(accounts::id).load(tx.conn())?;
    Ok(ids.into_iter().collect())
}

/// Whether what lies on an account `a` is held in trust, or not.
const fn is_of(held: bool) -> &'static str {
    if held { "a.trust" } else { "NOT a.trust" }
}

/// What the entity's own cash was paid for out of the budget between the days of a frame: what was bought with it and what its
/// payments were for, less what came back. What vouchers gave back to the budget moved no cash: the execution of the budget says so.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn of_budget(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<i64> {
    let budgeted = accounts::table.filter(accounts::agency_id.eq(frame.agency_id)).filter(accounts::budgeted.eq(true));
    let budgeted: BTreeSet<i64> = budgeted.select(accounts::id).load::<i64>(tx.conn())?.into_iter().collect();
    let told = |one: &Cash| match one.account_id {
        0 => one.code != PAYABLE,
        account => budgeted.contains(&account),
    };
    let marks = tx.marks();
    let given_back = ask(tx, frame, credited(&moving(&marks, false), &marks))?;
    let cash = read(tx, frame, false)?;
    let of_budget = cash.iter().filter(|one| told(one)).map(|one| one.amount);
    sum(of_budget.chain(given_back.iter().map(|one| -one.amount)))
}

/// What moved cash between the days of a frame: that held in trust, or the other.
///
/// # Errors
/// The database fails.
pub(super) fn read(tx: &mut ReadTx<'_>, frame: &Frame, held: bool) -> Outcome<Vec<Cash>> {
    let marks = tx.marks();
    let moving = moving(&marks, held);
    let mut all: Vec<Cash> = ask(tx, frame, lines(&moving, held))?
        .into_iter()
        .map(|sum| {
            let measure = if sum.incoming == 1 { "in" } else { "out" };
            sum.counts(measure)
        })
        .collect();
    // Money held in trust spends no budget, and nothing is kept back of it.
    if held {
        return Ok(all);
    }
    // What is told by what it was for, or as kept back, is no payable that was paid.
    for (measure, text) in [
        ("out", paid(&moving)),
        ("out", besides(&moving, &marks)),
        ("out", credited(&moving, &marks)),
        ("held", withheld(&moving, &marks)),
    ] {
        for sum in ask(tx, frame, text)? {
            let (code, amount) = (PAYABLE.to_owned(), -sum.amount);
            all.push(Cash { measure: "out", account_id: 0, line_id: 0, code, amount });
            let measure = if sum.incoming == 1 { "in" } else { measure };
            all.push(sum.counts(measure));
        }
    }
    Ok(all)
}

/// What a text of this module comes to between the days of a frame.
fn ask(tx: &mut ReadTx<'_>, frame: &Frame, text: String) -> Outcome<Vec<Sum>> {
    let known_at = frame.recorded_until();
    Ok(sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<Date, _>(frame.from)
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(known_at)
        .load(tx.conn())?)
}

/// The entries that moved cash, whether they take back what another one did, and the account that all of an entry comes to, where
/// its document is paid in part by it.
fn moving([agency, from, to, known]: &[String; 4], held: bool) -> String {
    format!(
        "SELECT DISTINCT e.id AS id, CASE WHEN e.reverses_id IS NULL AND NOT ({came_back}) THEN 0 ELSE 1 END AS back,
            {onto} AS onto
        FROM accounts a JOIN entry_lines l ON l.account_id = a.id JOIN entries e ON e.id = l.entry_id
        WHERE a.agency_id = {agency} AND {IS_CASH} AND {of} AND l.effective_on BETWEEN {from} AND {to} AND e.recorded_at <= {known}",
        of = is_of(held),
        came_back = payments::came_back(),
        onto = payments::comes_to(["e.record_id", "e.id"], held),
    )
}

/// Their other lines. Where an entry comes to one account, it was received on one of advances, and paid on one of what is owed.
fn lines(moving: &str, held: bool) -> String {
    format!(
        "SELECT CAST(CASE WHEN (c.onto IS NULL AND ((l.base_credit > 0 AND c.back = 0) OR (l.base_debit > 0 AND c.back = 1)))
                OR (c.onto IS NOT NULL AND t.side = 'debit') THEN 1 ELSE 0 END AS INTEGER) AS incoming,
            t.id AS account_id, CAST(0 AS BIGINT) AS line_id, t.gfsm AS code,
            CAST(SUM(l.base_debit - l.base_credit) AS BIGINT) AS amount
        FROM ({moving}) c JOIN entry_lines l ON l.entry_id = c.id JOIN accounts a ON a.id = l.account_id
            JOIN accounts t ON t.id = COALESCE(c.onto, l.account_id)
        WHERE NOT {IS_CASH} AND {of} GROUP BY 1, 2, 3, 4",
        of = is_of(held),
    )
}

/// What their payments were for, where the entry does not say so itself.
fn paid(moving: &str) -> String {
    format!(
        "SELECT CAST(0 AS INTEGER) AS incoming, CAST(0 AS BIGINT) AS account_id, m.line_id AS line_id, k.gfsm AS code,
            CAST(SUM(CASE WHEN m.target = 'paid' THEN m.amount ELSE -m.amount END) AS BIGINT) AS amount
        FROM ({moving}) c JOIN budget_moves m ON m.entry_id = c.id JOIN budget_keys k ON k.id = m.key_id
        WHERE (m.target = 'paid' OR m.source = 'paid') AND NOT EXISTS (
            SELECT 1 FROM entry_lines x JOIN accounts b ON b.id = x.account_id
            WHERE x.entry_id = c.id AND b.budgeted AND x.key_id = m.key_id)
        GROUP BY m.line_id, k.gfsm"
    )
}

/// What the documents that they paid were for besides the budget, by account: all but what is owed, which stays a payable.
fn besides(moving: &str, [agency, ..]: &[String; 4]) -> String {
    format!(
        "SELECT CAST(0 AS INTEGER) AS incoming, l.account_id AS account_id, CAST(0 AS BIGINT) AS line_id, a.gfsm AS code,
            CAST(SUM(p.way * l.base_amount) AS BIGINT) AS amount
        FROM ({moving}) c JOIN ({payments}) p ON p.entry_id = c.id JOIN finance_lines l ON l.record_id = p.document_id
            JOIN accounts a ON a.id = l.account_id
        WHERE l.side = 'debit' AND NOT a.budgeted AND NOT a.trust AND a.gfsm NOT LIKE '{PAYABLE}%' AND NOT {IS_CASH}
        GROUP BY l.account_id, a.gfsm",
        payments = payments::all(agency),
    )
}

/// What the documents that they paid had given back to the budget: it was kept back from what they paid for.
fn credited(moving: &str, [agency, ..]: &[String; 4]) -> String {
    format!(
        "SELECT CAST(0 AS INTEGER) AS incoming, CAST(0 AS BIGINT) AS account_id, m.line_id AS line_id, k.gfsm AS code,
            CAST(SUM(-p.way * m.amount) AS BIGINT) AS amount
        FROM ({moving}) c JOIN ({payments}) p ON p.entry_id = c.id
            JOIN finance_documents d ON d.record_id = p.document_id JOIN budget_moves m ON m.entry_id = d.entry_id
            JOIN budget_keys k ON k.id = m.key_id
        WHERE m.source = 'paid'
        GROUP BY m.line_id, k.gfsm",
        payments = payments::all(agency),
    )
}

/// What the documents that they paid kept back, by account: held where it is owed to others, received where it is not. Debits
/// remit what others kept back. What is given back to the budget stands in its moves, and lines of trust come to nothing.
fn withheld(moving: &str, [agency, ..]: &[String; 4]) -> String {
    format!(
        "SELECT CAST(CASE WHEN a.gfsm LIKE '{PAYABLE}%' THEN 0 ELSE 1 END AS INTEGER) AS incoming, l.account_id AS account_id,
            CAST(0 AS BIGINT) AS line_id, a.gfsm AS code,
            CAST(SUM(p.way * CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END) AS BIGINT) AS amount
        FROM ({moving}) c JOIN ({payments}) p ON p.entry_id = c.id JOIN entries w ON w.id = p.paid_id
            JOIN finance_documents d ON d.record_id = p.document_id JOIN finance_lines l ON l.record_id = d.record_id
            JOIN accounts a ON a.id = l.account_id
        WHERE NOT a.trust AND ((l.side = 'credit' AND NOT a.budgeted AND NOT {IS_CASH})
            OR (l.side = 'debit' AND a.gfsm LIKE '{PAYABLE}%' AND d.kind = 'payment_voucher' AND EXISTS (
                SELECT 1 FROM finance_lines x JOIN finance_documents y ON y.record_id = x.record_id
                WHERE x.account_id = l.account_id AND x.side = 'credit' AND y.posted_at <= w.recorded_at
                    AND COALESCE(y.reverses_id, 0) = 0 AND y.kind IN ('payment_voucher', 'advance', 'deposit_refund'))))
        GROUP BY l.account_id, a.gfsm",
        payments = payments::all(agency),
    )
}
