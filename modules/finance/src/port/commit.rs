//! Committing (التزام): an order or a contract binds the money, out of a reservation and out of what is available.

use std::collections::BTreeMap;

use diwan_db::WriteTx;
use diwan_finance_api::{Bucket, DocumentKind, MoveKind};
use diwan_platform::{Actor, Outcome};
use serde::Serialize;

use super::{
    calls::{self, Call, Done, Operation},
    holds::{self, HoldKind},
    keys::{self, KeyAmount},
    reserve::cause,
};
use crate::ledger::{
    Spend,
    moves::{self, Move},
    open_period,
};

/// What becomes of what a commitment leaves of its reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// The saving is available again: nothing more is ordered of it.
    GiveBack,
    /// It stays reserved for further orders.
    Keep,
}

/// What is committed.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Commit<'a> {
    /// The reservation it comes out of.
    pub reservation: Option<i64>,
    /// How much of which keys: more than was reserved is taken from what is available.
    pub lines: &'a [KeyAmount],
    /// What becomes of what is left of the reservation.
    pub rest: Rest,
}

/// Binds the money: pre-committed → committed, the excess from what is available, the saving back to it. Answers the commitment.
///
/// # Errors
/// As [`super::reserve`]; the module has no such reservation; `hold_of_other_year`; the field `on`: `before_day` with that of the
/// reservation.
pub fn commit(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, input: &Commit<'_>) -> Outcome<i64> {
    calls::once(tx, actor, (call, Operation::Commit), input, |tx, call_id| {
        let wanted = keys::wanted(tx, actor, call.on, input.lines)?;
        open_period(tx, actor.agency_id, DocumentKind::Commitment, (call.on, false))?;
        let (mut drawn, mut saved, mut from) = (BTreeMap::new(), Vec::new(), None);
        if let Some(id) = input.reservation {
            let hold = holds::take_of(tx, actor, call, (id, HoldKind::Reservation, wanted.year_id))?;
            from = Some(hold.id);
            drawn = holds::draw(tx, (hold, call.on), &wanted.amounts)?;
            if input.rest == Rest::GiveBack {
                saved = holds::empty(tx, (hold, call.on))?;
            }
        }
        let id = holds::insert(tx, actor, (call, call_id), (HoldKind::Commitment, from), &wanted)?;
        let of = |source, amount: &dyn Fn(i64, i64) -> i64| -> Vec<Move> {
            let way = (source, Bucket::Committed);
            wanted.amounts.iter().filter_map(|(key, asked)| wanted.shift(*key, way, amount(*key, *asked))).collect()
        };
        let reserved = |key: i64| drawn.get(&key).copied().unwrap_or(0);
        // The saving first: it may cover the excess of another key of the same line.
        let mut spends = vec![
            Spend { kind: MoveKind::Commit, moves: of(Bucket::PreCommitted, &|key, _| reserved(key)) },
            Spend { kind: MoveKind::Release, moves: saved.into_iter().map(given_back(Bucket::PreCommitted)).collect() },
            Spend { kind: MoveKind::Commit, moves: of(Bucket::Available, &|key, asked| asked - reserved(key)) },
        ];
        spends.retain(|spend| !spend.moves.is_empty());
        moves::apply(tx, &cause(actor, call), &spends)?;
        Ok(Done { answer: id, entry_id: None })
    })
}

/// What is left of a key is available again.
pub(super) fn given_back(source: Bucket) -> impl Fn((i64, i64, i64)) -> Move {
    move |(key, line_id, amount)| Move { line_id, key_id: Some(key), source, target: Bucket::Available, amount }
}
