//! Who sees a letter, in which lists, and what is refused.

use diwan_kernel::{Priority, Secrecy};
use diwan_platform::{
    Refusal,
    records::{self, timeline},
};
use diwan_tarasol_api::{Body, Direction, LetterSort, ReferInput, RegisterInput, StepNote};
use diwan_testkit::{TestDb, World, both};

use super::office::{act, input, issued, list_query, note, secrets, state_of, version};
use crate::letter::{
    approve, create, list, refer, refuse, register, send_back, sign, submit, thread, update, view, void, withdraw,
};

#[test]
fn a_third_ministry_finds_nothing_by_any_route() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let (id, incoming) = issued(db, &world, input(world.mof.id));
        for name in ["clerk", "sg", "head"] {
            let stranger = world.moh.actor(db, name);
            for record in [id, incoming] {
                assert!(matches!(db.read_now(|tx| view::run(tx, &stranger, record)), Err(Refusal::NotFound(_))));
                assert!(matches!(db.read_now(|tx| thread::run(tx, &stranger, record)), Err(Refusal::NotFound(_))));
                assert!(matches!(db.read_now(|tx| timeline::list(tx, &stranger, record)), Err(Refusal::NotFound(_))));
                assert!(matches!(
                    act(db, &stranger, |tx, a| refer::run(
                        tx,
                        a,
                        record,
                        &ReferInput { to: vec![], note: None, due_on: None }
                    )),
                    Err(Refusal::NotFound(_))
                ));
                let word = note("x");
                assert!(matches!(
                    act(db, &stranger, |tx, a| refuse::run(tx, a, record, 1, &word)),
                    Err(Refusal::NotFound(_))
                ));
                let v = RegisterInput::default();
                assert!(matches!(
                    act(db, &stranger, |tx, a| register::run(tx, a, record, 1, &v)),
                    Err(Refusal::NotFound(_))
                ));
            }
            for direction in Direction::ALL {
                let query = list_query(*direction);
                assert!(db.read_now(|tx| list::run(tx, &stranger, &query)).unwrap().items.is_empty());
                let counts = db.read_now(|tx| list::counts(tx, &stranger, *direction)).unwrap().counts;
                assert!(counts.values().all(|count| *count == 0));
            }
        }
        // Inside the receiving ministry, a section it was not referred to does not see it either.
        let staff = world.mof.actor(db, "staff");
        assert!(matches!(db.read_now(|tx| view::run(tx, &staff, incoming)), Err(Refusal::NotFound(_))));
    });
}

#[test]
fn lists_filter_sort_and_page_by_key() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        for (n, priority) in [Priority::Normal, Priority::Immediate, Priority::Urgent].into_iter().enumerate() {
            let mut letter = input(world.mof.id);
            letter.priority = priority;
            letter.subject = format!("كتاب رقم {n} بشأن الإدارة");
            letter.reply_due_days = (n > 0).then_some(n as i32);
            issued(db, &world, letter);
        }
        let clerk = world.mof.actor(db, "clerk");
        for sort in LetterSort::ALL {
            let mut query = list_query(Direction::Incoming);
            query.sort = Some(*sort);
            query.page.limit = Some(2);
            let first = db.read_now(|tx| list::run(tx, &clerk, &query)).unwrap();
            assert_eq!(first.items.len(), 2, "{sort:?}");
            query.page.after = first.next.clone();
            let second = db.read_now(|tx| list::run(tx, &clerk, &query)).unwrap();
            assert_eq!(second.items.len(), 1, "{sort:?} {:?}", first.next);
            assert!(second.next.is_none());
            let mut ids: Vec<_> = first.items.iter().chain(&second.items).map(|row| row.id).collect();
            if *sort == LetterSort::Priority {
                assert_eq!(first.items[0].priority, Priority::Immediate);
            }
            if *sort == LetterSort::Due {
                assert!(second.items[0].due_on.is_none());
            }
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), 3, "{sort:?}");
        }
        let mut query = list_query(Direction::Incoming);
        query.q = Some("اداره ١".to_owned());
        let found = db.read_now(|tx| list::run(tx, &clerk, &query)).unwrap();
        assert!(found.items.iter().any(|row| row.subject.contains("رقم 1")), "{found:?}");
        query.q = Some("لا يوجد".to_owned());
        assert!(db.read_now(|tx| list::run(tx, &clerk, &query)).unwrap().items.is_empty());
        let counts = db.read_now(|tx| list::counts(tx, &clerk, Direction::Incoming)).unwrap().counts;
        assert_eq!(counts["to_register"], 3);
    });
}

#[test]
fn what_may_not_be_done_is_refused_with_its_reason() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let clerk = world.modee.actor(db, "clerk");
        let head = world.modee.actor(db, "registry_head");
        let sg = world.modee.actor(db, "sg");

        // Every wrong field at once.
        let mut wrong = input(world.modee.id);
        wrong.subject = "طلب\u{202e}سري".to_owned();
        wrong.body = Body::default();
        wrong.secrecy = Secrecy::TopSecret;
        wrong.reply_due_days = Some(0);
        let Err(Refusal::Invalid(fields)) = act(db, &clerk, |tx, a| create::run(tx, a, wrong)) else {
            panic!("accepted")
        };
        let codes: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.code.as_str())).collect();
        assert_eq!(
            codes,
            [
                ("subject", "control_characters"),
                ("body", "required"),
                ("secrecy", "above_clearance"),
                ("reply_due_days", "out_of_range"),
                ("recipients.0.agency_id", "own_agency"),
            ]
        );

        let id = act(db, &clerk, |tx, a| create::run(tx, a, input(world.mof.id))).unwrap();
        // Stale versions, steps out of order, other people's work.
        assert!(matches!(
            act(db, &clerk, |tx, a| submit::run(tx, a, id, 9)),
            Err(Refusal::Stale { current: 1, given: 9, .. })
        ));
        assert!(matches!(
            act(db, &sg, |tx, a| sign::run(tx, a, &secrets(), id, &StepNote::default())),
            Err(Refusal::WrongState { .. })
        ));
        act(db, &clerk, |tx, a| submit::run(tx, a, id, 1)).unwrap();
        let v = version(db, id);
        assert!(matches!(
            act(db, &clerk, |tx, a| update::run(tx, a, id, v, input(world.mof.id))),
            Err(Refusal::WrongState { .. })
        ));
        let err = act(db, &clerk, |tx, a| approve::run(tx, a, id, &StepNote::default()));
        assert!(matches!(err, Err(Refusal::Rule { code: "not_your_task", .. })), "{err:?}");
        let err = act(db, &head, |tx, a| send_back::run(tx, a, id, &StepNote::default()));
        assert!(matches!(err, Err(Refusal::Invalid(_))), "a return needs its reason: {err:?}");
        act(db, &head, |tx, a| send_back::run(tx, a, id, &note("يصوب المبلغ"))).unwrap();
        assert_eq!(state_of(db, id), "returned");
        let v = version(db, id);
        act(db, &clerk, |tx, a| update::run(tx, a, id, v, input(world.mof.id))).unwrap();
        let v = version(db, id);
        act(db, &clerk, |tx, a| submit::run(tx, a, id, v)).unwrap();
        act(db, &head, |tx, a| approve::run(tx, a, id, &StepNote::default())).unwrap();
        // The head has no signature task.
        let err = act(db, &head, |tx, a| sign::run(tx, a, &secrets(), id, &StepNote::default()));
        assert!(matches!(err, Err(Refusal::Rule { code: "not_your_task", .. })), "{err:?}");
        let v = version(db, id);
        act(db, &clerk, |tx, a| withdraw::run(tx, a, id, v)).unwrap();
        assert_eq!(state_of(db, id), "draft");
        let v = version(db, id);
        act(db, &clerk, |tx, a| void::run(tx, a, id, v, &note("لم يعد مطلوبًا"))).unwrap();
        assert_eq!(state_of(db, id), "void");
    });
}

#[test]
fn secrecy_hides_a_letter_from_those_without_the_clearance() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let mut letter = input(world.mof.id);
        letter.secrecy = Secrecy::Secret;
        let (id, incoming) = issued(db, &world, letter);
        let mut low = world.mof.actor(db, "clerk");
        low.clearance = Secrecy::Restricted;
        assert!(matches!(db.read_now(|tx| view::run(tx, &low, incoming)), Err(Refusal::NotFound(_))));
        assert!(db.read_now(|tx| list::run(tx, &low, &list_query(Direction::Incoming))).unwrap().items.is_empty());
        let mut own = world.modee.actor(db, "clerk");
        own.clearance = Secrecy::Normal;
        assert!(matches!(db.read_now(|tx| records::load_visible(tx, &own, id)), Err(Refusal::NotFound(_))));
    });
}
