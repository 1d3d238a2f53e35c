//! The roles of an agency.

use diwan_db::ReadTx;
use diwan_platform_api::people::{ListRequest, Role};

use super::store;
use crate::{Actor, Outcome, people::scope};

/// All of them, the built-in ones first: an agency has few.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for an agency out of reach.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, request: &ListRequest) -> Outcome<Vec<Role>> {
    let agency_id = scope::agency(actor, request.agency_id)?;
    store::of_agency(tx, agency_id)
}
