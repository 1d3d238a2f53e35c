//! Pickers: names only, for everybody signed in.

use actix_web::web;
use diwan_kernel::Named;
use diwan_platform::{
    Platform,
    people::{agencies, positions, units, users},
};
use diwan_platform_api::people::{Pick, PickRequest};

use crate::{ApiResult, Routes, SignedIn, read};

type Picks = ApiResult<web::Json<Vec<Pick>>>;

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Pickers");
    routes.get("/people/pick", pick_people, "Colleagues by name").answers::<Vec<Pick>>();
    routes.get("/agencies/pick", pick_agencies, "Agencies by name or code").answers::<Vec<Pick>>();
    routes.get("/agencies/{id}/addressee", addressee, "Whom letters to an agency are addressed to").answers::<Named>();
    routes.get("/units/pick", pick_units, "Units of an agency by name or code").answers::<Vec<Pick>>();
    routes.get("/positions/pick", pick_positions, "Positions of an agency by title").answers::<Vec<Pick>>();
}

async fn pick_people(actor: SignedIn, platform: web::Data<Platform>, request: web::Query<PickRequest>) -> Picks {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| users::pick::run(tx, actor, &request)).await?))
}

async fn pick_agencies(actor: SignedIn, platform: web::Data<Platform>, request: web::Query<PickRequest>) -> Picks {
    Ok(web::Json(read(&platform, actor.0, move |tx, _actor| agencies::pick::run(tx, &request)).await?))
}

async fn addressee(actor: SignedIn, platform: web::Data<Platform>, id: web::Path<i64>) -> ApiResult<web::Json<Named>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, _actor| agencies::pick::addressee(tx, *id)).await?))
}

async fn pick_units(actor: SignedIn, platform: web::Data<Platform>, request: web::Query<PickRequest>) -> Picks {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| units::pick::run(tx, actor, &request)).await?))
}

async fn pick_positions(actor: SignedIn, platform: web::Data<Platform>, request: web::Query<PickRequest>) -> Picks {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| positions::pick::run(tx, actor, &request)).await?))
}
