//! What a year of a million lines answers through HTTP: trial balances by any two dimensions, as known at former days, and the
//! first rows of the largest account.

use std::time::Instant;

use anyhow::{Result, ensure};
use diwan_finance_api::Dimension;
use serde_json::Value;

use super::books::Books;
use crate::{
    http::{Http, Session},
    report::{median, ms, say},
};

/// How often each question is asked.
const TIMES: usize = 3;
/// Former days, as month and day: in the middle of a month, at the end of a quarter, near the end of the year.
const KNOWN: [&str; 3] = ["03-17", "07-02", "11-28"];
/// First days of account statements: the first of the year, and one that cuts a month.
const FROM: [&str; 3] = ["01-01", "05-17", "12-30"];

/// Times in milliseconds, each the slowest of its questions by the median of their answers.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Trial balances.
    pub trial: f64,
    /// The same as known at a former day.
    pub known: f64,
    /// A page of an account.
    pub page: f64,
}

/// Asks.
pub fn run(http: &mut Http, reader: &Session, books: &Books) -> Result<Figures> {
    let year = books.year;
    let days = format!("from={year}-01-01&to={year}-12-31");
    let trial = |first: Dimension, second: Dimension| {
        format!("/api/finance/trial-balance?{days}&by={}&then={}", first.code(), second.code())
    };
    let mut pairs = Vec::new();
    for (at, first) in Dimension::ALL.iter().enumerate() {
        pairs.extend(Dimension::ALL.iter().skip(at + 1).map(|second| trial(*first, *second)));
    }
    let known: Vec<String> =
        KNOWN.iter().flat_map(|day| pairs.iter().map(move |path| format!("{path}&known={year}-{day}"))).collect();
    let pages: Vec<String> = FROM
        .iter()
        .map(|day| {
            format!("/api/finance/accounts/{}/statement?from={year}-{day}&to={year}-12-31&limit=100", books.bank)
        })
        .collect();
    Ok(Figures {
        trial: slowest(http, reader, ("trial balance", &pairs))?,
        known: slowest(http, reader, ("as known at a day", &known))?,
        page: slowest(http, reader, ("page of an account", &pages))?,
    })
}

/// The median of the question that takes longest. Every answer has rows, and its identities hold.
fn slowest(http: &mut Http, reader: &Session, (name, paths): (&str, &[String])) -> Result<f64> {
    let mut all = Vec::with_capacity(paths.len());
    for path in paths {
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let started = Instant::now();
            let answer = http.get(reader, path)?;
            times.push(ms(started.elapsed()));
            let report: Value = answer.json()?;
            ensure!(report["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{path} is empty");
            let holds = |check: &Value| check["left"] == check["right"];
            ensure!(
                report["checks"].as_array().is_some_and(|checks| checks.iter().all(holds)),
                "{path} does not add up"
            );
        }
        all.push((median(&times), path));
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let middle = median(&all.iter().map(|one| one.0).collect::<Vec<_>>());
    let (slowest, path) = all.first().map_or((f64::NAN, ""), |(time, path)| (*time, path.as_str()));
    say(format_args!("   {name}: {} questions, median {middle:.1} ms, slowest {slowest:.1} ms: {path}", all.len()));
    Ok(slowest)
}
