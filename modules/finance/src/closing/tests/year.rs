//! The end of a year: accounts of flows at nothing, the result on net worth, commitments by their decisions, the budget empty but
//! for what is owed and paid, and the next year opening with what there was.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_finance_api::{
    CommitmentDecision, Dimension, DocumentKind, Report, ReportCell, ReportQuery, YearEndOnly, YearEndQuery,
    YearEndState,
};
use diwan_platform::Refusal;
use diwan_schema::finance::{accounts, budget_keys, budget_lines, opening_balances, period_balances};
use diwan_testkit::{TestDb, both};

use super::desk::Desk;
use crate::{
    closing::year,
    documents::tests::office::{FUEL, GOODS, MACHINES, refusal},
    ledger::tests::books::day,
    reports::{self, What},
    structure::years,
};

pub(super) fn in_january(test: &TestDb) {
    let at: NaiveDateTime = NaiveDate::from_ymd_opt(2027, 1, 10).unwrap().and_hms_opt(8, 0, 0).unwrap();
    test.clock().set(at);
}

/// Net base balances by account code.
type Balances = BTreeMap<String, i64>;

fn of_periods(desk: &Desk) -> Balances {
    let rows: Vec<(String, i64, i64)> = desk
        .db()
        .read_now(|tx| {
            Ok::<_, Refusal>(
                period_balances::table
                    .inner_join(accounts::table.on(accounts::id.eq(period_balances::account_id)))
                    .select((accounts::code, period_balances::base_debit, period_balances::base_credit))
                    .load(tx.conn())?,
            )
        })
        .unwrap();
    sums(rows)
}

fn of_opening(desk: &Desk) -> Balances {
    let rows: Vec<(i64, i64, i64)> = desk
        .db()
        .read_now(|tx| {
            Ok::<_, Refusal>(
                opening_balances::table
                    .filter(opening_balances::year_id.eq(desk.year.id))
                    .select((opening_balances::account_id, opening_balances::base_debit, opening_balances::base_credit))
                    .load(tx.conn())?,
            )
        })
        .unwrap();
    let codes: BTreeMap<i64, String> = desk
        .db()
        .read_now(|tx| Ok::<_, Refusal>(accounts::table.select((accounts::id, accounts::code)).load(tx.conn())?))
        .unwrap()
        .into_iter()
        .collect();
    sums(rows.into_iter().map(|(id, debit, credit)| (codes[&id].clone(), debit, credit)).collect())
}

fn sums(rows: Vec<(String, i64, i64)>) -> Balances {
    let mut sums = Balances::new();
    for (code, debit, credit) in rows {
        *sums.entry(code).or_default() += debit - credit;
    }
    sums.retain(|_, net| *net != 0);
    sums
}

fn report(desk: &Desk, what: &What, query: &ReportQuery) -> Report {
    desk.db().read_now(|tx| reports::run(tx, &desk.closer, what, query, 100)).unwrap()
}

/// A statement as its rows: name and figures.
fn statement(desk: &Desk, code: &str, year: i32) -> Vec<(String, Vec<i64>)> {
    let query = ReportQuery { year: Some(year), ..ReportQuery::default() };
    let made = report(desk, &What::Statement(code.to_owned()), &query);
    for check in &made.checks {
        assert_eq!(check.left, check.right, "{code} of {year}: {check:?}");
    }
    let row = |row: &diwan_finance_api::ReportRow| {
        let name = row.cells.iter().find_map(|cell| match cell {
            ReportCell::Text(name) => Some(name.en.clone()),
            _ => None,
        });
        let amounts = row.cells.iter().filter_map(|cell| match cell {
            ReportCell::Amount(amount) => Some(*amount),
            _ => None,
        });
        (name.unwrap_or_default(), amounts.collect())
    };
    made.rows.iter().map(row).collect()
}

fn figure(rows: &[(String, Vec<i64>)], name: &str) -> i64 {
    rows.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("{name} in {rows:?}")).1[0]
}

const STATEMENTS: [&str; 6] = ["execution", "cash", "position", "performance", "gfsm", "cofog"];

/// What of the line of a key is neither owed nor paid.
fn loose(desk: &Desk, year_id: i64, key: &str) -> i64 {
    let row: (i64, i64, i64, i64, i64) = desk
        .db()
        .read_now(|tx| {
            Ok::<_, Refusal>(
                budget_keys::table
                    .inner_join(budget_lines::table.on(budget_lines::id.eq(budget_keys::line_id)))
                    .filter(budget_keys::code.eq(key))
                    .filter(budget_keys::year_id.eq(year_id))
                    .select((
                        budget_lines::unallotted,
                        budget_lines::frozen,
                        budget_lines::available,
                        budget_lines::pre_committed,
                        budget_lines::committed,
                    ))
                    .first(tx.conn())?,
            )
        })
        .unwrap();
    row.0 + row.1 + row.2 + row.3 + row.4
}

/// A year with revenue, expense in two currencies, a payable, commitments that were drawn on and that were not.
pub(super) fn lived(test: &TestDb) -> (Desk, [i64; 3]) {
    let desk = Desk::on(test.db());
    let office = &desk.office;
    office.allot(&[(GOODS, "9000"), (FUEL, "2000"), (MACHINES, "1500")]);
    desk.receipt("4000");
    desk.expense("700", "INV-1");
    let machine = office.input(DocumentKind::PaymentVoucher, &[("6112", MACHINES, "900", "")]);
    office.posted(&diwan_finance_api::DocumentInput { reference: "INV-2".to_owned(), ..machine });
    // Two vouchers in dollars that take each other back at other rates: nothing is left in dollars, and something in dinars.
    for (rate, sides) in [("0.720", ("100", "")), ("0.700", ("", "100"))] {
        let (debit, credit) = sides;
        let mut journal = office
            .input(DocumentKind::JournalVoucher, &[("2219", GOODS, debit, credit), ("630811", "", credit, debit)]);
        (journal.currency, journal.rate) = ("USD".to_owned(), rate.to_owned());
        office.posted(&journal);
    }
    let drawn = desk.commitment(GOODS, "1000");
    let mut voucher = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "400", "")]);
    (voucher.source_id, voucher.reference) = (Some(drawn), "INV-3".to_owned());
    office.posted(&voucher);
    let whole = desk.commitment(FUEL, "800");
    let gone = desk.commitment(GOODS, "300");
    (desk, [drawn, whole, gone])
}

#[test]
fn a_year_ends_with_nothing_left_but_what_is_owed_paid_and_carried() {
    both(|test| {
        let (desk, [drawn, whole, gone]) = lived(&test);
        let office = &desk.office;
        in_january(&test);
        desk.close_to(12);
        let before: Vec<_> = STATEMENTS.iter().map(|code| statement(&desk, code, 2026)).collect();
        let books = of_periods(&desk);
        desk.begin();
        let next = desk.next_year();
        desk.decide(&[drawn, whole], CommitmentDecision::Carry).unwrap();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        let plan = desk.end();
        assert_eq!(plan.state, Some(YearEndState::Draft));
        assert!(plan.conditions.iter().all(|one| one.met), "{:?}", plan.conditions);
        // 4,000 less 700 and 400, and the 2 dinars that the dollars left.
        assert_eq!((plan.revenue, plan.expense, plan.surplus), (4_000_000, 1_102_000, 2_898_000));
        assert_eq!((plan.carry.count, plan.carry.amount, plan.lapse.amount), (2, 1_400_000, 300_000));
        assert_eq!(plan.budget.carried, 1_400_000);
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();

        let ended = desk.end();
        assert_eq!(
            (ended.state, ended.surplus, ended.revenue),
            (Some(YearEndState::Ended), plan.surplus, plan.revenue)
        );
        assert_eq!(ended.budget, plan.budget, "it did what the plan said");
        assert_eq!((ended.carry, ended.lapse), (plan.carry, plan.lapse));
        assert_eq!(ended.confirmed_by.map(|by| by.id), Some(office.director.user_id));
        assert_eq!(desk.state(13), "closed");

        // Nothing on accounts of flows, the result on net worth, and the next year opens with what there was.
        let after = of_periods(&desk);
        assert!(after.keys().all(|code| code.starts_with('6')), "{after:?}");
        assert_eq!(after["6001"], -2_898_000);
        let stocks = |of: &Balances| -> Balances {
            of.iter()
                .filter(|(code, _)| code.starts_with('6') && *code != "6001")
                .map(|(c, n)| (c.clone(), *n))
                .collect()
        };
        assert_eq!(stocks(&after), stocks(&books));
        assert_eq!(of_opening(&desk), after);
        let performance = statement(&desk, "performance", 2026);
        assert_eq!(figure(&performance, "Change in net assets"), 2_898_000);

        // The year says the same as before it was ended, and the next one stands on it.
        let again: Vec<_> = STATEMENTS.iter().map(|code| statement(&desk, code, 2026)).collect();
        assert_eq!(again, before);
        let position = statement(&desk, "position", 2027);
        assert_eq!(figure(&position, "Net worth carried forward"), 2_898_000);
        assert_eq!(figure(&position, "Results of the years"), 0);
        let trial = ReportQuery { year: Some(2027), by: Some(Dimension::Account), ..ReportQuery::default() };
        let trial = report(&desk, &What::Trial, &trial);
        assert!(trial.checks.iter().all(|check| check.left == check.right));
        assert!(trial.rows.iter().all(|row| !row.cells.contains(&ReportCell::Code("2219".to_owned()))));

        // Budget: what is owed and paid stays; what is carried stands in the next year.
        for key in [GOODS, FUEL, MACHINES] {
            assert_eq!(loose(&desk, desk.year.id, key), 0, "{key}");
        }
        assert_eq!(loose(&desk, next.id, GOODS) + loose(&desk, next.id, FUEL), 1_400_000);
        for (id, open) in [(drawn, 600_000), (whole, 800_000)] {
            let seen = office.view(id);
            assert_eq!((seen.head.state.as_str(), seen.to_settle, seen.lines[0].open), ("closed", 0, 0));
            let heir = office.view(seen.drawn_by.last().unwrap().id);
            assert_eq!((heir.year, heir.head.state.as_str(), heir.to_settle), (2027, "posted", open));
            assert_eq!((heir.source.as_ref().map(|one| one.id), heir.lines[0].open), (Some(id), open));
            assert!(heir.head.number.as_deref().is_some_and(|number| number.starts_with("ل/2027/")));
            assert!(heir.verify_code.is_some());
            assert_eq!(heir.party.as_ref().map(|party| party.id), Some(office.supplier));
        }
        assert_eq!(office.view(gone).head.state, "closed");
        let voucher = office.view(ended.record_id.unwrap());
        assert_eq!((voucher.kind, voucher.head.state.as_str()), (DocumentKind::JournalVoucher, "posted"));
        assert_eq!(ended.number, voucher.head.number);
        assert!(voucher.verify_code.is_some() && voucher.entry_id.is_some());
        let net = |side: diwan_finance_api::Side| -> i64 {
            voucher.lines.iter().filter(|line| line.side == side).map(|line| line.base_amount).sum()
        };
        assert_eq!(net(diwan_finance_api::Side::Debit), net(diwan_finance_api::Side::Credit));

        // Once is once, and nothing of the year is opened or taken back.
        assert_eq!(refusal(desk.confirm(&office.director)), "confirm_year_end in ended");
        assert_eq!(refusal(desk.decide(&[whole], CommitmentDecision::Lapse)), "decide_commitments in ended");
        assert_eq!(refusal(desk.reopen(12)), "year_ended");
        let year = |id| desk.db().read_now(|tx| years::load(tx, desk.closer.agency_id, id)).unwrap();
        assert!(year(desk.year.id).ended && !desk.year.ended);
        let december = desk.period(12);
        let kinds = crate::ledger::tests::books::act(desk.db(), &desk.closer, |tx| {
            crate::structure::kinds::set(tx, &desk.closer, (december.id, december.version), &[])
        });
        assert_eq!(refusal(kinds), "year_ended");
        assert_eq!(refusal(office.reverse(voucher.head.id)), "year_end_stays");
        let bought = office.view(drawn).drawn_by[0].id;
        assert_eq!(refusal(office.reverse(bought)), "year_ended", "a journal voucher of an open year corrects it");
    });
}

#[test]
fn what_was_carried_is_spent_in_the_next_year_and_the_balances_go_on() {
    both(|test| {
        let (desk, [drawn, whole, gone]) = lived(&test);
        let office = &desk.office;
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.next_year();
        desk.decide(&[drawn, whole, gone], CommitmentDecision::Carry).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();
        let next = office.view(whole).drawn_by[0].id;
        let mut voucher = office.input(DocumentKind::PaymentVoucher, &[("2215", FUEL, "500", "")]);
        (voucher.source_id, voucher.reference) = (Some(next), "INV-9".to_owned());
        voucher.effective_on = day("2027-01-09");
        office.posted(&voucher);
        let left = office.view(next);
        assert_eq!((left.to_settle, left.lines[0].open), (300_000, 300_000));
        let performance = statement(&desk, "performance", 2027);
        assert_eq!(figure(&performance, "Use of goods and services"), 500_000);
        let position = statement(&desk, "position", 2027);
        assert_eq!(figure(&position, "Net worth carried forward"), 2_898_000);
        assert_eq!(figure(&position, "Results of the years"), -500_000);
        // As it was known before the year was ended, the position is the same.
        let query = ReportQuery {
            to: Some(day("2026-12-31")),
            known_at: Some("2026-12-31T20:00:00".parse().unwrap()),
            ..ReportQuery::default()
        };
        let known = report(&desk, &What::Statement("position".to_owned()), &query);
        assert!(known.checks.iter().all(|check| check.left == check.right));
    });
}

#[test]
fn a_year_without_anything_ends_too() {
    both(|test| {
        let desk = Desk::on(test.db());
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        let ended = desk.end();
        assert_eq!((ended.state, ended.surplus), (Some(YearEndState::Ended), 0));
        assert_eq!(desk.office.view(ended.record_id.unwrap()).entry_id, None);
        assert!(of_opening(&desk).is_empty());
    });
}

#[test]
fn commitments_are_listed_with_their_decisions() {
    both(|test| {
        let (desk, [drawn, whole, gone]) = lived(&test);
        desk.begin();
        desk.decide(&[whole], CommitmentDecision::Carry).unwrap();
        desk.decide(&[whole, gone], CommitmentDecision::Lapse).unwrap();
        let list = |query: &YearEndQuery| {
            let page = desk.db().read_now(|tx| year::commitments(tx, &desk.closer, desk.year.id, query)).unwrap();
            (page.items.iter().map(|one| one.id).collect::<Vec<_>>(), page.next)
        };
        let only = |only| YearEndQuery { only: Some(only), ..YearEndQuery::default() };
        assert_eq!(list(&YearEndQuery::default()).0, [drawn, whole, gone]);
        assert_eq!(list(&only(YearEndOnly::Undecided)).0, [drawn]);
        assert_eq!(list(&only(YearEndOnly::Lapse)).0, [whole, gone]);
        assert_eq!(list(&only(YearEndOnly::Carry)).0, [0_i64; 0]);
        assert_eq!(list(&YearEndQuery { q: Some("ل/2026/2".to_owned()), ..YearEndQuery::default() }).0, [whole]);
        assert_eq!(list(&YearEndQuery { q: Some("لا شيء".to_owned()), ..YearEndQuery::default() }).0, [0_i64; 0]);
        let first =
            YearEndQuery { page: diwan_kernel::PageRequest { after: None, limit: Some(2) }, ..YearEndQuery::default() };
        let (ids, next) = list(&first);
        assert_eq!(ids, [drawn, whole]);
        let second = YearEndQuery { page: diwan_kernel::PageRequest { after: next, limit: Some(2) }, ..first };
        assert_eq!(list(&second).0, [gone]);
    });
}
