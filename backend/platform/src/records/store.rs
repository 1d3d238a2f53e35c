//! Finding records: every finder takes the actor, and what is out of scope does not exist.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{prelude::*, sql_types::Bool};
use diwan_db::{AnyConnection, Keep, ReadTx};
use diwan_kernel::{Caveat, Named};
use diwan_platform_api::records::{RecordHead, RecordKind, Ref};
use diwan_schema::platform::{agencies, record_caveats, records, units, users};
use serde::Serialize;

use crate::{Actor, Outcome, Refusal};

/// The row of a record.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = records)]
#[expect(missing_docs, reason = "the columns are those of RecordHead")]
pub struct RecordRow {
    pub id: i64,
    pub agency_id: i64,
    pub unit_id: Option<i64>,
    pub kind: String,
    pub number: Option<String>,
    pub subject: String,
    pub party: String,
    pub state: String,
    pub secrecy: String,
    pub priority: String,
    pub due_on: Option<NaiveDate>,
    pub class_code: Option<String>,
    pub created_by: i64,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    pub issued_at: Option<NaiveDateTime>,
    pub closed_at: Option<NaiveDateTime>,
    pub version: i64,
}

/// A condition on `records` in a boxed query of either database.
pub type RecordFilter<'a> =
    Box<dyn BoxableExpression<records::table, <AnyConnection as Connection>::Backend, SqlType = Bool> + 'a>;

/// What an actor may see: own agency, level within the clearance, no closed caveat, and an access row for the person,
/// one of their units, or the agency as a whole. The one place where this rule is written for SQL; a macro, so that it
/// serves in joins too. Where only `records` is asked, [`visible`] is the same as a value.
#[macro_export]
macro_rules! visible_records {
    ($actor:expr) => {
        $crate::visible_records!(@rule ::diwan_schema::platform::records::agency_id, $actor)
    };
    // For records named by their ids. As an expression the agency is no reason to walk through an index of the agency's
    // records: without statistics, on a young database, PostgreSQL takes that for as cheap as the primary key.
    (by_id, $actor:expr) => {
        $crate::visible_records!(@rule ::diwan_schema::platform::records::agency_id + 0_i64, $actor)
    };
    (@rule $agency:expr, $actor:expr) => {{
        use ::diesel::prelude::*;
        use ::diwan_schema::platform::{record_access, record_caveats, records};
        let actor: &$crate::Actor = $actor;
        ($agency)
            .eq(actor.agency_id)
            .and(records::secrecy.eq_any(actor.levels()))
            .and(::diesel::dsl::exists(
                record_access::table
                    .filter(record_access::record_id.eq(records::id))
                    .filter(record_access::principal.eq_any(actor.principals.clone())),
            ))
            .and(::diesel::dsl::not(::diesel::dsl::exists(
                record_caveats::table
                    .filter(record_caveats::record_id.eq(records::id))
                    .filter(record_caveats::caveat.eq_any(actor.closed_caveats())),
            )))
    }};
}

/// [`visible_records!`] as a condition on `records` alone.
pub fn visible(actor: &Actor) -> RecordFilter<'static> {
    Box::new(visible_records!(actor))
}

/// The same for records that are named by their ids.
pub fn visible_by_id(actor: &Actor) -> RecordFilter<'static> {
    Box::new(visible_records!(by_id, actor))
}

/// Loads a record in the actor's scope.
///
/// # Errors
/// [`Refusal::NotFound`] where there is none, or none for this actor.
pub fn load_visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<RecordRow> {
    records::table
        .filter(records::id.eq(id))
        .filter(visible_by_id(actor))
        .select(RecordRow::as_select())
        .kept()
        .get_result(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("record"))
}

/// Of these records, those the actor may see, as rows.
///
/// # Errors
/// The database fails.
pub fn load_visible_many(tx: &mut ReadTx<'_>, actor: &Actor, ids: &[i64]) -> Outcome<Vec<RecordRow>> {
    Ok(records::table
        .filter(records::id.eq_any(ids.to_vec()))
        .filter(visible_by_id(actor))
        .select(RecordRow::as_select())
        .load(tx.conn())?)
}

/// Loads a record for Diwan's own work after commit (prints, index, delivery), where no person asks.
///
/// # Errors
/// [`Refusal::NotFound`] where there is none.
pub fn load_for_system(tx: &mut ReadTx<'_>, id: i64) -> Outcome<RecordRow> {
    records::table
        .find(id)
        .select(RecordRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("record"))
}

/// The caveats of a record.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn caveats(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<Vec<Caveat>> {
    let codes: Vec<String> = record_caveats::table
        .filter(record_caveats::record_id.eq(record_id))
        .select(record_caveats::caveat)
        .order(record_caveats::caveat)
        .load(tx.conn())?;
    Ok(codes.iter().map(|code| code.parse()).collect::<Result<_, _>>()?)
}

/// The head of a record with its names.
///
/// # Errors
/// The database fails or holds an unknown code.
pub fn head(tx: &mut ReadTx<'_>, row: &RecordRow) -> Outcome<RecordHead> {
    let unit = match row.unit_id {
        Some(id) => Some(unit_ref(tx, id)?),
        None => None,
    };
    Ok(RecordHead {
        id: row.id,
        kind: row.kind.parse::<RecordKind>()?,
        agency: agency_ref(tx, row.agency_id)?,
        unit,
        number: row.number.clone(),
        subject: row.subject.clone(),
        party: row.party.clone(),
        state: row.state.clone(),
        secrecy: row.secrecy.parse()?,
        caveats: caveats(tx, row.id)?,
        priority: row.priority.parse()?,
        due_on: row.due_on,
        created_by: user_ref(tx, row.created_by)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        issued_at: row.issued_at,
        version: row.version,
    })
}

/// An agency's name.
///
/// # Errors
/// The database fails, or there is no such agency.
pub fn agency_ref(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Ref> {
    let (ar, en) = agencies::table.find(id).select((agencies::name_ar, agencies::name_en)).first(tx.conn())?;
    Ok(Ref { id, name: Named { ar, en } })
}

/// A unit's name.
///
/// # Errors
/// The database fails, or there is no such unit.
pub fn unit_ref(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Ref> {
    let (ar, en) = units::table.find(id).select((units::name_ar, units::name_en)).first(tx.conn())?;
    Ok(Ref { id, name: Named { ar, en } })
}

/// A person's name.
///
/// # Errors
/// The database fails, or there is no such user.
pub fn user_ref(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Ref> {
    let (ar, en) = users::table.find(id).select((users::name_ar, users::name_en)).first(tx.conn())?;
    Ok(Ref { id, name: Named { ar, en } })
}
