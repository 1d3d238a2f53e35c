//! Matching (المطابقة): accepting what is proposed, matching by hand, and undoing line by line until a reconciliation stands on
//! it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx, each_backend};
use diwan_finance_api::{AcceptMatches, BookLineId, MATCH_MAX, ManualMatch, MatchWhy, Matched};
use diwan_kernel::{FieldError, money};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{bank_lines, bank_matches, reconciliations};
use serde_json::json;

use super::{
    account::{self, BankAccountRow},
    books::{self, BookRow},
    desk::Open,
    explain,
    lines::{self, LineRow},
};
use crate::amounts;

/// Rows of one statement.
const ROWS: usize = 800;

/// A match as it is written.
#[derive(Insertable)]
#[diesel(table_name = bank_matches)]
struct MatchRow {
    bank_account_id: i64,
    line_id: i64,
    entry_id: i64,
    seq: i32,
    amount: i64,
    rule: &'static str,
    why: String,
    matched_by: i64,
    matched_at: NaiveDateTime,
}

/// Accepts proposals: those named by their first line, or all that are certain. What is proposed is found anew, so that
/// nothing is accepted that is no longer so.
///
/// # Errors
/// Not found; `proposal_gone` where one that is named is proposed no more; `nothing_certain`.
pub fn accept(tx: &mut WriteTx<'_>, actor: &Actor, account_id: i64, input: &AcceptMatches) -> Outcome<Matched> {
    let account = account::take(tx, actor.agency_id, account_id)?;
    let open = Open::load(tx, &account)?;
    let named: BTreeSet<i64> = input.lines.iter().copied().collect();
    let (mut rows, mut found) = (Vec::new(), 0);
    for one in &open.proposal.matches {
        let why = explain::matched(&one.why);
        let wanted = match one.lines.first() {
            Some(first) if !named.is_empty() => named.contains(first),
            _ => why.rule.is_certain(),
        };
        if wanted {
            found += 1;
            let (of_bank, of_books) = open.rows(one)?;
            join(tx, actor, &of_bank, &of_books, &why, &mut rows)?;
        }
    }
    if found < named.len() {
        return Err(Refusal::rule("proposal_gone", [("count", (named.len() - found).to_string())]));
    }
    if rows.is_empty() {
        return Err(Refusal::rule("nothing_certain", []));
    }
    write(tx, actor, &account, &rows)
}

/// Matches lines that a person chose. The open amounts of both sides are the same, what comes in and what goes out each by
/// itself.
///
/// # Errors
/// Not found; `required`, `too_many`, `unknown` by the side; `match_differs` with both sums.
pub fn match_by_hand(tx: &mut WriteTx<'_>, actor: &Actor, account_id: i64, input: &ManualMatch) -> Outcome<Matched> {
    let account = account::take(tx, actor.agency_id, account_id)?;
    let ids: BTreeSet<i64> = input.lines.iter().copied().collect();
    let keys: BTreeSet<BookLineId> = input.entries.iter().copied().collect();
    for (field, count) in [("lines", ids.len()), ("entries", keys.len())] {
        if count == 0 {
            return Err(Refusal::field(field, "required"));
        }
        if count > MATCH_MAX {
            return Err(FieldError::new(field, "too_many").with("max", MATCH_MAX).into());
        }
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let of_bank: Vec<LineRow> =
        lines::some(tx, account.id, &ids)?.into_iter().filter(|row| row.matched < row.amount).collect();
    if of_bank.len() != ids.len() {
        return Err(Refusal::field("lines", "line_not_open"));
    }
    let entries: Vec<i64> = keys.iter().map(|key| key.entry_id).collect::<BTreeSet<_>>().into_iter().collect();
    let of_books = books::of_entries(tx, &account, &entries)?;
    let of_books: Vec<BookRow> =
        of_books.into_iter().filter(|row| keys.contains(&row.key()) && row.open() != 0 && !row.void).collect();
    if of_books.len() != keys.len() {
        return Err(Refusal::field("entries", "line_not_open"));
    }
    let (mut rows, why) = (Vec::new(), explain::by_hand());
    for incoming in [true, false] {
        let bank: Vec<&LineRow> = of_bank.iter().filter(|row| row.incoming == incoming).collect();
        let book: Vec<&BookRow> = of_books.iter().filter(|row| (row.amount > 0) == incoming).collect();
        let sums =
            (bank.iter().map(|row| i128::from(row.open())).sum(), book.iter().map(|row| i128::from(row.open())).sum());
        same(&account, sums)?;
        join(tx, actor, &bank, &book, &why, &mut rows)?;
    }
    write(tx, actor, &account, &rows)
}

fn same(account: &BankAccountRow, (bank, book): (i128, i128)) -> Outcome<()> {
    if bank == book {
        return Ok(());
    }
    let shown = |sum: i128| Ok::<_, Refusal>(money::format(amounts::fits(sum)?, account.scale()));
    let args = [("lines", shown(bank)?), ("entries", shown(book)?), ("difference", shown(bank - book)?)];
    Err(Refusal::rule("match_differs", args))
}

/// Spreads the amounts of lines over entries, both of one sum, in their order: each row takes what is left of both.
fn join(
    tx: &WriteTx<'_>,
    actor: &Actor,
    of_bank: &[&LineRow],
    of_books: &[&BookRow],
    why: &MatchWhy,
    rows: &mut Vec<MatchRow>,
) -> Outcome<()> {
    let told = serde_json::to_string(&why.args)?;
    let mut entries = of_books.iter().map(|row| (row, row.open().saturating_abs()));
    let mut entry = entries.next();
    for line in of_bank {
        let mut left = line.open().saturating_abs();
        while left > 0 {
            let Some((book, of_entry)) = entry else { break };
            let amount = left.min(of_entry);
            if amount > 0 {
                rows.push(MatchRow {
                    bank_account_id: line.bank_account_id,
                    line_id: line.id,
                    entry_id: book.entry_id,
                    seq: book.seq,
                    amount,
                    rule: why.rule.code(),
                    why: told.clone(),
                    matched_by: actor.user_id,
                    matched_at: tx.now(),
                });
            }
            left -= amount;
            entry = if of_entry > amount { Some((book, of_entry - amount)) } else { entries.next() };
        }
    }
    Ok(())
}

fn write(tx: &mut WriteTx<'_>, actor: &Actor, account: &BankAccountRow, rows: &[MatchRow]) -> Outcome<Matched> {
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(bank_matches::table).values(rows).execute(c))?;
    }
    let lines: BTreeSet<i64> = rows.iter().map(|row| row.line_id).collect();
    let entries: BTreeSet<(i64, i32)> = rows.iter().map(|row| (row.entry_id, row.seq)).collect();
    let matched = Matched { lines: lines.len(), entries: entries.len() };
    let mut rules = BTreeMap::<&str, usize>::new();
    rows.iter().for_each(|row| *rules.entry(row.rule).or_default() += 1);
    let told = json!({ "lines": matched.lines, "entries": matched.entries, "rules": rules });
    tx.audit(Audit::of("bank_account", account.id).agency(actor.agency_id).detail(told))?;
    Ok(matched)
}

/// Takes back what a line of the bank is matched with.
///
/// # Errors
/// Not found; `nothing_to_undo`; `match_fixed` where a reconciliation that is submitted or approved stands on it.
pub fn undo(tx: &mut WriteTx<'_>, actor: &Actor, line_id: i64) -> Outcome<Matched> {
    let account_id: i64 = bank_lines::table
        .find(line_id)
        .select(bank_lines::bank_account_id)
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("bank_line"))?;
    let account = account::take(tx, actor.agency_id, account_id)?;
    let of_line = bank_matches::table.filter(bank_matches::line_id.eq(line_id));
    let made: Vec<(i64, i32, i64, Option<i64>)> = of_line
        .select((bank_matches::entry_id, bank_matches::seq, bank_matches::amount, bank_matches::reconciliation_id))
        .load(tx.conn())?;
    if made.is_empty() {
        return Err(Refusal::rule("nothing_to_undo", []));
    }
    let of: Vec<i64> = made.iter().filter_map(|(.., reconciliation)| *reconciliation).collect();
    let fixed: i64 = reconciliations::table
        .filter(reconciliations::record_id.eq_any(&of))
        .filter(reconciliations::state.ne("draft"))
        .count()
        .get_result(tx.conn())?;
    if fixed > 0 {
        return Err(Refusal::rule("match_fixed", []));
    }
    diesel::delete(of_line).execute(tx.conn())?;
    let told: Vec<_> = made.iter().map(|(entry, seq, amount, _)| json!([entry, seq, amount])).collect();
    tx.audit(
        Audit::of("bank_account", account.id)
            .agency(actor.agency_id)
            .detail(json!({ "line": line_id, "undone": told })),
    )?;
    Ok(Matched { lines: 1, entries: made.len() })
}
