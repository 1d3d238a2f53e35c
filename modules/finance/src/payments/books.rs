//! What payments post (قيود الصرف): the account that a document is owed on against the bank, obligated money to paid, and cash of
//! the lines, which approved runs order before; and the same the other way where a payment came back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diwan_db::WriteTx;
use diwan_finance_api::{Bucket, DocumentKind, MoveKind};
use diwan_platform::{Outcome, Refusal};

use super::{
    account::PayingAccount,
    cash::{self, ByLine, Change},
    owed::{self, Owed},
};
use crate::ledger::{self, Entry, Line, Spend, moves::Move};

/// Which way the money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It leaves the account.
    Out,
    /// It leaves the account as an approved run ordered it.
    Ordered,
    /// It came back.
    Back,
}

impl Way {
    /// What a payment of 1 changes of the cash of its line.
    const fn cash(self) -> Change {
        match self {
            Self::Out => Change { ordered: 0, used: 1 },
            Self::Ordered => Change { ordered: -1, used: 1 },
            Self::Back => Change { ordered: 0, used: -1 },
        }
    }
}

/// One payment of a document.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    /// The document.
    pub(super) document_id: i64,
    /// In the currency of the account.
    pub(super) amount: i64,
    /// In the base currency.
    pub(super) base_amount: i64,
    /// By which the bank names it.
    pub(super) reference: String,
}

/// For what an entry is written: agency, record, day, person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    pub(super) agency_id: i64,
    pub(super) record_id: i64,
    pub(super) on: NaiveDate,
    pub(super) by: i64,
}

/// The place of the bank's line of a payment in its entry.
pub(super) fn bank_seq(at: usize) -> Outcome<i32> {
    i32::try_from(2 * (at + 1)).map_err(|_| Refusal::Internal("an entry of too many lines".to_owned()))
}

/// Posts payments of one day as one entry; answers its id. The bank's line of each stands at [`bank_seq`].
///
/// # Errors
/// `cash_short`; what the ledgers refuse: `period_closed`, `budget_short`, an account that takes no lines.
pub(super) fn post(
    tx: &mut WriteTx<'_>,
    cause: Cause,
    account: &PayingAccount,
    (way, payments): (Way, &[Payment]),
) -> Outcome<i64> {
    let documents: Vec<i64> = payments.iter().map(|one| one.document_id).collect();
    let owed = owed::of(tx, &documents)?;
    let mut lines = Vec::with_capacity(payments.len() * 2);
    for one in payments {
        let of = owed.get(&one.document_id).ok_or(Refusal::NotFound("finance_document"))?;
        lines.extend(pair(account, way, one, of));
    }
    let keys = by_key(owed.values(), way)?;
    cash::take(tx, &cash_of(owed.values(), way.cash())?)?;
    let entry = Entry {
        agency_id: cause.agency_id,
        record_id: cause.record_id,
        kind: DocumentKind::PaymentRun,
        effective_on: cause.on,
        complementary: false,
        reverses: None,
        lines,
        spends: spends(&keys),
    };
    ledger::post(tx, cause.by, &entry)
}

/// The line of what is owed, and the line of the bank.
fn pair(account: &PayingAccount, way: Way, one: &Payment, of: &Owed) -> [Line; 2] {
    let line = |account_id, party_id, debit: bool, note: &str| Line {
        account_id,
        key_id: None,
        party_id,
        centre_id: None,
        currency: account.currency.clone(),
        debit: if debit { one.amount } else { 0 },
        credit: if debit { 0 } else { one.amount },
        base_debit: if debit { one.base_amount } else { 0 },
        base_credit: if debit { 0 } else { one.base_amount },
        note: note.to_owned(),
    };
    [
        line(of.account_id, of.party_id, way != Way::Back, &of.number),
        line(account.account_id, None, way == Way::Back, &one.reference),
    ]
}

/// What goes to paid by budget line and key; less than 0 comes back from there.
type ByKey = BTreeMap<(i64, i64), i64>;

fn by_key<'a>(owed: impl Iterator<Item = &'a Owed>, way: Way) -> Outcome<ByKey> {
    let sign = way.cash().used;
    let mut sums = ByKey::new();
    for (line, key, amount) in owed.flat_map(|of| &of.keys) {
        let sum = sums.entry((*line, *key)).or_default();
        *sum = crate::amounts::sum([*sum, sign * amount])?;
    }
    Ok(sums)
}

/// What documents change of the cash of their lines, where a payment of 1 changes this much. What a document gives back to a line
/// was given back as it was posted.
fn cash_of<'a>(owed: impl Iterator<Item = &'a Owed>, of_one: Change) -> Outcome<ByLine> {
    let mut changes = ByLine::new();
    for (line, _, amount) in owed.flat_map(|of| &of.keys) {
        let change = changes.entry(*line).or_default();
        change.ordered = crate::amounts::sum([change.ordered, of_one.ordered * amount])?;
        change.used = crate::amounts::sum([change.used, of_one.used * amount])?;
    }
    Ok(changes)
}

/// Holds the cash that paying these documents takes: nobody else pays with it until the bank is heard of.
///
/// # Errors
/// `cash_short`.
pub(super) fn order(tx: &mut WriteTx<'_>, documents: &BTreeSet<i64>) -> Outcome<()> {
    ordered(tx, documents, 1)
}

/// Gives back the cash that was ordered for these documents, since the bank does not pay them.
///
/// # Errors
/// The database fails.
pub(super) fn give_up(tx: &mut WriteTx<'_>, documents: &BTreeSet<i64>) -> Outcome<()> {
    ordered(tx, documents, -1)
}

fn ordered(tx: &mut WriteTx<'_>, documents: &BTreeSet<i64>, of_one: i64) -> Outcome<()> {
    let owed = owed::of(tx, &documents.iter().copied().collect::<Vec<_>>())?;
    cash::take(tx, &cash_of(owed.values(), Change { ordered: of_one, used: 0 })?)
}

fn spends(keys: &ByKey) -> Vec<Spend> {
    let one = |(line_id, key): (i64, i64), source, target, amount| Move {
        line_id,
        key_id: Some(key),
        source,
        target,
        amount,
    };
    let (mut paid, mut back) = (Vec::new(), Vec::new());
    for (at, amount) in keys {
        match *amount {
            amount if amount > 0 => paid.push(one(*at, Bucket::Obligated, Bucket::Paid, amount)),
            amount if amount < 0 => back.push(one(*at, Bucket::Paid, Bucket::Obligated, -amount)),
            _ => {}
        }
    }
    let mut spends =
        vec![Spend { kind: MoveKind::Pay, moves: paid }, Spend { kind: MoveKind::ReturnedTransfer, moves: back }];
    spends.retain(|spend| !spend.moves.is_empty());
    spends
}
