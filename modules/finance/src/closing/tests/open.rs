//! Open commitments before and after a year is ended, of days in it and as they were known then.

use std::collections::BTreeMap;

use diwan_finance_api::{CommitmentDecision, ReportCell, ReportQuery};
use diwan_testkit::both;

use super::{
    desk::Desk,
    year::{in_january, lived},
};
use crate::{
    ledger::tests::books::day,
    reports::{self, What},
};

/// What is open of each commitment on a day, as known at a moment.
fn open(desk: &Desk, to: &str, known: Option<&str>) -> BTreeMap<i64, i64> {
    let known_at = known.map(|at| at.parse().unwrap());
    let query = ReportQuery { to: Some(day(to)), known_at, ..ReportQuery::default() };
    let what = What::Open("commitments".to_owned());
    let made = desk.db().read_now(|tx| reports::run(tx, &desk.closer, &what, &query, 100)).unwrap();
    assert!(made.checks.iter().all(|check| check.difference() == 0), "{:?}", made.checks);
    let amount = |cells: &[ReportCell]| match cells[3] {
        ReportCell::Amount(amount) => amount,
        _ => panic!("{cells:?}"),
    };
    made.rows.iter().filter_map(|row| Some((row.link.as_ref()?.id, amount(&row.cells)))).collect()
}

#[test]
fn the_end_of_a_year_closes_its_commitments_after_its_last_day() {
    both(|test| {
        let (desk, [drawn, whole, gone]) = lived(&test);
        let before = BTreeMap::from([(drawn, 600_000), (whole, 800_000), (gone, 300_000)]);
        assert_eq!(open(&desk, "2026-12-31", None), before);
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.next_year();
        desk.decide(&[drawn, whole], CommitmentDecision::Carry).unwrap();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        assert_eq!(open(&desk, "2026-12-30", None), before);
        assert_eq!(open(&desk, "2026-12-31", Some("2027-01-05T08:00:00")), before, "nobody knew of the end yet");
        assert_eq!(open(&desk, "2026-12-31", None), before, "the paper of the last day says what was open on it");
        let heir = |id: i64| desk.office.view(id).drawn_by.last().unwrap().id;
        let carried = BTreeMap::from([(heir(drawn), 600_000), (heir(whole), 800_000)]);
        for day in ["2027-01-01", "2027-01-10"] {
            assert_eq!(open(&desk, day, None), carried);
        }
    });
}
