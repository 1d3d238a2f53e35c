//! What a table (CSV or XLSX) says of the files of an import, row by row, and the document that comes of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_archive_api::{ImportDefaults, ImportTable, NewDocument};
use diwan_db::ReadTx;
use diwan_kernel::{Caveat, FieldError, Secrecy, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    people::words::{CLEARANCES, Word, meant, plain},
    sheet::{Line, Table},
};
use diwan_schema::platform::units;

use super::store::tidy_path;

/// The most rows of a table.
const MOST_ROWS: usize = 50_000;

/// A column: its code, its Arabic and its English name.
const COLUMNS: [[&str; 3]; 8] = [
    ["path", "المسار", "Path"],
    ["subject", "الموضوع", "Subject"],
    ["date", "التاريخ", "Date"],
    ["party", "الجهة", "Party"],
    ["class", "التصنيف", "Class"],
    ["secrecy", "درجة السرية", "Secrecy"],
    ["caveats", "قيود التداول", "Caveats"],
    ["unit", "رمز الوحدة", "Unit code"],
];

static CAVEATS: [Word<Caveat>; 2] = [
    (Caveat::Personal, ["personal", "شخصي", "Personal"]),
    (Caveat::SealedEnvelope, ["sealed_envelope", "مكتوم", "Sealed envelope"]),
];

/// What stands in the cells of a row, by the code of the column.
pub(super) type Cells = BTreeMap<String, String>;

/// A row for a file.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) path: String,
    pub(super) line: i32,
    pub(super) cells: Cells,
}

/// Reads a table; its faults as a whole are told in place of its rows.
///
/// # Errors
/// The file is no table, or too long.
pub(super) fn read(bytes: &[u8]) -> Outcome<Result<Vec<Row>, ImportTable>> {
    let table = Table::read_up_to(bytes, MOST_ROWS)?;
    let heads = match heads(&table.headings) {
        Ok(heads) => heads,
        Err(faults) => return Ok(Err(ImportTable { rows: 0, faults })),
    };
    let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for line in table.rows {
        let mut row = row(&heads, &line);
        row.path = tidy_path(&row.path);
        let fault = match () {
            () if row.path.is_empty() => Some("required"),
            () if !seen.insert(row.path.clone()) => Some("already_exists"),
            () => None,
        };
        match fault {
            Some(code) => faults.push(FieldError::new("path", code).with("line", line.line).with("name", &row.path)),
            None => rows.push(row),
        }
    }
    if faults.is_empty() {
        return Ok(Ok(rows));
    }
    const SHOWN: usize = 50;
    faults.truncate(SHOWN);
    Ok(Err(ImportTable { rows: u32::try_from(rows.len()).unwrap_or(u32::MAX), faults }))
}

fn heads(headings: &Line) -> Result<Vec<&'static str>, Vec<FieldError>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for heading in &headings.cells {
        let typed = plain(heading);
        match COLUMNS.iter().find(|names| names.iter().any(|name| plain(name) == typed)) {
            Some([code, ..]) if found.contains(code) => faults.push(FieldError::new(*code, "duplicate_column")),
            Some([code, ..]) => found.push(code),
            None => {
                let all = COLUMNS.map(|[code, ..]| code).join(", ");
                faults.push(FieldError::new(heading, "unknown_column").with("known", all));
            }
        }
    }
    if !found.contains(&"path") {
        faults.push(FieldError::new("path", "missing_column"));
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn row(heads: &[&str], line: &Line) -> Row {
    let mut cells: Cells = heads
        .iter()
        .zip(&line.cells)
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(code, cell)| ((*code).to_owned(), cell.clone()))
        .collect();
    let path = cells.remove("path").unwrap_or_default();
    Row { path, line: i32::try_from(line.line).unwrap_or(i32::MAX), cells }
}

/// The document that a file becomes: what its row says, else what is said of all, else what the file tells by its name and
/// its day.
pub(super) fn document(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    defaults: &ImportDefaults,
    (path, modified_on): (&str, Option<NaiveDate>),
    cells: &Cells,
) -> Outcome<NewDocument> {
    let mut faults = Vec::new();
    let today = tx.today();
    let said = |code: &str| cells.get(code).map(String::as_str);
    let mut take = |result: Result<(), FieldError>| faults.extend(result.err());
    let mut doc_date = defaults.doc_date.or(modified_on.filter(|day| *day <= today)).unwrap_or(today);
    if let Some(typed) = said("date") {
        take(day(typed).map(|day| doc_date = day));
    }
    let mut secrecy: Secrecy = defaults.secrecy;
    if let Some(typed) = said("secrecy") {
        take(meant("secrecy", typed, &CLEARANCES).map(|degree| secrecy = degree));
    }
    let mut caveats = defaults.caveats.clone();
    if let Some(typed) = said("caveats") {
        let words = typed.split([';', '؛', '|']).map(str::trim).filter(|word| !word.is_empty());
        take(words.map(|word| meant("caveats", word, &CAVEATS)).collect::<Result<_, _>>().map(|all| caveats = all));
    }
    let mut unit_id = defaults.unit_id;
    if let Some(code) = said("unit") {
        let found = unit(tx, actor, code)?;
        take(found.map(|id| unit_id = Some(id)).ok_or_else(|| FieldError::new("unit", "unknown").with("value", code)));
    }
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    Ok(NewDocument {
        subject: said("subject").map_or_else(|| subject_of(path), str::to_owned),
        doc_date,
        party: said("party").unwrap_or(&defaults.party).to_owned(),
        class_code: said("class").map(str::to_owned).or_else(|| defaults.class_code.clone()),
        secrecy,
        caveats,
        type_id: None,
        values: BTreeMap::new(),
        tags: Vec::new(),
        unit_id,
    })
}

fn unit(tx: &mut ReadTx<'_>, actor: &Actor, code: &str) -> Outcome<Option<i64>> {
    let of_code = units::table.filter(units::agency_id.eq(actor.agency_id)).filter(units::code.eq(code));
    Ok(of_code.select(units::id).first(tx.conn()).optional()?)
}

/// The name of the file without its ending, as a subject: lines under and between words are spaces.
fn subject_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    let shown: String = stem
        .chars()
        .filter(|c| !c.is_control() && !text::is_bidi_control(*c))
        .map(|c| if c == '_' { ' ' } else { c })
        .collect();
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = shown.chars().take(text::SUBJECT_MAX).collect();
    if short.is_empty() { name.to_owned() } else { short }
}

/// A day as people write it: year first, or day first; with any mark between and any digits.
fn day(typed: &str) -> Result<NaiveDate, FieldError> {
    let bare = text::fold(typed.trim());
    // A workbook gives a day with its time.
    let bare = bare.split([' ', 't']).next().unwrap_or_default().replace(['/', '.'], "-");
    let parsed = ["%Y-%m-%d", "%d-%m-%Y"].iter().find_map(|form| NaiveDate::parse_from_str(&bare, form).ok());
    let sensible = parsed.filter(|day| *day >= NaiveDate::default() - chrono::Duration::days(70 * 366));
    sensible.ok_or_else(|| FieldError::new("date", "bad_date").with("value", typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_headings_in_any_language() {
        let csv = "المسار;Subject;التاريخ\nأ\\ب.pdf;كتاب;2026-01-02\n./ج.txt;;\n";
        let rows = read(csv.as_bytes()).unwrap().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].path.as_str(), rows[0].line, rows[0].cells["subject"].as_str()), ("أ/ب.pdf", 2, "كتاب"));
        assert_eq!((rows[1].path.as_str(), rows[1].cells.len()), ("ج.txt", 0));
    }

    #[test]
    fn a_table_in_windows_1256_is_read() {
        let (bytes, ..) = encoding_rs::WINDOWS_1256.encode("path,الموضوع\nكتاب.pdf,طلب إجازة\n");
        let rows = read(&bytes).unwrap().unwrap();
        assert_eq!((rows[0].path.as_str(), rows[0].cells["subject"].as_str()), ("كتاب.pdf", "طلب إجازة"));
    }

    #[test]
    fn a_wrong_table_is_told_and_not_taken() {
        for (csv, code) in [
            ("subject\nx\n", "missing_column"),
            ("path,colour\na,b\n", "unknown_column"),
            ("path,Path\na,b\n", "duplicate_column"),
            ("path,subject\n,b\n", "required"),
            ("path\na.txt\n./a.txt\n", "already_exists"),
        ] {
            let wrong = read(csv.as_bytes()).unwrap().unwrap_err();
            assert!(wrong.faults.iter().any(|fault| fault.code == code), "{csv}: {wrong:?}");
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let wanted = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        for typed in ["2026-03-05", "5/3/2026", "05.03.2026", "٥/٣/٢٠٢٦", "2026/3/5", "2026-03-05 00:00:00"] {
            assert_eq!(day(typed), Ok(wanted), "{typed}");
        }
        for typed in ["", "أمس", "2026-13-01", "31/2/2026", "5/3/26"] {
            assert_eq!(day(typed).unwrap_err().code, "bad_date", "{typed}");
        }
    }

    #[test]
    fn a_file_gives_its_name_as_subject() {
        assert_eq!(subject_of("سنة/كتاب_رقم_٥.pdf"), "كتاب رقم ٥");
        assert_eq!(subject_of(".hidden"), ".hidden");
        assert_eq!(subject_of(&format!("{}.pdf", "ك".repeat(600))).chars().count(), text::SUBJECT_MAX);
    }
}
