//! The commitments that are open at the end of their year (الالتزامات القائمة), and the decision on each.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text, Timestamp},
};
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_finance_api::{
    CommitmentDecision, DECISIONS_MAX, DecideCommitments, DecisionTotal, YearEndCommitment, YearEndOnly, YearEndQuery,
    YearEndState,
};
use diwan_kernel::{FieldError, Lang, Named, Page, PageRequest, money, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_platform_api::records::Ref;
use diwan_schema::finance::{year_end_commitments, year_ends};

use super::store;
use crate::closing::period::mark;

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;
/// Rows of one statement.
const ROWS: usize = 1_000;

/// Commitments `d` with their record `r` and decision `c`: those open in the year, and those that its end dealt with.
const OPEN: &str = "FROM finance_documents d JOIN records r ON r.id = d.record_id
        LEFT JOIN year_end_commitments c ON c.record_id = d.record_id
        LEFT JOIN parties p ON p.id = d.party_id LEFT JOIN users u ON u.id = c.decided_by";

fn is_open(mark: char) -> String {
    format!(
        "d.year_id = {mark}1 AND d.kind = 'commitment' AND ((d.to_settle > 0 AND r.state = 'posted') OR c.amount IS NOT NULL)"
    )
}

/// What is open of a commitment.
const AMOUNT: &str = "COALESCE(c.amount, d.to_settle)";

/// Commitments by decision.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) undecided: DecisionTotal,
    pub(super) carry: DecisionTotal,
    pub(super) lapse: DecisionTotal,
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
            all.amount = all.amount.checked_add(one.amount).ok_or_else(|| Refusal::rule("amount_overflow", []))?;
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
}

/// How many there are of each decision.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn totals(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Totals> {
    let text = format!(
        "SELECT COALESCE(c.decision, '') AS decision, COUNT(*) AS count, CAST(SUM({AMOUNT}) AS BIGINT) AS amount
        {OPEN} WHERE {is_open} GROUP BY COALESCE(c.decision, '')",
        is_open = is_open(mark(tx)),
    );
    let rows: Vec<TotalRow> = sql_query(text).bind::<BigInt, _>(year_id).load(tx.conn())?;
    let mut totals = Totals::default();
    for row in rows {
        let total = DecisionTotal { count: row.count, amount: row.amount };
        if row.decision.is_empty() {
            totals.undecided = total;
        } else {
            match row.decision.parse()? {
                CommitmentDecision::Carry => totals.carry = total,
                CommitmentDecision::Lapse => totals.lapse = total,
            }
        }
    }
    Ok(totals)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
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
    fn view(self) -> Outcome<YearEndCommitment> {
        let named = |ar: Option<String>, en: Option<String>| ar.map(|ar| Named { ar, en: en.unwrap_or_default() });
        let by = named(self.decided_ar, self.decided_en);
        Ok(YearEndCommitment {
            id: self.id,
            number: self.number,
            subject: self.subject,
            party: named(self.party_ar, self.party_en),
            day: self.day,
            amount: self.amount,
            open: self.open,
            decision: self.decision.map(|decision| decision.parse()).transpose()?,
            reason: self.reason.unwrap_or_default(),
            decided_by: self.decided_by.zip(by).map(|(id, name)| Ref { id, name }),
            decided_at: self.decided_at,
            carried_id: self.carried_id,
        })
    }
}

/// A page of the commitments of a year's end, in the order they were made.
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
        Some(YearEndOnly::Undecided) => " AND c.decision IS NULL",
        Some(YearEndOnly::Carry) => " AND c.decision = 'carry'",
        Some(YearEndOnly::Lapse) => " AND c.decision = 'lapse'",
    };
    let mark = mark(tx);
    // A cursor that is not one of ours starts at the first page.
    let after: i64 = query.page.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    let like = text::like_anywhere(query.q.as_deref().unwrap_or_default());
    let text = format!(
        "SELECT d.record_id AS id, r.number, r.subject, p.name_ar AS party_ar, p.name_en AS party_en, d.effective_on AS day,
            d.base_amount AS amount, {AMOUNT} AS open, c.decision, c.reason, c.decided_by, u.name_ar AS decided_ar,
            u.name_en AS decided_en, c.decided_at, c.carried_id
        {OPEN} WHERE {is_open} AND d.record_id > {mark}2 AND (r.fold LIKE {mark}3 ESCAPE '\\' OR LOWER(r.number) LIKE {mark}3 ESCAPE '\\'
            OR p.fold LIKE {mark}3 ESCAPE '\\'){only} ORDER BY d.record_id LIMIT {mark}4",
        is_open = is_open(mark),
    );
    let rows: Vec<Row> = sql_query(text)
        .bind::<BigInt, _>(year_id)
        .bind::<BigInt, _>(after)
        .bind::<Text, _>(like)
        .bind::<BigInt, _>(limit + 1)
        .load(tx.conn())?;
    let found = Page::from_rows(rows, limit, |row| row.id.to_string(), Row::view);
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
        Cell::text(decision),
        Cell::text(&item.reason),
        item.decided_by.as_ref().map_or(Cell::Empty, |by| Cell::named(&by.name, lang)),
    ]
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Decides on commitments: those that are named, or all that have no decision yet.
///
/// # Errors
/// Not found, also of a commitment that is none of the year's open ones; not a draft; no reason; too many at once.
pub fn decide(tx: &mut WriteTx<'_>, actor: &Actor, year_id: i64, input: &DecideCommitments) -> Outcome<()> {
    store::year(tx, actor.agency_id, year_id)?;
    if input.ids.len() > DECISIONS_MAX {
        return Err(FieldError::new("ids", "too_many").with("max", DECISIONS_MAX).into());
    }
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    // Whoever prepares the end stands in line here.
    let drafts =
        year_ends::table.filter(year_ends::year_id.eq(year_id)).filter(year_ends::state.eq(YearEndState::Draft.code()));
    let taken = diesel::update(drafts).set(year_ends::version.eq(year_ends::version + 1)).execute(tx.conn())?;
    if taken == 0 {
        store::end_in(tx, year_id, (YearEndState::Draft, "decide_commitments"), None)?;
        return Err(Refusal::NotFound("year_end"));
    }
    let text = format!("SELECT d.record_id AS id {OPEN} WHERE {is_open} ", is_open = is_open(mark(tx)));
    let only = if input.ids.is_empty() { "AND c.decision IS NULL" } else { "" };
    let open: Vec<Id> =
        sql_query(format!("{text}{only} ORDER BY d.record_id")).bind::<BigInt, _>(year_id).load(tx.conn())?;
    let open: BTreeSet<i64> = open.into_iter().map(|row| row.id).collect();
    let wanted: BTreeSet<i64> = if input.ids.is_empty() { open.clone() } else { input.ids.iter().copied().collect() };
    if !wanted.is_subset(&open) {
        return Err(Refusal::NotFound("finance_document"));
    }
    let (now, wanted) = (tx.now(), wanted.into_iter().collect::<Vec<_>>());
    for some in wanted.chunks(ROWS) {
        diesel::delete(year_end_commitments::table.filter(year_end_commitments::record_id.eq_any(some)))
            .execute(tx.conn())?;
        let row = |id: &i64| {
            (
                year_end_commitments::record_id.eq(*id),
                year_end_commitments::year_id.eq(year_id),
                year_end_commitments::agency_id.eq(actor.agency_id),
                year_end_commitments::decision.eq(input.decision.code()),
                year_end_commitments::reason.eq(&reason),
                year_end_commitments::decided_by.eq(actor.user_id),
                year_end_commitments::decided_at.eq(now),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(tx.conn(), c => diesel::insert_into(year_end_commitments::table).values(&rows).execute(c))?;
    }
    let detail = serde_json::json!({ "decision": input.decision, "reason": reason, "documents": wanted });
    tx.audit(Audit::of("fiscal_year", year_id).detail(detail))?;
    Ok(())
}
