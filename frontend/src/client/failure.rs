//! Why a call gave no answer, and what the user is told.

use std::rc::Rc;

use diwan_kernel::{FieldError, Problem, ProblemDetail};

use crate::i18n;

/// Why a call gave no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The server refused and said why.
    Refused(Rc<Problem>),
    /// The server could not be reached.
    Offline,
    /// The answer was not what this version of the UI understands; the HTTP status.
    Unreadable(u16),
    /// The screen that asked is gone; nothing is shown.
    Cancelled,
}

/// So many wrong fields that are not at hand are told at once.
const UNSEEN: usize = 50;

impl Failure {
    /// The HTTP status, 0 where there was no answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(problem) => problem.status,
            Self::Unreadable(status) => *status,
            Self::Offline | Self::Cancelled => 0,
        }
    }

    /// The server's code of the refusal, empty for the others.
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(problem) => &problem.code,
            _ => "",
        }
    }

    /// What the user is told, in the chosen language.
    pub fn text(&self) -> String {
        match self {
            Self::Refused(problem) => i18n::error_text(&problem.code, &problem.args).unwrap_or_else(|| {
                t!("err-unknown-code", code = problem.code.as_str(), id = problem.request_id.as_str())
            }),
            Self::Offline => t!("err-offline"),
            Self::Unreadable(status) => t!("err-unreadable", status = *status),
            Self::Cancelled => String::new(),
        }
    }

    /// The version in force, where the server refused a change because it rests on an older one.
    pub fn current(&self) -> Option<i64> {
        match self {
            Self::Refused(problem) if problem.code == "stale" => problem.args.get("current")?.parse().ok(),
            _ => None,
        }
    }

    /// What the user is told of a refusal as too old, where what is there now was loaded after it.
    pub fn renewed(&self) -> Option<String> {
        let Self::Refused(problem) = self else { return None };
        self.current().and_then(|_| i18n::error_text("stale_renewed", &problem.args))
    }

    /// What the refusal rests on and what can be done: text and page of each line, the page empty where it leads nowhere.
    pub fn details(&self) -> Vec<(String, String)> {
        let Self::Refused(problem) = self else { return Vec::new() };
        let line = |one: &ProblemDetail| Some((i18n::error_text(&one.code, &one.args)?, one.to.clone()));
        problem.details.iter().filter_map(line).collect()
    }

    /// What is wrong with a field of the request, by its name there.
    pub fn field(&self, name: &str) -> Option<String> {
        let error = self.fields().iter().find(|error| error.field == name)?;
        Some(i18n::field_error("", (&error.code, &error.args), &str::to_owned))
    }

    /// What is wrong with the fields of the request.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Refused(problem) => &problem.fields,
            _ => &[],
        }
    }

    /// What is wrong with fields besides those that are `drawn`, whose errors stand beside them; by the names of forms, parts of
    /// a field by the field.
    pub fn unseen(&self, drawn: &[&str]) -> Vec<String> {
        let unseen = |error: &&FieldError| !drawn.contains(&error.field.split('.').next().unwrap_or_default());
        let text = |error: &FieldError| i18n::field_error("", (&error.code, &error.args), &str::to_owned);
        self.fields().iter().filter(unseen).take(UNSEEN).map(text).collect()
    }

    /// Why a file did not arrive: the reason of the file itself where the server names it.
    pub fn of_file(&self) -> String {
        self.field("files.0").or_else(|| self.field("files")).unwrap_or_else(|| self.text())
    }

    /// Whether the server named wrong fields; the form shows them, a general message is then enough.
    pub fn has_fields(&self) -> bool {
        !self.fields().is_empty()
    }

    /// The number by which support finds the request in the log.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) if !problem.request_id.is_empty() => Some(&problem.request_id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(code: &str, current: &str) -> Failure {
        let problem =
            json!({ "status": 409, "code": code, "message": "", "args": { "current": current }, "request_id": "" });
        Failure::Refused(Rc::new(serde_json::from_value(problem).unwrap()))
    }

    #[test]
    fn what_is_wrong_with_fields_that_are_not_drawn_is_told() {
        let field = |field: &str, code: &str| json!({ "field": field, "code": code, "args": {} });
        let fields =
            json!([field("name.ar", "required"), field("file", "empty"), field("posting", "account_has_below")]);
        let problem =
            json!({ "status": 422, "code": "invalid", "message": "", "args": {}, "fields": fields, "request_id": "" });
        let failure = Failure::Refused(Rc::new(serde_json::from_value(problem).unwrap()));
        let told = ["err-empty", "err-account-has-below"].map(|key| i18n::text(key, None));
        assert_eq!(failure.unseen(&["name"]), told);
        assert!(failure.unseen(&["name", "file", "posting"]).is_empty());
        assert!(Failure::Offline.unseen(&[]).is_empty());
    }

    #[test]
    fn only_a_refusal_as_too_old_names_the_version_in_force() {
        assert_eq!(refused("stale", "7").current(), Some(7));
        assert!(refused("stale", "7").renewed().is_some());
        assert_eq!((refused("wrong_state", "7").current(), refused("wrong_state", "7").renewed()), (None, None));
        assert_eq!((refused("stale", "").current(), Failure::Offline.current()), (None, None));
    }
}
