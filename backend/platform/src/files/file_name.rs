//! Names of files: cleaned, never refused; and programs, which are.

use diwan_extract::Sniffed;
use diwan_kernel::text::is_bidi_control;
use diwan_platform_api::files::FILE_NAME_MAX;
use unicode_normalization::UnicodeNormalization;

/// Extensions that Windows, or a browser, runs when the file is opened.
const PROGRAMS: &[&str] = &[
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "jar", "js", "jse", "lnk", "msc", "msi",
    "msp", "pif", "ps1", "reg", "scf", "scr", "sys", "vb", "vbe", "vbs", "ws", "wsf", "wsh",
];

/// Programs by their content, as the sniffer names them.
const PROGRAM_TYPES: &[&str] = &[
    "application/vnd.microsoft.portable-executable",
    "application/x-dosexec",
    "application/x-msdownload",
    "application/x-executable",
    "application/x-elf",
    "application/x-mach-binary",
    "application/java",
    "application/vnd.android.dex",
    "application/vnd.android.dey",
    "application/wasm",
    "application/vnd.debian.binary-package",
    "application/x-rpm",
];

/// Whether the file is a program, by its content or by its name.
pub(super) fn is_program(file_name: &str, sniffed: &Sniffed) -> bool {
    let by_name =
        extension(file_name).is_some_and(|extension| PROGRAMS.contains(&extension.to_ascii_lowercase().as_str()));
    by_name || PROGRAM_TYPES.contains(&sniffed.media_type.as_str())
}

/// The name as it is kept: without folders, controls and marks that turn the direction of what follows, in NFC, at
/// most [`FILE_NAME_MAX`] characters with its extension. A file without a name gets one of its type.
pub(super) fn clean(name: &str, sniffed: &Sniffed) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !is_bidi_control(*c)).nfc().collect();
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = shown.trim_matches('.');
    if shown.is_empty() {
        return format!("file.{}", sniffed.extension);
    }
    match extension(shown).filter(|extension| extension.chars().count() < 20) {
        Some(extension) if shown.chars().count() > FILE_NAME_MAX => {
            let stem = FILE_NAME_MAX - extension.chars().count() - 1;
            format!("{}.{extension}", shown.chars().take(stem).collect::<String>())
        }
        _ => shown.chars().take(FILE_NAME_MAX).collect(),
    }
}

fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, extension)| extension.trim())
}

#[cfg(test)]
mod tests {
    use diwan_extract::sniff;

    use super::*;

    #[test]
    fn names_are_cleaned_and_keep_their_extension() {
        let pdf = sniff(b"%PDF-1.7", "");
        assert_eq!(clean("C:\\ملفات\\كتاب  رسمي.pdf", &pdf), "كتاب رسمي.pdf");
        assert_eq!(clean("../../etc/passwd", &pdf), "passwd");
        assert_eq!(clean("كتاب\u{202e}fdp.exe\u{0}", &pdf), "كتابfdp.exe");
        assert_eq!(clean("\u{200f} . ", &pdf), "file.pdf");
        let long = clean(&format!("{}.pdf", "ك".repeat(255)), &pdf);
        assert_eq!((long.chars().count(), long.ends_with("ك.pdf")), (FILE_NAME_MAX, true));
        assert_eq!(clean(&"ك".repeat(255), &pdf).chars().count(), FILE_NAME_MAX);
    }

    #[test]
    fn programs_are_known_by_content_or_name() {
        let begins = |magic: &[u8]| [magic, &[0; 512]].concat();
        let exe = sniff(&begins(b"MZ\x90\x00\x03"), "letter.pdf");
        assert!(is_program("letter.pdf", &exe), "{exe:?}");
        let elf = sniff(&begins(b"\x7fELF\x02\x01\x01"), "run");
        assert!(is_program("run", &elf), "{elf:?}");
        let text = sniff(b"WScript.Echo(1)", "a.vbs");
        assert!(is_program("a.VBS", &text));
        assert!(!is_program("رسالة.txt", &sniff("نص".as_bytes(), "رسالة.txt")));
    }
}
