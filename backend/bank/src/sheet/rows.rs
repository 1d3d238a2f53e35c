//! The rows of a table as movements: dates, signs, order, balances.

use chrono::NaiveDate;

use super::{
    Cell, Row,
    amounts::{self, Mark},
    columns::Columns,
    dates::Parts,
    said::{Label, Said},
    template::{DateOrder, Field, View},
    words::{COMES, LEAVES, currency, fold},
};
use crate::{
    amount,
    draft::{Balance, Draft},
    limits::LINES_MAX,
    model::{Line, Message},
    mt940::too_many_lines,
    read::Options,
    refusal::{Place, Reason, Refusal, echo},
};

/// Fields that hold amounts of a movement.
const AMOUNTS: [Field; 3] = [Field::Amount, Field::Debit, Field::Credit];

/// A row that is a movement.
struct Movement<'a> {
    row: &'a Row,
    /// Text of rows after it that are nothing else.
    more: Vec<String>,
}

/// What is needed to read cells.
struct Table<'a> {
    columns: &'a Columns,
    mark: Option<Mark>,
    order: DateOrder,
    scale: u8,
    /// Whether debits are written with a minus.
    minus: bool,
    view: View,
}

/// A movement with the balance after it.
struct Booked {
    line: Line,
    balance: Option<i64>,
    row: u32,
}

/// Makes a draft of the rows.
pub(super) fn draft(message: Message, rows: &[Row], columns: &Columns, options: &Options) -> Result<Draft, Refusal> {
    let mut said = Said::default();
    let movements = sort(rows, columns, options, &mut said)?;
    let mut draft = Draft::new(message);
    draft.account = account(options, said.account.take())?;
    let code = code(options, &said, columns, &movements)?;
    let scale = crate::currency::scale(&code).ok_or_else(|| Refusal::new(Reason::NoCurrency, Place::default()))?;
    let mut table = Table {
        columns,
        mark: mark(options, &movements, columns, &said)?,
        order: order(options, &movements, columns)?,
        scale,
        minus: false,
        view: options.template.view.unwrap_or(View::Bank),
    };
    table.minus = table.debits_have_minus(&movements)?;
    let booked = table.all(&movements, options.template.view)?;
    let stated = |stated: &Option<(Cell, u32)>, given: Option<i64>| match stated {
        Some((cell, line)) => table.balance(cell, *line).map(Some),
        None => Ok(given),
    };
    let opening = stated(&said.opening, options.opening)?;
    let closing = stated(&said.closing, options.closing)?;
    let (first, last) = balances(&booked, opening, scale)?;
    let as_balance = |amount: Option<i64>| {
        amount.map(|amount| Balance { amount, currency: code.clone(), date: None, intermediate: false })
    };
    draft.opening = as_balance(opening.or(first));
    draft.closing = as_balance(closing.or(last));
    differ(closing, last, scale, "closing")?;
    draft.foreign = foreign(&code, &movements, columns);
    draft.lines = booked.into_iter().map(|booked| booked.line).collect();
    draft.currency = Some(code);
    Ok(draft)
}

/// Parts the rows into movements and what is said beside them.
fn sort<'a>(
    rows: &'a [Row],
    columns: &Columns,
    options: &Options,
    said: &mut Said,
) -> Result<Vec<Movement<'a>>, Refusal> {
    let mut movements: Vec<Movement<'a>> = Vec::new();
    for row in rows.iter().take(columns.head) {
        said.take(row);
    }
    let dated = |row: &Row| columns.get(Field::Date).and_then(|column| row.text(column));
    for row in rows.iter().skip(columns.head + 1) {
        let date = dated(row);
        let has_amount = AMOUNTS.iter().any(|field| filled(row, columns, *field));
        let is_date = date.as_deref().is_some_and(|date| Parts::read(date).is_some());
        let label = Label::of(row, is_date);
        if label.is_some_and(|label| said.balance(row, label, columns.get(Field::Balance))) {
            continue;
        }
        match (is_date, has_amount) {
            (true, true) => movements.push(Movement { row, more: Vec::new() }),
            (true, false) => return Err(Refusal::new(Reason::FieldMissing, Place::at(row.line, "amount"))),
            (false, true) if label == Some(Label::Total) => {}
            // A head is repeated on every page of a table that was printed.
            (false, true) if Columns::of_single(row, &options.template).known() >= columns.known() => {}
            (false, true) => {
                let text = echo(date.as_deref().unwrap_or_default());
                return Err(Refusal::new(Reason::DateForm { text }, Place::at(row.line, "date")));
            }
            (false, false) => {
                if let Some(movement) = movements.last_mut().filter(|_| date.is_none()) {
                    movement.more.extend(columns.texts.iter().filter_map(|column| row.text(*column)));
                }
            }
        }
        if movements.len() > LINES_MAX {
            return Err(too_many_lines());
        }
    }
    Ok(movements)
}

fn filled(row: &Row, columns: &Columns, field: Field) -> bool {
    columns.get(field).and_then(|column| row.get(column)).is_some_and(|cell| !amounts::is_blank(cell))
}

/// The account that was asked for, if the file names the same one or none: a table often has the bank's own number, which
/// an IBAN ends with.
fn account(options: &Options, found: Option<String>) -> Result<Option<String>, Refusal> {
    let compact = |text: &str| -> String { fold(text).chars().filter(|c| *c != ' ').collect() };
    match (&options.account, found) {
        (Some(expected), Some(found)) if !compact(expected).ends_with(compact(&found).trim_start_matches('0')) => {
            let reason = Reason::AccountDiffers { expected: echo(expected), found: echo(&found) };
            Err(Refusal::new(reason, Place::default()))
        }
        (Some(expected), _) => Ok(Some(expected.clone())),
        (None, found) => Ok(found),
    }
}

/// The currency of the account.
fn code(options: &Options, said: &Said, columns: &Columns, movements: &[Movement<'_>]) -> Result<String, Refusal> {
    if let (Some(expected), Some(found)) = (&options.currency, &said.currency)
        && expected != found
    {
        let reason = Reason::CurrencyMixed { expected: expected.clone(), found: found.clone() };
        return Err(Refusal::new(reason, Place::default()));
    }
    let of_rows = || movements.first().and_then(|movement| of_row(movement.row, columns));
    let code = options.currency.clone().or_else(|| said.currency.clone()).or_else(of_rows);
    code.ok_or_else(|| Refusal::new(Reason::NoCurrency, Place::default()))
}

/// The currency of a row, unless the column tells in which one the movement was ordered.
fn of_row(row: &Row, columns: &Columns) -> Option<String> {
    let column = columns.get(Field::Currency).filter(|_| columns.get(Field::OriginalAmount).is_none())?;
    row.text(column).map(|text| currency(&text).unwrap_or(text))
}

fn foreign(code: &str, movements: &[Movement<'_>], columns: &Columns) -> Option<(String, Place)> {
    movements.iter().find_map(|movement| {
        let found = of_row(movement.row, columns).filter(|found| found != code)?;
        Some((echo(&found), Place::at(movement.row.line, "currency")))
    })
}

/// The mark of decimals that the template states, or that an amount of the table proves.
fn mark(
    options: &Options,
    movements: &[Movement<'_>],
    columns: &Columns,
    said: &Said,
) -> Result<Option<Mark>, Refusal> {
    match options.template.decimal_mark {
        Some(',' | '٫') => return Ok(Some(Mark::Comma)),
        Some(_) => return Ok(Some(Mark::Dot)),
        None => {}
    }
    let fields = AMOUNTS.into_iter().chain([Field::Balance]).filter_map(|field| columns.get(field));
    let fields: Vec<usize> = fields.collect();
    let cells = movements
        .iter()
        .flat_map(|movement| fields.iter().filter_map(|column| Some((movement.row.get(*column)?, movement.row.line))));
    let beside = said.opening.iter().chain(&said.closing).map(|(cell, line)| (cell, *line));
    let mut known = None;
    for (cell, line) in cells.chain(beside) {
        let Cell::Text(text) = cell else { continue };
        let proved = Mark::proved_by(text);
        if let (Some(known), Some(proved)) = (known, proved)
            && known != proved
        {
            return Err(Refusal::new(Reason::AmountAmbiguous { text: echo(text) }, Place::at(line, "amount")));
        }
        known = known.or(proved);
    }
    Ok(known)
}

/// The order of day and month that the template states, or that a date of the table proves.
fn order(options: &Options, movements: &[Movement<'_>], columns: &Columns) -> Result<DateOrder, Refusal> {
    if let Some(order) = options.template.date_order {
        return Ok(order);
    }
    let fields = [Field::Date, Field::ValueDate].into_iter().filter_map(|field| columns.get(field));
    let fields: Vec<usize> = fields.collect();
    let mut known = None;
    for movement in movements {
        for text in fields.iter().filter_map(|column| movement.row.text(*column)) {
            let proved = Parts::read(&text).and_then(Parts::proves);
            if known.is_some() && proved.is_some() && known != proved {
                return Err(Refusal::new(Reason::DateForm { text: echo(&text) }, Place::at(movement.row.line, "date")));
            }
            known = known.or(proved);
        }
    }
    Ok(known.unwrap_or(DateOrder::DayFirst))
}

impl Table<'_> {
    fn cell<'b>(&self, row: &'b Row, field: Field) -> Option<&'b Cell> {
        self.columns.get(field).and_then(|column| row.get(column)).filter(|cell| !amounts::is_blank(cell))
    }

    fn text(&self, row: &Row, field: Field) -> Option<String> {
        self.columns.get(field).and_then(|column| row.text(column))
    }

    fn read(&self, row: &Row, field: Field) -> Result<Option<amounts::Amount>, Refusal> {
        let read = |cell| amounts::read(cell, self.mark, self.scale);
        self.cell(row, field).map(|cell| amount::at(read(cell), || Place::at(row.line, field.code()))).transpose()
    }

    fn balance(&self, cell: &Cell, line: u32) -> Result<i64, Refusal> {
        let read = amounts::read(cell, self.mark, self.scale).map(amounts::Amount::signed);
        amount::at(read, || Place::at(line, Field::Balance.code()))
    }

    /// A column of debits is written with a minus by some banks. Where no debit is above zero, the minus says nothing more
    /// than the column does; where some are, a minus takes a debit back.
    fn debits_have_minus(&self, movements: &[Movement<'_>]) -> Result<bool, Refusal> {
        for movement in movements {
            if self.read(movement.row, Field::Debit)?.is_some_and(|debit| debit.value > 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The movements, oldest first. Under the view that the balances beside them prove, where the template states none.
    fn all(&self, movements: &[Movement<'_>], stated: Option<View>) -> Result<Vec<Booked>, Refusal> {
        let ordered = |table: &Self| {
            let booked = movements.iter().map(|movement| table.booked(movement));
            let mut booked = booked.collect::<Result<Vec<_>, _>>()?;
            oldest_first(&mut booked);
            Ok(booked)
        };
        let booked = ordered(self)?;
        // Two steps from balance to balance are a proof; one could be a mistake.
        let proves = booked.len() > 2 && booked.iter().all(|one| one.balance.is_some());
        let fits = |booked: &[Booked]| balances(booked, None, self.scale).is_ok();
        if stated.is_some() || !proves || fits(&booked) {
            return Ok(booked);
        }
        let of_holder = ordered(&Self { view: View::Holder, ..*self })?;
        Ok(if fits(&of_holder) { of_holder } else { booked })
    }

    fn amount(&self, row: &Row) -> Result<i64, Refusal> {
        let debit =
            self.read(row, Field::Debit)?.map_or(0, |debit| if self.minus { debit.value } else { -debit.value });
        let credit = self.read(row, Field::Credit)?.map_or(0, |credit| credit.value);
        if debit != 0 && credit != 0 {
            return Err(Refusal::new(Reason::BothSides, Place::line(row.line)));
        }
        if self.cell(row, Field::Debit).is_some() || self.cell(row, Field::Credit).is_some() {
            // In the holder's books the column says everything, whatever sign is in it.
            return Ok(if self.view == View::Holder { debit.abs() - credit.abs() } else { debit + credit });
        }
        let amount = self.read(row, Field::Amount)?;
        let amount = amount.ok_or_else(|| Refusal::new(Reason::FieldMissing, Place::at(row.line, "amount")))?;
        let Some(direction) = self.text(row, Field::Direction) else { return Ok(amount.signed()) };
        let word = fold(&direction);
        let form = |text: &str| Refusal::new(Reason::FieldForm { text: echo(text) }, Place::at(row.line, "direction"));
        match (LEAVES.contains(&word.as_str()), COMES.contains(&word.as_str())) {
            _ if amount.value < 0 => Err(form(&direction)),
            (true, _) => Ok(-amount.value),
            (_, true) => Ok(amount.value),
            _ => Err(form(&direction)),
        }
    }

    fn day(&self, row: &Row, field: Field) -> Result<Option<NaiveDate>, Refusal> {
        let day = |text: String| {
            let day = Parts::read(&text).and_then(|parts| parts.day(self.order));
            day.ok_or_else(|| Refusal::new(Reason::DateForm { text: echo(&text) }, Place::at(row.line, field.code())))
        };
        self.text(row, field).map(day).transpose()
    }

    fn booked(&self, movement: &Movement<'_>) -> Result<Booked, Refusal> {
        let row = movement.row;
        let date = self.day(row, Field::Date)?;
        let missing = || Refusal::new(Reason::FieldMissing, Place::at(row.line, "date"));
        let booking_date = date.ok_or_else(missing)?;
        let texts = self.columns.texts.iter().filter_map(|column| row.text(*column));
        let line = Line {
            ordinal: 0,
            occurrence: 0,
            value_date: self.day(row, Field::ValueDate)?.unwrap_or(booking_date),
            booking_date,
            amount: self.amount(row)?,
            kind: String::new(),
            reference: self.text(row, Field::Reference),
            bank_reference: self.text(row, Field::BankReference),
            counterparty: self.text(row, Field::Party),
            counterparty_account: self.text(row, Field::PartyAccount),
            text: texts.chain(movement.more.iter().cloned()).collect::<Vec<_>>().join("\n"),
            reversal: false,
            parts: Vec::new(),
        };
        let balance = self.cell(row, Field::Balance).map(|cell| self.balance(cell, row.line)).transpose()?;
        Ok(Booked { line, balance, row: row.line })
    }
}

/// Turns a table that begins with the latest movement. Where all are of one day, the balances tell.
fn oldest_first(booked: &mut [Booked]) {
    let days = |booked: &[Booked]| Some((booked.first()?.line.booking_date, booked.last()?.line.booking_date));
    let turn = match days(booked) {
        Some((first, last)) if first != last => first > last,
        _ => {
            let forward = balances(booked, None, 0).is_ok();
            booked.reverse();
            let backward = balances(booked, None, 0).is_ok();
            booked.reverse();
            !forward && backward
        }
    };
    if turn {
        booked.reverse();
    }
}

/// The balance before the first and after the last movement, by the balances beside them, each of which must follow from
/// the one before.
fn balances(booked: &[Booked], opening: Option<i64>, scale: u8) -> Result<(Option<i64>, Option<i64>), Refusal> {
    let too_large = || Reason::TooLarge { what: "amount", limit: i64::MAX.unsigned_abs() };
    let mut first = None;
    let mut running: Option<i64> = opening;
    // The movements before the first balance, from which the opening one follows.
    let mut before: i64 = 0;
    for one in booked {
        let refuse = |reason| Refusal::new(reason, Place::at(one.row, Field::Balance.code()));
        before = before.checked_add(one.line.amount).ok_or_else(|| refuse(too_large()))?;
        if let Some(balance) = &mut running {
            *balance = balance.checked_add(one.line.amount).ok_or_else(|| refuse(too_large()))?;
        }
        let Some(found) = one.balance else { continue };
        if let Some(expected) = running.filter(|expected| *expected != found) {
            return Err(refuse(Reason::BalanceDiffers { expected, found, scale }));
        }
        if first.is_none() {
            first = Some(found.checked_sub(before).ok_or_else(|| refuse(too_large()))?);
        }
        running = Some(found);
    }
    // A balance that no column confirms is none.
    Ok((first, if first.is_some() { running } else { None }))
}

fn differ(stated: Option<i64>, found: Option<i64>, scale: u8, field: &str) -> Result<(), Refusal> {
    match (stated, found) {
        (Some(expected), Some(found)) if expected != found => {
            Err(Refusal::new(Reason::BalanceDiffers { expected, found, scale }, Place::field(field)))
        }
        _ => Ok(()),
    }
}
