//! The payments of a period as the book has them: runs of transfers and cheques, with who approved them and what the bank was
//! given.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_platform::Outcome;

use super::{
    attached::{self, asked},
    build::Writer,
    format::{Approval, Cheque, File, Line, PaymentRun, Person},
};

/// All records: what is asked for is chosen by the period.
const ALL: RangeInclusive<i64> = 0..=i64::MAX;

/// The runs that were approved within the days of a month, or that posted an entry to the period, which the mark names third.
fn of_period(mark: char) -> String {
    format!(
        "(SELECT r.record_id FROM fiscal_periods p JOIN payment_runs r ON r.agency_id = p.agency_id
            WHERE p.id = {mark}3 AND r.record_id BETWEEN {mark}1 AND {mark}2
                AND r.approved_on BETWEEN p.starts_on AND p.ends_on AND p.number < 13
        UNION SELECT e.record_id FROM entries e JOIN payment_runs r ON r.record_id = e.record_id WHERE e.period_id = {mark}3)"
    )
}

#[derive(QueryableByName)]
struct RunRow {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    base_amount: i64,
    #[diesel(sql_type = Nullable<Text>)]
    file_hash: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    csv_hash: Option<String>,
    #[diesel(sql_type = BigInt)]
    prepared_by: i64,
    #[diesel(sql_type = Text)]
    preparer: String,
    #[diesel(sql_type = Timestamp)]
    created_at: NaiveDateTime,
    #[diesel(sql_type = Nullable<BigInt>)]
    approved_by: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    approver: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    approved_at: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<BigInt>)]
    sent_by: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    sender: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    sent_at: Option<NaiveDateTime>,
}

impl RunRow {
    fn written(self, attached: Vec<File>) -> PaymentRun {
        let id = self.record_id;
        let duties = [
            ("prepare", Some(self.prepared_by), Some(self.preparer), Some(self.created_at)),
            ("approve", self.approved_by, self.approver, self.approved_at),
            ("send", self.sent_by, self.sender, self.sent_at),
        ];
        let done = |(duty, by, name, at): (&str, Option<i64>, Option<String>, Option<NaiveDateTime>)| {
            let by = Person { id: by?, name: name? };
            Some(Approval { duty: duty.to_owned(), by, on_behalf_of: None, at: at? })
        };
        // Called as the treasurer gets them.
        let given = [("xml", self.file_hash), ("csv", self.csv_hash)];
        let given = given
            .into_iter()
            .filter_map(|(ending, hash)| hash.map(|sha256| File { name: format!("PAY{id}.{ending}"), sha256 }));
        PaymentRun {
            number: self.number,
            subject: self.subject,
            account: self.account,
            state: self.state,
            currency: self.currency,
            items: self.items,
            amount: self.amount,
            base_amount: self.base_amount,
            approvals: duties.into_iter().filter_map(done).collect(),
            files: given.chain(attached).collect(),
        }
    }
}

/// Writes the payment runs in the order in which they were begun.
///
/// # Errors
/// The database fails.
pub(super) fn runs(tx: &mut ReadTx<'_>, period_id: i64, book: &mut Writer) -> Outcome<()> {
    let records = of_period(tx.mark());
    let text = format!(
        "SELECT r.record_id, x.number, x.subject, b.code AS account, r.state, r.currency, r.items, r.amount, r.base_amount,
            r.file_hash, r.csv_hash, r.prepared_by, u.name_ar AS preparer, x.created_at, r.approved_by, v.name_ar AS approver,
            r.approved_at, r.sent_by, w.name_ar AS sender, r.sent_at
        FROM payment_runs r JOIN records x ON x.id = r.record_id JOIN bank_accounts b ON b.id = r.bank_account_id
            JOIN users u ON u.id = r.prepared_by LEFT JOIN users v ON v.id = r.approved_by LEFT JOIN users w ON w.id = r.sent_by
        WHERE r.record_id IN {records} ORDER BY r.record_id"
    );
    let rows: Vec<RunRow> = asked(tx, text, (period_id, &ALL))?;
    let mut files: BTreeMap<i64, Vec<File>> = attached::files(tx, &records, (period_id, &ALL))?;
    for row in rows {
        let attached = files.remove(&row.record_id).unwrap_or_default();
        book.line(&Line::PaymentRun(row.written(attached)))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct ChequeRow {
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Text)]
    series: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    document: Option<String>,
    #[diesel(sql_type = Text)]
    payee: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    base_amount: i64,
    #[diesel(sql_type = Date)]
    issued_on: NaiveDate,
    #[diesel(sql_type = Timestamp)]
    issued_at: NaiveDateTime,
    #[diesel(sql_type = BigInt)]
    issued_by: i64,
    #[diesel(sql_type = Text)]
    issuer: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    entry_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    return_entry_id: Option<i64>,
}

/// Writes the cheques that were issued, spoilt or given up within the days of a month, in the order of the register.
///
/// # Errors
/// The database fails.
pub(super) fn cheques(tx: &mut ReadTx<'_>, period_id: i64, book: &mut Writer) -> Outcome<()> {
    let text = format!(
        "SELECT b.code AS account, c.series, c.number, c.state, x.number AS document, c.payee, c.currency, c.amount, c.base_amount,
            c.issued_on, c.issued_at, c.issued_by, u.name_ar AS issuer, c.entry_id, c.return_entry_id
        FROM fiscal_periods p JOIN cheques c ON c.agency_id = p.agency_id JOIN bank_accounts b ON b.id = c.bank_account_id
            JOIN users u ON u.id = c.issued_by LEFT JOIN records x ON x.id = c.document_id
        WHERE p.id = {mark}1 AND p.number < 13 AND (c.issued_on BETWEEN p.starts_on AND p.ends_on
            OR (c.return_entry_id IS NOT NULL AND c.ended_on BETWEEN p.starts_on AND p.ends_on))
        ORDER BY c.id",
        mark = tx.mark(),
    );
    let rows: Vec<ChequeRow> = sql_query(text).bind::<BigInt, _>(period_id).load(tx.conn())?;
    for row in rows {
        let cheque = Cheque {
            account: row.account,
            series: row.series,
            number: row.number,
            state: row.state,
            document: row.document,
            payee: row.payee,
            currency: row.currency,
            amount: row.amount,
            base_amount: row.base_amount,
            issued_on: row.issued_on,
            issued_at: row.issued_at,
            issued_by: Person { id: row.issued_by, name: row.issuer },
            entry: row.entry_id,
            return_entry: row.return_entry_id,
        };
        book.line(&Line::Cheque(cheque))?;
    }
    Ok(())
}
