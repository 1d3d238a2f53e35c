//! Rules of virement (قواعد المناقلات): rows with days, since each budget law brings its own.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{MoveKind, VirementScope};
use diwan_kernel::money;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{budget_keys, budget_moves, segments, virement_rules};

use super::store::{self, DocumentRow, LineRow};
use crate::amounts;

/// Keys of a line that are looked at where a virement is proposed.
const KEYS: i64 = 100;

/// A rule in force.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub(crate) struct Rule {
    from_item: String,
    to_item: String,
    scope: String,
    allowed: bool,
    percent: Option<i32>,
    permission: String,
    reference: String,
}

impl Rule {
    /// How closely it fits a pair of keys; none where it does not. Of equally long beginnings, one for the programmes of the pair
    /// goes before one for any.
    fn fit(&self, from: &Key, to: &Key) -> Option<usize> {
        let scope = if from.programme_id == to.programme_id { VirementScope::Within } else { VirementScope::Between };
        let items = from.item.starts_with(&self.from_item) && to.item.starts_with(&self.to_item);
        (items && (self.scope.is_empty() || self.scope == scope.code()))
            .then(|| 2 * (self.from_item.len() + self.to_item.len()) + usize::from(!self.scope.is_empty()))
    }
}

/// The rule that decides on a pair of keys.
fn deciding<'r>(rules: &'r [Rule], from: &Key, to: &Key) -> Option<&'r Rule> {
    let fitting = rules.iter().filter_map(|rule| rule.fit(from, to).map(|fit| (fit, rule)));
    fitting.max_by_key(|(fit, _)| *fit).map(|(_, rule)| rule)
}

/// A key as the rules look at it.
struct Key {
    line_id: i64,
    programme_id: i64,
    item: String,
}

/// The rules of an agency that are in force on a day.
///
/// # Errors
/// The database fails.
pub(crate) fn rules(tx: &mut ReadTx<'_>, agency_id: i64, day: NaiveDate) -> Outcome<Vec<Rule>> {
    Ok(virement_rules::table
        .filter(virement_rules::agency_id.eq(agency_id))
        .filter(virement_rules::active_from.le(day))
        .filter(virement_rules::active_to.is_null().or(virement_rules::active_to.ge(day)))
        .select((
            virement_rules::from_item,
            virement_rules::to_item,
            virement_rules::scope,
            virement_rules::allowed,
            virement_rules::percent,
            virement_rules::permission,
            virement_rules::reference,
        ))
        .order(virement_rules::id)
        .load(tx.conn())?)
}

/// Looks at each pair of a key that gives and a key that takes. Without a rule that fits, a virement may be made. Of the
/// percents that the pairs of a line have, the lowest counts, for all that the line gives.
///
/// # Errors
/// `virement_barred` with both items and the reference; `virement_percent` with what may still be taken.
pub(super) fn check(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<()> {
    let rules = rules(tx, document.agency_id, document.effective_on)?;
    if rules.is_empty() {
        return Ok(());
    }
    let keys = keys(tx, lines)?;
    let side = |side: &'static str| {
        let of_side = lines.iter().filter(move |line| line.side == side);
        of_side.filter_map(|line| line.key_id.and_then(|id| keys.get(&id)).map(|key| (key, line.base_amount)))
    };
    let mut gives = BTreeMap::<i64, (i64, Option<(i32, &Rule)>)>::new();
    for (from, amount) in side("credit") {
        let (sum, lowest) = gives.entry(from.line_id).or_default();
        *sum = amounts::sum([*sum, amount])?;
        for (to, _) in side("debit") {
            let Some(rule) = deciding(&rules, from, to) else { continue };
            if !rule.allowed {
                let args =
                    [("from", from.item.clone()), ("to", to.item.clone()), ("reference", rule.reference.clone())];
                return Err(Refusal::rule("virement_barred", args));
            }
            if let Some(limit) = rule.percent.filter(|limit| lowest.is_none_or(|(known, _)| *limit < known)) {
                *lowest = Some((limit, rule));
            }
        }
    }
    for (line_id, (asked, lowest)) in gives {
        if let Some((limit, rule)) = lowest {
            within(tx, (document.record_id, line_id), (asked, limit), rule)?;
        }
    }
    Ok(())
}

/// Looks whether the person in whose right a virement is authorised is who its rules let decide (صاحب الصلاحية).
///
/// # Errors
/// `virement_authority` with the right, both items and the reference.
pub(super) fn authorised(tx: &mut ReadTx<'_>, who: &Actor, document: &DocumentRow) -> Outcome<()> {
    let rules = rules(tx, document.agency_id, document.effective_on)?;
    if rules.iter().all(|rule| rule.permission.is_empty()) {
        return Ok(());
    }
    let lines = store::lines(tx, document.record_id)?;
    let keys = keys(tx, &lines)?;
    let side = |side: &'static str| {
        let of_side = lines.iter().filter(move |line| line.side == side);
        of_side.filter_map(|line| line.key_id.and_then(|id| keys.get(&id)))
    };
    for (from, to) in side("credit").flat_map(|from| side("debit").map(move |to| (from, to))) {
        let Some(rule) = deciding(&rules, from, to).filter(|rule| !rule.permission.is_empty()) else { continue };
        if !who.can(rule.permission.parse()?) {
            let (from, to) = (from.item.clone(), to.item.clone());
            let args = [
                ("permission", rule.permission.clone()),
                ("from", from),
                ("to", to),
                ("reference", rule.reference.clone()),
            ];
            return Err(Refusal::rule("virement_authority", args));
        }
    }
    Ok(())
}

/// The reference of a rule that lets this much go from one budget line to another; none where no rule speaks of the two, bars it
/// or bounds it lower.
///
/// # Errors
/// The database fails.
pub(crate) fn permitted(
    tx: &mut ReadTx<'_>,
    rules: &[Rule],
    (from_line, to_line): (i64, i64),
    amount: i64,
) -> Outcome<Option<String>> {
    let (from, to) = (of_line(tx, from_line)?, of_line(tx, to_line)?);
    let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
    let Some(rule) = pairs.filter_map(|(from, to)| deciding(rules, from, to)).find(|rule| rule.allowed) else {
        return Ok(None);
    };
    if let Some(percent) = rule.percent {
        let (original, before) = taken(tx, from_line, None)?;
        if before + i128::from(amount) > original * i128::from(percent) / 100 {
            return Ok(None);
        }
    }
    Ok(Some(rule.reference.clone()))
}

/// A move: kind, source, amount, document.
type Made = (String, String, i64, Option<i64>);

/// No more than so many hundredths of what the law gave the line, with what was taken of it before.
fn within(
    tx: &mut ReadTx<'_>,
    (record_id, line_id): (i64, i64),
    (asked, limit): (i64, i32),
    rule: &Rule,
) -> Outcome<()> {
    let (original, before) = taken(tx, line_id, Some(record_id))?;
    let most = original * i128::from(limit) / 100;
    if before + i128::from(asked) <= most {
        return Ok(());
    }
    let amount = |minor: i128| money::format(i64::try_from(minor).unwrap_or(i64::MAX), money::JOD_SCALE);
    Err(Refusal::rule(
        "virement_percent",
        [
            ("from", rule.from_item.clone()),
            ("percent", limit.to_string()),
            ("original", amount(original)),
            ("before", amount(before)),
            ("asked", amount(i128::from(asked))),
            ("left", amount((most - before).max(0))),
            ("reference", rule.reference.clone()),
        ],
    ))
}

/// What the law gave a line, and what virements but one took of it.
fn taken(tx: &mut ReadTx<'_>, line_id: i64, but: Option<i64>) -> Outcome<(i128, i128)> {
    let moves: Vec<Made> = budget_moves::table
        .filter(budget_moves::line_id.eq(line_id))
        .filter(budget_moves::kind.eq_any([MoveKind::Law.code(), MoveKind::Virement.code()]))
        .select((budget_moves::kind, budget_moves::source, budget_moves::amount, budget_moves::record_id))
        .load(tx.conn())?;
    let sum =
        |of: &dyn Fn(&Made) -> bool| -> i128 { moves.iter().filter(|one| of(one)).map(|one| i128::from(one.2)).sum() };
    let original = sum(&|one| one.0 == MoveKind::Law.code());
    let virement = |one: &Made| one.0 == MoveKind::Virement.code() && one.1 == "unallotted";
    Ok((original, sum(&|one| virement(one) && (but.is_none() || one.3 != but))))
}

/// The keys of a line as the rules look at them.
fn of_line(tx: &mut ReadTx<'_>, line_id: i64) -> Outcome<Vec<Key>> {
    let rows: Vec<(i64, String)> = budget_keys::table
        .inner_join(segments::table.on(segments::id.eq(budget_keys::item_id)))
        .filter(budget_keys::line_id.eq(line_id))
        .order(budget_keys::id)
        .limit(KEYS)
        .select((budget_keys::programme_id, segments::code))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(programme_id, item)| Key { line_id, programme_id, item }).collect())
}

fn keys(tx: &mut ReadTx<'_>, lines: &[LineRow]) -> Outcome<BTreeMap<i64, Key>> {
    let ids: Vec<i64> = lines.iter().filter_map(|line| line.key_id).collect();
    let mut keys = BTreeMap::new();
    for some in ids.chunks(1_000) {
        let rows: Vec<(i64, i64, i64, String)> = budget_keys::table
            .inner_join(segments::table.on(segments::id.eq(budget_keys::item_id)))
            .filter(budget_keys::id.eq_any(some))
            .select((budget_keys::id, budget_keys::line_id, budget_keys::programme_id, segments::code))
            .load(tx.conn())?;
        let key = |(id, line_id, programme_id, item)| (id, Key { line_id, programme_id, item });
        keys.extend(rows.into_iter().map(key));
    }
    Ok(keys)
}
