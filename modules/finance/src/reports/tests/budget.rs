//! The budget position beside sums of the moves.

use diwan_db::{Clock as _, ReadTx};
use diwan_finance_api::{Bucket, Dimension, MoveKind, ReportCell, ReportQuery, Target};
use diwan_kernel::PageRequest;
use diwan_platform::{Outcome, Refusal};
use diwan_testkit::both;

use super::books::{Model, amounts, named};
use crate::{
    ledger::tests::books::day,
    reports::{
        What,
        figures::{self, Figures, LineFigures},
        frame,
    },
};

/// Moves between two lines and the outside, at several days and moments.
fn moves(model: &mut Model, test: &diwan_testkit::TestDb) {
    use Bucket::{Available, Committed, Frozen, Outside, PreCommitted, Unallotted};
    let (one, other) = (model.books.key.line_id, model.books.other_key.line_id);
    for (kind, on, moved) in [
        (MoveKind::Law, "2026-01-01", (other, Outside, Unallotted, 70_000)),
        (MoveKind::Supplementary, "2026-02-01", (other, Outside, Unallotted, 9_000)),
        (MoveKind::Supplementary, "2026-02-15", (other, Unallotted, Outside, 11_000)),
        (MoveKind::Virement, "2026-03-01", (one, Unallotted, Outside, 5_000)),
        (MoveKind::Virement, "2026-03-01", (other, Outside, Unallotted, 5_000)),
        (MoveKind::FinancialOrder, "2026-03-02", (other, Unallotted, Available, 60_000)),
        (MoveKind::Freeze, "2026-04-01", (other, Available, Frozen, 1_000)),
        (MoveKind::Reserve, "2026-05-01", (other, Available, PreCommitted, 2_000)),
        (MoveKind::Commit, "2026-05-09", (other, PreCommitted, Committed, 1_500)),
        (MoveKind::CarryIn, "2026-06-01", (other, Outside, Available, 400)),
        (MoveKind::Lapse, "2026-12-31", (other, Unallotted, Outside, 300)),
    ] {
        test.clock().advance(chrono::TimeDelta::hours(3));
        model.shift(test, kind, on, moved);
    }
}

/// What the model says of a line.
fn expected(model: &Model, line: i64, to: chrono::NaiveDate, known: chrono::NaiveDateTime) -> Figures {
    let mut of = [0; 12];
    for one in model.moves.iter().filter(|one| one.line == line && one.day <= to && one.at <= known) {
        match one.kind {
            MoveKind::Law => of[0] += one.amount,
            MoveKind::Supplementary if one.source == Bucket::Outside => of[1] += one.amount,
            MoveKind::Supplementary => of[1] -= one.amount,
            MoveKind::Virement if one.source == Bucket::Outside => of[2] += one.amount,
            MoveKind::Virement => of[3] += one.amount,
            MoveKind::CarryIn => of[4] += one.amount,
            MoveKind::Lapse => of[4] -= one.amount,
            _ => {}
        }
        let place = |bucket: Bucket| Bucket::ALL.iter().position(|other| *other == bucket).unwrap();
        for (bucket, signed) in [(one.source, -one.amount), (one.target, one.amount)] {
            if bucket != Bucket::Outside {
                of[4 + place(bucket)] += signed;
            }
        }
    }
    Figures(of)
}

#[test]
fn the_position_of_any_day_as_known_at_any_moment_is_the_sum_of_the_moves() {
    both(|test| {
        let mut model = Model::random(&test, 23, 50);
        moves(&mut model, &test);
        let read = |query: &ReportQuery, way: fn(&mut ReadTx<'_>, &frame::Frame) -> Outcome<Vec<LineFigures>>| {
            let rows = model.books.db.read_now(|tx| {
                let frame = frame::of(tx, &model.books.actor, query)?;
                way(tx, &frame)
            });
            rows.unwrap()
        };
        for to in ["2026-01-01", "2026-03-01", "2026-05-20", "2026-12-31"].map(day) {
            let query = ReportQuery { year: Some(2026), to: Some(to), ..ReportQuery::default() };
            let now = test.clock().now();
            let lines = read(&query, figures::then);
            assert_eq!(lines.len(), 2);
            // Both ways agree, of past days and of days to come.
            assert_eq!(lines, read(&query, figures::now));
            for known in [model.moves[3].at, model.moves[model.moves.len() - 4].at, now] {
                let query = ReportQuery { known_at: Some(known), ..query.clone() };
                for line in read(&query, figures::of) {
                    assert_eq!(line.figures, expected(&model, line.id, to, known), "{to} {known}");
                }
            }
        }
    });
}

#[test]
fn a_position_is_grouped_with_totals_and_opens_the_moves_of_a_line() {
    both(|test| {
        let mut model = Model::random(&test, 29, 30);
        moves(&mut model, &test);
        let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let by = |by| model.asked(&What::Position, &ReportQuery { by: Some(by), ..query.clone() }, 100);
        let plain = model.report(&What::Position, &query);
        assert_eq!(plain.rows.len(), 3, "two lines and the total");
        assert_eq!(plain.checks[0].difference(), 0);
        let by_item = by(Dimension::Item).unwrap();
        assert_eq!(by_item.rows.iter().filter(|row| row.strong).count(), 3, "two items and the total");
        let by_programme = by(Dimension::Programme).unwrap();
        assert_eq!(by_programme.rows.iter().filter(|row| row.strong).count(), 2);
        assert_eq!(named(&by_programme, "Total"), named(&plain, "Total"));
        let Err(Refusal::Invalid(wrong)) = by(Dimension::Party) else { panic!("grouped by a party") };
        assert_eq!((wrong[0].field.as_str(), wrong[0].code.as_str()), ("by", "not_a_part"));
        let none = model.report(&What::Position, &ReportQuery { q: Some("لا شيء".to_owned()), ..query.clone() });
        assert!(none.rows.is_empty());

        let other = model.books.other_key.line_id;
        let row = plain.rows.iter().find(|row| row.link.as_ref().is_some_and(|link| link.id == other)).unwrap();
        assert_eq!(row.link.as_ref().unwrap().target, Target::Line);
        let page = model.report(&What::Moves(other), &query);
        let own: Vec<_> = model.moves.iter().filter(|one| one.line == other).collect();
        // The line begins with a move without an amount.
        assert_eq!(page.rows.len(), own.len() + 1);
        assert_eq!(amounts(&page.rows[0].cells)[0], 300);
        assert_eq!(page.rows[0].link.as_ref().unwrap().target, Target::Record);
        assert!(matches!(page.rows[0].cells[2], ReportCell::Text(_)));
    });
}

#[test]
fn the_keys_of_a_year_stand_with_their_parts_and_what_is_available_on_their_lines() {
    both(|test| {
        let mut model = Model::random(&test, 37, 20);
        moves(&mut model, &test);
        let query = ReportQuery { year: Some(2026), to: Some(day("2026-12-31")), ..ReportQuery::default() };
        let position = model.report(&What::Position, &query);
        let keys = model.report(&What::Keys, &query);
        assert_eq!(keys.rows.len(), model.keys.len());
        assert!(keys.next.is_none());
        for row in &keys.rows {
            assert_eq!(row.cells.len(), keys.columns.len());
            let ReportCell::Code(key) = &row.cells[0] else { panic!("{row:?}") };
            let ReportCell::Code(line) = &row.cells[9] else { panic!("{row:?}") };
            assert!(key.starts_with(line.split('-').next().unwrap()));
            // Code and available amount of the line are those of the position.
            let of_line = position.rows.iter().find(|one| one.link == row.link).unwrap();
            assert_eq!(of_line.cells[0], row.cells[9]);
            assert_eq!(amounts(&row.cells), [amounts(&of_line.cells)[9]]);
        }
        let page = |after: Option<String>| {
            let page = PageRequest { after, limit: None };
            model.asked(&What::Keys, &ReportQuery { page, ..query.clone() }, 1).unwrap()
        };
        let first = page(None);
        let second = page(first.next.clone());
        assert!(second.next.is_none());
        assert_eq!([first.rows, second.rows].concat(), keys.rows);
        let found = |q: &str| model.report(&What::Keys, &ReportQuery { q: Some(q.to_owned()), ..query.clone() }).rows;
        let ReportCell::Code(one) = &keys.rows[0].cells[0] else { panic!("a key without a code") };
        assert_eq!(found(one), keys.rows[..1]);
        assert!(found("لا شيء").is_empty());
        let earlier = ReportQuery { year: Some(2025), ..ReportQuery::default() };
        assert!(model.report(&What::Keys, &earlier).rows.is_empty());
    });
}
