//! The guard of the account's own routes.

use std::ops::Deref;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use diwan_platform::{
    Platform, Refusal,
    sessions::{self, Session},
};
use futures_util::future::LocalBoxFuture;

use crate::{ApiError, ClientInfo, Guard, Needs, SESSION_COOKIE};

/// Somebody signed in, even while a new password has to be chosen: for the routes that lead out of that state.
#[derive(Debug, Clone)]
pub(super) struct OwnSession(pub(super) Session);

impl Guard for OwnSession {
    fn needs() -> Needs {
        Needs::SignIn
    }
}

impl FromRequest for OwnSession {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let token = token(&request).ok_or(Refusal::SignedOut)?;
            let platform = request
                .app_data::<web::Data<Platform>>()
                .ok_or_else(|| Refusal::Internal("no platform in the app".to_owned()))?;
            let mut session = sessions::session(platform, token).await?;
            let client = ClientInfo::of(&request);
            session.actor.request_id = client.request_id;
            session.actor.ip = client.ip;
            Ok(Self(session))
        })
    }
}

impl Deref for OwnSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

/// The session token that the browser sent.
pub(super) fn token(request: &HttpRequest) -> Option<String> {
    request.cookie(SESSION_COOKIE).map(|cookie| cookie.value().to_owned())
}
