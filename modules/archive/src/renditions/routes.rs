//! The routes of renditions, and the one that takes a file's password.

use actix_web::{HttpRequest, HttpResponse, web};
use diwan_archive_api::{FilePassword, Rendition, RenditionKind};
use diwan_db::Audit;
use diwan_http::{ApiResult, Input, Routes, SignedIn, no_content, platform::file_answer};
use diwan_platform::{Platform, Refusal, files::store as files};
use serde::Deserialize;

use super::store;
use crate::{Pictures, passwords};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group
        .get("/attachments/{id}/renditions/{kind}", show, "How far a file's PDF is: `view` or `searchable`")
        .answers::<Rendition>();
    group
        .post("/attachments/{id}/renditions/{kind}", ask, "Has a PDF made of a file, unless there is one")
        .answers::<Rendition>();
    group.get("/attachments/{id}/renditions/{kind}/content", content, "The PDF; `inline=1` shows it in the page");
    group
        .post("/attachments/{id}/password", unlock, "Reads the text of a protected file; the password is not kept")
        .takes::<FilePassword>();
}

async fn show(
    actor: SignedIn,
    path: web::Path<(i64, RenditionKind)>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Rendition>> {
    let (id, kind) = *path;
    Ok(web::Json(platform.db.read(move |tx| store::show(tx, &actor, id, kind)).await?))
}

async fn ask(
    actor: SignedIn,
    path: web::Path<(i64, RenditionKind)>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Rendition>> {
    let (id, kind) = *path;
    let asked = platform.db.write(actor.who(), "archive.rendition.ask", move |tx| {
        let rendition = store::ask(tx, &actor, id, kind)?;
        let (file, record) = files::load(tx, &actor, id)?;
        let detail = serde_json::json!({ "file": file.file_name, "kind": kind.code() });
        tx.audit(Audit::of_record(record.id).detail(detail))?;
        Ok::<_, Refusal>(rendition)
    });
    Ok(web::Json(asked.await?))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    inline: Option<u8>,
}

async fn content(
    actor: SignedIn,
    path: web::Path<(i64, RenditionKind)>,
    wanted: web::Query<Wanted>,
    platform: web::Data<Platform>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let (id, kind) = *path;
    let file = platform.db.read(move |tx| store::content(tx, &actor, id, kind)).await?;
    Ok(file_answer(&platform.blobs, &file, wanted.inline == Some(1), &request).await.map_err(Refusal::from)?)
}

async fn unlock(
    actor: SignedIn,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    pictures: web::Data<Pictures>,
    given: Input<FilePassword>,
) -> ApiResult<HttpResponse> {
    passwords::unlock(&platform, &pictures, actor.0, *id, given.into_inner()).await?;
    Ok(no_content())
}
