//! What can go wrong below the operations.

use diesel::result::{DatabaseErrorKind, Error};

/// The database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address has neither of the two forms.
    #[error("the database address must be sqlite:PATH or postgres://USER@HOST/NAME")]
    Url,
    /// The server refused, or the file cannot be opened.
    #[error("cannot connect to the database: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// The folder of the SQLite file cannot be made.
    #[error("cannot make the folder of the database: {0}")]
    Folder(#[from] std::io::Error),
    /// A set-up statement failed.
    #[error("cannot set up the connection: {0}")]
    SetUp(#[from] diesel::result::Error),
    /// The Arabic collation data are missing from the build.
    #[error("the Arabic collation is missing")]
    Collation,
    /// The pool could not be filled.
    #[error("cannot fill the connection pool: {0}")]
    Pool(#[from] diesel::r2d2::PoolError),
    /// The database was made by a newer version of Diwan.
    #[error("the database has migration {0}, which this version does not know: use the newer version")]
    Newer(String),
    /// The role serves only, and a migration is missing.
    #[error(
        "the database lacks migration {missing}, and role {role} does not own it: run `diwan migrate --grant-to {role}` \
         with the address of its owner first"
    )]
    NotOwner {
        /// Who is connected.
        role: String,
        /// The first migration that is missing.
        missing: String,
    },
    /// The role may not read what was migrated: nothing was granted to it.
    #[error(
        "role {0} has no rights in the database: run `diwan migrate --grant-to {0}` with the address of its owner first"
    )]
    NotGranted(String),
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
}

/// A transaction failed for a reason that is not the user's.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A statement failed.
    #[error(transparent)]
    Query(#[from] diesel::result::Error),
    /// No connection was free in time.
    #[error("no database connection: {0}")]
    Pool(#[from] diesel::r2d2::PoolError),
    /// An operation wrote without saying so in the trail; its transaction was rolled back.
    #[error("operation {0} wrote no audit entry")]
    NotAudited(&'static str),
    /// The blocking thread was lost.
    #[error("the database thread was lost")]
    Thread,
    /// The job's lease ran out; another worker may have taken it over.
    #[error("the lease of job {0} is over")]
    LeaseLost(i64),
    /// The payload of a job of this kind is longer than 64 KiB.
    #[error("the payload of a {0} job is too long")]
    JobTooLarge(&'static str),
    /// The position of a follower is no position, or comes from another database.
    #[error("the outbox position does not belong to this database: rebuild what follows it")]
    OutboxPosition,
    /// A value could not be written as JSON.
    #[error("cannot encode: {0}")]
    Encode(#[from] serde_json::Error),
}

/// A rule of the schema that a statement broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// A value that has to be the only one is there already: somebody else was first.
    Unique,
    /// A CHECK does not hold.
    Check,
    /// A row that is referred to does not exist, or one that is to go is still referred to.
    ForeignKey,
    /// A value is missing.
    NotNull,
    /// The row is evidence and stays as it was written.
    Immutable,
    /// What is posted does not hold: unbalanced, in a closed period, on an account that does not take it, without budget.
    Ledger,
}

/// What the databases say of those who wait for each other (40P01 of PostgreSQL), and of who has waited long enough (55P03, and
/// SQLITE_BUSY).
const BUSY: [&str; 3] = ["deadlock detected", "canceling statement due to lock timeout", "database is locked"];

impl DbError {
    /// The rule of the schema that was broken, where that is what went wrong.
    pub fn violation(&self) -> Option<Violation> {
        let Self::Query(Error::DatabaseError(kind, information)) = self else { return None };
        match kind {
            DatabaseErrorKind::UniqueViolation => Some(Violation::Unique),
            DatabaseErrorKind::CheckViolation => Some(Violation::Check),
            DatabaseErrorKind::ForeignKeyViolation => Some(Violation::ForeignKey),
            DatabaseErrorKind::NotNullViolation => Some(Violation::NotNull),
            // What the triggers of both dialects say.
            _ if information.message().starts_with("immutable: ") => Some(Violation::Immutable),
            _ if information.message().starts_with("ledger: ") => Some(Violation::Ledger),
            _ => None,
        }
    }

    /// Whether a unique rule was broken: somebody else was first.
    pub fn is_unique_violation(&self) -> bool {
        self.violation() == Some(Violation::Unique)
    }

    /// Whether others were in the way and all of it is undone: the same may well succeed a moment later.
    pub fn is_busy(&self) -> bool {
        let Self::Query(Error::DatabaseError(kind, information)) = self else { return false };
        // Diesel knows a code of its own for the first only.
        matches!(kind, DatabaseErrorKind::SerializationFailure) || BUSY.contains(&information.message())
    }

    /// Whether a period was closed or sealed, or a year ended, after it was looked at and before this was posted to it.
    pub fn is_too_late(&self) -> bool {
        let Self::Query(Error::DatabaseError(_, information)) = self else { return false };
        matches!(information.message(), "ledger: period" | "ledger: sealed" | "ledger: year")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_in_the_way_and_who_came_too_late_are_told_apart() {
        let said = |kind, message: &str| {
            let error = DbError::from(Error::DatabaseError(kind, Box::new(message.to_owned())));
            (error.is_busy(), error.is_too_late())
        };
        use DatabaseErrorKind::{SerializationFailure, Unknown};
        assert_eq!(said(SerializationFailure, "could not serialize access"), (true, false));
        for message in BUSY {
            assert_eq!(said(Unknown, message), (true, false), "{message}");
        }
        for message in ["ledger: period", "ledger: sealed", "ledger: year"] {
            assert_eq!(said(Unknown, message), (false, true), "{message}");
        }
        for message in ["ledger: year end", "ledger: unbalanced", "immutable: entries"] {
            assert_eq!(said(Unknown, message), (false, false), "{message}");
        }
    }
}
