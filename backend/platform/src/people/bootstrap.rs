//! What an operator does at the machine: the first administrator, and help for those who cannot get in.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{Lang, Named, Secrecy};
use diwan_platform_api::people::{AgencyInput, password};
use diwan_schema::platform::{agencies, users};

use super::{
    Passwords, account::totp_disable::forget_totp, agencies::store as agency_store, checks, roles, seed,
    session::clear_attempts, temporary_password, username, users::store as user_store,
};
use crate::{Fields, Outcome, Refusal};

/// A password that an operator gives somebody.
pub struct GivenPassword {
    hash: String,
    /// The words, where Diwan made them up: to be told once.
    pub made_up: Option<String>,
}

impl GivenPassword {
    /// One that was typed, if the policy allows it.
    ///
    /// # Errors
    /// Wrong field `password`, as [`password::check`]; [`Refusal::Internal`] when the machine has no memory for hashing.
    pub fn typed(passwords: &Passwords, username: &str, typed: &str) -> Outcome<Self> {
        password::check("password", typed, &username::normal(username))?;
        Ok(Self { hash: passwords.hash_now(typed)?, made_up: None })
    }

    /// One that Diwan makes up.
    ///
    /// # Errors
    /// [`Refusal::Internal`] when the machine gives no random bytes.
    pub fn made_up(passwords: &Passwords) -> Outcome<Self> {
        let made_up = temporary_password()?;
        Ok(Self { hash: passwords.hash_temporary(&made_up)?, made_up: Some(made_up) })
    }
}

/// The first administrator of an installation.
#[derive(Debug, Clone)]
pub struct FirstAdmin<'a> {
    /// The name to sign in with.
    pub username: &'a str,
    /// The person's name.
    pub name: Named,
    /// The agency by its code; made from `new_agency` when there is none.
    pub agency_code: &'a str,
    /// The agency to be made.
    pub new_agency: Option<AgencyInput>,
}

/// Makes an administrator of the whole installation. A made-up password has to be changed at the first sign-in.
///
/// # Errors
/// Wrong fields: `username` (`username_form`, `taken`), `agency_code` (`unknown`), those of names and of the new agency.
pub fn create_admin(tx: &mut WriteTx<'_>, first: &FirstAdmin<'_>, password: &GivenPassword) -> Outcome<()> {
    roles::ensure_builtin(tx)?;
    let mut fields = Fields::default();
    let username = fields.take(username::check("username", first.username));
    let name = checks::name(&mut fields, "name", &first.name);
    fields.done()?;
    if find(tx, &username)?.is_some() {
        return Err(Refusal::field("username", "taken"));
    }
    let agency: Option<i64> = agencies::table
        .filter(agencies::code.eq(first.agency_code))
        .select(agencies::id)
        .first(tx.conn())
        .optional()?;
    let agency_id = match (agency, &first.new_agency) {
        (Some(id), _) => id,
        (None, Some(new)) => {
            let new = agency_store::checked(tx, None, new)?;
            seed::create_agency(tx, &new)?
        }
        (None, None) => return Err(Refusal::field("agency_code", "unknown")),
    };
    let new = seed::NewUser {
        agency_id,
        username: &username,
        name,
        email: None,
        lang: Lang::Ar,
        // Nobody gives a clearance above their own, so somebody has to begin with the highest.
        clearance: Secrecy::TopSecret,
        caveats: diwan_kernel::Caveat::ALL,
        password_hash: &password.hash,
        must_change: password.made_up.is_some(),
    };
    let id = seed::create_user(tx, &new)?;
    seed::grant_role(tx, id, "system_admin")
}

/// Sets a password that has to be changed at the next sign-in, forgets wrong ones and the one-time codes, ends every
/// session.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn reset_password(tx: &mut WriteTx<'_>, name: &str, password: &GivenPassword) -> Outcome<()> {
    let name = username::normal(name);
    let (id, agency_id) = find(tx, &name)?.ok_or(Refusal::NotFound("user"))?;
    user_store::set_temporary(tx, id, &name, &password.hash)?;
    forget_totp(tx, id)?;
    tx.audit(Audit::of("user", id).agency(agency_id))?;
    Ok(())
}

/// Forgets wrong passwords, so that the person may sign in at once.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn unlock(tx: &mut WriteTx<'_>, name: &str) -> Outcome<()> {
    let name = username::normal(name);
    let (id, agency_id) = find(tx, &name)?.ok_or(Refusal::NotFound("user"))?;
    clear_attempts(tx, &name)?;
    tx.audit(Audit::of("user", id).agency(agency_id))?;
    Ok(())
}

fn find(tx: &mut WriteTx<'_>, name: &str) -> Outcome<Option<(i64, i64)>> {
    Ok(users::table
        .filter(users::username.eq(name))
        .select((users::id, users::agency_id))
        .first(tx.conn())
        .optional()?)
}
