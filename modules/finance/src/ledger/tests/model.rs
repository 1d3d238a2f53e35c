//! The budget ledger beside a small model of it, under random moves.

use diwan_finance_api::{Bucket, MoveKind};
use diwan_platform::Refusal;
use diwan_testkit::both;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use super::books::Books;
use crate::ledger::moves::{BUCKETS, Buckets, Move, place};

/// What somebody tries: a kind, a way it allows, a line, an amount.
type Try = (usize, usize, bool, i64);

/// All ways that need no entry of the general ledger.
fn ways() -> Vec<(MoveKind, Bucket, Bucket)> {
    let spends = |bucket: Bucket| matches!(bucket, Bucket::Obligated | Bucket::Paid);
    let mut ways = Vec::new();
    for kind in MoveKind::ALL {
        for source in Bucket::ALL {
            for target in Bucket::ALL {
                if kind.allows(*source, *target) && spends(*source) == spends(*target) {
                    ways.push((*kind, *source, *target));
                }
            }
        }
    }
    ways
}

fn model(held: &mut Buckets, moves: &[(Bucket, Bucket, i64)]) -> bool {
    let mut after = *held;
    for (source, target, amount) in moves {
        if let Some(at) = place(*source) {
            after[at] -= amount;
        }
        if let Some(at) = place(*target) {
            after[at] += amount;
        }
    }
    let holds = after.iter().all(|bucket| *bucket >= 0);
    if holds {
        *held = after;
    }
    holds
}

#[test]
fn random_moves_leave_what_the_model_says() {
    both(|test| {
        let books = Books::on(test.db());
        let lines = [books.key.line_id, books.other_key.line_id];
        let mut held = [[0_i64; BUCKETS]; 2];
        let ways = ways();
        let tries = prop::collection::vec((0..ways.len(), 0..ways.len(), any::<bool>(), 1_i64..400), 120);
        let mut runner = TestRunner::deterministic();
        let tries: Vec<Try> = tries.new_tree(&mut runner).unwrap().current();
        // Without something to begin with most tries would be refused.
        for (line, held) in lines.iter().zip(&mut held) {
            books.allot(*line, 2_000);
            held[2] += 2_000;
        }
        let mut taken = 0;
        for (way, second, other, amount) in tries {
            let (kind, source, target) = ways[way];
            let at = usize::from(other);
            let mut steps = vec![(source, target, amount)];
            // Some documents move twice in one line.
            if let Some((_, source, target)) = ways.get(second).filter(|second| second.0 == kind) {
                steps.push((*source, *target, amount / 2 + 1));
            }
            let moves: Vec<Move> = steps
                .iter()
                .map(|(source, target, amount)| Move {
                    line_id: lines[at],
                    key_id: None,
                    source: *source,
                    target: *target,
                    amount: *amount,
                })
                .collect();
            let passes = steps.iter().scan(held[at], |held, step| Some(model(held, &[*step]))).all(|one| one);
            match books.shift(kind, &moves) {
                Ok(()) => {
                    assert!(model(&mut held[at], &steps), "{kind:?} {steps:?} was taken");
                    taken += 1;
                }
                Err(Refusal::Rule { code: "budget_short", .. }) => assert!(!passes, "{kind:?} {steps:?} was refused"),
                Err(other) => panic!("{other}"),
            }
            assert_eq!([books.buckets(lines[0]), books.buckets(lines[1])], held);
        }
        assert!(taken > 30, "only {taken} moves were taken");
    });
}
