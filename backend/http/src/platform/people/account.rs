//! One's own account.

use actix_web::{HttpResponse, web};
use diwan_platform::{
    Platform,
    people::account::{change_password, preferences, totp_confirm, totp_disable, totp_enrol},
};
use diwan_platform_api::people::{ChangePassword, OneTimeCode, Preferences, Reauthenticate, TotpEnrolment};

use super::guard::OwnSession;
use crate::{ApiResult, Input, Routes, SignedIn, no_content};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("One's own account");
    routes.post("/me/password", set_password, "Choose a new password").takes::<ChangePassword>();
    routes.put("/me/preferences", set_preferences, "Choose language and colours").takes::<Preferences>();
    routes.post("/me/totp", enrol, "Get a secret for one-time codes").answers::<TotpEnrolment>();
    routes
        .post("/me/totp/confirm", confirm, "Give the first code: from now on sign-in asks for one")
        .takes::<OneTimeCode>();
    routes.post("/me/totp/disable", disable, "Switch one-time codes off").takes::<Reauthenticate>();
}

async fn set_password(
    session: OwnSession,
    platform: web::Data<Platform>,
    input: Input<ChangePassword>,
) -> ApiResult<HttpResponse> {
    change_password::run(&platform, session.0, input.into_inner()).await?;
    Ok(no_content())
}

async fn set_preferences(
    actor: SignedIn,
    platform: web::Data<Platform>,
    input: Input<Preferences>,
) -> ApiResult<HttpResponse> {
    let who = actor.who();
    platform.db.write(who, "platform.user.preferences", move |tx| preferences::run(tx, &actor, &input)).await?;
    Ok(no_content())
}

async fn enrol(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<web::Json<TotpEnrolment>> {
    let (who, secrets) = (actor.who(), platform.secrets.clone());
    let made = platform.db.write(who, "platform.user.totp_enrol", move |tx| totp_enrol::run(tx, &actor, &secrets));
    Ok(web::Json(made.await?))
}

async fn confirm(actor: SignedIn, platform: web::Data<Platform>, input: Input<OneTimeCode>) -> ApiResult<HttpResponse> {
    let (who, secrets) = (actor.who(), platform.secrets.clone());
    platform
        .db
        .write(who, "platform.user.totp_confirm", move |tx| totp_confirm::run(tx, &actor, &secrets, &input))
        .await?;
    Ok(no_content())
}

async fn disable(
    session: OwnSession,
    platform: web::Data<Platform>,
    input: Input<Reauthenticate>,
) -> ApiResult<HttpResponse> {
    totp_disable::run(&platform, session.0, input.into_inner()).await?;
    Ok(no_content())
}
