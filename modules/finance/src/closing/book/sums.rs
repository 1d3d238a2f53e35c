//! What is checked and counted of the lines of a book while it is read.

use std::collections::BTreeMap;

use diwan_finance_api::{Bucket, COMPLEMENTARY};

use super::{
    cash::CashPayment,
    format::{Buckets, Cheque, Document, Entry, Line, Move, PaymentRun, Period},
};

/// Moves of a budget line that follow one another without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first of them.
    pub first: i64,
    /// The last of them.
    pub last: i64,
    /// What was in the line before the first.
    pub before: Buckets,
    /// What was in it after the last.
    pub after: Buckets,
}

/// The moves that a book has of each budget line, by fiscal year and code: one stretch unless others were made between them
/// for another period.
pub type Chains = BTreeMap<(i32, String), Vec<Stretch>>;

/// What is counted while a book is read.
#[derive(Default)]
pub(super) struct Sums {
    last: Option<i64>,
    stage: u8,
    pub(super) entries: i64,
    pub(super) lines: i64,
    pub(super) total: i128,
    pub(super) documents: i64,
    pub(super) moves: i64,
    pub(super) payments: i64,
    pub(super) chains: Chains,
    /// What entries spend by key, less what their moves say.
    spent: BTreeMap<(i64, String), i128>,
}

impl Sums {
    /// Counts a line that stands between the first one and the statement, if it holds.
    pub(super) fn take(&mut self, line: &Line, period: &Period) -> bool {
        let (stage, holds) = match line {
            Line::Entry(entry) => (1, self.entry(entry, period)),
            Line::Document(document) => (2, self.document(document, period)),
            Line::Move(one) => (3, self.step(one, period)),
            Line::PaymentRun(run) => (4, self.run(run)),
            Line::Cheque(cheque) => (5, self.cheque(cheque)),
            Line::CashPayment(paid) => (6, self.paid(paid)),
            Line::Period(_) | Line::End(_) | Line::Seal(_) => return false,
        };
        let in_order = self.stage <= stage;
        self.stage = stage;
        in_order && holds
    }

    fn entry(&mut self, entry: &Entry, period: &Period) -> bool {
        let in_order = self.last.is_none_or(|last| last < entry.number);
        let in_place = in_days(period, entry.day) && (!entry.closes_year || period.period == COMPLEMENTARY);
        // For each currency, and under no name for the base: debits less credits.
        let mut nets: BTreeMap<&str, i128> = BTreeMap::new();
        let mut total = 0_i128;
        for line in &entry.lines {
            let sides = [(line.debit, line.base_debit), (line.credit, line.base_credit)];
            let one_side = (line.debit == 0) != (line.credit == 0)
                && sides.iter().all(|(own, base)| *own >= 0 && *base >= 0 && (*own == 0) == (*base == 0));
            if !one_side {
                return false;
            }
            let net = i128::from(line.base_debit) - i128::from(line.base_credit);
            *nets.entry(line.currency.as_str()).or_default() += i128::from(line.debit) - i128::from(line.credit);
            *nets.entry("").or_default() += net;
            total += i128::from(line.base_debit);
            if line.budgeted && !entry.closes_year {
                *self.spent.entry((entry.number, line.key.clone())).or_default() += net;
            }
        }
        self.last = Some(entry.number);
        self.entries += 1;
        self.lines += i64::try_from(entry.lines.len()).unwrap_or(i64::MAX);
        self.total += total;
        in_order && in_place && entry.lines.len() >= 2 && nets.values().all(|net| *net == 0)
    }

    fn document(&mut self, document: &Document, period: &Period) -> bool {
        self.documents += 1;
        in_days(period, document.day)
            && !document.lines.is_empty()
            && document.lines.iter().all(|line| {
                line.amount > 0 && line.base_amount > 0 && ["debit", "credit"].contains(&line.side.as_str())
            })
    }

    /// A move takes from one bucket what it gives another, none goes below zero, and what is owed or paid names its entry.
    fn step(&mut self, one: &Move, period: &Period) -> bool {
        self.moves += 1;
        let Some(before) = before(one) else { return false };
        let owed = |bucket: Bucket| i128::from(matches!(bucket, Bucket::Obligated | Bucket::Paid));
        let spends = (owed(one.to) - owed(one.from)) * i128::from(one.amount);
        match one.entry {
            // What is given up of an ended year was spent by an entry of that year, and stays so.
            Some(_) if one.to == Bucket::Outside => {}
            Some(entry) if spends != 0 => *self.spent.entry((entry, one.key.clone())).or_default() -= spends,
            None if spends != 0 => return false,
            _ => {}
        }
        let holds = in_days(period, one.day)
            && one.amount > 0
            && one.kind.allows(one.from, one.to)
            && before.holds()
            && one.after.holds()
            && one.seq > 0
            && (one.seq > 1 || before == Buckets::default());
        holds && follows(self.chains.entry((one.year, one.line.clone())).or_default(), one, before)
    }

    /// Nobody approves what they prepared.
    fn run(&mut self, run: &PaymentRun) -> bool {
        self.payments += 1;
        let by = |duty: &str| run.approvals.iter().find(|one| one.duty == duty).map(|one| one.by.id);
        let apart = matches!((by("prepare"), by("approve")), (Some(prepared), Some(approved)) if prepared != approved);
        apart && run.items >= 0 && run.amount >= 0 && run.base_amount >= 0
    }

    fn cheque(&mut self, cheque: &Cheque) -> bool {
        self.payments += 1;
        let pays = cheque.document.is_some();
        pays == (cheque.amount > 0) && pays == (cheque.base_amount > 0) && pays == cheque.entry.is_some()
    }

    fn paid(&mut self, paid: &CashPayment) -> bool {
        self.payments += 1;
        paid.holds()
    }

    /// An entry that spends something else than its moves say.
    pub(super) fn unlike(&self) -> Option<i64> {
        self.spent.iter().find(|(_, net)| **net != 0).map(|((entry, _), _)| *entry)
    }
}

fn in_days(period: &Period, day: chrono::NaiveDate) -> bool {
    (period.from..=period.to).contains(&day)
}

/// What was in the line before a move; none where that is no amount.
fn before(one: &Move) -> Option<Buckets> {
    let mut before = one.after;
    if let Some(held) = before.of(one.to) {
        *held = held.checked_sub(one.amount)?;
    }
    if let Some(held) = before.of(one.from) {
        *held = held.checked_add(one.amount)?;
    }
    Some(before)
}

/// Puts a move behind the others of its line: it begins where the one before it ended, or after a gap.
fn follows(stretches: &mut Vec<Stretch>, one: &Move, before: Buckets) -> bool {
    match stretches.last_mut() {
        Some(open) if one.seq <= open.last => false,
        Some(open) if one.seq - 1 == open.last => {
            let same = open.after == before;
            (open.last, open.after) = (one.seq, one.after);
            same
        }
        _ => {
            stretches.push(Stretch { first: one.seq, last: one.seq, before, after: one.after });
            true
        }
    }
}
