//! Files that come in: how fast a folder is imported, how much of the words of files and scans is read, and whether a
//! scanned page is found by what stands on it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use diwan_db::{Backend, DbUrl};
use serde_json::Value;

use crate::{
    http::{Http, Session, encoded},
    report::{Report, say},
    served::{Place, Served, Setting},
    texts::Texts,
    world,
};

/// Small files of an import.
const SMALL: usize = 10_000;
/// Passages filed beside the scans, so that a page has to be told from others.
const OTHERS: usize = 2_000;
/// Phrases that each scanned page is looked for by.
const PHRASES: usize = 10;
/// Recognition has to be done by then.
const PATIENCE: Duration = Duration::from_secs(1_200);

/// Measures the parts.
pub fn run(setting: &Setting<'_>, backends: &[Backend], data: &Path, texts: &Texts, report: &mut Report) -> Result<()> {
    let speeds = backends.iter().map(|backend| speed(setting, *backend)).collect::<Result<Vec<_>>>()?;
    let slowest = speeds.into_iter().fold(f64::INFINITY, f64::min);
    report.at_least("archive.import.files_per_s", slowest, "files/s", Some(200.0));
    let documents = data.join("documents");
    report.at_least("archive.extract.word_recall_pct", recall(setting, &documents)?, "%", Some(98.0));
    let scans = scans(&documents.join("derived-arabic"))?;
    report.at_least("archive.ocr.pages_per_s", recognise(setting, &scans)?, "pages/s", Some(1.4));
    let (words, tokens) = found(setting, &scans, texts)?;
    report.at_least("archive.ocr.phrase_found_pct", words, "%", Some(95.0));
    report.at_least("archive.ocr.token_phrase_found_pct", tokens, "%", None);
    Ok(())
}

fn import(setting: &Setting<'_>, place: &Place, folder: &Path) -> Command {
    let mut command = Command::new(setting.binary);
    command.args(["import", "--agency", "MODEE", "--as", "clerk.modee", "--log", "error", "--data"]);
    command.arg(&place.folder).arg(folder);
    let url = match &place.url {
        DbUrl::Postgres(url) => url.clone(),
        DbUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
    };
    command.env("DIWAN_DATABASE", url).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Files a second of a folder of small files, in one go; and, not measured, one that is killed three times, which has to
/// have every file exactly once.
fn speed(setting: &Setting<'_>, backend: Backend) -> Result<f64> {
    let source = setting.folder.join(format!("small-{backend:?}"));
    for number in 0..SMALL {
        let below = source.join(format!("box {}", number / 200));
        fs::create_dir_all(&below)?;
        fs::write(
            below.join(format!("letter {number}.txt")),
            format!("letter {number} of the box, {}", number * 7_919),
        )?;
    }
    let place = setting.place(backend)?;
    world::found(&place.url)?;
    let started = Instant::now();
    ensure!(import(setting, &place, &source).status()?.success(), "the import failed");
    let speed = SMALL as f64 / started.elapsed().as_secs_f64();
    say(format_args!("   {SMALL} small files on {backend:?}: {speed:.0} files/s"));
    ensure!(filed(&place)? == SMALL as i64, "not every file is filed");
    place.remove()?;
    let place = setting.place(backend)?;
    world::found(&place.url)?;
    for part in [1_000, 4_000, 7_000] {
        let mut killed = import(setting, &place, &source).spawn()?;
        while filed(&place)? < part {
            ensure!(killed.try_wait()?.is_none(), "the import ended before it was killed");
            std::thread::sleep(Duration::from_millis(50));
        }
        killed.kill()?;
        killed.wait()?;
    }
    ensure!(import(setting, &place, &source).status()?.success(), "the import did not go on");
    ensure!(filed(&place)? == SMALL as i64, "killed three times, the import does not have every file once");
    place.remove()?;
    fs::remove_dir_all(&source)?;
    Ok(speed)
}

fn filed(place: &Place) -> Result<i64> {
    place.with_raw(|raw| Ok(raw.number("SELECT count(*) FROM documents", &[])?))
}

/// Words in lower case, without vowel signs and kashidas.
fn words(text: &str) -> Vec<String> {
    let bare: String = text
        .chars()
        .filter(|one| !matches!(one, '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'))
        .flat_map(char::to_lowercase)
        .collect();
    bare.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The share of the truth's words that the extraction of PDF, Word and Excel files with text has, over all files.
fn recall(setting: &Setting<'_>, documents: &Path) -> Result<f64> {
    let (mut wanted, mut missing) = (0_usize, 0_usize);
    for folder in ["arabic", "derived-arabic"] {
        for file in listed(&documents.join(folder))? {
            let kind = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
            let scan = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("scan_"));
            if scan || !["pdf", "doc", "docx", "xls", "xlsx"].contains(&kind) {
                continue;
            }
            let Some(truth) = truth(&file) else { continue };
            let output = child(setting.binary).arg(&file).output()?;
            let read: Value = serde_json::from_slice(&output.stdout).context("extract")?;
            let parts = read["parts"].as_array().into_iter().flatten();
            let text: Vec<&str> = parts.filter_map(|part| part["text"].as_str()).collect();
            let mut have: HashMap<String, usize> = HashMap::new();
            words(&text.join("\n")).into_iter().for_each(|word| *have.entry(word).or_default() += 1);
            let all = words(&truth);
            let lost = all.iter().filter(|word| match have.get_mut(*word) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            });
            let lost = lost.count();
            say(format_args!("   {}: {lost} of {} words missing", file.display(), all.len()));
            wanted += all.len();
            missing += lost;
        }
    }
    ensure!(wanted > 0, "no files with a truth in {}", documents.display());
    Ok(100.0 * (wanted - missing) as f64 / wanted as f64)
}

/// The process that reads one file, as the server starts it: its allocator leaves the addresses that its limit counts.
fn child(binary: &Path) -> Command {
    let mut child = Command::new(binary);
    child.env("MIMALLOC_ARENA_RESERVE", "16MiB").arg("extract");
    child
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

fn truth(file: &Path) -> Option<String> {
    let beside = |end: &str| file.with_extension("").with_extension(format!("truth.{end}"));
    ["txt", "md", "csv"].iter().find_map(|end| fs::read_to_string(beside(end)).ok())
}

/// A scanned page and what stands on it.
struct Scan {
    file: PathBuf,
    truth: String,
}

fn scans(folder: &Path) -> Result<Vec<Scan>> {
    let files = listed(folder)?.into_iter().filter(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("scan_") && !name.contains(".truth.")
    });
    files.map(|file| Ok(Scan { truth: truth(&file).context("a scan without its truth")?, file })).collect()
}

/// Pages a second, two at a time, each in a process of its own as the server starts it.
fn recognise(setting: &Setting<'_>, scans: &[Scan]) -> Result<f64> {
    const ROUNDS: usize = 2;
    let waiting = Mutex::new((0..ROUNDS).flat_map(|_| scans.iter()).collect::<Vec<_>>());
    let all = scans.len() * ROUNDS;
    let binary = setting.binary;
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.pop());
    let started = Instant::now();
    let done: Result<Vec<()>> = std::thread::scope(|scope| {
        let lane = || {
            while let Some(scan) = next() {
                let limits = r#"{"wall_seconds":180,"cpu_seconds":180,"memory_bytes":2147483648}"#;
                let output = child(binary)
                    .args(["--task", r#"{"recognise":{"page":1}}"#, "--limits", limits])
                    .arg(&scan.file)
                    .output()?;
                ensure!(output.status.success(), "{} was not recognised", scan.file.display());
            }
            Ok(())
        };
        let lanes = [scope.spawn(lane), scope.spawn(lane)];
        lanes.into_iter().map(|lane| lane.join().map_err(|_| anyhow::anyhow!("a lane was lost"))?).collect()
    });
    done?;
    Ok(all as f64 / started.elapsed().as_secs_f64())
}

/// The share of five-word phrases by which the page they stand on is among the first ten, with many other texts around; and
/// the share of phrases that are any five tokens, dates and numbers among them.
fn found(setting: &Setting<'_>, scans: &[Scan], texts: &Texts) -> Result<(f64, f64)> {
    let source = setting.folder.join("pages");
    fs::create_dir_all(&source)?;
    for scan in scans {
        fs::copy(&scan.file, source.join(scan.file.file_name().context("no name")?))?;
    }
    for number in 0..OTHERS {
        fs::write(source.join(format!("other {number}.txt")), texts.at(number * 13 + 5).as_bytes())?;
    }
    let place = setting.place(Backend::Sqlite)?;
    world::found(&place.url)?;
    // Passages may repeat; those are told as duplicates, which is no failure.
    ensure!(import(setting, &place, &source).status()?.success(), "the import failed");
    let served = Served::start(setting, &place)?;
    let mut http = Http::connect(&served.address)?;
    let session = http.sign_in("clerk.modee", world::PASSWORD)?;
    let started = Instant::now();
    while place.with_raw(|raw| Ok(raw.number("SELECT count(*) FROM extracts WHERE state = 'pending'", &[])?))? > 0 {
        ensure!(started.elapsed() < PATIENCE, "the pages are not recognised");
        std::thread::sleep(Duration::from_millis(500));
    }
    let documents = place.with_raw(|raw| Ok(raw.number("SELECT count(*) FROM documents", &[])?))?;
    crate::search::indexed(&mut http, &session, usize::try_from(documents)?)?;
    // The last words reach the index with its next commit.
    std::thread::sleep(Duration::from_secs(5));
    let (mut words, mut tokens) = (0, 0);
    for scan in scans {
        let (of_words, of_tokens) = (phrases(&scan.truth, is_word), phrases(&scan.truth, |_| true));
        let (by_words, by_tokens) =
            (hits(&mut http, &session, scan, &of_words)?, hits(&mut http, &session, scan, &of_tokens)?);
        say(format_args!("   {}: {by_words} and {by_tokens} of {PHRASES} phrases", scan.file.display()));
        words += by_words;
        tokens += by_tokens;
    }
    drop(served);
    place.remove()?;
    fs::remove_dir_all(&source)?;
    let share = |right: usize| 100.0 * right as f64 / (PHRASES * scans.len()) as f64;
    Ok((share(words), share(tokens)))
}

/// Whether this is a word, and no number, date or mark: digits are never trusted from recognition.
fn is_word(token: &str) -> bool {
    token.chars().any(char::is_alphabetic) && !token.chars().any(char::is_numeric)
}

/// Phrases of five tokens that follow each other in the text, spread over it, each the next from its place on whose tokens all
/// will do.
fn phrases(truth: &str, will_do: fn(&str) -> bool) -> Vec<String> {
    let tokens: Vec<&str> = truth.split_whitespace().collect();
    let windows: Vec<&[&str]> = tokens.windows(5).collect();
    let fits = |window: &&&[&str]| window.iter().all(|token| will_do(token));
    (0..PHRASES)
        .filter_map(|number| {
            let from = windows.len().saturating_sub(1) * number / (PHRASES - 1);
            let (before, after) = windows.split_at_checked(from)?;
            after.iter().find(fits).or_else(|| before.iter().rev().find(fits)).map(|window| window.join(" "))
        })
        .collect()
}

/// By how many of these phrases a page is found.
fn hits(http: &mut Http, session: &Session, scan: &Scan, phrases: &[String]) -> Result<usize> {
    let name = scan.file.file_stem().unwrap_or_default().to_string_lossy().replace('_', " ");
    let mut found = 0;
    for phrase in phrases {
        let answer: Value = http.get(session, &format!("/api/search?limit=10&q={}", encoded(phrase)))?.json()?;
        let mut subjects = answer["hits"].as_array().into_iter().flatten();
        if subjects.any(|hit| hit["subject"]["text"].as_str() == Some(&name)) {
            found += 1;
        } else {
            say(format_args!("   {name} is not found by: {phrase}"));
        }
    }
    Ok(found)
}
