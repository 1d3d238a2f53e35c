//! The operator's commands.

mod books;
mod database;
mod import;
mod safety;
mod user;
mod work;

use std::{process::ExitCode, str::FromStr, sync::Arc};

use clap::{Parser, Subcommand};
use diwan_db::DbUrl;

use crate::{
    demo, fonts,
    output::say,
    serve,
    settings::{self, LogFormat, Place, Serving},
};

/// Diwan (ديوان): the back office of a government in one system.
#[derive(Parser)]
#[command(
    name = "diwan",
    version,
    arg_required_else_help = true,
    after_help = "Start with `diwan demo` to look around, or with `diwan migrate`, `diwan user create-admin` and \
        `diwan serve` for real work. Every flag is also an environment variable; `diwan settings` lists them."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the UI, the API and the background work
    Serve {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        serving: Serving,
    },
    /// Serve an invented government to try things out; only on a data folder of its own
    Demo {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        serving: Serving,
    },
    /// Bring the schema of the database up to date, show its state, or take the newest migration back
    Migrate {
        #[command(flatten)]
        place: Place,
        /// Give this role of PostgreSQL, which owns nothing, what serving needs and no more; run as the owner
        #[arg(long, global = true, value_name = "ROLE")]
        grant_to: Option<String>,
        #[command(subcommand)]
        action: Option<database::MigrateAction>,
    },
    /// Make the first administrator; help people who cannot sign in
    User {
        #[command(flatten)]
        place: Place,
        #[command(subcommand)]
        action: user::UserAction,
    },
    /// Walk the audit chains, print their heads and say whether they are whole
    Verify {
        #[command(flatten)]
        place: Place,
    },
    /// Check sealed books of finance: form, sums, budget, root, signature and their order; needs no database
    VerifyBooks {
        #[command(flatten)]
        how: books::BooksArgs,
    },
    /// Copy a SQLite database into an empty PostgreSQL database, with nothing running on either
    CopyDb {
        #[command(flatten)]
        place: Place,
        /// The source, sqlite:PATH; unset: the database of --data
        #[arg(long, value_name = "URL", value_parser = DbUrl::from_str)]
        from: Option<DbUrl>,
        /// The target, postgres://USER:PASSWORD@HOST/NAME; better in the variable, where other users cannot read it
        #[arg(long, env = "DIWAN_COPY_TO", hide_env_values = true, value_name = "URL", value_parser = DbUrl::from_str)]
        to: DbUrl,
        /// Copy and check everything, then take it back
        #[arg(long)]
        dry_run: bool,
    },
    /// Import a folder with everything below it into the archive; run it again to go on where it was cut off
    Import {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        order: import::ImportOrder,
    },
    /// Build the search index anew from the database, with Diwan stopped
    Reindex {
        #[command(flatten)]
        place: Place,
    },
    /// Check that every stored file is still what its hash says, or show what the last check found
    Fixity {
        #[command(flatten)]
        place: Place,
        /// Read every file now, as fast as it goes
        #[arg(long)]
        all: bool,
    },
    /// Make or continue an encrypted backup: the database as of now, and the files that it lacks
    Backup {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        how: safety::BackupArgs,
    },
    /// Bring a backup back into an empty place, or single files into this installation
    Restore {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        how: safety::RestoreArgs,
    },
    /// Bring a backup back in a scratch place, examine it, and print the certificate
    RestoreDrill {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        how: safety::DrillArgs,
    },
    /// Show the jobs that failed, or run them again
    Jobs {
        #[command(flatten)]
        place: Place,
        #[command(subcommand)]
        action: work::JobsAction,
    },
    /// Score the search on folders with docs.jsonl and queries.jsonl
    SearchEval {
        /// The folders
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<std::path::PathBuf>,
    },
    /// Read the text of one file within limits; what Diwan starts for every upload
    Extract {
        /// As `diwan extract --help` tells
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// List every setting with its variable and default
    Settings {
        /// As the page docs/settings.md
        #[arg(long)]
        markdown: bool,
    },
}

/// Runs the command line.
pub fn main() -> ExitCode {
    // The child that reads one hostile file starts with nothing of the server.
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|word| word == "extract") {
        return diwan_extract::child_main(arguments);
    }
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            // The whole chain in one line: what failed, and why below it.
            eprintln!("diwan: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { place, serving } => {
            log_to_stderr(&place);
            let platform = serve::open(&place, serving.limits())?;
            demo::refuse_demo_database(&platform)?;
            let fonts = Arc::new(fonts::load()?);
            serve::run(platform, &place, &serving, fonts, None)?;
        }
        Command::Demo { place, serving } => {
            log_to_stderr(&place);
            let platform = serve::open(&place, serving.limits())?;
            let fonts = Arc::new(fonts::load()?);
            demo::prepare(&platform, &fonts, demo::LETTERS)?;
            serve::run(platform, &place, &serving, fonts, Some(demo::users()))?;
        }
        Command::Migrate { place, grant_to, action } => {
            log_to_stderr(&place);
            database::migrate(&place, action, grant_to.as_deref())?;
        }
        Command::User { place, action } => {
            log_to_stderr(&place);
            user::run(&database::open_existing(&place)?, action)?;
        }
        Command::Verify { place } => {
            log_to_stderr(&place);
            return database::verify(&place);
        }
        Command::VerifyBooks { how } => return books::verify(&how),
        Command::CopyDb { place, from, to, dry_run } => {
            log_to_stderr(&place);
            database::copy(&from.unwrap_or_else(|| place.url()), &to, dry_run)?;
        }
        Command::Import { place, order } => {
            log_to_stderr(&place);
            return import::run(database::open_existing(&place)?, &place, &order);
        }
        Command::Reindex { place } => {
            log_to_stderr(&place);
            work::reindex(database::open_existing(&place)?, &place)?;
        }
        Command::Fixity { place, all } => {
            log_to_stderr(&place);
            return safety::fixity(&place, all);
        }
        Command::Backup { place, how } => {
            log_to_stderr(&place);
            return safety::backup(&place, &how);
        }
        Command::Restore { place, how } => {
            log_to_stderr(&place);
            return safety::restore(&place, &how);
        }
        Command::RestoreDrill { place, how } => {
            log_to_stderr(&place);
            return safety::drill(&place, how);
        }
        Command::Jobs { place, action } => {
            log_to_stderr(&place);
            work::jobs(&database::open_existing(&place)?, action)?;
        }
        Command::SearchEval { folders } => {
            for folder in folders {
                let report = diwan_search::eval::run(&folder)?;
                let (name, docs, queries) = (&report.name, report.docs, report.queries);
                let scores =
                    format!("MRR@10 {:.4}  Success@1 {:.4}  Success@10 {:.4}", report.mrr10, report.s1, report.s10);
                say(format_args!("{name}: {docs} documents, {queries} queries  {scores}"));
            }
        }
        // Caught in `main` before anything of the server starts; this arm is for the help only.
        Command::Extract { arguments: _ } => anyhow::bail!("diwan extract takes its arguments directly after the word"),
        Command::Settings { markdown } => say(if markdown { settings::page() } else { settings_table() }.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

fn settings_table() -> String {
    let mut rows = vec![["FLAG", "VARIABLE", "DEFAULT", "WHAT IT DOES"].map(str::to_owned).to_vec()];
    rows.extend(settings::all().into_iter().map(|s| vec![s.flag, s.variable, s.default, s.help]));
    crate::output::table(&rows)
}

fn log_to_stderr(place: &Place) {
    let filter = tracing_subscriber::EnvFilter::new(&place.log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match place.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
