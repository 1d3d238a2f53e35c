//! A letter's life on both databases, and every way it can be refused.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Db, WriteTx};
use diwan_kernel::{Lang, Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, notes, seals, state, timeline, work},
    secrets::Secrets,
};
use diwan_platform_api::records::{
    Assignee, AssigneeKind, Instruction, LinkKind, NoteKind, TaskKind, TaskOutcome, WorkQuery, WorkSort, WorkView,
};
use diwan_schema::platform::{numbers, records as record_table};
use diwan_tarasol_api::*;
use diwan_testkit::{TestDb, World, both};

use super::*;

fn secrets() -> Secrets {
    Secrets::from_key([7; 32])
}

fn input(to: i64) -> LetterInput {
    LetterInput {
        subject: "طلب تخصيص موازنة إضافية لمشروع التحول الرقمي".to_owned(),
        form: Form::Letter,
        lang: Lang::Ar,
        addressee: "معالي وزير المالية الأكرم".to_owned(),
        body: Body::from_text("تحية طيبة وبعد،\nأرجو التكرم بالموافقة على تخصيص مبلغ 420,000.000 دينار."),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Urgent,
        reply_due_days: Some(5),
        recipients: vec![Recipient {
            agency_id: Some(to),
            unit_id: None,
            role: RecipientRole::To,
            purpose: None,
            name: Default::default(),
        }],
        in_reply_to: None,
        unit_id: None,
        signatory_position_id: None,
    }
}

fn act<T>(db: &Db, actor: &Actor, run: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<T>) -> Outcome<T> {
    db.write_now(actor.who(), "test.step", |tx| run(tx, actor))
}

fn note(text: &str) -> StepNote {
    StepNote { note: Some(text.to_owned()) }
}

fn version(db: &Db, id: i64) -> i64 {
    db.read_now(|tx| Ok::<_, Refusal>(record_table::table.find(id).select(record_table::version).first(tx.conn())?))
        .unwrap()
}

fn state_of(db: &Db, id: i64) -> String {
    db.read_now(|tx| Ok::<_, Refusal>(record_table::table.find(id).select(record_table::state).first(tx.conn())?))
        .unwrap()
}

/// Writes, reviews and signs a letter; answers its record and the receiver's.
fn issued(db: &Db, world: &World, letter: LetterInput) -> (i64, i64) {
    let clerk = world.modee.actor(db, "clerk");
    let id = act(db, &clerk, |tx, a| create::run(tx, a, letter)).unwrap();
    let v = version(db, id);
    act(db, &clerk, |tx, a| submit::run(tx, a, id, v)).unwrap();
    let head = world.modee.actor(db, "registry_head");
    act(db, &head, |tx, a| approve::run(tx, a, id, &note("يرفع لعطوفة الأمين العام مع الموافقة"))).unwrap();
    let sg = world.modee.actor(db, "sg");
    act(db, &sg, |tx, a| sign::run(tx, a, &secrets(), id, &StepNote::default())).unwrap();
    let delivery = db.read_now(|tx| store::deliveries_of(tx, id)).unwrap();
    (id, delivery[0].incoming_record_id.unwrap())
}

#[test]
fn a_letter_is_written_reviewed_signed_delivered_registered_referred_and_answered() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let (id, incoming) = issued(db, &world, input(world.mof.id));
        assert_eq!(state_of(db, id), "issued");

        // The other side registers it under its own number, and the sender learns that number.
        let clerk = world.mof.actor(db, "clerk");
        let v = version(db, incoming);
        let number = act(db, &clerk, |tx, a| register::run(tx, a, incoming, v, &RegisterInput::default())).unwrap();
        assert!(number.ends_with("/1"), "{number}");
        assert_eq!(state_of(db, id), "delivered");

        // Referred for study and reply, and in copy for information.
        let target = |kind, id, instruction| ReferTarget {
            assignee: Assignee { kind, id, name: Default::default() },
            instruction,
        };
        let referral = ReferInput {
            to: vec![
                target(AssigneeKind::Position, world.mof.positions["head"], Instruction::ForStudyAndReply),
                target(AssigneeKind::Unit, world.mof.units["legal"], Instruction::ForInformation),
            ],
            note: Some("للدراسة والرد قبل الخميس".to_owned()),
            due_on: None,
        };
        act(db, &clerk, |tx, a| refer::run(tx, a, incoming, &referral)).unwrap();
        let head = world.mof.actor(db, "head");
        let mine = db.read_now(|tx| work::list(tx, &head, &Default::default())).unwrap();
        assert_eq!(mine.items.len(), 1);
        assert_eq!(mine.items[0].task.instruction, Some(Instruction::ForStudyAndReply));
        assert!(mine.items[0].record.due_on.is_some());
        let found = |wanted: WorkQuery| db.read_now(|tx| work::list(tx, &head, &wanted)).unwrap().items.len();
        let text = |q: &str| WorkQuery { q: Some(q.to_owned()), ..WorkQuery::default() };
        assert_eq!((found(text(&number)), found(text("لا يوجد"))), (1, 0));
        let kind = |kind| WorkQuery { kind: Some(kind), sort: Some(WorkSort::Oldest), ..WorkQuery::default() };
        assert_eq!((found(kind(TaskKind::Referral)), found(kind(TaskKind::Sign))), (1, 0));
        assert_eq!(found(WorkQuery { view: Some(WorkView::Overdue), ..WorkQuery::default() }), 0);
        let counts = db.read_now(|tx| work::counts(tx, &head)).unwrap();
        assert_eq!((counts.open, counts.by_kind["referral"], counts.to_register), (1, 1, 0));

        // The section head answers; the answer is signed and reaches the sender, linked on both sides.
        let mut answer = db.read_now(|tx| reply::run(tx, &head, incoming)).unwrap();
        answer.subject = "رد على طلب التخصيص".to_owned();
        let reply_id = act(db, &head, |tx, a| create::run(tx, a, answer)).unwrap();
        let v = version(db, reply_id);
        act(db, &head, |tx, a| submit::run(tx, a, reply_id, v)).unwrap();
        let director = world.mof.actor(db, "director");
        act(db, &director, |tx, a| approve::run(tx, a, reply_id, &StepNote::default())).unwrap();
        let sg = world.mof.actor(db, "sg");
        act(db, &sg, |tx, a| sign::run(tx, a, &secrets(), reply_id, &StepNote::default())).unwrap();
        assert_eq!(state_of(db, incoming), "answered");

        let writer = world.modee.actor(db, "clerk");
        let thread = db.read_now(|tx| thread::run(tx, &writer, id)).unwrap();
        assert_eq!(thread.len(), 2, "{thread:?}");
        assert_eq!(
            thread[0].events.iter().map(|e| e.kind).collect::<Vec<_>>(),
            [DeliveryState::Delivered, DeliveryState::Registered]
        );
        let theirs = db.read_now(|tx| thread::run(tx, &head, incoming)).unwrap();
        assert_eq!(theirs.len(), 2);
        let page = db.read_now(|tx| view::run(tx, &writer, id)).unwrap();
        assert_eq!(page.head.number.as_deref(), Some("MODEE/2026/1"));
        assert!(page.links.iter().any(|link| link.kind == LinkKind::ReplyTo && !link.outward), "{:?}", page.links);
        assert_eq!(page.notes[0].kind, NoteKind::Direction);
        let read = db.read_now(|tx| view::run(tx, &head, incoming)).unwrap();
        assert_eq!(read.tasks[0].outcome, Some(TaskOutcome::Answered));

        // Every step is in the trail, and the seal proves the letter.
        let steps = db.read_now(|tx| timeline::list(tx, &writer, id)).unwrap();
        assert!(steps.len() >= 5, "{steps:?}");
        let seal = db.read_now(|tx| seals::verify(tx, &page.verify_code.clone().unwrap().to_lowercase())).unwrap();
        assert!(seal.valid && !seal.voided);
        assert_eq!(seal.number, "MODEE/2026/1");
    });
}

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

fn list_query(direction: Direction) -> LetterQuery {
    serde_json::from_value(serde_json::json!({ "direction": direction.code() })).unwrap()
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

#[test]
fn refusal_recall_and_void_reach_the_other_side() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let clerk = world.mof.actor(db, "clerk");
        let (refused, incoming) = issued(db, &world, input(world.mof.id));
        let v = version(db, incoming);
        assert!(matches!(
            act(db, &clerk, |tx, a| refuse::run(tx, a, incoming, v, &StepNote::default())),
            Err(Refusal::Invalid(_))
        ));
        act(db, &clerk, |tx, a| refuse::run(tx, a, incoming, v, &note("ليس من اختصاصنا"))).unwrap();
        let writer = world.modee.actor(db, "clerk");
        let page = db.read_now(|tx| view::run(tx, &writer, refused)).unwrap();
        assert_eq!(page.deliveries[0].state, DeliveryState::Refused);
        assert_eq!(page.deliveries[0].reason.as_deref(), Some("ليس من اختصاصنا"));

        let (recalled, incoming) = issued(db, &world, input(world.mof.id));
        let v = version(db, recalled);
        act(db, &writer, |tx, a| recall::run(tx, a, recalled, v, &note("خطأ في المرفق"))).unwrap();
        assert_eq!(state_of(db, incoming), "recalled");
        let v = version(db, recalled);
        let err = act(db, &writer, |tx, a| recall::run(tx, a, recalled, v, &note("مرة أخرى")));
        assert!(matches!(err, Err(Refusal::Rule { code: "nothing_to_recall", .. })), "{err:?}");
        assert!(matches!(
            act(db, &writer, |tx, a| void::run(tx, a, recalled, v, &note("إلغاء"))),
            Err(Refusal::Forbidden(_))
        ));
        let sg = world.modee.actor(db, "sg");
        act(db, &sg, |tx, a| void::run(tx, a, recalled, v, &note("إلغاء"))).unwrap();
        let code = db.read_now(|tx| view::run(tx, &sg, recalled)).unwrap().verify_code.unwrap();
        assert!(db.read_now(|tx| seals::verify(tx, &code)).unwrap().voided);

        // Who has registered a letter keeps it.
        let (kept, incoming) = issued(db, &world, input(world.mof.id));
        let v = version(db, incoming);
        act(db, &clerk, |tx, a| register::run(tx, a, incoming, v, &RegisterInput::default())).unwrap();
        let v = version(db, kept);
        let err = act(db, &sg, |tx, a| void::run(tx, a, kept, v, &note("إلغاء")));
        assert!(
            matches!(err, Err(Refusal::WrongState { .. } | Refusal::Rule { code: "registered_elsewhere", .. })),
            "{err:?}"
        );
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

#[test]
fn the_reply_is_due_in_working_days() {
    both(|test: TestDb| {
        let db = &test.db();
        test.clock().set(NaiveDate::from_ymd_opt(2026, 11, 18).unwrap().and_hms_opt(9, 0, 0).unwrap());
        let world = World::on(db);
        let (id, incoming) = issued(db, &world, input(world.mof.id));
        for record in [id, incoming] {
            let row = db.read_now(|tx| records::store::load_for_system(tx, record)).unwrap();
            assert_eq!(row.due_on, NaiveDate::from_ymd_opt(2026, 11, 25), "five working days after a Wednesday");
        }
    });
}

#[test]
fn notes_are_kept_and_a_stranger_cannot_write_one() {
    both(|test: TestDb| {
        let db = &test.db();
        let world = World::on(db);
        let (id, _) = issued(db, &world, input(world.mof.id));
        let sg = world.modee.actor(db, "sg");
        let new =
            diwan_platform_api::records::NewNote { kind: NoteKind::Direction, body: "للمتابعة".to_owned() };
        act(db, &sg, |tx, a| notes::add(tx, a, id, &new)).unwrap();
        assert_eq!(db.read_now(|tx| notes::list(tx, id)).unwrap().len(), 2);
        let stranger = world.moh.actor(db, "sg");
        assert!(matches!(act(db, &stranger, |tx, a| notes::add(tx, a, id, &new)), Err(Refusal::NotFound(_))));
        let stale = db.read_now(|tx| {
            let row = records::store::load_for_system(tx, id)?;
            state::fresh(tx, &row, row.version + 1)
        });
        assert!(matches!(stale, Err(Refusal::Stale { .. })));
    });
}
