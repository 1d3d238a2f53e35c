//! Finance over HTTP: years, periods and the chart of accounts.

use diwan_finance_api::{
    Account, AccountInput, ClosePeriod, DocumentKind, FiscalPeriod, FiscalYear, NewFiscalYear, PeriodKinds,
    PeriodState, ReopenPeriod, Side,
};
use diwan_kernel::{Named, Permission};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::TestApp;

/// A finance manager of the ministry of finance.
fn manager(db: TestDb) -> (TestApp, i64) {
    let app = TestApp::new(db);
    let user = app.world.mof.users["director"];
    for right in [Permission::FinanceRead, Permission::FinanceStructure, Permission::FinanceClose, Permission::Export] {
        app.grant(user, right);
    }
    (app, user)
}

fn named(ar: &str) -> Named {
    Named { ar: ar.to_owned(), en: String::new() }
}

fn input(account: &Account) -> AccountInput {
    AccountInput {
        parent_id: account.parent_id,
        code: account.code.clone(),
        name: account.name.clone(),
        side: account.side,
        posting: account.posting,
        gfsm: account.gfsm.clone(),
        currency: account.currency.clone(),
        budgeted: account.budgeted,
        needs_party: account.needs_party,
        needs_centre: account.needs_centre,
        trust: account.trust,
        active_from: account.active_from,
        active_to: account.active_to,
    }
}

#[test]
fn a_year_brings_its_periods_and_the_first_one_the_chart() {
    both_async(async |db: TestDb| {
        let (app, user) = manager(db);
        assert!(app.get(user, "/api/finance/years").await.ok::<Vec<FiscalYear>>().is_empty());
        let wrong = app.post(user, "/api/finance/years", &NewFiscalYear { year: 1066 }).await.wrong_fields();
        assert_eq!(wrong, [("year".to_owned(), "out_of_range".to_owned())]);
        let year: FiscalYear = app.post(user, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.created();
        assert_eq!(year.periods.len(), 13);
        assert!(year.periods.iter().all(|period| period.state == PeriodState::Open));
        let february = &year.periods[1];
        assert_eq!(
            (february.starts_on.to_string(), february.ends_on.to_string()),
            ("2027-02-01".into(), "2027-02-28".into())
        );
        assert_eq!(year.periods[12].starts_on, year.ends_on);
        let again = app.post(user, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.wrong_fields();
        assert_eq!(again, [("year".to_owned(), "taken".to_owned())]);

        let chart: Vec<Account> = app.get(user, "/api/finance/accounts").await.ok();
        assert!(chart.len() > 80);
        assert!(chart.iter().filter(|one| one.posting).all(|one| !one.gfsm.is_empty()), "every leaf is mapped");
        app.post(user, "/api/finance/years", &NewFiscalYear { year: 2028 }).await.created::<FiscalYear>();
        assert_eq!(app.get(user, "/api/finance/accounts").await.ok::<Vec<Account>>(), chart, "the chart comes once");
        let sheet = app.get(user, "/api/finance/accounts/export?lang=en").await;
        assert_eq!(&sheet.body[..2], b"PK");
        // Another agency has its own books.
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceRead);
        assert!(app.get(stranger, "/api/finance/accounts").await.ok::<Vec<Account>>().is_empty());
    });
}

#[test]
fn accounts_are_added_and_changed_within_the_rules_of_the_tree() {
    both_async(async |db: TestDb| {
        let (app, user) = manager(db);
        app.post(user, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.created::<FiscalYear>();
        let chart: Vec<Account> = app.get(user, "/api/finance/accounts").await.ok();
        let of = |code: &str| chart.iter().find(|one| one.code == code).unwrap();
        let (goods, fuel) = (of("22"), of("2215"));
        let new = AccountInput { code: "2230".into(), name: named("الضيافة"), ..input(fuel) };
        let made: Account = app.post(user, "/api/finance/accounts", &new).await.created();
        assert_eq!((made.parent_id, made.side, made.budgeted), (Some(goods.id), Side::Debit, true));

        let wrong = async |change: &dyn Fn(&mut AccountInput)| {
            let mut body = new.clone();
            body.code = "2231".into();
            change(&mut body);
            app.post(user, "/api/finance/accounts", &body).await.wrong_fields()
        };
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(wrong(&|body| body.code = "22x".into()).await, one("code", "account_code_form"));
        assert_eq!(wrong(&|body| body.code = "2230".into()).await, one("code", "taken"));
        assert_eq!(wrong(&|body| body.name = named(" ")).await, one("name.ar", "required"));
        assert_eq!(wrong(&|body| body.gfsm = String::new()).await, one("gfsm", "gfsm_form"));
        assert_eq!(wrong(&|body| body.trust = true).await, one("trust", "trust_of_stocks"));
        assert_eq!(wrong(&|body| body.currency = Some("dinar".into())).await, one("currency", "currency_form"));
        assert_eq!(wrong(&|body| body.parent_id = Some(fuel.id)).await, one("parent_id", "account_is_leaf"));
        assert_eq!(wrong(&|body| body.parent_id = Some(999_999)).await, one("parent_id", "unknown"));
        assert_eq!(
            wrong(&|body| body.active_to = Some("2020-01-01".parse().unwrap())).await,
            one("active_to", "before_begin")
        );

        let path = |id: i64| format!("/api/finance/accounts/{id}");
        let below = AccountInput { parent_id: Some(goods.id), ..input(of("2")) };
        let told = app.put_at(user, &path(of("2").id), 1, &below).await.wrong_fields();
        assert_eq!(told, one("parent_id", "below_itself"));
        let told = app.put_at(user, &path(goods.id), 1, &AccountInput { posting: true, ..input(goods) }).await;
        assert_eq!(told.wrong_fields(), one("posting", "account_has_below"));
        let ended = AccountInput { active_to: Some("2027-06-30".parse().unwrap()), ..input(&made) };
        let changed: Account = app.put_at(user, &path(made.id), made.version, &ended).await.ok();
        assert_eq!(changed.version, 2);
        app.put_at(user, &path(made.id), 1, &ended).await.refused(409, "stale");
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceStructure);
        app.put_at(stranger, &path(made.id), 2, &ended).await.refused(404, "not_found");
    });
}

#[test]
fn a_period_is_closed_for_kinds_of_documents() {
    both_async(async |db: TestDb| {
        let (app, user) = manager(db);
        let year: FiscalYear = app.post(user, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.created();
        let path = format!("/api/finance/periods/{}/kinds", year.periods[0].id);
        let closed = |kinds: &[DocumentKind]| PeriodKinds { closed: kinds.to_vec() };
        let receipts = closed(&[DocumentKind::Receipt]);
        app.put(user, &path, &receipts).await.refused(428, "if_match_required");
        let january: FiscalPeriod = app.put_at(user, &path, 1, &receipts).await.ok();
        assert_eq!((january.closed_kinds, january.version), (vec![DocumentKind::Receipt], 2));
        let years: Vec<FiscalYear> = app.get(user, "/api/finance/years").await.ok();
        assert_eq!(years[0].periods[0].closed_kinds, [DocumentKind::Receipt]);
        assert!(years[0].periods[1].closed_kinds.is_empty());
        app.put_at(user, &path, 1, &receipts).await.refused(409, "stale");
        let journals = closed(&[DocumentKind::JournalVoucher]);
        app.put_at(user, &path, 2, &journals).await.refused(409, "kind_closes_last");
        let open: FiscalPeriod = app.put_at(user, &path, 2, &closed(&[])).await.ok();
        assert!(open.closed_kinds.is_empty());

        let reader = app.world.mof.users["staff"];
        app.grant(reader, Permission::FinanceRead);
        app.put_at(reader, &path, 3, &receipts).await.refused(403, "forbidden");
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceClose);
        app.put_at(stranger, &path, 3, &receipts).await.refused(404, "not_found");
        let close = format!("/api/finance/periods/{}/close", year.periods[0].id);
        let softly = ClosePeriod { to: PeriodState::SoftClosed };
        app.post_at(user, &close, 3, &softly).await.ok::<FiscalPeriod>();
        app.put_at(user, &path, 4, &receipts).await.refused(409, "wrong_state");
    });
}

#[test]
fn periods_close_in_order_and_open_again_for_a_while() {
    both_async(async |db: TestDb| {
        let (app, user) = manager(db);
        let year: FiscalYear = app.post(user, "/api/finance/years", &NewFiscalYear { year: 2027 }).await.created();
        let path = |at: usize, act: &str| format!("/api/finance/periods/{}/{act}", year.periods[at].id);
        let closed = ClosePeriod { to: PeriodState::Closed };
        let told = app.post_at(user, &path(1, "close"), 1, &closed).await.refused(409, "earlier_period_open");
        assert_eq!(told.args["period"], "1");
        let january: FiscalPeriod = app.post_at(user, &path(0, "close"), 1, &closed).await.ok();
        assert_eq!((january.state, january.version), (PeriodState::Closed, 2));
        app.post_at(user, &path(0, "close"), 2, &closed).await.refused(409, "wrong_state");
        app.post_at(user, &path(1, "close"), 7, &closed).await.refused(409, "stale");

        let reopen = |hours: u32, reason: &str| ReopenPeriod { reason: reason.to_owned(), hours };
        let told = app.post_at(user, &path(0, "reopen"), 2, &reopen(0, "قيد فات")).await.wrong_fields();
        assert_eq!(told, [("hours".to_owned(), "out_of_range".to_owned())]);
        let told = app.post_at(user, &path(0, "reopen"), 2, &reopen(24, "")).await.wrong_fields();
        assert_eq!(told, [("reason".to_owned(), "required".to_owned())]);
        let opened: FiscalPeriod = app.post_at(user, &path(0, "reopen"), 2, &reopen(24, "قيد فات")).await.ok();
        assert_eq!(opened.state, PeriodState::Open);
        assert!(opened.reopened_until.is_some());

        // Who may only read closes nothing; another agency finds nothing.
        let reader = app.world.mof.users["staff"];
        app.grant(reader, Permission::FinanceRead);
        app.post_at(reader, &path(1, "close"), 1, &closed).await.refused(403, "forbidden");
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceClose);
        app.post_at(stranger, &path(1, "close"), 1, &closed).await.refused(404, "not_found");
    });
}
