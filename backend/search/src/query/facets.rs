//! Counting by agency, kind, month, secrecy and class, in the same pass as the hits.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::index::EPOCH_DAYS;
use crate::index::fields::{AGENCY, CLASS, DAY, KIND, SECRECY};

/// Most values given for one facet, the most frequent first.
const MAX_VALUES: usize = 200;

/// How many entries carry one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count<T> {
    /// The value.
    pub value: T,
    /// Number of entries.
    pub count: usize,
}

/// Counts of all entries that match, most frequent value first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By agency.
    pub agencies: Vec<Count<u64>>,
    /// By kind code.
    pub kinds: Vec<Count<String>>,
    /// By secrecy level.
    pub secrecy: Vec<Count<u64>>,
    /// By month, `2023-07`, latest first and complete.
    pub months: Vec<Count<String>>,
    /// By class path, ancestors counted with what is below them.
    pub classes: Vec<Count<String>>,
}

/// Counts of one segment or of several.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) total: usize,
    agencies: HashMap<u64, usize>,
    kinds: HashMap<String, usize>,
    secrecy: HashMap<u64, usize>,
    days: HashMap<i64, usize>,
    classes: HashMap<String, usize>,
}

impl Tally {
    /// How many there are, and nothing about them.
    pub(crate) fn of(total: usize) -> Self {
        Self { total, ..Self::default() }
    }

    pub(crate) fn facets(self) -> Facets {
        let mut months: BTreeMap<(i32, u32), usize> = BTreeMap::new();
        for (day, count) in self.days {
            let date = i32::try_from(day + EPOCH_DAYS).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
            if let Some(date) = date {
                *months.entry((date.year(), date.month())).or_default() += count;
            }
        }
        let month = |((year, month), count)| Count { value: format!("{year:04}-{month:02}"), count };
        Facets {
            agencies: ranked(self.agencies),
            kinds: ranked(self.kinds),
            secrecy: ranked(self.secrecy),
            months: months.into_iter().rev().map(month).collect(),
            classes: ranked(self.classes),
        }
    }
}

fn ranked<T: Ord>(counts: HashMap<T, usize>) -> Vec<Count<T>> {
    let mut ranked: Vec<_> = counts.into_iter().map(|(value, count)| Count { value, count }).collect();
    ranked.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    ranked.truncate(MAX_VALUES);
    ranked
}

/// Counts everything that matches.
pub(crate) struct Tallying;

impl Collector for Tallying {
    type Fruit = Tally;
    type Child = SegmentTally;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentTally> {
        let fast = segment.fast_fields();
        Ok(SegmentTally {
            total: 0,
            agency: Numbers::new(fast.u64(AGENCY)?),
            secrecy: Numbers::new(fast.u64(SECRECY)?),
            day: Numbers::new(fast.i64(DAY)?),
            kind: Strings::new(fast.str(KIND)?),
            class: Strings::new(fast.str(CLASS)?),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Tally>) -> tantivy::Result<Tally> {
        let mut all = Tally::default();
        for part in fruits {
            all.total += part.total;
            merge(&mut all.agencies, part.agencies);
            merge(&mut all.kinds, part.kinds);
            merge(&mut all.secrecy, part.secrecy);
            merge(&mut all.days, part.days);
            merge(&mut all.classes, part.classes);
        }
        Ok(all)
    }
}

fn merge<T: std::hash::Hash + Eq>(all: &mut HashMap<T, usize>, part: HashMap<T, usize>) {
    for (value, count) in part {
        *all.entry(value).or_default() += count;
    }
}

/// Counts in one segment.
pub(crate) struct SegmentTally {
    total: usize,
    agency: Numbers<u64>,
    secrecy: Numbers<u64>,
    day: Numbers<i64>,
    kind: Strings,
    class: Strings,
}

impl SegmentCollector for SegmentTally {
    type Fruit = Tally;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total += 1;
        self.agency.add(doc);
        self.secrecy.add(doc);
        self.day.add(doc);
        self.kind.add(doc);
        self.class.add(doc);
    }

    fn harvest(self) -> Tally {
        Tally {
            total: self.total,
            agencies: self.agency.counts(),
            kinds: self.kind.named(),
            secrecy: self.secrecy.counts(),
            days: self.day.counts(),
            classes: self.class.named(),
        }
    }
}

/// Counts numbers: those of a narrow range by their place in it, others one by one.
struct Numbers<T: PartialOrd + 'static> {
    column: Column<T>,
    first: T,
    narrow: Vec<usize>,
    wide: HashMap<T, usize>,
}

/// Widest range of numbers that is counted by place.
const NARROW: usize = 1 << 17;

impl<T: Number> Numbers<T> {
    fn new(column: Column<T>) -> Self {
        let first = column.min_value();
        let width = column.max_value().after(first).map(|last| last + 1).filter(|width| *width <= NARROW);
        Self { column, first, narrow: vec![0; width.unwrap_or_default()], wide: HashMap::new() }
    }

    fn add(&mut self, doc: DocId) {
        let Some(value) = self.column.first(doc) else { return };
        match value.after(self.first).and_then(|place| self.narrow.get_mut(place)) {
            Some(count) => *count += 1,
            None => *self.wide.entry(value).or_default() += 1,
        }
    }

    fn counts(self) -> HashMap<T, usize> {
        let mut counts = self.wide;
        for (place, count) in self.narrow.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            *counts.entry(self.first.plus(place)).or_default() += count;
        }
        counts
    }
}

/// A number of a column.
trait Number: PartialOrd + Copy + std::hash::Hash + Eq + std::fmt::Debug + Send + Sync + 'static {
    /// How far it is behind `first`; none where it is before it.
    fn after(self, first: Self) -> Option<usize>;
    /// The number so far behind it.
    fn plus(self, place: usize) -> Self;
}

impl Number for u64 {
    fn after(self, first: Self) -> Option<usize> {
        self.checked_sub(first)?.try_into().ok()
    }

    fn plus(self, place: usize) -> Self {
        self + place as u64
    }
}

impl Number for i64 {
    fn after(self, first: Self) -> Option<usize> {
        self.checked_sub(first)?.try_into().ok()
    }

    fn plus(self, place: usize) -> Self {
        self + place as i64
    }
}

/// Counts by number of the value in the segment's dictionary; the values themselves are looked up at the end.
struct Strings {
    column: Option<StrColumn>,
    counts: Vec<usize>,
}

impl Strings {
    fn new(column: Option<StrColumn>) -> Self {
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Self { column, counts: vec![0; values] }
    }

    fn add(&mut self, doc: DocId) {
        let Some(column) = &self.column else { return };
        for value in column.term_ords(doc) {
            if let Some(count) = usize::try_from(value).ok().and_then(|value| self.counts.get_mut(value)) {
                *count += 1;
            }
        }
    }

    fn named(self) -> HashMap<String, usize> {
        let Some(column) = self.column else { return HashMap::new() };
        let mut named = HashMap::new();
        for (value, count) in (0_u64..).zip(self.counts).filter(|(_, count)| *count > 0) {
            let mut name = String::new();
            if column.ord_to_str(value, &mut name).unwrap_or_default() {
                named.insert(name, count);
            }
        }
        named
    }
}
