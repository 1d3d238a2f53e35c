//! The payments in cash of a period as the book has them: who paid, whom, and who took the money.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_platform::Outcome;
use serde::{Deserialize, Serialize};

use super::{
    build::Writer,
    format::{Line, Person},
};

/// Money that was handed out of a box, or came back to it, in the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashPayment {
    /// Code of the box.
    pub account: String,
    /// Its number in the box.
    pub number: i64,
    /// Where it was when the book was made.
    pub state: String,
    /// Number of the document it pays.
    pub document: String,
    /// Who is paid.
    pub payee: String,
    /// Who took the money.
    pub taken_by: String,
    /// ISO 4217.
    pub currency: String,
    /// In the currency.
    pub amount: i64,
    /// In the base currency.
    pub base_amount: i64,
    /// The day it was paid.
    pub paid_on: NaiveDate,
    /// When that was recorded, UTC.
    pub paid_at: NaiveDateTime,
    /// By whom.
    pub paid_by: Person,
    /// Number of the entry that pays by it.
    pub entry: i64,
    /// Number of the entry that takes it back.
    pub return_entry: Option<i64>,
}

impl CashPayment {
    /// Whether it is one at all.
    pub(super) fn holds(&self) -> bool {
        self.amount > 0 && self.base_amount > 0 && !self.taken_by.is_empty()
    }
}

#[derive(QueryableByName)]
struct CashRow {
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    document: Option<String>,
    #[diesel(sql_type = Text)]
    payee: String,
    #[diesel(sql_type = Text)]
    taken_by: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    base_amount: i64,
    #[diesel(sql_type = Date)]
    paid_on: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    paid_at: NaiveDateTime,
    #[diesel(sql_type = BigInt)]
    paid_by: i64,
    #[diesel(sql_type = Text)]
    payer: String,
    #[diesel(sql_type = BigInt)]
    entry_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    return_entry_id: Option<i64>,
}

/// Writes the payments that were made or given back within the days of a month, in the order of the register.
///
/// # Errors
/// The database fails.
pub(super) fn payments(tx: &mut ReadTx<'_>, period_id: i64, book: &mut Writer) -> Outcome<()> {
    let text = format!(
        "SELECT b.code AS account, c.number, c.state, x.number AS document, c.payee, c.taken_by, c.currency, c.amount,
            c.base_amount, c.paid_on, c.paid_at, c.paid_by, u.name_ar AS payer, c.entry_id, c.return_entry_id
        FROM fiscal_periods p JOIN cash_payments c ON c.agency_id = p.agency_id JOIN bank_accounts b ON b.id = c.bank_account_id
            JOIN users u ON u.id = c.paid_by JOIN records x ON x.id = c.document_id
        WHERE p.id = {mark}1 AND p.number < 13 AND (c.paid_on BETWEEN p.starts_on AND p.ends_on
            OR c.ended_on BETWEEN p.starts_on AND p.ends_on)
        ORDER BY c.id",
        mark = tx.mark(),
    );
    let rows: Vec<CashRow> = sql_query(text).bind::<BigInt, _>(period_id).load(tx.conn())?;
    for row in rows {
        let paid = CashPayment {
            account: row.account,
            number: row.number,
            state: row.state,
            document: row.document.unwrap_or_default(),
            payee: row.payee,
            taken_by: row.taken_by,
            currency: row.currency,
            amount: row.amount,
            base_amount: row.base_amount,
            paid_on: row.paid_on,
            paid_at: row.paid_at,
            paid_by: Person { id: row.paid_by, name: row.payer },
            entry: row.entry_id,
            return_entry: row.return_entry_id,
        };
        book.line(&Line::CashPayment(paid))?;
    }
    Ok(())
}
