//! Budget keys (مفاتيح الموازنة) as a list of the setup: added by the values of their parts, and brought by their codes. A key is
//! made as any document makes it ([`keys::find_or_make`]); it stays, since lines of all kinds name it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{KeyInput, PartPick, PartQuery, PartRow, PartSort, SegmentKind};
use diwan_kernel::{FieldError, Lang, Named, Page, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, sheet::Cell};
use diwan_schema::finance::{budget_keys, fiscal_years, segments};

use super::values::Values;
use crate::{
    closing::year::is_ended,
    keyset::{at, keyset},
    parts::{
        cells::{Cells, Known, may, must},
        part::{About, Part, writer},
        pick,
    },
    structure::{
        keys::{self, PartIds, Parts, part_ids},
        years,
    },
};

/// A key as the database gives it: id, year, code, parts.
type Row = (i64, i64, String, PartIds);

/// What stands in the form for a key of a year.
fn form(year: i32, parts: Parts) -> KeyInput {
    let [chapter_id, programme_id, activity_id, fund_id, location_id, item_id] = parts;
    KeyInput { year, chapter_id, programme_id, activity_id, fund_id, location_id, item_id }
}

fn parts_of(one: &KeyInput) -> Parts {
    [one.chapter_id, one.programme_id, one.activity_id, one.fund_id, one.location_id, one.item_id]
}

/// The years of the agency, by their ids.
fn years_of(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<BTreeMap<i64, i32>> {
    let years: Vec<(i64, i32)> = fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .select((fiscal_years::id, fiscal_years::year))
        .load(tx.conn())?;
    Ok(years.into_iter().collect())
}

/// What the parts of these keys are called.
fn called(tx: &mut ReadTx<'_>, rows: &[Row]) -> Outcome<BTreeMap<i64, PartPick>> {
    let ids: BTreeSet<i64> = rows.iter().flat_map(|(.., ids)| Parts::from(*ids)).collect();
    let found: Vec<pick::Found> = segments::table
        .filter(segments::id.eq_any(ids))
        .select((segments::id, segments::code, segments::name_ar, segments::name_en))
        .load(tx.conn())?;
    let pick = |(id, code, ar, en)| (id, PartPick { id, code, name: Named { ar, en }, available: None });
    Ok(found.into_iter().map(pick).collect())
}

fn view(
    (id, year_id, code, ids): Row,
    (years, called): (&BTreeMap<i64, i32>, &BTreeMap<i64, PartPick>),
) -> PartRow<KeyInput> {
    let parts = Parts::from(ids);
    let value = form(years.get(&year_id).copied().unwrap_or_default(), parts);
    let named = |id: i64| called.get(&id).map(|part| &part.name);
    let key =
        PartPick { id, code, name: pick::key_name(named(value.item_id), named(value.programme_id)), available: None };
    let of_parts = SegmentKind::ALL.iter().zip(parts);
    let mut names: BTreeMap<String, PartPick> =
        of_parts.filter_map(|(kind, id)| Some((kind.code().to_owned(), called.get(&id)?.clone()))).collect();
    names.insert("key".to_owned(), key);
    PartRow { id, value, names, version: 1 }
}

impl Part for KeyInput {
    const ABOUT: About = About {
        entity: "budget_key",
        // None is changed.
        ops: ["finance.key.create", "finance.key.create", "finance.key.export", "finance.key.import"],
        sheet: ("مفاتيح الموازنة", "Budget keys"),
        file: "budget-keys.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("year", "السنة", "Year", 10),
        must("chapter", "الفصل", "Chapter", 12),
        must("programme", "البرنامج", "Programme", 12),
        must("activity", "النشاط أو المشروع", "Activity or project", 18),
        must("fund", "مصدر التمويل", "Fund", 14),
        must("location", "الموقع", "Location", 12),
        must("item", "البند", "Item", 12),
        // For whoever reads the table; what the values of the parts are called stands in their own list.
        may("name_ar", "الاسم بالعربية", "Name in Arabic", 60),
        may("name_en", "الاسم بالإنجليزية", "Name in English", 60),
    ];

    /// By code. A word is a year, the beginning of a code, or in the name of the item or the programme. Keys of many years are
    /// there.
    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let (years, named) = (years_of(tx, agency_id)?, pick::key_names(tx, agency_id)?);
        let mut found: pick::Keys = budget_keys::table.into_boxed();
        found = found.filter(budget_keys::agency_id.eq(agency_id));
        let typed = text::latin_digits(query.q.as_deref().unwrap_or_default());
        for word in typed.split_whitespace() {
            found = match years.iter().find(|(_, year)| year.to_string() == word) {
                Some((id, _)) => found.filter(budget_keys::year_id.eq(*id)),
                None => pick::keys_that_fit(found, &named, word),
            };
        }
        let after = at::<String>(query.after.as_deref());
        let found = match query.sort {
            Some(PartSort::CodeDown | PartSort::NameDown) => {
                keyset!(found, budget_keys::code, budget_keys::id, after, down)
            }
            _ => keyset!(found, budget_keys::code, budget_keys::id, after, up),
        };
        let columns = (budget_keys::id, budget_keys::year_id, budget_keys::code, part_ids());
        let rows: Vec<Row> = found.limit(limit + 1).select(columns).load(tx.conn())?;
        let called = called(tx, &rows)?;
        Ok(Page::from_rows(rows, limit, |(id, _, code, _)| format!("{code}|{id}"), |row| view(row, (&years, &called))))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Row = budget_keys::table
            .find(id)
            .filter(budget_keys::agency_id.eq(agency_id))
            .select((budget_keys::id, budget_keys::year_id, budget_keys::code, part_ids()))
            .first(tx.conn())
            .optional()?
            .ok_or(Refusal::NotFound("budget_key"))?;
        let called = called(tx, std::slice::from_ref(&row))?;
        Ok(view(row, (&years_of(tx, agency_id)?, &called)))
    }

    /// What is there stays as it is; what is new is of a year that goes on.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        if let Some(before) = before {
            return Ok(before.value.clone());
        }
        let Some(year_id) = years::find(tx, actor.agency_id, self.year)? else {
            return Err(Refusal::field("year", "unknown"));
        };
        if is_ended(tx, year_id)? {
            return Err(Refusal::rule("year_ended", [("year", self.year.to_string())]));
        }
        if keys::find(tx, year_id, parts_of(self))?.is_some() {
            return Err(Refusal::field("item_id", "taken"));
        }
        Ok(self.clone())
    }

    /// On this day, or on the one of the year that is nearest to it.
    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        let (_, by) = writer(tx)?;
        let year_id = years::find(tx, agency_id, self.year)?.ok_or(Refusal::NotFound("fiscal_year"))?;
        let (first, last) = years::days(self.year)?;
        let day = tx.today().clamp(first, last);
        Ok(keys::find_or_make(tx, agency_id, year_id, parts_of(self), (day, by))?.id)
    }

    /// Nothing of a key changes: what is checked is what is there.
    fn update(&self, _tx: &mut WriteTx<'_>, _id: i64, _version: i64) -> Outcome<usize> {
        Ok(0)
    }

    fn cells(row: &PartRow<Self>, _lang: Lang) -> Vec<Cell> {
        let code = |kind: &SegmentKind| Cell::text(row.names.get(kind.code()).map_or("", |part| &part.code));
        let name = |lang: Lang| Cell::text(row.names.get("key").map_or("", |key| key.name.get(lang)));
        let codes = SegmentKind::ALL.iter().map(code);
        let names = Lang::ALL.iter().map(|lang| name(*lang));
        std::iter::once(Cell::Number(row.value.year)).chain(codes).chain(names).collect()
    }

    /// By the codes, also as a spreadsheet leaves those that begin with zeros.
    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let values = Values::typed(tx, agency_id, SegmentKind::ALL.iter().map(|kind| cells.get(kind.code())))?;
        let mut fields = Fields::default();
        let year = fields.take(cells.number("year")).unwrap_or_default();
        let mut parts = Parts::default();
        for (part, kind) in parts.iter_mut().zip(SegmentKind::ALL) {
            let typed = cells.get(kind.code());
            match values.find(*kind, typed) {
                Some(value) => *part = value.id,
                None => {
                    let unknown = FieldError::new(kind.code(), "segment_unknown").with("code", typed);
                    fields.push(unknown.with("part", kind.code()));
                }
            }
        }
        fields.done()?;
        Ok(form(year, parts))
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let Some(year_id) = years::find(tx, agency_id, self.year)? else { return Ok(None) };
        Ok(keys::find(tx, year_id, parts_of(self))?.map(|key| key.id))
    }
}
