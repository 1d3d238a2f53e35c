//! One real PostgreSQL for all test processes of a user.
//!
//! It lives in `<temp>/diwan-test-<uid>/pg`, listens on a socket there and nowhere else, and runs as an unprivileged
//! user even when the tests run as root. Life and death go by one lock file: every test process holds it shared, whoever
//! starts or stops the server holds it alone. A watchdog stops the server and empties the folder once nobody has held the
//! lock for a minute, so nothing is left behind, not even by a test that was killed.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, dsl::sql, sql_types::BigInt};

use crate::fault::{Fault, at, base, uid};

/// Durability is of no use to a database that lives for one test.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses= \
    -c max_connections=300 -c shared_buffers=128MB -c autovacuum=off -c log_min_messages=warning";

/// Stops the server when no test process has used it for a minute. Arguments: lock file, data folder, pg_ctl.
const WATCHDOG: &str = r#"
cd /
while sleep 15; do
    [ -f "$2/postmaster.pid" ] || exit 0
    [ -z "$(find "$1" -mmin -1)" ] || continue
    flock --nonblock --exclusive "$1" sh -c '"$2" stop -D "$1" -m immediate -s; find "$1" -mindepth 1 -delete' sh "$2" "$3" && exit 0
done
"#;

/// The address of the maintenance database of the test server; starts the server where none runs.
///
/// # Errors
/// PostgreSQL is not installed or does not start; the message says what to do.
pub fn url() -> Result<&'static str, &'static Fault> {
    static SHARED: OnceLock<Result<(String, Option<File>), Fault>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| match std::env::var("DIWAN_TEST_PG_URL") {
        Ok(url) => check(&url).map(|()| (url, None)),
        Err(_) => Server::at(base()?)?.join().map(|(url, lock)| (url, Some(lock))),
    });
    shared.as_ref().map(|(url, _lock)| url.as_str())
}

/// The address of another database on the same server.
pub fn url_of(server: &str, database: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, String::new()), |(a, q)| (a, format!("?{q}")));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/{database}{query}")
}

/// The same address for a role whose password is its name.
pub(crate) fn url_as(url: &str, role: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{role}:{role}@{place}")
}

/// A PostgreSQL of one's own that keeps what it was told, with its own default settings: for measuring. It stops, and its
/// data go, with this value.
pub struct Durable(Server);

impl Durable {
    /// A new server in `folder`, which must not be there yet and whose parents everybody may enter.
    ///
    /// # Errors
    /// PostgreSQL is not installed or does not start.
    pub fn start(folder: PathBuf) -> Result<Self, Fault> {
        let owner = if uid()? == 0 { Some(unprivileged()?) } else { None };
        let server = Server { lock: folder.with_extension("lock"), folder, bin: programs()?, owner };
        server.start("-c listen_addresses=")?;
        Ok(Self(server))
    }

    /// The address of its maintenance database.
    pub fn url(&self) -> String {
        self.0.url()
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        let stopped =
            self.0.command("pg_ctl").args(["stop", "-m", "immediate", "-s", "-D"]).arg(&self.0.folder).status();
        let gone = stopped.and_then(|_| fs::remove_dir_all(&self.0.folder));
        // What lock files are named after is the folder; this one only held messages.
        let _no_messages = fs::remove_file(self.0.lock.with_extension("err"));
        if let Err(error) = gone {
            eprintln!("{} stays behind: {error}", self.0.folder.display());
        }
    }
}

struct Server {
    lock: PathBuf,
    folder: PathBuf,
    bin: PathBuf,
    /// Whom the server runs as, where that is not this process's user.
    owner: Option<(u32, u32)>,
}

impl Server {
    fn at(base: PathBuf) -> Result<Self, Fault> {
        let owner = if uid()? == 0 { Some(unprivileged()?) } else { None };
        Ok(Self { lock: base.join("pg.lock"), folder: base.join("pg"), bin: programs()?, owner })
    }

    fn url(&self) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}/postgres")
    }

    /// Holds the lock for as long as the file lives, over a server that runs.
    fn join(&self) -> Result<(String, File), Fault> {
        for _ in 0..3 {
            let mut lock =
                OpenOptions::new().create(true).append(true).open(&self.lock).map_err(at(self.lock.display()))?;
            lock.lock_shared().map_err(at("lock"))?;
            // A write moves the file's time on, which is what the watchdog looks at.
            lock.set_len(0).and_then(|()| lock.write_all(b"in use\n")).map_err(at(self.lock.display()))?;
            if check(&self.url()).is_ok() {
                return Ok((self.url(), lock));
            }
            lock.unlock().map_err(at("unlock"))?;
            lock.lock().map_err(at("lock"))?;
            if check(&self.url()).is_err() {
                self.start(SETTINGS)?;
                self.watch()?;
            }
        }
        check(&self.url())?;
        Err(Fault("the PostgreSQL test server keeps going away".to_owned()))
    }

    fn start(&self, settings: &str) -> Result<(), Fault> {
        let log = self.folder.join("log");
        if self.folder.join("postmaster.pid").exists() {
            // It runs but does not answer, or it was killed: either way its data are worth nothing.
            self.command("pg_ctl")
                .args(["stop", "-m", "immediate", "-s", "-D"])
                .arg(&self.folder)
                .status()
                .map_err(at("pg_ctl"))?;
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(at(self.folder.display()))?;
        }
        fs::create_dir(&self.folder).map_err(at(self.folder.display()))?;
        if let Some((user, group)) = self.owner {
            chown(&self.folder, Some(user), Some(group)).map_err(at(self.folder.display()))?;
        }
        self.run(
            self.command("initdb")
                .args([
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync",
                    "--no-instructions",
                    "-D",
                ])
                .arg(&self.folder),
        )?;
        self.run(
            self.command("pg_ctl")
                .args(["start", "-w", "-s", "-t", "60", "-o"])
                .arg(format!("{settings} -c unix_socket_directories={}", self.folder.display()))
                .arg("-l")
                .arg(&log)
                .arg("-D")
                .arg(&self.folder),
        )?;
        check(&self.url())
    }

    fn watch(&self) -> Result<(), Fault> {
        let mut watchdog = Command::new("sh");
        watchdog.arg("-c").arg(WATCHDOG).arg("sh").arg(&self.lock).arg(&self.folder).arg(self.bin.join("pg_ctl"));
        self.prepared(&mut watchdog).process_group(0).spawn().map_err(at("the watchdog of the test server"))?;
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        self.prepared(&mut command);
        command
    }

    /// As the server's user, away from folders it may not enter, and without this process's streams: a server that
    /// keeps them open makes the test runner wait for it.
    fn prepared<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
    }

    fn run(&self, command: &mut Command) -> Result<(), Fault> {
        let errors = self.lock.with_extension("err");
        let file = File::create(&errors).map_err(at(errors.display()))?;
        let status = command.stderr(file).status().map_err(at(format!("{command:?}")))?;
        if status.success() {
            return Ok(());
        }
        let said = fs::read_to_string(&errors).unwrap_or_default();
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(Fault(format!("PostgreSQL for tests does not start: {command:?} ended with {status}\n{said}\n{log}")))
    }
}

/// Whether the server answers and sorts Arabic as Diwan needs.
fn check(url: &str) -> Result<(), Fault> {
    let mut connection = PgConnection::establish(url).map_err(at("the PostgreSQL test server does not answer"))?;
    connection
        .batch_execute("SELECT 'ا' < 'ب' COLLATE \"ar-x-icu\"")
        .map_err(at("PostgreSQL without ICU collations"))?;
    let major = diesel::select(sql::<BigInt>("current_setting('server_version_num')::bigint / 10000"))
        .get_result::<i64>(&mut connection)
        .map_err(at("the version of PostgreSQL"))?;
    if major < 15 {
        return Err(Fault(format!("PostgreSQL {major} is too old: Diwan needs 15 or newer")));
    }
    Ok(())
}

/// The newest `/usr/lib/postgresql/<major>/bin`, or what is on the path.
fn programs() -> Result<PathBuf, Fault> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().filter_map(|entry| {
        let major: u32 = entry.file_name().to_str()?.parse().ok()?;
        let bin = entry.path().join("bin");
        bin.join("initdb").exists().then_some((major, bin))
    });
    let on_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|bin| bin.join("initdb").exists());
    versions.max().map(|(_, bin)| bin).or_else(on_path).ok_or_else(|| {
        Fault(
            "no PostgreSQL server programs found: install the package `postgresql` (15 or newer), \
             or set DIWAN_TEST_PG_URL to a server's maintenance database"
                .to_owned(),
        )
    })
}

/// A user PostgreSQL agrees to run as: its own, or nobody.
fn unprivileged() -> Result<(u32, u32), Fault> {
    let path = Path::new("/etc/passwd");
    let passwd = fs::read_to_string(path).map_err(at(path.display()))?;
    let find = |name: &str| {
        passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|fields| match fields.as_slice() {
            [user, _, uid, gid, ..] if *user == name => Some((uid.parse().ok()?, gid.parse().ok()?)),
            _ => None,
        })
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .ok_or_else(|| Fault("PostgreSQL does not run as root, and there is no user postgres or nobody".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{url, url_of};

    #[test]
    fn the_database_is_named_in_the_address() {
        assert_eq!(url_of("postgres://u:p@h:5432/postgres", "t1"), "postgres://u:p@h:5432/t1");
        assert_eq!(url_of("postgres://u@%2Ftmp%2Fx/postgres?a=b", "t1"), "postgres://u@%2Ftmp%2Fx/t1?a=b");
        assert_eq!(url_of("postgresql://h", "t1"), "postgresql://h/t1");
    }

    #[test]
    fn the_server_is_started_once() {
        assert!(url().is_ok(), "{:?}", url());
        assert_eq!(url().ok(), url().ok());
    }
}
