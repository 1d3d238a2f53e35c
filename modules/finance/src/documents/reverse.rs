//! Reversing (عكس): a posted document is never changed; another one takes it back, on a day of an open period, and goes the
//! same way of approvals.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Keep, ReadTx, WriteTx};
use diwan_finance_api::{
    Bucket, DocumentAction, DocumentDetails, DocumentInput, DocumentKind, DocumentNote, DocumentState, MoveKind, Side,
};
use diwan_kernel::{FieldError, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{links, notes, state, store as spine},
};
use diwan_platform_api::records::LinkKind;
use diwan_schema::finance::{budget_moves, entry_lines, finance_documents, finance_lines, fiscal_years};

use super::{
    input::Draft,
    lines::NewLine,
    posting::{Posted, draw},
    save, slices, step,
    store::{self, DocumentRow, LineRow},
    submit,
};
use crate::{
    closing,
    ledger::{
        Entry, Line, Spend,
        moves::{self, Cause, Move},
    },
    payments::{cash, owed, post_covered},
    structure::years,
};

/// Makes the draft that takes a posted document back; answers its record.
///
/// # Errors
/// Wrong state, stale version, no reason, a missing right; `reversed_already`; `drawn_already`, `paid_already`; `year_ended`,
/// `given_up_stays`; `no_fiscal_year`, `reversal_other_year`, `paid_over_year_end`; the field `on`: `last_day_of_year`, `before_day`.
pub fn start(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentNote) -> Outcome<i64> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    let kind = document.kind()?;
    step::check(&record, kind, DocumentAction::Reverse)?;
    actor.require(kind.shape().prepare)?;
    state::fresh(tx, &record, version)?;
    let reason = notes::required(input.note.as_deref())?;
    if document.reverses_id.is_some() {
        return Err(Refusal::rule("reversal_fixed", []));
    }
    if closing::year::is_voucher(tx, id)? {
        return Err(Refusal::rule("year_end_stays", []));
    }
    if kind == DocumentKind::JournalVoucher && document.source_id.is_some() {
        return Err(Refusal::rule("given_up_stays", []));
    }
    not_ended(tx, document.year_id)?;
    let lines = store::lines(tx, id)?;
    untouched(tx, &document, kind, &lines)?;
    over_year_end(tx, &document, &lines)?;
    let day = day(tx, &document, input)?;
    let year_id = years::of_day(tx, document.agency_id, day)?;
    own_year(tx, &document, year_id, &lines)?;
    let number = record.number.clone().unwrap_or_default();
    let subject: String = format!("عكس {number}: {reason}").chars().take(text::SUBJECT_MAX).collect();
    let draft = mirror((&document, kind, year_id), &lines, (&subject, &record.party));
    let form = DocumentInput { complementary: input.complementary, ..form(&document, kind, &subject, day)? };
    let reversal = save::insert(tx, actor, &form, &draft)?;
    let marked = tx.attempt(|tx| {
        diesel::update(finance_documents::table.find(reversal))
            .set(finance_documents::reverses_id.eq(id))
            .execute(tx.conn())
            .map_err(diwan_db::DbError::from)
    })?;
    if let Err(error) = marked {
        return Err(if error.is_unique_violation() { Refusal::rule("reversed_already", []) } else { error.into() });
    }
    links::insert(tx, reversal, id, LinkKind::Cancels, actor.user_id)?;
    tx.audit(Audit::of_record(reversal).detail(serde_json::json!({ "reverses": id, "reason": reason })))?;
    Ok(reversal)
}

/// The day of a reversal: the one that is asked for or today, and in the complementary period the last one of the year.
fn day(tx: &mut ReadTx<'_>, document: &DocumentRow, input: &DocumentNote) -> Outcome<NaiveDate> {
    let on = if input.complementary {
        let year = fiscal_years::table.find(document.year_id);
        let last: NaiveDate = year.select(fiscal_years::ends_on).first(tx.conn())?;
        if input.on.is_some_and(|on| on != last) {
            return Err(Refusal::field("on", "last_day_of_year"));
        }
        last
    } else {
        input.on.unwrap_or_else(|| tx.today())
    };
    free(tx, document, ("on", on))?;
    Ok(on)
}

/// Nothing is taken back before its day, nor before what was paid of it or drawn on it had come back: until then it would be owed,
/// or left, less than nothing.
fn free(tx: &mut ReadTx<'_>, document: &DocumentRow, (field, on): (&str, NaiveDate)) -> Outcome<()> {
    let shape = document.kind()?.shape();
    let mut first = Some(document.effective_on);
    if shape.pays {
        first = first.max(owed::came_back_on(tx, document.record_id)?);
    }
    if shape.settles {
        first = first.max(draw::came_back_on(tx, document.record_id)?);
    }
    match first.filter(|day| on < *day) {
        Some(day) => Err(FieldError::new(field, "before_day").with("day", day).into()),
        None => Ok(()),
    }
}

/// What was spent of a budget goes back into it within its own year: what lapses at the end of that year is counted on its last
/// day, and what came back later would be less than nothing until then.
fn own_year(tx: &mut ReadTx<'_>, document: &DocumentRow, year_id: i64, lines: &[LineRow]) -> Outcome<()> {
    if year_id == document.year_id || lines.iter().all(|line| line.key_id.is_none()) {
        return Ok(());
    }
    Err(Refusal::rule("reversal_other_year", [("year", year_of(tx, document.year_id)?.to_string())]))
}

/// What was paid over the end of its year was spent in it: it is not taken back into that year, but paid anew, or given up once the
/// year is ended.
///
/// # Errors
/// `paid_over_year_end` with the year.
pub(super) fn over_year_end(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<()> {
    let back = owed::came_back_on(tx, document.record_id)?;
    let year = fiscal_years::table.find(document.year_id);
    let last: NaiveDate = year.select(fiscal_years::ends_on).first(tx.conn())?;
    if back <= Some(last) || lines.iter().all(|line| line.key_id.is_none()) {
        return Ok(());
    }
    let of =
        [("document", store::name_of(tx, document.record_id)?), ("year", year_of(tx, document.year_id)?.to_string())];
    Err(Refusal::rule("paid_over_year_end", of))
}

/// The number of a year.
pub(super) fn year_of(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<i32> {
    Ok(fiscal_years::table.find(year_id).select(fiscal_years::year).kept().get_result(tx.conn())?)
}

/// The lines of the document on their other sides, in the year of the reversal.
fn mirror(
    (document, kind, year_id): (&DocumentRow, DocumentKind, i64),
    lines: &[LineRow],
    (subject, party): (&str, &str),
) -> Draft {
    let lines = lines.iter().map(|line| NewLine {
        account_id: line.account_id,
        key_id: line.key_id,
        party_id: line.party_id,
        centre_id: line.centre_id,
        side: if line.side == Side::Debit.code() { Side::Credit } else { Side::Debit },
        amount: line.amount,
        base_amount: line.base_amount,
        note: line.note.clone(),
    });
    Draft {
        kind,
        year_id,
        subject: subject.to_owned(),
        party: party.to_owned(),
        party_id: document.party_id,
        counter_id: document.counter_id,
        source_id: document.source_id,
        reference: document.reference.clone(),
        rate: document.rate,
        amount: document.amount,
        base_amount: document.base_amount,
        lines: lines.collect(),
        slices: Vec::new(),
        details: DocumentDetails::default(),
    }
}

/// What a draft is written from besides its lines.
fn form(document: &DocumentRow, kind: DocumentKind, subject: &str, day: NaiveDate) -> Outcome<DocumentInput> {
    Ok(DocumentInput {
        subject: subject.to_owned(),
        currency: document.currency.clone(),
        party_id: document.party_id,
        source_id: document.source_id,
        reference: document.reference.clone(),
        reference_on: document.reference_on,
        method: document.method()?,
        ..DocumentInput::new(kind, day)
    })
}

/// What belongs to an ended year stays: a journal voucher of an open year corrects it.
fn not_ended(tx: &mut ReadTx<'_>, year_id: i64) -> Outcome<()> {
    if !closing::year::is_ended(tx, year_id)? {
        return Ok(());
    }
    Err(Refusal::rule("year_ended", [("year", year_of(tx, year_id)?.to_string())]))
}

/// Nothing was paid of it and nothing drawn on it: else that comes first.
fn untouched(tx: &mut ReadTx<'_>, document: &DocumentRow, kind: DocumentKind, lines: &[LineRow]) -> Outcome<()> {
    let shape = kind.shape();
    let net: i64 = lines.iter().map(|line| line.debit().1 - line.credit().1).sum();
    if shape.pays && document.to_pay != net {
        return Err(Refusal::rule("paid_already", [("document", store::name_of(tx, document.record_id)?)]));
    }
    if shape.settles && document.to_settle != document.base_amount {
        return Err(Refusal::rule("drawn_already", [("document", store::name_of(tx, document.record_id)?)]));
    }
    Ok(())
}

/// Takes the original back: its entry mirrored, its budget moves turned round, what it drew on given back.
///
/// # Errors
/// As [`start`], with the day as the field `effective_on`; what posting refuses.
pub(super) fn post(tx: &mut WriteTx<'_>, actor: &Actor, document: &DocumentRow, original_id: i64) -> Outcome<Posted> {
    let original = store::load(tx, original_id)?;
    let kind = original.kind()?;
    let record = spine::load_for_system(tx, original_id)?;
    step::check(&record, kind, DocumentAction::Reverse)?;
    not_ended(tx, original.year_id)?;
    let lines = store::lines(tx, original_id)?;
    over_year_end(tx, &original, &lines)?;
    own_year(tx, &original, document.year_id, &lines)?;
    untouched(tx, &original, kind, &lines)?;
    free(tx, &original, ("effective_on", document.effective_on))?;
    let same = finance_documents::table
        .filter(finance_documents::record_id.eq(original_id))
        .filter(finance_documents::to_pay.eq(original.to_pay))
        .filter(finance_documents::to_settle.eq(original.to_settle));
    let ended = diesel::update(same)
        .set((finance_documents::to_pay.eq(0_i64), finance_documents::to_settle.eq(0_i64)))
        .kept()
        .execute(tx.conn())?;
    if ended != 1 {
        return Err(Refusal::stale("finance_document", record.version, record.version));
    }
    submit::free_invoice(tx, original_id)?;
    state::set(tx, &record, DocumentState::Reversed.code())?;
    let entry_id = original.entry_id.ok_or_else(|| Refusal::Internal("a document without an entry".to_owned()))?;
    let moves = moves_of(tx, entry_id)?;
    let freed = match original.source_id {
        Some(source) => give_back(tx, &original, source, &moves)?,
        None => Vec::new(),
    };
    cash::take_back(tx, document.record_id, original_id)?;
    let entry = Entry {
        agency_id: document.agency_id,
        record_id: document.record_id,
        kind,
        effective_on: document.effective_on,
        complementary: document.complementary,
        reverses: Some(entry_id),
        lines: mirrored(tx, entry_id)?,
        spends: moves.iter().rev().flat_map(turned).collect(),
    };
    let entry_id = post_covered(tx, actor.user_id, &entry, |_| true)?;
    if !freed.is_empty() {
        let (record_id, effective_on, by) = (document.record_id, document.effective_on, actor.user_id);
        let cause = Cause { record_id, entry_id: None, effective_on, by };
        moves::apply(tx, &cause, &[Spend { kind: MoveKind::Release, moves: freed }])?;
    }
    Ok(Posted { entry_id: Some(entry_id), ..Posted::default() })
}

/// A move as it was made.
#[derive(Debug, Clone, Queryable)]
struct Made {
    line_id: i64,
    key_id: Option<i64>,
    source: String,
    target: String,
    amount: i64,
}

fn moves_of(tx: &mut ReadTx<'_>, entry_id: i64) -> Outcome<Vec<Made>> {
    Ok(budget_moves::table
        .filter(budget_moves::entry_id.eq(entry_id))
        .order(budget_moves::id)
        .select((
            budget_moves::line_id,
            budget_moves::key_id,
            budget_moves::source,
            budget_moves::target,
            budget_moves::amount,
        ))
        .load(tx.conn())?)
}

/// The moves that take one back. What was given back before has to be there to be taken again.
fn turned(made: &Made) -> Vec<Spend> {
    let one = |kind, source, target| Spend {
        kind,
        moves: vec![Move { line_id: made.line_id, key_id: made.key_id, source, target, amount: made.amount }],
    };
    match (made.source.parse(), made.target.parse()) {
        (Ok(Bucket::Obligated), Ok(Bucket::Paid)) => {
            vec![one(MoveKind::ReturnedTransfer, Bucket::Paid, Bucket::Obligated)]
        }
        (Ok(Bucket::Paid), Ok(back)) => {
            vec![one(MoveKind::Liquidate, back, Bucket::Obligated), one(MoveKind::Pay, Bucket::Obligated, Bucket::Paid)]
        }
        (Ok(Bucket::Obligated), Ok(back)) => vec![one(MoveKind::Liquidate, back, Bucket::Obligated)],
        (Ok(source), Ok(target)) => vec![one(MoveKind::Reverse, target, source)],
        _ => Vec::new(),
    }
}

/// What the original drew on has it again: a commitment by its keys, an advance or a deposit as a whole. A commitment that was
/// closed meanwhile holds nothing any more: answers what becomes available instead.
fn give_back(tx: &mut WriteTx<'_>, original: &DocumentRow, source_id: i64, moves: &[Made]) -> Outcome<Vec<Move>> {
    if original.kind()? != DocumentKind::PaymentVoucher {
        draw::give_back(tx, source_id, original.base_amount)?;
        return Ok(Vec::new());
    }
    let committed = moves.iter().filter(|made| made.source == Bucket::Committed.code());
    if draw::take(tx, source_id)?.state == DocumentState::Closed.code() {
        let (source, target) = (Bucket::Committed, Bucket::Available);
        let free =
            |made: &Made| Move { line_id: made.line_id, key_id: made.key_id, source, target, amount: made.amount };
        return Ok(committed.map(free).collect());
    }
    let mut drawn = BTreeMap::<i64, i64>::new();
    for made in committed {
        *drawn.entry(made.key_id.unwrap_or_default()).or_default() += made.amount;
    }
    let total: i64 = drawn.values().sum();
    draw::give_back(tx, source_id, total)?;
    for line in store::lines(tx, source_id)? {
        let Some(left) = line.key_id.and_then(|key| drawn.get_mut(&key)) else { continue };
        let back = (line.base_amount - line.open).min(*left);
        *left -= back;
        if back > 0 {
            let of_line = finance_lines::table
                .filter(finance_lines::record_id.eq(source_id))
                .filter(finance_lines::seq.eq(line.seq));
            diesel::update(of_line).set(finance_lines::open.eq(finance_lines::open + back)).execute(tx.conn())?;
        }
    }
    Ok(Vec::new())
}

/// The lines of an entry on their other sides.
fn mirrored(tx: &mut ReadTx<'_>, entry_id: i64) -> Outcome<Vec<Line>> {
    let rows: Vec<PostedLine> = entry_lines::table
        .filter(entry_lines::entry_id.eq(entry_id))
        .order(entry_lines::seq)
        .select(PostedLine::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(PostedLine::turned).collect())
}

/// A posted line.
#[derive(Queryable, Selectable)]
#[diesel(table_name = entry_lines)]
struct PostedLine {
    account_id: i64,
    key_id: Option<i64>,
    party_id: Option<i64>,
    centre_id: Option<i64>,
    currency: String,
    debit: i64,
    credit: i64,
    base_debit: i64,
    base_credit: i64,
    note: String,
}

impl PostedLine {
    fn turned(self) -> Line {
        Line {
            account_id: self.account_id,
            key_id: self.key_id,
            party_id: self.party_id,
            centre_id: self.centre_id,
            currency: self.currency,
            debit: self.credit,
            credit: self.debit,
            base_debit: self.base_credit,
            base_credit: self.base_debit,
            note: self.note,
        }
    }
}

/// A draft that is given up holds nothing any more: neither an invoice, nor slices, nor the document it would have reversed.
pub(super) fn give_up(tx: &mut WriteTx<'_>, document: &DocumentRow) -> Outcome<()> {
    submit::free_invoice(tx, document.record_id)?;
    slices::give_up(tx, document.record_id)?;
    diesel::update(finance_documents::table.find(document.record_id))
        .set(finance_documents::reverses_id.eq(None::<i64>))
        .execute(tx.conn())?;
    Ok(())
}
