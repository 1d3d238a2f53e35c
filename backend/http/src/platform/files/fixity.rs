//! The safety of files, for those who look after Diwan.

use actix_web::{HttpResponse, web};
use diwan_platform::{Platform, files::fixity};
use diwan_platform_api::fixity::FixityReport;

use crate::{ApiResult, Require, Routes, no_content, rights};

pub(super) fn routes(routes: &mut Routes) {
    let group = routes.group("safety");
    group.get("/fixity", show, "Whether every stored file is still what it was").answers::<FixityReport>();
    group.post("/fixity/run", run, "Begins to check every file now");
}

async fn show(
    _actor: Require<rights::JobsManage>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<FixityReport>> {
    Ok(web::Json(platform.db.read(fixity::report).await?))
}

async fn run(actor: Require<rights::JobsManage>, platform: web::Data<Platform>) -> ApiResult<HttpResponse> {
    platform.db.write(actor.who(), "platform.fixity.run", move |tx| fixity::begin(tx, &actor)).await?;
    Ok(no_content())
}
