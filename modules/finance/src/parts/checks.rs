//! What several forms of the setup check alike.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{PART_CODE_MAX, PartPick, clean_iban, valid_bic, valid_iban};
use diwan_kernel::{FieldError, Named, text};
use diwan_platform::{Fields, Outcome};
use diwan_schema::{finance::currencies, platform::users};

/// A code that people give: one line.
pub(super) fn code(fields: &mut Fields, typed: &str) -> String {
    fields.take(text::line("code", typed, PART_CODE_MAX))
}

/// A text that may be empty.
pub(super) fn optional(fields: &mut Fields, field: &str, typed: &str, max: usize) -> String {
    if typed.trim().is_empty() { String::new() } else { fields.take(text::line(field, typed, max)) }
}

/// An IBAN, where one is given.
pub(super) fn iban(fields: &mut Fields, typed: &str) -> String {
    let clean = clean_iban(&text::fold(typed));
    if !clean.is_empty() && !valid_iban(&clean) || clean.is_empty() && !typed.trim().is_empty() {
        fields.push(FieldError::new("iban", "iban_form"));
    }
    clean
}

/// The code of a bank, where one is given.
pub(super) fn bic(fields: &mut Fields, typed: &str) -> String {
    let clean = typed.trim().to_uppercase();
    if !clean.is_empty() && !valid_bic(&clean) {
        fields.push(FieldError::new("bic", "bic_form"));
    }
    clean
}

/// The last day is not before the first.
pub(super) fn days(fields: &mut Fields, from: NaiveDate, to: Option<NaiveDate>) {
    if to.is_some_and(|last| last < from) {
        fields.push(FieldError::new("active_to", "before_begin"));
    }
}

/// Whether two spans of days have one in common; open ends have no last day.
pub(super) fn overlap(one: (NaiveDate, Option<NaiveDate>), other: (NaiveDate, Option<NaiveDate>)) -> bool {
    one.1.is_none_or(|last| other.0 <= last) && other.1.is_none_or(|last| one.0 <= last)
}

/// A currency that is in the table.
pub(super) fn currency(tx: &mut ReadTx<'_>, fields: &mut Fields, typed: &str) -> Outcome<String> {
    let code = typed.trim().to_uppercase();
    let found: Option<String> = currencies::table.find(&code).select(currencies::code).first(tx.conn()).optional()?;
    if found.is_none() {
        fields.push(FieldError::new("currency", "unknown_currency").with("code", &code));
    }
    Ok(code)
}

/// The people of these ids, with their user names for codes.
pub(super) fn people(tx: &mut ReadTx<'_>, ids: Vec<i64>) -> Outcome<BTreeMap<i64, PartPick>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, String, String, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::username, users::name_ar, users::name_en))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, code, ar, en)| (id, pick(id, code, ar, en))).collect())
}

/// The person of a user name in the agency; nobody for an empty one.
pub(super) fn person(tx: &mut ReadTx<'_>, fields: &mut Fields, agency_id: i64, username: &str) -> Outcome<Option<i64>> {
    if username.is_empty() {
        return Ok(None);
    }
    let found = users::table
        .filter(users::agency_id.eq(agency_id))
        .filter(users::username.eq(username.to_lowercase()))
        .select(users::id)
        .first(tx.conn())
        .optional()?;
    if found.is_none() {
        fields.push(FieldError::new("username", "unknown"));
    }
    Ok(found)
}

/// Whether the person is of the agency.
pub(super) fn is_person(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<bool> {
    let found: Option<i64> =
        users::table.find(id).filter(users::agency_id.eq(agency_id)).select(users::id).first(tx.conn()).optional()?;
    Ok(found.is_some())
}

/// What an id is called.
pub(super) fn pick(id: i64, code: String, ar: String, en: String) -> PartPick {
    PartPick { id, code, name: Named { ar, en }, available: None }
}

/// The names of a row: the fields that name something.
pub(super) fn names<const N: usize>(named: [(&str, Option<PartPick>); N]) -> BTreeMap<String, PartPick> {
    named.into_iter().filter_map(|(field, pick)| Some((field.to_owned(), pick?))).collect()
}
