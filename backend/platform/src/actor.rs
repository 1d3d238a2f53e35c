//! The person behind a request, with everything their rights are decided by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{Caveat, Lang, Permission, Secrecy, Who};
pub use diwan_platform_api::people::DelegationScope;
use diwan_schema::platform::{
    agencies, delegations, holdings, positions, role_permissions, units, user_caveats, user_roles, users,
};

use crate::{Outcome, Refusal, records::grants};

/// A position held today (مركز وظيفي).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The position.
    pub position_id: i64,
    /// The unit it belongs to.
    pub unit_id: i64,
    /// Whether it heads the unit.
    pub is_head: bool,
    /// Whether its holder may sign letters.
    pub can_sign: bool,
}

/// Somebody the actor may act for today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActsFor {
    /// Who delegated.
    pub user_id: i64,
    /// What for.
    pub scope: DelegationScope,
    /// The positions that person holds today.
    pub held: Vec<Held>,
}

/// The person behind a request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user.
    pub user_id: i64,
    /// The user's agency: everything outside is out of scope.
    pub agency_id: i64,
    /// Arabic name, for notes and prints.
    pub name_ar: String,
    /// English name.
    pub name_en: String,
    /// Language of messages to this person.
    pub lang: Lang,
    /// Rights from all roles.
    pub permissions: BTreeSet<Permission>,
    /// The highest secrecy this person may see.
    pub clearance: Secrecy,
    /// The caveats this person may see.
    pub caveats: BTreeSet<Caveat>,
    /// Positions held today.
    pub held: Vec<Held>,
    /// Persons this one may act for today.
    pub acts_for: Vec<ActsFor>,
    /// Whether a new password has to be chosen before anything else.
    pub must_change: bool,
    /// What access rows are matched with: `n:` person, `u:` unit, `a:` whole agency, `f:` its finance, `r:` role, and what was granted to
    /// these and is in force today: `g:` a grant on a record, `c:` a class.
    pub principals: Vec<String>,
    /// The request.
    pub request_id: String,
    /// The client's address.
    pub ip: String,
}

/// The access principal of a person.
pub fn person(user_id: i64) -> String {
    format!("n:{user_id}")
}

/// The access principal of a unit: its members, and the heads above it.
pub fn unit(unit_id: i64) -> String {
    format!("u:{unit_id}")
}

/// The access principal of those who have a role.
pub fn role(role_id: i64) -> String {
    format!("r:{role_id}")
}

/// The access principal of those who may read every record of an agency.
pub fn agency(agency_id: i64) -> String {
    format!("a:{agency_id}")
}

/// The access principal of those who may read every document of finance of an agency.
pub fn finance(agency_id: i64) -> String {
    format!("f:{agency_id}")
}

impl Actor {
    /// Loads a person with today's positions, rights and delegations.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`] when there is no such active user in an active agency.
    pub fn load(tx: &mut ReadTx<'_>, user_id: i64) -> Outcome<Self> {
        let today = tx.today();
        let row: Option<(i64, String, String, String, String, bool)> = users::table
            .inner_join(agencies::table.on(agencies::id.eq(users::agency_id)))
            .filter(users::id.eq(user_id))
            .filter(users::active.eq(true))
            .filter(agencies::active.eq(true))
            .select((
                users::agency_id,
                users::name_ar,
                users::name_en,
                users::lang,
                users::clearance,
                users::must_change,
            ))
            .first(tx.conn())
            .optional()?;
        let (agency_id, name_ar, name_en, lang, clearance, must_change) = row.ok_or(Refusal::SignedOut)?;
        let permissions = permissions(tx, user_id)?;
        let caveats = user_caveats::table
            .filter(user_caveats::user_id.eq(user_id))
            .select(user_caveats::caveat)
            .load::<String>(tx.conn())?
            .iter()
            .map(|code| code.parse())
            .collect::<Result<_, _>>()?;
        let acts_for = acts_for(tx, user_id, today)?;
        let mut wanted = vec![user_id];
        wanted.extend(acts_for.iter().map(|(from, _)| *from));
        let mut positions = positions_held(tx, &wanted, today)?;
        let held = positions.remove(&user_id).unwrap_or_default();
        let acts_for: Vec<_> = acts_for
            .into_iter()
            .map(|(from, scope)| ActsFor {
                user_id: from,
                scope,
                held: positions.get(&from).cloned().unwrap_or_default(),
            })
            .collect();
        let mut principals = principals(tx, agency_id, user_id, &permissions, &held, &acts_for)?;
        principals.extend(grants::in_force(tx, agency_id, &principals)?);
        Ok(Self {
            user_id,
            agency_id,
            name_ar,
            name_en,
            lang: lang.parse()?,
            permissions,
            clearance: clearance.parse()?,
            caveats,
            held,
            acts_for,
            must_change,
            principals,
            request_id: String::new(),
            ip: String::new(),
        })
    }

    /// Whether the person has a right.
    pub fn can(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Goes on only with the right.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] names the missing right.
    pub fn require(&self, permission: Permission) -> Outcome<()> {
        if self.can(permission) { Ok(()) } else { Err(Refusal::Forbidden(permission)) }
    }

    /// The author of what this person writes.
    pub fn who(&self) -> Who {
        self.who_for(None)
    }

    /// The author, acting for somebody else under a delegation.
    pub fn who_for(&self, on_behalf_of: Option<i64>) -> Who {
        Who {
            user_id: Some(self.user_id),
            on_behalf_of,
            agency_id: Some(self.agency_id),
            request_id: self.request_id.clone(),
            ip: self.ip.clone(),
        }
    }

    /// The secrecy levels this person may see, as stored codes.
    pub fn levels(&self) -> Vec<&'static str> {
        Secrecy::ALL.iter().filter(|level| **level <= self.clearance).map(|level| level.code()).collect()
    }

    /// The caveats this person may not see, as stored codes.
    pub fn closed_caveats(&self) -> Vec<&'static str> {
        Caveat::ALL.iter().filter(|caveat| !self.caveats.contains(caveat)).map(|caveat| caveat.code()).collect()
    }

    /// The units this person works in.
    pub fn units(&self) -> impl Iterator<Item = i64> + '_ {
        self.held.iter().map(|held| held.unit_id)
    }
}

fn permissions(tx: &mut ReadTx<'_>, user_id: i64) -> Outcome<BTreeSet<Permission>> {
    let codes: Vec<String> = user_roles::table
        .inner_join(role_permissions::table.on(role_permissions::role_id.eq(user_roles::role_id)))
        .filter(user_roles::user_id.eq(user_id))
        .select(role_permissions::permission)
        .load(tx.conn())?;
    // A right of a newer version is not one here: it opens nothing.
    Ok(codes.iter().filter_map(|code| code.parse().ok()).collect())
}

fn acts_for(tx: &mut ReadTx<'_>, user_id: i64, today: NaiveDate) -> Outcome<Vec<(i64, DelegationScope)>> {
    let rows: Vec<(i64, String)> = delegations::table
        .filter(delegations::to_user_id.eq(user_id))
        .filter(delegations::starts_on.le(today))
        .filter(delegations::ends_on.ge(today))
        .filter(delegations::revoked_at.is_null())
        .select((delegations::from_user_id, delegations::scope))
        .order(delegations::id)
        .load(tx.conn())?;
    rows.into_iter().map(|(from, scope)| Ok((from, scope.parse()?))).collect()
}

/// The positions that each of these persons holds on a day.
///
/// # Errors
/// The database fails.
pub fn positions_held(tx: &mut ReadTx<'_>, user_ids: &[i64], day: NaiveDate) -> Outcome<BTreeMap<i64, Vec<Held>>> {
    let rows: Vec<(i64, i64, i64, bool, bool)> = holdings::table
        .inner_join(positions::table.on(positions::id.eq(holdings::position_id)))
        .filter(holdings::user_id.eq_any(user_ids))
        .filter(holdings::from_date.le(day))
        .filter(holdings::to_date.is_null().or(holdings::to_date.ge(day)))
        .filter(positions::active.eq(true))
        .select((holdings::user_id, positions::id, positions::unit_id, positions::is_head, positions::can_sign))
        .order(holdings::id)
        .load(tx.conn())?;
    let mut held = BTreeMap::<i64, Vec<Held>>::new();
    for (user_id, position_id, unit_id, is_head, can_sign) in rows {
        held.entry(user_id).or_default().push(Held { position_id, unit_id, is_head, can_sign });
    }
    Ok(held)
}

fn principals(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    user_id: i64,
    permissions: &BTreeSet<Permission>,
    held: &[Held],
    acts_for: &[ActsFor],
) -> Outcome<Vec<String>> {
    let mut principals = BTreeSet::from([person(user_id)]);
    if permissions.contains(&Permission::RecordsReadAll) {
        principals.insert(agency(agency_id));
    }
    if permissions.contains(&Permission::FinanceRead) {
        principals.insert(finance(agency_id));
    }
    let all_held: Vec<Held> = held.iter().chain(acts_for.iter().flat_map(|a| &a.held)).copied().collect();
    principals.extend(acts_for.iter().map(|a| person(a.user_id)));
    let roles = user_roles::table.filter(user_roles::user_id.eq(user_id)).select(user_roles::role_id);
    principals.extend(roles.load::<i64>(tx.conn())?.into_iter().map(role));
    principals.extend(all_held.iter().map(|h| unit(h.unit_id)));
    // The head of a unit sees what the units below it see.
    if all_held.iter().any(|h| h.is_head) {
        let tree: Vec<(i64, Option<i64>)> = units::table
            .filter(units::agency_id.eq(agency_id))
            .select((units::id, units::parent_id))
            .load(tx.conn())?;
        let mut below: BTreeSet<i64> = all_held.iter().filter(|h| h.is_head).map(|h| h.unit_id).collect();
        loop {
            let before = below.len();
            below.extend(
                tree.iter()
                    .filter(|(_, parent)| parent.is_some_and(|p| below.contains(&p)))
                    .map(|(id, _)| *id)
                    .collect::<Vec<_>>(),
            );
            if below.len() == before {
                break;
            }
        }
        principals.extend(below.into_iter().map(unit));
    }
    Ok(principals.into_iter().collect())
}
