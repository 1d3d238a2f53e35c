//! The budget ledger beside a small model of it, under random moves of every kind, with the entries that spending needs.

use diesel::prelude::*;
use diwan_finance_api::{Bucket, MoveKind};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::period_balances;
use diwan_testkit::{TestDb, both};
use proptest::prelude::*;

use super::books::Books;
use crate::{
    ledger::{
        Spend,
        moves::{BUCKETS, Buckets, Move, place},
    },
    structure::keys::Key,
};

/// One amount from one bucket to another.
type Step = (Bucket, Bucket, i64);

/// What somebody tries: a way, another one, which line, an amount.
type Try = (usize, usize, bool, i64);

/// Buckets that stand in the general ledger too.
fn spends(bucket: Bucket) -> bool {
    matches!(bucket, Bucket::Obligated | Bucket::Paid)
}

/// All ways that a kind allows, but for what is owed: it leaves the budget only with a document that gives a voucher up (trigger), and
/// the entries here have none.
fn ways() -> Vec<(MoveKind, Bucket, Bucket)> {
    let mut ways = Vec::new();
    for kind in MoveKind::ALL {
        for source in Bucket::ALL {
            for target in Bucket::ALL {
                if kind.allows(*source, *target) && (*source, *target) != (Bucket::Obligated, Bucket::Outside) {
                    ways.push((*kind, *source, *target));
                }
            }
        }
    }
    ways
}

/// Makes the steps one after the other, if none of them takes what is not there.
fn model(held: &mut Buckets, steps: &[Step]) -> bool {
    let mut after = *held;
    for (source, target, amount) in steps {
        if let Some(at) = place(*source) {
            after[at] -= amount;
        }
        if let Some(at) = place(*target) {
            after[at] += amount;
        }
        if after.iter().any(|bucket| *bucket < 0) {
            return false;
        }
    }
    *held = after;
    true
}

/// Makes them as an operation does: with an entry where they spend, or give back what was spent.
fn make(books: &Books, key: Key, kind: MoveKind, steps: &[Step]) -> Outcome<()> {
    let one = |(source, target, amount): &Step| Move {
        line_id: key.line_id,
        key_id: Some(key.id),
        source: *source,
        target: *target,
        amount: *amount,
    };
    let moves: Vec<Move> = steps.iter().map(one).collect();
    if steps.iter().all(|(source, target, _)| spends(*source) == spends(*target)) {
        return books.shift(kind, &moves);
    }
    let signed = |(source, target, amount): &Step| amount * (i64::from(spends(*target)) - i64::from(spends(*source)));
    let spent: i64 = steps.iter().map(signed).sum();
    let mut entry = books.invoice(spent.abs());
    for line in &mut entry.lines {
        line.key_id = line.key_id.map(|_| key.id);
        if spent < 0 {
            (line.debit, line.credit) = (line.credit, line.debit);
            (line.base_debit, line.base_credit) = (line.base_credit, line.base_debit);
        }
    }
    entry.spends = vec![Spend { kind, moves }];
    books.post(&entry).map(|_| ())
}

/// What the general ledger says was spent on a key.
fn spent(books: &Books, key: Key) -> i64 {
    let sums: Vec<(i64, i64)> = books
        .db
        .read_now(|tx| {
            Ok::<_, Refusal>(
                period_balances::table
                    .filter(period_balances::account_id.eq(books.expense))
                    .filter(period_balances::key_id.eq(key.id))
                    .select((period_balances::base_debit, period_balances::base_credit))
                    .load(tx.conn())?,
            )
        })
        .unwrap();
    sums.into_iter().map(|(debit, credit)| debit - credit).sum()
}

/// Runs the tries on two lines that hold something in each of the buckets, and compares after each.
fn play(test: &TestDb, tries: &[Try]) {
    let (books, ways) = (Books::on(test.db()), ways());
    let keys = [books.key, books.other_key];
    let mut held = [[0_i64; BUCKETS]; 2];
    for (key, held) in keys.iter().zip(&mut held) {
        for (kind, source, target, amount) in [
            (MoveKind::Law, Bucket::Outside, Bucket::Unallotted, 3_000),
            (MoveKind::FinancialOrder, Bucket::Unallotted, Bucket::Available, 2_500),
            (MoveKind::Reserve, Bucket::Available, Bucket::PreCommitted, 400),
            (MoveKind::Commit, Bucket::Available, Bucket::Committed, 600),
            (MoveKind::Liquidate, Bucket::Available, Bucket::Obligated, 700),
            (MoveKind::Pay, Bucket::Obligated, Bucket::Paid, 300),
        ] {
            make(&books, *key, kind, &[(source, target, amount)]).unwrap();
            assert!(model(held, &[(source, target, amount)]));
        }
    }
    for (way, second, other, amount) in tries {
        let (kind, source, target) = ways[way % ways.len()];
        let at = usize::from(*other);
        let mut steps = vec![(source, target, *amount)];
        // Some documents move twice in one line.
        let (same, source, target) = ways[second % ways.len()];
        if same == kind {
            steps.push((source, target, amount / 2 + 1));
        }
        match make(&books, keys[at], kind, &steps) {
            Ok(()) => assert!(model(&mut held[at], &steps), "{kind:?} {steps:?} was taken"),
            Err(Refusal::Rule { code: "budget_short", .. }) => {
                assert!(!model(&mut held[at], &steps), "{kind:?} {steps:?} was refused");
            }
            Err(other) => panic!("{kind:?} {steps:?}: {other}"),
        }
        assert_eq!(keys.map(|key| books.buckets(key.line_id)), held);
    }
    for (key, held) in keys.iter().zip(held) {
        assert_eq!(spent(&books, *key), held[5] + held[6], "both ledgers say the same of what is owed and paid");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 64, ..ProptestConfig::default() })]

    /// Every kind of move: in whatever order they come, the lines hold what the model says.
    #[test]
    fn random_moves_leave_what_the_model_says(
        tries in prop::collection::vec((0..1_000_usize, 0..1_000_usize, any::<bool>(), 1_i64..400), 40..80)
    ) {
        both(|test| play(&test, &tries));
    }
}
