//! What each list takes and refuses, and how it is paged.

use std::collections::BTreeSet;

use diwan_db::WriteTx;
use diwan_finance_api::{
    AccountInput, BankAccountInput, ControlLevel, Currency, DocumentKind, LimitInput, PartQuery, PartRow, PartSort,
    PartyInput, PartyKind, RATE_ONE, RateInput, SegmentInput, SegmentKind, Side, VirementRuleInput, VirementScope,
};
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Refusal};
use diwan_platform_api::people::ImportRow;
use diwan_testkit::both;

use super::setup::{Setup, day, party, said};
use crate::{
    ledger::tests::books::sql,
    parts::{
        import,
        part::{self, Part},
        rates,
    },
};

#[test]
fn parties_are_found_in_any_spelling_and_paged_by_their_key() {
    both(|test| {
        let setup = Setup::on(test.db());
        let made = setup.act(|tx, actor| {
            for at in 0..60 {
                part::create(tx, actor, &party(&format!("S{at:03}"), &format!("شركة {}", 60 - at)))?;
            }
            let one = PartyInput {
                tax_number: "١٢٣٤٥٦٧".to_owned(),
                iban: "jo94 cbjo 0010 0000 0000 0131 0003 02".to_owned(),
                ..party("ALPHA", "مؤسسة الأفق للإنشاءات")
            };
            part::create(tx, actor, &one)
        });
        let made = made.unwrap();
        assert_eq!(made.value.iban, "JO94CBJO0010000000000131000302");
        assert_eq!(made.value.tax_number, "1234567");
        let found = |q: &str| {
            let query = PartQuery { q: Some(q.to_owned()), ..PartQuery::default() };
            let page = setup.act(|tx, actor| PartyInput::list(tx, actor.agency_id, &query, 100)).unwrap();
            page.items.into_iter().map(|row| row.value.code).collect::<Vec<_>>()
        };
        for q in ["الافق", "موسسه انشاءات", "alpha", "1234567", "١٢٣"] {
            assert_eq!(found(q), ["ALPHA"], "{q}");
        }
        assert_eq!(found("%").len(), 0, "marks of patterns are text");
        for sort in PartSort::ALL {
            let (mut codes, mut after) = (Vec::new(), None);
            loop {
                let query = PartQuery { sort: Some(*sort), after, ..PartQuery::default() };
                let page = setup.act(|tx, actor| PartyInput::list(tx, actor.agency_id, &query, 25)).unwrap();
                codes.extend(page.items.into_iter().map(|row| row.value.code));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(codes.len(), 61, "{sort}");
            assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 61, "{sort}");
            assert_eq!(codes[0] == "ALPHA", matches!(sort, PartSort::Code | PartSort::NameDown), "{sort}");
        }
        let wrong = |change: fn(&mut PartyInput)| {
            let mut one = party("NEW", "جديد");
            change(&mut one);
            said(setup.act(|tx, actor| part::create(tx, actor, &one)))
        };
        assert_eq!(wrong(|one| one.iban = "JO95CBJO0010000000000131000302".to_owned()), "iban:iban_form");
        assert_eq!(wrong(|one| one.code = "ALPHA".to_owned()), "code:taken");
        assert_eq!(wrong(|one| one.user_id = Some(1)), "user_id:user_of_employee");
        assert_eq!(wrong(|one| one.advance_limit = "-1".to_owned()), "advance_limit:amount_form");
        assert_eq!(wrong(|one| one.advance_limit = "0.0001".to_owned()), "advance_limit:decimals");
        let stranger = setup.world.moh.users["clerk"];
        let theirs = PartyInput { kind: PartyKind::Employee, user_id: Some(stranger), ..party("NEW", "جديد") };
        assert_eq!(said(setup.act(|tx, actor| part::create(tx, actor, &theirs))), "user_id:unknown");
    });
}

#[test]
fn a_tax_number_is_of_one_party_of_the_agency() {
    both(|test| {
        let setup = Setup::on(test.db());
        let taxed = |code: &str, number: &str| PartyInput { tax_number: number.to_owned(), ..party(code, "شركة") };
        let add = |one: &PartyInput| setup.act(|tx, actor| part::create(tx, actor, one));
        let change = |before: &PartRow<PartyInput>, one: &PartyInput| {
            setup.act(|tx, actor| part::change(tx, actor, (before.id, before.version), one))
        };
        let first = add(&taxed("S1", "4410091")).unwrap();
        assert_eq!(said(add(&taxed("S2", "٤٤١٠٠٩١"))), "tax_number:taken");
        let (second, third) = (add(&taxed("S2", "")).unwrap(), add(&taxed("S3", " ")).unwrap());
        // What was owed to one that is out of use was invoiced under its number too.
        change(&first, &PartyInput { active: false, ..first.value.clone() }).unwrap();
        assert_eq!(said(change(&second, &taxed("S2", "4410091"))), "tax_number:taken");
        let file = "code,kind,name_ar,tax_number\nS2,supplier,شركة,4410091\nS4,supplier,شركة,77\nS5,supplier,شركة,٧٧\n";
        let report = setup.act(|tx, actor| import::rows::<PartyInput>(tx, actor, file.as_bytes())).unwrap();
        let faults =
            |row: &ImportRow| row.errors.iter().map(|one| format!("{}:{}", one.field, one.code)).collect::<String>();
        let told: Vec<String> = report.rows.iter().map(faults).collect();
        assert_eq!(told, ["tax_number:taken", "", "tax_number:taken"]);
        // A number that two had before stays with both while nothing is said about it.
        sql(&setup.db, "UPDATE parties SET tax_number = '4410091' WHERE code = 'S3'").unwrap();
        change(&third, &PartyInput { active: false, ..taxed("S3", "4410091") }).unwrap();
        // Another agency has parties of its own.
        let other = setup.world.moh.actor(&setup.db, "clerk");
        let theirs = taxed("S1", "4410091");
        setup.db.write_now(other.who(), "test.step", |tx| part::create(tx, &other, &theirs)).unwrap();
    });
}

#[test]
fn parts_of_the_key_are_trees_and_stay_as_keys_rely_on_them() {
    both(|test| {
        let setup = Setup::on(test.db());
        let (fuel, version, item) = setup.segment(SegmentKind::Item, "2215");
        let (goods, _, group) = setup.segment(SegmentKind::Item, "22");
        let wrong = |change: &dyn Fn(&mut SegmentInput)| {
            let mut one = SegmentInput { code: "2299".to_owned(), ..item.clone() };
            change(&mut one);
            said(setup.act(|tx, actor| part::create(tx, actor, &one)))
        };
        assert_eq!(wrong(&|one| one.code = "22-99".to_owned()), "code:part_code_form");
        assert_eq!(wrong(&|one| one.code = "2215".to_owned()), "code:taken");
        assert_eq!(wrong(&|one| one.gfsm = String::new()), "gfsm:gfsm_form");
        assert_eq!(wrong(&|one| one.cofog = "7011".to_owned()), "cofog:cofog_of_programmes");
        assert_eq!(wrong(&|one| one.parent_id = Some(fuel)), "parent_id:above_is_leaf");
        assert_eq!(wrong(&|one| one.kind = SegmentKind::Fund), "gfsm:gfsm_of_items parent_id:unknown");
        assert_eq!(wrong(&|one| one.active_to = Some(day("2020-01-01"))), "active_to:before_begin");
        let change = |id: i64, version: i64, one: SegmentInput| {
            setup.act(|tx, actor| part::change(tx, actor, (id, version), &one))
        };
        let (top, ..) = setup.segment(SegmentKind::Item, "2");
        let (_, _, expense) = setup.segment(SegmentKind::Item, "2");
        assert_eq!(said(change(top, 1, SegmentInput { parent_id: Some(goods), ..expense })), "parent_id:below_itself");
        assert_eq!(
            said(change(goods, 1, SegmentInput { posting: true, ..group.clone() })),
            "posting:segment_has_below"
        );
        let renamed = SegmentInput { code: "2298".to_owned(), ..item.clone() };
        let changed = change(fuel, version, renamed).unwrap();
        change(fuel, changed.version, item.clone()).unwrap();
        setup.key("2215");
        assert_eq!(said(change(fuel, 3, SegmentInput { code: "2298".to_owned(), ..item.clone() })), "segment_used");
        assert_eq!(said(change(goods, 1, SegmentInput { code: "29".to_owned(), ..group })), "segment_used");
        let ended = change(fuel, 3, SegmentInput { active_to: Some(day("2026-12-31")), ..item.clone() }).unwrap();
        assert_eq!(ended.version, 4);
        assert!(matches!(change(fuel, 1, item), Err(Refusal::Stale { .. })));
    });
}

#[test]
fn control_levels_change_until_the_year_has_a_line() {
    both(|test| {
        let setup = Setup::on(test.db());
        let list = |tx: &mut WriteTx<'_>, actor: &Actor| {
            Ok(ControlLevel::list(tx, actor.agency_id, &PartQuery::default(), 100)?.items)
        };
        let levels = setup.act(list).unwrap();
        assert_eq!(levels.iter().map(|one| one.id).collect::<BTreeSet<_>>().len(), SegmentKind::ALL.len());
        let items = levels.into_iter().find(|one| one.value.kind == SegmentKind::Item).unwrap();
        let change = |depth: i32, version: i64| {
            let input = ControlLevel { depth, ..items.value.clone() };
            setup.act(|tx, actor| part::change(tx, actor, (items.id, version), &input))
        };
        assert_eq!(said(change(10, 1)), "depth:out_of_range");
        let changed = change(2, 1).unwrap();
        assert_eq!((changed.value.depth, changed.version, changed.value.fixed), (2, 2, false));
        assert!(matches!(change(3, 1), Err(Refusal::Stale { .. })));
        // Items are controlled at the second level: fuel and cleaning share a line.
        assert_eq!(setup.key("2215").line_id, setup.key("2220").line_id);
        assert_eq!(said(change(3, 2)), "control_fixed");
        // They come with their year.
        let add = |year: i32| {
            let input = ControlLevel { year, ..items.value.clone() };
            setup.act(|tx, actor| part::create(tx, actor, &input))
        };
        assert_eq!((said(add(2026)), said(add(2030))), ("year:taken".to_owned(), "year:unknown".to_owned()));
        let other = setup.world.moh.actor(&setup.db, "director");
        let refused = setup.act(|tx, _| part::change(tx, &other, (items.id, 2), &items.value));
        assert!(matches!(refused, Err(Refusal::NotFound("control_level"))));
    });
}

#[test]
fn the_decimals_of_a_currency_stay_once_an_amount_is_kept_in_it() {
    both(|test| {
        let setup = Setup::on(test.db());
        let name = Named { ar: "دينار بحريني".to_owned(), en: "Bahraini dinar".to_owned() };
        let form = |code: &str, scale: i32| Currency {
            code: code.to_owned(),
            scale,
            name: name.clone(),
            ..Currency::default()
        };
        let add = |one: Currency| setup.act(|tx, actor| part::create(tx, actor, &one));
        let change =
            |id: i64, version: i64, one: Currency| setup.act(|tx, actor| part::change(tx, actor, (id, version), &one));
        assert_eq!(said(add(form("dinar", 5))), "code:currency_form scale:out_of_range");
        assert_eq!(said(add(form("jod", 3))), "code:taken");
        let made = add(form(" bhd ", 2)).unwrap();
        assert_eq!((made.value.code.as_str(), made.version), ("BHD", 1));
        let changed = change(made.id, 1, form("XXX", 3)).unwrap();
        assert_eq!((changed.value.code.as_str(), changed.value.scale, changed.version), ("BHD", 3, 2));
        assert!(matches!(change(made.id, 1, form("BHD", 3)), Err(Refusal::Stale { .. })));
        setup
            .act(|tx, actor| {
                let account = part::create(tx, actor, &of_cash("629999"))?.id;
                part::create(tx, actor, &bank_account(account, "BHD"))
            })
            .unwrap();
        assert_eq!(said(change(made.id, 2, form("BHD", 2))), "currency_used");
        assert_eq!(change(made.id, 2, form("BHD", 3)).unwrap().version, 3);
        let list = |tx: &mut WriteTx<'_>, actor: &Actor| {
            Ok(Currency::list(tx, actor.agency_id, &PartQuery::default(), 100)?.items)
        };
        let base = setup.act(list).unwrap().into_iter().find(|one| one.value.code == "JOD").unwrap();
        assert_eq!(said(change(base.id, 1, form("JOD", 2))), "currency_used");
        for statement in [
            "UPDATE currencies SET scale = 2 WHERE code = 'BHD'",
            "UPDATE currencies SET scale = 2 WHERE code = 'JOD'",
            "UPDATE currencies SET code = 'AAA' WHERE code = 'JPY'",
            "DELETE FROM currencies WHERE code = 'JPY'",
        ] {
            assert!(sql(&setup.db, statement).is_err(), "{statement}");
        }
        sql(&setup.db, "UPDATE currencies SET scale = 2 WHERE code = 'JPY'").unwrap();
    });
}

/// An account of the chart for a bank account.
fn of_cash(code: &str) -> AccountInput {
    AccountInput {
        parent_id: None,
        code: code.to_owned(),
        name: Named { ar: "بنك".to_owned(), en: String::new() },
        side: Side::Debit,
        posting: true,
        gfsm: "6202".to_owned(),
        currency: None,
        budgeted: false,
        needs_party: false,
        needs_centre: false,
        trust: false,
        active_from: day("2026-01-01"),
        active_to: None,
    }
}

fn bank_account(account_id: i64, currency: &str) -> BankAccountInput {
    BankAccountInput {
        account_id,
        code: currency.to_owned(),
        name: Named { ar: "بنك".to_owned(), en: String::new() },
        bic: String::new(),
        number: "1".to_owned(),
        iban: String::new(),
        currency: currency.to_owned(),
        cash: false,
        active: true,
    }
}

#[test]
fn a_bank_account_is_in_a_currency_of_as_many_decimals_as_banks_write() {
    both(|test| {
        let setup = Setup::on(test.db());
        let dinar = |scale: i32| Currency {
            code: "IQD".to_owned(),
            scale,
            name: Named { ar: "دينار عراقي".to_owned(), en: "Iraqi dinar".to_owned() },
            ..Currency::default()
        };
        let made = setup.act(|tx, actor| part::create(tx, actor, &dinar(0))).unwrap();
        let account = setup.act(|tx, actor| part::create(tx, actor, &of_cash("629998"))).unwrap().id;
        let open = |bank: BankAccountInput| setup.act(|tx, actor| part::create(tx, actor, &bank));
        assert_eq!(said(open(bank_account(account, "IQD"))), "currency:decimals");
        setup.act(|tx, actor| part::change(tx, actor, (made.id, 1), &dinar(3))).unwrap();
        let bank = open(bank_account(account, "IQD")).unwrap();
        // A box holds whatever decimals its currency has here, and becomes no account of a bank with them.
        sql(&setup.db, "INSERT INTO currencies (code, scale, name_ar, name_en) VALUES ('LYD', 0, 'د', '')").unwrap();
        let account = setup.act(|tx, actor| part::create(tx, actor, &of_cash("629997"))).unwrap().id;
        let cash = open(BankAccountInput { cash: true, ..bank_account(account, "LYD") }).unwrap();
        let change = |id: i64, one: BankAccountInput| setup.act(|tx, actor| part::change(tx, actor, (id, 1), &one));
        assert_eq!(said(change(cash.id, bank_account(account, "LYD"))), "currency:decimals");
        change(bank.id, BankAccountInput { active: false, ..bank.value.clone() }).unwrap();
    });
}

#[test]
fn the_rate_of_a_day_is_the_last_one_before_it() {
    both(|test| {
        let setup = Setup::on(test.db());
        let add = |currency: &str, on: &str, rate: &str| {
            let one = RateInput { currency: currency.to_owned(), day: day(on), rate: rate.to_owned() };
            setup.act(|tx, actor| part::create(tx, actor, &one))
        };
        assert_eq!(add("usd", "2026-01-01", "0.7090").unwrap().value.rate, "0.709");
        add("USD", "2026-03-01", "٠٫٧١").unwrap();
        assert_eq!(said(add("USD", "2026-03-01", "0.72")), "day:taken");
        assert_eq!(said(add("JOD", "2026-03-01", "1")), "currency:rate_of_base");
        assert_eq!(said(add("XXX", "2026-03-01", "0")), "currency:unknown_currency rate:rate_form");
        let on = |currency: &str, on: &str| setup.act(|tx, actor| rates::on(tx, actor.agency_id, currency, day(on)));
        assert_eq!(on("USD", "2026-02-28").unwrap(), 709_000_000);
        assert_eq!(on("USD", "2026-03-01").unwrap(), 710_000_000);
        assert_eq!(on("JOD", "1990-01-01").unwrap(), RATE_ONE);
        match on("USD", "2025-12-31") {
            Err(Refusal::Rule { code: "no_rate", args, .. }) => {
                assert_eq!((args["currency"].as_str(), args["day"].as_str()), ("USD", "2025-12-31"));
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn limits_are_given_by_others_and_do_not_overlap() {
    both(|test| {
        let setup = Setup::on(test.db());
        let limit = |user: &str, from: &str, to: Option<&str>| LimitInput {
            user_id: setup.world.mof.users[user],
            kind: Some(DocumentKind::PaymentVoucher),
            amount: "5,000".to_owned(),
            active_from: day(from),
            active_to: to.map(day),
            reference: "قرار 12/2026".to_owned(),
        };
        let add = |one: LimitInput| setup.act(|tx, actor| part::create(tx, actor, &one));
        assert_eq!(said(add(limit("director", "2026-01-01", None))), "own_limit");
        let made = add(limit("head", "2026-01-01", Some("2026-06-30"))).unwrap();
        assert_eq!((made.value.amount.as_str(), made.names["user"].code.as_str()), ("5,000.000", "head.mof"));
        assert_eq!(said(add(limit("head", "2026-06-30", None))), "active_from:days_overlap");
        add(limit("head", "2026-07-01", None)).unwrap();
        add(LimitInput { kind: None, ..limit("head", "2026-01-01", None) }).unwrap();
        assert_eq!(
            said(add(LimitInput { amount: "0".to_owned(), ..limit("staff", "2026-01-01", None) })),
            "amount:not_positive"
        );
        let theirs = LimitInput { user_id: setup.world.moh.users["head"], ..limit("head", "2026-01-01", None) };
        assert_eq!(said(add(theirs)), "user_id:unknown");
        // Who has a limit does not raise it.
        let head = setup.world.mof.actor(&setup.db, "head");
        let higher = LimitInput { amount: "9000".to_owned(), ..made.value.clone() };
        assert_eq!(said(setup.act(|tx, _| part::change(tx, &head, (made.id, 1), &higher))), "own_limit");
    });
}

#[test]
fn rules_of_virement_are_dated() {
    both(|test| {
        let setup = Setup::on(test.db());
        let rule = |from: &str, percent: Option<i32>, allowed: bool| VirementRuleInput {
            from_item: "211".to_owned(),
            to_item: String::new(),
            scope: None,
            allowed,
            percent,
            right: None,
            reference: "المادة 9 من قانون الموازنة العامة".to_owned(),
            active_from: day(from),
            active_to: None,
        };
        let add = |one: VirementRuleInput| setup.act(|tx, actor| part::create(tx, actor, &one));
        assert_eq!(said(add(rule("2026-01-01", Some(5), false))), "percent:percent_of_allowed");
        assert_eq!(said(add(rule("2026-01-01", Some(101), true))), "percent:out_of_range");
        let decided = |right| VirementRuleInput {
            right: Some(right),
            ..rule("2026-01-01", None, right == Permission::LettersDraft)
        };
        assert_eq!(said(add(decided(Permission::FinanceBudget))), "right:right_of_allowed");
        assert_eq!(said(add(decided(Permission::LettersDraft))), "right:not_of_finance");
        add(rule("2026-01-01", None, false)).unwrap();
        assert_eq!(said(add(rule("2026-05-01", Some(5), true))), "active_from:days_overlap");
        // Between programmes another rule may hold at the same time.
        let between = VirementRuleInput { scope: Some(VirementScope::Between), ..rule("2026-05-01", Some(5), true) };
        add(between.clone()).unwrap();
        assert_eq!(said(add(between)), "active_from:days_overlap");
    });
}
