//! Who held a position, and who holds it.

use diwan_db::ReadTx;
use diwan_platform_api::people::Holding;

use super::store;
use crate::{Actor, Outcome, people::positions::store as position_store};

/// The holdings of a position, the newest first, at most 200.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for a position out of reach.
pub fn of_position(tx: &mut ReadTx<'_>, actor: &Actor, position_id: i64) -> Outcome<Vec<Holding>> {
    position_store::visible(tx, actor, position_id)?;
    store::load(tx, store::Of::Position(position_id))
}
