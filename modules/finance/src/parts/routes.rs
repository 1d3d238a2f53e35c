//! The routes of the setup: its lists, what is not written in a form, and what fields of documents are offered.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use diwan_finance_api::{
    BankAccountInput, CentreInput, ClosingRuleInput, ControlInput, ControlLevel, Currency, LimitInput, PartPick,
    PartQuery, PartyInput, RateInput, SegmentInput, SegmentKind, VirementRuleInput,
};
use diwan_http::{ApiResult, IfMatch, InLang, Input, Require, Routes, download, read, rights, write};
use diwan_kernel::{Page, Permission};
use diwan_platform::{Platform, Refusal, sheet};
use serde::Deserialize;

use super::{currencies, handlers::part_routes, levels, pick};

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    part_routes!(group, PartyInput, "parties", "parties");
    part_routes!(group, CentreInput, "cost-centres", "cost centres");
    part_routes!(group, SegmentInput, "segments", "parts of the budget key");
    part_routes!(group, RateInput, "rates", "exchange rates");
    part_routes!(group, BankAccountInput, "bank-accounts", "bank accounts");
    part_routes!(group, LimitInput, "authority-limits", "authority limits");
    part_routes!(group, VirementRuleInput, "virement-rules", "rules of virement");
    part_routes!(group, ClosingRuleInput, "closing-rules", "closing rules");
    group
        .get("/finance/control-levels", list_levels, "How deep the budget is controlled, by year and part")
        .answers::<Page<ControlLevel>>();
    group
        .put("/finance/control-levels/{year}", change_level, "Changes a level in a year without budget lines")
        .takes::<ControlInput>()
        .answers::<ControlLevel>();
    group.get("/finance/control-levels/export", export_levels, "The levels as XLSX; ?lang=ar or en");
    group.get("/finance/currencies", list_currencies, "The currencies").answers::<Page<Currency>>();
    group.get("/finance/currencies/export", export_currencies, "The currencies as XLSX; ?lang=ar or en");
    group
        .get(
            "/finance/pick/{what}",
            offered,
            "What a field names: accounts of ?day=, parties, centres, keys of ?year_id=, segments of ?kind=",
        )
        .answers::<Vec<PartPick>>();
}

async fn list_levels(
    actor: Require<rights::FinanceRead>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<ControlLevel>>> {
    let items = read(&platform, actor.0, |tx, actor| levels::list(tx, actor.agency_id)).await?;
    Ok(web::Json(Page { items, next: None, total: None }))
}

async fn change_level(
    actor: Require<rights::FinanceStructure>,
    year: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<ControlInput>,
) -> ApiResult<web::Json<ControlLevel>> {
    let year = *year;
    let changed = write(&platform, actor.0, "finance.level.update", move |tx, actor| {
        levels::change(tx, actor, (year, version.0), &body)
    });
    Ok(web::Json(changed.await?))
}

async fn export_levels(
    actor: Require<rights::Export>,
    platform: web::Data<Platform>,
    lang: web::Query<InLang>,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let lang = lang.lang();
    let file = write(&platform, actor.0, "finance.level.export", move |tx, actor| levels::export(tx, actor, lang));
    Ok(download(file.await?, sheet::MEDIA_TYPE, "control-levels.xlsx"))
}

async fn list_currencies(
    actor: Require<rights::FinanceRead>,
    platform: web::Data<Platform>,
    query: web::Query<PartQuery>,
) -> ApiResult<web::Json<Page<Currency>>> {
    let items =
        read(&platform, actor.0, move |tx, _| currencies::list(tx, query.q.as_deref().unwrap_or_default())).await?;
    Ok(web::Json(Page { items, next: None, total: None }))
}

async fn export_currencies(
    actor: Require<rights::Export>,
    platform: web::Data<Platform>,
    lang: web::Query<InLang>,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let lang = lang.lang();
    let file =
        write(&platform, actor.0, "finance.currency.export", move |tx, actor| currencies::export(tx, actor, lang));
    Ok(download(file.await?, sheet::MEDIA_TYPE, "currencies.xlsx"))
}

/// What was typed, and among what it is looked for.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    q: String,
    year_id: Option<i64>,
    kind: Option<SegmentKind>,
    day: Option<NaiveDate>,
    #[serde(default)]
    leaves: bool,
}

async fn offered(
    actor: Require<rights::FinanceRead>,
    what: web::Path<String>,
    platform: web::Data<Platform>,
    typed: web::Query<Typed>,
) -> ApiResult<web::Json<Vec<PartPick>>> {
    let found = read(&platform, actor.0, move |tx, actor| {
        let (agency_id, q) = (actor.agency_id, typed.q.as_str());
        match what.as_str() {
            "accounts" => pick::accounts(tx, agency_id, q, typed.day),
            "parties" => pick::parties(tx, agency_id, q),
            "centres" => pick::centres(tx, agency_id, q),
            "keys" => {
                let year_id = typed.year_id.ok_or_else(|| Refusal::field("year_id", "required"))?;
                pick::keys(tx, agency_id, year_id, q)
            }
            "segments" => {
                let kind = typed.kind.ok_or_else(|| Refusal::field("kind", "required"))?;
                pick::segments(tx, agency_id, (kind, typed.leaves), q)
            }
            _ => Err(Refusal::NotFound("pick")),
        }
    });
    Ok(web::Json(found.await?))
}
