//! What is decided on at the end of a year (الالتزامات القائمة): commitments that are open or have slices of later years, and what
//! other modules hold.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::{CommitmentDecision, DecisionTotal, YearEndCommitment, YearEndOnly, YearEndQuery};
use diwan_kernel::{Lang, Named, Page, PageRequest, money, text};
use diwan_platform::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_platform_api::records::Ref;

use super::store;
use crate::amounts;

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;
/// The slices of a commitment `d` that no posted commitment took over.
const LATER: &str =
    "(SELECT CAST(COALESCE(SUM(s.amount), 0) AS BIGINT) FROM commitment_slices s WHERE s.record_id = d.record_id
        AND NOT EXISTS (SELECT 1 FROM commitment_continuations n JOIN finance_documents f ON f.record_id = n.document_id
            WHERE n.record_id = d.record_id AND f.posted_at IS NOT NULL))";

/// All that is open in a year and all that its end dealt with, each with its decision: commitments of finance as `part` 0 by their
/// records, then what other modules hold as `part` 1. `open` is what is open, or what was once the year is ended.
pub(super) fn all(mark: char) -> String {
    format!(
        "SELECT 0 AS part, d.record_id AS own, d.record_id AS record_id, d.party_id AS party_id, d.effective_on AS day,
            d.base_amount AS amount, COALESCE(c.amount, d.to_settle) AS open, {LATER} AS later, 'committed' AS bucket, c.decision AS decision,
            c.reason AS reason, c.decided_by AS decided_by, c.decided_at AS decided_at, c.carried_id AS carried_id
        FROM finance_documents d JOIN records r ON r.id = d.record_id LEFT JOIN year_end_commitments c ON c.record_id = d.record_id
        WHERE d.agency_id = (SELECT f.agency_id FROM fiscal_years f WHERE f.id = {mark}1) AND d.year_id = {mark}1 AND d.kind = 'commitment'
            AND ((d.to_settle > 0 AND r.state = 'posted') OR c.amount IS NOT NULL
            OR (d.posted_at IS NOT NULL AND (r.state = 'posted' OR c.decision IS NOT NULL) AND {LATER} > 0))
        UNION ALL SELECT 1, h.id, h.record_id, CAST(NULL AS BIGINT), k.effective_on, CAST(SUM(l.amount) AS BIGINT),
            COALESCE(e.amount, CAST(SUM(l.open) AS BIGINT)), 0, CASE h.kind WHEN 'commitment' THEN 'committed' ELSE 'pre_committed' END,
            e.decision, e.reason, e.decided_by, e.decided_at, CAST(NULL AS BIGINT)
        FROM port_holds h JOIN port_calls k ON k.id = h.call_id JOIN port_hold_lines l ON l.hold_id = h.id
            LEFT JOIN year_end_holds e ON e.hold_id = h.id
        WHERE h.year_id = {mark}1
        GROUP BY h.id, h.record_id, k.effective_on, h.kind, e.amount, e.decision, e.reason, e.decided_by, e.decided_at
        HAVING SUM(l.open) > 0 OR e.amount IS NOT NULL"
    )
}

/// Commitments by decision.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) undecided: DecisionTotal,
    pub(super) carry: DecisionTotal,
    pub(super) lapse: DecisionTotal,
    /// What of those carried forward is reserved and not yet committed.
    pub(super) reserved: i64,
}

impl Totals {
    /// All of them.
    ///
    /// # Errors
    /// The sum does not fit.
    pub(super) fn open(&self) -> Outcome<DecisionTotal> {
        let mut all = DecisionTotal::default();
        for one in [self.undecided, self.carry, self.lapse] {
            all.count += one.count;
            all.amount = amounts::sum([all.amount, one.amount])?;
        }
        Ok(all)
    }
}

#[derive(QueryableByName)]
struct TotalRow {
    #[diesel(sql_type = Text)]
    decision: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    reserved: i64,
}

/// How many there are of each decision.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn totals(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Totals> {
    let text = format!(
        "SELECT COALESCE(x.decision, '') AS decision, COUNT(*) AS count, CAST(SUM(x.open) AS BIGINT) AS amount,
            CAST(SUM(CASE x.bucket WHEN 'pre_committed' THEN x.open ELSE 0 END) AS BIGINT) AS reserved
        FROM ({all}) x GROUP BY COALESCE(x.decision, '')",
        all = all(tx.mark()),
    );
    let rows: Vec<TotalRow> = sql_query(text).bind::<BigInt, _>(year_id).load(tx.conn())?;
    let mut totals = Totals::default();
    for row in rows {
        let total = DecisionTotal { count: row.count, amount: row.amount };
        if row.decision.is_empty() {
            totals.undecided = total;
        } else {
            match row.decision.parse()? {
                CommitmentDecision::Carry => (totals.carry, totals.reserved) = (total, row.reserved),
                CommitmentDecision::Lapse => totals.lapse = total,
            }
        }
    }
    Ok(totals)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    own: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    hold_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    bucket: String,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Nullable<Text>)]
    party_ar: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    party_en: Option<String>,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
    #[diesel(sql_type = BigInt)]
    later: i64,
    #[diesel(sql_type = Nullable<Text>)]
    decision: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    decided_by: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    decided_ar: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    decided_en: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    decided_at: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<BigInt>)]
    carried_id: Option<i64>,
}

impl Row {
    /// Commitments come before what other modules hold, each by its own id.
    fn cursor(&self) -> String {
        format!("{}{}", if self.hold_id.is_some() { "h" } else { "" }, self.own)
    }

    fn view(self) -> Outcome<YearEndCommitment> {
        let named = |ar: Option<String>, en: Option<String>| ar.map(|ar| Named { ar, en: en.unwrap_or_default() });
        let by = named(self.decided_ar, self.decided_en);
        Ok(YearEndCommitment {
            id: self.id,
            kind: self.kind.parse()?,
            hold_id: self.hold_id,
            bucket: self.bucket.parse()?,
            number: self.number,
            subject: self.subject,
            party: named(self.party_ar, self.party_en),
            day: self.day,
            amount: self.amount,
            open: self.open,
            later: self.later,
            decision: self.decision.map(|decision| decision.parse()).transpose()?,
            reason: self.reason.unwrap_or_default(),
            decided_by: self.decided_by.zip(by).map(|(id, name)| Ref { id, name }),
            decided_at: self.decided_at,
            carried_id: self.carried_id,
        })
    }
}

/// A page of what is decided on at a year's end: commitments in the order they were made, then what other modules hold.
///
/// # Errors
/// Not found; the database fails.
pub fn list(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    year_id: i64,
    query: &YearEndQuery,
) -> Outcome<Page<YearEndCommitment>> {
    store::year(tx, actor.agency_id, year_id)?;
    page(tx, year_id, query, query.page.rows())
}

fn page(tx: &mut ReadTx<'_>, year_id: i64, query: &YearEndQuery, limit: i64) -> Outcome<Page<YearEndCommitment>> {
    let only = match query.only {
        None => "",
        Some(YearEndOnly::Undecided) => " AND x.decision IS NULL",
        Some(YearEndOnly::Carry) => " AND x.decision = 'carry'",
        Some(YearEndOnly::Lapse) => " AND x.decision = 'lapse'",
    };
    let mark = tx.mark();
    // A cursor that is not one of ours starts at the first page.
    let after = query.page.after.as_deref().unwrap_or_default();
    let (part, own) = after.strip_prefix('h').map_or((0_i64, after), |own| (1, own));
    let own: i64 = own.parse().unwrap_or(0);
    let like = text::like_anywhere(query.q.as_deref().unwrap_or_default());
    let text = format!(
        "SELECT x.own AS own, CASE x.part WHEN 1 THEN x.own END AS hold_id, x.record_id AS id, r.kind AS kind, x.bucket AS bucket,
            r.number AS number, r.subject AS subject, p.name_ar AS party_ar, p.name_en AS party_en, x.day AS day, x.amount AS amount,
            x.open AS open, x.later AS later, x.decision AS decision, x.reason AS reason, x.decided_by AS decided_by,
            u.name_ar AS decided_ar, u.name_en AS decided_en, x.decided_at AS decided_at, x.carried_id AS carried_id
        FROM ({all}) x JOIN records r ON r.id = x.record_id LEFT JOIN parties p ON p.id = x.party_id LEFT JOIN users u ON u.id = x.decided_by
        WHERE (x.part > {mark}2 OR (x.part = {mark}2 AND x.own > {mark}3)) AND (r.fold LIKE {mark}4 ESCAPE '\\'
            OR LOWER(r.number) LIKE {mark}4 ESCAPE '\\' OR p.fold LIKE {mark}4 ESCAPE '\\'){only}
        ORDER BY x.part, x.own LIMIT {mark}5",
        all = all(mark),
    );
    let rows: Vec<Row> = sql_query(text)
        .bind::<BigInt, _>(year_id)
        .bind::<BigInt, _>(part)
        .bind::<BigInt, _>(own)
        .bind::<Text, _>(like)
        .bind::<BigInt, _>(limit + 1)
        .load(tx.conn())?;
    let found = Page::from_rows(rows, limit, Row::cursor, Row::view);
    let items = found.items.into_iter().collect::<Outcome<Vec<_>>>()?;
    Ok(Page { items, next: found.next, total: None })
}

/// The commitments as a sheet.
///
/// # Errors
/// Not found; `too_many_rows`; the file cannot be written.
pub(super) fn export(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    year_id: i64,
    query: &YearEndQuery,
    lang: Lang,
) -> Outcome<Export> {
    store::year(tx, actor.agency_id, year_id)?;
    let columns = [
        Column::new("الرقم", "Number", 16),
        Column::new("التاريخ", "Date", 12),
        Column::new("البيان", "Subject", 50),
        Column::new("الجهة", "Party", 30),
        Column::new("المبلغ بالدينار", "Amount in JOD", 18),
        Column::new("القائم", "Open", 18),
        Column::new("السنوات اللاحقة", "Later years", 18),
        Column::new("القرار", "Decision", 14),
        Column::new("السبب", "Reason", 40),
        Column::new("صاحب القرار", "Decided by", 24),
    ];
    let sheet = ListSheet::new(lang, ("الالتزامات القائمة", "Open commitments"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, year_id, &YearEndQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| cells(item, lang),
    )
}

fn cells(item: &YearEndCommitment, lang: Lang) -> Vec<Cell> {
    let amount = |minor| Cell::Amount(minor, money::JOD_SCALE);
    let decision = match (item.decision, lang) {
        (None, _) => "",
        (Some(CommitmentDecision::Carry), Lang::Ar) => "تدوير",
        (Some(CommitmentDecision::Carry), Lang::En) => "Carried forward",
        (Some(CommitmentDecision::Lapse), Lang::Ar) => "إلغاء",
        (Some(CommitmentDecision::Lapse), Lang::En) => "Lapses",
    };
    vec![
        Cell::text(item.number.clone().unwrap_or_default()),
        Cell::Day(item.day),
        Cell::text(&item.subject),
        item.party.as_ref().map_or(Cell::Empty, |party| Cell::named(party, lang)),
        amount(item.amount),
        amount(item.open),
        amount(item.later),
        Cell::text(decision),
        Cell::text(&item.reason),
        item.decided_by.as_ref().map_or(Cell::Empty, |by| Cell::named(&by.name, lang)),
    ]
}
