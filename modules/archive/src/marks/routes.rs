//! The routes of stamps and notes.

use actix_web::web;
use diwan_archive_api::{NewPageMark, PageMarks};
use diwan_http::{ApiResult, Input, Require, Routes, SignedIn, rights};
use diwan_platform::Platform;

use super::{change, store};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/attachments/{id}/marks", list, "Stamps and notes over the pages of a file").answers::<PageMarks>();
    group
        .post("/attachments/{id}/marks", add, "Puts a stamp or a note on a page")
        .takes::<NewPageMark>()
        .answers::<PageMarks>();
    group.delete("/attachments/{id}/marks/{mark}", remove, "Takes a stamp or a note away").answers::<PageMarks>();
}

async fn list(actor: SignedIn, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<web::Json<PageMarks>> {
    Ok(web::Json(platform.db.read(move |tx| store::list(tx, &actor, *id)).await?))
}

async fn add(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Input<NewPageMark>,
) -> ApiResult<web::Json<PageMarks>> {
    let marks = platform
        .db
        .write(actor.who(), "archive.mark.add", move |tx| {
            change::add(tx, &actor, *id, &body)?;
            store::list(tx, &actor, *id)
        })
        .await?;
    Ok(web::Json(marks))
}

async fn remove(
    actor: Require<rights::ArchiveFile>,
    path: web::Path<(i64, i64)>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<PageMarks>> {
    let (id, mark) = *path;
    let marks = platform
        .db
        .write(actor.who(), "archive.mark.remove", move |tx| {
            change::remove(tx, &actor, id, mark)?;
            store::list(tx, &actor, id)
        })
        .await?;
    Ok(web::Json(marks))
}
