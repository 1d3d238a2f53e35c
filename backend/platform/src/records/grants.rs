//! Grants of access (منح اطلاع): a record until a day, or a class, for a person, a unit or a role.
//!
//! A record says `g:<grant>` among its principals, and its class as `c:<code>` (a trigger keeps it). The rights of a person
//! name the grants in force today, and are read again when a grant changes or the day does. So what a grant opens closes
//! with its last day, for the database and for the index alike, and secrecy and caveats count as always.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{FieldError, Named, Permission, text};
use diwan_platform_api::access::{Grant, GrantTo, NewClassGrant, NewGrant, REASON_MAX};
use diwan_platform_api::records::Ref;
use diwan_schema::{
    archive::classes,
    platform::{access_grants, roles, units, users},
};
use serde_json::json;

use super::{CHANGED, access, load_visible, notify};
use crate::{Actor, Fields, Outcome, Refusal, actor, people::names};

/// Grants that are shown of one agency's classes or one record.
const MOST: i64 = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = access_grants)]
struct Row {
    id: i64,
    record_id: Option<i64>,
    class_code: Option<String>,
    principal: String,
    until: Option<NaiveDate>,
    reason: String,
    created_by: i64,
    created_at: NaiveDateTime,
    revoked_at: Option<NaiveDateTime>,
}

/// The principals that grants to these give today.
///
/// # Errors
/// The database fails.
pub(crate) fn in_force(tx: &mut ReadTx<'_>, agency_id: i64, principals: &[String]) -> Outcome<Vec<String>> {
    let today = tx.today();
    let rows: Vec<(i64, Option<String>)> = access_grants::table
        .filter(access_grants::agency_id.eq(agency_id))
        .filter(access_grants::principal.eq_any(principals.to_vec()))
        .filter(access_grants::revoked_at.is_null())
        .filter(access_grants::until.is_null().or(access_grants::until.ge(today)))
        .select((access_grants::id, access_grants::class_code))
        .load(tx.conn())?;
    let plan = match rows.iter().any(|(_, class)| class.is_some()) {
        true => plan(tx, agency_id)?,
        false => Vec::new(),
    };
    let mut given = Vec::with_capacity(rows.len());
    for (id, class_code) in rows {
        match class_code {
            Some(code) => given.extend(subtree(&plan, code).into_iter().map(|code| format!("c:{code}"))),
            None => given.push(of_grant(id)),
        }
    }
    given.sort_unstable();
    given.dedup();
    Ok(given)
}

/// The classes of an agency: codes and paths.
fn plan(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<(String, String)>> {
    let of_agency = classes::table.filter(classes::agency_id.eq(agency_id));
    Ok(of_agency.select((classes::code, classes::path)).load(tx.conn())?)
}

/// The class and the classes below it as the plan stands; a trigger of its table moves the epoch of rights.
fn subtree(plan: &[(String, String)], code: String) -> Vec<String> {
    let top = plan.iter().find(|class| class.0 == code).map(|class| format!("{}/", class.1));
    let below = plan.iter().filter(|class| top.as_ref().is_some_and(|top| class.1.starts_with(top)));
    let mut codes: Vec<String> = below.map(|class| class.0.clone()).collect();
    codes.push(code);
    codes
}

fn of_grant(id: i64) -> String {
    format!("g:{id}")
}

/// Who may be granted something: known to the agency.
fn receiver(tx: &mut ReadTx<'_>, actor: &Actor, new: &NewGrant) -> Outcome<String> {
    let known: i64 = match new.to_kind {
        GrantTo::User => users::table
            .filter(users::id.eq(new.to_id))
            .filter(users::agency_id.eq(actor.agency_id))
            .filter(users::active.eq(true))
            .count()
            .get_result(tx.conn())?,
        GrantTo::Unit => units::table
            .filter(units::id.eq(new.to_id))
            .filter(units::agency_id.eq(actor.agency_id))
            .count()
            .get_result(tx.conn())?,
        GrantTo::Role => roles::table
            .filter(roles::id.eq(new.to_id))
            .filter(roles::agency_id.is_null().or(roles::agency_id.eq(actor.agency_id)))
            .count()
            .get_result(tx.conn())?,
    };
    match (known, new.to_kind) {
        (0, _) => Err(Refusal::field("to_id", "unknown")),
        (_, GrantTo::User) => Ok(actor::person(new.to_id)),
        (_, GrantTo::Unit) => Ok(actor::unit(new.to_id)),
        (_, GrantTo::Role) => Ok(actor::role(new.to_id)),
    }
}

/// Reason and last day, checked; a record is never granted for ever.
fn checked(tx: &ReadTx<'_>, new: &NewGrant, for_ever: bool) -> Outcome<String> {
    let mut fields = Fields::default();
    let reason = fields.take(text::line("reason", &new.reason, REASON_MAX));
    match new.until {
        None if !for_ever => fields.push(FieldError::new("until", "required")),
        Some(day) if day < tx.today() => fields.push(FieldError::new("until", "day_is_over")),
        _ => {}
    }
    fields.done()?;
    Ok(reason)
}

fn insert(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    new: &NewGrant,
    on: (Option<i64>, Option<&str>),
    (principal, reason): (&str, &str),
) -> Outcome<i64> {
    let now = tx.now();
    Ok(diesel::insert_into(access_grants::table)
        .values((
            access_grants::agency_id.eq(actor.agency_id),
            access_grants::record_id.eq(on.0),
            access_grants::class_code.eq(on.1),
            access_grants::principal.eq(principal),
            access_grants::until.eq(new.until),
            access_grants::reason.eq(reason),
            access_grants::created_by.eq(actor.user_id),
            access_grants::created_at.eq(now),
        ))
        .returning(access_grants::id)
        .get_result(tx.conn())?)
}

/// Grants a record that the actor sees. The receiver's own clearance and caveats still decide.
///
/// # Errors
/// Not found; wrong fields.
pub fn give(tx: &mut WriteTx<'_>, actor: &Actor, record_id: i64, new: &NewGrant) -> Outcome<i64> {
    actor.require(Permission::AccessGrant)?;
    let record = load_visible(tx, actor, record_id)?;
    let reason = checked(tx, new, false)?;
    let principal = receiver(tx, actor, new)?;
    let id = insert(tx, actor, new, (Some(record_id), None), (&principal, &reason))?;
    access::grant(tx, record_id, &[of_grant(id)])?;
    tx.outbox(CHANGED, Some(record.agency_id), Some(record_id), &())?;
    if new.to_kind == GrantTo::User && new.to_id != actor.user_id {
        let args = json!({ "until": new.until.map(|day| day.to_string()) });
        notify::tell(tx, [new.to_id], "access_granted", record_id, &args)?;
    }
    tx.audit(Audit::of_record(record_id).detail(json!({ "grant": id, "to": principal, "until": new.until })))?;
    Ok(id)
}

/// Grants a class. Only who sees all records of the agency can say who sees those of a class.
///
/// # Errors
/// A right is missing; wrong fields.
pub fn give_class(tx: &mut WriteTx<'_>, actor: &Actor, new: &NewClassGrant) -> Outcome<i64> {
    actor.require(Permission::AccessGrant)?;
    actor.require(Permission::RecordsReadAll)?;
    let reason = checked(tx, &new.grant, true)?;
    let code = text::line("class_code", &new.class_code, 20)?;
    let principal = receiver(tx, actor, &new.grant)?;
    let id = insert(tx, actor, &new.grant, (None, Some(&code)), (&principal, &reason))?;
    let detail = json!({ "class": code, "to": principal, "until": new.grant.until });
    tx.audit(Audit::of("grant", id).detail(detail))?;
    Ok(id)
}

/// Takes a grant back: from the next request on it counts no more.
///
/// # Errors
/// Not found, or its record is not in scope; it was taken back already.
pub fn revoke(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    actor.require(Permission::AccessGrant)?;
    let row: Row = access_grants::table
        .filter(access_grants::id.eq(id))
        .filter(access_grants::agency_id.eq(actor.agency_id))
        .filter(access_grants::revoked_at.is_null())
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("grant"))?;
    let audit = match row.record_id {
        Some(record_id) => {
            load_visible(tx, actor, record_id).map_err(|refusal| match refusal {
                Refusal::NotFound(_) => Refusal::NotFound("grant"),
                other => other,
            })?;
            tx.outbox(CHANGED, Some(actor.agency_id), Some(record_id), &())?;
            Audit::of_record(record_id)
        }
        None => {
            actor.require(Permission::RecordsReadAll)?;
            Audit::of("grant", id)
        }
    };
    let now = tx.now();
    diesel::update(access_grants::table.find(id))
        .set((access_grants::revoked_at.eq(now), access_grants::revoked_by.eq(actor.user_id)))
        .execute(tx.conn())?;
    tx.audit(audit.detail(json!({ "grant": id, "to": row.principal })))?;
    Ok(())
}

/// The grants on a record in the actor's scope, the newest first.
///
/// # Errors
/// Not found.
pub fn of_record(tx: &mut ReadTx<'_>, actor: &Actor, record_id: i64) -> Outcome<Vec<Grant>> {
    load_visible(tx, actor, record_id)?;
    let rows: Vec<Row> = access_grants::table
        .filter(access_grants::record_id.eq(record_id))
        .order(access_grants::id.desc())
        .limit(MOST)
        .select(Row::as_select())
        .load(tx.conn())?;
    grants(tx, rows)
}

/// The grants on classes of the actor's agency that were not taken back, by class.
///
/// # Errors
/// The database fails.
pub fn of_classes(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Grant>> {
    let rows: Vec<Row> = access_grants::table
        .filter(access_grants::agency_id.eq(actor.agency_id))
        .filter(access_grants::class_code.is_not_null())
        .filter(access_grants::revoked_at.is_null())
        .order((access_grants::class_code, access_grants::id))
        .limit(MOST)
        .select(Row::as_select())
        .load(tx.conn())?;
    grants(tx, rows)
}

fn grants(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<Grant>> {
    let ids = |kind: &str| -> Vec<i64> {
        rows.iter().filter_map(|row| row.principal.strip_prefix(kind)?.parse().ok()).collect()
    };
    let authors = rows.iter().map(|row| row.created_by);
    let people = names::of_users(tx, ids("n:").into_iter().chain(authors))?;
    let units = names::of_units(tx, ids("u:"))?;
    let roles: Vec<(i64, String, String)> = roles::table
        .filter(roles::id.eq_any(ids("r:")))
        .select((roles::id, roles::name_ar, roles::name_en))
        .load(tx.conn())?;
    let role = |id: i64| {
        let name = roles.iter().find(|role| role.0 == id).map(|(_, ar, en)| Named { ar: ar.clone(), en: en.clone() });
        name.unwrap_or_default()
    };
    let today = tx.today();
    let grant = |row: Row| -> Outcome<Grant> {
        let broken = || Refusal::Internal(format!("grant {} is to nobody known", row.id));
        let (kind, id) = row.principal.split_once(':').ok_or_else(broken)?;
        let id: i64 = id.parse().map_err(|_| broken())?;
        let (to_kind, name) = match kind {
            "n" => (GrantTo::User, people.of(id).name),
            "u" => (GrantTo::Unit, units.of(id).name),
            "r" => (GrantTo::Role, role(id)),
            _ => return Err(broken()),
        };
        Ok(Grant {
            id: row.id,
            class_code: row.class_code,
            to_kind,
            to: Ref { id, name },
            until: row.until,
            reason: row.reason,
            created_by: Ref { id: row.created_by, name: people.of(row.created_by).name },
            created_at: row.created_at,
            in_force: row.revoked_at.is_none() && row.until.is_none_or(|day| day >= today),
            revoked_at: row.revoked_at,
        })
    };
    rows.into_iter().map(grant).collect()
}

/// The roles that something can be granted to.
///
/// # Errors
/// The database fails.
pub fn roles_to_pick(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Ref>> {
    let rows: Vec<(i64, String, String)> = roles::table
        .filter(roles::agency_id.is_null().or(roles::agency_id.eq(actor.agency_id)))
        .order(roles::id)
        .select((roles::id, roles::name_ar, roles::name_en))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, ar, en)| Ref { id, name: Named { ar, en } }).collect())
}
