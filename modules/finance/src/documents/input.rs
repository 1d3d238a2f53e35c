//! What is typed or pasted, checked as a whole: every wrong field and every wrong row is told at once.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{
    BASE_CURRENCY, DOCUMENT_LINES_MAX, DocumentDetails, DocumentInput, DocumentKind, PayMethod, RATE_ONE, Shape, Sides,
};
use diwan_kernel::{FieldError, money, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::finance::{accounts, finance_documents, parties};

use super::{
    auto_reverse, details, given_up,
    lines::{self, NewLine},
    store::{self, DocumentRow},
    worth,
};
use crate::{
    parts::{currencies, rates},
    structure::years,
};

/// The longest reference: the number of a law, an invoice, a contract.
const REFERENCE_MAX: usize = 100;
/// Decimals of a rate.
const RATE_SCALE: u8 = 9;
/// How far ahead a commitment may reach.
const SLICE_YEARS: i32 = 30;

/// A checked document.
pub(crate) struct Draft {
    pub(crate) kind: DocumentKind,
    pub(crate) year_id: i64,
    pub(crate) subject: String,
    pub(crate) party: String,
    pub(crate) party_id: Option<i64>,
    pub(crate) counter_id: Option<i64>,
    /// The document it draws on.
    pub(crate) source_id: Option<i64>,
    pub(crate) reference: String,
    pub(crate) rate: i64,
    pub(crate) amount: i64,
    pub(crate) base_amount: i64,
    pub(crate) lines: Vec<NewLine>,
    pub(crate) slices: Vec<(i32, i64)>,
    pub(crate) details: DocumentDetails,
}

/// Checks what can be checked of a draft: it need not be complete yet, but what it says has to be right.
///
/// # Errors
/// Every wrong field; `no_fiscal_year`; a missing right.
pub(crate) fn check(tx: &mut WriteTx<'_>, actor: &Actor, input: &DocumentInput) -> Outcome<Draft> {
    let shape = input.kind.shape();
    actor.require(shape.prepare)?;
    let year_id = years::of_day(tx, actor.agency_id, input.effective_on)?;
    let mut fields = Fields::default();
    let subject = fields.take(text::line("subject", &input.subject, text::SUBJECT_MAX));
    let reference = match input.reference.trim() {
        "" => String::new(),
        given => fields.take(text::line("reference", given, REFERENCE_MAX)),
    };
    if input.kind == DocumentKind::PaymentRun {
        fields.push(FieldError::new("kind", "unknown"));
    }
    if input.complementary && (input.effective_on.month(), input.effective_on.day()) != (12, 31) {
        fields.push(FieldError::new("effective_on", "last_day_of_year"));
    }
    if shape.pays != (input.method != PayMethod::None) {
        fields.push(FieldError::new("method", if shape.pays { "required" } else { "not_asked" }));
    }
    let (scale, rate) = match currencies::scale(tx, &input.currency)? {
        Some(scale) => (scale, rate(tx, actor.agency_id, input, &mut fields)?),
        None => {
            fields.push(FieldError::new("currency", "unknown"));
            (money::JOD_SCALE, RATE_ONE)
        }
    };
    let (party_id, party) = whom(tx, actor.agency_id, input, &mut fields)?;
    let source_id = source(tx, actor, (input, year_id, party_id), &mut fields)?;
    let counter_id = counter(tx, actor.agency_id, (input, shape), &mut fields)?;
    if input.lines.len() > DOCUMENT_LINES_MAX {
        fields.push(FieldError::new("lines", "too_many").with("max", DOCUMENT_LINES_MAX));
    }
    let slices = slices(input, &mut fields);
    let details = details::check(tx, actor.agency_id, (&input.details, shape, input.effective_on), &mut fields)?;
    fields.done()?;
    let mut lines = lines::check(tx, actor, (input, shape, year_id), (scale, rate))?;
    let rate = given_up::at_its_worth(tx, (input, source_id), &mut lines)?.unwrap_or(rate);
    worth::draft(tx, (input, source_id), &mut lines)?;
    auto_reverse::own_year(tx, year_id, (details.reverse_on, lines.iter().any(|line| line.key_id.is_some())))?;
    let (amount, base_amount) = amount(tx, (input.kind, source_id), &lines, sums(&lines, scale)?)?;
    Ok(Draft {
        kind: input.kind,
        year_id,
        subject,
        // Who paid at the counter is named as a party would be: in lists, in the search, on the seal.
        party: if party.is_empty() { details.payer.clone() } else { party },
        party_id,
        counter_id,
        source_id,
        reference,
        rate,
        amount,
        base_amount,
        lines,
        slices,
        details,
    })
}

/// Debits and credits, each in the currency of the document and in the base currency.
fn sums(lines: &[NewLine], scale: u8) -> Outcome<((i64, i64), (i64, i64))> {
    let sum = |of: fn(&NewLine) -> (i64, i64)| {
        lines
            .iter()
            .map(of)
            .try_fold((0_i64, 0_i64), |sum, one| Some((sum.0.checked_add(one.0)?, sum.1.checked_add(one.1)?)))
    };
    let sums = sum(NewLine::debit)
        .zip(sum(NewLine::credit))
        .filter(|(debit, credit)| [debit.0, debit.1, credit.0, credit.1].iter().all(|one| *one <= money::AMOUNT_MAX));
    let Some((debit, credit)) = sums else {
        let limit = money::format(money::AMOUNT_MAX, scale);
        return Err(FieldError::new("lines", "too_large").with("limit", limit).into());
    };
    Ok((debit, credit))
}

/// How much a document is about, in its currency and in the base currency: the larger of its sides. A refund is about what leaves
/// its deposit: what is forfeited of it stands on both sides a second time, where it is received.
fn amount(
    tx: &mut ReadTx<'_>,
    (kind, source_id): (DocumentKind, Option<i64>),
    lines: &[NewLine],
    (debit, credit): ((i64, i64), (i64, i64)),
) -> Outcome<(i64, i64)> {
    let whole = (debit.0.max(credit.0), debit.1.max(credit.1));
    let Some(deposit) = source_id.filter(|_| kind == DocumentKind::DepositRefund) else { return Ok(whole) };
    let held: Vec<Option<i64>> = store::lines(tx, deposit)?.into_iter().map(|line| line.account_id).collect();
    let of_deposit = lines.iter().filter(|line| held.contains(&line.account_id)).map(NewLine::debit);
    let drawn = of_deposit.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    // Where nothing is drawn its lines are wrong, and told of when it is submitted.
    Ok(if drawn.0 > 0 { drawn } else { whole })
}

/// That of the advance or the deposit which is drawn on, else what is typed, or what the table of rates has for the day.
fn rate(tx: &mut ReadTx<'_>, agency_id: i64, input: &DocumentInput, fields: &mut Fields) -> Outcome<i64> {
    if let Some(rate) = worth::rate(tx, agency_id, input, fields)? {
        return Ok(rate);
    }
    if input.currency == BASE_CURRENCY {
        return Ok(RATE_ONE);
    }
    if input.rate.trim().is_empty() {
        return rates::on(tx, agency_id, &input.currency, input.effective_on);
    }
    let rate = fields.take(money::parse("rate", &input.rate, RATE_SCALE));
    if rate <= 0 {
        fields.push(FieldError::new("rate", "not_positive"));
        return Ok(RATE_ONE);
    }
    Ok(rate)
}

/// Whom the document is about. A settlement is about whoever holds its advance, also one who would be given none any more: nobody
/// approves what relieves themselves.
fn whom(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    input: &DocumentInput,
    fields: &mut Fields,
) -> Outcome<(Option<i64>, String)> {
    if input.kind != DocumentKind::AdvanceSettlement {
        return party(tx, agency_id, input, fields);
    }
    let Some(advance) = input.source_id else { return Ok((None, String::new())) };
    let holder: Option<(i64, String)> = finance_documents::table
        .inner_join(parties::table.on(parties::id.nullable().eq(finance_documents::party_id)))
        .filter(finance_documents::record_id.eq(advance))
        .filter(finance_documents::agency_id.eq(agency_id))
        .filter(finance_documents::kind.eq(DocumentKind::Advance.code()))
        .select((parties::id, parties::name_ar))
        .first(tx.conn())
        .optional()?;
    Ok(holder.map_or_else(Default::default, |(id, name)| (Some(id), name)))
}

fn party(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    input: &DocumentInput,
    fields: &mut Fields,
) -> Outcome<(Option<i64>, String)> {
    let Some(id) = input.party_id else { return Ok((None, String::new())) };
    let found: Option<(String, bool)> = parties::table
        .find(id)
        .filter(parties::agency_id.eq(agency_id))
        .select((parties::name_ar, parties::active))
        .first(tx.conn())
        .optional()?;
    match found {
        Some((name, true)) => return Ok((Some(id), name)),
        Some((name, false)) => fields.push(FieldError::new("party_id", "party_inactive").with("name", name)),
        None => fields.push(FieldError::new("party_id", "unknown")),
    }
    Ok((None, String::new()))
}

/// The document it draws on: of the right kind, posted, of the same party, and there on the day. A voucher draws on a commitment
/// of its own year, since it names keys of that one.
fn source(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    (input, year_id, party_id): (&DocumentInput, i64, Option<i64>),
    fields: &mut Fields,
) -> Outcome<Option<i64>> {
    let shape = input.kind.shape();
    let Some(id) = input.source_id else { return Ok(None) };
    let Some((kind, _)) = shape.source else {
        fields.push(FieldError::new("source_id", "not_asked"));
        return Ok(None);
    };
    let found: Option<(Option<i64>, i64, NaiveDate)> = finance_documents::table
        .find(id)
        .filter(finance_documents::agency_id.eq(actor.agency_id))
        .filter(finance_documents::kind.eq(kind.code()))
        .filter(finance_documents::posted_at.is_not_null())
        .select((finance_documents::party_id, finance_documents::year_id, finance_documents::effective_on))
        .first(tx.conn())
        .optional()?;
    let Some((party, of_year, day)) = found else {
        fields.push(FieldError::new("source_id", "unknown"));
        return Ok(None);
    };
    if shape.party && party != party_id {
        fields.push(FieldError::new("source_id", "other_party").with("number", store::name_of(tx, id)?));
    }
    if input.kind == DocumentKind::PaymentVoucher && of_year != year_id {
        fields.push(FieldError::new("source_id", "hold_of_other_year").with("year", day.year()));
    }
    if input.effective_on < day {
        fields.push(FieldError::new("effective_on", "before_day").with("day", day));
    }
    Ok(Some(id))
}

/// The account that takes the difference: a leaf that spends no budget. What is to be paid is owed until then, so it stands on a
/// liability (63): on a bank it would leave there twice, on revenue it would be income.
fn counter(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    (input, shape): (&DocumentInput, Shape),
    fields: &mut Fields,
) -> Outcome<Option<i64>> {
    let Some(own) = shape.counter else { return Ok(None) };
    let code = if input.counter.trim().is_empty() { own.to_owned() } else { text::latin_digits(&input.counter) };
    let found: Option<(i64, bool, bool, String)> = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::code.eq(&code))
        .select((accounts::id, accounts::posting, accounts::budgeted, accounts::gfsm))
        .first(tx.conn())
        .optional()?;
    let wrong = match found {
        Some((_, false, ..)) => "account_not_leaf",
        Some((_, _, true, _)) => "counter_budgeted",
        Some((.., gfsm)) if shape.pays && !gfsm.starts_with("63") => "counter_not_owed",
        Some((id, ..)) => return Ok(Some(id)),
        None => "account_unknown",
    };
    fields.push(FieldError::new("counter", wrong).with("code", code));
    Ok(None)
}

/// What a commitment takes from later years.
fn slices(input: &DocumentInput, fields: &mut Fields) -> Vec<(i32, i64)> {
    let this = input.effective_on.year();
    if input.kind != DocumentKind::Commitment && !input.slices.is_empty() {
        fields.push(FieldError::new("slices", "not_asked"));
        return Vec::new();
    }
    let mut seen = BTreeMap::new();
    for (at, slice) in input.slices.iter().enumerate() {
        let amount = fields.take(money::parse(&format!("slices.{at}.amount"), &slice.amount, money::JOD_SCALE));
        let (first, last) = (this + 1, this + SLICE_YEARS);
        if !(first..=last).contains(&slice.year) {
            let wrong = FieldError::new(format!("slices.{at}.year"), "out_of_range");
            fields.push(wrong.with("min", first).with("max", last));
        } else if amount <= 0 {
            fields.push(FieldError::new(format!("slices.{at}.amount"), "not_positive"));
        } else if seen.insert(slice.year, amount).is_some() {
            fields.push(FieldError::new(format!("slices.{at}.year"), "taken"));
        }
    }
    seen.into_iter().collect()
}

/// What has to be there before others are asked to approve; `invoiced` says that an invoice is to be named, with its day.
///
/// # Errors
/// Every missing field; `unbalanced` with both sums; `net_negative`: more is deducted than there is; `receipt_pays`: more goes out
/// than comes in.
pub(crate) fn complete(
    document: &DocumentRow,
    (kind, invoiced): (DocumentKind, bool),
    lines: &[store::LineRow],
    scale: u8,
) -> Outcome<()> {
    let shape = kind.shape();
    let mut fields = Fields::default();
    for (missing, field) in [
        (shape.party && document.party_id.is_none(), "party_id"),
        ((shape.reference || invoiced) && document.reference.is_empty(), "reference"),
        // Suppliers begin their numbers anew each year: without its day the same invoice could come in two of them.
        (invoiced && document.reference_on.is_none(), "reference_on"),
        (shape.source.is_some_and(|(_, must)| must) && document.source_id.is_none(), "source_id"),
    ] {
        if missing {
            fields.push(FieldError::new(field, "required"));
        }
    }
    if lines.is_empty() {
        fields.push(FieldError::new("lines", "required"));
    }
    fields.done()?;
    let sum = |of: fn(&store::LineRow) -> (i64, i64)| lines.iter().map(|line| i128::from(of(line).0)).sum::<i128>();
    let (debit, credit) = (sum(store::LineRow::debit), sum(store::LineRow::credit));
    if shape.sides == Sides::Balanced && debit != credit {
        return Err(crate::ledger::unbalanced(&document.currency, debit, credit, scale));
    }
    if document.reverses_id.is_some() {
        return Ok(());
    }
    if shape.pays && credit > debit {
        return Err(Refusal::rule("net_negative", []));
    }
    // What is paid out is a voucher, with its invoice, its payer and the cash of its line.
    if kind == DocumentKind::Receipt && debit > credit {
        return Err(Refusal::rule("receipt_pays", []));
    }
    Ok(())
}
