//! What becomes of what other modules hold of the budget of a year: nothing of it is open any more, and what is carried forward is
//! held anew on the same key of the next year, so that the module goes on drawing on it.

use std::collections::BTreeMap;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use diwan_db::{Audit, Backend, ReadTx, WriteTx};
use diwan_finance_api::{Bucket, CommitmentDecision, MoveKind};
use diwan_platform::{Actor, Outcome, records::CHANGED};
use diwan_schema::finance::{port_holds, year_end_holds};

use super::{
    carry::{self, Open},
    store::Year,
};
use crate::{
    ledger::{
        Spend,
        moves::{self, Cause, Move},
    },
    port,
};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    line_id: i64,
    #[diesel(sql_type = BigInt)]
    key_id: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Text)]
    decision: String,
}

/// Takes what other modules still hold of the year for this transaction: whoever draws on it was first, or waits.
///
/// # Errors
/// The database fails.
pub(super) fn lock(tx: &mut WriteTx<'_>, year: &Year) -> Outcome<()> {
    let open = format!(
        "year_id = {mark}1 AND EXISTS (SELECT 1 FROM port_hold_lines l WHERE l.hold_id = port_holds.id AND l.open > 0)",
        mark = tx.mark()
    );
    // In the order of their ids, as whoever takes several; an update takes them as it finds them. SQLite has one writer, and this
    // is it.
    if tx.conn().backend_kind() == Backend::Postgres {
        let taken = format!("SELECT id FROM port_holds WHERE {open} ORDER BY id FOR NO KEY UPDATE");
        sql_query(taken).bind::<BigInt, _>(year.id).execute(tx.conn())?;
    }
    let drawn = format!("UPDATE port_holds SET draws = draws + 1 WHERE {open}");
    sql_query(drawn).bind::<BigInt, _>(year.id).execute(tx.conn())?;
    Ok(())
}

/// What is open by keys of what other modules hold of the year.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn open(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<Vec<Open>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT h.id AS id, h.kind AS kind, k.line_id AS line_id, l.key_id AS key_id, l.open AS amount, e.decision AS decision
        FROM port_holds h JOIN year_end_holds e ON e.hold_id = h.id JOIN port_hold_lines l ON l.hold_id = h.id
            JOIN budget_keys k ON k.id = l.key_id
        WHERE h.year_id = {mark}1 AND l.open > 0 ORDER BY h.id, l.key_id"
    );
    let rows: Vec<Row> = sql_query(text).bind::<BigInt, _>(year.id).load(tx.conn())?;
    rows.into_iter()
        .map(|row| {
            let bucket = row.kind.parse::<port::HoldKind>()?.bucket();
            let decision = row.decision.parse()?;
            Ok(Open { id: row.id, bucket, line_id: row.line_id, key_id: row.key_id, amount: row.amount, decision })
        })
        .collect()
}

/// Ends what other modules hold of the year, and writes how much each was.
///
/// # Errors
/// The database fails; something is open that nobody decided on.
pub(super) fn end(tx: &mut WriteTx<'_>, year: &Year, open: &[Open]) -> Outcome<()> {
    let text = format!(
        "UPDATE port_hold_lines SET open = 0 WHERE open > 0 AND hold_id IN (SELECT h.id FROM port_holds h WHERE h.year_id = {mark}1)",
        mark = tx.mark()
    );
    sql_query(text).bind::<BigInt, _>(year.id).execute(tx.conn())?;
    for (id, lines) in carry::by_id(open) {
        let amount: i64 = lines.iter().map(|line| line.amount).sum();
        diesel::update(year_end_holds::table.find(id)).set(year_end_holds::amount.eq(amount)).execute(tx.conn())?;
    }
    Ok(())
}

/// Holds anew in the next year what is carried forward: the same module for the same record, on the same parts of the key.
///
/// # Errors
/// `carry_key_gone` with the record and the key, where a part of the key is not in force in the next year; the database fails.
pub(super) fn make(tx: &mut WriteTx<'_>, actor: &Actor, next: &Year, open: &[Open]) -> Outcome<()> {
    for (id, lines) in carry::by_id(open) {
        if lines.first().is_none_or(|line| line.decision != CommitmentDecision::Carry) {
            continue;
        }
        let record_id: i64 = port_holds::table.find(id).select(port_holds::record_id).first(tx.conn())?;
        let (mut amounts, mut came) = (BTreeMap::new(), Vec::new());
        for line in lines {
            let key = carry::next_key(tx, (record_id, line.key_id), next, actor.user_id)?;
            *amounts.entry(key.id).or_insert(0_i64) += line.amount;
            came.push(Move {
                line_id: key.line_id,
                key_id: Some(key.id),
                source: Bucket::Outside,
                target: line.bucket,
                amount: line.amount,
            });
        }
        let carried = port::carry(tx, actor, id, (next.id, next.starts_on), amounts)?;
        let cause = Cause { record_id, entry_id: None, effective_on: next.starts_on, by: actor.user_id };
        moves::apply(tx, &cause, &[Spend { kind: MoveKind::CarryIn, moves: came }])?;
        diesel::update(year_end_holds::table.find(id))
            .set(year_end_holds::carried_id.eq(carried))
            .execute(tx.conn())?;
        tx.audit(Audit::of_record(record_id).detail(serde_json::json!({ "carried": id, "hold": carried })))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(record_id), &())?;
    }
    Ok(())
}
