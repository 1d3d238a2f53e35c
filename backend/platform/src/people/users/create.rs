//! A new user.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_kernel::{FieldError, Permission};
use diwan_platform_api::people::{NewUser, UserCreated};
use diwan_schema::platform::users;

use super::{get, store};
use crate::{
    Actor, Fields, Outcome,
    people::{Passwords, events, scope, temporary_password, username},
};

/// Makes the account, with a password for the first sign-in that is told this once.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach; wrong fields: `username_form`, `taken` (username),
/// `unknown` (role_ids) and those of names and addresses; [`crate::Refusal::Forbidden`] and `clearance_beyond_yours`
/// for more than the actor has.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, passwords: &Passwords, input: &NewUser) -> Outcome<UserCreated> {
    let (id, temporary_password) = make(tx, actor, passwords, input)?;
    Ok(UserCreated { user: get::run(tx, actor, id)?, temporary_password })
}

/// [`run`] that answers only the id and the password.
pub(in crate::people) fn make(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    passwords: &Passwords,
    input: &NewUser,
) -> Outcome<(i64, String)> {
    actor.require(Permission::UsersManage)?;
    let agency_id = scope::agency(actor, input.agency_id)?;
    let mut fields = Fields::default();
    let username = fields.take(username::check("username", &input.username));
    let same: i64 = users::table.filter(users::username.eq(&username)).count().get_result(tx.conn())?;
    if same > 0 {
        fields.push(FieldError::new("username", "taken"));
    }
    let edit = store::checked(tx, actor, agency_id, fields, &input.edit)?;
    let temporary_password = temporary_password()?;
    let new = store::New {
        agency_id,
        username: &username,
        name: &edit.name,
        email: edit.email.as_deref(),
        clearance: edit.clearance,
        lang: edit.lang,
        active: edit.active,
        password_hash: &passwords.hash_temporary(&temporary_password)?,
        must_change: true,
    };
    let id = store::insert(tx, new)?;
    store::set_rights(tx, id, &edit.role_ids, &edit.caveats)?;
    tx.audit(Audit::of("user", id).agency(agency_id).after(&edit))?;
    events::changed(tx, "user", id, agency_id)?;
    Ok((id, temporary_password))
}
