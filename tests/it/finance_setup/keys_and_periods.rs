//! Budget keys and periods over HTTP: keys are made of their parts, and a table says which documents a period takes no more.

use diwan_finance_api::{DocumentKind, FiscalPeriodRow, FiscalYear, KeyInput, NewFiscalYear, PartPick, PartRow};
use diwan_kernel::{Page, Permission};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, encode};
use serde_json::{Value, json};

use super::{bring, comes_back, import, manager, path};

#[test]
fn keys_are_made_of_their_parts_and_come_out_of_a_table_by_the_codes() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        let mut form = json!({ "year": 2027 });
        let parts = ["1501", "4401", "4401001", "1", "11", "2215"];
        for (kind, code) in ["chapter", "programme", "activity", "fund", "location", "item"].into_iter().zip(parts) {
            let found: Vec<PartPick> = app.get(user, &format!("/api/finance/pick/{kind}?q={code}")).await.ok();
            form[format!("{kind}_id")] = json!(found.iter().find(|one| one.code == code).unwrap().id);
        }
        let made: PartRow<KeyInput> = app.post(user, &path("keys"), &form).await.created();
        assert_eq!(made.names["key"].code, "1501-4401-4401001-1-11-2215");
        let again = app.post(user, &path("keys"), &form).await.wrong_fields();
        assert_eq!(again, [("item_id".to_owned(), "taken".to_owned())]);
        form["year"] = json!(2040);
        let other = app.post(user, &path("keys"), &form).await.wrong_fields();
        assert_eq!(other, [("year".to_owned(), "unknown".to_owned())]);
        let empty = app.post(user, &path("keys"), &json!({})).await.wrong_fields();
        assert!(empty.iter().any(|(_, code)| code == "required"), "{empty:?}");

        let found = async |user: i64, q: &str| {
            let page: Page<PartRow<KeyInput>> = app.get(user, &path(&format!("keys?q={}", encode(q)))).await.ok();
            page.items.into_iter().map(|row| row.names["key"].code.clone()).collect::<Vec<_>>()
        };
        let bad = "year,chapter,programme,activity,fund,location,item\n2027,1501,4401,4401001,1,11,2220\n\
            2027,1501,4401,4401001,1,11,22\n2027,1501,4401,4401001,9,11,2220\n2040,1501,4401,4401001,1,11,2220\n\
            2027,1501,4401,4401001,1,11,2220\n2027,1501,4401,4401001,1,,2220\n";
        let told = bring(&app, user, "keys", bad).await;
        let wanted =
            ["3 item not_a_leaf", "4 fund segment_unknown", "5 year unknown", "6  twice", "7 location required"];
        assert_eq!(told, wanted);
        assert_eq!(found(user, "2027").await.len(), 1, "nothing is half imported");
        // A spreadsheet takes the location 00 for a number; what is there stays.
        let good = "السنة,الفصل,البرنامج,النشاط أو المشروع,مصدر التمويل,الموقع,البند,الاسم بالعربية\n\
            2027,1501,4401,4401001,1,0,2219,\n٢٠٢٧,1501,4401,4401001,1,11,2215,اسم آخر\n";
        assert!(bring(&app, user, "keys", good).await.is_empty());
        assert_eq!(found(user, "1501-4401-4401001-1-00").await, ["1501-4401-4401001-1-00-2219"]);
        assert_eq!(found(user, "محروقات 2027").await, ["1501-4401-4401001-1-11-2215"]);
        assert!(found(user, "2215").await.is_empty(), "a code is found by its beginning");
        comes_back(&app, user, "keys").await;
        assert_eq!(found(user, "").await.len(), 2);

        let reader = app.world.mof.users["staff"];
        app.grant(reader, Permission::FinanceRead);
        assert_eq!(found(reader, "").await.len(), 2);
        app.post(reader, &path("keys"), &form).await.refused(403, "forbidden");
        let stranger = app.world.moh.users["director"];
        for right in [Permission::FinanceRead, Permission::FinanceStructure] {
            app.grant(stranger, right);
        }
        assert!(found(stranger, "").await.is_empty());
        app.post(stranger, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.created::<FiscalYear>();
        form["year"] = json!(2027);
        let theirs = app.post(stranger, &path("keys"), &form).await.wrong_fields();
        assert!(theirs.iter().all(|(_, code)| code == "unknown") && theirs.len() == parts.len(), "{theirs:?}");
    });
}

/// The kinds that each period of the newest year takes no more, with the version of the period.
async fn closed(app: &TestApp, user: i64) -> Vec<(Vec<DocumentKind>, i64)> {
    let years: Vec<FiscalYear> = app.get(user, "/api/finance/years").await.ok();
    years[0].periods.iter().map(|one| (one.closed_kinds.clone(), one.version)).collect()
}

const KINDS: &str = "year,period,closed\n2027,1,\"سند قبض، payment_voucher\"\n";

#[test]
fn what_periods_take_comes_out_of_a_table() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        import(&app, user, "periods", "preview=true", KINDS).await.refused(403, "forbidden");
        app.grant(user, Permission::FinanceClose);
        let bad = "year,period,starts_on,state,closed\n2027,14,,,\n2040,1,,,\n2027,2,,,journal_voucher\n2027,3,,,أوراق\n\
            2027,4,,closed,\n2027,5,2027-05-02,,\n2027,6,2027-06-01,مفتوحة,advance\n";
        let told = bring(&app, user, "periods", bad).await;
        let wanted = [
            "2 period unknown",
            "3 year unknown",
            "4  kind_closes_last",
            "5 closed unknown_word",
            "6 state period_by_steps",
            "7 starts_on calendar_year",
        ];
        assert_eq!(told, wanted);
        assert!(closed(&app, user).await.iter().all(|one| *one == (Vec::new(), 1)), "nothing is half imported");
        assert!(bring(&app, user, "periods", KINDS).await.is_empty());
        let both = vec![DocumentKind::PaymentVoucher, DocumentKind::Receipt];
        assert_eq!(closed(&app, user).await[0], (both.clone(), 2));
        comes_back(&app, user, "periods").await;
        assert!(bring(&app, user, "periods", "السنة,الفترة\n2027,1\n2027,13\n").await.is_empty());
        assert_eq!(closed(&app, user).await[0], (both, 2), "a table without the column says nothing of them");
    });
}

#[test]
fn a_table_opens_an_open_period_for_its_kinds_again_and_no_other() {
    both_async(async |db: TestDb| {
        let (app, user, _) = manager(db).await;
        app.grant(user, Permission::FinanceClose);
        assert!(bring(&app, user, "periods", KINDS).await.is_empty());
        assert!(bring(&app, user, "periods", "year,period,closed\n2027,1,\n").await.is_empty());
        assert_eq!(closed(&app, user).await[0], (Vec::new(), 3));
        assert!(bring(&app, user, "periods", KINDS).await.is_empty());
        let page: Page<PartRow<FiscalPeriodRow>> = app.get(user, &path("periods?limit=100")).await.ok();
        let first = &page.items[0];
        let both = vec![DocumentKind::PaymentVoucher, DocumentKind::Receipt];
        assert_eq!((page.items.len(), first.value.period, first.value.closed.as_ref()), (13, 1, Some(&both)));
        let close = format!("/api/finance/periods/{}/close", first.id);
        app.post_at(user, &close, first.version, &json!({ "to": "soft_closed" })).await.ok::<Value>();
        let told = bring(&app, user, "periods", "year,period,closed\n2027,1,\n").await;
        assert_eq!(told, ["2  wrong_state"]);
        assert_eq!(closed(&app, user).await[0].0, both, "what was closed stays so");
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceRead);
        let theirs: Page<Value> = app.get(stranger, &path("periods")).await.ok();
        assert!(theirs.items.is_empty());
    });
}
