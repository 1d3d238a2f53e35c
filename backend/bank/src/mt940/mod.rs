//! SWIFT MT940 (كشف حساب سويفت): messages, their fields, and the dialects of banks: with and without the blocks of SWIFT,
//! one or several statements in a file, statements in pages, fields in lines of any length.

mod details;
mod entry;
mod fields;

use chrono::NaiveDate;

use crate::{
    amount, currency,
    draft::{Balance, Draft},
    limits::LINES_MAX,
    model::{Line, Message},
    refusal::{Place, Reason, Refusal, echo},
};
use details::Details;
use fields::Field;

/// Whether a text begins as such a message does: a SWIFT block, or a tag in one of its first lines.
pub(crate) fn is_it(text: &str) -> bool {
    text.starts_with("{1:") || text.lines().take(20).any(|line| fields::tag(fields::bare(line)).is_some())
}

/// The messages of a text, in its order.
pub(crate) fn parse(text: &str) -> Result<Vec<Draft>, Refusal> {
    let mut drafts = Vec::new();
    let mut lines = 0;
    for message in fields::messages(text)? {
        let draft = Reader::read(&message)?;
        lines += draft.lines.len();
        if lines > LINES_MAX {
            return Err(too_many_lines());
        }
        drafts.push(draft);
    }
    if drafts.is_empty() {
        return Err(Refusal::new(Reason::NoStatement, Place::default()));
    }
    Ok(drafts)
}

/// The refusal of a file with more lines than are read.
pub(crate) fn too_many_lines() -> Refusal {
    let limit = u64::try_from(LINES_MAX).unwrap_or(u64::MAX);
    Refusal::new(Reason::TooLarge { what: "lines", limit }, Place::default())
}

/// What a `:61:` said, until its `:86:` has come.
struct Pending<'a> {
    entry: entry::Entry<'a>,
    amount: i64,
    supplement: Vec<&'a str>,
    details: Vec<&'a str>,
    notes: Vec<&'a str>,
}

struct Reader<'a> {
    draft: Draft,
    scale: u8,
    pending: Option<Pending<'a>>,
    seen: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn read(message: &[Field<'a>]) -> Result<Draft, Refusal> {
        let mut reader = Self { draft: Draft::new(Message::Mt940), scale: 0, pending: None, seen: Vec::new() };
        // An interim report has a floor limit and no opening balance; its currency stands there.
        if !message.iter().any(|field| field.tag.starts_with("60")) && message.iter().any(Field::is_interim) {
            reader.draft.message = Message::Mt942;
        }
        let id = message.iter().find(|field| field.tag == "20").map(|field| field.first().trim());
        for field in message {
            reader.take(field).map_err(|refusal| refusal.of(id))?;
        }
        reader.close_line();
        reader.required(message).map_err(|refusal| refusal.of(id))?;
        Ok(reader.draft)
    }

    fn take(&mut self, field: &Field<'a>) -> Result<(), Refusal> {
        let kind = field.tag.get(..2).unwrap_or(field.tag);
        if matches!(kind, "20" | "25" | "28" | "60" | "62") {
            if self.seen.contains(&kind) {
                return Err(Refusal::new(Reason::FieldTwice, field.place()));
            }
            self.seen.push(kind);
        }
        match (kind, field.tag) {
            ("20", _) => self.draft.id = Some(field.first().trim().to_owned()),
            ("25", _) => self.draft.account = Some(field.first().trim().to_owned()),
            ("28", _) => self.number(field)?,
            ("60", _) => {
                let balance = balance(field)?;
                self.scale = currency::scale(&balance.currency).unwrap_or_default();
                self.draft.currency = Some(balance.currency.clone());
                self.draft.from = balance.date;
                self.draft.opening = Some(balance);
            }
            ("62", _) => {
                self.close_line();
                let balance = balance(field)?;
                self.draft.to = balance.date;
                self.draft.closing = Some(balance);
            }
            ("34", _) if self.draft.currency.is_none() => self.floor_limit(field)?,
            ("61", _) => self.entry(field)?,
            ("86", _) => {
                if let Some(pending) = &mut self.pending {
                    pending.details.extend(&field.lines);
                }
            }
            (_, "NS") => {
                if let Some(pending) = &mut self.pending {
                    pending.notes.extend(&field.lines);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `:28C:` number of the statement and, after a stroke, of the page or delivery.
    fn number(&mut self, field: &Field<'_>) -> Result<(), Refusal> {
        let text = field.first().trim();
        let (number, page) = text.split_once('/').map_or((text, None), |(number, page)| (number, Some(page)));
        let form = || Refusal::new(Reason::FieldForm { text: echo(text) }, field.place());
        self.draft.sequence = Some(number.trim().parse().map_err(|_| form())?);
        self.draft.page = page.map(|page| page.trim().parse().map_err(|_| form())).transpose()?;
        Ok(())
    }

    fn floor_limit(&mut self, field: &Field<'_>) -> Result<(), Refusal> {
        let code = field.first().get(..3).unwrap_or_default();
        let form = || Refusal::new(Reason::FieldForm { text: echo(field.first()) }, field.place());
        self.scale = currency::scale(code).ok_or_else(form)?;
        self.draft.currency = Some(code.to_owned());
        Ok(())
    }

    fn entry(&mut self, field: &Field<'a>) -> Result<(), Refusal> {
        self.close_line();
        if self.draft.currency.is_none() {
            return Err(Refusal::new(Reason::NoBalance { which: "opening" }, field.place()));
        }
        let (entry, supplement) = entry::Entry::read(field)?;
        let amount = amount::at(amount::plain(&entry.amount.replace('.', ","), ',', self.scale), || field.place())?;
        let amount = if entry.credit { amount } else { -amount };
        let pending = Pending { entry, amount, supplement, details: Vec::new(), notes: Vec::new() };
        self.pending = Some(pending);
        Ok(())
    }

    fn close_line(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.draft.lines.push(pending.line());
        }
    }

    /// What a message must have to be told apart from a piece of one.
    fn required(&self, message: &[Field<'_>]) -> Result<(), Refusal> {
        let line = message.first().map_or(1, |field| field.line);
        let missing = |tag| Err(Refusal::new(Reason::FieldMissing, Place::at(line, tag)));
        match (&self.draft.id, &self.draft.account) {
            (None, _) => missing(":20:"),
            (_, None) => missing(":25:"),
            _ => Ok(()),
        }
    }
}

impl Pending<'_> {
    fn line(self) -> Line {
        let details = Details::read(&self.details);
        let notes = self.notes.iter().filter_map(|note| note.get(2..)).map(str::trim).filter(|note| !note.is_empty());
        let supplement = self.supplement.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let pieces =
            supplement.filter(|piece| !details.text.contains(piece)).chain([details.text.as_str()]).chain(notes);
        let text = pieces.filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join("\n");
        Line {
            ordinal: 0,
            occurrence: 0,
            value_date: self.entry.value_date,
            booking_date: self.entry.booking_date.unwrap_or(self.entry.value_date),
            amount: self.amount,
            kind: self.entry.kind.trim().to_owned(),
            reference: reference(self.entry.reference).or(details.reference),
            bank_reference: self.entry.bank_reference.and_then(reference),
            counterparty: details.name,
            counterparty_account: details.account,
            text,
            reversal: self.entry.reversal,
            parts: Vec::new(),
        }
    }
}

/// A reference, unless it is one of the words for none; `KREF+` points to the details.
fn reference(text: &str) -> Option<String> {
    let text = text.trim();
    let none = ["", "NONREF", "KREF+", "NOTPROVIDED"].contains(&text.to_ascii_uppercase().as_str());
    (!none).then(|| text.to_owned())
}

/// `C` or `D`, date, currency, amount.
fn balance(field: &Field<'_>) -> Result<Balance, Refusal> {
    let text = field.first().trim();
    let form = || Refusal::new(Reason::FieldForm { text: echo(text) }, field.place());
    let (mark, rest) = text.split_at_checked(1).ok_or_else(form)?;
    let negative = match mark {
        "C" => false,
        "D" => true,
        _ => return Err(form()),
    };
    let (day, rest) = rest.split_at_checked(6).ok_or_else(form)?;
    let (code, digits) = rest.split_at_checked(3).ok_or_else(form)?;
    let no_currency = || Refusal::new(Reason::NoCurrency, field.place());
    let scale = currency::scale(code).ok_or_else(no_currency)?;
    let amount = amount::at(amount::plain(&digits.replace('.', ","), ',', scale), || field.place())?;
    Ok(Balance {
        amount: if negative { -amount } else { amount },
        currency: code.to_owned(),
        date: Some(date(day).ok_or_else(|| Refusal::new(Reason::DateForm { text: echo(day) }, field.place()))?),
        intermediate: field.tag.ends_with('M'),
    })
}

/// `YYMMDD`; 80 to 99 are years of the last century (SWIFT standards, general field definitions).
fn date(text: &str) -> Option<NaiveDate> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = text.split_at_checked(2)?;
    let (month, day) = rest.split_at_checked(2)?;
    let year: i32 = year.parse().ok()?;
    let century = if year >= 80 { 1900 } else { 2000 };
    NaiveDate::from_ymd_opt(century + year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests;
