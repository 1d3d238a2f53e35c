//! The connection enum and how each variant is opened.

use std::{fmt, path::PathBuf, str::FromStr};

use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;

use crate::OpenError;

/// A connection to either database. What the enum cannot do (upsert, batch insert) goes through [`crate::each_backend!`].
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Expands one body for each backend: for what the enum itself cannot do (upsert, batch insert, row locks).
#[macro_export]
macro_rules! each_backend {
    ($connection:expr, $c:ident => $body:expr) => {
        match $connection {
            $crate::AnyConnection::Postgres($c) => $body,
            $crate::AnyConnection::Sqlite($c) => $body,
        }
    };
}

/// Which database is behind a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

impl AnyConnection {
    /// Which database this is.
    pub fn backend_kind(&self) -> Backend {
        match self {
            Self::Postgres(_) => Backend::Postgres,
            Self::Sqlite(_) => Backend::Sqlite,
        }
    }
}

/// Where the database is: `sqlite:/path/to/file` or `postgres://user@host/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL address.
    Postgres(String),
}

impl FromStr for DbUrl {
    type Err = OpenError;

    fn from_str(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite:") {
            Some(path) if !path.trim_start_matches('/').is_empty() => {
                Ok(Self::Sqlite(path.strip_prefix("//").unwrap_or(path).into()))
            }
            _ => Err(OpenError::Url),
        }
    }
}

impl fmt::Display for DbUrl {
    /// Without the password: this goes to logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, host))) => write!(f, "{scheme}://…@{host}"),
                _ => f.write_str("postgres://…"),
            },
        }
    }
}

/// What a connection will be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

impl DbUrl {
    /// Which database this names.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// Opens a connection of the variant that the scheme names, so that its own error is the one that is seen.
    pub(crate) fn connect(&self, purpose: Use) -> Result<AnyConnection, OpenError> {
        match self {
            Self::Postgres(url) => {
                let mut connection = PgConnection::establish(url)?;
                // A transaction that hangs would hold back every follower of the outbox.
                connection.batch_execute(
                    "SET TIME ZONE 'UTC'; SET statement_timeout = '60s'; SET lock_timeout = '20s';
                     SET idle_in_transaction_session_timeout = '60s'",
                )?;
                Ok(AnyConnection::Postgres(connection))
            }
            Self::Sqlite(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                // An acknowledged write survives power loss: FULL. Readers never write. What replaces a row deletes it, and the
                // triggers of deleting hear of that only if triggers may call themselves.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
                     PRAGMA recursive_triggers = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
                     PRAGMA cache_size = -16000;",
                )?;
                if purpose == Use::Read {
                    connection.batch_execute("PRAGMA query_only = ON;")?;
                }
                register_arabic(&mut connection)?;
                Ok(AnyConnection::Sqlite(connection))
            }
        }
    }
}

/// Gives SQLite the collation `ARABIC`, which sorts as PostgreSQL's `ar-x-icu` does.
fn register_arabic(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let collator: CollatorBorrowed<'static> =
        Collator::try_new(locale!("ar").into(), CollatorOptions::default()).map_err(|_| OpenError::Collation)?;
    // Diesel hands the two sides over swapped.
    connection.register_collation("ARABIC", move |right, left| collator.compare(left, right))?;
    Ok(())
}
