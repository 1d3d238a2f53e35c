//! The routes of closing: cockpit, sign-offs, seals and reopenings of periods.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{AcceptInput, Cockpit, FiscalPeriod, Reopening, SignOffInput, TouchedEntry, UsualRules};
use diwan_http::{ApiResult, IfMatch, Input, Require, Routes, download, read, rights, write};
use diwan_kernel::{Page, PageRequest, Permission};
use diwan_platform::{Actor, Platform, Refusal, audit::export_noted, records::seals};
use serde_json::json;

use super::{book, cockpit, gate, reopenings, rules, signing};

type Id = web::Path<i64>;
type App = web::Data<Platform>;

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group
        .get("/finance/periods/{id}/cockpit", show, "What stands against closing a period, and who must act")
        .answers::<Cockpit>();
    group
        .post("/finance/periods/{id}/sign-offs", sign, "Signs off what a closing rule asks for")
        .takes::<SignOffInput>()
        .answers::<Cockpit>();
    group
        .post("/finance/periods/{id}/accept", accept, "Accepts a warning as it stands, with a reason")
        .takes::<AcceptInput>()
        .answers::<Cockpit>();
    group
        .get("/finance/periods/{id}/reopenings", list_reopenings, "The reopenings of a period, the latest first")
        .answers::<Vec<Reopening>>();
    group
        .get("/finance/reopenings/{id}/entries", touched, "What was posted to a period under a reopening")
        .answers::<Page<TouchedEntry>>();
    group
        .post("/finance/periods/{id}/seal", seal, "Seals a closed period for good, with a root hash over its book")
        .answers::<FiscalPeriod>();
    group.get("/finance/periods/{id}/book", sealed_book, "The sealed book of a period, to be checked offline");
    group
        .post("/finance/closing-rules/usual", set_usual, "Gives an agency without closing rules the usual ones")
        .answers::<UsualRules>();
}

async fn show(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<web::Json<Cockpit>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| cockpit::view(tx, actor, id)).await?))
}

/// Which right it takes says the rule.
async fn sign(
    actor: Require<rights::FinanceRead>,
    id: Id,
    app: App,
    input: Input<SignOffInput>,
) -> ApiResult<web::Json<Cockpit>> {
    let id = *id;
    let signed = write(&app, actor.0, "finance.period.sign_off", move |tx, actor| {
        signing::sign(tx, actor, id, &input)?;
        cockpit::view(tx, actor, id)
    });
    Ok(web::Json(signed.await?))
}

async fn accept(
    actor: Require<rights::FinanceClose>,
    id: Id,
    app: App,
    input: Input<AcceptInput>,
) -> ApiResult<web::Json<Cockpit>> {
    let id = *id;
    let accepted = write(&app, actor.0, "finance.period.accept", move |tx, actor| {
        gate::accept(tx, actor, id, &input)?;
        cockpit::view(tx, actor, id)
    });
    Ok(web::Json(accepted.await?))
}

async fn list_reopenings(
    actor: Require<rights::FinanceRead>,
    id: Id,
    app: App,
) -> ApiResult<web::Json<Vec<Reopening>>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| reopenings::list(tx, actor, id)).await?))
}

async fn touched(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<PageRequest>,
    app: App,
) -> ApiResult<web::Json<Page<TouchedEntry>>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| reopenings::entries(tx, actor, id, &query)).await?))
}

/// The book is made and stored first, and what is written then is short: everybody waits for that.
async fn seal(
    actor: Require<rights::FinanceClose>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<FiscalPeriod>> {
    actor.require(Permission::FinanceAuthorise)?;
    let (id, version, actor) = (*id, version.0, actor.0);
    let has_key = read(&app, actor.clone(), move |tx, actor| book::ready(tx, actor, id, version)).await?;
    if !has_key {
        make_key(&app, &actor).await?;
    }
    let built = read(&app, actor.clone(), move |tx, actor| book::build(tx, actor, id, version)).await?;
    let stored = app.blobs.save(built.bytes.clone().into(), "book.jsonl").await.map_err(Refusal::from)?;
    let secrets = app.secrets.clone();
    let sealed = write(&app, actor, "finance.period.seal", move |tx, actor| {
        book::seal(tx, &secrets, actor, id, (&built, &stored))
    });
    Ok(web::Json(sealed.await?))
}

/// An agency that has sealed nothing yet has no key.
async fn make_key(app: &App, actor: &Actor) -> ApiResult<()> {
    let secrets = app.secrets.clone();
    let made = write(app, actor.clone(), "finance.seal.key", move |tx, actor| {
        let (key_id, _) = seals::ensure_key(tx, &secrets, actor.agency_id)?;
        tx.audit(diwan_db::Audit::of("agency", actor.agency_id).detail(json!({ "key": key_id })))?;
        Ok(())
    });
    made.await
}

async fn sealed_book(actor: Require<rights::Export>, id: Id, app: App) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let id = *id;
    let found = write(&app, actor.0, "finance.period.book", move |tx, actor| {
        let found = (book::file(tx, actor, id)?, book::file_name(tx, actor, id)?);
        export_noted(tx, actor, json!({ "book": id }))?;
        Ok(found)
    });
    let ((hash, seal), name) = found.await?;
    let mut bytes = app.blobs.bytes(&hash).await.map_err(Refusal::from)?.to_vec();
    bytes.extend_from_slice(seal.as_bytes());
    bytes.push(b'\n');
    Ok(download(bytes, "application/x-ndjson", &name))
}

async fn set_usual(actor: Require<rights::FinanceClose>, app: App) -> ApiResult<web::Json<UsualRules>> {
    let set = write(&app, actor.0, "finance.closing_rule.usual", rules::set_usual);
    Ok(web::Json(set.await?))
}
