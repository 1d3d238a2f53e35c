//! How much of which budget key a call wants.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::Bucket;
use diwan_kernel::{FieldError, money};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::finance::budget_keys;
use serde::Serialize;

use crate::{ledger::moves::Move, structure::years};

/// An amount of a budget key: more than 0, in minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KeyAmount {
    /// The key, of the fiscal year of the call's day.
    pub key_id: i64,
    /// How much.
    pub amount: i64,
}

/// What is wanted in all: each key once.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The fiscal year.
    pub(super) year_id: i64,
    /// The amount of each key.
    pub(super) amounts: BTreeMap<i64, i64>,
    /// The budget line of each key.
    pub(super) lines: BTreeMap<i64, i64>,
}

impl Wanted {
    /// A move of a key on its line; none for no amount.
    pub(super) fn shift(&self, key_id: i64, (source, target): (Bucket, Bucket), amount: i64) -> Option<Move> {
        let line_id = self.lines.get(&key_id).copied()?;
        (amount > 0).then_some(Move { line_id, key_id: Some(key_id), source, target, amount })
    }
}

/// Checks what is wanted.
///
/// # Errors
/// Nothing is; `lines.<n>.key_id` that the agency has not in the year; an amount that is none; no fiscal year has the day.
pub(super) fn wanted(tx: &mut ReadTx<'_>, actor: &Actor, on: NaiveDate, asked: &[KeyAmount]) -> Outcome<Wanted> {
    if asked.is_empty() {
        return Err(Refusal::field("lines", "required"));
    }
    let year_id = years::of_day(tx, actor.agency_id, on)?;
    let lines = lines_of(tx, (actor.agency_id, year_id), asked.iter().map(|one| one.key_id))?;
    let (mut fields, mut amounts) = (Fields::default(), BTreeMap::<i64, i64>::new());
    for (at, one) in asked.iter().enumerate() {
        if !lines.contains_key(&one.key_id) {
            fields.push(FieldError::new(format!("lines.{at}.key_id"), "unknown"));
        }
        if one.amount <= 0 {
            fields.push(FieldError::new(format!("lines.{at}.amount"), "not_positive"));
        }
        let sum = amounts.entry(one.key_id).or_default();
        *sum = sum.saturating_add(one.amount.max(0));
        if *sum > money::AMOUNT_MAX {
            let limit = money::format(money::AMOUNT_MAX, money::JOD_SCALE);
            fields.push(FieldError::new(format!("lines.{at}.amount"), "too_large").with("limit", limit));
        }
    }
    fields.done()?;
    Ok(Wanted { year_id, amounts, lines })
}

/// The budget lines of these keys, of those that the agency has in the year.
///
/// # Errors
/// The database fails.
fn lines_of(
    tx: &mut ReadTx<'_>,
    (agency_id, year_id): (i64, i64),
    keys: impl Iterator<Item = i64>,
) -> Outcome<BTreeMap<i64, i64>> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = BTreeMap::new();
    for some in keys.chunks(1_000) {
        let rows: Vec<(i64, i64)> = budget_keys::table
            .filter(budget_keys::agency_id.eq(agency_id))
            .filter(budget_keys::year_id.eq(year_id))
            .filter(budget_keys::id.eq_any(some))
            .select((budget_keys::id, budget_keys::line_id))
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found)
}
