//! Amounts in cells: with either mark of decimals, a currency or a direction beside them; exact, also from workbooks.

use super::{
    Cell,
    words::{COMES, LEAVES, fold},
};
use crate::{
    amount,
    refusal::{Reason, echo},
};

/// The significant digits that Excel keeps and shows (Excel specifications and limits). What is written beyond them is
/// noise of binary fractions: `0.30000000000000004`.
const EXCEL_DIGITS: usize = 15;

/// What parts whole units from their fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Dot,
    Comma,
}

impl Mark {
    /// The mark that an amount alone proves: it has both marks, or one that cannot part thousands.
    pub fn proved_by(text: &str) -> Option<Self> {
        let digits: String = split(text).0.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let (dots, commas) = (digits.matches('.').count(), digits.matches(',').count());
        let (single, several, mark) = match (dots, commas) {
            (0, 0) => return None,
            (_, 0) => (Self::Dot, Self::Comma, '.'),
            (0, _) => (Self::Comma, Self::Dot, ','),
            _ => return Some(if digits.rfind('.') > digits.rfind(',') { Self::Dot } else { Self::Comma }),
        };
        if dots + commas > 1 {
            return Some(several);
        }
        let (before, after) = digits.split_once(mark)?;
        let thousands = after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
        (!thousands).then_some(single)
    }
}

/// An amount with what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    /// Minor units as written.
    pub value: i64,
    /// Whether the words beside it say that it comes in, or leaves.
    pub comes: Option<bool>,
}

impl Amount {
    /// The amount with the sign that its words give it.
    pub fn signed(self) -> i64 {
        if self.comes == Some(false) { -self.value } else { self.value }
    }
}

/// Whether a cell of amounts is filled with something that stands for nothing.
pub(super) fn is_blank(cell: &Cell) -> bool {
    cell.text().chars().all(|c| matches!(c, '-' | '–' | '—' | ' ' | '\u{a0}'))
}

/// The amount of a cell. `mark` is what the table or its template says of decimals.
pub(super) fn read(cell: &Cell, mark: Option<Mark>, scale: u8) -> Result<Amount, Reason> {
    let text = match cell {
        Cell::Number(number) => {
            let plain = shown(number).ok_or_else(|| Reason::AmountForm { text: echo(number) })?;
            return Ok(Amount { value: amount::parsed(&plain, number, scale)?, comes: None });
        }
        Cell::Day(day) => return Err(Reason::AmountForm { text: day.to_string() }),
        Cell::Text(text) => text.as_str(),
    };
    let form = || Reason::AmountForm { text: echo(text) };
    let (digits, words) = split(text);
    let comes = match fold(&words) {
        words if LEAVES.contains(&words.as_str()) => Some(false),
        words if COMES.contains(&words.as_str()) => Some(true),
        words if words.is_empty() || crate::currency::scale(&words.to_uppercase()).is_some() => None,
        words if ["jd", "د ا", "دينار", "دينار اردني"].contains(&words.as_str()) => None,
        _ => return Err(form()),
    };
    let marked = digits.contains([',', '.']);
    let mark = match (Mark::proved_by(&digits), mark) {
        (Some(proved), Some(known)) if proved != known => return Err(form()),
        (proved, known) => proved.or(known),
    };
    // `1,500` in a currency of thousandths, and `1.500` in one without, can be read in two ways.
    if marked && mark.is_none() && digits.contains(',') == (scale == 3) {
        return Err(Reason::AmountAmbiguous { text: echo(text) });
    }
    let plain = if mark == Some(Mark::Comma) { swapped(&digits) } else { digits };
    let value = amount::parsed(&plain, text, scale)?;
    if value < 0 && comes.is_some() {
        return Err(form());
    }
    Ok(Amount { value, comes })
}

/// The number in a text, with Latin digits, and the words around it.
fn split(text: &str) -> (String, String) {
    let latin: String = text.chars().map(latin).collect();
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | '−' | '–');
    let ends = |c: char| c.is_ascii_digit() || matches!(c, '-' | ')' | '−' | '–');
    let start = latin.find(begins).unwrap_or(latin.len());
    let (before, rest) = latin.split_at_checked(start).unwrap_or((&latin, ""));
    let number = rest.trim_end_matches(|c| !ends(c));
    let after = rest.strip_prefix(number).unwrap_or_default();
    (number.to_owned(), format!("{before} {after}"))
}

/// Digits and marks of the Arabic script as those of the Latin one; a mark of Arabic thousands says nothing new.
fn latin(c: char) -> char {
    match c {
        '٠'..='٩' => char::from_digit(u32::from(c) - u32::from('٠'), 10).unwrap_or(c),
        '۰'..='۹' => char::from_digit(u32::from(c) - u32::from('۰'), 10).unwrap_or(c),
        c => c,
    }
}

fn swapped(digits: &str) -> String {
    let swap = |c| match c {
        ',' => '.',
        '.' => ',',
        c => c,
    };
    digits.chars().map(swap).collect()
}

/// A number of a workbook, perhaps with an exponent, in plain digits and without the noise beyond what Excel keeps.
fn shown(number: &str) -> Option<String> {
    let number = number.trim();
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent: i32 =
        exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|e| (-30..=30).contains(e))?;
    let mut point = i32::try_from(whole.len()).ok()? + exponent;
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    point -= i32::try_from(zeros).ok()?;
    let (kept, carried) = rounded(digits.trim_start_matches('0'));
    point += i32::from(carried);
    let sign = if negative { "-" } else { "" };
    if kept.is_empty() {
        return Some("0".to_owned());
    }
    let width = usize::try_from(point).unwrap_or_default();
    if point <= 0 {
        return Some(format!("{sign}0.{}{kept}", "0".repeat(point.unsigned_abs().try_into().ok()?)));
    }
    let padded = format!("{kept:0<width$}");
    let (whole, fraction) = padded.split_at_checked(width)?;
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Digits rounded to those that Excel keeps, half up; and whether there is one more before the point now.
fn rounded(digits: &str) -> (String, bool) {
    let Some((kept, over)) = digits.split_at_checked(EXCEL_DIGITS).filter(|(_, over)| !over.is_empty()) else {
        return (digits.to_owned(), false);
    };
    let up = over.starts_with(|c| ('5'..='9').contains(&c));
    let sum = kept.parse().unwrap_or(0_u64) + u64::from(up);
    let carried = sum.to_string().len() > EXCEL_DIGITS;
    (sum.to_string().trim_end_matches('0').to_owned(), carried)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, mark: Option<Mark>, scale: u8) -> Result<i64, &'static str> {
        read(&Cell::Text(text.to_owned()), mark, scale).map(Amount::signed).map_err(|reason| match reason {
            Reason::AmountAmbiguous { .. } => "ambiguous",
            Reason::Decimals { .. } => "decimals",
            _ => "form",
        })
    }

    #[test]
    fn amounts_are_read_under_either_mark() {
        assert_eq!(text("1,234.500", None, 3), Ok(1_234_500));
        assert_eq!(text("1.234,50", None, 2), Ok(123_450));
        assert_eq!(text("-50,00", None, 2), Ok(-5_000));
        assert_eq!(text("+31070,11", None, 2), Ok(3_107_011));
        assert_eq!(text("١٬٢٣٤٫٥٠٠", None, 3), Ok(1_234_500));
        assert_eq!(text("1,500", Some(Mark::Dot), 3), Ok(1_500_000));
        assert_eq!(text("1,500", Some(Mark::Comma), 3), Ok(1_500));
        assert_eq!(text("1,500", None, 2), Ok(150_000));
        assert_eq!(text("1.500", None, 3), Ok(1_500));
        assert_eq!(text("1 234.5", None, 2), Ok(123_450));
    }

    #[test]
    fn what_has_two_readings_is_not_guessed() {
        assert_eq!(text("1,500", None, 3), Err("ambiguous"));
        assert_eq!(text("1.500", None, 2), Err("ambiguous"));
        assert_eq!(text("1,234.50", Some(Mark::Comma), 2), Err("form"));
        assert_eq!(text("12.345", Some(Mark::Dot), 2), Err("decimals"));
        assert_eq!(text("حوالة 5", None, 2), Err("form"));
        assert_eq!(text("", None, 2), Err("form"));
        assert_eq!(text("-5 DR", None, 2), Err("form"));
    }

    #[test]
    fn words_beside_an_amount_give_its_direction() {
        assert_eq!(text("1,234.500 CR", None, 3), Ok(1_234_500));
        assert_eq!(text("50.000DR", None, 3), Ok(-50_000));
        assert_eq!(text("50.25 مدين", None, 2), Ok(-5_025));
        assert_eq!(text("JOD 50.250", None, 3), Ok(50_250));
        assert_eq!(text("50.250 د.أ", None, 3), Ok(50_250));
    }

    #[test]
    fn numbers_of_workbooks_are_exact() {
        for (number, plain) in [
            ("1300", "1300"),
            ("-50.5", "-50.5"),
            ("0.30000000000000004", "0.3"),
            ("1234.5599999999999", "1234.56"),
            ("9.9999999999999995E-2", "0.1"),
            ("1.2345E3", "1234.5"),
            ("5E-3", "0.005"),
            ("0", "0"),
            ("-0.0", "0"),
            ("999999999999999.9", "1000000000000000"),
            ("100000", "100000"),
        ] {
            assert_eq!(shown(number).as_deref(), Some(plain), "{number}");
        }
        for number in ["", "-", "1e999", "abc", "1.2.3", "0x10"] {
            assert_eq!(shown(number), None, "{number}");
        }
    }
}
