//! The routes of the setup: its lists, and what fields of documents are offered.

use actix_web::web;
use chrono::NaiveDate;
use diwan_finance_api::{
    BankAccountInput, CentreInput, ClosingRuleInput, ControlLevel, Currency, LimitInput, PartPick, PartRow, PartyInput,
    RateInput, SegmentInput, SegmentKind, VirementRuleInput,
};
use diwan_http::{ApiResult, Require, Routes, read, rights};
use diwan_kernel::Page;
use diwan_platform::{Platform, Refusal};
use serde::Deserialize;

use super::{
    handlers::{self, part_routes, table_routes},
    pick,
};

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
    part_routes!(group, Currency, "currencies", "currencies");
    // Levels come with their year: none is added.
    group
        .get(
            "/finance/control-levels",
            handlers::list::<ControlLevel>,
            "How deep the budget is controlled, by year and part",
        )
        .answers::<Page<PartRow<ControlLevel>>>();
    group
        .put(
            "/finance/control-levels/{id}",
            handlers::change::<ControlLevel>,
            "Changes a level in a year without budget lines",
        )
        .takes::<ControlLevel>()
        .answers::<PartRow<ControlLevel>>();
    table_routes!(group, ControlLevel, "control-levels", "control levels");
    group
        .get(
            "/finance/pick/{what}",
            offered,
            "What a field names: accounts of ?day=, parties, centres, keys of ?year_id=, segments of ?kind=; by the code of a \
             kind its leaves",
        )
        .answers::<Vec<PartPick>>();
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
            kind => match kind.parse() {
                Ok(kind) => pick::segments(tx, agency_id, (kind, true), q),
                Err(_) => Err(Refusal::NotFound("pick")),
            },
        }
    });
    Ok(web::Json(found.await?))
}
