//! The cells of a table that somebody brings, by its columns.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform::{
    people::words::{Word, meant, plain},
    sheet::Line,
};

/// A column that a table may have. A heading may be its code or either name, in any spelling.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) code: &'static str,
    pub(crate) ar: &'static str,
    pub(crate) en: &'static str,
    pub(crate) required: bool,
    /// Characters it is wide in an export.
    pub(crate) width: u16,
}

/// A column that has to be filled.
pub(crate) const fn must(code: &'static str, ar: &'static str, en: &'static str, width: u16) -> Known {
    Known { code, ar, en, required: true, width }
}

/// A column that may be left out.
pub(crate) const fn may(code: &'static str, ar: &'static str, en: &'static str, width: u16) -> Known {
    Known { code, ar, en, required: false, width }
}

/// Code, names and activity, which many lists have.
pub(crate) const CODE: Known = must("code", "الرمز", "Code", 16);
pub(crate) const NAME_AR: Known = must("name_ar", "الاسم بالعربية", "Name in Arabic", 40);
pub(crate) const NAME_EN: Known = may("name_en", "الاسم بالإنجليزية", "Name in English", 40);
pub(crate) const ACTIVE: Known = may("active", "فعال", "Active", 10);
pub(crate) const FROM: Known = must("active_from", "من تاريخ", "From", 14);
pub(crate) const TO: Known = may("active_to", "إلى تاريخ", "To", 14);
pub(crate) const PARENT: Known = may("parent_code", "رمز الأعلى", "Parent code", 16);

/// Which column stands where.
pub(crate) fn heads(known: &'static [Known], headings: &Line) -> Result<Vec<&'static Known>, Vec<FieldError>> {
    let (mut found, mut errors, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for heading in &headings.cells {
        let typed = plain(heading);
        let of_heading =
            known.iter().find(|known| [known.code, known.ar, known.en].into_iter().any(|name| plain(name) == typed));
        match of_heading {
            Some(column) if seen.insert(column.code) => found.push(column),
            Some(column) => errors.push(FieldError::new(column.code, "duplicate_column")),
            None => {
                let all = known.iter().map(|known| known.code).collect::<Vec<_>>().join(", ");
                errors.push(FieldError::new(heading, "unknown_column").with("known", all));
            }
        }
    }
    let missing = known.iter().filter(|known| known.required && !seen.contains(known.code));
    errors.extend(missing.map(|known| FieldError::new(known.code, "missing_column")));
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// A row by its columns.
pub(crate) struct Cells<'a> {
    pub(crate) heads: &'a [&'static Known],
    pub(crate) line: &'a Line,
}

impl Cells<'_> {
    /// What stands in a column, or nothing.
    pub(crate) fn get(&self, code: &str) -> &str {
        let at = self.heads.iter().position(|known| known.code == code);
        at.and_then(|at| self.line.cells.get(at)).map_or("", String::as_str)
    }

    /// As [`Cells::get`], as a form has it.
    pub(crate) fn text(&self, code: &str) -> String {
        self.get(code).to_owned()
    }

    /// The name in both languages.
    pub(crate) fn name(&self) -> Named {
        Named { ar: self.text("name_ar"), en: self.text("name_en") }
    }

    /// Yes or no; what is told where nothing stands.
    pub(crate) fn yes(&self, code: &str, otherwise: bool) -> Result<bool, FieldError> {
        match plain(self.get(code)).as_str() {
            "" => Ok(otherwise),
            "نعم" | "yes" | "true" | "1" => Ok(true),
            "لا" | "no" | "false" | "0" => Ok(false),
            _ => Err(FieldError::new(code, "unknown_word").with("known", "نعم / yes، لا / no")),
        }
    }

    /// A value of a closed set.
    pub(crate) fn word<T: Copy>(&self, code: &str, words: &[Word<T>]) -> Result<Option<T>, FieldError> {
        match self.get(code) {
            "" => Ok(None),
            typed => meant(code, typed, words).map(Some),
        }
    }

    /// A day: as `2026-01-31`, `31/1/2026`, or as a spreadsheet counts it.
    pub(crate) fn day(&self, code: &str) -> Result<Option<NaiveDate>, FieldError> {
        let typed = text::fold(self.get(code));
        if typed.is_empty() {
            return Ok(None);
        }
        let date = typed.split([' ', 't']).next().unwrap_or_default();
        let found = ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(date, form).ok());
        found.or_else(|| counted(date)).map(Some).ok_or_else(|| FieldError::new(code, "not_a_date"))
    }

    /// A whole number.
    pub(crate) fn number(&self, code: &str) -> Result<Option<i32>, FieldError> {
        match text::fold(self.get(code)).as_str() {
            "" => Ok(None),
            typed => typed.parse().map(Some).map_err(|_| FieldError::new(code, "not_a_number")),
        }
    }

    /// What is wrong with the cells whatever they mean.
    pub(crate) fn faults(&self) -> Vec<FieldError> {
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

/// A day as spreadsheets count: 1 is the first of January 1900, and they take 1900 for a leap year.
fn counted(text: &str) -> Option<NaiveDate> {
    let days: u64 = text.parse().ok().filter(|days| (10_000..200_000).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_and_spreadsheets_write_them() {
        static DAY: Known = must("day", "اليوم", "Day", 10);
        let read = |typed: &str| {
            let line = Line { line: 2, cells: vec![typed.to_owned()], formulas: Vec::new() };
            Cells { heads: &[&DAY], line: &line }.day("day")
        };
        let day = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        for typed in ["2026-01-31", "31/1/2026", "٣١/١/٢٠٢٦", "46053", "2026-01-31 00:00:00"] {
            assert_eq!(read(typed), Ok(Some(day)), "{typed}");
        }
        assert_eq!(read(""), Ok(None));
        for typed in ["31", "2026-02-30", "غدا"] {
            assert_eq!(read(typed).unwrap_err().code, "not_a_date", "{typed}");
        }
    }
}
