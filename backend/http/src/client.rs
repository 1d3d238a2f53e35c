//! What the request says about itself.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::StatusCode, http::header};

use crate::ApiError;

/// The request's id and the client's address, set by [`crate::request_context`].
#[derive(Debug, Clone, Default)]
pub struct ClientInfo {
    /// Names the request in logs, answers and the trail.
    pub request_id: String,
    /// The client's address.
    pub ip: String,
    /// The client's program.
    pub user_agent: String,
}

impl ClientInfo {
    /// The client of a request.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }
}

impl FromRequest for ClientInfo {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The version the client has read, from `If-Match`: every change of an editable thing names it.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let version = request
            .headers()
            .get(header::IF_MATCH)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.trim_matches('"').parse().ok());
        ready(version.map(Self).ok_or_else(|| {
            ApiError::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if_match_required",
                "name the version you read in If-Match",
            )
        }))
    }
}
