//! A fiscal year of a ministry: the law, orders, two thousand documents as dice choose them, the close of every month, the end
//! of the year. What the product says is compared with the model all along.

use diwan_finance_api::DocumentKind;

use super::{
    dice::Dice,
    keys::{KEYS, LINES, item, line_of},
    model::{Model, Paper, Posted, Row, pays},
    office::{DOLLAR, Office, PARTIES, day},
};

/// Documents of the year.
pub(super) const DOCUMENTS: usize = 2_000;
/// Papers that go the way of approvals together.
const BATCH: usize = 40;
/// Fils of each key in the law.
const APPROPRIATED: i64 = 250_000_000;
/// Accounts that receipts are booked on.
const REVENUE: [&str; 6] = ["1111", "1331", "1421", "1422", "1431", "1411"];
/// What is larger is not paid by the runs of the months: it stays to be paid.
pub(super) const PAID_UP_TO: i64 = 3_000_000;

pub(super) struct Story {
    pub(super) office: Office,
    pub(super) model: Model,
    dice: Dice,
    /// In the model already, not yet through the approvals.
    pending: Vec<Paper>,
}

/// A line of a paper on an account.
fn debit(account: &'static str, key: Option<usize>, debit: i64) -> Row {
    Row { account, key, debit, credit: 0 }
}

fn credit(account: &'static str, key: Option<usize>, credit: i64) -> Row {
    Row { account, key, debit: 0, credit }
}

/// What the dice begin with: `DIWAN_STORY_SEED`, or always the same. It is printed, so that a story which fails is told again.
fn seed() -> u64 {
    let given = std::env::var("DIWAN_STORY_SEED").ok();
    let seed = given.map_or(2026, |seed| seed.parse().unwrap());
    eprintln!("The story begins with DIWAN_STORY_SEED={seed}");
    seed
}

impl Story {
    pub(super) fn begin(office: Office) -> Self {
        Self { office, model: Model::default(), dice: Dice::new(seed()), pending: Vec::new() }
    }

    /// Writes a paper; it is in the model at once, and goes through the approvals with others.
    fn write(&mut self, paper: Paper) {
        self.model.post(paper.clone());
        self.pending.push(paper);
        if self.pending.len() >= BATCH {
            self.send();
        }
    }

    /// Sends what was written through the approvals.
    fn send(&mut self) {
        let papers = std::mem::take(&mut self.pending);
        self.office.post(&papers);
        assert_eq!(self.office.records.len(), self.model.papers.len());
    }

    /// Papers that are through the approvals and for which this holds.
    fn places(&self, fits: impl Fn(&Posted) -> bool) -> Vec<usize> {
        let posted = self.office.records.len();
        self.model.places(|one| !one.reversed && fits(one)).into_iter().filter(|place| *place < posted).collect()
    }

    /// A month: what its plan asks for, then what the dice give, until so many documents are there in all.
    pub(super) fn month(&mut self, month: u32, until: usize) {
        self.planned(month);
        while self.model.papers.len() < until {
            let paper = self.drawn(month);
            self.write(paper);
        }
        self.send();
        // Two contracts of which something is left are over.
        for place in self
            .places(|one| one.paper.kind == DocumentKind::Commitment && !one.closed && one.left() > 0)
            .into_iter()
            .take(2)
        {
            self.office.close_commitment(place);
            self.model.close(place);
        }
    }

    /// What the budget asks for in a month.
    fn planned(&mut self, month: u32) {
        use DocumentKind::{BudgetLaw, FinancialOrder, Freeze, Release, Supplementary, Virement};
        let each = |part: i64| (0..KEYS).map(|key| debit("", Some(key), APPROPRIATED / 100 * part)).collect::<Vec<_>>();
        let papers: Vec<(DocumentKind, Vec<Row>)> = match month {
            1 => vec![(BudgetLaw, each(100)), (FinancialOrder, each(60)), (Release, each(60))],
            3 | 5 | 9 | 11 => {
                let (from, to) = (self.dice.below(KEYS), self.dice.below(KEYS));
                let amount = self.dice.fils(2_000_000);
                vec![(Virement, vec![credit("", Some(from), amount), debit("", Some(to), amount)])]
            }
            6 => {
                let more: Vec<Row> = [4, 39].map(|key| debit("", Some(key), 40_000_000)).into();
                vec![(Supplementary, more.clone()), (FinancialOrder, more.clone()), (Release, more)]
            }
            7 => vec![(FinancialOrder, each(30)), (Release, each(30))],
            // Everything allotted is released: what is frozen or taken back of it is given back by releases first.
            8 => vec![
                (Release, [7, 8, 50].map(|key| credit("", Some(key), 10_000_000)).into()),
                (Freeze, [7, 8, 50].map(|key| debit("", Some(key), 30_000_000)).into()),
            ],
            10 => vec![
                (Freeze, vec![credit("", Some(7), 11_000_000)]),
                (Release, vec![credit("", Some(21), 5_000_000)]),
                (FinancialOrder, vec![credit("", Some(21), 5_000_000)]),
                // Two keys are taken down by law, one of them below what it began with.
                (Supplementary, vec![credit("", Some(12), 7_000_000), credit("", Some(39), 3_000_000)]),
            ],
            _ => Vec::new(),
        };
        for (kind, rows) in papers {
            self.write(self.paper((kind, month, 2), None, rows));
        }
    }

    fn paper(&self, (kind, month, date): (DocumentKind, u32, u32), party: Option<usize>, rows: Vec<Row>) -> Paper {
        Paper { kind, day: day(month, date), party, rows, source: None, reverses: None, dollars: false }
    }

    /// A paper as the dice choose it; where what they choose cannot be, a receipt.
    fn drawn(&mut self, month: u32) -> Paper {
        let date = 1 + u32::try_from(self.dice.below(28)).unwrap();
        let chosen = match self.dice.below(100) {
            0..14 => self.commitment((month, date)),
            14..36 => self.voucher_on_commitment((month, date)),
            36..58 => self.voucher((month, date)),
            72..79 => self.journal((month, date)),
            79..84 => self.advance((month, date)),
            84..88 => self.settlement((month, date)),
            88..92 => self.deposit((month, date)),
            92..95 => self.refund((month, date)),
            95..98 => self.notice((month, date)),
            98.. => self.reversal((month, date)),
            _ => None,
        };
        chosen.unwrap_or_else(|| {
            let rows = (0..1 + self.dice.below(3)).map(|_| self.received()).collect();
            self.paper((DocumentKind::Receipt, month, date), None, rows)
        })
    }

    fn received(&mut self) -> Row {
        let account = self.dice.pick(&REVENUE).unwrap();
        credit(account, None, self.dice.fils(9_000_000))
    }

    /// Some keys of different lines, each with an amount that is available; a multiple of so many fils.
    fn spending(&mut self, count: usize, most: i64, of: i64) -> Vec<(usize, i64)> {
        let first = self.dice.below(LINES);
        let mut chosen = Vec::new();
        for step in 0..count {
            let key = (first + step * 7) % LINES * 2 + self.dice.below(2);
            let amount = self.dice.fils(most) / of * of;
            if amount > 0 && amount <= self.model.available(key) {
                chosen.push((key, amount));
            }
        }
        chosen
    }

    fn commitment(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let count = 1 + self.dice.below(3);
        let rows: Vec<Row> =
            self.spending(count, 8_000_000, 1).into_iter().map(|(key, amount)| debit("", Some(key), amount)).collect();
        let party = Some(self.dice.below(PARTIES));
        (!rows.is_empty()).then(|| self.paper((DocumentKind::Commitment, month, date), party, rows))
    }

    fn voucher_on_commitment(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let open = self.places(|one| one.paper.kind == DocumentKind::Commitment && !one.closed && one.left() > 0);
        let source = self.dice.pick(&open)?;
        let (of_keys, party) = (self.model.papers[source].open.clone(), self.model.papers[source].paper.party);
        let mut rows = Vec::new();
        for (key, open) in of_keys.into_iter().filter(|(_, open)| *open > 0) {
            let mut amount = if self.dice.chance(40) { open } else { self.dice.fils(open) };
            let more = self.dice.fils(200_000);
            // More than was committed, where there is more.
            if amount == open && self.dice.chance(30) && self.model.available(key) >= more {
                amount += more;
            }
            rows.push(debit(item(key), Some(key), amount));
        }
        self.deduct(&mut rows);
        let day = day(month, date).max(self.model.papers[source].since);
        Some(Paper {
            day,
            source: Some(source),
            ..self.paper((DocumentKind::PaymentVoucher, month, date), party, rows)
        })
    }

    fn voucher(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let (count, dollars) = (1 + self.dice.below(3), self.dice.chance(8));
        let of = if dollars { DOLLAR } else { 1 };
        let spent = self.spending(count, 6_000_000, of);
        let mut rows: Vec<Row> = spent.into_iter().map(|(key, amount)| debit(item(key), Some(key), amount)).collect();
        if rows.is_empty() {
            return None;
        }
        if !dollars {
            self.deduct(&mut rows);
        }
        let party = Some(self.dice.below(PARTIES));
        Some(Paper { dollars, ..self.paper((DocumentKind::PaymentVoucher, month, date), party, rows) })
    }

    /// What is kept back: income tax, stamps, a retention, a fine.
    fn deduct(&mut self, rows: &mut Vec<Row>) {
        let gross: i64 = rows.iter().map(|row| row.debit).sum();
        for (account, percent, part) in [("630811", 50, 50), ("630812", 30, 6), ("630814", 20, 100), ("1431", 10, 15)] {
            let kept = gross * part / 1_000;
            if self.dice.chance(percent) && kept > 0 {
                rows.push(credit(account, None, kept));
            }
        }
    }

    fn journal(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let amount = self.dice.fils(400_000);
        let rows = match self.dice.below(4) {
            0 => vec![debit("620202", None, amount), credit("620201", None, amount)],
            1 => vec![debit("1421", None, amount), credit("1431", None, amount)],
            2 => vec![debit("630813", None, amount), credit("630811", None, amount)],
            _ => {
                // Booked on the wrong key, put right.
                let (right, _) = self.spending(1, 1, 1).first().copied()?;
                let wrong = (0..KEYS)
                    .find(|key| line_of(*key) != line_of(right) && self.model.line(line_of(*key)).paid >= amount)?;
                if self.model.available(right) < amount {
                    return None;
                }
                vec![debit(item(right), Some(right), amount), credit(item(wrong), Some(wrong), amount)]
            }
        };
        Some(self.paper((DocumentKind::JournalVoucher, month, date), None, rows))
    }

    fn advance(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let rows = vec![debit("620801", None, self.dice.fils(2_000_000))];
        let party = Some(self.dice.below(PARTIES));
        Some(self.paper((DocumentKind::Advance, month, date), party, rows))
    }

    fn settlement(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let open = self.places(|one| one.paper.kind == DocumentKind::Advance && one.to_settle > 0);
        let source = self.dice.pick(&open)?;
        let left = self.model.papers[source].to_settle;
        let (key, spent) = self.spending(1, left, 1).first().copied()?;
        let mut rows = vec![debit(item(key), Some(key), spent)];
        if left > spent && self.dice.chance(60) {
            rows.push(debit("620202", None, left - spent));
        }
        let day = day(month, date).max(self.model.papers[source].paper.day);
        Some(Paper {
            day,
            source: Some(source),
            ..self.paper((DocumentKind::AdvanceSettlement, month, date), None, rows)
        })
    }

    fn deposit(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let rows = vec![credit("630815", None, self.dice.fils(5_000_000))];
        let party = Some(self.dice.below(PARTIES));
        Some(self.paper((DocumentKind::Deposit, month, date), party, rows))
    }

    fn refund(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let open = self.places(|one| one.paper.kind == DocumentKind::Deposit && one.to_settle > 0);
        let source = self.dice.pick(&open)?;
        let (left, party) = (self.model.papers[source].to_settle, self.model.papers[source].paper.party);
        let rows = vec![debit("630815", None, if self.dice.chance(70) { left } else { self.dice.fils(left) })];
        let day = day(month, date).max(self.model.papers[source].paper.day);
        Some(Paper { day, source: Some(source), ..self.paper((DocumentKind::DepositRefund, month, date), party, rows) })
    }

    fn notice(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        // Charges on the item of other goods and services, or interest that the bank gives.
        let (key, amount) = (10, self.dice.fils(60_000));
        let rows = if self.dice.chance(60) && self.model.available(key) >= amount {
            vec![debit(item(key), Some(key), amount)]
        } else {
            vec![credit("1411", None, amount)]
        };
        Some(self.paper((DocumentKind::BankNotice, month, date), None, rows))
    }

    fn reversal(&mut self, (month, date): (u32, u32)) -> Option<Paper> {
        let closed: Vec<bool> = self.model.papers.iter().map(|one| one.closed).collect();
        let untouched = |one: &Posted| match one.paper.kind {
            DocumentKind::Receipt | DocumentKind::BankNotice => true,
            DocumentKind::PaymentVoucher => {
                one.to_pay == one.net && one.net > 0 && one.paper.source.is_none_or(|source| !closed[source])
            }
            _ => false,
        };
        let original = self.dice.pick(&self.places(|one| one.paper.reverses.is_none() && untouched(one)))?;
        let of = self.model.papers[original].paper.clone();
        Some(Paper {
            day: day(month, date).max(of.day),
            source: None,
            reverses: Some(original),
            rows: Vec::new(),
            ..of
        })
    }

    /// The papers that a run of payments up to an amount takes: refunds of deposits, or all others.
    pub(super) fn payable(&self, trust: bool, most: i64) -> Vec<usize> {
        let due = |one: &Posted| pays(one.paper.kind) && !one.paper.dollars && (1..=most).contains(&one.to_pay);
        self.places(|one| due(one) && (one.paper.kind == DocumentKind::DepositRefund) == trust)
    }

    /// A voucher for more than there is, and a receipt for a month that is closed.
    pub(super) fn what_cannot_be(&mut self, month: u32) {
        let key = self.dice.below(KEYS);
        let more = self.model.available(key) + 1;
        let rows = vec![debit(item(key), Some(key), more)];
        self.office.refused(&self.paper((DocumentKind::PaymentVoucher, month, 20), Some(0), rows), "budget_short");
        let rows = vec![credit("1421", None, 1_000)];
        self.office.refused(&self.paper((DocumentKind::Receipt, month - 1, 20), None, rows), "period_closed");
    }
}
