//! What becomes of a statement on its way in.

use diwan_testkit::both;

use super::counter::{Counter, code, mt940};
use crate::bank::take_back;

const MARCH: (&str, &str) = ("2026-03-01", "2026-03-31");

#[test]
fn a_statement_is_kept_line_by_line_and_equal_lines_are_counted() {
    both(|test| {
        let counter = Counter::on(test.db());
        let twin = ("2026-03-05", -250, "Fee");
        let brought =
            counter.import(&mt940(1, 1_000, MARCH, &[twin, twin, ("2026-03-06", 400, "Deposit"), twin])).unwrap();
        let [statement] = &brought.statements[..] else { panic!("{brought:?}") };
        assert_eq!((statement.opening, statement.closing, statement.lines, statement.twins), (1_000, 650, 4, 2));
        // The opening balance of the account is the line before all others.
        let amounts: Vec<_> = counter.lines().into_iter().map(|(_, amount, matched)| (amount, matched)).collect();
        assert_eq!(amounts, [(1_000, 0), (250, 0), (250, 0), (400, 0), (250, 0)]);
        let desk = counter.desk();
        assert_eq!((desk.account.open_lines, desk.account.bank_balance), (5, Some(650)));
    });
}

#[test]
fn the_same_statement_comes_once_and_a_gap_is_told() {
    both(|test| {
        let counter = Counter::on(test.db());
        let first = mt940(1, 0, MARCH, &[("2026-03-05", 700, "Deposit")]);
        counter.bring(&first);
        assert_eq!(code(counter.import(&first)), "statement_known");
        let april = ("2026-04-01", "2026-04-30");
        assert_eq!(code(counter.import(&mt940(2, 701, april, &[]))), "gap");
        assert_eq!(code(counter.import(&mt940(9, 700, ("2026-02-01", "2026-02-28"), &[]))), "statement_older");
        // An empty statement is one.
        counter.bring(&mt940(2, 700, april, &[]));
        let foreign = String::from_utf8(mt940(3, 700, ("2026-05-01", "2026-05-31"), &[])).unwrap();
        assert_eq!(code(counter.import(foreign.replace("131000302", "131000303").as_bytes())), "account_differs");
        assert_eq!(code(counter.import(foreign.replace("JOD", "USD").as_bytes())), "currency_mixed");
        assert_eq!(code(counter.import(b"%PDF-1.7")), "format_unsupported");
        assert_eq!(counter.lines().len(), 1);
    });
}

#[test]
fn the_last_statement_is_taken_back_while_nothing_rests_on_it() {
    both(|test| {
        let counter = Counter::on(test.db());
        let first = mt940(1, 0, MARCH, &[("2026-03-05", 700, "Deposit 41729")]);
        let id = counter.bring(&first);
        let back = |id| {
            let who = counter.treasurer.who();
            counter.books.db.write_now(who, "test.back", |tx| take_back(tx, &counter.treasurer, id))
        };
        let second = counter.bring(&mt940(2, 700, ("2026-04-01", "2026-04-30"), &[]));
        assert_eq!(code(back(id)), "statement_followed");
        back(second).unwrap();
        counter.post("2026-03-04", &[(700, "41729")]);
        counter.accept(&[]).unwrap();
        assert_eq!(code(back(id)), "statement_matched");
        counter.undo(counter.lines()[0].0).unwrap();
        let reconciliation = counter.begin(id).unwrap();
        assert_eq!(code(back(id)), "statement_reconciled");
        // A draft that is given up pins nothing: the right file comes.
        counter.void(reconciliation).unwrap();
        back(id).unwrap();
        counter.bring(&mt940(1, 50, MARCH, &[("2026-03-05", 700, "Deposit 41729")]));
    });
}

#[test]
fn a_day_may_have_several_tables_as_long_as_each_goes_on() {
    both(|test| {
        let counter = Counter::on(test.db());
        let table = |rows: &str| format!("Date,Amount,Balance\n{rows}").into_bytes();
        let (noon, evening) = (table("2026-03-05,5.250,5.250\n"), table("2026-03-05,-1.250,4.000\n"));
        counter.bring(&noon);
        assert_eq!(code(counter.import(&noon)), "statement_known");
        counter.bring(&evening);
        let whole = table("2026-03-05,5.250,5.250\n2026-03-05,-1.250,4.000\n");
        for again in [&noon, &evening, &whole] {
            assert_eq!(code(counter.import(again)), "statement_known");
        }
        counter.bring(&table("2026-03-05,1.000,5.000\n"));
        let amounts: Vec<i64> = counter.lines().into_iter().map(|(_, amount, _)| amount).collect();
        assert_eq!(amounts, [5_250, 1_250, 1_000]);
    });
}

#[test]
fn a_table_that_begins_with_one_that_is_there_is_known() {
    both(|test| {
        let counter = Counter::on(test.db());
        let table = |rows: &str| format!("Date,Amount,Balance\n{rows}").into_bytes();
        let bounced = "2026-03-05,5.250,5.250\n2026-03-05,-5.250,0.000\n";
        counter.bring(&table(bounced));
        let evening = "2026-03-05,1.000,1.000\n";
        assert_eq!(code(counter.import(&table(&format!("{bounced}{evening}")))), "statement_known");
        counter.bring(&table(evening));
        // Equal lines that go on from each other are genuine.
        counter.bring(&table("2026-03-05,-0.250,0.750\n"));
        counter.bring(&table("2026-03-05,-0.250,0.500\n"));
        assert_eq!(counter.lines().len(), 5);
        // Which table of its day the last one was is no number of the bank.
        let next = counter.import(&mt940(7, 500, ("2026-03-06", "2026-03-31"), &[])).unwrap();
        assert_eq!(next.statements[0].skipped, 0);
    });
}

#[test]
fn numbers_of_the_bank_that_did_not_come_are_told() {
    both(|test| {
        let counter = Counter::on(test.db());
        let skipped = |number: u32, days: (&str, &str)| {
            counter.import(&mt940(number, 0, days, &[])).unwrap().statements[0].skipped
        };
        assert_eq!(skipped(3, MARCH), 0);
        assert_eq!(skipped(4, ("2026-04-01", "2026-04-30")), 0);
        assert_eq!(skipped(7, ("2026-05-01", "2026-05-31")), 2);
        // Another year begins anew.
        assert_eq!(skipped(9, ("2027-01-01", "2027-01-31")), 0);
    });
}

#[test]
fn what_was_taken_back_may_come_again() {
    both(|test| {
        let counter = Counter::on(test.db());
        let file = mt940(1, 5_000, MARCH, &[("2026-03-05", 700, "Deposit")]);
        let id = counter.bring(&file);
        let who = counter.treasurer.who();
        counter.books.db.write_now(who, "test.back", |tx| take_back(tx, &counter.treasurer, id)).unwrap();
        assert!(counter.lines().is_empty());
        counter.bring(&file);
        assert_eq!(counter.lines().len(), 2);
        let stranger = counter.books.world.moh.actor(&counter.books.db, "director");
        let refused = counter.books.db.write_now(stranger.who(), "test.back", |tx| take_back(tx, &stranger, id + 1));
        assert_eq!(code(refused), "not_found");
    });
}
