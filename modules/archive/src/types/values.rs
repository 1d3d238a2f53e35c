//! What a document says in the fields of its kind.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_archive_api::{DocumentType, NewDocument, clean_values};
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_kernel::text;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::archive::{document_values, documents};

use super::store;

/// The values as they are kept, where they fit the kind that is named; without a kind there are none. A kind that is no
/// longer in use stays where it was.
pub(crate) fn check(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    new: &NewDocument,
    now: Option<i64>,
) -> Outcome<BTreeMap<String, String>> {
    let Some(id) = new.type_id else {
        return match new.values.keys().next() {
            Some(code) => Err(Refusal::field(&format!("values.{code}"), "unknown")),
            None => Ok(BTreeMap::new()),
        };
    };
    let kind = match store::load(tx, agency_id, id) {
        Err(Refusal::NotFound(_)) => return Err(Refusal::field("type_id", "unknown")),
        other => other?,
    };
    if !kind.active && now != Some(id) {
        return Err(Refusal::field("type_id", "type_inactive"));
    }
    clean_values(&kind.fields, &new.values).map_err(Refusal::Invalid)
}

/// Puts kind and values of a document in place of those it had.
pub(crate) fn put(
    tx: &mut WriteTx<'_>,
    record_id: i64,
    type_id: Option<i64>,
    values: &BTreeMap<String, String>,
) -> Outcome<()> {
    diesel::update(documents::table.find(record_id)).set(documents::type_id.eq(type_id)).execute(tx.conn())?;
    diesel::delete(document_values::table.filter(document_values::record_id.eq(record_id))).execute(tx.conn())?;
    for (field, value) in values {
        let row = (
            document_values::record_id.eq(record_id),
            document_values::field.eq(field),
            document_values::value.eq(value),
            document_values::fold.eq(text::fold(value)),
        );
        each_backend!(tx.conn(), c => diesel::insert_into(document_values::table).values(row).execute(c))?;
    }
    Ok(())
}

/// The kind and the values of a document.
pub(crate) fn of(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    record_id: i64,
    type_id: Option<i64>,
) -> Outcome<(Option<DocumentType>, BTreeMap<String, String>)> {
    let Some(type_id) = type_id else { return Ok((None, BTreeMap::new())) };
    let kind = store::load(tx, agency_id, type_id)?;
    let rows: Vec<(String, String)> = document_values::table
        .filter(document_values::record_id.eq(record_id))
        .select((document_values::field, document_values::value))
        .load(tx.conn())?;
    Ok((Some(kind), rows.into_iter().collect()))
}

/// The words of these documents in their fields, for the index.
pub(crate) fn words(tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String)> = document_values::table
        .filter(document_values::record_id.eq_any(ids.to_vec()))
        .order((document_values::record_id, document_values::field))
        .select((document_values::record_id, document_values::value))
        .load(tx.conn())?;
    let mut words = BTreeMap::<i64, Vec<String>>::new();
    for (id, value) in rows {
        words.entry(id).or_default().push(value);
    }
    Ok(words)
}
