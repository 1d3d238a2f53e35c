//! The statements as they follow from the model: each row by its name in the data, each total by its name on paper.

use std::collections::BTreeMap;

use diwan_finance_api::DocumentKind;

use super::{
    keys::{function, item},
    model::{Model, Row, TRUST, pays},
};

/// A statement: rows by the codes they are opened by, totals by their English names.
#[derive(Debug, Default)]
pub(super) struct Statement {
    pub(super) rows: BTreeMap<&'static str, i64>,
    pub(super) totals: BTreeMap<&'static str, i64>,
}

/// Original, final and actual amounts by the names of rows and totals.
pub(super) type Execution = BTreeMap<&'static str, [i64; 3]>;

impl Model {
    /// Debits less credits of the accounts whose codes begin so.
    fn debit(&self, beginnings: &[&str]) -> i64 {
        let fits = |account: &str| beginnings.iter().any(|one| account.starts_with(one));
        let of = self.books.iter().filter(|((account, _), _)| fits(account));
        of.map(|(_, (debit, credit))| debit - credit).sum()
    }

    pub(super) fn revenue(&self) -> i64 {
        -self.debit(&["1"])
    }

    pub(super) fn expense(&self) -> i64 {
        self.debit(&["2"])
    }

    pub(super) fn surplus(&self) -> i64 {
        self.revenue() - self.expense()
    }

    /// Revenue and expense by the rows of GFSM.
    fn flows(&self) -> Vec<(&'static str, i64)> {
        let mut flows =
            vec![("11", -self.debit(&["11"])), ("12", 0), ("13", -self.debit(&["13"])), ("14", -self.debit(&["14"]))];
        let classes = ["21", "22", "23", "24", "25", "26", "27", "28"];
        flows.extend(classes.map(|class| (class, self.debit(&[class]))));
        flows
    }

    pub(super) fn performance(&self) -> Statement {
        let mut made = Statement::default();
        for (row, amount) in self.flows() {
            let row = match row {
                "11" => "tax",
                "12" => "social",
                "13" => "grant",
                "14" => "other",
                class => class,
            };
            made.rows.insert(row, amount);
        }
        let (revenue, expense) = (self.revenue(), self.expense());
        let worth = self.debit(&["61", "62", "63"]);
        made.rows.extend([("gains", 0), ("direct", 0), ("assets", worth)]);
        made.totals = BTreeMap::from([
            ("Total revenue", revenue),
            ("Total expense", expense),
            ("Operating surplus (deficit)", revenue - expense),
            ("Change in net assets", revenue - expense),
        ]);
        made
    }

    /// The position; `carried` is what the end of a year took over.
    pub(super) fn position(&self, carried: i64) -> Statement {
        let (cash, advances, fixed) = (self.debit(&["6202"]), self.debit(&["6208"]), self.debit(&["61"]));
        let payable = -self.debit(&["6308"]);
        let result = self.surplus();
        let assets = cash + advances + fixed;
        Statement {
            rows: BTreeMap::from([
                ("cash", cash),
                ("receivable", advances),
                ("financial", 0),
                ("inventory", 0),
                ("fixed", fixed),
                ("payable", payable),
                ("loans", 0),
                ("carried", carried),
                ("result", result - carried),
            ]),
            totals: BTreeMap::from([
                ("Total assets", assets),
                ("Total liabilities", payable),
                ("Net assets", assets - payable),
                ("Total net worth", result),
            ]),
        }
    }

    pub(super) fn gfsm(&self) -> Statement {
        let (revenue, expense) = (self.revenue(), self.expense());
        let (fixed, financial, owed) = (self.debit(&["61"]), self.debit(&["62"]), -self.debit(&["63"]));
        let mut rows: BTreeMap<&str, i64> = self.flows().into_iter().collect();
        rows.extend([("31", fixed), ("32", financial), ("33", owed), ("6", 0), ("gain", 0)]);
        rows.extend([("o61", 0), ("o62", 0), ("o63", 0), ("c61", fixed), ("c62", financial), ("c63", owed)]);
        Statement {
            rows,
            totals: BTreeMap::from([
                ("Revenue (1)", revenue),
                ("Expense (2)", expense),
                ("Net operating balance (1 − 2)", revenue - expense),
                ("Expenditure (2 + 31)", expense + fixed),
                ("Net lending (borrowing) (1 − 2 − 31)", revenue - expense - fixed),
                ("Financing (32 − 33)", financial - owed),
                ("Opening net worth", 0),
                ("Closing net worth", fixed + financial - owed),
            ]),
        }
    }

    pub(super) fn cofog(&self) -> Statement {
        let mut rows: BTreeMap<&str, i64> =
            ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].map(|division| (division, 0)).into();
        for ((_, key), (debit, credit)) in &self.books {
            if let Some(key) = key {
                *rows.get_mut(function(*key)).unwrap() += debit - credit;
            }
        }
        let (expense, fixed) = (self.expense(), self.debit(&["61"]));
        rows.extend([("2", expense), ("31", fixed)]);
        Statement {
            rows,
            totals: BTreeMap::from([
                ("Total expenditure by function", expense + fixed),
                ("Expenditure (2 + 31)", expense + fixed),
            ]),
        }
    }

    /// Receipts and payments of own cash, or of that held in trust.
    pub(super) fn cash(&self, held: bool) -> Statement {
        let of = usize::from(held);
        let sum = |of: &BTreeMap<&'static str, i64>, beginnings: &[&str], but: &[&str]| -> i64 {
            let fits = |account: &str, list: &[&str]| list.iter().any(|one| account.starts_with(one));
            of.iter()
                .filter(|(account, _)| fits(account, beginnings) && !fits(account, but))
                .map(|(_, amount)| amount)
                .sum()
        };
        let came = |beginnings: &[&str], but: &[&str]| sum(&self.came_in[of], beginnings, but);
        let went = |beginnings: &[&str]| sum(&self.went_out[of], beginnings, &[]);
        let receipts = [
            ("r-tax", came(&["11"], &[])),
            ("r-grant", came(&["13"], &[])),
            ("r-loan", came(&["63"], &["6308"])),
            ("r-payable", came(&["6308"], &[])),
            ("r-capital", came(&["61"], &[])),
            ("r-trade", came(&["142"], &[])),
            ("r-other", came(&["14"], &["142"])),
            ("r-fin", came(&["62"], &["6202"])),
        ];
        let payments = [
            ("p-wage", went(&["21"])),
            ("p-supply", went(&["22"])),
            ("p-transfer", went(&["25", "26", "27"])),
            ("p-capital", went(&["61"])),
            ("p-fin", went(&["6203", "6208"])),
            ("p-loan", 0),
            ("p-interest", went(&["24"])),
            ("p-payable", went(&["6308"])),
            ("p-refund", went(&["1"])),
            ("p-other", went(&["28"])),
        ];
        let (received, paid): (i64, i64) =
            (receipts.iter().map(|row| row.1).sum(), payments.iter().map(|row| row.1).sum());
        let mut rows: BTreeMap<&str, i64> = receipts.into_iter().chain(payments).collect();
        let trust = self.debit(&[TRUST]);
        let (withheld, end) = if held { (0, trust) } else { (self.withheld, self.debit(&["6202"]) - trust) };
        rows.extend([("withheld", withheld), ("begin", 0), ("end", end)]);
        Statement {
            rows,
            totals: BTreeMap::from([
                ("Total receipts", received),
                ("Total payments", paid),
                ("Increase (decrease) in cash", received - paid + withheld),
            ]),
        }
    }

    /// The comparison with the budget: original, final, actual by class; totals, and what leads to the statement of cash.
    pub(super) fn execution(&self) -> Execution {
        let figures = self.lines.iter().map(|(line, of)| (*line, [of.original, of.revised(), of.paid]));
        let mut rows = by_class(figures);
        let without = self.without_cash();
        rows.extend([(WITHOUT, [0, 0, without]), (OUTLAY, [0, 0, self.budget().paid - without])]);
        rows
    }

    /// What was spent by papers that move no own cash: what was spent of an advance was paid with it.
    fn without_cash(&self) -> i64 {
        let own_cash = |row: &Row| row.account.starts_with("6202") && row.account != TRUST;
        let of = self.papers.iter().filter(|one| {
            let settles = one.paper.kind == DocumentKind::AdvanceSettlement;
            !one.reversed && !pays(one.paper.kind) && (settles || !one.entry.iter().any(own_cash))
        });
        of.flat_map(|one| &one.spent).map(|(_, committed, available)| committed + available).sum()
    }
}

/// The rows below the total of the comparison, which have actual amounts alone.
pub(super) const EARLIER: &str = "earlier";
pub(super) const WITHOUT: &str = "without";
pub(super) const OUTLAY: &str = "Paid in cash from the budget";

/// The comparison of a year that has only what was carried into it by line, and in which so much was paid of what was owed before.
pub(super) fn execution_of_next(brought: &BTreeMap<usize, i64>, paid: i64) -> Execution {
    let mut rows = by_class(brought.iter().map(|(line, amount)| (*line, [0, *amount, 0])));
    rows.extend([(EARLIER, [0, 0, paid]), (OUTLAY, [0, 0, paid])]);
    rows
}

/// Figures of lines by class, with their totals.
fn by_class(lines: impl Iterator<Item = (usize, [i64; 3])>) -> Execution {
    let mut rows = Execution::new();
    for (line, figures) in lines {
        let class = match item(line * 2).get(..2) {
            Some("61") => "31",
            _ => ["21", "22", "26", "27", "28"].into_iter().find(|class| item(line * 2).starts_with(class)).unwrap(),
        };
        for name in [class, if class == "31" { "" } else { "Total current expenditure" }, "Total expenditure"] {
            let row = rows.entry(name).or_default();
            for (own, amount) in row.iter_mut().zip(figures) {
                *own += amount;
            }
        }
    }
    rows.remove("");
    rows
}
