//! The fields that can be named in a query, and the days written in it.

use chrono::{Datelike, Months, NaiveDate};

use crate::analyze::words;

/// Where something is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// الموضوع.
    Subject,
    /// الرقم.
    Number,
    /// الجهة.
    Party,
    /// الرمز.
    Class,
    /// النوع.
    Kind,
    /// من تاريخ.
    From,
    /// إلى تاريخ.
    To,
    /// التاريخ.
    Date,
}

impl Field {
    /// The field of this name in either language, however it is spelt.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match words(name).concat().as_str() {
            "الموضوع" | "موضوع" | "subject" | "title" => Self::Subject,
            "الرقم" | "number" => Self::Number,
            "الجهه" | "جهه" | "party" | "agency" => Self::Party,
            "الرمز" | "رمز" | "التصنيف" | "تصنيف" | "class" => Self::Class,
            "النوع" | "نوع" | "kind" | "type" => Self::Kind,
            "من" | "from" => Self::From,
            "الي" | "to" => Self::To,
            "التاريخ" | "تاريخ" | "date" => Self::Date,
            _ => return None,
        })
    }
}

/// The first and the last day of what was written: a day, a month, a year, or two of these with `..` between them.
pub(super) fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    if let Some((from, to)) = text.split_once("..") {
        return Some((days(from)?.0, days(to)?.1));
    }
    let clean = |c: char| c.is_alphanumeric() || "/-.\\".contains(c);
    if !text.chars().all(|c| clean(c) || matches!(c, '\u{200E}' | '\u{200F}')) {
        return None;
    }
    let numbers = words(text);
    let number = |at: usize| numbers.get(at).and_then(|word: &String| word.parse::<u32>().ok());
    let year = |at: usize| number(at).and_then(|year| i32::try_from(year).ok()).filter(|year| is_year(*year));
    let (first, months) = match (numbers.len(), year(0)) {
        (1, Some(year)) => (NaiveDate::from_ymd_opt(year, 1, 1)?, 12),
        (2, Some(year)) => (NaiveDate::from_ymd_opt(year, number(1)?, 1)?, 1),
        (2, None) => (NaiveDate::from_ymd_opt(year(1)?, number(0)?, 1)?, 1),
        (3, Some(year)) => (NaiveDate::from_ymd_opt(year, number(1)?, number(2)?)?, 0),
        (3, None) => (NaiveDate::from_ymd_opt(year(2)?, number(1)?, number(0)?)?, 0),
        _ => return None,
    };
    let last = if months == 0 { first } else { first.checked_add_months(Months::new(months))?.pred_opt()? };
    Some((first, last))
}

fn is_year(year: i32) -> bool {
    (1800..2200).contains(&year) && NaiveDate::from_ymd_opt(year, 1, 1).is_some_and(|day| day.year() == year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_every_way_they_are_written() {
        for (text, expected) in [
            ("2023", "2023-01-01..2023-12-31"),
            ("٢٠٢٣", "2023-01-01..2023-12-31"),
            ("2024-02", "2024-02-01..2024-02-29"),
            ("2/2024", "2024-02-01..2024-02-29"),
            ("20/3/2023", "2023-03-20..2023-03-20"),
            ("٢٠٢٣/٣/٢٠", "2023-03-20..2023-03-20"),
            ("2023-03-20", "2023-03-20..2023-03-20"),
            ("2021..2023", "2021-01-01..2023-12-31"),
            ("3/2023..20/4/2023", "2023-03-01..2023-04-20"),
        ] {
            let (from, to) = days(text).unwrap();
            assert_eq!(format!("{from}..{to}"), expected, "{text}");
        }
        for text in
            ["", "31/2/2023", "1443", "99999", "2023/13", "قريبا", "1-2-3-2023", "4:51", "2023..", "..", "20 3 2023"]
        {
            assert_eq!(days(text), None, "{text}");
        }
    }

    #[test]
    fn names_in_both_languages_and_any_spelling() {
        assert_eq!(Field::named("الجهة"), Some(Field::Party));
        assert_eq!(Field::named("الجهه"), Some(Field::Party));
        assert_eq!(Field::named("إلى"), Some(Field::To));
        assert_eq!(Field::named("Subject"), Some(Field::Subject));
        assert_eq!(Field::named("ملاحظة"), None);
        assert_eq!(Field::named(""), None);
    }
}
