//! Giving up a claim of an ended year (إسقاط المستحق من سنة مقفلة): a journal voucher of an open year names the voucher, takes
//! what is owed of it off its account, and with its entry the obligated money leaves the budget of that year. It is given up as it
//! would be paid: as a whole, and never what a payment holds.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::{BASE_CURRENCY, Bucket, DocumentInput, DocumentKind, MoveKind, Side};
use diwan_kernel::{FieldError, money};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{accounts, finance_documents};

use super::{
    lines::NewLine,
    reverse,
    store::{self, DocumentRow, LineRow},
    submit,
};
use crate::{
    closing,
    ledger::{Spend, moves::Move},
    payments::owed::{self, Owed},
};

/// Asks whether a journal voucher that names a voucher can give it up, as posting will; `reverse_on` is the day on which it would
/// take itself back.
///
/// # Errors
/// `give_up_open_year`: a reversal is the way; `paid_over_year_end`: not before that year is ended; `not_payable`: nothing is open of
/// the voucher; `give_up_whole` with what its lines have to be; the field `effective_on`: `before_day`; the field `details.reverse_on`: `not_asked`.
pub(super) fn check(
    tx: &mut ReadTx<'_>,
    (document, reverse_on): (&DocumentRow, Option<NaiveDate>),
    lines: &[LineRow],
) -> Outcome<()> {
    if asked(tx, document, lines)?.is_some() && reverse_on.is_some() {
        return Err(Refusal::field("details.reverse_on", "not_asked"));
    }
    Ok(())
}

/// Takes all that is owed of the voucher that a journal voucher names, and answers what leaves the budget; who pays it at the same
/// moment waits for this row, or this waits for them.
///
/// # Errors
/// As [`check`].
pub(super) fn take(tx: &mut WriteTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<Vec<Spend>> {
    let Some((source, owed)) = asked(tx, document, lines)? else { return Ok(Vec::new()) };
    let open = finance_documents::table
        .filter(finance_documents::record_id.eq(source.record_id))
        .filter(finance_documents::to_pay.eq(source.to_pay));
    let taken = diesel::update(open).set(finance_documents::to_pay.eq(0_i64)).kept().execute(tx.conn())?;
    if taken != 1 {
        return Err(not_open(tx, source.record_id)?);
    }
    // A claim that comes back is a new voucher, of the same invoice.
    submit::free_invoice(tx, source.record_id)?;
    let gone = |(line_id, key, amount)| Move {
        line_id,
        key_id: Some(key),
        source: Bucket::Obligated,
        target: Bucket::Outside,
        amount,
    };
    let moves: Vec<Move> = owed.keys.into_iter().map(gone).collect();
    Ok(if moves.is_empty() { Vec::new() } else { vec![Spend { kind: MoveKind::Lapse, moves }] })
}

/// The voucher that is given up and what is owed of it; none where the document names none.
fn asked(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<Option<(DocumentRow, Owed)>> {
    let Some(id) = document.source_id else { return Ok(None) };
    let source = store::load(tx, id)?;
    if !closing::year::is_ended(tx, source.year_id)? {
        let spent = store::lines(tx, id)?;
        reverse::over_year_end(tx, &source, &spent)?;
        let of = [("document", store::name_of(tx, id)?), ("year", reverse::year_of(tx, source.year_id)?.to_string())];
        return Err(Refusal::rule("give_up_open_year", of));
    }
    if source.to_pay <= 0 {
        return Err(not_open(tx, id)?);
    }
    // Until a payment came back it was paid.
    if let Some(day) = owed::came_back_on(tx, id)?.filter(|day| document.effective_on < *day) {
        return Err(FieldError::new("effective_on", "before_day").with("day", day).into());
    }
    let owed = owed::of(tx, &[id])?.remove(&id).ok_or(Refusal::NotFound("finance_document"))?;
    let net = owed::nets(tx, &[id])?.remove(&id).unwrap_or_default();
    let given = lines.iter().fold((0, 0), |sum, line| (sum.0 + line.debit().0, sum.1 + line.debit().1));
    let whole = document.currency == source.currency && given == (net, source.to_pay);
    if whole && lines.iter().all(|line| fits((document, line), &owed)) && received(tx, lines)? {
        return Ok(Some((source, owed)));
    }
    let account: String = accounts::table.find(owed.account_id).select(accounts::code).first(tx.conn())?;
    let amount = money::format(net, source.scale(tx)?);
    let of = [("document", store::name_of(tx, id)?), ("amount", amount), ("account", account)];
    Err(Refusal::rule("give_up_whole", of))
}

/// Debits take it off the account and the party that it is owed to, that of the head where the line names none; no budget has it
/// again.
fn fits((document, line): (&DocumentRow, &LineRow), owed: &Owed) -> bool {
    let own = line.account_id == Some(owed.account_id);
    let party = owed.party_id.is_none() || owed.party_id == line.party_id.or(document.party_id);
    let in_place = line.debit().0 == 0 || (own && party);
    in_place && line.key_id.is_none()
}

/// Whether all credits stand on revenue: with one on cash it would be paid past all payments, with one on what is owed it would be
/// owed on. The database says so too.
fn received(tx: &mut ReadTx<'_>, lines: &[LineRow]) -> Outcome<bool> {
    let credited: BTreeSet<i64> =
        lines.iter().filter(|line| line.credit().0 > 0).filter_map(|line| line.account_id).collect();
    let codes: Vec<String> =
        accounts::table.filter(accounts::id.eq_any(credited)).select(accounts::gfsm).load(tx.conn())?;
    Ok(codes.iter().all(|gfsm| gfsm.starts_with('1')))
}

/// What gives up a claim in another currency stands at what the books owe, not at today's rate: each side of the voucher was
/// converted as a whole, and its net at the same rate may be a minor unit off. Answers the rate of the voucher; none where the
/// lines stand as they are.
///
/// # Errors
/// The database fails.
pub(super) fn at_its_worth(
    tx: &mut ReadTx<'_>,
    (input, source_id): (&DocumentInput, Option<i64>),
    lines: &mut [NewLine],
) -> Outcome<Option<i64>> {
    let foreign = input.kind == DocumentKind::JournalVoucher && input.currency != BASE_CURRENCY;
    let Some(id) = source_id.filter(|_| foreign) else { return Ok(None) };
    let source = store::load(tx, id)?;
    let (mut net, mut worth) = (0_i128, 0_i64);
    for line in store::lines(tx, id)? {
        net += i128::from(line.debit().0 - line.credit().0);
        worth += line.debit().1 - line.credit().1;
    }
    let weights =
        |side: Side| lines.iter().filter(|line| line.side == side).map(|line| line.amount).collect::<Vec<i64>>();
    let (debits, credits) = (weights(Side::Debit), weights(Side::Credit));
    let whole = |side: &[i64]| side.iter().map(|one| i128::from(*one)).sum::<i128>() == net;
    if source.currency != input.currency || !whole(&debits) || !whole(&credits) {
        return Ok(None);
    }
    let (Some(debits), Some(credits)) = (money::split(worth, &debits), money::split(worth, &credits)) else {
        return Ok(None);
    };
    // A share of nothing is no line: then it is refused as it stands.
    if debits.iter().chain(&credits).any(|share| *share <= 0) {
        return Ok(None);
    }
    let (mut debits, mut credits) = (debits.into_iter(), credits.into_iter());
    for line in lines {
        let share = if line.side == Side::Debit { debits.next() } else { credits.next() };
        line.base_amount = share.unwrap_or(line.base_amount);
    }
    Ok(Some(source.rate))
}

/// A payment holds it, it is paid, or it was given up.
fn not_open(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Refusal> {
    Ok(Refusal::rule("not_payable", [("document", store::name_of(tx, id)?)]))
}
