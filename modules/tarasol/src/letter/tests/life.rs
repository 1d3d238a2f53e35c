//! A letter's life, from the draft to the answer, the recall and the void.

use chrono::NaiveDate;
use diwan_platform::{
    Refusal,
    records::{self, notes, seals, state, timeline, work},
};
use diwan_platform_api::records::{
    Assignee, AssigneeKind, Instruction, LinkKind, NoteKind, TaskKind, TaskOutcome, WorkQuery, WorkSort, WorkView,
};
use diwan_tarasol_api::{DeliveryState, ReferInput, ReferTarget, RegisterInput, StepNote};
use diwan_testkit::{TestDb, World, both};

use super::office::{act, input, issued, note, secrets, state_of, version};
use crate::letter::{approve, create, recall, refer, refuse, register, reply, sign, submit, thread, view, void};

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
