//! The routes of scanned pages.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH},
    web,
};
use diwan_archive_api::{CheckItem, CheckedWords, PictureSize, ScanPage, ScanPages};
use diwan_http::{ApiResult, Input, Require, Routes, SignedIn, rights};
use diwan_kernel::{Page, PageRequest};
use diwan_platform::{
    Platform, Refusal,
    files::store as files,
    records::views::{self, Seen},
};
use diwan_platform_api::access::ViewWay;
use serde::Deserialize;

use super::{Pictures, check, store};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group
        .get("/archive/check-desk", desk, "Pages with words that somebody should look at")
        .answers::<Page<CheckItem>>();
    group.get("/attachments/{id}/pages", list, "The scanned pages of a file").answers::<ScanPages>();
    group
        .get("/attachments/{id}/pages/{page}", show, "A scanned page with its words; those of `find` are marked")
        .answers::<ScanPage>();
    group
        .put("/attachments/{id}/pages/{page}/words", save, "Keeps what a person read on a page")
        .takes::<CheckedWords>()
        .answers::<ScanPage>();
    group.get("/attachments/{id}/pages/{page}/picture", picture, "A page of an image or a PDF as JPEG (`size`)");
}

async fn desk(
    actor: Require<rights::ArchiveFile>,
    asked: web::Query<PageRequest>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<CheckItem>>> {
    Ok(web::Json(platform.db.read(move |tx| check::desk(tx, &actor, &asked)).await?))
}

async fn list(actor: SignedIn, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<web::Json<ScanPages>> {
    Ok(web::Json(platform.db.read(move |tx| store::list(tx, &actor, *id)).await?))
}

#[derive(Deserialize)]
struct Find {
    #[serde(default)]
    find: String,
}

async fn show(
    actor: SignedIn,
    path: web::Path<(i64, i32)>,
    find: web::Query<Find>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<ScanPage>> {
    let (id, page) = *path;
    Ok(web::Json(platform.db.read(move |tx| store::view(tx, &actor, id, page, &find.find)).await?))
}

async fn save(
    actor: Require<rights::ArchiveFile>,
    path: web::Path<(i64, i32)>,
    platform: web::Data<Platform>,
    body: Input<CheckedWords>,
) -> ApiResult<web::Json<ScanPage>> {
    let (id, page) = *path;
    let saved = platform
        .db
        .write(actor.who(), "archive.page.check", move |tx| {
            check::save(tx, &actor, id, page, &body)?;
            store::view(tx, &actor, id, page, "")
        })
        .await?;
    Ok(web::Json(saved))
}

#[derive(Deserialize)]
struct Wanted {
    size: Option<PictureSize>,
}

async fn picture(
    actor: SignedIn,
    path: web::Path<(i64, i32)>,
    wanted: web::Query<Wanted>,
    platform: web::Data<Platform>,
    pictures: web::Data<Pictures>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let (id, page) = *path;
    let size = wanted.size.unwrap_or(PictureSize::Page);
    let asking = actor.0.clone();
    let (file, record, turns) = platform
        .db
        .read(move |tx| {
            let (file, record) = files::load(tx, &asking, id)?;
            let turns = match store::row(tx, &file.blob_hash, page) {
                Ok(row) => row.turns,
                Err(Refusal::NotFound(_)) => 0,
                Err(other) => return Err(other),
            };
            Ok::<_, Refusal>((file, record, turns))
        })
        .await?;
    // Thumbnails come with the page that was opened.
    if size != PictureSize::Thumbnail {
        views::note(&platform, &actor, Seen::try_from(&record)?, ViewWay::Page, &file.file_name).await?;
    }
    let etag = format!("\"{}-{page}-{turns}-{}\"", file.blob_hash, size.code());
    if request.headers().get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, etag)).finish());
    }
    let turns = u8::try_from(turns).unwrap_or_default();
    let content = (file.blob_hash.as_str(), file.media_type.clone());
    let jpeg = pictures.draw(&platform, content, page.unsigned_abs(), size, turns).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((ETAG, etag))
        .body(jpeg))
}
