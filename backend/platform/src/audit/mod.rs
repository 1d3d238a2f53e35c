//! The audit trail (سجل التدقيق) for those who may read it: what happened in an agency, with the names of people; what it
//! was about only as far as the reader may see that.

mod get;
mod list;
mod store;

use diwan_db::{Audit, WriteTx};

use crate::{Actor, Outcome};

pub use get::run as get;
pub use list::run as list;

/// Notes that somebody took a list away as a file: which list, how many rows.
///
/// # Errors
/// The database fails.
pub fn export_noted(tx: &mut WriteTx<'_>, actor: &Actor, detail: serde_json::Value) -> Outcome<()> {
    Ok(tx.audit(Audit::of("agency", actor.agency_id).agency(actor.agency_id).detail(detail))?)
}
