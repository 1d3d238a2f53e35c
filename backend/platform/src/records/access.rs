//! Who may see a record: rows of principals (persons, units, whole agency), never of rights.

use diesel::prelude::*;
use diwan_db::{WriteTx, each_backend};
use diwan_schema::platform::{holdings, positions, record_access};
use diwan_platform_api::records::AssigneeKind;

use crate::{Outcome, actor};

/// Lets these principals see the record; those who may already stay.
///
/// # Errors
/// The database fails.
pub fn grant(tx: &mut WriteTx<'_>, record_id: i64, principals: &[String]) -> Outcome<()> {
    let rows: Vec<_> = principals
        .iter()
        .map(|principal| (record_access::record_id.eq(record_id), record_access::principal.eq(principal)))
        .collect();
    each_backend!(tx.conn(), c => diesel::insert_into(record_access::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The principals that a task's assignee stands for. A position stands for its holders today and for its unit's head.
///
/// # Errors
/// The database fails.
pub fn of_assignee(tx: &mut WriteTx<'_>, kind: AssigneeKind, id: i64) -> Outcome<Vec<String>> {
    Ok(match kind {
        AssigneeKind::User => vec![actor::person(id)],
        AssigneeKind::Unit => vec![actor::unit(id)],
        AssigneeKind::Position => {
            let today = tx.today();
            let unit_id: i64 = positions::table.find(id).select(positions::unit_id).first(tx.conn())?;
            let holders: Vec<i64> = holdings::table
                .filter(holdings::position_id.eq(id))
                .filter(holdings::from_date.le(today))
                .filter(holdings::to_date.is_null().or(holdings::to_date.ge(today)))
                .select(holdings::user_id)
                .load(tx.conn())?;
            holders.into_iter().map(actor::person).chain([actor::unit(unit_id)]).collect()
        }
    })
}
