//! The name one signs in with.

use diwan_kernel::FieldError;

/// The longest name, in characters.
const MAX: usize = 64;
/// The shortest.
const MIN: usize = 3;

/// The stored form: lower case, nothing around it.
pub(crate) fn normal(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Checks a new name: a-z, 0-9, `.`, `_`, `-`, beginning with a letter; answers its stored form.
///
/// # Errors
/// `required`, `username_form`.
pub(crate) fn check(field: &str, typed: &str) -> Result<String, FieldError> {
    let name = normal(typed);
    if name.is_empty() {
        return Err(FieldError::new(field, "required"));
    }
    let clean = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if clean && (MIN..=MAX).contains(&name.len()) && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        Ok(name)
    } else {
        Err(FieldError::new(field, "username_form"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_lower_case() {
        assert_eq!(check("username", " Salma.Haddad ").unwrap(), "salma.haddad");
        for bad in ["ab", "سلمى", "a b c", "1abc", "-abc", &"x".repeat(65)] {
            assert_eq!(check("username", bad).unwrap_err().code, "username_form", "{bad}");
        }
        assert_eq!(check("username", " ").unwrap_err().code, "required");
    }
}
