//! Commands on the database as a whole.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::{Context, bail};
use clap::Subcommand;
use diesel::prelude::*;
use diwan_db::{Backend, Db, DbError, DbUrl, GrantError, MigrationState, VerifyReport, copy_db};
use diwan_schema::platform::agencies;

use crate::{
    output::{say, table},
    settings::Place,
};

/// What `diwan migrate` does.
#[derive(Subcommand)]
pub(crate) enum MigrateAction {
    /// Run the migrations that are missing (the default)
    Up,
    /// Show which migrations the database has
    Status,
    /// Take the newest migrations back, WITH THE DATA in the tables they made
    Down {
        /// How many
        #[arg(default_value_t = 1, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
        count: u16,
    },
}

/// Opens a database that is there already and has the schema of this build: a mistyped address makes no new one.
pub(super) fn open_existing(place: &Place) -> anyhow::Result<Db> {
    let db = open_there(place)?;
    match db.migrations()?.into_iter().find(|migration| migration.state != MigrationState::Applied) {
        None => Ok(db),
        Some(one) if one.state == MigrationState::Unknown => Err(diwan_db::OpenError::Newer(one.name).into()),
        Some(one) => bail!("{} lacks migration {}: run `diwan migrate` first", place.url(), one.name),
    }
}

fn open_there(place: &Place) -> anyhow::Result<Db> {
    if let DbUrl::Sqlite(file) = place.url()
        && !file.exists()
    {
        bail!("there is no database {}: check --data and --database, or run `diwan migrate` to make it", place.url());
    }
    open(place)
}

fn open(place: &Place) -> anyhow::Result<Db> {
    Db::open(place.db_config()).with_context(|| format!("--database: cannot open {}", place.url()))
}

pub(super) fn migrate(place: &Place, action: Option<MigrateAction>, grant_to: Option<&str>) -> anyhow::Result<()> {
    match action.unwrap_or(MigrateAction::Up) {
        MigrateAction::Up => migrate_up(place, grant_to)?,
        MigrateAction::Status | MigrateAction::Down { .. } if grant_to.is_some() => {
            bail!("--grant-to goes with `diwan migrate` and `diwan migrate up` only")
        }
        MigrateAction::Status => {
            let all = open_there(place)?.migrations()?;
            for migration in &all {
                let state = match migration.state {
                    MigrationState::Applied => "done   ",
                    MigrationState::Pending => "missing",
                    MigrationState::Unknown => "unknown (of a newer version)",
                };
                say(format_args!("{state}  {}", migration.name));
            }
            let missing = all.iter().filter(|migration| migration.state == MigrationState::Pending).count();
            say(format_args!("{missing} migration(s) to run on {}", place.url()));
        }
        MigrateAction::Down { count } => {
            let undone = open_there(place)?.migrate_down(usize::from(count))?;
            for name in &undone {
                say(format_args!("undone  {name}"));
            }
            say(format_args!("{} migration(s) taken back on {}", undone.len(), place.url()));
        }
    }
    Ok(())
}

fn migrate_up(place: &Place, grant_to: Option<&str>) -> anyhow::Result<()> {
    // Before a file is made for nothing.
    if grant_to.is_some() && place.url().backend() == Backend::Sqlite {
        return Err(GrantError::NoRoles.into());
    }
    let db = open(place)?;
    let done = db.migrate()?;
    for name in &done {
        say(format_args!("done  {name}"));
    }
    say(format_args!("{} migration(s) run; the schema of {} is up to date", done.len(), place.url()));
    if let Some(role) = grant_to {
        let grant = db.grant_to(role).with_context(|| format!("--grant-to: {role} got nothing"))?;
        let (tables, kept, fixed) = (grant.tables, grant.kept.len(), grant.fixed.len());
        say(format_args!(
            "{role} may serve: {tables} tables and views; no rows are deleted in {kept} of them, none changed in {fixed}"
        ));
    }
    Ok(())
}

/// Walks the audit chains; anything wrong is named and ends the command with an error.
pub(super) fn verify(place: &Place) -> anyhow::Result<ExitCode> {
    /// Entries of the last seconds may still wait for the sealer.
    const GRACE_SECONDS: i64 = 10;
    let db = open_existing(place)?;
    let report = db.verify_audit(GRACE_SECONDS)?;
    let codes: BTreeMap<i64, String> = db
        .read_now(|tx| {
            Ok::<_, DbError>(agencies::table.select((agencies::id, agencies::code)).load::<(i64, String)>(tx.conn())?)
        })?
        .into_iter()
        .collect();
    say(table(&heads(&report, &codes)));
    say(format_args!("{} chains, {} links walked", report.heads.len(), report.links));
    for fault in &report.faults {
        say(format_args!("broken: {fault}"));
    }
    if let Some(late) = &report.late {
        say(format_args!(
            "not sealed in time: {} entries, the first is entry {} of {}",
            late.count, late.first_id, late.first_at
        ));
    }
    say(if report.is_sound() { "the audit trail is whole" } else { "the audit trail is NOT whole" });
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The end of each chain: kept elsewhere, it proves that no end was cut off.
fn heads(report: &VerifyReport, codes: &BTreeMap<i64, String>) -> Vec<Vec<String>> {
    let mut rows = vec![["CHAIN", "AGENCY", "LENGTH", "HEAD"].map(str::to_owned).to_vec()];
    rows.extend(report.heads.iter().map(|head| {
        let agency = codes.get(&head.chain_id).map_or("–", String::as_str);
        vec![head.chain_id.to_string(), agency.to_owned(), head.seq.to_string(), head.hash.clone()]
    }));
    rows
}

/// Copies a SQLite database into an empty PostgreSQL database.
pub(super) fn copy(from: &DbUrl, to: &DbUrl, dry_run: bool) -> anyhow::Result<()> {
    let report = copy_db(from, to, dry_run).with_context(|| format!("nothing was copied from {from} to {to}"))?;
    let mut rows = vec![["TABLE", "ROWS"].map(str::to_owned).to_vec()];
    rows.extend(report.rows.iter().map(|(table, count)| vec![table.clone(), count.to_string()]));
    say(table(&rows));
    say(format_args!(
        "{} rows in {} tables, the same number on both sides",
        report.rows.values().sum::<i64>(),
        report.rows.len()
    ));
    say(format_args!("{} audit chains with {} links hold in the target", report.audit.heads.len(), report.audit.links));
    say(if dry_run { "dry run: the target is as it was" } else { "copied" });
    Ok(())
}
