//! Rules of virement (قواعد المناقلات): which item may give to which, by the beginnings of their codes.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{PART_CODE_MAX, PartQuery, PartRow, VirementRuleInput, VirementScope, valid_part_code};
use diwan_kernel::{FieldError, Lang, Page, Permission, text};
use diwan_platform::{
    Actor, Fields, Outcome, Refusal,
    people::words::{Word, said},
    sheet::Cell,
};
use diwan_schema::finance::virement_rules;

use super::{
    cells::{Cells, FROM, Known, TO, may, must},
    checks,
    closing::{RIGHTS, is_finance},
    part::{About, Part, Words, page_of},
};

static SCOPES: [Word<VirementScope>; 2] = [
    (VirementScope::Within, ["within", "داخل البرنامج", "Within a programme"]),
    (VirementScope::Between, ["between", "بين برنامجين", "Between programmes"]),
];

#[derive(Queryable, Selectable)]
#[diesel(table_name = virement_rules)]
struct Row {
    id: i64,
    from_item: String,
    to_item: String,
    scope: String,
    allowed: bool,
    percent: Option<i32>,
    permission: String,
    reference: String,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    version: i64,
}

impl Row {
    fn view(self) -> Outcome<PartRow<VirementRuleInput>> {
        let value = VirementRuleInput {
            from_item: self.from_item,
            to_item: self.to_item,
            scope: if self.scope.is_empty() { None } else { Some(self.scope.parse()?) },
            allowed: self.allowed,
            percent: self.percent,
            right: if self.permission.is_empty() { None } else { Some(self.permission.parse()?) },
            reference: self.reference,
            active_from: self.active_from,
            active_to: self.active_to,
        };
        Ok(PartRow { id: self.id, value, names: checks::names([]), version: self.version })
    }
}

/// The code of a scope; none for both.
fn code(scope: Option<VirementScope>) -> &'static str {
    scope.map_or("", VirementScope::code)
}

macro_rules! columns {
    ($one:expr) => {
        (
            virement_rules::from_item.eq(&$one.from_item),
            virement_rules::to_item.eq(&$one.to_item),
            virement_rules::scope.eq(code($one.scope)),
            virement_rules::allowed.eq($one.allowed),
            virement_rules::percent.eq($one.percent),
            virement_rules::permission.eq($one.right.map_or("", Permission::code)),
            virement_rules::reference.eq(&$one.reference),
            virement_rules::active_from.eq($one.active_from),
            virement_rules::active_to.eq($one.active_to),
        )
    };
}

/// The rules for the same items and programmes: id and days.
fn others(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    one: &VirementRuleInput,
) -> Outcome<Vec<(i64, NaiveDate, Option<NaiveDate>)>> {
    Ok(virement_rules::table
        .filter(virement_rules::agency_id.eq(agency_id))
        .filter(virement_rules::from_item.eq(one.from_item.trim()))
        .filter(virement_rules::to_item.eq(one.to_item.trim()))
        .filter(virement_rules::scope.eq(code(one.scope)))
        .order(virement_rules::id)
        .select((virement_rules::id, virement_rules::active_from, virement_rules::active_to))
        .load(tx.conn())?)
}

/// How the code of an item begins; empty for any.
fn beginning(fields: &mut Fields, field: &str, typed: &str) -> String {
    let code = typed.trim();
    if !code.is_empty() && !valid_part_code(code) {
        fields.push(FieldError::new(field, "part_code_form").with("max", PART_CODE_MAX));
    }
    code.to_owned()
}

impl Part for VirementRuleInput {
    const ABOUT: About = About {
        entity: "virement_rule",
        ops: [
            "finance.virement_rule.create",
            "finance.virement_rule.update",
            "finance.virement_rule.export",
            "finance.virement_rule.import",
        ],
        sheet: ("قواعد المناقلات", "Rules of virement"),
        file: "virement-rules.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        may("from_item", "من بند يبدأ بـ", "From items beginning with", 24),
        may("to_item", "إلى بند يبدأ بـ", "To items beginning with", 24),
        may("scope", "نطاق البرامج", "Programmes", 20),
        must("allowed", "مسموحة", "Allowed", 12),
        may("percent", "النسبة القصوى", "At most, percent", 14),
        may("right", "صلاحية من يعتمدها", "Right of who authorises", 22),
        must("reference", "السند القانوني", "Legal reference", 40),
        FROM,
        TO,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows: Vec<Row> = virement_rules::table
            .filter(virement_rules::agency_id.eq(agency_id))
            .select(Row::as_select())
            .load(tx.conn())?;
        let rows = rows.into_iter().map(Row::view).collect::<Outcome<_>>()?;
        Ok(page_of(rows, query, limit, |PartRow { value, .. }| Words {
            code: format!("{} {} {} {}", value.from_item, value.to_item, code(value.scope), value.active_from),
            name: value.reference.clone(),
            more: String::new(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Option<Row> = virement_rules::table
            .find(id)
            .filter(virement_rules::agency_id.eq(agency_id))
            .select(Row::as_select())
            .first(tx.conn())
            .optional()?;
        row.ok_or(Refusal::NotFound("virement_rule"))?.view()
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let clean = Self {
            from_item: beginning(&mut fields, "from_item", &self.from_item),
            to_item: beginning(&mut fields, "to_item", &self.to_item),
            reference: fields.take(text::line("reference", &self.reference, text::NAME_MAX)),
            ..self.clone()
        };
        match clean.percent {
            Some(_) if !clean.allowed => fields.push(FieldError::new("percent", "percent_of_allowed")),
            Some(percent) if !(1..=100).contains(&percent) => {
                fields.push(FieldError::new("percent", "out_of_range").with("min", 1).with("max", 100));
            }
            _ => {}
        }
        match clean.right {
            Some(_) if !clean.allowed => fields.push(FieldError::new("right", "right_of_allowed")),
            Some(right) if !is_finance(right) => fields.push(FieldError::new("right", "not_of_finance")),
            _ => {}
        }
        checks::days(&mut fields, clean.active_from, clean.active_to);
        for (id, from, to) in others(tx, actor.agency_id, &clean)? {
            let other = before.is_none_or(|before| before.id != id);
            if other && checks::overlap((clean.active_from, clean.active_to), (from, to)) {
                fields.push(FieldError::new("active_from", "days_overlap").with("day", from));
                break;
            }
        }
        fields.done()?;
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(virement_rules::table)
            .values((virement_rules::agency_id.eq(agency_id), columns!(self), virement_rules::version.eq(1_i64)))
            .returning(virement_rules::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = virement_rules::table.filter(virement_rules::id.eq(id)).filter(virement_rules::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), virement_rules::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![
            Cell::text(&one.from_item),
            Cell::text(&one.to_item),
            Cell::text(one.scope.map_or("", |scope| said(scope, &SCOPES, lang))),
            Cell::yes_no(one.allowed, lang),
            one.percent.map_or(Cell::Empty, Cell::Number),
            Cell::text(one.right.map_or("", Permission::code)),
            Cell::text(&one.reference),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
        ]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let scope = fields.take(cells.word("scope", &SCOPES));
        let allowed = fields.take(cells.yes("allowed", true));
        let percent = fields.take(cells.number("percent"));
        let right = fields.take(cells.word("right", &RIGHTS));
        let active_from = fields.take(cells.day("active_from")).unwrap_or_default();
        let active_to = fields.take(cells.day("active_to"));
        fields.done()?;
        let (from_item, to_item) = (cells.text("from_item"), cells.text("to_item"));
        let reference = cells.text("reference");
        Ok(Self { from_item, to_item, scope, allowed, percent, right, reference, active_from, active_to })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let others = others(tx, agency_id, self)?;
        Ok(others.into_iter().find(|(_, from, _)| *from == self.active_from).map(|(id, ..)| id))
    }
}
