//! `cargo run --release -p diwan-search --example latency -- DATA [ENTRIES]`: speed of indexing and searching on passages
//! of the corpora, each entry open to 3 of 200 units, each search asked by someone of 5 units.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use diwan_search::{Access, Entry, Index, Part, Search, Settings, open};
use serde_json::Value;

const UNITS: u64 = 200;
const BATCH: usize = 1_000;
/// Words of a passage.
const PASSAGE: usize = 60;

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args().skip(1);
    let data = PathBuf::from(arguments.next().ok_or("usage: latency DATA [ENTRIES]")?);
    let wanted = arguments.next().map_or(Ok(100_000), |count| count.parse())?;
    let passages = passages(&data.join("corpus"), wanted)?;
    let folder = tempfile::tempdir()?;
    let (index, mut indexer, _) = open(folder.path(), Settings { writer_threads: 2, ..Settings::default() })?;
    let started = Instant::now();
    let mut rebuild = indexer.rebuild()?;
    for (batch, texts) in passages.chunks(BATCH).enumerate() {
        rebuild.upsert(texts.iter().zip(batch * BATCH..).map(|(text, id)| entry(id as u64, text)))?;
    }
    rebuild.finish(&mut indexer, "0")?;
    let seconds = started.elapsed().as_secs_f64();
    let mut out = std::io::stdout();
    writeln!(out, "{} entries, {:.0} per second", passages.len(), passages.len() as f64 / seconds)?;

    let started = Instant::now();
    indexer.upsert([entry(1, "تعديل")])?;
    indexer.commit("1")?;
    writeln!(out, "one entry visible after {:?}", started.elapsed())?;

    for (name, queries) in queries(&data, &passages)? {
        let mut times: Vec<Duration> = Vec::with_capacity(queries.len());
        let mut total = 0;
        for (number, text) in queries.iter().enumerate() {
            let (took, hits) = time(&index, text, number as u64)?;
            times.push(took);
            total += hits;
        }
        times.sort_unstable();
        let at = |part: f64| times.get(((times.len() - 1) as f64 * part) as usize).copied().unwrap_or_default();
        let (p50, p95, p99) = (at(0.5), at(0.95), at(0.99));
        writeln!(
            out,
            "{name:24} {:5} queries, {:6} hits each, p50 {p50:?} p95 {p95:?} p99 {p99:?}",
            times.len(),
            total / times.len()
        )?;
    }
    Ok(())
}

fn time(index: &Index, text: &str, number: u64) -> Result<(Duration, usize), Fault> {
    let principals = (0..5).map(|unit| format!("unit{}", (number * 7 + unit * 37) % UNITS)).collect();
    let access = Access { principals, clearance: 1, caveats: vec!["personal".into()] };
    let search = Search { text: text.to_owned(), access, limit: 20, ..Search::default() };
    let started = Instant::now();
    let hits = index.search(&search)?;
    Ok((started.elapsed(), hits.total))
}

fn entry(id: u64, text: &str) -> Entry {
    // A fixed scramble, so that neighbours do not share units.
    let scramble = |salt: u64| (id + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    Entry {
        id,
        kind: if id.is_multiple_of(3) { "document" } else { "letter" }.into(),
        agency: id % 40,
        state: "issued".into(),
        numbers: vec![format!("ق ع/{}/{id}", id % 9)],
        subject: text.split_whitespace().take(8).collect::<Vec<_>>().join(" "),
        date: NaiveDate::default() + Days::new(14_000 + id % 5_000),
        class: Some(format!("{}/{}", id % 7, id % 49)),
        secrecy: u8::from(id.is_multiple_of(50)) * 2,
        caveats: if id.is_multiple_of(100) { vec!["sealed".into()] } else { Vec::new() },
        principals: (0..3).map(|n| format!("unit{}", scramble(n) % UNITS)).collect(),
        body: vec![Part { text: text.to_owned(), ..Part::default() }],
        ..Entry::default()
    }
}

/// Passages of all corpora, in an order that mixes them; repeated when there are too few.
fn passages(corpus: &Path, wanted: usize) -> Result<Vec<String>, Fault> {
    let mut all = Vec::new();
    for file in jsonl(corpus)? {
        for line in fs::read_to_string(file)?.lines() {
            let Value::Object(fields) = serde_json::from_str(line)? else { continue };
            let Some(text) = fields.get("text").and_then(Value::as_str) else { continue };
            let words: Vec<&str> = text.split_whitespace().collect();
            all.extend(words.chunks(PASSAGE).map(|words| words.join(" ")));
        }
    }
    let count = all.len();
    let step = 7_919;
    Ok((0..wanted).filter_map(|number| all.get(number * step % count).cloned()).collect())
}

fn jsonl(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(jsonl(&path)?);
        } else if path.extension().is_some_and(|ext| ext == "jsonl") && !path.ends_with("queries.jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Several kinds of queries, by name.
fn queries(data: &Path, passages: &[String]) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let mut kinds = Vec::new();
    for set in ["retrieval/xquad-ar", "retrieval/court-rulings-dz", "corpus/saudi-regulations"] {
        let mut texts = Vec::new();
        for line in fs::read_to_string(data.join(set).join("queries.jsonl"))?.lines() {
            texts.extend(serde_json::from_str::<Value>(line)?.get("text").and_then(Value::as_str).map(str::to_owned));
        }
        kinds.push((set.to_owned(), texts));
    }
    for words in [1, 2, 3, 5] {
        let cut = |text: &String| text.split_whitespace().skip(11).take(words).collect::<Vec<_>>().join(" ");
        kinds.push((format!("{words} words of a text"), passages.iter().step_by(331).take(300).map(cut).collect()));
    }
    let phrases = passages.iter().step_by(337).take(300);
    let phrase =
        |text: &String| format!("\"{}\"", text.split_whitespace().skip(9).take(3).collect::<Vec<_>>().join(" "));
    kinds.push(("phrases".to_owned(), phrases.map(phrase).collect()));
    kinds.push(("numbers".to_owned(), (0..300).map(|number| format!("{}/{}", number % 9, number * 17)).collect()));
    Ok(kinds)
}
