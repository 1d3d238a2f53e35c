//! Importing a folder into the archive from the command line, beside a running Diwan or without one.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::Args;
use diesel::prelude::*;
use diwan_archive::imports::folder::{self, Order};
use diwan_archive_api::{Import, ImportDefaults, ImportState};
use diwan_db::Db;
use diwan_kernel::{Caveat, Secrecy};
use diwan_platform::{Actor, Limits, Refusal};
use diwan_schema::platform::{agencies, users};

use crate::{output::say, serve, settings::Place};

/// What is imported, and as what.
#[derive(Args)]
pub(crate) struct ImportOrder {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Table (CSV or XLSX) of what is said of single files: path, subject, date, party, class, secrecy, caveats, unit
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Code of the agency whose archive takes the files
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// User of that agency in whose name and rights they are filed
    #[arg(long = "as", value_name = "NAME")]
    username: String,
    /// What people will know the import by; unset: the name of the folder
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Class of documents whose row names none
    #[arg(long, value_name = "CODE")]
    class: Option<String>,
    /// Secrecy of documents whose row names none: normal, restricted, secret or top_secret
    #[arg(long, value_name = "LEVEL", default_value = "normal", value_parser = |text: &str| text.parse::<Secrecy>())]
    secrecy: Secrecy,
    /// Caveat of documents whose row names none: personal or sealed_envelope
    #[arg(long = "caveat", value_name = "CAVEAT", value_parser = |text: &str| text.parse::<Caveat>())]
    caveats: Vec<Caveat>,
    /// Other party of documents whose row names none
    #[arg(long, value_name = "TEXT", default_value = "")]
    party: String,
    /// Date (YYYY-MM-DD) of documents whose row names none; unset: the day each file was changed last
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// The largest file in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    upload_limit_mib: u32,
}

/// Imports, and tells how far it is; files that were not filed end the command with an error.
pub(super) fn run(db: Db, place: &Place, wanted: &ImportOrder) -> anyhow::Result<ExitCode> {
    let limits = Limits { upload_bytes: u64::from(wanted.upload_limit_mib) << 20, ..Limits::default() };
    let platform = serve::over(db, place, limits)?;
    let actor = actor(&platform.db, wanted)?;
    let order = wanted.order()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = runtime.block_on(async {
        let import = folder::begin(&platform, &actor, &order).await?;
        say(format_args!("import {} of {}", import.id(), order.folder.display()));
        let mut told = std::time::Instant::now();
        import
            .run(|import| {
                if told.elapsed().as_secs() >= 2 {
                    told = std::time::Instant::now();
                    say(format_args!("{} of {} files", import.counts.done(), import.counts.all()));
                }
                true
            })
            .await
    });
    let import = done.map_err(told)?;
    tell(&import);
    let clean = import.state == ImportState::Done && import.counts.refused == 0 && import.counts.failed == 0;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(import: &Import) {
    let counts = &import.counts;
    say(format_args!(
        "{} filed, {} in the archive already, {} refused, {} failed, {} waiting",
        counts.filed, counts.duplicate, counts.refused, counts.failed, counts.waiting
    ));
    if counts.refused + counts.failed > 0 {
        say(format_args!("what is wrong with each file stands at /archive/imports/{}", import.id));
    }
}

fn told(refusal: Refusal) -> anyhow::Error {
    match &refusal {
        Refusal::Invalid(fields) => {
            let one = |field: &diwan_kernel::FieldError| format!("{}: {} {:?}", field.field, field.code, field.args);
            anyhow::anyhow!("{}", fields.iter().map(one).collect::<Vec<_>>().join("; "))
        }
        _ => refusal.into(),
    }
}

/// The person, who has to be of the agency that is named: a mistyped name files nothing into another archive.
fn actor(db: &Db, wanted: &ImportOrder) -> anyhow::Result<Actor> {
    let found: Option<i64> = db.read_now(|tx| {
        Ok::<_, diwan_db::DbError>(
            users::table
                .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
                .filter(users::username.eq(&wanted.username))
                .filter(agencies::code.eq(&wanted.agency))
                .select(users::id)
                .first(tx.conn())
                .optional()?,
        )
    })?;
    let Some(id) = found else { bail!("agency {} has no user {}", wanted.agency, wanted.username) };
    db.read_now(|tx| Actor::load(tx, id)).map_err(|_| anyhow::anyhow!("{} is not active", wanted.username))
}

impl ImportOrder {
    fn order(&self) -> anyhow::Result<Order> {
        let table = match &self.csv {
            Some(file) => Some(std::fs::read(file).with_context(|| format!("--csv: cannot read {}", file.display()))?),
            None => None,
        };
        let called =
            || self.folder.canonicalize().ok().and_then(|f| Some(f.file_name()?.to_string_lossy().into_owned()));
        Ok(Order {
            folder: self.folder.clone(),
            name: self.name.clone().or_else(called).unwrap_or_else(|| self.folder.display().to_string()),
            defaults: ImportDefaults {
                class_code: self.class.clone(),
                secrecy: self.secrecy,
                caveats: self.caveats.clone(),
                party: self.party.clone(),
                doc_date: self.date,
                unit_id: None,
            },
            table,
        })
    }
}
