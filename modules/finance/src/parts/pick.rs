//! What fields of documents name, by typing: accounts, parties, cost centres, budget keys.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{AnyConnection, ReadTx, lower};
use diwan_finance_api::{PartPick, SegmentKind};
use diwan_kernel::{Lang, Named, text};
use diwan_platform::Outcome;
use diwan_schema::finance::{accounts, budget_keys, budget_lines, cost_centres, parties, segments};

use super::checks;

/// The most that is offered at once.
const ROWS: i64 = 20;

/// Id, code, names.
pub(crate) type Found = (i64, String, String, String);

/// Keys that are being narrowed.
pub(crate) type Keys =
    diesel::helper_types::IntoBoxed<'static, budget_keys::table, <AnyConnection as Connection>::Backend>;

fn picks(found: Vec<Found>) -> Vec<PartPick> {
    found.into_iter().map(|(id, code, ar, en)| checks::pick(id, code, ar, en)).collect()
}

/// A `LIKE` pattern for codes that begin so.
fn begins(typed: &str) -> String {
    text::like_anywhere(typed).trim_start_matches('%').to_owned()
}

/// Whether a name has every word of what was typed.
fn fits(typed: &str, hay: &str) -> bool {
    let hay = text::fold(hay);
    text::fold(typed).split_whitespace().all(|word| hay.contains(word))
}

/// Accounts that take lines on a day; where none is told, those that have not ended.
///
/// # Errors
/// The database fails.
pub fn accounts(tx: &mut ReadTx<'_>, agency_id: i64, typed: &str, day: Option<NaiveDate>) -> Outcome<Vec<PartPick>> {
    let last = day.unwrap_or_else(|| tx.today());
    let mut leaves = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::posting.eq(true))
        .filter(accounts::active_to.is_null().or(accounts::active_to.ge(last)))
        .into_boxed();
    if let Some(day) = day {
        leaves = leaves.filter(accounts::active_from.le(day));
    }
    let all: Vec<Found> = leaves
        .order(accounts::code)
        .select((accounts::id, accounts::code, accounts::name_ar, accounts::name_en))
        .load(tx.conn())?;
    Ok(picks(shortened(all, typed)))
}

/// Active parties.
///
/// # Errors
/// The database fails.
pub fn parties(tx: &mut ReadTx<'_>, agency_id: i64, typed: &str) -> Outcome<Vec<PartPick>> {
    let mut found =
        parties::table.filter(parties::agency_id.eq(agency_id)).filter(parties::active.eq(true)).into_boxed();
    for word in typed.split_whitespace() {
        found = found.filter(parties::fold.like(text::like_anywhere(word)).escape('\\'));
    }
    Ok(picks(
        found
            .order(parties::code)
            .limit(ROWS)
            .select((parties::id, parties::code, parties::name_ar, parties::name_en))
            .load(tx.conn())?,
    ))
}

/// Active cost centres.
///
/// # Errors
/// The database fails.
pub fn centres(tx: &mut ReadTx<'_>, agency_id: i64, typed: &str) -> Outcome<Vec<PartPick>> {
    let all: Vec<Found> = cost_centres::table
        .filter(cost_centres::agency_id.eq(agency_id))
        .filter(cost_centres::active.eq(true))
        .order(cost_centres::code)
        .select((cost_centres::id, cost_centres::code, cost_centres::name_ar, cost_centres::name_en))
        .load(tx.conn())?;
    Ok(picks(shortened(all, typed)))
}

/// Values of a part of the key: the leaves, which keys take, or those that others stand under.
///
/// # Errors
/// The database fails.
pub fn segments(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    (kind, leaves): (SegmentKind, bool),
    typed: &str,
) -> Outcome<Vec<PartPick>> {
    let all: Vec<Found> = segments::table
        .filter(segments::agency_id.eq(agency_id))
        .filter(segments::kind.eq(kind.code()))
        .filter(segments::posting.eq(leaves))
        .order(segments::code)
        .select((segments::id, segments::code, segments::name_ar, segments::name_en))
        .load(tx.conn())?;
    Ok(picks(shortened(all, typed)))
}

fn shortened(mut all: Vec<Found>, typed: &str) -> Vec<Found> {
    all.retain(|(_, code, ar, en)| fits(typed, &format!("{code} {ar} {en}")));
    all.truncate(usize::try_from(ROWS).unwrap_or_default());
    all
}

/// The programmes and items of an agency, by whose names keys are found.
pub(crate) fn key_names(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Found>> {
    Ok(segments::table
        .filter(segments::agency_id.eq(agency_id))
        .filter(segments::kind.eq_any([SegmentKind::Programme.code(), SegmentKind::Item.code()]))
        .select((segments::id, segments::code, segments::name_ar, segments::name_en))
        .load(tx.conn())?)
}

/// Those keys whose code begins with what was typed, or whose programme or item is called so.
pub(crate) fn keys_that_fit(keys: Keys, named: &[Found], typed: &str) -> Keys {
    let called = named.iter().filter(|(_, _, ar, en)| fits(typed, &format!("{ar} {en}")));
    let ids: Vec<i64> = called.map(|(id, ..)| *id).collect();
    keys.filter(
        lower("budget_keys.code")
            .like(begins(typed))
            .escape('\\')
            .or(budget_keys::item_id.eq_any(ids.clone()))
            .or(budget_keys::programme_id.eq_any(ids)),
    )
}

/// What a key is called: its item and its programme.
pub(crate) fn key_name(item: Option<&Named>, programme: Option<&Named>) -> Named {
    let part = |of: Option<&Named>, lang: Lang| of.map(|name| name.get(lang).to_owned()).unwrap_or_default();
    let both = |lang: Lang| format!("{} – {}", part(item, lang), part(programme, lang));
    Named { ar: both(Lang::Ar), en: both(Lang::En) }
}

/// Budget keys of a year whose code begins so, or whose item or programme is called so; each with the name of its item and
/// programme, and what may still be committed on its line.
///
/// # Errors
/// The database fails.
pub fn keys(tx: &mut ReadTx<'_>, agency_id: i64, year_id: i64, typed: &str) -> Outcome<Vec<PartPick>> {
    let named = key_names(tx, agency_id)?;
    let mut keys: Keys = budget_keys::table.into_boxed();
    keys = keys.filter(budget_keys::agency_id.eq(agency_id)).filter(budget_keys::year_id.eq(year_id));
    let typed = typed.trim();
    if !typed.is_empty() {
        keys = keys_that_fit(keys, &named, typed);
    }
    let found: Vec<(i64, String, i64, i64, i64)> = keys
        .order(budget_keys::code)
        .limit(ROWS)
        .select((
            budget_keys::id,
            budget_keys::code,
            budget_keys::line_id,
            budget_keys::programme_id,
            budget_keys::item_id,
        ))
        .load(tx.conn())?;
    let lines: BTreeMap<i64, i64> = budget_lines::table
        .filter(budget_lines::id.eq_any(found.iter().map(|key| key.2).collect::<Vec<_>>()))
        .select((budget_lines::id, budget_lines::available))
        .load::<(i64, i64)>(tx.conn())?
        .into_iter()
        .collect();
    let names: BTreeMap<i64, Named> = named.into_iter().map(|(id, _, ar, en)| (id, Named { ar, en })).collect();
    let pick = |(id, code, line_id, programme, item): (i64, String, i64, i64, i64)| {
        let name = key_name(names.get(&item), names.get(&programme));
        PartPick { id, code, name, available: lines.get(&line_id).copied() }
    };
    Ok(found.into_iter().map(pick).collect())
}
