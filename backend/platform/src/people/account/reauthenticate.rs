//! The password again, from somebody signed in.

use crate::{
    Outcome, Platform, Refusal,
    people::session::{Account, account, begin_attempt, forget_attempts},
};

/// Checks the password of somebody signed in; wrong ones count as at sign-in, and a right one ends the count.
///
/// # Errors
/// `wrong_password` on `field`; [`Refusal::TooMany`].
pub(super) async fn run(platform: &Platform, user_id: i64, field: &str, password: String) -> Outcome<Account> {
    let name = platform.db.read(move |tx| Ok::<_, Refusal>(account(tx, user_id)?.username)).await?;
    let account = begin_attempt(platform, name).await?.ok_or(Refusal::SignedOut)?;
    if platform.passwords.verify(password, Some(account.password_hash.clone())).await? {
        forget_attempts(platform, account.username.clone()).await?;
        Ok(account)
    } else {
        Err(Refusal::field(field, "wrong_password"))
    }
}
