//! What a document is written from: an empty form, and the form of one that is there already.

use chrono::NaiveDate;
use diwan_kernel::money;

use super::{
    Coded, DocumentDetails, DocumentInput, DocumentLine, FinanceDocument, LineInput, PayMethod, Slice, SliceInput,
};
use crate::{BASE_CURRENCY, DocumentKind, Side, rate_text};

impl DocumentInput {
    /// An empty form in the base currency; what the kind pays is paid by transfer.
    pub fn new(kind: DocumentKind, effective_on: NaiveDate) -> Self {
        Self {
            kind,
            effective_on,
            complementary: false,
            subject: String::new(),
            currency: BASE_CURRENCY.to_owned(),
            rate: String::new(),
            party_id: None,
            counter: String::new(),
            source_id: None,
            reference: String::new(),
            reference_on: None,
            method: if kind.shape().pays { PayMethod::Transfer } else { PayMethod::None },
            due_on: None,
            lines: Vec::new(),
            slices: Vec::new(),
            details: DocumentDetails::default(),
        }
    }
}

impl FinanceDocument {
    /// The form that says what this document says, with its rate: whoever writes it for another day leaves that open.
    pub fn form(&self) -> DocumentInput {
        let slice = |of: &Slice| SliceInput { year: of.year, amount: money::format(of.amount, money::JOD_SCALE) };
        DocumentInput {
            complementary: self.complementary,
            subject: self.head.subject.clone(),
            currency: self.currency.clone(),
            rate: if self.currency == BASE_CURRENCY { String::new() } else { rate_text(self.rate) },
            party_id: self.party.as_ref().map(|party| party.id),
            counter: code(self.counter.as_ref()),
            source_id: self.source.as_ref().map(|source| source.id),
            reference: self.reference.clone(),
            reference_on: self.reference_on,
            method: self.method,
            due_on: self.head.due_on,
            lines: self.lines.iter().map(|line| line.form(self.scale)).collect(),
            slices: self.slices.iter().map(slice).collect(),
            details: self.details.clone(),
            ..DocumentInput::new(self.kind, self.effective_on)
        }
    }
}

impl DocumentLine {
    /// The line as it is typed; `scale` is the decimals of the document's currency.
    pub fn form(&self, scale: u8) -> LineInput {
        let amount = |side: Side| if self.side == side { money::format(self.amount, scale) } else { String::new() };
        LineInput {
            account: code(self.account.as_ref()),
            key: code(self.key.as_ref()),
            party: code(self.party.as_ref()),
            centre: code(self.centre.as_ref()),
            debit: amount(Side::Debit),
            credit: amount(Side::Credit),
            note: self.note.clone(),
        }
    }
}

fn code(coded: Option<&Coded>) -> String {
    coded.map(|coded| coded.code.clone()).unwrap_or_default()
}
