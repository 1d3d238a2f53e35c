//! Writing a draft, and changing it until it is approved.

use diesel::prelude::*;
use diwan_db::{Audit, Keep, WriteTx, each_backend};
use diwan_finance_api::{DocumentAction, DocumentInput, DocumentKind};
use diwan_kernel::{Priority, Secrecy, text};
use diwan_platform::{
    Actor, Outcome, Refusal, actor as principals,
    records::{self, CHANGED, NewRecord, RecordRow, access, state},
};
use diwan_schema::{
    finance::{commitment_slices, finance_documents, finance_lines},
    platform::records as record_table,
};

use super::{
    details,
    input::{self, Draft},
    lines::NewLine,
    step,
    store::{self, LineRow},
};
use crate::budget::provisional;

/// Rows of one statement; SQLite takes 32,766 values at once.
const ROWS: usize = 2_000;

/// Makes a draft; answers its record.
///
/// # Errors
/// Every wrong field; a missing right; no fiscal year has the day.
pub fn create(tx: &mut WriteTx<'_>, actor: &Actor, input: &DocumentInput) -> Outcome<i64> {
    let draft = input::check(tx, actor, input)?;
    let id = insert(tx, actor, input, &draft)?;
    tx.audit(Audit::of_record(id).after(input))?;
    Ok(id)
}

/// The record and its document, without a word in the trail: the caller says what was done.
pub(super) fn insert(tx: &mut WriteTx<'_>, actor: &Actor, input: &DocumentInput, draft: &Draft) -> Outcome<i64> {
    let id = records::create(
        tx,
        &NewRecord {
            agency_id: actor.agency_id,
            unit_id: actor.units().next(),
            kind: draft.kind.code().parse()?,
            subject: draft.subject.clone(),
            party: draft.party.clone(),
            state: diwan_finance_api::DocumentState::Draft.code(),
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            priority: Priority::Normal,
            due_on: input.due_on,
            class_code: None,
            created_by: actor.user_id,
        },
    )?;
    access::grant(tx, id, &[principals::finance(actor.agency_id)])?;
    diesel::insert_into(finance_documents::table)
        .values((
            finance_documents::record_id.eq(id),
            finance_documents::agency_id.eq(actor.agency_id),
            finance_documents::kind.eq(draft.kind.code()),
            finance_documents::round.eq(0),
            (finance_documents::to_settle.eq(0_i64), finance_documents::to_pay.eq(0_i64)),
            content(input, draft),
        ))
        .execute(tx.conn())?;
    write_lines(tx, (actor.agency_id, id), draft)?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(id)
}

/// Puts the input in place of the draft's content.
///
/// # Errors
/// As [`create`]; a stale version; under way or posted; another one's draft; `kind_fixed`; a reversal has its lines already; what
/// stands for a law takes something.
pub(crate) fn update(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, input: &DocumentInput) -> Outcome<()> {
    let (record, document) = store::load_visible(tx, actor, id)?;
    step::check(&record, document.kind()?, DocumentAction::Edit)?;
    step::own(actor, &record)?;
    state::fresh(tx, &record, version)?;
    if document.kind()? != input.kind {
        return Err(Refusal::field("kind", "kind_fixed"));
    }
    if document.reverses_id.is_some() {
        return Err(Refusal::rule("reversal_fixed", []));
    }
    let draft = input::check(tx, actor, input)?;
    if input.kind == DocumentKind::Supplementary {
        provisional::only_gives(tx, id, &input.lines)?;
    }
    change_record(tx, &record, (input, &draft))?;
    diesel::update(finance_documents::table.find(id)).set(content(input, &draft)).execute(tx.conn())?;
    diesel::delete(finance_lines::table.filter(finance_lines::record_id.eq(id))).execute(tx.conn())?;
    diesel::delete(commitment_slices::table.filter(commitment_slices::record_id.eq(id))).execute(tx.conn())?;
    details::clear(tx, id)?;
    write_lines(tx, (actor.agency_id, id), &draft)?;
    tx.audit(Audit::of_record(id).before(&document).after(input))?;
    tx.outbox(CHANGED, Some(actor.agency_id), Some(id), &())?;
    Ok(())
}

/// What a draft says, as columns.
#[diesel::dsl::auto_type(no_type_alias)]
fn content<'a>(input: &'a DocumentInput, draft: &'a Draft) -> _ {
    let (currency, reference): (&'a str, &'a str) = (input.currency.as_str(), draft.reference.as_str());
    let source: Option<i64> = draft.source_id;
    let day: chrono::NaiveDate = input.effective_on;
    let complementary: bool = input.complementary;
    let reference_on: Option<chrono::NaiveDate> = input.reference_on;
    let method: &'static str = input.method.code();
    let (year_id, rate, amount, base): (i64, i64, i64, i64) =
        (draft.year_id, draft.rate, draft.amount, draft.base_amount);
    let (party, counter): (Option<i64>, Option<i64>) = (draft.party_id, draft.counter_id);
    (
        finance_documents::year_id.eq(year_id),
        finance_documents::effective_on.eq(day),
        finance_documents::complementary.eq(complementary),
        (finance_documents::currency.eq(currency), finance_documents::rate.eq(rate)),
        (finance_documents::amount.eq(amount), finance_documents::base_amount.eq(base)),
        (finance_documents::party_id.eq(party), finance_documents::counter_id.eq(counter)),
        finance_documents::source_id.eq(source),
        (finance_documents::reference.eq(reference), finance_documents::reference_on.eq(reference_on)),
        finance_documents::method.eq(method),
    )
}

fn change_record(tx: &mut WriteTx<'_>, record: &RecordRow, (input, draft): (&DocumentInput, &Draft)) -> Outcome<()> {
    let now = tx.now();
    let same = record_table::table
        .filter(record_table::id.eq(record.id))
        .filter(record_table::version.eq(record.version))
        .filter(record_table::state.eq(&record.state));
    let changed = diesel::update(same)
        .set((
            record_table::subject.eq(&draft.subject),
            record_table::fold.eq(text::fold(&draft.subject)),
            record_table::party.eq(&draft.party),
            record_table::due_on.eq(input.due_on),
            record_table::updated_at.eq(now),
            record_table::version.eq(record.version + 1),
        ))
        .kept()
        .execute(tx.conn())?;
    state::written(tx, record, changed)
}

/// Writes the lines and slices of a draft, and what its kind asks for besides.
pub(super) fn write_lines(tx: &mut WriteTx<'_>, of: (i64, i64), draft: &Draft) -> Outcome<()> {
    let rows: Vec<LineRow> = (1..).zip(&draft.lines).map(|(seq, line)| row(of, seq, line)).collect();
    for rows in rows.chunks(ROWS) {
        each_backend!(tx.conn(), c => diesel::insert_into(finance_lines::table).values(rows).execute(c))?;
    }
    for (year, amount) in &draft.slices {
        diesel::insert_into(commitment_slices::table)
            .values((
                commitment_slices::record_id.eq(of.1),
                commitment_slices::year.eq(year),
                commitment_slices::amount.eq(amount),
            ))
            .execute(tx.conn())?;
    }
    details::write(tx, of, &draft.details)
}

fn row((agency_id, record_id): (i64, i64), seq: i32, line: &NewLine) -> LineRow {
    LineRow {
        record_id,
        seq,
        agency_id,
        account_id: line.account_id,
        key_id: line.key_id,
        party_id: line.party_id,
        centre_id: line.centre_id,
        side: line.side.code().to_owned(),
        amount: line.amount,
        base_amount: line.base_amount,
        open: 0,
        note: line.note.clone(),
    }
}
