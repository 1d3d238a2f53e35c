//! Cost centres (مراكز الكلفة).

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{CentreInput, PartQuery, PartRow};
use diwan_kernel::{FieldError, Lang, Named, Page};
use diwan_platform::{Actor, Fields, Outcome, Refusal, sheet::Cell};
use diwan_schema::finance::cost_centres;

use super::{
    cells::{ACTIVE, CODE, Cells, Known, NAME_AR, NAME_EN},
    checks,
    part::{About, Part, Words, page_of},
};

/// A cost centre as stored: id, code, names, activity, version.
type Row = (i64, String, String, String, bool, i64);

const ROW: (
    cost_centres::id,
    cost_centres::code,
    cost_centres::name_ar,
    cost_centres::name_en,
    cost_centres::active,
    cost_centres::version,
) = (
    cost_centres::id,
    cost_centres::code,
    cost_centres::name_ar,
    cost_centres::name_en,
    cost_centres::active,
    cost_centres::version,
);

fn view((id, code, ar, en, active, version): Row) -> PartRow<CentreInput> {
    let value = CentreInput { code, name: Named { ar, en }, active };
    PartRow { id, value, names: checks::names([]), version }
}

macro_rules! columns {
    ($centre:expr) => {
        (
            cost_centres::code.eq(&$centre.code),
            cost_centres::name_ar.eq(&$centre.name.ar),
            cost_centres::name_en.eq(&$centre.name.en),
            cost_centres::active.eq($centre.active),
        )
    };
}

impl Part for CentreInput {
    const ABOUT: About = About {
        entity: "cost_centre",
        ops: ["finance.centre.create", "finance.centre.update", "finance.centre.export", "finance.centre.import"],
        sheet: ("مراكز الكلفة", "Cost centres"),
        file: "cost-centres.xlsx",
    };
    const COLUMNS: &'static [Known] = &[CODE, NAME_AR, NAME_EN, ACTIVE];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows: Vec<Row> =
            cost_centres::table.filter(cost_centres::agency_id.eq(agency_id)).select(ROW).load(tx.conn())?;
        let rows = rows.into_iter().map(view).collect();
        Ok(page_of(rows, query, limit, |PartRow { value, .. }| Words {
            code: value.code.clone(),
            name: format!("{} {}", value.name.ar, value.name.en),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Option<Row> = cost_centres::table
            .find(id)
            .filter(cost_centres::agency_id.eq(agency_id))
            .select(ROW)
            .first(tx.conn())
            .optional()?;
        row.map(view).ok_or(Refusal::NotFound("cost_centre"))
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let clean = Self {
            code: checks::code(&mut fields, &self.code),
            name: fields.name("name", &self.name),
            active: self.active,
        };
        if clean.find(tx, actor.agency_id)?.is_some_and(|id| before.is_none_or(|before| before.id != id)) {
            fields.push(FieldError::new("code", "taken"));
        }
        fields.done()?;
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(cost_centres::table)
            .values((cost_centres::agency_id.eq(agency_id), columns!(self), cost_centres::version.eq(1_i64)))
            .returning(cost_centres::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = cost_centres::table.filter(cost_centres::id.eq(id)).filter(cost_centres::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), cost_centres::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let centre = &row.value;
        vec![
            Cell::text(&centre.code),
            Cell::text(&centre.name.ar),
            Cell::text(&centre.name.en),
            Cell::yes_no(centre.active, lang),
        ]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        Ok(Self { code: cells.text("code"), name: cells.name(), active: cells.yes("active", true)? })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        Ok(cost_centres::table
            .filter(cost_centres::agency_id.eq(agency_id))
            .filter(cost_centres::code.eq(self.code.trim()))
            .select(cost_centres::id)
            .first(tx.conn())
            .optional()?)
    }
}
