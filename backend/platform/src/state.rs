//! What operations run on: the database and the settings. No state that another node would need.

use std::sync::Arc;

use chrono::Duration;
use diwan_db::Db;

use crate::{
    Rights,
    files::BlobStore,
    people::{LoginRate, Passwords},
    records::views::ViewLog,
    secrets::Secrets,
};

/// Limits and time-outs, all of them documented settings of the server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// A session without requests ends after this time.
    pub session_idle: Duration,
    /// A session ends after this time in any case.
    pub session_absolute: Duration,
    /// Wrong passwords or codes before a name waits: 30 s, then twice as long each time, at most an hour.
    pub login_attempts: i32,
    /// Sign-ins that one address may try in a minute.
    pub logins_per_minute: u32,
    /// Memory that hashing a password takes, in KiB (Argon2id).
    pub password_memory_kib: u32,
    /// Passes over that memory.
    pub password_passes: u32,
    /// Whether cookies are for HTTPS only; on unless Diwan is reached by plain HTTP.
    pub secure_cookies: bool,
    /// The largest upload in bytes.
    pub upload_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session_idle: Duration::minutes(30),
            session_absolute: Duration::hours(12),
            login_attempts: 5,
            logins_per_minute: 30,
            // OWASP's first recommendation for Argon2id with one lane.
            password_memory_kib: 19 * 1024,
            password_passes: 2,
            secure_cookies: true,
            upload_bytes: 64 << 20,
        }
    }
}

/// What operations run on. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The database.
    pub db: Db,
    /// Where files are kept.
    pub blobs: BlobStore,
    /// Limits and time-outs.
    pub limits: Arc<Limits>,
    /// The master key of the installation.
    pub secrets: Secrets,
    /// Hashing of passwords.
    pub passwords: Passwords,
    /// Sign-ins per address.
    pub login_rate: LoginRate,
    /// The rights of those who are signed in.
    pub rights: Rights,
    /// Who saw what, until it is written.
    pub views: ViewLog,
}

impl Platform {
    /// A platform over an open database and a file store.
    pub fn new(db: Db, blobs: BlobStore, limits: Limits, secrets: Secrets) -> Self {
        let passwords = Passwords::new(limits.password_memory_kib, limits.password_passes);
        let login_rate = LoginRate::new(limits.logins_per_minute);
        Self {
            db,
            blobs,
            limits: Arc::new(limits),
            secrets,
            passwords,
            login_rate,
            rights: Rights::default(),
            views: ViewLog::default(),
        }
    }
}
