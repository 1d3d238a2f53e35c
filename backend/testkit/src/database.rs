//! A fresh, migrated database for one test.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{Connection, PgConnection, connection::SimpleConnection};
use diwan_db::{Backend, Db, DbConfig, DbUrl, FixedClock};
use tempfile::TempDir;

use crate::{
    fault::{Fault, at},
    server, template,
};

/// Runs the test body on SQLite and then on PostgreSQL, each with a database of its own.
///
/// # Panics
/// The body panics on either; standard error names the database.
pub fn both(test: impl Fn(TestDb)) {
    let failed: Vec<_> = [Backend::Sqlite, Backend::Postgres]
        .into_iter()
        .filter_map(|backend| {
            catch_unwind(AssertUnwindSafe(|| test(TestDb::on(backend))))
                .inspect_err(|_| eprintln!("^^^ this was on {backend:?}"))
                .err()
        })
        .collect();
    if let Some(first) = failed.into_iter().next() {
        resume_unwind(first);
    }
}

/// [`both`] for a body that awaits; everything runs on this thread, so actix test services work in it.
///
/// # Panics
/// As [`both`].
pub fn both_async<F: Future<Output = ()>>(test: impl Fn(TestDb) -> F) {
    both(|db| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
        tokio::task::LocalSet::new().block_on(&runtime, test(db));
    });
}

/// One test body on one database: for what only one of the two has.
pub fn on(backend: Backend, test: impl Fn(TestDb)) {
    test(TestDb::on(backend));
}

/// A database that lives as long as this value.
pub struct TestDb {
    // Closed before the place it lives in is removed.
    db: Option<Db>,
    clock: Arc<FixedClock>,
    url: DbUrl,
    place: Place,
}

enum Place {
    Folder { _folder: TempDir },
    Server { server: &'static str, name: String, role: Option<String> },
}

impl TestDb {
    /// A migrated database of the given kind.
    ///
    /// # Panics
    /// It cannot be made; the message says what is missing.
    pub fn on(backend: Backend) -> Self {
        Self::make(backend, true).unwrap_or_else(|fault| panic!("no test database on {backend:?}: {fault}"))
    }

    /// A migrated SQLite database.
    pub fn sqlite() -> Self {
        Self::on(Backend::Sqlite)
    }

    /// A migrated PostgreSQL database.
    pub fn postgres() -> Self {
        Self::on(Backend::Postgres)
    }

    /// A database without a single table: for tests of the migrations themselves.
    ///
    /// # Panics
    /// As [`TestDb::on`].
    pub fn empty(backend: Backend) -> Self {
        Self::make(backend, false).unwrap_or_else(|fault| panic!("no test database on {backend:?}: {fault}"))
    }

    /// The database, to be cloned and passed on.
    pub fn db(&self) -> Db {
        // `db` is taken only when the value is dropped.
        self.db.clone().unwrap_or_else(|| unreachable!())
    }

    /// The clock the database goes by. It stands at [`TestDb::start`] until it is moved.
    pub fn clock(&self) -> &FixedClock {
        &self.clock
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.url.backend()
    }

    /// Its address: for a second `Db` or another process on the same data.
    pub fn url(&self) -> &DbUrl {
        &self.url
    }

    /// A second, independent set of connections with the same clock: another node.
    ///
    /// # Panics
    /// The database cannot be opened.
    pub fn another_node(&self) -> Db {
        open(&self.url, &self.clock).unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// The same database as who serves meets it: on PostgreSQL through a role that owns nothing and has what
    /// `diwan migrate --grant-to` gives it. What [`TestDb::db`] gave before goes on as the owner.
    ///
    /// # Panics
    /// The role cannot be made, or the rights not granted.
    #[must_use]
    pub fn served(mut self) -> Self {
        self.serve_by_role().unwrap_or_else(|fault| panic!("no role that serves: {fault}"));
        self
    }

    fn serve_by_role(&mut self) -> Result<(), Fault> {
        let Place::Server { server, name, role } = &mut self.place else { return Ok(()) };
        // Roles are those of all databases of the server.
        let app = format!("{name}_app");
        let mut admin = PgConnection::establish(server).map_err(at("the PostgreSQL test server"))?;
        let create = format!("CREATE ROLE {app} LOGIN PASSWORD '{app}'");
        admin.batch_execute(&create).map_err(at(create))?;
        *role = Some(app.clone());
        let url = DbUrl::Postgres(server::url_as(&server::url_of(server, name), &app));
        self.db().grant_to(&app).map_err(at("rights"))?;
        self.db = Some(open(&url, &self.clock)?);
        self.url = url;
        Ok(())
    }

    /// Sunday, 1 November 2026, 07:00 UTC: ten o'clock in Amman, the first working day of a week and a month.
    pub fn start() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, 1).and_then(|day| day.and_hms_opt(7, 0, 0)).unwrap_or_default()
    }

    fn make(backend: Backend, migrated: bool) -> Result<Self, Fault> {
        let clock = Arc::new(FixedClock::at(Self::start()));
        let (url, place) = match backend {
            Backend::Sqlite => sqlite(migrated)?,
            Backend::Postgres => postgres(migrated)?,
        };
        let db = open(&url, &clock)?;
        Ok(Self { db: Some(db), clock, url, place })
    }
}

fn open(url: &DbUrl, clock: &Arc<FixedClock>) -> Result<Db, Fault> {
    let config = DbConfig { connections: 6, ..DbConfig::new(url.clone()) };
    Db::open_with_clock(config, Arc::clone(clock) as _).map_err(at("the test database"))
}

fn sqlite(migrated: bool) -> Result<(DbUrl, Place), Fault> {
    let folder = tempfile::Builder::new().prefix("diwan-db-").tempdir().map_err(at("temporary folder"))?;
    let file = folder.path().join("diwan.db");
    if migrated {
        std::fs::copy(template::sqlite()?, &file).map_err(at(file.display()))?;
    }
    Ok((DbUrl::Sqlite(file), Place::Folder { _folder: folder }))
}

fn postgres(migrated: bool) -> Result<(DbUrl, Place), Fault> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let server = server::url().map_err(|fault| Fault(fault.to_string()))?;
    let template = if migrated { template::postgres(server)? } else { "template0".to_owned() };
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    let name = format!("t_{}_{nanos}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::establish(server).map_err(at("the PostgreSQL test server"))?;
    let create = format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C'");
    admin.batch_execute(&create).map_err(at(create))?;
    Ok((DbUrl::Postgres(server::url_of(server, &name)), Place::Server { server, name, role: None }))
}

impl Drop for TestDb {
    fn drop(&mut self) {
        drop(self.db.take());
        let Place::Server { server, name, role } = &self.place else { return };
        // What stays is removed with the server. The rights of the role go with the database, and nothing holds it then.
        let Ok(mut admin) = PgConnection::establish(server) else { return };
        let database = std::iter::once(format!("DROP DATABASE {name} WITH (FORCE)"));
        for statement in database.chain(role.iter().map(|role| format!("DROP ROLE {role}"))) {
            if let Err(error) = admin.batch_execute(&statement) {
                eprintln!("{name} stays behind: {statement}: {error}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::{RunQueryDsl, dsl::sql, sql_types::BigInt};
    use diwan_db::{Backend, Clock, DbError};

    use super::{TestDb, both, both_async};

    #[test]
    fn a_database_is_migrated_and_its_own() {
        both(|test| {
            let count = |db: &diwan_db::Db| {
                db.read_now(|tx| {
                    Ok::<i64, DbError>(
                        diesel::select(sql::<BigInt>("(SELECT COUNT(*) FROM agencies)")).get_result(tx.conn())?,
                    )
                })
            };
            assert_eq!(count(&test.db()).ok(), Some(0));
            assert_eq!(count(&test.another_node()).ok(), Some(0));
            assert_eq!(test.clock().now(), TestDb::start());
        });
    }

    #[test]
    fn a_body_may_await() {
        both_async(|test| async move {
            let one = test
                .db()
                .read(|tx| {
                    Ok::<i64, DbError>(diesel::select(sql::<BigInt>("CAST(1 AS BIGINT)")).get_result(tx.conn())?)
                })
                .await;
            assert_eq!(one.ok(), Some(1));
        });
    }

    #[test]
    fn a_failure_on_either_database_fails() {
        for bad in [Backend::Sqlite, Backend::Postgres] {
            let outcome = std::panic::catch_unwind(|| both(|test| assert_ne!(test.backend(), bad)));
            assert!(outcome.is_err(), "{bad:?}");
        }
    }
}
