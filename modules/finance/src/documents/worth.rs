//! Advances and deposits in other currencies (السلف والأمانات بعملة أجنبية): what draws on one is in its currency and at its rate, and
//! takes of what is left of it in dinars the share that it takes of the amount. What takes the last of it leaves nothing, however
//! often was rounded before; another rate would leave a difference that the money of others pays.

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{BASE_CURRENCY, DocumentInput, DocumentKind, DocumentState, parse_rate, rate_text};
use diwan_kernel::{FieldError, money};
use diwan_platform::{Fields, Outcome};
use diwan_schema::{
    finance::{finance_documents, finance_lines},
    platform::records,
};

use super::{
    lines::NewLine,
    posting::draw,
    store::{self, DocumentRow},
};
use crate::amounts::sum;

/// A line: its account, its debit, its amount on whichever side.
type Line = (Option<i64>, i64, i64);

/// Where a line belongs: what draws is a share of what is left, and the others are what it stands against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Drawn,
    Debit,
    Credit,
}

/// Whether a kind takes a part of the amount of another document.
const fn draws(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::AdvanceSettlement | DocumentKind::DepositRefund)
}

/// Refuses another currency than that of the advance or the deposit.
///
/// # Errors
/// The field `currency`: `other_currency`.
pub(super) fn same_currency(own: &str, of_source: &str) -> Result<(), FieldError> {
    if own == of_source {
        return Ok(());
    }
    Err(FieldError::new("currency", "other_currency").with("currency", own).with("expected", of_source))
}

/// The rate of the advance or the deposit that a draft draws on, whatever the table has for its day; none where it draws on none.
/// Another currency and another rate are told.
///
/// # Errors
/// The database fails.
pub(super) fn rate(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    input: &DocumentInput,
    fields: &mut Fields,
) -> Outcome<Option<i64>> {
    let source = input.kind.shape().source.filter(|_| draws(input.kind));
    let (Some(id), Some((kind, _))) = (input.source_id, source) else { return Ok(None) };
    let found: Option<(String, i64)> = finance_documents::table
        .find(id)
        .filter(finance_documents::agency_id.eq(agency_id))
        .filter(finance_documents::kind.eq(kind.code()))
        .filter(finance_documents::posted_at.is_not_null())
        .select((finance_documents::currency, finance_documents::rate))
        .first(tx.conn())
        .optional()?;
    let Some((currency, rate)) = found else { return Ok(None) };
    if let Err(other) = same_currency(&input.currency, &currency) {
        fields.push(other);
    } else if currency != BASE_CURRENCY && !input.rate.trim().is_empty() {
        match parse_rate("rate", &input.rate) {
            Ok(typed) if typed == rate => {}
            Ok(_) => fields.push(FieldError::new("rate", "other_rate").with("rate", rate_text(rate))),
            Err(wrong) => fields.push(wrong),
        }
    }
    Ok(Some(rate))
}

/// Gives the lines of a draft their shares of what is left.
///
/// # Errors
/// `amount_overflow`; the database fails.
pub(super) fn draft(
    tx: &mut ReadTx<'_>,
    (input, source_id): (&DocumentInput, Option<i64>),
    lines: &mut [NewLine],
) -> Outcome<()> {
    let foreign = draws(input.kind) && input.currency != BASE_CURRENCY;
    let Some(id) = source_id.filter(|_| foreign) else { return Ok(()) };
    let source = store::load(tx, id)?;
    let all: Vec<Line> = lines.iter().map(|line| (line.account_id, line.debit().0, line.amount)).collect();
    if let Some((_, shares)) = shares(tx, (input.kind, &source), &all)? {
        for (line, share) in lines.iter_mut().zip(shares) {
            line.base_amount = share;
        }
    }
    Ok(())
}

/// Gives a document its shares of what is left now, where it draws on an advance or a deposit in another currency: others may have
/// drawn on that since it was written. None where all stays as it is.
///
/// # Errors
/// `amount_overflow`; the database fails.
pub(super) fn posted(tx: &mut WriteTx<'_>, document: &DocumentRow) -> Outcome<Option<DocumentRow>> {
    let kind = document.kind()?;
    let foreign = draws(kind) && document.reverses_id.is_none() && document.currency != BASE_CURRENCY;
    let Some(id) = document.source_id.filter(|_| foreign) else { return Ok(None) };
    draw::take(tx, id)?;
    let (source, lines) = (store::load(tx, id)?, store::lines(tx, document.record_id)?);
    let all: Vec<Line> = lines.iter().map(|line| (line.account_id, line.debit().0, line.amount)).collect();
    let Some((base_amount, shares)) = shares(tx, (kind, &source), &all)? else { return Ok(None) };
    if lines.iter().map(|line| line.base_amount).eq(shares.iter().copied()) {
        return Ok(None);
    }
    let mut document = document.clone();
    (document.base_amount, document.rate) = (base_amount, source.rate);
    diesel::update(finance_documents::table.find(document.record_id))
        .set((finance_documents::base_amount.eq(base_amount), finance_documents::rate.eq(source.rate)))
        .execute(tx.conn())?;
    for (line, share) in lines.iter().zip(shares) {
        diesel::update(finance_lines::table.find((line.record_id, line.seq)))
            .set(finance_lines::base_amount.eq(share))
            .execute(tx.conn())?;
    }
    Ok(Some(document))
}

/// What these lines come to in dinars: those that draw on it, as a whole, and each of them. Those that draw, other debits and credits
/// are each converted as a whole and shared out, so that what balances in one currency balances in both. None where there is not so
/// much left, or where one would come to nothing: that is refused as it stands.
fn shares(
    tx: &mut ReadTx<'_>,
    (kind, source): (DocumentKind, &DocumentRow),
    lines: &[Line],
) -> Outcome<Option<(i64, Vec<i64>)>> {
    let left = left(tx, source)?;
    let held: Vec<Option<i64>> = store::lines(tx, source.record_id)?.into_iter().map(|line| line.account_id).collect();
    let part = |line: &Line| match line {
        (_, ..=0, _) => Part::Credit,
        (account, ..) if kind == DocumentKind::AdvanceSettlement || held.contains(account) => Part::Drawn,
        _ => Part::Debit,
    };
    let weights = |of: Part| lines.iter().filter(|line| part(line) == of).map(|line| line.2).collect::<Vec<i64>>();
    let [own, debits, credits] = [Part::Drawn, Part::Debit, Part::Credit].map(weights);
    let (drawn, beside) = (sum(own.iter().copied())?, sum(debits.iter().copied())?);
    let against = sum(credits.iter().copied())?;
    if drawn <= 0 || drawn > left {
        return Ok(None);
    }
    let of = |amount: i64| {
        let (worth, amount, left) = (i128::from(source.to_settle), i128::from(amount), i128::from(left));
        i64::try_from((worth * amount + left / 2) / left).ok()
    };
    let (Some(whole), Some(of_debits), Some(of_credits)) = (of(drawn), of(beside), of(against)) else {
        return Ok(None);
    };
    // What balances by itself in the currency does so in dinars: a share of each side may be rounded otherwise than its whole.
    let of_credits = if sum([drawn, beside])? == against { sum([whole, of_debits])? } else { of_credits };
    let shared = |total: i64, weights: &[i64]| money::split(total, weights).unwrap_or_default().into_iter();
    let (mut own, mut debits) = (shared(whole, &own), shared(of_debits, &debits));
    let mut credits = shared(of_credits, &credits);
    let share = |line: &Line| match part(line) {
        Part::Drawn => own.next(),
        Part::Debit => debits.next(),
        Part::Credit => credits.next(),
    };
    let all: Option<Vec<i64>> = lines.iter().map(share).collect();
    Ok(all.filter(|all| all.iter().all(|share| *share > 0)).map(|all| (whole, all)))
}

/// What is left of an advance or a deposit in its own currency.
fn left(tx: &mut ReadTx<'_>, source: &DocumentRow) -> Outcome<i64> {
    let drawn: Vec<(Option<i64>, i64)> = finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::source_id.eq(source.record_id))
        .filter(finance_documents::currency.eq(&source.currency))
        .filter(finance_documents::posted_at.is_not_null())
        .filter(records::state.eq(DocumentState::Posted.code()))
        .select((finance_documents::reverses_id, finance_documents::amount))
        .load(tx.conn())?;
    let drawn = drawn.into_iter().filter(|(reverses, _)| reverses.is_none()).map(|(_, amount)| -amount);
    sum(drawn.chain([source.amount]))
}
