//! Templates, letterheads, approval routes, holidays, notes and links.

use diwan_kernel::{Lang, Named, Permission};
use diwan_platform_api::records::{
    ApprovalRoute, ApprovalStep, Holiday, Link, LinkKind, NewLink, NewNote, Note, NoteKind, RecordKind, StepAssignee,
    StepMode, TaskKind,
};
use diwan_tarasol_api::{Body, Form, LetterInput, LetterStep, Letterhead, StepNote, Template};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, letter};

fn named(ar: &str) -> Named {
    Named { ar: ar.to_owned(), en: "name".to_owned() }
}

fn template(id: i64, version: i64, subject: &str) -> Template {
    Template {
        id,
        shared: false,
        form: Form::Letter,
        name: named("نموذج"),
        lang: Lang::Ar,
        subject: subject.to_owned(),
        body: Body::from_text("تحية طيبة وبعد،"),
        active: true,
        version,
    }
}

#[test]
fn templates_are_an_agencys_own() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, stranger) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
        let path = "/api/letter-templates";
        let refused = app.put(clerk, path, &template(0, 0, "طلب")).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "settings.manage");
        app.grant(clerk, Permission::SettingsManage);
        app.grant(stranger, Permission::SettingsManage);
        app.put(clerk, path, &template(0, 0, "طلب")).await.done();
        let list: Vec<Template> = app.get(clerk, path).await.ok();
        let id = list[0].id;
        assert_eq!((list.len(), list[0].version), (1, 1));
        app.put(clerk, path, &template(id, 1, "طلب معدل")).await.done();
        app.put(clerk, path, &template(id, 1, "متأخر")).await.refused(409, "stale");
        app.put(stranger, path, &template(id, 2, "سرقة")).await.refused(404, "not_found");
        assert!(app.get(stranger, path).await.ok::<Vec<Template>>().is_empty());
        let wrong = Template { name: named(""), body: Body::default(), ..template(0, 0, "") };
        let fields = app.put(clerk, path, &wrong).await.wrong_fields();
        let fields: Vec<_> = fields.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["name.ar", "subject", "body"]);
    });
}

#[test]
fn a_letter_keeps_the_letterhead_it_was_issued_with() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        app.grant(clerk, Permission::SettingsManage);
        let head = |lines: &str, version| Letterhead {
            id: 0,
            unit: None,
            lines_ar: lines.to_owned(),
            lines_en: "The Ministry".to_owned(),
            footer_ar: "هاتف 5805700".to_owned(),
            footer_en: "Tel. 5805700".to_owned(),
            version,
        };
        app.put(clerk, "/api/letterheads", &head("وزارة الاقتصاد الرقمي", 0)).await.done();
        app.put(clerk, "/api/letterheads", &head("متأخر", 0)).await.refused(409, "stale");
        let empty = app.put(clerk, "/api/letterheads", &head("", 1)).await.wrong_fields();
        assert_eq!(empty, [("lines_ar".to_owned(), "required".to_owned())]);
        let foreign = Letterhead {
            unit: Some(diwan_platform_api::records::Ref { id: app.world.mof.units["legal"], name: Named::default() }),
            ..head("x", 0)
        };
        app.put(clerk, "/api/letterheads", &foreign).await.refused(404, "not_found");
        let (id, _) = app.issued(&letter(app.world.mof.id, "كتاب")).await;
        let before = app.get(clerk, &format!("/api/letters/{id}/pdf")).await.body;
        app.put(clerk, "/api/letterheads", &head("الوزارة باسمها الجديد", 1)).await.done();
        let list: Vec<Letterhead> = app.get(clerk, "/api/letterheads").await.ok();
        assert_eq!((list.len(), list[0].lines_ar.as_str()), (1, "الوزارة باسمها الجديد"));
        assert!(app.get(clerk, &format!("/api/letters/{id}/pdf")).await.body == before);
        assert!(app.get(app.world.mof.users["clerk"], "/api/letterheads").await.ok::<Vec<Letterhead>>().is_empty());
    });
}

#[test]
fn an_approval_route_decides_who_is_asked() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (admin, clerk) = (app.world.modee.users["director"], app.world.modee.users["clerk"]);
        let step = |step, task_kind, assignee, assignee_id| ApprovalStep {
            step,
            mode: StepMode::All,
            task_kind,
            assignee,
            assignee_id,
            assignee_name: Named::default(),
            due_days: None,
        };
        let route = ApprovalRoute {
            id: 0,
            record_kind: RecordKind::Outgoing,
            min_amount: 0,
            unit: None,
            name: named("مسار الصادر"),
            active: true,
            steps: vec![
                step(1, TaskKind::Opinion, StepAssignee::User, Some(app.world.modee.users["other_head"])),
                step(1, TaskKind::Review, StepAssignee::User, Some(app.world.modee.users["head"])),
            ],
            version: 0,
        };
        let refused = app.put(admin, "/api/approval-routes", &route).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "routes.manage");
        app.grant(admin, Permission::RoutesManage);
        app.put(admin, "/api/approval-routes", &route).await.done();
        let stored: Vec<ApprovalRoute> = app.get(clerk, "/api/approval-routes").await.ok();
        assert_eq!((stored.len(), stored[0].steps.len()), (1, 2));
        let id = app.submitted(&letter(app.world.mof.id, "كتاب")).await;
        app.step(app.world.modee.users["registry_head"], id, "approve", &StepNote::default())
            .await
            .refused(409, "not_your_task");
        let half: LetterStep = app.step(app.world.modee.users["head"], id, "approve", &StepNote::default()).await.ok();
        assert_eq!(half.state, "in_review", "both are asked");
        let whole: LetterStep =
            app.step(app.world.modee.users["other_head"], id, "approve", &StepNote::default()).await.ok();
        assert_eq!(whole.state, "in_signature");
        assert!(
            app.get(app.world.mof.users["clerk"], "/api/approval-routes").await.ok::<Vec<ApprovalRoute>>().is_empty()
        );
    });
}

#[test]
fn a_holiday_moves_the_day_a_reply_is_due() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (admin, clerk) = (app.world.modee.users["director"], app.world.modee.users["clerk"]);
        let holiday = Holiday { id: 0, day: "2026-11-03".parse().unwrap(), name: named("عطلة"), shared: false };
        app.post(admin, "/api/holidays", &holiday).await.refused(403, "forbidden");
        app.grant(admin, Permission::SettingsManage);
        app.post(admin, "/api/holidays", &holiday).await.done();
        let list: Vec<Holiday> = app.get(clerk, "/api/holidays").await.ok();
        let added = list.iter().find(|known| known.day == holiday.day).unwrap();
        let due = async || {
            let new = LetterInput { reply_due_days: Some(3), ..letter(app.world.mof.id, "كتاب") };
            let (id, _) = app.issued(&new).await;
            app.letter(clerk, id).await.head.due_on.unwrap().to_string()
        };
        assert_eq!(due().await, "2026-11-05");
        app.delete(admin, &format!("/api/holidays/{}", added.id)).await.done();
        app.delete(admin, &format!("/api/holidays/{}", added.id)).await.refused(404, "not_found");
        assert_eq!(due().await, "2026-11-04");
    });
}

#[test]
fn notes_and_links_hang_off_a_record() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let (first, _) = app.issued(&letter(app.world.mof.id, "الأول")).await;
        let (second, _) = app.issued(&letter(app.world.mof.id, "الثاني")).await;
        let notes = format!("/api/records/{first}/notes");
        let new = |body: &str| NewNote { kind: NoteKind::Comment, body: body.to_owned() };
        app.post(clerk, &notes, &new("للمتابعة")).await.done();
        let empty = app.post(clerk, &notes, &new(" ")).await.wrong_fields();
        assert_eq!(empty, [("body".to_owned(), "required".to_owned())]);
        let list: Vec<Note> = app.get(clerk, &notes).await.ok();
        assert_eq!((list.len(), list[0].body.as_str()), (1, "للمتابعة"));
        let links = format!("/api/records/{first}/links");
        let link = |to| NewLink { to_record_id: to, kind: LinkKind::RelatesTo };
        app.post(clerk, &links, &link(second)).await.done();
        let same = app.post(clerk, &links, &link(first)).await.wrong_fields();
        assert_eq!(same, [("to_record_id".to_owned(), "same_record".to_owned())]);
        app.post(clerk, &links, &link(999_999)).await.refused(404, "not_found");
        for kind in [LinkKind::ReplyTo, LinkKind::DeliveredAs] {
            let claimed = app.post(clerk, &links, &NewLink { to_record_id: second, kind }).await.wrong_fields();
            assert_eq!(claimed, [("kind".to_owned(), "made_by_letters".to_owned())]);
        }
        let back: Vec<Link> = app.get(clerk, &format!("/api/records/{second}/links")).await.ok();
        assert!(back.iter().any(|link| link.other.id == Some(first) && !link.outward));
    });
}
