//! The names of what balances are split by: accounts, keys and their parts, parties, centres.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, ReportCell, ReportFact};
use diwan_kernel::Named;
use diwan_platform::Outcome;
use diwan_schema::finance::{accounts, budget_keys, cost_centres, parties, segments};

use super::form;
use crate::ledger::only::Only;

/// How a value is shown: what it is sorted by, and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shown {
    pub(super) code: String,
    pub(super) ar: String,
    pub(super) en: String,
}

impl Shown {
    pub(super) fn name(&self) -> Named {
        Named { ar: self.ar.clone(), en: self.en.clone() }
    }

    /// Code and name in one cell.
    fn cell(&self) -> ReportCell {
        if self.ar.is_empty() {
            return form::code(&self.code);
        }
        let with = |name: &str| if name.is_empty() { String::new() } else { format!("{} – {name}", self.code) };
        ReportCell::Text(Named { ar: with(&self.ar), en: with(&self.en) })
    }
}

/// Values that a statement names at once.
pub(super) const AT_ONCE: usize = 500;

/// An id with its code and names.
type Row = (i64, String, String, String);

/// Reads rows of the ids in bunches.
macro_rules! read {
    ($tx:ident, $ids:ident, $agency:ident, $table:ident, $ar:expr, $en:expr) => {{
        let mut rows: Vec<Row> = Vec::with_capacity($ids.len());
        for ids in $ids.chunks(AT_ONCE) {
            rows.extend(
                $table::table
                    .filter($table::agency_id.eq($agency))
                    .filter($table::id.eq_any(ids))
                    .select(($table::id, $table::code, $ar, $en))
                    .load::<Row>($tx.conn())?,
            );
        }
        rows
    }};
}

/// How the values of a dimension are shown; a value that is none is left out.
///
/// # Errors
/// The database fails.
pub(super) fn of<'a>(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    by: Dimension,
    values: impl Iterator<Item = &'a str>,
) -> Outcome<BTreeMap<String, Shown>> {
    let values: BTreeSet<&str> = values.collect();
    if matches!(by, Dimension::Currency | Dimension::Gfsm | Dimension::Cofog) {
        let own = |code: &str| Shown { code: code.to_owned(), ar: String::new(), en: String::new() };
        return Ok(values.into_iter().filter(|one| !one.is_empty()).map(|one| (one.to_owned(), own(one))).collect());
    }
    let ids: Vec<i64> = values.iter().filter_map(|one| one.parse().ok()).filter(|id| *id != 0).collect();
    let rows = match by {
        Dimension::Account => read!(tx, ids, agency_id, accounts, accounts::name_ar, accounts::name_en),
        Dimension::Party => read!(tx, ids, agency_id, parties, parties::name_ar, parties::name_en),
        Dimension::Centre => read!(tx, ids, agency_id, cost_centres, cost_centres::name_ar, cost_centres::name_en),
        Dimension::Key => read!(tx, ids, agency_id, budget_keys, budget_keys::gfsm, budget_keys::gfsm),
        _ => read!(tx, ids, agency_id, segments, segments::name_ar, segments::name_en),
    };
    Ok(rows
        .into_iter()
        .map(|(id, code, ar, en)| {
            // A key has no name of its own: its code says all.
            let (ar, en) = if by == Dimension::Key { (String::new(), String::new()) } else { (ar, en) };
            (id.to_string(), Shown { code, ar, en })
        })
        .collect())
}

/// What a report is narrowed to, as facts above its rows. Several values of a dimension are shown alike: one stands for them.
///
/// # Errors
/// The database fails.
pub(super) fn facts(tx: &mut ReadTx<'_>, agency_id: i64, only: &[Only]) -> Outcome<Vec<ReportFact>> {
    let mut facts = Vec::with_capacity(only.len());
    for one in only {
        let (ar, en) = one.by.names();
        let shown = of(tx, agency_id, one.by, one.values.iter().map(String::as_str))?.into_values().next();
        facts.push(form::fact(ar, en, shown.map_or_else(form::none, |shown| shown.cell())));
    }
    Ok(facts)
}
