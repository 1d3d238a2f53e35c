//! Carrying forward (تدوير): what is open of a reservation or a commitment when its year ends is held anew in the next year, for the
//! same record. The module may go on naming the hold it made.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_platform::{Actor, Outcome};
use diwan_schema::finance::{port_calls, port_holds};

use super::{
    calls::{Call, Operation},
    holds::{self, HoldKind},
    keys::Wanted,
};

/// Holds these amounts of keys of the next year in place of a hold; answers the new one. The end of the year stands for the call
/// of the module.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(crate) fn carry(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    hold_id: i64,
    (year_id, on): (i64, NaiveDate),
    amounts: BTreeMap<i64, i64>,
) -> Outcome<i64> {
    let (module, kind, record_id): (String, String, i64) = port_holds::table
        .find(hold_id)
        .select((port_holds::module, port_holds::kind, port_holds::record_id))
        .first(tx.conn())?;
    let kind: HoldKind = kind.parse()?;
    let operation = match kind {
        HoldKind::Reservation => Operation::Reserve,
        HoldKind::Commitment => Operation::Commit,
    };
    let (key, now) = (format!("year-end-hold-{hold_id}"), tx.now());
    let call_id: i64 = diesel::insert_into(port_calls::table)
        .values((
            (port_calls::agency_id.eq(actor.agency_id), port_calls::module.eq(&module)),
            (port_calls::key.eq(&key), port_calls::operation.eq(operation.code())),
            (port_calls::request_hash.eq(&key), port_calls::record_id.eq(record_id)),
            port_calls::effective_on.eq(on),
            (port_calls::called_by.eq(actor.user_id), port_calls::called_at.eq(now)),
            (port_calls::answered.eq(false), port_calls::whole.eq(true)),
        ))
        .returning(port_calls::id)
        .get_result(tx.conn())?;
    let call = Call { module: module.parse()?, key: &key, record_id, on };
    let wanted = Wanted { year_id, amounts, lines: BTreeMap::new() };
    let id = holds::insert(tx, actor, (&call, call_id), (kind, None), &wanted)?;
    diesel::update(port_calls::table.find(call_id))
        .set((port_calls::answer.eq(id), port_calls::answered.eq(true)))
        .execute(tx.conn())?;
    Ok(id)
}
