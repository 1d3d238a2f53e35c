//! Checks that several forms share.

use diwan_kernel::{FieldError, Named, text};

use crate::{Fields, Outcome, Refusal};

/// The longest short code, in characters.
const CODE_MAX: usize = 20;
/// The longest mail address, in characters.
const EMAIL_MAX: usize = 254;

/// A name: Arabic always, English where there is one.
pub(super) fn name(fields: &mut Fields, field: &str, named: &Named) -> Named {
    fields.name(field, named)
}

/// A short code: one word of letters, digits and `.`, `-`, `_`, `/`.
pub(super) fn code(fields: &mut Fields, field: &str, typed: &str) -> String {
    let code = fields.take(text::line(field, typed, CODE_MAX));
    if !code.chars().all(|c| c.is_alphanumeric() || ".-_/".contains(c)) {
        fields.push(FieldError::new(field, "code_form"));
    }
    code
}

/// A mail address, if there is one.
pub(super) fn email(fields: &mut Fields, field: &str, typed: Option<&str>) -> Option<String> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    let well_formed = typed.len() <= EMAIL_MAX
        && !typed.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
        && matches!(typed.rsplit_once('@'), Some((name, host)) if !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.'));
    if !well_formed {
        fields.push(FieldError::new(field, "email_form"));
    }
    Some(typed.to_owned())
}

/// Goes on only with the version that is stored.
///
/// # Errors
/// [`Refusal::Stale`].
pub(super) fn version(entity: &'static str, current: i64, given: i64) -> Outcome<()> {
    if current == given { Ok(()) } else { Err(Refusal::stale(entity, current, given)) }
}

/// Goes on only if the guarded update found its row: somebody was faster since it was loaded.
///
/// # Errors
/// [`Refusal::Stale`].
pub(super) fn changed(entity: &'static str, rows: usize, given: i64) -> Outcome<()> {
    if rows == 1 { Ok(()) } else { Err(Refusal::stale(entity, given + 1, given)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(check: impl FnOnce(&mut Fields)) -> Vec<String> {
        let mut fields = Fields::default();
        check(&mut fields);
        match fields.done() {
            Err(Refusal::Invalid(errors)) => errors.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn names_codes_and_addresses_are_checked() {
        let named = |ar: &str, en: &str| Named { ar: ar.to_owned(), en: en.to_owned() };
        assert_eq!(
            codes(|f| _ = name(f, "name", &named(" ", "x\u{7}"))),
            ["name.ar required", "name.en control_characters"]
        );
        assert_eq!(codes(|f| _ = name(f, "name", &named("وزارة المالية", ""))), [""; 0]);
        assert_eq!(codes(|f| _ = code(f, "code", "م ر")), ["code code_form"]);
        assert_eq!(codes(|f| _ = code(f, "code", "م/ر-12")), [""; 0]);
        for bad in ["x", "x@", "@x.jo", "a b@x.jo", "a@jo", "a@x.jo\n.b", "<a@x.jo>"] {
            assert_eq!(codes(|f| _ = email(f, "email", Some(bad))), ["email email_form"], "{bad}");
        }
        assert_eq!(
            codes(|f| assert_eq!(email(f, "email", Some(" a@x.gov.jo ")).as_deref(), Some("a@x.gov.jo"))),
            [""; 0]
        );
    }
}
