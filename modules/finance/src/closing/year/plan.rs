//! What the end of a year will do, or what it did.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable},
};
use diwan_db::ReadTx;
use diwan_finance_api::{BudgetEnd, Coded, DecisionTotal, YearEnd, YearEndState};
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Outcome, records::store as spine};
use diwan_platform_api::records::Ref;
use diwan_schema::finance::accounts;

use super::{
    commitments::{self, Totals},
    conditions, nominal,
    store::{self, EndRow, Year},
};
use crate::amounts;

/// The end of a year as its page shows it.
///
/// # Errors
/// Not found; the database fails; a sum does not fit.
pub fn view(tx: &mut ReadTx<'_>, actor: &Actor, year_id: i64) -> Outcome<YearEnd> {
    let year = store::year(tx, actor.agency_id, year_id)?;
    let end = store::end(tx, year_id)?;
    let state = end.as_ref().map(EndRow::state).transpose()?;
    let ended = state == Some(YearEndState::Ended);
    let totals = commitments::totals(tx, year_id)?;
    let accounts = nominal::accounts(tx, year_id)?;
    let (revenue, expense) = nominal::result(&accounts)?;
    let (closes, authorises) = (actor.can(Permission::FinanceClose), actor.can(Permission::FinanceAuthorise));
    let prepared = state == Some(YearEndState::Prepared);
    let prepared_by = end.as_ref().and_then(|end| end.prepared_by);
    let record_id = end.as_ref().and_then(|end| end.record_id);
    let number = match record_id {
        Some(id) => spine::load_for_system(tx, id)?.number,
        None => None,
    };
    Ok(YearEnd {
        year_id,
        year: year.year,
        state,
        version: end.as_ref().map_or(0, |end| end.version),
        surplus_account: end.as_ref().map(|end| coded(tx, end.surplus_account_id)).transpose()?,
        conditions: if ended { Vec::new() } else { conditions::of(tx, &year, (totals.undecided, totals.carry))? },
        accounts,
        revenue,
        expense,
        surplus: amounts::sum([revenue, -expense])?,
        open: totals.open()?,
        undecided: totals.undecided,
        carry: totals.carry,
        lapse: totals.lapse,
        held: held(tx, year_id)?,
        budget: budget(tx, &year, (&totals, record_id.filter(|_| ended)))?,
        prepared_by: person(tx, prepared_by)?,
        prepared_at: end.as_ref().and_then(|end| end.prepared_at),
        confirmed_by: person(tx, end.as_ref().and_then(|end| end.confirmed_by))?,
        confirmed_at: end.as_ref().and_then(|end| end.confirmed_at),
        record_id,
        number,
        may_prepare: closes && matches!(state, None | Some(YearEndState::Draft)),
        may_confirm: authorises && prepared && prepared_by != Some(actor.user_id),
        may_return: (closes || authorises) && prepared,
    })
}

fn person(tx: &mut ReadTx<'_>, id: Option<i64>) -> Outcome<Option<Ref>> {
    id.map(|id| spine::user_ref(tx, id)).transpose()
}

fn coded(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Coded> {
    let (code, ar, en) = accounts::table
        .find(id)
        .select((accounts::code, accounts::name_ar, accounts::name_en))
        .first::<(String, String, String)>(tx.conn())?;
    Ok(Coded { id, code, name: Named { ar, en } })
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// What of the open ones other modules hold.
///
/// # Errors
/// The database fails.
pub(super) fn held(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<DecisionTotal> {
    let text = format!(
        "SELECT COUNT(DISTINCT h.id) AS count, CAST(COALESCE(SUM(l.open), 0) AS BIGINT) AS amount
        FROM port_holds h JOIN port_hold_lines l ON l.hold_id = h.id WHERE h.year_id = {mark}1 AND l.open > 0",
        mark = tx.mark(),
    );
    let held: Held = sql_query(text).bind::<BigInt, _>(year_id).get_result(tx.conn())?;
    Ok(DecisionTotal { count: held.count, amount: held.amount })
}

#[derive(QueryableByName)]
struct Buckets {
    #[diesel(sql_type = BigInt)]
    revised: i64,
    #[diesel(sql_type = BigInt)]
    loose: i64,
    #[diesel(sql_type = BigInt)]
    pre_committed: i64,
    #[diesel(sql_type = BigInt)]
    committed: i64,
    #[diesel(sql_type = BigInt)]
    obligated: i64,
    #[diesel(sql_type = BigInt)]
    paid: i64,
}

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = BigInt)]
    carried: i64,
    #[diesel(sql_type = BigInt)]
    lapsed: i64,
    #[diesel(sql_type = BigInt)]
    pre_committed: i64,
}

/// What becomes of the budget: before the end as the lines and decisions are, after it as it was moved. What is owed of the year and
/// given up later lapses too: the budget of the year was what it was.
fn budget(tx: &mut ReadTx<'_>, year: &Year, (totals, record): (&Totals, Option<i64>)) -> Outcome<BudgetEnd> {
    let sum = |columns: &str, name: &str| format!("CAST(COALESCE(SUM({columns}), 0) AS BIGINT) AS {name}");
    let text = format!(
        "SELECT {revised}, {loose}, {pre_committed}, {committed}, {obligated}, {paid} FROM budget_lines WHERE year_id = {mark}1",
        revised = sum("revised", "revised"),
        loose = sum("unallotted + frozen + available", "loose"),
        pre_committed = sum("pre_committed", "pre_committed"),
        committed = sum("committed", "committed"),
        obligated = sum("obligated", "obligated"),
        paid = sum("paid", "paid"),
        mark = tx.mark(),
    );
    let now: Buckets = sql_query(text).bind::<BigInt, _>(year.id).get_result(tx.conn())?;
    if record.is_none() {
        return Ok(BudgetEnd {
            revised: now.revised,
            pre_committed: now.pre_committed - totals.reserved,
            carried: totals.carry.amount,
            lapsed: now.loose + now.pre_committed + now.committed - totals.carry.amount,
            obligated: now.obligated,
            paid: now.paid,
        });
    }
    let when = |rule: &str, name: &str| sum(&format!("CASE WHEN {rule} THEN amount ELSE 0 END"), name);
    let text = format!(
        "SELECT {carried}, {lapsed}, {pre_committed} FROM budget_moves WHERE record_id IN (
            SELECT CAST({mark}1 AS BIGINT) UNION ALL SELECT g.record_id FROM finance_documents g
                JOIN finance_documents s ON s.record_id = g.source_id
            WHERE g.kind = 'journal_voucher' AND g.source_id IS NOT NULL AND g.posted_at IS NOT NULL AND s.year_id = {mark}2)",
        carried = when("kind = 'lapse' AND source IN ('committed', 'pre_committed')", "carried"),
        lapsed = when("kind = 'lapse' AND source NOT IN ('committed', 'pre_committed')", "lapsed"),
        pre_committed = when("kind = 'release' AND source = 'pre_committed'", "pre_committed"),
        mark = tx.mark(),
    );
    let moved: Moved =
        sql_query(text).bind::<Nullable<BigInt>, _>(record).bind::<BigInt, _>(year.id).get_result(tx.conn())?;
    Ok(BudgetEnd {
        revised: now.revised + moved.carried + moved.lapsed,
        pre_committed: moved.pre_committed,
        carried: moved.carried,
        lapsed: moved.lapsed,
        obligated: now.obligated,
        paid: now.paid,
    })
}
