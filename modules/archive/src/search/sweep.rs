//! The nightly sweeper: compares every record of the database with its entry in the index, and mends what differs. The index
//! follows the outbox, so there should be nothing to mend; what there is was done behind its back.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta, Timelike};
use diwan_archive_api::SweepStatus;
use diwan_db::Db;
use diwan_platform::Outcome;
use diwan_search::{Index, Indexer};

use super::{Sources, build::next_ids, entries, failed};

/// Records compared at once.
const BATCH: i64 = 500;
/// The hours of the night, on the government's clock, in which it begins.
const NIGHT: std::ops::Range<u32> = 1..5;
/// It does not begin again sooner than this after it began.
const APART: TimeDelta = TimeDelta::hours(20);
/// A node that is never up at night sweeps by day after this time.
const LATEST: TimeDelta = TimeDelta::hours(48);

/// Whether it is time. `last` is when it began the last time, or this node started. Times are the government's.
pub(super) fn is_due(now: NaiveDateTime, last: NaiveDateTime, ever: bool) -> bool {
    let since = now - last;
    since > LATEST || (NIGHT.contains(&now.hour()) && (since > APART || !ever))
}

/// A sweep under way.
pub(super) struct Sweep {
    /// The last record compared.
    last: i64,
    done: bool,
    /// Records whose entry differs: they are looked at again once everything that was committed before is in the index.
    suspects: Vec<i64>,
    report: SweepStatus,
}

impl Sweep {
    pub(super) fn new(now: NaiveDateTime) -> Self {
        let report = SweepStatus { at: now, ..SweepStatus::default() };
        Self { last: 0, done: false, suspects: Vec::new(), report }
    }

    /// Records compared so far.
    pub(super) fn compared(&self) -> u64 {
        self.report.compared
    }

    /// Whether all have been compared, so that only the suspects are left.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// Compares the next batch.
    pub(super) fn compare(&mut self, db: &Db, sources: &Sources, index: &Index) -> Outcome<()> {
        let ids = next_ids(db, self.last, BATCH)?;
        let first = unsigned(self.last).saturating_add(u64::from(self.last > 0));
        let until = ids.last().map_or(u64::MAX, |last| unsigned(*last));
        let differ = differ(db, sources, index, &ids, first..=until)?;
        self.report.compared += ids.len() as u64;
        self.suspects.extend(differ.into_iter().map(|(id, _)| id));
        match ids.last() {
            Some(last) => self.last = *last,
            None => self.done = true,
        }
        Ok(())
    }

    /// Mends what still differs; the index has to be committed afterwards.
    pub(super) fn mend(self, db: &Db, sources: &Sources, index: &Index, indexer: &mut Indexer) -> Outcome<SweepStatus> {
        let mut report = self.report;
        for id in self.suspects {
            for (id, how) in differ(db, sources, index, &[id], unsigned(id)..=unsigned(id))? {
                match how {
                    Differs::Missing => report.missing += 1,
                    Differs::Changed => report.changed += 1,
                    Differs::Gone => report.gone += 1,
                }
                indexer.delete([unsigned(id)]);
                indexer.upsert(entries::load(db, sources, &[id])?).map_err(failed)?;
            }
        }
        Ok(report)
    }
}

/// How an entry differs from its record.
#[derive(Clone, Copy)]
enum Differs {
    /// There is no entry.
    Missing,
    /// It says something else, or it is there twice.
    Changed,
    /// There is no record.
    Gone,
}

fn differ(
    db: &Db,
    sources: &Sources,
    index: &Index,
    ids: &[i64],
    range: std::ops::RangeInclusive<u64>,
) -> Outcome<Vec<(i64, Differs)>> {
    let mut held: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (id, stamp) in index.stamps(range).map_err(failed)? {
        held.entry(id).or_default().push(stamp);
    }
    let mut differ = Vec::new();
    for entry in entries::load(db, sources, ids)? {
        let how = match held.remove(&entry.id).as_deref() {
            None => Differs::Missing,
            Some([stamp]) if *stamp == entry.stamp() => continue,
            Some(_) => Differs::Changed,
        };
        differ.push((i64::try_from(entry.id).unwrap_or_default(), how));
    }
    // What the index holds and the database does not. A record that cannot be read has its old entry taken away too: nobody
    // could tell whether it may still be seen.
    let gone = held.into_keys().filter_map(|id| i64::try_from(id).ok());
    differ.extend(gone.map(|id| (id, Differs::Gone)));
    Ok(differ)
}

fn unsigned(id: i64) -> u64 {
    u64::try_from(id).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn once_a_night_or_every_other_day() {
        let at = |day, hour| NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, 10, 0).unwrap();
        assert!(is_due(at(2, 2), at(1, 2), true));
        assert!(!is_due(at(2, 3), at(2, 2), true));
        assert!(!is_due(at(2, 14), at(1, 2), true));
        assert!(is_due(at(3, 14), at(1, 2), true));
        assert!(is_due(at(2, 2), at(1, 22), false), "a node that never swept does so in its first night");
        assert!(!is_due(at(2, 14), at(2, 13), false));
    }
}
