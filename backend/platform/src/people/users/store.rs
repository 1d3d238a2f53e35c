//! Users in the database.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{Caveat, FieldError, Lang, Named, Secrecy, text};
use diwan_platform_api::people::{Ref, User, UserEdit};
use diwan_schema::platform::{roles, user_caveats, user_roles, users};

use crate::{
    Actor, Fields, Outcome, Refusal,
    people::{checks, holdings::store as holding_store, names, scope, scope::Power, session},
};

/// A user as stored, without secrets.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) agency_id: i64,
    pub(super) username: String,
    pub(super) name_ar: String,
    pub(super) name_en: String,
    pub(super) email: Option<String>,
    must_change: bool,
    totp_last_step: Option<i64>,
    pub(super) clearance: String,
    lang: String,
    pub(super) active: bool,
    pub(super) last_login_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    pub(super) version: i64,
}

/// The user, if their agency is in the actor's reach.
pub(super) fn visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Row> {
    let row: Option<Row> = users::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    row.filter(|row| scope::reaches(actor, row.agency_id)).ok_or(Refusal::NotFound("user"))
}

/// The user, for a change that could take their account over: only by those who may do all that it may.
///
/// # Errors
/// [`Refusal::NotFound`]; those of [`Power::within`]; `own_rights` for one's own account.
pub(super) fn governed(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Row> {
    let row = visible(tx, actor, id)?;
    if id == actor.user_id {
        return Err(Refusal::Denied("own_rights"));
    }
    Power::of_user(tx, id)?.within(actor)?;
    Ok(row)
}

/// As the wire has them.
pub(super) fn dto(tx: &mut ReadTx<'_>, row: Row) -> Outcome<User> {
    let agency = names::of_agencies(tx, [row.agency_id])?.of(row.agency_id);
    let caveats: Vec<String> = user_caveats::table
        .filter(user_caveats::user_id.eq(row.id))
        .select(user_caveats::caveat)
        .order(user_caveats::caveat)
        .load(tx.conn())?;
    let roles: Vec<(i64, String, String)> = user_roles::table
        .inner_join(roles::table.on(roles::id.eq(user_roles::role_id)))
        .filter(user_roles::user_id.eq(row.id))
        .select((roles::id, roles::name_ar, roles::name_en))
        .order(roles::id)
        .load(tx.conn())?;
    Ok(User {
        id: row.id,
        agency,
        name: Named { ar: row.name_ar, en: row.name_en },
        email: row.email,
        clearance: row.clearance.parse()?,
        caveats: caveats.iter().map(|code| code.parse()).collect::<Result<_, _>>()?,
        roles: roles.into_iter().map(|(id, ar, en)| Ref { id, name: Named { ar, en } }).collect(),
        holdings: holding_store::load(tx, holding_store::Of::User(row.id))?,
        lang: row.lang.parse()?,
        active: row.active,
        must_change: row.must_change,
        totp_enabled: row.totp_last_step.is_some(),
        locked_until: session::locked_until(tx, &row.username)?.map(|at| at.and_utc()),
        last_login_at: row.last_login_at.map(|at| at.and_utc()),
        created_at: row.created_at.and_utc(),
        username: row.username,
        version: row.version,
    })
}

/// The form with clean text; nothing in it is more than the actor may do.
///
/// # Errors
/// Wrong fields, among them `unknown` (role_ids); those of [`Power::within`].
pub(super) fn checked(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    agency_id: i64,
    mut fields: Fields,
    input: &UserEdit,
) -> Outcome<UserEdit> {
    let clean = UserEdit {
        name: checks::name(&mut fields, "name", &input.name),
        email: checks::email(&mut fields, "email", input.email.as_deref()),
        caveats: deduped(&input.caveats),
        role_ids: deduped(&input.role_ids),
        ..input.clone()
    };
    let known: i64 = roles::table
        .filter(roles::id.eq_any(&clean.role_ids))
        .filter(roles::agency_id.is_null().or(roles::agency_id.eq(agency_id)))
        .count()
        .get_result(tx.conn())?;
    if usize::try_from(known) != Ok(clean.role_ids.len()) {
        fields.push(FieldError::new("role_ids", "unknown"));
    }
    fields.done()?;
    Power::of_roles(tx, &clean.role_ids, clean.clearance, &clean.caveats)?.within(actor)?;
    Ok(clean)
}

fn deduped<T: Ord + Copy>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}

/// What a new user begins with.
#[derive(Debug, Clone, Copy)]
pub(in crate::people) struct New<'a> {
    pub(in crate::people) agency_id: i64,
    pub(in crate::people) username: &'a str,
    pub(in crate::people) name: &'a Named,
    pub(in crate::people) email: Option<&'a str>,
    pub(in crate::people) clearance: Secrecy,
    pub(in crate::people) lang: Lang,
    pub(in crate::people) active: bool,
    pub(in crate::people) password_hash: &'a str,
    pub(in crate::people) must_change: bool,
}

pub(in crate::people) fn insert(tx: &mut WriteTx<'_>, new: New<'_>) -> Outcome<i64> {
    let now = tx.now();
    Ok(diesel::insert_into(users::table)
        .values((
            users::agency_id.eq(new.agency_id),
            users::username.eq(new.username),
            users::name_ar.eq(&new.name.ar),
            users::name_en.eq(&new.name.en),
            users::email.eq(new.email),
            users::password_hash.eq(new.password_hash),
            users::password_changed_at.eq(now),
            users::must_change.eq(new.must_change),
            users::clearance.eq(new.clearance.code()),
            users::lang.eq(new.lang.code()),
            users::theme.eq("system"),
            users::active.eq(new.active),
            users::fold.eq(fold(new.username, new.name)),
            users::created_at.eq(now),
            users::version.eq(1),
        ))
        .returning(users::id)
        .get_result(tx.conn())?)
}

pub(super) fn update(tx: &mut WriteTx<'_>, row: &Row, input: &UserEdit) -> Outcome<()> {
    let rows = diesel::update(users::table.filter(users::id.eq(row.id)).filter(users::version.eq(row.version)))
        .set((
            users::name_ar.eq(&input.name.ar),
            users::name_en.eq(&input.name.en),
            users::email.eq(&input.email),
            users::clearance.eq(input.clearance.code()),
            users::lang.eq(input.lang.code()),
            users::active.eq(input.active),
            users::fold.eq(fold(&row.username, &input.name)),
            users::version.eq(row.version + 1),
        ))
        .execute(tx.conn())?;
    checks::changed("user", rows, row.version)
}

/// Replaces roles and caveats.
pub(in crate::people) fn set_rights(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    role_ids: &[i64],
    caveats: &[Caveat],
) -> Outcome<()> {
    diesel::delete(user_roles::table.filter(user_roles::user_id.eq(user_id))).execute(tx.conn())?;
    diesel::delete(user_caveats::table.filter(user_caveats::user_id.eq(user_id))).execute(tx.conn())?;
    for role_id in role_ids {
        diesel::insert_into(user_roles::table)
            .values((user_roles::user_id.eq(user_id), user_roles::role_id.eq(role_id)))
            .execute(tx.conn())?;
    }
    for caveat in caveats {
        diesel::insert_into(user_caveats::table)
            .values((user_caveats::user_id.eq(user_id), user_caveats::caveat.eq(caveat.code())))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Sets a password that has to be changed at the next sign-in, and ends every session.
pub(in crate::people) fn set_temporary(tx: &mut WriteTx<'_>, user_id: i64, username: &str, hash: &str) -> Outcome<()> {
    let now = tx.now();
    diesel::update(users::table.find(user_id))
        .set((
            users::password_hash.eq(hash),
            users::password_changed_at.eq(now),
            users::must_change.eq(true),
            users::version.eq(users::version + 1),
        ))
        .execute(tx.conn())?;
    session::end_all(tx, user_id, None)?;
    session::clear_attempts(tx, username)
}

fn fold(username: &str, name: &Named) -> String {
    text::fold(&format!("{username} {} {}", name.ar, name.en))
}
