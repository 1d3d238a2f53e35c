//! Commands on the database as a whole.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use diwan_db::Db;

use crate::{output::say, settings::Place};

/// What `diwan migrate` does.
#[derive(Subcommand)]
pub(crate) enum MigrateAction {
    /// Run the migrations that are missing (the default)
    Up,
}

pub(crate) fn migrate(place: &Place, action: Option<MigrateAction>) -> anyhow::Result<()> {
    let db = Db::open(place.db_config()).with_context(|| format!("--database: cannot open {}", place.url()))?;
    match action.unwrap_or(MigrateAction::Up) {
        MigrateAction::Up => {
            let done = db.migrate()?;
            for name in &done {
                say(format_args!("done  {name}"));
            }
            say(format_args!("{} migration(s) run; the schema of {} is up to date", done.len(), place.url()));
        }
    }
    Ok(())
}

/// Walks the audit chains; anything wrong is named and ends the command with an error.
pub(super) fn verify(place: &Place) -> anyhow::Result<ExitCode> {
    /// Entries of the last seconds may still wait for the sealer.
    const GRACE_SECONDS: i64 = 10;
    let db = Db::open(place.db_config()).with_context(|| format!("--database: cannot open {}", place.url()))?;
    let report = db.verify_audit(GRACE_SECONDS)?;
    say(format_args!("{} chains, {} links walked", report.heads.len(), report.links));
    for fault in &report.faults {
        say(format_args!(
            "broken: chain {}, place {}, entry {}: {:?}",
            fault.chain_id, fault.seq, fault.audit_id, fault.why
        ));
    }
    if let Some(late) = &report.late {
        say(format_args!("not sealed in time: {late:?}"));
    }
    say(if report.is_sound() { "the audit trail is whole" } else { "the audit trail is NOT whole" });
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
