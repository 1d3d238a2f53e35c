//! A list out of a table: looked at first, then whole or not at all. The preview does what the import does and takes it
//! back. A row whose key is there already is changed, and keeps what the table has no column for; others are added. What a row
//! stands under stands in a row above it.

use std::collections::BTreeSet;

use actix_web::web;
use diwan_db::{Audit, DbError, ReadTx, WriteTx};
use diwan_finance_api::PartRow;
use diwan_http::ApiResult;
use diwan_kernel::{FieldError, Lang, money};
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    sheet::{self, Cell, Line, Table},
};
use diwan_platform_api::people::{ImportReport, ImportRow};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use super::{
    cells::{Cells, Known, heads},
    part::{self, Part},
};

/// Why the transaction of an import ends without a commit.
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

/// The body as a whole, within the bound of a table.
pub(crate) async fn body(mut body: web::Payload) -> ApiResult<Vec<u8>> {
    let mut file = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_cut_off| Refusal::field("file", "broken"))?;
        if file.len() + chunk.len() > sheet::MAX_BYTES {
            return Err(Refusal::rule("too_large", [("limit", sheet::MAX_BYTES.to_string())]).into());
        }
        file.extend_from_slice(&chunk);
    }
    Ok(file)
}

/// What the file would do, or, with the hash of what was looked at, does.
pub(crate) async fn run<P: Part>(
    platform: &Platform,
    actor: Actor,
    file: Vec<u8>,
    wanted: Option<String>,
) -> Outcome<ImportReport> {
    let [_, _, _, op] = P::ABOUT.ops;
    let write = platform.db.write(actor.who(), op, move |tx| {
        let mut report = rows::<P>(tx, &actor, &file)?;
        let Some(wanted) = wanted else { return Err(End::Report(report)) };
        if wanted != report.hash {
            return Err(Refusal::rule("file_changed", []).into());
        }
        if report.wrong > 0 {
            return Err(End::Report(report));
        }
        report.committed = true;
        let detail = serde_json::json!({ "rows": report.rows.len(), "hash": report.hash });
        tx.audit(Audit::of("agency", actor.agency_id).detail(detail))?;
        Ok(report)
    });
    match write.await {
        Ok(report) | Err(End::Report(report)) => Ok(report),
        Err(End::Refusal(refusal)) => Err(refusal),
    }
}

pub(super) fn rows<P: Part>(tx: &mut WriteTx<'_>, actor: &Actor, file: &[u8]) -> Outcome<ImportReport> {
    let table = Table::read(file)?;
    let hash = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    let heads = match heads(P::COLUMNS, &table.headings) {
        Ok(heads) => heads,
        Err(errors) => {
            let line = table.headings;
            let row = ImportRow { line: line.line, cells: line.cells.clone(), errors, temporary_password: None };
            return Ok(ImportReport { hash, columns: line.cells, rows: vec![row], wrong: 1, committed: false });
        }
    };
    let (mut made, mut touched) = (Vec::with_capacity(table.rows.len()), BTreeSet::new());
    for line in table.rows {
        let errors = match row::<P>(tx, actor, &Cells { heads: &heads, line: &line }, &mut touched) {
            Ok(()) => Vec::new(),
            Err(refusal) => told(refusal)?,
        };
        made.push(ImportRow { line: line.line, cells: line.cells, errors, temporary_password: None });
    }
    if made.is_empty() {
        return Err(Refusal::field("file", "empty"));
    }
    let wrong = made.iter().filter(|row| !row.errors.is_empty()).count();
    let columns = heads.iter().map(|column| column.code.to_owned()).collect();
    Ok(ImportReport { hash, columns, rows: made, wrong: u32::try_from(wrong).unwrap_or(u32::MAX), committed: false })
}

/// Adds or changes what a row says, by the operations that the form uses.
fn row<P: Part>(tx: &mut WriteTx<'_>, actor: &Actor, cells: &Cells<'_>, touched: &mut BTreeSet<i64>) -> Outcome<()> {
    let faults = cells.faults();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let input = P::read(tx, actor.agency_id, cells)?;
    let id = match input.find(tx, actor.agency_id)? {
        Some(id) if touched.contains(&id) => return Err(Refusal::field("", "twice")),
        Some(id) => {
            let before = P::load(tx, actor.agency_id, id)?;
            let input = if cells.heads.len() < P::COLUMNS.len() { over(tx, actor, cells, &before)? } else { input };
            if !is_same(tx, actor, &before, &input)? {
                part::change(tx, actor, (id, before.version), &input)?;
            }
            id
        }
        None => part::create(tx, actor, &input)?.id,
    };
    touched.insert(id);
    Ok(())
}

/// What a row says over what is there: an empty cell takes something away, a column that is not there does not.
fn over<P: Part>(tx: &mut ReadTx<'_>, actor: &Actor, cells: &Cells<'_>, before: &PartRow<P>) -> Outcome<P> {
    let heads: Vec<&'static Known> = P::COLUMNS.iter().collect();
    let there = heads.iter().zip(P::cells(before, Lang::Ar));
    let merged = there.map(|(known, kept)| {
        let told = cells.heads.iter().any(|head| head.code == known.code);
        if told { cells.text(known.code) } else { written(kept) }
    });
    let line = Line { line: cells.line.line, cells: merged.collect(), formulas: Vec::new() };
    P::read(tx, actor.agency_id, &Cells { heads: &heads, line: &line })
}

/// A cell as a table has it.
fn written(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Amount(minor, scale) => money::format(minor, scale),
        Cell::Day(day) => day.to_string(),
        Cell::Time(time) => time.to_string(),
    }
}

/// Whether the row says what the list says already.
fn is_same<P: Part>(tx: &mut ReadTx<'_>, actor: &Actor, before: &PartRow<P>, input: &P) -> Outcome<bool> {
    Ok(before.value == *input || input.checked(tx, actor, Some(before))? == before.value)
}

/// A refusal of a row as faults of its columns; a fault of the machine ends the import.
fn told(refusal: Refusal) -> Outcome<Vec<FieldError>> {
    let column = |field: &str| match field {
        "parent_id" => "parent_code".to_owned(),
        "user_id" => "username".to_owned(),
        field => field.strip_suffix("_id").unwrap_or(field).replace('.', "_"),
    };
    Ok(match refusal {
        Refusal::Invalid(fields) => {
            fields.into_iter().map(|error| FieldError { field: column(&error.field), ..error }).collect()
        }
        Refusal::Rule { code, args, .. } => vec![FieldError { field: String::new(), code: code.to_owned(), args }],
        Refusal::WrongState { state, action } => {
            vec![FieldError::new("", "wrong_state").with("state", state).with("action", action)]
        }
        Refusal::Denied(code) => vec![FieldError::new("", code)],
        fault => return Err(fault),
    })
}
