//! Lists are paged by key: a page names the last key it showed.

use serde::{Deserialize, Serialize};

/// The most rows a page has.
pub const MAX_PAGE: u32 = 100;
/// The rows of a page when nothing is asked.
pub const DEFAULT_PAGE: u32 = 25;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct PageRequest {
    /// The cursor a former page gave as `next`; none for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Rows wanted, at most [`MAX_PAGE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl PageRequest {
    /// The number of rows to load: within 1 and [`MAX_PAGE`].
    pub fn rows(&self) -> i64 {
        i64::from(self.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE))
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
    /// How many rows there are in all, where counting is cheap enough to be done.
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// Makes a page from `limit + 1` loaded rows: the extra row only says that there is a next page.
    pub fn from_rows<R>(mut rows: Vec<R>, limit: i64, cursor: impl Fn(&R) -> String, into: impl FnMut(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows.into_iter().map(into).collect(), next, total: None }
    }
}
