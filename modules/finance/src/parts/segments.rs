//! Values of the parts of the budget key (عناصر التصنيف): a tree for each kind.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{
    PART_CODE_MAX, PartPick, PartQuery, PartRow, SegmentInput, SegmentKind, valid_cofog, valid_gfsm, valid_part_code,
};
use diwan_kernel::{FieldError, Lang, Named, Page};
use diwan_platform::{Actor, Fields, Outcome, Refusal, people::words::said, sheet::Cell};
use diwan_schema::finance::{budget_keys, segments};

use super::{
    cells::{CODE, Cells, FROM, Known, NAME_AR, NAME_EN, PARENT, TO, may, must},
    checks,
    part::{About, Part, Words, page_of},
    words::SEGMENTS,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = segments)]
struct Row {
    id: i64,
    kind: String,
    parent_id: Option<i64>,
    code: String,
    name_ar: String,
    name_en: String,
    posting: bool,
    gfsm: String,
    cofog: String,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    version: i64,
}

impl Row {
    fn pick(&self) -> PartPick {
        checks::pick(self.id, self.code.clone(), self.name_ar.clone(), self.name_en.clone())
    }

    fn view(self, above: Option<PartPick>) -> Outcome<PartRow<SegmentInput>> {
        let value = SegmentInput {
            kind: self.kind.parse()?,
            parent_id: self.parent_id,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            posting: self.posting,
            gfsm: self.gfsm,
            cofog: self.cofog,
            active_from: self.active_from,
            active_to: self.active_to,
        };
        Ok(PartRow { id: self.id, value, names: checks::names([("parent", above)]), version: self.version })
    }
}

macro_rules! columns {
    ($one:expr) => {
        (
            segments::kind.eq($one.kind.code()),
            segments::parent_id.eq($one.parent_id),
            segments::code.eq(&$one.code),
            segments::name_ar.eq(&$one.name.ar),
            segments::name_en.eq(&$one.name.en),
            segments::posting.eq($one.posting),
            segments::gfsm.eq(&$one.gfsm),
            segments::cofog.eq(&$one.cofog),
            segments::active_from.eq($one.active_from),
            segments::active_to.eq($one.active_to),
        )
    };
}

impl Part for SegmentInput {
    const ABOUT: About = About {
        entity: "segment",
        ops: ["finance.segment.create", "finance.segment.update", "finance.segment.export", "finance.segment.import"],
        sheet: ("عناصر التصنيف", "Parts of the budget key"),
        file: "segments.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("kind", "النوع", "Kind", 16),
        CODE,
        PARENT,
        NAME_AR,
        NAME_EN,
        may("posting", "آخر مستوى", "Last level", 12),
        may("gfsm", "رمز إحصاءات مالية الحكومة", "GFSM", 12),
        may("cofog", "رمز التصنيف الوظيفي", "COFOG", 12),
        FROM,
        TO,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let mut all = segments::table.filter(segments::agency_id.eq(agency_id)).into_boxed();
        if let Some(kind) = query.kind.as_deref().filter(|kind| !kind.is_empty()) {
            all = all.filter(segments::kind.eq(kind.to_owned()));
        }
        let rows: Vec<Row> = all.select(Row::as_select()).load(tx.conn())?;
        let above: BTreeMap<i64, PartPick> = rows.iter().map(|row| (row.id, row.pick())).collect();
        let view = |row: Row| {
            let parent = row.parent_id.and_then(|id| above.get(&id).cloned());
            row.view(parent)
        };
        let rows = rows.into_iter().map(view).collect::<Outcome<_>>()?;
        Ok(page_of(rows, query, limit, |PartRow { value, .. }| Words {
            code: format!("{:02} {}", place(value.kind), value.code),
            name: format!("{} {}", value.name.ar, value.name.en),
            more: format!("{} {}", value.gfsm, value.cofog),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row = row(tx, agency_id, id)?.ok_or(Refusal::NotFound("segment"))?;
        let above = match row.parent_id {
            Some(id) => self::row(tx, agency_id, id)?.map(|above| above.pick()),
            None => None,
        };
        row.view(above)
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let clean = Self {
            code: self.code.trim().to_owned(),
            name: fields.name("name", &self.name),
            gfsm: self.gfsm.trim().to_owned(),
            cofog: self.cofog.trim().to_owned(),
            ..self.clone()
        };
        if !valid_part_code(&clean.code) {
            fields.push(FieldError::new("code", "part_code_form").with("max", PART_CODE_MAX));
        } else if clean.find(tx, actor.agency_id)?.is_some_and(|id| before.is_none_or(|before| before.id != id)) {
            fields.push(FieldError::new("code", "taken"));
        }
        clean.classified(&mut fields);
        checks::days(&mut fields, clean.active_from, clean.active_to);
        let id = before.map(|before| before.id);
        clean.under(tx, actor.agency_id, id, &mut fields)?;
        if clean.posting && before.is_some_and(|before| !before.value.posting) {
            no_leaf_with_below(tx, id, &mut fields)?;
        }
        fields.done()?;
        if let Some(before) = before
            && clean.relied_on() != before.value.relied_on()
            && is_used(tx, actor.agency_id, before.id)?
        {
            return Err(Refusal::rule("segment_used", [("code", before.value.code.clone())]));
        }
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(segments::table)
            .values((segments::agency_id.eq(agency_id), columns!(self), segments::version.eq(1_i64)))
            .returning(segments::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = segments::table.filter(segments::id.eq(id)).filter(segments::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), segments::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![
            Cell::text(said(one.kind, &SEGMENTS, lang)),
            Cell::text(&one.code),
            Cell::text(row.names.get("parent").map_or("", |above| &above.code)),
            Cell::text(&one.name.ar),
            Cell::text(&one.name.en),
            Cell::yes_no(one.posting, lang),
            Cell::text(&one.gfsm),
            Cell::text(&one.cofog),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
        ]
    }

    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let kind = fields.take(cells.word("kind", &SEGMENTS)).unwrap_or(SegmentKind::Item);
        let parent_id = match cells.get("parent_code") {
            "" => None,
            code => {
                let above = of_code(tx, agency_id, kind, code)?;
                if above.is_none() {
                    fields.push(FieldError::new("parent_code", "unknown"));
                }
                above
            }
        };
        let posting = fields.take(cells.yes("posting", true));
        let active_from = fields.take(cells.day("active_from")).unwrap_or_default();
        let active_to = fields.take(cells.day("active_to"));
        fields.done()?;
        let (code, gfsm, cofog) = (cells.text("code"), cells.text("gfsm"), cells.text("cofog"));
        Ok(Self { kind, parent_id, code, name: cells.name(), posting, gfsm, cofog, active_from, active_to })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        of_code(tx, agency_id, self.kind, self.code.trim())
    }
}

/// What keys that are there already rely on.
type ReliedOn<'a> = (SegmentKind, Option<i64>, &'a str, bool, &'a str, &'a str);

/// The checks of a value and what keys take from it.
trait Value {
    fn classified(&self, fields: &mut Fields);
    fn under(&self, tx: &mut ReadTx<'_>, agency_id: i64, id: Option<i64>, fields: &mut Fields) -> Outcome<()>;
    fn relied_on(&self) -> ReliedOn<'_>;
}

impl Value for SegmentInput {
    /// GFSM stands on items, COFOG on programmes and activities, and on nothing else.
    fn classified(&self, fields: &mut Fields) {
        let is_item = self.kind == SegmentKind::Item;
        let (must_gfsm, must_cofog) = (is_item && self.posting, self.kind == SegmentKind::Programme && self.posting);
        let has_function = matches!(self.kind, SegmentKind::Programme | SegmentKind::Activity);
        if (must_gfsm || !self.gfsm.is_empty()) && !(is_item && valid_gfsm(&self.gfsm)) {
            fields.push(FieldError::new("gfsm", if is_item { "gfsm_form" } else { "gfsm_of_items" }));
        }
        if (must_cofog || !self.cofog.is_empty()) && !(has_function && valid_cofog(&self.cofog)) {
            fields.push(FieldError::new("cofog", if has_function { "cofog_form" } else { "cofog_of_programmes" }));
        }
    }

    /// The value above is of the same kind, no leaf, and not below this one.
    fn under(&self, tx: &mut ReadTx<'_>, agency_id: i64, id: Option<i64>, fields: &mut Fields) -> Outcome<()> {
        /// Deeper than any tree of classifications.
        const DEEPEST: usize = 20;
        let Some(parent_id) = self.parent_id else { return Ok(()) };
        let above = row(tx, agency_id, parent_id)?.filter(|above| above.kind == self.kind.code());
        match above {
            None => fields.push(FieldError::new("parent_id", "unknown")),
            Some(above) if above.posting => {
                fields.push(FieldError::new("parent_id", "above_is_leaf").with("code", above.code));
            }
            Some(above) => {
                let mut at = Some(above.id);
                for _ in 0..DEEPEST {
                    match at {
                        None => return Ok(()),
                        same if same == id => break,
                        Some(above) => at = row(tx, agency_id, above)?.and_then(|one| one.parent_id),
                    }
                }
                fields.push(FieldError::new("parent_id", "below_itself"));
            }
        }
        Ok(())
    }

    fn relied_on(&self) -> ReliedOn<'_> {
        (self.kind, self.parent_id, &self.code, self.posting, &self.gfsm, &self.cofog)
    }
}

fn place(kind: SegmentKind) -> usize {
    SegmentKind::ALL.iter().position(|one| *one == kind).unwrap_or_default()
}

fn row(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Option<Row>> {
    Ok(segments::table
        .find(id)
        .filter(segments::agency_id.eq(agency_id))
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?)
}

fn of_code(tx: &mut ReadTx<'_>, agency_id: i64, kind: SegmentKind, code: &str) -> Outcome<Option<i64>> {
    Ok(segments::table
        .filter(segments::agency_id.eq(agency_id))
        .filter(segments::kind.eq(kind.code()))
        .filter(segments::code.eq(code))
        .select(segments::id)
        .first(tx.conn())
        .optional()?)
}

fn no_leaf_with_below(tx: &mut ReadTx<'_>, id: Option<i64>, fields: &mut Fields) -> Outcome<()> {
    let below: Option<i64> =
        segments::table.filter(segments::parent_id.eq(id)).select(segments::id).first(tx.conn()).optional()?;
    if below.is_some() {
        fields.push(FieldError::new("posting", "segment_has_below"));
    }
    Ok(())
}

/// Whether a key has the value, or one below it: the code of a budget line may name what stands above.
fn is_used(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<bool> {
    let tree: Vec<(i64, Option<i64>)> = segments::table
        .filter(segments::agency_id.eq(agency_id))
        .select((segments::id, segments::parent_id))
        .load(tx.conn())?;
    let mut ids = vec![id];
    let mut at = 0;
    while let Some(above) = ids.get(at).copied() {
        ids.extend(tree.iter().filter(|(one, parent)| *parent == Some(above) && *one != above).map(|(one, _)| *one));
        at += 1;
        if ids.len() > tree.len() {
            break;
        }
    }
    let named = budget_keys::chapter_id
        .eq_any(ids.clone())
        .or(budget_keys::programme_id.eq_any(ids.clone()))
        .or(budget_keys::activity_id.eq_any(ids.clone()))
        .or(budget_keys::fund_id.eq_any(ids.clone()))
        .or(budget_keys::location_id.eq_any(ids.clone()))
        .or(budget_keys::item_id.eq_any(ids));
    let any: Option<i64> = budget_keys::table
        .filter(budget_keys::agency_id.eq(agency_id))
        .filter(named)
        .select(budget_keys::id)
        .first(tx.conn())
        .optional()?;
    Ok(any.is_some())
}
