//! The keys of a law, all at once: what [`crate::structure::keys::find_or_make`] does for one, for as many as a law has.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_kernel::FieldError;
use diwan_platform::{Actor, Fields, Outcome};
use diwan_schema::finance::{budget_keys, budget_lines};

use super::values::{Value, Values};
use crate::{
    ledger::moves,
    structure::keys::{self, NewKey, PartIds, Parts},
};

/// Rows of one statement; SQLite takes 32,766 values at once.
const ROWS: usize = 1_000;

/// Makes the keys that a year lacks, with their lines.
///
/// # Errors
/// `lines.<n>.key`, by the place among `wanted`: a part that no key takes, without GFSM or COFOG.
pub(super) fn ensure(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (year_id, on): (i64, NaiveDate),
    (values, wanted): (&Values, &[Parts]),
) -> Outcome<()> {
    let known = known(tx, year_id)?;
    let depths = keys::depths(tx, year_id)?;
    let mut lines = lines(tx, year_id)?;
    let (mut fields, mut rows, mut new) = (Fields::default(), Vec::new(), BTreeSet::new());
    for (at, parts) in wanted.iter().enumerate() {
        if known.contains(parts) || !new.insert(*parts) {
            continue;
        }
        let of_key = values.of(parts);
        let (gfsm, cofog) = match classified(&of_key, parts, on) {
            Ok(codes) => codes,
            Err(error) => {
                fields.push(FieldError { field: format!("lines.{at}.key"), ..error });
                continue;
            }
        };
        let paths: Vec<(&str, Vec<String>)> = of_key.iter().map(|value| values.path(value)).collect();
        let line = keys::line_code(&depths, &paths);
        let line_id = match lines.get(&line).copied() {
            Some(id) => id,
            None => {
                let id = moves::begin(tx, actor.agency_id, (year_id, &line), on, actor.user_id)?;
                lines.insert(line, id);
                id
            }
        };
        let codes = (values.code(parts), gfsm, cofog);
        rows.push(NewKey::new((actor.agency_id, year_id, line_id), *parts, codes));
    }
    fields.done()?;
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(budget_keys::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// GFSM and COFOG of a key, from the last part that has one.
fn classified(of_key: &[&Value], parts: &Parts, on: NaiveDate) -> Result<(String, String), FieldError> {
    if of_key.len() != parts.len() {
        return Err(FieldError::new("key", "unknown"));
    }
    if let Some(fault) = of_key.iter().find_map(|value| value.fault("key", on)) {
        return Err(fault);
    }
    let last = |pick: fn(&Value) -> &String| of_key.iter().rev().map(|value| pick(value)).find(|code| !code.is_empty());
    let gfsm = last(|value| &value.gfsm).ok_or_else(|| FieldError::new("key", "gfsm_missing"))?;
    let cofog = last(|value| &value.cofog).ok_or_else(|| FieldError::new("key", "cofog_missing"))?;
    Ok((gfsm.clone(), cofog.clone()))
}

/// The keys of a year.
pub(super) fn known(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<BTreeSet<Parts>> {
    let rows: Vec<PartIds> =
        budget_keys::table.filter(budget_keys::year_id.eq(year_id)).select(keys::part_ids()).load(tx.conn())?;
    Ok(rows.into_iter().map(Parts::from).collect())
}

fn lines(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = budget_lines::table
        .filter(budget_lines::year_id.eq(year_id))
        .select((budget_lines::code, budget_lines::id))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}
