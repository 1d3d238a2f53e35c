//! From a handler into a transaction.

use diwan_db::{ReadTx, WriteTx};
use diwan_platform::{Actor, Outcome, Platform, records::state};
use diwan_platform_api::records::RecordStep;

use crate::{ApiResult, Versioned};

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

/// As [`write()`] for a step of a record; answers where the record stands after it.
///
/// # Errors
/// Those of the step.
pub async fn stepped(
    platform: &Platform,
    actor: Actor,
    op: &'static str,
    id: i64,
    run: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<()> + Send + 'static,
) -> ApiResult<Versioned<RecordStep>> {
    let step = write(platform, actor, op, move |tx, actor| {
        run(tx, actor)?;
        state::step(tx, id)
    });
    let step = step.await?;
    Ok(Versioned(step.version, step))
}
