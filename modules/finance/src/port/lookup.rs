//! What other modules name: parties, accounts and budget keys of the actor's agency, by their codes or by typing.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::PartPick;
use diwan_kernel::{Named, text};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{accounts, budget_keys, budget_lines, parties, segments};

use crate::{parts::pick, structure::years};

/// The active party of a code.
///
/// # Errors
/// `party_unknown` with the code.
pub fn party(tx: &mut ReadTx<'_>, actor: &Actor, code: &str) -> Outcome<PartPick> {
    let code = text::latin_digits(code);
    let found: Option<(i64, String, String)> = parties::table
        .filter(parties::agency_id.eq(actor.agency_id))
        .filter(parties::active.eq(true))
        .filter(parties::code.eq(&code))
        .select((parties::id, parties::name_ar, parties::name_en))
        .first(tx.conn())
        .optional()?;
    let Some((id, ar, en)) = found else { return Err(Refusal::rule("party_unknown", [("code", code)])) };
    Ok(PartPick { id, code, name: Named { ar, en }, available: None })
}

/// Active parties that have the words, at most as many as a list offers.
///
/// # Errors
/// The database fails.
pub fn parties(tx: &mut ReadTx<'_>, actor: &Actor, typed: &str) -> Outcome<Vec<PartPick>> {
    pick::parties(tx, actor.agency_id, typed)
}

/// The account of a code that takes lines on a day.
///
/// # Errors
/// `account_unknown` with the code, also for one that takes no lines or is not in force.
pub fn account(tx: &mut ReadTx<'_>, actor: &Actor, code: &str, on: NaiveDate) -> Outcome<PartPick> {
    let code = text::latin_digits(code);
    let found: Option<(i64, String, String)> = accounts::table
        .filter(accounts::agency_id.eq(actor.agency_id))
        .filter(accounts::posting.eq(true))
        .filter(accounts::active_from.le(on))
        .filter(accounts::active_to.is_null().or(accounts::active_to.ge(on)))
        .filter(accounts::code.eq(&code))
        .select((accounts::id, accounts::name_ar, accounts::name_en))
        .first(tx.conn())
        .optional()?;
    let Some((id, ar, en)) = found else { return Err(Refusal::rule("account_unknown", [("code", code)])) };
    Ok(PartPick { id, code, name: Named { ar, en }, available: None })
}

/// Accounts that take lines on a day and have the words.
///
/// # Errors
/// The database fails.
pub fn accounts(tx: &mut ReadTx<'_>, actor: &Actor, typed: &str, on: NaiveDate) -> Outcome<Vec<PartPick>> {
    pick::accounts(tx, actor.agency_id, typed, Some(on))
}

/// The budget key of a code in the fiscal year of a day, named by its item, with what may still be committed on its line.
///
/// # Errors
/// `key_unknown` with the code; no fiscal year has the day.
pub fn key(tx: &mut ReadTx<'_>, actor: &Actor, code: &str, on: NaiveDate) -> Outcome<PartPick> {
    let code = text::latin_digits(code);
    let year_id = years::of_day(tx, actor.agency_id, on)?;
    let found: Option<(i64, i64, i64)> = budget_keys::table
        .filter(budget_keys::agency_id.eq(actor.agency_id))
        .filter(budget_keys::year_id.eq(year_id))
        .filter(budget_keys::code.eq(&code))
        .select((budget_keys::id, budget_keys::line_id, budget_keys::item_id))
        .first(tx.conn())
        .optional()?;
    let Some((id, line_id, item_id)) = found else { return Err(Refusal::rule("key_unknown", [("code", code)])) };
    let available: i64 = budget_lines::table.find(line_id).select(budget_lines::available).first(tx.conn())?;
    let (ar, en): (String, String) =
        segments::table.find(item_id).select((segments::name_ar, segments::name_en)).first(tx.conn())?;
    Ok(PartPick { id, code, name: Named { ar, en }, available: Some(available) })
}
