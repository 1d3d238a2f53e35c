//! Requests to see a record (طلبات الاطلاع): whoever knows a number or follows a link may ask.
//!
//! Asking tells nothing: the answer is the same whether there is such a record or not. Those who may grant access see what
//! was asked, and the record only where they see it anyway; what names nothing they know they can only refuse.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_kernel::{Permission, text};
use diwan_platform_api::{
    access::{
        AccessRequest, Decision, GrantTo, NewGrant, NewRequest, OPEN_MAX, REASON_MAX, RequestState, ViewedRecord,
    },
    records::Ref,
};
use diwan_schema::platform::{access_requests, records};
use serde_json::json;

use super::{access::holders_of, grants, notify, store::load_visible_many};
use crate::{Actor, Outcome, Refusal, people::names};

/// Requests that are shown.
const MOST: i64 = 200;
/// The longest number, in characters.
const NUMBER_MAX: usize = 60;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = access_requests)]
struct Row {
    id: i64,
    asked_by: i64,
    number: String,
    record_id: Option<i64>,
    reason: String,
    state: String,
    created_at: NaiveDateTime,
    decided_at: Option<NaiveDateTime>,
    note: Option<String>,
    until: Option<NaiveDate>,
}

/// Asks to see a record.
///
/// # Errors
/// Wrong fields; `too_many_requests_open`.
pub fn ask(tx: &mut WriteTx<'_>, actor: &Actor, new: &NewRequest) -> Outcome<()> {
    let reason = text::line("reason", &new.reason, REASON_MAX)?;
    let number = match new.record_id {
        Some(_) => String::new(),
        None => text::line("number", &new.number, NUMBER_MAX)?,
    };
    let open: i64 = access_requests::table
        .filter(access_requests::asked_by.eq(actor.user_id))
        .filter(access_requests::state.eq(RequestState::Open.code()))
        .count()
        .get_result(tx.conn())?;
    if open >= OPEN_MAX {
        return Err(Refusal::rule("too_many_requests_open", [("max", OPEN_MAX.to_string())]));
    }
    let record_id = meant(tx, actor, new.record_id, &number)?;
    let now = tx.now();
    let id: i64 = diesel::insert_into(access_requests::table)
        .values((
            access_requests::agency_id.eq(actor.agency_id),
            access_requests::asked_by.eq(actor.user_id),
            access_requests::number.eq(&number),
            access_requests::record_id.eq(record_id),
            access_requests::reason.eq(&reason),
            access_requests::state.eq(RequestState::Open.code()),
            access_requests::created_at.eq(now),
        ))
        .returning(access_requests::id)
        .get_result(tx.conn())?;
    let people = holders_of(tx, actor.agency_id, Permission::AccessGrant)?;
    let others = people.into_iter().filter(|person| *person != actor.user_id);
    notify::tell_about(tx, others, "access_requested", None, &json!({ "by": actor.name_ar }))?;
    // The trail names the request; the record stands in it once somebody who sees it has decided.
    Ok(tx.audit(Audit::of("access_request", id))?)
}

/// The record that is meant, of the actor's agency: nobody is told whether there is one.
fn meant(tx: &mut ReadTx<'_>, actor: &Actor, id: Option<i64>, number: &str) -> Outcome<Option<i64>> {
    let own = records::table.filter(records::agency_id.eq(actor.agency_id)).select(records::id).order(records::id);
    Ok(match id {
        Some(id) => own.filter(records::id.eq(id)).first(tx.conn()).optional()?,
        None => own.filter(records::number.eq(number)).first(tx.conn()).optional()?,
    })
}

/// One's own requests, the newest first.
///
/// # Errors
/// The database fails.
pub fn mine(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<AccessRequest>> {
    let rows: Vec<Row> = access_requests::table
        .filter(access_requests::asked_by.eq(actor.user_id))
        .order(access_requests::id.desc())
        .limit(MOST)
        .select(Row::as_select())
        .load(tx.conn())?;
    requests(tx, actor, rows, false)
}

/// The requests of the agency in a state, the oldest first: for those who decide.
///
/// # Errors
/// [`Refusal::Forbidden`] without the right.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, state: RequestState) -> Outcome<Vec<AccessRequest>> {
    actor.require(Permission::AccessGrant)?;
    let rows: Vec<Row> = access_requests::table
        .filter(access_requests::agency_id.eq(actor.agency_id))
        .filter(access_requests::state.eq(state.code()))
        .order(access_requests::id)
        .limit(MOST)
        .select(Row::as_select())
        .load(tx.conn())?;
    requests(tx, actor, rows, true)
}

fn requests(tx: &mut ReadTx<'_>, actor: &Actor, rows: Vec<Row>, deciding: bool) -> Outcome<Vec<AccessRequest>> {
    let people = names::of_users(tx, rows.iter().map(|row| row.asked_by))?;
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.record_id).collect();
    let visible = load_visible_many(tx, actor, &ids)?;
    let request = |row: Row| -> Outcome<AccessRequest> {
        let record = visible.iter().find(|record| Some(record.id) == row.record_id);
        let record = record.map(|record| {
            Ok::<_, Refusal>(ViewedRecord {
                id: record.id,
                kind: record.kind.parse()?,
                number: record.number.clone(),
                subject: record.subject.clone(),
                secrecy: record.secrecy.parse()?,
            })
        });
        Ok(AccessRequest {
            id: row.id,
            asked_by: Ref { id: row.asked_by, name: people.of(row.asked_by).name },
            number: row.number,
            record: record.transpose()?,
            reason: row.reason,
            may_decide: deciding && row.state == RequestState::Open.code() && row.asked_by != actor.user_id,
            state: row.state.parse()?,
            created_at: row.created_at,
            decided_at: row.decided_at,
            note: row.note,
            until: row.until,
        })
    };
    rows.into_iter().map(request).collect()
}

/// Approves a request until a day, or refuses it with a reason; who asked is told.
///
/// # Errors
/// Not found; one's own; `request_names_nothing` where it is approved and the decider sees no such record; wrong fields.
pub fn decide(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, decision: &Decision) -> Outcome<()> {
    actor.require(Permission::AccessGrant)?;
    let row: Row = access_requests::table
        .filter(access_requests::id.eq(id))
        .filter(access_requests::agency_id.eq(actor.agency_id))
        .filter(access_requests::state.eq(RequestState::Open.code()))
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("access_request"))?;
    if row.asked_by == actor.user_id {
        return Err(Refusal::rule("own_request", []));
    }
    let note = match decision.until {
        Some(_) => {
            let seen = load_visible_many(tx, actor, &row.record_id.into_iter().collect::<Vec<_>>())?;
            let record = seen.first().ok_or_else(|| Refusal::rule("request_names_nothing", []))?;
            let grant = NewGrant {
                to_kind: GrantTo::User,
                to_id: row.asked_by,
                until: decision.until,
                reason: row.reason.clone(),
            };
            grants::give(tx, actor, record.id, &grant)?;
            None
        }
        None => {
            let note = text::line("note", &decision.note, REASON_MAX)?;
            let args = json!({ "number": row.number, "reason": note });
            notify::tell_about(tx, [row.asked_by], "access_refused", None, &args)?;
            tx.audit(Audit::of("access_request", id).detail(json!({ "approved": false })))?;
            Some(note)
        }
    };
    let state = if note.is_none() { RequestState::Approved } else { RequestState::Refused };
    let now = tx.now();
    diesel::update(access_requests::table.find(id))
        .set((
            access_requests::state.eq(state.code()),
            access_requests::decided_by.eq(actor.user_id),
            access_requests::decided_at.eq(now),
            access_requests::note.eq(note),
            access_requests::until.eq(decision.until),
        ))
        .execute(tx.conn())?;
    Ok(())
}
