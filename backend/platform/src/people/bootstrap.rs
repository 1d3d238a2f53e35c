//! What an operator does at the machine: the first administrator, and help for those who cannot get in.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{Lang, Named, Secrecy};
use diwan_platform_api::people::AgencyInput;
use diwan_schema::platform::{agencies, users};

use super::{
    Passwords, account::totp_disable::forget_totp, roles, seed, session::clear_attempts, temporary_password, username,
    users::store as user_store,
};
use crate::{Outcome, Refusal};

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

/// Makes an administrator of the whole installation and answers the password for the first sign-in.
///
/// # Errors
/// Wrong fields `username` (`username_form`, `taken`) and `agency_code` (`unknown`).
pub fn create_admin(tx: &mut WriteTx<'_>, passwords: &Passwords, first: &FirstAdmin<'_>) -> Outcome<String> {
    roles::ensure_builtin(tx)?;
    let name = username::check("username", first.username)?;
    if find(tx, &name)?.is_some() {
        return Err(Refusal::field("username", "taken"));
    }
    let agency: Option<i64> = agencies::table
        .filter(agencies::code.eq(first.agency_code))
        .select(agencies::id)
        .first(tx.conn())
        .optional()?;
    let agency_id = match (agency, &first.new_agency) {
        (Some(id), _) => id,
        (None, Some(new)) => seed::create_agency(tx, new)?,
        (None, None) => return Err(Refusal::field("agency_code", "unknown")),
    };
    let temporary = temporary_password()?;
    let hash = passwords.hash_temporary(&temporary)?;
    let new = seed::NewUser {
        agency_id,
        username: &name,
        name: first.name.clone(),
        email: None,
        lang: Lang::Ar,
        // Nobody gives a clearance above their own, so somebody has to begin with the highest.
        clearance: Secrecy::TopSecret,
        caveats: diwan_kernel::Caveat::ALL,
        password_hash: &hash,
        must_change: true,
    };
    let id = seed::create_user(tx, &new)?;
    seed::grant_role(tx, id, "system_admin")?;
    Ok(temporary)
}

/// Sets a password that is told this once, forgets wrong ones and the one-time codes, ends every session.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn reset_password(tx: &mut WriteTx<'_>, passwords: &Passwords, name: &str) -> Outcome<String> {
    let name = username::normal(name);
    let (id, agency_id) = find(tx, &name)?.ok_or(Refusal::NotFound("user"))?;
    let temporary = temporary_password()?;
    user_store::set_temporary(tx, id, &name, &passwords.hash_temporary(&temporary)?)?;
    forget_totp(tx, id)?;
    tx.audit(Audit::of("user", id).agency(agency_id))?;
    Ok(temporary)
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
