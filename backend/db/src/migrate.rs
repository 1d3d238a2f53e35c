//! Bringing the schema up to date.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{AnyConnection, Db, OpenError, connection::Use};

/// The migrations of PostgreSQL; the names are those of SQLite's.
pub const MIGRATIONS_POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// The migrations of SQLite.
pub const MIGRATIONS_SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Names the set of migrations in this build: two builds with the same name make the same schema.
pub const SCHEMA_DIGEST: &str = env!("DIWAN_SCHEMA_DIGEST");

impl Db {
    /// Runs the migrations that are missing and returns their names. Nodes that start together wait for each other.
    ///
    /// # Errors
    /// A migration fails; it is rolled back, the ones before it stay.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| OpenError::Migration(error.to_string());
        let names = |versions: Vec<diesel::migration::MigrationVersion<'_>>| {
            versions.into_iter().map(|version| version.to_string()).collect()
        };
        match self.config().url.connect(Use::Write)? {
            AnyConnection::Postgres(mut connection) => {
                // Any number will do as the lock's name, as long as it stays the same.
                connection
                    .batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(1279)")?;
                connection.run_pending_migrations(MIGRATIONS_POSTGRES).map(names).map_err(failed)
            }
            AnyConnection::Sqlite(mut connection) => {
                connection.run_pending_migrations(MIGRATIONS_SQLITE).map(names).map_err(failed)
            }
        }
    }
}
