//! Amounts as they are typed, printed and shared.

use super::*;

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, minor) in [
        ("1234.5", 1_234_500),
        ("1,234.500", 1_234_500),
        ("١٬٢٣٤٫٥٠٠", 1_234_500),
        ("١،٢٣٤٫٥", 1_234_500),
        ("۱۲۳۴٫۵", 1_234_500),
        (" 1 234.5 ", 1_234_500),
        ("\u{200f}١٢\u{200e}", 12_000),
        (".25", 250),
        ("7.", 7_000),
        ("0", 0),
        ("-3.001", -3_001),
        ("3.001-", -3_001),
        ("(3.001)", -3_001),
        ("+5", 5_000),
        ("1.2300000", 1_230),
        ("999,999,999,999,999.999", AMOUNT_MAX),
    ] {
        assert_eq!(parse("amount", text, JOD_SCALE), Ok(minor), "{text}");
    }
    assert_eq!(parse("amount", "1,234", 0), Ok(1_234));
}

#[test]
fn amounts_that_can_be_read_in_two_ways_are_refused() {
    for (text, code) in [
        ("", "required"),
        ("  ", "required"),
        ("12,34", "amount_form"),
        ("1,2345.0", "amount_form"),
        ("1.234,5", "amount_form"),
        ("1.2.3", "amount_form"),
        ("12 د", "amount_form"),
        (".", "amount_form"),
        (",123", "amount_form"),
        ("--1", "amount_form"),
        ("1e3", "amount_form"),
        ("1.2345", "decimals"),
        ("1000000000000000", "too_large"),
        ("99999999999999999999999999999999", "too_large"),
    ] {
        assert_eq!(parse("amount", text, JOD_SCALE).unwrap_err().code, code, "{text}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    let mut minor: i64 = 1;
    for _ in 0..2_000 {
        // A walk over all magnitudes, the same at every run.
        minor = minor.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let amount = minor % (AMOUNT_MAX >> (minor & 31));
        for scale in 0..=SCALE_MAX {
            assert_eq!(parse("amount", &format(amount, scale), scale), Ok(amount));
        }
    }
    assert_eq!(format(-5, 3), "-0.005");
    assert_eq!(format(1_234_567_890, 3), "1,234,567.890");
    assert_eq!(format(i64::MIN, 0), "-9,223,372,036,854,775,808");
}

#[test]
fn shares_sum_to_the_total() {
    assert_eq!(split(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
    assert_eq!(split(-100, &[1, 1, 1]), Some(vec![-34, -33, -33]));
    assert_eq!(split(10, &[0, 0]), Some(vec![5, 5]));
    assert_eq!(split(5, &[0, 1, 0]), Some(vec![0, 5, 0]));
    assert_eq!(split(5, &[]), None);
    assert_eq!(split(5, &[1, -1]), None);
    let mut seed: u64 = 7;
    for _ in 0..2_000 {
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from(seed >> 2).unwrap()
        };
        let total = next() - next();
        let weights: Vec<i64> = (0..1 + next() % 9).map(|_| next() >> (next() % 60)).collect();
        let shares = split(total, &weights).unwrap();
        assert_eq!(shares.iter().map(|share| i128::from(*share)).sum::<i128>(), i128::from(total));
        assert!(shares.iter().all(|share| share.signum() * total.signum() >= 0));
    }
}
