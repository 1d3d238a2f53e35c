//! Liquidating (استحقاق): the invoice is accepted, the wages are due. Committed money is owed, in the budget and in the books at once.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{Bucket, DocumentKind, MoveKind};
use diwan_kernel::FieldError;
use diwan_platform::{Actor, Outcome};
use diwan_schema::finance::{accounts, parties};
use serde::Serialize;

use super::{
    calls::{self, Call, Done, Operation},
    entry,
    holds::{self, HoldKind},
};
use crate::{
    ledger::{self, Entry, Line, Spend, moves::Move},
    structure::years,
};

/// Supplier payables (دائنون موردون) in the ready chart: what is owed stands there unless another account is told.
const PAYABLE: &str = "630801";

/// What is owed from now on.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Liquidation<'a> {
    /// The commitment it draws on; none for an expense without one.
    pub commitment: Option<i64>,
    /// The expense by keys, and what is deducted on the other side. They may balance by themselves.
    pub lines: &'a [Line],
    /// The account that takes the rest: supplier payables of the ready chart when none is told.
    pub payable_id: Option<i64>,
    /// Who is owed it, and named by every line whose account asks for a party and that names none.
    pub party_id: Option<i64>,
}

/// Posts what is owed: committed → obligated, what exceeds the commitment from what is available; debits on the expense,
/// credits on what is deducted and on the payable account. Lines that give back (a credit note) make it available again.
/// Answers the entry of the ledger.
///
/// # Errors
/// `budget_short` with the arithmetic; `unbalanced`, `net_negative`; `period_closed`, `no_period`, `no_fiscal_year`; each wrong
/// line by its field; the module has no such commitment; the record is out of scope; `idempotency_mismatch`.
pub fn liquidate(tx: &mut WriteTx<'_>, actor: &Actor, call: &Call<'_>, input: &Liquidation<'_>) -> Outcome<i64> {
    calls::once(tx, actor, (call, Operation::Liquidate), input, |tx, _| {
        let year_id = years::of_day(tx, actor.agency_id, call.on)?;
        let payable = payable(tx, actor.agency_id, input)?;
        let known = entry::known(tx, (actor.agency_id, year_id), input.lines, Some(payable))?;
        let spent = known.spent(input.lines)?;
        let lines = known.closed(input.lines, payable, input.party_id)?;
        let drawn = match input.commitment {
            Some(id) => {
                let hold = holds::take_of(tx, actor, call, (id, HoldKind::Commitment, year_id))?;
                holds::draw(tx, hold, &spent)?
            }
            None => BTreeMap::new(),
        };
        let entry = Entry {
            agency_id: actor.agency_id,
            record_id: call.record_id,
            kind: DocumentKind::PaymentVoucher,
            effective_on: call.on,
            complementary: false,
            reverses: None,
            lines,
            spends: spends(&spent, &known.keys, &drawn),
        };
        let entry_id = ledger::post(tx, actor.user_id, &entry)?;
        Ok(Done { answer: entry_id, entry_id: Some(entry_id) })
    })
}

/// The account of what is owed, and that the party is one of the agency's.
fn payable(tx: &mut ReadTx<'_>, agency_id: i64, input: &Liquidation<'_>) -> Outcome<i64> {
    if let Some(party) = input.party_id {
        let found: Option<i64> = parties::table
            .find(party)
            .filter(parties::agency_id.eq(agency_id))
            .select(parties::id)
            .first(tx.conn())
            .optional()?;
        if found.is_none() {
            return Err(FieldError::new("party_id", "unknown").into());
        }
    }
    if let Some(account) = input.payable_id {
        return Ok(account);
    }
    let found: Option<i64> = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::code.eq(PAYABLE))
        .select(accounts::id)
        .first(tx.conn())
        .optional()?;
    found.ok_or_else(|| FieldError::new("payable_id", "account_unknown").with("code", PAYABLE).into())
}

/// The moves of what is spent: committed money first, then what is available.
fn spends(spent: &BTreeMap<i64, i64>, lines: &BTreeMap<i64, i64>, drawn: &BTreeMap<i64, i64>) -> Vec<Spend> {
    let (mut owed, mut back) = (Vec::new(), Vec::new());
    for (key, amount) in spent {
        let Some(line_id) = lines.get(key).copied() else { continue };
        let one = |source, target, amount| Move { line_id, key_id: Some(*key), source, target, amount };
        if *amount < 0 {
            back.push(one(Bucket::Obligated, Bucket::Available, -amount));
            continue;
        }
        let committed = drawn.get(key).copied().unwrap_or(0);
        for (source, amount) in [(Bucket::Committed, committed), (Bucket::Available, amount - committed)] {
            if amount > 0 {
                owed.push(one(source, Bucket::Obligated, amount));
            }
        }
    }
    let mut spends =
        vec![Spend { kind: MoveKind::Liquidate, moves: owed }, Spend { kind: MoveKind::Reverse, moves: back }];
    spends.retain(|spend| !spend.moves.is_empty());
    spends
}
