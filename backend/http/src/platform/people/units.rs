//! Units.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform,
    people::units::{create, get, list, update},
};
use diwan_platform_api::people::{ListRequest, Unit, UnitInput};

use crate::{ApiResult, IfMatch, Input, Require, Routes, Versioned, created, read, rights::OrgManage, write};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Organisation");
    routes.get("/units", list_units, "The units of an agency").answers::<Page<Unit>>();
    routes.post("/units", create_unit, "Make a unit").takes::<UnitInput>().answers::<Unit>();
    routes.get("/units/{id}", get_unit, "One unit").answers::<Unit>();
    routes.put("/units/{id}", update_unit, "Change a unit, or close it").takes::<UnitInput>().answers::<Unit>();
}

async fn list_units(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
) -> ApiResult<web::Json<Page<Unit>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| list::run(tx, actor, &request)).await?))
}

async fn create_unit(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    input: Input<UnitInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "platform.unit.create", move |tx, actor| create::run(tx, actor, &input));
    Ok(created(made.await?))
}

async fn get_unit(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<Versioned<Unit>> {
    let found = read(&platform, actor.0, move |tx, actor| get::run(tx, actor, *id)).await?;
    Ok(Versioned(found.version, found))
}

async fn update_unit(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
    version: IfMatch,
    input: Input<UnitInput>,
) -> ApiResult<Versioned<Unit>> {
    let run = move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| {
        update::run(tx, actor, *id, version.0, &input)
    };
    let changed = write(&platform, actor.0, "platform.unit.update", run).await?;
    Ok(Versioned(changed.version, changed))
}
