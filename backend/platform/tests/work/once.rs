//! A repeated request gets the first answer and does nothing.

use diwan_db::Audit;
use diwan_platform::{Outcome, Refusal, work::once::once};
use diwan_testkit::both;
use serde_json::json;

use super::Ground;

/// Counts runs in the trail: each run writes one entry.
fn run(ground: &Ground, key: Option<&str>, request: &serde_json::Value, answer: i64) -> Outcome<i64> {
    ground.platform.db.write_now(ground.clerk().who(), "test.once", |tx| {
        once(tx, key, "test.once", request, |tx| {
            tx.audit(Audit::of("test", answer))?;
            Ok(answer)
        })
    })
}

#[test]
fn the_first_answer_is_given_again() {
    both(|db| {
        let ground = Ground::on(db);
        assert_eq!(run(&ground, Some("a"), &json!({ "x": 1 }), 7).unwrap(), 7);
        assert_eq!(run(&ground, Some("a"), &json!({ "x": 1 }), 8).unwrap(), 7);
        assert_eq!(run(&ground, Some("b"), &json!({ "x": 1 }), 9).unwrap(), 9);
        assert_eq!(run(&ground, None, &json!({ "x": 1 }), 10).unwrap(), 10);
        let other = run(&ground, Some("a"), &json!({ "x": 2 }), 11);
        assert!(matches!(&other, Err(Refusal::Rule { code: "idempotency_mismatch", .. })), "{other:?}");
    });
}

#[test]
fn a_key_belongs_to_a_person_and_an_operation() {
    both(|db| {
        let ground = Ground::on(db);
        run(&ground, Some("a"), &json!(1), 1).unwrap();
        let director = ground.world.mof.actor(&ground.platform.db, "director");
        let theirs = ground.platform.db.write_now(director.who(), "test.once", |tx| {
            tx.audit(Audit::of("test", 0))?;
            once(tx, Some("a"), "test.once", &json!(1), |_| Ok::<i64, Refusal>(2))
        });
        assert_eq!(theirs.unwrap(), 2);
        let elsewhere = ground.platform.db.write_now(ground.clerk().who(), "test.other", |tx| {
            tx.audit(Audit::of("test", 0))?;
            once(tx, Some("a"), "test.other", &json!(1), |_| Ok::<i64, Refusal>(3))
        });
        assert!(matches!(elsewhere, Err(Refusal::Rule { code: "idempotency_mismatch", .. })), "{elsewhere:?}");
    });
}

#[test]
fn a_failed_request_frees_its_key() {
    both(|db| {
        let ground = Ground::on(db);
        let failed = ground.platform.db.write_now(ground.clerk().who(), "test.once", |tx| {
            once(tx, Some("a"), "test.once", &json!(1), |_| Err::<i64, _>(Refusal::NotFound("thing")))
        });
        assert!(matches!(failed, Err(Refusal::NotFound("thing"))));
        assert_eq!(run(&ground, Some("a"), &json!(1), 5).unwrap(), 5);
    });
}

#[test]
fn two_at_once_are_done_once() {
    both(|db| {
        let ground = Ground::on(db);
        let answers: Vec<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (1..=6)
                .map(|answer| {
                    let ground = &ground;
                    scope.spawn(move || run(ground, Some("a"), &json!(1), answer).unwrap())
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    });
}
