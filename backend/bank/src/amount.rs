//! Amounts of messages: one mark of decimals, no marks of thousands, exact.

use diwan_kernel::money;

use crate::refusal::{Place, Reason, Refusal, echo};

/// An unsigned amount of a message, `1234,5` in SWIFT and `1234.50` in XML, in minor units. Decimals beyond the currency's
/// may only be zeros.
pub(crate) fn plain(text: &str, mark: char, scale: u8) -> Result<i64, Reason> {
    let form = || Reason::AmountForm { text: echo(text) };
    let (whole, fraction) = text.split_once(mark).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(form());
    }
    parsed(&format!("{whole}.{fraction}"), text, scale)
}

/// What the kernel makes of an amount, with its errors as reasons of this crate.
pub(crate) fn parsed(plain: &str, shown: &str, scale: u8) -> Result<i64, Reason> {
    money::parse("amount", plain, scale).map_err(|error| match error.code.as_str() {
        "decimals" => Reason::Decimals { text: echo(shown), max: scale },
        "too_large" => Reason::TooLarge { what: "amount", limit: money::AMOUNT_MAX.unsigned_abs() },
        _ => Reason::AmountForm { text: echo(shown) },
    })
}

/// The same, said of a place.
pub(crate) fn at<T>(result: Result<T, Reason>, place: impl FnOnce() -> Place) -> Result<T, Refusal> {
    result.map_err(|reason| Refusal::new(reason, place()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        assert_eq!(plain("000000000147,64", ',', 2), Ok(14_764));
        assert_eq!(plain("380115,", ',', 2), Ok(38_011_500));
        assert_eq!(plain("8.85000", '.', 3), Ok(8_850));
        assert_eq!(plain("0", ',', 0), Ok(0));
        for text in ["", ",5", "1.000,5", "-1,0", "1,5 ", "1,5,0", "١,٥"] {
            assert_eq!(plain(text, ',', 2), Err(Reason::AmountForm { text: text.to_owned() }));
        }
        assert_eq!(plain("1,234", ',', 2), Err(Reason::Decimals { text: "1,234".to_owned(), max: 2 }));
        assert!(matches!(plain("9999999999999999999", ',', 2), Err(Reason::TooLarge { .. })));
    }
}
