//! ISO 20022 camt.053 (كشف حساب), in all its versions, and its relatives camt.052 and camt.054, which are recognised and
//! are no statements.

mod entry;

use chrono::NaiveDate;

use crate::xml::{self, Element};
use crate::{
    amount, currency,
    draft::{Balance, Draft},
    limits::LINES_MAX,
    model::{Line, Message},
    mt940::too_many_lines,
    refusal::{Place, Reason, Refusal, echo},
};

/// The elements of the messages, and of a statement in each.
const MESSAGES: [(&str, &str, Message); 3] = [
    ("BkToCstmrStmt", "Stmt", Message::Camt053),
    ("BkToCstmrAcctRpt", "Rpt", Message::Camt052),
    ("BkToCstmrDbtCdtNtfctn", "Ntfctn", Message::Camt054),
];

/// The statements, reports or notifications of a document, whatever envelope it is in.
pub(crate) fn parse(text: &str) -> Result<Vec<Draft>, Refusal> {
    let mut found = Found::default();
    xml::read(text, &mut |around, done| found.take(around, done))?;
    match (found.message, found.ofx) {
        (Some(_), _) if !found.drafts.is_empty() => Ok(found.drafts),
        (Some(_), _) => Err(Refusal::new(Reason::NoStatement, Place::default())),
        (None, true) => Err(Refusal::new(Reason::FormatUnsupported { format: "OFX" }, Place::default())),
        (None, false) => Err(Refusal::new(Reason::UnknownFormat, Place::default())),
    }
}

#[derive(Default)]
struct Found {
    message: Option<Message>,
    ofx: bool,
    drafts: Vec<Draft>,
    /// Movements of the statement that is being read.
    lines: Vec<entry::Movement>,
    unbooked: u32,
    count: usize,
}

impl Found {
    /// Takes movements and statements as they end; everything else stays in the tree.
    fn take(&mut self, around: &[Element], done: Element) -> Result<Option<Element>, Refusal> {
        let within = |at: usize| around.iter().nth_back(at).map_or("", |element| element.name.as_str());
        let message = |name: &str| MESSAGES.iter().find(|(outer, ..)| *outer == name);
        self.ofx |= done.name == "OFX";
        if let Some((_, _, message)) = message(&done.name) {
            self.message = Some(*message);
            return Ok(None);
        }
        if let Some((_, inner, kind)) = message(within(0))
            && done.name == *inner
        {
            let draft = self.draft(*kind, &done).map_err(|refusal| refusal.of(done.text(&["Id"])))?;
            self.drafts.push(draft);
            return Ok(None);
        }
        if done.name == "Ntry"
            && let Some((_, inner, kind)) = message(within(1))
            && within(0) == *inner
        {
            self.count += 1;
            if self.count > LINES_MAX {
                return Err(too_many_lines());
            }
            let statement = around.last();
            let made = if kind.is_statement() { None } else { statement.and_then(|one| one.find(&["CreDtTm"])) };
            let otherwise = made.map(|made| day(made.text.trim(), made.place("CreDtTm"))).transpose()?;
            let id = statement.and_then(|statement| statement.text(&["Id"]));
            let movement = entry::read(&done, otherwise).map_err(|refusal| refusal.of(id))?;
            // Pending movements of a statement are in no balance of it; a report has nothing else.
            if movement.booked || !kind.is_statement() {
                self.lines.push(movement);
            } else {
                self.unbooked += 1;
            }
            return Ok(None);
        }
        Ok(Some(done))
    }

    fn draft(&mut self, message: Message, statement: &Element) -> Result<Draft, Refusal> {
        let movements = std::mem::take(&mut self.lines);
        let mut draft = Draft::new(message);
        let account = statement.find(&["Acct"]);
        let of_account = |path: &[&str]| account.and_then(|account| account.text(path)).map(str::to_owned);
        draft.account = of_account(&["Id", "IBAN"]).or_else(|| of_account(&["Id", "Othr", "Id"]));
        draft.id = statement.text(&["Id"]).map(str::to_owned);
        let number = statement.text(&["ElctrncSeqNb"]).or_else(|| statement.text(&["LglSeqNb"]));
        draft.sequence = number.and_then(|number| number.parse().ok());
        for pages in ["StmtPgntn", "RptPgntn", "NtfctnPgntn"] {
            draft.page = draft.page.or_else(|| statement.text(&[pages, "PgNb"])?.parse().ok());
            let last = statement.text(&[pages, "LastPgInd"]).map(|last| matches!(last, "true" | "1"));
            draft.last_page = draft.last_page.or(last);
        }
        draft.from = period(statement, ["FrDt", "FrDtTm"])?;
        draft.to = period(statement, ["ToDt", "ToDtTm"])?;
        // What was booked before the day, under its own name or as the close of the day before.
        draft.opening = balance(statement, "OPBD")?.or(balance(statement, "PRCD")?);
        draft.closing = balance(statement, "CLBD")?;
        let stated = draft.opening.as_ref().or(draft.closing.as_ref()).map(|balance| balance.currency.clone());
        draft.currency =
            of_account(&["Ccy"]).or(stated).or_else(|| movements.first().map(|movement| movement.currency.clone()));
        let other = movements.iter().find(|movement| Some(&movement.currency) != draft.currency.as_ref());
        draft.foreign = other.map(|movement| (movement.currency.clone(), movement.place.clone()));
        draft.lines = movements.into_iter().map(|movement| movement.line).collect::<Vec<Line>>();
        draft.unbooked = std::mem::take(&mut self.unbooked);
        Ok(draft)
    }
}

fn period(statement: &Element, names: [&str; 2]) -> Result<Option<NaiveDate>, Refusal> {
    let found = names.into_iter().find_map(|name| statement.find(&["FrToDt", name]));
    found.map(|element| day(element.text.trim(), element.place("FrToDt"))).transpose()
}

/// The balance of a kind; the first of several, for a statement over several days states those of every day.
fn balance(statement: &Element, kind: &str) -> Result<Option<Balance>, Refusal> {
    let mut all = statement.all("Bal").filter(|balance| balance.text(&["Tp", "CdOrPrtry", "Cd"]) == Some(kind));
    // The last closing balance is that of the end.
    let found = if kind == "CLBD" { all.last() } else { all.next() };
    let Some(found) = found else { return Ok(None) };
    let (amount, currency) = signed(found, "Bal")?;
    Ok(Some(Balance {
        amount,
        currency,
        date: date(found, "Dt", "Bal/Dt")?,
        intermediate: found.text(&["Tp", "SubTp", "Cd"]) == Some("INTM"),
    }))
}

/// The amount of a balance or movement with the sign of its indicator, and its currency.
fn signed(element: &Element, name: &str) -> Result<(i64, String), Refusal> {
    let place = |field: &str| element.place(&format!("{name}/{field}"));
    let amount = element.find(&["Amt"]).ok_or_else(|| Refusal::new(Reason::FieldMissing, place("Amt")))?;
    let code = amount.attribute("Ccy").unwrap_or_default().to_owned();
    let scale = currency::scale(&code).ok_or_else(|| Refusal::new(Reason::NoCurrency, amount.place("Amt/@Ccy")))?;
    let value = amount::at(amount::plain(amount.text.trim(), '.', scale), || amount.place(&format!("{name}/Amt")))?;
    match element.text(&["CdtDbtInd"]) {
        Some("CRDT") => Ok((value, code)),
        Some("DBIT") => Ok((-value, code)),
        Some(other) => Err(Refusal::new(Reason::FieldForm { text: echo(other) }, place("CdtDbtInd"))),
        None => Err(Refusal::new(Reason::FieldMissing, place("CdtDbtInd"))),
    }
}

/// The day of a choice of date and time.
fn date(element: &Element, name: &str, field: &str) -> Result<Option<NaiveDate>, Refusal> {
    let found = element.find(&[name, "Dt"]).or_else(|| element.find(&[name, "DtTm"]));
    found.map(|found| day(found.text.trim(), found.place(field))).transpose()
}

/// The day as the bank wrote it, in whatever zone the bank is.
fn day(text: &str, place: Place) -> Result<NaiveDate, Refusal> {
    let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    day.ok_or_else(|| Refusal::new(Reason::DateForm { text: echo(text) }, place))
}
