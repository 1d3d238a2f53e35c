//! The lists of the setup on both databases: rules, pages, rates, what fields offer, and tables that are read back.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diwan_db::{Audit, Db, WriteTx};
use diwan_finance_api::{
    AccountInput, BankAccountInput, CentreInput, ControlInput, DocumentKind, FiscalYear, LimitInput, PartQuery,
    PartSort, PartyInput, PartyKind, RATE_ONE, RateInput, SegmentInput, SegmentKind, VirementRuleInput,
};
use diwan_kernel::{Lang, Named};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_testkit::{World, both};

use super::{
    begin, currencies, import, levels,
    part::{self, Part},
    pick, rates,
};
use crate::structure::{chart, keys, years};

/// A year of the ministry of finance with what comes with it.
struct Setup {
    db: Db,
    world: World,
    actor: Actor,
    year: FiscalYear,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Setup {
    fn on(db: Db) -> Self {
        let world = World::on(&db);
        let actor = world.mof.actor(&db, "director");
        let made = db.write_now(actor.who(), "test.year", |tx| {
            let year = years::create(tx, &actor, 2026)?;
            currencies::ensure(tx)?;
            currencies::ensure(tx)?;
            chart::begin(tx, &actor, year.starts_on)?;
            begin::begin(tx, &actor, year.starts_on)?;
            begin::begin(tx, &actor, year.starts_on)?;
            Ok::<_, Refusal>(year)
        });
        Self { db, world, actor, year: made.unwrap() }
    }

    fn act<T>(&self, run: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<T>) -> Outcome<T> {
        self.db.write_now(self.actor.who(), "test.step", |tx| {
            let value = run(tx, &self.actor)?;
            tx.audit(Audit::of("test", 1))?;
            Ok(value)
        })
    }

    fn segment(&self, kind: SegmentKind, code: &str) -> (i64, i64, SegmentInput) {
        self.act(|tx, actor| {
            let query = PartQuery { kind: Some(kind.code().to_owned()), ..PartQuery::default() };
            let page = SegmentInput::list(tx, actor.agency_id, &query, 1_000)?;
            let found = page.items.into_iter().find(|row| row.value.code == code).unwrap();
            Ok((found.id, found.version, found.value))
        })
        .unwrap()
    }

    /// A key of the ready parts for an item.
    fn key(&self, item: &str) -> keys::Key {
        let parts = [
            (SegmentKind::Chapter, "1501"),
            (SegmentKind::Programme, "4401"),
            (SegmentKind::Activity, "4401001"),
            (SegmentKind::Fund, "1"),
            (SegmentKind::Location, "11"),
            (SegmentKind::Item, item),
        ]
        .map(|(kind, code)| self.segment(kind, code).0);
        let when = (day("2026-02-01"), self.actor.user_id);
        self.act(|tx, actor| keys::find_or_make(tx, actor.agency_id, self.year.id, parts, when)).unwrap()
    }
}

/// The code of a rule, or `field:code` of wrong fields.
fn said<T: std::fmt::Debug>(refused: Outcome<T>) -> String {
    match refused {
        Err(Refusal::Rule { code, .. } | Refusal::Denied(code)) => code.to_owned(),
        Err(Refusal::Invalid(fields)) => {
            fields.iter().map(|one| format!("{}:{}", one.field, one.code)).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    }
}

fn party(code: &str, ar: &str) -> PartyInput {
    PartyInput {
        kind: PartyKind::Supplier,
        code: code.to_owned(),
        name: Named { ar: ar.to_owned(), en: String::new() },
        tax_number: String::new(),
        national_number: String::new(),
        iban: String::new(),
        user_id: None,
        active: true,
    }
}

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
        let stranger = setup.world.moh.users["clerk"];
        let theirs = PartyInput { kind: PartyKind::Employee, user_id: Some(stranger), ..party("NEW", "جديد") };
        assert_eq!(said(setup.act(|tx, actor| part::create(tx, actor, &theirs))), "user_id:unknown");
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
        let change = |depth: i32, version: i64| {
            let input = ControlInput { kind: SegmentKind::Item, depth };
            setup.act(|tx, actor| levels::change(tx, actor, (setup.year.id, version), &input))
        };
        assert_eq!(said(change(10, 1)), "depth:out_of_range");
        let changed = change(2, 1).unwrap();
        assert_eq!((changed.depth, changed.version, changed.fixed), (2, 2, false));
        assert!(matches!(change(3, 1), Err(Refusal::Stale { .. })));
        // Items are controlled at the second level: fuel and cleaning share a line.
        assert_eq!(setup.key("2215").line_id, setup.key("2220").line_id);
        assert_eq!(said(change(3, 2)), "control_fixed");
        let other = setup.world.moh.actor(&setup.db, "director");
        let input = ControlInput { kind: SegmentKind::Item, depth: 1 };
        let refused = setup.act(|tx, _| levels::change(tx, &other, (setup.year.id, 2), &input));
        assert!(matches!(refused, Err(Refusal::NotFound("fiscal_year"))));
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
            Err(Refusal::Rule { code: "no_rate", args }) => {
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
            allowed,
            percent,
            reference: "المادة 9 من قانون الموازنة العامة".to_owned(),
            active_from: day(from),
            active_to: None,
        };
        let add = |one: VirementRuleInput| setup.act(|tx, actor| part::create(tx, actor, &one));
        assert_eq!(said(add(rule("2026-01-01", Some(5), false))), "percent:percent_of_allowed");
        assert_eq!(said(add(rule("2026-01-01", Some(101), true))), "percent:out_of_range");
        add(rule("2026-01-01", None, false)).unwrap();
        assert_eq!(said(add(rule("2026-05-01", Some(5), true))), "active_from:days_overlap");
    });
}

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

/// Exports a list in a language and brings the file back: every row is known, right, and stays as it is.
fn comes_back<P: Part>(setup: &Setup, lang: Lang) {
    let query = PartQuery::default();
    let list = |tx: &mut WriteTx<'_>, actor: &Actor| {
        let page = P::list(tx, actor.agency_id, &query, 5_000)?;
        Ok(page.items.into_iter().map(|row| (row.id, row.version)).collect::<Vec<_>>())
    };
    let before = setup.act(list).unwrap();
    assert!(!before.is_empty(), "{}", P::ABOUT.entity);
    let file = setup.act(|tx, actor| part::export::<P>(tx, actor, &query, lang)).unwrap();
    let report = setup.act(|tx, actor| import::rows::<P>(tx, actor, &file)).unwrap();
    assert_eq!((report.wrong, report.rows.len()), (0, before.len()), "{}: {report:?}", P::ABOUT.entity);
    assert_eq!(setup.act(list).unwrap(), before, "{}", P::ABOUT.entity);
}

#[test]
fn what_is_exported_is_read_back_and_changes_nothing() {
    both(|test| {
        let setup = Setup::on(test.db());
        let account_id =
            setup.act(|tx, actor| pick::accounts(tx, actor.agency_id, "620201", Some(day("2026-02-01")))).unwrap()[0]
                .id;
        setup
            .act(|tx, actor| {
                let employee = PartyInput {
                    kind: PartyKind::Employee,
                    user_id: Some(setup.world.mof.users["head"]),
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
                    allowed: true,
                    percent: Some(10),
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
        }
    });
}
