//! The chart of accounts (دليل الحسابات) of an agency.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{
    ACCOUNT_CODE_MAX, Account, AccountInput, PartPick, PartQuery, PartRow, Side, valid_account_code, valid_gfsm,
};
use diwan_kernel::{FieldError, Lang, Named, Page};
use diwan_platform::{Actor, Fields, Outcome, Refusal, people::words::said, sheet::Cell};
use diwan_schema::finance::{accounts, period_balances};

use crate::parts::{
    cells::{CODE, Cells, FROM, Known, NAME_AR, NAME_EN, PARENT, TO, may, must},
    part::{self, About, Part, Words, page_of},
    words::SIDES,
};

/// An account as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct AccountRow {
    id: i64,
    parent_id: Option<i64>,
    code: String,
    name_ar: String,
    name_en: String,
    side: String,
    posting: bool,
    gfsm: String,
    currency: Option<String>,
    budgeted: bool,
    needs_party: bool,
    needs_centre: bool,
    active_from: NaiveDate,
    active_to: Option<NaiveDate>,
    version: i64,
    trust: bool,
}

impl AccountRow {
    fn view(self, above: Option<PartPick>) -> Outcome<PartRow<AccountInput>> {
        let value = AccountInput {
            parent_id: self.parent_id,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            side: self.side.parse()?,
            posting: self.posting,
            gfsm: self.gfsm,
            currency: self.currency,
            budgeted: self.budgeted,
            needs_party: self.needs_party,
            needs_centre: self.needs_centre,
            trust: self.trust,
            active_from: self.active_from,
            active_to: self.active_to,
        };
        let names = above.map(|above| ("parent".to_owned(), above)).into_iter().collect();
        Ok(PartRow { id: self.id, value, names, version: self.version })
    }

    fn pick(&self) -> PartPick {
        let name = Named { ar: self.name_ar.clone(), en: self.name_en.clone() };
        PartPick { id: self.id, code: self.code.clone(), name, available: None }
    }
}

/// The accounts of an agency in the order of their codes.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Account>> {
    Ok(rows(tx, agency_id)?.into_iter().map(account).collect())
}

fn rows(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<PartRow<AccountInput>>> {
    let rows: Vec<AccountRow> = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .order(accounts::code)
        .select(AccountRow::as_select())
        .load(tx.conn())?;
    let above: BTreeMap<i64, PartPick> = rows.iter().map(|row| (row.id, row.pick())).collect();
    let view = |row: AccountRow| {
        let parent = row.parent_id.and_then(|id| above.get(&id).cloned());
        row.view(parent)
    };
    rows.into_iter().map(view).collect()
}

fn row(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Option<AccountRow>> {
    Ok(accounts::table
        .find(id)
        .filter(accounts::agency_id.eq(agency_id))
        .select(AccountRow::as_select())
        .first(tx.conn())
        .optional()?)
}

/// An account as its own list has it.
fn account(PartRow { id, value, version, .. }: PartRow<AccountInput>) -> Account {
    Account {
        id,
        parent_id: value.parent_id,
        code: value.code,
        name: value.name,
        side: value.side,
        posting: value.posting,
        gfsm: value.gfsm,
        currency: value.currency,
        budgeted: value.budgeted,
        needs_party: value.needs_party,
        needs_centre: value.needs_centre,
        trust: value.trust,
        active_from: value.active_from,
        active_to: value.active_to,
        version,
    }
}

/// Puts a checked account into the database.
pub(super) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, input: &AccountInput) -> Outcome<i64> {
    Ok(diesel::insert_into(accounts::table)
        .values((accounts::agency_id.eq(agency_id), columns(input), accounts::version.eq(1_i64)))
        .returning(accounts::id)
        .get_result(tx.conn())?)
}

/// Adds an account.
///
/// # Errors
/// Wrong fields.
pub fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &AccountInput) -> Outcome<Account> {
    Ok(account(part::create(tx, actor, input)?))
}

/// Changes an account. One that was posted to keeps its code and its GFSM code, and stays a leaf of its side.
///
/// # Errors
/// Not found; another version; wrong fields; `account_used` for what its lines rely on.
pub fn change(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &AccountInput) -> Outcome<Account> {
    Ok(account(part::change(tx, actor, (id, version), input)?))
}

fn is_used(tx: &mut ReadTx<'_>, id: i64) -> Outcome<bool> {
    let any: Option<i64> = period_balances::table
        .filter(period_balances::account_id.eq(id))
        .select(period_balances::account_id)
        .first(tx.conn())
        .optional()?;
    Ok(any.is_some())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns<'a>(input: &'a AccountInput) -> _ {
    let parent_id: Option<i64> = input.parent_id;
    let (code, gfsm): (&'a str, &'a str) = (input.code.as_str(), input.gfsm.as_str());
    let (name_ar, name_en): (&'a str, &'a str) = (input.name.ar.as_str(), input.name.en.as_str());
    let side: &'static str = input.side.code();
    let currency: Option<&'a str> = input.currency.as_deref();
    let (posting, budgeted): (bool, bool) = (input.posting, input.budgeted);
    let (needs_party, needs_centre, trust): (bool, bool, bool) = (input.needs_party, input.needs_centre, input.trust);
    let active_from: NaiveDate = input.active_from;
    let active_to: Option<NaiveDate> = input.active_to;
    (
        accounts::parent_id.eq(parent_id),
        accounts::code.eq(code),
        accounts::name_ar.eq(name_ar),
        accounts::name_en.eq(name_en),
        accounts::side.eq(side),
        accounts::posting.eq(posting),
        accounts::gfsm.eq(gfsm),
        accounts::currency.eq(currency),
        accounts::budgeted.eq(budgeted),
        accounts::needs_party.eq(needs_party),
        accounts::needs_centre.eq(needs_centre),
        accounts::trust.eq(trust),
        accounts::active_from.eq(active_from),
        accounts::active_to.eq(active_to),
    )
}

/// The form with clean text; `id` is the account that is changed.
fn checked(tx: &mut ReadTx<'_>, agency_id: i64, id: Option<i64>, input: &AccountInput) -> Outcome<AccountInput> {
    let mut fields = Fields::default();
    let mut clean = input.clone();
    clean.code = input.code.trim().to_owned();
    if !valid_account_code(&clean.code) {
        fields.push(FieldError::new("code", "account_code_form").with("max", ACCOUNT_CODE_MAX));
    }
    clean.name = fields.name("name", &input.name);
    clean.gfsm = input.gfsm.trim().to_owned();
    if (clean.posting || !clean.gfsm.is_empty()) && !valid_gfsm(&clean.gfsm) {
        fields.push(FieldError::new("gfsm", "gfsm_form"));
    }
    if clean.trust && !["32", "33", "62", "63"].iter().any(|stock| clean.gfsm.starts_with(stock)) {
        fields.push(FieldError::new("trust", "trust_of_stocks"));
    }
    clean.currency = input.currency.as_deref().map(str::trim).filter(|one| !one.is_empty()).map(str::to_uppercase);
    if clean.currency.as_ref().is_some_and(|one| one.len() != 3 || !one.bytes().all(|byte| byte.is_ascii_uppercase())) {
        fields.push(FieldError::new("currency", "currency_form"));
    }
    if input.active_to.is_some_and(|last| last < input.active_from) {
        fields.push(FieldError::new("active_to", "before_begin"));
    }
    if clean.find(tx, agency_id)?.is_some_and(|other| Some(other) != id) {
        fields.push(FieldError::new("code", "taken"));
    }
    if let Some(above) = clean.parent_id {
        match row(tx, agency_id, above)? {
            None => fields.push(FieldError::new("parent_id", "unknown")),
            Some(above) if above.posting => {
                fields.push(FieldError::new("parent_id", "account_is_leaf").with("code", above.code));
            }
            Some(above) if is_below(tx, agency_id, above.id, id)? => {
                fields.push(FieldError::new("parent_id", "below_itself"));
            }
            Some(_) => {}
        }
    }
    if clean.posting && id.is_some() && has_below(tx, id)? {
        fields.push(FieldError::new("posting", "account_has_below"));
    }
    fields.done()?;
    Ok(clean)
}

/// What posted lines and the statements made of them rely on; the database says so too.
fn relied_on(account: &AccountInput) -> (&str, &str, Side, [bool; 3]) {
    (&account.code, &account.gfsm, account.side, [account.posting, account.budgeted, account.trust])
}

fn has_below(tx: &mut ReadTx<'_>, id: Option<i64>) -> Outcome<bool> {
    let below: Option<i64> =
        accounts::table.filter(accounts::parent_id.eq(id)).select(accounts::id).first(tx.conn()).optional()?;
    Ok(below.is_some())
}

/// Whether an account is the one that is changed, or stands below it.
fn is_below(tx: &mut ReadTx<'_>, agency_id: i64, account: i64, changed: Option<i64>) -> Outcome<bool> {
    /// Deeper than any chart.
    const DEEPEST: usize = 20;
    if changed.is_none() {
        return Ok(false);
    }
    let mut at = Some(account);
    for _ in 0..DEEPEST {
        match at {
            None => return Ok(false),
            Some(id) if Some(id) == changed => return Ok(true),
            Some(id) => at = row(tx, agency_id, id)?.and_then(|one| one.parent_id),
        }
    }
    Ok(true)
}

impl Part for AccountInput {
    const ABOUT: About = About {
        entity: "account",
        ops: ["finance.account.create", "finance.account.update", "finance.account.export", "finance.account.import"],
        sheet: ("دليل الحسابات", "Chart of accounts"),
        file: "accounts.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        CODE,
        PARENT,
        NAME_AR,
        NAME_EN,
        must("side", "الطبيعة", "Side", 10),
        may("posting", "حساب حركة", "Posting", 12),
        may("gfsm", "رمز إحصاءات مالية الحكومة", "GFSM", 14),
        may("currency", "العملة", "Currency", 10),
        may("budgeted", "يخضع للموازنة", "Budgeted", 14),
        may("needs_party", "يطلب جهة", "Asks for a party", 14),
        may("needs_centre", "يطلب مركز كلفة", "Asks for a cost centre", 14),
        may("trust", "أمانات", "Held in trust", 12),
        FROM,
        TO,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        Ok(page_of(rows(tx, agency_id)?, query, limit, |PartRow { value, .. }| Words {
            code: value.code.clone(),
            name: format!("{} {}", value.name.ar, value.name.en),
            more: value.gfsm.clone(),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row = row(tx, agency_id, id)?.ok_or(Refusal::NotFound("account"))?;
        let above = match row.parent_id {
            Some(id) => self::row(tx, agency_id, id)?.map(|above| above.pick()),
            None => None,
        };
        row.view(above)
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let clean = checked(tx, actor.agency_id, before.map(|before| before.id), self)?;
        if let Some(PartRow { id, value, .. }) = before
            && relied_on(value) != relied_on(&clean)
            && is_used(tx, *id)?
        {
            return Err(Refusal::rule("account_used", [("code", value.code.clone())]));
        }
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        insert(tx, agency_id, self)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = accounts::table.filter(accounts::id.eq(id)).filter(accounts::version.eq(version));
        Ok(diesel::update(same).set((columns(self), accounts::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![
            Cell::text(&one.code),
            Cell::text(row.names.get("parent").map_or("", |above| &above.code)),
            Cell::text(&one.name.ar),
            Cell::text(&one.name.en),
            Cell::text(said(one.side, &SIDES, lang)),
            Cell::yes_no(one.posting, lang),
            Cell::text(&one.gfsm),
            Cell::text(one.currency.clone().unwrap_or_default()),
            Cell::yes_no(one.budgeted, lang),
            Cell::yes_no(one.needs_party, lang),
            Cell::yes_no(one.needs_centre, lang),
            Cell::yes_no(one.trust, lang),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
        ]
    }

    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let parent_id = match cells.get("parent_code") {
            "" => None,
            code => {
                let above = of_code(tx, agency_id, code)?;
                if above.is_none() {
                    fields.push(FieldError::new("parent_code", "unknown"));
                }
                above
            }
        };
        let input = Self {
            parent_id,
            code: cells.text("code"),
            name: cells.name(),
            side: fields.take(cells.word("side", &SIDES)).unwrap_or(Side::Debit),
            posting: fields.take(cells.yes("posting", true)),
            gfsm: cells.text("gfsm"),
            currency: Some(cells.text("currency")).filter(|one| !one.is_empty()),
            budgeted: fields.take(cells.yes("budgeted", false)),
            needs_party: fields.take(cells.yes("needs_party", false)),
            needs_centre: fields.take(cells.yes("needs_centre", false)),
            trust: fields.take(cells.yes("trust", false)),
            active_from: fields.take(cells.day("active_from")).unwrap_or_default(),
            active_to: fields.take(cells.day("active_to")),
        };
        fields.done()?;
        Ok(input)
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        of_code(tx, agency_id, self.code.trim())
    }
}

fn of_code(tx: &mut ReadTx<'_>, agency_id: i64, code: &str) -> Outcome<Option<i64>> {
    Ok(accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::code.eq(code))
        .select(accounts::id)
        .first(tx.conn())
        .optional()?)
}
