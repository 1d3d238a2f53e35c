//! The web UI: files made by `frontend/bundle`, inside the release binary, read from disk in debug builds.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
};
use diwan_http::ApiError;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
struct Dist;

/// Said where the UI was not built: only possible in development.
const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Diwan</title><h1>The UI is not built</h1>\
    <p>Run <code>make ui</code> in the project's folder and load this page again. The API is at <a href=/api/docs>/api/docs</a>.</p>";

/// What is served for any path that no other route has: a file of the UI, its page, or a problem.
pub(crate) async fn fallback(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    if path == "/api" || path.starts_with("/api/") {
        return Err(ApiError::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("there is no {} {path}", request.method()),
        ));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "not_found", "the UI is only read"));
    }
    let name = path.trim_start_matches('/');
    // Paths of pages have no extension; the app itself knows them.
    let is_page = !name.rsplit('/').next().unwrap_or_default().contains('.');
    let name = if is_page { "index.html" } else { name };
    match (find(&request, name), is_page) {
        (Some(file), _) => Ok(file),
        (None, true) => Ok(HttpResponse::ServiceUnavailable().content_type("text/html; charset=utf-8").body(NOT_BUILT)),
        (None, false) => Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("there is no file {path}"))),
    }
}

/// The file in the best form the client takes.
fn find(request: &HttpRequest, name: &str) -> Option<HttpResponse> {
    if name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    let accepted = header_text(request, header::ACCEPT_ENCODING);
    let takes = |coding: &str| accepted.split(',').any(|one| one.split(';').next().is_some_and(|c| c.trim() == coding));
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, extension)| Some((coding, Dist::get(&format!("{name}{extension}"))?)));
    let (coding, file) = match packed {
        Some((coding, file)) => (coding, file),
        // "identity" also keeps the compressing middleware away from what is compressed already (fonts, images).
        None => ("identity", Dist::get(name)?),
    };
    Some(answer(request, name, coding, file))
}

fn answer(request: &HttpRequest, name: &str, coding: &str, file: EmbeddedFile) -> HttpResponse {
    let hash: String = file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    // Names below assets/ follow the content, so they never change; everything else is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let fresh = header_text(request, header::IF_NONE_MATCH) == etag;
    let mut response = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ETAG, etag))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::CONTENT_ENCODING, coding));
    if fresh { response.finish() } else { response.content_type(media_type(name)).body(file.data) }
}

fn header_text(request: &HttpRequest, name: header::HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
