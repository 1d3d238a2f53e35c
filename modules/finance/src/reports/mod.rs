//! What the books say (الدفاتر والكشوف): position, journal, balances, statements. Each is a [`Report`] made from the ledgers
//! when it is asked for; nothing is kept beside them.

mod account;
mod closing;
pub mod figures;
mod form;
mod frame;
mod journal;
mod keys;
mod months;
mod names;
mod open;
mod paid;
mod paper;
mod parts;
mod places;
mod position;
mod releases;
mod routes;
mod statements;
#[cfg(test)]
pub(crate) mod tests;
mod trial;

use diwan_db::ReadTx;
use diwan_finance_api::{Report, ReportQuery};
use diwan_kernel::PageRequest;
use diwan_platform::{Actor, Outcome, Refusal};

pub(crate) use routes::routes;

/// Rows read at once for a file.
const BATCH: i64 = 1_000;

/// Which report.
#[derive(Debug, Clone)]
pub enum What {
    /// الموقف المالي.
    Position,
    /// The moves of a budget line.
    Moves(i64),
    /// مفاتيح الموازنة.
    Keys,
    /// دفتر اليومية.
    Journal,
    /// An entry.
    Entry(i64),
    /// كشف حساب.
    Account(i64),
    /// ميزان المراجعة.
    Trial,
    /// A statement by its code.
    Statement(String),
    /// What is open on a day, by the code of its report.
    Open(String),
    /// Revenue and expense by month.
    Months,
    /// لوحة الإقفال of a period.
    Cockpit(i64),
    /// What a reopening of a period touched.
    Touched(i64),
}

impl What {
    /// The name of its file, of plain letters.
    fn name(&self) -> String {
        match self {
            Self::Position => "position".to_owned(),
            Self::Moves(id) => format!("moves-{id}"),
            Self::Keys => "budget-keys".to_owned(),
            Self::Journal => "journal".to_owned(),
            Self::Entry(id) => format!("entry-{id}"),
            Self::Account(id) => format!("account-{id}"),
            Self::Trial => "trial-balance".to_owned(),
            Self::Statement(code) => format!("statement-{}", plain(code)),
            Self::Open(code) => format!("open-{}", plain(code)),
            Self::Months => "months".to_owned(),
            Self::Cockpit(id) => format!("closing-{id}"),
            Self::Touched(id) => format!("reopening-{id}"),
        }
    }
}

/// What of a code may stand in the name of a file.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_lowercase).collect()
}

/// Makes a report; `limit` is the rows of a page where it is paged.
///
/// # Errors
/// Not found; wrong fields; the database fails; a sum does not fit.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, what: &What, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    let mut made = made(tx, actor, what, query, limit)?;
    if matches!(what, What::Statement(_) | What::Trial | What::Account(_) | What::Journal) {
        frame::sealed(tx, actor, &mut made)?;
    }
    Ok(made)
}

fn made(tx: &mut ReadTx<'_>, actor: &Actor, what: &What, query: &ReportQuery, limit: i64) -> Outcome<Report> {
    match what {
        What::Position => position::run(tx, actor, query),
        What::Moves(id) => position::moves(tx, actor, *id, query, limit),
        What::Keys => keys::run(tx, actor, query, limit),
        What::Journal => journal::run(tx, actor, query, limit),
        What::Entry(id) => journal::entry(tx, actor, *id, query, limit),
        What::Account(id) => account::run(tx, actor, *id, query, limit),
        What::Trial => trial::run(tx, actor, query),
        What::Statement(code) => statements::run(tx, actor, code, query),
        What::Open(code) => open::run(tx, actor, code, query),
        What::Months => months::run(tx, actor, query),
        What::Cockpit(id) => closing::cockpit(tx, actor, *id),
        What::Touched(id) => closing::touched(tx, actor, *id, query, limit),
    }
}

/// All pages of a report as one.
///
/// # Errors
/// As [`run`]; `too_many_rows` with the limit.
fn whole(tx: &mut ReadTx<'_>, actor: &Actor, what: &What, query: &ReportQuery, most: usize) -> Outcome<Report> {
    let page = |after: Option<String>| ReportQuery { page: PageRequest { after, limit: None }, ..query.clone() };
    let mut made = run(tx, actor, what, &page(None), BATCH)?;
    while made.rows.len() <= most {
        let Some(after) = made.next.take() else { return Ok(made) };
        let more = run(tx, actor, what, &page(Some(after)), BATCH)?;
        made.rows.extend(more.rows);
        made.next = more.next;
    }
    Err(Refusal::rule("too_many_rows", [("max", most.to_string())]))
}
