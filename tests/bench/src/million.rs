//! A million documents: the index made of the database, and searches by somebody of five units through the index itself.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, anyhow, ensure};
use diwan_archive::search::Sources;
use diwan_db::{Backend, Db, DbConfig};
use diwan_platform::{Limits, Platform, Secrets, files::BlobStore};
use diwan_search::{Access, Index, Search, Settings};

use crate::{
    report::{Report, ms, part, say},
    search,
    served::Setting,
    texts::Texts,
    world,
};

/// Clearance of the reader: secret (سري).
const CLEARANCE: u8 = 2;

/// Fills a database, builds its index, and searches it.
pub fn run(setting: &Setting<'_>, data: &Path, texts: &Texts, rows: usize, report: &mut Report) -> Result<()> {
    let place = setting.place(Backend::Sqlite)?;
    let government = world::found(&place.url)?;
    let started = Instant::now();
    let letters = world::fill(&place.url, &government, texts, rows)?;
    say(format_args!("   {rows} letters written in {:.0} s", started.elapsed().as_secs_f64()));

    let folder = setting.folder.join("million");
    let db = Db::open(DbConfig::new(place.url.clone()))?;
    let blobs = BlobStore::in_folder(&folder.join("files")).map_err(|fault| anyhow!("{fault}"))?;
    let platform = Platform::new(db, blobs, Limits::default(), Secrets::from_key([7; 32]));
    let sources = Sources::default().with(diwan_tarasol::search::Letters);
    let index_folder = folder.join("index");
    let (service, mut indexer) = diwan_archive::search::open(&index_folder, sources, Settings::default())?;
    let started = Instant::now();
    let entries = indexer.rebuild_now(&platform).map_err(|refusal| anyhow!("{refusal}"))?;
    let took = started.elapsed().as_secs_f64();
    indexer.wait_for_merge().map_err(|refusal| anyhow!("{refusal}"))?;
    let whole = started.elapsed().as_secs_f64();
    say(format_args!("   {entries} entries searchable after {took:.0} s, merged after {whole:.0} s"));
    ensure!(entries >= rows as u64, "{entries} entries of {rows} letters");
    report.at_least("archive.index.docs_per_s", entries as f64 / took, "docs/s", Some(10_000.0));
    report.at_most("archive.rebuild_s.1m", whole * 1_000_000.0 / entries as f64, "s", 300.0);
    drop((service, indexer, platform));

    let (index, indexer, _) = diwan_search::open(&index_folder, Settings::default())?;
    let health = index.health();
    let megabytes = health.bytes >> 20;
    say(format_args!("   {} entries in {} pieces, {megabytes} MB", health.entries, health.segments));
    let access = Access {
        principals: letters.principals.iter().map(|one| format!("{}/{one}", letters.agency)).collect(),
        clearance: CLEARANCE,
        ..Access::default()
    };
    let times = searched(&index, &access, &search::asked(data, texts)?)?;
    report.at_most("archive.search.p50_ms.1m", part(&times, 0.5), "ms", 10.0);
    report.at_most("archive.search.p99_ms.1m", part(&times, 0.99), "ms", 50.0);
    drop((index, indexer));
    std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    place.remove()
}

/// Times of all queries, each with passages, total and facets, in milliseconds.
fn searched(index: &Index, access: &Access, kinds: &[(String, Vec<String>)]) -> Result<Vec<f64>> {
    let ask = |text: &String| {
        index.search(&Search { text: text.clone(), access: access.clone(), limit: 20, ..Search::default() })
    };
    for text in kinds.iter().flat_map(|(_, texts)| texts.iter().take(5)) {
        ask(text)?;
    }
    let mut all = Vec::new();
    for (name, texts) in kinds {
        let (mut times, mut found) = (Vec::with_capacity(texts.len()), 0);
        for text in texts {
            let started = Instant::now();
            found += ask(text)?.total;
            times.push(ms(started.elapsed()));
        }
        say(format_args!(
            "   {name:28} {:4} queries, {:7} hits each, p50 {:.1} p95 {:.1} p99 {:.1} ms",
            times.len(),
            found / times.len().max(1),
            part(&times, 0.5),
            part(&times, 0.95),
            part(&times, 0.99),
        ));
        all.extend(times);
    }
    Ok(all)
}
