//! The statements beside sums of the lines; their identities under random books.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_db::Clock as _;
use diwan_finance_api::{AccountInput, Bucket, MoveKind, ReportCell, ReportQuery, STATEMENTS, Side, Target};
use diwan_kernel::Named;
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::books::{ASSET, BANK, CASH, EXPENSE, LOAN, Model, ModelLine, PAYABLE, REVENUE, amounts, named};
use crate::{
    ledger::tests::books::{act, day},
    reports::What,
    structure::{accounts, years},
};

fn statement(code: &str) -> What {
    What::Statement(code.to_owned())
}

const YEAR: (&str, &str) = ("2026-01-01", "2026-12-31");

fn query() -> ReportQuery {
    ReportQuery { year: Some(2026), to: Some(day(YEAR.1)), ..ReportQuery::default() }
}

#[test]
fn identities_hold_under_random_books_of_any_day_and_moment() {
    both(|test| {
        let mut model = Model::random(&test, 31, 70);
        for round in 0..6 {
            let (from, to) = (model.any_day("2026-01-01", 100), model.any_day("2026-05-01", 200));
            let known_at = (round % 2 == 1).then(|| model.any_moment());
            let query = ReportQuery { from: Some(from), to: Some(to), known_at, ..ReportQuery::default() };
            for code in STATEMENTS {
                let report = model.report(&statement(code), &query);
                for check in &report.checks {
                    assert_eq!(check.difference(), 0, "{code} {from} {to} {known_at:?}: {}", check.label.en);
                }
            }
        }
    });
}

#[test]
fn figures_are_those_of_the_lines_with_the_year_before_beside_them() {
    both(|test| {
        let mut model = Model::random(&test, 41, 80);
        let now = test.clock().now();
        let (year, before) = ((day(YEAR.0), day(YEAR.1)), (day("2025-01-01"), day("2025-12-31")));
        let moved = |begins: &str, days| model.moved(begins, days, now);
        let performance = model.report(&statement("performance"), &query());
        assert_eq!(named(&performance, "Total revenue"), [-moved("11", year), -moved("11", before)]);
        assert_eq!(named(&performance, "Use of goods and services"), [moved("22", year), moved("22", before)]);
        let all = (before.0, year.1);
        let position = model.report(&statement("position"), &query());
        assert_eq!(named(&position, "Cash and deposits"), [moved("6202", all), moved("6202", before)]);
        assert_eq!(named(&position, "Payables and deposits"), [-moved("6308", all), -moved("6308", before)]);
        let gfsm = model.report(&statement("gfsm"), &query());
        assert_eq!(
            named(&gfsm, "Net lending (borrowing) (1 − 2 − 31)")[0],
            -moved("1", year) - moved("2", year) - moved("61", year)
        );
        let cofog = model.report(&statement("cofog"), &query());
        assert_eq!(named(&cofog, "General public services")[0], moved("22", year));
        assert_eq!(named(&cofog, "Unmapped")[0], moved("61", year), "assets without a key are not lost");
        let execution = model.report(&statement("execution"), &query());
        let paid: i64 = paid(&model, year, now);
        assert_eq!(named(&execution, "Total expenditure")[..4], [5_000_000, 5_000_000, paid, 5_000_000 - paid]);
        // What a law takes down is in the final budget, not in the original one.
        let line = model.books.key.line_id;
        let cut = (line, Bucket::Unallotted, Bucket::Outside, 400_000);
        model.shift(&test, MoveKind::Supplementary, "2026-11-20", cut);
        let execution = model.report(&statement("execution"), &query());
        assert_eq!(named(&execution, "Total expenditure")[..4], [5_000_000, 4_600_000, paid, 4_600_000 - paid]);
    });
}

fn paid(model: &Model, (from, to): (NaiveDate, NaiveDate), known: NaiveDateTime) -> i64 {
    let payments = model.entries.iter().filter(|one| one.day >= from && one.day <= to && one.at <= known);
    let settled = payments.filter(|one| one.lines.iter().any(|line| line.account == PAYABLE && line.debit > 0));
    settled.flat_map(|one| &one.lines).filter(|line| line.account == PAYABLE).map(|line| line.debit).sum()
}

#[test]
fn cash_is_told_by_what_it_was_for() {
    both(|test| {
        let model = Model::random(&test, 43, 90);
        let now = test.clock().now();
        let year = (day(YEAR.0), day(YEAR.1));
        let cash = model.report(&statement("cash"), &query());
        let is_cash = |line: &ModelLine| [BANK, CASH].contains(&line.account);
        let of_year = || model.entries.iter().filter(|one| one.day >= year.0 && one.day <= year.1);
        // A receipt of revenue that is taken back is no payment.
        let taxes: i64 = of_year()
            .filter(|one| one.lines.iter().any(is_cash))
            .flat_map(|one| &one.lines)
            .filter(|line| Model::code(line.account) == "11")
            .map(|line| line.credit - line.debit)
            .sum();
        assert_eq!(named(&cash, "Taxation")[0], taxes);
        // Payments settle payables; they count as goods and services, which they were for.
        assert_eq!(named(&cash, "Supplies and consumables")[0], paid(&model, year, now));
        assert_eq!(named(&cash, "Payables and deposits paid")[0], 0);
        let moved: i64 = of_year()
            .flat_map(|one| &one.lines)
            .filter(|line| is_cash(line))
            .map(|line| line.debit - line.credit)
            .sum();
        assert_eq!(
            named(&cash, "Increase (decrease) in cash")[0],
            moved,
            "between bank and cash nothing is received or paid"
        );
        // What payments were for opens the budget line, and that their documents.
        let row = model.report(&statement("cash"), &ReportQuery { row: Some("p-supply".to_owned()), ..query() });
        let line = model.books.key.line_id;
        let links: Vec<_> = row.rows.iter().map(|row| row.link.as_ref().map(|link| (link.target, link.id))).collect();
        assert_eq!(links, [Some((Target::Line, line)), None], "the line and the total");
        let execution = model.report(&statement("execution"), &ReportQuery { row: Some("22".to_owned()), ..query() });
        assert_eq!(row.rows[0].cells[..2], execution.rows[0].cells[..2], "called as in the comparison with the budget");
    });
}

#[test]
fn what_is_paid_of_an_earlier_year_leads_from_the_budget_to_the_cash_statement() {
    both(|test| {
        let mut model = Model::random(&test, 59, 60);
        act(&model.books.db, &model.books.actor, |tx| years::create(tx, &model.books.actor, 2027)).unwrap();
        let (key, party) = (model.books.key.id, model.books.supplier);
        let line = |account, debit, credit| ModelLine { account, key: 0, party: 0, debit, credit };
        let spent = |debit| ModelLine { key, ..line(EXPENSE, debit, 0) };
        let owed = |debit, credit| ModelLine { party, ..line(PAYABLE, debit, credit) };
        let owing = |amount| (MoveKind::Liquidate, Bucket::Available, Bucket::Obligated, amount);
        let paying = |amount| (MoveKind::Pay, Bucket::Obligated, Bucket::Paid, amount);
        // Spent without cash in the year, and owed at its end; a part of that is paid in January.
        model.post(day("2026-11-02"), None, vec![spent(900), line(LOAN, 0, 900)], &[owing(900), paying(900)]);
        model.post(day("2026-12-30"), None, vec![spent(7_000), owed(0, 7_000)], &[owing(7_000)]);
        let year = paid(&model, (day(YEAR.0), day(YEAR.1)), test.clock().now());
        model.post(day("2027-01-12"), None, vec![owed(4_000, 0), line(BANK, 0, 4_000)], &[paying(4_000)]);

        let [earlier, without, outlay] = [
            "Paid of obligations of earlier years",
            "Less: spent without cash (advances settled, journal vouchers)",
            "Paid in cash from the budget",
        ];
        let of_year = model.report(&statement("execution"), &query());
        assert_eq!(named(&of_year, "Total expenditure")[2], year + 900);
        assert_eq!([earlier, without, outlay].map(|name| named(&of_year, name)[0]), [0, 900, year]);

        let next = ReportQuery { year: Some(2027), to: Some(day("2027-12-31")), ..ReportQuery::default() };
        let of_next = model.report(&statement("execution"), &next);
        assert_eq!(named(&of_next, "Total expenditure"), [0, 0, 0, 0, year + 900]);
        assert_eq!(named(&of_next, earlier), [4_000, 0]);
        assert_eq!(named(&of_next, without), [0, 900]);
        assert_eq!(named(&of_next, outlay), [4_000, year]);
        let checks: Vec<_> = [&of_year, &of_next].map(|report| (report.checks[0].left, report.checks[0].right)).into();
        assert_eq!(checks, [(year, year), (4_000, 4_000)]);
        let cash = model.report(&statement("cash"), &next);
        assert_eq!(named(&cash, "Supplies and consumables")[0], 4_000);
        // The row opens the line of the earlier year, and that the payment.
        let row = ReportQuery { row: Some("earlier".to_owned()), ..next.clone() };
        let lines = model.report(&statement("execution"), &row);
        let line = model.books.key.line_id;
        assert_eq!(lines.rows[0].link.as_ref().map(|link| (link.target, link.id)), Some((Target::Line, line)));
        assert_eq!(lines.rows.iter().map(|row| amounts(&row.cells)).collect::<Vec<_>>(), [[4_000, 0], [4_000, 0]]);
        let moves = model.report(&What::Moves(line), &ReportQuery { to: next.to, ..ReportQuery::default() });
        assert_eq!(moves.rows[0].cells[0], ReportCell::Day(day("2027-01-12")));
        // Whatever days are asked for, what is compared with the budget of a year is of that year.
        let other = ReportQuery { from: Some(day("2026-06-01")), to: Some(day("2027-03-01")), ..query() };
        let clamped = model.report(&statement("execution"), &other);
        assert_eq!((clamped.from, clamped.to), (day(YEAR.0), day(YEAR.1)));
        assert_eq!(clamped.rows, of_year.rows);
    });
}

#[test]
fn cash_held_in_trust_is_disclosed_beside_the_entitys_own_and_never_added_to_it() {
    both(|test| {
        let mut model = Model::random(&test, 53, 40);
        let before = model.report(&statement("cash"), &query());
        assert_eq!(before.checks.len(), 1, "nothing is held in trust yet");
        let account = |code: &str, side, gfsm: &str| AccountInput {
            parent_id: None,
            code: code.to_owned(),
            name: Named { ar: "أمانات".to_owned(), en: String::new() },
            side,
            posting: true,
            gfsm: gfsm.to_owned(),
            currency: None,
            budgeted: false,
            needs_party: false,
            needs_centre: false,
            trust: true,
            active_from: day("2024-01-01"),
            active_to: None,
        };
        let trust = act(&model.books.db, &model.books.actor, |tx| {
            let bank = accounts::create(tx, &model.books.actor, &account("6202041", Side::Debit, "6202"))?;
            Ok((bank.id, accounts::create(tx, &model.books.actor, &account("630815", Side::Credit, "6308"))?.id))
        });
        // The model has no place for them: they stand in for loan and asset.
        (model.accounts[LOAN], model.accounts[ASSET]) = trust.unwrap();
        let line = |account, debit, credit| ModelLine { account, key: 0, party: 0, debit, credit };
        // A deposit comes in, and a part of it is forfeited to the treasury.
        model.post(day("2026-07-01"), None, vec![line(LOAN, 5_000, 0), line(ASSET, 0, 5_000)], &[]);
        let forfeited = [line(ASSET, 1_000, 0), line(LOAN, 0, 1_000), line(BANK, 1_000, 0), line(REVENUE, 0, 1_000)];
        model.post(day("2026-07-02"), None, forfeited.to_vec(), &[]);

        let cash = model.report(&statement("cash"), &query());
        assert_eq!(cash.columns.len(), 6);
        assert_eq!(cash.checks.iter().map(|check| check.difference()).collect::<Vec<_>>(), [0, 0]);
        let more = |name: &str, own: i64, held: i64| {
            let was = named(&before, name);
            assert_eq!(named(&cash, name)[..2], [was[0] + own, held], "{name}");
            assert_eq!((was[1], was[3]), (0, 0), "{name}");
        };
        more("Deposits and amounts held for others", 0, 5_000);
        more("Taxation", 1_000, 0);
        more("Total receipts", 1_000, 5_000);
        more("Payables and deposits paid", 0, 1_000);
        more("Total payments", 0, 1_000);
        more("Increase (decrease) in cash", 1_000, 4_000);
        more("Cash at end", 1_000, 4_000);

        // A year later the same stands in the columns of the year before.
        let (from, to) = (Some(day("2027-01-01")), Some(day("2027-12-31")));
        let later = model.report(&statement("cash"), &ReportQuery { from, to, ..ReportQuery::default() });
        let increase = named(&cash, "Increase (decrease) in cash");
        assert_eq!(named(&later, "Increase (decrease) in cash"), [0, 0, increase[0], 4_000]);
        assert_eq!(named(&later, "Cash at beginning")[1], 4_000);
        let row = ReportQuery { row: Some("end".to_owned()), ..query() };
        let accounts = model.report(&statement("cash"), &row);
        let held =
            accounts.rows.iter().find(|row| row.link.as_ref().is_some_and(|link| link.id == model.accounts[LOAN]));
        assert_eq!(amounts(&held.unwrap().cells)[..2], [0, 4_000]);
    });
}

#[test]
fn a_row_opens_its_accounts_and_what_breaks_an_identity_is_told() {
    both(|test| {
        let mut model = Model::random(&test, 47, 40);
        let revenue = ReportQuery { row: Some("tax".to_owned()), ..query() };
        let row = model.report(&statement("performance"), &revenue);
        assert_eq!(row.rows.len(), 2, "one account and the total");
        let link = row.rows[0].link.as_ref().unwrap();
        assert_eq!((link.target, link.id), (Target::Account, model.accounts[REVENUE]));
        let total = ReportQuery { row: Some("revenue".to_owned()), ..query() };
        assert!(matches!(model.asked(&statement("performance"), &total, 9), Err(Refusal::NotFound("row"))));
        assert!(matches!(model.asked(&statement("nothing"), &query(), 9), Err(Refusal::NotFound("statement"))));

        // An entry straight into net worth is no flow of the year: the table says by how much it does not add up.
        let worth = act(&model.books.db, &model.books.actor, |tx| {
            let input = AccountInput {
                parent_id: None,
                code: "96001".to_owned(),
                name: Named { ar: "صافي القيمة".to_owned(), en: String::new() },
                side: Side::Credit,
                posting: true,
                gfsm: "6".to_owned(),
                currency: None,
                budgeted: false,
                needs_party: false,
                needs_centre: false,
                trust: false,
                active_from: day("2024-01-01"),
                active_to: None,
            };
            Ok(accounts::create(tx, &model.books.actor, &input)?.id)
        });
        // The model has no place for it: it stands in for the loan.
        model.accounts[LOAN] = worth.unwrap();
        let line = |account, debit, credit| ModelLine { account, key: 0, party: 0, debit, credit };
        model.post(day("2026-07-01"), None, vec![line(BANK, 777, 0), line(LOAN, 0, 777)], &[]);
        let gfsm = model.report(&statement("gfsm"), &query());
        assert_eq!(gfsm.checks.iter().map(|check| check.difference()).collect::<Vec<_>>(), [-777, 0]);
    });
}
