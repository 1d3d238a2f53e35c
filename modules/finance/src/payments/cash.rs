//! Cash of budget lines (السيولة): what is paid of a line stays within what was released to it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::DocumentKind;
use diwan_kernel::{ProblemDetail, money};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{budget_lines, line_cash};

/// Amounts by budget line, in minor units of the base currency; less than 0 is given back.
pub(super) type ByLine = BTreeMap<i64, i64>;

/// Takes the amounts of the releases of their lines, in the order of the lines.
///
/// # Errors
/// `cash_short` with the arithmetic of the first line that has not enough.
pub(super) fn take(tx: &mut WriteTx<'_>, amounts: &ByLine) -> Outcome<()> {
    for (line_id, amount) in amounts.iter().filter(|(_, amount)| **amount != 0) {
        let enough = line_cash::table
            .filter(line_cash::line_id.eq(line_id))
            .filter((line_cash::used + *amount).le(line_cash::released))
            .filter((line_cash::used + *amount).ge(0));
        let taken =
            diesel::update(enough).set(line_cash::used.eq(line_cash::used + *amount)).kept().execute(tx.conn())?;
        if taken == 0 {
            return Err(short(tx, *line_id, *amount)?);
        }
    }
    Ok(())
}

/// Looks whether the amounts could be taken now.
///
/// # Errors
/// As [`take`].
pub(super) fn check(tx: &mut ReadTx<'_>, amounts: &ByLine) -> Outcome<()> {
    for (line_id, amount) in amounts.iter().filter(|(_, amount)| **amount > 0) {
        let (released, used) = standing(tx, *line_id)?;
        if *amount > released - used {
            return Err(short(tx, *line_id, *amount)?);
        }
    }
    Ok(())
}

/// What was released to a line and used of it.
fn standing(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<(i64, i64)> {
    let found: Option<(i64, i64)> =
        line_cash::table.find(line_id).select((line_cash::released, line_cash::used)).first(tx.conn()).optional()?;
    Ok(found.unwrap_or((0, 0)))
}

fn short(tx: &mut ReadTx<'_>, line_id: i64, asked: i64) -> Outcome<Refusal> {
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
    let (released, used) = standing(tx, line_id)?;
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    let refusal = Refusal::rule(
        "cash_short",
        [
            ("line", code),
            ("asked", amount(asked)),
            ("released", amount(released)),
            ("used", amount(used)),
            ("left", amount(released - used)),
            ("missing", amount(asked - (released - used))),
        ],
    );
    // The next release may bring what is allotted and not released yet.
    let room = allotted - released;
    let page = format!("/finance/documents/new/{}", DocumentKind::Release.code());
    let next = (room > 0).then(|| ProblemDetail::new("remedy_release", page, [("amount", amount(room))]));
    Ok(refusal.with_details(next.into_iter().collect()))
}
