//! The chart of accounts (دليل الحسابات) of an agency.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{ACCOUNT_CODE_MAX, Account, AccountInput, valid_account_code, valid_gfsm};
use diwan_kernel::{FieldError, Lang, Named};
use diwan_platform::{
    Actor, Fields, Outcome, Refusal,
    sheet::{Cell, Column, SheetWriter},
};
use diwan_schema::finance::{accounts, period_balances};

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
}

impl AccountRow {
    fn view(self) -> Outcome<Account> {
        Ok(Account {
            id: self.id,
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
            active_from: self.active_from,
            active_to: self.active_to,
            version: self.version,
        })
    }
}

/// The accounts of an agency in the order of their codes.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Account>> {
    let rows: Vec<AccountRow> = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .order(accounts::code)
        .select(AccountRow::as_select())
        .load(tx.conn())?;
    rows.into_iter().map(AccountRow::view).collect()
}

fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<Account> {
    accounts::table
        .find(id)
        .filter(accounts::agency_id.eq(agency_id))
        .select(AccountRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("account"))?
        .view()
}

/// Adds an account.
///
/// # Errors
/// Wrong fields.
pub fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &AccountInput) -> Outcome<Account> {
    let input = checked(tx, actor.agency_id, None, input)?;
    let id = insert(tx, actor.agency_id, &input)?;
    tx.audit(Audit::of("account", id).after(&input))?;
    load(tx, actor.agency_id, id)
}

/// Puts a checked account into the database.
pub(super) fn insert(tx: &mut WriteTx<'_>, agency_id: i64, input: &AccountInput) -> Outcome<i64> {
    Ok(diesel::insert_into(accounts::table)
        .values((accounts::agency_id.eq(agency_id), columns(input), accounts::version.eq(1_i64)))
        .returning(accounts::id)
        .get_result(tx.conn())?)
}

/// Changes an account. One that was posted to stays a leaf of its side.
///
/// # Errors
/// Not found; another version; wrong fields; `account_used` for what its lines rely on.
pub fn change(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &AccountInput) -> Outcome<Account> {
    let before = load(tx, actor.agency_id, id)?;
    if before.version != version {
        return Err(Refusal::stale("account", before.version, version));
    }
    let input = checked(tx, actor.agency_id, Some(id), input)?;
    let relied_on = (before.side, before.posting, before.budgeted) != (input.side, input.posting, input.budgeted);
    if relied_on && is_used(tx, id)? {
        return Err(Refusal::rule("account_used", [("code", before.code)]));
    }
    let same = accounts::table.filter(accounts::id.eq(id)).filter(accounts::version.eq(version));
    let rows = diesel::update(same).set((columns(&input), accounts::version.eq(version + 1))).execute(tx.conn())?;
    if rows == 0 {
        return Err(Refusal::stale("account", version + 1, version));
    }
    let after = load(tx, actor.agency_id, id)?;
    tx.audit(Audit::of("account", id).before(&before).after(&after))?;
    Ok(after)
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
    let (needs_party, needs_centre): (bool, bool) = (input.needs_party, input.needs_centre);
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
    clean.currency = input.currency.as_deref().map(str::trim).filter(|one| !one.is_empty()).map(str::to_uppercase);
    if clean.currency.as_ref().is_some_and(|one| one.len() != 3 || !one.bytes().all(|byte| byte.is_ascii_uppercase())) {
        fields.push(FieldError::new("currency", "currency_form"));
    }
    if input.active_to.is_some_and(|last| last < input.active_from) {
        fields.push(FieldError::new("active_to", "before_begin"));
    }
    let all = list(tx, agency_id)?;
    if all.iter().any(|other| other.code == clean.code && Some(other.id) != id) {
        fields.push(FieldError::new("code", "taken"));
    }
    if let Some(above) = clean.parent_id {
        match all.iter().find(|one| one.id == above) {
            None => fields.push(FieldError::new("parent_id", "unknown")),
            Some(above) if above.posting => {
                fields.push(FieldError::new("parent_id", "account_is_leaf").with("code", &above.code));
            }
            Some(_) if is_below(&all, above, id) => fields.push(FieldError::new("parent_id", "below_itself")),
            Some(_) => {}
        }
    }
    if clean.posting && id.is_some() && all.iter().any(|one| one.parent_id == id) {
        fields.push(FieldError::new("posting", "account_has_below"));
    }
    fields.done()?;
    Ok(clean)
}

/// Whether an account is the one that is changed, or stands below it.
fn is_below(all: &[Account], account: i64, changed: Option<i64>) -> bool {
    let above: BTreeMap<i64, Option<i64>> = all.iter().map(|one| (one.id, one.parent_id)).collect();
    let mut at = Some(account);
    for _ in 0..=all.len() {
        match at {
            None => return false,
            Some(id) if Some(id) == changed => return true,
            Some(id) => at = above.get(&id).copied().flatten(),
        }
    }
    true
}

/// The chart as an XLSX file; that it was taken away is noted.
///
/// # Errors
/// The database or the writing fails.
pub(super) fn export(tx: &mut WriteTx<'_>, actor: &Actor, lang: Lang) -> Outcome<Vec<u8>> {
    let all = list(tx, actor.agency_id)?;
    tx.audit(Audit::of("agency", actor.agency_id).detail(serde_json::json!({ "rows": all.len() })))?;
    let codes: BTreeMap<i64, &str> = all.iter().map(|one| (one.id, one.code.as_str())).collect();
    let columns = [
        Column::new("الرمز", "Code", 14),
        Column::new("رمز الأعلى", "Parent code", 14),
        Column::new("الاسم بالعربية", "Arabic name", 44),
        Column::new("الاسم بالإنجليزية", "English name", 44),
        Column::new("الطبيعة", "Side", 10),
        Column::new("حساب حركة", "Posting", 12),
        Column::new("رمز إحصاءات مالية الحكومة", "GFSM", 14),
        Column::new("العملة", "Currency", 10),
        Column::new("يخضع للموازنة", "Budgeted", 14),
        Column::new("يطلب جهة", "Asks for a party", 14),
        Column::new("يطلب مركز كلفة", "Asks for a cost centre", 14),
        Column::new("فعال من", "Active from", 14),
        Column::new("فعال إلى", "Active to", 14),
    ];
    let title = Named { ar: "دليل الحسابات".to_owned(), en: "Chart of accounts".to_owned() };
    let mut sheet = SheetWriter::new(lang, &title, &columns)?;
    let side = |one: &Account| match (lang, one.side) {
        (Lang::Ar, diwan_finance_api::Side::Debit) => "مدين",
        (Lang::Ar, diwan_finance_api::Side::Credit) => "دائن",
        (Lang::En, diwan_finance_api::Side::Debit) => "debit",
        (Lang::En, diwan_finance_api::Side::Credit) => "credit",
    };
    for one in &all {
        sheet.row(&[
            Cell::text(&one.code),
            Cell::text(one.parent_id.and_then(|id| codes.get(&id).copied()).unwrap_or_default()),
            Cell::text(&one.name.ar),
            Cell::text(&one.name.en),
            Cell::text(side(one)),
            Cell::yes_no(one.posting, lang),
            Cell::text(&one.gfsm),
            Cell::text(one.currency.clone().unwrap_or_default()),
            Cell::yes_no(one.budgeted, lang),
            Cell::yes_no(one.needs_party, lang),
            Cell::yes_no(one.needs_centre, lang),
            Cell::Day(one.active_from),
            one.active_to.map_or(Cell::Empty, Cell::Day),
        ])?;
    }
    sheet.finish()
}
