//! What can be done where money is not there (سبل المعالجة): only what would bring money, with how much and from where.

use chrono::{NaiveDate, TimeDelta};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Text},
};
use diwan_db::ReadTx;
use diwan_finance_api::{Bucket, DocumentKind, DocumentState};
use diwan_kernel::ProblemDetail;
use diwan_platform::Outcome;
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::budget_lines;

use super::{Line, Short, amount};
use crate::{documents::virement, ledger::moves::Buckets};

/// A commitment is stale where nothing was drawn on it for so many days, or its due day has passed.
const STALE_DAYS: i64 = 90;
/// Commitments and virements that are named.
const NAMED: usize = 3;
/// Lines that a virement is looked for in, those with the most first.
const LOOKED_AT: i64 = 20;

/// What would bring money to a line that has not enough.
///
/// # Errors
/// The database fails.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    line: &Line,
    (short, held): (&Short, &Buckets),
    on: NaiveDate,
) -> Outcome<Vec<ProblemDetail>> {
    let [unallotted, frozen, ..] = *held;
    // What was committed, owed or paid before is asked for back: no budget brings that.
    if !matches!(short.bucket, Bucket::Available | Bucket::Unallotted) {
        return Ok(Vec::new());
    }
    let draft = |kind: DocumentKind| format!("/finance/documents/new/{}", kind.code());
    let mut all = Vec::new();
    if short.bucket == Bucket::Available && unallotted > 0 {
        let args = [("amount", amount(unallotted.min(short.missing()))), ("there", amount(unallotted))];
        all.push(ProblemDetail::new("remedy_order", draft(DocumentKind::FinancialOrder), args));
    }
    if frozen > 0 {
        all.push(ProblemDetail::new("remedy_unfreeze", draft(DocumentKind::Freeze), [("amount", amount(frozen))]));
    }
    if short.bucket == Bucket::Available {
        all.extend(stale(tx, line, on)?);
    }
    for (code, there, reference) in virements(tx, line, short.missing(), on)? {
        let args =
            [("amount", amount(short.missing())), ("line", code), ("there", amount(there)), ("reference", reference)];
        all.push(ProblemDetail::new("remedy_virement", draft(DocumentKind::Virement), args));
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct Stale {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// The commitments on the line that nobody draws on any more, the largest first: closing one gives back what is open of it.
fn stale(tx: &mut ReadTx<'_>, line: &Line, on: NaiveDate) -> Outcome<Vec<ProblemDetail>> {
    let text = format!(
        "SELECT r.id AS id, COALESCE(r.number, '') AS name, d.effective_on AS day, CAST(SUM(l.open) AS BIGINT) AS amount
        FROM budget_keys k JOIN finance_lines l ON l.key_id = k.id JOIN finance_documents d ON d.record_id = l.record_id
            JOIN records r ON r.id = d.record_id
        WHERE k.line_id = {mark}1 AND l.open > 0 AND d.kind = '{commitment}' AND r.state = '{posted}'
            AND (r.due_on < {mark}2 OR (r.due_on IS NULL AND d.effective_on < {mark}3 AND NOT EXISTS (SELECT 1 FROM finance_documents v
                WHERE v.source_id = d.record_id AND v.posted_at IS NOT NULL AND v.effective_on >= {mark}3)))
        GROUP BY r.id, r.number, d.effective_on ORDER BY SUM(l.open) DESC, r.id LIMIT {NAMED}",
        mark = tx.mark(),
        commitment = DocumentKind::Commitment.code(),
        posted = DocumentState::Posted.code(),
    );
    let rows: Vec<Stale> = sql_query(text)
        .bind::<BigInt, _>(line.id)
        .bind::<Date, _>(on)
        .bind::<Date, _>(on - TimeDelta::days(STALE_DAYS))
        .load(tx.conn())?;
    let detail = |one: Stale| {
        let args = [("number", one.name), ("day", one.day.to_string()), ("amount", amount(one.amount))];
        ProblemDetail::new("remedy_close", RecordKind::Commitment.page(one.id), args)
    };
    Ok(rows.into_iter().map(detail).collect())
}

/// Lines of the year that may give what is missing by a rule in force: code, what they have, reference of the rule. What has a
/// financial order already is taken back by another one first.
fn virements(tx: &mut ReadTx<'_>, line: &Line, missing: i64, on: NaiveDate) -> Outcome<Vec<(String, i64, String)>> {
    let rules = virement::rules(tx, line.agency_id, on)?;
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let free = budget_lines::unallotted + budget_lines::available;
    let lines: Vec<(i64, String, i64)> = budget_lines::table
        .filter(budget_lines::year_id.eq(line.year_id))
        .filter(budget_lines::id.ne(line.id))
        .filter(free.ge(missing))
        .order((free.desc(), budget_lines::id))
        .limit(LOOKED_AT)
        .select((budget_lines::id, budget_lines::code, free))
        .load(tx.conn())?;
    let mut found = Vec::new();
    for (id, code, there) in lines {
        if found.len() == NAMED {
            break;
        }
        if let Some(reference) = virement::permitted(tx, &rules, (id, line.id), missing)? {
            found.push((code, there, reference));
        }
    }
    Ok(found)
}
