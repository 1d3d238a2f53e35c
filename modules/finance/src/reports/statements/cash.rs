//! Receipts and payments (مقبوضات ومدفوعات): what moved cash, told by the other lines of its entries.
//!
//! A payment settles a payable; what it was for stands in the budget moves of its entry, so it counts as that. A reversal, a
//! returned transfer and a cancelled cheque take back what they undo: a payment that comes back is no receipt.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Date, Integer, Text, Timestamp},
};
use diwan_db::{Backend, ReadTx};
use diwan_platform::Outcome;

use crate::reports::frame::Frame;

/// The code of what is settled by a payment.
const PAYABLE: &str = "6308";

/// Debits less credits of what moved cash.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(super) struct Cash {
    /// 1 for a receipt, 0 for a payment.
    #[diesel(sql_type = Integer)]
    pub(super) incoming: i32,
    /// The account; 0 where a payment counts as what it was for.
    #[diesel(sql_type = BigInt)]
    pub(super) account_id: i64,
    /// The code by which it is told what it is.
    #[diesel(sql_type = Text)]
    pub(super) code: String,
    /// In minor units of the base currency.
    #[diesel(sql_type = BigInt)]
    pub(super) amount: i64,
}

/// What moved cash between the days of a frame.
///
/// # Errors
/// The database fails.
pub(super) fn read(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<Cash>> {
    let [agency, from, to, known] = match tx.conn().backend_kind() {
        Backend::Postgres => ["$1", "$2", "$3", "$4"],
        Backend::Sqlite => ["?1", "?2", "?3", "?4"],
    };
    // Nothing is recorded after now.
    let known_at = frame.known_at.unwrap_or_else(|| tx.now());
    let is_cash = "(a.gfsm LIKE '6202%' OR a.gfsm LIKE '3202%')";
    let moving = format!(
        "SELECT DISTINCT e.id AS id, CASE WHEN e.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM payment_items i WHERE i.return_entry_id = e.id)
                AND NOT EXISTS (SELECT 1 FROM cheques h WHERE h.return_entry_id = e.id) THEN 0 ELSE 1 END AS back
        FROM accounts a JOIN entry_lines l ON l.account_id = a.id JOIN entries e ON e.id = l.entry_id
        WHERE a.agency_id = {agency} AND {is_cash} AND l.effective_on BETWEEN {from} AND {to} AND e.recorded_at <= {known}"
    );
    let ask = |text: String| {
        sql_query(text)
            .bind::<BigInt, _>(frame.agency_id)
            .bind::<Date, _>(frame.from)
            .bind::<Date, _>(frame.to)
            .bind::<Timestamp, _>(known_at)
    };
    let mut all: Vec<Cash> = ask(format!(
        "SELECT CAST(CASE WHEN (l.base_credit > 0 AND c.back = 0) OR (l.base_debit > 0 AND c.back = 1) THEN 1 ELSE 0 END AS INTEGER)
            AS incoming, l.account_id AS account_id, a.gfsm AS code, CAST(SUM(l.base_debit - l.base_credit) AS BIGINT) AS amount
        FROM ({moving}) c JOIN entry_lines l ON l.entry_id = c.id JOIN accounts a ON a.id = l.account_id
        WHERE NOT {is_cash} GROUP BY 1, 2, 3"
    ))
    .load(tx.conn())?;
    let paid: Vec<Cash> = ask(format!(
        "SELECT CAST(0 AS INTEGER) AS incoming, CAST(0 AS BIGINT) AS account_id, k.gfsm AS code,
            CAST(SUM(CASE WHEN m.target = 'paid' THEN m.amount ELSE -m.amount END) AS BIGINT) AS amount
        FROM ({moving}) c JOIN budget_moves m ON m.entry_id = c.id JOIN budget_keys k ON k.id = m.key_id
        WHERE (m.target = 'paid' OR m.source = 'paid') AND NOT EXISTS (
            SELECT 1 FROM entry_lines x JOIN accounts b ON b.id = x.account_id
            WHERE x.entry_id = c.id AND b.budgeted AND x.key_id = m.key_id)
        GROUP BY k.gfsm"
    ))
    .load(tx.conn())?;
    for one in paid {
        let settled = Cash { code: PAYABLE.to_owned(), amount: -one.amount, ..one };
        all.extend([one, settled]);
    }
    Ok(all)
}
