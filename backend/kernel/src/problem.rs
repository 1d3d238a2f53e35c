//! Errors as clients see them (RFC 9457 problem details): a stable code with arguments, which the UI translates.

use std::collections::BTreeMap;

use crate::dto;

/// Values that a translated message is filled with.
pub type Args = BTreeMap<String, String>;

dto! {
    /// Why a request was refused.
    #[derive(Eq)]
    pub struct Problem {
        /// HTTP status.
        pub status: u16,
        /// Stable code; the UI's text is `err-<code>` with `_` as `-`.
        pub code: String,
        /// English text for logs and API users.
        pub message: String,
        /// What the message is filled with.
        #[serde(default)]
        pub args: Args,
        /// Which fields are wrong and why.
        #[serde(default)]
        pub fields: Vec<FieldError>,
        /// What the refusal rests on, and what can be done: one line each below the message.
        #[serde(default)]
        pub details: Vec<ProblemDetail>,
        /// Names the request in the server's log.
        #[serde(default)]
        pub request_id: String,
    }

    /// A line below the message of a problem.
    #[derive(Eq)]
    pub struct ProblemDetail {
        /// Stable code, as in [`Problem`].
        pub code: String,
        /// What its text is filled with.
        #[serde(default)]
        pub args: Args,
        /// The page of the UI where it is seen or done; empty for none.
        #[serde(default)]
        pub to: String,
    }

    /// One wrong field.
    #[derive(Eq)]
    pub struct FieldError {
        /// The field's name in the request; nested ones with dots and indexes, `recipients.0.agency_id`.
        pub field: String,
        /// Stable code, as in [`Problem`].
        pub code: String,
        /// What the message is filled with.
        #[serde(default)]
        pub args: Args,
    }
}

impl ProblemDetail {
    /// A line that leads to a page of the UI, or nowhere where that is empty.
    pub fn new<const N: usize>(code: &str, to: impl Into<String>, args: [(&str, String); N]) -> Self {
        let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { code: code.to_owned(), args, to: to.into() }
    }
}

impl FieldError {
    /// A wrong field without arguments.
    pub fn new(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), args: Args::new() }
    }

    /// Adds a value to the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}
