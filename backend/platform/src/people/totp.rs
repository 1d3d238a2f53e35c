//! One-time codes from a shared secret and the clock (TOTP, RFC 6238: SHA-1, six digits, 30 seconds).
//!
//! Written out here because a code is good once only: that takes the number of the time step it fits, which is stored.

use chrono::NaiveDateTime;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::{Outcome, secrets::random};

/// Length of a secret in bytes, as RFC 4226 recommends.
pub(crate) const SECRET: usize = 20;
/// Length of a time step in seconds.
const STEP: i64 = 30;
/// Steps before and after the present one that still count: phones' clocks are off.
const SKEW: i64 = 1;

/// A new secret.
pub(crate) fn new_secret() -> Outcome<[u8; SECRET]> {
    random()
}

/// The time step a typed code fits now, if it fits one later than `last`, the step of the last code that was taken.
pub(crate) fn step_of(secret: &[u8], typed: &str, now: NaiveDateTime, last: Option<i64>) -> Option<i64> {
    let typed = diwan_kernel::text::fold(typed).split_whitespace().collect::<String>();
    let present = now.and_utc().timestamp() / STEP;
    (present - SKEW..=present + SKEW)
        .filter(|step| last.is_none_or(|last| *step > last))
        .find(|step| code(secret, *step).is_some_and(|code| code == typed))
}

/// The code of a time step.
fn code(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0xf);
    let word: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000))
}

/// Base 32 (RFC 4648) without padding: how authenticator apps take secrets.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xfff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const RFC: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> NaiveDateTime {
        DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238 appendix B, SHA-1, last six of the eight digits.
        for (seconds, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code(RFC, seconds / STEP).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_code_fits_around_its_time_once() {
        assert_eq!(step_of(RFC, "287082", at(59), None), Some(1));
        assert_eq!(step_of(RFC, "٢٨٧ ٠٨٢", at(59), None), Some(1));
        assert_eq!(step_of(RFC, "287082", at(89), None), Some(1));
        assert_eq!(step_of(RFC, "287082", at(91), None), None);
        assert_eq!(step_of(RFC, "287082", at(59), Some(1)), None);
        assert_eq!(step_of(RFC, "", at(59), None), None);
    }

    #[test]
    fn base32_is_the_rfc_one() {
        // RFC 4648 section 10.
        for (plain, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), text);
        }
    }
}
