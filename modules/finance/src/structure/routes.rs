//! The routes of fiscal years, periods and the chart of accounts.

use actix_web::{HttpResponse, web};
use chrono::TimeDelta;
use diwan_finance_api::{
    Account, AccountInput, ClosePeriod, FiscalPeriod, FiscalPeriodRow, FiscalYear, FiscalYearRow, NewFiscalYear,
    PartRow, PeriodKinds, REOPEN_HOURS_MAX, ReopenPeriod,
};
use diwan_http::{ApiResult, IfMatch, Input, Require, Routes, created, rights, write};
use diwan_kernel::{FieldError, Page};
use diwan_platform::{Platform, Refusal};

use super::{accounts, kinds, periods, table, years};
use crate::parts::handlers::{self, table_routes};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group.get("/finance/years", list_years, "The fiscal years of one's agency").answers::<Vec<FiscalYear>>();
    group
        .post(
            "/finance/years",
            open_year,
            "Opens a fiscal year; the first one brings the ready chart and parts of the key",
        )
        .takes::<NewFiscalYear>()
        .answers::<FiscalYear>();
    group
        .post("/finance/periods/{id}/close", close, "Closes a period, softly or wholly")
        .takes::<ClosePeriod>()
        .answers::<FiscalPeriod>();
    group
        .post("/finance/periods/{id}/reopen", reopen, "Opens a closed period for some hours")
        .takes::<ReopenPeriod>()
        .answers::<FiscalPeriod>();
    group
        .put("/finance/periods/{id}/kinds", set_kinds, "Says which kinds of documents an open period takes no more")
        .takes::<PeriodKinds>()
        .answers::<FiscalPeriod>();
    table_routes!(group, FiscalYearRow, "years", "fiscal years");
    // Periods come with their year: none is added, and their steps have routes of their own.
    group
        .get("/finance/periods", handlers::list::<FiscalPeriodRow>, "The periods of one's agency, by page")
        .answers::<Page<PartRow<FiscalPeriodRow>>>();
    table_routes!(group, FiscalPeriodRow, "periods", "periods, with the kinds of documents closed in them");
    group.get("/finance/accounts", list_accounts, "The chart of accounts").answers::<Vec<Account>>();
    group.post("/finance/accounts", create, "Adds an account").takes::<AccountInput>().answers::<Account>();
    group.put("/finance/accounts/{id}", change, "Changes an account").takes::<AccountInput>().answers::<Account>();
    table_routes!(group, AccountInput, "accounts", "chart of accounts");
}

async fn list_years(
    actor: Require<rights::FinanceRead>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Vec<FiscalYear>>> {
    Ok(web::Json(platform.db.read(move |tx| years::list(tx, actor.agency_id)).await?))
}

async fn open_year(
    actor: Require<rights::FinanceStructure>,
    platform: web::Data<Platform>,
    body: Input<NewFiscalYear>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "finance.year.create", move |tx, actor| {
        let id = table::open(tx, actor.agency_id, body.year)?;
        years::opened(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn close(
    actor: Require<rights::FinanceClose>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<ClosePeriod>,
) -> ApiResult<web::Json<FiscalPeriod>> {
    let id = *id;
    let closed = write(&platform, actor.0, "finance.period.close", move |tx, actor| {
        periods::close(tx, actor, id, version.0, body.to)
    });
    Ok(web::Json(closed.await?))
}

async fn reopen(
    actor: Require<rights::FinanceClose>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<ReopenPeriod>,
) -> ApiResult<web::Json<FiscalPeriod>> {
    let id = *id;
    let opened = write(&platform, actor.0, "finance.period.reopen", move |tx, actor| {
        if !(1..=REOPEN_HOURS_MAX).contains(&body.hours) {
            let wrong = FieldError::new("hours", "out_of_range").with("min", 1).with("max", REOPEN_HOURS_MAX);
            return Err(Refusal::from(wrong));
        }
        let until = tx.now() + TimeDelta::hours(i64::from(body.hours));
        periods::reopen(tx, actor, id, version.0, (&body.reason, until))
    });
    Ok(web::Json(opened.await?))
}

async fn set_kinds(
    actor: Require<rights::FinanceClose>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<PeriodKinds>,
) -> ApiResult<web::Json<FiscalPeriod>> {
    let id = *id;
    let set = write(&platform, actor.0, "finance.period.kinds", move |tx, actor| {
        kinds::set(tx, actor, (id, version.0), &body.closed)
    });
    Ok(web::Json(set.await?))
}

async fn list_accounts(
    actor: Require<rights::FinanceRead>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Vec<Account>>> {
    Ok(web::Json(platform.db.read(move |tx| accounts::list(tx, actor.agency_id)).await?))
}

async fn create(
    actor: Require<rights::FinanceStructure>,
    platform: web::Data<Platform>,
    body: Input<AccountInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "finance.account.create", move |tx, actor| accounts::create(tx, actor, &body));
    Ok(created(made.await?))
}

async fn change(
    actor: Require<rights::FinanceStructure>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<AccountInput>,
) -> ApiResult<web::Json<Account>> {
    let id = *id;
    let changed = write(&platform, actor.0, "finance.account.update", move |tx, actor| {
        accounts::change(tx, actor, id, version.0, &body)
    });
    Ok(web::Json(changed.await?))
}
