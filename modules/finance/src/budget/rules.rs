//! Rules of spending before the law (قواعد الصرف على أساس 1/12): rows with days, since each year that begins without a law has its own.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{PROVISIONAL_PARTS, PartQuery, PartRow, ProvisionalRuleInput};
use diwan_kernel::{FieldError, Lang, Page, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, sheet::Cell};
use diwan_schema::finance::provisional_rules;

use crate::{
    parts::{
        cells::{Cells, FROM, Known, TO, must},
        part::{About, Part, Words, page_of},
    },
    structure::years::YEARS,
};

/// A rule as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = provisional_rules)]
pub(super) struct Rule {
    pub(super) id: i64,
    year: i32,
    pub(super) allowed: bool,
    pub(super) parts: i32,
    pub(super) reference: String,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    version: i64,
}

impl From<Rule> for PartRow<ProvisionalRuleInput> {
    fn from(row: Rule) -> Self {
        let value = ProvisionalRuleInput {
            year: row.year,
            allowed: row.allowed,
            parts: row.parts,
            reference: row.reference,
            active_from: row.active_from,
            active_to: row.active_to,
        };
        Self { id: row.id, value, names: std::collections::BTreeMap::new(), version: row.version }
    }
}

/// The rule of a year that is in force on a day.
///
/// # Errors
/// The database fails.
pub(super) fn in_force(tx: &mut ReadTx<'_>, agency_id: i64, year: i32, on: NaiveDate) -> Outcome<Option<Rule>> {
    Ok(provisional_rules::table
        .filter(provisional_rules::agency_id.eq(agency_id))
        .filter(provisional_rules::year.eq(year))
        .filter(provisional_rules::active_from.le(on))
        .filter(provisional_rules::active_to.is_null().or(provisional_rules::active_to.ge(on)))
        .order(provisional_rules::id)
        .select(Rule::as_select())
        .first(tx.conn())
        .optional()?)
}

/// Takes the rules of a year: whoever posts on their ground, and the law that ends it, come one after the other.
///
/// # Errors
/// The database fails.
pub(super) fn take(tx: &mut WriteTx<'_>, agency_id: i64, year: i32) -> Outcome<()> {
    let of_year = provisional_rules::table
        .filter(provisional_rules::agency_id.eq(agency_id))
        .filter(provisional_rules::year.eq(year));
    diesel::update(of_year).set(provisional_rules::version.eq(provisional_rules::version)).execute(tx.conn())?;
    Ok(())
}

macro_rules! columns {
    ($one:expr) => {
        (
            provisional_rules::year.eq($one.year),
            provisional_rules::allowed.eq($one.allowed),
            provisional_rules::parts.eq($one.parts),
            provisional_rules::reference.eq(&$one.reference),
            provisional_rules::active_from.eq($one.active_from),
            provisional_rules::active_to.eq($one.active_to),
        )
    };
}

fn rules(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Rule>> {
    Ok(provisional_rules::table
        .filter(provisional_rules::agency_id.eq(agency_id))
        .order(provisional_rules::id)
        .select(Rule::as_select())
        .load(tx.conn())?)
}

impl Part for ProvisionalRuleInput {
    const ABOUT: About = About {
        entity: "provisional_rule",
        ops: [
            "finance.provisional_rule.create",
            "finance.provisional_rule.update",
            "finance.provisional_rule.export",
            "finance.provisional_rule.import",
        ],
        sheet: ("قواعد الصرف قبل القانون", "Rules before the law"),
        file: "provisional-rules.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("year", "السنة", "Year", 10),
        must("allowed", "مسموحة", "Allowed", 12),
        must("parts", "جزء من", "One part of", 12),
        must("reference", "السند القانوني", "Legal reference", 40),
        FROM,
        TO,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows = rules(tx, agency_id)?.into_iter().map(PartRow::from).collect();
        Ok(page_of(rows, query, limit, |PartRow { value, .. }| Words {
            code: format!("{} {}", value.year, value.active_from),
            name: value.reference.clone(),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Option<Rule> = provisional_rules::table
            .find(id)
            .filter(provisional_rules::agency_id.eq(agency_id))
            .select(Rule::as_select())
            .first(tx.conn())
            .optional()?;
        row.map(PartRow::from).ok_or(Refusal::NotFound("provisional_rule"))
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let reference = fields.take(text::line("reference", &self.reference, text::NAME_MAX));
        let clean = Self { reference, ..self.clone() };
        for (field, value, range) in [("year", clean.year, YEARS), ("parts", clean.parts, PROVISIONAL_PARTS)] {
            if !range.contains(&value) {
                let wrong = FieldError::new(field, "out_of_range");
                fields.push(wrong.with("min", range.start()).with("max", range.end()));
            }
        }
        if clean.active_to.is_some_and(|last| last < clean.active_from) {
            fields.push(FieldError::new("active_to", "before_begin"));
        }
        let meets = |other: &Rule| {
            let (last, other_last) = (clean.active_to, other.active_to);
            other.year == clean.year
                && last.is_none_or(|last| other.active_from <= last)
                && other_last.is_none_or(|last| clean.active_from <= last)
        };
        let others = rules(tx, actor.agency_id)?;
        let other = others.iter().find(|other| before.is_none_or(|before| before.id != other.id) && meets(other));
        if let Some(other) = other {
            fields.push(FieldError::new("active_from", "days_overlap").with("day", other.active_from));
        }
        fields.done()?;
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(provisional_rules::table)
            .values((provisional_rules::agency_id.eq(agency_id), columns!(self), provisional_rules::version.eq(1_i64)))
            .returning(provisional_rules::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = provisional_rules::table
            .filter(provisional_rules::id.eq(id))
            .filter(provisional_rules::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), provisional_rules::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![
            Cell::Number(one.year),
            Cell::yes_no(one.allowed, lang),
            Cell::Number(one.parts),
            Cell::text(&one.reference),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
        ]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let year = fields.take(cells.number("year")).unwrap_or_default();
        let allowed = fields.take(cells.yes("allowed", true));
        let parts = fields.take(cells.number("parts")).unwrap_or_default();
        let active_from = fields.take(cells.day("active_from")).unwrap_or_default();
        let active_to = fields.take(cells.day("active_to"));
        fields.done()?;
        Ok(Self { year, allowed, parts, reference: cells.text("reference"), active_from, active_to })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let same = |rule: &Rule| rule.year == self.year && rule.active_from == self.active_from;
        Ok(rules(tx, agency_id)?.iter().find(|rule| same(rule)).map(|rule| rule.id))
    }
}
