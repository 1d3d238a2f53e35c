//! Every bad file ends in text or in a reason, within the limits.

use std::time::Duration;

use diwan_extract::{Limits, Reason, Status};

use crate::support::{documents, file, read};

#[test]
fn every_bad_file_ends_with_an_answer() {
    let folder = documents().join("bad-input");
    let limits = Limits { wall_seconds: 15, cpu_seconds: 10, memory_bytes: 512 * 1024 * 1024, ..Limits::default() };
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "only {} bad files", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (extraction, time) = read(path, &limits);
        let outcome = match extraction.status {
            Status::Text => format!("text, {} bytes", extraction.text().len()),
            Status::NoText { reason } => format!("no text: {}", reason.code()),
            Status::Refused { reason } => format!("refused: {}", reason.code()),
        };
        println!("{name:80} {outcome:28} {:>5} ms", time.as_millis());
        assert!(time < Duration::from_secs(17), "{name} took {time:?}");
        let expected = expected(&name);
        let as_expected = match extraction.reason() {
            None => expected.is_empty(),
            Some(reason) => expected.contains(&reason),
        };
        if !as_expected {
            wrong.push(format!("{name}: {outcome}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Real files cut short or with bytes changed, the same ones on each run: each ends with an answer of the child itself.
#[test]
fn damaged_files_end_with_an_answer() {
    let sources = [
        "derived-arabic/regulation_01.docx",
        "derived-arabic/regulation_05.pdf",
        "derived-arabic/regulation_02.odt",
        "derived-arabic/regulation_04.rtf",
        "derived-arabic/register_02.ods",
        "derived-arabic/register_03.xls",
        "derived-arabic/register_04.xlsx",
        "derived-arabic/slides_01.pptx",
        "derived-arabic/mail/mail_07.eml",
        "office/simple_msg.msg",
    ];
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for source in sources {
        let path = documents().join(source);
        let whole = std::fs::read(&path).unwrap();
        for round in 0..12 {
            let mut bytes = whole.clone();
            if round % 3 == 0 {
                bytes.truncate(random(whole.len()));
            }
            for _ in 0..round * 4 {
                let at = random(bytes.len().max(1));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(random(256)).unwrap();
                }
            }
            let (_folder, damaged) = file(path.file_name().unwrap().to_str().unwrap(), &bytes);
            let (extraction, time) = read(&damaged, &Limits::default());
            let own = !matches!(extraction.reason(), Some(Reason::Crashed | Reason::Timeout | Reason::OutOfMemory));
            assert!(own, "{source} round {round}: {extraction:?} in {time:?}");
        }
    }
}

/// The reasons that fit a file; none where its text can be read.
fn expected(name: &str) -> &'static [Reason] {
    match name {
        "PasswordProtected.doc"
        | "Password_Protected-hello.ppt"
        | "PasswordSample-40bit.pdf"
        | "password-is-test.pdf"
        | "bug53475-password-is-solrcell.docx"
        | "protected_passtika.xlsx"
        | "testODTEncrypted.odt" => &[Reason::Encrypted],
        "droste.zip" => &[Reason::Loops],
        "poc-xmlbomb.xlsx" => &[Reason::ZipBomb],
        "truncated62886.docx" | "xlsx-corrupted.xlsx" => &[Reason::Corrupt],
        "2400dpi.pdf" | "hugemono.pdf" | "bad26.pdf" => &[Reason::NeedsOcr],
        _ if name.starts_with("clusterfuzz") => &[Reason::Corrupt],
        _ => &[],
    }
}
