//! The routes of attachments.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    files::{self, Removable, store},
    records::{
        load_visible,
        views::{self, Seen},
    },
};
use diwan_platform_api::{access::ViewWay, files::Attachments};
use serde::Deserialize;

use super::{content, fixity, receive};
use crate::{ApiResult, Routes, SignedIn, created, no_content};

/// Adds the routes.
pub fn routes(routes: &mut Routes) {
    let group = routes.group("attachments");
    group.get("/records/{id}/attachments", list, "The attachments of a record").answers::<Attachments>();
    group
        .post("/records/{id}/attachments", add, "Attaches files (multipart/form-data, fields `files`), all or none")
        .answers::<Attachments>();
    group
        .put(
            "/attachments/{id}",
            replace,
            "Puts a new version in an attachment's place (multipart, one file, field `note`)",
        )
        .answers::<Attachments>();
    group.post("/attachments/{id}/checkout", take, "Takes a file for editing").answers::<Attachments>();
    group.delete("/attachments/{id}/checkout", undo, "Gives a file up without a new version").answers::<Attachments>();
    group.delete("/attachments/{id}", remove, "Removes an attachment with its versions");
    group.get("/attachments/{id}/content", download, "The file; `inline=1` shows a PDF or an image in the page");
    fixity::routes(routes);
}

async fn list(actor: SignedIn, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<web::Json<Attachments>> {
    Ok(web::Json(of_record(&platform, actor.0, *id).await?))
}

async fn add(
    actor: SignedIn,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Multipart,
) -> ApiResult<HttpResponse> {
    let (actor, id) = (actor.0, *id);
    let asking = actor.clone();
    // Nobody fills the disk with files for a record they may not change.
    platform.db.read(move |tx| files::check_record(tx, &asking, id)).await?;
    let form = receive(&platform, body).await?;
    let (who, writer) = (actor.who(), actor.clone());
    platform.db.write(who, "platform.file.attach", move |tx| files::add(tx, &writer, id, &form.some_files()?)).await?;
    Ok(created(of_record(&platform, actor, id).await?))
}

async fn replace(
    actor: SignedIn,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Multipart,
) -> ApiResult<HttpResponse> {
    let (actor, id) = (actor.0, *id);
    let asking = actor.clone();
    let record_id = platform.db.read(move |tx| files::check_attachment(tx, &asking, id)).await?;
    let form = receive(&platform, body).await?;
    let (who, writer) = (actor.who(), actor.clone());
    platform
        .db
        .write(who, "platform.file.replace", move |tx| {
            let note = form.texts.get("note").cloned();
            files::replace(tx, &writer, id, &form.one_file()?, note.as_deref())
        })
        .await?;
    Ok(created(of_record(&platform, actor, record_id).await?))
}

async fn take(actor: SignedIn, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<web::Json<Attachments>> {
    let (id, who, writer) = (*id, actor.who(), actor.0.clone());
    let record =
        platform.db.write(who, "platform.file.checkout", move |tx| files::checkout::take(tx, &writer, id)).await?;
    Ok(web::Json(of_record(&platform, actor.0, record).await?))
}

async fn undo(actor: SignedIn, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<web::Json<Attachments>> {
    let (id, who, writer) = (*id, actor.who(), actor.0.clone());
    let record =
        platform.db.write(who, "platform.file.give_up", move |tx| files::checkout::undo(tx, &writer, id)).await?;
    Ok(web::Json(of_record(&platform, actor.0, record).await?))
}

async fn remove(
    actor: SignedIn,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    removable: web::Data<Removable>,
) -> ApiResult<HttpResponse> {
    let (who, actor) = (actor.who(), actor.0);
    let removable = **removable;
    platform.db.write(who, "platform.file.remove", move |tx| files::remove(tx, &actor, *id, removable)).await?;
    Ok(no_content())
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    inline: Option<u8>,
}

async fn download(
    actor: SignedIn,
    id: web::Path<i64>,
    wanted: web::Query<Wanted>,
    platform: web::Data<Platform>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let actor = actor.0;
    let asking = actor.clone();
    let (row, record) = platform.db.read(move |tx| store::load(tx, &asking, *id)).await?;
    let way = if wanted.inline == Some(1) { ViewWay::Page } else { ViewWay::Download };
    views::note(&platform, &actor, Seen::try_from(&record)?, way, &row.file_name).await?;
    Ok(content::answer(&platform.blobs, &row, wanted.inline == Some(1), &request).await.map_err(Refusal::from)?)
}

async fn of_record(platform: &Platform, actor: Actor, id: i64) -> Outcome<Attachments> {
    let limit = platform.limits.upload_bytes;
    platform
        .db
        .read(move |tx| {
            let record = load_visible(tx, &actor, id)?;
            store::list(tx, &actor, &record, limit)
        })
        .await
}
