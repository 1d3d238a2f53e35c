//! The server that is measured, and the databases it is measured on.

use std::{
    cell::Cell,
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};
use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use diwan_db::{Backend, DbUrl};
use diwan_testkit::server::{Durable, url_of};

use crate::{http::Http, sql::Raw};

/// What all measurements share.
pub struct Setting<'a> {
    /// The release binary.
    pub binary: &'a Path,
    /// Where databases and logs go.
    pub folder: &'a Path,
    postgres: Durable,
    places: Cell<u32>,
    _folder: Folder,
}

/// The folder of all of it: it goes last.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is below stays readable where something failed.
        let _not_empty = fs::remove_dir(&self.0);
    }
}

/// A fresh database, and a folder beside it.
pub struct Place {
    /// Its address.
    pub url: DbUrl,
    /// The data folder of a server on it.
    pub folder: PathBuf,
    name: String,
    maintenance: String,
}

impl<'a> Setting<'a> {
    /// Starts PostgreSQL in `folder`, which is made.
    pub fn new(binary: &'a Path, folder: &'a Path) -> Result<Self> {
        ensure!(binary.is_file(), "there is no {}: build the release binary first", binary.display());
        fs::create_dir(folder).with_context(|| format!("--folder {}", folder.display()))?;
        let postgres = Durable::start(folder.join("pg")).map_err(|fault| anyhow!("{fault}"))?;
        Ok(Self { binary, folder, postgres, places: Cell::new(0), _folder: Folder(folder.to_owned()) })
    }

    /// A new, empty database.
    pub fn place(&self, backend: Backend) -> Result<Place> {
        let number = self.places.replace(self.places.get() + 1);
        let name = format!("bench_{number}");
        let folder = self.folder.join(&name);
        fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        let maintenance = self.postgres.url();
        let url = match backend {
            Backend::Sqlite => DbUrl::Sqlite(folder.join("diwan.db")),
            Backend::Postgres => {
                let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
                PgConnection::establish(&maintenance)?.batch_execute(&create)?;
                DbUrl::Postgres(url_of(&maintenance, &name))
            }
        };
        Ok(Place { url, folder, name, maintenance })
    }
}

impl Place {
    /// A connection beside Diwan, with the settings Diwan writes with.
    pub fn raw(&self) -> Result<Box<dyn Raw>> {
        Ok(match &self.url {
            DbUrl::Postgres(url) => Box::new(PgConnection::establish(url)?),
            DbUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                connection.batch_execute(
                    "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
                     PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
                )?;
                Box::new(connection)
            }
        })
    }

    /// Looks into the database for a moment.
    pub fn with_raw<T>(&self, work: impl FnOnce(&mut dyn Raw) -> Result<T>) -> Result<T> {
        work(self.raw()?.as_mut())
    }

    /// Takes the database and its folder away.
    pub fn remove(self) -> Result<()> {
        if let DbUrl::Postgres(_) = &self.url {
            let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
            PgConnection::establish(&self.maintenance)?.batch_execute(&drop)?;
        }
        Ok(fs::remove_dir_all(&self.folder)?)
    }
}

/// A running server. It is told to stop when this value goes.
pub struct Served {
    /// `host:port`.
    pub address: String,
    child: Child,
}

impl Served {
    /// Starts the binary on a place and waits until it is ready. What it logs is in `server.log` in the place's folder.
    pub fn start(setting: &Setting<'_>, place: &Place) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = match &place.url {
            DbUrl::Postgres(url) => url.clone(),
            DbUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        };
        let child = Command::new(setting.binary)
            .args(["serve", "--log", "warn", "--logins-per-minute", "100000", "--session-idle-minutes", "1440"])
            .args(["--port", &port.to_string(), "--database", &url, "--data"])
            .arg(&place.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(place.folder.join("server.log"))?)
            .spawn()
            .with_context(|| setting.binary.display().to_string())?;
        let mut served = Self { address: format!("127.0.0.1:{port}"), child };
        let started = Instant::now();
        while !served.is_ready() {
            let log = || fs::read_to_string(place.folder.join("server.log")).unwrap_or_default();
            ensure!(served.child.try_wait()?.is_none(), "the server ended: {}", log());
            ensure!(started.elapsed() < Duration::from_secs(60), "the server does not start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(served)
    }

    fn is_ready(&self) -> bool {
        let ask = || Http::connect(&self.address)?.call("GET", "/readyz", None, "", None);
        ask().is_ok_and(|answer| answer.status == 200)
    }

    /// Seconds of processor time that the server has taken so far, in hundredths: what a busy machine does not blur.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Behind the name in brackets, times are the 12th and 13th field, in hundredths of a second on Linux.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    /// Memory of the server that is in use, in MB.
    pub fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        // Killing is the last resort, if it does not stop when told to.
        let told = Command::new("kill").arg(self.child.id().to_string()).status();
        let since = Instant::now();
        while told.is_ok() && since.elapsed() < Duration::from_secs(20) {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}
