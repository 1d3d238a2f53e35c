//! Delegations.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform,
    people::delegations::{create, list, revoke},
};
use diwan_platform_api::people::{Delegation, DelegationInput, ListRequest};

use crate::{ApiResult, Input, Require, Routes, SignedIn, created, read, rights::UsersManage, write};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Delegations");
    routes.get("/me/delegations", list_own, "Delegations one gave and got").answers::<Vec<Delegation>>();
    routes.get("/delegations", list_delegations, "The delegations of an agency").answers::<Page<Delegation>>();
    routes
        .post("/delegations", create_delegation, "Let a colleague do one's work for some days")
        .takes::<DelegationInput>()
        .answers::<Delegation>();
    routes.post("/delegations/{id}/revoke", revoke_delegation, "Take a delegation back").answers::<Delegation>();
}

async fn list_own(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<web::Json<Vec<Delegation>>> {
    Ok(web::Json(read(&platform, actor.0, list::own).await?))
}

async fn list_delegations(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
) -> ApiResult<web::Json<Page<Delegation>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| list::run(tx, actor, &request)).await?))
}

async fn create_delegation(
    actor: SignedIn,
    platform: web::Data<Platform>,
    input: Input<DelegationInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "platform.delegation.create", move |tx, actor| create::run(tx, actor, &input));
    Ok(created(made.await?))
}

async fn revoke_delegation(
    actor: SignedIn,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<web::Json<Delegation>> {
    let gone = write(&platform, actor.0, "platform.delegation.revoke", move |tx, actor| revoke::run(tx, actor, *id));
    Ok(web::Json(gone.await?))
}
