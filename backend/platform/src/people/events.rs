//! What followers of the outbox learn of people and the organisation.

use diwan_db::WriteTx;
use diwan_platform_api::people::PeopleChanged;

use crate::Outcome;

/// The topic; the payload is [`PeopleChanged`].
pub const CHANGED: &str = "people.changed";

/// Tells them.
pub(super) fn changed(tx: &mut WriteTx<'_>, entity: &str, id: i64, agency_id: i64) -> Outcome<()> {
    Ok(tx.outbox(CHANGED, Some(agency_id), None, &PeopleChanged { entity: entity.to_owned(), id })?)
}
