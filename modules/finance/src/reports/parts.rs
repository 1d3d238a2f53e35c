//! What the keys of a budget line have in common: a line is shown under the parts by which it is controlled.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, SegmentKind};
use diwan_kernel::Named;
use diwan_platform::Outcome;
use diwan_schema::finance::{budget_keys, segments};

use super::{frame::Frame, names::Shown};
use crate::structure::keys::{self, PartIds, part_ids};

/// Deeper than any tree of classifications.
const DEEPEST: usize = 20;

/// A value of a part.
struct Segment {
    parent: Option<i64>,
    shown: Shown,
}

/// A key as the database gives it.
type KeyRow = (i64, PartIds, String, String);

/// The keys of the lines of a year.
pub(super) struct Parts {
    segments: BTreeMap<i64, Segment>,
    lines: BTreeMap<i64, Vec<(keys::Parts, String, String)>>,
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
            .select((budget_keys::line_id, part_ids(), budget_keys::gfsm, budget_keys::cofog))
            .load(tx.conn())?;
        let mut lines: BTreeMap<i64, Vec<_>> = BTreeMap::new();
        for (line, parts, gfsm, cofog) in keys {
            lines.entry(line).or_default().push((parts.into(), gfsm, cofog));
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
        let code = |pick: fn(&(keys::Parts, String, String)) -> &str| {
            let shared = in_common(keys.iter().map(|key| pick(key).chars().collect::<Vec<_>>()));
            (!shared.is_empty()).then(|| Shown {
                code: shared.into_iter().collect(),
                ar: String::new(),
                en: String::new(),
            })
        };
        match by {
            Dimension::Gfsm => return code(|key| &key.1),
            Dimension::Cofog => return code(|key| &key.2),
            _ => {}
        }
        let at = SegmentKind::ALL.iter().position(|kind| kind.code() == by.code())?;
        let paths = keys.iter().filter_map(|key| key.0.get(at)).map(|id| self.path(*id));
        let last = in_common(paths).pop()?;
        self.segments.get(&last).map(|one| one.shown.clone())
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

/// How all of them begin.
fn in_common<T: PartialEq>(mut all: impl Iterator<Item = Vec<T>>) -> Vec<T> {
    let mut shared = all.next().unwrap_or_default();
    for one in all {
        let same = shared.iter().zip(&one).take_while(|(left, right)| left == right).count();
        shared.truncate(same);
    }
    shared
}
