//! Limits hold: time, memory, output, unpacking; and nothing survives the child.

use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diwan_extract::{Extraction, Limits, Reason, Status, WarningCode, run_limited};

use crate::support::{child, file, read};

fn zip_of(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx_of(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zip_of(&[("[Content_Types].xml", b"<Types/>".to_vec()), ("word/document.xml", document.into_bytes())])
}

/// A shell script that stands in for the executable.
fn script(body: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, path) = file("child.sh", format!("#!/bin/sh\n{body}\n").as_bytes());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    (folder, path)
}

fn run_script(body: &str, limits: &Limits) -> (Extraction, Duration) {
    let (_folder, path) = script(body);
    let (_letter, letter) = file("a.txt", b"text");
    let start = Instant::now();
    (run_limited(&path, &letter, "text/plain", limits), start.elapsed())
}

#[test]
fn a_zip_bomb_is_refused() {
    let zeros = vec![b' '; 64 * 1024 * 1024];
    let (_folder, path) = file("bomb.docx", &docx_of(&String::from_utf8(zeros.clone()).unwrap()));
    assert!(path.metadata().unwrap().len() < 200_000);
    assert_eq!(read(&path, &Limits::default()).0, Extraction::refused(Reason::ZipBomb));
    let (_folder, path) =
        file("bomb.xlsx", &zip_of(&[("xl/workbook.xml", b"<workbook/>".to_vec()), ("xl/media/a.bin", zeros)]));
    assert_eq!(read(&path, &Limits::default()).0, Extraction::refused(Reason::ZipBomb));
}

#[test]
fn too_many_entries_and_too_much_in_all_are_refused() {
    let entries: Vec<_> = (0..30).map(|number| (format!("{number}.txt"), vec![b'a'; 100_000])).collect();
    let borrowed: Vec<_> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let (_folder, path) = file("many.zip", &zip_of(&borrowed));
    let few = Limits { zip_entries: 20, ..Limits::default() };
    assert_eq!(read(&path, &few).0.reason(), Some(Reason::ZipBomb));
    let little = Limits { unpacked_bytes: 1_000_000, ..Limits::default() };
    assert_eq!(read(&path, &little).0.reason(), Some(Reason::ZipBomb));
    assert_eq!(read(&path, &Limits::default()).0.parts.len(), 30);
}

#[test]
fn xml_entities_are_not_expanded() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><w:document><w:t>&b;</w:t></w:document>";
    let (_folder, path) = file("bomb.docx", &zip_of(&[("word/document.xml", bomb.into())]));
    assert_eq!(read(&path, &Limits::default()).0.reason(), Some(Reason::ZipBomb));
}

#[test]
fn memory_is_limited() {
    let (_folder, path) = file("large.docx", &docx_of(&"<w:p><w:r><w:t>كلمة </w:t></w:r></w:p>".repeat(400_000)));
    let limits = Limits { memory_bytes: 40 * 1024 * 1024, zip_ratio: 10_000, ..Limits::default() };
    assert_eq!(read(&path, &limits).0, Extraction::refused(Reason::OutOfMemory));
    assert_eq!(read(&path, &Limits { zip_ratio: 10_000, ..Limits::default() }).0.status, Status::Text);
}

#[test]
fn processor_time_is_limited() {
    let limits = Limits { cpu_seconds: 1, wall_seconds: 20, ..Limits::default() };
    let (extraction, time) = run_script("ulimit -S -t 1; while :; do :; done", &limits);
    assert_eq!(extraction, Extraction::refused(Reason::Timeout));
    assert!(time < Duration::from_secs(10), "{time:?}");
}

#[test]
fn time_by_the_clock_is_limited_and_nothing_survives() {
    let (folder, marker) = file("pid", b"");
    let limits = Limits { wall_seconds: 1, ..Limits::default() };
    let (extraction, time) = run_script(&format!("sleep 60 & echo $! > {}; wait", marker.display()), &limits);
    assert_eq!(extraction, Extraction::refused(Reason::Timeout));
    assert!(time < Duration::from_secs(5), "{time:?}");
    let pid = std::fs::read_to_string(&marker).unwrap();
    assert!(!is_running(pid.trim()), "the grandchild {pid} survived");
    drop(folder);
}

#[test]
fn a_grandchild_left_behind_is_killed() {
    let (_folder, marker) = file("pid", b"");
    let limits = Limits { wall_seconds: 10, ..Limits::default() };
    let answer =
        r#"{"status":"no_text","reason":"empty","parts":[],"pages":null,"title":null,"author":null,"warnings":[]}"#;
    let body = format!("sleep 60 >/dev/null 2>&1 & echo $! > {}; echo '{answer}'", marker.display());
    let (extraction, time) = run_script(&body, &limits);
    assert_eq!(extraction, Extraction::no_text(Reason::Empty));
    assert!(time < Duration::from_secs(5), "{time:?}");
    let pid = std::fs::read_to_string(&marker).unwrap();
    assert!(!is_running(pid.trim()), "the grandchild {pid} survived");
}

/// Whether a process exists and is no zombie; a killed one may take a moment.
fn is_running(pid: &str) -> bool {
    let state = || {
        let stat = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).ok()?;
        stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next())
    };
    assert!(pid.parse::<u32>().is_ok(), "{pid:?} is no process id");
    let deadline = Instant::now() + Duration::from_secs(2);
    while Instant::now() < deadline {
        if matches!(state(), None | Some('Z' | 'X')) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

#[test]
fn a_flood_of_output_is_cut_off() {
    let limits = Limits { text_bytes: 1024, ..Limits::default() };
    let (extraction, time) = run_script("yes", &limits);
    assert_eq!(extraction, Extraction::refused(Reason::TooLarge));
    assert!(time < Duration::from_secs(10), "{time:?}");
}

#[test]
fn nonsense_and_failure_are_told() {
    assert_eq!(run_script("echo nonsense", &Limits::default()).0, Extraction::refused(Reason::Crashed));
    assert_eq!(run_script("exit 3", &Limits::default()).0, Extraction::refused(Reason::Crashed));
    assert_eq!(run_script("kill -SEGV $$", &Limits::default()).0, Extraction::refused(Reason::Corrupt));
    let (_folder, letter) = file("a.txt", b"text");
    let missing = run_limited(Path::new("/nonexistent/diwan"), &letter, "text/plain", &Limits::default());
    assert_eq!(missing, Extraction::refused(Reason::Crashed));
    let nowhere = run_limited(&child(), Path::new("/nonexistent/letter.txt"), "text/plain", &Limits::default());
    assert_eq!(nowhere, Extraction::refused(Reason::Unreadable));
}

/// What the child is given, and what the shell adds by itself.
const EXPECTED: [&str; 8] = ["PATH", "LANG", "TMPDIR", "MIMALLOC_ARENA_RESERVE", "PWD", "OLDPWD", "SHLVL", "_"];

#[test]
fn the_child_sees_no_secrets() {
    let (_folder, marker) = file("env", b"");
    let (extraction, _) = run_script(&format!("env > {}", marker.display()), &Limits::default());
    assert_eq!(extraction.reason(), Some(Reason::Crashed));
    let seen = std::fs::read_to_string(&marker).unwrap();
    let names: Vec<&str> = seen.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    assert!(names.contains(&"TMPDIR"));
    assert!(names.iter().all(|name| EXPECTED.contains(name)), "{names:?}");
}

#[test]
fn sizes_are_limited() {
    let (_folder, path) = file("large.txt", "كلمة ".repeat(10_000).as_bytes());
    let (cut, _) = read(&path, &Limits { text_bytes: 1001, ..Limits::default() });
    assert_eq!(cut.status, Status::Text);
    assert!((990..=1001).contains(&cut.text().len()), "{}", cut.text().len());
    assert_eq!(cut.warnings[0].code, WarningCode::TextCut);
    let refused = read(&path, &Limits { file_bytes: 1000, ..Limits::default() }).0;
    assert_eq!(refused, Extraction::refused(Reason::TooLarge));
    let (_folder, empty) = file("empty.pdf", b"");
    assert_eq!(read(&empty, &Limits::default()).0, Extraction::no_text(Reason::Empty));
}

#[test]
fn nesting_ends() {
    let mut inner = zip_of(&[("letter.txt", "كتاب".into())]);
    for depth in 0..6 {
        inner = zip_of(&[("inner.zip", inner), (&format!("{depth}.txt"), format!("level {depth}").into_bytes())]);
    }
    let (_folder, path) = file("deep.zip", &inner);
    let (extraction, _) = read(&path, &Limits::default());
    assert_eq!(extraction.status, Status::Text);
    let deepest = extraction.parts.iter().map(|part| part.inside.len()).max();
    assert_eq!(deepest, Some(3));
    assert!(extraction.warnings.iter().any(|warning| warning.reason == Some(Reason::Loops)));
}

#[test]
fn a_mail_is_read_with_its_attachments() {
    let letter = docx_of("<w:p><w:r><w:t>الكتاب المرفق</w:t></w:r></w:p>");
    let inner = format!(
        "From: b@example.jo\r\nSubject: inner\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n\
         --i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nالنص الداخلي\r\n\
         --i\r\nContent-Type: application/octet-stream; name=\"letter.docx\"\r\nContent-Disposition: attachment; filename=\"letter.docx\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--i--\r\n",
        base64(&letter)
    );
    let outer = format!(
        "From: =?utf-8?B?2KPYrdmF2K8=?= <a@example.jo>\r\nTo: c@example.jo\r\nSubject: outer\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>نص <b>مهم</b></p>\r\n\
         --o\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"fwd.eml\"\r\n\r\n{inner}\r\n--o--\r\n"
    );
    let (_folder, path) = file("mail.eml", outer.as_bytes());
    let (extraction, _) = read(&path, &Limits::default());
    assert_eq!(extraction.title.as_deref(), Some("outer"));
    assert_eq!(extraction.author.as_deref(), Some("أحمد a@example.jo"));
    let told: Vec<(usize, String)> =
        extraction.parts.iter().map(|part| (part.inside.len(), part.text.clone())).collect();
    let has = |depth: usize, text: &str| told.iter().any(|(inside, told)| *inside == depth && told.contains(text));
    assert!(has(0, "نص مهم") && has(1, "inner") && has(1, "النص الداخلي") && has(2, "الكتاب المرفق"), "{told:#?}");
    assert_eq!(extraction.parts.last().unwrap().inside, ["fwd.eml", "letter.docx"]);
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for three in bytes.chunks(3) {
        let word =
            u32::from_be_bytes([0, three[0], three.get(1).copied().unwrap_or(0), three.get(2).copied().unwrap_or(0)]);
        for place in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    encoded
}
