//! Matching lines of statements with entries of the books (مطابقة كشف البنك مع الدفاتر). Every match says why; what can be
//! matched in more than one way is left open and says so. The same lines and entries give the same matches in whatever
//! order they come.

mod equal;
mod references;
mod side;
mod sums;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::Line;
use side::{Side, Sides};

/// A line of a statement that is to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLine {
    /// Tells lines apart; no two have the same.
    pub id: i64,
    /// When the bank booked it.
    pub date: NaiveDate,
    /// Signed minor units, positive when the account has more after it.
    pub amount: i64,
    /// References, the bank's and ours, and text in which one may stand.
    pub references: Vec<String>,
    /// The other side.
    pub party: Option<String>,
}

impl OpenLine {
    /// The line of a statement under an id.
    pub fn of(id: i64, line: &Line) -> Self {
        let parts = line.parts.iter().filter_map(|part| part.reference.clone());
        let own = line.reference.iter().chain(&line.bank_reference).cloned();
        Self {
            id,
            date: line.booking_date,
            amount: line.amount,
            references: own.chain(parts).chain([line.text.clone()]).collect(),
            party: line.counterparty.clone(),
        }
    }
}

/// An entry of the books on the account's ledger (قيد): a payment, a receipt, a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookEntry {
    /// Tells entries apart; no two have the same.
    pub id: i64,
    /// The date of the voucher.
    pub date: NaiveDate,
    /// Signed minor units, positive when the account has more after it: the bank's sign, not that of the bank's books.
    pub amount: i64,
    /// Numbers that the bank may repeat: of the voucher, the cheque, the transfer order.
    pub references: Vec<String>,
    /// The other side.
    pub party: Option<String>,
}

/// How far to look. A search takes time in proportion to the number of lines and entries, whatever these say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How many days the books and the bank may lie apart where no reference links them.
    pub days: u16,
    /// Among how many amounts a sum is looked for; where there are more, none is. At most [`Settings::CANDIDATES_MAX`].
    pub sum_candidates: usize,
    /// Of how many amounts a sum that is looked for may be. At most [`Settings::SIZE_MAX`].
    pub sum_size: usize,
}

impl Settings {
    /// The most that is taken for [`Settings::sum_candidates`]: with [`Settings::SIZE_MAX`], 6,868 sums for one line.
    pub const CANDIDATES_MAX: usize = 16;
    /// The most that is taken for [`Settings::sum_size`].
    pub const SIZE_MAX: usize = 5;
}

impl Default for Settings {
    fn default() -> Self {
        Self { days: 10, sum_candidates: 12, sum_size: 4 }
    }
}

/// Why lines and entries belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Explanation {
    /// The same amount, and the line names the entry's reference (مطابقة بالمرجع).
    Reference {
        /// The reference as it is compared: letters and digits only.
        reference: String,
    },
    /// The same amount, and no other line and no other entry has it on that day, or within the days looked at (مطابقة تامة).
    Exact {
        /// How many days the bank was later; negative when it was earlier.
        days: i64,
        /// Whether only those with the same other side were compared.
        party: bool,
    },
    /// As many lines as entries of the same amount on the same day: which goes with which makes no difference, and they
    /// are taken in their order (حركات متماثلة في اليوم نفسه).
    Twins {
        /// How many of each.
        count: usize,
        /// How many days the bank was later.
        days: i64,
        /// Whether only those with the same other side were compared.
        party: bool,
    },
    /// Several entries give one line, or several lines one entry (عدة قيود مقابل حركة واحدة).
    ManyToOne {
        /// What holds the several together.
        by: Grouping,
    },
}

/// What holds the amounts of a sum together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// References that the one names, or that name the one.
    Reference,
    /// All of one day with the other side of the one.
    PartyDay,
    /// All of one day in the same direction.
    Day,
    /// The only amounts with the other side of the one, within the days looked at, that give it.
    PartySearch,
    /// The only amounts within the days looked at that give it.
    Search,
}

/// Lines and entries that belong together. Their amounts are the same to the last unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Ids of lines, ascending by date.
    pub lines: Vec<i64>,
    /// Ids of entries, ascending by date.
    pub entries: Vec<i64>,
    /// Why.
    pub why: Explanation,
}

/// Why a line or an entry is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Unmatched {
    /// It moves nothing.
    Zero,
    /// Nothing has its amount, and no amounts give it.
    NoCandidate,
    /// Lines and entries of its amount that can be paired in several ways.
    EqualAmounts {
        /// How many lines.
        lines: usize,
        /// How many entries.
        entries: usize,
    },
    /// Several sums give its amount, or one sum that another could be as well.
    SeveralSums {
        /// How many sums.
        count: usize,
    },
    /// Too many amounts lie around it for a sum to mean anything.
    TooMany,
}

/// What is proposed, and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Matches, by their first line.
    pub matches: Vec<Match>,
    /// Lines left open, by id.
    pub open_lines: Vec<(i64, Unmatched)>,
    /// Entries left open, by id.
    pub open_entries: Vec<(i64, Unmatched)>,
}

/// The entries that a line names by a reference, whatever their amounts, by id.
pub fn named(lines: &[OpenLine], entries: &[BookEntry]) -> BTreeSet<i64> {
    let (lines, entries): (Vec<&OpenLine>, Vec<&BookEntry>) = (lines.iter().collect(), entries.iter().collect());
    let names = references::Names::find(&lines, &entries).0;
    let places = names.iter().flat_map(|name| &name.entries);
    places.filter_map(|place| entries.get(*place)).map(|entry| entry.id).collect()
}

/// Matches lines with entries. A line and an entry are each in one match at most.
pub fn propose(lines: &[OpenLine], entries: &[BookEntry], settings: &Settings) -> Proposal {
    let item =
        |id: &i64, date: &NaiveDate, amount: &i64, party: &Option<String>| side::item(*id, *date, *amount, party);
    let mut line_order: Vec<&OpenLine> = lines.iter().collect();
    line_order.sort_by_key(|line| (line.date, line.id));
    let mut entry_order: Vec<&BookEntry> = entries.iter().collect();
    entry_order.sort_by_key(|entry| (entry.date, entry.id));
    let mut sides = Sides::new(
        Side::new(line_order.iter().map(|line| item(&line.id, &line.date, &line.amount, &line.party))),
        Side::new(entry_order.iter().map(|entry| item(&entry.id, &entry.date, &entry.amount, &entry.party))),
    );
    let names = references::Names::find(&line_order, &entry_order);
    // From the strongest evidence to the weakest: what a reference links is not given away for a date.
    references::pair(&mut sides, &names, settings);
    sums::by_reference(&mut sides, &names);
    equal::pair(&mut sides, settings, true);
    equal::pair(&mut sides, settings, false);
    sums::by_day(&mut sides, settings, true);
    sums::by_day(&mut sides, settings, false);
    sums::by_search(&mut sides, settings, true);
    sums::by_search(&mut sides, settings, false);
    sides.proposal()
}

#[cfg(test)]
mod tests;
