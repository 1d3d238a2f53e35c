//! Obligations of coming years, as tests of documents and of the year end look at them.

use diwan_db::Db;
use diwan_finance_api::{OpenReport, Report, ReportCell, ReportQuery, Target};
use diwan_platform::Actor;

use super::books::amounts;
use crate::{
    ledger::tests::books::day,
    reports::{What, run},
};

/// What falls on a coming year: year, key, amount, commitments.
pub(crate) type Coming = (i32, String, i64, i64);

/// What falls on coming years on a day.
pub(crate) fn coming(db: &Db, actor: &Actor, to: &str) -> Vec<Coming> {
    let query = ReportQuery { to: Some(day(to)), ..ReportQuery::default() };
    let what = What::Open(OpenReport::Obligations.code().to_owned());
    read(&db.read_now(|tx| run(tx, actor, &what, &query, 100)).unwrap())
}

/// The report by year and key; the commitments below each come to its amount, and all of them to the total.
fn read(report: &Report) -> Vec<Coming> {
    let mut found = Vec::<Coming>::new();
    let (mut left, mut all) = (0, 0);
    for row in &report.rows {
        let amount = amounts(&row.cells)[0];
        if let Some(link) = &row.link {
            assert_eq!((link.target, link.code.as_str(), row.strong), (Target::Record, "commitment", false));
            found.last_mut().unwrap().3 += 1;
            left -= amount;
            continue;
        }
        assert!(row.strong && left == 0, "{:#?}", report.rows);
        match (&row.cells[0], &row.cells[1]) {
            (ReportCell::Code(year), ReportCell::Text(key)) => {
                found.push((year.parse().unwrap(), key.ar.clone(), amount, 0));
                (left, all) = (amount, all + amount);
            }
            _ => assert_eq!(amount, all, "the total"),
        }
    }
    assert_eq!(left, 0);
    found
}
