//! Bringing the schema up to date, and back.

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    backend::Backend as DieselBackend,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    migration::{Migration, MigrationSource},
    sql_query,
    sql_types::Text,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{AnyConnection, Db, OpenError, connection::Use};

/// The migrations of PostgreSQL; the names are those of SQLite's.
pub const MIGRATIONS_POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// The migrations of SQLite.
pub const MIGRATIONS_SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
/// Names the set of migrations in this build: two builds with the same name make the same schema.
pub const SCHEMA_DIGEST: &str = env!("DIWAN_SCHEMA_DIGEST");

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// `<timestamp>_<module>_<what>`; of an unknown one only the timestamp.
    pub name: String,
    /// Whether the database has it.
    pub state: MigrationState,
}

/// Whether a database has a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// It was run.
    Applied,
    /// It is still to be run.
    Pending,
    /// It was run by a newer version of Diwan, which alone can undo it.
    Unknown,
}

/// What to do with the schema. Each answers with the names of the migrations it touched.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    Up,
    Down(usize),
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Db {
    /// All migrations, the oldest first.
    ///
    /// # Errors
    /// Nothing answers at the address.
    pub fn migrations(&self) -> Result<Vec<MigrationStatus>, OpenError> {
        match self.config().url.connect(Use::Write)? {
            AnyConnection::Postgres(mut c) => {
                alone(&mut c)?;
                status(&mut c, &MIGRATIONS_POSTGRES)
            }
            AnyConnection::Sqlite(mut c) => status(&mut c, &MIGRATIONS_SQLITE),
        }
        .map_err(failed)
    }

    /// Runs the migrations that are missing and returns their names. Nodes that start together wait for each other.
    ///
    /// # Errors
    /// A migration fails and is rolled back; on SQLite so are those run with it. [`OpenError::Newer`]: the database was
    /// made by a newer version.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> {
        let unknown = self.migrations()?.into_iter().find(|migration| migration.state == MigrationState::Unknown);
        match unknown {
            Some(migration) => Err(OpenError::Newer(migration.name)),
            None => step(self.config().url.connect(Use::Write)?, Step::Up),
        }
    }

    /// Undoes the last `count` migrations, with the data their tables hold, and returns their names.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub fn migrate_down(&self, count: usize) -> Result<Vec<String>, OpenError> {
        step(self.config().url.connect(Use::Write)?, Step::Down(count))
    }
}

/// Waits until no other node reads or runs migrations, and keeps others out until the connection ends. Also to read: on
/// an empty database the first look makes the table that remembers what was run, and two that make it at once collide.
fn alone(c: &mut PgConnection) -> QueryResult<()> {
    // Any number will do as the lock's name, as long as it stays the same.
    c.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(1279)")
}

fn step(connection: AnyConnection, step: Step) -> Result<Vec<String>, OpenError> {
    match connection {
        AnyConnection::Postgres(mut c) => {
            alone(&mut c)?;
            take(&mut c, &MIGRATIONS_POSTGRES, step).map_err(failed)
        }
        AnyConnection::Sqlite(mut c) => {
            // Tables are rebuilt to change them; what refers to them is checked at the end instead.
            c.batch_execute("PRAGMA foreign_keys = OFF")?;
            AnsiTransactionManager::begin_transaction_sql(&mut c, "BEGIN IMMEDIATE")?;
            let taken = take(&mut c, &MIGRATIONS_SQLITE, step).and_then(|names| {
                let orphans: Vec<Orphan> =
                    sql_query("SELECT \"table\" AS name FROM pragma_foreign_key_check").load(&mut c)?;
                match orphans.first() {
                    None => Ok(names),
                    Some(orphan) => Err(format!("rows of {} refer to rows that do not exist", orphan.name).into()),
                }
            });
            if taken.is_ok() {
                AnsiTransactionManager::commit_transaction(&mut c)?;
            }
            taken.map_err(failed)
        }
    }
}

#[derive(QueryableByName)]
struct Orphan {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Takes the step on a connection, in whatever transaction is open there.
pub(crate) fn take<DB: DieselBackend>(
    connection: &mut impl MigrationHarness<DB>,
    source: &impl MigrationSource<DB>,
    step: Step,
) -> Result<Vec<String>, Failure> {
    let known = sorted(source)?;
    let applied = connection.applied_migrations()?;
    let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
    let mut touched = Vec::new();
    match step {
        Step::Up => {
            for migration in known.iter().filter(|migration| !applied.contains(&version(migration.as_ref()))) {
                connection.run_migration(migration)?;
                touched.push(migration.name().to_string());
            }
        }
        Step::Down(count) => {
            for last in applied.iter().take(count) {
                let Some(migration) = known.iter().find(|migration| version(migration.as_ref()) == *last) else {
                    return Err(format!("{last} was run by a newer version of Diwan, which alone can undo it").into());
                };
                connection.revert_migration(migration)?;
                touched.push(migration.name().to_string());
            }
        }
    }
    Ok(touched)
}

pub(crate) fn status<DB: DieselBackend>(
    connection: &mut impl MigrationHarness<DB>,
    source: &impl MigrationSource<DB>,
) -> Result<Vec<MigrationStatus>, Failure> {
    let applied = connection.applied_migrations()?;
    let mut applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
    let mut all = Vec::new();
    for migration in sorted(source)? {
        let place = applied.iter().position(|version_run| *version_run == version(migration.as_ref()));
        let state = place.map_or(MigrationState::Pending, |at| {
            applied.swap_remove(at);
            MigrationState::Applied
        });
        all.push(MigrationStatus { name: migration.name().to_string(), state });
    }
    applied.sort();
    all.extend(applied.into_iter().map(|name| MigrationStatus { name, state: MigrationState::Unknown }));
    Ok(all)
}

fn sorted<DB: DieselBackend>(source: &impl MigrationSource<DB>) -> Result<Vec<Box<dyn Migration<DB>>>, Failure> {
    let mut migrations = source.migrations()?;
    migrations.sort_by_key(|migration| version(migration.as_ref()));
    Ok(migrations)
}

fn version<DB: DieselBackend>(migration: &dyn Migration<DB>) -> String {
    migration.name().version().to_string()
}

pub(crate) fn failed(error: Failure) -> OpenError {
    OpenError::Migration(error.to_string())
}
