//! What higher modules may call.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_platform::Outcome;
use diwan_schema::{archive::documents, platform::records};

use crate::{holds, keeping};

/// How a record came into the archive.
pub use diwan_archive_api::DocumentSource as Source;

/// What a module tells the search index of its records.
pub use crate::search::{Content, SearchSource};

/// Files a record in the archive: from now on its list shows it. A record that is filed already stays as it was filed.
/// The caller's operation audits and tells the followers.
///
/// # Errors
/// There is no such record; the database fails.
pub fn file(tx: &mut WriteTx<'_>, record_id: i64, source: Source, doc_date: NaiveDate) -> Outcome<()> {
    let now = tx.now();
    let agency_id: i64 = records::table.find(record_id).select(records::agency_id).first(tx.conn())?;
    let row = (
        documents::record_id.eq(record_id),
        documents::agency_id.eq(agency_id),
        documents::source.eq(source.code()),
        documents::doc_date.eq(doc_date),
        documents::filed_at.eq(now),
    );
    each_backend!(tx.conn(), c => diesel::insert_into(documents::table).values(row).on_conflict_do_nothing().execute(c))?;
    keeping::store::place(tx, record_id)
}

/// Whether a file may be taken away from a record: not where a hold freezes it.
///
/// # Errors
/// `on_hold` with the reason of the hold.
pub fn removable(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<()> {
    holds::store::none_on(tx, record_id)
}
