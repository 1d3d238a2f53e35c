//! What becomes of the open commitments: each is closed, and one that is carried forward goes on as a commitment of the next
//! year on the same key.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};
use diwan_db::{Audit, Backend, ReadTx, WriteTx};
use diwan_finance_api::{
    BASE_CURRENCY, Bucket, CommitmentDecision, DocumentKind, DocumentState, MoveKind, PayMethod, RATE_ONE,
};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{CHANGED, state, store as spine},
};
use diwan_schema::{
    finance::{
        budget_keys, commitment_continuations, commitment_slices, finance_documents, finance_lines,
        year_end_commitments,
    },
    platform::records,
};

use super::{
    store::Year,
    voucher::{self, Posted, Words},
};
use crate::{
    ledger::{
        Spend,
        moves::{self, Cause, Move},
    },
    structure::keys::{self, Key, PartIds},
};

/// Ids of one statement.
const IDS: usize = 500;

/// What is open of one key of a commitment, or of what another module holds.
#[derive(Debug, Clone)]
pub(super) struct Open {
    /// The commitment's record, or the hold.
    pub(super) id: i64,
    /// Where the money is: committed or reserved.
    pub(super) bucket: Bucket,
    pub(super) line_id: i64,
    pub(super) key_id: i64,
    /// Minor units of the base currency.
    pub(super) amount: i64,
    pub(super) decision: CommitmentDecision,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    line_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    key_id: Option<i64>,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Text)]
    decision: String,
}

/// Takes every open commitment of the year for this transaction: whoever draws on one or closes it was first, or waits.
///
/// # Errors
/// The database fails.
pub(super) fn lock(tx: &mut WriteTx<'_>, year: &Year) -> Outcome<()> {
    // SQLite has one writer, and this is it. The record first, as closing a commitment takes it.
    if tx.conn().backend_kind() == Backend::Postgres {
        let open = sql_query(
            "SELECT r.id FROM records r JOIN finance_documents d ON d.record_id = r.id
            WHERE d.agency_id = $1 AND d.year_id = $2 AND d.kind = 'commitment' AND d.to_settle > 0
            ORDER BY r.id FOR NO KEY UPDATE",
        );
        open.bind::<BigInt, _>(year.agency_id).bind::<BigInt, _>(year.id).execute(tx.conn())?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Going {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = BigInt)]
    key_id: i64,
}

/// The budget lines of the next year that what is carried forward goes to, whoever holds it: keys that the year has not yet are
/// made.
///
/// # Errors
/// `carry_key_gone`; the database fails.
pub(super) fn lines(tx: &mut WriteTx<'_>, actor: &Actor, (year, next): (&Year, &Year)) -> Outcome<Vec<i64>> {
    let text = format!(
        "SELECT MIN(x.record_id) AS record_id, x.key_id AS key_id FROM (
            SELECT l.record_id, l.key_id FROM year_end_commitments c JOIN finance_lines l ON l.record_id = c.record_id
            WHERE c.year_id = {mark}1 AND c.decision = 'carry' AND l.key_id IS NOT NULL AND l.open > 0
            UNION ALL SELECT h.record_id, l.key_id FROM port_holds h JOIN year_end_holds e ON e.hold_id = h.id
                JOIN port_hold_lines l ON l.hold_id = h.id
            WHERE h.year_id = {mark}1 AND e.decision = 'carry' AND l.open > 0) x
        GROUP BY x.key_id ORDER BY x.key_id",
        mark = tx.mark()
    );
    let going: Vec<Going> = sql_query(text).bind::<BigInt, _>(year.id).load(tx.conn())?;
    let line = |one: Going| Ok(next_key(tx, (one.record_id, one.key_id), next, actor.user_id)?.line_id);
    going.into_iter().map(line).collect()
}

/// What is open of the keys of the year's commitments.
///
/// # Errors
/// The database fails; a commitment names no key.
pub(super) fn open(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<Vec<Open>> {
    let text = format!(
        "SELECT l.record_id, k.line_id, l.key_id, l.open AS amount, c.decision
        FROM finance_documents d JOIN records r ON r.id = d.record_id JOIN year_end_commitments c ON c.record_id = d.record_id
            JOIN finance_lines l ON l.record_id = d.record_id LEFT JOIN budget_keys k ON k.id = l.key_id
        WHERE d.agency_id = (SELECT f.agency_id FROM fiscal_years f WHERE f.id = {mark}1) AND d.year_id = {mark}1 AND d.kind = 'commitment' AND d.to_settle > 0 AND r.state = 'posted' AND l.open > 0
        ORDER BY l.record_id, l.seq",
        mark = tx.mark(),
    );
    let rows: Vec<Row> = sql_query(text).bind::<BigInt, _>(year.id).load(tx.conn())?;
    rows.into_iter()
        .map(|row| {
            let (Some(line_id), Some(key_id)) = (row.line_id, row.key_id) else {
                return Err(Refusal::Internal(format!("commitment {} without a key", row.record_id)));
            };
            let decision = row.decision.parse()?;
            let bucket = Bucket::Committed;
            Ok(Open { id: row.record_id, bucket, line_id, key_id, amount: row.amount, decision })
        })
        .collect()
}

/// What is open of each commitment, by record; or of each hold.
pub(super) fn by_id(open: &[Open]) -> BTreeMap<i64, Vec<&Open>> {
    let mut all: BTreeMap<i64, Vec<&Open>> = BTreeMap::new();
    for one in open {
        all.entry(one.id).or_default().push(one);
    }
    all
}

/// Closes the commitments: nothing is open of them any more.
///
/// # Errors
/// The database fails; a commitment was closed meanwhile.
pub(super) fn close(tx: &mut WriteTx<'_>, actor: &Actor, open: &[Open]) -> Outcome<()> {
    let all = by_id(open);
    let ids: Vec<i64> = all.keys().copied().collect();
    for some in ids.chunks(IDS) {
        diesel::update(finance_documents::table.filter(finance_documents::record_id.eq_any(some)))
            .set(finance_documents::to_settle.eq(0_i64))
            .execute(tx.conn())?;
        diesel::update(finance_lines::table.filter(finance_lines::record_id.eq_any(some)))
            .set(finance_lines::open.eq(0_i64))
            .execute(tx.conn())?;
    }
    for (id, lines) in &all {
        let amount: i64 = lines.iter().map(|line| line.amount).sum();
        diesel::update(year_end_commitments::table.find(id))
            .set(year_end_commitments::amount.eq(amount))
            .execute(tx.conn())?;
        let record = spine::load_for_system(tx, *id)?;
        state::close(tx, &record, DocumentState::Closed.code())?;
        let decision = lines.first().map_or("", |line| line.decision.code());
        tx.audit(Audit::of_record(*id).detail(serde_json::json!({ "year_end": decision, "amount": amount })))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(*id), &())?;
    }
    Ok(())
}

/// Closes the commitments that lapse although nothing is open of them: their slices of later years lapse. One that is carried
/// forward stays posted, and another commitment takes its slices over when they fall due.
///
/// # Errors
/// The database fails; a commitment was closed meanwhile.
pub(super) fn close_drawn(tx: &mut WriteTx<'_>, actor: &Actor, year: &Year) -> Outcome<()> {
    let lapse = CommitmentDecision::Lapse;
    let drawn: Vec<i64> = year_end_commitments::table
        .inner_join(records::table.on(records::id.eq(year_end_commitments::record_id)))
        .filter(year_end_commitments::year_id.eq(year.id))
        .filter(year_end_commitments::decision.eq(lapse.code()))
        .filter(year_end_commitments::amount.is_null())
        .filter(records::state.eq(DocumentState::Posted.code()))
        .order(records::id)
        .select(records::id)
        .load(tx.conn())?;
    for id in drawn {
        let record = spine::load_for_system(tx, id)?;
        state::close(tx, &record, DocumentState::Closed.code())?;
        tx.audit(Audit::of_record(id).detail(serde_json::json!({ "year_end": lapse.code(), "amount": 0 })))?;
        tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    }
    Ok(())
}

/// Makes the commitments of the next year that those carried forward go on as. Their numbers come later.
///
/// # Errors
/// `carry_key_gone` with the commitment and its key, where a part of the key is not in force in the next year; the database
/// fails.
pub(super) fn make(tx: &mut WriteTx<'_>, actor: &Actor, next: &Year, open: &[Open]) -> Outcome<Vec<Posted>> {
    let mut known: BTreeMap<i64, Key> = BTreeMap::new();
    let mut made = Vec::new();
    for (id, lines) in by_id(open) {
        if lines.first().is_none_or(|line| line.decision != CommitmentDecision::Carry) {
            continue;
        }
        let mut of_next = Vec::with_capacity(lines.len());
        for line in lines {
            let key = match known.get(&line.key_id) {
                Some(key) => *key,
                None => {
                    let key = next_key(tx, (id, line.key_id), next, actor.user_id)?;
                    known.insert(line.key_id, key);
                    key
                }
            };
            of_next.push((key, line.amount));
        }
        made.push(carried(tx, actor, id, next, &of_next)?);
    }
    Ok(made)
}

/// The key of the same parts in a later year.
///
/// # Errors
/// `carry_key_gone` with the document, the key and the year, where a part of it is not in force then.
pub(crate) fn next_key(tx: &mut WriteTx<'_>, (record, key): (i64, i64), next: &Year, by: i64) -> Outcome<Key> {
    let (code, parts): (String, PartIds) =
        budget_keys::table.find(key).select((budget_keys::code, keys::part_ids())).first(tx.conn())?;
    match keys::find_or_make(tx, next.agency_id, next.id, parts.into(), (next.starts_on, by)) {
        Err(Refusal::Invalid(_)) => {
            let document = crate::documents::name_of(tx, record)?;
            Err(Refusal::rule(
                "carry_key_gone",
                [("document", document), ("key", code), ("year", next.year.to_string())],
            ))
        }
        other => other,
    }
}

/// A commitment of the next year in place of another, posted by the end of the year.
fn carried(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, next: &Year, lines: &[(Key, i64)]) -> Outcome<Posted> {
    let record = spine::load_for_system(tx, id)?;
    let (party_id, reference, reference_on): (Option<i64>, String, Option<NaiveDate>) = finance_documents::table
        .find(id)
        .select((finance_documents::party_id, finance_documents::reference, finance_documents::reference_on))
        .first(tx.conn())?;
    let total: i64 = lines.iter().map(|(_, amount)| *amount).sum();
    let words = Words { subject: record.subject.clone(), party: record.party.clone(), due_on: record.due_on };
    let new = voucher::record(tx, actor, DocumentKind::Commitment, &words)?;
    diesel::insert_into(finance_documents::table)
        .values((
            (finance_documents::record_id.eq(new), finance_documents::agency_id.eq(next.agency_id)),
            (finance_documents::year_id.eq(next.id), finance_documents::kind.eq(DocumentKind::Commitment.code())),
            (finance_documents::effective_on.eq(next.starts_on), finance_documents::complementary.eq(false)),
            (finance_documents::currency.eq(BASE_CURRENCY), finance_documents::rate.eq(RATE_ONE)),
            (finance_documents::amount.eq(total), finance_documents::base_amount.eq(total)),
            (finance_documents::party_id.eq(party_id), finance_documents::source_id.eq(id)),
            (finance_documents::reference.eq(&reference), finance_documents::reference_on.eq(reference_on)),
            (finance_documents::method.eq(PayMethod::None.code()), finance_documents::round.eq(0)),
            (finance_documents::to_settle.eq(0_i64), finance_documents::to_pay.eq(0_i64)),
        ))
        .execute(tx.conn())?;
    for (seq, (key, amount)) in (1_i32..).zip(lines) {
        diesel::insert_into(finance_lines::table)
            .values((
                (finance_lines::record_id.eq(new), finance_lines::seq.eq(seq)),
                (finance_lines::agency_id.eq(next.agency_id), finance_lines::key_id.eq(key.id)),
                finance_lines::side.eq("debit"),
                (finance_lines::amount.eq(amount), finance_lines::base_amount.eq(amount)),
                (finance_lines::open.eq(amount), finance_lines::note.eq("")),
            ))
            .execute(tx.conn())?;
    }
    let going = slices(tx, id, new)?;
    let came = lines.iter().map(|(key, amount)| Move {
        line_id: key.line_id,
        key_id: Some(key.id),
        source: Bucket::Outside,
        target: Bucket::Committed,
        amount: *amount,
    });
    let cause = Cause { record_id: new, entry_id: None, effective_on: next.starts_on, by: actor.user_id };
    moves::apply(tx, &cause, &[Spend { kind: MoveKind::CarryIn, moves: came.collect() }])?;
    diesel::update(year_end_commitments::table.find(id))
        .set(year_end_commitments::carried_id.eq(new))
        .execute(tx.conn())?;
    let now = tx.now();
    diesel::update(finance_documents::table.find(new))
        .set((finance_documents::posted_at.eq(now), finance_documents::to_settle.eq(total)))
        .execute(tx.conn())?;
    let drafted = commitment_continuations::table.filter(commitment_continuations::record_id.eq(id));
    if going {
        diesel::update(drafted).set(commitment_continuations::record_id.eq(new)).execute(tx.conn())?;
    }
    tx.audit(Audit::of_record(new).detail(serde_json::json!({ "carried": id, "amount": total })))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(new), &())?;
    let content = serde_json::json!({ "kind": "commitment", "carried": record.number, "amount": total });
    Ok(Posted { record_id: new, kind: DocumentKind::Commitment, year: next.year, day: next.starts_on, content })
}

/// What a commitment of several years takes from later years goes along, that of the next year too: it is committed when that year
/// has its budget. What another commitment took over already is that one's, and a draft that would take it over takes it from here.
/// Answers whether they went.
fn slices(tx: &mut WriteTx<'_>, from: i64, to: i64) -> Outcome<bool> {
    let posted: Option<bool> = commitment_continuations::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(commitment_continuations::document_id)))
        .filter(commitment_continuations::record_id.eq(from))
        .select(finance_documents::posted_at.is_not_null())
        .first(tx.conn())
        .optional()?;
    if posted == Some(true) {
        return Ok(false);
    }
    let slices: Vec<(i32, i64)> = commitment_slices::table
        .filter(commitment_slices::record_id.eq(from))
        .order(commitment_slices::year)
        .select((commitment_slices::year, commitment_slices::amount))
        .load(tx.conn())?;
    for (year, amount) in slices {
        diesel::insert_into(commitment_slices::table)
            .values((
                commitment_slices::record_id.eq(to),
                commitment_slices::year.eq(year),
                commitment_slices::amount.eq(amount),
            ))
            .execute(tx.conn())?;
    }
    Ok(true)
}
