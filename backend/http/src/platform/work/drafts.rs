//! What one typed and has not sent yet.

use actix_web::{HttpResponse, Responder, web};
use diwan_platform::{Platform, work::drafts};
use diwan_platform_api::work::{Draft, DraftSummary, PutDraft};

use crate::{ApiResult, Input, Routes, SignedIn, no_content};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("drafts");
    routes.get("/drafts", list, "One's drafts without their content").answers::<Vec<DraftSummary>>();
    routes.get("/drafts/{key}", get, "The draft under a key").answers::<Draft>();
    routes.put("/drafts/{key}", put, "Keep a draft; the last write wins").takes::<PutDraft>().answers::<Draft>();
    routes.delete("/drafts/{key}", delete, "Forget a draft");
}

async fn list(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<impl Responder> {
    Ok(web::Json(platform.db.read(move |tx| drafts::list(tx, &actor)).await?))
}

async fn get(actor: SignedIn, platform: web::Data<Platform>, key: web::Path<String>) -> ApiResult<impl Responder> {
    Ok(web::Json(platform.db.read(move |tx| drafts::get(tx, &actor, &key)).await?))
}

async fn put(
    actor: SignedIn,
    platform: web::Data<Platform>,
    key: web::Path<String>,
    draft: Input<PutDraft>,
) -> ApiResult<impl Responder> {
    Ok(web::Json(drafts::put(&platform, &actor, key.into_inner(), draft.into_inner().body).await?))
}

async fn delete(actor: SignedIn, platform: web::Data<Platform>, key: web::Path<String>) -> ApiResult<HttpResponse> {
    drafts::delete(&platform, &actor, key.into_inner()).await?;
    Ok(no_content())
}
