//! A budget line that several values of a part share: in the position by that part and by key, and in the comparison with the
//! budget.

use diesel::prelude::*;
use diwan_db::Clock as _;
use diwan_finance_api::{Bucket, Dimension, MoveKind, Report, ReportCell, ReportQuery, ReportRow, SegmentKind};
use diwan_schema::finance::budget_keys;
use diwan_testkit::both;

use super::books::{amounts, named};
use crate::{
    ledger::{
        Spend,
        moves::Move,
        tests::books::{Books, act, day, segment, sql},
    },
    reports::{What, run},
    structure::keys::{self, Key, PartIds, Parts, part_ids},
};

/// A key of the line of another key, with a fund of its own.
fn with_another_fund(books: &Books) -> Key {
    let made = act(&books.db, &books.actor, |tx| {
        let own: PartIds = budget_keys::table.find(books.key.id).select(part_ids()).first(tx.conn())?;
        let mut parts: Parts = own.into();
        parts[3] = segment(tx, books.actor.agency_id, SegmentKind::Fund, "2")?;
        keys::find_or_make(tx, books.actor.agency_id, books.year.id, parts, (day("2026-01-01"), books.actor.user_id))
    });
    made.unwrap()
}

#[test]
fn keys_of_a_line_stand_under_their_own_values_and_come_to_the_line() {
    use Bucket::{Available, Committed, Outside, Unallotted};
    both(|test| {
        let books = Books::on(test.db());
        let (one, other) = (books.key, with_another_fund(&books));
        assert_eq!(one.line_id, other.line_id, "the fund is not controlled");
        let shift = |kind, key: Key, source, target, amount| {
            books.shift(kind, &[Move { line_id: key.line_id, key_id: Some(key.id), source, target, amount }]).unwrap();
        };
        shift(MoveKind::Law, one, Outside, Unallotted, 700);
        shift(MoveKind::Law, other, Outside, Unallotted, 300);
        shift(MoveKind::FinancialOrder, one, Unallotted, Available, 600);
        shift(MoveKind::FinancialOrder, other, Unallotted, Available, 200);
        shift(MoveKind::Commit, one, Available, Committed, 150);
        // More than its own key was ordered: the line controls both.
        shift(MoveKind::Commit, other, Available, Committed, 250);

        let asked = |query: &ReportQuery| -> Report {
            books.db.read_now(|tx| run(tx, &books.actor, &What::Position, query, 100)).unwrap()
        };
        let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let plain = asked(&query);
        let of_line = |report: &Report| -> Vec<ReportRow> {
            let own = |row: &&ReportRow| row.link.as_ref().is_some_and(|link| link.id == one.line_id);
            report.rows.iter().filter(own).cloned().collect()
        };
        let line = of_line(&plain).remove(0);
        let whole: [i64; 17] = [1_000, 0, 0, 0, 0, 1_000, 200, 0, 800, 400, 0, 400, 0, 0, 0, 0, 0];
        assert_eq!((amounts(&line.cells), plain.facts.len()), (whole.to_vec(), 0));
        let of_keys: [Vec<i64>; 2] =
            [vec![700, 0, 0, 0, 0, 700, 0, 150, 0, 0], vec![300, 0, 0, 0, 0, 300, 0, 250, 0, 0]];
        let rest: Vec<i64> = vec![0, 0, 0, 0, 0, 0, 200, 0, 800, 400, 0, 0, 0, 0, 0, 0, 0];

        let by_fund = asked(&ReportQuery { by: Some(Dimension::Fund), ..query.clone() });
        let rows = of_line(&by_fund);
        assert!(rows.iter().all(|row| row.cells[0] == line.cells[0] && row.cells[1] == line.cells[1]));
        let [first, second] = of_keys.clone();
        assert_eq!(
            rows.iter().map(|row| amounts(&row.cells)).collect::<Vec<_>>(),
            [rest.clone(), first, second],
            "the line itself under several values, then fund by fund"
        );
        // What a line alone has is left empty, never nothing.
        assert!(rows[1].cells[8..12].iter().chain(&rows[1].cells[16..19]).all(|cell| *cell == ReportCell::Empty));
        assert_eq!(by_fund.facts.len(), 1);

        let by_key = asked(&ReportQuery { by: Some(Dimension::Key), ..query.clone() });
        let at = by_key.rows.iter().position(|row| row.strong && row.cells[0] == line.cells[0]).unwrap();
        assert_eq!(by_key.rows[at].cells, line.cells, "the line with its figures, then its keys");
        let [first, second] = of_keys;
        let below = by_key.rows[at + 1..at + 4].iter().map(|row| amounts(&row.cells)).collect::<Vec<_>>();
        assert_eq!(below, [first, second, rest]);
        for report in [&by_fund, &by_key] {
            assert_eq!(named(report, "Total"), named(&plain, "Total"));
            assert_eq!(report.checks[0].difference(), 0);
        }
        // From the moves the same as from the lines.
        let known_at = Some(test.clock().now());
        assert_eq!(asked(&ReportQuery { by: Some(Dimension::Fund), known_at, ..query }).rows, by_fund.rows);
    });
}

#[test]
fn a_line_of_several_rows_of_the_comparison_stands_on_each_with_what_its_keys_were_given_and_paid() {
    use Bucket::{Available, Obligated, Outside, Paid, Unallotted};
    both(|test| {
        let books = Books::on(test.db());
        // The line is controlled above its items: one of its keys is of goods, the other one of wages.
        sql(&books.db, "UPDATE segments SET gfsm = '2111' WHERE kind = 'item'").unwrap();
        let (goods, wages) = (books.key, with_another_fund(&books));
        for (key, amount) in [(goods, 700), (wages, 300)] {
            let given = |source, target| Move { line_id: key.line_id, key_id: Some(key.id), source, target, amount };
            books.shift(MoveKind::Law, &[given(Outside, Unallotted)]).unwrap();
            books.shift(MoveKind::FinancialOrder, &[given(Unallotted, Available)]).unwrap();
        }
        for (key, amount) in [(goods, 100), (wages, 50)] {
            let mut entry = books.invoice(amount);
            entry.lines[0].key_id = Some(key.id);
            let owed = Move { key_id: Some(key.id), ..entry.spends[0].moves[0] };
            let paid = Move { source: Obligated, target: Paid, ..owed };
            entry.spends = [(MoveKind::Liquidate, owed), (MoveKind::Pay, paid)]
                .map(|(kind, one)| Spend { kind, moves: vec![one] })
                .into();
            books.post(&entry).unwrap();
        }
        let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let asked = |query: &ReportQuery| -> Report {
            let execution = What::Statement("execution".to_owned());
            books.db.read_now(|tx| run(tx, &books.actor, &execution, query, 100)).unwrap()
        };
        let all = asked(&query);
        let rows = ["Compensation of employees", "Use of goods and services", "Total current expenditure"];
        let figures: [[i64; 5]; 3] = [[300, 300, 50, 250, 0], [700, 700, 100, 600, 0], [1_000, 1_000, 150, 850, 0]];
        assert_eq!(rows.map(|row| named(&all, row)), figures.map(Vec::from));
        let unmapped = |cell: &ReportCell| matches!(cell, ReportCell::Text(text) if text.en == "Unmapped");
        assert!(!all.rows.iter().any(|row| row.cells.iter().any(unmapped)));
        let wages_alone = asked(&ReportQuery { row: Some("21".to_owned()), ..query.clone() });
        let lines: Vec<_> = wages_alone.rows.iter().map(|row| amounts(&row.cells)).collect();
        assert_eq!(lines, [figures[0], figures[0]], "the line and the total");
        // A year later all of it stands in the column of the year before.
        let next = ReportQuery { to: Some(day("2027-12-31")), year: None, ..query };
        assert_eq!(rows.map(|row| named(&asked(&next), row)[4]), [50, 100, 150]);
    });
}
