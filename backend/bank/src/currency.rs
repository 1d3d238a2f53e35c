//! Currencies (العملات): how many decimals the minor unit of one has.

/// Currencies without a minor unit (ISO 4217).
const WHOLE: [&str; 17] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
/// Currencies of thousandths, the Jordanian dinar among them (ISO 4217).
const THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
/// Units of account with four decimals (ISO 4217).
const FOUR: [&str; 2] = ["CLF", "UYW"];

/// The decimals of a currency by its ISO 4217 code: 3 for `JOD`, 0 for `JPY`, 2 for most. Withdrawn codes that old
/// statements carry had 2. `None` where the code is not of three capital letters.
pub fn scale(code: &str) -> Option<u8> {
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    Some(match code {
        code if WHOLE.contains(&code) => 0,
        code if THOUSANDTHS.contains(&code) => 3,
        code if FOUR.contains(&code) => 4,
        _ => 2,
    })
}

#[cfg(test)]
mod tests {
    use super::scale;

    #[test]
    fn the_scale_is_that_of_iso_4217() {
        assert_eq!(scale("JOD"), Some(3));
        assert_eq!(scale("JPY"), Some(0));
        assert_eq!(scale("USD"), Some(2));
        assert_eq!(scale("CLF"), Some(4));
        assert_eq!(["jod", "JODX", "", "دين"].map(scale), [None; 4]);
    }
}
