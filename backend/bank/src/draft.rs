//! What a file says before it is checked, and the checks that make statements of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use diwan_kernel::text;

use crate::{
    currency,
    model::{Line, Message, Statement},
    refusal::{Place, Reason, Refusal},
};

/// A balance as a file states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Signed minor units of its currency.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// The day it is of.
    pub date: Option<NaiveDate>,
    /// Of a page rather than of the statement (`:60M:`, `INTM`).
    pub intermediate: bool,
}

/// A statement, or one page of it, as it stands in the file. For showing what a refused file says; [`crate::read`] gives
/// what can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The form it came in.
    pub message: Message,
    /// IBAN or the bank's own number.
    pub account: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The bank's reference.
    pub id: Option<String>,
    /// The bank's number.
    pub sequence: Option<u64>,
    /// The number of the page.
    pub page: Option<u32>,
    /// Whether the file says that this is the last page.
    pub last_page: Option<bool>,
    /// First day, where the file says one.
    pub from: Option<NaiveDate>,
    /// Last day, where the file says one.
    pub to: Option<NaiveDate>,
    /// Balance before the first line.
    pub opening: Option<Balance>,
    /// Balance after the last line.
    pub closing: Option<Balance>,
    /// Booked movements.
    pub lines: Vec<Line>,
    /// A movement in another currency than the account's, and where it stands.
    pub foreign: Option<(String, Place)>,
    /// Movements that are not booked.
    pub unbooked: u32,
}

impl Draft {
    /// A draft with nothing in it yet.
    pub(crate) fn new(message: Message) -> Self {
        Self {
            message,
            account: None,
            currency: None,
            id: None,
            sequence: None,
            page: None,
            last_page: None,
            from: None,
            to: None,
            opening: None,
            closing: None,
            lines: Vec::new(),
            foreign: None,
            unbooked: 0,
        }
    }

    fn is_first(&self) -> bool {
        !self.opening.as_ref().is_some_and(|balance| balance.intermediate) && self.paged().is_none_or(|page| page == 1)
    }

    fn is_last(&self) -> bool {
        !self.closing.as_ref().is_some_and(|balance| balance.intermediate) && self.last_page != Some(false)
    }

    /// The number of the page where the message counts pages. MT940 counts deliveries of a day in the same place: there
    /// the kind of the balances tells.
    fn paged(&self) -> Option<u32> {
        self.page.filter(|_| self.message == Message::Camt053)
    }

    /// Whether `next` goes on with this page.
    fn goes_on_with(&self, next: &Self) -> bool {
        let follows = match (self.page, next.page) {
            (Some(page), Some(next)) => page.checked_add(1) == Some(next),
            _ => true,
        };
        !self.is_last()
            && !next.is_first()
            && follows
            && (&self.account, self.sequence) == (&next.account, next.sequence)
    }
}

/// Joins the pages, checks every statement by itself and those of one account with one another.
pub(crate) fn check(drafts: Vec<Draft>) -> Result<Vec<Statement>, Refusal> {
    let mut statements = Vec::new();
    let mut drafts = drafts.into_iter().peekable();
    while let Some(first) = drafts.next() {
        let id = first.id.clone();
        sound(&first).map_err(|refusal| refusal.of(id.as_deref()))?;
        let mut pages = vec![first];
        while let Some(next) = drafts.next_if(|next| pages.last().is_some_and(|last| last.goes_on_with(next))) {
            sound(&next).map_err(|refusal| refusal.of(id.as_deref()))?;
            pages.push(next);
        }
        statements.push(statement(pages).map_err(|refusal| refusal.of(id.as_deref()))?);
    }
    in_sequence(statements)
}

/// Whether a page can be a page of a statement at all: what it is, whose, and in which currency.
fn sound(draft: &Draft) -> Result<(), Refusal> {
    let refuse = |reason| Err(Refusal::new(reason, Place::default()));
    if !draft.message.is_statement() {
        return refuse(Reason::NotAStatement { message: draft.message.name() });
    }
    if draft.account.as_ref().is_none_or(String::is_empty) {
        return refuse(Reason::NoAccount);
    }
    // Messages state their currency with their balances.
    let Some(currency) = &draft.currency else { return refuse(Reason::NoBalance { which: "opening" }) };
    for balance in draft.opening.iter().chain(&draft.closing) {
        if balance.currency != *currency {
            return refuse(Reason::CurrencyMixed { expected: currency.clone(), found: balance.currency.clone() });
        }
    }
    match &draft.foreign {
        Some((found, place)) => {
            Err(Refusal::new(Reason::CurrencyMixed { expected: currency.clone(), found: found.clone() }, place.clone()))
        }
        None => Ok(()),
    }
}

/// One statement of its pages, which are in order and not empty.
fn statement(pages: Vec<Draft>) -> Result<Statement, Refusal> {
    let refuse = |reason| Refusal::new(reason, Place::default());
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    complete(&pages)?;
    let mut pages = pages.into_iter();
    let mut whole = pages.next().ok_or_else(|| refuse(Reason::NoStatement))?;
    for page in pages {
        let scale = page.currency.as_deref().and_then(currency::scale).unwrap_or_default();
        if page.currency != whole.currency {
            let (expected, found) = (whole.currency.unwrap_or_default(), page.currency.unwrap_or_default());
            return Err(refuse(Reason::CurrencyMixed { expected, found }));
        }
        if let (Some(closing), Some(opening)) = (&whole.closing, &page.opening)
            && closing.amount != opening.amount
        {
            return Err(refuse(Reason::Gap { expected_opening: closing.amount, found: opening.amount, scale }));
        }
        whole.lines.extend(page.lines);
        whole.unbooked += page.unbooked;
        whole.closing = page.closing;
        whole.to = page.to.or(whole.to);
    }
    let opening = whole.opening.ok_or_else(|| refuse(Reason::NoBalance { which: "opening" }))?;
    let closing = whole.closing.ok_or_else(|| refuse(Reason::NoBalance { which: "closing" }))?;
    let (currency, account) = (whole.currency.unwrap_or_default(), whole.account.unwrap_or_default());
    let scale = currency::scale(&currency).ok_or_else(|| refuse(Reason::NoCurrency))?;
    totals(opening.amount, &whole.lines, closing.amount, scale)?;
    whole.lines.iter_mut().for_each(clean);
    number(&mut whole.lines);
    let booked = whole.lines.iter().map(|line| line.booking_date);
    let no_date = || Refusal::new(Reason::DateForm { text: String::new() }, Place::field("date"));
    let from = whole.from.or(opening.date).or_else(|| booked.clone().min()).ok_or_else(no_date)?;
    let to = whole.to.or(closing.date).or_else(|| booked.max()).unwrap_or(from);
    Ok(Statement {
        message: whole.message,
        account,
        currency,
        scale,
        id: whole.id.unwrap_or_default(),
        sequence: whole.sequence,
        pages: count,
        from,
        to,
        opening: opening.amount,
        closing: closing.amount,
        lines: whole.lines,
        unbooked: whole.unbooked,
    })
}

/// Whether the first page and the last one are there.
fn complete(pages: &[Draft]) -> Result<(), Refusal> {
    let missing = |expected, found| Err(Refusal::new(Reason::PagesMissing { expected, found }, Place::default()));
    if let Some(first) = pages.first().filter(|first| !first.is_first()) {
        let found = first.page.unwrap_or(2);
        return missing(found.saturating_sub(1).max(1), found);
    }
    match pages.last().filter(|last| !last.is_last()) {
        Some(last) => missing(last.page.unwrap_or(1).saturating_add(1), 0),
        None => Ok(()),
    }
}

fn totals(opening: i64, lines: &[Line], closing: i64, scale: u8) -> Result<(), Refusal> {
    let sum: i128 = lines.iter().map(|line| i128::from(line.amount)).sum();
    if i128::from(opening) + sum == i128::from(closing) {
        return Ok(());
    }
    let reason = match i64::try_from(sum) {
        Ok(sum) => Reason::TotalsDiffer { opening, sum, closing, scale },
        Err(_) => Reason::TooLarge { what: "amount", limit: i64::MAX.unsigned_abs() },
    };
    Err(Refusal::new(reason, Place::default()))
}

/// What the bank wrote, as it may be kept and shown: composed characters (NFC), no controls, nothing that turns the
/// direction of what follows.
fn clean(line: &mut Line) {
    let parts = line.parts.iter_mut().flat_map(|part| part.reference.iter_mut().chain(&mut part.counterparty));
    let own = [&mut line.reference, &mut line.bank_reference, &mut line.counterparty, &mut line.counterparty_account];
    let texts = own.into_iter().flatten().chain([&mut line.text, &mut line.kind]).chain(parts);
    for text in texts.filter(|text| !text.is_ascii() || text.bytes().any(|byte| byte.is_ascii_control())) {
        let shown = |c: &char| *c == '\n' || !c.is_control() && !text::is_bidi_control(*c);
        *text = text::nfc(&text.replace('\t', " ").chars().filter(shown).collect::<String>());
    }
}

/// Numbers the lines, and counts those that are equal in everything that the bank said.
fn number(lines: &mut [Line]) {
    let mut seen: HashMap<_, u32> = HashMap::new();
    for (line, ordinal) in lines.iter_mut().zip(1..) {
        let same = (
            (line.value_date, line.booking_date, line.amount, line.kind.clone(), line.reversal),
            (line.reference.clone(), line.bank_reference.clone(), line.text.clone()),
            (line.counterparty.clone(), line.counterparty_account.clone(), line.parts.clone()),
        );
        let occurrence = seen.entry(same).or_default();
        *occurrence += 1;
        (line.ordinal, line.occurrence) = (ordinal, *occurrence);
    }
}

/// Whether the statements of each account follow one another. A bank may write the latest one first: they are put right.
fn in_sequence(mut statements: Vec<Statement>) -> Result<Vec<Statement>, Refusal> {
    if let Err(gap) = chained(&statements) {
        statements.reverse();
        chained(&statements).map_err(|_| gap)?;
    }
    Ok(statements)
}

fn chained(statements: &[Statement]) -> Result<(), Refusal> {
    let mut before: HashMap<(&str, &str), &Statement> = HashMap::new();
    for statement in statements {
        if let Some(previous) = before.insert((&statement.account, &statement.currency), statement) {
            check_continuity(previous.closing, statement)?;
        }
    }
    Ok(())
}

/// Whether a statement begins with the balance that the one before ended with (استمرارية الأرصدة).
///
/// # Errors
/// `gap`, with both balances.
pub fn check_continuity(previous_closing: i64, statement: &Statement) -> Result<(), Refusal> {
    if statement.opening == previous_closing {
        return Ok(());
    }
    let gap = Reason::Gap { expected_opening: previous_closing, found: statement.opening, scale: statement.scale };
    Err(Refusal::new(gap, Place::default()).of(Some(&statement.id)))
}
