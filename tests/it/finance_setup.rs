//! What documents name, over HTTP: every list is read, added to, changed, taken along and brought back by those who may.

use actix_web::test::TestRequest;
use diwan_finance_api::{
    Account, CentreInput, ControlLevel, Currency, FiscalYear, NewFiscalYear, PartPick, PartRow, PartyInput,
    SegmentInput,
};
use diwan_kernel::{Page, Permission};
use diwan_platform_api::people::ImportReport;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Answer, TestApp, encode};
use serde_json::{Value, json};

/// The lists that are added to.
const LISTS: [&str; 7] =
    ["parties", "cost-centres", "segments", "rates", "bank-accounts", "authority-limits", "virement-rules"];

/// A finance manager of the ministry of finance, with a year open.
async fn manager(db: TestDb) -> (TestApp, i64, FiscalYear) {
    let app = TestApp::new(db);
    let user = app.world.mof.users["director"];
    for right in [Permission::FinanceRead, Permission::FinanceStructure, Permission::Export] {
        app.grant(user, right);
    }
    let year = app.post(user, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.created();
    (app, user, year)
}

fn path(list: &str) -> String {
    format!("/api/finance/{list}")
}

/// A form of each list, all fields right.
async fn form(app: &TestApp, user: i64, list: &str) -> Value {
    let name = json!({ "ar": "اسم", "en": "Name" });
    match list {
        "parties" => json!({ "kind": "supplier", "code": "S1", "name": name, "active": true,
            "iban": "JO94 CBJO 0010 0000 0000 0131 0003 02" }),
        "cost-centres" => json!({ "code": "C1", "name": name, "active": true }),
        "segments" => {
            json!({ "kind": "fund", "code": "9", "name": name, "posting": true, "active_from": "2027-01-01" })
        }
        "rates" => json!({ "currency": "USD", "day": "2027-01-01", "rate": "0.709" }),
        "bank-accounts" => {
            let found: Vec<PartPick> = app.get(user, "/api/finance/pick/accounts?q=620201").await.ok();
            json!({ "account_id": found[0].id, "code": "B1", "name": name, "number": "131000302", "currency": "JOD",
                "bic": "CBJOJOAX", "active": true })
        }
        "authority-limits" => json!({ "user_id": app.world.mof.users["head"], "amount": "1000",
            "active_from": "2027-01-01", "reference": "قرار 1" }),
        "virement-rules" => json!({ "from_item": "22", "to_item": "21", "allowed": false,
            "active_from": "2027-01-01", "reference": "المادة 9" }),
        other => panic!("no form of {other}"),
    }
}

async fn import(app: &TestApp, user: i64, list: &str, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let uri = format!("{}/import?{query}", path(list));
    app.send(user, TestRequest::post().uri(&uri).set_payload(file.into())).await
}

/// `line field code` of everything that is wrong.
fn wrong(report: &ImportReport) -> Vec<String> {
    let rows = report.rows.iter();
    rows.flat_map(|row| row.errors.iter().map(|error| format!("{} {} {}", row.line, error.field, error.code))).collect()
}

#[test]
fn every_list_is_kept_by_those_who_may_and_seen_by_its_agency_alone() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        let reader = app.world.mof.users["staff"];
        app.grant(reader, Permission::FinanceRead);
        let stranger = app.world.moh.users["director"];
        for right in [Permission::FinanceRead, Permission::FinanceStructure] {
            app.grant(stranger, right);
        }
        let nobody = app.world.mof.users["clerk"];
        for list in LISTS {
            let form = form(&app, user, list).await;
            let made: Value = app.post(user, &path(list), &form).await.created();
            let one = format!("{}/{}", path(list), made["id"]);
            let changed: Value = app.put_at(user, &one, 1, &form).await.ok();
            assert_eq!(changed["version"], 2, "{list}");
            app.put_at(user, &one, 1, &form).await.refused(409, "stale");
            app.put(user, &one, &form).await.refused(428, "if_match_required");
            let again = app.post(user, &path(list), &form).await.wrong_fields();
            assert!(again.iter().all(|(_, code)| code == "taken" || code == "days_overlap"), "{list}: {again:?}");
            let empty = app.post(user, &path(list), &json!({})).await.wrong_fields();
            assert!(empty.iter().any(|(_, code)| code == "required"), "{list}: {empty:?}");
            let page: Page<Value> = app.get(reader, &format!("{}?limit=100", path(list))).await.ok();
            assert!(page.items.iter().any(|row| row["id"] == made["id"]), "{list}");
            let file = app.get(user, &format!("{}/export?lang=en", path(list))).await;
            assert_eq!(&file.body[..2], b"PK", "{list}: {}", file.text());

            app.post(reader, &path(list), &form).await.refused(403, "forbidden");
            app.put_at(reader, &one, 2, &form).await.refused(403, "forbidden");
            import(&app, reader, list, "preview=true", "x").await.refused(403, "forbidden");
            app.get(reader, &format!("{}/export", path(list))).await.refused(403, "forbidden");
            app.get(nobody, &path(list)).await.refused(403, "forbidden");
            app.put_at(stranger, &one, 2, &form).await.refused(404, "not_found");
            let theirs: Page<Value> = app.get(stranger, &path(list)).await.ok();
            assert!(theirs.items.is_empty(), "{list}");
        }
    });
}

#[test]
fn nobody_sets_a_limit_for_themselves() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        let mut own = form(&app, user, "authority-limits").await;
        own["user_id"] = json!(user);
        app.post(user, &path("authority-limits"), &own).await.refused(403, "own_limit");
    });
}

#[test]
fn the_first_year_brings_parts_of_the_key_and_currencies() {
    both_async(async |db: TestDb| {
        let (app, user, year) = manager(db).await;
        let items: Page<PartRow<SegmentInput>> = app.get(user, "/api/finance/segments?kind=item&limit=100").await.ok();
        let fuel = items.items.iter().find(|row| row.value.code == "2215").unwrap();
        assert_eq!((fuel.names["parent"].code.as_str(), fuel.value.gfsm.as_str()), ("22", "22"));
        let found: Page<Currency> = app.get(user, &format!("/api/finance/currencies?q={}", encode("دينار"))).await.ok();
        assert_eq!(
            found.items.iter().map(|one| (one.code.as_str(), one.scale)).collect::<Vec<_>>(),
            [("JOD", 3), ("KWD", 3)]
        );
        assert_eq!(&app.get(user, "/api/finance/currencies/export").await.body[..2], b"PK");

        let levels: Page<ControlLevel> = app.get(user, "/api/finance/control-levels").await.ok();
        assert_eq!(levels.items.len(), 6);
        let level = format!("/api/finance/control-levels/{}", year.id);
        let body = json!({ "kind": "location", "depth": 1 });
        let changed: ControlLevel = app.put_at(user, &level, year.version, &body).await.ok();
        assert_eq!((changed.depth, changed.version), (1, year.version + 1));
        app.put_at(user, &level, year.version, &body).await.refused(409, "stale");
        let deep = app.put_at(user, &level, 2, &json!({ "kind": "item", "depth": 10 })).await.wrong_fields();
        assert_eq!(deep, [("depth".to_owned(), "out_of_range".to_owned())]);
        assert_eq!(&app.get(user, "/api/finance/control-levels/export").await.body[..2], b"PK");
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceStructure);
        app.put_at(stranger, &level, 2, &body).await.refused(404, "not_found");
        let reader = app.world.mof.users["staff"];
        app.grant(reader, Permission::FinanceRead);
        app.put_at(reader, &level, 2, &body).await.refused(403, "forbidden");
    });
}

#[test]
fn a_table_is_looked_at_and_comes_in_whole_or_not_at_all() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        let count = async |list: &str| {
            app.get(user, &format!("{}?limit=100", path(list))).await.ok::<Page<Value>>().items.len()
        };
        let good = "الرمز,النوع,الاسم بالعربية,الرقم الضريبي\nS1,مورّد,شركة الأفق,123\nG1,جهة حكومية,وزارة الأشغال,\n";
        let seen: ImportReport = import(&app, user, "parties", "preview=true", good).await.ok();
        assert_eq!((seen.wrong, seen.committed, seen.rows.len()), (0, false, 2), "{seen:?}");
        assert_eq!(count("parties").await, 0, "nothing stays of a preview");
        import(&app, user, "parties", "hash=x", good).await.refused(409, "file_changed");
        import(&app, user, "parties", "", good).await.refused(422, "invalid");
        let commit = format!("hash={}", seen.hash);
        assert!(import(&app, user, "parties", &commit, good).await.ok::<ImportReport>().committed);
        assert_eq!(count("parties").await, 2);

        let bad = "code,kind,name_ar,iban\nS1,supplier,شركة الأفق الجديدة,\nS2,supplier,,\nS3,زبون,اسم,\nS4,payee,اسم,JO00\nS1,payee,اسم,\n";
        let seen: ImportReport = import(&app, user, "parties", "preview=true", bad).await.ok();
        assert_eq!(wrong(&seen), ["3 name_ar required", "4 kind unknown_word", "5 iban iban_form", "6  twice"]);
        let hash = format!("hash={}", seen.hash);
        assert!(!import(&app, user, "parties", &hash, bad).await.ok::<ImportReport>().committed);
        let kept: Page<PartRow<PartyInput>> = app.get(user, &path("parties?q=S1")).await.ok();
        assert_eq!(
            (kept.items[0].value.name.ar.as_str(), kept.items[0].version),
            ("شركة الأفق", 1),
            "nothing is half imported"
        );

        let changed = "code,kind,name_ar\nS1,supplier,شركة الأفق الجديدة\nG1,government,وزارة الأشغال\n";
        let seen: ImportReport = import(&app, user, "parties", "preview=true", changed).await.ok();
        import(&app, user, "parties", &format!("hash={}", seen.hash), changed).await.ok::<ImportReport>();
        let now: Page<PartRow<PartyInput>> = app.get(user, &path("parties")).await.ok();
        let versions: Vec<_> = now.items.iter().map(|row| (row.value.code.as_str(), row.version)).collect();
        assert_eq!(versions, [("G1", 1), ("S1", 2)], "what is the same stays");

        let heads = "code,colour\n1,red\n";
        let seen: ImportReport = import(&app, user, "cost-centres", "preview=true", heads).await.ok();
        assert_eq!(wrong(&seen), ["1 colour unknown_column", "1 name_ar missing_column"]);
        let tree = "kind,code,parent_code,name_ar,posting,gfsm,active_from\nitem,29,2,قسم,no,28,2027-01-01\nitem,2901,29,بند,yes,282,1/1/2027\n";
        let seen: ImportReport = import(&app, user, "segments", "preview=true", tree).await.ok();
        assert!(wrong(&seen).is_empty(), "{seen:?}");
    });
}

#[test]
fn the_chart_comes_out_of_a_table_too() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        let before: Vec<Account> = app.get(user, "/api/finance/accounts").await.ok();
        let file = app.get(user, "/api/finance/accounts/export?lang=ar").await.body.to_vec();
        let seen: ImportReport = import(&app, user, "accounts", "preview=true", file.clone()).await.ok();
        assert_eq!((seen.wrong, seen.rows.len()), (0, before.len()), "{:?}", wrong(&seen));
        import(&app, user, "accounts", &format!("hash={}", seen.hash), file).await.ok::<ImportReport>();
        assert_eq!(app.get(user, "/api/finance/accounts").await.ok::<Vec<Account>>(), before);
        let new = "code,parent_code,name_ar,side,gfsm,budgeted,active_from\n2230,22,الضيافة,مدين,22,نعم,2027-01-01\n2231,2230,تحتها,مدين,22,,2027-01-01\n";
        let seen: ImportReport = import(&app, user, "accounts", "preview=true", new).await.ok();
        assert_eq!(wrong(&seen), ["3 parent_code account_is_leaf"]);
    });
}

#[test]
fn fields_are_offered_what_was_typed() {
    both_async(async |db: TestDb| {
        let (app, user, year) = manager(db).await;
        let centre = json!({ "code": "10", "name": { "ar": "مديرية المشتريات", "en": "" }, "active": true });
        app.post(user, &path("cost-centres"), &centre).await.created::<PartRow<CentreInput>>();
        let ask = async |what: &str| app.get(user, &format!("/api/finance/pick/{what}")).await;
        let codes = |found: Vec<PartPick>| found.into_iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(codes(ask(&format!("centres?q={}", encode("مشتريات"))).await.ok()), ["10"]);
        assert_eq!(codes(ask("segments?kind=fund&leaves=true").await.ok()), ["1", "2", "3"]);
        assert!(codes(ask(&format!("keys?year_id={}", year.id)).await.ok()).is_empty());
        assert!(codes(ask("parties?q=x").await.ok()).is_empty());
        assert_eq!(ask("keys").await.wrong_fields(), [("year_id".to_owned(), "required".to_owned())]);
        assert_eq!(ask("segments").await.wrong_fields(), [("kind".to_owned(), "required".to_owned())]);
        ask("stars").await.refused(404, "not_found");
        let nobody = app.world.mof.users["clerk"];
        app.get(nobody, "/api/finance/pick/accounts").await.refused(403, "forbidden");
    });
}
