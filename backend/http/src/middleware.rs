//! Around every request: its id, the security headers, the CSRF check, one log line.

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{ApiError, CSRF_COOKIE, ClientInfo};

/// Scripts come from Diwan only, and none is inline; WebAssembly may be compiled.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

const HEADERS: [(&str, &str); 5] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Gives the request its id and the answer its security headers, and logs one line.
///
/// # Errors
/// Those of the handler.
pub async fn request_context(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = std::time::Instant::now();
    let info = ClientInfo {
        request_id: new_id(),
        ip: request.connection_info().realip_remote_addr().unwrap_or_default().to_owned(),
        user_agent: header(&request, "user-agent").chars().take(200).collect(),
    };
    let (method, path, request_id) = (request.method().clone(), request.path().to_owned(), info.request_id.clone());
    request.extensions_mut().insert(info);
    let mut response = next.call(request).await?;
    let status = response.status().as_u16();
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, path, status, millis, request_id, "Request");
    Ok(response)
}

/// Refuses unsafe requests to the API that another site could have made a browser send: they must repeat the value of
/// the readable cookie in a header, and a browser must not say that they come from elsewhere.
///
/// # Errors
/// Those of the handler.
pub async fn csrf(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && request.path().starts_with("/api/") {
        let cookie = request.cookie(CSRF_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        let same = !cookie.is_empty() && header(&request, "x-diwan-csrf") == cookie;
        let foreign = matches!(header(&request, "sec-fetch-site"), "cross-site" | "same-site");
        if !same || foreign {
            let refusal =
                ApiError::new(StatusCode::FORBIDDEN, "csrf", "the request does not come from Diwan's own page");
            // An answer, not an error: the middleware around this one gives it its headers.
            return Ok(request.error_response(refusal));
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn header<'a>(request: &'a ServiceRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn new_id() -> String {
    let mut bytes = [0_u8; 12];
    match getrandom::fill(&mut bytes) {
        Ok(()) => URL_SAFE_NO_PAD.encode(bytes),
        Err(_no_entropy) => "none".to_owned(),
    }
}
