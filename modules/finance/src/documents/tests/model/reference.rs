//! What the budget and its papers must say after each step: plain sums, made from the steps alone.

use std::array::from_fn;

/// How many keys there are.
pub(super) const KEYS: usize = 3;

/// Amounts by key, in fils.
pub(super) type Amounts = [i64; KEYS];

/// Nothing, or the code with which a step is refused.
pub(super) type Said = Result<(), &'static str>;

/// A bucket by its place in what the product shows of a line; none is the outside.
type Bucket = Option<usize>;

const OUTSIDE: Bucket = None;
const UNALLOTTED: Bucket = Some(0);
const FROZEN: Bucket = Some(1);
const AVAILABLE: Bucket = Some(2);
const COMMITTED: Bucket = Some(4);
const OBLIGATED: Bucket = Some(5);
const PAID: Bucket = Some(6);

/// An amount of a key that goes from one bucket to another.
#[derive(Debug, Clone, Copy)]
struct Move {
    key: usize,
    from: Bucket,
    to: Bucket,
    amount: i64,
}

/// A line of the budget: its buckets, and the cash that is released of it.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    held: [i64; 7],
    released: i64,
}

#[derive(Debug)]
struct Commitment {
    given: Amounts,
    open: Amounts,
    /// What was ever drawn: all papers are of one day, and what is taken back comes back on a later one.
    ever: Amounts,
    closed: bool,
}

/// A paper that spent something and can be taken back.
#[derive(Debug)]
struct Spent {
    /// The commitment it drew on.
    source: Option<usize>,
    moves: Vec<Move>,
    reversed: bool,
}

/// The model.
#[derive(Debug, Default)]
pub(super) struct Model {
    /// Whether all keys stand on one line.
    shared: bool,
    lines: [Line; KEYS],
    spent: Amounts,
    commitments: Vec<Commitment>,
    papers: Vec<Spent>,
}

impl Line {
    fn allotted(&self) -> i64 {
        self.held[2..].iter().sum()
    }
}

impl Move {
    /// The moves that take this one back: what was given back before has to be there to be spent again.
    fn turned(self) -> Vec<Self> {
        if self.from == PAID {
            return vec![Self { from: self.to, to: OBLIGATED, ..self }, Self { from: OBLIGATED, to: PAID, ..self }];
        }
        vec![Self { from: self.to, to: self.from, ..self }]
    }
}

/// Whether money in a bucket stands in the general ledger too.
fn spends(bucket: Bucket) -> bool {
    matches!(bucket, OBLIGATED | PAID)
}

/// One move of each key.
fn each(amounts: Amounts, from: Bucket, to: Bucket) -> impl Iterator<Item = Move> {
    amounts.into_iter().enumerate().map(move |(key, amount)| Move { key, from, to, amount })
}

impl Model {
    pub(super) fn new(shared: bool) -> Self {
        Self { shared, ..Self::default() }
    }

    fn line(&self, key: usize) -> usize {
        if self.shared { 0 } else { key }
    }

    /// What is in the line of a key.
    pub(super) fn held(&self, key: usize) -> [i64; 7] {
        self.lines[self.line(key)].held
    }

    /// Cash of all lines.
    pub(super) fn released(&self) -> i64 {
        self.lines.iter().map(|line| line.released).sum()
    }

    /// What is owed and paid of a key.
    pub(super) fn spent(&self, key: usize) -> i64 {
        self.spent[key]
    }

    /// What may still be drawn of each commitment.
    pub(super) fn to_settle(&self) -> Vec<i64> {
        self.commitments.iter().map(|one| one.open.iter().sum()).collect()
    }

    /// The same by the lines of the commitments.
    pub(super) fn open(&self) -> Vec<i64> {
        let lines = self.commitments.iter().flat_map(|one| one.given.iter().zip(one.open));
        lines.filter(|(given, _)| **given > 0).map(|(_, open)| open).collect()
    }

    /// Makes the moves one after the other, if none of them takes what is not there.
    fn make(&mut self, moves: &[Move]) -> Said {
        let (mut lines, mut spent) = (self.lines, self.spent);
        for one in moves {
            let held = &mut lines[self.line(one.key)].held;
            if let Some(from) = one.from {
                held[from] -= one.amount;
                if held[from] < 0 {
                    return Err("budget_short");
                }
            }
            if let Some(to) = one.to {
                held[to] += one.amount;
            }
            spent[one.key] += one.amount * (i64::from(spends(one.to)) - i64::from(spends(one.from)));
        }
        (self.lines, self.spent) = (lines, spent);
        Ok(())
    }

    /// The same for what takes from available money: what is still allotted covers the cash that is released.
    fn covered(&mut self, moves: &[Move]) -> Said {
        let before = self.lines;
        self.make(moves)?;
        let taken = moves.iter().filter(|one| one.from == AVAILABLE && one.amount > 0);
        if taken.map(|one| self.lines[self.line(one.key)]).any(|line| line.released > line.allotted()) {
            self.lines = before;
            return Err("allotment_under_releases");
        }
        Ok(())
    }

    /// More of the budget, by the law or a supplement; less than 0 takes it down.
    pub(super) fn appropriate(&mut self, key: usize, amount: i64) -> Said {
        let (from, to) = if amount > 0 { (OUTSIDE, UNALLOTTED) } else { (UNALLOTTED, OUTSIDE) };
        self.make(&[Move { key, from, to, amount: amount.abs() }])
    }

    pub(super) fn virement(&mut self, from: usize, to: usize, amount: i64) -> Said {
        self.make(&[
            Move { key: to, from: OUTSIDE, to: UNALLOTTED, amount },
            Move { key: from, from: UNALLOTTED, to: OUTSIDE, amount },
        ])
    }

    /// An order; less than 0 takes one back.
    pub(super) fn order(&mut self, key: usize, amount: i64) -> Said {
        let (from, to) = if amount > 0 { (UNALLOTTED, AVAILABLE) } else { (AVAILABLE, UNALLOTTED) };
        self.covered(&[Move { key, from, to, amount: amount.abs() }])
    }

    /// A freeze: first what has no order, then what is available; less than 0 frees.
    pub(super) fn freeze(&mut self, key: usize, amount: i64) -> Said {
        if amount < 0 {
            return self.make(&[Move { key, from: FROZEN, to: UNALLOTTED, amount: -amount }]);
        }
        let first = amount.min(self.held(key)[0]);
        self.covered(&[
            Move { key, from: UNALLOTTED, to: FROZEN, amount: first },
            Move { key, from: AVAILABLE, to: FROZEN, amount: amount - first },
        ])
    }

    /// Cash for a line; less than 0 takes it back.
    pub(super) fn release(&mut self, key: usize, amount: i64) -> Said {
        let at = self.line(key);
        let line = &mut self.lines[at];
        let after = line.released + amount;
        if after < 0 || after > line.allotted() {
            return Err("release_over_allotment");
        }
        line.released = after;
        Ok(())
    }

    pub(super) fn commit(&mut self, amounts: Amounts) -> Said {
        let moves: Vec<Move> = each(amounts, AVAILABLE, COMMITTED).collect();
        self.make(&moves)?;
        self.commitments.push(Commitment { given: amounts, open: amounts, ever: Amounts::default(), closed: false });
        Ok(())
    }

    /// A voucher: committed money first where it draws on a commitment; paid at once where all is deducted.
    pub(super) fn voucher(&mut self, amounts: Amounts, source: Option<usize>, at_once: bool) -> Said {
        let mut drawn = Amounts::default();
        if let Some(place) = source {
            let commitment = &self.commitments[place];
            if (0..KEYS).all(|key| commitment.given[key] == 0 || amounts[key] == 0) {
                return Err("source_other_keys");
            }
            if commitment.closed {
                return Err("source_closed");
            }
            drawn = from_fn(|key| commitment.open[key].min(amounts[key]));
            let there = |key: usize| drawn[key] == 0 || drawn[key] + commitment.ever[key] <= commitment.given[key];
            if !(0..KEYS).all(there) {
                return Err("source_short_before");
            }
        }
        let rest = from_fn(|key| amounts[key] - drawn[key]);
        let paid = if at_once { amounts } else { Amounts::default() };
        let moves = each(drawn, COMMITTED, OBLIGATED).chain(each(rest, AVAILABLE, OBLIGATED));
        let moves: Vec<Move> = moves.chain(each(paid, OBLIGATED, PAID)).collect();
        self.make(&moves)?;
        if let Some(place) = source {
            let commitment = &mut self.commitments[place];
            (0..KEYS).for_each(|key| {
                commitment.open[key] -= drawn[key];
                commitment.ever[key] += drawn[key];
            });
        }
        self.papers.push(Spent { source, moves, reversed: false });
        Ok(())
    }

    /// What was booked on one key is booked on another.
    pub(super) fn correct(&mut self, wrong: usize, right: usize, amount: i64) -> Said {
        let moves = vec![
            Move { key: right, from: AVAILABLE, to: OBLIGATED, amount },
            Move { key: right, from: OBLIGATED, to: PAID, amount },
            Move { key: wrong, from: PAID, to: AVAILABLE, amount },
        ];
        self.make(&moves)?;
        self.papers.push(Spent { source: None, moves, reversed: false });
        Ok(())
    }

    /// Takes a paper back: a commitment that is still open has its money again, that of a closed one is available.
    pub(super) fn reverse(&mut self, place: usize, other_year: bool) -> Said {
        let paper = &self.papers[place];
        if paper.reversed {
            return Err("reverse in reversed");
        }
        if other_year {
            return Err("reversal_other_year");
        }
        let source = paper.source;
        let closed = source.is_some_and(|source| self.commitments[source].closed);
        let mut moves: Vec<Move> = paper.moves.iter().rev().flat_map(|one| one.turned()).collect();
        let drawn: Vec<Move> = paper.moves.iter().filter(|one| one.from == COMMITTED).copied().collect();
        if closed {
            moves.extend(drawn.iter().map(|one| Move { to: AVAILABLE, ..*one }));
        }
        self.make(&moves)?;
        self.papers[place].reversed = true;
        if let Some(source) = source.filter(|_| !closed) {
            let open = &mut self.commitments[source].open;
            drawn.iter().for_each(|one| open[one.key] += one.amount);
        }
        Ok(())
    }

    /// What is open of a commitment is available again.
    pub(super) fn close(&mut self, place: usize) -> Said {
        if self.commitments[place].closed {
            return Err("close in closed");
        }
        let moves: Vec<Move> = each(self.commitments[place].open, COMMITTED, AVAILABLE).collect();
        self.make(&moves)?;
        let commitment = &mut self.commitments[place];
        (commitment.open, commitment.closed) = (Amounts::default(), true);
        Ok(())
    }
}
