//! Taking a class out of the plan: only one that nothing stands under.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::{
    archive::{archive_files, classes, holds},
    platform::records,
};

use super::store;
use crate::guard;

/// Removes a class. One in use is refused with what is under it: it can be closed instead.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    store::load(tx, actor.agency_id, id)?;
    guard::take(tx, actor.agency_id)?;
    let class = store::load(tx, actor.agency_id, id)?;
    let documents: i64 = records::table
        .filter(records::agency_id.eq(actor.agency_id))
        .filter(records::class_code.eq(&class.code))
        .count()
        .get_result(tx.conn())?;
    let below = count_below(tx, id)?;
    let files: i64 = archive_files::table.filter(archive_files::class_id.eq(id)).count().get_result(tx.conn())?;
    let holds: i64 = holds::table.filter(holds::class_id.eq(id)).count().get_result(tx.conn())?;
    if documents + below + files + holds > 0 {
        let counted = [("documents", documents), ("classes", below), ("files", files), ("holds", holds)];
        let [a, b, c, d] = counted.map(|(name, count)| (name, count.to_string()));
        return Err(Refusal::rule("class_in_use", [("code", class.code), a, b, c, d]));
    }
    let before = store::view(tx, actor.agency_id, id)?;
    diesel::delete(classes::table.find(id)).execute(tx.conn())?;
    tx.audit(Audit::of("class", id).before(&before))?;
    Ok(())
}

fn count_below(tx: &mut ReadTx<'_>, id: i64) -> Outcome<i64> {
    Ok(classes::table.filter(classes::parent_id.eq(id)).count().get_result(tx.conn())?)
}
