//! What is open of documents on a day, as known at a moment: from what was posted and what drew on it, paid it or took it back
//! until then, never from what is open of it today.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, DocumentKind, OpenReport, Side};
use diwan_platform::Outcome;
use diwan_schema::finance::{finance_documents, finance_lines};

use super::coming;
use crate::{
    amounts::sum,
    ledger::balances::{self, Wanted},
    reports::{frame::Frame, names::Shown, paid},
};

/// A document of which something is open. Amounts are minor units of the base currency.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Row {
    /// Its record.
    #[diesel(sql_type = BigInt)]
    pub(super) id: i64,
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) number: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) subject: String,
    /// What it stands under: the code and names of its party, or year and key of what a later year bears.
    #[diesel(sql_type = Text)]
    pub(super) code: String,
    #[diesel(sql_type = Text)]
    pub(super) ar: String,
    #[diesel(sql_type = Text)]
    pub(super) en: String,
    /// From which day it counts.
    #[diesel(sql_type = Date)]
    pub(super) day: NaiveDate,
    /// By when it is to be settled or paid.
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) due_on: Option<NaiveDate>,
    /// How much it was.
    #[diesel(sql_type = BigInt)]
    pub(super) given: i64,
    /// How much of it is open.
    #[diesel(sql_type = BigInt)]
    pub(super) open: i64,
}

impl Row {
    /// What it stands under.
    pub(super) fn group(&self) -> Shown {
        Shown { code: self.code.clone(), ar: self.ar.clone(), en: self.en.clone() }
    }

    /// Its number, or its id while it has none.
    pub(super) fn name(&self) -> String {
        self.number.clone().unwrap_or_else(|| self.id.to_string())
    }

    /// What it is found by.
    pub(super) fn words(&self) -> [&str; 5] {
        [self.number.as_deref().unwrap_or_default(), &self.subject, &self.code, &self.ar, &self.en]
    }
}

/// Agency, day and moment as the database marks them.
pub(super) type Marks = [String; 3];

/// What a row says of the record `r` and the party `p` of its document.
const HEAD: &str = "r.id AS id, r.kind AS kind, r.number AS number, r.subject AS subject, COALESCE(p.code, '') AS code,
    COALESCE(p.name_ar, r.party) AS ar, COALESCE(p.name_en, '') AS en, r.due_on AS due_on";

/// Documents `d` with their record and party.
const DOCUMENTS: &str =
    "finance_documents d JOIN records r ON r.id = d.record_id LEFT JOIN parties p ON p.id = d.party_id";

/// The documents of a report, by their days.
///
/// # Errors
/// The database fails.
pub(super) fn read(tx: &mut ReadTx<'_>, of: OpenReport, frame: &Frame) -> Outcome<Vec<Row>> {
    let marks: Marks = tx.marks();
    let text = match of {
        OpenReport::Commitments => commitments(&marks),
        OpenReport::Arrears => arrears(&marks),
        OpenReport::Advances => held(&marks, DocumentKind::Advance, DocumentKind::AdvanceSettlement),
        OpenReport::Deposits => held(&marks, DocumentKind::Deposit, DocumentKind::DepositRefund),
        OpenReport::Obligations => return coming::read(tx, frame),
    };
    let mut rows: Vec<Row> = sql_query(format!("{text} ORDER BY day, id"))
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(frame.recorded_until())
        .load(tx.conn())?;
    rows.retain(|row| row.open != 0);
    Ok(rows)
}

/// The moves into what is committed and out of it until the day. The last day of a year is as it was before the end of the year
/// took everything out on it.
fn committed([agency, day, known]: &Marks) -> String {
    format!(
        "l.agency_id = {agency} AND (m.source = 'committed' OR m.target = 'committed')
            AND m.effective_on <= {day} AND m.recorded_at <= {known} AND NOT EXISTS (SELECT 1 FROM year_ends z
                JOIN fiscal_years f ON f.id = z.year_id WHERE z.record_id = m.record_id AND f.ends_on = {day})"
    )
}

/// What moves bring to what is committed.
const SIGNED: &str = "CASE WHEN m.target = 'committed' THEN m.amount ELSE -m.amount END";

/// Commitments by the moves of the budget: a voucher draws on the one it names, or on that of the module that it stands for.
/// The end of a year closes all of its commitments after its last day; those carried forward are others, of the next year.
fn commitments(marks: &Marks) -> String {
    let [_, day, known] = marks;
    format!(
        "SELECT {HEAD}, s.day AS day, s.open AS given, s.open AS open
        FROM (SELECT COALESCE(v.source_id, h.record_id, m.record_id) AS id, CAST(SUM({SIGNED}) AS BIGINT) AS open,
                COALESCE(MIN(CASE WHEN m.target = 'committed' THEN m.effective_on END), MIN(m.effective_on)) AS day
            FROM budget_lines l JOIN fiscal_years y ON y.id = l.year_id JOIN budget_moves m ON m.line_id = l.id
                LEFT JOIN finance_documents v ON v.record_id = m.record_id AND v.kind = '{voucher}'
                LEFT JOIN port_vouchers t ON t.document_id = COALESCE(v.reverses_id, v.record_id)
                LEFT JOIN port_holds h ON h.id = t.hold_id
            WHERE {moved} AND NOT EXISTS (SELECT 1 FROM year_ends e WHERE e.year_id = l.year_id AND e.state = 'ended'
                AND e.confirmed_at <= {known} AND y.ends_on < {day})
            GROUP BY COALESCE(v.source_id, h.record_id, m.record_id)) s
        JOIN records r ON r.id = s.id LEFT JOIN finance_documents d ON d.record_id = r.id
            LEFT JOIN parties p ON p.id = d.party_id",
        voucher = DocumentKind::PaymentVoucher.code(),
        moved = committed(marks),
    )
}

/// Documents that were posted until the day and not taken back.
pub(super) fn standing([agency, day, known]: &Marks) -> String {
    let until = |of: &str| format!("{of}.posted_at <= {known} AND {of}.effective_on <= {day}");
    format!(
        "d.agency_id = {agency} AND COALESCE(d.reverses_id, 0) = 0 AND {posted} AND NOT EXISTS (
            SELECT 1 FROM finance_documents x WHERE x.reverses_id = d.record_id AND {back})",
        posted = until("d"),
        back = until("x"),
    )
}

/// What is to be paid and was neither paid nor given up by the day. A document is paid as a whole, by one payment at a time.
fn arrears(marks: &Marks) -> String {
    let [agency, day, known] = marks;
    let net = "CAST(COALESCE((SELECT SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END)
            FROM finance_lines l WHERE l.record_id = d.record_id), 0) AS BIGINT)";
    format!(
        "SELECT {HEAD}, d.effective_on AS day, {net} AS given, {net} AS open
        FROM {DOCUMENTS} LEFT JOIN (SELECT w.document_id FROM ({payments}) w JOIN entries e ON e.id = w.entry_id
            WHERE e.effective_on <= {day} AND e.recorded_at <= {known}
            GROUP BY w.document_id HAVING SUM(w.way) > 0) q ON q.document_id = d.record_id
        WHERE {standing} AND d.kind IN ({kinds}) AND q.document_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM finance_documents g WHERE g.source_id = d.record_id AND g.kind = '{gives_up}'
                AND g.posted_at <= {known} AND g.effective_on <= {day})",
        gives_up = DocumentKind::JournalVoucher.code(),
        payments = paid::all(agency),
        standing = standing(marks),
        kinds = paid::later_kinds(),
    )
}

/// What is open of documents that others draw on; a reversal of what drew gives it back.
fn held(marks: &Marks, kind: DocumentKind, draws: DocumentKind) -> String {
    let [agency, day, known] = marks;
    format!(
        "SELECT {HEAD}, d.effective_on AS day, d.base_amount AS given,
            CAST(d.base_amount - COALESCE(q.drawn, 0) AS BIGINT) AS open
        FROM {DOCUMENTS} LEFT JOIN (
            SELECT s.source_id, SUM(CASE WHEN s.reverses_id IS NULL THEN s.base_amount ELSE -s.base_amount END) AS drawn
            FROM finance_documents s WHERE s.agency_id = {agency} AND s.kind = '{draws}' AND s.posted_at <= {known}
                AND s.effective_on <= {day} GROUP BY s.source_id) q ON q.source_id = d.record_id
        WHERE {standing} AND d.kind = '{kind}'",
        standing = standing(marks),
    )
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// What the budget ledger says is committed.
///
/// # Errors
/// The database fails.
pub(super) fn in_ledger(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<i64> {
    let marks: Marks = tx.marks();
    let text = format!(
        "SELECT CAST(COALESCE(SUM({SIGNED}), 0) AS BIGINT) AS amount
        FROM budget_lines l JOIN budget_moves m ON m.line_id = l.id WHERE {}",
        committed(&marks)
    );
    let sum: Sum = sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(frame.recorded_until())
        .get_result(tx.conn())?;
    Ok(sum.amount)
}

/// What lies on the accounts that documents of a kind stand on; `side` is the one on which they bring something there.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn in_books(tx: &mut ReadTx<'_>, frame: &Frame, (kind, side): (DocumentKind, Side)) -> Outcome<i64> {
    let accounts: Vec<Option<i64>> = finance_lines::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(finance_lines::record_id)))
        .filter(finance_documents::agency_id.eq(frame.agency_id))
        .filter(finance_documents::kind.eq(kind.code()))
        .filter(finance_documents::posted_at.le(frame.recorded_until()))
        .filter(finance_documents::effective_on.le(frame.to))
        .filter(finance_documents::reverses_id.is_null())
        .filter(finance_lines::side.eq(side.code()))
        .select(finance_lines::account_id)
        .distinct()
        .load(tx.conn())?;
    let mut lies = 0;
    for account_id in accounts.into_iter().flatten() {
        let wanted = Wanted { account_id: Some(account_id), ..frame.wanted([Dimension::Account; 2]) };
        for one in balances::read(tx, &wanted)? {
            lies = sum([lies, one.debit, -one.credit])?;
        }
    }
    Ok(if side == Side::Debit { lies } else { -lies })
}
