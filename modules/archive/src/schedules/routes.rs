//! The routes of retention schedules.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{Schedule, ScheduleInput};
use diwan_http::{ApiResult, IfMatch, Input, Require, Routes, created, rights, write};
use diwan_platform::Platform;

use super::{save, store};
use crate::classes;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/schedules", list, "The retention schedules of one's agency").answers::<Vec<Schedule>>();
    group
        .post("/archive/schedules", create, "Adds a retention schedule")
        .takes::<ScheduleInput>()
        .answers::<Schedule>();
    group
        .put("/archive/schedules/{id}", change, "Changes a retention schedule; what is due is reckoned anew")
        .takes::<ScheduleInput>()
        .answers::<Schedule>();
}

async fn list(
    actor: Require<rights::ArchiveRead>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Vec<Schedule>>> {
    classes::ready(&platform, &actor).await?;
    Ok(web::Json(platform.db.read(move |tx| store::list(tx, actor.agency_id)).await?))
}

async fn create(
    actor: Require<rights::ArchivePlan>,
    platform: web::Data<Platform>,
    body: Input<ScheduleInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "archive.schedule.create", move |tx, actor| {
        classes::begin(tx, actor.agency_id)?;
        save::create(tx, actor, &body)
    });
    Ok(created(made.await?))
}

async fn change(
    actor: Require<rights::ArchivePlan>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<ScheduleInput>,
) -> ApiResult<web::Json<Schedule>> {
    let id = *id;
    let changed = write(&platform, actor.0, "archive.schedule.update", move |tx, actor| {
        save::change(tx, actor, id, version.0, &body)
    });
    Ok(web::Json(changed.await?))
}
