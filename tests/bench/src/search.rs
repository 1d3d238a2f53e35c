//! Search in 100,000 documents by somebody of five units: through HTTP, and as PostgreSQL's own `arabic` full-text search
//! on the same texts with the same filter.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{
    http::{Http, Session, encoded},
    report::{ms, part, say},
    served::Served,
    sql::{Bind, Raw},
    texts::{Texts, queries},
    world::Box,
};

/// Queries of each kind.
const EACH: usize = 100;
/// The index has to be built by then.
const PATIENCE: Duration = Duration::from_secs(900);

/// The kinds of queries, by name.
pub fn asked(data: &Path, texts: &Texts) -> Result<Vec<(String, Vec<String>)>> {
    let mut kinds = Vec::new();
    for words in [1, 2, 3, 5] {
        let texts = (0..EACH).map(|number| texts.words(number * 331, words)).filter(|text| !text.is_empty());
        kinds.push((format!("{words} words of a text"), texts.collect()));
    }
    for set in ["corpus/saudi-regulations", "retrieval/court-rulings-dz"] {
        let file = data.join(set).join("queries.jsonl");
        if file.is_file() {
            let all = queries(&file)?;
            let step = (all.len() / EACH).max(1);
            kinds.push((set.to_owned(), all.into_iter().step_by(step).take(EACH).collect()));
        }
    }
    Ok(kinds)
}

/// Waits until every letter of the box is in the index.
pub fn indexed(http: &mut Http, session: &Session, wanted: usize) -> Result<()> {
    let started = Instant::now();
    loop {
        let found: Value = http.get(session, "/api/search?q=&limit=1")?.json()?;
        if found["total"].as_u64().is_some_and(|total| total >= wanted as u64) {
            say(format_args!("   {wanted} documents indexed in {:.0} s", started.elapsed().as_secs_f64()));
            return Ok(());
        }
        ensure!(started.elapsed() < PATIENCE, "the index is not built: {found}");
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Times of all queries through HTTP, in milliseconds.
pub fn through_http(
    served: &Served,
    http: &mut Http,
    session: &Session,
    kinds: &[(String, Vec<String>)],
) -> Result<Vec<f64>> {
    let paths: Vec<String> = kinds
        .iter()
        .flat_map(|(_, texts)| texts)
        .map(|text| format!("/api/search?limit=20&q={}", encoded(text)))
        .collect();
    // The first few open the index's files.
    for path in paths.iter().take(20) {
        http.get(session, path)?;
    }
    let mut all = Vec::new();
    let mut left = paths.iter();
    for (name, texts) in kinds {
        let mut times = Vec::with_capacity(texts.len());
        let mut total = 0;
        let cpu = served.cpu_seconds();
        for path in left.by_ref().take(texts.len()) {
            let started = Instant::now();
            let answer = http.get(session, path)?;
            times.push(ms(started.elapsed()));
            total += answer.json::<Value>()?["total"].as_u64().unwrap_or(0);
        }
        tell("Diwan", name, &times, total);
        let cpu = (served.cpu_seconds() - cpu) * 1000.0 / times.len().max(1) as f64;
        say(format_args!("{:45} processor time {cpu:.1} ms each", ""));
        all.extend(times);
    }
    Ok(all)
}

/// Makes PostgreSQL's index of the same texts.
pub fn index_in_postgres(raw: &mut dyn Raw) -> Result<()> {
    raw.script(
        "CREATE TABLE bench_fts AS
             SELECT r.id, to_tsvector('arabic', r.subject || ' ' || l.body_text) AS words
             FROM records r JOIN letters l ON l.record_id = r.id;
         ALTER TABLE bench_fts ADD PRIMARY KEY (id);
         CREATE INDEX bench_fts_words ON bench_fts USING gin (words);",
    )?;
    Ok(raw.script("VACUUM ANALYZE bench_fts")?)
}

/// Times of all queries in PostgreSQL, in milliseconds: the best 20 by rank that the reader may see.
pub fn in_postgres(raw: &mut dyn Raw, letters: &Box, kinds: &[(String, Vec<String>)]) -> Result<Vec<f64>> {
    let principals: Vec<String> = letters.principals.iter().map(|one| format!("'{one}'")).collect();
    let sql = format!(
        "SELECT r.id, r.subject, r.party, r.number
         FROM bench_fts f JOIN records r ON r.id = f.id, plainto_tsquery('arabic', ?) q
         WHERE f.words @@ q AND r.agency_id = {agency} AND r.secrecy IN ('normal', 'restricted', 'secret')
           AND EXISTS (SELECT 1 FROM record_access a WHERE a.record_id = r.id AND a.principal IN ({principals}))
           AND NOT EXISTS (SELECT 1 FROM record_caveats c WHERE c.record_id = r.id
               AND c.caveat IN ('personal', 'sealed_envelope'))
         ORDER BY ts_rank(f.words, q) DESC, r.id DESC LIMIT 20",
        agency = letters.agency,
        principals = principals.join(", "),
    );
    let mut all = Vec::new();
    for (name, texts) in kinds {
        let mut times = Vec::with_capacity(texts.len());
        let mut found = 0;
        for text in texts {
            let started = Instant::now();
            found += raw.rows(&sql, &[Bind::Text(text)])?.len() as u64;
            times.push(ms(started.elapsed()));
        }
        tell("PostgreSQL", name, &times, found);
        all.extend(times);
    }
    Ok(all)
}

fn tell(who: &str, name: &str, times: &[f64], found: u64) {
    let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
    say(format_args!(
        "   {who:10} {name:28} {:4} queries, {:6} hits each, mean {mean:.1} p50 {:.1} p95 {:.1} ms",
        times.len(),
        found / times.len().max(1) as u64,
        part(times, 0.5),
        part(times, 0.95),
    ));
}

/// Seconds from the answer of a write until the text written is found; the longest of a few.
pub fn visible(http: &mut Http, writer: &Session, to: i64) -> Result<f64> {
    let mut longest: f64 = 0.0;
    for number in 0..5 {
        let word = format!("ظهور{number}كلمة");
        let input = json!({
            "form": "letter", "lang": "ar", "secrecy": "normal", "priority": "normal", "subject": format!("تجربة {word}"),
            "addressee": "", "body": crate::issue::body(&word), "recipients": [{ "agency_id": to, "role": "to" }],
        });
        http.post(writer, "/api/letters", "", &input.to_string())?.json::<Value>()?;
        let committed = Instant::now();
        let path = format!("/api/search?q={}", encoded(&word));
        while http.get(writer, &path)?.json::<Value>()?["total"] != 1 {
            ensure!(committed.elapsed() < Duration::from_secs(60), "{word} is not found after a minute");
            std::thread::sleep(Duration::from_millis(20));
        }
        longest = longest.max(committed.elapsed().as_secs_f64());
    }
    Ok(longest)
}
