//! What hangs off documents in the book: who approved them, and their files by their hashes.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::NaiveDateTime;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text, Timestamp},
};
use diwan_db::{AnyConnection, ReadTx};
use diwan_platform::Outcome;

use super::format::{Approval, File, Person};

type Backend = <AnyConnection as Connection>::Backend;

/// Reads rows by a statement that names a range first and the period third.
///
/// # Errors
/// The database fails.
pub(super) fn asked<R: QueryableByName<Backend> + 'static>(
    tx: &mut ReadTx<'_>,
    text: String,
    (period_id, range): (i64, &RangeInclusive<i64>),
) -> Outcome<Vec<R>> {
    Ok(sql_query(text)
        .bind::<BigInt, _>(*range.start())
        .bind::<BigInt, _>(*range.end())
        .bind::<BigInt, _>(period_id)
        .load(tx.conn())?)
}

#[derive(QueryableByName)]
struct ApprovalRow {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    duty: String,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    on_behalf_of: Option<i64>,
    #[diesel(sql_type = Timestamp)]
    done_at: NaiveDateTime,
}

/// The approvals of the last round of each of these records, which a statement in brackets names.
///
/// # Errors
/// The database fails.
pub(super) fn approvals(
    tx: &mut ReadTx<'_>,
    records: &str,
    of: (i64, &RangeInclusive<i64>),
) -> Outcome<BTreeMap<i64, Vec<Approval>>> {
    let text = format!(
        "SELECT a.record_id, a.duty, u.id AS user_id, u.name_ar AS user_name, a.on_behalf_of, a.done_at
        FROM finance_approvals a JOIN finance_documents d ON d.record_id = a.record_id AND d.round = a.round
            JOIN users u ON u.id = a.user_id
        WHERE a.record_id IN {records} ORDER BY a.record_id, a.done_at, a.duty DESC, a.user_id"
    );
    let mut all: BTreeMap<i64, Vec<Approval>> = BTreeMap::new();
    for row in asked::<ApprovalRow>(tx, text, of)? {
        let by = Person { id: row.user_id, name: row.user_name };
        let one = Approval { duty: row.duty, by, on_behalf_of: row.on_behalf_of, at: row.done_at };
        all.entry(row.record_id).or_default().push(one);
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct FileRow {
    #[diesel(sql_type = BigInt)]
    record_id: i64,
    #[diesel(sql_type = Text)]
    file_name: String,
    #[diesel(sql_type = Text)]
    blob_hash: String,
}

/// The files attached to these records, in the order they came.
///
/// # Errors
/// The database fails.
pub(super) fn files(
    tx: &mut ReadTx<'_>,
    records: &str,
    of: (i64, &RangeInclusive<i64>),
) -> Outcome<BTreeMap<i64, Vec<File>>> {
    let text = format!(
        "SELECT a.record_id, a.file_name, a.blob_hash FROM attachments a
        WHERE a.role = 'attachment' AND a.removed_at IS NULL AND a.record_id IN {records} ORDER BY a.record_id, a.id"
    );
    let mut all: BTreeMap<i64, Vec<File>> = BTreeMap::new();
    for row in asked::<FileRow>(tx, text, of)? {
        all.entry(row.record_id).or_default().push(File { name: row.file_name, sha256: row.blob_hash });
    }
    Ok(all)
}
