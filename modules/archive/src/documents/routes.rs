//! The routes of documents.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use diwan_archive_api::{Document, DocumentQuery, DocumentRow, NewDocument};
use diwan_db::WriteTx;
use diwan_http::{
    ApiResult, IdempotencyKey, IfMatch, Input, Require, Routes, Versioned, created, platform::receive, rights,
};
use diwan_kernel::{FieldError, Page};
use diwan_platform::{Outcome, Platform, Refusal, records::views, work::once::once};
use diwan_platform_api::access::ViewWay;

use super::{create, edit, list, store};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/documents", find, "The documents of the archive, page by page").answers::<Page<DocumentRow>>();
    group
        .post("/documents", file, "Files a document (multipart: `document` as JSON, then fields `files`)")
        .takes::<NewDocument>()
        .answers::<Document>();
    group.get("/documents/{id}", show, "A document with its files").answers::<Document>();
    group
        .put("/documents/{id}", change, "Changes what is said about a document")
        .takes::<NewDocument>()
        .answers::<Document>();
}

async fn find(
    actor: Require<rights::ArchiveRead>,
    query: web::Query<DocumentQuery>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<DocumentRow>>> {
    Ok(web::Json(platform.db.read(move |tx| list::run(tx, &actor, &query)).await?))
}

async fn show(
    actor: Require<rights::ArchiveRead>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<Versioned<Document>> {
    let asking = actor.0.clone();
    let document = platform.db.read(move |tx| store::view(tx, &asking, *id)).await?;
    views::note(&platform, &actor, (&document.head).into(), ViewWay::Open, "").await?;
    Ok(Versioned(document.head.version, document))
}

async fn file(
    actor: Require<rights::ArchiveFile>,
    key: IdempotencyKey,
    platform: web::Data<Platform>,
    body: Multipart,
) -> ApiResult<HttpResponse> {
    let mut form = receive(&platform, body).await?;
    let new = document(form.texts.remove("document"))?;
    let uploads = form.some_files()?;
    let who = actor.who();
    let document = platform
        .db
        .write(who, "archive.document.file", move |tx| {
            let contents: Vec<_> = uploads.iter().map(|file| (&file.name, &file.stored.hash)).collect();
            let file = |tx: &mut WriteTx<'_>| create::run(tx, &actor, &new, &uploads);
            let id = once(tx, key.0.as_deref(), "archive.document.file", &(&new, contents), file)?;
            store::view(tx, &actor, id)
        })
        .await?;
    Ok(created(document))
}

async fn change(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<NewDocument>,
) -> ApiResult<Versioned<Document>> {
    let who = actor.who();
    let document = platform
        .db
        .write(who, "archive.document.edit", move |tx| {
            edit::run(tx, &actor, *id, version.0, &body)?;
            store::view(tx, &actor, *id)
        })
        .await?;
    Ok(Versioned(document.head.version, document))
}

/// The part of the form that says what the document is.
fn document(json: Option<String>) -> Outcome<NewDocument> {
    let json = json.ok_or_else(|| Refusal::field("document", "required"))?;
    serde_json::from_str(&json).map_err(|fault| {
        FieldError::new("document", "bad_json").with("line", fault.line()).with("column", fault.column()).into()
    })
}
