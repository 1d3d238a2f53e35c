//! The modules of this build, platform first, then from the lowest floor up: the one place that names them all.

use actix_web::web;
use anyhow::Context;
use diwan_archive::search::{self, SearchService, Sources};
use diwan_extract::Limits as ExtractLimits;
use diwan_http::Routes;
use diwan_mail::Mailer;
use diwan_platform::{
    Platform,
    files::extraction::{self, Extractor},
    work::{Live, Work, live::LiveFollower, mail},
};
use serde::Deserialize;

use crate::settings::{Place, Serving};

/// The routes of every module.
pub(crate) fn routes() -> Routes {
    let mut routes = Routes::default();
    for add in [diwan_http::platform::routes, diwan_archive::routes] {
        add(&mut routes);
    }
    routes
}

/// What the modules' handlers ask for beside the platform. Cheap to clone: every thread has one.
#[derive(Clone)]
pub struct Handles {
    /// The platform.
    pub platform: Platform,
    /// The people connected to this node.
    pub live: Live,
    /// The index of this node.
    pub search: SearchService,
}

impl Handles {
    /// Gives the handlers what they ask for.
    pub(crate) fn configure(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(web::Data::new(self.platform.clone()))
            .app_data(web::Data::new(self.live.clone()))
            .app_data(web::Data::new(self.search.clone()));
    }
}

/// Opens what the modules need, and says what is to be done after commit.
///
/// # Errors
/// The index cannot be opened, or a setting is wrong.
pub(crate) fn open(platform: Platform, place: &Place, serving: &Serving) -> anyhow::Result<(Handles, Work)> {
    let mut work = Work::default();
    let live = Live::default();
    work.follower(LiveFollower::new(live.clone()));
    let folder = place.data.join("index");
    let (search, indexer) = search::open(platform.db.clone(), &folder, Sources::default(), serving.index_settings())
        .with_context(|| format!("--data: the search index in {}", folder.display()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    work.thread("index", move |stop| runtime.block_on(indexer.run(stop)));
    extract_files(&mut work, serving.extract_limits())?;
    match &serving.work.smtp_url {
        Some(url) => {
            let mailer = Mailer::new(url, &serving.work.mail_from).context("--smtp-url, --mail-from")?;
            mail::register(&mut work, mailer, serving.public_url());
        }
        None => mail::switched_off(&platform)?,
    }
    Ok((Handles { platform, live, search }, work))
}

#[derive(Deserialize)]
struct File {
    hash: String,
}

/// Files are read by this program itself, started again under limits.
fn extract_files(work: &mut Work, limits: ExtractLimits) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("this program cannot find itself")?;
    let extractor = Extractor { program, limits };
    work.jobs.on_slow(extraction::JOB, move |run, file: File| {
        Ok(run.wait(extraction::run(run.platform, &extractor, &file.hash))?)
    });
    Ok(())
}
