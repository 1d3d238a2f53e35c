//! Positions and who holds them.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform,
    people::{
        holdings,
        positions::{create, get, list, update},
    },
};
use diwan_platform_api::people::{EndHolding, Holding, HoldingInput, ListRequest, Position, PositionInput};

use crate::{
    ApiResult, IfMatch, Input, Require, Routes, Versioned, created, no_content, read, rights::OrgManage, write,
};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Organisation");
    routes.get("/positions", list_positions, "The positions of an agency").answers::<Page<Position>>();
    routes.post("/positions", create_position, "Make a position").takes::<PositionInput>().answers::<Position>();
    routes.get("/positions/{id}", get_position, "One position").answers::<Position>();
    routes
        .put("/positions/{id}", update_position, "Change a position, or close it")
        .takes::<PositionInput>()
        .answers::<Position>();
    routes
        .get("/positions/{id}/holdings", list_holdings, "Who held a position, and who holds it")
        .answers::<Vec<Holding>>();
    routes
        .post("/holdings", create_holding, "Put a person into a position")
        .takes::<HoldingInput>()
        .answers::<Holding>();
    routes
        .post("/holdings/{id}/end", end_holding, "Set the last day of a holding")
        .takes::<EndHolding>()
        .answers::<Holding>();
    routes.delete("/holdings/{id}", delete_holding, "Take back a holding that has not begun");
}

async fn list_positions(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
) -> ApiResult<web::Json<Page<Position>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| list::run(tx, actor, &request)).await?))
}

async fn create_position(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    input: Input<PositionInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "platform.position.create", move |tx, actor| create::run(tx, actor, &input));
    Ok(created(made.await?))
}

async fn get_position(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<Versioned<Position>> {
    let found = read(&platform, actor.0, move |tx, actor| get::run(tx, actor, *id)).await?;
    Ok(Versioned(found.version, found))
}

async fn update_position(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
    version: IfMatch,
    input: Input<PositionInput>,
) -> ApiResult<Versioned<Position>> {
    let run = move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| {
        update::run(tx, actor, *id, version.0, &input)
    };
    let changed = write(&platform, actor.0, "platform.position.update", run).await?;
    Ok(Versioned(changed.version, changed))
}

async fn list_holdings(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<web::Json<Vec<Holding>>> {
    let found = read(&platform, actor.0, move |tx, actor| holdings::list::of_position(tx, actor, *id));
    Ok(web::Json(found.await?))
}

async fn create_holding(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    input: Input<HoldingInput>,
) -> ApiResult<HttpResponse> {
    let run =
        move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| holdings::create::run(tx, actor, &input);
    Ok(created(write(&platform, actor.0, "platform.holding.create", run).await?))
}

async fn end_holding(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
    input: Input<EndHolding>,
) -> ApiResult<web::Json<Holding>> {
    let run =
        move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| holdings::end::run(tx, actor, *id, &input);
    Ok(web::Json(write(&platform, actor.0, "platform.holding.end", run).await?))
}

async fn delete_holding(
    actor: Require<OrgManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    let run =
        move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| holdings::delete::run(tx, actor, *id);
    write(&platform, actor.0, "platform.holding.delete", run).await?;
    Ok(no_content())
}
