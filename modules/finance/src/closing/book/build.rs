//! Making the book of a closed period out of the ledger.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::PeriodState;
use diwan_platform::{Actor, Outcome, Refusal, records::seals};
use diwan_schema::finance::period_seals;

use super::{
    budget, cash, entries,
    format::{End, Entry, FORMAT, Line, Period, Person},
    hex, payments, sha256,
    tree::Tree,
};
use crate::{
    amounts,
    closing::{
        cockpit, gate,
        period::{self, Period as Row},
        rules, signing, year,
    },
};

/// A book that waits for its signature.
#[derive(Debug, Clone)]
pub struct Built {
    /// All its lines but the signature.
    pub bytes: Vec<u8>,
    /// The line to be signed.
    pub statement: String,
    /// The root.
    pub root: String,
    /// The version of the period it was made of.
    pub version: i64,
    pub(super) seq: i64,
    pub(super) previous: Option<String>,
    pub(super) counts: Counts,
    pub(super) key_id: i64,
    pub(super) sealed_at: NaiveDateTime,
}

/// How much of each there is in a book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) entries: i64,
    pub(super) documents: i64,
    pub(super) moves: i64,
    pub(super) payments: i64,
}

/// Makes the book of a closed period: entries, documents and moves of the budget, payments.
///
/// # Errors
/// Not found; another version; not closed; `earlier_period_unsealed`; `year_end_first`; `sign_offs_missing`; the agency has no key yet.
pub fn build(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<Built> {
    let of = sealable(tx, actor, id, version)?;
    let (key_id, public_key) = seals::public_key(tx, of.agency_id)?
        .ok_or_else(|| Refusal::Internal("an agency without a key seals".to_owned()))?;
    let (agency, name) = seals::agency(tx, of.agency_id)?;
    let (seq, previous) = next(tx, of.agency_id)?;
    let mut book = Writer::default();
    let head = Period {
        format: FORMAT.to_owned(),
        agency: agency.clone(),
        name: name.ar,
        year: of.year,
        period: of.number,
        from: of.starts_on,
        to: of.ends_on,
        seq,
        previous: previous.clone(),
    };
    book.line(&Line::Period(head))?;
    entries::write(tx, id, &mut book)?;
    budget::documents(tx, id, &mut book)?;
    budget::moves(tx, id, &mut book)?;
    payments::runs(tx, id, &mut book)?;
    payments::cheques(tx, id, &mut book)?;
    cash::payments(tx, id, &mut book)?;
    let (root, sealed_at, counts) = (hex(&book.tree.root()), tx.now(), book.counts);
    let end = End {
        format: FORMAT.to_owned(),
        agency,
        year: of.year,
        period: of.number,
        seq,
        previous: previous.clone(),
        entries: counts.entries,
        lines: book.lines,
        total: book.total,
        documents: counts.documents,
        moves: counts.moves,
        payments: counts.payments,
        sealed_at,
        sealed_by: Person { id: actor.user_id, name: actor.name_ar.clone() },
        key: sha256(public_key.as_bytes()),
        root: root.clone(),
    };
    let statement = Line::End(end).text()?;
    let bytes = book.ended(&statement);
    Ok(Built { bytes, statement, root, version, seq, previous, counts, key_id, sealed_at })
}

/// Whether the agency of a period that may be sealed now has its key.
///
/// # Errors
/// As [`build`].
pub(crate) fn ready(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<bool> {
    let of = sealable(tx, actor, id, version)?;
    Ok(seals::public_key(tx, of.agency_id)?.is_some())
}

/// A period that may be sealed now.
///
/// # Errors
/// Not found; another version; not closed; `earlier_period_unsealed`; `year_end_first`; `sign_offs_missing` after a reopening.
pub(super) fn sealable(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, version: i64) -> Outcome<Row> {
    let of = period::load(tx, actor.agency_id, id)?;
    if of.state != PeriodState::Closed {
        return Err(Refusal::WrongState { state: of.state.code().to_owned(), action: "seal_period".to_owned() });
    }
    if of.version != version {
        return Err(Refusal::stale("fiscal_period", of.version, version));
    }
    if let Some(earlier) = cockpit::unsealed_before(tx, &of)? {
        return Err(Refusal::rule("earlier_period_unsealed", [("period", earlier)]));
    }
    // Sealed, it would never take the closing entry.
    if of.is_complementary() && !year::is_over(tx, of.agency_id, of.ends_on)? {
        return Err(Refusal::rule("year_end_first", [("year", of.year.to_string())]));
    }
    let reopenings = period::counts(tx, id)?.1;
    let rules = rules::in_force(tx, of.agency_id, of.ends_on)?;
    gate::seals(reopenings, &signing::standing(tx, actor, &of, &rules)?)?;
    Ok(of)
}

/// The number of the agency's next seal, and the root of its last one.
pub(super) fn next(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<(i64, Option<String>)> {
    let last: Option<(i64, String)> = period_seals::table
        .filter(period_seals::agency_id.eq(agency_id))
        .order(period_seals::seq.desc())
        .select((period_seals::seq, period_seals::root))
        .first(tx.conn())
        .optional()?;
    Ok(last.map_or((1, None), |(seq, root)| (seq + 1, Some(root))))
}

/// The lines as they are written, and what is counted of them.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    tree: Tree,
    counts: Counts,
    lines: i64,
    total: i64,
}

impl Writer {
    /// Writes a line and counts it.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn line(&mut self, line: &Line) -> Outcome<()> {
        match line {
            Line::Entry(_) => self.counts.entries += 1,
            Line::Document(_) => self.counts.documents += 1,
            Line::Move(_) => self.counts.moves += 1,
            Line::PaymentRun(_) | Line::Cheque(_) | Line::CashPayment(_) => self.counts.payments += 1,
            Line::Period(_) | Line::End(_) | Line::Seal(_) => {}
        }
        let text = line.text()?;
        self.tree.push(text.as_bytes());
        self.write(&text);
        Ok(())
    }

    fn write(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(b'\n');
    }

    /// Writes an entry and adds its lines up.
    ///
    /// # Errors
    /// It cannot be written; the total does not fit.
    pub(super) fn entry(&mut self, entry: Entry) -> Outcome<()> {
        for line in &entry.lines {
            self.lines += 1;
            self.total = amounts::sum([self.total, line.base_debit])?;
        }
        self.line(&Line::Entry(entry))
    }

    fn ended(mut self, statement: &str) -> Vec<u8> {
        self.write(statement);
        self.bytes
    }
}
