//! Dates as people write them: digits of either script, day or month first, months by name.

use chrono::{Datelike, NaiveDate};

use super::template::DateOrder;

/// Months by name: English by its first three letters, the names of Egypt and the Gulf, and those of the Levant.
const MONTHS: [&[&str]; 12] = [
    &["jan", "يناير", "كانون2"],
    &["feb", "فبراير", "شباط"],
    &["mar", "مارس", "اذار"],
    &["apr", "ابريل", "نيسان"],
    &["may", "مايو", "ايار"],
    &["jun", "يونيو", "حزيران"],
    &["jul", "يوليو", "تموز"],
    &["aug", "اغسطس", "اب"],
    &["sep", "سبتمبر", "ايلول"],
    &["oct", "اكتوبر", "تشرين1"],
    &["nov", "نوفمبر", "تشرين2"],
    &["dec", "ديسمبر", "كانون1"],
];
/// The Levantine months of two words, folded.
const PAIRS: [(&str, &str); 4] =
    [("كانون الثاني", "كانون2"), ("كانون الاول", "كانون1"), ("تشرين الاول", "تشرين1"), ("تشرين الثاني", "تشرين2")];

/// A date in its three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    /// Everything is said.
    Day(NaiveDate),
    /// Two numbers that are day and month in one order or the other.
    Either(u32, u32, i32),
}

impl Parts {
    /// The parts of a text; a time after them is passed over.
    pub fn read(text: &str) -> Option<Self> {
        let mut folded = diwan_kernel::text::fold(text.trim());
        for (pair, one) in PAIRS {
            folded = folded.replace(pair, one);
        }
        let mut parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let first = parts.next()?;
        if let Some(day) = compact(first) {
            return Some(Self::Day(day));
        }
        // An ISO time hangs on the day: `05T00:00`.
        let (second, third) = (parts.next()?, parts.next()?);
        let third = third.split_once('t').map_or(third, |(day, _)| day);
        if let Some(year) = whole_year(first) {
            let month = number(second).or_else(|| month(second))?;
            return NaiveDate::from_ymd_opt(year, month, number(third)?).map(Self::Day);
        }
        let year = whole_year(third).or_else(|| short_year(third))?;
        match (month(first), month(second)) {
            (Some(month), _) => NaiveDate::from_ymd_opt(year, month, number(second)?).map(Self::Day),
            (_, Some(month)) => NaiveDate::from_ymd_opt(year, month, number(first)?).map(Self::Day),
            _ => Some(Self::Either(number(first)?, number(second)?, year)),
        }
    }

    /// The order that this date alone proves.
    pub fn proves(self) -> Option<DateOrder> {
        match self {
            Self::Either(first, 1..=12, _) if first > 12 => Some(DateOrder::DayFirst),
            Self::Either(1..=12, second, _) if second > 12 => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// The day in a given order.
    pub fn day(self, order: DateOrder) -> Option<NaiveDate> {
        match (self, order) {
            (Self::Day(day), _) => Some(day),
            (Self::Either(day, month, year), DateOrder::DayFirst) => NaiveDate::from_ymd_opt(year, month, day),
            (Self::Either(month, day, year), DateOrder::MonthFirst) => NaiveDate::from_ymd_opt(year, month, day),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.len() <= 2)
}

fn whole_year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year| text.len() == 4 && (1900..=2200).contains(year))
}

/// As in SWIFT, 80 to 99 are years of the last century.
fn short_year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok().filter(|_| text.len() == 2)?;
    Some(if year >= 80 { 1900 + year } else { 2000 + year })
}

/// `20261231`.
fn compact(text: &str) -> Option<NaiveDate> {
    (text.len() == 8)
        .then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok())
        .flatten()
        .filter(|day| (1900..=2200).contains(&day.year()))
}

fn month(text: &str) -> Option<u32> {
    let known = |names: &&[&str]| names.iter().any(|name| text == *name || name.is_ascii() && text.starts_with(name));
    let found = MONTHS.iter().position(known)?;
    u32::try_from(found + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str, order: DateOrder) -> Option<String> {
        Parts::read(text).and_then(|parts| parts.day(order)).map(|day| day.to_string())
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "2026-03-05",
            "2026/3/5",
            "20260305",
            "05/03/2026",
            "5-3-26",
            "05.03.2026 14:30",
            "05-Mar-2026",
            "5 March 2026",
            "٠٥/٠٣/٢٠٢٦",
            "5 آذار 2026",
            "٥ مارس ٢٠٢٦",
            "2026-03-05T00:00:00",
            "Mar 5, 2026",
        ] {
            assert_eq!(day(text, DateOrder::DayFirst).as_deref(), Some("2026-03-05"), "{text}");
        }
        assert_eq!(day("03/05/2026", DateOrder::MonthFirst).as_deref(), Some("2026-03-05"));
        assert_eq!(day("1 كانون الثاني 2026", DateOrder::DayFirst).as_deref(), Some("2026-01-01"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "31/02/2026", "13/13/2026", "2026", "5/3", "الرصيد", "1,234.50", "99999999"] {
            assert_eq!(day(text, DateOrder::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn a_date_may_prove_the_order() {
        let proves = |text| Parts::read(text).and_then(Parts::proves);
        assert_eq!(proves("12/15/2018"), Some(DateOrder::MonthFirst));
        assert_eq!(proves("15/12/2018"), Some(DateOrder::DayFirst));
        assert_eq!(proves("11/12/2018"), None);
        assert_eq!(proves("2018-12-15"), None);
    }
}
