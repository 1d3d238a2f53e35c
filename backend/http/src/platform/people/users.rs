//! Users.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform, people,
    people::users::{create, get, list, reset_password, reset_totp, unlock, update},
    sheet,
};
use diwan_platform_api::people::{ListRequest, NewUser, TemporaryPassword, User, UserCreated, UserEdit, UserItem};

use super::noted::export_noted;
use crate::{
    ApiResult, IfMatch, InLang, Input, Require, Routes, Versioned, created, download, no_content, read,
    rights::UsersManage, write,
};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Users");
    routes.get("/users", list_users, "The users of an agency").answers::<Page<UserItem>>();
    routes.get("/users/export", export, "The users as XLSX: the list's filters and sort, and ?lang=ar or en");
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

async fn export(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
    query: web::Query<InLang>,
) -> ApiResult<HttpResponse> {
    let (lang, minutes) = (query.lang(), platform.db.config().utc_offset_minutes);
    let file =
        read(&platform, actor.0.clone(), move |tx, actor| people::export::users(tx, actor, &request, lang, minutes));
    let (file, rows) = file.await?;
    export_noted(&platform, actor.0, "platform.user.export", rows).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "users.xlsx"))
}

async fn create_user(
    actor: Require<UsersManage>,
    platform: web::Data<Platform>,
    input: Input<NewUser>,
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
    input: Input<UserEdit>,
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
