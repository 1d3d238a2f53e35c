//! The audit trail.

use actix_web::web;
use diwan_kernel::Page;
use diwan_platform::{Platform, audit};
use diwan_platform_api::audit::{AuditEntry, AuditEntryInFull, AuditQuery};

use crate::{ApiResult, Require, Routes, read, rights::AuditRead};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Audit trail");
    routes.get("/audit", list, "What happened: by person, operation, thing, record, day").answers::<Page<AuditEntry>>();
    routes.get("/audit/{id}", get, "One entry with the states before and after").answers::<AuditEntryInFull>();
}

async fn list(
    actor: Require<AuditRead>,
    platform: web::Data<Platform>,
    query: web::Query<AuditQuery>,
) -> ApiResult<web::Json<Page<AuditEntry>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| audit::list(tx, actor, &query)).await?))
}

async fn get(
    actor: Require<AuditRead>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<web::Json<AuditEntryInFull>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| audit::get(tx, actor, *id)).await?))
}
