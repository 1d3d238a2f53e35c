//! Why an operation did not happen: one type, so that every refusal reaches people in the same form.

use diwan_db::DbError;
use diwan_kernel::{FieldError, Named, Permission, ProblemDetail, UnknownCode, problem::Args, text};
use diwan_platform_api::records::TimelineEntry;

/// What an operation answers.
pub type Outcome<T> = Result<T, Refusal>;

/// Why an operation refused. Everything but [`Refusal::Database`] is told to the user as it is.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is out of the actor's scope: the two must look alike.
    #[error("no {0} of that id in your scope")]
    NotFound(&'static str),
    /// Somebody changed it since the client read it.
    #[error("the {entity} was changed meanwhile: version {current}, not {given}")]
    Stale {
        /// What was changed.
        entity: &'static str,
        /// Its version now.
        current: i64,
        /// The version the client had.
        given: i64,
        /// What was done to it last, where there is a trail to tell it from.
        last: Option<Box<TimelineEntry>>,
    },
    /// A right is missing.
    #[error("the right {0} is missing")]
    Forbidden(Permission),
    /// Fields are wrong.
    #[error("{} wrong field(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// The record's state does not allow the action.
    #[error("{action} is not possible in the state {state}")]
    WrongState {
        /// The state it is in.
        state: String,
        /// What was asked.
        action: String,
    },
    /// A rule of the business refuses; `code` has its own text and arguments.
    #[error("{code}: {args:?}")]
    Rule {
        /// Stable code.
        code: &'static str,
        /// What the text is filled with.
        args: Args,
        /// What it rests on, and what can be done.
        details: Vec<ProblemDetail>,
    },
    /// Signed in, but this is not open to the person; `code` has its own text.
    #[error("{0}")]
    Denied(&'static str),
    /// Not signed in, or the session is over.
    #[error("not signed in")]
    SignedOut,
    /// Signing in failed; `code` has its own text and tells no more than it must.
    #[error("{0}")]
    NotLetIn(&'static str),
    /// Too many attempts; try again later.
    #[error("too many attempts; again in {retry_after_s} s")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The database failed; the client learns only the request id.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Stored data are outside their closed set, or another fault inside: logged, told as opaque.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl Refusal {
    /// A rule with its arguments.
    pub fn rule<const N: usize>(code: &'static str, args: [(&str, String); N]) -> Self {
        let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self::Rule { code, args, details: Vec::new() }
    }

    /// A rule with what it rests on and what can be done; any other refusal stays as it is.
    #[must_use]
    pub fn with_details(mut self, lines: Vec<ProblemDetail>) -> Self {
        if let Self::Rule { details, .. } = &mut self {
            *details = lines;
        }
        self
    }

    /// Somebody changed it since the client read it.
    pub fn stale(entity: &'static str, current: i64, given: i64) -> Self {
        Self::Stale { entity, current, given, last: None }
    }

    /// One wrong field.
    pub fn field(field: &str, code: &str) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }
}

impl From<diesel::result::Error> for Refusal {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<UnknownCode> for Refusal {
    fn from(error: UnknownCode) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Collects wrong fields, so that a form learns all of them at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Keeps the value, or notes what is wrong with it.
    pub fn take<T: Default>(&mut self, checked: Result<T, FieldError>) -> T {
        checked.unwrap_or_else(|error| {
            self.0.push(error);
            T::default()
        })
    }

    /// A name: Arabic always, English where there is one.
    pub fn name(&mut self, field: &str, named: &Named) -> Named {
        let ar = self.take(text::line(&format!("{field}.ar"), &named.ar, text::NAME_MAX));
        let en = if named.en.trim().is_empty() {
            String::new()
        } else {
            self.take(text::line(&format!("{field}.en"), &named.en, text::NAME_MAX))
        };
        Named { ar, en }
    }

    /// Notes a wrong field.
    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Goes on only if nothing was wrong.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with every noted field.
    pub fn done(self) -> Outcome<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.0)) }
    }
}
