//! Making a record.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{WriteTx, each_backend};
use diwan_kernel::{Caveat, Priority, Secrecy, text};
use diwan_platform_api::records::RecordKind;
use diwan_schema::platform::{record_caveats, records};

use super::access;
use crate::{Outcome, actor};

/// A record to be made. The subject is checked text already.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of RecordHead")]
pub struct NewRecord {
    pub agency_id: i64,
    pub unit_id: Option<i64>,
    pub kind: RecordKind,
    pub subject: String,
    pub party: String,
    pub state: &'static str,
    pub secrecy: Secrecy,
    pub caveats: Vec<Caveat>,
    pub priority: Priority,
    pub due_on: Option<NaiveDate>,
    pub class_code: Option<String>,
    pub created_by: i64,
}

/// Makes the record, visible to its agency's all-readers, its unit and its author.
///
/// # Errors
/// The database fails.
pub fn create(tx: &mut WriteTx<'_>, new: &NewRecord) -> Outcome<i64> {
    let now = tx.now();
    let id: i64 = diesel::insert_into(records::table)
        .values((
            records::agency_id.eq(new.agency_id),
            records::unit_id.eq(new.unit_id),
            records::kind.eq(new.kind.code()),
            records::subject.eq(&new.subject),
            records::party.eq(&new.party),
            records::fold.eq(text::fold(&new.subject)),
            records::state.eq(new.state),
            records::secrecy.eq(new.secrecy.code()),
            records::priority.eq(new.priority.code()),
            records::due_on.eq(new.due_on),
            records::class_code.eq(&new.class_code),
            records::created_by.eq(new.created_by),
            records::created_at.eq(now),
            records::updated_at.eq(now),
            records::version.eq(1_i64),
        ))
        .returning(records::id)
        .get_result(tx.conn())?;
    add_caveats(tx, id, &new.caveats)?;
    let mut principals = vec![actor::agency(new.agency_id)];
    principals.extend(new.unit_id.map(actor::unit));
    // What came from another agency is not its author's any more.
    if new.kind != RecordKind::Incoming {
        principals.push(actor::person(new.created_by));
    }
    access::grant(tx, id, &principals)?;
    Ok(id)
}

/// Puts the caveats of a record in place of those it had.
///
/// # Errors
/// The database fails.
pub fn set_caveats(tx: &mut WriteTx<'_>, record_id: i64, caveats: &[Caveat]) -> Outcome<()> {
    diesel::delete(record_caveats::table.filter(record_caveats::record_id.eq(record_id))).execute(tx.conn())?;
    add_caveats(tx, record_id, caveats)
}

fn add_caveats(tx: &mut WriteTx<'_>, record_id: i64, caveats: &[Caveat]) -> Outcome<()> {
    for caveat in caveats {
        let row = (record_caveats::record_id.eq(record_id), record_caveats::caveat.eq(caveat.code()));
        each_backend!(tx.conn(), c => diesel::insert_into(record_caveats::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}
