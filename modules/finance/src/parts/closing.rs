//! Closing rules (قواعد الإقفال): which sign-offs a period needs and by whom, and which accounts are at zero when it is closed.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{ClosingRuleInput, ClosingRuleKind, PartPick, PartQuery, PartRow};
use diwan_kernel::{FieldError, Lang, Named, Page, Permission};
use diwan_platform::{
    Actor, Fields, Outcome, Refusal,
    people::words::{Word, said},
    sheet::Cell,
};
use diwan_schema::finance::{accounts, closing_rules};

use super::{
    cells::{CODE, Cells, FROM, Known, TO, may, must},
    checks,
    part::{About, Part, Words, page_of},
};

static KINDS: [Word<ClosingRuleKind>; 2] = [
    (ClosingRuleKind::SignOff, ["sign_off", "إقرار", "Sign-off"]),
    (ClosingRuleKind::Clearing, ["clearing", "حساب وسيط", "Clearing account"]),
];

/// The rights of finance by their codes: what a sheet has for them.
pub(super) static RIGHTS: LazyLock<Vec<Word<Permission>>> = LazyLock::new(|| {
    let of_finance = Permission::ALL.iter().filter(|right| is_finance(**right));
    of_finance.map(|right| (*right, [right.code(); 3])).collect()
});

/// Whether a right is one of finance.
pub(super) fn is_finance(right: Permission) -> bool {
    right.code().starts_with("finance.")
}

/// A rule as stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = closing_rules)]
struct Row {
    id: i64,
    kind: String,
    code: String,
    name_ar: String,
    name_en: String,
    permission: String,
    other_person: bool,
    account_id: Option<i64>,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    version: i64,
}

impl Row {
    fn view(self, of_chart: &BTreeMap<i64, PartPick>) -> Outcome<PartRow<ClosingRuleInput>> {
        let account = self.account_id.and_then(|id| of_chart.get(&id).cloned());
        let right = if self.permission.is_empty() { None } else { Some(self.permission.parse()?) };
        let value = ClosingRuleInput {
            kind: self.kind.parse()?,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            right,
            other_person: self.other_person,
            active_from: self.active_from,
            active_to: self.active_to,
        };
        Ok(PartRow { id: self.id, value, names: checks::names([("account", account)]), version: self.version })
    }
}

macro_rules! columns {
    ($one:expr, $account:expr) => {
        (
            closing_rules::kind.eq($one.kind.code()),
            closing_rules::code.eq(&$one.code),
            closing_rules::name_ar.eq(&$one.name.ar),
            closing_rules::name_en.eq(&$one.name.en),
            closing_rules::permission.eq($one.right.map_or("", Permission::code)),
            closing_rules::other_person.eq($one.other_person),
            closing_rules::account_id.eq($account),
            closing_rules::active_from.eq($one.active_from),
            closing_rules::active_to.eq($one.active_to),
        )
    };
}

/// The rules of the same kind and code: id and days.
fn others(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    one: &ClosingRuleInput,
) -> Outcome<Vec<(i64, NaiveDate, Option<NaiveDate>)>> {
    Ok(closing_rules::table
        .filter(closing_rules::agency_id.eq(agency_id))
        .filter(closing_rules::kind.eq(one.kind.code()))
        .filter(closing_rules::code.eq(one.code.trim()))
        .order(closing_rules::id)
        .select((closing_rules::id, closing_rules::active_from, closing_rules::active_to))
        .load(tx.conn())?)
}

/// The account of a clearing rule, and whether it is posted to.
fn account(tx: &mut ReadTx<'_>, agency_id: i64, code: &str) -> Outcome<Option<(i64, bool)>> {
    Ok(accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::code.eq(code))
        .select((accounts::id, accounts::posting))
        .first(tx.conn())
        .optional()?)
}

/// The accounts that rules name.
fn of_chart(tx: &mut ReadTx<'_>, rows: &[Row]) -> Outcome<BTreeMap<i64, PartPick>> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.account_id).collect();
    let found: Vec<(i64, String, String, String)> = accounts::table
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::code, accounts::name_ar, accounts::name_en))
        .load(tx.conn())?;
    Ok(found.into_iter().map(|(id, code, ar, en)| (id, checks::pick(id, code, ar, en))).collect())
}

impl Part for ClosingRuleInput {
    const ABOUT: About = About {
        entity: "closing_rule",
        ops: [
            "finance.closing_rule.create",
            "finance.closing_rule.update",
            "finance.closing_rule.export",
            "finance.closing_rule.import",
        ],
        sheet: ("قواعد الإقفال", "Closing rules"),
        file: "closing-rules.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        must("kind", "النوع", "Kind", 18),
        CODE,
        may("name_ar", "نص الإقرار بالعربية", "Sign-off in Arabic", 40),
        may("name_en", "نص الإقرار بالإنجليزية", "Sign-off in English", 40),
        may("right", "صلاحية الموقّع", "Right of who signs", 22),
        may("other_person", "شخص آخر", "Another person", 14),
        FROM,
        TO,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows: Vec<Row> = closing_rules::table
            .filter(closing_rules::agency_id.eq(agency_id))
            .select(Row::as_select())
            .load(tx.conn())?;
        let of_chart = of_chart(tx, &rows)?;
        let rows = rows.into_iter().map(|row| row.view(&of_chart)).collect::<Outcome<_>>()?;
        Ok(page_of(rows, query, limit, |PartRow { value, names, .. }| {
            let name = names.get("account").map_or(&value.name, |account| &account.name);
            Words {
                code: format!("{} {} {}", value.kind, value.code, value.active_from),
                name: format!("{} {}", name.ar, name.en),
                more: value.right.map_or("", Permission::code).to_owned(),
            }
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Row = closing_rules::table
            .find(id)
            .filter(closing_rules::agency_id.eq(agency_id))
            .select(Row::as_select())
            .first(tx.conn())
            .optional()?
            .ok_or(Refusal::NotFound("closing_rule"))?;
        let of_chart = of_chart(tx, std::slice::from_ref(&row))?;
        row.view(&of_chart)
    }

    /// Kind and code stay: what was signed is what it was called.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let mut clean = Self { code: checks::code(&mut fields, &self.code), ..self.clone() };
        if before.is_some_and(|before| before.value.kind != clean.kind || before.value.code != clean.code) {
            fields.push(FieldError::new("code", "closing_rule_fixed"));
        }
        match clean.kind {
            ClosingRuleKind::SignOff => {
                clean.name = fields.name("name", &self.name);
                match clean.right {
                    None => fields.push(FieldError::new("right", "required")),
                    Some(right) if !is_finance(right) => fields.push(FieldError::new("right", "not_of_finance")),
                    Some(_) => {}
                }
            }
            ClosingRuleKind::Clearing => {
                (clean.name, clean.right, clean.other_person) = (Named::default(), None, false);
                match account(tx, actor.agency_id, &clean.code)? {
                    None => fields.push(FieldError::new("code", "unknown")),
                    Some((_, false)) => {
                        fields.push(FieldError::new("code", "account_not_leaf").with("code", &clean.code));
                    }
                    Some(_) => {}
                }
            }
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
        let account_id = account_of(self, tx, agency_id)?;
        Ok(diesel::insert_into(closing_rules::table)
            .values((
                closing_rules::agency_id.eq(agency_id),
                columns!(self, account_id),
                closing_rules::version.eq(1_i64),
            ))
            .returning(closing_rules::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let agency_id: i64 = closing_rules::table.find(id).select(closing_rules::agency_id).first(tx.conn())?;
        let account_id = account_of(self, tx, agency_id)?;
        let same = closing_rules::table.filter(closing_rules::id.eq(id)).filter(closing_rules::version.eq(version));
        Ok(diesel::update(same)
            .set((columns!(self, account_id), closing_rules::version.eq(version + 1)))
            .execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        let name = row.names.get("account").map_or(&one.name, |account| &account.name);
        vec![
            Cell::text(said(one.kind, &KINDS, lang)),
            Cell::text(&one.code),
            Cell::text(&name.ar),
            Cell::text(&name.en),
            Cell::text(one.right.map_or("", Permission::code)),
            Cell::yes_no(one.other_person, lang),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
        ]
    }

    fn read(_tx: &mut ReadTx<'_>, _agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let kind = fields.take(cells.word("kind", &KINDS)).unwrap_or(ClosingRuleKind::SignOff);
        let right = fields.take(cells.word("right", &RIGHTS));
        let other_person = fields.take(cells.yes("other_person", false));
        let active_from = fields.take(cells.day("active_from")).unwrap_or_default();
        let active_to = fields.take(cells.day("active_to"));
        fields.done()?;
        let signs = kind == ClosingRuleKind::SignOff;
        Ok(Self {
            kind,
            code: cells.text("code"),
            name: if signs { cells.name() } else { Named::default() },
            right: right.filter(|_| signs),
            other_person: other_person && signs,
            active_from,
            active_to,
        })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        let others = others(tx, agency_id, self)?;
        Ok(others.into_iter().find(|(_, from, _)| *from == self.active_from).map(|(id, ..)| id))
    }
}

/// The account of a clearing rule; none of a sign-off.
fn account_of(one: &ClosingRuleInput, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
    match one.kind {
        ClosingRuleKind::SignOff => Ok(None),
        ClosingRuleKind::Clearing => Ok(account(tx, agency_id, &one.code)?.map(|(id, _)| id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_words() {
        assert!(ClosingRuleKind::ALL.iter().zip(&KINDS).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert_eq!(ClosingRuleKind::ALL.len(), KINDS.len());
        assert!(RIGHTS.iter().any(|(right, _)| *right == Permission::FinanceClose));
        assert!(RIGHTS.iter().all(|(right, _)| is_finance(*right)));
    }
}
