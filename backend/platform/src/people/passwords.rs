//! Hashing of passwords (Argon2id), off the request threads and a few at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{Outcome, Refusal, secrets::random};

/// Hashes at once on this node: each takes its memory, and guesses must not take the machine.
const AT_ONCE: usize = 4;
/// Letters and digits that are not mistaken for one another when read from paper; 32 of them.
const CLEAR: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
/// Length of a temporary password: 80 random bits, in groups of four.
const TEMPORARY: usize = 16;

/// Hashes passwords and checks them.
#[derive(Clone)]
pub struct Passwords {
    params: Params,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// Argon2id with so much memory (at least 8 KiB) and so many passes (at least 1), one lane.
    pub fn new(memory_kib: u32, passes: u32) -> Self {
        let params = Params::new(memory_kib.max(8), passes.max(1), 1, None).unwrap_or_default();
        Self { params, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The hash to store, a PHC string.
    ///
    /// # Errors
    /// [`Refusal::Internal`] when the machine gives no random salt or no memory.
    pub async fn hash(&self, password: String) -> Outcome<String> {
        self.run(move |this| this.hash_now(&password)).await
    }

    /// [`Passwords::hash`] on this thread.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub fn hash_now(&self, password: &str) -> Outcome<String> {
        hash(self.params.clone(), password)
    }

    /// The hash of a [`temporary_password`]: 80 random bits need no slow hash, and a table of people brings thousands.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub fn hash_temporary(&self, temporary: &str) -> Outcome<String> {
        hash(Params::new(64, 1, 1, None).unwrap_or_default(), temporary)
    }

    /// Whether the password is the stored one. Takes the same time where nothing is stored, so that nobody learns
    /// from the clock who has an account.
    ///
    /// # Errors
    /// [`Refusal::Internal`] when the machine has no memory for it.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Outcome<bool> {
        self.run(move |this| {
            let stored = stored.as_deref().and_then(|stored| PasswordHash::new(stored).ok());
            let good =
                stored.as_ref().is_some_and(|stored| this.argon().verify_password(password.as_bytes(), stored).is_ok());
            let cost =
                stored.as_ref().and_then(|stored| Params::try_from(stored).ok()).map_or(0, |params| params.m_cost());
            if cost < this.params.m_cost() {
                hash(this.params.clone(), &password)?;
            }
            Ok(good)
        })
        .await
    }

    fn argon(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> Outcome<T> + Send + 'static) -> Outcome<T> {
        let lost = |_| Refusal::Internal("hashing was cut off".to_owned());
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_closed| lost(()))?;
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&this)
        });
        done.await.map_err(|_panicked| lost(()))?
    }
}

fn hash(params: Params, password: &str) -> Outcome<String> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Refusal::Internal(format!("hashing failed: {error}")))
}

/// A password to be handed over on paper and changed at the first sign-in: `k7mq-2xhf-…`.
///
/// # Errors
/// [`Refusal::Internal`] when the machine gives no random bytes.
pub fn temporary_password() -> Outcome<String> {
    let mut password = String::new();
    for (place, byte) in random::<TEMPORARY>()?.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(CLEAR[usize::from(byte % 32)]));
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_and_hashes_differ() {
        let passwords = Passwords::new(64, 1);
        let stored = passwords.hash("زيتون اخضر 26".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert_ne!(passwords.hash_now("زيتون اخضر 26").unwrap(), stored);
        assert!(passwords.verify("زيتون اخضر 26".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("زيتون اخضر 27".to_owned(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("anything".to_owned(), None).await.unwrap());
        assert!(!passwords.verify("anything".to_owned(), Some("no hash".to_owned())).await.unwrap());
    }

    #[tokio::test]
    async fn temporary_passwords_fit_whatever_the_cost_is() {
        let temporary = temporary_password().unwrap();
        assert_eq!(temporary.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert_ne!(temporary, temporary_password().unwrap());
        let passwords = Passwords::new(256, 2);
        let stored = passwords.hash_temporary(&temporary).unwrap();
        assert!(passwords.verify(temporary, Some(stored)).await.unwrap());
    }
}
