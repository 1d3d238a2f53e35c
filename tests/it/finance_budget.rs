//! The budget law out of a workbook, and spending before the law is there, over HTTP and on both databases.

use actix_web::test::TestRequest;
use diwan_finance_api::{
    DocumentInput, DocumentKind, DocumentStep, LawImport, PartRow, ProvisionalInput, ProvisionalRuleInput,
    ProvisionalStanding, Report, ReportCell, ReportRow,
};
use diwan_kernel::{Lang, Named};
use diwan_platform::sheet::{Cell, Column, SheetWriter};
use diwan_platform_api::files::Attachments;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Answer, encode};

use crate::finance_desk::{Desk, GOODS, SALARIES, day, refusal};

/// Sends a workbook.
async fn import(desk: &Desk, user: i64, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let uri = format!("/api/finance/budget/law/import?{query}");
    desk.app.send(user, TestRequest::post().uri(&uri).set_payload(file.into())).await
}

/// Where and how a workbook is wrong: line, column and code.
fn faults(seen: &LawImport) -> Vec<String> {
    let of_row = |row: &diwan_finance_api::LawRow| {
        let line = row.line;
        row.errors.iter().map(move |error| format!("{line} {}:{}", error.field, error.code)).collect::<Vec<_>>()
    };
    seen.shown.iter().flat_map(of_row).collect()
}

#[test]
fn the_law_is_read_from_a_workbook_looked_at_and_becomes_a_draft() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        let good = "الفصل,البرنامج,النشاط أو المشروع,مصدر التمويل,الموقع,البند,المبلغ,ملاحظة\n\
            1501,٤٤٠١,4401001,1,0,2219,\"١٬٢٣٤٫٥٠٠\",قرطاسية\n\
            1501,4401,4401001,1,00,2111,5000,\n";
        let seen: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", good).await.ok();
        assert_eq!((seen.rows, seen.wrong, seen.total, seen.document), (2, 0, 6_234_500, None));
        assert_eq!(seen.shown[0].key, GOODS, "a code that a spreadsheet took for a number is found");
        assert_eq!(seen.chapters.iter().map(|one| (one.code.as_str(), one.rows)).collect::<Vec<_>>(), [("1501", 2)]);
        assert_eq!(desk.count("finance_documents"), 0, "looking makes nothing");

        // What the law says it comes to is compared where it is said; a row that is missing is no wrong one.
        for total in ["6234.5", "٦٬٢٣٤٫٥٠٠", " "] {
            let query = format!("preview=true&on=2026-01-01&total={}", encode(total));
            assert_eq!(import(&desk, clerk, &query, good).await.ok::<LawImport>(), seen, "{total}");
        }
        let less = import(&desk, clerk, "preview=true&on=2026-01-01&total=6234.501", good).await;
        let less = less.refused(409, "law_total");
        assert_eq!((less.args["sum"].as_str(), less.args["total"].as_str()), ("6,234.500", "6,234.501"));
        let wrong = import(&desk, clerk, "preview=true&on=2026-01-01&total=x", good).await.wrong_fields();
        assert_eq!(wrong, [("total".into(), "amount_form".into())]);
        let take = format!("on=2026-01-01&reference=1&total=1&hash={}", seen.hash);
        import(&desk, clerk, &take, good).await.refused(409, "law_total");

        let take = format!("on=2026-01-01&hash={}&name={}", seen.hash, encode("قانون 2026.csv"));
        assert_eq!(import(&desk, clerk, &take, good).await.wrong_fields(), [("reference".into(), "required".into())]);
        let take = format!("{take}&reference={}&reference_on=2025-12-30", encode("13/2025"));
        import(&desk, clerk, &take, good.replace("5000", "5001")).await.refused(409, "file_changed");
        let made: LawImport = import(&desk, clerk, &take, good).await.ok();
        let id = made.document.unwrap();
        let draft = desk.view(id).await;
        assert_eq!((draft.kind, draft.amount, draft.lines.len()), (DocumentKind::BudgetLaw, 6_234_500, 2));
        assert_eq!((draft.reference.as_str(), draft.lines[0].note.as_str()), ("13/2025", "قرطاسية"));
        let files: Attachments = desk.app.get(clerk, &format!("/api/records/{id}/attachments")).await.ok();
        assert_eq!(files.items.len(), 1, "the workbook stays beside its law");
        desk.finish(id).unwrap();
        assert_eq!(desk.buckets(GOODS, 2026)[0], 1_234_500);
        assert_eq!(desk.buckets(SALARIES, 2026)[0], 5_000_000);

        // A key has its appropriation from one law: the same workbook is told so, row by row, and makes nothing.
        let twice: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", good).await.ok();
        assert_eq!(faults(&twice), ["2 key:law_twice", "3 key:law_twice"]);
        assert!(twice.shown[0].errors[0].args["document"].ends_with("/2026/1"));
        assert_eq!(import(&desk, clerk, &take, good).await.ok::<LawImport>().document, None);
        assert_eq!(desk.count("finance_documents"), 1);

        // The table to fill in has the keys of the year; with the amounts it is a law again.
        let file = desk.app.get(clerk, "/api/finance/budget/law/template?on=2026-05-01&lang=en").await;
        assert_eq!(&file.body[..2], b"PK");
        let empty: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", file.body.to_vec()).await.ok();
        assert_eq!((empty.rows, empty.wrong), (2, 2));
        assert_eq!(faults(&empty), ["2 amount:required", "3 amount:required"]);
        assert_eq!(empty.shown[0].key, SALARIES);
    });
}

#[test]
fn a_law_that_is_sent_again_is_drafted_once() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        let file = format!("key,amount\n{GOODS},10\n");
        let seen: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", file.clone()).await.ok();
        let send = async |reference: &str| {
            let query = format!("on=2026-01-01&hash={}&name=law.csv&reference={reference}", seen.hash);
            let uri = format!("/api/finance/budget/law/import?{query}");
            let request = TestRequest::post().uri(&uri).insert_header(("idempotency-key", "law"));
            desk.app.send(clerk, request.set_payload(file.clone())).await
        };
        let first: LawImport = send("1").await.ok();
        assert!(first.document.is_some());
        assert_eq!(send("1").await.ok::<LawImport>(), first, "the answer of the first one");
        assert_eq!(desk.count("finance_documents"), 1);
        send("2").await.refused(409, "idempotency_mismatch");
        assert_eq!(desk.count("finance_documents"), 1);
    });
}

#[test]
fn what_is_wrong_in_a_workbook_is_said_by_row_and_column() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        let rows = "chapter,programme,activity,fund,location,item,amount,note\n\
            1501,4401,4401001,1,00,9999,1,\n\
            1501,4401,4401001,1,00,22,1,\n\
            1501,4401,4401001,1,00,2219,x,\n\
            1501,4401,4401001,1,00,2219,0,\n\
            1501,4401,4401001,1,00,2219,10,\n\
            1501,4401,4401001,1,00,2219,10,\n\
            1501,4401,,1,00,2215,10,\n\
            1501,4401,4401001,1,00,2215,=1+1,\n\
            1501,4401,4401001,1,00,2215,1.0005,\n\
            المجموع,,,,,,20,\n";
        let seen: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", rows).await.ok();
        assert_eq!((seen.rows, seen.wrong, seen.total), (10, 9, 10_000));
        let told = faults(&seen);
        for fault in [
            "2 item:segment_unknown",
            "3 item:not_a_leaf",
            "4 amount:amount_form",
            "5 amount:not_positive",
            "7 key:law_row_twice",
            "8 activity:required",
            "9 amount:formula",
            "10 amount:decimals",
            "11 chapter:segment_unknown",
        ] {
            assert!(told.iter().any(|one| one == fault), "{fault} is not among {told:?}");
        }
        let hash = format!("on=2026-01-01&reference=1&hash={}", seen.hash);
        let again: LawImport = import(&desk, clerk, &hash, rows).await.ok();
        assert_eq!((again.document, desk.count("finance_documents")), (None, 0), "nothing is half taken");

        let lacking: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", "item,amount\n2219,1\n").await.ok();
        assert!(faults(&lacking).contains(&"1 fund:missing_column".to_owned()));
        let whole = format!("key,amount\n{GOODS},1\n{GOODS}-7,1\n");
        let seen: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", whole).await.ok();
        assert_eq!(faults(&seen), ["3 key:key_unknown"]);
        let fields = import(&desk, clerk, "preview=true&on=2026-01-01", "key,amount\n").await.wrong_fields();
        assert_eq!(fields, [("file".to_owned(), "empty".to_owned())]);
        // Nobody without the right, no year that was not opened, and nothing of another agency.
        import(&desk, desk.director.user_id, "preview=true&on=2026-01-01", rows).await.refused(403, "forbidden");
        import(&desk, clerk, "preview=true&on=2031-01-01", rows).await.refused(409, "no_fiscal_year");
        let other = desk.app.world.moh.users["clerk"];
        desk.app.grant(other, diwan_kernel::Permission::FinanceBudget);
        import(&desk, other, "preview=true&on=2026-01-01", rows).await.refused(409, "no_fiscal_year");
    });
}

/// A workbook of so many keys, no two the same.
fn workbook(rows: usize) -> Vec<u8> {
    let columns: Vec<Column> = ["chapter", "programme", "activity", "fund", "location", "item", "amount"]
        .map(|name| Column::new(name, name, 12))
        .into();
    let name = Named { ar: "القانون".to_owned(), en: "Law".to_owned() };
    let mut sheet = SheetWriter::new(Lang::En, &name, &columns).unwrap();
    let mut left = rows;
    for programme in ["4401", "4402", "4403", "4404"] {
        for activity in ["4401001", "4401002", "4402001", "4402002", "4403001", "4403002"] {
            for item in ["2111", "2112", "2211", "2212", "2213", "2214", "2215", "2216", "2217", "2218", "2219", "2220"]
            {
                for location in ["00", "11", "12", "13", "14", "21", "22", "23", "24", "31", "32", "33", "34"] {
                    for fund in ["1", "2", "3"] {
                        if left > 0 {
                            left -= 1;
                            let codes = ["1501", programme, activity, fund, location, item].map(Cell::text);
                            sheet.row(&[&codes[..], &[Cell::Amount(1_500, 3)]].concat()).unwrap();
                        }
                    }
                }
            }
        }
    }
    assert_eq!(left, 0);
    sheet.finish().unwrap()
}

#[test]
fn ten_thousand_rows_become_one_law() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        let file = workbook(10_000);
        let seen: LawImport = import(&desk, clerk, "preview=true&on=2026-01-01", file.clone()).await.ok();
        assert_eq!((seen.rows, seen.wrong, seen.total, seen.shown.len()), (10_000, 0, 15_000_000, 200));
        let take = format!("on=2026-01-01&reference=1&hash={}&name=law.xlsx", seen.hash);
        let made: LawImport = import(&desk, clerk, &take, file).await.ok();
        assert_eq!(desk.count("finance_lines"), 10_000);
        assert_eq!(desk.count("budget_keys"), 10_000);
        let lines = 10_000_usize.div_ceil(3 * 13);
        assert_eq!(desk.count("budget_lines"), i64::try_from(lines).unwrap(), "place and fund are not controlled");
        assert!(made.document.is_some());
        let much = import(&desk, clerk, "preview=true&on=2026-01-01", workbook(10_001)).await;
        assert_eq!(much.wrong_fields(), [("file".to_owned(), "too_many_rows".to_owned())]);
    });
}

/// The figures of the line of a key in a position: original, supplementary.
fn appropriated(position: &Report, key: &str) -> (i64, i64) {
    // Fund and place are not controlled.
    let parts: Vec<&str> = key.split('-').collect();
    let line = [parts[0], parts[1], parts[2], parts[5]].join("-");
    let of_line = |row: &&ReportRow| row.cells[0] == ReportCell::Code(line.clone());
    let row = position.rows.iter().find(of_line).unwrap();
    match (&row.cells[2], &row.cells[3]) {
        (ReportCell::Amount(original), ReportCell::Amount(supplementary)) => (*original, *supplementary),
        other => panic!("{other:?}"),
    }
}

#[test]
fn before_the_law_a_month_takes_its_part_of_last_year_and_the_law_takes_its_place() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let (clerk, head) = (desk.clerk.user_id, desk.app.world.mof.users["head"]);
        desk.allot("2026-02-01", &[(GOODS, "1000"), (SALARIES, "600")]);
        let more = desk.input(DocumentKind::Supplementary, "2026-06-01", &[["", GOODS, "200", ""]]);
        desk.posted(&more);
        desk.open(2027).await;
        desk.app.db.clock().set(day("2027-03-02").and_hms_opt(8, 0, 0).unwrap());
        let draft = async |on: &str, month: u32| {
            let input = ProvisionalInput { on: day(on), through_month: month };
            desk.app.post(clerk, "/api/finance/budget/provisional", &input).await
        };
        draft("2027-01-05", 1).await.refused(409, "provisional_off");
        let rule = ProvisionalRuleInput {
            year: 2027,
            allowed: true,
            parts: 12,
            reference: "المادة 113 من الدستور".to_owned(),
            active_from: day("2027-01-01"),
            active_to: Some(day("2027-06-30")),
        };
        desk.app.post(clerk, "/api/finance/provisional-rules", &rule).await.refused(403, "forbidden");
        let made: PartRow<ProvisionalRuleInput> =
            desk.app.post(head, "/api/finance/provisional-rules", &rule).await.created();
        let twice = desk.app.post(head, "/api/finance/provisional-rules", &rule).await.wrong_fields();
        assert_eq!(twice, [("active_from".to_owned(), "days_overlap".to_owned())]);
        let wrong = ProvisionalRuleInput { parts: 6, ..rule.clone() };
        let path = format!("/api/finance/provisional-rules/{}", made.id);
        let fields = desk.app.put_at(head, &path, made.version, &wrong).await.wrong_fields();
        assert_eq!(fields, [("parts".to_owned(), "out_of_range".to_owned())]);

        for month in [0, 2, 12, 13] {
            assert_eq!(draft("2027-01-05", month).await.wrong_fields()[0].1, "out_of_range", "{month} in January");
        }
        draft("2027-07-05", 7).await.refused(409, "provisional_off");
        let january: DocumentStep = draft("2027-01-05", 1).await.created();
        let seen = desk.view(january.id).await;
        assert_eq!((seen.kind, seen.amount, seen.lines.len()), (DocumentKind::Supplementary, 150_000, 2));
        assert_eq!(seen.reference, "المادة 113 من الدستور");
        draft("2027-01-05", 1).await.refused(409, "provisional_nothing");
        // More than its share is not posted, whoever writes it into the draft.
        let input = |goods: &str, salaries: &str| DocumentInput {
            reference: seen.reference.clone(),
            ..desk.input(
                DocumentKind::Supplementary,
                "2027-01-05",
                &[["", GOODS, goods, ""], ["", SALARIES, salaries, ""]],
            )
        };
        let path = format!("/api/finance/documents/{}", january.id);
        // What stands for a law takes nothing down.
        let mut takes = input("100", "50");
        takes.lines[1].credit = std::mem::take(&mut takes.lines[1].debit);
        let wrong = desk.app.put_at(clerk, &path, january.version, &takes).await.wrong_fields();
        assert_eq!(wrong, [("lines.1.credit".to_owned(), "not_asked".to_owned())]);
        desk.app.put_at(clerk, &path, january.version, &input("100.001", "50")).await.ok::<DocumentStep>();
        assert_eq!(refusal(desk.finish(january.id)), "provisional_over_share");
        let version = desk.view(january.id).await.head.version;
        desk.app.post_at(clerk, &format!("{path}/withdraw"), version, &()).await.ok::<DocumentStep>();
        let version = desk.view(january.id).await.head.version;
        desk.app.put_at(clerk, &path, version, &input("100", "50")).await.ok::<DocumentStep>();
        desk.finish(january.id).unwrap();
        let march: DocumentStep = draft("2027-03-01", 3).await.created();
        // Moved into February, the draft of March gives no more than two months.
        let path = format!("/api/finance/documents/{}", march.id);
        let on = |on: &str| DocumentInput { effective_on: day(on), ..input("200", "100") };
        desk.app.put_at(clerk, &path, march.version, &on("2027-02-28")).await.ok::<DocumentStep>();
        assert_eq!(refusal(desk.finish(march.id)), "provisional_over_share");
        let version = desk.view(march.id).await.head.version;
        desk.app.post_at(clerk, &format!("{path}/withdraw"), version, &()).await.ok::<DocumentStep>();
        let version = desk.view(march.id).await.head.version;
        desk.app.put_at(clerk, &path, version, &on("2027-03-01")).await.ok::<DocumentStep>();
        desk.finish(march.id).unwrap();
        assert_eq!((desk.buckets(GOODS, 2027)[0], desk.buckets(SALARIES, 2027)[0]), (300_000, 150_000));
        // Nor does another supplement take from it: the law takes all of it out.
        let cut = desk.draft(&desk.input(DocumentKind::Supplementary, "2027-03-01", &[["", GOODS, "", "40"]]));
        assert_eq!(refusal(desk.finish(cut)), "cut_before_law");
        let order = [["", GOODS, "300", ""], ["", SALARIES, "150", ""]];
        desk.posted(&desk.input(DocumentKind::FinancialOrder, "2027-03-01", &order));
        desk.posted(&desk.input(DocumentKind::Commitment, "2027-03-01", &[["", SALARIES, "140", ""]]));

        let path = "/api/finance/budget/provisional?on=2027-03-01";
        let standing: ProvisionalStanding = desk.app.get(clerk, path).await.ok();
        assert_eq!((standing.allowed, standing.last, standing.documents.len()), (true, 1_800_000, 2));
        assert!(standing.law.is_none() && standing.documents.iter().all(|one| !one.replaced));
        let position = "/api/finance/position?year=2027&to=2027-12-31";
        let before: Report = desk.app.get(clerk, position).await.ok();
        assert_eq!(appropriated(&before, GOODS), (0, 300_000));

        // A law that gives less than was committed has no place to stand on.
        let law = |salaries: &str| {
            desk.input(DocumentKind::BudgetLaw, "2027-03-02", &[["", GOODS, "250", ""], ["", SALARIES, salaries, ""]])
        };
        assert_eq!(refusal(desk.finish(desk.draft(&law("100")))), "budget_short");
        desk.posted(&law("700"));
        assert_eq!(desk.buckets(GOODS, 2027), [0, 0, 250_000, 0, 0, 0, 0], "what the law does not give goes out");
        assert_eq!(desk.buckets(SALARIES, 2027), [550_000, 0, 10_000, 0, 140_000, 0, 0], "what is bound stays bound");
        let after: Report = desk.app.get(clerk, position).await.ok();
        assert_eq!(appropriated(&after, GOODS), (250_000, 0));
        assert_eq!(appropriated(&after, SALARIES), (700_000, 0));
        assert!(after.checks.iter().all(|check| check.difference() == 0));
        let standing: ProvisionalStanding = desk.app.get(clerk, path).await.ok();
        assert!(standing.law.is_some() && standing.documents.iter().all(|one| one.replaced));
        // A law that takes down is a supplement: the original stays, and only what has no order goes.
        let cut = |dinars| desk.input(DocumentKind::Supplementary, "2027-03-02", &[["", SALARIES, "", dinars]]);
        assert_eq!(refusal(desk.finish(desk.draft(&cut("551")))), "budget_short");
        desk.posted(&cut("550"));
        assert_eq!(desk.buckets(SALARIES, 2027), [0, 0, 10_000, 0, 140_000, 0, 0]);
        let cut: Report = desk.app.get(clerk, position).await.ok();
        assert_eq!(appropriated(&cut, SALARIES), (700_000, -550_000));
        assert!(cut.checks.iter().all(|check| check.difference() == 0));
        draft("2027-03-01", 3).await.refused(409, "law_is_there");
        let other = desk.app.world.moh.users["clerk"];
        desk.app.grant(other, diwan_kernel::Permission::FinanceBudget);
        let input = ProvisionalInput { on: day("2027-01-05"), through_month: 1 };
        desk.app.post(other, "/api/finance/budget/provisional", &input).await.refused(409, "no_fiscal_year");
    });
}

#[test]
fn before_the_law_the_keys_of_a_line_get_no_more_than_a_part_of_what_the_line_was_given() {
    both_async(async |db: TestDb| {
        const IRBID: &str = "1501-4401-4401001-1-21-2219";
        let desk = Desk::on(db).await;
        let (clerk, head) = (desk.clerk.user_id, desk.app.world.mof.users["head"]);
        // Place is not controlled: both keys stand on one line, and what goes of it may name either of them.
        let law = [["", GOODS, "120", ""], ["", IRBID, "120", ""]];
        desk.posted(&desk.input(DocumentKind::BudgetLaw, "2026-02-01", &law));
        desk.posted(&desk.input(DocumentKind::Supplementary, "2026-06-01", &[["", GOODS, "", "180"]]));
        assert_eq!(desk.buckets(IRBID, 2026)[0], 60_000);
        desk.open(2027).await;
        desk.app.db.clock().set(day("2027-03-02").and_hms_opt(8, 0, 0).unwrap());
        let rule = ProvisionalRuleInput {
            year: 2027,
            allowed: true,
            parts: 12,
            reference: "المادة 113 من الدستور".to_owned(),
            active_from: day("2027-01-01"),
            active_to: None,
        };
        desk.app.post(head, "/api/finance/provisional-rules", &rule).await.created::<PartRow<ProvisionalRuleInput>>();
        let path = "/api/finance/budget/provisional";
        let input = ProvisionalInput { on: day("2027-03-01"), through_month: 3 };
        let march: DocumentStep = desk.app.post(clerk, path, &input).await.created();
        let seen = desk.view(march.id).await;
        assert_eq!((seen.amount, seen.lines.len()), (15_000, 1), "three twelfths of 60");
        desk.finish(march.id).unwrap();
        assert_eq!(desk.buckets(IRBID, 2027)[0], 15_000);
        let standing: ProvisionalStanding = desk.app.get(clerk, &format!("{path}?on=2027-03-01")).await.ok();
        assert_eq!(standing.last, 60_000);
    });
}
