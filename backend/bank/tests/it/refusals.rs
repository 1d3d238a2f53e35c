//! What is not read at all: other forms, too much, no text.

use diwan_bank::{Options, limits};

use crate::support::refused;

#[test]
fn other_forms_are_named() {
    let none = Options::default();
    for (bytes, format) in [
        (b"%PDF-1.7".as_slice(), "format=PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format=XLS"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "format=OFX"),
        (b"!Type:Bank\nD1/1/2026\n", "format=QIF"),
        (b"\x1f\x8b\x08\x00", "format=GZIP"),
    ] {
        assert_eq!(refused(bytes, &none), ("format_unsupported", format.into()));
    }
}

#[test]
fn nothing_and_noise_are_no_statement() {
    let none = Options::default();
    for bytes in [b"".as_slice(), b" \r\n\t", b"\xef\xbb\xbf", b"hello"] {
        assert_eq!(refused(bytes, &none).0, "unknown_format");
    }
    assert_eq!(refused(b"a\0b", &none).0, "encoding");
    assert_eq!(refused(b"{1:F01BANK}{2:O940BANK}{4:\n-}", &none).0, "no_statement");
}

#[test]
fn there_is_a_limit_to_everything() {
    let large = vec![b' '; limits::FILE_MAX + 1];
    let none = Options::default();
    assert_eq!(refused(&large, &none), ("too_large", format!("what=bytes limit={}", limits::FILE_MAX)));
    let head = ":20:A\n:25:B\n:28C:1\n:60F:C260301USD0,\n";
    let many = head.to_owned() + &":61:260301C1,NTRF\n".repeat(limits::LINES_MAX + 1);
    assert_eq!(refused(many.as_bytes(), &none), ("too_large", format!("what=lines limit={}", limits::LINES_MAX)));
    let wide = "Date,Amount".to_owned() + &",x".repeat(300) + "\n";
    assert_eq!(refused(wide.as_bytes(), &none).0, "too_large");
    // Sums beyond what an amount can be are told, not wrapped.
    let huge = head.to_owned() + &":61:260301C9999999999999999,NTRF\n".repeat(20) + ":62F:C260301USD1,\n";
    assert_eq!(refused(huge.as_bytes(), &none), ("too_large", format!("what=amount limit={} statement=A", i64::MAX)));
}

#[test]
fn what_is_told_back_is_short_and_plain() {
    let text = format!(":20:A\n:25:B\n:28C:\u{202e}{}\u{7}\n:60F:C260301USD0,\n:62F:C260301USD0,\n", "9x".repeat(500));
    let (code, args) = refused(text.as_bytes(), &Options::default());
    assert_eq!(code, "field_form");
    assert!(args.chars().count() < 120 && !args.contains(['\u{202e}', '\u{7}']), "{args}");
}
