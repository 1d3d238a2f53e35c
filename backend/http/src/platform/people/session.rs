//! Signing in and out.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    web,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diwan_platform::{
    Platform, Refusal,
    people::session::{Client, Opened, code, list, log_in, log_out, revoke, state},
    secrets::random,
};
use diwan_platform_api::people::{DemoUsers, LogIn, OneTimeCode, SessionItem, SessionState};

use super::guard::{OwnSession, token};
use crate::{ApiResult, CSRF_COOKIE, ClientInfo, Input, Public, Routes, SESSION_COOKIE, no_content};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Signing in");
    routes.get("/session", read, "Who is signed in; gives the browser its CSRF cookie").answers::<SessionState>();
    routes.post("/session", create, "Sign in with name and password").takes::<LogIn>().answers::<SessionState>();
    routes.post("/session/code", give_code, "Give the one-time code").takes::<OneTimeCode>().answers::<SessionState>();
    routes.delete("/session", delete, "Sign out");
    routes.get("/demo/users", demo_users, "Who can sign in to a demonstration; 404 elsewhere").answers::<DemoUsers>();
    routes.get("/me/sessions", list_sessions, "One's own sessions").answers::<Vec<SessionItem>>();
    routes.delete("/me/sessions/{id}", revoke_session, "End one of one's sessions");
    routes.post("/me/sessions/revoke-others", revoke_others, "End all of one's other sessions");
}

async fn read(_: Public, request: HttpRequest, platform: web::Data<Platform>) -> ApiResult<HttpResponse> {
    let state = state::run(&platform, token(&request)).await?;
    let mut answer = HttpResponse::Ok();
    if request.cookie(CSRF_COOKIE).is_none_or(|cookie| cookie.value().is_empty()) {
        let value = URL_SAFE_NO_PAD.encode(random::<24>()?);
        answer.cookie(cookie(&platform, CSRF_COOKIE, value, false));
    }
    Ok(answer.json(state))
}

async fn create(
    _: Public,
    client: ClientInfo,
    platform: web::Data<Platform>,
    input: Input<LogIn>,
) -> ApiResult<HttpResponse> {
    let opened = log_in::run(&platform, from(client), input.into_inner()).await?;
    begin(&platform, opened).await
}

async fn give_code(
    _: Public,
    request: HttpRequest,
    client: ClientInfo,
    platform: web::Data<Platform>,
    input: Input<OneTimeCode>,
) -> ApiResult<HttpResponse> {
    let half = token(&request).unwrap_or_default();
    let opened = code::run(&platform, from(client), half, input.into_inner()).await?;
    begin(&platform, opened).await
}

async fn delete(session: OwnSession, platform: web::Data<Platform>) -> ApiResult<HttpResponse> {
    let who = session.actor.who();
    platform.db.write(who, "platform.session.close", move |tx| log_out::run(tx, &session)).await?;
    let mut gone = cookie(&platform, SESSION_COOKIE, String::new(), true);
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

async fn list_sessions(session: OwnSession, platform: web::Data<Platform>) -> ApiResult<web::Json<Vec<SessionItem>>> {
    let limits = platform.limits.clone();
    Ok(web::Json(platform.db.read(move |tx| list::run(tx, &limits, &session)).await?))
}

async fn revoke_session(
    session: OwnSession,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<HttpResponse> {
    let (who, id) = (session.actor.who(), id.into_inner());
    platform.db.write(who, "platform.session.revoke", move |tx| revoke::run(tx, &session, id)).await?;
    Ok(no_content())
}

async fn revoke_others(session: OwnSession, platform: web::Data<Platform>) -> ApiResult<HttpResponse> {
    let who = session.actor.who();
    platform.db.write(who, "platform.session.revoke_others", move |tx| revoke::others(tx, &session)).await?;
    Ok(no_content())
}

async fn demo_users(_: Public, demo: Option<web::Data<DemoUsers>>) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(demo.ok_or(Refusal::NotFound("demo"))?))
}

/// Hands the new session to the browser, with what its page wants to know next.
async fn begin(platform: &Platform, opened: Opened) -> ApiResult<HttpResponse> {
    let state = state::run(platform, Some(opened.token.clone())).await?;
    Ok(HttpResponse::Ok().cookie(cookie(platform, SESSION_COOKIE, opened.token, true)).json(state))
}

fn cookie(platform: &Platform, name: &'static str, value: String, http_only: bool) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(http_only)
        .same_site(SameSite::Strict)
        .secure(platform.limits.secure_cookies)
        .finish()
}

fn from(client: ClientInfo) -> Client {
    Client { request_id: client.request_id, ip: client.ip, user_agent: client.user_agent }
}
