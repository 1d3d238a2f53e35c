//! Users.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform,
    people::users::{create, get, list, reset_password, reset_totp, unlock, update},
};
use diwan_platform_api::people::{ListRequest, NewUser, TemporaryPassword, User, UserCreated, UserEdit, UserItem};

use crate::{ApiResult, IfMatch, Require, Routes, Versioned, created, no_content, read, rights::UsersManage, write};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Users");
    routes.get("/users", list_users, "The users of an agency").answers::<Page<UserItem>>();
    routes.post("/users", create_user, "Make a user").takes::<NewUser>().answers::<UserCreated>();
    routes.get("/users/{id}", get_user, "One user").answers::<User>();
    routes
        .put("/users/{id}", update_user, "Change a user, or make them inactive")
        .takes::<UserEdit>()
        .answers::<User>();
    routes
        .post("/users/{id}/reset-password", reset_user_password, "Give a user a password for the next sign-in")
        .answers::<TemporaryPassword>();
    routes.post("/users/{id}/reset-totp", reset_user_totp, "Switch a user's one-time codes off");
    routes.post("/users/{id}/unlock", unlock_user, "Let a user sign in at once after wrong passwords");
}

async fn list_users(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
) -> ApiResult<web::Json<Page<UserItem>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| list::run(tx, actor, &request)).await?))
}

async fn create_user(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    input: web::Json<NewUser>,
) -> ApiResult<HttpResponse> {
    let passwords = platform.passwords.clone();
    let run =
        move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| create::run(tx, actor, &passwords, &input);
    Ok(created(write(&platform, actor.0, "platform.user.create", run).await?))
}

async fn get_user(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<Versioned<User>> {
    let found = read(&platform, actor.0, move |tx, actor| get::run(tx, actor, *id)).await?;
    Ok(Versioned(found.version, found))
}

async fn update_user(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
    version: IfMatch,
    input: web::Json<UserEdit>,
) -> ApiResult<Versioned<User>> {
    let run = move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| {
        update::run(tx, actor, *id, version.0, &input)
    };
    let changed = write(&platform, actor.0, "platform.user.update", run).await?;
    Ok(Versioned(changed.version, changed))
}

async fn reset_user_password(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<web::Json<TemporaryPassword>> {
    let passwords = platform.passwords.clone();
    let run = move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| {
        reset_password::run(tx, actor, &passwords, *id)
    };
    Ok(web::Json(write(&platform, actor.0, "platform.user.reset_password", run).await?))
}

async fn reset_user_totp(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    write(&platform, actor.0, "platform.user.reset_totp", move |tx, actor| reset_totp::run(tx, actor, *id)).await?;
    Ok(no_content())
}

async fn unlock_user(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    write(&platform, actor.0, "platform.user.unlock", move |tx, actor| unlock::run(tx, actor, *id)).await?;
    Ok(no_content())
}
