//! The operator's commands.

mod database;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    demo,
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
        #[command(subcommand)]
        action: Option<database::MigrateAction>,
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
            let platform = serve::open(&place, &serving)?;
            demo::refuse_demo_database(&platform)?;
            serve::run(platform, &serving, serve::greet)?;
        }
        Command::Demo { place, serving } => {
            log_to_stderr(&place);
            let platform = serve::open(&place, &serving)?;
            demo::prepare(&platform)?;
            serve::run(platform, &serving, demo::greet)?;
        }
        Command::Migrate { place, action } => {
            log_to_stderr(&place);
            database::migrate(&place, action)?;
        }
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
