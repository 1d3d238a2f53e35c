//! The small figures: the print of a letter, the memory of an idle server, the bytes and the first page of the UI, and the
//! relevance of the search.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    http::{Http, Session},
    report::{Report, median, ms, say},
    served::{Served, Setting},
};

/// The retrieval sets that are scored, below the folder of data.
const SETS: [&str; 4] =
    ["retrieval/xquad-ar", "retrieval/xquad-en", "retrieval/court-rulings-dz", "corpus/saudi-regulations"];

/// Milliseconds for the PDF of a letter of one page.
pub fn print(http: &mut Http, writer: &Session, to: i64, text: &str) -> Result<f64> {
    let input = json!({
        "form": "letter", "lang": "ar", "secrecy": "normal", "priority": "urgent", "subject": "طلب بيانات الموازنة",
        "addressee": "معالي وزير المالية الأكرم", "body": crate::issue::body(text),
        "recipients": [{ "agency_id": to, "role": "to" }],
    });
    let draft: Value = http.post(writer, "/api/letters", "", &input.to_string())?.json()?;
    let path = format!("/api/letters/{}/pdf", draft["id"]);
    let mut times = Vec::new();
    for _ in 0..40 {
        let started = Instant::now();
        let answer = http.get(writer, &path)?;
        times.push(ms(started.elapsed()));
        ensure!(answer.body.starts_with(b"%PDF"), "no PDF: status {}", answer.status);
    }
    Ok(median(&times))
}

/// Memory of a server that nobody has asked anything for a while.
pub fn idle(served: &Served) -> Result<f64> {
    std::thread::sleep(Duration::from_secs(10));
    served.resident_mb()
}

/// Megabytes of everything the UI can ever load, as a browser gets it.
pub fn wire(http: &mut Http, dist: &Path) -> Result<f64> {
    let mut files = vec!["/".to_owned()];
    list(dist, dist, &mut files)?;
    let mut bytes = 0;
    for file in files {
        let answer = http.call("GET", &file, None, "Accept-Encoding: gzip, deflate, br\r\n", None)?;
        ensure!(answer.status == 200, "{file}: status {}", answer.status);
        bytes += answer.body.len();
    }
    Ok(bytes as f64 / 1_000_000.0)
}

fn list(top: &Path, folder: &Path, files: &mut Vec<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("the UI is not built: {}", folder.display()))? {
        let path = entry?.path();
        let name = path.strip_prefix(top)?.to_string_lossy().into_owned();
        // Packed forms are forms of another file; the page is "/"; the list of files is not for browsers.
        let packed = name.ends_with(".br") || name.ends_with(".gz");
        if path.is_dir() {
            list(top, &path, files)?;
        } else if !packed && name != "index.html" && name != "manifest.json" {
            files.push(format!("/{name}"));
        }
    }
    Ok(())
}

/// Seconds until the inbox can be used in a browser that has nothing in its cache.
pub fn first_page(setting: &Setting<'_>, served: &Served, session: &Session) -> Result<f64> {
    let script = std::env::current_dir()?.join("tests/bench/first_page.mjs");
    let url = format!("http://{}", served.address);
    let output =
        Command::new("node").arg(&script).args([&url, &session.cookies]).current_dir(setting.folder).output()?;
    ensure!(output.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    let seconds: Vec<f64> = serde_json::from_slice(&output.stdout)?;
    say(format_args!("   first page: {seconds:.2?} s"));
    Ok(median(&seconds))
}

/// MRR@10 of the sets that are there, by the command an operator uses.
pub fn relevance(setting: &Setting<'_>, data: &Path, report: &mut Report) -> Result<()> {
    for set in SETS {
        let folder = data.join(set);
        if !folder.is_dir() {
            say(format_args!("search.mrr10: there is no {}", folder.display()));
            continue;
        }
        let output = Command::new(setting.binary).arg("search-eval").arg(&folder).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "search-eval: {}", String::from_utf8_lossy(&output.stderr));
        let score = text.split_whitespace().skip_while(|word| *word != "MRR@10").nth(1).context("no MRR@10")?;
        let name = set.rsplit('/').next().unwrap_or(set);
        let bound = match name {
            "xquad-ar" => Some(0.92),
            "saudi-regulations" => Some(0.80),
            _ => None,
        };
        report.at_least(format!("search.mrr10.{name}"), score.parse()?, "score", bound);
    }
    Ok(())
}
