//! Language and colours.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_platform_api::people::Preferences;
use diwan_schema::platform::users;

use crate::{Actor, Outcome};

/// Sets them.
///
/// # Errors
/// The database fails.
pub fn run(tx: &mut WriteTx<'_>, actor: &Actor, input: &Preferences) -> Outcome<()> {
    diesel::update(users::table.find(actor.user_id))
        .set((users::lang.eq(input.lang.code()), users::theme.eq(input.theme.code())))
        .execute(tx.conn())?;
    tx.audit(Audit::of("user", actor.user_id).after(input))?;
    Ok(())
}
