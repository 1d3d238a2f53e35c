//! The password policy: the form and the server apply the same one.

use diwan_kernel::{FieldError, text};

/// The fewest characters.
pub const MIN: usize = 10;
/// The most characters: hashing a megabyte would cost everybody.
pub const MAX: usize = 128;
/// The fewest different characters.
const DISTINCT: usize = 5;

/// Long enough and yet guessed first; in the folded form. Shorter ones fall to the length.
const COMMON: &[&str] = &[
    "0123456789",
    "1029384756",
    "1122334455",
    "123456789a",
    "1234567890",
    "12345678910",
    "123456789o",
    "1234554321",
    "123qweasdzxc",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "9876543210",
    "987654321a",
    "abcd123456",
    "abcdefghij",
    "abcdef123456",
    "adminadmin",
    "admin12345",
    "admin123456",
    "administrator",
    "alhamdulillah",
    "amman12345",
    "asdfghjkl;",
    "asdfghjkl1",
    "basketball",
    "bismillah1",
    "bismillah123",
    "changeme123",
    "computer123",
    "default123",
    "diwan12345",
    "dragon1234",
    "football123",
    "government",
    "government1",
    "hello12345",
    "iloveyou123",
    "jordan1234",
    "jordan12345",
    "jordan123456",
    "letmein123",
    "letmein1234",
    "master1234",
    "ministry123",
    "mohammad123",
    "mohammed123",
    "mypassword",
    "newpassword",
    "p@ssw0rd123",
    "p@ssword123",
    "palestine1",
    "palestine123",
    "pass123456",
    "pass1234567",
    "passw0rd123",
    "password01",
    "password1!",
    "password10",
    "password11",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "passwordpassword",
    "princess123",
    "q1w2e3r4t5",
    "qazwsxedcrfv",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop",
    "qwertyuiop1",
    "qwertyuiop123",
    "secret1234",
    "starwars123",
    "sunshine123",
    "superman123",
    "temp123456",
    "test123456",
    "trustno1234",
    "user123456",
    "welcome123",
    "welcome1234",
    "welcome12345",
    "zaq12wsxcde3",
    "zxcvbnm123",
    "الاردن123",
    "الاردن1234",
    "بسم الله الرحمن الرحيم",
    "كلمه المرور",
    "كلمه السر",
    "محمد123456",
];

/// Checks a new password against the policy: [`MIN`] to [`MAX`] characters, not among the common ones, not made of a
/// few characters, without the user name in it.
///
/// # Errors
/// `password_too_short` (with `min`), `too_long` (with `max`), `password_common`, `password_has_username`.
pub fn check(field: &str, password: &str, username: &str) -> Result<(), FieldError> {
    let length = password.chars().count();
    if length < MIN {
        return Err(FieldError::new(field, "password_too_short").with("min", MIN));
    }
    if length > MAX {
        return Err(FieldError::new(field, "too_long").with("max", MAX));
    }
    let folded = text::fold(password);
    let mut distinct: Vec<char> = folded.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < DISTINCT || COMMON.contains(&folded.as_str()) {
        return Err(FieldError::new(field, "password_common"));
    }
    if !username.is_empty() && folded.contains(&text::fold(username)) {
        return Err(FieldError::new(field, "password_has_username"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<String> {
        check("new", password, "salma").err().map(|error| error.code)
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert_eq!(code("Ab1!xyz9Q").as_deref(), Some("password_too_short"));
        assert_eq!(code(&"x1Y!z".repeat(30)).as_deref(), Some("too_long"));
        assert_eq!(code("PassWord1234").as_deref(), Some("password_common"));
        assert_eq!(code("كَلِمة السر").as_deref(), Some("password_common"));
        assert_eq!(code("121212121212").as_deref(), Some("password_common"));
        assert_eq!(code("xx-Salma-2026").as_deref(), Some("password_has_username"));
        assert_eq!(code("زيتون اخضر 26"), None);
        assert_eq!(code("tall olive tree"), None);
    }

    #[test]
    fn the_list_is_in_folded_form_and_reaches_past_the_length() {
        for common in COMMON {
            assert_eq!(&text::fold(common), common);
            assert!(common.chars().count() >= MIN - 1, "{common} is refused by its length");
        }
    }
}
