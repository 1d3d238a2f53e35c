//! What the bank has paid (ما صرفه البنك): its statements say so, and payments do not take it back.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_bank::matching::{BookEntry, named};
use diwan_db::WriteTx;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::cleared_lines;

use super::{
    account,
    lines::{self, LineRow},
};

/// Goes on only while no line of the bank is matched with an entry. The account is in its turn from here on: nobody matches it
/// meanwhile.
///
/// # Errors
/// Not found: the account; `paid_by_bank` with the reference.
pub(crate) fn not_matched(
    tx: &mut WriteTx<'_>,
    (agency_id, account_id): (i64, i64),
    (entry_id, reference): (i64, &str),
) -> Outcome<()> {
    account::take(tx, agency_id, account_id)?;
    let matched: i64 = cleared_lines::table
        .filter(cleared_lines::entry_id.eq(entry_id))
        .filter(cleared_lines::cleared.gt(0))
        .count()
        .get_result(tx.conn())?;
    if matched == 0 { Ok(()) } else { Err(paid(reference)) }
}

/// Goes on only while no line of the bank that is open and takes money out names one of these references, each beside an id. The
/// account is in its turn from here on: no statement comes meanwhile.
///
/// # Errors
/// Not found: the account; `paid_by_bank` with the first reference.
pub(crate) fn not_named(
    tx: &mut WriteTx<'_>,
    (agency_id, account_id): (i64, i64),
    payments: &[(i64, &str)],
) -> Outcome<()> {
    account::take(tx, agency_id, account_id)?;
    let out: Vec<LineRow> = lines::open(tx, account_id, None)?.into_iter().filter(|line| !line.incoming).collect();
    let out: Vec<_> = out.iter().map(LineRow::open_line).collect::<Outcome<_>>()?;
    // Only what they are called by is looked at.
    let entry = |(id, reference): &(i64, &str)| BookEntry {
        id: *id,
        date: NaiveDate::default(),
        amount: 0,
        references: vec![(*reference).to_owned()],
        party: None,
    };
    let found = named(&out, &payments.iter().map(entry).collect::<Vec<_>>());
    match payments.iter().find(|(id, _)| found.contains(id)) {
        Some((_, reference)) => Err(paid(reference)),
        None => Ok(()),
    }
}

fn paid(reference: &str) -> Refusal {
    Refusal::rule("paid_by_bank", [("reference", reference.to_owned())])
}
