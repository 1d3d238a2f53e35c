//! The routes of the classification.

use actix_web::web;
use diwan_archive_api::DocumentClasses;
use diwan_http::{ApiResult, Input, Require, Routes, SignedIn, rights};
use diwan_platform::Platform;

use super::store;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/classes", list, "The classes of one's agency").answers::<DocumentClasses>();
    group.put("/archive/classes", save, "Replaces the classes").takes::<DocumentClasses>().answers::<DocumentClasses>();
}

async fn list(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<web::Json<DocumentClasses>> {
    Ok(web::Json(platform.db.read(move |tx| store::load(tx, actor.agency_id)).await?))
}

async fn save(
    actor: Require<rights::SettingsManage>,
    platform: web::Data<Platform>,
    body: Input<DocumentClasses>,
) -> ApiResult<web::Json<DocumentClasses>> {
    let who = actor.who();
    let saved = platform
        .db
        .write(who, "archive.classes.save", move |tx| store::save(tx, actor.agency_id, body.into_inner()))
        .await?;
    Ok(web::Json(saved))
}
