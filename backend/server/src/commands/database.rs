//! Commands on the database as a whole.

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
