//! Closing a year of a million lines: each month by its cockpit, its sign-offs and the close, then the end of the year with
//! open commitments, all through HTTP.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, ensure};
use diwan_finance_api::{
    Cockpit, CommitmentDecision, DecideCommitments, DocumentInput, FiscalPeriod, FiscalYear, PeriodState, YearEnd,
    YearEndState,
};
use serde_json::json;

use super::{books::Books, contracts};
use crate::{
    http::{Http, Session},
    report::{median, ms, say},
    world::PASSWORD,
};

/// Commitments that are open at the end of the year; half of them are carried forward.
const COMMITMENTS: usize = 300;

/// How long it took.
#[derive(Debug, Clone, Copy)]
pub struct Closing {
    /// The slowest month, in milliseconds: its cockpit and its close.
    pub month: f64,
    /// The end of the year, in seconds.
    pub year: f64,
}

/// Makes commitments that nobody spends on; the server opens what is sealed here with the same key.
pub fn commit(books: &Books, folder: &Path) -> Result<Vec<i64>> {
    let inputs: Vec<DocumentInput> = (0..COMMITMENTS).map(|number| commitment(books, number)).collect();
    contracts::post(&books.office, folder, &inputs)
}

/// A commitment on one of the keys, made in one of the months.
fn commitment(books: &Books, number: usize) -> DocumentInput {
    let office = &books.office;
    let key = office.keys.get(number % office.keys.len()).map(|key| key.code.clone()).unwrap_or_default();
    let day = office.year.periods.get(number % 12).map_or(office.year.starts_on, |period| period.ends_on);
    contracts::input(office, number, (key, day), (1_000 + number).to_string())
}

/// Closes all months and ends the year.
pub fn run(http: &mut Http, books: &Books, commitments: &[i64]) -> Result<Closing> {
    let mut sign_in = |person: &str| http.sign_in(&books.sender.username(person), PASSWORD);
    let (closer, director) = (sign_in("head")?, sign_in("director")?);
    // Who has the right of a sign-off gives it.
    let signers = [sign_in("clerk")?, sign_in("staff")?, director.clone()];
    http.post(&closer, "/api/finance/closing-rules/usual", "", "")?.json::<serde_json::Value>()?;
    let years: Vec<FiscalYear> = http.get(&closer, "/api/finance/years")?.json()?;
    let year = years.into_iter().find(|one| one.year == books.year).context("the year is not there")?;
    let mut months = Vec::with_capacity(12);
    for period in year.periods.iter().filter(|period| period.number <= 12) {
        months.push(month(http, &closer, &signers, period)?);
    }
    let slowest = months.iter().copied().fold(f64::NAN, f64::max);
    say(format_args!("   a month is closed in {:.0} ms, the slowest in {slowest:.0} ms", median(&months)));
    let next = json!({ "year": books.year + 1 }).to_string();
    http.post(&director, "/api/finance/years", "", &next)?.json::<FiscalYear>()?;
    let seconds = end(http, (&closer, &director), year.id, commitments)?;
    say(format_args!("   the year is ended in {seconds:.2} s, {} commitments", commitments.len()));
    Ok(Closing { month: slowest, year: seconds })
}

/// Milliseconds of the cockpit and the close of a month; sign-offs come between them.
fn month(http: &mut Http, closer: &Session, signers: &[Session], period: &FiscalPeriod) -> Result<f64> {
    let path = |step: &str| format!("/api/finance/periods/{}/{step}", period.id);
    let started = Instant::now();
    let cockpit: Cockpit = http.get(closer, &path("cockpit"))?.json()?;
    let seen = started.elapsed();
    for signer in signers {
        let theirs: Cockpit = http.get(signer, &path("cockpit"))?.json()?;
        for one in theirs.sign_offs.iter().filter(|one| one.may_sign) {
            let body = json!({ "rule_id": one.rule_id, "note": "" }).to_string();
            http.post(signer, &path("sign-offs"), "", &body)?.json::<serde_json::Value>()?;
        }
    }
    let version = format!("If-Match: \"{}\"\r\n", cockpit.period.version);
    let body = json!({ "to": PeriodState::Closed }).to_string();
    let started = Instant::now();
    let closed: FiscalPeriod = http.post(closer, &path("close"), &version, &body)?.json()?;
    let took = ms(seen + started.elapsed());
    ensure!(closed.state == PeriodState::Closed, "month {} is {:?}", period.number, closed.state);
    Ok(took)
}

/// Seconds of all steps of the end of a year.
fn end(http: &mut Http, (closer, director): (&Session, &Session), year: i64, commitments: &[i64]) -> Result<f64> {
    let path = format!("/api/finance/years/{year}/end");
    let decide = |ids: &[i64], decision| {
        let input = DecideCommitments {
            ids: ids.to_vec(),
            holds: Vec::new(),
            decision,
            reason: "بقرار لجنة الإقفال".to_owned(),
        };
        serde_json::to_string(&input)
    };
    let half = commitments.get(..commitments.len() / 2).unwrap_or_default();
    let (carry, lapse) = (decide(half, CommitmentDecision::Carry)?, decide(&[], CommitmentDecision::Lapse)?);
    let started = Instant::now();
    http.post(closer, &path, "", "{}")?.json::<YearEnd>()?;
    let mut decided: Option<YearEnd> = None;
    for body in [&carry, &lapse] {
        decided = Some(http.call("PUT", &format!("{path}/decisions"), Some(closer), "", Some(body))?.json()?);
    }
    let at = |end: &YearEnd| format!("If-Match: \"{}\"\r\n", end.version);
    let decided = decided.context("nothing was decided")?;
    let prepared: YearEnd = http.post(closer, &format!("{path}/prepare"), &at(&decided), "")?.json()?;
    let ended: YearEnd = http.post(director, &format!("{path}/confirm"), &at(&prepared), "")?.json()?;
    let took = started.elapsed().as_secs_f64();
    ensure!(ended.state == Some(YearEndState::Ended), "the end of the year is {:?}", ended.state);
    ensure!(ended.carry.count > 0 && ended.lapse.count > 0, "no commitment was dealt with");
    Ok(took)
}
