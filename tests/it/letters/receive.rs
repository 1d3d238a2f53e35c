//! What a ministry does with a letter it got: opens, registers, refuses, refers, answers, closes.

use chrono::NaiveDate;
use diwan_kernel::Page;
use diwan_platform_api::records::{Assignee, AssigneeKind, FinishTask, Instruction, TaskOutcome, WorkItem};
use diwan_tarasol_api::{DeliveryState, LetterInput, LetterStep, ReferInput, ReferTarget, StepNote};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, letter, note};

fn target(kind: AssigneeKind, id: i64) -> ReferTarget {
    let assignee = Assignee { kind, id, name: Default::default() };
    ReferTarget { assignee, instruction: Instruction::ForAction }
}

fn referral(to: Vec<ReferTarget>) -> ReferInput {
    ReferInput { to, note: None, due_on: None }
}

async fn registered(app: &TestApp) -> (i64, i64) {
    let (id, incoming) = app.issued(&letter(app.world.mof.id, "كتاب وارد")).await;
    app.step_now(app.world.mof.users["clerk"], incoming, "register", &StepNote::default()).await.ok::<LetterStep>();
    (id, incoming)
}

#[test]
fn it_is_opened_and_registered_once() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (sender, clerk) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
        let (id, incoming) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let path = format!("/api/letters/{incoming}");
        app.post(clerk, &format!("{path}/opened"), &()).await.done();
        assert_eq!(app.letter(sender, id).await.deliveries[0].state, DeliveryState::Opened);
        app.post(clerk, &format!("{path}/register"), &StepNote::default()).await.refused(428, "if_match_required");
        app.post_at(clerk, &format!("{path}/register"), 99, &StepNote::default()).await.refused(409, "stale");
        let step: LetterStep = app.step_now(clerk, incoming, "register", &note("ورد باليد")).await.ok();
        assert_eq!((step.state.as_str(), step.number.as_deref()), ("registered", Some("2026/1")));
        let told = app.letter(sender, id).await;
        assert_eq!(
            (told.head.state.as_str(), told.deliveries[0].their_number.as_deref()),
            ("delivered", Some("2026/1"))
        );
        app.step_now(clerk, incoming, "register", &StepNote::default()).await.refused(409, "wrong_state");
        // The sender's own letter is not one to be registered, and the receiver's is none of the sender's.
        app.step_now(sender, id, "register", &StepNote::default()).await.refused(404, "not_found");
        app.post_at(sender, &format!("{path}/register"), 1, &StepNote::default()).await.refused(404, "not_found");
    });
}

#[test]
fn it_is_sent_back_with_a_reason() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (sender, clerk) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
        let (id, incoming) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let silent = app.step_now(clerk, incoming, "refuse", &StepNote::default()).await;
        assert_eq!(silent.wrong_fields(), [("note".to_owned(), "required".to_owned())]);
        let back: LetterStep = app.step_now(clerk, incoming, "refuse", &note("ليس من اختصاصنا")).await.ok();
        assert_eq!(back.state, "refused");
        let delivery = &app.letter(sender, id).await.deliveries[0];
        assert_eq!((delivery.state, delivery.reason.as_deref()), (DeliveryState::Refused, Some("ليس من اختصاصنا")));
        app.step_now(clerk, incoming, "register", &StepNote::default()).await.refused(409, "wrong_state");
        let told: Page<diwan_platform_api::work::NotificationView> = app.get(sender, "/api/notifications").await.ok();
        assert_eq!(told.items[0].kind, "letter_refused");
    });
}

#[test]
fn it_is_referred_to_people_positions_and_units() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let mof = app.world.mof.clone();
        let (_, unregistered) = app.issued(&letter(mof.id, "كتاب")).await;
        let some = referral(vec![target(AssigneeKind::User, mof.users["staff"])]);
        let refer = |id: i64| format!("/api/letters/{id}/refer");
        app.post(mof.users["clerk"], &refer(unregistered), &some).await.refused(409, "wrong_state");
        let (_, id) = registered(&app).await;
        let wrong = ReferInput {
            to: vec![
                target(AssigneeKind::User, app.world.modee.users["staff"]),
                target(AssigneeKind::Unit, mof.units["legal"]),
                target(AssigneeKind::Unit, mof.units["legal"]),
                target(AssigneeKind::Position, 999_999),
            ],
            note: None,
            due_on: NaiveDate::from_ymd_opt(2020, 1, 1),
        };
        let told = app.post(mof.users["clerk"], &refer(id), &wrong).await.wrong_fields();
        let expected = [
            ("due_on", "in_the_past"),
            ("to.0.assignee", "unknown"),
            ("to.2.assignee", "twice"),
            ("to.3.assignee", "unknown"),
        ];
        assert_eq!(told, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        let nobody = app.post(mof.users["clerk"], &refer(id), &referral(Vec::new())).await.wrong_fields();
        assert_eq!(nobody, [("to".to_owned(), "required".to_owned())]);

        let to = vec![
            target(AssigneeKind::User, mof.users["staff"]),
            target(AssigneeKind::Position, mof.positions["head"]),
            target(AssigneeKind::Unit, mof.units["legal"]),
        ];
        app.post(mof.users["clerk"], &refer(id), &referral(to)).await.ok::<LetterStep>();
        for who in ["staff", "head", "other_head"] {
            let work: Page<WorkItem> = app.get(mof.users[who], "/api/work").await.ok();
            assert_eq!(work.items.len(), 1, "{who}");
        }
        // Who has it by referral refers it on without the right; who has neither does not see it.
        let on = referral(vec![target(AssigneeKind::Unit, mof.units["budget"])]);
        app.post(mof.users["other_head"], &refer(id), &on).await.ok::<LetterStep>();
        app.post(app.world.moh.users["clerk"], &refer(id), &on).await.refused(404, "not_found");
        let finished = app.letter(mof.users["staff"], id).await;
        let task = finished.tasks.iter().find(|task| task.mine).unwrap().id;
        let finish = format!("/api/tasks/{task}/finish");
        let rejected = FinishTask { outcome: TaskOutcome::Returned, note: None };
        app.post(mof.users["staff"], &finish, &rejected).await.refused(409, "wrong_state");
        let done = FinishTask { outcome: TaskOutcome::Done, note: None };
        app.post(mof.users["sg"], &finish, &done).await.refused(409, "not_your_task");
        app.post(mof.users["staff"], &finish, &done).await.done();
        app.post(mof.users["staff"], &finish, &done).await.refused(409, "task_done_already");
    });
}

#[test]
fn it_is_answered_closed_and_opened_again() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = app.world.mof.users.clone();
        let (_, early) = app.issued(&letter(app.world.mof.id, "غير مسجل")).await;
        app.get(users["clerk"], &format!("/api/letters/{early}/reply")).await.refused(409, "wrong_state");
        let (sent, id) = registered(&app).await;
        app.get(app.world.modee.users["clerk"], &format!("/api/letters/{sent}/reply")).await.refused(404, "not_found");
        let draft: LetterInput = app.get(users["clerk"], &format!("/api/letters/{id}/reply")).await.ok();
        assert_eq!((draft.in_reply_to, draft.recipients[0].agency_id), (Some(id), Some(app.world.modee.id)));
        app.post(users["clerk"], "/api/letters", &draft).await.created::<LetterStep>();

        let closed: LetterStep = app.step_now(users["clerk"], id, "close", &note("للحفظ")).await.ok();
        assert_eq!(closed.state, "closed");
        app.post(users["clerk"], "/api/letters", &draft).await.refused(409, "wrong_state");
        let silent = app.step_now(users["clerk"], id, "reopen", &StepNote::default()).await;
        assert_eq!(silent.wrong_fields(), [("note".to_owned(), "required".to_owned())]);
        let open: LetterStep = app.step_now(users["clerk"], id, "reopen", &note("ورد تأكيد")).await.ok();
        assert_eq!(open.state, "referred");
    });
}
