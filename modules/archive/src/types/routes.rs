//! The routes of kinds of documents and of tags.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{DocumentType, DocumentTypeInput, Tag};
use diwan_http::{ApiResult, IfMatch, Input, Require, Routes, created, read, rights, write};
use diwan_platform::Platform;

use super::{save, store, tags};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/types", list, "The kinds of documents with their fields").answers::<Vec<DocumentType>>();
    group
        .post("/archive/types", create, "Adds a kind of documents")
        .takes::<DocumentTypeInput>()
        .answers::<DocumentType>();
    group
        .put("/archive/types/{id}", change, "Changes a kind of documents")
        .takes::<DocumentTypeInput>()
        .answers::<DocumentType>();
    group.get("/archive/tags", used, "The tags in one's sight, those most used first").answers::<Vec<Tag>>();
}

async fn list(
    actor: Require<rights::ArchiveRead>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Vec<DocumentType>>> {
    Ok(web::Json(read(&platform, actor.0, |tx, actor| store::list(tx, actor.agency_id)).await?))
}

async fn create(
    actor: Require<rights::ArchivePlan>,
    platform: web::Data<Platform>,
    body: Input<DocumentTypeInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "archive.type.create", move |tx, actor| save::create(tx, actor, &body));
    Ok(created(made.await?))
}

async fn change(
    actor: Require<rights::ArchivePlan>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<DocumentTypeInput>,
) -> ApiResult<web::Json<DocumentType>> {
    let id = *id;
    let changed = write(&platform, actor.0, "archive.type.update", move |tx, actor| {
        save::change(tx, actor, id, version.0, &body)
    });
    Ok(web::Json(changed.await?))
}

async fn used(actor: Require<rights::ArchiveRead>, platform: web::Data<Platform>) -> ApiResult<web::Json<Vec<Tag>>> {
    Ok(web::Json(read(&platform, actor.0, tags::list).await?))
}
