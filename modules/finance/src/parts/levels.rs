//! Control levels (مستويات الرقابة): how deep each part of the key is controlled in a year. They come with their year: they are
//! changed, and neither added nor taken away.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{ControlLevel, DEPTH_MAX, PartQuery, PartRow, SegmentKind};
use diwan_kernel::{FieldError, Lang, Page};
use diwan_platform::{Actor, Fields, Outcome, Refusal, people::words::said, sheet::Cell};
use diwan_schema::finance::{budget_lines, control_levels, fiscal_years};

use super::{
    cells::{Cells, Known, must},
    checks,
    part::{About, Part, Words, page_of},
    words::SEGMENTS,
};

/// A level is numbered by its year and the place of its part, of which there are fewer.
const PLACES: i64 = 10;

fn number(year_id: i64, kind: SegmentKind) -> i64 {
    let place = (0_i64..).zip(SegmentKind::ALL).find(|(_, part)| **part == kind);
    year_id * PLACES + place.map_or(0, |(place, _)| place)
}

/// The levels of every year of the agency. Each has the version of its year.
fn rows(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<PartRow<ControlLevel>>> {
    let years: Vec<(i64, i32, i64)> = fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .select((fiscal_years::id, fiscal_years::year, fiscal_years::version))
        .load(tx.conn())?;
    let ids: Vec<i64> = years.iter().map(|(id, ..)| *id).collect();
    let fixed: BTreeSet<i64> = budget_lines::table
        .filter(budget_lines::year_id.eq_any(ids.clone()))
        .select(budget_lines::year_id)
        .distinct()
        .load::<i64>(tx.conn())?
        .into_iter()
        .collect();
    let levels: Vec<(i64, String, i32)> = control_levels::table
        .filter(control_levels::year_id.eq_any(ids))
        .select((control_levels::year_id, control_levels::kind, control_levels::depth))
        .load(tx.conn())?;
    let mut rows = Vec::with_capacity(levels.len());
    for (id, year, version) in years {
        for kind in SegmentKind::ALL {
            let of = levels.iter().find(|(year_id, code, _)| *year_id == id && code == kind.code());
            let depth = of.map_or(0, |(_, _, depth)| *depth);
            let value = ControlLevel { year, kind: *kind, depth, fixed: fixed.contains(&id) };
            rows.push(PartRow { id: number(id, *kind), value, names: checks::names([]), version });
        }
    }
    Ok(rows)
}

impl Part for ControlLevel {
    const ABOUT: About = About {
        entity: "control_level",
        ops: ["finance.level.create", "finance.level.update", "finance.level.export", "finance.level.import"],
        sheet: ("مستويات الرقابة", "Control levels"),
        file: "control-levels.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("year", "السنة", "Year", 10),
        must("kind", "العنصر", "Part", 18),
        must("depth", "مستوى الرقابة", "Level of control", 16),
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        Ok(page_of(rows(tx, agency_id)?, query, limit, |PartRow { value, .. }| Words {
            code: value.year.to_string(),
            name: Lang::ALL.iter().map(|lang| said(value.kind, &SEGMENTS, *lang)).collect::<Vec<_>>().join(" "),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        rows(tx, agency_id)?.into_iter().find(|row| row.id == id).ok_or(Refusal::NotFound("control_level"))
    }

    /// The depth over what the row says besides. Lines that are there were made by the level they were made by.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let Some(PartRow { value: before, .. }) = before else {
            let there = self.find(tx, actor.agency_id)?.is_some();
            return Err(Refusal::field("year", if there { "taken" } else { "unknown" }));
        };
        if !(0..=DEPTH_MAX).contains(&self.depth) {
            return Err(FieldError::new("depth", "out_of_range").with("min", 0).with("max", DEPTH_MAX).into());
        }
        if before.fixed && before.depth != self.depth {
            return Err(Refusal::rule("control_fixed", [("year", before.year.to_string())]));
        }
        Ok(Self { depth: self.depth, ..before.clone() })
    }

    fn insert(&self, _tx: &mut WriteTx<'_>, _agency_id: i64) -> Outcome<i64> {
        Err(Refusal::NotFound("fiscal_year"))
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let year_id = id / PLACES;
        let same = fiscal_years::table.filter(fiscal_years::id.eq(year_id)).filter(fiscal_years::version.eq(version));
        let changed = diesel::update(same).set(fiscal_years::version.eq(version + 1)).execute(tx.conn())?;
        if changed == 1 {
            diesel::update(control_levels::table.find((year_id, self.kind.code())))
                .set(control_levels::depth.eq(self.depth))
                .execute(tx.conn())?;
        }
        Ok(changed)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![Cell::Number(one.year), Cell::text(said(one.kind, &SEGMENTS, lang)), Cell::Number(one.depth)]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let input = Self {
            year: fields.take(cells.number("year")).unwrap_or_default(),
            kind: fields.take(cells.word("kind", &SEGMENTS)).unwrap_or(SegmentKind::Chapter),
            depth: fields.take(cells.number("depth")).unwrap_or_default(),
            fixed: false,
        };
        fields.done()?;
        Ok(input)
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let year_id: Option<i64> = fiscal_years::table
            .filter(fiscal_years::agency_id.eq(agency_id))
            .filter(fiscal_years::year.eq(self.year))
            .select(fiscal_years::id)
            .first(tx.conn())
            .optional()?;
        Ok(year_id.map(|year_id| number(year_id, self.kind)))
    }
}
