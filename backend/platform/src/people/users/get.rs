//! One user.

use diwan_db::ReadTx;
use diwan_platform_api::people::User;

use super::store;
use crate::{Actor, Outcome};

/// Loads them.
///
/// # Errors
/// [`crate::Refusal::NotFound`].
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<User> {
    let row = store::visible(tx, actor, id)?;
    store::dto(tx, row)
}
