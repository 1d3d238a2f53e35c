//! The two sides that are matched, alike to each other, and what is known of them so far.

use chrono::NaiveDate;

use super::{Explanation, Match, Proposal, Unmatched};

/// A line or an entry as it is compared.
pub(super) struct Item {
    pub id: i64,
    pub date: NaiveDate,
    pub amount: i64,
    /// The other side, folded.
    pub party: Option<String>,
    pub free: bool,
    /// Why it is left open, as far as is known.
    pub why: Option<Unmatched>,
}

/// Makes an item; what moves nothing is never matched.
pub(super) fn item(id: i64, date: NaiveDate, amount: i64, party: &Option<String>) -> Item {
    let words = |party: &String| {
        let folded = diwan_kernel::text::fold(party);
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let party = party.as_ref().map(words).filter(|party| !party.is_empty());
    Item { id, date, amount, party, free: amount != 0, why: (amount == 0).then_some(Unmatched::Zero) }
}

impl Item {
    /// Whether it may be part of a sum: what has equals on the other side is not given away for one.
    pub fn open(&self) -> bool {
        self.free && self.why.is_none_or(|why| !matches!(why, Unmatched::EqualAmounts { .. }))
    }

    /// Says why it is left open, unless something stronger was said.
    pub fn left(&mut self, why: Unmatched) {
        self.why.get_or_insert(why);
    }
}

/// Items by date and id.
pub(super) struct Side(pub Vec<Item>);

impl Side {
    pub fn new(items: impl Iterator<Item = Item>) -> Self {
        Self(items.collect())
    }

    /// The places of items, in their order.
    pub fn places(&self, wanted: impl Fn(&Item) -> bool) -> Vec<usize> {
        self.0.iter().enumerate().filter(|(_, item)| wanted(item)).map(|(place, _)| place).collect()
    }

    /// The sum of some; `None` beyond what an amount can be.
    pub fn sum(&self, places: &[usize]) -> Option<i64> {
        places.iter().try_fold(0_i64, |sum, place| sum.checked_add(self.0.get(*place)?.amount))
    }

    pub fn date(&self, place: usize) -> Option<NaiveDate> {
        self.0.get(place).map(|item| item.date)
    }

    fn take(&mut self, places: &[usize]) -> Vec<i64> {
        let mut ids = Vec::with_capacity(places.len());
        for place in places {
            if let Some(item) = self.0.get_mut(*place) {
                item.free = false;
                ids.push(item.id);
            }
        }
        ids
    }

    fn left_open(&self) -> Vec<(i64, Unmatched)> {
        let open = self.0.iter().filter(|item| item.free || item.amount == 0);
        let mut open: Vec<_> = open.map(|item| (item.id, item.why.unwrap_or(Unmatched::NoCandidate))).collect();
        open.sort_by_key(|(id, _)| *id);
        open
    }
}

/// Lines and entries. Searches that work both ways name the sides by [`Which`].
pub(super) struct Sides {
    pub lines: Side,
    pub entries: Side,
    matches: Vec<(usize, Match)>,
}

/// On which side the several are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Lines,
    Entries,
}

impl Sides {
    pub fn new(lines: Side, entries: Side) -> Self {
        Self { lines, entries, matches: Vec::new() }
    }

    /// The side of the several, and that of the one.
    pub fn of(&self, several: Which) -> (&Side, &Side) {
        match several {
            Which::Lines => (&self.lines, &self.entries),
            Which::Entries => (&self.entries, &self.lines),
        }
    }

    /// The side of the one, to note why one is left open.
    pub fn one(&mut self, several: Which) -> &mut Side {
        match several {
            Which::Lines => &mut self.entries,
            Which::Entries => &mut self.lines,
        }
    }

    /// Notes a match of items that are free.
    pub fn join(&mut self, lines: &[usize], entries: &[usize], why: Explanation) {
        let first = lines.first().copied().unwrap_or(usize::MAX);
        let found = Match { lines: self.lines.take(lines), entries: self.entries.take(entries), why };
        self.matches.push((first, found));
    }

    /// Notes a match of several with one.
    pub fn join_sum(&mut self, several: Which, places: &[usize], one: usize, why: Explanation) {
        match several {
            Which::Lines => self.join(places, &[one], why),
            Which::Entries => self.join(&[one], places, why),
        }
    }

    pub fn proposal(mut self) -> Proposal {
        self.matches.sort_by_key(|(first, _)| *first);
        Proposal {
            matches: self.matches.into_iter().map(|(_, found)| found).collect(),
            open_lines: self.lines.left_open(),
            open_entries: self.entries.left_open(),
        }
    }
}
