//! The routes of restore drills.

use actix_web::{HttpResponse, web};
use diwan_archive_api::Drill;
use diwan_http::{ApiResult, Require, Routes, created, download, rights};
use diwan_kernel::Lang;
use diwan_platform::{Platform, Refusal};
use serde::Deserialize;

use super::{Drills, begin, certificate, store};

type Manages = Require<rights::JobsManage>;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("safety");
    group.get("/drills", list, "The newest restore drills").answers::<Vec<Drill>>();
    group.post("/drills", ask, "Asks for a restore drill; the one under way where there is one").answers::<Drill>();
    group.get("/drills/{id}", show, "A restore drill: how far it is, or what it found").answers::<Drill>();
    group.get("/drills/{id}/certificate", print, "The certificate of a drill that is over (PDF); ?lang=ar or en");
}

async fn list(_actor: Manages, platform: web::Data<Platform>) -> ApiResult<web::Json<Vec<Drill>>> {
    Ok(web::Json(platform.db.read(store::list).await?))
}

async fn ask(actor: Manages, platform: web::Data<Platform>) -> ApiResult<HttpResponse> {
    let asked = platform.db.write(actor.who(), "archive.drill.begin", move |tx| {
        let id = begin(tx, Some(&actor))?;
        store::load(tx, id)
    });
    Ok(created(asked.await?))
}

async fn show(_actor: Manages, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<web::Json<Drill>> {
    Ok(web::Json(platform.db.read(move |tx| store::load(tx, *id)).await?))
}

#[derive(Deserialize)]
struct Wanted {
    lang: Option<Lang>,
}

async fn print(
    actor: Manages,
    id: web::Path<i64>,
    wanted: web::Query<Wanted>,
    platform: web::Data<Platform>,
    drills: web::Data<Drills>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    let drill = platform.db.read(move |tx| store::load(tx, id)).await?;
    let (Some(report), Some(at)) = (drill.report, drill.finished_at) else {
        return Err(Refusal::NotFound("certificate").into());
    };
    let (lang, offset) = (wanted.lang.unwrap_or(actor.lang), platform.db.config().utc_offset_minutes);
    let printing = web::block(move || certificate(&report, at, offset, lang, &drills.fonts));
    let pdf = printing.await.map_err(|lost| Refusal::Internal(lost.to_string()))??;
    Ok(download(pdf, "application/pdf", &format!("restore-drill-{id}.pdf")))
}
