//! Roles.

use actix_web::{HttpResponse, web};
use diwan_platform::{
    Platform,
    people::roles::{create, delete, list, update},
};
use diwan_platform_api::people::{ListRequest, Role, RoleInput};

use crate::{
    ApiResult, IfMatch, Input, Require, Routes, Versioned, created, no_content, read,
    rights::{RolesManage, UsersManage},
    write,
};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Users");
    routes.get("/roles", list_roles, "The roles of an agency, for those who give them").answers::<Vec<Role>>();
    routes.post("/roles", create_role, "Make a role").takes::<RoleInput>().answers::<Role>();
    routes.put("/roles/{id}", update_role, "Change a role").takes::<RoleInput>().answers::<Role>();
    routes.delete("/roles/{id}", delete_role, "Take away a role that nobody has");
}

async fn list_roles(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
) -> ApiResult<web::Json<Vec<Role>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| list::run(tx, actor, &request)).await?))
}

async fn create_role(
    actor: Require<RolesManage>,
    platform: web::Data<Platform>,
    input: Input<RoleInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "platform.role.create", move |tx, actor| create::run(tx, actor, &input));
    Ok(created(made.await?))
}

async fn update_role(
    actor: Require<RolesManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
    version: IfMatch,
    input: Input<RoleInput>,
) -> ApiResult<Versioned<Role>> {
    let run = move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| {
        update::run(tx, actor, *id, version.0, &input)
    };
    let changed = write(&platform, actor.0, "platform.role.update", run).await?;
    Ok(Versioned(changed.version, changed))
}

async fn delete_role(
    actor: Require<RolesManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    write(&platform, actor.0, "platform.role.delete", move |tx, actor| delete::run(tx, actor, *id)).await?;
    Ok(no_content())
}
