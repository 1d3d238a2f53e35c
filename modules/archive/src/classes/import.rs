//! The plan out of a table: looked at first, then whole or not at all. The preview does what the commit does and takes it
//! back. A class whose code is there already is changed; others are added. What a class is below stands in a row above it.

use std::collections::BTreeSet;

use diwan_archive_api::{ClassInput, DocumentClass};
use diwan_db::{Audit, DbError, WriteTx};
use diwan_kernel::{FieldError, Lang, Named, Secrecy, text};
use diwan_platform::{
    Actor, Fields, Outcome, Platform, Refusal,
    sheet::{Line, Table},
};
use diwan_platform_api::people::{ImportReport, ImportRow};

use super::{begin, save, store};
use crate::{hash, schedules::store as schedules};

/// A column that a file may have. A heading may be its code or either name, in any spelling.
pub(super) struct Known {
    code: &'static str,
    pub(super) ar: &'static str,
    pub(super) en: &'static str,
    required: bool,
}

const fn column(code: &'static str, ar: &'static str, en: &'static str, required: bool) -> Known {
    Known { code, ar, en, required }
}

/// The columns in the order of the export.
pub(super) static COLUMNS: [Known; 8] = [
    column("code", "الرمز", "Code", true),
    column("parent_code", "رمز الفئة الأعلى", "Code of class above", false),
    column("name_ar", "الاسم بالعربية", "Name in Arabic", true),
    column("name_en", "الاسم بالإنجليزية", "Name in English", false),
    column("note", "نطاق الفئة", "Scope note", false),
    column("secrecy", "درجة السرية", "Secrecy", false),
    column("schedule", "رمز مدة الاستبقاء", "Code of retention schedule", false),
    column("active", "فعالة", "Active", false),
];

const SECRECY: [(Secrecy, [&str; 3]); 4] = [
    (Secrecy::Normal, ["normal", "عادي", "Normal"]),
    (Secrecy::Restricted, ["restricted", "محدود", "Restricted"]),
    (Secrecy::Secret, ["secret", "سري", "Secret"]),
    (Secrecy::TopSecret, ["top_secret", "سري للغاية", "Top secret"]),
];

/// The word of a secrecy level.
pub(super) fn secrecy_word(level: Secrecy, lang: Lang) -> &'static str {
    let words = SECRECY.iter().find(|(known, _)| *known == level).map_or([""; 3], |(_, words)| *words);
    match lang {
        Lang::Ar => words[1],
        Lang::En => words[2],
    }
}

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

/// What the file would do, or, with the hash of what was looked at, does.
pub(super) async fn run(
    platform: &Platform,
    actor: Actor,
    file: Vec<u8>,
    wanted: Option<String>,
) -> Outcome<ImportReport> {
    let write = platform.db.write(actor.who(), "archive.class.import", move |tx| {
        begin::begin(tx, actor.agency_id)?;
        let mut report = rows(tx, &actor, &file)?;
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

fn rows(tx: &mut WriteTx<'_>, actor: &Actor, file: &[u8]) -> Outcome<ImportReport> {
    let table = Table::read(file)?;
    let hash = hash::hex(file);
    let heads = match heads(&table.headings) {
        Ok(heads) => heads,
        Err(errors) => {
            let line = table.headings;
            let row = ImportRow { line: line.line, cells: line.cells.clone(), errors, temporary_password: None };
            return Ok(ImportReport { hash, columns: line.cells, rows: vec![row], wrong: 1, committed: false });
        }
    };
    let mut made = Vec::with_capacity(table.rows.len());
    for line in table.rows {
        let errors = match row(tx, actor, &Cells { heads: &heads, line: &line }) {
            Ok(_class) => Vec::new(),
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

/// Which column stands where.
fn heads(headings: &Line) -> Result<Vec<&'static Known>, Vec<FieldError>> {
    let (mut found, mut errors, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for heading in &headings.cells {
        let typed = plain(heading);
        let known =
            COLUMNS.iter().find(|known| [known.code, known.ar, known.en].iter().any(|name| plain(name) == typed));
        match known {
            Some(column) if seen.insert(column.code) => found.push(column),
            Some(column) => errors.push(FieldError::new(column.code, "duplicate_column")),
            None => {
                let all = COLUMNS.iter().map(|known| known.code).collect::<Vec<_>>().join(", ");
                errors.push(FieldError::new(heading, "unknown_column").with("known", all));
            }
        }
    }
    let missing = COLUMNS.iter().filter(|known| known.required && !seen.contains(known.code));
    errors.extend(missing.map(|known| FieldError::new(known.code, "missing_column")));
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// A row by its columns.
struct Cells<'a> {
    heads: &'a [&'static Known],
    line: &'a Line,
}

impl Cells<'_> {
    fn get(&self, code: &str) -> &str {
        let at = self.heads.iter().position(|known| known.code == code);
        at.and_then(|at| self.line.cells.get(at)).map_or("", String::as_str)
    }

    /// What is wrong with the cells whatever they mean.
    fn faults(&self) -> Vec<FieldError> {
        let empty = self.heads.iter().filter(|known| known.required && self.get(known.code).is_empty());
        let mut faults: Vec<_> = empty.map(|known| FieldError::new(known.code, "required")).collect();
        let formulas = self.line.formulas.iter().filter_map(|at| self.heads.get(*at));
        faults.extend(formulas.map(|known| FieldError::new(known.code, "formula")));
        if self.line.cells.iter().skip(self.heads.len()).any(|cell| !cell.is_empty()) {
            faults.push(FieldError::new("", "cells_beside_columns"));
        }
        faults
    }
}

/// Adds or changes the class of a row by the operation that the form uses.
fn row(tx: &mut WriteTx<'_>, actor: &Actor, cells: &Cells<'_>) -> Outcome<DocumentClass> {
    let faults = cells.faults();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let mut fields = Fields::default();
    let parent_id = match cells.get("parent_code") {
        "" => None,
        code => {
            let above = store::of_code(tx, actor.agency_id, code)?;
            if above.is_none() {
                fields.push(FieldError::new("parent_code", "unknown").with("value", code));
            }
            above.map(|above| above.id)
        }
    };
    let schedule_id = match cells.get("schedule") {
        "" => None,
        code => {
            let found = schedules::all(tx, actor.agency_id)?.into_iter().find(|schedule| schedule.code == code);
            if found.is_none() {
                fields.push(FieldError::new("schedule", "unknown").with("value", code));
            }
            found.map(|schedule| schedule.id)
        }
    };
    let secrecy = fields.take(secrecy(cells.get("secrecy")).map(Some)).unwrap_or(Secrecy::Normal);
    let active = fields.take(yes(cells.get("active")).map(Some)).unwrap_or(true);
    fields.done()?;
    let input = ClassInput {
        code: cells.get("code").to_owned(),
        parent_id,
        name: Named { ar: cells.get("name_ar").to_owned(), en: cells.get("name_en").to_owned() },
        note: cells.get("note").to_owned(),
        secrecy,
        schedule_id,
        active,
    };
    match store::of_code(tx, actor.agency_id, &input.code)? {
        Some(class) if same(&class, &input) => store::view(tx, actor.agency_id, class.id),
        Some(class) => save::change(tx, actor, class.id, class.version, &input),
        None => save::create(tx, actor, &input),
    }
}

/// Whether the row says what the plan says already.
fn same(class: &store::ClassRow, input: &ClassInput) -> bool {
    class.parent_id == input.parent_id
        && class.name_ar == input.name.ar
        && class.name_en == input.name.en
        && class.note == input.note
        && class.secrecy == input.secrecy.code()
        && class.schedule_id == input.schedule_id
        && class.active == input.active
}

fn secrecy(typed: &str) -> Result<Secrecy, FieldError> {
    if typed.is_empty() {
        return Ok(Secrecy::Normal);
    }
    let found = SECRECY.iter().find(|(_, words)| words.iter().any(|word| plain(word) == plain(typed)));
    let known = || SECRECY.iter().map(|(_, [_, ar, en])| format!("{ar} / {en}")).collect::<Vec<_>>().join("، ");
    found.map(|(level, _)| *level).ok_or_else(|| FieldError::new("secrecy", "unknown_word").with("known", known()))
}

fn yes(typed: &str) -> Result<bool, FieldError> {
    match plain(typed).as_str() {
        "" | "نعم" | "yes" | "true" | "1" => Ok(true),
        "لا" | "no" | "false" | "0" => Ok(false),
        _ => Err(FieldError::new("active", "unknown_word").with("known", "نعم / yes، لا / no")),
    }
}

/// A word as people type it in different ways.
fn plain(word: &str) -> String {
    text::fold(word).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A refusal of a row as faults of its columns; a fault of the machine ends the import.
fn told(refusal: Refusal) -> Outcome<Vec<FieldError>> {
    let column = |field: &str| match field {
        "parent_id" => "parent_code".to_owned(),
        "schedule_id" => "schedule".to_owned(),
        field => field.replace('.', "_"),
    };
    Ok(match refusal {
        Refusal::Invalid(fields) => {
            fields.into_iter().map(|error| FieldError { field: column(&error.field), ..error }).collect()
        }
        Refusal::Rule { code, args, .. } => vec![FieldError { field: String::new(), code: code.to_owned(), args }],
        fault => return Err(fault),
    })
}
