//! How codes, bank accounts and rates are written.

use diwan_kernel::{FieldError, money};

/// The longest code of what documents name.
pub const PART_CODE_MAX: usize = 20;
/// The rate of the base currency itself, and the unit of all rates: 10^9 for one to one.
pub const RATE_ONE: i64 = 1_000_000_000;
/// Decimals of a rate.
const RATE_SCALE: u8 = 9;
/// The length of an IBAN of Jordan: JO, 2 check digits, 4 letters of the bank, 4 of the branch, 18 of the account.
const IBAN_JORDAN: usize = 30;

/// Whether a text is a code of a part of the budget key: Latin letters and digits. No `-`, since the code of a key is the
/// codes of its parts joined by it.
pub fn valid_part_code(code: &str) -> bool {
    (1..=PART_CODE_MAX).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text is a code of a function of government as GFSM 2014 writes them (table 6A): 7, and two digits of the
/// division (701 general public services to 710 social protection), then at most one each of group and class.
pub fn valid_cofog(code: &str) -> bool {
    let Some(rest) = code.strip_prefix('7') else { return false };
    (2..=4).contains(&rest.len())
        && rest.bytes().all(|byte| byte.is_ascii_digit())
        && rest
            .get(..2)
            .and_then(|division| division.parse().ok())
            .is_some_and(|division: u8| (1..=10).contains(&division))
}

/// An IBAN as it is stored: capital letters and digits, without the gaps of the printed form.
pub fn clean_iban(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a clean text is an IBAN: country, check digits that hold (ISO 13616, mod 97), and for Jordan its own form.
pub fn valid_iban(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    let (Some(country), Some(check), Some(rest)) = (bytes.get(..2), bytes.get(2..4), bytes.get(4..)) else {
        return false;
    };
    let formed = (15..=34).contains(&bytes.len())
        && country.iter().all(u8::is_ascii_uppercase)
        && check.iter().all(u8::is_ascii_digit)
        && rest.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let jordan = country != b"JO"
        || bytes.len() == IBAN_JORDAN && rest.get(..4).is_some_and(|bank| bank.iter().all(u8::is_ascii_uppercase));
    formed && jordan && remainder(rest.iter().chain(country).chain(check)) == 1
}

/// The number that the characters stand for (A is 10), modulo 97.
fn remainder<'a>(characters: impl Iterator<Item = &'a u8>) -> u32 {
    characters.fold(0, |left, byte| {
        let value = char::from(*byte).to_digit(36).unwrap_or_default();
        (left * if value < 10 { 10 } else { 100 } + value) % 97
    })
}

/// Whether a text is the code of a bank (BIC, ISO 9362): four letters, the country, two characters, and perhaps a branch.
pub fn valid_bic(bic: &str) -> bool {
    let bytes = bic.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes.iter().take(6).all(u8::is_ascii_uppercase)
        && bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// A rate from decimal text, exact: units of the base currency for one of the foreign one, times [`RATE_ONE`].
///
/// # Errors
/// Those of [`money::parse`]; `rate_form` for 0 and less.
pub fn parse_rate(field: &str, text: &str) -> Result<i64, FieldError> {
    match money::parse(field, text, RATE_SCALE)? {
        rate if rate > 0 => Ok(rate),
        _ => Err(FieldError::new(field, "rate_form")),
    }
}

/// A rate as decimal text, without zeros at its end: `0.709`.
pub fn rate_text(rate: i64) -> String {
    let text = money::format(rate, RATE_SCALE);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ibans_are_checked_by_their_digits_and_the_form_of_jordan() {
        for good in ["JO94CBJO0010000000000131000302", "GB82WEST12345698765432", "SA0380000000608010167519"] {
            assert!(valid_iban(good), "{good}");
        }
        assert_eq!(clean_iban(" jo94 CBJO-0010 0000 0000 0131 0003 02\u{200f}"), "JO94CBJO0010000000000131000302");
        for bad in [
            "",
            "JO",
            "JO95CBJO0010000000000131000302",
            "JO94CBJO001000000000013100030",
            "JO94CBJO0010000000000131000320",
            "GB82WEST1234569876543",
            "gb82WEST12345698765432",
            "1282WEST12345698765432",
            "JO941BJO0010000000000131000302",
            "جو94CBJO0010000000000131000302",
        ] {
            assert!(!valid_iban(bad), "{bad}");
        }
    }

    #[test]
    fn codes_are_told_from_what_is_none() {
        assert!(["1", "2211", "P01", "a"].into_iter().all(valid_part_code));
        assert!(!["", "1-2", "١", "1 2", "123456789012345678901"].into_iter().any(valid_part_code));
        assert!(["701", "7011", "70111", "710"].into_iter().all(valid_cofog));
        assert!(!["", "7", "70", "01", "700", "711", "701111", "70x"].into_iter().any(valid_cofog));
        assert!(["CBJOJOAX", "ARABJOAX100"].into_iter().all(valid_bic));
        assert!(!["", "CBJOJOA", "CBJ0JOAX", "cbjojoax", "CBJOJOAX1"].into_iter().any(valid_bic));
    }

    #[test]
    fn rates_are_exact() {
        assert_eq!(parse_rate("rate", "0.709"), Ok(709_000_000));
        assert_eq!(parse_rate("rate", "٢٫٣١"), Ok(2_310_000_000));
        assert_eq!(parse_rate("rate", "0").unwrap_err().code, "rate_form");
        assert_eq!(parse_rate("rate", "-1").unwrap_err().code, "rate_form");
        assert_eq!(parse_rate("rate", "0.0000000001").unwrap_err().code, "decimals");
        for rate in [1, 709_000_000, RATE_ONE, 2_310_000_000, 12_345_678_900_000_000] {
            assert_eq!(parse_rate("rate", &rate_text(rate)), Ok(rate));
        }
        assert_eq!((rate_text(RATE_ONE), rate_text(709_000_000)), ("1".to_owned(), "0.709".to_owned()));
    }
}
