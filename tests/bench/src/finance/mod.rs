//! The figures of finance: posting through HTTP and one budget line under many hands beside the raw database, statements of the
//! bank, and books of a million lines.

mod bank;
mod books;
mod closing;
mod contracts;
mod figures;
mod line;
mod office;
mod post;
mod raw_post;

use anyhow::{Result, anyhow};
use chrono::Datelike;
use diwan_db::{Backend, Clock, SystemClock};

use crate::{
    http::Http,
    report::{Report, say},
    served::{Served, Setting},
    world::PASSWORD,
};

/// Lines of the large books.
const LINES: usize = 1_000_000;

/// Measures on these databases; where a figure does not name one, the worse of them counts. What cannot be measured is told,
/// and the others are measured all the same.
pub fn run(setting: &Setting<'_>, backends: &[Backend], report: &mut Report) -> Result<()> {
    let mut faults = Vec::new();
    let (mut line, mut seconds) = (Worst::default(), Worst::default());
    for backend in backends {
        faults.extend(post::run(setting, *backend, report).err());
        faults.extend(line.take(line::run(setting, *backend), f64::min).err());
        faults.extend(seconds.take(bank::run(setting, *backend), f64::max).err());
    }
    if let Some(line) = line.0 {
        report.at_least("finance.budget_line.ratio", line, "ratio", Some(0.5));
    }
    if let Some(seconds) = seconds.0 {
        report.at_most("finance.bank_match_s.10k", seconds, "s", 5.0);
    }
    faults.extend(million(setting, backends, report).err());
    faults.iter().for_each(|fault| say(format_args!("   FAILED: {fault:#}")));
    faults.pop().map_or(Ok(()), |fault| Err(anyhow!("{fault:#}")))
}

/// The worst of what was measured so far.
#[derive(Default)]
struct Worst(Option<f64>);

impl Worst {
    fn take(&mut self, measured: Result<f64>, worse: fn(f64, f64) -> f64) -> Result<()> {
        let measured = measured?;
        self.0 = Some(self.0.map_or(measured, |before| worse(before, measured)));
        Ok(())
    }
}

/// Books of a million lines.
fn million(setting: &Setting<'_>, backends: &[Backend], report: &mut Report) -> Result<()> {
    let mut worst = [f64::NAN; 5];
    for backend in backends {
        let place = setting.place(*backend)?;
        // A year that is over, so that it can be ended.
        let books = books::fill(&place, *backend, SystemClock.now().year() - 1, LINES)?;
        let commitments = closing::commit(&books, &place.folder)?;
        let server = Served::start(setting, &place)?;
        let mut http = Http::connect(&server.address)?;
        let reader = http.sign_in(&books.sender.username("clerk"), PASSWORD)?;
        let figures = figures::run(&mut http, &reader, &books)?;
        let closing = closing::run(&mut http, &books, &commitments)?;
        let found = [figures.trial, figures.known, figures.page, closing.month, closing.year];
        for (worst, found) in worst.iter_mut().zip(found) {
            *worst = worst.max(found);
        }
        drop((server, books));
        place.remove()?;
    }
    let [trial, known, page, month, year] = worst;
    report.at_most("finance.trial_balance_ms.1m", trial, "ms", 150.0);
    report.at_most("finance.as_known_at_ms.1m", known, "ms", 1_000.0);
    report.at_most("finance.account_page_ms.1m", page, "ms", 50.0);
    report.at_most("finance.month_close_ms.1m", month, "ms", 2_000.0);
    report.at_most("finance.year_end_s.1m", year, "s", 30.0);
    Ok(())
}
