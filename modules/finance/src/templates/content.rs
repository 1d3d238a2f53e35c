//! From a document to the content of a template, and from there to a new document.

use chrono::{Datelike, NaiveDate};
use diwan_finance_api::{
    Coded, DocumentInput, DocumentKind, DocumentLine, FinanceDocument, LineInput, Side, SliceInput,
};
use diwan_kernel::{money, text};

/// What a document is written from, as a form has it.
pub(super) fn of(document: &FinanceDocument) -> DocumentInput {
    let slices = document.slices.iter();
    DocumentInput {
        kind: document.kind,
        effective_on: document.effective_on,
        complementary: false,
        subject: document.head.subject.clone(),
        currency: document.currency.clone(),
        // The rate of a later day is another one.
        rate: String::new(),
        party_id: document.party.as_ref().map(|party| party.id),
        counter: code(document.counter.as_ref()),
        source_id: document.source.as_ref().map(|source| source.id),
        // The invoice of a voucher is its own; a law or a contract is referred to again.
        reference: match document.kind {
            DocumentKind::PaymentVoucher => String::new(),
            _ => document.reference.clone(),
        },
        reference_on: document.reference_on.filter(|_| document.kind != DocumentKind::PaymentVoucher),
        method: document.method,
        due_on: document.head.due_on,
        lines: document.lines.iter().map(|one| line(one, document.scale)).collect(),
        slices: slices
            .map(|slice| SliceInput { year: slice.year, amount: money::format(slice.amount, money::JOD_SCALE) })
            .collect(),
    }
}

fn code(coded: Option<&Coded>) -> String {
    coded.map(|coded| coded.code.clone()).unwrap_or_default()
}

fn line(of: &DocumentLine, scale: u8) -> LineInput {
    let amount = |side: Side| if of.side == side { money::format(of.amount, scale) } else { String::new() };
    LineInput {
        account: code(of.account.as_ref()),
        key: code(of.key.as_ref()),
        party: code(of.party.as_ref()),
        centre: code(of.centre.as_ref()),
        debit: amount(Side::Debit),
        credit: amount(Side::Credit),
        note: of.note.clone(),
    }
}

/// The content on another day, its other days and years as far away as before; with the name of its time in the subject.
pub(super) fn on_day(content: &DocumentInput, on: NaiveDate, period: Option<&str>) -> DocumentInput {
    let years = on.year() - content.effective_on.year();
    let subject = match period {
        Some(period) => {
            let room = text::SUBJECT_MAX.saturating_sub(period.chars().count() + 3);
            let short: String = content.subject.chars().take(room).collect();
            format!("{short} – {period}")
        }
        None => content.subject.clone(),
    };
    let slices = content.slices.iter();
    DocumentInput {
        effective_on: on,
        subject,
        due_on: content.due_on.map(|due| on + (due - content.effective_on)),
        slices: slices.map(|slice| SliceInput { year: slice.year + years, ..slice.clone() }).collect(),
        ..content.clone()
    }
}
