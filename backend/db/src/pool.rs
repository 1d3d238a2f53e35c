//! The pools, and the two ways into the database.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{
    connection::{AnsiTransactionManager, TransactionManager},
    r2d2::{self, ManageConnection},
};
use diwan_kernel::Who;
use tokio::sync::watch;

use crate::{AnyConnection, Backend, Clock, DbError, DbUrl, OpenError, ReadTx, SystemClock, WriteTx, connection::Use};

/// How the database is opened.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// Where it is.
    pub url: DbUrl,
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    pub connections: u32,
    /// Minutes east of UTC of the government's wall clock; Jordan is 180 since 2022.
    pub utc_offset_minutes: i32,
}

impl DbConfig {
    /// The defaults for an address.
    pub fn new(url: DbUrl) -> Self {
        Self { url, connections: 8, utc_offset_minutes: 180 }
    }
}

struct Manager {
    url: DbUrl,
    purpose: Use,
}

/// A connection of the pool.
struct Pooled {
    connection: AnyConnection,
    /// When it last did what it was told; none after a failure.
    answered: Option<Instant>,
}

/// A connection that answered so short a time ago is not asked again before it is used.
const FRESH: Duration = Duration::from_secs(2);

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = OpenError;

    fn connect(&self) -> Result<Pooled, OpenError> {
        Ok(Pooled { connection: self.url.connect(self.purpose)?, answered: Some(Instant::now()) })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), OpenError> {
        use diesel::connection::SimpleConnection;
        if pooled.answered.is_none_or(|at| at.elapsed() > FRESH) {
            pooled.connection.batch_execute("SELECT 1")?;
        }
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        std::thread::panicking() || r2d2::R2D2Connection::is_broken(&mut pooled.connection)
    }
}

type Pool = diesel::r2d2::Pool<Manager>;

struct Inner {
    config: DbConfig,
    readers: Pool,
    /// SQLite has one writer; on PostgreSQL this is the readers' pool.
    writers: Pool,
    clock: Arc<dyn Clock>,
    /// Counts commits that left work behind, to wake the workers of this node.
    woken: watch::Sender<u64>,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl Db {
    /// Opens the database; no migration is run.
    ///
    /// # Errors
    /// The address is wrong or nothing answers there.
    pub fn open(config: DbConfig) -> Result<Self, OpenError> {
        Self::open_with_clock(config, Arc::new(SystemClock))
    }

    /// As [`Db::open`], with a clock of one's own (tests).
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_with_clock(config: DbConfig, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        // The first connection outside the pool tells at once what is wrong.
        drop(config.url.connect(Use::Write)?);
        let pool = |purpose, size| {
            r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(20))
                .test_on_check_out(config.url.backend() == Backend::Postgres)
                .build(Manager { url: config.url.clone(), purpose })
        };
        let (readers, writers) = match config.url.backend() {
            Backend::Sqlite => (pool(Use::Read, config.connections)?, pool(Use::Write, 1)?),
            Backend::Postgres => {
                let shared = pool(Use::Write, config.connections)?;
                (shared.clone(), shared)
            }
        };
        Ok(Self(Arc::new(Inner { config, readers, writers, clock, woken: watch::Sender::new(0) })))
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.0.config.url.backend()
    }

    /// How it was opened.
    pub fn config(&self) -> &DbConfig {
        &self.0.config
    }

    /// The clock transactions take their time from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Changes whenever a commit on this node left outbox rows or jobs behind.
    pub fn wakes(&self) -> watch::Receiver<u64> {
        self.0.woken.subscribe()
    }

    /// Runs `work` in a read transaction on a thread that may block.
    ///
    /// # Errors
    /// Those of `work`, and [`DbError`] from the database.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.blocking(move |db| db.read_now(work)).await
    }

    /// As [`Db::read`] but without a transaction: for what every request asks, where a change that comes between two
    /// statements does no harm.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn glance<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.blocking(move |db| db.glance_now(work)).await
    }

    /// Runs `work` in a write transaction on a thread that may block. `op` names the operation in the trail,
    /// `module.entity.verb`. Everything is rolled back when `work` fails or wrote no audit entry.
    ///
    /// # Errors
    /// Those of `work`, and [`DbError`] from the database.
    pub async fn write<T, E, F>(&self, who: Who, op: &'static str, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.blocking(move |db| db.write_now(who, op, work)).await
    }

    /// Makes any call that blocks ([`Db::upkeep`], [`Db::lease_jobs`], [`Db::outbox_after`] …) on a thread that may.
    ///
    /// # Errors
    /// Those of `call`, and [`DbError::Thread`] when it panics.
    pub async fn blocking<T, E, F>(&self, call: F) -> Result<T, E>
    where
        F: FnOnce(&Db) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let db = self.clone();
        tokio::task::spawn_blocking(move || call(&db)).await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
    }

    /// [`Db::read`] on this thread: for commands, jobs and tests.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_now<T, E: From<DbError>>(&self, work: impl FnOnce(&mut ReadTx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut pooled = self.0.readers.get().map_err(DbError::from)?;
        let (now, offset) = self.now();
        // On both databases a read sees one moment, however many statements it takes, and cannot write.
        let begin = match self.backend() {
            Backend::Sqlite => "BEGIN",
            Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        transact(&mut pooled, begin, |connection| work(&mut ReadTx::new(connection, now, offset)))
    }

    /// [`Db::glance`] on this thread: for what is looked at again and again.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn glance_now<T, E: From<DbError>>(&self, work: impl FnOnce(&mut ReadTx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut pooled = self.0.readers.get().map_err(DbError::from)?;
        let (now, offset) = self.now();
        pooled.answered = None;
        let value = work(&mut ReadTx::new(&mut pooled.connection, now, offset))?;
        pooled.answered = Some(Instant::now());
        Ok(value)
    }

    /// [`Db::write`] on this thread: for commands, jobs and tests.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_now<T, E: From<DbError>>(
        &self,
        who: Who,
        op: &'static str,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run_write(who, op, true, work)
    }

    /// A write of Diwan's own machinery that changes no official data (leases, sessions' last use, drafts):
    /// the only kind that needs no audit entry.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn upkeep<T, E: From<DbError>>(
        &self,
        op: &'static str,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run_write(Who::system(), op, false, work)
    }

    /// [`Db::upkeep`] on a blocking thread, without waiting: what is lost when it fails is worth a log line only.
    pub fn upkeep_later<F>(&self, op: &'static str, work: F)
    where
        F: FnOnce(&mut WriteTx<'_>) -> Result<(), DbError> + Send + 'static,
    {
        let db = self.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = db.upkeep(op, work) {
                tracing::warn!(%error, op, "Upkeep failed");
            }
        });
    }

    fn run_write<T, E: From<DbError>>(
        &self,
        who: Who,
        op: &'static str,
        must_audit: bool,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut pooled = self.0.writers.get().map_err(DbError::from)?;
        // The time is taken when the turn has come: entries of one chain then carry rising times.
        let (now, offset) = self.now();
        let begin = if self.backend() == Backend::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let (value, left_work) = transact(&mut pooled, begin, |connection| {
            let mut tx = WriteTx::new(ReadTx::new(connection, now, offset), who, op);
            let value = work(&mut tx)?;
            if must_audit && !tx.is_audited() {
                return Err(DbError::NotAudited(op).into());
            }
            tx.leave_messages()?;
            tx.leave_jobs()?;
            Ok::<_, E>((value, tx.left_work()))
        })?;
        if left_work {
            self.0.woken.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(value)
    }

    /// The time, UTC, and how far the government's wall clock is ahead of it.
    fn now(&self) -> (chrono::NaiveDateTime, chrono::Duration) {
        (self.0.clock.now(), chrono::Duration::minutes(i64::from(self.0.config.utc_offset_minutes)))
    }
}

/// Begins with the given words, which Diesel's own `transaction` cannot, and commits or rolls back.
fn transact<T, E: From<DbError>>(
    pooled: &mut Pooled,
    begin: &str,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    let query = |error: diesel::result::Error| E::from(DbError::Query(error));
    pooled.answered = None;
    let connection = &mut pooled.connection;
    crate::each_backend!(connection, c => AnsiTransactionManager::begin_transaction_sql(c, begin)).map_err(query)?;
    match work(connection) {
        Ok(value) => {
            crate::each_backend!(connection, c => AnsiTransactionManager::commit_transaction(c)).map_err(query)?;
            pooled.answered = Some(Instant::now());
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to tell; a connection whose rollback fails is dropped by the pool.
            if let Err(rollback) =
                crate::each_backend!(connection, c => AnsiTransactionManager::rollback_transaction(c))
            {
                tracing::warn!(%rollback, "Rollback failed");
            }
            Err(error)
        }
    }
}
