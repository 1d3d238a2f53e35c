//! The routes of the end of a year.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{BeginYearEnd, DecideCommitments, YearEnd, YearEndCommitment, YearEndQuery};
use diwan_http::{
    ApiResult, IfMatch, InLang, Input, Require, Routes, Versioned, created, download, read, rights, write,
};
use diwan_kernel::{Page, Permission};
use diwan_platform::{Platform, audit::export_noted, sheet};
use serde_json::json;

use super::{commitments, decisions, plan, run, steps};

type Id = web::Path<i64>;
type App = web::Data<Platform>;

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group.get("/finance/years/{id}/end", show, "What the end of a year will do, or did").answers::<YearEnd>();
    group
        .post("/finance/years/{id}/end", begin, "Begins the end of a year, or changes the account of its result")
        .takes::<BeginYearEnd>()
        .answers::<YearEnd>();
    group
        .get("/finance/years/{id}/end/commitments", list, "The open commitments of a year with the decision on each")
        .answers::<Page<YearEndCommitment>>();
    group.get(
        "/finance/years/{id}/end/commitments/export",
        export,
        "The open commitments of a year as XLSX; ?lang=ar or en",
    );
    group
        .put("/finance/years/{id}/end/decisions", decide, "Carries commitments forward or lets them lapse")
        .takes::<DecideCommitments>()
        .answers::<YearEnd>();
    group
        .post("/finance/years/{id}/end/prepare", prepare, "Prepares the end of a year for confirmation")
        .answers::<YearEnd>();
    group.post("/finance/years/{id}/end/return", give_back, "Gives a prepared end of a year back").answers::<YearEnd>();
    group
        .post("/finance/years/{id}/end/confirm", confirm, "Confirms the end of a year: it is done")
        .answers::<YearEnd>();
}

async fn show(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<Versioned<YearEnd>> {
    let id = *id;
    let end = read(&app, actor.0, move |tx, actor| plan::view(tx, actor, id)).await?;
    Ok(Versioned(end.version, end))
}

async fn begin(
    actor: Require<rights::FinanceClose>,
    id: Id,
    app: App,
    input: Input<BeginYearEnd>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    let begun = write(&app, actor.0, "finance.year_end.begin", move |tx, actor| {
        steps::begin(tx, actor, id, &input)?;
        plan::view(tx, actor, id)
    });
    Ok(created(begun.await?))
}

async fn list(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<YearEndQuery>,
    app: App,
) -> ApiResult<web::Json<Page<YearEndCommitment>>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| commitments::list(tx, actor, id, &query)).await?))
}

async fn export(
    actor: Require<rights::Export>,
    id: Id,
    query: web::Query<YearEndQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (id, query, lang) = (*id, query.into_inner(), lang.lang());
    let file = write(&app, actor.0, "finance.year_end.export", move |tx, actor| {
        let (file, rows) = commitments::export(tx, actor, id, &query, lang)?;
        export_noted(tx, actor, json!({ "year_end": id, "rows": rows }))?;
        Ok(file)
    });
    Ok(download(file.await?, sheet::MEDIA_TYPE, "commitments.xlsx"))
}

async fn decide(
    actor: Require<rights::FinanceClose>,
    id: Id,
    app: App,
    input: Input<DecideCommitments>,
) -> ApiResult<web::Json<YearEnd>> {
    let id = *id;
    let decided = write(&app, actor.0, "finance.year_end.decide", move |tx, actor| {
        decisions::decide(tx, actor, id, &input)?;
        plan::view(tx, actor, id)
    });
    Ok(web::Json(decided.await?))
}

async fn prepare(
    actor: Require<rights::FinanceClose>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<YearEnd>> {
    let id = *id;
    let prepared = write(&app, actor.0, "finance.year_end.prepare", move |tx, actor| {
        steps::prepare(tx, actor, id, version.0)?;
        plan::view(tx, actor, id)
    });
    Ok(web::Json(prepared.await?))
}

/// Who prepares and who confirms may both give it back.
async fn give_back(
    actor: Require<rights::FinanceRead>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<YearEnd>> {
    let id = *id;
    let returned = write(&app, actor.0, "finance.year_end.return", move |tx, actor| {
        steps::give_back(tx, actor, id, version.0)?;
        plan::view(tx, actor, id)
    });
    Ok(web::Json(returned.await?))
}

async fn confirm(
    actor: Require<rights::FinanceAuthorise>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<YearEnd>> {
    let (id, secrets) = (*id, app.secrets.clone());
    let ended = write(&app, actor.0, "finance.year_end.confirm", move |tx, actor| {
        run::confirm(tx, &secrets, actor, id, version.0)?;
        plan::view(tx, actor, id)
    });
    Ok(web::Json(ended.await?))
}
