//! What fields are offered, and tables that are taken away and read back.

use diwan_db::WriteTx;
use diwan_finance_api::{
    AccountInput, BankAccountInput, CentreInput, ControlLevel, Currency, FiscalPeriodRow, FiscalYearRow, KeyInput,
    LimitInput, PartQuery, PartyInput, PartyKind, RateInput, SegmentInput, SegmentKind, VirementRuleInput,
    VirementScope,
};
use diwan_kernel::{Lang, Named, Permission};
use diwan_platform::{Actor, Outcome, sheet::TableForm};
use diwan_testkit::both;

use super::setup::{Setup, day, party};
use crate::parts::{
    import,
    part::{self, Part},
    pick,
};

#[test]
fn fields_are_offered_what_they_take() {
    both(|test| {
        let setup = Setup::on(test.db());
        let key = setup.key("2215");
        setup.key("2220");
        setup
            .act(|tx, actor| {
                let centre = CentreInput {
                    code: "10".to_owned(),
                    name: Named { ar: "مديرية الشؤون المالية".to_owned(), en: String::new() },
                    active: true,
                };
                part::create(tx, actor, &centre)?;
                part::create(tx, actor, &CentreInput { code: "11".to_owned(), active: false, ..centre })
            })
            .unwrap();
        let codes = |found: Outcome<Vec<diwan_finance_api::PartPick>>| {
            found.unwrap().into_iter().map(|one| one.code).collect::<Vec<_>>()
        };
        let (agency, year) = (setup.actor.agency_id, setup.year.id);
        assert_eq!(codes(setup.act(|tx, _| pick::accounts(tx, agency, "محروقات", Some(day("2026-02-01"))))), ["2215"]);
        assert!(codes(setup.act(|tx, _| pick::accounts(tx, agency, "22", Some(day("2025-12-31"))))).is_empty());
        assert_eq!(codes(setup.act(|tx, _| pick::accounts(tx, agency, "2215", None))), ["2215"]);
        let all = codes(setup.act(|tx, _| pick::accounts(tx, agency, "", Some(day("2026-02-01")))));
        assert_eq!((all.len(), all.contains(&"22".to_owned())), (20, false), "leaves only, and not too many");
        assert_eq!(codes(setup.act(|tx, _| pick::centres(tx, agency, "ماليه"))), ["10"]);
        let groups = setup.act(|tx, _| pick::segments(tx, agency, (SegmentKind::Item, false), "استخدام السلع"));
        assert_eq!(codes(groups), ["22"]);
        let found = |q: &str| setup.act(|tx, _| pick::keys(tx, agency, year, q)).unwrap();
        assert_eq!(found("").len(), 2);
        assert_eq!(found("1501-4401-4401001").len(), 2);
        assert_eq!(found("4401").len(), 0, "a code is found by its beginning");
        let fuel = found("محروقات");
        assert_eq!((fuel.len(), fuel[0].id, fuel[0].available), (1, key.id, Some(0)));
        assert_eq!(fuel[0].code, "1501-4401-4401001-1-11-2215");
        assert!(fuel[0].name.ar.starts_with("المحروقات"), "{:?}", fuel[0].name);
        let other = setup.world.moh.id;
        assert!(setup.act(|tx, _| pick::keys(tx, other, year, "")).unwrap().is_empty());
    });
}

/// Exports a list in a language, in each form, and brings the file back: every row is known, right, and stays as it is.
fn comes_back<P: Part>(setup: &Setup, lang: Lang) {
    let query = PartQuery::default();
    let list = |tx: &mut WriteTx<'_>, actor: &Actor| {
        let page = P::list(tx, actor.agency_id, &query, 5_000)?;
        Ok(page.items.into_iter().map(|row| (row.id, row.version)).collect::<Vec<_>>())
    };
    let before = setup.act(list).unwrap();
    assert!(!before.is_empty(), "{}", P::ABOUT.entity);
    for form in [TableForm::Xlsx, TableForm::Csv] {
        let file = setup.act(|tx, actor| part::export::<P>(tx, actor, &query, (lang, form))).unwrap();
        let report = setup.act(|tx, actor| import::rows::<P>(tx, actor, &file)).unwrap();
        assert_eq!((report.wrong, report.rows.len()), (0, before.len()), "{} {form:?}: {report:?}", P::ABOUT.entity);
        assert_eq!(setup.act(list).unwrap(), before, "{} {form:?}", P::ABOUT.entity);
    }
}

#[test]
fn what_is_exported_is_read_back_and_changes_nothing() {
    both(|test| {
        let setup = Setup::on(test.db());
        setup.key("2215");
        setup.key("2220");
        let account_id =
            setup.act(|tx, actor| pick::accounts(tx, actor.agency_id, "620201", Some(day("2026-02-01")))).unwrap()[0]
                .id;
        setup
            .act(|tx, actor| {
                let employee = PartyInput {
                    kind: PartyKind::Employee,
                    user_id: Some(setup.world.mof.users["head"]),
                    advance_limit: "1500".to_owned(),
                    ..party("E1", "موظف")
                };
                part::create(tx, actor, &employee)?;
                let name = Named { ar: "مركز".to_owned(), en: "Centre".to_owned() };
                part::create(tx, actor, &CentreInput { code: "1".to_owned(), name: name.clone(), active: false })?;
                let rate = RateInput { currency: "EUR".to_owned(), day: day("2026-01-01"), rate: "0.82".to_owned() };
                part::create(tx, actor, &rate)?;
                let bank = BankAccountInput {
                    account_id,
                    code: "CBJ".to_owned(),
                    name,
                    bic: "cbjojoax".to_owned(),
                    number: "131000302".to_owned(),
                    iban: String::new(),
                    currency: "JOD".to_owned(),
                    cash: true,
                    active: true,
                };
                part::create(tx, actor, &bank)?;
                let limit = LimitInput {
                    user_id: setup.world.mof.users["head"],
                    kind: None,
                    amount: "1000.5".to_owned(),
                    active_from: day("2026-01-01"),
                    active_to: Some(day("2026-12-31")),
                    reference: "قرار".to_owned(),
                };
                part::create(tx, actor, &limit)?;
                let rule = VirementRuleInput {
                    from_item: "22".to_owned(),
                    to_item: "21".to_owned(),
                    scope: Some(VirementScope::Between),
                    allowed: true,
                    percent: Some(10),
                    right: Some(Permission::FinanceBudget),
                    reference: "المادة 9".to_owned(),
                    active_from: day("2026-01-01"),
                    active_to: None,
                };
                part::create(tx, actor, &rule)
            })
            .unwrap();
        for lang in [Lang::Ar, Lang::En] {
            comes_back::<PartyInput>(&setup, lang);
            comes_back::<CentreInput>(&setup, lang);
            comes_back::<SegmentInput>(&setup, lang);
            comes_back::<RateInput>(&setup, lang);
            comes_back::<BankAccountInput>(&setup, lang);
            comes_back::<LimitInput>(&setup, lang);
            comes_back::<VirementRuleInput>(&setup, lang);
            comes_back::<AccountInput>(&setup, lang);
            comes_back::<Currency>(&setup, lang);
            comes_back::<ControlLevel>(&setup, lang);
            comes_back::<FiscalYearRow>(&setup, lang);
            comes_back::<FiscalPeriodRow>(&setup, lang);
            comes_back::<KeyInput>(&setup, lang);
        }
    });
}

#[test]
fn codes_of_keys_are_read_as_spreadsheets_leave_them() {
    both(|test| {
        let setup = Setup::on(test.db());
        setup.key("2215");
        let query = PartQuery::default();
        let form = (Lang::En, TableForm::Csv);
        let file = setup.act(|tx, actor| part::export::<KeyInput>(tx, actor, &query, form)).unwrap();
        let file = String::from_utf8(file).unwrap();
        let wrong = |item: &str| {
            let file = file.replace("2215", item);
            setup.act(|tx, actor| import::rows::<KeyInput>(tx, actor, file.as_bytes())).unwrap().wrong
        };
        assert_eq!((wrong("002215"), wrong("22159")), (0, 1));
        let (.., item) = setup.segment(SegmentKind::Item, "2215");
        let twin = SegmentInput { code: "02215".to_owned(), ..item };
        setup.act(|tx, actor| part::create(tx, actor, &twin)).unwrap();
        assert_eq!((wrong("2215"), wrong("02215")), (0, 0));
        assert_eq!(wrong("002215"), 1, "of two with the same number neither is meant");
    });
}

#[test]
fn what_a_table_has_no_column_for_stays_as_it_is() {
    both(|test| {
        let setup = Setup::on(test.db());
        let head = setup.world.mof.users["head"];
        let made = setup.act(|tx, actor| {
            let employee = PartyInput {
                kind: PartyKind::Employee,
                user_id: Some(head),
                advance_limit: "1500".to_owned(),
                active: false,
                ..party("E1", "موظف")
            };
            let limit = LimitInput {
                user_id: head,
                kind: None,
                amount: "1000".to_owned(),
                active_from: day("2026-01-01"),
                active_to: Some(day("2026-12-31")),
                reference: "قرار".to_owned(),
            };
            Ok((part::create(tx, actor, &employee)?, part::create(tx, actor, &limit)?))
        });
        let (employee, limit) = made.unwrap();
        let brought = |file: &str| {
            let report = setup.act(|tx, actor| import::rows::<PartyInput>(tx, actor, file.as_bytes())).unwrap();
            assert_eq!((report.wrong, report.rows.len()), (0, 1), "{report:?}");
            setup.act(|tx, actor| PartyInput::load(tx, actor.agency_id, employee.id)).unwrap().value
        };
        let name = Named { ar: "موظف مالي".to_owned(), en: String::new() };
        let renamed = PartyInput { name, ..employee.value.clone() };
        assert_eq!(brought("code,kind,name_ar\nE1,employee,موظف مالي\n"), renamed);
        let unbounded = PartyInput { advance_limit: String::new(), ..renamed };
        assert_eq!(
            brought("code,kind,name_ar,advance_limit\nE1,employee,موظف مالي,\n"),
            unbounded,
            "an empty cell says none"
        );
        // A limit that is raised ends on its day.
        let file =
            format!("username,amount,active_from,reference\n{},2000,2026-01-01,قرار\n", limit.names["user"].code);
        let report = setup.act(|tx, actor| import::rows::<LimitInput>(tx, actor, file.as_bytes())).unwrap();
        assert_eq!(report.wrong, 0, "{report:?}");
        let after = setup.act(|tx, actor| LimitInput::load(tx, actor.agency_id, limit.id)).unwrap().value;
        assert_eq!((after.amount.as_str(), after.active_to), ("2,000.000", Some(day("2026-12-31"))));
    });
}
