//! Writing: what is stored, what is refused field by field, who may change it.

use actix_web::test::TestRequest;
use diwan_kernel::{Lang, Page, Secrecy};
use diwan_tarasol_api::{Body, LetterInput, LetterRow, LetterStep, RecipientRole, StepNote};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, letter, note, to};

#[test]
fn a_draft_is_written_read_and_changed() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let id = app.drafted(&letter(app.world.mof.id, "  طلب   بيانات ")).await;
        let read = app.letter(clerk, id).await;
        assert_eq!((read.head.subject.as_str(), read.head.state.as_str()), ("طلب بيانات", "draft"));
        assert_eq!((read.head.number, read.verify_code), (None, None));
        assert_eq!(read.actions, ["edit", "submit", "void"]);

        let mut new = letter(app.world.moh.id, "طلب بيانات صحية");
        new.lang = Lang::En;
        new.body = Body::from_text("Please send the data.");
        new.recipients.push(to(app.world.mof.id));
        new.recipients[1].role = RecipientRole::Copy;
        let path = format!("/api/letters/{id}");
        let step: LetterStep = app.put_at(clerk, &path, read.head.version, &new).await.ok();
        assert_eq!(step.version, read.head.version + 1);
        let read = app.get(clerk, &path).await;
        assert_eq!(read.header("etag"), format!("\"{}\"", step.version));
        let read: diwan_tarasol_api::Letter = read.ok();
        assert_eq!((read.lang, read.body.text().as_str()), (Lang::En, "Please send the data."));
        assert_eq!(read.counterpart.unwrap().id, app.world.moh.id);
        assert_eq!(read.recipients.len(), 2);
        let pdf = app.get(clerk, &format!("{path}/pdf")).await;
        assert!(pdf.body.starts_with(b"%PDF"));
    });
}

#[test]
fn a_draft_that_is_sent_again_is_written_once() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let send = async |subject: &str| {
            let request = TestRequest::post().uri("/api/letters").insert_header(("idempotency-key", "l1"));
            app.send(clerk, request.set_json(letter(app.world.mof.id, subject))).await
        };
        let first: LetterStep = send("طلب بيانات").await.created();
        assert_eq!(send("طلب بيانات").await.created::<LetterStep>().id, first.id);
        send("طلب آخر").await.refused(409, "idempotency_mismatch");
        let drafts: Page<LetterRow> = app.get(clerk, "/api/letters?direction=outgoing").await.ok();
        assert_eq!(drafts.items.len(), 1);
    });
}

#[test]
fn every_wrong_field_is_told_at_once() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let wrong = LetterInput {
            subject: "طلب\u{202e}سري".to_owned(),
            addressee: "س".repeat(600),
            body: Body::default(),
            secrecy: Secrecy::TopSecret,
            reply_due_days: Some(1000),
            recipients: vec![to(app.world.modee.id), to(999_999), to(app.world.mof.id), to(app.world.mof.id)],
            unit_id: Some(app.world.mof.units["legal"]),
            signatory_position_id: Some(app.world.modee.positions["staff"]),
            ..letter(app.world.mof.id, "")
        };
        let expected = [
            ("subject", "control_characters"),
            ("addressee", "too_long"),
            ("body", "required"),
            ("secrecy", "above_clearance"),
            ("reply_due_days", "out_of_range"),
            ("recipients.0.agency_id", "own_agency"),
            ("recipients.1.agency_id", "unknown"),
            ("recipients.3.agency_id", "twice"),
            ("unit_id", "unknown"),
            ("signatory_position_id", "cannot_sign"),
        ];
        let expected = expected.map(|(field, code)| (field.to_owned(), code.to_owned()));
        assert_eq!(app.post(clerk, "/api/letters", &wrong).await.wrong_fields(), expected);
        let id = app.drafted(&letter(app.world.mof.id, "كتاب")).await;
        assert_eq!(app.put_at(clerk, &format!("/api/letters/{id}"), 1, &wrong).await.wrong_fields(), expected);

        let nobody = LetterInput { recipients: Vec::new(), ..letter(app.world.mof.id, "كتاب") };
        let fields = app.post(clerk, "/api/letters", &nobody).await.wrong_fields();
        assert_eq!(fields, [("recipients".to_owned(), "required".to_owned())]);
        let missing = LetterInput { in_reply_to: Some(999_999), ..letter(app.world.mof.id, "رد") };
        app.post(clerk, "/api/letters", &missing).await.refused(404, "not_found");
    });
}

#[test]
fn an_old_version_is_told_and_nothing_is_lost() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let id = app.drafted(&letter(app.world.mof.id, "كتاب")).await;
        let path = format!("/api/letters/{id}");
        app.put(clerk, &path, &letter(app.world.mof.id, "كتاب")).await.refused(428, "if_match_required");
        app.put_at(clerk, &path, 1, &letter(app.world.mof.id, "الأول")).await.ok::<LetterStep>();
        let late = app.put_at(clerk, &path, 1, &letter(app.world.mof.id, "الثاني")).await.refused(409, "stale");
        assert_eq!((late.args["current"].as_str(), late.args["given"].as_str()), ("2", "1"));
        assert_eq!(late.args["op"], "tarasol.letter.update");
        assert!(late.args["by_en"].starts_with("clerk") && late.args.contains_key("at"), "{late:?}");
        assert_eq!(app.letter(clerk, id).await.head.subject, "الأول");
        for step in ["submit", "withdraw", "void"] {
            let answer = app.post_at(clerk, &format!("{path}/{step}"), 1, &note("سبب")).await;
            assert_eq!(answer.status.as_u16(), 409, "{step}");
        }
    });
}

#[test]
fn a_draft_is_its_units_own() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let id = app.drafted(&letter(app.world.mof.id, "كتاب")).await;
        let path = format!("/api/letters/{id}");
        let new = letter(app.world.mof.id, "كتاب آخر");
        // A colleague of the unit goes on with it; the head of the office reads it, but it is not theirs.
        app.put_at(users["registry_head"], &path, 1, &new).await.ok::<LetterStep>();
        app.put_at(users["sg"], &path, 2, &new).await.refused(409, "not_your_draft");
        app.put_at(users["staff"], &path, 2, &new).await.refused(404, "not_found");
        app.put_at(app.world.mof.users["clerk"], &path, 2, &new).await.refused(404, "not_found");
    });
}

#[test]
fn a_draft_comes_back_is_withdrawn_and_voided() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let id = app.submitted(&letter(app.world.mof.id, "كتاب")).await;
        let path = format!("/api/letters/{id}");
        let version = app.letter(users["clerk"], id).await.head.version;
        let underway = app.put_at(users["clerk"], &path, version, &letter(app.world.mof.id, "آخر")).await;
        assert_eq!(underway.refused(409, "wrong_state").args["state"], "in_review");
        app.step(users["clerk"], id, "approve", &StepNote::default()).await.refused(409, "not_your_task");
        let silent = app.step(users["registry_head"], id, "return", &StepNote::default()).await;
        assert_eq!(silent.wrong_fields(), [("note".to_owned(), "required".to_owned())]);
        let back: LetterStep = app.step(users["registry_head"], id, "return", &note("يصوب المبلغ")).await.ok();
        assert_eq!(back.state, "returned");
        let read = app.letter(users["clerk"], id).await;
        assert_eq!(read.notes[0].body, "يصوب المبلغ");
        assert_eq!(read.actions, ["edit", "submit", "void"]);

        let again: LetterStep = app.step_now(users["clerk"], id, "submit", &StepNote::default()).await.ok();
        assert_eq!(again.state, "in_review");
        let home: LetterStep = app.step_now(users["clerk"], id, "withdraw", &StepNote::default()).await.ok();
        assert_eq!(home.state, "draft");
        app.step_now(users["clerk"], id, "withdraw", &StepNote::default()).await.refused(409, "wrong_state");
        let silent = app.step_now(users["clerk"], id, "void", &StepNote::default()).await;
        assert_eq!(silent.wrong_fields(), [("note".to_owned(), "required".to_owned())]);
        let gone: LetterStep = app.step_now(users["clerk"], id, "void", &note("لم يعد مطلوبًا")).await.ok();
        assert_eq!(gone.state, "void");
        app.step_now(users["clerk"], id, "submit", &StepNote::default()).await.refused(409, "wrong_state");
    });
}

#[test]
fn only_who_may_draft_writes_letters() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let staff = app.world.modee.users["staff"];
        app.platform
            .db
            .upkeep("test.rights", |tx| {
                use diesel::prelude::*;
                use diwan_schema::platform::{role_permissions, user_roles};
                let roles = user_roles::table.filter(user_roles::user_id.eq(staff)).select(user_roles::role_id);
                let roles: Vec<i64> = roles.load(tx.conn())?;
                let all = role_permissions::table.filter(role_permissions::role_id.eq_any(roles));
                Ok::<_, diwan_db::DbError>(diesel::delete(all).execute(tx.conn())?)
            })
            .unwrap();
        let refused =
            app.post(staff, "/api/letters", &letter(app.world.mof.id, "كتاب")).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "letters.draft");
    });
}
