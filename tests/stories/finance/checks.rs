//! What the product says beside what the model says: the budget position, trial balances, statements.

use std::collections::BTreeMap;

use diwan_finance_api::{Report, ReportCell, ReportRow};

use super::{
    keys::{LINES, function, item, line_code},
    model::Model,
    office::{Office, YEAR},
    statements::{EARLIER, Execution, OUTLAY, Statement, WITHOUT},
};

/// The amounts of a row, in the order of its columns.
fn amounts(row: &ReportRow) -> Vec<i64> {
    row.cells
        .iter()
        .filter_map(|cell| match cell {
            ReportCell::Amount(amount) => Some(*amount),
            _ => None,
        })
        .collect()
}

fn code(row: &ReportRow, at: usize) -> String {
    match row.cells.get(at) {
        Some(ReportCell::Code(code)) => code.clone(),
        _ => String::new(),
    }
}

fn name(row: &ReportRow) -> String {
    match row.cells.get(1) {
        Some(ReportCell::Text(name)) => name.en.clone(),
        _ => String::new(),
    }
}

/// What a report says must hold.
fn holds(report: &Report) {
    for check in &report.checks {
        assert_eq!(check.difference(), 0, "{}: {}: {check:?}", report.title.en, check.label.en);
    }
}

/// Rows by a code of theirs; totals are left out.
fn by_code(report: &Report, at: usize) -> BTreeMap<String, Vec<i64>> {
    let rows = report.rows.iter().filter(|row| !row.strong && !code(row, at).is_empty());
    rows.map(|row| (code(row, at), amounts(row))).collect()
}

/// The days of a report, up to the last of a month.
fn days(last: chrono::NaiveDate) -> String {
    format!("from={YEAR}-01-01&to={last}")
}

impl Office {
    /// The budget position, line by line.
    pub(super) async fn agrees_on_the_budget(&self, model: &Model, last: chrono::NaiveDate) {
        let report = self.report(&format!("position?{}", days(last))).await;
        holds(&report);
        let rows = by_code(&report, 0);
        assert_eq!(rows.len(), LINES);
        for line in 0..LINES {
            let of = model.line(line);
            let allotted = of.available + of.committed + of.obligated + of.paid;
            let expected = vec![
                of.original,
                of.supplementary,
                of.came,
                of.went,
                of.carried,
                of.revised(),
                of.unallotted,
                of.frozen,
                allotted,
                of.available,
                0,
                of.committed,
                of.obligated,
                of.paid,
                of.released,
                of.used,
                of.released - of.used,
            ];
            assert_eq!(rows.get(&line_code(line)), Some(&expected), "{} on {last}", line_code(line));
        }
    }

    /// What the carried commitments bring into the next year, line by line.
    pub(super) async fn agrees_on_what_is_brought(&self, brought: &BTreeMap<usize, i64>) {
        let next = YEAR + 1;
        let report = self.report(&format!("position?from={next}-01-01&to={next}-12-31")).await;
        holds(&report);
        let expected: BTreeMap<String, Vec<i64>> = brought
            .iter()
            .map(|(line, amount)| {
                let amount = *amount;
                (line_code(*line), vec![0, 0, 0, 0, amount, amount, 0, 0, amount, 0, 0, amount, 0, 0, 0, 0, 0])
            })
            .collect();
        assert_eq!(by_code(&report, 0), expected);
    }

    /// The trial balance by accounts; answers its rows.
    pub(super) async fn agrees_on_balances(
        &self,
        model: &Model,
        last: chrono::NaiveDate,
    ) -> BTreeMap<String, Vec<i64>> {
        let report = self.report(&format!("trial-balance?{}", days(last))).await;
        holds(&report);
        let rows = by_code(&report, 0);
        let mut expected = BTreeMap::<String, Vec<i64>>::new();
        for ((account, _), (debit, credit)) in &model.books {
            let row = expected.entry((*account).to_owned()).or_insert_with(|| vec![0; 6]);
            row[2] += debit;
            row[3] += credit;
        }
        expected.retain(|_, row| row[2] != 0 || row[3] != 0);
        for row in expected.values_mut() {
            let net = row[2] - row[3];
            (row[4], row[5]) = (net.max(0), (-net).max(0));
        }
        assert_eq!(rows, expected, "the trial balance on {last}");
        rows
    }

    /// The trial balance of the year as it was known at the end of a day.
    pub(super) async fn balances_known(&self, known: chrono::NaiveDate) -> BTreeMap<String, Vec<i64>> {
        let path = format!("trial-balance?from={YEAR}-01-01&to={YEAR}-12-31&known={known}");
        by_code(&self.report(&path).await, 0)
    }

    /// The trial balance by item and function, of what is spent.
    pub(super) async fn agrees_on_keys(&self, model: &Model, last: chrono::NaiveDate) {
        let report = self.report(&format!("trial-balance?{}&by=item&then=cofog", days(last))).await;
        holds(&report);
        let mut expected = BTreeMap::<(String, String), (i64, i64)>::new();
        for ((_, key), (debit, credit)) in &model.books {
            if let Some(key) = key {
                let sum = expected.entry((item(*key).to_owned(), function(*key).to_owned())).or_default();
                *sum = (sum.0 + debit, sum.1 + credit);
            }
        }
        let mut shown = BTreeMap::<(String, String), (i64, i64)>::new();
        for row in report.rows.iter().filter(|row| !row.strong && !code(row, 0).is_empty()) {
            // 7013 is a group of division 01: functions begin with 7.
            let division = code(row, 2).get(1..3).unwrap().to_owned();
            let of = amounts(row);
            let sum = shown.entry((code(row, 0), division)).or_default();
            *sum = (sum.0 + of[2], sum.1 + of[3]);
        }
        assert_eq!(shown, expected);
    }

    /// A statement of the year, row by row and total by total.
    pub(super) async fn agrees_on(&self, statement: &str, expected: Statement, last: chrono::NaiveDate) {
        self.agrees_on_days(statement, expected, &days(last)).await;
    }

    /// The same of any days.
    pub(super) async fn agrees_on_days(&self, statement: &str, expected: Statement, days: &str) {
        self.agrees_on_column(statement, expected, days, 0).await;
    }

    /// The receipts and payments of the year: of own cash, and of cash held in trust beside it.
    pub(super) async fn agrees_on_cash(&self, model: &Model, last: chrono::NaiveDate) {
        for (column, held) in [false, true].into_iter().enumerate() {
            self.agrees_on_column("cash", model.cash(held), &days(last), column).await;
        }
    }

    async fn agrees_on_column(&self, statement: &str, mut expected: Statement, days: &str, column: usize) {
        let report = self.report(&format!("statements/{statement}?{days}")).await;
        holds(&report);
        for row in &report.rows {
            let amount = amounts(row)[column];
            let wanted = match &row.link {
                Some(link) => expected.rows.remove(link.code.as_str()),
                None => expected.totals.remove(name(row).as_str()),
            };
            assert_eq!(Some(amount), wanted, "{statement}: {} {:?}", name(row), row.link);
        }
        assert!(expected.rows.is_empty() && expected.totals.is_empty(), "{statement} does not show {expected:?}");
    }

    /// The comparison of budget and actual amounts.
    pub(super) async fn agrees_on_the_execution(&self, expected: Execution, last: chrono::NaiveDate) {
        self.agrees_on_two_years([expected, Execution::new()], &days(last)).await;
    }

    /// The same with the actual amounts of the year before beside it.
    pub(super) async fn agrees_on_two_years(&self, [mut year, mut before]: [Execution; 2], days: &str) {
        let report = self.report(&format!("statements/execution?{days}")).await;
        holds(&report);
        for row in &report.rows {
            let key = row.link.as_ref().map_or_else(|| name(row), |link| link.code.clone());
            let [original, revised, paid] = year.remove(key.as_str()).unwrap_or_default();
            let [.., earlier] = before.remove(key.as_str()).unwrap_or_default();
            let expected = match key.as_str() {
                EARLIER | WITHOUT | OUTLAY => vec![paid, earlier],
                _ => vec![original, revised, paid, revised - paid, earlier],
            };
            assert_eq!(amounts(row), expected, "execution: {key}");
        }
        assert!(year.is_empty() && before.is_empty(), "the execution does not show {year:?} {before:?}");
    }

    /// All statements of the year.
    pub(super) async fn agrees_on_statements(&self, model: &Model, last: chrono::NaiveDate) {
        self.agrees_on_the_execution(model.execution(), last).await;
        self.agrees_on_cash(model, last).await;
        self.agrees_on("position", model.position(0), last).await;
        self.agrees_on("performance", model.performance(), last).await;
        self.agrees_on("gfsm", model.gfsm(), last).await;
        self.agrees_on("cofog", model.cofog(), last).await;
    }
}
