//! Deciding what becomes of what is open at the end of a year: it is carried forward or lapses, by whom and why.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Integer},
};
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_finance_api::{DECISIONS_MAX, DecideCommitments, YearEndState};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{year_end_commitments, year_end_holds, year_ends};

use super::{commitments, store};

/// Rows of one statement.
const ROWS: usize = 1_000;

/// Decides on commitments and on what other modules hold: those that are named, or all that have no decision yet.
///
/// # Errors
/// Not found, also of what is none of the year's open ones; not a draft; no reason; too many at once.
pub fn decide(tx: &mut WriteTx<'_>, actor: &Actor, year_id: i64, input: &DecideCommitments) -> Outcome<()> {
    store::year(tx, actor.agency_id, year_id)?;
    if input.ids.len() + input.holds.len() > DECISIONS_MAX {
        return Err(FieldError::new("ids", "too_many").with("max", DECISIONS_MAX).into());
    }
    let reason = text::lines("reason", &input.reason, text::NOTE_MAX)?;
    // Whoever prepares the end stands in line here.
    let drafts =
        year_ends::table.filter(year_ends::year_id.eq(year_id)).filter(year_ends::state.eq(YearEndState::Draft.code()));
    let taken = diesel::update(drafts).set(year_ends::version.eq(year_ends::version + 1)).execute(tx.conn())?;
    if taken == 0 {
        store::end_in(tx, year_id, (YearEndState::Draft, "decide_commitments"), None)?;
        return Err(Refusal::NotFound("year_end"));
    }
    let (documents, holds) = wanted(tx, year_id, input)?;
    let now = tx.now();
    for some in documents.chunks(ROWS) {
        diesel::delete(year_end_commitments::table.filter(year_end_commitments::record_id.eq_any(some)))
            .execute(tx.conn())?;
        let row = |id: &i64| {
            (
                year_end_commitments::record_id.eq(*id),
                year_end_commitments::year_id.eq(year_id),
                year_end_commitments::agency_id.eq(actor.agency_id),
                year_end_commitments::decision.eq(input.decision.code()),
                year_end_commitments::reason.eq(&reason),
                year_end_commitments::decided_by.eq(actor.user_id),
                year_end_commitments::decided_at.eq(now),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(tx.conn(), c => diesel::insert_into(year_end_commitments::table).values(&rows).execute(c))?;
    }
    for some in holds.chunks(ROWS) {
        diesel::delete(year_end_holds::table.filter(year_end_holds::hold_id.eq_any(some))).execute(tx.conn())?;
        let row = |id: &i64| {
            (
                year_end_holds::hold_id.eq(*id),
                year_end_holds::year_id.eq(year_id),
                year_end_holds::agency_id.eq(actor.agency_id),
                year_end_holds::decision.eq(input.decision.code()),
                year_end_holds::reason.eq(&reason),
                year_end_holds::decided_by.eq(actor.user_id),
                year_end_holds::decided_at.eq(now),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        each_backend!(tx.conn(), c => diesel::insert_into(year_end_holds::table).values(&rows).execute(c))?;
    }
    let detail = serde_json::json!({
        "decision": input.decision, "reason": reason, "documents": documents, "holds": holds,
    });
    tx.audit(Audit::of("fiscal_year", year_id).detail(detail))?;
    Ok(())
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = BigInt)]
    own: i64,
}

/// The commitments and the holds that are decided on.
fn wanted(tx: &mut ReadTx<'_>, year_id: i64, input: &DecideCommitments) -> Outcome<(Vec<i64>, Vec<i64>)> {
    let every = input.ids.is_empty() && input.holds.is_empty();
    let only = if every { "WHERE x.decision IS NULL" } else { "" };
    let all = commitments::all(tx.mark());
    let text = format!("SELECT x.part AS part, x.own AS own FROM ({all}) x {only} ORDER BY x.part, x.own");
    let open: Vec<Open> = sql_query(text).bind::<BigInt, _>(year_id).load(tx.conn())?;
    let of = |part: i32| -> BTreeSet<i64> { open.iter().filter(|one| one.part == part).map(|one| one.own).collect() };
    let (documents, holds) = (of(0), of(1));
    if every {
        return Ok((documents.into_iter().collect(), holds.into_iter().collect()));
    }
    let named = |ids: &[i64], known: &BTreeSet<i64>, what: &'static str| -> Outcome<Vec<i64>> {
        let ids: BTreeSet<i64> = ids.iter().copied().collect();
        if ids.is_subset(known) { Ok(ids.into_iter().collect()) } else { Err(Refusal::NotFound(what)) }
    };
    Ok((named(&input.ids, &documents, "finance_document")?, named(&input.holds, &holds, "hold")?))
}
