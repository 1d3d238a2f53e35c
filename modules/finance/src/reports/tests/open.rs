//! What is open beside a model of it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diwan_db::Clock as _;
use diwan_finance_api::{OpenReport, Report, ReportCell, ReportQuery, Target};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::{
    books::amounts,
    open_books::{Desk, today},
};
use crate::{
    ledger::tests::books::day,
    reports::{What, run},
};

/// The rows of the documents, by their party and id, with the sums of the parties and of all.
type Shown = (BTreeMap<(usize, i64), Vec<i64>>, Vec<Vec<i64>>, Option<Vec<i64>>);

fn shown(report: &Report) -> Shown {
    let (mut documents, mut sums, mut party) = (BTreeMap::new(), Vec::new(), 0);
    for row in &report.rows {
        match &row.link {
            Some(link) => {
                assert_eq!((link.target, row.level, row.strong), (Target::Record, 1, false));
                documents.insert((party, link.id), amounts(&row.cells));
            }
            None => {
                // The parties have codes P1 and P2.
                party = usize::from(row.cells[0] == ReportCell::Code("P2".to_owned()));
                sums.push(amounts(&row.cells));
            }
        }
    }
    let all = sums.pop();
    (documents, sums, all)
}

fn added<'a>(rows: impl Iterator<Item = &'a Vec<i64>>) -> Option<Vec<i64>> {
    rows.cloned().reduce(|one, other| one.iter().zip(&other).map(|(left, right)| left + right).collect())
}

#[test]
fn what_is_open_on_any_day_as_known_at_any_moment_follows_from_the_documents() {
    both(|test| {
        let mut desk = Desk::on(test, 3);
        let begin = desk.test.clock().now();
        for _ in 0..70 {
            desk.step();
        }
        let now = desk.test.clock().now();
        for round in 0..24 {
            let to = match round % 4 {
                0 => today(),
                1 => day("2027-02-15"),
                _ => day("2026-01-20") + TimeDelta::days(desk.any(300)),
            };
            let known = (round % 3 == 0).then(|| begin + TimeDelta::seconds(desk.any(360) * 60 + 30));
            let query = ReportQuery { to: Some(to), known_at: known, ..ReportQuery::default() };
            for of in OpenReport::ALL {
                let expected = desk.expected(*of, (to, known.unwrap_or(now)));
                let report = desk.report(*of, &query);
                let (documents, sums, all) = shown(&report);
                assert_eq!(documents, expected, "{of} on {to} as known at {known:?}");
                assert_eq!(all, added(expected.values()), "{of} on {to}");
                assert_eq!(added(sums.iter()), all, "the parties come to all of it");
                assert!(report.checks.iter().all(|check| check.difference() == 0), "{:?}", report.checks);
                assert_eq!((report.from, report.to), (to, to));
            }
        }
        for of in OpenReport::ALL {
            let (documents, ..) =
                shown(&desk.report(*of, &ReportQuery { to: Some(today()), ..ReportQuery::default() }));
            assert!(documents.len() > 1, "there is too little of {of} to tell anything");
        }
    });
}

#[test]
fn advances_say_how_late_they_are_and_a_report_is_searched() {
    both(|test| {
        let mut desk = Desk::on(test, 3);
        desk.advance(50_000, 0, day("2026-10-01"));
        let late = desk.made[0].due.unwrap() + TimeDelta::days(12);
        let report = desk.report(OpenReport::Advances, &ReportQuery { to: Some(late), ..ReportQuery::default() });
        let row = report.rows.iter().find(|row| row.link.is_some()).unwrap();
        assert_eq!(row.cells[2], ReportCell::Day(day("2026-10-01")));
        assert_eq!(row.cells[4], ReportCell::Code("12".to_owned()));
        assert_eq!(report.facts[0].value, ReportCell::Code("1".to_owned()));
        assert_eq!(report.facts[1].value, ReportCell::Amount(50_000));
        let found = |q: &str| {
            let query = ReportQuery { to: Some(late), q: Some(q.to_owned()), ..ReportQuery::default() };
            desk.report(OpenReport::Advances, &query).rows.len()
        };
        assert_eq!((found("الرياده"), found("p1"), found("P2")), (3, 3, 0));
        let number = desk.office.view(desk.made[0].id).head.number.unwrap();
        assert_eq!(found(&number), 3);
        let nothing = What::Open("nothing".to_owned());
        let asked = desk.office.db.read_now(|tx| run(tx, &desk.office.clerk, &nothing, &ReportQuery::default(), 9));
        assert!(matches!(asked, Err(Refusal::NotFound(_))));
        // Another agency has nothing of it.
        let stranger = desk.office.world.moh.actor(&desk.office.db, "director");
        for of in OpenReport::ALL {
            let what = What::Open(of.code().to_owned());
            let query = ReportQuery { to: Some(late), ..ReportQuery::default() };
            assert!(desk.office.db.read_now(|tx| run(tx, &stranger, &what, &query, 9)).unwrap().rows.is_empty());
        }
    });
}
