//! Speaks with the server: typed calls, refusals as translated texts, live events, uploads with progress.

pub mod download;
pub mod draft;
pub mod events;
mod failure;
pub mod gate;
mod hook;
mod http;
pub mod json;
pub mod net;
mod opened;
mod seen;
pub mod storage;
pub mod upload;

pub use failure::Failure;
pub use hook::{ApiState, use_api};
pub(crate) use http::Answer;
pub use http::{Call, Method, delete, get, patch, post, put};
pub use opened::{Opened, newest, use_opened};
pub use seen::use_seen;
