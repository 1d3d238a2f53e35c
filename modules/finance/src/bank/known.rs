//! What a statement is called by, and whether it is there already.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_bank::{Line, Statement};
use diwan_db::ReadTx;
use diwan_kernel::FieldError;
use diwan_platform::Outcome;
use diwan_schema::finance::{bank_lines, bank_statements};

use super::import::FIELD;

/// What a statement is called that the bank called nothing.
pub(super) fn days(starts_on: NaiveDate, ends_on: NaiveDate) -> String {
    format!("{starts_on} – {ends_on}")
}

/// What a statement is called by.
pub(super) trait Called {
    fn number(&self) -> String;
    fn bank_seq(&self) -> Outcome<i64>;
    fn starts(&self) -> NaiveDate;
    fn nameless(&self) -> bool;
}

impl Called for Statement {
    /// The bank's reference; tables have none, so their days.
    fn number(&self) -> String {
        if self.id.trim().is_empty() { days(self.starts(), self.to) } else { self.id.trim().to_owned() }
    }

    fn bank_seq(&self) -> Outcome<i64> {
        i64::try_from(self.sequence.unwrap_or(0))
            .map_err(|_| FieldError::new(FIELD, "field_form").with("text", "sequence").into())
    }

    /// Banks write the day of the balance before, or of the first line: whichever is earlier.
    fn starts(&self) -> NaiveDate {
        self.from.min(self.to)
    }

    /// The bank called it nothing, as in tables: its days may be those of another that was taken out earlier.
    fn nameless(&self) -> bool {
        self.id.trim().is_empty() && self.sequence.is_none()
    }
}

/// The statements of the account that are called as this one and begin on its day: id, number, opening, closing.
fn namesakes(tx: &mut ReadTx<'_>, account_id: i64, one: &Statement) -> Outcome<Vec<(i64, i64, i64, i64)>> {
    Ok(bank_statements::table
        .filter(bank_statements::bank_account_id.eq(account_id))
        .filter(bank_statements::number.eq(one.number()))
        .filter(bank_statements::starts_on.eq(one.starts()))
        .select((bank_statements::id, bank_statements::bank_seq, bank_statements::opening, bank_statements::closing))
        .load(tx.conn())?)
}

/// The number that a statement is kept with: the bank's, or which one of its days it is.
pub(super) fn kept_seq(tx: &mut ReadTx<'_>, account_id: i64, one: &Statement) -> Outcome<i64> {
    if !one.nameless() {
        return one.bank_seq();
    }
    let last = namesakes(tx, account_id, one)?.into_iter().map(|(_, bank_seq, ..)| bank_seq).max();
    Ok(last.map_or(0, |last| last + 1))
}

/// Whether a statement is there. Banks begin their numbers anew each year, and some give every statement the same: the day tells
/// those apart. Of a day there may be several tables: the balances tell those apart, and none repeats another from its beginning.
pub(super) fn is_known(tx: &mut ReadTx<'_>, account_id: i64, one: &Statement) -> Outcome<bool> {
    let own = one.bank_seq()?;
    for (id, bank_seq, opening, closing) in namesakes(tx, account_id, one)? {
        let same = if one.nameless() {
            opening == one.opening && (closing == one.closing || repeats(tx, id, one)?)
        } else {
            bank_seq == own
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a table begins with all the lines of a statement that is there.
fn repeats(tx: &mut ReadTx<'_>, id: i64, one: &Statement) -> Outcome<bool> {
    let there: Vec<(NaiveDate, bool, i64)> = bank_lines::table
        .filter(bank_lines::statement_id.eq(id).and(bank_lines::ordinal.gt(0)))
        .order(bank_lines::ordinal)
        .select((bank_lines::booked_on, bank_lines::incoming, bank_lines::amount))
        .load(tx.conn())?;
    let line = |line: &Line| (line.booking_date, line.amount >= 0, line.amount.saturating_abs());
    let own: Vec<_> = one.lines.iter().map(line).collect();
    Ok(!there.is_empty() && own.starts_with(&there))
}
