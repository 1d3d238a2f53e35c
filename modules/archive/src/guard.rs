//! One at a time in an agency's archive: who takes the turn keeps it until the transaction ends.

use diesel::prelude::*;
use diwan_db::{WriteTx, each_backend};
use diwan_platform::Outcome;
use diwan_schema::archive::archive_guards;

/// Takes the agency's turn; another transaction that has it is waited for, and what it wrote is then seen.
pub(crate) fn take(tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<()> {
    each_backend!(tx.conn(), c => diesel::insert_into(archive_guards::table)
        .values((archive_guards::agency_id.eq(agency_id), archive_guards::turn.eq(1_i64)))
        .on_conflict(archive_guards::agency_id)
        .do_update()
        .set(archive_guards::turn.eq(archive_guards::turn + 1))
        .execute(c))?;
    Ok(())
}
