//! The budget law out of a workbook (قانون الموازنة من ملف): looked at row by row, then taken whole as the draft of a document,
//! with the workbook beside it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{
    DOCUMENT_LINES_MAX, DocumentInput, DocumentKind, LAW_ROWS_SHOWN, LawImport, LawQuery, LawRow, LawTotal, LineInput,
    SegmentKind,
};
use diwan_kernel::{FieldError, Permission, money, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{self, NewFile},
    sheet::{Line, Table},
};
use diwan_schema::finance::budget_keys;
use sha2::{Digest, Sha256};

use super::{
    keys,
    provisional::{self, KeyLine},
    values::Values,
};
use crate::{
    documents,
    parts::cells::{Cells, Known, heads, may, must},
    structure::{keys::Parts, years},
};

/// The columns of the workbook: the key as a whole, or each of its parts.
pub(super) const COLUMNS: &[Known] = &[
    may("key", "مفتاح الموازنة", "Budget key", 36),
    may("chapter", "الفصل", "Chapter", 12),
    may("programme", "البرنامج", "Programme", 12),
    may("activity", "النشاط أو المشروع", "Activity or project", 18),
    may("fund", "مصدر التمويل", "Fund", 14),
    may("location", "الموقع", "Location", 12),
    may("item", "البند", "Item", 12),
    must("amount", "المبلغ", "Amount", 18),
    may("note", "ملاحظة", "Note", 40),
];

/// A workbook as it was brought.
#[derive(Debug)]
pub struct Workbook {
    hash: String,
    table: Table,
}

impl Workbook {
    /// Reads a file: work for the processor, to be done outside of transactions.
    ///
    /// # Errors
    /// Wrong field `file`: it is no table, broken, or has too many rows.
    pub fn read(file: &[u8]) -> Outcome<Self> {
        let table = Table::read_up_to(file, DOCUMENT_LINES_MAX)?;
        if table.rows.is_empty() {
            return Err(Refusal::field("file", "empty"));
        }
        Ok(Self { hash: Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect(), table })
    }
}

/// A row that was read.
struct Read {
    parts: Parts,
    amount: i64,
    shown: LawRow,
}

/// What the workbook would become.
///
/// # Errors
/// A missing right; no fiscal year has the day; a sum does not fit; `law_total` where all rows are right and come to another sum
/// than the law. What is wrong with rows is told in the answer.
pub fn look(tx: &mut ReadTx<'_>, actor: &Actor, workbook: &Workbook, query: &LawQuery) -> Outcome<LawImport> {
    actor.require(Permission::FinanceBudget)?;
    let (_, values, rows) = beside_the_year(tx, actor, workbook, query.on)?;
    let seen = summed(workbook, &values, &rows)?;
    agrees(&seen, query)?;
    Ok(seen)
}

/// Whether right rows come to what the law says it comes to, where that is said: a row that is missing is no wrong one.
fn agrees(seen: &LawImport, query: &LawQuery) -> Outcome<()> {
    let Some(typed) = query.total.as_deref().filter(|typed| !typed.trim().is_empty()) else { return Ok(()) };
    let total = money::parse("total", typed, money::JOD_SCALE)?;
    if seen.wrong > 0 || seen.total == total {
        return Ok(());
    }
    let amount = |minor: i64| money::format(minor, money::JOD_SCALE);
    Err(Refusal::rule("law_total", [("sum", amount(seen.total)), ("total", amount(total))]))
}

/// Drafts the law; answers what it was made of, with its record. Where a row is wrong nothing is made.
///
/// # Errors
/// As [`look`]; `file_changed` where it is another file than the one looked at; a missing reference; what a draft refuses.
pub fn draft(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (workbook, file): (&Workbook, &NewFile),
    query: &LawQuery,
) -> Outcome<LawImport> {
    actor.require(Permission::FinanceBudget)?;
    if query.hash.as_deref() != Some(workbook.hash.as_str()) {
        return Err(Refusal::rule("file_changed", []));
    }
    let reference = query.reference.as_deref().unwrap_or_default();
    if reference.trim().is_empty() {
        return Err(Refusal::field("reference", "required"));
    }
    let (year_id, values, rows) = beside_the_year(tx, actor, workbook, query.on)?;
    let mut made = summed(workbook, &values, &rows)?;
    agrees(&made, query)?;
    if made.wrong > 0 {
        return Ok(made);
    }
    let wanted: Vec<Parts> = rows.iter().map(|row| row.parts).collect();
    keys::ensure(tx, actor, (year_id, query.on), (&values, &wanted))?;
    let given = query.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    let subject = given.map_or_else(|| format!("قانون الموازنة العامة لسنة {}", query.on.year()), str::to_owned);
    let lines = rows.into_iter().map(|row| LineInput {
        key: row.shown.key,
        debit: money::format(row.amount, money::JOD_SCALE),
        note: row.shown.note,
        ..LineInput::default()
    });
    let input = DocumentInput {
        subject,
        reference: reference.to_owned(),
        reference_on: query.reference_on,
        lines: lines.collect(),
        ..DocumentInput::new(DocumentKind::BudgetLaw, query.on)
    };
    let id = documents::create(tx, actor, &input)?;
    files::insert_all(tx, actor, id, std::slice::from_ref(file))?;
    made.document = Some(id);
    Ok(made)
}

/// Goes on only where no posted law of the year has given one of the keys: a law appropriates once, what comes besides is a
/// supplement. A law that comes in parts, each with keys of its own, is no second one.
///
/// # Errors
/// `law_twice` with the posted document and the first such key.
pub(crate) fn once(tx: &mut ReadTx<'_>, year_id: i64, keys: impl Iterator<Item = i64>) -> Outcome<()> {
    let keys: BTreeSet<i64> = keys.collect();
    for (document, given) in posted(tx, year_id)? {
        if let Some((key, ..)) = given.iter().find(|(key, ..)| keys.contains(key)) {
            let key: String = budget_keys::table.find(key).select(budget_keys::code).first(tx.conn())?;
            return Err(Refusal::rule("law_twice", [("document", document), ("key", key)]));
        }
    }
    Ok(())
}

/// The posted laws of a year by name, each with what it gives.
fn posted(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<Vec<(String, Vec<KeyLine>)>> {
    let laws = provisional::laws_of(tx, year_id)?;
    laws.into_iter().map(|id| Ok((documents::name_of(tx, id)?, provisional::lines_of(tx, &[id])?))).collect()
}

/// The year of a day, the values that keys are made of, and the rows of the workbook: what a posted law gives already is wrong.
fn beside_the_year(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    workbook: &Workbook,
    on: NaiveDate,
) -> Outcome<(i64, Values, Vec<Read>)> {
    let year_id = years::of_day(tx, actor.agency_id, on)?;
    let values = Values::load(tx, actor.agency_id)?;
    let mut rows = rows(workbook, &values, on);
    for (document, given) in posted(tx, year_id)? {
        let given: BTreeSet<Parts> = given.into_iter().map(|(_, parts, ..)| parts).collect();
        for row in rows.iter_mut().filter(|row| row.shown.errors.is_empty() && given.contains(&row.parts)) {
            let twice = FieldError::new("key", "law_twice").with("document", &document).with("key", &row.shown.key);
            row.shown.errors.push(twice);
        }
    }
    Ok((year_id, values, rows))
}

/// Every row of the workbook; where its headings are wrong, the line of the headings alone.
fn rows(workbook: &Workbook, values: &Values, on: NaiveDate) -> Vec<Read> {
    let headings = &workbook.table.headings;
    let heads = match heads(COLUMNS, headings).and_then(whole) {
        Ok(heads) => heads,
        Err(errors) => {
            let key = headings.cells.join(" | ");
            let shown = LawRow { line: headings.line, key, amount: String::new(), note: String::new(), errors };
            return vec![Read { parts: Parts::default(), amount: 0, shown }];
        }
    };
    let mut seen = BTreeMap::<Parts, u32>::new();
    let mut rows = Vec::with_capacity(workbook.table.rows.len());
    for line in &workbook.table.rows {
        let mut read = row(&Cells { heads: &heads, line }, line, values, on);
        if read.shown.errors.is_empty()
            && let Some(first) = seen.insert(read.parts, line.line)
        {
            read.shown.errors.push(FieldError::new("key", "law_row_twice").with("line", first));
        }
        rows.push(read);
    }
    rows
}

/// The key stands as a whole or in all its parts.
fn whole(heads: Vec<&'static Known>) -> Result<Vec<&'static Known>, Vec<FieldError>> {
    let has = |code: &str| heads.iter().any(|known| known.code == code);
    let missing: Vec<FieldError> = SegmentKind::ALL
        .iter()
        .filter(|kind| !has("key") && !has(kind.code()))
        .map(|kind| FieldError::new(kind.code(), "missing_column"))
        .collect();
    if missing.is_empty() { Ok(heads) } else { Err(missing) }
}

fn row(cells: &Cells<'_>, line: &Line, values: &Values, on: NaiveDate) -> Read {
    let mut errors = cells.faults();
    let mut parts = Parts::default();
    let whole: Vec<String> = text::latin_digits(cells.get("key")).split('-').map(str::to_owned).collect();
    let by_key = !cells.get("key").is_empty();
    if by_key && whole.len() != parts.len() {
        errors.push(FieldError::new("key", "key_unknown").with("code", cells.get("key")));
    } else {
        for ((part, kind), place) in parts.iter_mut().zip(SegmentKind::ALL).zip(0..) {
            let typed = if by_key { whole.get(place).map_or("", String::as_str) } else { cells.get(kind.code()) };
            let field = if by_key { "key" } else { kind.code() };
            match values.find(*kind, typed) {
                _ if typed.is_empty() => errors.push(FieldError::new(field, "required")),
                None => {
                    let unknown = FieldError::new(field, "segment_unknown").with("code", typed);
                    errors.push(unknown.with("part", kind.code()));
                }
                Some(value) => {
                    errors.extend(value.fault(field, on));
                    *part = value.id;
                }
            }
        }
    }
    let amount = match money::parse("amount", cells.get("amount"), money::JOD_SCALE) {
        Ok(amount) if amount > 0 => amount,
        // That it is missing is told already.
        Err(error) if error.code == "required" => 0,
        Err(error) => {
            errors.push(error);
            0
        }
        Ok(_) => {
            errors.push(FieldError::new("amount", "not_positive"));
            0
        }
    };
    let note = match cells.get("note") {
        "" => String::new(),
        note => text::line("note", note, text::SUBJECT_MAX).unwrap_or_else(|error| {
            errors.push(error);
            String::new()
        }),
    };
    let key = if parts.contains(&0) { cells.get("key").to_owned() } else { values.code(&parts) };
    let amount_shown = if amount > 0 { money::format(amount, money::JOD_SCALE) } else { cells.text("amount") };
    Read { parts, amount, shown: LawRow { line: line.line, key, amount: amount_shown, note, errors } }
}

/// The sums, and the rows to look at.
fn summed(workbook: &Workbook, values: &Values, rows: &[Read]) -> Outcome<LawImport> {
    let mut chapters = BTreeMap::<i64, LawTotal>::new();
    let mut total = 0_i64;
    for row in rows.iter().filter(|row| row.shown.errors.is_empty()) {
        let sum = total.checked_add(row.amount).filter(|sum| *sum <= money::AMOUNT_MAX);
        total = sum.ok_or_else(|| {
            let limit = money::format(money::AMOUNT_MAX, money::JOD_SCALE);
            Refusal::from(FieldError::new("file", "too_large").with("limit", limit))
        })?;
        let [id, ..] = row.parts;
        let Some(chapter) = values.get(id) else { continue };
        let of_chapter = chapters.entry(id).or_insert_with(|| LawTotal {
            code: chapter.code.clone(),
            name: chapter.name(),
            amount: 0,
            rows: 0,
        });
        of_chapter.amount += row.amount;
        of_chapter.rows += 1;
    }
    let wrong = rows.iter().filter(|row| !row.shown.errors.is_empty());
    let right = rows.iter().filter(|row| row.shown.errors.is_empty());
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    Ok(LawImport {
        hash: workbook.hash.clone(),
        rows: count(workbook.table.rows.len()),
        wrong: count(wrong.clone().count()),
        total,
        chapters: chapters.into_values().collect(),
        shown: wrong.chain(right).take(LAW_ROWS_SHOWN).map(|row| row.shown.clone()).collect(),
        document: None,
    })
}
