//! Moves of the budget ledger (حركات سجل الموازنة): the one function that changes what is in a budget line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{AnyConnection, Keep, WriteTx, each_backend};
use diwan_finance_api::{Bucket, MoveKind};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{budget_lines, budget_moves};

use super::short;
use crate::amounts;

/// How many buckets a line has.
pub(super) const BUCKETS: usize = 7;

/// The amounts of a line in minor units of the base currency: unallotted, frozen, available, pre-committed, committed,
/// obligated, paid.
pub type Buckets = [i64; BUCKETS];

/// The place of a bucket in [`Buckets`]; none for the outside.
pub(super) fn place(bucket: Bucket) -> Option<usize> {
    match bucket {
        Bucket::Outside => None,
        Bucket::Unallotted => Some(0),
        Bucket::Frozen => Some(1),
        Bucket::Available => Some(2),
        Bucket::PreCommitted => Some(3),
        Bucket::Committed => Some(4),
        Bucket::Obligated => Some(5),
        Bucket::Paid => Some(6),
    }
}

/// One amount that changes its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The budget line.
    pub line_id: i64,
    /// The key of the document's line; none for what concerns the line as a whole (a freeze, a financial order).
    pub key_id: Option<i64>,
    /// Where it comes from.
    pub source: Bucket,
    /// Where it goes to.
    pub target: Bucket,
    /// More than 0, in minor units of the base currency.
    pub amount: i64,
}

/// Moves that are made for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spend {
    /// Why.
    pub kind: MoveKind,
    /// Which.
    pub moves: Vec<Move>,
}

/// What moves are written for.
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// The document.
    pub record_id: i64,
    /// The entry of the general ledger that spends it.
    pub entry_id: Option<i64>,
    /// The day from which it counts.
    pub effective_on: NaiveDate,
    /// Who does it.
    pub by: i64,
}

/// Makes moves, all or none. Lines are taken in the order of their ids, each with one guarded update that decides: two
/// writers cannot spend the same dinar. Call it as late as possible, since the lines stay locked until the commit.
///
/// # Errors
/// `budget_short` with the arithmetic, the documents that hold the money and what can be done; a move that its kind does not
/// allow or that has no amount is a fault of the caller.
pub fn apply(tx: &mut WriteTx<'_>, cause: &Cause, spends: &[Spend]) -> Outcome<()> {
    // All reasons together: lines that one reason takes after another's would be out of their order.
    let mut by_line: BTreeMap<i64, (Vec<MoveKind>, Vec<Move>)> = BTreeMap::new();
    for (kind, one) in spends.iter().flat_map(|spend| spend.moves.iter().map(|one| (spend.kind, *one))) {
        if one.amount <= 0 || !kind.allows(one.source, one.target) {
            return Err(Refusal::Internal(format!("a move that is none: {kind:?} {one:?}")));
        }
        let (kinds, moves) = by_line.entry(one.line_id).or_default();
        kinds.push(kind);
        moves.push(one);
    }
    let mut rows = Vec::new();
    for (line_id, (kinds, moves)) in &by_line {
        let (last, end) = take(tx, *line_id, (cause.effective_on, moves))?;
        let steps = chain(moves, end);
        // Several moves of a line may end well and still pass through less than nothing.
        if let Some((first, _)) = steps.first()
            && steps.iter().any(|(_, after)| after.iter().any(|held| *held < 0))
        {
            return Err(short::refusal_of(tx, *line_id, *first, (cause.effective_on, moves))?);
        }
        let first = last - amounts::fits(moves.len())? + 1;
        for (seq, ((kind, one), step)) in (first..).zip(kinds.iter().zip(moves).zip(steps)) {
            rows.push(MoveRow::new(cause, seq, (*kind, one), step, tx.now()));
        }
    }
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(budget_moves::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Rows of one statement; PostgreSQL takes 65,535 values at once, SQLite 32,766.
const ROWS: usize = 800;

/// The buckets of a line, as columns.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn held() -> _ {
    (
        budget_lines::unallotted,
        budget_lines::frozen,
        budget_lines::available,
        budget_lines::pre_committed,
        budget_lines::committed,
        budget_lines::obligated,
        budget_lines::paid,
    )
}

/// What [`held`] selects.
pub(crate) type Held = (i64, i64, i64, i64, i64, i64, i64);

/// What financial orders have made available of a line, whatever became of it since.
pub(crate) const fn allotted((_, _, available, pre_committed, committed, obligated, paid): Held) -> i64 {
    available + pre_committed + committed + obligated + paid
}

/// Takes lines for this transaction, in the order of their ids as [`apply`] does: what is read of them stands until the commit, and
/// two who take the same ones do so one after the other.
///
/// # Errors
/// The database fails.
pub(crate) fn lock(tx: &mut WriteTx<'_>, ids: &[i64]) -> Outcome<()> {
    // SQLite has one writer, and this is it.
    if let AnyConnection::Postgres(c) = tx.conn() {
        let lines = budget_lines::table.filter(budget_lines::id.eq_any(ids)).order(budget_lines::id);
        lines.select(budget_lines::id).for_no_key_update().load::<i64>(c)?;
    }
    Ok(())
}

/// How much each bucket of the line changes.
fn change(moves: &[Move]) -> Outcome<Buckets> {
    let mut change = [0_i64; BUCKETS];
    for one in moves {
        for (bucket, signed) in [(one.source, -one.amount), (one.target, one.amount)] {
            if let Some(at) = place(bucket)
                && let Some(sum) = change.get_mut(at)
            {
                *sum = amounts::sum([*sum, signed])?;
            }
        }
    }
    Ok(change)
}

/// Moves the amounts in the line if all of them are there; answers the last sequence number and what is in it now.
fn take(tx: &mut WriteTx<'_>, line_id: i64, (on, moves): (NaiveDate, &[Move])) -> Outcome<(i64, Buckets)> {
    let [unallotted, frozen, available, pre_committed, committed, obligated, paid] = change(moves)?;
    let revised = unallotted + frozen + available + pre_committed + committed + obligated + paid;
    let guarded = budget_lines::table
        .filter(budget_lines::id.eq(line_id))
        .filter((budget_lines::unallotted + unallotted).ge(0))
        .filter((budget_lines::frozen + frozen).ge(0))
        .filter((budget_lines::available + available).ge(0))
        .filter((budget_lines::pre_committed + pre_committed).ge(0))
        .filter((budget_lines::committed + committed).ge(0))
        .filter((budget_lines::obligated + obligated).ge(0))
        .filter((budget_lines::paid + paid).ge(0));
    let now: Option<(i64, Held)> = diesel::update(guarded)
        .set((
            budget_lines::seq.eq(budget_lines::seq + amounts::fits(moves.len())?),
            budget_lines::revised.eq(budget_lines::revised + revised),
            budget_lines::unallotted.eq(budget_lines::unallotted + unallotted),
            budget_lines::frozen.eq(budget_lines::frozen + frozen),
            budget_lines::available.eq(budget_lines::available + available),
            budget_lines::pre_committed.eq(budget_lines::pre_committed + pre_committed),
            budget_lines::committed.eq(budget_lines::committed + committed),
            budget_lines::obligated.eq(budget_lines::obligated + obligated),
            budget_lines::paid.eq(budget_lines::paid + paid),
        ))
        .returning((budget_lines::seq, held()))
        .kept()
        .get_result(tx.conn())
        .optional()?;
    match now {
        Some((seq, held)) => Ok((seq, held.into())),
        None => Err(short::refusal(tx, line_id, on, moves)?),
    }
}

/// What was in a line before and after each of its moves, counted back from what is in it at the end.
fn chain(moves: &[Move], end: Buckets) -> Vec<(Buckets, Buckets)> {
    let mut after = end;
    let mut steps = Vec::with_capacity(moves.len());
    for one in moves.iter().rev() {
        let mut before = after;
        for (bucket, signed) in [(one.source, one.amount), (one.target, -one.amount)] {
            if let Some(held) = place(bucket).and_then(|at| before.get_mut(at)) {
                *held += signed;
            }
        }
        steps.push((before, after));
        after = before;
    }
    steps.reverse();
    steps
}

/// The seven columns of a move that say what was in the line.
macro_rules! columns {
    ($name:ident, $($column:ident),+) => {
        #[derive(Debug, Clone, Insertable)]
        #[diesel(table_name = budget_moves)]
        struct $name { $($column: i64),+ }

        impl From<Buckets> for $name {
            fn from([$($column),+]: Buckets) -> Self {
                Self { $($column),+ }
            }
        }
    };
}

columns!(
    Before,
    before_unallotted,
    before_frozen,
    before_available,
    before_pre_committed,
    before_committed,
    before_obligated,
    before_paid
);
columns!(
    After,
    after_unallotted,
    after_frozen,
    after_available,
    after_pre_committed,
    after_committed,
    after_obligated,
    after_paid
);

/// A move as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = budget_moves)]
struct MoveRow {
    line_id: i64,
    seq: i64,
    prev_seq: Option<i64>,
    kind: &'static str,
    source: &'static str,
    target: &'static str,
    amount: i64,
    key_id: Option<i64>,
    record_id: Option<i64>,
    entry_id: Option<i64>,
    effective_on: NaiveDate,
    recorded_at: chrono::NaiveDateTime,
    recorded_by: i64,
    #[diesel(embed)]
    before: Before,
    #[diesel(embed)]
    after: After,
}

impl MoveRow {
    fn new(
        cause: &Cause,
        seq: i64,
        (kind, one): (MoveKind, &Move),
        (before, after): (Buckets, Buckets),
        recorded_at: chrono::NaiveDateTime,
    ) -> Self {
        Self {
            line_id: one.line_id,
            seq,
            prev_seq: (seq > 0).then(|| seq - 1),
            kind: kind.code(),
            source: one.source.code(),
            target: one.target.code(),
            amount: one.amount,
            key_id: one.key_id,
            record_id: Some(cause.record_id),
            entry_id: cause.entry_id,
            effective_on: cause.effective_on,
            recorded_at,
            recorded_by: cause.by,
            before: before.into(),
            after: after.into(),
        }
    }
}

/// Makes an empty line; what comes into it comes by moves.
///
/// # Errors
/// The database fails: a line of this code is there already.
pub fn begin(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    (year_id, code): (i64, &str),
    effective_on: NaiveDate,
    by: i64,
) -> Outcome<i64> {
    let line_id: i64 = diesel::insert_into(budget_lines::table)
        .values((
            budget_lines::agency_id.eq(agency_id),
            budget_lines::year_id.eq(year_id),
            budget_lines::code.eq(code),
            (budget_lines::seq.eq(0_i64), budget_lines::revised.eq(0_i64)),
            (budget_lines::unallotted.eq(0_i64), budget_lines::frozen.eq(0_i64), budget_lines::available.eq(0_i64)),
            (budget_lines::pre_committed.eq(0_i64), budget_lines::committed.eq(0_i64)),
            (budget_lines::obligated.eq(0_i64), budget_lines::paid.eq(0_i64)),
        ))
        .returning(budget_lines::id)
        .get_result(tx.conn())?;
    let cause = Cause { record_id: 0, entry_id: None, effective_on, by };
    let nothing = Move { line_id, key_id: None, source: Bucket::Outside, target: Bucket::Outside, amount: 0 };
    let first = MoveRow {
        record_id: None,
        ..MoveRow::new(&cause, 0, (MoveKind::Begin, &nothing), ([0; BUCKETS], [0; BUCKETS]), tx.now())
    };
    diesel::insert_into(budget_moves::table).values(first).execute(tx.conn())?;
    Ok(line_id)
}
