//! The values of the parts of the key of an agency, all at once: a law has thousands of rows. Of one row alone, those that it may
//! mean.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{PART_CODE_MAX, SegmentKind};
use diwan_kernel::{FieldError, Named, text::latin_digits};
use diwan_platform::Outcome;
use diwan_schema::finance::segments;

use crate::structure::keys::Parts;

/// A value as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = segments)]
pub(super) struct Value {
    pub(super) id: i64,
    kind: String,
    parent_id: Option<i64>,
    pub(super) code: String,
    name_ar: String,
    name_en: String,
    posting: bool,
    pub(super) gfsm: String,
    pub(super) cofog: String,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
}

impl Value {
    pub(super) fn name(&self) -> Named {
        Named { ar: self.name_ar.clone(), en: self.name_en.clone() }
    }

    /// Why no key takes it on a day.
    pub(super) fn fault(&self, field: &str, on: NaiveDate) -> Option<FieldError> {
        if !self.posting {
            return Some(FieldError::new(field, "not_a_leaf").with("code", &self.code));
        }
        let active = self.active_from <= on && self.active_to.is_none_or(|last| on <= last);
        (!active).then(|| FieldError::new(field, "not_active").with("code", &self.code).with("day", on))
    }
}

/// The values of an agency.
pub(super) struct Values {
    by_id: BTreeMap<i64, Value>,
    by_code: BTreeMap<(String, String), i64>,
    /// Codes without zeros before them, as spreadsheets take them for numbers; none where two have the same.
    by_number: BTreeMap<(String, String), Option<i64>>,
}

/// A code without zeros before it.
fn number(code: &str) -> String {
    code.trim_start_matches('0').to_owned()
}

impl Values {
    /// Reads them.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Self> {
        let all: Vec<Value> =
            segments::table.filter(segments::agency_id.eq(agency_id)).select(Value::as_select()).load(tx.conn())?;
        Ok(Self::of_all(all))
    }

    /// Reads those alone that [`Self::find`] asks for one of these codes: as they are typed, and with zeros before them.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn typed<'a>(
        tx: &mut ReadTx<'_>,
        agency_id: i64,
        codes: impl Iterator<Item = &'a str>,
    ) -> Outcome<Self> {
        let numbers: BTreeSet<String> = codes.map(|typed| number(&latin_digits(typed))).collect();
        let padded = |number: &String| {
            (0..=PART_CODE_MAX.saturating_sub(number.len())).map(|zeros| "0".repeat(zeros) + number).collect::<Vec<_>>()
        };
        let all: Vec<Value> = segments::table
            .filter(segments::agency_id.eq(agency_id))
            .filter(segments::kind.eq_any(SegmentKind::ALL.iter().map(|kind| kind.code())))
            .filter(segments::code.eq_any(numbers.iter().flat_map(padded).collect::<BTreeSet<_>>()))
            .select(Value::as_select())
            .load(tx.conn())?;
        Ok(Self::of_all(all))
    }

    fn of_all(all: Vec<Value>) -> Self {
        let (mut by_id, mut by_code, mut by_number) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for value in all {
            let same = by_number.entry((value.kind.clone(), number(&value.code)));
            same.and_modify(|other| *other = None).or_insert(Some(value.id));
            by_code.insert((value.kind.clone(), value.code.clone()), value.id);
            by_id.insert(value.id, value);
        }
        Self { by_id, by_code, by_number }
    }

    pub(super) fn get(&self, id: i64) -> Option<&Value> {
        self.by_id.get(&id)
    }

    /// The value of a code as it is typed.
    pub(super) fn find(&self, kind: SegmentKind, typed: &str) -> Option<&Value> {
        let code = latin_digits(typed);
        let kind = kind.code().to_owned();
        let exact = self.by_code.get(&(kind.clone(), code.clone())).copied();
        let id = exact.or_else(|| self.by_number.get(&(kind, number(&code))).copied().flatten())?;
        self.by_id.get(&id)
    }

    /// The values of a key.
    pub(super) fn of(&self, parts: &Parts) -> Vec<&Value> {
        parts.iter().filter_map(|id| self.by_id.get(id)).collect()
    }

    /// The code of a key.
    pub(super) fn code(&self, parts: &Parts) -> String {
        self.of(parts).iter().map(|value| value.code.as_str()).collect::<Vec<_>>().join("-")
    }

    /// The kind of a value, and the codes from the top of its tree down to it.
    pub(super) fn path<'a>(&self, value: &'a Value) -> (&'a str, Vec<String>) {
        let (mut codes, mut above) = (vec![value.code.clone()], value.parent_id);
        // Deeper than any tree of classifications.
        while let Some(value) = above.filter(|_| codes.len() < 20).and_then(|id| self.by_id.get(&id)) {
            codes.push(value.code.clone());
            above = value.parent_id;
        }
        codes.reverse();
        (value.kind.as_str(), codes)
    }
}
