//! Answers with the headers they need.

use std::fmt::Display;

use actix_web::{HttpRequest, HttpResponse, Responder, http::header};
use diwan_platform::{Platform, Refusal};
use serde::Serialize;

use crate::ApiResult;

/// A DTO with its version as `ETag`.
#[derive(Debug)]
pub struct Versioned<T>(pub i64, pub T);

impl<T: Serialize> Responder for Versioned<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", self.0))).json(self.1)
    }
}

/// 201 with the new thing.
pub fn created(value: impl Serialize) -> HttpResponse {
    HttpResponse::Created().json(value)
}

/// A file to be saved; `name` is of plain letters.
pub fn download(file: Vec<u8>, media_type: &str, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(file)
}

/// A PDF to be shown in the page; it is made beside the transactions, and `name` is of plain letters.
///
/// # Errors
/// It cannot be made.
pub async fn show_pdf<E: Display>(
    platform: &Platform,
    name: &str,
    make: impl FnOnce() -> Result<Vec<u8>, E> + Send + 'static,
) -> ApiResult<HttpResponse> {
    let made = platform.db.blocking(move |_db| make().map_err(|error| Refusal::Internal(error.to_string())));
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .body(made.await?))
}

/// 204.
pub fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}
