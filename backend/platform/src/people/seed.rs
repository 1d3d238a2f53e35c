//! Making people and organisations without a person behind it: demonstration data, tests, the first administrator.
//!
//! Nothing is checked here but what the database checks. Each call leaves an audit entry.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{Caveat, Lang, Named, Secrecy};
use diwan_platform_api::people::{AgencyInput, HoldingInput, PositionInput, UnitInput};
use diwan_schema::platform::{roles, user_roles};

use super::{
    agencies::store as agency_store, events, holdings::store as holding_store, positions::store as position_store,
    units::store as unit_store, users::store as user_store,
};
use crate::{Outcome, Refusal};

/// A user to be made. The hash of a password is made once and given to many: [`super::Passwords::hash_now`].
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// The agency.
    pub agency_id: i64,
    /// The name one signs in with, in lower case.
    pub username: &'a str,
    /// The person's name.
    pub name: Named,
    /// The person's mail address.
    pub email: Option<String>,
    /// Language of the screens.
    pub lang: Lang,
    /// The highest secrecy the person may see.
    pub clearance: Secrecy,
    /// The caveats the person may see.
    pub caveats: &'a [Caveat],
    /// The stored form of the password.
    pub password_hash: &'a str,
    /// Whether a new password has to be chosen at the first sign-in.
    pub must_change: bool,
}

/// Makes an agency and answers its id.
///
/// # Errors
/// The database refuses.
pub fn create_agency(tx: &mut WriteTx<'_>, input: &AgencyInput) -> Outcome<i64> {
    let id = agency_store::insert(tx, input)?;
    tx.audit(Audit::of("agency", id).agency(id).after(input))?;
    events::changed(tx, "agency", id, id)?;
    Ok(id)
}

/// Makes a unit and answers its id.
///
/// # Errors
/// The database refuses.
pub fn create_unit(tx: &mut WriteTx<'_>, agency_id: i64, input: &UnitInput) -> Outcome<i64> {
    let id = unit_store::insert(tx, agency_id, input)?;
    tx.audit(Audit::of("unit", id).agency(agency_id).after(input))?;
    events::changed(tx, "unit", id, agency_id)?;
    Ok(id)
}

/// Makes a position and answers its id.
///
/// # Errors
/// The database refuses.
pub fn create_position(tx: &mut WriteTx<'_>, agency_id: i64, input: &PositionInput) -> Outcome<i64> {
    let id = position_store::insert(tx, agency_id, input)?;
    tx.audit(Audit::of("position", id).agency(agency_id).after(input))?;
    events::changed(tx, "position", id, agency_id)?;
    Ok(id)
}

/// Makes a user and answers their id.
///
/// # Errors
/// The database refuses: the name is taken.
pub fn create_user(tx: &mut WriteTx<'_>, new: &NewUser<'_>) -> Outcome<i64> {
    let row = user_store::New {
        agency_id: new.agency_id,
        username: new.username,
        name: &new.name,
        email: new.email.as_deref(),
        clearance: new.clearance,
        lang: new.lang,
        active: true,
        password_hash: new.password_hash,
        must_change: new.must_change,
    };
    let id = user_store::insert(tx, row)?;
    user_store::set_rights(tx, id, &[], new.caveats)?;
    tx.audit(Audit::of("user", id).agency(new.agency_id).after(&new.name))?;
    events::changed(tx, "user", id, new.agency_id)?;
    Ok(id)
}

/// Puts a user into a position from a day on, and answers the id of the holding.
///
/// # Errors
/// The database refuses.
pub fn assign(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    position_id: i64,
    from_date: NaiveDate,
    to_date: Option<NaiveDate>,
) -> Outcome<i64> {
    let input = HoldingInput { position_id, user_id, from_date, to_date };
    let id = holding_store::insert(tx, &input)?;
    tx.audit(Audit::of("holding", id).after(&input))?;
    Ok(id)
}

/// Gives a user a built-in role ([`super::roles::ensure_builtin`]) by its code.
///
/// # Errors
/// [`Refusal::Internal`] for a code there is none of.
pub fn grant_role(tx: &mut WriteTx<'_>, user_id: i64, code: &str) -> Outcome<()> {
    let role_id: Option<i64> = roles::table
        .filter(roles::agency_id.is_null())
        .filter(roles::code.eq(code))
        .select(roles::id)
        .first(tx.conn())
        .optional()?;
    let role_id = role_id.ok_or_else(|| Refusal::Internal(format!("no built-in role {code}")))?;
    diesel::insert_into(user_roles::table)
        .values((user_roles::user_id.eq(user_id), user_roles::role_id.eq(role_id)))
        .execute(tx.conn())?;
    tx.audit(Audit::of("user", user_id).after(&code))?;
    Ok(())
}
