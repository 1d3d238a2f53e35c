//! Dates, times, numbers and sizes as people here write them.
//!
//! The server sends UTC; offices work at the fixed offset of Jordan, +03:00. Short dates are day/month/year in both
//! languages; names of days and months and the Hijri calendar come from the browser's Intl.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use diwan_kernel::Lang;

use super::Digits;
use crate::t;

/// Jordan's offset from UTC.
const OFFSET: TimeDelta = TimeDelta::hours(3);

/// The current moment, UTC.
pub fn now() -> NaiveDateTime {
    let millis = now_millis();
    chrono::DateTime::from_timestamp_millis(millis).map(|now| now.naive_utc()).unwrap_or_default()
}

/// Today at the office.
pub fn today() -> NaiveDate {
    local(now()).date()
}

/// The office's clock at a UTC moment.
pub fn local(at: NaiveDateTime) -> NaiveDateTime {
    at + OFFSET
}

/// 26/11/2026.
pub fn date(day: NaiveDate) -> String {
    shape(&format!("{}/{}/{}", day.day(), day.month(), day.year()))
}

/// 26/11, where the year is plain.
pub fn day_month(day: NaiveDate) -> String {
    shape(&format!("{}/{}", day.day(), day.month()))
}

/// 13:05 at the office.
pub fn time(at: NaiveDateTime) -> String {
    let at = local(at);
    shape(&format!("{:02}:{:02}", at.hour(), at.minute()))
}

/// 26/11/2026, 13:05 at the office.
pub fn date_time(at: NaiveDateTime) -> String {
    format!("{} {}", date(local(at).date()), time(at))
}

/// Monday 23/11/2026.
pub fn day_name(day: NaiveDate) -> String {
    format!("{} {}", intl(day, &[("weekday", "long")], ""), date(day))
}

/// 18 November 2026, for papers and headings.
pub fn long_date(day: NaiveDate) -> String {
    intl(day, &[("day", "numeric"), ("month", "long"), ("year", "numeric")], "")
}

/// 8 Jumada II 1448 (Umm al-Qura).
pub fn hijri(day: NaiveDate) -> String {
    intl(day, &[("day", "numeric"), ("month", "long"), ("year", "numeric")], "-ca-islamic-umalqura")
}

/// The short name of a day's month, for chart axes.
pub fn month_short(day: NaiveDate) -> String {
    intl(day, &[("month", "short")], "")
}

/// A whole number with thousands separators.
pub fn number(value: i64) -> String {
    shape(&grouped(&value.to_string()))
}

/// A number given as digits and a point, with thousands separators and at most three decimals.
pub fn decimal(digits: &str) -> String {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let rest: String = rest.chars().take(3).collect();
    match rest.trim_end_matches('0') {
        "" => shape(&grouped(whole)),
        rest => shape(&format!("{}.{rest}", grouped(whole))),
    }
}

/// The size of a file: 48 KB, 1.2 MB.
pub fn bytes(size: i64) -> String {
    const KB: i64 = 1024;
    const MB: i64 = KB * KB;
    match size {
        ..KB => t!("size-bytes", n = size),
        KB..MB => t!("size-kb", n = (size + KB / 2) / KB),
        _ => t!("size-mb", n = shape(&format!("{}.{}", size / MB, size % MB * 10 / MB))),
    }
}

/// Writes ASCII digits as the chosen ones.
pub fn shape(text: &str) -> String {
    if super::digits() == Digits::Latin {
        return text.to_owned();
    }
    text.chars()
        .map(|c| c.to_digit(10).and_then(|digit| char::from_u32(0x660 + digit)).filter(|_| c.is_ascii()).unwrap_or(c))
        .collect()
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(target_arch = "wasm32")]
fn now_millis() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit in 53 bits")]
    let millis = js_sys::Date::now() as i64;
    millis
}

#[cfg(not(target_arch = "wasm32"))]
fn now_millis() -> i64 {
    0
}

/// Formats a day with the browser's Intl; `calendar` is a Unicode extension or empty.
#[cfg(target_arch = "wasm32")]
fn intl(day: NaiveDate, options: &[(&str, &str)], calendar: &str) -> String {
    use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
    let language = if super::lang() == Lang::Ar { "ar-JO" } else { "en-GB" };
    let digits = if super::digits() == Digits::Arabic { "arab" } else { "latn" };
    let locales = Array::of1(&format!("{language}-u{calendar}-nu-{digits}").into());
    let settings = Object::new();
    // A plain day is formatted as UTC midnight, so that no time zone can move it.
    for (name, value) in options.iter().chain(&[("timeZone", "UTC")]) {
        // Setting a property of a fresh object does not fail.
        let _ = Reflect::set(&settings, &(*name).into(), &(*value).into());
    }
    let date = Date::new(&format!("{}T00:00:00Z", day.format("%Y-%m-%d")).into());
    let format = DateTimeFormat::new(&locales, &settings).format();
    format
        .call1(&wasm_bindgen::JsValue::UNDEFINED, &date)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| self::date(day))
}

/// Without a browser there are no names of days and months.
#[cfg(not(target_arch = "wasm32"))]
fn intl(day: NaiveDate, _options: &[(&str, &str)], _calendar: &str) -> String {
    let _ = Lang::Ar;
    date(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::choose;

    #[test]
    fn numbers_and_dates() {
        choose(Lang::Ar, Digits::Latin);
        assert_eq!(number(-1_234_567), "-1,234,567");
        assert_eq!(number(100), "100");
        assert_eq!(decimal("1250.500"), "1,250.5");
        let at = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap().and_hms_opt(22, 5, 0).unwrap();
        assert_eq!(date_time(at), "27/11/2026 01:05");
        choose(Lang::Ar, Digits::Arabic);
        assert_eq!(date(at.date()), "٢٦/١١/٢٠٢٦");
        choose(Lang::Ar, Digits::Latin);
    }
}
