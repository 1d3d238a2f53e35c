//! Cash of budget lines (السيولة): what is paid of a line stays within what was released to it.

use std::collections::BTreeMap;

use diesel::{dsl::case_when, prelude::*};
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::DocumentKind;
use diwan_kernel::{ProblemDetail, money};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{budget_lines, line_cash};

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
/// `cash_short` with the arithmetic of the first line that has not enough.
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

fn short(tx: &mut ReadTx<'_>, line_id: i64, change: Change) -> Outcome<Refusal> {
    let (code, allotted): (String, i64) = budget_lines::table
        .find(line_id)
        .select((
            budget_lines::code,
            budget_lines::available
                + budget_lines::pre_committed
                + budget_lines::committed
                + budget_lines::obligated
                + budget_lines::paid,
        ))
        .first(tx.conn())?;
    let standing: Option<(i64, i64, i64)> = line_cash::table
        .find(line_id)
        .select((line_cash::released, line_cash::used, line_cash::ordered))
        .first(tx.conn())
        .optional()?;
    let (released, used, ordered) = standing.unwrap_or_default();
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
    let room = allotted - released;
    let page = format!("/finance/documents/new/{}", DocumentKind::Release.code());
    let next = (room > 0).then(|| ProblemDetail::new("remedy_release", page, [("amount", amount(room))]));
    Ok(refusal.with_details(next.into_iter().collect()))
}
