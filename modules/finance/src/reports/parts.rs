//! What the keys of a budget line have in common, and what they have not: a line is shown under the parts by which it is
//! controlled, its keys under all others.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, SegmentKind};
use diwan_kernel::Named;
use diwan_platform::Outcome;
use diwan_schema::finance::{budget_keys, budget_lines, segments};

use super::{
    frame::Frame,
    names::{AT_ONCE, Shown},
};
use crate::structure::keys::{self, PartIds, part_ids};

/// Deeper than any tree of classifications.
const DEEPEST: usize = 20;

/// A value of a part.
struct Segment {
    parent: Option<i64>,
    shown: Shown,
}

/// A key as the database gives it: line, id, code, parts, GFSM, COFOG.
type KeyRow = (i64, i64, String, PartIds, String, String);

/// A key with its parts and classifications.
struct Key {
    id: i64,
    code: String,
    parts: keys::Parts,
    gfsm: String,
    cofog: String,
}

/// The keys of the lines of a year.
pub(super) struct Parts {
    segments: BTreeMap<i64, Segment>,
    lines: BTreeMap<i64, Vec<Key>>,
}

impl Parts {
    /// Reads the keys of the year of a frame.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn of(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Self> {
        let rows: Vec<(i64, Option<i64>, String, String, String)> = segments::table
            .filter(segments::agency_id.eq(frame.agency_id))
            .select((segments::id, segments::parent_id, segments::code, segments::name_ar, segments::name_en))
            .load(tx.conn())?;
        let segments = rows
            .into_iter()
            .map(|(id, parent, code, ar, en)| (id, Segment { parent, shown: Shown { code, ar, en } }))
            .collect();
        let keys: Vec<KeyRow> = budget_keys::table
            .filter(budget_keys::agency_id.eq(frame.agency_id))
            .filter(budget_keys::year_id.eq(frame.year_id.unwrap_or_default()))
            .select((
                budget_keys::line_id,
                budget_keys::id,
                budget_keys::code,
                part_ids(),
                budget_keys::gfsm,
                budget_keys::cofog,
            ))
            .load(tx.conn())?;
        let mut lines: BTreeMap<i64, Vec<_>> = BTreeMap::new();
        for (line, id, code, parts, gfsm, cofog) in keys {
            lines.entry(line).or_default().push(Key { id, code, parts: parts.into(), gfsm, cofog });
        }
        Ok(Self { segments, lines })
    }

    /// The name of a value.
    pub(super) fn value(&self, id: i64) -> Named {
        self.segments.get(&id).map(|one| one.shown.name()).unwrap_or_default()
    }

    /// From the top of the tree down to a value.
    fn path(&self, id: i64) -> Vec<i64> {
        let mut path = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at.filter(|_| path.len() < DEEPEST) {
            path.push(id);
            at = self.segments.get(&id).and_then(|one| one.parent);
        }
        path.reverse();
        path
    }

    /// The value of a dimension under which all keys of a line stand; none where they have nothing in common.
    pub(super) fn shared(&self, line_id: i64, by: Dimension) -> Option<Shown> {
        let keys = self.lines.get(&line_id)?;
        let code = |pick: fn(&Key) -> &str| {
            let shared = in_common(keys.iter().map(|key| pick(key).chars().collect::<Vec<_>>()));
            (!shared.is_empty()).then(|| nameless(&shared.into_iter().collect::<String>()))
        };
        match by {
            Dimension::Gfsm => return code(|key| &key.gfsm),
            Dimension::Cofog => return code(|key| &key.cofog),
            _ => {}
        }
        let at = place(by)?;
        let paths = keys.iter().filter_map(|key| key.parts.get(at)).map(|id| self.path(*id));
        let last = in_common(paths).pop()?;
        self.segments.get(&last).map(|one| one.shown.clone())
    }

    /// The keys of a line by the value of a dimension that each of them stands under; a key stands under its own code.
    pub(super) fn split(&self, line_id: i64, by: Dimension) -> BTreeMap<Shown, Vec<i64>> {
        let mut values: BTreeMap<Shown, Vec<i64>> = BTreeMap::new();
        for key in self.lines.get(&line_id).into_iter().flatten() {
            let value = match by {
                Dimension::Key => nameless(&key.code),
                Dimension::Gfsm => nameless(&key.gfsm),
                Dimension::Cofog => nameless(&key.cofog),
                _ => {
                    let id = place(by).and_then(|at| key.parts.get(at));
                    let segment = id.and_then(|id| self.segments.get(id));
                    segment.map_or_else(|| nameless(""), |one| one.shown.clone())
                }
            };
            values.entry(value).or_default().push(key.id);
        }
        values
    }

    /// What a line is called: the names of programme and item that its keys share.
    pub(super) fn name(&self, line_id: i64) -> Shown {
        let parts = [Dimension::Programme, Dimension::Item].map(|by| self.shared(line_id, by));
        let join = |pick: fn(&Shown) -> &str| {
            let names = parts.iter().flatten().map(pick).filter(|name| !name.is_empty());
            names.collect::<Vec<_>>().join(" – ")
        };
        Shown { code: String::new(), ar: join(|one| &one.ar), en: join(|one| &one.en) }
    }
}

/// How budget lines are called, of whatever year.
///
/// # Errors
/// The database fails.
pub(super) fn of_lines(tx: &mut ReadTx<'_>, frame: &Frame, ids: &[i64]) -> Outcome<BTreeMap<i64, Shown>> {
    let mut years: BTreeMap<i64, Vec<(i64, String)>> = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let lines = budget_lines::table
            .filter(budget_lines::agency_id.eq(frame.agency_id))
            .filter(budget_lines::id.eq_any(ids))
            .select((budget_lines::year_id, budget_lines::id, budget_lines::code));
        for (year, id, code) in lines.load::<(i64, i64, String)>(tx.conn())? {
            years.entry(year).or_default().push((id, code));
        }
    }
    let mut shown = BTreeMap::new();
    for (year, lines) in years {
        let parts = Parts::of(tx, &Frame { year_id: Some(year), ..*frame })?;
        shown.extend(lines.into_iter().map(|(id, code)| (id, Shown { code, ..parts.name(id) })));
    }
    Ok(shown)
}

/// A value that is called nothing but its code.
fn nameless(code: &str) -> Shown {
    Shown { code: code.to_owned(), ar: String::new(), en: String::new() }
}

/// The place of a part among the parts of a key.
fn place(by: Dimension) -> Option<usize> {
    SegmentKind::ALL.iter().position(|kind| kind.code() == by.code())
}

/// How all of them begin.
fn in_common<T: PartialEq>(mut all: impl Iterator<Item = Vec<T>>) -> Vec<T> {
    let mut shared = all.next().unwrap_or_default();
    for one in all {
        let same = shared.iter().zip(&one).take_while(|(left, right)| left == right).count();
        shared.truncate(same);
    }
    shared
}
