//! Cash of budget lines (السيولة): what is paid of a line stays within what was released to it.

use std::collections::BTreeMap;

use diesel::{dsl::case_when, prelude::*};
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::DocumentKind;
use diwan_kernel::{ProblemDetail, money};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{budget_lines, line_cash, line_cash_freed};

use crate::{
    amounts,
    ledger::moves::{self, Held},
};

/// How much ordered and used cash of a budget line changes, in minor units of the base currency; less than 0 is given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// What approved runs have ordered and the bank has not paid yet.
    pub(super) ordered: i64,
    /// What was paid.
    pub(super) used: i64,
}

/// Changes by budget line.
pub(super) type ByLine = BTreeMap<i64, Change>;

/// Takes the cash of lines, in their order: what is ordered and used of a line stays within its releases.
///
/// # Errors
/// `cash_short` with the arithmetic of the first line that has not enough; `cash_given_back`: a payment came back, and a later
/// voucher gave back what it paid.
pub(super) fn take(tx: &mut WriteTx<'_>, changes: &ByLine) -> Outcome<()> {
    for (line_id, change) in changes {
        let Change { ordered, used } = *change;
        if (ordered, used) == (0, 0) {
            continue;
        }
        // Runs that were approved before orders held cash may have ordered more than the line could keep for them.
        let held =
            || case_when((line_cash::ordered + ordered).gt(0_i64), line_cash::ordered + ordered).otherwise(0_i64);
        let enough = line_cash::table
            .filter(line_cash::line_id.eq(line_id))
            .filter((line_cash::used + used).ge(0_i64))
            .filter((line_cash::used + used + held()).le(line_cash::released));
        let taken = diesel::update(enough)
            .set((line_cash::ordered.eq(held()), line_cash::used.eq(line_cash::used + used)))
            .kept()
            .execute(tx.conn())?;
        if taken == 0 {
            return Err(short(tx, *line_id, *change)?);
        }
    }
    Ok(())
}

/// Gives the cash back that a voucher takes of what was paid of lines, as far as it was used of them: it is kept back from what
/// the voucher pays, and that uses cash of its own lines alone. What it freed is written down for its reversal.
///
/// # Errors
/// `amount_overflow`.
pub(crate) fn give_back(
    tx: &mut WriteTx<'_>,
    record_id: i64,
    of_lines: impl Iterator<Item = (i64, i64)>,
) -> Outcome<()> {
    for (line_id, amount) in sums(of_lines)? {
        // Its turn: nobody changes meanwhile how much is used. A line that never had a release has no cash.
        let used: Option<i64> = diesel::update(line_cash::table.find(line_id))
            .set(line_cash::used.eq(line_cash::used))
            .returning(line_cash::used)
            .kept()
            .get_result(tx.conn())
            .optional()?;
        let freed = used.unwrap_or_default().min(amount);
        if freed > 0 {
            let left = line_cash::used.eq(line_cash::used - freed);
            diesel::update(line_cash::table.find(line_id)).set(left).kept().execute(tx.conn())?;
            write_down(tx, record_id, (line_id, freed))?;
        }
    }
    Ok(())
}

/// Takes again what a voucher freed, where this document reverses it.
///
/// # Errors
/// `cash_short`.
pub(crate) fn take_back(tx: &mut WriteTx<'_>, record_id: i64, original_id: i64) -> Outcome<()> {
    let freed: Vec<(i64, i64)> = line_cash_freed::table
        .filter(line_cash_freed::record_id.eq(original_id))
        .select((line_cash_freed::line_id, line_cash_freed::amount))
        .load(tx.conn())?;
    let changes: ByLine = freed.iter().map(|(line_id, used)| (*line_id, Change { ordered: 0, used: *used })).collect();
    take(tx, &changes)?;
    for (line_id, amount) in freed {
        write_down(tx, record_id, (line_id, -amount))?;
    }
    Ok(())
}

/// Keeps what a document freed of a line, or less than 0 what it took again.
fn write_down(tx: &mut WriteTx<'_>, record_id: i64, (line_id, amount): (i64, i64)) -> Outcome<()> {
    diesel::insert_into(line_cash_freed::table)
        .values((
            line_cash_freed::record_id.eq(record_id),
            line_cash_freed::line_id.eq(line_id),
            line_cash_freed::amount.eq(amount),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Amounts by line, in the order in which lines are taken.
fn sums(of_lines: impl Iterator<Item = (i64, i64)>) -> Outcome<BTreeMap<i64, i64>> {
    let mut sums = BTreeMap::<i64, i64>::new();
    for (line_id, amount) in of_lines {
        let sum = sums.entry(line_id).or_default();
        *sum = amounts::sum([*sum, amount])?;
    }
    Ok(sums)
}

fn short(tx: &mut ReadTx<'_>, line_id: i64, change: Change) -> Outcome<Refusal> {
    let (code, of_line): (String, Held) =
        budget_lines::table.find(line_id).select((budget_lines::code, moves::held())).first(tx.conn())?;
    let standing: Option<(i64, i64, i64)> = line_cash::table
        .find(line_id)
        .select((line_cash::released, line_cash::used, line_cash::ordered))
        .first(tx.conn())
        .optional()?;
    let (released, used, ordered) = standing.unwrap_or_default();
    if used < -change.used {
        return Ok(Refusal::rule(
            "cash_given_back",
            [
                ("line", code),
                ("asked", money::format(-change.used, money::JOD_SCALE)),
                ("used", money::format(used, money::JOD_SCALE)),
            ],
        ));
    }
    let asked = change.used.max(change.ordered);
    // What the payment ordered itself is there for it.
    let left = released - used - (ordered + change.ordered.min(0)).max(0);
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    let refusal = Refusal::rule(
        "cash_short",
        [
            ("line", code),
            ("asked", amount(asked)),
            ("released", amount(released)),
            ("used", amount(used)),
            ("ordered", amount(ordered)),
            ("left", amount(left)),
            ("missing", amount(asked - left)),
        ],
    );
    // The next release may bring what is allotted and not released yet.
    let room = moves::allotted(of_line) - released;
    let page = format!("/finance/documents/new/{}", DocumentKind::Release.code());
    let next = (room > 0).then(|| ProblemDetail::new("remedy_release", page, [("amount", amount(room))]));
    Ok(refusal.with_details(next.into_iter().collect()))
}
