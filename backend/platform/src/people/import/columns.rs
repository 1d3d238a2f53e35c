//! The columns of each kind of file: their headings in both languages, and the cells of a row by them.

use std::collections::BTreeSet;

use diwan_kernel::FieldError;
use diwan_platform_api::people::{ImportKind, ImportRow};

use crate::{people::words::plain, sheet::Line};

/// A column that a file may have. A heading may be its code or either name, in any spelling.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) code: &'static str,
    pub(super) ar: &'static str,
    pub(super) en: &'static str,
    pub(super) required: bool,
}

const fn must(code: &'static str, ar: &'static str, en: &'static str) -> Known {
    Known { code, ar, en, required: true }
}

const fn may(code: &'static str, ar: &'static str, en: &'static str) -> Known {
    Known { code, ar, en, required: false }
}

static AGENCIES: [Known; 8] = [
    must("code", "الرمز", "Code"),
    must("name_ar", "الاسم بالعربية", "Name in Arabic"),
    may("name_en", "الاسم بالإنجليزية", "Name in English"),
    must("kind", "النوع", "Kind"),
    may("parent_code", "رمز الجهة الأم", "Code of parent agency"),
    must("addressee_ar", "المخاطب بالعربية", "Addressee in Arabic"),
    may("addressee_en", "المخاطب بالإنجليزية", "Addressee in English"),
    may("email", "البريد الإلكتروني", "E-mail"),
];

static UNITS: [Known; 5] = [
    must("code", "الرمز", "Code"),
    must("name_ar", "الاسم بالعربية", "Name in Arabic"),
    may("name_en", "الاسم بالإنجليزية", "Name in English"),
    must("kind", "النوع", "Kind"),
    may("parent_code", "رمز الوحدة الأعلى", "Code of unit above"),
];

static USERS: [Known; 9] = [
    must("username", "اسم المستخدم", "User name"),
    must("name_ar", "الاسم بالعربية", "Name in Arabic"),
    may("name_en", "الاسم بالإنجليزية", "Name in English"),
    may("email", "البريد الإلكتروني", "E-mail"),
    may("clearance", "درجة الاطلاع", "Clearance"),
    may("roles", "الأدوار", "Roles"),
    may("lang", "اللغة", "Language"),
    may("unit_code", "رمز الوحدة", "Code of unit"),
    may("position", "المركز الوظيفي", "Position"),
];

/// The columns that a kind of file may have.
pub(super) fn known(kind: ImportKind) -> &'static [Known] {
    match kind {
        ImportKind::Agencies => &AGENCIES,
        ImportKind::Units => &UNITS,
        ImportKind::Users => &USERS,
    }
}

/// The column that a field of a form is filled from.
pub(super) fn of_field(field: &str) -> String {
    match field {
        "parent_id" => "parent_code".to_owned(),
        "role_ids" => "roles".to_owned(),
        "unit_id" => "unit_code".to_owned(),
        "position_id" => "position".to_owned(),
        field => field.replace('.', "_"),
    }
}

/// Which column stands where in a file.
#[derive(Debug)]
pub(super) struct Heads(Vec<&'static Known>);

impl Heads {
    /// Reads the headings.
    ///
    /// # Errors
    /// The row of headings with `unknown_column`, `duplicate_column` and `missing_column`.
    pub(super) fn of(kind: ImportKind, headings: &Line) -> Result<Self, ImportRow> {
        let known = known(kind);
        let (mut found, mut errors, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for heading in &headings.cells {
            match known.iter().find(|column| column.is(heading)) {
                Some(column) if seen.insert(column.code) => found.push(column),
                Some(column) => errors.push(FieldError::new(column.code, "duplicate_column")),
                None => {
                    let all = known.iter().map(|column| column.code).collect::<Vec<_>>().join(", ");
                    errors.push(FieldError::new(heading, "unknown_column").with("known", all));
                }
            }
        }
        let missing = known.iter().filter(|column| column.required && !seen.contains(column.code));
        errors.extend(missing.map(|column| FieldError::new(column.code, "missing_column")));
        if errors.is_empty() {
            return Ok(Self(found));
        }
        Err(ImportRow { line: headings.line, cells: headings.cells.clone(), errors, temporary_password: None })
    }

    /// Their codes in the file's order.
    pub(super) fn codes(&self) -> Vec<String> {
        self.0.iter().map(|column| column.code.to_owned()).collect()
    }
}

impl Known {
    fn is(&self, heading: &str) -> bool {
        let typed = plain(heading);
        [self.code, self.ar, self.en].into_iter().any(|name| plain(name) == typed)
    }
}

/// A row by its columns.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    heads: &'a Heads,
    line: &'a Line,
}

impl<'a> Cells<'a> {
    pub(super) fn new(heads: &'a Heads, line: &'a Line) -> Self {
        Self { heads, line }
    }

    /// What stands in a column, or nothing.
    pub(super) fn get(&self, code: &str) -> &'a str {
        let at = self.heads.0.iter().position(|column| column.code == code);
        at.and_then(|at| self.line.cells.get(at)).map_or("", String::as_str)
    }

    /// What is wrong with the cells whatever they mean: required ones that are empty, formulas, cells beside the columns.
    pub(super) fn faults(&self) -> Vec<FieldError> {
        let columns = &self.heads.0;
        let empty = columns.iter().filter(|column| column.required && self.get(column.code).is_empty());
        let mut faults: Vec<_> = empty.map(|column| FieldError::new(column.code, "required")).collect();
        let formulas = self.line.formulas.iter().filter_map(|at| columns.get(*at));
        faults.extend(formulas.map(|column| FieldError::new(column.code, "formula")));
        if self.line.cells.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
            faults.push(FieldError::new("", "cells_beside_columns"));
        }
        faults
    }
}
