//! The routes of holds.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{EndInput, Hold, HoldInput};
use diwan_http::{ApiResult, Input, Require, Routes, created, read, rights, write};
use diwan_platform::Platform;

use super::{lift, set, store};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/holds", list, "The holds of one's agency, those in force first").answers::<Vec<Hold>>();
    group
        .post("/archive/holds", set_one, "Sets a hold on records, on a file, or on a class with all below it")
        .takes::<HoldInput>()
        .answers::<Hold>();
    group
        .post("/archive/holds/{id}/lift", lift_one, "Lifts a hold with a reason")
        .takes::<EndInput>()
        .answers::<Hold>();
}

async fn list(
    actor: Require<rights::ArchiveDispose>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Vec<Hold>>> {
    Ok(web::Json(read(&platform, actor.0, |tx, actor| store::list(tx, actor.agency_id)).await?))
}

async fn set_one(
    actor: Require<rights::ArchiveDispose>,
    platform: web::Data<Platform>,
    body: Input<HoldInput>,
) -> ApiResult<HttpResponse> {
    let hold = write(&platform, actor.0, "archive.hold.set", move |tx, actor| set::run(tx, actor, &body)).await?;
    Ok(created(hold))
}

async fn lift_one(
    actor: Require<rights::ArchiveDispose>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Input<EndInput>,
) -> ApiResult<web::Json<Hold>> {
    let id = *id;
    let lifted = write(&platform, actor.0, "archive.hold.lift", move |tx, actor| lift::run(tx, actor, id, &body));
    Ok(web::Json(lifted.await?))
}
