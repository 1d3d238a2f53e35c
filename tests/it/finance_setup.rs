//! What documents name, over HTTP: every list is read, added to, changed, taken along and brought back by those who may.

mod keys_and_periods;

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

/// Takes a list along in each form and brings it back: every row is right.
async fn comes_back(app: &TestApp, user: i64, list: &str) {
    for (form, begin) in [("", "PK".as_bytes()), ("&csv=1", "\u{feff}".as_bytes())] {
        let file = app.get(user, &format!("{}/export?lang=en{form}", path(list))).await.body.to_vec();
        assert!(file.starts_with(begin), "{list}{form}");
        let seen: ImportReport = import(app, user, list, "preview=true", file.clone()).await.ok();
        assert!(!seen.rows.is_empty() && seen.wrong == 0, "{list}{form}: {:?}", wrong(&seen));
        let hash = format!("hash={}", seen.hash);
        assert!(import(app, user, list, &hash, file).await.ok::<ImportReport>().committed, "{list}{form}");
    }
}

/// Brings a table, where nothing is wrong with it; answers what is.
async fn bring(app: &TestApp, user: i64, list: &str, file: &'static str) -> Vec<String> {
    let seen: ImportReport = import(app, user, list, "preview=true", file).await.ok();
    if seen.wrong == 0 {
        let hash = format!("hash={}", seen.hash);
        assert!(import(app, user, list, &hash, file).await.ok::<ImportReport>().committed, "{list}");
    }
    wrong(&seen)
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
        let found: Page<PartRow<Currency>> =
            app.get(user, &format!("/api/finance/currencies?q={}", encode("دينار"))).await.ok();
        assert_eq!(
            found.items.iter().map(|one| (one.value.code.as_str(), one.value.scale)).collect::<Vec<_>>(),
            [("JOD", 3), ("KWD", 3)]
        );
        let levels: Page<PartRow<ControlLevel>> = app.get(user, "/api/finance/control-levels").await.ok();
        assert_eq!(levels.items.len(), 6);
        let location = levels.items.iter().find(|one| one.value.kind.code() == "location").unwrap();
        let level = format!("/api/finance/control-levels/{}", location.id);
        let body = json!({ "year": 2027, "kind": "location", "depth": 1 });
        let changed: PartRow<ControlLevel> = app.put_at(user, &level, year.version, &body).await.ok();
        assert_eq!((changed.value.depth, changed.version), (1, year.version + 1));
        app.put_at(user, &level, year.version, &body).await.refused(409, "stale");
        let deep = json!({ "year": 2027, "kind": "location", "depth": 10 });
        let deep = app.put_at(user, &level, 2, &deep).await.wrong_fields();
        assert_eq!(deep, [("depth".to_owned(), "out_of_range".to_owned())]);
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
fn every_list_is_taken_along_and_brought_back_in_both_forms() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        for list in LISTS {
            app.post(user, &path(list), &form(&app, user, list).await).await.created::<Value>();
        }
        for list in LISTS.into_iter().chain(["accounts", "currencies", "control-levels", "years", "periods"]) {
            comes_back(&app, user, list).await;
        }
        let reader = app.world.mof.users["staff"];
        app.grant(reader, Permission::FinanceRead);
        for list in ["currencies", "control-levels", "years", "periods", "keys"] {
            import(&app, reader, list, "preview=true", "x").await.refused(403, "forbidden");
            app.get(reader, &format!("{}/export", path(list))).await.refused(403, "forbidden");
        }
    });
}

#[test]
fn years_levels_and_currencies_come_out_of_a_table() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        let bring = async |list: &str, file: &'static str| bring(&app, user, list, file).await;
        let told = bring("years", "year,starts_on\n1800,\n2028,2028-07-01\n2029,x\n").await;
        assert_eq!(told, ["2 year out_of_range", "3 starts_on calendar_year", "4 starts_on not_a_date"]);
        assert!(bring("years", "السنة,أول يوم,آخر يوم\n2027,,\n2028,2028-01-01,31/12/2028\n").await.is_empty());
        let years: Vec<FiscalYear> = app.get(user, "/api/finance/years").await.ok();
        assert_eq!(years.iter().map(|one| (one.year, one.periods.len())).collect::<Vec<_>>(), [(2028, 13), (2027, 13)]);

        let told = bring("control-levels", "year,kind,depth\n2028,item,10\n2028,صنف,1\n2040,item,1\n").await;
        assert_eq!(told, ["2 depth out_of_range", "3 kind unknown_word", "4 year unknown"]);
        assert!(bring("control-levels", "year,kind,depth\n2028,بند,2\n2028,Fund,1\n").await.is_empty());
        let levels: Page<PartRow<ControlLevel>> = app.get(user, &path("control-levels")).await.ok();
        let of = |year: i32, kind: &str| {
            let found = levels.items.iter().find(|one| (one.value.year, one.value.kind.code()) == (year, kind));
            found.map(|one| one.value.depth)
        };
        assert_eq!([of(2028, "item"), of(2028, "fund"), of(2027, "item")], [Some(2), Some(1), Some(9)]);

        let told = bring("currencies", "code,name_ar,scale\nBHDD,دينار,3\nBHD,,3\nJOD,دينار أردني,2\n").await;
        assert_eq!(told, ["2 code currency_form", "3 name_ar required", "4  currency_used"]);
        assert!(
            bring("currencies", "code,name_ar,name_en,scale\nBHD,دينار بحريني,Bahraini dinar,3\n").await.is_empty()
        );
        let found: Page<PartRow<Currency>> = app.get(user, &path("currencies?q=BHD")).await.ok();
        let [dinar] = found.items.as_slice() else { panic!("{found:?}") };
        assert_eq!((dinar.value.scale, dinar.version), (3, 1));
        let changed = json!({ "code": "BHD", "name": { "ar": "دينار البحرين", "en": "" }, "scale": 3 });
        let one = path(&format!("currencies/{}", dinar.id));
        let changed: PartRow<Currency> = app.put_at(user, &one, 1, &changed).await.ok();
        assert_eq!((changed.value.name.ar.as_str(), changed.version), ("دينار البحرين", 2));
        app.put_at(user, &one, 1, &changed.value).await.refused(409, "stale");
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
        for funds in ["segments?kind=fund&leaves=true", "fund"] {
            assert_eq!(codes(ask(funds).await.ok()), ["1", "2", "3"]);
        }
        assert!(codes(ask(&format!("keys?year_id={}", year.id)).await.ok()).is_empty());
        assert!(codes(ask("parties?q=x").await.ok()).is_empty());
        assert_eq!(ask("keys").await.wrong_fields(), [("year_id".to_owned(), "required".to_owned())]);
        assert_eq!(ask("segments").await.wrong_fields(), [("kind".to_owned(), "required".to_owned())]);
        ask("stars").await.refused(404, "not_found");
        let nobody = app.world.mof.users["clerk"];
        app.get(nobody, "/api/finance/pick/accounts").await.refused(403, "forbidden");
    });
}
