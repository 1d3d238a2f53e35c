//! From a document to the content of a template, and from there to a new document.

use chrono::{Datelike, NaiveDate};
use diwan_finance_api::{DocumentInput, DocumentKind, FinanceDocument, SliceInput};
use diwan_kernel::text;

/// What a template keeps of a document. The invoice of a voucher and the rate of the day are its own; a law or a contract is
/// referred to again.
pub(super) fn of(document: &FinanceDocument) -> DocumentInput {
    let details = document.details.lasting();
    let mut content = DocumentInput { complementary: false, rate: String::new(), details, ..document.form() };
    if content.kind == DocumentKind::PaymentVoucher {
        content.reference.clear();
        content.reference_on = None;
    }
    content
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
