//! The figures of budget lines, of any day and as known at any moment.
//!
//! All of it is in the moves. Where nothing is asked about knowing and the day is not over, the lines themselves are read and
//! what counts only later is taken off; both ways say the same.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::Bucket;
use diwan_platform::Outcome;
use diwan_schema::finance::budget_lines;

use super::frame::Frame;
use crate::{
    amounts::sum,
    ledger::moves::{Buckets, Held, held},
};

/// How many figures a line has.
pub(super) const COUNT: usize = 12;

/// Original, supplementary, virement in, virement out, carried less lapsed; then the buckets: unallotted, frozen, available,
/// pre-committed, committed, obligated, paid. In minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures(pub [i64; COUNT]);

impl Figures {
    /// المخصص المعدل: all that is in the line.
    ///
    /// # Errors
    /// It does not fit.
    pub fn revised(&self) -> Outcome<i64> {
        sum(self.0.iter().skip(5).copied())
    }

    /// The same from what came in and went out.
    pub(super) fn appropriated(&self) -> Outcome<i64> {
        let [original, supplementary, came, went, carried, ..] = self.0;
        sum([original, supplementary, came, -went, carried])
    }

    /// المخصص بأوامر مالية: what may be committed or is.
    pub(super) fn allotted(&self) -> Outcome<i64> {
        sum(self.0.iter().skip(7).copied())
    }

    /// The same without what a line alone has: what is unallotted, frozen and available.
    fn of_key(mut self) -> Self {
        for own in self.0.iter_mut().skip(5).take(3) {
            *own = 0;
        }
        self
    }

    pub(super) const fn original(&self) -> i64 {
        self.0[0]
    }

    pub(super) const fn available(&self) -> i64 {
        self.0[7]
    }

    pub(super) const fn paid(&self) -> i64 {
        self.0[11]
    }

    /// Adds other figures, or takes them off.
    pub(super) fn add(&mut self, other: &Self, sign: i64) -> Outcome<()> {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own = sum([*own, sign * other])?;
        }
        Ok(())
    }
}

/// A budget line with its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFigures {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its figures.
    pub figures: Figures,
}

/// Which moves are summed.
#[derive(Clone, Copy)]
enum Moves {
    /// Those that count until a day and were recorded until a moment.
    Until(NaiveDate, NaiveDateTime),
    /// Those that count only after a day.
    After(NaiveDate),
    /// Those between the line and the outside.
    Outside,
    /// Those of keys, that count until a day and were recorded until a moment.
    OfKeys(NaiveDate, NaiveDateTime),
}

/// The lines of the year of a frame.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn of(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<LineFigures>> {
    if frame.known_at.is_none() && frame.to >= tx.today() { now(tx, frame) } else { then(tx, frame) }
}

/// From the lines, less what counts later.
pub(super) fn now(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<LineFigures>> {
    let outside = moved(tx, frame, Moves::Outside)?;
    let later = moved(tx, frame, Moves::After(frame.to))?;
    lines(tx, frame)?
        .into_iter()
        .map(|(id, code, held)| {
            let mut figures = outside.get(&id).copied().unwrap_or_default();
            for (figure, held) in figures.0.iter_mut().skip(5).zip(Buckets::from(held)) {
                *figure = held;
            }
            if let Some(later) = later.get(&id) {
                figures.add(later, -1)?;
            }
            Ok(LineFigures { id, code, figures })
        })
        .collect()
}

/// From the moves.
pub(super) fn then(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<LineFigures>> {
    let known_at = frame.recorded_until();
    let moved = moved(tx, frame, Moves::Until(frame.to, known_at))?;
    let rows = lines(tx, frame)?;
    let figures = |id: i64| moved.get(&id).copied().unwrap_or_default();
    Ok(rows.into_iter().map(|(id, code, _)| LineFigures { id, code, figures: figures(id) }).collect())
}

/// The same by key: what was given to each, committed, owed and paid of it. What is unallotted, frozen and available is the line's.
///
/// # Errors
/// The database fails.
pub(super) fn of_keys(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<BTreeMap<i64, Figures>> {
    let known_at = frame.recorded_until();
    let moved = moved(tx, frame, Moves::OfKeys(frame.to, known_at))?;
    Ok(moved.into_iter().map(|(key, figures)| (key, figures.of_key())).collect())
}

fn lines(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<(i64, String, Held)>> {
    Ok(budget_lines::table
        .filter(budget_lines::agency_id.eq(frame.agency_id))
        .filter(budget_lines::year_id.eq(frame.year_id.unwrap_or_default()))
        .order(budget_lines::code)
        .select((budget_lines::id, budget_lines::code, held()))
        .load(tx.conn())?)
}

/// The sums of the moves of a line or a key as the database gives them.
#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    original: i64,
    #[diesel(sql_type = BigInt)]
    supplementary: i64,
    #[diesel(sql_type = BigInt)]
    came: i64,
    #[diesel(sql_type = BigInt)]
    went: i64,
    #[diesel(sql_type = BigInt)]
    carried: i64,
    #[diesel(sql_type = BigInt)]
    unallotted: i64,
    #[diesel(sql_type = BigInt)]
    frozen: i64,
    #[diesel(sql_type = BigInt)]
    available: i64,
    #[diesel(sql_type = BigInt)]
    pre_committed: i64,
    #[diesel(sql_type = BigInt)]
    committed: i64,
    #[diesel(sql_type = BigInt)]
    obligated: i64,
    #[diesel(sql_type = BigInt)]
    paid: i64,
}

fn moved(tx: &mut ReadTx<'_>, frame: &Frame, moves: Moves) -> Outcome<BTreeMap<i64, Figures>> {
    let [agency, year, day, known] = tx.marks();
    let which = match moves {
        Moves::Until(..) => format!("m.effective_on <= {day} AND m.recorded_at <= {known}"),
        Moves::After(_) => format!("m.effective_on > {day}"),
        Moves::Outside => "(m.source = 'outside' OR m.target = 'outside')".to_owned(),
        Moves::OfKeys(..) => format!("m.key_id IS NOT NULL AND m.effective_on <= {day} AND m.recorded_at <= {known}"),
    };
    let id = if matches!(moves, Moves::OfKeys(..)) { "m.key_id" } else { "m.line_id" };
    let of = |when: &str, name: &str| format!("CAST(SUM(CASE {when} ELSE 0 END) AS BIGINT) AS {name}");
    let buckets: Vec<String> = Bucket::ALL
        .iter()
        .filter(|one| **one != Bucket::Outside)
        .map(|one| {
            let name = one.code();
            of(&format!("WHEN m.target = '{name}' THEN m.amount WHEN m.source = '{name}' THEN -m.amount"), name)
        })
        .collect();
    let text = format!(
        "SELECT {id} AS id, {original}, {supplementary}, {came}, {went}, {carried}, {buckets}
        FROM budget_lines l JOIN budget_moves m ON m.line_id = l.id
        WHERE l.agency_id = {agency} AND l.year_id = {year} AND {which} GROUP BY {id}",
        original = of("WHEN m.kind = 'law' THEN m.amount", "original"),
        supplementary = of(
            "WHEN m.kind = 'supplementary' AND m.source = 'outside' THEN m.amount
                WHEN m.kind = 'supplementary' AND m.target = 'outside' THEN -m.amount",
            "supplementary"
        ),
        came = of("WHEN m.kind = 'virement' AND m.source = 'outside' THEN m.amount", "came"),
        went = of("WHEN m.kind = 'virement' AND m.target = 'outside' THEN m.amount", "went"),
        carried = of("WHEN m.kind = 'carry_in' THEN m.amount WHEN m.kind = 'lapse' THEN -m.amount", "carried"),
        buckets = buckets.join(", "),
    );
    let asked = sql_query(text).bind::<BigInt, _>(frame.agency_id).bind::<BigInt, _>(frame.year_id.unwrap_or_default());
    let rows: Vec<Moved> = match moves {
        Moves::Until(day, known) | Moves::OfKeys(day, known) => {
            asked.bind::<Date, _>(day).bind::<Timestamp, _>(known).load(tx.conn())?
        }
        Moves::After(day) => asked.bind::<Date, _>(day).load(tx.conn())?,
        Moves::Outside => asked.load(tx.conn())?,
    };
    Ok(rows.into_iter().map(|row| (row.id, row.figures())).collect())
}

impl Moved {
    const fn figures(&self) -> Figures {
        Figures([
            self.original,
            self.supplementary,
            self.came,
            self.went,
            self.carried,
            self.unallotted,
            self.frozen,
            self.available,
            self.pre_committed,
            self.committed,
            self.obligated,
            self.paid,
        ])
    }
}

#[derive(QueryableByName)]
struct Lapsed {
    #[diesel(sql_type = BigInt)]
    line_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    key_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// What lapsed of each line by the end of its year, by key where it was of one, as far as it counts in the frame. The final budget
/// of a year is that before.
///
/// # Errors
/// The database fails.
pub(super) fn lapsed(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<BTreeMap<(i64, Option<i64>), i64>> {
    let [year, day, known] = tx.marks();
    let known_at = frame.recorded_until();
    let text = format!(
        "SELECT m.line_id, m.key_id, CAST(SUM(m.amount) AS BIGINT) AS amount FROM year_ends y JOIN budget_moves m ON m.record_id = y.record_id
        WHERE y.year_id = {year} AND m.kind = 'lapse' AND m.effective_on <= {day} AND m.recorded_at <= {known}
        GROUP BY m.line_id, m.key_id"
    );
    let rows: Vec<Lapsed> = sql_query(text)
        .bind::<BigInt, _>(frame.year_id.unwrap_or_default())
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(known_at)
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| ((row.line_id, row.key_id), row.amount)).collect())
}
