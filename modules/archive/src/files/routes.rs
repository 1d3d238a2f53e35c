//! The routes of files.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{ArchiveFile, FileInput, FileQuery, FileRow, FileTitle, PlaceInput};
use diwan_db::WriteTx;
use diwan_http::{ApiResult, IfMatch, Input, Require, Routes, Versioned, created, no_content, read, rights, write};
use diwan_kernel::Page;
use diwan_platform::{Actor, Outcome, Platform};

use super::{change, list, open, place, view};

type Id = web::Path<i64>;
type App = web::Data<Platform>;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/files", find, "The files of one's agency, page by page").answers::<Page<FileRow>>();
    group.post("/archive/files", begin, "Opens a file").takes::<FileInput>().answers::<ArchiveFile>();
    group.get("/archive/files/{id}", show, "A file with its volumes in order").answers::<ArchiveFile>();
    group
        .put("/archive/files/{id}", rename, "Gives a file another title")
        .takes::<FileTitle>()
        .answers::<ArchiveFile>();
    group.post("/archive/files/{id}/volumes", volume, "Opens the next volume").answers::<ArchiveFile>();
    group.post("/archive/files/{id}/close", close, "Closes a file for new papers").answers::<ArchiveFile>();
    group.post("/documents/{id}/file", put, "Puts a document into a file").takes::<PlaceInput>();
}

async fn find(
    actor: Require<rights::ArchiveRead>,
    query: web::Query<FileQuery>,
    app: App,
) -> ApiResult<web::Json<Page<FileRow>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::run(tx, actor, &query)).await?))
}

async fn begin(actor: Require<rights::ArchiveFile>, app: App, body: Input<FileInput>) -> ApiResult<HttpResponse> {
    let made = write(&app, actor.0, "archive.binder.open", move |tx, actor| {
        let id = open::run(tx, actor, &body)?;
        view::one(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn show(actor: Require<rights::ArchiveRead>, id: Id, app: App) -> ApiResult<Versioned<ArchiveFile>> {
    let id = *id;
    let file = read(&app, actor.0, move |tx, actor| view::one(tx, actor, id)).await?;
    Ok(Versioned(file.version, file))
}

async fn rename(
    actor: Require<rights::ArchiveFile>,
    id: Id,
    version: IfMatch,
    app: App,
    body: Input<FileTitle>,
) -> ApiResult<web::Json<ArchiveFile>> {
    let change = move |tx: &mut WriteTx<'_>, actor: &Actor, id| change::rename(tx, actor, id, version.0, &body);
    changed(&app, actor.0, *id, "archive.binder.rename", change).await
}

async fn volume(
    actor: Require<rights::ArchiveFile>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<ArchiveFile>> {
    let change = move |tx: &mut WriteTx<'_>, actor: &Actor, id| change::next_volume(tx, actor, id, version.0);
    changed(&app, actor.0, *id, "archive.binder.volume", change).await
}

async fn close(
    actor: Require<rights::ArchiveFile>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<ArchiveFile>> {
    let change = move |tx: &mut WriteTx<'_>, actor: &Actor, id| change::close(tx, actor, id, version.0);
    changed(&app, actor.0, *id, "archive.binder.close", change).await
}

async fn changed(
    app: &Platform,
    actor: Actor,
    id: i64,
    op: &'static str,
    change: impl FnOnce(&mut WriteTx<'_>, &Actor, i64) -> Outcome<()> + Send + 'static,
) -> ApiResult<web::Json<ArchiveFile>> {
    let after = write(app, actor, op, move |tx, actor| {
        change(tx, actor, id)?;
        view::one(tx, actor, id)
    });
    Ok(web::Json(after.await?))
}

async fn put(
    actor: Require<rights::ArchiveFile>,
    id: Id,
    app: App,
    body: Input<PlaceInput>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "archive.document.place", move |tx, actor| place::run(tx, actor, id, &body)).await?;
    Ok(no_content())
}
