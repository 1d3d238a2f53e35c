//! Stamps and notes over the pages of a file.

use diesel::prelude::*;
use diwan_archive_api::{MarkKind, NewPageMark, PageMarks};
use diwan_db::DbError;
use diwan_schema::{archive::page_marks, platform::audit_entries};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document};

fn stamp(page: i32, text: &str) -> NewPageMark {
    NewPageMark { page, kind: MarkKind::Stamp, x: 5_000, y: 900, text: text.to_owned() }
}

async fn paper(app: &TestApp, user: i64) -> i64 {
    app.file(user, &document("كتاب"), &[("كتاب.txt", "نص الكتاب".as_bytes())]).await.attachments[0].id
}

#[test]
fn a_stamp_and_a_note_lie_over_the_page_until_they_are_taken_away() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let path = format!("/api/attachments/{}/marks", paper(&app, clerk).await);
        let first: PageMarks = app.post(clerk, &path, &stamp(1, "صورة طبق الأصل")).await.ok();
        assert!(first.may_add && first.items[0].may_remove);
        let note = NewPageMark {
            kind: MarkKind::Note, text: "يُراجع التاريخ\nمع الديوان".into(), ..stamp(1, "")
        };
        let both: PageMarks = app.post(clerk, &path, &note).await.ok();
        let told: Vec<_> = both.items.iter().map(|mark| (mark.kind, mark.x, mark.y, mark.text.as_str())).collect();
        assert_eq!(
            told,
            [(MarkKind::Stamp, 5_000, 900, "صورة طبق الأصل"), (MarkKind::Note, 5_000, 900, "يُراجع التاريخ\nمع الديوان")]
        );
        assert_eq!(both.items[0].created_by.id, clerk);
        let mark = format!("{path}/{}", both.items[0].id);
        let left: PageMarks = app.delete(clerk, &mark).await.ok();
        assert_eq!(left.items, both.items[1..]);
        app.delete(clerk, &mark).await.refused(404, "not_found");
        // What was taken away stays for the auditor.
        let (rows, trail): (i64, i64) = app
            .platform
            .db
            .read_now(|tx| {
                let rows = page_marks::table.count().get_result(tx.conn())?;
                let trail = audit_entries::table.filter(audit_entries::op.like("archive.mark.%"));
                Ok::<_, DbError>((rows, trail.count().get_result(tx.conn())?))
            })
            .unwrap();
        assert_eq!((rows, trail), (2, 3));
    });
}

#[test]
fn a_mark_that_cannot_be_is_refused() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let path = format!("/api/attachments/{}/marks", paper(&app, clerk).await);
        for (mark, field, code) in [
            (stamp(0, "وارد"), "page", "out_of_range"),
            (stamp(2, "وارد"), "page", "out_of_range"),
            (NewPageMark { x: -1, ..stamp(1, "وارد") }, "x", "out_of_range"),
            (NewPageMark { y: 10_001, ..stamp(1, "وارد") }, "y", "out_of_range"),
            (stamp(1, "  "), "text", "required"),
            (stamp(1, &"ط".repeat(41)), "text", "too_long"),
            (NewPageMark { kind: MarkKind::Note, ..stamp(1, &"ط".repeat(1_001)) }, "text", "too_long"),
        ] {
            let answer = app.post(clerk, &path, &mark).await;
            answer.refused(422, "invalid");
            assert_eq!(answer.wrong_fields(), [(field.to_owned(), code.to_owned())], "{mark:?}");
        }
        assert!(app.get(clerk, &path).await.ok::<PageMarks>().items.is_empty());
    });
}

#[test]
fn marks_are_for_those_who_see_the_file_and_may_file() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, staff) = (app.world.modee.users["clerk"], app.world.modee.users["staff"]);
        let stranger = app.world.mof.users["clerk"];
        let path = format!("/api/attachments/{}/marks", paper(&app, clerk).await);
        let marks: PageMarks = app.post(clerk, &path, &stamp(1, "وارد")).await.ok();
        let mark = format!("{path}/{}", marks.items[0].id);
        app.post(staff, &path, &stamp(1, "وارد")).await.refused(403, "forbidden");
        app.delete(staff, &mark).await.refused(403, "forbidden");
        app.get(stranger, &path).await.refused(404, "not_found");
        app.post(stranger, &path, &stamp(1, "وارد")).await.refused(404, "not_found");
        app.delete(stranger, &mark).await.refused(404, "not_found");
        // A mark of another file is none of this one's.
        let other = format!("/api/attachments/{}/marks/{}", paper(&app, clerk).await, marks.items[0].id);
        app.delete(clerk, &other).await.refused(404, "not_found");
    });
}
