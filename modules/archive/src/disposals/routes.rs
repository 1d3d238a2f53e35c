//! The routes of destruction.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{Disposal, DisposalInput, DisposalRow, EndInput};
use diwan_http::{ApiResult, IfMatch, Input, Require, Routes, Versioned, created, read, rights, write};
use diwan_kernel::{Page, PageRequest};
use diwan_platform::Platform;

use super::{confirm, propose, refuse, view};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/disposals", list, "Acts of destruction, latest first").answers::<Page<DisposalRow>>();
    group
        .post("/archive/disposals", new, "Proposes documents for destruction")
        .takes::<DisposalInput>()
        .answers::<Disposal>();
    group.get("/archive/disposals/{id}", show, "An act of destruction").answers::<Disposal>();
    group
        .post("/archive/disposals/{id}/confirm", agree, "Confirms an act as a member of its committee")
        .answers::<Disposal>();
    group
        .post("/archive/disposals/{id}/refuse", end, "Refuses an act, or takes it back")
        .takes::<EndInput>()
        .answers::<Disposal>();
}

async fn list(
    actor: Require<rights::ArchiveDispose>,
    query: web::Query<PageRequest>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<DisposalRow>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| view::list(tx, actor, &query)).await?))
}

async fn new(
    actor: Require<rights::ArchiveDispose>,
    platform: web::Data<Platform>,
    body: Input<DisposalInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "archive.disposal.propose", move |tx, actor| {
        let id = propose::run(tx, actor, &body)?;
        view::one(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn show(
    actor: Require<rights::ArchiveDispose>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<Versioned<Disposal>> {
    let id = *id;
    let act = read(&platform, actor.0, move |tx, actor| view::one(tx, actor, id)).await?;
    Ok(Versioned(act.version, act))
}

async fn agree(
    actor: Require<rights::ArchiveDispose>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Disposal>> {
    let id = *id;
    let act = write(&platform, actor.0, "archive.disposal.confirm", move |tx, actor| {
        confirm::run(tx, actor, id, version.0)?;
        view::one(tx, actor, id)
    });
    Ok(web::Json(act.await?))
}

async fn end(
    actor: Require<rights::ArchiveDispose>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Input<EndInput>,
) -> ApiResult<web::Json<Disposal>> {
    let id = *id;
    let act = write(&platform, actor.0, "archive.disposal.refuse", move |tx, actor| {
        refuse::run(tx, actor, id, &body)?;
        view::one(tx, actor, id)
    });
    Ok(web::Json(act.await?))
}
