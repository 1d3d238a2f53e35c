//! Grants of access, and who saw what.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform, audit,
    records::{grants, requests, views},
    sheet,
};
use diwan_platform_api::{
    access::{AccessRequest, Decision, Grant, NewClassGrant, NewGrant, NewRequest, RequestState, ViewEntry, ViewQuery},
    records::Ref,
};

use serde::Deserialize;

use crate::{ApiResult, InLang, Input, Require, Routes, SignedIn, download, no_content, read, rights, write};

type Grants = Require<rights::AccessGrant>;
type Id = web::Path<i64>;
type App = web::Data<Platform>;

pub(super) fn routes(routes: &mut Routes) {
    let r = routes.group("access");
    r.get("/records/{id}/grants", of_record, "Who was granted a record").answers::<Vec<Grant>>();
    r.post("/records/{id}/grants", give, "Lets somebody see a record until a day")
        .takes::<NewGrant>()
        .answers::<Vec<Grant>>();
    r.delete("/grants/{id}", revoke, "Takes a grant back");
    r.get("/class-grants", of_classes, "Who sees the records of which class").answers::<Vec<Grant>>();
    r.post("/class-grants", give_class, "Lets somebody see the records of a class")
        .takes::<NewClassGrant>()
        .answers::<Vec<Grant>>();
    r.get("/grants/roles", roles, "The roles that something can be granted to").answers::<Vec<Ref>>();
    r.post("/access-requests", ask, "Asks to see a record; the answer never tells whether there is one")
        .takes::<NewRequest>();
    r.get("/access-requests/mine", mine, "One's own requests").answers::<Vec<AccessRequest>>();
    r.get("/access-requests", requested, "Requests to decide on; ?state=open, approved or refused")
        .answers::<Vec<AccessRequest>>();
    r.post("/access-requests/{id}/decide", decide, "Approves a request until a day, or refuses it with a reason")
        .takes::<Decision>();
    r.get("/views", seen, "Who saw what, the newest first").answers::<Page<ViewEntry>>();
    r.get("/views/export", export, "Who saw what as XLSX: the list's filters, and ?lang=ar or en");
}

async fn of_record(actor: Grants, id: Id, app: App) -> ApiResult<web::Json<Vec<Grant>>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| grants::of_record(tx, actor, id)).await?))
}

async fn give(actor: Grants, id: Id, input: Input<NewGrant>, app: App) -> ApiResult<web::Json<Vec<Grant>>> {
    let id = *id;
    let given = write(&app, actor.0, "platform.access.grant", move |tx, actor| {
        grants::give(tx, actor, id, &input)?;
        grants::of_record(tx, actor, id)
    });
    Ok(web::Json(given.await?))
}

async fn revoke(actor: Grants, id: Id, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "platform.access.revoke", move |tx, actor| grants::revoke(tx, actor, id)).await?;
    Ok(no_content())
}

async fn of_classes(actor: Grants, app: App) -> ApiResult<web::Json<Vec<Grant>>> {
    Ok(web::Json(read(&app, actor.0, grants::of_classes).await?))
}

async fn give_class(actor: Grants, input: Input<NewClassGrant>, app: App) -> ApiResult<web::Json<Vec<Grant>>> {
    let given = write(&app, actor.0, "platform.access.grant_class", move |tx, actor| {
        grants::give_class(tx, actor, &input)?;
        grants::of_classes(tx, actor)
    });
    Ok(web::Json(given.await?))
}

async fn roles(actor: Grants, app: App) -> ApiResult<web::Json<Vec<Ref>>> {
    Ok(web::Json(read(&app, actor.0, grants::roles_to_pick).await?))
}

async fn ask(actor: SignedIn, input: Input<NewRequest>, app: App) -> ApiResult<HttpResponse> {
    write(&app, actor.0, "platform.access.request", move |tx, actor| requests::ask(tx, actor, &input)).await?;
    Ok(no_content())
}

async fn mine(actor: SignedIn, app: App) -> ApiResult<web::Json<Vec<AccessRequest>>> {
    Ok(web::Json(read(&app, actor.0, requests::mine).await?))
}

/// Which requests.
#[derive(Deserialize)]
struct InState {
    state: Option<RequestState>,
}

async fn requested(actor: Grants, wanted: web::Query<InState>, app: App) -> ApiResult<web::Json<Vec<AccessRequest>>> {
    let state = wanted.state.unwrap_or(RequestState::Open);
    Ok(web::Json(read(&app, actor.0, move |tx, actor| requests::list(tx, actor, state)).await?))
}

async fn decide(actor: Grants, id: Id, input: Input<Decision>, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "platform.access.decide", move |tx, actor| requests::decide(tx, actor, id, &input)).await?;
    Ok(no_content())
}

async fn seen(
    actor: Require<rights::ViewsRead>,
    query: web::Query<ViewQuery>,
    app: App,
) -> ApiResult<web::Json<Page<ViewEntry>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| views::list(tx, actor, &query)).await?))
}

async fn export(
    actor: Require<rights::ViewsRead>,
    query: web::Query<ViewQuery>,
    in_lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), in_lang.lang());
    let minutes = app.db.config().utc_offset_minutes;
    let file = read(&app, actor.0.clone(), move |tx, actor| views::export(tx, actor, &query, lang, minutes));
    let (file, rows) = file.await?;
    let detail = serde_json::json!({ "rows": rows });
    write(&app, actor.0, "platform.views.export", move |tx, actor| audit::export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "views.xlsx"))
}
