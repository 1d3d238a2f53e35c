//! The documents that hold money of a budget line (المستندات الحاجزة): by what is still open of each, not by what it once took.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Text},
};
use diwan_db::ReadTx;
use diwan_finance_api::{DocumentKind, PaymentItemState};
use diwan_kernel::ProblemDetail;
use diwan_platform::Outcome;
use diwan_platform_api::records::RecordKind;

use super::amount;

/// Documents that are named.
const NAMED: i64 = 10;

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    /// How many there are in all.
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many hold money of the line before payment; and the largest of them, each with the way to it, and how many more there are.
///
/// A commitment holds what is open of its lines; what a voucher took of it is held by the voucher until it is paid or reversed.
/// Another module holds what is open of its reservations and commitments, but for the one that the refused call itself made.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn of(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<(i64, Vec<ProblemDetail>)> {
    let text = format!(
        "SELECT r.id AS id, r.kind AS kind, COALESCE(r.number, CAST(r.id AS TEXT)) AS name, MIN(h.day) AS day,
            CAST(SUM(h.amount) AS BIGINT) AS amount, CAST(COUNT(*) OVER () AS BIGINT) AS count
        FROM (SELECT l.record_id AS record_id, d.effective_on AS day, l.open AS amount FROM budget_keys k
                JOIN finance_lines l ON l.key_id = k.id JOIN finance_documents d ON d.record_id = l.record_id
            WHERE k.line_id = {mark}1 AND l.open > 0 AND d.kind = '{commitment}' AND d.posted_at IS NOT NULL
            UNION ALL SELECT p.record_id, c.effective_on, l.open FROM budget_keys k JOIN port_hold_lines l ON l.key_id = k.id
                JOIN port_holds p ON p.id = l.hold_id JOIN port_calls c ON c.id = p.call_id
            WHERE k.line_id = {mark}1 AND l.open > 0 AND c.answer IS NOT NULL
            UNION ALL SELECT COALESCE(d.reverses_id, d.record_id), d.effective_on,
                CASE m.target WHEN 'obligated' THEN m.amount ELSE -m.amount END
            FROM budget_moves m JOIN finance_documents d ON d.record_id = m.record_id
            WHERE m.line_id = {mark}1 AND 'obligated' IN (m.source, m.target) AND NOT EXISTS (SELECT 1 FROM payment_items i
                WHERE i.document_id = COALESCE(d.reverses_id, d.record_id) AND i.state = '{executed}')) h
        JOIN records r ON r.id = h.record_id
        GROUP BY r.id, r.kind, r.number HAVING SUM(h.amount) > 0 ORDER BY SUM(h.amount) DESC, r.id LIMIT {NAMED}",
        mark = tx.mark(),
        commitment = DocumentKind::Commitment.code(),
        executed = PaymentItemState::Executed.code(),
    );
    let most: Vec<Holder> = sql_query(text).bind::<BigInt, _>(line_id).load(tx.conn())?;
    let count = most.first().map_or(0, |one| one.count);
    let mut details = most.iter().map(detail).collect::<Outcome<Vec<_>>>()?;
    if count > NAMED {
        details.push(ProblemDetail::new("budget_held_more", "", [("count", (count - NAMED).to_string())]));
    }
    Ok((count, details))
}

fn detail(one: &Holder) -> Outcome<ProblemDetail> {
    let kind: RecordKind = one.kind.parse()?;
    let args = [
        ("record_kind", one.kind.clone()),
        ("number", one.name.clone()),
        ("day", one.day.to_string()),
        ("amount", amount(one.amount)),
    ];
    Ok(ProblemDetail::new("budget_held_by", kind.page(one.id), args))
}
