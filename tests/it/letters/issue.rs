//! Signing, delivering, recalling, voiding, closing.

use diwan_platform_api::records::SealView;
use diwan_tarasol_api::{DeliveryState, Form, LetterStep, Recipient, RecipientRole, StepNote};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, letter, note, to};

#[test]
fn signing_takes_the_task_and_the_state() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let early = app.submitted(&letter(app.world.mof.id, "كتاب")).await;
        app.step(users["sg"], early, "sign", &StepNote::default()).await.refused(409, "wrong_state");
        let id = app.approved(&letter(app.world.mof.id, "كتاب")).await;
        app.step(users["registry_head"], id, "sign", &StepNote::default()).await.refused(409, "not_your_task");
        app.step(users["staff"], id, "sign", &StepNote::default()).await.refused(404, "not_found");
        app.step(app.world.mof.users["sg"], id, "sign", &StepNote::default()).await.refused(404, "not_found");
        let signed: LetterStep = app.step(users["sg"], id, "sign", &note("موافق")).await.ok();
        assert_eq!((signed.state.as_str(), signed.number.as_deref()), ("issued", Some("MODEE/2026/1")));
        app.step(users["sg"], id, "sign", &StepNote::default()).await.refused(409, "wrong_state");
        app.step(users["sg"], id, "approve", &StepNote::default()).await.refused(409, "wrong_state");
        app.step(users["sg"], id, "return", &note("متأخر")).await.refused(409, "wrong_state");
    });
}

#[test]
fn the_secretary_general_returns_what_is_not_signed() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let id = app.approved(&letter(app.world.mof.id, "كتاب")).await;
        let back: LetterStep = app.step(users["sg"], id, "return", &note("تعاد الصياغة")).await.ok();
        assert_eq!((back.state.as_str(), back.number), ("returned", None));
        let work: diwan_kernel::Page<diwan_platform_api::records::WorkItem> =
            app.get(users["clerk"], "/api/work").await.ok();
        assert_eq!(work.items.len(), 1, "its writer has to correct it");
    });
}

#[test]
fn a_letter_and_its_copies_reach_every_agency() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let mut circular = letter(app.world.mof.id, "تعميم الدوام");
        circular.form = Form::Circular;
        circular.recipients.push(Recipient { role: RecipientRole::Copy, ..to(app.world.moh.id) });
        let (id, _) = app.issued(&circular).await;
        let sent = app.letter(app.world.modee.users["clerk"], id).await;
        let reached: Vec<_> = sent.deliveries.iter().map(|delivery| (delivery.agency.id, delivery.role)).collect();
        assert_eq!(reached, [(app.world.mof.id, RecipientRole::To), (app.world.moh.id, RecipientRole::Copy)]);
        assert!(sent.deliveries.iter().all(|delivery| delivery.state == DeliveryState::Delivered));
        for clerk in [app.world.mof.users["clerk"], app.world.moh.users["clerk"]] {
            let rows: diwan_kernel::Page<diwan_tarasol_api::LetterRow> =
                app.get(clerk, "/api/letters?direction=incoming").await.ok();
            assert_eq!(rows.items.len(), 1);
        }
    });
}

#[test]
fn a_memo_reaches_units_of_the_same_agency() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let mut memo = letter(app.world.mof.id, "مذكرة داخلية");
        memo.form = Form::InternalMemo;
        let wrong = app.post(app.world.modee.users["clerk"], "/api/letters", &memo).await.wrong_fields();
        assert_eq!(wrong, [("recipients.0.unit_id".to_owned(), "required".to_owned())]);
        memo.recipients = vec![Recipient { agency_id: None, unit_id: Some(app.world.modee.units["legal"]), ..to(0) }];
        let id = app.approved(&memo).await;
        let signed: LetterStep = app.step(app.world.modee.users["sg"], id, "sign", &StepNote::default()).await.ok();
        assert!(signed.number.is_some());
        let head = app.world.modee.users["other_head"];
        let work: diwan_kernel::Page<diwan_platform_api::records::WorkItem> = app.get(head, "/api/work").await.ok();
        assert_eq!(work.items[0].record.id, id);
    });
}

#[test]
fn a_letter_is_recalled_where_it_is_not_registered() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (sender, receiver) = (app.world.modee.users.clone(), app.world.mof.users["clerk"]);
        let (id, incoming) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let refused = app.step_now(sender["registry_head"], id, "recall", &note("خطأ")).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "letters.register");
        app.post_at(sender["clerk"], &format!("/api/letters/{id}/recall"), 1, &note("خطأ")).await.refused(409, "stale");
        let silent = app.step_now(sender["clerk"], id, "recall", &StepNote::default()).await;
        assert_eq!(silent.wrong_fields(), [("note".to_owned(), "required".to_owned())]);
        app.step_now(sender["clerk"], id, "recall", &note("خطأ في المرفق")).await.ok::<LetterStep>();
        let there = app.letter(receiver, incoming).await;
        assert_eq!(there.head.state, "recalled");
        app.step_now(receiver, incoming, "register", &StepNote::default()).await.refused(409, "wrong_state");
        let again = app.step_now(sender["clerk"], id, "recall", &note("مرة أخرى")).await;
        again.refused(409, "nothing_to_recall");
        app.step_now(receiver, incoming, "recall", &note("ليس لي")).await.refused(404, "not_found");
    });
}

#[test]
fn a_number_is_voided_by_right_and_with_a_reason() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let (id, incoming) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let refused = app.step_now(users["clerk"], id, "void", &note("إلغاء")).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "letters.void");
        let code = app.letter(users["sg"], id).await.verify_code.unwrap();
        app.step_now(users["sg"], id, "void", &note("صدر خطأ")).await.ok::<LetterStep>();
        let seal: SealView = app.get(users["sg"], &format!("/api/verify/{code}")).await.ok();
        assert!(seal.voided && seal.valid, "the number stays, marked");
        assert_eq!(app.letter(app.world.mof.users["clerk"], incoming).await.head.state, "recalled");
        let (next, _) = app.issued(&letter(app.world.mof.id, "التالي")).await;
        assert_eq!(app.letter(users["sg"], next).await.head.number.as_deref(), Some("MODEE/2026/2"));

        // What another ministry has registered is not voided any more.
        let (kept, incoming) = app.issued(&letter(app.world.mof.id, "مسجل")).await;
        app.step_now(app.world.mof.users["clerk"], incoming, "register", &StepNote::default()).await.ok::<LetterStep>();
        app.step_now(users["sg"], kept, "void", &note("إلغاء")).await.refused(409, "wrong_state");
    });
}

#[test]
fn a_letter_is_closed_by_the_registry() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let (id, _) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let refused = app.step_now(users["sg"], id, "close", &StepNote::default()).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "letters.register");
        let closed: LetterStep = app.step_now(users["clerk"], id, "close", &note("للحفظ")).await.ok();
        assert_eq!(closed.state, "closed");
        app.step_now(users["clerk"], id, "close", &StepNote::default()).await.refused(409, "wrong_state");
        app.step_now(users["clerk"], id, "reopen", &note("سبب")).await.refused(404, "not_found");
    });
}
