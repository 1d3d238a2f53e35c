//! A running node: the services that requests use, and the work that follows commits.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use diwan_archive::{
    Pictures,
    drill::{self, Drills},
    imports,
    search::{self, SearchIndexer, SearchService, Sources},
};
use diwan_mail::Mailer;
use diwan_platform::{
    Platform,
    files::{
        self,
        extraction::Extractor,
        fixity::{self, Pace},
    },
    work::{Background, Keep, Live, Threads, Work, live::LiveFollower, mail},
};
use diwan_print::{Fonts, Press};

use crate::settings::{Place, Safety, Serving};

/// What the handlers of this node use beside the database.
#[derive(Clone)]
pub struct Node {
    /// The search index.
    pub search: SearchService,
    /// Who is told what happens.
    pub live: Live,
    /// Prints.
    pub press: Press,
    /// Pictures of pages.
    pub pictures: Pictures,
    /// Restore drills.
    pub drills: Drills,
}

/// The words of every kind of record.
fn sources() -> Sources {
    Sources::default().with(diwan_tarasol::search::Letters).with(diwan_finance::documents::search::Documents)
}

/// What restore drills on this place need.
pub(crate) fn drills(place: &Place, backup: Option<(PathBuf, PathBuf)>, fonts: Arc<Fonts>) -> Drills {
    Drills { scratch: place.data.join("scratch"), backup, sources: sources(), fonts }
}

/// Opens the search index, which one process can have open at a time.
pub(crate) fn open_index(place: &Place) -> anyhow::Result<(SearchService, SearchIndexer)> {
    let folder = place.data.join("index");
    search::open(&folder, sources(), diwan_search::Settings::default())
        .with_context(|| format!("--data: the search index {}", folder.display()))
}

/// Opens the index and starts the work after commit.
pub(crate) fn start(
    platform: &Platform,
    place: &Place,
    serving: &Serving,
    fonts: Arc<Fonts>,
) -> anyhow::Result<(Node, Background)> {
    let (search, indexer) = open_index(place)?;
    let public_url: Arc<str> = serving.public_url().into();
    let safety = &serving.safety;
    let drills = drills(place, safety.drill_from.clone().zip(safety.drill_identity.clone()), Arc::clone(&fonts));
    let press = Press { fonts, public_url: Arc::clone(&public_url) };
    let live = Live::default();

    let mut work = Work::default();
    let program = std::env::current_exe().context("the program does not find itself")?;
    let extractor = Extractor { program, limits: diwan_extract::Limits::default() };
    files::work(&mut work, &extractor);
    diwan_archive::work(&mut work, &extractor, press.clone());
    diwan_finance::work(&mut work);
    if let Some(watch) = serving.intake.watch() {
        imports::watch::work(&mut work, platform, watch);
    }
    let pictures = Pictures::new(extractor);
    look_after(platform, &mut work, safety, &drills)?;
    diwan_tarasol::work(&mut work, press.clone());
    work.follower(LiveFollower::new(live.clone()));
    work.follower(indexer);
    match &serving.work.smtp_url {
        Some(url) => {
            let mailer = Mailer::new(url, &serving.work.mail_from).context("--smtp-url, --mail-from")?;
            mail::register(&mut work, mailer, public_url.to_string());
        }
        None => mail::switched_off(platform)?,
    }
    let keep = Keep { outbox_days: serving.work.keep_outbox_days, drafts_days: serving.work.keep_drafts_days };
    let background = work.start(platform, Threads(serving.work.job_threads), keep);
    Ok((Node { search, live, press, pictures, drills }, background))
}

/// Has files checked, drills done, and documents made that are due.
fn look_after(platform: &Platform, work: &mut Work, safety: &Safety, drills: &Drills) -> anyhow::Result<()> {
    let pace = Pace { mib_per_second: safety.fixity_mib_per_second, slices: true };
    fixity::work(work, safety.fixity_days, pace);
    fixity::schedule(platform)?;
    drill::work(work, drills.clone(), safety.drill_days);
    drill::schedule(platform)?;
    diwan_finance::schedule(platform)?;
    Ok(())
}
