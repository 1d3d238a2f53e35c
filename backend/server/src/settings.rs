//! Every setting of Diwan: a flag, an environment variable, a default, a check. A value that does not pass stops the
//! start with a message that names the setting.

use std::{net::IpAddr, path::PathBuf, str::FromStr};

use chrono::Duration;
use clap::{Args, CommandFactory, ValueEnum};
use diwan_archive::imports::watch::Watch;
use diwan_db::{DbConfig, DbUrl};
use diwan_platform::{
    Limits,
    files::{BlobFault, BlobStore},
};

/// Where the data are: the same for every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct Place {
    /// Folder of the database file, the attachments (blobs), the search index and the master key
    #[arg(long, global = true, env = "DIWAN_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Database: sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME; unset: the file diwan.db in the data folder
    #[arg(long, global = true, env = "DIWAN_DATABASE", hide_env_values = true, value_name = "URL", value_parser = DbUrl::from_str)]
    pub database: Option<DbUrl>,
    /// Where attachments are kept: s3://BUCKET/PREFIX, with the access key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; unset: the folder files in the data folder
    #[arg(long, global = true, env = "DIWAN_FILES_URL", value_name = "URL", value_parser = files_url)]
    pub files_url: Option<String>,
    /// Address of the S3 server, where it is not Amazon's: https://HOST[:PORT]
    #[arg(long, global = true, env = "DIWAN_S3_ENDPOINT", value_name = "URL", value_parser = public_url)]
    pub s3_endpoint: Option<String>,
    /// Connections to the database: for reading on SQLite (one more writes), in all on PostgreSQL
    #[arg(long, global = true, env = "DIWAN_DB_CONNECTIONS", default_value_t = 8, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(2..=200))]
    pub db_connections: u32,
    /// The government's wall clock in minutes east of UTC; Jordan is 180
    #[arg(long, global = true, env = "DIWAN_UTC_OFFSET_MINUTES", default_value_t = 180, value_name = "MINUTES", allow_hyphen_values = true, value_parser = clap::value_parser!(i32).range(-720..=840))]
    pub utc_offset_minutes: i32,
    /// What is logged: error, warn, info, debug, trace, or per part as in info,diwan_http=debug
    #[arg(long, global = true, env = "DIWAN_LOG", default_value = "info", value_name = "FILTER", value_parser = log_filter)]
    pub log: String,
    /// Form of the log, which goes to standard error
    #[arg(long, global = true, env = "DIWAN_LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: LogFormat,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl Place {
    /// The database's address.
    pub fn url(&self) -> DbUrl {
        self.database.clone().unwrap_or_else(|| DbUrl::Sqlite(self.data.join("diwan.db")))
    }

    /// The file store.
    ///
    /// # Errors
    /// The folder cannot be made, or the environment says too little about the S3 server.
    pub fn blobs(&self) -> Result<BlobStore, BlobFault> {
        match &self.files_url {
            Some(url) => BlobStore::in_s3(url, self.s3_endpoint.as_deref()),
            None => BlobStore::in_folder(&self.data.join("files")),
        }
    }

    /// How the database is opened.
    pub fn db_config(&self) -> DbConfig {
        DbConfig { url: self.url(), connections: self.db_connections, utc_offset_minutes: self.utc_offset_minutes }
    }
}

/// How Diwan serves.
#[derive(Debug, Clone, Args)]
pub struct Serving {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub web: Web,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub sessions: Sessions,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub work: Work,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub safety: Safety,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the group says it")]
    pub intake: Intake,
}

/// The web server.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Web")]
pub struct Web {
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, env = "DIWAN_HOST", default_value = "127.0.0.1", value_name = "IP")]
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "DIWAN_PORT", default_value_t = 8080, value_name = "PORT")]
    pub port: u16,
    /// Address people reach Diwan at, used in QR codes, e-mails and cookies (https makes them Secure); unset: http://localhost:PORT
    #[arg(long, env = "DIWAN_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,
    /// Threads that serve requests; unset: one per processor
    #[arg(long, env = "DIWAN_HTTP_THREADS", value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub http_threads: Option<u16>,
    /// The largest JSON body in KiB
    #[arg(long, env = "DIWAN_JSON_LIMIT_KIB", default_value_t = 4096, value_name = "KIB", value_parser = clap::value_parser!(u32).range(64..=65_536))]
    pub json_limit_kib: u32,
    /// The largest uploaded file in MiB
    #[arg(long, env = "DIWAN_UPLOAD_LIMIT_MIB", default_value_t = 64, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub upload_limit_mib: u32,
    /// Seconds that open requests get to finish when Diwan is told to stop
    #[arg(long, env = "DIWAN_STOP_SECONDS", default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(0..=600))]
    pub stop_seconds: u16,
}

/// Signing in.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Signing in")]
pub struct Sessions {
    /// Minutes without a request after which a session ends
    #[arg(long, env = "DIWAN_SESSION_IDLE_MINUTES", default_value_t = 30, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub session_idle_minutes: u32,
    /// Hours after which a session ends in any case
    #[arg(long, env = "DIWAN_SESSION_HOURS", default_value_t = 12, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=168))]
    pub session_hours: u32,
    /// Wrong passwords after which an account has to wait, twice as long each time
    #[arg(long, env = "DIWAN_LOGIN_ATTEMPTS", default_value_t = 5, value_name = "COUNT", value_parser = clap::value_parser!(i32).range(3..=20))]
    pub login_attempts: i32,
    /// Sign-ins that one address may try in a minute
    #[arg(long, env = "DIWAN_LOGINS_PER_MINUTE", default_value_t = 30, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub logins_per_minute: u32,
    /// Memory that hashing a password takes (Argon2id), in KiB; new hashes only
    #[arg(long, env = "DIWAN_PASSWORD_MEMORY_KIB", default_value_t = 19_456, value_name = "KIB", value_parser = clap::value_parser!(u32).range(8192..=1_048_576))]
    pub password_memory_kib: u32,
    /// Passes over that memory
    #[arg(long, env = "DIWAN_PASSWORD_PASSES", default_value_t = 2, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub password_passes: u32,
}

/// Work after commit.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Background work")]
pub struct Work {
    /// Threads that run jobs (prints, text extraction, e-mail)
    #[arg(long, env = "DIWAN_JOB_THREADS", default_value_t = 2, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub job_threads: u16,
    /// Days after which followed outbox rows go; a search index that was off longer is rebuilt
    #[arg(long, env = "DIWAN_KEEP_OUTBOX_DAYS", default_value_t = 7, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=365))]
    pub keep_outbox_days: u16,
    /// Days after which forgotten drafts go
    #[arg(long, env = "DIWAN_KEEP_DRAFTS_DAYS", default_value_t = 60, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub keep_drafts_days: u16,
    /// Mail server for copies of notifications: smtp://HOST:25, smtps://USER:PASSWORD@HOST, or smtp://…?tls=required; unset: no e-mail
    #[arg(long, env = "DIWAN_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// Sender of e-mails
    #[arg(long, env = "DIWAN_MAIL_FROM", default_value = "Diwan <diwan@localhost>", value_name = "ADDRESS")]
    pub mail_from: String,
}

/// Looking after what is kept.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Safety")]
pub struct Safety {
    /// Days in which every stored file is read and compared with its hash once; 0: only when somebody asks
    #[arg(long, env = "DIWAN_FIXITY_DAYS", default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(0..=3650))]
    pub fixity_days: u16,
    /// The most that these checks read in a second, in MiB; 0: as fast as it goes
    #[arg(long, env = "DIWAN_FIXITY_MIB_PER_SECOND", default_value_t = 20, value_name = "MIB", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub fixity_mib_per_second: u32,
    /// Folder of the backup that restore drills bring back; unset: a drill makes a backup of its own
    #[arg(long, env = "DIWAN_DRILL_FROM", value_name = "DIR", requires = "drill_identity")]
    pub drill_from: Option<PathBuf>,
    /// File with the age key that opens this backup, readable by Diwan's user only
    #[arg(long, env = "DIWAN_DRILL_IDENTITY", value_name = "FILE", requires = "drill_from")]
    pub drill_identity: Option<PathBuf>,
    /// Days after which a restore drill is run by itself; 0: only when somebody asks
    #[arg(long, env = "DIWAN_DRILL_DAYS", default_value_t = 0, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(0..=3650))]
    pub drill_days: u16,
}

/// Files that come in by themselves.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Intake")]
pub struct Intake {
    /// Folder whose files are filed and moved to done/ or failed/ below it; unset: none
    #[arg(long, env = "DIWAN_WATCH_FOLDER", value_name = "DIR", requires = "watch_as")]
    pub watch_folder: Option<PathBuf>,
    /// User in whose name, agency and rights the files of the watched folder are filed
    #[arg(long, env = "DIWAN_WATCH_AS", value_name = "NAME", requires = "watch_folder")]
    pub watch_as: Option<String>,
    /// Seconds that a file of the watched folder must not have changed
    #[arg(long, env = "DIWAN_WATCH_REST_SECONDS", default_value_t = 5, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub watch_rest_seconds: u16,
}

impl Intake {
    /// The folder that is watched.
    pub fn watch(&self) -> Option<Watch> {
        let (folder, username) = (self.watch_folder.clone()?, self.watch_as.clone()?);
        Some(Watch { folder, username, rest: std::time::Duration::from_secs(u64::from(self.watch_rest_seconds)) })
    }
}

impl Serving {
    /// The address people reach Diwan at, without a slash at the end.
    pub fn public_url(&self) -> String {
        self.web.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", self.web.port))
    }

    /// The limits that operations keep.
    pub fn limits(&self) -> Limits {
        Limits {
            session_idle: Duration::minutes(i64::from(self.sessions.session_idle_minutes)),
            session_absolute: Duration::hours(i64::from(self.sessions.session_hours)),
            login_attempts: self.sessions.login_attempts,
            logins_per_minute: self.sessions.logins_per_minute,
            password_memory_kib: self.sessions.password_memory_kib,
            password_passes: self.sessions.password_passes,
            secure_cookies: self.public_url().starts_with("https://"),
            upload_bytes: u64::from(self.web.upload_limit_mib) << 20,
        }
    }
}

/// Accepts `http(s)://host[:port]` and takes the slash away.
fn public_url(text: &str) -> Result<String, String> {
    let bare = text.trim_end_matches('/');
    let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ']) => Ok(bare.to_owned()),
        _ => Err("it must be http://HOST[:PORT] or https://HOST[:PORT], without a path".to_owned()),
    }
}

/// Accepts `s3://BUCKET[/PREFIX]`.
fn files_url(text: &str) -> Result<String, String> {
    let bucket = text.strip_prefix("s3://").map(|rest| rest.split('/').next().unwrap_or_default());
    match bucket {
        Some(bucket) if !bucket.is_empty() && !text.contains(['?', '#', ' ']) => Ok(text.to_owned()),
        _ => Err("it must be s3://BUCKET or s3://BUCKET/PREFIX".to_owned()),
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// One setting, for the operator's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The group it stands in.
    pub group: String,
    /// `--flag`.
    pub flag: String,
    /// The environment variable.
    pub variable: String,
    /// The default, or nothing.
    pub default: String,
    /// What it does.
    pub help: String,
}

/// All settings in the order of the help.
pub fn all() -> Vec<Setting> {
    #[derive(clap::Parser)]
    struct All {
        #[command(flatten)]
        _place: Place,
        #[command(flatten)]
        _serving: Serving,
    }
    All::command()
        .get_arguments()
        .filter_map(|arg| {
            let text = |value: &clap::builder::StyledStr| value.to_string();
            Some(Setting {
                group: arg.get_help_heading().unwrap_or_default().to_owned(),
                flag: format!("--{}", arg.get_long()?),
                variable: arg.get_env()?.to_string_lossy().into_owned(),
                default: arg.get_default_values().first().map(|v| v.to_string_lossy().into_owned()).unwrap_or_default(),
                help: arg.get_help().map(text).unwrap_or_default(),
            })
        })
        .collect()
}

/// The settings as the page `docs/settings.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nEvery setting is a flag of `diwan` or an environment variable; the flag wins. \
         This page is the output of `diwan settings`.\n",
    );
    let mut group = String::new();
    for setting in all() {
        if setting.group != group {
            page.push_str(&format!(
                "\n## {}\n\n| Flag | Variable | Default | What it does |\n|---|---|---|---|\n",
                setting.group
            ));
            group = setting.group;
        }
        let default = if setting.default.is_empty() { "–".to_owned() } else { format!("`{}`", setting.default) };
        page.push_str(&format!("| `{}` | `{}` | {default} | {} |\n", setting.flag, setting.variable, setting.help));
    }
    page
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Probe {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        serving: Serving,
    }

    fn refused(flag: &str, value: &str) -> String {
        Probe::try_parse_from(["diwan", flag, value]).unwrap_err().to_string()
    }

    #[test]
    fn every_setting_has_a_flag_a_variable_and_words() {
        let settings = all();
        let own = Probe::command().get_arguments().filter(|arg| arg.get_id() != "help").count();
        assert_eq!(settings.len(), own, "a setting without a flag or a variable");
        for setting in settings {
            let from_flag = setting.flag.trim_start_matches("--").replace('-', "_").to_uppercase();
            assert_eq!(setting.variable, format!("DIWAN_{from_flag}"));
            assert!(!setting.group.is_empty() && !setting.help.is_empty(), "{}", setting.flag);
        }
    }

    #[test]
    fn a_bad_value_names_its_setting() {
        let wrong = [
            ("--port", "99999"),
            ("--database", "mysql://x"),
            ("--public-url", "diwan.gov.jo"),
            ("--session-idle-minutes", "0"),
            ("--log", "diwan=loud"),
            ("--upload-limit-mib", "many"),
            ("--host", "everywhere"),
            ("--files-url", "ftp://files"),
            ("--s3-endpoint", "minio"),
        ];
        for (flag, value) in wrong {
            let message = refused(flag, value);
            assert!(message.contains(flag) && message.contains(value), "{message}");
        }
    }

    #[test]
    fn defaults_are_safe() {
        let probe = Probe::try_parse_from(["diwan"]).unwrap();
        assert!(probe.serving.web.host.is_loopback());
        assert_eq!(probe.place.url(), DbUrl::Sqlite("data/diwan.db".into()));
        assert_eq!(probe.serving.public_url(), "http://localhost:8080");
        assert_eq!(probe.serving.limits().upload_bytes, 64 << 20);
    }

    #[test]
    fn the_docs_page_is_this_table() {
        let written = std::fs::read_to_string("../../docs/settings.md").unwrap_or_default();
        assert!(written == page(), "docs/settings.md is old: run `diwan settings --markdown > docs/settings.md`");
    }
}
