//! Documents of finance as stored.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx};
use diwan_finance_api::{DocumentKind, DocumentState, PayMethod};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, RecordRow, store as spine},
};
use diwan_schema::finance::{commitment_slices, finance_documents, finance_lines};
use serde::Serialize;

use crate::parts::currencies;

/// A document as stored; amounts in minor units.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = finance_documents)]
pub(crate) struct DocumentRow {
    pub(crate) record_id: i64,
    pub(crate) agency_id: i64,
    pub(crate) year_id: i64,
    pub(crate) kind: String,
    pub(crate) effective_on: NaiveDate,
    pub(crate) complementary: bool,
    pub(crate) currency: String,
    pub(crate) rate: i64,
    pub(crate) amount: i64,
    pub(crate) base_amount: i64,
    pub(crate) party_id: Option<i64>,
    pub(crate) counter_id: Option<i64>,
    pub(crate) source_id: Option<i64>,
    pub(crate) reference: String,
    pub(crate) reference_on: Option<NaiveDate>,
    pub(crate) method: String,
    pub(crate) round: i32,
    pub(crate) to_settle: i64,
    pub(crate) to_pay: i64,
    pub(crate) entry_id: Option<i64>,
    pub(crate) posted_at: Option<NaiveDateTime>,
    pub(crate) reverses_id: Option<i64>,
}

impl DocumentRow {
    /// Its kind.
    pub(crate) fn kind(&self) -> Outcome<DocumentKind> {
        Ok(self.kind.parse()?)
    }

    /// Decimals of its currency.
    pub(crate) fn scale(&self, tx: &mut ReadTx<'_>) -> Outcome<u8> {
        let scale = currencies::scale(tx, &self.currency)?;
        scale.ok_or_else(|| Refusal::Internal(format!("there is no currency {}", self.currency)))
    }

    /// How it is paid.
    pub(crate) fn method(&self) -> Outcome<PayMethod> {
        Ok(self.method.parse()?)
    }
}

/// A line as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = finance_lines)]
pub(crate) struct LineRow {
    pub(crate) record_id: i64,
    pub(crate) seq: i32,
    pub(crate) agency_id: i64,
    pub(crate) account_id: Option<i64>,
    pub(crate) key_id: Option<i64>,
    pub(crate) party_id: Option<i64>,
    pub(crate) centre_id: Option<i64>,
    pub(crate) side: String,
    pub(crate) amount: i64,
    pub(crate) base_amount: i64,
    pub(crate) open: i64,
    pub(crate) note: String,
}

impl LineRow {
    /// Debit, in the currency of the document and in the base currency; 0 on the other side.
    pub(crate) fn debit(&self) -> (i64, i64) {
        if self.side == "debit" { (self.amount, self.base_amount) } else { (0, 0) }
    }

    /// Credit, as [`Self::debit`].
    pub(crate) fn credit(&self) -> (i64, i64) {
        if self.side == "credit" { (self.amount, self.base_amount) } else { (0, 0) }
    }
}

/// A document in the actor's scope.
///
/// # Errors
/// Not found.
pub(crate) fn load_visible(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(RecordRow, DocumentRow)> {
    let record = records::load_visible(tx, actor, id).map_err(|refusal| match refusal {
        Refusal::NotFound(_) => Refusal::NotFound("finance_document"),
        other => other,
    })?;
    let document = load(tx, id)?;
    Ok((record, document))
}

/// A document, whoever asks.
///
/// # Errors
/// Not found.
pub(crate) fn load(tx: &mut ReadTx<'_>, id: i64) -> Outcome<DocumentRow> {
    finance_documents::table
        .find(id)
        .select(DocumentRow::as_select())
        .kept()
        .get_result(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("finance_document"))
}

/// The state of a document.
///
/// # Errors
/// The database holds an unknown code.
pub(crate) fn state(record: &RecordRow) -> Outcome<DocumentState> {
    Ok(record.state.parse()?)
}

/// The lines of a document in their order.
///
/// # Errors
/// The database fails.
pub(crate) fn lines(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<LineRow>> {
    Ok(finance_lines::table
        .filter(finance_lines::record_id.eq(id))
        .order(finance_lines::seq)
        .select(LineRow::as_select())
        .kept()
        .load(tx.conn())?)
}

/// What a commitment takes from later years: year and minor units of the base currency.
///
/// # Errors
/// The database fails.
pub(crate) fn slices(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<(i32, i64)>> {
    Ok(commitment_slices::table
        .filter(commitment_slices::record_id.eq(id))
        .order(commitment_slices::year)
        .select((commitment_slices::year, commitment_slices::amount))
        .load(tx.conn())?)
}

/// The number of a document, or its subject where it has none yet: to name it in a refusal.
///
/// # Errors
/// The database fails.
pub(crate) fn name_of(tx: &mut ReadTx<'_>, id: i64) -> Outcome<String> {
    let record = spine::load_for_system(tx, id)?;
    Ok(record.number.unwrap_or(record.subject))
}
