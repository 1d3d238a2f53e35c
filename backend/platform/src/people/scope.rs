//! Who may touch what of the organisation: one's own agency, and nobody above oneself.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Caveat, Permission, Secrecy};
use diwan_schema::platform::{role_permissions, user_caveats, user_roles, users};

use crate::{Actor, Outcome, Refusal};

/// Whether the actor may see and maintain things of an agency; what is out of reach does not exist for them.
pub(crate) fn reaches(actor: &Actor, agency_id: i64) -> bool {
    actor.agency_id == agency_id || actor.can(Permission::AgenciesManage)
}

/// The agency meant: the one that was named, if it is in reach, or one's own.
///
/// # Errors
/// [`Refusal::NotFound`] for one out of reach.
pub(crate) fn agency(actor: &Actor, named: Option<i64>) -> Outcome<i64> {
    let agency_id = named.unwrap_or(actor.agency_id);
    if reaches(actor, agency_id) { Ok(agency_id) } else { Err(Refusal::NotFound("agency")) }
}

/// What an account may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Power {
    pub(super) permissions: BTreeSet<Permission>,
    pub(super) clearance: Secrecy,
    pub(super) caveats: BTreeSet<Caveat>,
}

impl Power {
    /// What these roles, with a clearance and caveats, allow.
    pub(super) fn of_roles(
        tx: &mut ReadTx<'_>,
        role_ids: &[i64],
        clearance: Secrecy,
        caveats: &[Caveat],
    ) -> Outcome<Self> {
        let codes: Vec<String> = role_permissions::table
            .filter(role_permissions::role_id.eq_any(role_ids))
            .select(role_permissions::permission)
            .load(tx.conn())?;
        Ok(Self { permissions: parse(&codes), clearance, caveats: caveats.iter().copied().collect() })
    }

    /// What a user may do now.
    pub(super) fn of_user(tx: &mut ReadTx<'_>, user_id: i64) -> Outcome<Self> {
        let clearance: String = users::table.find(user_id).select(users::clearance).first(tx.conn())?;
        let role_ids: Vec<i64> =
            user_roles::table.filter(user_roles::user_id.eq(user_id)).select(user_roles::role_id).load(tx.conn())?;
        let caveats: Vec<String> = user_caveats::table
            .filter(user_caveats::user_id.eq(user_id))
            .select(user_caveats::caveat)
            .load(tx.conn())?;
        let caveats = caveats.iter().map(|code| code.parse()).collect::<Result<Vec<Caveat>, _>>()?;
        Self::of_roles(tx, &role_ids, clearance.parse()?, &caveats)
    }

    /// Goes on only if the actor has all of it: nobody gives what they do not have, and nobody takes over an account
    /// that may do more than their own.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] names the first right that is missing; `clearance_beyond_yours`.
    pub(super) fn within(&self, actor: &Actor) -> Outcome<()> {
        self.permissions.iter().try_for_each(|permission| actor.require(*permission))?;
        if self.clearance > actor.clearance || !self.caveats.is_subset(&actor.caveats) {
            return Err(Refusal::Denied("clearance_beyond_yours"));
        }
        Ok(())
    }
}

/// A right of a newer version is not one here.
fn parse(codes: &[String]) -> BTreeSet<Permission> {
    codes.iter().filter_map(|code| code.parse().ok()).collect()
}
