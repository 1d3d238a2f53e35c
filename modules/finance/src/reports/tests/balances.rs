//! Balances by any two dimensions, account statements, the journal and the trial balance.

use std::collections::BTreeMap;

use diwan_db::Clock as _;
use diwan_finance_api::{Dimension, ReportCell, ReportQuery, Target};
use diwan_kernel::PageRequest;
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::books::{BANK, Model, ModelLine, REVENUE, amounts, named};
use crate::{
    ledger::{
        balances::{self, EARLIER, MOVED, OPENING, Wanted},
        only::Only,
        tests::books::day,
    },
    reports::What,
};

/// The ids of the six parts of a key.
type Parts = (i64, i64, i64, i64, i64, i64);

/// The value of a line for a dimension.
fn value(model: &Model, line: &ModelLine, by: Dimension) -> String {
    let key = model.keys.iter().find(|key| key.0 == line.key);
    let part = |pick: fn(&Parts) -> i64| key.map_or(0, |key| pick(&key.1)).to_string();
    match by {
        Dimension::Account => model.accounts[line.account].to_string(),
        Dimension::Key => line.key.to_string(),
        Dimension::Party => line.party.to_string(),
        Dimension::Centre => "0".to_owned(),
        Dimension::Currency => "JOD".to_owned(),
        Dimension::Chapter => part(|parts| parts.0),
        Dimension::Programme => part(|parts| parts.1),
        Dimension::Activity => part(|parts| parts.2),
        Dimension::Fund => part(|parts| parts.3),
        Dimension::Location => part(|parts| parts.4),
        Dimension::Item => part(|parts| parts.5),
        Dimension::Gfsm => Model::code(line.account).to_owned(),
        Dimension::Cofog => key.map(|key| key.2.clone()).unwrap_or_default(),
    }
}

/// What a line of any entry has of a dimension, alone.
fn any_value(model: &mut Model, by: Dimension) -> Only {
    let at = usize::try_from(model.any(i64::try_from(model.entries.len()).unwrap())).unwrap();
    let values = vec![value(model, &model.entries[at].lines[0], by)];
    Only { by, values }
}

type Sums = BTreeMap<(i32, String, String), (i64, i64)>;

/// Sums of all lines, one by one.
fn summed(model: &Model, wanted: &Wanted) -> Sums {
    let mut sums = Sums::new();
    let known = |at| wanted.known_at.is_none_or(|known| at <= known);
    for entry in model.entries.iter().filter(|one| one.day <= wanted.to && known(one.at)) {
        for line in &entry.lines {
            let fits = |one: &Only| one.values.contains(&value(model, line, one.by));
            if wanted.account_id.is_some_and(|id| id != model.accounts[line.account]) || !wanted.only.iter().all(fits) {
                continue;
            }
            let nominal = !Model::code(line.account).starts_with(['3', '6']);
            let part = match () {
                () if entry.day >= wanted.from => MOVED,
                () if entry.day < wanted.since && nominal => EARLIER,
                () => OPENING,
            };
            let [first, second] = wanted.by.map(|by| value(model, line, by));
            let sum = sums.entry((part, first, second)).or_default();
            *sum = (sum.0 + line.debit, sum.1 + line.credit);
        }
    }
    sums.retain(|_, sum| *sum != (0, 0));
    sums
}

#[test]
fn balances_by_any_two_dimensions_are_the_sums_of_the_lines_known_then() {
    both(|test| {
        let mut model = Model::random(&test, 7, 90);
        for round in 0..60 {
            let pick = |at: i64| Dimension::ALL[usize::try_from(at).unwrap()];
            let count = i64::try_from(Dimension::ALL.len()).unwrap();
            let by = [pick(model.any(count)), pick(model.any(count))];
            let alone = pick(model.any(count));
            let only = if round % 4 == 1 { vec![any_value(&mut model, alone)] } else { Vec::new() };
            let from = model.any_day("2026-01-01", 200);
            let days = model.any(140);
            let to = from + chrono::TimeDelta::days(days);
            // Every third is of whole periods.
            let (from, to) = if round % 3 == 0 { (day("2026-03-01"), day("2026-10-31")) } else { (from, to) };
            let wanted = Wanted {
                agency_id: model.books.actor.agency_id,
                since: day("2026-01-01"),
                from,
                to,
                known_at: (round % 2 == 0).then(|| model.any_moment()),
                by,
                account_id: (round % 5 == 0).then_some(model.accounts[BANK]),
                only,
            };
            let rows = model.books.db.read_now(|tx| balances::read(tx, &wanted)).unwrap();
            let read: Sums =
                rows.into_iter().map(|row| ((row.part, row.first, row.second), (row.debit, row.credit))).collect();
            assert_eq!(read, summed(&model, &wanted), "{wanted:?}");
        }
    });
}

#[test]
fn a_trial_balance_balances_and_begins_the_year_without_the_results_of_earlier_ones() {
    both(|test| {
        let model = Model::random(&test, 11, 60);
        let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let report = model.report(&What::Trial, &query);
        assert!(report.checks.iter().all(|check| check.difference() == 0), "{:?}", report.checks);
        let now = test.clock().now();
        let earlier = model.moved("11", (day("2025-01-01"), day("2025-12-31")), now);
        assert_eq!(named(&report, "Results of earlier years")[1], -earlier);
        let of_year = model.moved("11", (day("2026-01-01"), day("2026-12-31")), now);
        assert_eq!(named(&report, "حساب 11")[5], -of_year, "revenue begins each year at nothing");
        let bank = model.moved("6202", (day("2025-01-01"), day("2026-12-31")), now)
            - model.moved("62021", (day("2025-01-01"), day("2026-12-31")), now);
        let closing = named(&report, "حساب 6202");
        assert_eq!(closing[4] - closing[5], bank);
        for (by, then) in [(Dimension::Programme, Dimension::Item), (Dimension::Party, Dimension::Account)] {
            let split = ReportQuery { by: Some(by), then: Some(then), ..query.clone() };
            let split = model.report(&What::Trial, &split);
            assert!(split.checks.iter().all(|check| check.difference() == 0), "{:?}", split.checks);
            assert_eq!(
                amounts(&split.rows.last().unwrap().cells)[2..4],
                amounts(&report.rows.last().unwrap().cells)[2..4]
            );
        }
    });
}

#[test]
fn a_row_of_a_trial_balance_opens_the_lines_of_its_values_alone() {
    use Dimension::{Account, Cofog, Fund, Gfsm, Item, Key, Party};
    both(|test| {
        let mut model = Model::random(&test, 61, 80);
        for known_at in [None, Some(model.any_moment())] {
            let (from, to) = (Some(day("2026-02-10")), Some(day("2026-09-20")));
            let query = ReportQuery { from, to, known_at, ..ReportQuery::default() };
            for (by, then) in [(Account, Party), (Key, Account), (Item, Account), (Party, Cofog), (Fund, Gfsm)] {
                let asked = ReportQuery { by: Some(by), then: Some(then), ..query.clone() };
                let trial = model.report(&What::Trial, &asked);
                for (row, link) in trial.rows.iter().filter_map(|row| Some((row, row.link.clone()?))) {
                    let sides = amounts(&row.cells);
                    let below = ReportQuery { only: Some(link.code.clone()), ..query.clone() };
                    let narrowed = link.code.split(',').count();
                    if link.target == Target::Account {
                        let account = model.report(&What::Account(link.id), &below);
                        let net = |minor: &ReportCell| match minor {
                            ReportCell::Amount(minor) => minor.abs(),
                            other => panic!("{other:?}"),
                        };
                        let held: Vec<i64> = account.facts[2..6].iter().map(|fact| net(&fact.value)).collect();
                        let [opening, closing] = [(0, 1), (4, 5)].map(|(one, other)| (sides[one] - sides[other]).abs());
                        assert_eq!(held, [opening, sides[2], sides[3], closing], "{link:?}");
                        let lines = account.rows.iter().map(|row| amounts(&row.cells));
                        let moved = lines.fold((0, 0), |sum, line| (sum.0 + line[0], sum.1 + line[1]));
                        assert_eq!((moved.0, moved.1, account.facts.len()), (sides[2], sides[3], 6 + narrowed));
                    } else {
                        assert_eq!(link.target, Target::Trial);
                        let accounts = model.report(&What::Trial, &below);
                        assert_eq!(amounts(&accounts.rows.last().unwrap().cells)[2..4], sides[2..4], "{link:?}");
                        assert_eq!((accounts.facts.len(), accounts.checks.len()), (narrowed, 0));
                        let first = accounts.rows[0].link.as_ref().unwrap();
                        assert_eq!((first.target, &first.code), (Target::Account, &link.code));
                    }
                }
            }
        }
    });
}

#[test]
fn the_pages_of_an_account_statement_run_from_opening_to_closing() {
    both(|test| {
        let mut model = Model::random(&test, 13, 80);
        for known in [None, Some(model.any_moment())] {
            let (from, to) = (day("2026-02-10"), day("2026-09-20"));
            let known_at = known.unwrap_or_else(|| test.clock().now());
            let mut query = ReportQuery { from: Some(from), to: Some(to), known_at: known, ..ReportQuery::default() };
            let what = What::Account(model.accounts[BANK]);
            let before = model.entries.iter().filter(|one| one.day < from && one.at <= known_at);
            let of_bank = |line: &&ModelLine| line.account == BANK;
            let mut balance: i64 =
                before.flat_map(|one| &one.lines).filter(of_bank).map(|one| one.debit - one.credit).sum();
            let mut lines: Vec<_> = model
                .entries
                .iter()
                .filter(|one| one.day >= from && one.day <= to && one.at <= known_at)
                .flat_map(|one| one.lines.iter().filter(of_bank).map(move |line| (one.day, one.id, line)))
                .collect();
            lines.sort_by_key(|line| (line.0, line.1));
            assert_eq!(model.report(&what, &query).facts[2].value, ReportCell::Amount(balance));
            let mut seen = Vec::new();
            loop {
                let page = model.asked(&what, &query, 7).unwrap();
                assert!(page.rows.len() <= 7);
                seen.extend(page.rows);
                query.page = PageRequest { after: page.next, limit: None };
                if query.page.after.is_none() {
                    assert_eq!(page.facts[5].value, *seen.last().unwrap().cells.last().unwrap());
                    break;
                }
            }
            assert_eq!(seen.len(), lines.len());
            for (row, (day, entry, line)) in seen.iter().zip(lines) {
                balance += line.debit - line.credit;
                assert_eq!(row.cells[0], ReportCell::Day(day));
                assert_eq!(amounts(&row.cells), [line.debit, line.credit, balance]);
                let link = row.link.as_ref().unwrap();
                assert_eq!((link.target, link.id), (Target::Entry, entry));
            }
        }
    });
}

#[test]
fn the_journal_shows_every_entry_once_and_finds_what_is_asked_for() {
    both(|test| {
        let model = Model::random(&test, 17, 50);
        let mut query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let mut expected: Vec<_> = model.entries.iter().filter(|one| one.day >= day("2026-01-01")).collect();
        expected.sort_by_key(|one| std::cmp::Reverse((one.day, one.id)));
        let mut seen = Vec::new();
        loop {
            let page = model.asked(&What::Journal, &query, 9).unwrap();
            seen.extend(page.rows.iter().map(|row| row.link.as_ref().unwrap().id));
            query.page.after = page.next;
            if query.page.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected.iter().map(|one| one.id).collect::<Vec<_>>());
        let one = expected[0];
        let total: i64 = one.lines.iter().map(|line| line.debit).sum();
        let written = format!("{}.{:03}", total / 1_000, total % 1_000);
        let by_amount = model.report(&What::Journal, &ReportQuery { amount: Some(written), ..query.clone() });
        assert!(by_amount.rows.iter().any(|row| row.link.as_ref().unwrap().id == one.id));
        let of_account = ReportQuery { account: Some("911".to_owned()), ..query.clone() };
        let on_it = expected.iter().filter(|one| one.lines.iter().any(|line| line.account == REVENUE)).count();
        assert_eq!(model.report(&What::Journal, &of_account).rows.len(), on_it);
        let of_account = ReportQuery { account: Some(" ٩١١".to_owned()), ..query.clone() };
        assert_eq!(model.report(&What::Journal, &of_account).rows.len(), on_it, "in any digits");
        let at = expected[expected.len() / 2].at;
        let known = model.report(&What::Journal, &ReportQuery { known_at: Some(at), ..query.clone() });
        assert_eq!(known.rows.len(), expected.iter().filter(|one| one.at <= at).count());
        assert!(known.rows.len() < expected.len(), "what was recorded later was not known");
        let nobody = ReportQuery { number: Some("none".to_owned()), ..query.clone() };
        assert!(model.report(&What::Journal, &nobody).rows.is_empty());
        let wrong = ReportQuery { amount: Some("ten".to_owned()), ..query };
        assert!(matches!(model.asked(&What::Journal, &wrong, 9), Err(Refusal::Invalid(_))));

        let entry = model.report(&What::Entry(one.id), &ReportQuery::default());
        assert_eq!(entry.rows.len(), one.lines.len());
        // Another agency has books of its own.
        let stranger = model.books.world.moh.actor(&model.books.db, "director");
        for what in [What::Entry(one.id), What::Account(model.accounts[BANK]), What::Moves(model.books.key.line_id)] {
            let asked =
                model.books.db.read_now(|tx| crate::reports::run(tx, &stranger, &what, &ReportQuery::default(), 9));
            assert!(matches!(asked, Err(Refusal::NotFound(_))), "{what:?}");
        }
    });
}
