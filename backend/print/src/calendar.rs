//! Dates as Jordanian letters print them: Gregorian with the Levantine month names, Hijri by Umm al-Qura.
//!
//! The Hijri date is what the Umm al-Qura table says. An office that dates by sighting of the moon may be a day off;
//! the letter's own field then carries what the clerk entered.

use chrono::{Datelike, NaiveDate};
use icu_calendar::{Date, cal::Hijri};

use crate::model::Language;

/// A date of the Hijri calendar (التقويم الهجري).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HijriDate {
    /// Year of the Hijra.
    pub year: i32,
    /// Month, 1 (محرم) to 12 (ذو الحجة).
    pub month: u8,
    /// Day, 1 to 30.
    pub day: u8,
}

const GREGORIAN_AR: [&str; 12] = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];
const GREGORIAN_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const HIJRI_AR: [&str; 12] = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
];
const HIJRI_EN: [&str; 12] = [
    "Muharram",
    "Safar",
    "Rabi al-Awwal",
    "Rabi al-Akhir",
    "Jumada al-Ula",
    "Jumada al-Akhira",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qada",
    "Dhu al-Hijja",
];

/// Converts a Gregorian date by the Umm al-Qura calendar.
#[must_use]
pub fn hijri(date: NaiveDate) -> HijriDate {
    // Chrono and ICU both count days of the proleptic Gregorian calendar; 1 January 1 is day 1 in both.
    let days = calendar_day(date);
    let hijri = Date::from_rata_die(days, Hijri::new_umm_al_qura());
    HijriDate { year: hijri.year().extended_year(), month: hijri.month().ordinal, day: hijri.day_of_month().0 }
}

fn calendar_day(date: NaiveDate) -> icu_calendar::types::RataDie {
    icu_calendar::types::RataDie::new(i64::from(date.num_days_from_ce()))
}

/// A Hijri date in words: «8 جمادى الآخرة 1448 هـ» or “8 Jumada al-Akhira 1448 AH”.
#[must_use]
pub fn hijri_text(date: NaiveDate, language: Language) -> String {
    let HijriDate { year, month, day } = hijri(date);
    let (names, era) = match language {
        Language::Ar => (&HIJRI_AR, "هـ"),
        Language::En => (&HIJRI_EN, "AH"),
    };
    format!("{day} {} {year} {era}", name(names, month.into()))
}

/// A Gregorian date in words: «18 تشرين الثاني 2026 م» or “18 November 2026”.
#[must_use]
pub fn gregorian_text(date: NaiveDate, language: Language) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    match language {
        Language::Ar => format!("{day} {} {year} م", name(&GREGORIAN_AR, month)),
        Language::En => format!("{day} {} {year}", name(&GREGORIAN_EN, month)),
    }
}

/// Name of a Gregorian month as used in Jordan, 1 to 12; empty for other numbers.
#[must_use]
pub fn gregorian_month(month: u32, language: Language) -> &'static str {
    match language {
        Language::Ar => name(&GREGORIAN_AR, month),
        Language::En => name(&GREGORIAN_EN, month),
    }
}

fn name(names: &[&'static str; 12], month: u32) -> &'static str {
    month.checked_sub(1).and_then(|at| names.get(at as usize)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn letters_carry_both_dates() {
        let date = day(2026, 11, 18);
        assert_eq!(hijri_text(date, Language::Ar), "8 جمادى الآخرة 1448 هـ");
        assert_eq!(gregorian_text(date, Language::Ar), "18 تشرين الثاني 2026 م");
        assert_eq!(hijri_text(date, Language::En), "8 Jumada al-Akhira 1448 AH");
        assert_eq!(gregorian_text(date, Language::En), "18 November 2026");
    }

    #[test]
    fn months_have_their_levantine_names() {
        assert_eq!(gregorian_month(1, Language::Ar), "كانون الثاني");
        assert_eq!(gregorian_month(12, Language::Ar), "كانون الأول");
        assert_eq!(gregorian_month(0, Language::Ar), "");
        assert_eq!(gregorian_month(13, Language::En), "");
    }

    #[test]
    fn the_new_year_of_1445() {
        assert_eq!(hijri(day(2023, 7, 18)), HijriDate { year: 1444, month: 12, day: 30 });
        assert_eq!(hijri(day(2023, 7, 19)), HijriDate { year: 1445, month: 1, day: 1 });
    }
}
