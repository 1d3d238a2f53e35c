//! The budget key (مفتاح الموازنة): a used combination of the parts, and the line that controls it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::SegmentKind;
use diwan_kernel::FieldError;
use diwan_platform::{Fields, Outcome, Refusal};
use diwan_schema::finance::{budget_keys, budget_lines, control_levels, segments};

use crate::ledger::moves;

/// The parts of a key: one value of each kind, in the order of [`SegmentKind::ALL`].
pub type Parts = [i64; 6];

/// The parts of a key, as columns.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn part_ids() -> _ {
    (
        budget_keys::chapter_id,
        budget_keys::programme_id,
        budget_keys::activity_id,
        budget_keys::fund_id,
        budget_keys::location_id,
        budget_keys::item_id,
    )
}

/// What [`part_ids`] selects; it becomes [`Parts`].
pub(crate) type PartIds = (i64, i64, i64, i64, i64, i64);

/// A key as it is written.
#[derive(Insertable)]
#[diesel(table_name = budget_keys, treat_none_as_default_value = false)]
pub(crate) struct NewKey {
    agency_id: i64,
    year_id: i64,
    line_id: i64,
    chapter_id: i64,
    programme_id: i64,
    activity_id: i64,
    fund_id: i64,
    location_id: i64,
    item_id: i64,
    code: String,
    gfsm: String,
    cofog: String,
}

impl NewKey {
    /// The key of agency, year and line out of its parts, with its code, GFSM and COFOG.
    pub(crate) fn new(
        (agency_id, year_id, line_id): (i64, i64, i64),
        [chapter_id, programme_id, activity_id, fund_id, location_id, item_id]: Parts,
        (code, gfsm, cofog): (String, String, String),
    ) -> Self {
        Self {
            agency_id,
            year_id,
            line_id,
            chapter_id,
            programme_id,
            activity_id,
            fund_id,
            location_id,
            item_id,
            code,
            gfsm,
            cofog,
        }
    }
}

/// A key and its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Key {
    /// Its id.
    pub id: i64,
    /// The budget line that controls it.
    pub line_id: i64,
}

/// A value of a part as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = segments)]
struct Value {
    id: i64,
    kind: String,
    parent_id: Option<i64>,
    code: String,
    posting: bool,
    gfsm: String,
    cofog: String,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
}

/// The key of these parts in a year; made, with its line, where it is new.
///
/// # Errors
/// A part that the agency has not, that is no leaf or not active on the day; an item without GFSM, a programme without COFOG.
pub fn find_or_make(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    year_id: i64,
    parts: Parts,
    (day, by): (NaiveDate, i64),
) -> Outcome<Key> {
    if let Some(key) = find(tx, year_id, parts)? {
        return Ok(key);
    }
    let values = leaves(tx, agency_id, parts, day)?;
    let code = values.iter().map(|value| value.code.as_str()).collect::<Vec<_>>().join("-");
    let named = |pick: fn(&Value) -> &str| values.iter().rev().map(pick).find(|code| !code.is_empty());
    let gfsm = named(|value| &value.gfsm).ok_or_else(|| Refusal::field("item_id", "gfsm_missing"))?;
    let cofog = named(|value| &value.cofog).ok_or_else(|| Refusal::field("programme_id", "cofog_missing"))?;
    let line_code = controlled(tx, year_id, &values)?;
    let line: Option<i64> = budget_lines::table
        .filter(budget_lines::year_id.eq(year_id))
        .filter(budget_lines::code.eq(&line_code))
        .select(budget_lines::id)
        .first(tx.conn())
        .optional()?;
    let line_id = match line {
        Some(id) => id,
        None => moves::begin(tx, agency_id, (year_id, &line_code), day, by)?,
    };
    let key = NewKey::new((agency_id, year_id, line_id), parts, (code, gfsm.to_owned(), cofog.to_owned()));
    let id = diesel::insert_into(budget_keys::table).values(key).returning(budget_keys::id).get_result(tx.conn())?;
    Ok(Key { id, line_id })
}

/// The key of these parts in a year, where it is there.
///
/// # Errors
/// The database fails.
pub(crate) fn find(tx: &mut ReadTx<'_>, year_id: i64, parts: Parts) -> Outcome<Option<Key>> {
    let [chapter, programme, activity, fund, location, item] = parts;
    Ok(budget_keys::table
        .filter(budget_keys::year_id.eq(year_id))
        .filter(budget_keys::chapter_id.eq(chapter))
        .filter(budget_keys::programme_id.eq(programme))
        .filter(budget_keys::activity_id.eq(activity))
        .filter(budget_keys::fund_id.eq(fund))
        .filter(budget_keys::location_id.eq(location))
        .filter(budget_keys::item_id.eq(item))
        .select((budget_keys::id, budget_keys::line_id))
        .first(tx.conn())
        .optional()?)
}

/// The values of the parts, each of its kind, a leaf, and active.
fn leaves(tx: &mut ReadTx<'_>, agency_id: i64, parts: Parts, day: NaiveDate) -> Outcome<Vec<Value>> {
    let (mut values, mut fields) = (Vec::with_capacity(parts.len()), Fields::default());
    for (kind, id) in SegmentKind::ALL.iter().zip(parts) {
        let field = format!("{}_id", kind.code());
        let value: Option<Value> = segments::table
            .find(id)
            .filter(segments::agency_id.eq(agency_id))
            .filter(segments::kind.eq(kind.code()))
            .select(Value::as_select())
            .first(tx.conn())
            .optional()?;
        match value {
            None => fields.push(FieldError::new(field, "unknown")),
            Some(value) if !value.posting => fields.push(FieldError::new(field, "not_a_leaf").with("code", value.code)),
            Some(value) if day < value.active_from || value.active_to.is_some_and(|last| last < day) => {
                fields.push(FieldError::new(field, "not_active").with("code", value.code).with("day", day));
            }
            Some(value) => values.push(value),
        }
    }
    fields.done()?;
    Ok(values)
}

/// The code of the line that controls these values.
fn controlled(tx: &mut ReadTx<'_>, year_id: i64, values: &[Value]) -> Outcome<String> {
    let depths = depths(tx, year_id)?;
    let mut paths = Vec::with_capacity(values.len());
    for value in values.iter().filter(|value| depths.contains_key(&value.kind)) {
        paths.push((value.kind.as_str(), path(tx, value)?));
    }
    Ok(line_code(&depths, &paths))
}

/// How deep the parts of the key are controlled in a year, without those that are not.
///
/// # Errors
/// The database fails.
pub(crate) fn depths(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<BTreeMap<String, i32>> {
    let depths: Vec<(String, i32)> = control_levels::table
        .filter(control_levels::year_id.eq(year_id))
        .filter(control_levels::depth.gt(0))
        .select((control_levels::kind, control_levels::depth))
        .load(tx.conn())?;
    Ok(depths.into_iter().collect())
}

/// The code of a line: of each controlled part the value at the depth of control, or the part's own where that stands higher.
/// A path has the codes from the top of the tree down to the value.
pub(crate) fn line_code(depths: &BTreeMap<String, i32>, paths: &[(&str, Vec<String>)]) -> String {
    let codes = paths.iter().filter_map(|(kind, path)| {
        let depth = usize::try_from(*depths.get(*kind)?).unwrap_or(path.len());
        path.get(depth.min(path.len()).checked_sub(1)?).map(String::as_str)
    });
    codes.collect::<Vec<_>>().join("-")
}

/// Codes from the top of the tree down to the value.
fn path(tx: &mut ReadTx<'_>, value: &Value) -> Outcome<Vec<String>> {
    /// Deeper than any tree of classifications.
    const DEEPEST: usize = 20;
    let (mut codes, mut above) = (vec![value.code.clone()], value.parent_id);
    while let Some(id) = above.filter(|id| *id != value.id && codes.len() < DEEPEST) {
        let (code, parent): (String, Option<i64>) =
            segments::table.find(id).select((segments::code, segments::parent_id)).first(tx.conn())?;
        codes.push(code);
        above = parent;
    }
    codes.reverse();
    Ok(codes)
}
