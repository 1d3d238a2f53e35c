//! Letters under many hands at once.

use diesel::prelude::*;
use diwan_platform::Refusal;
use diwan_schema::platform::numbers;
use diwan_tarasol_api::{RegisterInput, StepNote};
use diwan_testkit::{TestDb, World, both};

use super::office::{act, input, issued, secrets, version};
use crate::letter::{approve, create, register, sign, submit};

#[test]
fn of_two_clerks_who_register_one_wins_and_the_other_is_told() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let (_, incoming) = issued(db, &world, input(world.mof.id));
        let clerk = world.mof.actor(db, "clerk");
        let v = version(db, incoming);
        let results: Vec<_> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..2)
                .map(|_| {
                    scope
                        .spawn(|| act(db, &clerk, |tx, a| register::run(tx, a, incoming, v, &RegisterInput::default())))
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        let told = results.iter().find_map(|result| result.as_ref().err()).unwrap();
        assert!(matches!(told, Refusal::Stale { .. } | Refusal::WrongState { .. }), "{told:?}");
    });
}

#[test]
fn fifty_issuers_at_once_leave_no_gap_and_no_duplicate() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let clerk = world.modee.actor(db, "clerk");
        let head = world.modee.actor(db, "registry_head");
        let sg = world.modee.actor(db, "sg");
        let ready: Vec<i64> = (0..50)
            .map(|_| {
                let id = act(db, &clerk, |tx, a| create::run(tx, a, input(world.mof.id))).unwrap();
                act(db, &clerk, |tx, a| submit::run(tx, a, id, 1)).unwrap();
                act(db, &head, |tx, a| approve::run(tx, a, id, &StepNote::default())).unwrap();
                id
            })
            .collect();
        std::thread::scope(|scope| {
            for (n, id) in ready.iter().enumerate() {
                let sg = &sg;
                scope.spawn(move || {
                    let signed = act(db, sg, |tx, a| {
                        let issued = sign::run(tx, a, &secrets(), *id, &StepNote::default())?;
                        // Every tenth fails after its number was taken, and has to give it back.
                        if n % 10 == 0 { Err(Refusal::rule("test_abort", [])) } else { Ok(issued) }
                    });
                    assert_eq!(signed.is_ok(), n % 10 != 0, "{signed:?}");
                });
            }
        });
        let taken: Vec<i64> = db
            .read_now(|tx| {
                Ok::<_, Refusal>(
                    numbers::table
                        .filter(numbers::display.like("MODEE/%"))
                        .order(numbers::seq)
                        .select(numbers::seq)
                        .load(tx.conn())?,
                )
            })
            .unwrap();
        assert_eq!(taken, (1..=45).collect::<Vec<i64>>());
    });
}
