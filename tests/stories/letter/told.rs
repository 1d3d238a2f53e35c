//! The story as it is told: every step by the person whose step it is, over HTTP, with a node's work running.

use actix_web::http::Method;
use chrono::Duration;
use diwan_kernel::{Page, Permission, Priority, Secrecy};
use diwan_platform::work::Work;
use diwan_platform_api::{
    files::{AttachmentRole, Attachments},
    records::{
        Assignee, AssigneeKind, FinishTask, Instruction, LinkKind, NoteKind, SealView, TaskOutcome, TimelineEntry,
        WorkItem,
    },
    work::{NotificationView, RecordChanged},
};
use diwan_tarasol_api::{
    Body, DeliveryState, Letter, LetterInput, LetterRow, LetterStep, ReferInput, ReferTarget, StepNote, Template,
    ThreadItem,
};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Events, Form, Running, TestApp, until};

use super::words;

/// The records of the story when it is over.
pub(super) struct Told {
    pub(super) app: TestApp,
    /// The letter at the ministry that wrote it.
    pub(super) outgoing: i64,
    /// The letter at the ministry that got it.
    pub(super) incoming: i64,
    /// The answer at the ministry that wrote it.
    pub(super) answer: i64,
    /// The answer at the ministry that got it.
    pub(super) answered: i64,
    _running: Running,
}

/// Tells the story from its beginning to its end.
pub(super) async fn tell(db: TestDb) -> Told {
    let mut app = TestApp::new(db);
    let running = app.start(Work::default());
    let (clerk, receiver) = (app.world.modee.users["clerk"], app.world.mof.users["clerk"]);
    let outgoing = write(&app).await;
    review(&app, outgoing).await;
    let mut live = app.events(receiver).await;
    sign(&app, outgoing, "MODEE/2026/1").await;
    let incoming = arrives(&app, &mut live, receiver, "MODEE/2026/1").await;
    register(&app, receiver, incoming, "2026/1").await;
    refer(&app, incoming).await;
    let answer = reply(&app, incoming).await;
    let mut live = app.events(clerk).await;
    sign_answer(&app, answer).await;
    let answered = arrives(&app, &mut live, clerk, "MOF/2026/1").await;
    register(&app, clerk, answered, "2026/1").await;
    Told { app, outgoing, incoming, answer, answered, _running: running }
}

/// The next step is taken a little later.
fn later(app: &TestApp) {
    app.db.clock().advance(Duration::seconds(20));
}

pub(super) async fn letter(app: &TestApp, user: i64, id: i64) -> Letter {
    app.get(user, &format!("/api/letters/{id}")).await.ok()
}

async fn work(app: &TestApp, user: i64) -> Vec<WorkItem> {
    app.get(user, "/api/work").await.ok::<Page<WorkItem>>().items
}

/// The clerk writes from a template that an administrator made, attaches two files and sends it on its way.
async fn write(app: &TestApp) -> i64 {
    let (admin, clerk) = (app.world.modee.users["director"], app.world.modee.users["clerk"]);
    app.grant(admin, Permission::SettingsManage);
    app.put(admin, "/api/letter-templates", &words::template()).await.done();
    let templates: Vec<Template> = app.get(clerk, "/api/letter-templates").await.ok();
    let new = words::from_template(&templates[0], app.world.mof.id);
    let step: LetterStep = app.post(clerk, "/api/letters", &new).await.created();
    assert_eq!((step.state.as_str(), step.number), ("draft", None));

    let files = Form::default().file("دراسة.pdf", &words::pdf().await).file("كشف.docx", &words::docx());
    let path = format!("/api/records/{}/attachments", step.id);
    let attached: Attachments = app.upload(clerk, Method::POST, &path, files).await.created();
    let types: Vec<_> = attached.items.iter().map(|file| file.media_type.as_str()).collect();
    assert_eq!(types, ["application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"]);

    let draft = letter(app, clerk, step.id).await;
    assert_eq!((draft.head.secrecy, draft.head.priority), (Secrecy::Normal, Priority::Urgent));
    assert_eq!(draft.body, new.body, "the text comes back as it was written");
    assert!(draft.actions.iter().any(|action| action == "submit"), "{:?}", draft.actions);
    later(app);
    let sent = app.post_at(clerk, &format!("/api/letters/{}/submit", step.id), draft.head.version, &()).await;
    assert_eq!(sent.ok::<LetterStep>().state, "in_review");
    step.id
}

/// The head of the section finds it among the work, writes a direction and sends it up.
async fn review(app: &TestApp, id: i64) {
    let head = app.world.modee.users["registry_head"];
    let mine = work(app, head).await;
    assert_eq!((mine.len(), mine[0].record.subject.as_str()), (1, words::SUBJECT));
    later(app);
    let direction =
        StepNote { note: Some("يرفع لعطوفة الأمين العام مع التأييد".to_owned()) };
    let step: LetterStep = app.post(head, &format!("/api/letters/{id}/approve"), &direction).await.ok();
    assert_eq!(step.state, "in_signature");
    assert!(work(app, head).await.is_empty());
}

/// The secretary general signs: number, seal, print.
async fn sign(app: &TestApp, id: i64, number: &str) {
    let sg = app.world.modee.users["sg"];
    assert_eq!(work(app, sg).await.len(), 1);
    let seen = letter(app, sg, id).await;
    assert_eq!(
        (seen.notes[0].kind, seen.notes[0].author.id),
        (NoteKind::Direction, app.world.modee.users["registry_head"])
    );
    later(app);
    let step: LetterStep = app.post(sg, &format!("/api/letters/{id}/sign"), &StepNote::default()).await.ok();
    assert_eq!((step.state.as_str(), step.number.as_deref()), ("issued", Some(number)));
    let issued = letter(app, sg, id).await;
    // Five working days from Sunday, over a Friday and a Saturday.
    assert_eq!(issued.head.due_on.unwrap().to_string(), "2026-11-08");
    assert_eq!(issued.signed_by.unwrap().id, sg);
    assert!(issued.verify_code.is_some());
    until("the print is among the files", async || {
        let files: Attachments = app.get(sg, &format!("/api/records/{id}/attachments")).await.ok();
        files.items.into_iter().find(|file| file.role == AttachmentRole::Print)
    })
    .await;
}

/// The receiving clerk is told at once, and finds the letter among those to be registered.
async fn arrives(app: &TestApp, live: &mut Events, clerk: i64, number: &str) -> i64 {
    let told: NotificationView = serde_json::from_str(&live.next("notification", "letter_received").await).unwrap();
    assert!(told.args["number"].contains(number), "{told:?}");
    let rows: Page<LetterRow> = app.get(clerk, "/api/letters?direction=incoming&view=to_register").await.ok();
    let row = rows.items.iter().find(|row| row.their_number.as_deref() == Some(number)).unwrap();
    assert_eq!(told.record.unwrap().id, row.id);
    assert_eq!(row.state, "received");
    row.id
}

/// The clerk opens it and registers it under the ministry's own number; the sender learns of both.
async fn register(app: &TestApp, clerk: i64, id: i64, number: &str) {
    later(app);
    app.post(clerk, &format!("/api/letters/{id}/opened"), &()).await.done();
    later(app);
    let version = letter(app, clerk, id).await.head.version;
    let step = app.post_at(clerk, &format!("/api/letters/{id}/register"), version, &StepNote::default()).await;
    let step: LetterStep = step.ok();
    assert_eq!((step.state.as_str(), step.number.as_deref()), ("registered", Some(number)));
}

/// It is referred to one section for study and reply, and in copy to another for information.
async fn refer(app: &TestApp, id: i64) {
    let mof = &app.world.mof;
    let target =
        |kind, id, instruction| ReferTarget { assignee: Assignee { kind, id, name: Default::default() }, instruction };
    let referral = ReferInput {
        to: vec![
            target(AssigneeKind::Position, mof.positions["head"], Instruction::ForStudyAndReply),
            target(AssigneeKind::Unit, mof.units["legal"], Instruction::ForInformation),
        ],
        note: Some("للدراسة والرد قبل الخميس".to_owned()),
        due_on: None,
    };
    let mut live = app.events(mof.users["head"]).await;
    later(app);
    let step: LetterStep = app.post(mof.users["clerk"], &format!("/api/letters/{id}/refer"), &referral).await.ok();
    assert_eq!(step.state, "referred");
    let changed: RecordChanged = serde_json::from_str(&live.next("record", "referred").await).unwrap();
    assert_eq!(changed.id, id);
    let copy = work(app, mof.users["other_head"]).await;
    assert_eq!((copy.len(), copy[0].task.instruction), (1, Some(Instruction::ForInformation)));
    let done = FinishTask { outcome: TaskOutcome::Done, note: Some("اطلعنا".to_owned()) };
    app.post(mof.users["other_head"], &format!("/api/tasks/{}/finish", copy[0].task.id), &done).await.done();
    assert!(work(app, mof.users["other_head"]).await.is_empty());
}

/// The head of the section answers from the prepared draft.
async fn reply(app: &TestApp, id: i64) -> i64 {
    let head = app.world.mof.users["head"];
    let mine = work(app, head).await;
    assert_eq!((mine.len(), mine[0].task.instruction), (1, Some(Instruction::ForStudyAndReply)));
    assert_eq!(mine[0].task.due_on.unwrap().to_string(), "2026-11-08");
    let mut draft: LetterInput = app.get(head, &format!("/api/letters/{id}/reply")).await.ok();
    assert!(draft.body.text().contains("MODEE/2026/1"), "it refers to the letter: {}", draft.body.text());
    draft.subject = words::ANSWER.to_owned();
    draft.body = Body::from_text(&format!("{}\nنوافق على التخصيص المطلوب.", draft.body.text()));
    later(app);
    let step: LetterStep = app.post(head, "/api/letters", &draft).await.created();
    later(app);
    let sent = app.post_at(head, &format!("/api/letters/{}/submit", step.id), step.version, &()).await;
    assert_eq!(sent.ok::<LetterStep>().state, "in_review");
    step.id
}

/// The director agrees, the secretary general signs; with that the letter is answered.
async fn sign_answer(app: &TestApp, id: i64) {
    let mof = &app.world.mof;
    later(app);
    app.post(mof.users["director"], &format!("/api/letters/{id}/approve"), &StepNote::default())
        .await
        .ok::<LetterStep>();
    later(app);
    let step = app.post(mof.users["sg"], &format!("/api/letters/{id}/sign"), &StepNote::default()).await;
    assert_eq!(step.ok::<LetterStep>().number.as_deref(), Some("MOF/2026/1"));
}

#[test]
fn a_letter_goes_from_ministry_to_ministry_and_comes_back_answered() {
    both_async(async |db: TestDb| {
        let told = tell(db).await;
        let app = &told.app;
        let (clerk, head) = (app.world.modee.users["clerk"], app.world.mof.users["head"]);

        let sent = letter(app, clerk, told.outgoing).await;
        assert_eq!(sent.head.state, "delivered");
        assert_eq!(sent.deliveries[0].their_number.as_deref(), Some("2026/1"));
        let got = letter(app, head, told.incoming).await;
        assert_eq!((got.head.state.as_str(), got.their_number.as_deref()), ("answered", Some("MODEE/2026/1")));
        assert_eq!(got.body, sent.body);
        let outcomes: Vec<_> = got.tasks.iter().map(|task| task.outcome).collect();
        assert_eq!(outcomes, [Some(TaskOutcome::Answered), Some(TaskOutcome::Done)]);
        let linked = |letter: &Letter| letter.links.iter().any(|link| link.kind == LinkKind::ReplyTo && !link.outward);
        assert!(linked(&sent) && linked(&got), "the answer is linked on both sides");

        for (user, id) in [(clerk, told.outgoing), (head, told.incoming), (clerk, told.answered), (head, told.answer)] {
            thread(app, user, id).await;
        }
        timeline(app, clerk, told.outgoing).await;
        verify(app, &sent).await;
        for (user, id) in [(clerk, told.outgoing), (head, told.incoming)] {
            let code = sent.verify_code.as_deref().unwrap();
            prints(app, user, id, &["MODEE/2026/1", code, "أجهزة وخوادم", "420,000.000"]).await;
        }
    });
}

/// Either side sees both letters with every step of their deliveries, in the order of time.
async fn thread(app: &TestApp, user: i64, id: i64) {
    let thread: Vec<ThreadItem> = app.get(user, &format!("/api/letters/{id}/thread")).await.ok();
    let numbers: Vec<_> = thread.iter().map(|item| item.number.as_deref().unwrap_or_default()).collect();
    assert_eq!(numbers, ["MODEE/2026/1", "MOF/2026/1"]);
    let mut last = None;
    for item in &thread {
        assert!(item.record_id.is_some() && Some(item.at) > last);
        let kinds: Vec<_> = item.events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [DeliveryState::Delivered, DeliveryState::Opened, DeliveryState::Registered]);
        for event in &item.events {
            assert!(Some(event.at) >= last.max(Some(item.at)), "{event:?}");
            last = Some(event.at);
        }
        assert!(item.events[2].note.as_deref() == Some("2026/1"));
    }
}

/// Every step stands in the letter's timeline with who and when, the newest first.
async fn timeline(app: &TestApp, user: i64, id: i64) {
    let steps: Vec<TimelineEntry> = app.get(user, &format!("/api/records/{id}/timeline")).await.ok();
    assert!(steps.is_sorted_by(|newer, older| newer.at >= older.at));
    let people = &app.world.modee.users;
    for (op, who) in [("create", "clerk"), ("submit", "clerk"), ("approve", "registry_head"), ("sign", "sg")] {
        let op = format!("tarasol.letter.{op}");
        let step = steps.iter().find(|step| step.op == op).unwrap_or_else(|| panic!("no {op}"));
        assert_eq!(step.user.as_ref().map(|user| user.id), Some(people[who]), "{op}");
    }
    for op in ["open", "register"] {
        let op = format!("tarasol.letter.{op}");
        let step = steps.iter().find(|step| step.op == op).unwrap_or_else(|| panic!("no {op}"));
        assert!(step.user.is_none() && step.agency.is_some(), "of the other side the agency is told, not the person");
    }
}

/// Anybody who scans the code sees that number, date, agencies and seal match.
async fn verify(app: &TestApp, sent: &Letter) {
    let path = format!("/api/verify/{}", sent.verify_code.as_deref().unwrap());
    let seal: SealView = app.call(actix_web::test::TestRequest::get().uri(&path)).await.ok();
    assert!(seal.valid && !seal.voided);
    assert_eq!((seal.number.as_str(), seal.date.to_string().as_str()), ("MODEE/2026/1", "2026-11-01"));
    assert_eq!(seal.agency, sent.head.agency.name);
    assert_eq!(seal.recipients, [sent.recipients[0].name.clone()]);
    let forged = app.call(actix_web::test::TestRequest::get().uri("/api/verify/0000-0000-0000")).await;
    forged.refused(404, "not_found");
}

/// The print has these words, as another program reads them.
async fn prints(app: &TestApp, user: i64, id: i64, expected: &[&str]) {
    let pdf = app.get(user, &format!("/api/letters/{id}/pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &pdf.body).unwrap();
    let run = std::process::Command::new("pdftotext").args(["-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let output = run.unwrap_or_else(|error| panic!("pdftotext: {error}; install poppler-utils"));
    let controls = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String = String::from_utf8(output.stdout).unwrap().chars().filter(controls).collect();
    for words in expected {
        assert!(text.contains(words), "{words} is not in the print:\n{text}");
    }
}
