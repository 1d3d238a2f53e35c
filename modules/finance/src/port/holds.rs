//! What other modules hold of the budget: reservations (حجز) and commitments (التزام), each with what is still open of its keys.
//! Whoever draws on one takes its row first, so that two who draw at once never take more than there is. Several are taken in the
//! order of their ids: what one was carried forward to comes after it, and the end of a year takes its own so.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx, each_backend};
use diwan_finance_api::Bucket;
use diwan_kernel::{FieldError, codes};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    finance::{
        budget_keys, finance_documents, fiscal_years, port_calls, port_hold_lines, port_holds, port_vouchers,
        year_end_holds,
    },
    platform::records,
};

use super::{calls::Call, keys::Wanted};
use crate::{closing::year::is_ended, documents, ledger::days};

/// Rows of one statement; SQLite takes 32,766 values at once.
const ROWS: usize = 2_000;
/// Holds that are named beside a budget line.
const NAMED: i64 = 50;

codes! {
    /// What is held.
    pub enum HoldKind {
        /// حجز: for a requisition.
        Reservation = "reservation",
        /// التزام: for an order or a contract.
        Commitment = "commitment",
    }
}

impl HoldKind {
    /// Where the money is meanwhile.
    pub const fn bucket(self) -> Bucket {
        match self {
            Self::Reservation => Bucket::PreCommitted,
            Self::Commitment => Bucket::Committed,
        }
    }
}

/// A hold that this transaction may draw on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    pub(super) id: i64,
    pub(super) kind: HoldKind,
    pub(super) year_id: i64,
    /// The call that made it.
    call_id: i64,
}

/// What another module holds of a budget line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The record of the module.
    pub record_id: i64,
    /// Its kind.
    pub record_kind: String,
    /// Its number, or its id while it has none.
    pub name: String,
    /// What it is.
    pub kind: HoldKind,
    /// How much is still open, minor units of the base currency.
    pub open: i64,
}

/// A hold as stored: kind, year, the call that made it.
type Row = (String, i64, i64);

const ROW: (port_holds::kind, port_holds::year_id, port_holds::call_id) =
    (port_holds::kind, port_holds::year_id, port_holds::call_id);

fn hold(id: i64, (kind, year_id, call_id): Row) -> Outcome<Hold> {
    Ok(Hold { id, kind: kind.parse()?, year_id, call_id })
}

/// Writes a hold with its keys; answers its id.
pub(super) fn insert(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (call, call_id): (&Call<'_>, i64),
    (kind, from_id): (HoldKind, Option<i64>),
    wanted: &Wanted,
) -> Outcome<i64> {
    let id: i64 = diesel::insert_into(port_holds::table)
        .values((
            port_holds::agency_id.eq(actor.agency_id),
            port_holds::year_id.eq(wanted.year_id),
            port_holds::module.eq(call.module.code()),
            port_holds::kind.eq(kind.code()),
            port_holds::call_id.eq(call_id),
            port_holds::record_id.eq(call.record_id),
            port_holds::from_id.eq(from_id),
            port_holds::draws.eq(0_i64),
        ))
        .returning(port_holds::id)
        .get_result(tx.conn())?;
    let rows: Vec<_> = wanted
        .amounts
        .iter()
        .map(|(key, amount)| {
            (
                port_hold_lines::hold_id.eq(id),
                port_hold_lines::key_id.eq(*key),
                port_hold_lines::agency_id.eq(actor.agency_id),
                port_hold_lines::amount.eq(*amount),
                port_hold_lines::open.eq(*amount),
            )
        })
        .collect();
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(port_hold_lines::table).values(rows).execute(c))?;
    }
    Ok(id)
}

/// Takes a hold of the calling module: whoever else draws on it waits.
///
/// # Errors
/// The module has none of that id in the agency.
fn take(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, id: i64) -> Outcome<Hold> {
    let own = port_holds::table
        .filter(port_holds::id.eq(id))
        .filter(port_holds::agency_id.eq(actor.agency_id))
        .filter(port_holds::module.eq(call.module.code()));
    let taken: Option<Row> = diesel::update(own)
        .set(port_holds::draws.eq(port_holds::draws + 1))
        .returning(ROW)
        .kept()
        .get_result(tx.conn())
        .optional()?;
    hold(id, taken.ok_or(Refusal::NotFound("hold"))?)
}

/// Takes a hold for a voucher that draws on it: what the module may was looked at when it was asked for.
///
/// # Errors
/// The database fails or holds an unknown kind.
pub(super) fn take_again(tx: &mut WriteTx<'_>, id: i64) -> Outcome<Hold> {
    let taken: Row = diesel::update(port_holds::table.filter(port_holds::id.eq(id)))
        .set(port_holds::draws.eq(port_holds::draws + 1))
        .returning(ROW)
        .kept()
        .get_result(tx.conn())?;
    match carried(tx, id)? {
        Some(next) => take_again(tx, next),
        None => hold(id, taken),
    }
}

/// [`take`] for a hold of the year of the call, or for what it was carried forward to.
///
/// # Errors
/// As [`take`]; `hold_of_other_year` with its year, `hold_lapsed` where it lapsed with that year; the field `on`: `before_day`.
pub(super) fn take_in(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    call: &Call<'_>,
    (id, year_id): (i64, i64),
) -> Outcome<Hold> {
    let hold = take(tx, actor, call, id)?;
    if hold.year_id == year_id {
        made(tx, hold, ("on", call.on))?;
        return Ok(hold);
    }
    match carried(tx, hold.id)? {
        Some(next) => take_in(tx, actor, call, (next, year_id)),
        None => Err(of_other_year(tx, hold)?),
    }
}

/// What a hold was carried forward to when its year ended.
fn carried(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Option<i64>> {
    let next: Option<Option<i64>> =
        year_end_holds::table.find(id).select(year_end_holds::carried_id).kept().get_result(tx.conn()).optional()?;
    Ok(next.flatten())
}

/// Why nothing of another year draws on a hold.
pub(super) fn of_other_year(tx: &mut ReadTx<'_>, hold: Hold) -> Outcome<Refusal> {
    let year: i32 = fiscal_years::table.find(hold.year_id).select(fiscal_years::year).first(tx.conn())?;
    let year = [("year", year.to_string())];
    let code = if is_ended(tx, hold.year_id)? { "hold_lapsed" } else { "hold_of_other_year" };
    Ok(Refusal::rule(code, year))
}

/// [`take_in`] for a hold of a kind.
///
/// # Errors
/// As [`take_in`]; it is of another kind.
pub(super) fn take_of(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    call: &Call<'_>,
    (id, kind, year_id): (i64, HoldKind, i64),
) -> Outcome<Hold> {
    let hold = take_in(tx, actor, call, (id, year_id))?;
    if hold.kind == kind { Ok(hold) } else { Err(Refusal::NotFound("hold")) }
}

/// Refuses a day on which a hold was not made yet.
///
/// # Errors
/// The field: `before_day` with that of the call that made it.
pub(super) fn made(tx: &mut ReadTx<'_>, hold: Hold, (field, on): (&str, NaiveDate)) -> Outcome<()> {
    let call = port_calls::table.find(hold.call_id).select(port_calls::effective_on);
    let day: NaiveDate = call.kept().get_result(tx.conn())?;
    if on < day { Err(FieldError::new(field, "before_day").with("day", day).into()) } else { Ok(()) }
}

/// Looks whether a voucher may take this much of a hold on its day, before it is sent to those who approve it.
///
/// # Errors
/// The field `effective_on`: `before_day`; `source_short_before`.
pub(super) fn check(tx: &mut ReadTx<'_>, (id, on): (i64, NaiveDate), wanted: &BTreeMap<i64, i64>) -> Outcome<()> {
    let found: Row = port_holds::table.find(id).select(ROW).first(tx.conn())?;
    let hold = hold(id, found)?;
    made(tx, hold, ("effective_on", on))?;
    takes(tx, (hold, on), |key| wanted.get(&key).copied().unwrap_or(0)).map(|_| ())
}

/// Takes of a hold what is open of these keys on a day, at most what is wanted of each; answers what was there.
///
/// # Errors
/// `source_short_before`: a voucher that was taken back later gave it back.
pub(super) fn draw(
    tx: &mut WriteTx<'_>,
    (hold, on): (Hold, NaiveDate),
    wanted: &BTreeMap<i64, i64>,
) -> Outcome<BTreeMap<i64, i64>> {
    let mut drawn = BTreeMap::new();
    for (key, _, take) in takes(tx, (hold, on), |key| wanted.get(&key).copied().unwrap_or(0))? {
        lessen(tx, hold.id, key, take)?;
        drawn.insert(key, take);
    }
    Ok(drawn)
}

/// Takes all that is open of a hold: key, budget line, amount.
///
/// # Errors
/// As [`draw`].
pub(super) fn empty(tx: &mut WriteTx<'_>, (hold, on): (Hold, NaiveDate)) -> Outcome<Vec<(i64, i64, i64)>> {
    let open = takes(tx, (hold, on), |_| i64::MAX)?;
    for (key, _, amount) in &open {
        lessen(tx, hold.id, *key, *amount)?;
    }
    Ok(open)
}

/// What is taken of a hold on a day: key, budget line, amount. What a voucher gave back later was not there before.
fn takes(
    tx: &mut ReadTx<'_>,
    (hold, on): (Hold, NaiveDate),
    wanted: impl Fn(i64) -> i64,
) -> Outcome<Vec<(i64, i64, i64)>> {
    let lines = open_lines(tx, hold.id)?;
    let later = given_back(tx, hold, on)?;
    let mut taken = Vec::with_capacity(lines.len());
    for (key, line, open) in lines {
        let take = wanted(key).min(open);
        if take <= 0 {
            continue;
        }
        if let Some(until) = later.get(&key).and_then(|changes| days::short(open, take, changes)) {
            let record: i64 = port_holds::table.find(hold.id).select(port_holds::record_id).first(tx.conn())?;
            return Err(days::refusal(documents::name_of(tx, record)?, take, until));
        }
        taken.push((key, line, take));
    }
    Ok(taken)
}

/// What vouchers took of a commitment and gave back to it after a day, by key; nothing where none was taken back after it.
fn given_back(tx: &mut ReadTx<'_>, hold: Hold, on: NaiveDate) -> Outcome<BTreeMap<i64, days::Changes>> {
    if hold.kind == HoldKind::Reservation {
        return Ok(BTreeMap::new());
    }
    let mut records: Vec<i64> = port_vouchers::table
        .filter(port_vouchers::hold_id.eq(hold.id))
        .select(port_vouchers::document_id)
        .kept()
        .load(tx.conn())?;
    let mut back = Vec::new();
    for some in records.chunks(1_000) {
        let reversals: Vec<i64> = finance_documents::table
            .filter(finance_documents::reverses_id.eq_any(some))
            .filter(finance_documents::posted_at.is_not_null())
            .filter(finance_documents::effective_on.gt(on))
            .select(finance_documents::record_id)
            .load(tx.conn())?;
        back.extend(reversals);
    }
    if back.is_empty() {
        return Ok(BTreeMap::new());
    }
    records.append(&mut back);
    days::changes(tx, (&records, hold.kind.bucket()), on)
}

fn open_lines(tx: &mut ReadTx<'_>, hold_id: i64) -> Outcome<Vec<(i64, i64, i64)>> {
    let open: Vec<(i64, i64)> = port_hold_lines::table
        .filter(port_hold_lines::hold_id.eq(hold_id))
        .filter(port_hold_lines::open.gt(0))
        .order(port_hold_lines::key_id)
        .select((port_hold_lines::key_id, port_hold_lines::open))
        .load(tx.conn())?;
    let mut lines = BTreeMap::new();
    for some in open.iter().map(|(key, _)| *key).collect::<Vec<_>>().chunks(1_000) {
        let rows: Vec<(i64, i64)> = budget_keys::table
            .filter(budget_keys::id.eq_any(some))
            .select((budget_keys::id, budget_keys::line_id))
            .load(tx.conn())?;
        lines.extend(rows);
    }
    Ok(open.into_iter().filter_map(|(key, amount)| Some((key, *lines.get(&key)?, amount))).collect())
}

/// Never beyond what is open: the row decides.
fn lessen(tx: &mut WriteTx<'_>, hold_id: i64, key_id: i64, amount: i64) -> Outcome<()> {
    let enough = port_hold_lines::table
        .filter(port_hold_lines::hold_id.eq(hold_id))
        .filter(port_hold_lines::key_id.eq(key_id))
        .filter(port_hold_lines::open.ge(amount));
    let taken = diesel::update(enough)
        .set(port_hold_lines::open.eq(port_hold_lines::open - amount))
        .kept()
        .execute(tx.conn())?;
    if taken == 1 { Ok(()) } else { Err(Refusal::Internal(format!("the hold {hold_id} was drawn on past its row"))) }
}

/// Gives back to a hold what was drawn of a key. The database takes it only from a voucher that is being taken back.
pub(super) fn give_back(tx: &mut WriteTx<'_>, hold: Hold, (key_id, amount): (i64, i64)) -> Outcome<()> {
    let of_key =
        port_hold_lines::table.filter(port_hold_lines::hold_id.eq(hold.id)).filter(port_hold_lines::key_id.eq(key_id));
    diesel::update(of_key).set(port_hold_lines::open.eq(port_hold_lines::open + amount)).execute(tx.conn())?;
    Ok(())
}

/// What other modules hold of a budget line, the most first.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn holding(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<Vec<Held>> {
    let keys: Vec<i64> =
        budget_keys::table.filter(budget_keys::line_id.eq(line_id)).select(budget_keys::id).load(tx.conn())?;
    type Row = (i64, String, Option<String>, String, i64);
    let mut held = Vec::new();
    for keys in keys.chunks(1_000) {
        let rows: Vec<Row> = port_hold_lines::table
            .inner_join(port_holds::table.on(port_holds::id.eq(port_hold_lines::hold_id)))
            .inner_join(records::table.on(records::id.eq(port_holds::record_id)))
            .filter(port_hold_lines::key_id.eq_any(keys))
            .filter(port_hold_lines::open.gt(0))
            .order((port_hold_lines::open.desc(), port_hold_lines::hold_id))
            .limit(NAMED)
            .select((records::id, records::kind, records::number, port_holds::kind, port_hold_lines::open))
            .load(tx.conn())?;
        for (record_id, record_kind, number, kind, open) in rows {
            let name = number.unwrap_or_else(|| record_id.to_string());
            held.push(Held { record_id, record_kind, name, kind: kind.parse()?, open });
        }
    }
    held.sort_by_key(|one| (std::cmp::Reverse(one.open), one.record_id));
    Ok(held)
}
