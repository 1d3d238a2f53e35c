//! Measuring relevance: documents and queries with known answers through the real index and the real search.
//!
//! A set is a folder with `docs.jsonl` (`{id, title, text}`) and `queries.jsonl` (`{id, text, relevant: [id]}`).

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Result, SearchError};
use crate::{Access, Entry, Part, Search, Settings, open};

/// Rank up to which an answer counts.
const DEPTH: usize = 10;

/// How well the answers of one set were found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Name of the folder.
    pub name: String,
    /// Number of documents.
    pub docs: usize,
    /// Number of queries.
    pub queries: usize,
    /// Mean of 1 / rank of the first right answer within ten, 0 where there is none.
    pub mrr10: f64,
    /// Part of the queries whose first hit is right.
    pub s1: f64,
    /// Part of the queries with a right hit within ten.
    pub s10: f64,
}

#[derive(Deserialize)]
struct Doc {
    id: String,
    #[serde(default)]
    title: Option<String>,
    text: String,
}

#[derive(Deserialize)]
struct Query {
    text: String,
    relevant: Vec<String>,
}

/// Indexes the set in `dir` into a temporary folder and asks all its queries.
///
/// # Errors
/// When a file of the set is missing or malformed, or the index cannot be written.
pub fn run(dir: &Path) -> Result<Report> {
    let docs: Vec<Doc> = lines(&dir.join("docs.jsonl"))?;
    let queries: Vec<Query> = lines(&dir.join("queries.jsonl"))?;
    let with_titles = !asks_for_titles(&docs, &queries);
    let folder = tempfile::tempdir().map_err(SearchError::io(std::env::temp_dir()))?;
    let (index, mut indexer, _) = open(folder.path(), Settings::default())?;
    let entries = docs.iter().zip(0..).map(|(doc, id)| entry(doc, id, with_titles));
    indexer.upsert(entries)?;
    indexer.commit("")?;

    let (mut reciprocal, mut first, mut found) = (0.0, 0, 0);
    for query in &queries {
        let relevant: HashSet<&str> = query.relevant.iter().map(String::as_str).collect();
        let search = Search { text: query.text.clone(), access: everyone(), limit: DEPTH, ..Search::default() };
        let hits = index.search(&search)?.hits;
        let right = |id: u64| {
            usize::try_from(id).ok().and_then(|at| docs.get(at)).is_some_and(|doc| relevant.contains(doc.id.as_str()))
        };
        if let Some(rank) = hits.iter().position(|hit| right(hit.id)) {
            reciprocal += 1.0 / (rank as f64 + 1.0);
            first += usize::from(rank == 0);
            found += 1;
        }
    }
    let share = |part: f64| part / queries.len().max(1) as f64;
    Ok(Report {
        name: dir.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        docs: docs.len(),
        queries: queries.len(),
        mrr10: share(reciprocal),
        s1: share(f64::from(u32::try_from(first).unwrap_or(u32::MAX))),
        s10: share(f64::from(found)),
    })
}

/// Where the queries are the titles, searching the titles would give the answers away: only the texts are searched.
fn asks_for_titles(docs: &[Doc], queries: &[Query]) -> bool {
    let gives_away = |query: &&Query| {
        let relevant = |doc: &&Doc| query.relevant.contains(&doc.id);
        docs.iter().filter(relevant).any(|doc| doc.title.as_deref().is_some_and(|title| title.contains(&query.text)))
    };
    queries.iter().filter(gives_away).count() * 2 > queries.len()
}

fn entry(doc: &Doc, id: u64, with_title: bool) -> Entry {
    Entry {
        id,
        subject: doc.title.clone().filter(|_| with_title).unwrap_or_default(),
        principals: everyone().principals,
        body: vec![Part { text: doc.text.clone(), ..Part::default() }],
        ..Entry::default()
    }
}

fn everyone() -> Access {
    Access { principals: vec!["eval".to_owned()], ..Access::default() }
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).map_err(SearchError::io(path))?;
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| Ok(serde_json::from_str(line)?)).collect()
}
