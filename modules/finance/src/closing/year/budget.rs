//! What lapses of the budget of a year (إلغاء المخصصات بانتهاء السنة): all that is neither owed nor paid, after reservations and
//! commitments that lapse came back and what is carried forward left.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_finance_api::{Bucket, CommitmentDecision, MoveKind};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::budget_lines;

use super::{carry::Open, store::Year};
use crate::ledger::{
    Spend,
    moves::{self, Cause, Held, Move, held},
};

/// Takes the lines of the year, and those of the next year that its commitments go to, for this transaction.
///
/// # Errors
/// The database fails.
pub(super) fn take(tx: &mut WriteTx<'_>, year: &Year, going: &[i64]) -> Outcome<()> {
    let of_year = budget_lines::table.filter(budget_lines::year_id.eq(year.id));
    let mut ids: Vec<i64> = of_year.select(budget_lines::id).load(tx.conn())?;
    ids.extend(going);
    moves::lock(tx, &ids)
}

/// Moves what lapses and what leaves for the next year out of the lines of the year.
///
/// # Errors
/// The database fails; a line holds less than its commitments say.
pub(super) fn lapse<'o>(
    tx: &mut WriteTx<'_>,
    cause: &Cause,
    year: &Year,
    open: impl Iterator<Item = &'o Open>,
) -> Outcome<()> {
    use Bucket::{Available, Committed, Frozen, PreCommitted, Unallotted};
    let lines: Vec<(i64, Held)> = budget_lines::table
        .filter(budget_lines::year_id.eq(year.id))
        .order(budget_lines::id)
        .select((budget_lines::id, held()))
        .load(tx.conn())?;
    let mut leaving: BTreeMap<i64, Vec<&Open>> = BTreeMap::new();
    for one in open {
        leaving.entry(one.line_id).or_default().push(one);
    }
    let mut all = Sorted::default();
    for (line_id, (unallotted, frozen, available, reserved, committed, ..)) in lines {
        let (mut unnamed, mut unasked, mut carried) = (committed, reserved, 0);
        for one in leaving.remove(&line_id).unwrap_or_default() {
            *(if one.bucket == PreCommitted { &mut unasked } else { &mut unnamed }) -= one.amount;
            let key_id = Some(one.key_id);
            match one.decision {
                CommitmentDecision::Carry => {
                    carried += one.amount;
                    all.lapse((line_id, key_id), one.bucket, one.amount);
                }
                CommitmentDecision::Lapse => all.back((line_id, key_id), one.bucket, one.amount),
            }
        }
        if unnamed < 0 || unasked < 0 {
            return Err(Refusal::Internal(format!("line {line_id} holds less than its commitments")));
        }
        // What nobody answers for lapses too.
        all.back((line_id, None), Committed, unnamed);
        all.back((line_id, None), PreCommitted, unasked);
        all.lapse((line_id, None), Available, available + reserved + committed - carried);
        all.lapse((line_id, None), Unallotted, unallotted);
        all.lapse((line_id, None), Frozen, frozen);
    }
    let spends =
        [Spend { kind: MoveKind::Release, moves: all.back }, Spend { kind: MoveKind::Lapse, moves: all.lapse }];
    moves::apply(tx, cause, &spends)
}

/// Moves of all lines: first what comes back, then what lapses.
#[derive(Default)]
struct Sorted {
    back: Vec<Move>,
    lapse: Vec<Move>,
}

impl Sorted {
    fn back(&mut self, (line_id, key_id): (i64, Option<i64>), source: Bucket, amount: i64) {
        if amount > 0 {
            self.back.push(Move { line_id, key_id, source, target: Bucket::Available, amount });
        }
    }

    fn lapse(&mut self, (line_id, key_id): (i64, Option<i64>), source: Bucket, amount: i64) {
        if amount > 0 {
            self.lapse.push(Move { line_id, key_id, source, target: Bucket::Outside, amount });
        }
    }
}
