//! The routes of keeping.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{DueItem, DueQuery, EventInput, ReviewInput};
use diwan_http::{ApiResult, Input, Require, Routes, no_content, read, rights, write};
use diwan_kernel::Page;
use diwan_platform::Platform;

use super::{decide, due};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group
        .get("/archive/due", due_list, "What is due for review or destruction: view, action, page")
        .answers::<Page<DueItem>>();
    group
        .post("/documents/{id}/review", review, "Decides about a document: stays until, may go, another schedule")
        .takes::<ReviewInput>();
    group
        .post("/documents/{id}/event", event, "Enters the day from which the document's period runs")
        .takes::<EventInput>();
}

async fn due_list(
    actor: Require<rights::ArchiveDispose>,
    query: web::Query<DueQuery>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<DueItem>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| due::run(tx, actor, &query)).await?))
}

async fn review(
    actor: Require<rights::ArchiveDispose>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Input<ReviewInput>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&platform, actor.0, "archive.keeping.review", move |tx, actor| decide::run(tx, actor, id, &body)).await?;
    Ok(no_content())
}

async fn event(
    actor: Require<rights::ArchiveDispose>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Input<EventInput>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&platform, actor.0, "archive.keeping.event", move |tx, actor| decide::event(tx, actor, id, &body)).await?;
    Ok(no_content())
}
