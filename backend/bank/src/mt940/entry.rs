//! The statement line `:61:`: value date, entry date, mark, amount, kind, references.

use chrono::{Datelike, NaiveDate};

use super::{date, fields::Field};
use crate::refusal::{Reason, Refusal, echo};

/// What the line says, its amount not yet read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub value_date: NaiveDate,
    pub booking_date: Option<NaiveDate>,
    /// Whether the account has more after it: credits, and reversals of debits.
    pub credit: bool,
    pub reversal: bool,
    pub amount: &'a str,
    pub kind: &'a str,
    pub reference: &'a str,
    pub bank_reference: Option<&'a str>,
}

/// What stands before the reference.
struct Head {
    value_date: NaiveDate,
    booking_date: Option<NaiveDate>,
    credit: bool,
    reversal: bool,
}

impl<'a> Entry<'a> {
    /// The line and the lines of supplementary details after it. Banks that fold at a fixed width may fold before the
    /// amount: then the second line belongs to the first.
    pub fn read(field: &Field<'a>) -> Result<(Self, Vec<&'a str>), Refusal> {
        let refuse = |reason| Refusal::new(reason, field.place());
        let form = || refuse(Reason::FieldForm { text: echo(field.first()) });
        let (head, rest) = head(field.first()).map_err(refuse)?;
        let mut lines = field.lines.iter().copied().skip(1);
        let rest = if rest.trim().is_empty() { lines.next().unwrap_or_default() } else { rest };
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
        let (amount, rest) = rest.split_at_checked(digits).ok_or_else(form)?;
        if amount.is_empty() {
            return Err(refuse(Reason::AmountForm { text: echo(field.first()) }));
        }
        let kind_end = rest.char_indices().nth(4).map_or(rest.len(), |(at, _)| at);
        let (kind, references) = rest.split_at_checked(kind_end).ok_or_else(form)?;
        let (reference, bank_reference) =
            references.split_once("//").map_or((references, None), |(own, bank)| (own, Some(bank)));
        let entry = Self {
            value_date: head.value_date,
            booking_date: head.booking_date,
            credit: head.credit,
            reversal: head.reversal,
            amount,
            kind,
            reference,
            bank_reference,
        };
        Ok((entry, lines.collect()))
    }
}

/// Dates, mark and funds code, and what follows.
fn head(text: &str) -> Result<(Head, &str), Reason> {
    let form = || Reason::FieldForm { text: echo(text) };
    let (value, rest) = text.split_at_checked(6).ok_or_else(form)?;
    let value_date = date(value).ok_or_else(|| Reason::DateForm { text: echo(value) })?;
    let (booking_date, rest) = match rest.split_at_checked(4) {
        Some((entry, rest)) if entry.bytes().all(|byte| byte.is_ascii_digit()) => {
            let booked = near(value_date, entry).ok_or_else(|| Reason::DateForm { text: echo(entry) })?;
            (Some(booked), rest)
        }
        Some((entry, rest)) if entry.trim().is_empty() => (None, rest),
        _ => (None, rest),
    };
    // `RC` is the reversal of a credit, which takes from the account; `RD` gives back.
    let marks = [("RC", false, true), ("RD", true, true), ("C", true, false), ("D", false, false)];
    let found = marks.iter().find_map(|(mark, credit, reversal)| Some((rest.strip_prefix(mark)?, *credit, *reversal)));
    let (rest, credit, reversal) = found.ok_or_else(form)?;
    // The third letter of the currency, which some banks repeat.
    let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    Ok((Head { value_date, booking_date, credit, reversal }, rest))
}

/// `MMDD` of the year that brings it nearest to the value date: an entry of 2 January may bear the value of 30 December.
fn near(value_date: NaiveDate, text: &str) -> Option<NaiveDate> {
    let (month, day) = text.split_at_checked(2)?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let years = [-1, 0, 1].map(|offset| value_date.year() + offset);
    let days = years.into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    days.min_by_key(|day| (*day - value_date).num_days().abs())
}
