//! `make bench`: measures Diwan as it is delivered, through HTTP, beside the raw database doing the same in the same run,
//! and writes `bench.json`. README.md beside this file says how each figure is measured.

mod finance;
mod http;
mod inbox;
mod intake;
mod issue;
mod million;
mod raw;
mod report;
mod search;
mod served;
mod small;
mod sql;
mod texts;
mod world;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, ensure};
use clap::Parser;
use diwan_db::Backend;

use crate::{
    http::Http,
    report::{Report, say},
    served::{Served, Setting},
    texts::Texts,
};

/// The server's own, since the index of a million documents is made in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is measured, and how much of it.
#[derive(Parser)]
struct Options {
    /// The release binary
    #[arg(long)]
    server: PathBuf,
    /// A folder for databases and logs, which must not be there yet; it goes at the end
    #[arg(long, default_value_os_t = std::env::temp_dir().join(format!("diwan-bench-{}", std::process::id())))]
    folder: PathBuf,
    /// Where the corpora and the retrieval sets are
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// The built UI, for the names of its files
    #[arg(long, default_value = "frontend/dist")]
    dist: PathBuf,
    /// Letters issued in a round
    #[arg(long, default_value_t = 1500)]
    letters: usize,
    /// Letters in the box, documents in the index
    #[arg(long, default_value_t = 100_000)]
    rows: usize,
    /// Documents of the large index
    #[arg(long, default_value_t = 1_000_000)]
    million: usize,
    /// Only these parts, by comma: issue, box, small, relevance, million, intake, finance
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only this database: sqlite or postgres
    #[arg(long)]
    on: Option<String>,
    /// Where the figures go
    #[arg(long, default_value = "bench.json")]
    out: PathBuf,
}

impl Options {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|one| one == part)
    }

    fn backends(&self) -> Vec<Backend> {
        match self.on.as_deref() {
            Some("sqlite") => vec![Backend::Sqlite],
            Some(_) => vec![Backend::Postgres],
            None => vec![Backend::Postgres, Backend::Sqlite],
        }
    }
}

fn main() -> ExitCode {
    match measure(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<()> {
    let texts = Texts::load(&options.data)?;
    let setting = Setting::new(&options.server, &options.folder)?;
    let mut report = Report::default();
    let mut failed = Vec::new();
    // One part that fails does not take the figures of the others with it.
    let mut note = |part: &str, outcome: Result<()>| {
        if let Err(error) = outcome {
            say(format_args!("   FAILED: {part}: {error:#}"));
            failed.push(part.to_owned());
        }
    };
    if options.wants("issue") {
        for backend in options.backends() {
            note("issue", issue::run(&setting, backend, &texts, options.letters, &mut report));
        }
    }
    if options.wants("box") {
        note("box", box_of_letters(options, &setting, &texts, &mut report));
    }
    if options.wants("small") {
        note("small", small_figures(options, &setting, &texts, &mut report));
    }
    if options.wants("relevance") {
        note("relevance", small::relevance(&setting, &options.data, &mut report));
    }
    if options.wants("million") {
        note("million", million::run(&setting, &options.data, &texts, options.million, &mut report));
    }
    if options.wants("intake") {
        note("intake", intake::run(&setting, &options.backends(), &options.data, &texts, &mut report));
    }
    if options.wants("finance") {
        note("finance", finance::run(&setting, &options.backends(), &mut report));
    }
    report.write(&options.out)?;
    ensure!(failed.is_empty(), "not measured: {}", failed.join(", "));
    Ok(())
}

/// The box and the search, on each database with the same letters; the worse of the two counts.
fn box_of_letters(options: &Options, setting: &Setting<'_>, texts: &Texts, report: &mut Report) -> Result<()> {
    let kinds = search::asked(&options.data, texts)?;
    let (mut inbox, mut latency, mut visible, mut speedup) = (f64::NAN, f64::NAN, f64::NAN, f64::NAN);
    for backend in options.backends() {
        say(format_args!("{} letters on {backend:?}", options.rows));
        let place = setting.place(backend)?;
        let government = world::found(&place.url)?;
        let letters = world::fill(&place.url, &government, texts, options.rows)?;
        let server = Served::start(setting, &place)?;
        let mut http = Http::connect(&server.address)?;
        let mut raw = place.raw()?;
        let sender = &letters.sender;
        let registry = inbox::Asker {
            session: http.sign_in(&sender.username("clerk"), world::PASSWORD)?,
            principals: ["a", "n", "u"]
                .into_iter()
                .zip([letters.agency, sender.user("clerk"), sender.unit("registry")])
                .map(|(kind, id)| format!("{kind}:{id}"))
                .collect(),
            units: vec![sender.unit("registry")],
        };
        let reader = inbox::Asker {
            session: http.sign_in(&sender.username("staff"), world::PASSWORD)?,
            principals: letters.principals.clone(),
            units: letters.units.clone(),
        };
        search::indexed(&mut http, &registry.session, options.rows)?;
        let times = search::through_http(&server, &mut http, &reader.session, &kinds)?;
        latency = latency.max(report::part(&times, 0.95));
        if backend == Backend::Postgres {
            search::index_in_postgres(raw.as_mut())?;
            let theirs = search::in_postgres(raw.as_mut(), &letters, &kinds)?;
            let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len() as f64;
            say(format_args!(
                "   search: Diwan mean {:.1} p95 {:.1} ms, PostgreSQL mean {:.1} p95 {:.1} ms",
                mean(&times),
                report::part(&times, 0.95),
                mean(&theirs),
                report::part(&theirs, 0.95),
            ));
            speedup = report::part(&theirs, 0.95) / report::part(&times, 0.95);
        }
        let modee = government.senders.first().map_or(0, |sender| sender.agency.id);
        visible = visible.max(search::visible(&mut http, &registry.session, modee)?);
        inbox = inbox.max(inbox::run(&mut http, raw.as_mut(), backend, &letters, &[registry, reader])?);
        drop((server, raw));
        place.remove()?;
    }
    report.at_most("letters.inbox.p95_ratio", inbox, "ratio", 3.0);
    report.at_most("search.p95_ms.100k", latency, "ms", 30.0);
    if !speedup.is_nan() {
        report.at_least("search.speedup_vs_pg_fts", speedup, "times", Some(5.0));
    }
    report.at_most("search.visible_s", visible, "s", 3.0);
    Ok(())
}

/// What needs a server but no load, on SQLite: the first thing anybody starts.
fn small_figures(options: &Options, setting: &Setting<'_>, texts: &Texts, report: &mut Report) -> Result<()> {
    let place = setting.place(Backend::Sqlite)?;
    let government = world::found(&place.url)?;
    let letters = world::fill(&place.url, &government, texts, options.rows.min(2000))?;
    let server = Served::start(setting, &place)?;
    let mut http = Http::connect(&server.address)?;
    let clerk = http.sign_in(&letters.sender.username("clerk"), world::PASSWORD)?;
    search::indexed(&mut http, &clerk, options.rows.min(2000))?;
    drop(server);
    let server = Served::start(setting, &place)?;
    report.at_most("server.idle_mb", small::idle(&server)?, "MB", 120.0);
    let mut http = Http::connect(&server.address)?;
    let modee = government.senders.first().map_or(0, |sender| sender.agency.id);
    report.at_most("print.letter_ms", small::print(&mut http, &clerk, modee, &texts.at(3))?, "ms", 40.0);
    report.at_most("ui.wire_mb", small::wire(&mut http, &options.dist)?, "MB", 1.5);
    report.at_most("ui.first_page_s", small::first_page(setting, &server, &clerk)?, "s", 2.0);
    drop(server);
    place.remove()
}
