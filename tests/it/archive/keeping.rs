//! Keeping and disposing: schedules, holds, reviews, and destruction by a committee.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};
use diesel::{prelude::*, sql_query};
use diwan_archive_api::{
    ClassInput, Disposal, DisposalInput, DisposalItemState, DisposalState, Document, DocumentClass, DocumentClasses,
    DueItem, EndInput, Fate, Hold, HoldInput, NewDocument, ReviewDecision, ReviewInput, Schedule,
};
use diwan_db::{Clock, DbError, Violation};
use diwan_kernel::{Page, Permission};
use diwan_platform::work::Work;
use diwan_platform_api::files::AttachmentRole;
use diwan_schema::{
    archive::{documents, keeping},
    platform::{attachments, blobs},
};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, until};
use futures_util::future::join_all;

/// Days after which everything that the test files has come of age.
const YEARS: i64 = 365 * 20;

/// An app with a committee: who proposes, and two others.
fn committee(db: TestDb) -> (TestApp, [i64; 3]) {
    let app = TestApp::new(db);
    let people = ["clerk", "staff", "head"].map(|name| app.world.modee.users[name]);
    for person in people {
        app.grant(person, Permission::ArchiveDispose);
    }
    app.grant(people[0], Permission::ArchivePlan);
    for person in &people[1..] {
        for right in [Permission::ArchiveRead, Permission::RecordsReadAll] {
            app.grant(*person, right);
        }
    }
    (app, people)
}

fn later(app: &TestApp, days: i64) {
    app.db.clock().advance(Duration::days(days));
}

async fn class(app: &TestApp, user: i64, code: &str) -> DocumentClass {
    let plan: DocumentClasses = app.get(user, "/api/archive/classes").await.ok();
    plan.items.into_iter().find(|class| class.code == code).unwrap()
}

async fn schedule(app: &TestApp, user: i64, code: &str) -> i64 {
    let all: Vec<Schedule> = app.get(user, "/api/archive/schedules").await.ok();
    all.into_iter().find(|one| one.code == code).unwrap().id
}

/// Files a document of a class; `5000` is destroyed after five years, `3000` reviewed after ten, `1000` stays.
async fn filed(app: &TestApp, user: i64, class: &str, text: &str) -> i64 {
    let new = NewDocument { class_code: Some(class.to_owned()), ..document(text) };
    app.file(user, &new, &[("أ.txt", text.as_bytes())]).await.head.id
}

async fn show(app: &TestApp, user: i64, id: i64) -> Document {
    app.get(user, &format!("/api/documents/{id}")).await.ok()
}

async fn propose(app: &TestApp, user: i64, ids: &[i64]) -> Disposal {
    let input = DisposalInput { reason: "انتهت المدة".to_owned(), record_ids: ids.to_vec() };
    app.post(user, "/api/archive/disposals", &input).await.created()
}

async fn confirm(app: &TestApp, user: i64, act: &Disposal) -> Disposal {
    app.post_at(user, &format!("/api/archive/disposals/{}/confirm", act.id), act.version, &()).await.ok()
}

async fn act(app: &TestApp, user: i64, id: i64) -> Disposal {
    app.get(user, &format!("/api/archive/disposals/{id}")).await.ok()
}

async fn carried_out(app: &TestApp, user: i64, id: i64) -> Disposal {
    until("the act is carried out", async || {
        Some(act(app, user, id).await).filter(|act| act.state == DisposalState::Done)
    })
    .await
}

async fn hold(app: &TestApp, user: i64, ids: &[i64]) -> Hold {
    let input = HoldInput { reason: "قضية".into(), record_ids: ids.to_vec(), file_id: None, class_id: None };
    app.post(user, "/api/archive/holds", &input).await.created()
}

#[test]
fn every_document_is_under_one_schedule_and_gets_its_day() {
    both_async(async |db: TestDb| {
        let mut app = committee(db).0;
        let clerk = app.world.modee.users["clerk"];
        let vehicles = filed(&app, clerk, "5000", "مركبة").await;
        let kept = show(&app, clerk, vehicles).await.keeping.unwrap();
        let day: NaiveDate = "2032-01-01".parse().unwrap();
        assert_eq!((kept.schedule_code.as_str(), kept.action, kept.due_on), ("D5", Fate::Destroy, Some(day)));
        let loose = NewDocument { class_code: None, ..document("بلا تصنيف") };
        let loose = app.file(clerk, &loose, &[("أ.txt", b"x")]).await;
        let kept = loose.keeping.unwrap();
        assert_eq!((kept.schedule_code.as_str(), kept.action, kept.due_on), ("0", Fate::Keep, None));
        let of_class = class(&app, clerk, "5000").await;
        let input = ClassInput {
            code: of_class.code.clone(),
            parent_id: None,
            name: of_class.name.clone(),
            note: String::new(),
            secrecy: of_class.secrecy,
            schedule_id: Some(schedule(&app, clerk, "P").await),
            active: true,
        };
        let path = format!("/api/archive/classes/{}", of_class.id);
        app.put_at(clerk, &path, of_class.version, &input).await.ok::<DocumentClass>();
        let _running = app.start(Work::default());
        until("the job reckons anew", async || {
            show(&app, clerk, vehicles).await.keeping.filter(|kept| kept.action == Fate::Keep)
        })
        .await;
        let (all, kept): (i64, i64) = app
            .platform
            .db
            .read_now(|tx| {
                Ok::<_, DbError>((
                    documents::table.count().get_result(tx.conn())?,
                    keeping::table.count().get_result(tx.conn())?,
                ))
            })
            .unwrap();
        assert_eq!(all, kept);
    });
}

#[test]
fn what_is_destroyed_leaves_its_name_its_hash_and_a_certificate() {
    both_async(async |db: TestDb| {
        let (mut app, [clerk, first, second]) = committee(db);
        let gone = filed(&app, clerk, "5000", "سر المركبة القديمة").await;
        let twin = filed(&app, clerk, "1000", "سر المركبة القديمة").await;
        let alone = filed(&app, clerk, "5000", "وحيدة").await;
        app.extract().await;
        let file = show(&app, clerk, alone).await.attachments.remove(0);
        let input = DisposalInput { reason: "x".into(), record_ids: vec![gone] };
        let told = app.post(clerk, "/api/archive/disposals", &input).await.wrong_fields();
        assert_eq!(told, [("record_ids".to_owned(), "not_due".to_owned())]);
        later(&app, YEARS);
        let due: Page<DueItem> = app.get(clerk, "/api/archive/due?action=destroy").await.ok();
        assert_eq!(due.items.iter().map(|item| item.id).collect::<Vec<_>>(), [gone, alone]);
        let made = propose(&app, clerk, &[gone, alone]).await;
        let path = format!("/api/archive/disposals/{}/confirm", made.id);
        app.post_at(clerk, &path, made.version, &()).await.refused(409, "own_disposal");
        let once = confirm(&app, first, &made).await;
        assert_eq!(once.state, DisposalState::Proposed);
        app.post_at(first, &path, once.version, &()).await.refused(409, "confirmed_already");
        let stranger = app.world.mof.users["clerk"];
        app.grant(stranger, Permission::ArchiveDispose);
        app.post_at(stranger, &path, once.version, &()).await.refused(404, "not_found");
        assert_eq!(confirm(&app, second, &once).await.state, DisposalState::Confirmed);
        let _running = app.start(Work::default());
        let done = carried_out(&app, clerk, made.id).await;
        assert!(done.items.iter().all(|item| item.state == DisposalItemState::Destroyed), "{done:?}");
        let named =
            done.items.iter().flat_map(|item| &item.files).any(|one| one.hash == file.hash && one.name == "أ.txt");
        assert!(named, "{done:?}");

        let left = show(&app, clerk, alone).await;
        assert_eq!(
            (left.head.state.as_str(), left.head.subject.as_str(), left.may_edit),
            ("destroyed", "وحيدة", false)
        );
        assert!(left.attachments.is_empty() && left.keeping.unwrap().destroyed_on.is_some());
        app.get(clerk, &format!("/api/attachments/{}/content", file.id)).await.refused(404, "not_found");
        assert!(app.platform.blobs.bytes(&file.hash).await.is_err(), "the content is gone");
        let shared = show(&app, clerk, twin).await.attachments.remove(0);
        assert_eq!(app.platform.blobs.bytes(&shared.hash).await.unwrap().as_ref(), "سر المركبة القديمة".as_bytes());
        let certificate = until("the certificate is printed", async || {
            let shown = show(&app, clerk, done.certificate_id?).await;
            shown.attachments.iter().any(|one| one.role == AttachmentRole::Print).then_some(shown)
        })
        .await;
        assert!(certificate.head.number.is_some() && certificate.head.subject.contains("محضر إتلاف"));
        let print = app.get(clerk, &format!("/api/attachments/{}/content", certificate.attachments[0].id)).await;
        assert!(print.body.starts_with(b"%PDF"));
        fixed(&app, alone);
    });
}

/// What is destroyed cannot be changed, not even past the operations.
fn fixed(app: &TestApp, id: i64) {
    for statement in [
        format!("UPDATE records SET subject = 'x' WHERE id = {id}"),
        format!("UPDATE records SET state = 'filed' WHERE id = {id}"),
        format!("UPDATE keeping SET destroyed_on = NULL WHERE record_id = {id}"),
        format!("DELETE FROM keeping WHERE record_id = {id}"),
        format!("UPDATE documents SET doc_date = '2000-01-01' WHERE record_id = {id}"),
        format!("UPDATE attachments SET removed_at = NULL WHERE record_id = {id}"),
        "DELETE FROM disposal_votes".to_owned(),
        "UPDATE disposal_items SET files = '[]'".to_owned(),
    ] {
        let refused =
            app.platform.db.upkeep("test.change", |tx| Ok::<_, DbError>(sql_query(&statement).execute(tx.conn())?));
        let violation = refused.as_ref().err().and_then(DbError::violation);
        assert_eq!(violation, Some(Violation::Immutable), "{statement}: {refused:?}");
    }
}

#[test]
fn a_hold_freezes_records_classes_and_their_files() {
    both_async(async |db: TestDb| {
        let (app, [clerk, first, _]) = committee(db);
        let (one, two) = (filed(&app, clerk, "5000", "أولى").await, filed(&app, clerk, "5000", "ثانية").await);
        later(&app, YEARS);
        let single = hold(&app, first, &[one]).await;
        let file = show(&app, clerk, one).await.attachments[0].id;
        app.delete(clerk, &format!("/api/attachments/{file}")).await.refused(409, "on_hold");
        let input = DisposalInput { reason: "x".into(), record_ids: vec![one, two] };
        let told = app.post(clerk, "/api/archive/disposals", &input).await.wrong_fields();
        assert_eq!(told, [("record_ids".to_owned(), "on_hold".to_owned())]);
        let by_class = HoldInput {
            reason: "تدقيق".into(),
            record_ids: Vec::new(),
            file_id: None,
            class_id: Some(class(&app, clerk, "5000").await.id),
        };
        let wide: Hold = app.post(first, "/api/archive/holds", &by_class).await.created();
        assert_eq!(show(&app, clerk, two).await.keeping.unwrap().holds.len(), 1);
        assert_eq!(show(&app, clerk, one).await.keeping.unwrap().holds.len(), 2);
        let both = HoldInput { record_ids: vec![one], ..by_class };
        app.post(first, "/api/archive/holds", &both).await.refused(422, "invalid");
        let end = EndInput { reason: "انتهت".into() };
        app.post(app.world.mof.users["clerk"], &format!("/api/archive/holds/{}/lift", wide.id), &end)
            .await
            .refused(403, "forbidden");
        for id in [single.id, wide.id] {
            let path = format!("/api/archive/holds/{id}/lift");
            app.post(first, &path, &EndInput { reason: " ".into() }).await.refused(422, "invalid");
            app.post(first, &path, &end).await.ok::<Hold>();
            app.post(first, &path, &end).await.refused(409, "wrong_state");
        }
        app.delete(clerk, &format!("/api/attachments/{file}")).await.done();
    });
}

#[test]
fn a_hold_set_while_a_destruction_is_under_way_wins() {
    both_async(async |db: TestDb| {
        let (mut app, [clerk, first, second]) = committee(db);
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(filed(&app, clerk, "5000", &format!("وثيقة {n}")).await);
        }
        later(&app, YEARS);
        let made = propose(&app, clerk, &ids).await;
        let once = confirm(&app, first, &made).await;
        confirm(&app, second, &once).await;
        // Confirmed, and not begun: this hold is there before the work.
        hold(&app, first, &ids[..2]).await;
        let _running = app.start(Work::default());
        // These are set while the work runs.
        let late = join_all(ids[2..].iter().map(|id| hold(&app, second, std::slice::from_ref(id))));
        late.await;
        let done = carried_out(&app, clerk, made.id).await;
        for item in &done.items {
            let held = ids[..2].contains(&item.id);
            assert!(!held || item.state == DisposalItemState::Spared, "a hold that was there: {item:?}");
            let files: i64 = app
                .platform
                .db
                .read_now(|tx| {
                    let left = attachments::table
                        .filter(attachments::record_id.eq(item.id))
                        .filter(attachments::removed_at.is_null());
                    Ok::<_, DbError>(left.count().get_result(tx.conn())?)
                })
                .unwrap();
            assert_eq!(files == 0, item.state == DisposalItemState::Destroyed, "whole or not at all: {item:?}");
        }
        let orphaned: i64 = app
            .platform
            .db
            .read_now(|tx| {
                let gone = blobs::table.filter(blobs::destroyed_at.is_not_null());
                Ok::<_, DbError>(gone.count().get_result(tx.conn())?)
            })
            .unwrap();
        let destroyed = done.items.iter().filter(|item| item.state == DisposalItemState::Destroyed).count();
        assert_eq!(usize::try_from(orphaned).unwrap(), destroyed);
    });
}

#[test]
fn a_review_keeps_condemns_or_gives_another_schedule() {
    both_async(async |db: TestDb| {
        let (app, [clerk, first, _]) = committee(db);
        let id = filed(&app, clerk, "3000", "مالية").await;
        let path = format!("/api/documents/{id}/review");
        let decide = |decision| ReviewInput { decision, until_on: None, schedule_id: None, note: "سبب".into() };
        app.post(first, &path, &decide(ReviewDecision::Destroy)).await.refused(409, "not_due_for_review");
        later(&app, YEARS);
        let far = (app.db.clock().now() + Duration::days(400)).date();
        let keep = ReviewInput { until_on: Some(far), ..decide(ReviewDecision::KeepUntil) };
        app.post(first, &path, &keep).await.done();
        assert_eq!(show(&app, clerk, id).await.keeping.unwrap().due_on, Some(far));
        app.post(first, &path, &decide(ReviewDecision::Destroy)).await.refused(409, "not_due_for_review");
        later(&app, 500);
        app.post(first, &path, &decide(ReviewDecision::Destroy)).await.done();
        assert_eq!(show(&app, clerk, id).await.keeping.unwrap().action, Fate::Destroy);
        let forever =
            ReviewInput { schedule_id: Some(schedule(&app, clerk, "P").await), ..decide(ReviewDecision::Schedule) };
        app.post(first, &path, &forever).await.done();
        let kept = show(&app, clerk, id).await.keeping.unwrap();
        assert_eq!((kept.action, kept.due_on, kept.chosen, kept.reviews.len()), (Fate::Keep, None, true, 3));
        app.post(app.world.mof.users["clerk"], &path, &forever).await.refused(403, "forbidden");
    });
}

#[test]
fn nothing_held_and_nothing_before_its_day_is_ever_destroyed() {
    both_async(async |db: TestDb| {
        let (mut app, [clerk, first, second]) = committee(db);
        // A simple generator: the same cases on both databases, and again when one fails.
        let mut seed = 20_261_128_u64;
        let mut dice = |sides: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % sides
        };
        let mut ids = Vec::new();
        for n in 0..16 {
            let class = ["1000", "2200", "3000", "5000"][usize::try_from(dice(4)).unwrap()];
            let day = NaiveDate::from_ymd_opt(2005 + i32::try_from(dice(20)).unwrap(), 3, 1).unwrap();
            let new = NewDocument { class_code: Some(class.into()), doc_date: day, ..document(&format!("{n}")) };
            ids.push(app.file(clerk, &new, &[("أ.txt", format!("نص {n}").as_bytes())]).await.head.id);
        }
        let held: BTreeSet<i64> = ids.iter().copied().filter(|_| dice(3) == 0).collect();
        let (before, after): (Vec<i64>, Vec<i64>) = held.iter().copied().partition(|_| dice(2) == 0);
        if !before.is_empty() {
            hold(&app, first, &before).await;
        }
        let due: Page<DueItem> = app.get(clerk, "/api/archive/due?limit=100").await.ok();
        let ready: Vec<i64> = due.items.iter().filter(|item| item.ready).map(|item| item.id).collect();
        assert!(ready.iter().all(|id| !before.contains(id)));
        let made = propose(&app, clerk, &ready).await;
        if !after.is_empty() {
            hold(&app, first, &after).await;
        }
        let once = confirm(&app, first, &made).await;
        confirm(&app, second, &once).await;
        let _running = app.start(Work::default());
        carried_out(&app, clerk, made.id).await;
        let today = app.db.clock().now().date();
        let mut destroyed = 0;
        for id in &ids {
            let shown = show(&app, clerk, *id).await;
            let kept = shown.keeping.unwrap();
            if shown.head.state == "destroyed" {
                destroyed += 1;
                assert!(!held.contains(id), "{id} is held");
                assert!(kept.action == Fate::Destroy && kept.due_on.is_some_and(|due| due <= today), "{kept:?}");
            }
        }
        assert!(destroyed > 0, "the dice tell nothing");
    });
}
