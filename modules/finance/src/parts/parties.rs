//! Parties (جهات التعامل): suppliers, payees, employees, other agencies. There may be a hundred thousand of them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{PartPick, PartQuery, PartRow, PartSort, PartyInput, PartyKind};
use diwan_kernel::{FieldError, Lang, Named, Page, money, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, people::words::said, sheet::Cell};
use diwan_schema::finance::parties;

use super::{
    cells::{ACTIVE, CODE, Cells, Known, NAME_AR, NAME_EN, may, must},
    checks,
    part::{About, Part},
    words::PARTIES,
};
use crate::keyset::{self, keyset};

/// The longest number of a party, in characters.
const NUMBER_MAX: usize = 30;

#[derive(Queryable, Selectable)]
#[diesel(table_name = parties)]
struct Row {
    id: i64,
    kind: String,
    code: String,
    name_ar: String,
    name_en: String,
    tax_number: String,
    national_number: String,
    iban: String,
    user_id: Option<i64>,
    active: bool,
    version: i64,
    advance_limit: Option<i64>,
}

impl Row {
    fn view(self, people: &BTreeMap<i64, PartPick>) -> Outcome<PartRow<PartyInput>> {
        let names = checks::names([("user", self.user_id.and_then(|id| people.get(&id).cloned()))]);
        let value = PartyInput {
            kind: self.kind.parse()?,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            tax_number: self.tax_number,
            national_number: self.national_number,
            iban: self.iban,
            user_id: self.user_id,
            advance_limit: shown(self.advance_limit),
            active: self.active,
        };
        Ok(PartRow { id: self.id, value, names, version: self.version })
    }
}

/// The ceiling of advances as it is typed, in minor units of the base currency; none where nothing is typed.
fn ceiling(typed: &str) -> Result<Option<i64>, FieldError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match money::parse("advance_limit", typed, money::JOD_SCALE)? {
        amount if amount >= 0 => Ok(Some(amount)),
        _ => Err(FieldError::new("advance_limit", "amount_form")),
    }
}

fn shown(ceiling: Option<i64>) -> String {
    ceiling.map(|amount| money::format(amount, money::JOD_SCALE)).unwrap_or_default()
}

/// Whether a party of the agency has this tax number, one that is out of use too: invoices are guarded by the party, so the same
/// supplier under a second code could be paid twice. No unique index says so, since lists that were kept before may have a number
/// twice, and such parties are still changed in all else.
fn is_taxed(tx: &mut ReadTx<'_>, agency_id: i64, tax_number: &str) -> Outcome<bool> {
    if tax_number.is_empty() {
        return Ok(false);
    }
    let found: Option<i64> = parties::table
        .filter(parties::agency_id.eq(agency_id))
        .filter(parties::tax_number.eq(tax_number))
        .select(parties::id)
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// What a party is found and sorted by: its name comes first.
fn fold(party: &PartyInput) -> String {
    text::fold(&format!("{} {} {} {}", party.name.ar, party.name.en, party.code, party.tax_number))
}

macro_rules! columns {
    ($party:expr) => {
        (
            parties::kind.eq($party.kind.code()),
            parties::code.eq(&$party.code),
            parties::name_ar.eq(&$party.name.ar),
            parties::name_en.eq(&$party.name.en),
            parties::fold.eq(fold($party)),
            parties::tax_number.eq(&$party.tax_number),
            parties::national_number.eq(&$party.national_number),
            parties::iban.eq(&$party.iban),
            parties::user_id.eq($party.user_id),
            parties::advance_limit.eq(ceiling(&$party.advance_limit)?),
            parties::active.eq($party.active),
        )
    };
}

impl Part for PartyInput {
    const ABOUT: About = About {
        entity: "party",
        ops: ["finance.party.create", "finance.party.update", "finance.party.export", "finance.party.import"],
        sheet: ("جهات التعامل", "Parties"),
        file: "parties.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        CODE,
        must("kind", "النوع", "Kind", 14),
        NAME_AR,
        NAME_EN,
        may("tax_number", "الرقم الضريبي", "Tax number", 18),
        may("national_number", "الرقم الوطني", "National number", 18),
        may("iban", "رقم الحساب الدولي (IBAN)", "IBAN", 34),
        may("username", "اسم المستخدم", "User name", 18),
        may("advance_limit", "سقف السلف بالدينار", "Ceiling of advances in dinars", 18),
        ACTIVE,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let mut found = parties::table.filter(parties::agency_id.eq(agency_id)).into_boxed();
        for word in query.q.as_deref().unwrap_or_default().split_whitespace() {
            found = found.filter(parties::fold.like(text::like_anywhere(word)).escape('\\'));
        }
        if let Some(kind) = query.kind.as_deref().filter(|kind| !kind.is_empty()) {
            found = found.filter(parties::kind.eq(kind.to_owned()));
        }
        let after = keyset::at::<String>(query.after.as_deref());
        let sort = query.sort.unwrap_or(PartSort::Code);
        let sorted = match sort {
            PartSort::Code => keyset!(found, parties::code, parties::id, after, up),
            PartSort::CodeDown => keyset!(found, parties::code, parties::id, after, down),
            PartSort::Name => keyset!(found, parties::fold, parties::id, after, up),
            PartSort::NameDown => keyset!(found, parties::fold, parties::id, after, down),
        };
        let rows: Vec<(Row, String)> =
            sorted.limit(limit + 1).select((Row::as_select(), parties::fold)).load(tx.conn())?;
        let people = checks::people(tx, rows.iter().filter_map(|(row, _)| row.user_id).collect())?;
        let by_name = matches!(sort, PartSort::Name | PartSort::NameDown);
        let cursor = |(row, fold): &(Row, String)| {
            let key = if by_name { fold } else { &row.code };
            format!("{key}|{}", row.id)
        };
        let page = Page::from_rows(rows, limit, cursor, |(row, _)| row);
        let items = page.items.into_iter().map(|row| row.view(&people)).collect::<Outcome<_>>()?;
        Ok(Page { items, next: page.next, total: None })
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Row = parties::table
            .find(id)
            .filter(parties::agency_id.eq(agency_id))
            .select(Row::as_select())
            .first(tx.conn())
            .optional()?
            .ok_or(Refusal::NotFound("party"))?;
        let people = checks::people(tx, row.user_id.into_iter().collect())?;
        row.view(&people)
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let clean = Self {
            kind: self.kind,
            code: checks::code(&mut fields, &self.code),
            name: fields.name("name", &self.name),
            tax_number: checks::optional(&mut fields, "tax_number", &text::fold(&self.tax_number), NUMBER_MAX),
            national_number: checks::optional(
                &mut fields,
                "national_number",
                &text::fold(&self.national_number),
                NUMBER_MAX,
            ),
            iban: checks::iban(&mut fields, &self.iban),
            user_id: self.user_id,
            advance_limit: shown(fields.take(ceiling(&self.advance_limit))),
            active: self.active,
        };
        if let Some(user_id) = clean.user_id {
            if clean.kind != PartyKind::Employee {
                fields.push(FieldError::new("user_id", "user_of_employee"));
            } else if !checks::is_person(tx, actor.agency_id, user_id)? {
                fields.push(FieldError::new("user_id", "unknown"));
            }
        }
        if clean.find(tx, actor.agency_id)?.is_some_and(|id| before.is_none_or(|before| before.id != id)) {
            fields.push(FieldError::new("code", "taken"));
        }
        if before.is_none_or(|before| before.value.tax_number != clean.tax_number)
            && is_taxed(tx, actor.agency_id, &clean.tax_number)?
        {
            fields.push(FieldError::new("tax_number", "taken"));
        }
        fields.done()?;
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(parties::table)
            .values((parties::agency_id.eq(agency_id), columns!(self), parties::version.eq(1_i64)))
            .returning(parties::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = parties::table.filter(parties::id.eq(id)).filter(parties::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), parties::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let party = &row.value;
        vec![
            Cell::text(&party.code),
            Cell::text(said(party.kind, &PARTIES, lang)),
            Cell::text(&party.name.ar),
            Cell::text(&party.name.en),
            Cell::text(&party.tax_number),
            Cell::text(&party.national_number),
            Cell::text(&party.iban),
            Cell::text(row.names.get("user").map_or("", |user| &user.code)),
            Cell::text(&party.advance_limit),
            Cell::yes_no(party.active, lang),
        ]
    }

    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let kind = fields.take(cells.word("kind", &PARTIES)).unwrap_or(PartyKind::Supplier);
        let user_id = checks::person(tx, &mut fields, agency_id, cells.get("username"))?;
        let active = fields.take(cells.yes("active", true));
        fields.done()?;
        Ok(Self {
            kind,
            code: cells.text("code"),
            name: cells.name(),
            tax_number: cells.text("tax_number"),
            national_number: cells.text("national_number"),
            iban: cells.text("iban"),
            user_id,
            advance_limit: cells.text("advance_limit"),
            active,
        })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        Ok(parties::table
            .filter(parties::agency_id.eq(agency_id))
            .filter(parties::code.eq(self.code.trim()))
            .select(parties::id)
            .first(tx.conn())
            .optional()?)
    }
}
