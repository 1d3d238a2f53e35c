//! Renditions (نسخ العرض): what Diwan makes of a file for an agency to read it better. The file itself never changes.
//!
//! An office file becomes a PDF for the page; a scan becomes a PDF whose words can be found, with what the agency's people
//! corrected on it. Both are made by a job when somebody asks for them first, and kept.

mod make;
mod routes;
mod store;

use diwan_platform::{
    files::extraction::Extractor,
    work::{JobError, Work},
};

pub(crate) use routes::routes;

/// Has renditions made by jobs.
pub(crate) fn work(work: &mut Work, extractor: &Extractor) {
    let extractor = extractor.clone();
    work.jobs.on_slow(store::JOB, move |run, which: store::Which| {
        run.wait(make::run(run.platform, &extractor, &which)).map_err(JobError::from)
    });
}
