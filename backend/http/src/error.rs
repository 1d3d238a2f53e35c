//! Refusals as problem+json (RFC 9457).

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, web};
use diwan_kernel::{FieldError, Problem, problem::Args};
use diwan_platform::Refusal;
use diwan_platform_api::records::TimelineEntry;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal on its way to the client. An unknown fault is logged here, once, and told as an opaque 500.
#[derive(Debug)]
pub struct ApiError(Box<Problem>);

impl ApiError {
    /// A problem of the web layer itself.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self(Box::new(Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            message: message.into(),
            args: Args::new(),
            fields: Vec::new(),
            details: Vec::new(),
            request_id: String::new(),
        }))
    }

    /// The stable code of the problem.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What was done last, when and by whom: a person of one's own agency, or another agency.
    fn last_change(self, last: TimelineEntry) -> Self {
        let error = self.arg("op", last.op).arg("at", last.at);
        match last.user.map(|user| user.name).or(last.agency) {
            Some(name) => error.arg("by_ar", name.ar).arg("by_en", name.en),
            None => error,
        }
    }

    /// The wrong fields.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    pub(crate) fn arg(mut self, name: &str, value: impl ToString) -> Self {
        self.0.args.insert(name.to_owned(), value.to_string());
        self
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status, self.0.code)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::NotFound(entity) => Self::new(StatusCode::NOT_FOUND, "not_found", message).arg("entity", entity),
            Refusal::Stale { entity, current, given, last } => {
                let error = Self::new(StatusCode::CONFLICT, "stale", message)
                    .arg("entity", entity)
                    .arg("current", current)
                    .arg("given", given);
                last.into_iter().fold(error, |error, last| error.last_change(*last))
            }
            Refusal::Forbidden(right) => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", message).arg("permission", right.code())
            }
            Refusal::Invalid(fields) => {
                let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message);
                error.0.fields = fields;
                error
            }
            Refusal::WrongState { state, action } => {
                Self::new(StatusCode::CONFLICT, "wrong_state", message).arg("state", state).arg("action", action)
            }
            Refusal::Rule { code, args, details } => {
                let status = match code {
                    "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
                    "storage_full" => StatusCode::INSUFFICIENT_STORAGE,
                    _ => StatusCode::CONFLICT,
                };
                let mut error = Self::new(status, code, message);
                (error.0.args, error.0.details) = (args, details);
                error
            }
            Refusal::Denied(code) => Self::new(StatusCode::FORBIDDEN, code, message),
            Refusal::NotLetIn(code) => Self::new(StatusCode::UNAUTHORIZED, code, message),
            Refusal::SignedOut => Self::new(StatusCode::UNAUTHORIZED, "signed_out", message),
            Refusal::TooMany { retry_after_s } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message).arg("retry_after_s", retry_after_s)
            }
            Refusal::Database(error) if error.is_unique_violation() => {
                Self::new(StatusCode::CONFLICT, "already_exists", "something with that key exists already")
            }
            Refusal::Database(error) if error.is_busy() => {
                tracing::warn!(%error, "Others were in the way");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "others were in the way: try again")
                    .arg("retry_after_s", 1)
            }
            Refusal::Database(error) if error.is_too_late() => {
                Self::new(StatusCode::CONFLICT, "closed_meanwhile", "the period was closed meanwhile")
            }
            fault @ (Refusal::Database(_) | Refusal::Internal(_)) => {
                tracing::error!(%fault, "Request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "internal error")
            }
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.0.args.get("retry_after_s") {
            response.insert_header(("Retry-After", seconds.as_str()));
        }
        response.content_type("application/problem+json").body(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

/// Query strings that do not fit are problems too.
pub fn query_config() -> web::QueryConfig {
    web::QueryConfig::default()
        .error_handler(|error, _| ApiError::new(StatusCode::BAD_REQUEST, "bad_query", error.to_string()).into())
}

/// A path that names nothing is a 404 problem.
pub fn path_config() -> web::PathConfig {
    web::PathConfig::default()
        .error_handler(|error, _| ApiError::new(StatusCode::NOT_FOUND, "not_found", error.to_string()).into())
}
