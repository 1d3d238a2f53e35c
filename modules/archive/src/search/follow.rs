//! The one writer of the index: follows the outbox, and builds a new index beside the old one when it must.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use diesel::prelude::*;
use diwan_archive_api::SweepStatus;
use diwan_db::{Db, DbError, OutboxPosition, OutboxRow};
use diwan_platform::{
    Outcome, Platform, Refusal,
    records::CHANGED,
    work::{Follower, UNHURRIED},
};
use diwan_schema::platform::records;
use diwan_search::{Indexer, RebuildReason, State};

use super::{
    SearchService, Sources,
    build::Build,
    entries, failed,
    sweep::{Sweep, is_due},
};

/// While changes keep coming they are gathered no longer than this before they are committed.
const GATHER: Duration = Duration::from_millis(1800);
/// The least time between two commits: each costs some 50 ms and leaves a segment behind.
const APART: Duration = Duration::from_millis(400);
/// How long a sweep goes on before the outbox is looked at again.
const SWEEP_SLICE: Duration = Duration::from_millis(600);
/// Records read at once.
const BATCH: usize = 200;
/// Messages read at once when catching up.
const MESSAGES: i64 = 500;

/// Keeps the index in step with the database. There is one per node, and it is open as long as the node runs.
pub struct SearchIndexer {
    sources: Sources,
    service: SearchService,
    indexer: Indexer,
    /// How far the committed index is; none where it cannot be trusted.
    committed: Option<OutboxPosition>,
    /// How far it is with what is not committed yet.
    followed: OutboxPosition,
    /// Since when something waits to be committed.
    waiting: Option<Instant>,
    last_commit: Option<Instant>,
    build: Option<Build>,
    sweep: Option<Sweep>,
    failed_before: bool,
}

impl SearchIndexer {
    pub(super) fn new(sources: Sources, service: SearchService, indexer: Indexer, state: State) -> Self {
        let (committed, reason) = match state {
            State::Ready { payload } => (payload.as_deref().and_then(|text| text.parse().ok()), "position"),
            State::NeedsRebuild(RebuildReason::Missing) => (None, "missing"),
            State::NeedsRebuild(RebuildReason::Outdated) => (None, "outdated"),
            State::NeedsRebuild(RebuildReason::Unfinished) => (None, "unfinished"),
            State::NeedsRebuild(RebuildReason::Corrupt { detail }) => {
                tracing::warn!(detail, "The search index is damaged");
                (None, "corrupt")
            }
        };
        if committed.is_none() {
            service.progress().built_because = Some(reason.to_owned());
        }
        Self {
            sources,
            service,
            indexer,
            committed,
            followed: OutboxPosition::default(),
            waiting: None,
            last_commit: None,
            build: None,
            sweep: None,
            failed_before: false,
        }
    }

    /// Makes a new index of everything at once; answers how many records it holds.
    ///
    /// # Errors
    /// The database or the index fails; the old index stays in force.
    pub fn rebuild_now(&mut self, platform: &Platform) -> Outcome<u64> {
        self.service.want_rebuild();
        self.catch_up(platform)?;
        Ok(self.service.index.len())
    }

    /// Waits until a new index is in few pieces on disk, which makes searches faster: for a process that ends soon.
    ///
    /// # Errors
    /// The index fails; it can be searched as before.
    pub fn wait_for_merge(&mut self) -> Outcome<()> {
        self.indexer.wait_for_merge().map_err(failed)
    }

    /// Takes over everything that is committed now, and ends a build that is under way: for commands and tests. A running
    /// node follows by itself.
    ///
    /// # Errors
    /// The database or the index fails; nothing is lost.
    pub fn catch_up(&mut self, platform: &Platform) -> Outcome<()> {
        let mut position = self.start(platform, false)?;
        loop {
            let (rows, next) = match platform.db.outbox_after(position, MESSAGES) {
                Err(DbError::OutboxPosition) => {
                    position = self.start(platform, true)?;
                    continue;
                }
                read => read?,
            };
            if rows.is_empty() {
                break;
            }
            position = self.follow(platform, &rows, next)?;
        }
        self.commit(&platform.db)?;
        self.begin_wanted(&platform.db)?;
        self.end_build(&platform.db)
    }

    /// Compares every record with its entry now, and mends what differs: for commands and tests. A running node does so every
    /// night.
    ///
    /// # Errors
    /// The database or the index fails.
    pub fn sweep_now(&mut self, platform: &Platform) -> Outcome<SweepStatus> {
        self.catch_up(platform)?;
        self.service.want_sweep();
        self.begin_sweep(&platform.db)?;
        while self.sweep.is_some() {
            self.sweep_on(&platform.db)?;
        }
        // A damaged file leads to a new index.
        self.begin_wanted(&platform.db)?;
        self.end_build(&platform.db)?;
        Ok(self.service.progress().sweep.clone().unwrap_or_default())
    }

    fn begin(&mut self, platform: &Platform, lost: bool) -> Outcome<OutboxPosition> {
        let head = platform.db.outbox_head()?;
        // A database that was restored from a backup has not come as far as its index.
        self.committed = self.committed.filter(|position| !lost && *position <= head);
        self.waiting = None;
        self.followed = match self.committed {
            Some(position) => position,
            None => {
                self.service.want_rebuild();
                self.service.progress().built_because.get_or_insert_with(|| "lost".to_owned());
                head
            }
        };
        self.begin_wanted(&platform.db)?;
        Ok(self.followed)
    }

    /// Begins a build where one is wanted.
    fn begin_wanted(&mut self, db: &Db) -> Outcome<()> {
        if self.service.take_rebuild_wanted() {
            tracing::info!(records = count(db)?, "The search index is built anew");
            // One under way is given up: it may be what is wrong.
            self.build = None;
            let rebuild = self.indexer.rebuild().map_err(failed)?;
            self.build = Some(Build::start(db, &self.sources, rebuild)?);
            self.service.progress().built = Some(0);
        }
        Ok(())
    }

    fn take_over(&mut self, db: &Db, rows: &[OutboxRow], position: OutboxPosition) -> Outcome<OutboxPosition> {
        let changed = rows.iter().filter(|row| row.topic == CHANGED).filter_map(|row| row.record_id);
        let changed: Vec<i64> = changed.collect::<BTreeSet<_>>().into_iter().collect();
        for ids in changed.chunks(BATCH) {
            let entries = entries::load(db, &self.sources, ids)?;
            let gone =
                ids.iter().filter_map(|id| u64::try_from(*id).ok()).filter(|id| entries.iter().all(|e| e.id != *id));
            self.indexer.delete(gone.collect::<Vec<_>>());
            if let Some(build) = &mut self.build {
                build.changed(ids);
            }
            self.indexer.upsert(entries).map_err(failed)?;
            self.waiting.get_or_insert_with(Instant::now);
        }
        self.followed = position;
        if self.waiting.is_some_and(|since| since.elapsed() > GATHER) {
            self.commit(db)?;
        }
        Ok(position)
    }

    /// Commits what waits, unless the last commit was just now; ends a build whose threads are done, and sweeps for a while.
    fn settle(&mut self, db: &Db) -> Outcome<()> {
        if self.waiting.is_some() && self.last_commit.is_none_or(|last| last.elapsed() > APART) {
            self.commit(db)?;
        }
        self.begin_wanted(db)?;
        match &self.build {
            Some(build) if build.is_done() => self.end_build(db),
            Some(build) => {
                self.service.progress().built = Some(build.records());
                Ok(())
            }
            None => {
                self.begin_sweep(db)?;
                self.sweep_on(db)
            }
        }
    }

    fn commit(&mut self, db: &Db) -> Outcome<()> {
        if self.waiting.is_some() {
            self.indexer.commit(&self.followed.to_string()).map_err(failed)?;
            self.wrote(db);
        }
        Ok(())
    }

    fn wrote(&mut self, db: &Db) {
        self.waiting = None;
        self.last_commit = Some(Instant::now());
        self.committed = Some(self.followed);
        let mut progress = self.service.progress();
        progress.position = self.followed.to_string();
        progress.committed_at = Some(db.clock().now());
    }

    /// Waits for a build and puts the new index in force. Records that commit later than they are passed by come through the
    /// outbox, which was followed from before the first one was read.
    fn end_build(&mut self, db: &Db) -> Outcome<()> {
        let Some(build) = self.build.take() else { return Ok(()) };
        let built = build.finish(&mut self.indexer, &self.followed.to_string());
        self.service.progress().built = None;
        let records = built?;
        self.wrote(db);
        tracing::info!(records, "The new search index is in force");
        Ok(())
    }

    /// Begins a sweep where one is wanted or due.
    fn begin_sweep(&mut self, db: &Db) -> Outcome<()> {
        if self.sweep.is_some() {
            return Ok(());
        }
        let now = db.clock().now();
        let local = now + TimeDelta::minutes(i64::from(db.config().utc_offset_minutes));
        let due = self.service.swept_before(now).is_some_and(|(since, ever)| is_due(local, local - since, ever));
        if !self.service.take_sweep_wanted() && !due {
            return Ok(());
        }
        let damaged = self.service.index.damaged_files().map_err(failed)?;
        if damaged.is_empty() {
            self.sweep = Some(Sweep::new(now));
        } else {
            tracing::warn!(files = damaged.len(), "The search index is damaged");
            self.service.swept(SweepStatus { at: now, damaged: damaged.len() as u64, ..SweepStatus::default() });
            self.service.progress().built_because = Some("corrupt".to_owned());
            self.service.want_rebuild();
        }
        Ok(())
    }

    /// Compares for a while. What differs is mended in a later turn, when all that was committed before is in the index.
    fn sweep_on(&mut self, db: &Db) -> Outcome<()> {
        let Some(mut sweep) = self.sweep.take() else { return Ok(()) };
        let started = Instant::now();
        if sweep.is_done() {
            self.commit(db)?;
            let report = sweep.mend(db, &self.sources, &self.service.index, &mut self.indexer)?;
            self.waiting.get_or_insert_with(Instant::now);
            self.commit(db)?;
            if report.missing + report.changed + report.gone > 0 {
                tracing::warn!(report.missing, report.changed, report.gone, "The search index was mended");
            }
            self.service.swept(report);
            return Ok(());
        }
        while !sweep.is_done() && started.elapsed() < SWEEP_SLICE {
            sweep.compare(db, &self.sources, &self.service.index)?;
        }
        self.service.progress().sweeping = Some(sweep.compared());
        self.sweep = Some(sweep);
        Ok(())
    }

    /// Tells the status page how it went. A writer that has failed may be beyond use: the second time in a row a new one is
    /// made, with a new index.
    fn told<T>(&mut self, outcome: Outcome<T>) -> Outcome<T> {
        let mut progress = self.service.progress();
        progress.fault = outcome.as_ref().err().map(ToString::to_string);
        drop(progress);
        let from_index = matches!(outcome, Err(Refusal::Internal(_)));
        if std::mem::replace(&mut self.failed_before, from_index) && from_index {
            self.build = None;
            self.sweep = None;
            self.committed = None;
            self.service.progress().built = None;
        }
        outcome
    }
}

impl Follower for SearchIndexer {
    fn name(&self) -> &'static str {
        "search"
    }

    fn niceness(&self) -> i32 {
        UNHURRIED
    }

    fn start(&mut self, platform: &Platform, lost: bool) -> Outcome<OutboxPosition> {
        let outcome = self.begin(platform, lost);
        self.told(outcome)
    }

    fn follow(&mut self, platform: &Platform, rows: &[OutboxRow], position: OutboxPosition) -> Outcome<OutboxPosition> {
        let outcome = self.take_over(&platform.db, rows, position);
        self.told(outcome)
    }

    fn rest(&mut self, platform: &Platform) -> Outcome<()> {
        let outcome = self.settle(&platform.db);
        self.told(outcome)
    }
}

/// The records of the database.
pub(super) fn count(db: &Db) -> Result<i64, DbError> {
    db.read_now(|tx| Ok(records::table.count().get_result(tx.conn())?))
}
