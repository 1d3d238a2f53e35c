//! The language of searches, what is proposed where nothing is found, and searching inside one record.

use chrono::NaiveDate;
use diwan_archive_api::{FindAnswer, NewDocument, ProposalKind};
use diwan_kernel::Secrecy;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode};

async fn ids(app: &TestApp, user: i64, words: &str) -> Vec<i64> {
    app.find(user, &format!("q={}", encode(words))).await.hits.iter().map(|hit| hit.id).collect()
}

#[test]
fn what_is_typed_narrows_as_the_filters_do() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let mut filed = Vec::new();
        for (subject, party, class, date) in [
            ("مشروع الموازنة العامة", "وزارة المالية", "1000", day(2025, 3, 1)),
            ("كتاب تغطية", "ديوان المحاسبة", "2000", day(2026, 2, 5)),
            ("صيانة الطرق", "وزارة الأشغال", "1000", day(2026, 9, 9)),
        ] {
            let new = NewDocument {
                doc_date: date,
                party: party.into(),
                class_code: Some(class.into()),
                ..document(subject)
            };
            let text = "مخصصات الموازنة العامة للعام القادم";
            filed.push(app.file(clerk, &new, &[("نص.txt", text.as_bytes())]).await.head.id);
        }
        app.extract().await;
        app.index();
        let [budget, cover, roads] = filed[..] else { panic!("three documents") };
        for (words, expected) in [
            ("الموضوع:الموازنة", vec![budget]),
            ("subject:\"الموازنة العامة\"", vec![budget]),
            ("الموازنة الجهة:المالية", vec![budget]),
            ("مخصصات -الجهة:المالية", vec![cover, roads]),
            ("مخصصات -الطرق", vec![budget, cover]),
            ("الرمز:1000 مخصصات", vec![budget, roads]),
            ("class:٢٠٠٠", vec![cover]),
            ("من:2026 الموازنة", vec![cover, roads]),
            ("الموازنة من:2026 إلى:6/2026", vec![cover]),
            ("date:2025", vec![budget]),
            ("مخصصات النوع:وارد", vec![]),
            ("مخصصات kind:document -subject:تغطية", vec![budget, roads]),
            ("الموضوع:تغطية أو الموضوع:صيانة", vec![cover, roads]),
            ("المحصصات~", vec![budget, cover, roads]),
            ("مخصصا*", vec![budget, cover, roads]),
        ] {
            let mut found = ids(&app, clerk, words).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{words}");
        }
        let numbers = app.find(clerk, &format!("q={}", encode("الرقم:و/2026/2"))).await;
        assert_eq!(numbers.hits[0].id, cover);
        // Whatever is typed is answered.
        for odd in ["-", ":", "الموضوع:", "أو أو", "\"", "من:أمس", "* ~ - :", "-\"\"", "الرقم:"] {
            app.find(clerk, &format!("q={}", encode(odd))).await;
        }
    });
}

#[test]
fn what_finds_nothing_is_told_what_would() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let clerk = users["clerk"];
        app.file(clerk, &document("استملاك أراضي المطار"), &[("نص.txt", b"x")]).await;
        let hidden = NewDocument {
            secrecy: Secrecy::Secret,
            unit_id: Some(app.world.modee.units["legal"]),
            ..document("مصادرة الممتلكات")
        };
        app.file(clerk, &hidden, &[("نص.txt", b"x")]).await;
        app.index();

        let answer = app.find(clerk, &format!("q={}", encode("استنلاق"))).await;
        assert_eq!(answer.total, 0);
        let word = &answer.proposals[0];
        assert_eq!((word.kind, word.word.as_deref()), (ProposalKind::Word, Some("استنلاق")));
        assert_eq!(ids(&app, clerk, &word.q).await.len() as u64, word.total, "a proposal finds what it says");

        let dated = app.find(clerk, &format!("q={}&from=2030-01-01", encode("المطار"))).await;
        assert_eq!((dated.total, dated.proposals.len()), (0, 1));
        assert_eq!((dated.proposals[0].kind, dated.proposals[0].total), (ProposalKind::Unfiltered, 1));

        // The one who may see it is told of its word, the others are not.
        let asked = format!("q={}", encode("الممتلكلات"));
        let told = app.find(clerk, &asked).await;
        assert_eq!(told.proposals[0].instead.as_deref(), Some("الممتلكات"));
        for stranger in [users["head"], users["staff"], app.world.mof.users["clerk"]] {
            let answer = app.find(stranger, &asked).await;
            assert!(answer.proposals.is_empty(), "{:?}", answer.proposals);
        }
        assert!(
            app.find(clerk, &format!("q={}", encode("المطار"))).await.proposals.is_empty(),
            "it found what was asked"
        );
    });
}

#[test]
fn every_place_inside_a_record_is_told_with_its_file() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let clerk = users["clerk"];
        let filler = "سطر لا علاقة له بشيء مما يبحث عنه الناس. ".repeat(20);
        let first = format!("{filler}قرر مجلس الوزراء تعديل النظام.{filler}وافق المجلس على القرار.{filler}");
        let second = format!("{filler}اجتمع مجلس الوزراء أمس.");
        let new = NewDocument {
            secrecy: Secrecy::Secret,
            unit_id: Some(app.world.modee.units["legal"]),
            ..document("محضر الجلسة")
        };
        let files: [(&str, &[u8]); 2] = [("أول.txt", first.as_bytes()), ("ثان.txt", second.as_bytes())];
        let filed = app.file(clerk, &new, &files).await;
        app.extract().await;
        app.index();
        let find = async |user: i64, words: &str| -> FindAnswer {
            app.get(user, &format!("/api/records/{}/find?q={}", filed.head.id, encode(words))).await.ok()
        };
        let whole = find(clerk, "مجلس الوزراء").await;
        assert_eq!((whole.total, whole.relaxed), (2, false));
        let places: Vec<_> = whole.passages.iter().map(|one| one.place.attachment_id).collect();
        assert_eq!(places, [Some(filed.attachments[0].id), Some(filed.attachments[1].id)]);
        assert!(whole.passages[0].text.text.contains("قرر مجلس الوزراء تعديل النظام"));
        assert_eq!(whole.passages[0].text.marks.len(), 2);
        assert_eq!(find(clerk, "المجلس").await.total, 3);
        assert_eq!(find(clerk, "\"تعديل النظام\"").await.total, 1);
        assert_eq!(find(clerk, "الطوارئ").await, FindAnswer::default());
        assert_eq!(find(clerk, "").await, FindAnswer::default());
        for stranger in [users["head"], app.world.mof.users["clerk"]] {
            let path = format!("/api/records/{}/find?q={}", filed.head.id, encode("مجلس"));
            app.get(stranger, &path).await.refused(404, "not_found");
        }
    });
}
