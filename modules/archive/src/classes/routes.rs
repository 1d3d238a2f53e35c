//! The routes of the classification plan. The body of an import is the file itself.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{ClassInput, DocumentClass, DocumentClasses};
use diwan_http::{
    ApiResult, IfMatch, Input, Require, Routes, SignedIn, created, download, no_content, read, rights, write,
};
use diwan_kernel::Lang;
use diwan_platform::{Platform, Refusal, sheet};
use diwan_platform_api::people::{ImportQuery, ImportReport};
use serde::Deserialize;

use super::{begin, export, import, remove, save, store};
use crate::body;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/classes", list, "The classification plan of one's agency").answers::<DocumentClasses>();
    group.post("/archive/classes", create, "Adds a class").takes::<ClassInput>().answers::<DocumentClass>();
    group
        .put("/archive/classes/{id}", change, "Changes, moves or closes a class")
        .takes::<ClassInput>()
        .answers::<DocumentClass>();
    group.delete("/archive/classes/{id}", delete, "Removes a class that nothing stands under");
    group.get("/archive/plan/export", to_sheet, "The plan as XLSX, or as CSV with `csv=1`; ?lang=ar or en");
    group
        .post("/archive/plan/import/preview", preview, "What a file (XLSX or CSV) would do to the plan, row by row")
        .answers::<ImportReport>();
    group
        .post(
            "/archive/plan/import/commit",
            commit,
            "Imports the file that was looked at (?hash=), whole or not at all",
        )
        .answers::<ImportReport>();
}

async fn list(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<web::Json<DocumentClasses>> {
    begin::ready(&platform, &actor).await?;
    Ok(web::Json(read(&platform, actor.0, |tx, actor| store::list(tx, actor.agency_id)).await?))
}

async fn create(
    actor: Require<rights::ArchivePlan>,
    platform: web::Data<Platform>,
    body: Input<ClassInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "archive.class.create", move |tx, actor| {
        begin::begin(tx, actor.agency_id)?;
        save::create(tx, actor, &body)
    });
    Ok(created(made.await?))
}

async fn change(
    actor: Require<rights::ArchivePlan>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<ClassInput>,
) -> ApiResult<web::Json<DocumentClass>> {
    let id = *id;
    let changed = write(&platform, actor.0, "archive.class.update", move |tx, actor| {
        save::change(tx, actor, id, version.0, &body)
    });
    Ok(web::Json(changed.await?))
}

async fn delete(
    actor: Require<rights::ArchivePlan>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&platform, actor.0, "archive.class.remove", move |tx, actor| remove::run(tx, actor, id)).await?;
    Ok(no_content())
}

#[derive(Deserialize)]
struct Taken {
    lang: Option<Lang>,
    csv: Option<u8>,
}

async fn to_sheet(
    actor: Require<rights::ArchivePlan>,
    query: web::Query<Taken>,
    platform: web::Data<Platform>,
) -> ApiResult<HttpResponse> {
    begin::ready(&platform, &actor).await?;
    let lang = query.lang.unwrap_or(Lang::Ar);
    let csv = query.csv == Some(1);
    let file = write(&platform, actor.0, "archive.class.export", move |tx, actor| export::run(tx, actor, lang, csv));
    let file = file.await?;
    Ok(match csv {
        true => download(file, "text/csv; charset=utf-8", "plan.csv"),
        false => download(file, sheet::MEDIA_TYPE, "plan.xlsx"),
    })
}

async fn preview(
    actor: Require<rights::ArchivePlan>,
    platform: web::Data<Platform>,
    body: web::Payload,
) -> ApiResult<web::Json<ImportReport>> {
    let file = body::whole(body, sheet::MAX_BYTES).await?;
    Ok(web::Json(import::run(&platform, actor.0, file, None).await?))
}

async fn commit(
    actor: Require<rights::ArchivePlan>,
    query: web::Query<ImportQuery>,
    platform: web::Data<Platform>,
    body: web::Payload,
) -> ApiResult<web::Json<ImportReport>> {
    let hash = query.into_inner().hash.ok_or_else(|| Refusal::field("hash", "required"))?;
    let file = body::whole(body, sheet::MAX_BYTES).await?;
    Ok(web::Json(import::run(&platform, actor.0, file, Some(hash)).await?))
}
