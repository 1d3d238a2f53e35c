//! Obligations of coming years (التزامات السنوات القادمة): what contracts take from later years, as their slices say, and no
//! commitment took over yet; each slice on the keys of its commitment by how much each had.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::DocumentKind;
use diwan_kernel::money;
use diwan_platform::Outcome;
use diwan_schema::finance::{budget_keys, finance_lines};

use super::rows::{Row, standing};
use crate::{amounts::sum, ledger::balances, reports::frame::Frame};

/// Ids of one statement.
const IDS: usize = 1_000;

/// A slice as the database gives it.
#[derive(QueryableByName)]
struct Slice {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Integer)]
    year: i32,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// The slices of a day by year and key, as rows of their commitments.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn read(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<Row>> {
    let slices = slices(tx, frame)?;
    let keys = keys(tx, &slices)?;
    let mut rows = Vec::with_capacity(slices.len());
    for slice in slices {
        let of_key = keys.get(&slice.id).map(Vec::as_slice).unwrap_or_default();
        let weights: Vec<i64> = of_key.iter().map(|(_, amount)| *amount).collect();
        let shares = money::split(slice.amount, &weights).unwrap_or_default();
        let mut by_key: BTreeMap<&str, i64> = BTreeMap::new();
        for ((key, _), share) in of_key.iter().zip(shares) {
            let own = by_key.entry(key).or_default();
            *own = sum([*own, share])?;
        }
        rows.extend(by_key.into_iter().filter(|(_, share)| *share != 0).map(|(key, share)| Row {
            id: slice.id,
            kind: DocumentKind::Commitment.code().to_owned(),
            number: slice.number.clone(),
            subject: slice.subject.clone(),
            code: slice.year.to_string(),
            ar: key.to_owned(),
            en: key.to_owned(),
            day: slice.day,
            due_on: None,
            given: share,
            open: share,
        }));
    }
    Ok(rows)
}

/// The slices of commitments that stand on the day, as known at the moment, and that no other commitment took over until then. Once
/// it is known that a year is ended, what was carried out of it or lapsed counts until its last day: then its heirs do.
fn slices(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<Slice>> {
    let [agency, day, known, ended] = tx.marks();
    let text = format!(
        "SELECT r.id AS id, r.number AS number, r.subject AS subject, d.effective_on AS day, s.year AS year, s.amount AS amount
        FROM finance_documents d JOIN records r ON r.id = d.record_id JOIN commitment_slices s ON s.record_id = d.record_id
        WHERE {standing} AND d.kind = '{commitment}' AND (r.closed_at IS NULL OR r.closed_at > {ended})
            AND NOT EXISTS (
                SELECT 1 FROM commitment_continuations n JOIN finance_documents f ON f.record_id = n.document_id
                WHERE n.record_id = d.record_id AND f.posted_at <= {known} AND f.effective_on <= {day})
            AND NOT EXISTS (
                SELECT 1 FROM year_end_commitments c JOIN year_ends e ON e.year_id = c.year_id JOIN fiscal_years y ON y.id = c.year_id
                WHERE c.record_id = d.record_id AND (c.amount IS NOT NULL OR c.decision = 'lapse') AND e.state = 'ended'
                    AND e.confirmed_at <= {known} AND y.ends_on < {day})
        ORDER BY s.year, d.effective_on, r.id",
        standing = standing(&[agency, day.clone(), known.clone()]),
        commitment = DocumentKind::Commitment.code(),
    );
    let known_at = frame.recorded_until();
    Ok(sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(known_at)
        .bind::<Timestamp, _>(known_at.min(end_of(tx, frame.to)))
        .load(tx.conn())?)
}

/// When a day is over.
fn end_of(tx: &ReadTx<'_>, day: NaiveDate) -> NaiveDateTime {
    day.succ_opt().map_or_else(balances::last_moment, |next| tx.start_of(next))
}

/// The keys of the commitments, with what each had.
fn keys(tx: &mut ReadTx<'_>, slices: &[Slice]) -> Outcome<BTreeMap<i64, Vec<(String, i64)>>> {
    let mut ids: Vec<i64> = slices.iter().map(|slice| slice.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut keys: BTreeMap<i64, Vec<(String, i64)>> = BTreeMap::new();
    for some in ids.chunks(IDS) {
        let rows: Vec<(i64, String, i64)> = finance_lines::table
            .inner_join(budget_keys::table.on(budget_keys::id.nullable().eq(finance_lines::key_id)))
            .filter(finance_lines::record_id.eq_any(some))
            .order((finance_lines::record_id, finance_lines::seq))
            .select((finance_lines::record_id, budget_keys::code, finance_lines::base_amount))
            .load(tx.conn())?;
        for (id, code, amount) in rows {
            keys.entry(id).or_default().push((code, amount));
        }
    }
    Ok(keys)
}
