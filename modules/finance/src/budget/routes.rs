//! The routes of the law out of a workbook, and of spending before it.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use diwan_finance_api::{
    DocumentStep, KeyInput, LawImport, LawQuery, PartRow, ProvisionalInput, ProvisionalRuleInput, ProvisionalStanding,
};
use diwan_http::{ApiResult, IdempotencyKey, InLang, Input, Require, Routes, created, download, read, rights, write};
use diwan_kernel::{Page, text};
use diwan_platform::{
    Outcome, Platform, Refusal, audit::export_noted, files::NewFile, records::state, sheet, work::once::once,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    law::{self, Workbook},
    provisional, standing, template,
};
use crate::parts::{
    handlers::{self, part_routes, table_routes},
    import::body,
};

type App = web::Data<Platform>;

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    part_routes!(group, ProvisionalRuleInput, "provisional-rules", "rules of spending before the law");
    // Lines of all kinds name a key: it is added, and never changed.
    group
        .get("/finance/keys", handlers::list::<KeyInput>, "The budget keys of one's agency, by page")
        .answers::<Page<PartRow<KeyInput>>>();
    group
        .post("/finance/keys", handlers::create::<KeyInput>, "Adds to the budget keys")
        .takes::<KeyInput>()
        .answers::<PartRow<KeyInput>>();
    table_routes!(group, KeyInput, "keys", "budget keys");
    group.get(
        "/finance/budget/law/template",
        law_template,
        "A workbook for the law of the year of ?on=, as XLSX; ?lang=ar or en",
    );
    group
        .post(
            "/finance/budget/law/import",
            law_import,
            "What a workbook with the law (the body) holds: ?preview=true; with ?hash= of what was looked at, its draft",
        )
        .answers::<LawImport>();
    group
        .get("/finance/budget/provisional", show_standing, "How far the year of ?on= stands on the one before")
        .answers::<ProvisionalStanding>();
    group
        .post("/finance/budget/provisional", draft, "Drafts the provisional appropriation up to a month")
        .takes::<ProvisionalInput>()
        .answers::<DocumentStep>();
}

/// The day whose year is meant.
#[derive(Deserialize)]
struct OnDay {
    on: NaiveDate,
}

async fn law_template(
    actor: Require<rights::FinanceBudget>,
    query: web::Query<OnDay>,
    in_lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (on, lang) = (query.on, in_lang.lang());
    let file = read(&app, actor.0.clone(), move |tx, actor| template::run(tx, actor, on, lang)).await?;
    let detail = json!({ "list": "budget_law_template", "on": on });
    write(&app, actor.0, "finance.budget.template", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "budget-law.xlsx"))
}

async fn law_import(
    actor: Require<rights::FinanceBudget>,
    key: IdempotencyKey,
    query: web::Query<LawQuery>,
    app: App,
    payload: web::Payload,
) -> ApiResult<web::Json<LawImport>> {
    let query = query.into_inner();
    let name = file_name(query.name.as_deref())?;
    let file = body(payload).await?;
    let bytes = bytes::Bytes::from(file);
    let reading = bytes.clone();
    let workbook: Outcome<Workbook> = app.db.blocking(move |_db| Workbook::read(&reading)).await;
    let workbook = workbook?;
    let looked = read(&app, actor.0.clone(), move |tx, actor| {
        law::look(tx, actor, &workbook, &query).map(|seen| (workbook, query, seen))
    });
    let (workbook, query, seen) = looked.await?;
    if query.preview || seen.wrong > 0 {
        return Ok(web::Json(seen));
    }
    if query.hash.as_deref() != Some(seen.hash.as_str()) {
        return Err(Refusal::rule("file_changed", []).into());
    }
    // What may not be taken leaves no file behind.
    let stored = app.blobs.save(bytes, &name).await.map_err(Refusal::from)?;
    let file = NewFile { name, stored };
    // The query names the workbook by its hash: it is the whole request.
    let made = write(&app, actor.0, "finance.budget.law", move |tx, actor| {
        once(tx, key.0.as_deref(), "finance.budget.law", &query, |tx| law::draft(tx, actor, (&workbook, &file), &query))
    });
    Ok(web::Json(made.await?))
}

/// What the file is called, as it is kept: a name, never a path.
fn file_name(name: Option<&str>) -> Outcome<String> {
    let last = name.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().trim();
    Ok(text::line("name", if last.is_empty() { "law.xlsx" } else { last }, text::NAME_MAX)?)
}

async fn show_standing(
    actor: Require<rights::FinanceRead>,
    query: web::Query<OnDay>,
    app: App,
) -> ApiResult<web::Json<ProvisionalStanding>> {
    let on = query.on;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| standing::run(tx, actor, on)).await?))
}

async fn draft(
    actor: Require<rights::FinanceBudget>,
    key: IdempotencyKey,
    input: Input<ProvisionalInput>,
    app: App,
) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let made = write(&app, actor.0, "finance.budget.provisional", move |tx, actor| {
        let id = once(tx, key.0.as_deref(), "finance.budget.provisional", &input, |tx| {
            provisional::draft(tx, actor, &input)
        })?;
        state::step(tx, id)
    });
    Ok(created(made.await?))
}
