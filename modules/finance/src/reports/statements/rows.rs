//! The rows of the statements are data (`data/statements.csv`) that is built in: an accountant can read and check the model, and
//! another one comes with another build.
//!
//! A row takes the accounts whose code begins with one of its codes; where several rows of a statement would take an account,
//! the longest code wins, so nothing counts twice. `*` takes what no other row of the measure takes: nothing is lost. A row of
//! level 9 takes what is no part of the statement. A total adds rows, and takes off those with `-` before them; a check says
//! that two sums are equal.

use std::collections::BTreeMap;

use diwan_platform::{Outcome, Refusal};
use serde::Deserialize;

use crate::amounts::sum;

/// Rows of this level are no part of the statement.
pub(super) const OUTSIDE: u8 = 9;

/// How many figures a row has.
pub(super) const FIGURES: usize = 4;

/// The place of the first figure of cash held in trust (أمانات).
pub(super) const TRUST: usize = 2;

/// The place of the actual amount in the comparison with the budget.
pub(super) const ACTUAL: usize = 2;

/// The figures of a row.
pub(super) type Row = [i64; FIGURES];

/// A row of a statement.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Line {
    statement: String,
    pub(super) row: String,
    pub(super) ar: String,
    pub(super) en: String,
    pub(super) level: u8,
    pub(super) measure: String,
    side: String,
    codes: String,
    of: String,
    equals: String,
}

impl Line {
    /// Whether it takes accounts, and is no sum of other rows.
    pub(super) fn is_taken(&self) -> bool {
        !matches!(self.measure.as_str(), "total" | "check")
    }

    /// Whether it is shown only where something is on it.
    pub(super) fn is_unmapped(&self) -> bool {
        self.row.starts_with('u')
    }

    /// 1 where debits count, −1 where credits do.
    pub(super) fn sign(&self) -> i64 {
        if self.side == "credit" { -1 } else { 1 }
    }

    /// Whether it has actual amounts alone: nothing of it was budgeted in the year.
    pub(super) fn is_actual(&self) -> bool {
        self.side == "actual" || matches!(self.measure.as_str(), "earlier" | "without")
    }

    /// Which figure of the rows a check compares: the first, that of cash held in trust, or the actual amount.
    fn compares(&self) -> usize {
        match self.side.as_str() {
            "trust" => TRUST,
            "actual" => ACTUAL,
            _ => 0,
        }
    }

    /// How long the code is by which the row takes another code; none where it does not take it.
    fn takes(&self, code: &str) -> Option<usize> {
        let own = self.codes.split(' ').filter(|own| *own == "*" || (!own.is_empty() && code.starts_with(own)));
        own.map(|own| if own == "*" { 0 } else { own.len() }).max()
    }
}

/// The rows of a statement; none for an unknown one.
///
/// # Errors
/// The data are broken.
pub(super) fn of(statement: &str) -> Outcome<Vec<Line>> {
    let mut reader = csv::Reader::from_reader(include_str!("../../../data/statements.csv").as_bytes());
    let all: Result<Vec<Line>, csv::Error> = reader.deserialize().collect();
    let all = all.map_err(|error| Refusal::Internal(format!("statements.csv: {error}")))?;
    Ok(all.into_iter().filter(|line| line.statement == statement).collect())
}

/// The row of a measure that takes a code.
pub(super) fn taker<'a>(lines: &'a [Line], measure: &str, code: &str) -> Option<&'a Line> {
    let of_measure = lines.iter().filter(|line| line.measure == measure);
    of_measure.filter_map(|line| Some((line.takes(code)?, line))).max_by_key(|(length, _)| *length).map(|one| one.1)
}

/// The sum of rows as a total names them; none while one of them is not there yet.
fn added(of: &str, known: &BTreeMap<&str, Row>) -> Outcome<Option<Row>> {
    let mut all = Row::default();
    for one in of.split(' ').filter(|one| !one.is_empty()) {
        let (sign, row) = one.strip_prefix('-').map_or((1, one), |row| (-1, row));
        let Some(figures) = known.get(row) else { return Ok(None) };
        for (own, figure) in all.iter_mut().zip(figures) {
            *own = sum([*own, sign * figure])?;
        }
    }
    Ok(Some(all))
}

/// A check with its two sides.
pub(super) struct Checked<'a> {
    pub(super) line: &'a Line,
    pub(super) left: i64,
    pub(super) right: i64,
}

/// Adds up totals and checks from the rows that take accounts.
///
/// # Errors
/// A total or check names a row that is not there; a sum does not fit.
pub(super) fn add_up<'a>(
    lines: &'a [Line],
    mut known: BTreeMap<&'a str, Row>,
) -> Outcome<(BTreeMap<&'a str, Row>, Vec<Checked<'a>>)> {
    let mut open: Vec<&Line> = lines.iter().filter(|line| line.measure == "total").collect();
    // Totals of totals: each round adds up at least one, or the data are broken.
    while !open.is_empty() {
        let before = open.len();
        let mut left = Vec::new();
        for line in open {
            match added(&line.of, &known)? {
                Some(row) => drop(known.insert(&line.row, row)),
                None => left.push(line),
            }
        }
        if left.len() == before {
            return Err(broken(lines));
        }
        open = left;
    }
    let mut checks = Vec::new();
    for line in lines.iter().filter(|line| line.measure == "check") {
        let sides = [added(&line.of, &known)?, added(&line.equals, &known)?];
        let [Some(left), Some(right)] = sides else { return Err(broken(lines)) };
        let at = line.compares();
        let (left, right) = (left[at], right[at]);
        // Where nothing is held in trust, or nothing was paid, nothing is said of it.
        if at == 0 || (left, right) != (0, 0) {
            checks.push(Checked { line, left, right });
        }
    }
    Ok((known, checks))
}

fn broken(lines: &[Line]) -> Refusal {
    let statement = lines.first().map(|line| line.statement.clone()).unwrap_or_default();
    Refusal::Internal(format!("statements.csv: a total of {statement} names a row that is not there"))
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::STATEMENTS;

    use super::*;

    #[test]
    fn every_statement_adds_up_and_loses_no_code() {
        for statement in STATEMENTS {
            let lines = of(statement).unwrap();
            assert!(!lines.is_empty(), "{statement}");
            let known: BTreeMap<&str, Row> =
                lines.iter().filter(|line| line.is_taken()).map(|line| (line.row.as_str(), Row::default())).collect();
            let taken = lines.iter().filter(|line| line.is_taken()).count();
            assert_eq!(known.len(), taken, "{statement} has a row twice");
            add_up(&lines, known).unwrap();
            for line in lines.iter().filter(|line| line.is_taken()) {
                assert!(!line.codes.is_empty() && ["debit", "credit"].contains(&line.side.as_str()), "{}", line.row);
                for code in ["1", "22", "3202", "4", "6", "6202", "999", ""] {
                    assert!(
                        taker(&lines, &line.measure, code).is_some(),
                        "{statement} loses {code} of {}",
                        line.measure
                    );
                }
            }
        }
    }

    #[test]
    fn the_longest_code_wins() {
        let lines = of("position").unwrap();
        let row = |code: &str| taker(&lines, "closing", code).unwrap().row.clone();
        assert_eq!(
            ["6202", "6208", "6203", "6111", "6308", "6", "22", "7"].map(row),
            ["cash", "receivable", "financial", "fixed", "payable", "carried", "result", "unmapped"]
        );
    }

    #[test]
    fn the_cash_statement_alone_tells_cash_held_in_trust_apart() {
        for statement in STATEMENTS {
            let lines = of(statement).unwrap();
            let told =
                lines.iter().any(|line| line.measure == "in") && lines.iter().any(|line| line.compares() == TRUST);
            assert_eq!(told, statement == "cash", "{statement}");
        }
    }
}
