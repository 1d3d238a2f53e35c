//! Search: found by any word, by those who may, and by nobody else.

use diesel::prelude::*;
use diwan_archive_api::{DocumentRow, NewDocument, SearchAnswer, Suggestions};
use diwan_db::{DbError, WriteTx};
use diwan_kernel::{Caveat, Page, Permission, Secrecy};
use diwan_platform::{actor, records::CHANGED};
use diwan_platform_api::records::RecordKind;
use diwan_schema::platform::{record_access, user_caveats, users};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode};

fn upkeep(app: &TestApp, work: impl FnOnce(&mut WriteTx<'_>) -> Result<(), DbError>) {
    app.platform.db.upkeep("test", work).unwrap();
}

fn sets_clearance(app: &TestApp, user: i64, level: Secrecy) {
    upkeep(app, |tx| {
        diesel::update(users::table.find(user)).set(users::clearance.eq(level.code())).execute(tx.conn())?;
        Ok(())
    });
}

/// Nothing of the record comes back to this person, by any route.
async fn hidden(app: &TestApp, user: i64, words: &str) {
    let answer = app.find(user, &format!("q={}", encode(words))).await;
    assert_eq!((answer.total, answer.hits.len()), (0, 0), "{words}");
    let facets = answer.facets;
    assert!(facets.agencies.is_empty() && facets.kinds.is_empty() && facets.secrecy.is_empty());
    assert!(facets.classes.is_empty() && facets.months.is_empty());
    let all = app.find(user, "q=").await;
    assert_eq!((all.total, all.hits.len(), all.facets.kinds.len()), (0, 0, 0));
    let suggested: Suggestions = app.get(user, &format!("/api/search/suggest?q={}", encode(words))).await.ok();
    assert!(suggested.items.is_empty());
}

#[test]
fn what_is_filed_is_found_by_any_word() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let text = "قرر مجلس الوزراء الموافقة على تعديل نظام الأشغال الحكومية وفقًا للكتاب رقم ١٨/٤/٧٧٦٥";
        let filed = app.file(clerk, &document("محضر إدارة المشتريات"), &[("قرار.txt", text.as_bytes())]).await;
        app.index();
        assert_eq!(
            app.subjects(clerk, "المشتريات").await,
            ["محضر إدارة المشتريات"],
            "the subject is found before its files are read"
        );
        assert!(app.subjects(clerk, "الأشغال").await.is_empty());
        app.extract().await;
        app.index();
        for words in [
            "الاشغال",
            "أشغال",
            "وزراء",
            "\"تعديل نظام الأشغال\"",
            "18/4/7765",
            "١٨/٤/٧٧٦٥",
            "ديوان المحاسبة",
            "مُحْضَر",
            "حكوميه",
        ] {
            assert_eq!(app.subjects(clerk, words).await.len(), 1, "{words}");
        }
        for (phrase, relaxed) in [("\"تعديل نظام الأشغال\"", false), ("\"نظام تعديل الأشغال\"", true)]
        {
            let answer = app.find(clerk, &format!("q={}", encode(phrase))).await;
            assert_eq!(
                (answer.total, answer.relaxed),
                (1, relaxed),
                "{phrase}: what is not there as typed is told as such"
            );
        }

        let answer = app.find(clerk, &format!("q={}", encode("الأشغال"))).await;
        let hit = &answer.hits[0];
        assert_eq!((hit.id, hit.kind, hit.number.as_deref()), (filed.head.id, RecordKind::Document, Some("و/2026/1")));
        assert_eq!(
            (hit.place.attachment.as_deref(), hit.place.attachment_id),
            (Some("قرار.txt"), Some(filed.attachments[0].id))
        );
        let marked: String =
            hit.snippet.text.chars().skip(hit.snippet.marks[0].start).take(hit.snippet.marks[0].len).collect();
        assert_eq!(marked, "الأشغال");
        assert_eq!((hit.date, hit.secrecy), (filed.doc_date, Secrecy::Normal));
        assert_eq!(answer.facets.kinds[0].value, "document");
        assert_eq!((answer.facets.classes[0].value.as_str(), answer.facets.classes[0].count), ("3000", 1));
        assert_eq!(answer.facets.agencies[0].name.as_ref().unwrap().ar, "وزارة الاقتصاد الرقمي والريادة");
        assert_eq!(answer.facets.months[0].month.to_string(), "2026-10-01");
        let suggested: Suggestions =
            app.get(clerk, &format!("/api/search/suggest?q={}", encode("ادارة المش"))).await.ok();
        assert_eq!(suggested.items[0].id, filed.head.id);
        let numbered: Suggestions = app.get(clerk, &format!("/api/search/suggest?q={}", encode("٢٠٢٦/١"))).await.ok();
        assert_eq!(numbered.items[0].id, filed.head.id);
    });
}

#[test]
fn filters_and_pages_narrow_what_is_found() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        for n in 1..=5_u32 {
            let new = NewDocument {
                doc_date: chrono::NaiveDate::from_ymd_opt(2026, n, 1).unwrap(),
                class_code: Some(format!("{}000", 1 + n % 2)),
                secrecy: if n == 5 { Secrecy::Secret } else { Secrecy::Normal },
                ..document(&format!("تقرير {n}"))
            };
            app.file(clerk, &new, &[("نص.txt", b"x")]).await;
        }
        app.index();
        let count = async |filter: &str| app.find(clerk, &format!("q={}&{filter}", encode("تقرير"))).await.total;
        assert_eq!(count("").await, 5);
        assert_eq!(count("class=1000").await, 2);
        assert_eq!(count("class=1000,2000&secrecy=secret").await, 1);
        assert_eq!(count("from=2026-02-01&to=2026-04-30").await, 3);
        assert_eq!(count("kind=outgoing,incoming").await, 0);
        assert_eq!(count(&format!("agency={}", app.world.modee.id)).await, 5);
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page: SearchAnswer =
                app.find(clerk, &format!("q={}&sort=oldest&limit=2{after}", encode("تقرير"))).await;
            seen.extend(page.hits.iter().map(|hit| hit.subject.text.clone()));
            let Some(next) = page.next else { break };
            after = format!("&after={next}");
        }
        assert_eq!(seen, ["تقرير 1", "تقرير 2", "تقرير 3", "تقرير 4", "تقرير 5"]);
        app.get(clerk, "/api/search?secrecy=x").await.refused(422, "invalid");
        app.get(clerk, "/api/search?after=x").await.refused(422, "invalid");
    });
}

#[test]
fn nobody_finds_what_they_may_not_see() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let in_legal = NewDocument {
            secrecy: Secrecy::Secret,
            unit_id: Some(app.world.modee.units["legal"]),
            ..document("مذكرة قانونية سرية")
        };
        let filed = app.file(users["clerk"], &in_legal, &[("نص.txt", "بنود الاتفاقية".as_bytes())]).await;
        app.extract().await;
        app.index();
        // The list of the archive hides it from them too, once they may read the archive at all.
        for stranger in [users["head"], users["staff"], app.world.mof.users["clerk"]] {
            if stranger != app.world.mof.users["clerk"] {
                app.grant(stranger, Permission::ArchiveRead);
            }
            let list: Page<DocumentRow> = app.get(stranger, "/api/documents").await.ok();
            assert!(list.items.is_empty());
            app.get(stranger, &format!("/api/documents/{}", filed.head.id)).await.refused(404, "not_found");
        }
        for words in ["قانونية", "الاتفاقية", "و/2026/1"] {
            // Other agencies, and another unit of the same one.
            for stranger in [app.world.mof.users["clerk"], app.world.moh.users["sg"], users["head"], users["staff"]] {
                hidden(&app, stranger, words).await;
            }
            for reader in [users["clerk"], users["other_head"], users["sg"]] {
                assert_eq!(app.subjects(reader, words).await.len(), 1, "{words}");
            }
        }
        sets_clearance(&app, users["other_head"], Secrecy::Restricted);
        hidden(&app, users["other_head"], "الاتفاقية").await;
    });
}

#[test]
fn a_caveat_closes_a_record_until_it_is_held() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let (clerk, sg) = (app.world.modee.users["clerk"], app.world.modee.users["sg"]);
        let give = |tx: &mut WriteTx<'_>, user: i64| {
            let row = (user_caveats::user_id.eq(user), user_caveats::caveat.eq(Caveat::Personal.code()));
            diesel::insert_into(user_caveats::table).values(row).execute(tx.conn()).map(|_| ()).map_err(DbError::from)
        };
        upkeep(&app, |tx| give(tx, clerk));
        let new = NewDocument { caveats: vec![Caveat::Personal], ..document("تقييم شخصي") };
        app.file(clerk, &new, &[("نص.txt", "علاوة".as_bytes())]).await;
        app.extract().await;
        app.index();
        assert_eq!(app.subjects(clerk, "علاوة").await.len(), 1);
        hidden(&app, sg, "علاوة").await;
        upkeep(&app, |tx| give(tx, sg));
        assert_eq!(app.subjects(sg, "علاوة").await.len(), 1);
    });
}

#[test]
fn the_database_has_the_last_word() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let new = NewDocument { unit_id: Some(app.world.modee.units["legal"]), ..document("ملف الدعوى") };
        let filed = app.file(users["clerk"], &new, &[("نص.txt", b"x")]).await;
        app.index();
        assert_eq!(app.subjects(users["other_head"], "الدعوى").await.len(), 1);
        let legal = actor::unit(app.world.modee.units["legal"]);
        upkeep(&app, |tx| {
            let row = record_access::table.find((filed.head.id, legal));
            diesel::delete(row).execute(tx.conn())?;
            Ok(())
        });
        let answer = app.find(users["other_head"], &format!("q={}", encode("الدعوى"))).await;
        assert_eq!((answer.total, answer.hits.len()), (0, 0), "the index has not heard of it yet");
        upkeep(&app, |tx| tx.outbox(CHANGED, Some(app.world.modee.id), Some(filed.head.id), &()));
        app.index();
        hidden(&app, users["other_head"], "الدعوى").await;
    });
}

#[test]
fn who_moves_to_another_agency_leaves_the_old_one_behind() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        app.file(clerk, &document("من الجهة القديمة"), &[("نص.txt", b"x")]).await;
        app.index();
        assert_eq!(app.subjects(clerk, "القديمة").await.len(), 1);
        upkeep(&app, |tx| {
            diesel::update(users::table.find(clerk)).set(users::agency_id.eq(app.world.mof.id)).execute(tx.conn())?;
            Ok(())
        });
        hidden(&app, clerk, "القديمة").await;
    });
}

#[test]
fn the_words_of_what_is_top_secret_stay_out_of_the_index() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        sets_clearance(&app, clerk, Secrecy::TopSecret);
        let new = NewDocument { secrecy: Secrecy::TopSecret, ..document("خطة الطوارئ") };
        app.file(clerk, &new, &[("نص.txt", "مواقع التخزين".as_bytes())]).await;
        app.extract().await;
        app.index();
        assert_eq!(app.subjects(clerk, "الطوارئ").await.len(), 1);
        assert!(app.subjects(clerk, "التخزين").await.is_empty());
    });
}
