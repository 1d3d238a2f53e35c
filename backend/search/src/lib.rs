//! The full-text index: Arabic analyser, fields, access filter, ranking.

macro_rules! knob {
    ($n:literal, $d:expr) => {{
        static K: std::sync::LazyLock<f32> =
            std::sync::LazyLock::new(|| std::env::var($n).ok().and_then(|v| v.parse().ok()).unwrap_or($d));
        *K
    }};
}
pub(crate) use knob;

pub mod analyze;
mod error;
pub mod eval;
mod index;
mod query;
pub mod reference;

pub use error::{Result, SearchError};
pub use index::*;
pub use query::*;
