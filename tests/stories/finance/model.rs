//! What the books and the budget must say: plain sums of integers, made from the papers alone. Nothing of the product is used
//! here but the names of the kinds of documents.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diwan_finance_api::DocumentKind;

use super::{
    figures::Figures,
    keys::{item, line_of},
};

/// A line of a paper: account (none of what is only about the budget), key, debit, credit, in fils.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) account: &'static str,
    pub(super) key: Option<usize>,
    pub(super) debit: i64,
    pub(super) credit: i64,
}

/// A document as somebody writes it.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    pub(super) kind: DocumentKind,
    pub(super) day: NaiveDate,
    /// Which party, where it has one.
    pub(super) party: Option<usize>,
    pub(super) rows: Vec<Row>,
    /// The paper it draws on.
    pub(super) source: Option<usize>,
    /// The paper it takes back.
    pub(super) reverses: Option<usize>,
    /// Whether it is written in dollars, at 709 fils each.
    pub(super) dollars: bool,
}

/// What a posted paper did and what is left of it.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    pub(super) paper: Paper,
    pub(super) entry: Vec<Row>,
    /// What it spent: key, of committed money, of available money.
    pub(super) spent: Vec<(usize, i64, i64)>,
    /// Of a commitment: what is open of each key.
    pub(super) open: BTreeMap<usize, i64>,
    /// From when on all that is open of it is there: its day, or the last on which something came back to it.
    pub(super) since: NaiveDate,
    /// Of an advance or a deposit: what may still be drawn.
    pub(super) to_settle: i64,
    pub(super) to_pay: i64,
    pub(super) net: i64,
    pub(super) reversed: bool,
    pub(super) closed: bool,
}

/// Debits and credits.
pub(super) type Sides = (i64, i64);

/// The model.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) lines: BTreeMap<usize, Figures>,
    /// Debits and credits by account and key.
    pub(super) books: BTreeMap<(&'static str, Option<usize>), Sides>,
    /// Cash that came in and went out, by the account or item it was for: own cash, and cash held in trust.
    pub(super) came_in: [BTreeMap<&'static str, i64>; 2],
    pub(super) went_out: [BTreeMap<&'static str, i64>; 2],
    /// What was kept back of papers that were paid; nothing of it is remitted.
    pub(super) withheld: i64,
    pub(super) papers: Vec<Posted>,
}

/// Whether what is posted to an account spends budget.
fn budgeted(account: &str) -> bool {
    account.starts_with('2') || account.starts_with("61")
}

/// The bank account of deposits, and what is owed of those that are given back.
pub(super) const TRUST: &str = "620204";
const REFUNDED: &str = "630816";

/// Whether what lies on an account is held in trust.
fn is_trust(account: &str) -> bool {
    [TRUST, "630815", REFUNDED].contains(&account)
}

fn is_cash(account: &str) -> bool {
    account.starts_with("6202")
}

/// The account that takes the difference of a kind.
fn counter(kind: DocumentKind) -> Option<&'static str> {
    match kind {
        DocumentKind::PaymentVoucher | DocumentKind::Advance => Some("630803"),
        DocumentKind::DepositRefund => Some(REFUNDED),
        DocumentKind::Receipt | DocumentKind::BankNotice => Some("620201"),
        DocumentKind::Deposit => Some(TRUST),
        DocumentKind::AdvanceSettlement => Some("620801"),
        _ => None,
    }
}

/// Whether a kind is paid later.
pub(super) fn pays(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::PaymentVoucher | DocumentKind::Advance | DocumentKind::DepositRefund)
}

impl Model {
    pub(super) fn line(&self, line: usize) -> Figures {
        self.lines.get(&line).copied().unwrap_or_default()
    }

    /// What may still be spent of a key.
    pub(super) fn available(&self, key: usize) -> i64 {
        self.line(line_of(key)).available
    }

    /// Posts a paper; answers its place.
    pub(super) fn post(&mut self, paper: Paper) -> usize {
        let posted = match (paper.kind, paper.reverses) {
            (_, Some(original)) => self.take_back(paper, original),
            (DocumentKind::Commitment, None) => self.commit(paper),
            (kind, None) if paper.rows.iter().all(|row| row.account.is_empty()) => {
                self.change_budget(kind, &paper.rows);
                Posted::plain(paper)
            }
            _ => self.book(paper),
        };
        self.papers.push(posted);
        self.papers.len() - 1
    }

    fn change_budget(&mut self, kind: DocumentKind, rows: &[Row]) {
        for row in rows {
            let line = self.lines.entry(line_of(row.key.unwrap())).or_default();
            match kind {
                DocumentKind::BudgetLaw => {
                    line.original += row.debit;
                    line.unallotted += row.debit;
                }
                DocumentKind::Supplementary => {
                    line.supplementary += row.debit - row.credit;
                    line.unallotted += row.debit - row.credit;
                }
                DocumentKind::Virement => {
                    line.came += row.debit;
                    line.went += row.credit;
                    line.unallotted += row.debit - row.credit;
                }
                DocumentKind::FinancialOrder => {
                    line.unallotted -= row.debit - row.credit;
                    line.available += row.debit - row.credit;
                }
                DocumentKind::Freeze => {
                    let first = row.debit.min(line.unallotted);
                    line.unallotted += row.credit - first;
                    line.available -= row.debit - first;
                    line.frozen += row.debit - row.credit;
                }
                DocumentKind::Release => line.released += row.debit - row.credit,
                other => panic!("{other:?} is not about the budget alone"),
            }
        }
    }

    fn commit(&mut self, paper: Paper) -> Posted {
        let mut posted = Posted::plain(paper);
        for row in &posted.paper.rows {
            let key = row.key.unwrap();
            let line = self.lines.entry(line_of(key)).or_default();
            line.available -= row.debit;
            line.committed += row.debit;
            *posted.open.entry(key).or_default() += row.debit;
        }
        posted
    }

    /// A document of the books: its lines, the account that takes the difference, and what is spent.
    fn book(&mut self, paper: Paper) -> Posted {
        let mut posted = Posted::plain(paper);
        let kind = posted.paper.kind;
        let mut entry = posted.paper.rows.clone();
        let net: i64 = entry.iter().map(|row| row.debit - row.credit).sum();
        if let Some(account) = counter(kind).filter(|_| net != 0) {
            entry.push(Row { account, key: None, debit: (-net).max(0), credit: net.max(0) });
        }
        let mut of_keys = BTreeMap::<usize, i64>::new();
        for row in entry.iter().filter(|row| budgeted(row.account)) {
            *of_keys.entry(row.key.unwrap()).or_default() += row.debit - row.credit;
        }
        let gross = posted.paper.gross();
        for (key, amount) in of_keys {
            let committed = match posted.paper.source {
                Some(source) if kind == DocumentKind::PaymentVoucher && amount > 0 => self.draw(source, key, amount),
                _ => 0,
            };
            posted.spent.push((key, committed, amount - committed));
            self.spend(key, (committed, amount - committed), pays(kind));
        }
        if let Some(source) = posted.paper.source.filter(|_| kind != DocumentKind::PaymentVoucher) {
            self.papers[source].to_settle -= gross;
        }
        if matches!(kind, DocumentKind::Advance | DocumentKind::Deposit) {
            posted.to_settle = gross;
        }
        if pays(kind) {
            (posted.to_pay, posted.net) = (net, net);
        }
        self.enter(&entry, kind, false);
        posted.entry = entry;
        posted
    }

    /// Takes of a commitment what is open of a key, at most what is wanted.
    fn draw(&mut self, source: usize, key: usize, wanted: i64) -> i64 {
        let open = self.papers[source].open.entry(key).or_default();
        let taken = wanted.min(*open);
        *open -= taken;
        taken
    }

    /// Spends of committed and of available money; less than 0 is given back.
    fn spend(&mut self, key: usize, (committed, available): (i64, i64), later: bool) {
        let line = self.lines.entry(line_of(key)).or_default();
        line.committed -= committed;
        line.available -= available;
        *(if later { &mut line.obligated } else { &mut line.paid }) += committed + available;
    }

    /// Books the lines of an entry; what moves cash is told by its other lines. Of an advance the change alone comes back.
    fn enter(&mut self, entry: &[Row], kind: DocumentKind, back: bool) {
        for row in entry {
            let sides = self.books.entry((row.account, row.key)).or_default();
            sides.0 += row.debit;
            sides.1 += row.credit;
        }
        for (of, held) in [false, true].into_iter().enumerate() {
            let own: Vec<&Row> = entry.iter().filter(|row| is_trust(row.account) == held).collect();
            assert_eq!(own.iter().map(|row| row.debit - row.credit).sum::<i64>(), 0, "trust comes to nothing");
            if !own.iter().any(|row| is_cash(row.account)) {
                continue;
            }
            if kind == DocumentKind::AdvanceSettlement {
                let change: i64 = own.iter().filter(|row| is_cash(row.account)).map(|row| row.debit - row.credit).sum();
                *self.came_in[of].entry("620801").or_default() += change;
                continue;
            }
            for row in own.into_iter().filter(|row| !is_cash(row.account)) {
                // What comes back is not received: it was never paid, and the other way round.
                *self.came_in[of].entry(row.account).or_default() += if back { -row.debit } else { row.credit };
                *self.went_out[of].entry(row.account).or_default() += if back { -row.credit } else { row.debit };
            }
        }
    }

    /// A paper that mirrors another one, and undoes what it did to the budget.
    fn take_back(&mut self, paper: Paper, original: usize) -> Posted {
        let mirrored: Vec<Row> = self.papers[original]
            .entry
            .iter()
            .map(|row| Row { debit: row.credit, credit: row.debit, ..*row })
            .collect();
        let (kind, source) = (self.papers[original].paper.kind, self.papers[original].paper.source);
        self.enter(&mirrored, kind, true);
        for (key, committed, available) in self.papers[original].spent.clone() {
            self.spend(key, (-committed, -available), pays(kind));
            if let Some(source) = source {
                *self.papers[source].open.entry(key).or_default() += committed;
            }
        }
        if let Some(source) = source {
            let since = &mut self.papers[source].since;
            *since = paper.day.max(*since);
        }
        let posted = &mut self.papers[original];
        (posted.reversed, posted.to_pay, posted.to_settle) = (true, 0, 0);
        Posted { reversed: true, ..Posted::plain(paper) }
    }

    /// Pays a paper as a whole out of the treasury's account, or out of that of deposits.
    pub(super) fn pay(&mut self, place: usize) {
        let posted = &mut self.papers[place];
        let refund = posted.paper.kind == DocumentKind::DepositRefund;
        let (owed, bank) = if refund { (REFUNDED, TRUST) } else { ("630803", "620201") };
        let net = std::mem::take(&mut posted.to_pay);
        let spent = posted.spent.clone();
        let kept: Vec<Row> = posted.paper.rows.iter().filter(|row| row.key.is_none()).copied().collect();
        // What is kept back for others is held; a fine is received.
        for row in kept {
            if row.account.starts_with("6308") {
                self.withheld += row.credit;
            } else {
                *self.came_in[0].entry(row.account).or_default() += row.credit;
            }
            *self.went_out[0].entry("630803").or_default() += row.credit;
            // An advance is paid as one.
            if !row.account.starts_with("6308") {
                *self.went_out[0].entry(row.account).or_default() += row.debit;
                *self.went_out[0].entry("630803").or_default() -= row.debit;
            }
        }
        self.enter(
            &[
                Row { account: owed, key: None, debit: net, credit: 0 },
                Row { account: bank, key: None, debit: 0, credit: net },
            ],
            DocumentKind::PaymentRun,
            false,
        );
        // What was owed for goods is paid for goods.
        for (key, committed, available) in spent {
            let amount = committed + available;
            let line = self.lines.entry(line_of(key)).or_default();
            line.obligated -= amount;
            line.paid += amount;
            line.used += amount;
            *self.went_out[0].entry(item(key)).or_default() += amount;
            *self.went_out[0].entry("630803").or_default() -= amount;
        }
    }

    /// Gives back what is open of a commitment.
    pub(super) fn close(&mut self, place: usize) {
        let open = std::mem::take(&mut self.papers[place].open);
        self.papers[place].closed = true;
        for (key, amount) in open {
            let line = self.lines.entry(line_of(key)).or_default();
            line.committed -= amount;
            line.available += amount;
        }
    }

    /// All lines together.
    pub(super) fn budget(&self) -> Figures {
        self.lines.values().fold(Figures::default(), Figures::with)
    }

    /// Ends the year: what is neither owed nor paid leaves it; answers what the carried commitments bring into the next one, by
    /// line.
    pub(super) fn end(&mut self, carried: &[usize]) -> BTreeMap<usize, i64> {
        let mut brought = BTreeMap::<usize, i64>::new();
        for (key, amount) in carried.iter().flat_map(|place| &self.papers[*place].open) {
            *brought.entry(line_of(*key)).or_default() += amount;
        }
        brought.retain(|_, amount| *amount > 0);
        for line in self.lines.values_mut() {
            line.carried -= line.unallotted + line.frozen + line.available + line.committed;
            (line.unallotted, line.frozen, line.available, line.committed) = (0, 0, 0, 0);
        }
        brought
    }

    /// Papers that a test holds for.
    pub(super) fn places(&self, fits: impl Fn(&Posted) -> bool) -> Vec<usize> {
        self.papers.iter().enumerate().filter(|(_, posted)| fits(posted)).map(|(place, _)| place).collect()
    }
}

impl Paper {
    /// The larger of its two sides.
    pub(super) fn gross(&self) -> i64 {
        let debit: i64 = self.rows.iter().map(|row| row.debit).sum();
        let credit: i64 = self.rows.iter().map(|row| row.credit).sum();
        debit.max(credit)
    }
}

impl Posted {
    fn plain(paper: Paper) -> Self {
        Self {
            since: paper.day,
            paper,
            entry: Vec::new(),
            spent: Vec::new(),
            open: BTreeMap::new(),
            to_settle: 0,
            to_pay: 0,
            net: 0,
            reversed: false,
            closed: false,
        }
    }

    /// What is open of a commitment.
    pub(super) fn left(&self) -> i64 {
        self.open.values().sum()
    }
}
