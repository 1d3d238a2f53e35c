//! What letters leave to be done after commit.

use diwan_platform::work::{JobError, Work};
use diwan_print::Press;
use serde::Deserialize;

use crate::print;

/// The payload of a print job.
#[derive(Deserialize)]
struct Print {
    record_id: i64,
}

/// Adds the jobs of letters.
pub fn work(work: &mut Work, press: Press) {
    work.jobs.on_slow(print::JOB, move |run, job: Print| {
        run.wait(print::run(run.platform, &press, job.record_id)).map_err(JobError::from)
    });
}
