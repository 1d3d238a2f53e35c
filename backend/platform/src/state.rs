//! What operations run on: the database and the settings. No state that another node would need.

use std::sync::Arc;

use chrono::Duration;
use diwan_db::Db;

/// Limits and time-outs, all of them documented settings of the server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// A session without requests ends after this time.
    pub session_idle: Duration,
    /// A session ends after this time in any case.
    pub session_absolute: Duration,
    /// Wrong passwords before an account waits.
    pub login_attempts: i32,
    /// The largest upload in bytes.
    pub upload_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session_idle: Duration::minutes(30),
            session_absolute: Duration::hours(12),
            login_attempts: 5,
            upload_bytes: 64 << 20,
        }
    }
}

/// What operations run on. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The database.
    pub db: Db,
    /// Limits and time-outs.
    pub limits: Arc<Limits>,
}
