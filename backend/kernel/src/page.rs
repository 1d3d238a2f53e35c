//! Lists are paged by key: a page names the last key it showed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

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
    #[serde(default, deserialize_with = "number_or_text", skip_serializing_if = "Option::is_none")]
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

/// Reads a number that may come as text: in a query string that flattens a [`PageRequest`], every value does.
fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    struct Rows;

    impl<'de> de::Visitor<'de> for Rows {
        type Value = Option<u32>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number of rows")
        }

        fn visit_u64<E: de::Error>(self, rows: u64) -> Result<Self::Value, E> {
            u32::try_from(rows).map(Some).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(rows), &self))
        }

        fn visit_str<E: de::Error>(self, rows: &str) -> Result<Self::Value, E> {
            match rows {
                "" => Ok(None),
                rows => rows.parse().map(Some).map_err(|_| E::invalid_value(de::Unexpected::Str(rows), &self)),
            }
        }

        fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
            inner.deserialize_any(self)
        }

        fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Rows)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PageRequest;

    #[test]
    fn a_limit_is_a_number_or_text() {
        for (limit, rows) in [(json!(20), Some(20)), (json!("20"), Some(20)), (json!(""), None), (json!(null), None)] {
            let page: PageRequest = serde_json::from_value(json!({ "limit": limit })).unwrap();
            assert_eq!(page.limit, rows, "{limit}");
        }
        for limit in [json!("many"), json!(-1), json!(1.5), json!("99999999999")] {
            assert!(serde_json::from_value::<PageRequest>(json!({ "limit": limit })).is_err(), "{limit}");
        }
    }

    #[test]
    fn a_page_has_at_least_one_row_and_at_most_a_hundred() {
        for (limit, rows) in [(None, 25), (Some(0), 1), (Some(7), 7), (Some(5_000), 100)] {
            assert_eq!(PageRequest { after: None, limit }.rows(), rows);
        }
    }
}
