//! What the books say over HTTP: reports as they are shown, as sheets and on paper.

use diwan_db::Audit;
use diwan_finance::ledger::{Entry, Line, post};
use diwan_finance_api::{
    Account, DocumentKind, FiscalYear, NewFiscalYear, OpenReport, Report, ReportCell, STATEMENTS, Target,
};
use diwan_kernel::{Permission, Priority, Secrecy};
use diwan_platform::{
    Refusal,
    records::{self, NewRecord},
};
use diwan_platform_api::records::RecordKind;
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
    let fixed = ["position", "budget-keys", "journal", "trial-balance", "months"].map(str::to_owned);
    let open = OpenReport::ALL.iter().map(|of| format!("open/{of}"));
    fixed.into_iter().chain(STATEMENTS.iter().map(|code| format!("statements/{code}"))).chain(open).collect()
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
        let shown: Report =
            app.get(user, &format!("{path}?from=2026-01-01&to=2026-03-31&known=2026-04-05&limit=10")).await.ok();
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
        for path in [
            "entries/999999",
            "position/999999/moves",
            "statements/none",
            "statements/cash?row=none",
            "open/none",
            "trial-balance?only=party:x",
        ] {
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

/// A receipt of fees at the counter; its entry and its document.
fn receipt(app: &TestApp, chart: &[Account], amount: i64) -> (i64, i64) {
    let actor = app.world.mof.actor(&app.platform.db, "director");
    let of = |code: &str| chart.iter().find(|one| one.code == code).unwrap().id;
    let line = |account_id, debit, credit| Line {
        account_id,
        key_id: None,
        party_id: None,
        centre_id: None,
        currency: "JOD".to_owned(),
        debit,
        credit,
        base_debit: debit,
        base_credit: credit,
        note: "رسوم".to_owned(),
    };
    let made = app.platform.db.write_now(actor.who(), "test.receipt", |tx| {
        let record = NewRecord {
            agency_id: actor.agency_id,
            unit_id: None,
            kind: RecordKind::Receipt,
            subject: "رسوم خدمات".to_owned(),
            party: String::new(),
            state: "posted",
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            priority: Priority::Normal,
            due_on: None,
            class_code: None,
            created_by: actor.user_id,
        };
        let record_id = records::create(tx, &record)?;
        let entry = Entry {
            agency_id: actor.agency_id,
            record_id,
            kind: DocumentKind::Receipt,
            effective_on: "2026-10-15".parse().unwrap(),
            complementary: false,
            reverses: None,
            lines: vec![line(of("620202"), amount, 0), line(of("1421"), 0, amount)],
            spends: Vec::new(),
        };
        let id = post(tx, actor.user_id, &entry)?;
        tx.audit(Audit::of("test", id))?;
        Ok::<_, Refusal>((id, record_id))
    });
    made.unwrap()
}

#[test]
fn a_figure_opens_down_to_its_document() {
    both_async(async |db: TestDb| {
        let (app, user) = reader(db).await;
        let chart: Vec<Account> = app.get(user, "/api/finance/accounts").await.ok();
        let (entry, record) = receipt(&app, &chart, 12_500);
        let get = async |path: &str| app.get(user, &format!("/api/finance/{path}")).await.ok::<Report>();
        let open = |report: &Report, target: Target| {
            report.rows.iter().filter_map(|row| row.link.clone()).find(|link| link.target == target).unwrap()
        };
        let days = "from=2026-01-01&to=2026-12-31";
        let statement = get(&format!("statements/performance?{days}")).await;
        let fees = statement.rows.iter().find(|row| row.cells.contains(&ReportCell::Amount(12_500))).unwrap();
        let row = fees.link.clone().unwrap();
        let accounts = get(&format!("statements/performance?{days}&row={}", row.code)).await;
        let account = open(&accounts, Target::Account);
        let lines = get(&format!("accounts/{}/statement?{days}", account.id)).await;
        assert_eq!(open(&lines, Target::Entry).id, entry);
        let shown = get(&format!("entries/{entry}")).await;
        let document = shown.facts.iter().filter_map(|fact| fact.link.clone()).next().unwrap();
        assert_eq!((document.target, document.id, document.code.as_str()), (Target::Record, record, "receipt"));
        assert_eq!(shown.rows.len(), 2);
        assert_eq!(open(&get(&format!("journal?{days}&kind=receipt&amount=12.5")).await, Target::Entry).id, entry);
        // The day before it was recorded nobody knew of it.
        assert!(get(&format!("trial-balance?{days}&known=2026-10-31")).await.rows.is_empty());
        let cash = get(&format!("statements/cash?{days}")).await;
        assert!(cash.checks.iter().all(|check| check.left == 12_500 && check.difference() == 0), "{:?}", cash.checks);

        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceRead);
        for form in ["", "/pdf"] {
            app.get(stranger, &format!("/api/finance/entries/{entry}{form}")).await.refused(404, "not_found");
        }
        assert!(app.get(stranger, "/api/finance/journal").await.ok::<Report>().rows.is_empty());
    });
}
