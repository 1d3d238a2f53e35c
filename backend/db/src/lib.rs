//! One database layer over SQLite and PostgreSQL: connections, transactions, migrations, portable helpers.
//!
//! Modules see [`Db::read`] and [`Db::write`] only. A write is one transaction that has to append its audit entry
//! and puts follow-up work (outbox rows, jobs) into the same transaction; mail, index and prints happen after commit.

mod audit;
pub mod backup;
pub mod catalogue;
mod clock;
mod connection;
mod copy;
mod error;
mod grant;
mod jobs;
mod migrate;
mod outbox;
mod pool;
mod portable;
mod seal;
mod tx;
mod verify;

pub use audit::{Audit, digest};
pub use clock::{Clock, FixedClock, SystemClock};
pub use connection::{AnyConnection, Backend, DbUrl};
pub use copy::{CopyError, CopyReport, copy_db};
pub use error::{DbError, OpenError, Violation};
pub use grant::{Grant, GrantError};
pub use jobs::{AfterFailure, LeasedJob, NewJob};
pub use migrate::{MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, MigrationState, MigrationStatus, SCHEMA_DIGEST};
pub use outbox::{OutboxPosition, OutboxRow};
pub use pool::{Db, DbConfig};
pub use portable::{Keep, Kept, arabic_order, id_list, lower, sum_i64};
pub use tx::{ReadTx, WriteTx};
pub use verify::{Break, ChainFault, ChainHead, LateEntries, VerifyReport};
