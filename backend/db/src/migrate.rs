//! Bringing the schema up to date, and back.

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    backend::Backend as DieselBackend,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    migration::{Migration, MigrationSource},
    pg::Pg,
    sql_query,
    sql_types::{Bool, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{AnyConnection, Db, OpenError, connection::Use};

/// The migrations of PostgreSQL; the names are those of SQLite's.
pub const MIGRATIONS_POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// The migrations of SQLite.
pub const MIGRATIONS_SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
/// Names the set of migrations in this build: two builds with the same name make the same schema.
pub const SCHEMA_DIGEST: &str = env!("DIWAN_SCHEMA_DIGEST");

/// Where Diesel notes what was run.
pub(crate) const MIGRATIONS_TABLE: &str = "__diesel_schema_migrations";

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
    /// Nothing answers at the address. [`OpenError::NotGranted`]: the role may not even look.
    pub fn migrations(&self) -> Result<Vec<MigrationStatus>, OpenError> {
        match self.config().url.connect(Use::Write)? {
            AnyConnection::Postgres(mut c) => {
                alone(&mut c)?;
                let applied = applied(&mut c)?;
                compare::<Pg>(&MIGRATIONS_POSTGRES, applied)
            }
            AnyConnection::Sqlite(mut c) => status(&mut c, &MIGRATIONS_SQLITE),
        }
        .map_err(failed)
    }

    /// Runs the migrations that are missing and returns their names. Nodes that start together wait for each other.
    ///
    /// # Errors
    /// A migration fails and is rolled back; on SQLite so are those run with it. [`OpenError::Newer`]: the database was
    /// made by a newer version. [`OpenError::NotOwner`]: something is missing, and this role only serves.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> {
        let all = self.migrations()?;
        let first = |state: MigrationState| all.iter().find(|one| one.state == state).map(|one| one.name.clone());
        if let Some(name) = first(MigrationState::Unknown) {
            return Err(OpenError::Newer(name));
        }
        // Where nothing is missing nothing is tried: a role that owns nothing serves all the same.
        let Some(missing) = first(MigrationState::Pending) else { return Ok(Vec::new()) };
        let mut connection = self.config().url.connect(Use::Write)?;
        if let AnyConnection::Postgres(c) = &mut connection {
            let standing = Standing::of(c)?;
            if !standing.owner {
                return Err(OpenError::NotOwner { role: standing.role, missing });
            }
        }
        step(connection, Step::Up)
    }

    /// Undoes the last `count` migrations, with the data their tables hold, and returns their names.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub fn migrate_down(&self, count: usize) -> Result<Vec<String>, OpenError> {
        step(self.config().url.connect(Use::Write)?, Step::Down(count))
    }
}

/// Waits until no other node reads or runs migrations, and keeps others out until the connection ends. Also to read: who
/// looks while another runs them sees all of it or nothing.
pub(crate) fn alone(c: &mut PgConnection) -> QueryResult<()> {
    // Any number will do as the lock's name, as long as it stays the same.
    c.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(1279)")
}

/// Who is connected, and what they may do about migrations.
#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Text)]
    role: String,
    /// Some migration was run.
    #[diesel(sql_type = Bool)]
    begun: bool,
    /// May read which.
    #[diesel(sql_type = Bool)]
    reader: bool,
    /// Owns what there is, or may begin.
    #[diesel(sql_type = Bool)]
    owner: bool,
}

const STANDING: &str = "
    SELECT current_user::text AS role, m.id IS NOT NULL AS begun,
        COALESCE(has_table_privilege(m.id, 'SELECT'), current_schema() IS NOT NULL) AS reader,
        COALESCE((SELECT pg_has_role(t.relowner, 'USAGE') FROM pg_class t WHERE t.oid = m.id),
            has_schema_privilege(current_schema()::text, 'CREATE'), FALSE) AS owner
    FROM (SELECT to_regclass($1)::oid AS id) m";

impl Standing {
    fn of(c: &mut PgConnection) -> QueryResult<Self> {
        sql_query(STANDING).bind::<Text, _>(MIGRATIONS_TABLE).get_result(c)
    }
}

/// What a PostgreSQL database has, without Diesel's way of looking: that makes its table first, which only the owner may.
fn applied(c: &mut PgConnection) -> Result<Vec<String>, OpenError> {
    let standing = Standing::of(c)?;
    if !standing.reader {
        return Err(OpenError::NotGranted(standing.role));
    }
    if !standing.begun {
        return Ok(Vec::new());
    }
    let versions: Vec<Named> =
        sql_query(format!("SELECT version::text AS name FROM {MIGRATIONS_TABLE} ORDER BY version")).load(c)?;
    Ok(versions.into_iter().map(|one| one.name).collect())
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
                let orphans: Vec<Named> =
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
struct Named {
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
    compare::<DB>(source, applied.iter().map(ToString::to_string).collect())
}

fn compare<DB: DieselBackend>(
    source: &impl MigrationSource<DB>,
    mut applied: Vec<String>,
) -> Result<Vec<MigrationStatus>, Failure> {
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
