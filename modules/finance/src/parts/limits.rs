//! Authority limits (سقوف الصلاحيات): up to which amount a person may authorise, by which decision, on which days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{DocumentKind, LimitInput, PartPick, PartQuery, PartRow};
use diwan_kernel::{FieldError, Lang, Page, money, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, people::words::said, sheet::Cell};
use diwan_schema::finance::authority_limits;

use super::{
    cells::{Cells, FROM, Known, TO, may, must},
    checks,
    part::{About, Part, Words, page_of},
    words::DOCUMENTS,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = authority_limits)]
struct Row {
    id: i64,
    user_id: i64,
    kind: String,
    amount: i64,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    reference: String,
    version: i64,
}

impl Row {
    fn view(self, people: &BTreeMap<i64, PartPick>) -> Outcome<PartRow<LimitInput>> {
        let names = checks::names([("user", people.get(&self.user_id).cloned())]);
        let kind: Option<DocumentKind> = if self.kind.is_empty() { None } else { Some(self.kind.parse()?) };
        let value = LimitInput {
            user_id: self.user_id,
            kind,
            amount: money::format(self.amount, money::JOD_SCALE),
            active_from: self.active_from,
            active_to: self.active_to,
            reference: self.reference,
        };
        Ok(PartRow { id: self.id, value, names, version: self.version })
    }
}

fn code(kind: Option<DocumentKind>) -> &'static str {
    kind.map_or("", DocumentKind::code)
}

/// The amount in minor units of the base currency: more than 0.
fn amount(typed: &str) -> Result<i64, FieldError> {
    match money::parse("amount", typed, money::JOD_SCALE)? {
        amount if amount > 0 => Ok(amount),
        _ => Err(FieldError::new("amount", "not_positive")),
    }
}

macro_rules! columns {
    ($one:expr) => {
        (
            authority_limits::user_id.eq($one.user_id),
            authority_limits::kind.eq(code($one.kind)),
            authority_limits::amount.eq(amount(&$one.amount)?),
            authority_limits::active_from.eq($one.active_from),
            authority_limits::active_to.eq($one.active_to),
            authority_limits::reference.eq(&$one.reference),
        )
    };
}

/// The limits of the same person for the same documents: id and days.
fn others(tx: &mut ReadTx<'_>, agency_id: i64, one: &LimitInput) -> Outcome<Vec<(i64, NaiveDate, Option<NaiveDate>)>> {
    Ok(authority_limits::table
        .filter(authority_limits::agency_id.eq(agency_id))
        .filter(authority_limits::user_id.eq(one.user_id))
        .filter(authority_limits::kind.eq(code(one.kind)))
        .order(authority_limits::id)
        .select((authority_limits::id, authority_limits::active_from, authority_limits::active_to))
        .load(tx.conn())?)
}

impl Part for LimitInput {
    const ABOUT: About = About {
        entity: "authority_limit",
        ops: ["finance.limit.create", "finance.limit.update", "finance.limit.export", "finance.limit.import"],
        sheet: ("سقوف الصلاحيات", "Authority limits"),
        file: "authority-limits.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("username", "اسم المستخدم", "User name", 18),
        may("person", "الاسم", "Name", 30),
        may("kind", "نوع المستند", "Kind of document", 20),
        must("amount", "السقف بالدينار", "Limit in dinars", 18),
        FROM,
        TO,
        must("reference", "السند القانوني", "Legal reference", 40),
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows: Vec<Row> = authority_limits::table
            .filter(authority_limits::agency_id.eq(agency_id))
            .select(Row::as_select())
            .load(tx.conn())?;
        let people = checks::people(tx, rows.iter().map(|row| row.user_id).collect())?;
        let rows = rows.into_iter().map(|row| row.view(&people)).collect::<Outcome<_>>()?;
        Ok(page_of(rows, query, limit, |PartRow { value, names, .. }| {
            let user = names.get("user");
            Words {
                code: user.map(|user| user.code.clone()).unwrap_or_default(),
                name: user.map(|user| format!("{} {}", user.name.ar, user.name.en)).unwrap_or_default(),
                more: value.reference.clone(),
            }
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Row = authority_limits::table
            .find(id)
            .filter(authority_limits::agency_id.eq(agency_id))
            .select(Row::as_select())
            .first(tx.conn())
            .optional()?
            .ok_or(Refusal::NotFound("authority_limit"))?;
        let people = checks::people(tx, vec![row.user_id])?;
        row.view(&people)
    }

    /// Nobody gives a limit to oneself, nor changes one's own.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        if self.user_id == actor.user_id || before.is_some_and(|before| before.value.user_id == actor.user_id) {
            return Err(Refusal::Denied("own_limit"));
        }
        let mut fields = Fields::default();
        let amount = fields.take(amount(&self.amount));
        let clean = Self {
            amount: money::format(amount, money::JOD_SCALE),
            reference: fields.take(text::line("reference", &self.reference, text::NAME_MAX)),
            ..self.clone()
        };
        if !checks::is_person(tx, actor.agency_id, clean.user_id)? {
            fields.push(FieldError::new("user_id", "unknown"));
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
        Ok(diesel::insert_into(authority_limits::table)
            .values((authority_limits::agency_id.eq(agency_id), columns!(self), authority_limits::version.eq(1_i64)))
            .returning(authority_limits::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same =
            authority_limits::table.filter(authority_limits::id.eq(id)).filter(authority_limits::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), authority_limits::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        let user = row.names.get("user");
        vec![
            Cell::text(user.map_or("", |user| &user.code)),
            user.map_or(Cell::Empty, |user| Cell::named(&user.name, lang)),
            Cell::text(one.kind.map_or("", |kind| said(kind, &DOCUMENTS, lang))),
            Cell::text(&one.amount),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
            Cell::text(&one.reference),
        ]
    }

    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let user_id = checks::person(tx, &mut fields, agency_id, cells.get("username"))?.unwrap_or_default();
        let kind = fields.take(cells.word("kind", &DOCUMENTS));
        let active_from = fields.take(cells.day("active_from")).unwrap_or_default();
        let active_to = fields.take(cells.day("active_to"));
        fields.done()?;
        let (amount, reference) = (cells.text("amount"), cells.text("reference"));
        Ok(Self { user_id, kind, amount, active_from, active_to, reference })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let others = others(tx, agency_id, self)?;
        Ok(others.into_iter().find(|(_, from, _)| *from == self.active_from).map(|(id, ..)| id))
    }
}
