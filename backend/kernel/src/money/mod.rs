//! Money (المبالغ): whole minor units, exact. The scale of a currency says how many decimals it has: 3 for the Jordanian
//! dinar (ISO 4217: JOD, 1 dinar = 1000 fils). No floats: a tenth of a dinar has no exact one.

use crate::FieldError;

/// Decimals of the Jordanian dinar (ISO 4217, code 400).
pub const JOD_SCALE: u8 = 3;
/// The most decimals that a currency has (ISO 4217: the Chilean unit of account has 4).
pub const SCALE_MAX: u8 = 4;
/// The largest amount that is taken from a person, in minor units: what is more is a slip of the hand.
pub const AMOUNT_MAX: i64 = 999_999_999_999_999_999;

/// An amount as people write or paste it: Arabic, Persian or Latin digits, thousands marked by `,` `٬` or spaces, decimals
/// by `.` or `٫`, a minus before or after it or brackets around it. The result is in minor units.
///
/// # Errors
/// `required`; `amount_form` where it can be read in two ways or in none; `decimals` (with `max`) where it is finer than
/// the currency; `too_large`.
pub fn parse(field: &str, text: &str, scale: u8) -> Result<i64, FieldError> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !crate::text::is_bidi_control(*c)).map(plain).collect();
    if plain.is_empty() {
        return Err(FieldError::new(field, "required"));
    }
    let (negative, digits) = sign(&plain);
    let unreadable = || FieldError::new(field, "amount_form");
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungrouped(whole).ok_or_else(unreadable)?;
    if whole.is_empty() && fraction.is_empty() || !all_digits(&whole) || !all_digits(fraction) {
        return Err(unreadable());
    }
    let fraction = fraction.trim_end_matches('0');
    let width = usize::from(scale);
    if fraction.len() > width {
        return Err(FieldError::new(field, "decimals").with("max", scale));
    }
    let minor: i64 = format!("0{whole}{fraction:0<width$}").parse().unwrap_or(i64::MAX);
    if minor > AMOUNT_MAX {
        return Err(FieldError::new(field, "too_large").with("limit", format(AMOUNT_MAX, scale)));
    }
    Ok(if negative { -minor } else { minor })
}

/// One digit or mark of an amount as it is calculated with.
fn plain(c: char) -> char {
    match c {
        '٠'..='٩' => crate::text::ascii_digit(c, '٠'),
        '۰'..='۹' => crate::text::ascii_digit(c, '۰'),
        '٬' | '،' | '\'' | '’' => ',',
        '٫' => '.',
        '−' | '–' => '-',
        c => c,
    }
}

fn sign(plain: &str) -> (bool, &str) {
    let bracketed = plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match bracketed.or_else(|| plain.strip_prefix('-')).or_else(|| plain.strip_suffix('-')) {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    }
}

/// The digits without marks of thousands; `None` where they do not stand before every third digit.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let right = rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    right.then(|| first.to_owned() + &rest.concat())
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The amount with all its decimals and marked thousands: `1,234.500`.
pub fn format(minor: i64, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let mut out = String::from(if minor < 0 { "-" } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if scale > 0 {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Shares of a total by weight, in whole minor units; they sum to the total exactly. What rounding leaves over goes to the
/// largest remainders, and to the first of equals. Weights that are all 0 share equally.
///
/// # Errors
/// `None` without weights, or where one is negative.
pub fn split(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    if weights.is_empty() || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let equal = weights.iter().all(|weight| *weight == 0);
    let weights: Vec<i128> = weights.iter().map(|weight| if equal { 1 } else { i128::from(*weight) }).collect();
    let sum: i128 = weights.iter().sum();
    let total_abs = i128::from(total).abs();
    let mut shares: Vec<i128> = weights.iter().map(|weight| total_abs * weight / sum).collect();
    let over = total_abs - shares.iter().sum::<i128>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|at| std::cmp::Reverse(weights.get(*at).map_or(0, |weight| total_abs * weight % sum)));
    for at in by_remainder.into_iter().take(usize::try_from(over).ok()?) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares.into_iter().map(|share| i64::try_from(if total < 0 { -share } else { share }).ok()).collect()
}

#[cfg(test)]
mod tests;
