//! What the books say over HTTP: reports as they are shown, as sheets and on paper.

use diwan_finance_api::{Account, FiscalYear, NewFiscalYear, Report, STATEMENTS};
use diwan_kernel::Permission;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::TestApp;

/// A reader of the books of the ministry of finance, in which a year is open.
async fn reader(db: TestDb) -> (TestApp, i64) {
    let app = TestApp::new(db);
    let (manager, reader) = (app.world.mof.users["director"], app.world.mof.users["staff"]);
    app.grant(manager, Permission::FinanceStructure);
    app.grant(reader, Permission::FinanceRead);
    app.post(manager, "/api/finance/years", &NewFiscalYear { year: 2026 }).await.created::<FiscalYear>();
    (app, reader)
}

/// Every report that needs no id.
fn reports() -> Vec<String> {
    let fixed = ["position", "journal", "trial-balance", "months"].map(str::to_owned);
    fixed.into_iter().chain(STATEMENTS.iter().map(|code| format!("statements/{code}"))).collect()
}

#[test]
fn every_report_is_shown_exported_and_printed_in_both_languages() {
    both_async(async |db: TestDb| {
        let (app, user) = reader(db).await;
        for report in reports() {
            let path = format!("/api/finance/{report}");
            let shown: Report = app.get(user, &path).await.ok();
            assert!(!shown.columns.is_empty(), "{report}");
            assert!(shown.checks.iter().all(|check| check.difference() == 0), "{report}");
            // A sheet takes the right to export besides; a print does not.
            app.get(user, &format!("{path}/export")).await.refused(403, "forbidden");
            let print = app.get(user, &format!("{path}/pdf?lang=en")).await;
            assert_eq!(&print.body[..5], b"%PDF-", "{report}");
        }
        app.grant(user, Permission::Export);
        for report in reports() {
            for lang in ["ar", "en"] {
                let sheet = app.get(user, &format!("/api/finance/{report}/export?lang={lang}")).await;
                assert_eq!(&sheet.body[..2], b"PK", "{report}: {}", sheet.text());
            }
        }
    });
}

#[test]
fn an_account_has_a_statement_for_its_own_agency_alone() {
    both_async(async |db: TestDb| {
        let (app, user) = reader(db).await;
        let chart: Vec<Account> = app.get(user, "/api/finance/accounts").await.ok();
        let bank = chart.iter().find(|one| one.code == "620201").unwrap().id;
        let path = format!("/api/finance/accounts/{bank}/statement");
        let shown: Report = app.get(user, &format!("{path}?from=2026-01-01&to=2026-03-31&known=2026-04-05&limit=10")).await.ok();
        assert_eq!((shown.from.to_string(), shown.to.to_string()), ("2026-01-01".into(), "2026-03-31".into()));
        assert!(shown.known_at.is_some() && shown.rows.is_empty());
        assert_eq!(&app.get(user, &format!("{path}/pdf")).await.body[..5], b"%PDF-");

        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceRead);
        app.get(stranger, &path).await.refused(404, "not_found");
        app.get(stranger, &format!("{path}/pdf")).await.refused(404, "not_found");
        let nobody = app.world.mof.users["clerk"];
        app.get(nobody, &path).await.refused(403, "forbidden");
    });
}

#[test]
fn what_is_not_there_or_makes_no_sense_is_told() {
    both_async(async |db: TestDb| {
        let (app, user) = reader(db).await;
        for path in ["entries/999999", "position/999999/moves", "statements/none", "statements/cash?row=none"] {
            app.get(user, &format!("/api/finance/{path}")).await.refused(404, "not_found");
        }
        let told = app.get(user, "/api/finance/position?year=2031").await.refused(409, "no_fiscal_year");
        assert_eq!(told.args["year"], "2031");
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        let wrong = app.get(user, "/api/finance/position?by=party").await.wrong_fields();
        assert_eq!(wrong, one("by", "not_a_part"));
        let wrong = app.get(user, "/api/finance/journal?amount=ten").await.wrong_fields();
        assert_eq!(wrong, one("amount", "amount_form"));
        let wrong = app.get(user, "/api/finance/trial-balance?from=2026-05-01&to=2026-04-01").await.wrong_fields();
        assert_eq!(wrong, one("to", "before_begin"));
        let nobody = app.world.mof.users["clerk"];
        for report in reports() {
            app.get(nobody, &format!("/api/finance/{report}")).await.refused(403, "forbidden");
        }
        // An agency without a year has empty books, not an error.
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceRead);
        let empty: Report = app.get(stranger, "/api/finance/trial-balance?by=programme&then=item").await.ok();
        assert!(empty.rows.is_empty());
    });
}
