//! How what a record asked for stands (الموقف): what it holds and how much of it is open, and what became of its vouchers.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Integer, Nullable, Text},
};
use diwan_db::ReadTx;
use diwan_finance_api::{DocumentState, YearEndState};
use diwan_platform::{Actor, Outcome, records};

use super::holds::HoldKind;

/// What finance has of a record of another module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it holds, the oldest first.
    pub holds: Vec<HoldStanding>,
    /// The payment vouchers of its liquidations, the oldest first.
    pub vouchers: Vec<VoucherStanding>,
}

/// A reservation or commitment of a record; amounts in minor units of the base currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldStanding {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: HoldKind,
    /// Its fiscal year.
    pub year: i32,
    /// How much it held at first.
    pub amount: i64,
    /// How much may still be drawn of it.
    pub open: i64,
    /// Its year has ended and it lapsed: nothing is drawn on it any more. What was carried forward stands beside it, of the next year.
    pub lapsed: bool,
}

/// A payment voucher of a record; amounts in minor units of the base currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherStanding {
    /// Its record.
    pub document_id: i64,
    /// Its number, once it is posted.
    pub number: Option<String>,
    /// Where it stands. One that is void never counted, one that is reversed counts no more: the module liquidates anew, under
    /// another key.
    pub state: DocumentState,
    /// Its amount before what is deducted.
    pub amount: i64,
    /// What its payee gets.
    pub net: i64,
    /// What is to be paid and in no payment yet.
    pub to_pay: i64,
    /// What was paid. The rest of the net of a posted one waits in a payment, unless it was given up.
    pub paid: i64,
    /// What was owed of it when its year ended was given up: its payee gets nothing of it any more.
    pub given_up: bool,
}

impl VoucherStanding {
    /// Whether nothing is left to be done: it is posted, and its payee has what is theirs.
    pub fn is_paid(&self) -> bool {
        self.state == DocumentState::Posted && self.paid == self.net
    }
}

#[derive(QueryableByName)]
struct HoldRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    year: i32,
    #[diesel(sql_type = Nullable<Text>)]
    year_end: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    carried_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
}

#[derive(QueryableByName)]
struct VoucherRow {
    #[diesel(sql_type = BigInt)]
    document_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    net: i64,
    #[diesel(sql_type = BigInt)]
    to_pay: i64,
    #[diesel(sql_type = BigInt)]
    paid: i64,
    #[diesel(sql_type = Bool)]
    given_up: bool,
}

/// How what a record of the actor's scope asked for stands.
///
/// # Errors
/// The record is out of scope; the database fails or holds an unknown code.
pub fn standing(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Standing> {
    records::load_visible(tx, actor, record_id)?;
    Ok(Standing { holds: holds(tx, record_id)?, vouchers: vouchers(tx, record_id)? })
}

fn holds(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<HoldStanding>> {
    let text = format!(
        "SELECT h.id AS id, h.kind AS kind, f.year AS year, y.state AS year_end, e.carried_id AS carried_id, CAST(SUM(l.amount) AS BIGINT) AS amount,
            CAST(SUM(l.open) AS BIGINT) AS open
        FROM port_holds h JOIN port_hold_lines l ON l.hold_id = h.id JOIN fiscal_years f ON f.id = h.year_id
            LEFT JOIN year_ends y ON y.year_id = h.year_id LEFT JOIN year_end_holds e ON e.hold_id = h.id
        WHERE h.record_id = {mark}1 GROUP BY h.id, h.kind, f.year, y.state, e.carried_id ORDER BY h.id",
        mark = tx.mark()
    );
    let rows: Vec<HoldRow> = sql_query(text).bind::<BigInt, _>(record_id).load(tx.conn())?;
    rows.into_iter()
        .map(|row| {
            let ended = row.year_end.as_deref() == Some(YearEndState::Ended.code());
            let lapsed = ended && row.carried_id.is_none();
            let kind = row.kind.parse()?;
            Ok(HoldStanding { id: row.id, kind, year: row.year, amount: row.amount, open: row.open, lapsed })
        })
        .collect()
}

fn vouchers(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<VoucherStanding>> {
    let text = format!(
        "SELECT d.record_id AS document_id, r.number AS number, r.state AS state, d.base_amount AS amount, d.to_pay AS to_pay,
            COALESCE((SELECT CAST(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END) AS BIGINT)
                FROM finance_lines l WHERE l.record_id = d.record_id), 0) AS net,
            COALESCE((SELECT CAST(SUM(i.base_amount) AS BIGINT) FROM payment_items i
                WHERE i.document_id = d.record_id AND i.state = 'executed'), 0)
            + COALESCE((SELECT CAST(SUM(q.base_amount) AS BIGINT) FROM cheques q
                WHERE q.document_id = d.record_id AND q.state IN ('issued', 'handed_over', 'cleared')), 0)
            + COALESCE((SELECT CAST(SUM(m.base_amount) AS BIGINT) FROM cash_payments m
                WHERE m.document_id = d.record_id AND m.state = 'paid'), 0) AS paid,
            EXISTS (SELECT 1 FROM finance_documents g
                WHERE g.source_id = d.record_id AND g.kind = 'journal_voucher' AND g.posted_at IS NOT NULL) AS given_up
        FROM port_calls c JOIN port_vouchers v ON v.call_id = c.id JOIN finance_documents d ON d.record_id = v.document_id
            JOIN records r ON r.id = d.record_id
        WHERE c.record_id = {mark}1 ORDER BY d.record_id",
        mark = tx.mark()
    );
    let rows: Vec<VoucherRow> = sql_query(text).bind::<BigInt, _>(record_id).load(tx.conn())?;
    rows.into_iter()
        .map(|row| {
            Ok(VoucherStanding {
                document_id: row.document_id,
                number: row.number,
                state: row.state.parse()?,
                amount: row.amount,
                net: row.net,
                to_pay: row.to_pay,
                paid: row.paid,
                given_up: row.given_up,
            })
        })
        .collect()
}
