//! One unit.

use diwan_db::ReadTx;
use diwan_platform_api::people::Unit;

use super::store;
use crate::{Actor, Outcome, Refusal};

/// Loads it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Unit> {
    let row = store::visible(tx, actor, id)?;
    store::dtos(tx, vec![row])?.pop().ok_or(Refusal::NotFound("unit"))
}
