//! Jobs, for those who look after Diwan.

use actix_web::{HttpResponse, Responder, web};
use diwan_kernel::{Page, PageRequest};
use diwan_platform::{Platform, work::queue};
use diwan_platform_api::work::{JobCounts, JobState, JobView};
use serde::Deserialize;

use crate::{ApiResult, Require, Routes, no_content, rights};

type Manages = Require<rights::JobsManage>;

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("jobs");
    routes.get("/jobs", list, "Jobs, the newest first; ?state=waiting, running or dead").answers::<Page<JobView>>();
    routes.get("/jobs/count", count, "How many jobs wait, run, or were set aside").answers::<JobCounts>();
    routes.post("/jobs/{id}/retry", retry, "Run a job now, also one that was set aside");
    routes.delete("/jobs/{id}", drop_job, "Drop a job for good");
}

#[derive(Deserialize)]
struct Wanted {
    state: Option<JobState>,
    #[serde(flatten)]
    page: PageRequest,
}

async fn list(actor: Manages, platform: web::Data<Platform>, wanted: web::Query<Wanted>) -> ApiResult<impl Responder> {
    let Wanted { state, page } = wanted.into_inner();
    Ok(web::Json(platform.db.read(move |tx| queue::list(tx, &actor, state, &page)).await?))
}

async fn count(actor: Manages, platform: web::Data<Platform>) -> ApiResult<impl Responder> {
    Ok(web::Json(platform.db.read(move |tx| queue::counts(tx, &actor)).await?))
}

async fn retry(actor: Manages, platform: web::Data<Platform>, id: web::Path<i64>) -> ApiResult<HttpResponse> {
    let write = platform.db.write(actor.who(), "platform.job.retry", move |tx| queue::retry(tx, &actor, *id));
    write.await?;
    Ok(no_content())
}

async fn drop_job(actor: Manages, platform: web::Data<Platform>, id: web::Path<i64>) -> ApiResult<HttpResponse> {
    let write = platform.db.write(actor.who(), "platform.job.drop", move |tx| queue::drop(tx, &actor, *id));
    write.await?;
    Ok(no_content())
}
