//! From a handler into a transaction.

use diwan_db::{ReadTx, WriteTx};
use diwan_platform::{Actor, Outcome, Platform};

use crate::ApiResult;

/// Runs an operation that reads.
///
/// # Errors
/// Those of the operation.
pub async fn read<T: Send + 'static>(
    platform: &Platform,
    actor: Actor,
    operation: impl FnOnce(&mut ReadTx<'_>, &Actor) -> Outcome<T> + Send + 'static,
) -> ApiResult<T> {
    Ok(platform.db.read(move |tx| operation(tx, &actor)).await?)
}

/// Runs an operation that writes; `op` names it in the trail, `module.entity.verb`.
///
/// # Errors
/// Those of the operation.
pub async fn write<T: Send + 'static>(
    platform: &Platform,
    actor: Actor,
    op: &'static str,
    operation: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<T> + Send + 'static,
) -> ApiResult<T> {
    Ok(platform.db.write(actor.who(), op, move |tx| operation(tx, &actor)).await?)
}
