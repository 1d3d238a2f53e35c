//! What the bank has paid (ما صرفه البنك): its statements say so, and payments do not take it back.

use std::{collections::BTreeSet, slice};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_bank::matching::{BookEntry, Unmatched, named};
use diwan_db::{ReadTx, WriteTx};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::bank_matches;

use super::{
    account,
    desk::Open,
    lines::{self, LineRow},
};
use crate::amounts::sum;

/// The line on which the bank gave back what it had paid of a cheque: open, of all its amount, and not of a day before; it names the
/// cheque, or nothing in the books fits it. None where no line of the bank is matched with the cheque's entry. The account is in its turn from here on: nobody matches it meanwhile.
///
/// # Errors
/// Not found: the account; `paid_by_bank` with the reference where the bank gave nothing back, or where an open line that takes the
/// amount out names it: that is matched first.
pub(crate) fn given_back(
    tx: &mut WriteTx<'_>,
    (agency_id, account_id): (i64, i64),
    (entry_id, reference, amount): (i64, &str, i64),
) -> Outcome<Option<i64>> {
    let account = account::take(tx, agency_id, account_id)?;
    let of_entry = bank_matches::table.filter(bank_matches::entry_id.eq(entry_id));
    let made: Vec<(i64, i64)> = of_entry.select((bank_matches::line_id, bank_matches::amount)).load(tx.conn())?;
    if made.is_empty() {
        let mut out = lines::open(tx, account_id, None)?;
        out.retain(|line| line.open() == -amount);
        return if names(&out, reference)? { Err(paid(reference)) } else { Ok(None) };
    }
    let (ids, amounts): (Vec<i64>, Vec<i64>) = made.into_iter().unzip();
    let paid_on = lines::some(tx, account_id, &ids)?.into_iter().map(|line| line.booked_on).max();
    if sum(amounts)? != amount {
        return Err(paid(reference));
    }
    let mut back = lines::open(tx, account_id, None)?;
    back.retain(|line| line.incoming && (line.amount, line.matched) == (amount, 0) && Some(line.booked_on) >= paid_on);
    for line in &back {
        if names(slice::from_ref(line), reference)? {
            return Ok(Some(line.id));
        }
    }
    // What names nothing is money for something else, where the books have an amount that fits it.
    let open = if back.is_empty() { Vec::new() } else { Open::load(tx, &account)?.proposal.open_lines };
    let free = back.iter().find(|line| open.contains(&(line.id, Unmatched::NoCandidate)));
    free.map(|line| Some(line.id)).ok_or_else(|| paid(reference))
}

/// Whether one of these lines names a reference.
fn names(lines: &[LineRow], reference: &str) -> Outcome<bool> {
    Ok(!called(lines, &[(0, reference)])?.is_empty())
}

/// Those of these entries that a line of the bank is matched with.
///
/// # Errors
/// The database fails.
pub(crate) fn matched(tx: &mut ReadTx<'_>, entries: &[i64]) -> Outcome<BTreeSet<i64>> {
    let of_them = bank_matches::table.filter(bank_matches::entry_id.eq_any(entries));
    let made: Vec<i64> = of_them.select(bank_matches::entry_id).load(tx.conn())?;
    Ok(made.into_iter().collect())
}

/// Goes on only while no line of the bank is matched with the entry of a cheque. The account is in its turn from here on: nobody
/// matches it meanwhile.
///
/// # Errors
/// Not found: the account; `paid_by_bank` with the reference.
pub(crate) fn not_matched(
    tx: &mut WriteTx<'_>,
    (agency_id, account_id): (i64, i64),
    (entry_id, reference): (i64, &str),
) -> Outcome<()> {
    account::take(tx, agency_id, account_id)?;
    if matched(tx, &[entry_id])?.is_empty() { Ok(()) } else { Err(paid(reference)) }
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
    let mut out = lines::open(tx, account_id, None)?;
    out.retain(|line| !line.incoming);
    let found = called(&out, payments)?;
    match payments.iter().find(|(id, _)| found.contains(id)) {
        Some((_, reference)) => Err(paid(reference)),
        None => Ok(()),
    }
}

/// Those of the payments, each an id and its reference, that lines name. Only what they are called by is looked at.
fn called(lines: &[LineRow], payments: &[(i64, &str)]) -> Outcome<BTreeSet<i64>> {
    let lines: Vec<_> = lines.iter().map(LineRow::open_line).collect::<Outcome<_>>()?;
    let entry = |(id, reference): &(i64, &str)| BookEntry {
        id: *id,
        date: NaiveDate::default(),
        amount: 0,
        references: vec![(*reference).to_owned()],
        party: None,
    };
    Ok(named(&lines, &payments.iter().map(entry).collect::<Vec<_>>()))
}

fn paid(reference: &str) -> Refusal {
    Refusal::rule("paid_by_bank", [("reference", reference.to_owned())])
}
