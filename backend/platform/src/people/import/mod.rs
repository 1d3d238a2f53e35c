//! Import of agencies, units and users from a table: looked at first, then whole or not at all.
//!
//! The preview does exactly what the commit does, and takes it back: what it finds is what the commit would find. A row
//! is made by the operation that a form uses, so every rule and right of a form holds for it.

mod agencies;
mod columns;
mod template;
mod units;
mod users;

use diwan_db::{Audit, DbError, WriteTx};
use diwan_kernel::{FieldError, Permission};
use diwan_platform_api::people::{ImportKind, ImportReport, ImportRow};
use sha2::{Digest, Sha256};

use self::columns::{Cells, Heads};
use super::Passwords;
use crate::{
    Actor, Outcome, Platform, Refusal,
    sheet::{Line, Table},
};

pub use template::template;

/// Who imports what.
#[derive(Debug, Clone)]
pub struct Import {
    /// What the file brings.
    pub kind: ImportKind,
    /// For units and users: the agency, the actor's own unless told.
    pub agency_id: Option<i64>,
    /// The file.
    pub file: Vec<u8>,
}

/// Why a transaction of an import ends without a commit.
enum End {
    Report(ImportReport),
    Refusal(Refusal),
}

impl From<DbError> for End {
    fn from(error: DbError) -> Self {
        Self::Refusal(error.into())
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// The right that an import takes.
pub fn right(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Agencies => Permission::AgenciesManage,
        ImportKind::Units => Permission::OrgManage,
        ImportKind::Users => Permission::UsersManage,
    }
}

/// What the file would do. Nothing stays.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] for an agency out of reach; those of [`Table::read`].
pub async fn preview(platform: &Platform, actor: Actor, import: Import) -> Outcome<ImportReport> {
    run(platform, actor, import, None).await
}

/// Imports every row, if none is wrong; else answers as the preview.
///
/// # Errors
/// As [`preview`]; `file_changed` for another file than `hash` names.
pub async fn commit(platform: &Platform, actor: Actor, import: Import, hash: String) -> Outcome<ImportReport> {
    run(platform, actor, import, Some(hash)).await
}

async fn run(platform: &Platform, actor: Actor, import: Import, wanted: Option<String>) -> Outcome<ImportReport> {
    actor.require(right(import.kind))?;
    let (passwords, who) = (platform.passwords.clone(), actor.who());
    let write = platform.db.write(who, "platform.import.commit", move |tx| {
        let mut report = rows(tx, &actor, &passwords, &import)?;
        let Some(wanted) = wanted else { return Err(End::Report(report)) };
        if wanted != report.hash {
            return Err(Refusal::rule("file_changed", []).into());
        }
        if report.wrong > 0 {
            return Err(End::Report(report));
        }
        report.committed = true;
        let detail = serde_json::json!({ "kind": import.kind, "rows": report.rows.len(), "hash": report.hash });
        let agency_id = import.agency_id.unwrap_or(actor.agency_id);
        tx.audit(Audit::of("agency", agency_id).agency(agency_id).detail(detail))?;
        Ok(report)
    });
    match write.await {
        Ok(report) => Ok(report),
        Err(End::Report(report)) => Ok(forgetful(report)),
        Err(End::Refusal(refusal)) => Err(refusal),
    }
}

/// Without the passwords of users who were not made.
fn forgetful(mut report: ImportReport) -> ImportReport {
    for row in &mut report.rows {
        row.temporary_password = None;
    }
    report
}

fn rows(tx: &mut WriteTx<'_>, actor: &Actor, passwords: &Passwords, import: &Import) -> Outcome<ImportReport> {
    let agency_id = super::scope::agency(actor, import.agency_id)?;
    let table = Table::read(&import.file)?;
    let hash = Sha256::digest(&import.file).iter().map(|byte| format!("{byte:02x}")).collect();
    let heads = match Heads::of(import.kind, &table.headings) {
        Ok(heads) => heads,
        Err(row) => {
            let columns = row.cells.clone();
            return Ok(ImportReport { hash, columns, rows: vec![row], wrong: 1, committed: false });
        }
    };
    let mut made = Vec::with_capacity(table.rows.len());
    for line in table.rows {
        made.push(row(tx, (actor, passwords), (import.kind, agency_id), &heads, line)?);
    }
    if made.is_empty() {
        return Err(Refusal::field("file", "empty"));
    }
    let wrong = made.iter().filter(|row| !row.errors.is_empty()).count();
    let wrong = u32::try_from(wrong).unwrap_or(u32::MAX);
    Ok(ImportReport { hash, columns: heads.codes(), rows: made, wrong, committed: false })
}

fn row(
    tx: &mut WriteTx<'_>,
    (actor, passwords): (&Actor, &Passwords),
    (kind, agency_id): (ImportKind, i64),
    heads: &Heads,
    line: Line,
) -> Outcome<ImportRow> {
    let cells = Cells::new(heads, &line);
    let made = match cells.faults() {
        faults if !faults.is_empty() => Err(Refusal::Invalid(faults)),
        _ => match kind {
            ImportKind::Agencies => agencies::make(tx, actor, &cells).map(|()| None),
            ImportKind::Units => units::make(tx, actor, agency_id, &cells).map(|()| None),
            ImportKind::Users => users::make(tx, actor, passwords, agency_id, &cells).map(Some),
        },
    };
    let (errors, temporary_password) = match made {
        Ok(password) => (Vec::new(), password),
        Err(refusal) => (told(refusal)?, None),
    };
    Ok(ImportRow { line: line.line, cells: line.cells, errors, temporary_password })
}

/// A refusal of the row as faults of its columns; a fault of the machine ends the import.
fn told(refusal: Refusal) -> Outcome<Vec<FieldError>> {
    Ok(match refusal {
        Refusal::Invalid(fields) => {
            fields.into_iter().map(|error| FieldError { field: columns::of_field(&error.field), ..error }).collect()
        }
        Refusal::Forbidden(right) => {
            vec![FieldError::new("roles", "right_beyond_yours").with("permission", right.code())]
        }
        Refusal::Denied("clearance_beyond_yours") => vec![FieldError::new("clearance", "clearance_beyond_yours")],
        Refusal::Denied(code) => vec![FieldError::new("", code)],
        Refusal::Rule { code, args, .. } => vec![FieldError { field: String::new(), code: code.to_owned(), args }],
        Refusal::NotFound(what) => vec![FieldError::new(columns::of_field(&format!("{what}_id")), "unknown")],
        fault => return Err(fault),
    })
}
