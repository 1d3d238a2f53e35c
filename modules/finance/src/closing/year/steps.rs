//! The steps of a year's end before it is confirmed: beginning it, preparing it, giving it back.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{BeginYearEnd, YearEndState};
use diwan_kernel::{FieldError, Permission};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{accounts, year_ends};
use serde_json::json;

use super::{
    commitments, conditions, nominal,
    store::{self, Year},
};
use crate::amounts;

/// The account of the ready chart that takes the result: net worth carried forward (صافي القيمة المدوّر).
const SURPLUS: &str = "6001";

/// Begins the end of a year, or changes the account of one that is not prepared yet.
///
/// # Errors
/// Not found; `year_end_begun` once it is prepared; an account that is none of net worth.
pub fn begin(tx: &mut WriteTx<'_>, actor: &Actor, year_id: i64, input: &BeginYearEnd) -> Outcome<()> {
    let year = store::year(tx, actor.agency_id, year_id)?;
    let code = input.surplus_account.trim();
    let account = surplus_account(tx, actor.agency_id, if code.is_empty() { SURPLUS } else { code })?;
    if store::end(tx, year_id)?.is_some() {
        let drafts = year_ends::table
            .filter(year_ends::year_id.eq(year_id))
            .filter(year_ends::state.eq(YearEndState::Draft.code()));
        let changed = diesel::update(drafts)
            .set((year_ends::surplus_account_id.eq(account), year_ends::version.eq(year_ends::version + 1)))
            .execute(tx.conn())?;
        if changed == 0 {
            return Err(begun(&year));
        }
    } else {
        diesel::insert_into(year_ends::table)
            .values((
                year_ends::year_id.eq(year_id),
                year_ends::agency_id.eq(actor.agency_id),
                year_ends::state.eq(YearEndState::Draft.code()),
                year_ends::surplus_account_id.eq(account),
                year_ends::version.eq(1_i64),
            ))
            .execute(tx.conn())
            .map_err(|error| {
                let error = diwan_db::DbError::from(error);
                if error.is_unique_violation() { begun(&year) } else { error.into() }
            })?;
    }
    tx.audit(Audit::of("fiscal_year", year_id).detail(json!({ "year_end": "draft", "surplus_account": account })))?;
    Ok(())
}

fn begun(year: &Year) -> Refusal {
    Refusal::rule("year_end_begun", [("year", year.year.to_string())])
}

/// An account of net worth that asks for nothing.
fn surplus_account(tx: &mut ReadTx<'_>, agency_id: i64, code: &str) -> Outcome<i64> {
    type Row = (i64, bool, String, Option<String>, bool, (bool, bool));
    let found: Option<Row> = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::code.eq(code))
        .select((
            accounts::id,
            accounts::posting,
            accounts::gfsm,
            accounts::currency,
            accounts::budgeted,
            (accounts::needs_party, accounts::needs_centre),
        ))
        .first(tx.conn())
        .optional()?;
    let wrong = |why: &str| Refusal::from(FieldError::new("surplus_account", why).with("code", code));
    let Some((id, posting, gfsm, currency, budgeted, (party, centre))) = found else { return Err(wrong("unknown")) };
    let stocks = ["61", "62", "63"].iter().any(|stock| gfsm.starts_with(stock));
    if !posting || !gfsm.starts_with('6') || stocks || currency.is_some() || budgeted || party || centre {
        return Err(wrong("surplus_account_kind"));
    }
    Ok(id)
}

/// What a preparation stands on: what the year leaves, and what is open of its commitments.
///
/// # Errors
/// `year_end_conditions`, `commitments_undecided`; the database fails; a sum does not fit.
pub(super) fn stands(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<(i64, i64)> {
    let totals = commitments::totals(tx, year.id)?;
    conditions::require(&conditions::of(tx, year, (totals.undecided, totals.carry))?)?;
    let (revenue, expense) = nominal::result(&nominal::accounts(tx, year.id)?)?;
    let surplus = amounts::sum([revenue, -expense])?;
    Ok((surplus, totals.open()?.amount))
}

/// Prepares the end of a year: it waits for another person to confirm it.
///
/// # Errors
/// Not found; not a draft; stale; `year_end_conditions`, `commitments_undecided`.
pub fn prepare(tx: &mut WriteTx<'_>, actor: &Actor, year_id: i64, version: i64) -> Outcome<()> {
    let year = store::year(tx, actor.agency_id, year_id)?;
    let row = store::end_in(tx, year_id, (YearEndState::Draft, "prepare_year_end"), Some(version))?;
    let (surplus, open) = stands(tx, &year)?;
    let now = tx.now();
    let same = year_ends::table
        .filter(year_ends::year_id.eq(year_id))
        .filter(year_ends::state.eq(YearEndState::Draft.code()))
        .filter(year_ends::version.eq(version));
    let prepared = diesel::update(same)
        .set((
            year_ends::state.eq(YearEndState::Prepared.code()),
            (year_ends::surplus.eq(surplus), year_ends::open_amount.eq(open)),
            (year_ends::prepared_by.eq(actor.user_id), year_ends::prepared_at.eq(now)),
            year_ends::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if prepared != 1 {
        return Err(Refusal::stale("year_end", row.version + 1, version));
    }
    let detail = json!({ "year_end": "prepared", "surplus": surplus, "open": open });
    tx.audit(Audit::of("fiscal_year", year_id).detail(detail))?;
    Ok(())
}

/// Gives a prepared end back: it is a draft again.
///
/// # Errors
/// A right is missing; not found; not prepared; stale.
pub fn give_back(tx: &mut WriteTx<'_>, actor: &Actor, year_id: i64, version: i64) -> Outcome<()> {
    if actor.require(Permission::FinanceClose).is_err() {
        actor.require(Permission::FinanceAuthorise)?;
    }
    store::year(tx, actor.agency_id, year_id)?;
    let row = store::end_in(tx, year_id, (YearEndState::Prepared, "return_year_end"), Some(version))?;
    let same = year_ends::table
        .filter(year_ends::year_id.eq(year_id))
        .filter(year_ends::state.eq(YearEndState::Prepared.code()))
        .filter(year_ends::version.eq(version));
    let returned = diesel::update(same)
        .set((
            year_ends::state.eq(YearEndState::Draft.code()),
            (year_ends::surplus.eq(None::<i64>), year_ends::open_amount.eq(None::<i64>)),
            (year_ends::prepared_by.eq(None::<i64>), year_ends::prepared_at.eq(None::<chrono::NaiveDateTime>)),
            year_ends::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if returned != 1 {
        return Err(Refusal::stale("year_end", row.version + 1, version));
    }
    tx.audit(Audit::of("fiscal_year", year_id).detail(json!({ "year_end": "draft" })))?;
    Ok(())
}
