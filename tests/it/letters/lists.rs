//! The lists of letters: each filter, each view, each order, by page; counts and the chart.

use std::collections::BTreeMap;

use diwan_kernel::{Page, Priority, Secrecy};
use diwan_tarasol_api::{DayCount, LetterInput, LetterRow, LetterSort, LetterStep, ReferInput, StepNote, ViewCounts};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, encode, letter, note};

async fn subjects(app: &TestApp, user: i64, query: &str) -> Vec<String> {
    let page: Page<LetterRow> = app.get(user, &format!("/api/letters?direction={query}")).await.ok();
    page.items.into_iter().map(|row| row.subject).collect()
}

/// Four letters at the ministry of finance: one waits, one is registered and due, one is closed, one is with the clerk.
async fn inbox(app: &TestApp) {
    let mof = app.world.mof.clone();
    let plain = |subject: &str| letter(mof.id, subject);
    let letters = [
        LetterInput { priority: Priority::Immediate, ..plain("ألف بشأن الإدارة") },
        LetterInput {
            priority: Priority::Urgent, reply_due_days: Some(1), ..plain("باء بشأن الموازنة")
        },
        LetterInput { secrecy: Secrecy::Secret, ..plain("تاء بشأن التعيينات") },
        LetterInput { reply_due_days: Some(3), ..plain("ثاء بشأن العطاءات") },
    ];
    let mut ids = Vec::new();
    for letter in &letters {
        ids.push(app.issued(letter).await.1);
        app.db.clock().advance(chrono::Duration::hours(1));
    }
    let clerk = mof.users["clerk"];
    for id in ids.iter().skip(1) {
        app.step_now(clerk, *id, "register", &StepNote::default()).await.ok::<LetterStep>();
    }
    app.step_now(clerk, ids[2], "close", &note("للحفظ")).await.ok::<LetterStep>();
    let to = serde_json::json!([{ "assignee": { "kind": "user", "id": clerk }, "instruction": "for_action" }]);
    let refer = ReferInput { to: serde_json::from_value(to).unwrap(), note: None, due_on: None };
    app.post(clerk, &format!("/api/letters/{}/refer", ids[3]), &refer).await.ok::<LetterStep>();
    // Two days later, the one that was due after one working day is late.
    app.db.clock().advance(chrono::Duration::days(2));
}

#[test]
fn every_filter_and_view_narrows_the_list() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        inbox(&app).await;
        let clerk = app.world.mof.users["clerk"];
        let (a, b, c, d) = ("ألف بشأن الإدارة", "باء بشأن الموازنة", "تاء بشأن التعيينات", "ثاء بشأن العطاءات");
        let modee = app.world.modee.id;
        let cases = [
            ("incoming".to_owned(), vec![d, c, b, a]),
            ("incoming&view=all".to_owned(), vec![d, c, b, a]),
            ("incoming&view=to_register".to_owned(), vec![a]),
            ("incoming&view=mine".to_owned(), vec![d]),
            ("incoming&view=overdue".to_owned(), vec![b]),
            ("incoming&view=awaiting_reply".to_owned(), vec![d, b]),
            ("incoming&view=closed".to_owned(), vec![c]),
            ("incoming&state=registered".to_owned(), vec![b]),
            ("incoming&secrecy=secret".to_owned(), vec![c]),
            ("incoming&priority=immediate".to_owned(), vec![a]),
            (format!("incoming&counterpart_id={modee}"), vec![d, c, b, a]),
            (format!("incoming&counterpart_id={}", app.world.moh.id), vec![]),
            ("incoming&from=2026-11-01&to=2026-11-01".to_owned(), vec![d, c, b, a]),
            ("incoming&from=2026-11-02".to_owned(), vec![]),
            ("incoming&to=2026-10-31".to_owned(), vec![]),
            (format!("incoming&q={}", encode("اداره")), vec![a]),
            (format!("incoming&q={}", encode("بشأن موازنة")), vec![b]),
            (format!("incoming&q={}", encode("MODEE/2026/3")), vec![c]),
            (format!("incoming&q={}", encode("٢٠٢٦/٣")), vec![d, c]),
            (format!("incoming&q={}", encode("100%")), vec![]),
            ("incoming&secrecy=secret&priority=immediate".to_owned(), vec![]),
            ("outgoing".to_owned(), vec![]),
            ("internal_memo".to_owned(), vec![]),
        ];
        for (query, expected) in cases {
            assert_eq!(subjects(&app, clerk, &query).await, expected, "{query}");
        }
        for wrong in ["", "?direction=sideways", "?direction=incoming&view=x", "?direction=incoming&from=x"] {
            app.get(clerk, &format!("/api/letters{wrong}")).await.refused(400, "bad_query");
        }
    });
}

#[test]
fn every_order_is_kept_over_the_pages() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        inbox(&app).await;
        let clerk = app.world.mof.users["clerk"];
        let first = |subject: &String| subject.chars().next().unwrap();
        let orders = [
            (LetterSort::Newest, "ثتبأ"),
            (LetterSort::Oldest, "أبتث"),
            (LetterSort::Due, "بثأت"),
            (LetterSort::Subject, "أبتث"),
            (LetterSort::Counterpart, "أبتث"),
            (LetterSort::Priority, "أبثت"),
        ];
        for (sort, expected) in orders {
            let (mut seen, mut after) = (String::new(), String::new());
            loop {
                let query = format!("/api/letters?direction=incoming&sort={sort}&limit=1{after}");
                let page: Page<LetterRow> = app.get(clerk, &query).await.ok();
                assert_eq!(page.items.len(), 1);
                seen.extend(page.items.iter().map(|row| first(&row.subject)));
                let Some(next) = page.next else { break };
                after = format!("&after={}", encode(&next));
            }
            assert_eq!(seen, expected, "{sort}");
        }
        // By number, the latest registered comes first; what has none counts from when it was made.
        let numbered = subjects(&app, clerk, "incoming&sort=number&state=registered").await;
        assert_eq!(numbered, ["باء بشأن الموازنة"]);
    });
}

#[test]
fn the_tabs_count_what_their_lists_show() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        inbox(&app).await;
        for (user, direction) in
            [(app.world.mof.users["clerk"], "incoming"), (app.world.modee.users["clerk"], "outgoing")]
        {
            let counts: ViewCounts = app.get(user, &format!("/api/letters/counts?direction={direction}")).await.ok();
            assert_eq!(counts.counts.len(), 6);
            for (view, count) in counts.counts {
                let rows = subjects(&app, user, &format!("{direction}&view={view}")).await;
                assert_eq!(i64::try_from(rows.len()).unwrap(), count, "{direction} {view}");
            }
        }
        app.get(app.world.mof.users["clerk"], "/api/letters/counts").await.refused(400, "bad_query");
    });
}

#[test]
fn the_chart_counts_letters_by_day() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        inbox(&app).await;
        let days = async |user: i64| -> BTreeMap<String, (i64, i64)> {
            let days: Vec<DayCount> = app.get(user, "/api/letters/per-day?days=7").await.ok();
            days.into_iter().map(|day| (day.day.to_string(), (day.incoming, day.outgoing))).collect()
        };
        let got = days(app.world.mof.users["clerk"]).await;
        assert_eq!((got.len(), got["2026-11-01"], got["2026-11-03"]), (7, (4, 0), (0, 0)));
        assert_eq!(days(app.world.modee.users["clerk"]).await["2026-11-01"], (0, 4));
        assert_eq!(days(app.world.moh.users["clerk"]).await["2026-11-01"], (0, 0));
    });
}

#[test]
fn a_row_tells_with_whom_a_letter_lies() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let clerk = app.world.modee.users["clerk"];
        app.submitted(&letter(app.world.mof.id, "كتاب")).await;
        let page: Page<LetterRow> = app.get(clerk, "/api/letters?direction=outgoing").await.ok();
        let row = &page.items[0];
        assert_eq!((row.state.as_str(), row.counterpart.ar.as_str()), ("in_review", "وزارة المالية"));
        assert!(row.holder.as_ref().is_some_and(|holder| !holder.ar.is_empty()));
    });
}
