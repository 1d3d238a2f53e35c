//! What every HTTP handler shares: actor, rights, errors, paging, ETag, OpenAPI.
//!
//! A handler extracts, calls one operation and answers a DTO. Its first argument is the guard that says who may call
//! it ([`Require`], [`SignedIn`] or [`Public`]); [`Routes`] does not compile with a handler that has none.

mod answer;
mod client;
mod error;
mod guard;
mod idempotency;
mod input;
mod lang;
mod middleware;
mod openapi;
pub mod platform;
mod routes;
mod run;

pub use answer::{Versioned, created, download, no_content, show_pdf};
pub use client::{ClientInfo, IfMatch};
pub use error::{ApiError, ApiResult, path_config, query_config};
pub use guard::{CSRF_COOKIE, Guard, Needs, Public, Require, Right, SESSION_COOKIE, SignedIn, rights};
pub use idempotency::IdempotencyKey;
pub use input::Input;
pub use lang::InLang;
pub use middleware::{csrf, request_context};
pub use openapi::Documentation;
pub use routes::{RouteDoc, Routes};
pub use run::{read, stepped, write};
