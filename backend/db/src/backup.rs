//! Copies of a whole database as of one moment, and bringing one back: with SQLite's own means, or with PostgreSQL's
//! own programs.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use diesel::{
    connection::SimpleConnection,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use diwan_schema::platform::audit_seals;
use serde::{Deserialize, Serialize};

use crate::{AnyConnection, ChainHead, Db, DbError, DbUrl, OpenError, ReadTx, catalogue::Catalogue, connection::Use};

/// Bytes that are handed on at a time.
const PIECE: usize = 1 << 16;
/// What is kept of a program's complaint, in characters.
const COMPLAINT: usize = 2000;

/// What a copy has to hold again when it is brought back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// The ends of the audit chains.
    pub heads: Vec<ChainHead>,
}

impl Facts {
    /// Counts every table and notes where the chains end.
    ///
    /// # Errors
    /// The database refuses.
    pub fn read(tx: &mut ReadTx<'_>) -> Result<Self, DbError> {
        let mut rows = BTreeMap::new();
        for table in Catalogue::read(tx.conn())?.0.into_keys() {
            let count: Count = sql_query(format!("SELECT COUNT(*) AS count FROM \"{table}\"")).get_result(tx.conn())?;
            rows.insert(table, count.count);
        }
        let ends: Vec<(i64, Option<i64>)> = audit_seals::table
            .group_by(audit_seals::chain_id)
            .select((audit_seals::chain_id, diesel::dsl::max(audit_seals::seq)))
            .order(audit_seals::chain_id)
            .load(tx.conn())?;
        let mut heads = Vec::with_capacity(ends.len());
        for (chain_id, seq) in ends {
            let seq = seq.unwrap_or_default();
            let hash = audit_seals::table.find((chain_id, seq)).select(audit_seals::hash).first(tx.conn())?;
            heads.push(ChainHead { chain_id, seq, hash });
        }
        Ok(Self { rows, heads })
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Why a database was not copied or not brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A statement failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file cannot be written or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// PostgreSQL's program is not installed.
    #[error("{0} was not found on the path nor in /usr/lib/postgresql/*/bin: install the PostgreSQL client programs")]
    NoProgram(&'static str),
    /// PostgreSQL's program failed.
    #[error("{program} failed: {complaint}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it wrote.
        complaint: String,
    },
    /// The database to bring a copy into has tables already.
    #[error("the database is not empty: it has the table {0}")]
    NotEmpty(String),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<diesel::ConnectionError> for BackupError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Open(error.into())
    }
}

impl Db {
    /// Writes a copy of the whole database to `out`, and answers what it must hold and what `read` reads of it: all as of
    /// one moment, while others go on writing. A SQLite copy lies in `scratch` meanwhile, which is a file of this call's
    /// own.
    ///
    /// # Errors
    /// [`BackupError`]; what was written until then is of no use.
    pub fn dump<T>(
        &self,
        out: &mut dyn Write,
        scratch: &Path,
        read: impl FnOnce(&mut ReadTx<'_>) -> Result<T, DbError>,
    ) -> Result<(Facts, T), BackupError> {
        match &self.config().url {
            DbUrl::Sqlite(_) => self.dump_sqlite(out, scratch, read),
            DbUrl::Postgres(url) => self.dump_postgres(url, out, read),
        }
    }

    fn dump_sqlite<T>(
        &self,
        out: &mut dyn Write,
        scratch: &Path,
        read: impl FnOnce(&mut ReadTx<'_>) -> Result<T, DbError>,
    ) -> Result<(Facts, T), BackupError> {
        forget(scratch)?;
        let mut source = self.config().url.connect(Use::Write)?;
        sql_query("VACUUM INTO ?").bind::<Text, _>(scratch.to_string_lossy().into_owned()).execute(&mut source)?;
        drop(source);
        // What is asked of the copy itself is as old as the copy.
        let mut copy = AnyConnection::Sqlite(SqliteConnection::establish(&scratch.to_string_lossy())?);
        let now = self.clock().now();
        let offset = chrono::Duration::minutes(i64::from(self.config().utc_offset_minutes));
        let mut tx = ReadTx::new(&mut copy, now, offset);
        let known = (Facts::read(&mut tx)?, read(&mut tx)?);
        drop(copy);
        let written = File::open(scratch).and_then(|mut file| io::copy(&mut file, out));
        forget(scratch)?;
        written?;
        Ok(known)
    }

    fn dump_postgres<T>(
        &self,
        url: &str,
        out: &mut dyn Write,
        read: impl FnOnce(&mut ReadTx<'_>) -> Result<T, DbError>,
    ) -> Result<(Facts, T), BackupError> {
        self.read_now(|tx| {
            // The snapshot is good as long as this transaction is open; as it writes nothing, no follower waits for it.
            tx.conn()
                .batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")?;
            let snapshot: Snapshot =
                sql_query("SELECT pg_export_snapshot() AS name").get_result(tx.conn()).map_err(DbError::from)?;
            let mut dump = program("pg_dump", url)?;
            dump.args(["--format=custom", "--no-owner", "--no-privileges"]);
            dump.arg(format!("--snapshot={}", snapshot.name)).stdout(Stdio::piped());
            run("pg_dump", dump, |child| {
                let mut from = child.stdout.take().ok_or_else(|| io::Error::other("pg_dump has no output"))?;
                hand_on(&mut from, out)
            })?;
            Ok((Facts::read(tx)?, read(tx)?))
        })
    }
}

#[derive(QueryableByName)]
struct Snapshot {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Refuses a database that has tables already; a SQLite file must not be there at all.
///
/// # Errors
/// [`BackupError::NotEmpty`], or it cannot be opened.
pub fn refuse_used(target: &DbUrl) -> Result<(), BackupError> {
    let used = match target {
        DbUrl::Sqlite(file) => file.exists().then(|| file.display().to_string()),
        DbUrl::Postgres(_) => Catalogue::read(&mut target.connect(Use::Write)?)?.0.into_keys().next(),
    };
    used.map_or(Ok(()), |table| Err(BackupError::NotEmpty(table)))
}

/// Brings a copy that [`Db::dump`] wrote into an empty database; `file` is used up.
///
/// # Errors
/// [`BackupError`]; a PostgreSQL database is then empty as before.
pub fn bring_back(file: &Path, target: &DbUrl) -> Result<(), BackupError> {
    refuse_used(target)?;
    match target {
        DbUrl::Sqlite(place) => {
            if fs::rename(file, place).is_err() {
                fs::copy(file, place)?;
                fs::remove_file(file)?;
            }
            File::open(place)?.sync_all()?;
        }
        DbUrl::Postgres(url) => {
            let mut restore = program("pg_restore", url)?;
            restore.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]);
            restore.arg(file).stdout(Stdio::null());
            run("pg_restore", restore, |_| Ok(()))?;
            // Transaction numbers start anew there: what waited for followers would not be read.
            target.connect(Use::Write)?.batch_execute("UPDATE outbox SET xid = 0; ANALYZE")?;
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// What a database that nobody uses holds.
///
/// # Errors
/// It cannot be opened or read.
pub fn facts_of(target: &DbUrl) -> Result<Facts, BackupError> {
    let mut connection = target.connect(Use::Write)?;
    let facts =
        Facts::read(&mut ReadTx::new(&mut connection, chrono::NaiveDateTime::default(), chrono::Duration::zero()))?;
    // On SQLite the last connection takes its side files away.
    drop(connection);
    Ok(facts)
}

/// A PostgreSQL database of this value's own on the server of another one; it goes with the value.
#[derive(Debug)]
pub struct ScratchDatabase {
    server: DbUrl,
    name: String,
    /// Its address.
    pub url: DbUrl,
}

impl ScratchDatabase {
    /// Makes an empty one; one of that name that was left behind is dropped first.
    ///
    /// # Errors
    /// The server refuses: the role may not make databases.
    pub fn beside(server: &str, name: &str) -> Result<Self, BackupError> {
        let url = DbUrl::Postgres(with_database(server, name));
        let scratch = Self { server: DbUrl::Postgres(server.to_owned()), name: name.to_owned(), url };
        scratch.execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))?;
        scratch.execute(&format!("CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))?;
        Ok(scratch)
    }

    fn execute(&self, statement: &str) -> Result<(), BackupError> {
        Ok(self.server.connect(Use::Write)?.batch_execute(statement)?)
    }
}

impl Drop for ScratchDatabase {
    fn drop(&mut self) {
        if let Err(error) = self.execute(&format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name)) {
            tracing::warn!(%error, name = self.name, "A scratch database stays behind");
        }
    }
}

/// The address of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, None), |(left, right)| (left, Some(right)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let bare = address.get(start..).and_then(|rest| rest.find('/')).map_or(address.len(), |at| start + at);
    let bare = address.get(..bare).unwrap_or(address);
    options.map_or_else(|| format!("{bare}/{name}"), |options| format!("{bare}/{name}?{options}"))
}

/// One of PostgreSQL's programs, told where the database is. The password goes by the environment, where other users of
/// the machine cannot read it.
fn program(name: &'static str, url: &str) -> Result<Command, BackupError> {
    let on_path = std::env::var_os("PATH")
        .and_then(|path| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin").join(name)))
        })
        .filter(|(_, file)| file.is_file())
        .max();
    // The newest one can speak to older servers; what is first on the path may be older than the server.
    let file: PathBuf = newest.map(|(_, file)| file).or(on_path).ok_or(BackupError::NoProgram(name))?;
    let mut command = Command::new(file);
    let (bare, password) = without_password(url);
    command.arg("--dbname").arg(bare).stdin(Stdio::null()).stderr(Stdio::piped());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The address without its password, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let split = || {
        let (scheme, rest) = url.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (user, password) = user.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}"), decoded(password)))
    };
    split().map_or_else(|| (url.to_owned(), None), |(bare, password)| (bare, Some(password)))
}

/// Percent-encoding taken back.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let coded = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match coded.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs a program to its end; what it complains of is read beside, so that it never waits to be heard.
fn run(
    name: &'static str,
    mut command: Command,
    work: impl FnOnce(&mut std::process::Child) -> io::Result<()>,
) -> Result<(), BackupError> {
    let mut child = command.spawn()?;
    let mut complaints = child.stderr.take();
    let listening = std::thread::spawn(move || {
        let mut text = Vec::new();
        // What cannot be read is not told.
        let _heard = complaints.as_mut().map(|from| from.read_to_end(&mut text));
        String::from_utf8_lossy(&text).trim().chars().take(COMPLAINT).collect::<String>()
    });
    let worked = work(&mut child);
    if worked.is_err() {
        // It may have ended by itself already.
        let _ended = child.kill();
    }
    let status = child.wait()?;
    let complaint = listening.join().unwrap_or_default();
    worked?;
    if status.success() { Ok(()) } else { Err(BackupError::Program { program: name, complaint }) }
}

fn hand_on(from: &mut impl Read, out: &mut dyn Write) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(()),
            n => out.write_all(piece.get(..n).unwrap_or_default())?,
        }
    }
}

fn forget(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_stays_off_the_command_line() {
        let (bare, password) =
            without_password("postgres://diwan:p%40ss%3Aword@db.internal:5432/diwan?sslmode=require");
        assert_eq!(bare, "postgres://diwan@db.internal:5432/diwan?sslmode=require");
        assert_eq!(password.as_deref(), Some("p@ss:word"));
        assert_eq!(without_password("postgres://diwan@h/d"), ("postgres://diwan@h/d".to_owned(), None));
        assert_eq!(without_password("postgres:///d?host=/tmp").1, None);
    }

    #[test]
    fn another_database_of_the_server_is_named() {
        assert_eq!(with_database("postgres://u@h:1/diwan?x=/a", "drill"), "postgres://u@h:1/drill?x=/a");
        assert_eq!(with_database("postgres://h", "drill"), "postgres://h/drill");
        assert_eq!(with_database("postgres:///d?host=/tmp/x", "drill"), "postgres:///drill?host=/tmp/x");
    }
}
