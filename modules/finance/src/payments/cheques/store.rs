//! Cheque books and cheques in the database.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{CHEQUE_TRANSITIONS, ChequeAction, ChequeState};
use diwan_kernel::allowed;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{cheque_books, cheques};

/// A book as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cheque_books)]
pub(super) struct BookRow {
    pub(super) id: i64,
    pub(super) bank_account_id: i64,
    pub(super) series: String,
    pub(super) first_number: i64,
    pub(super) last_number: i64,
    pub(super) next_number: i64,
    pub(super) closed: String,
    pub(super) added_at: NaiveDateTime,
}

/// A cheque as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cheques)]
pub(super) struct ChequeRow {
    pub(super) id: i64,
    pub(super) book_id: i64,
    pub(super) bank_account_id: i64,
    pub(super) series: String,
    pub(super) number: i64,
    pub(super) state: String,
    pub(super) document_id: Option<i64>,
    pub(super) payee: String,
    pub(super) currency: String,
    pub(super) amount: i64,
    pub(super) base_amount: i64,
    pub(super) issued_on: NaiveDate,
    pub(super) issued_by: i64,
    pub(super) issued_at: NaiveDateTime,
    pub(super) handed_on: Option<NaiveDate>,
    pub(super) handed_to: String,
    pub(super) ended_on: Option<NaiveDate>,
    pub(super) reason: String,
    pub(super) entry_id: Option<i64>,
}

impl ChequeRow {
    /// Its number as it is printed.
    pub(super) fn printed(&self) -> String {
        printed(&self.series, self.number)
    }
}

/// A number as it is printed.
pub(super) fn printed(series: &str, number: i64) -> String {
    format!("{series}{number}")
}

/// A book of the agency.
///
/// # Errors
/// Not found.
pub(super) fn book(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<BookRow> {
    cheque_books::table
        .find(id)
        .filter(cheque_books::agency_id.eq(agency_id))
        .select(BookRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("cheque_book"))
}

/// Loads the book and takes its turn: numbers and steps of one book come one after the other.
///
/// # Errors
/// Not found.
pub(super) fn take_book(tx: &mut WriteTx<'_>, agency_id: i64, id: i64) -> Outcome<BookRow> {
    let own = cheque_books::table.filter(cheque_books::id.eq(id)).filter(cheque_books::agency_id.eq(agency_id));
    diesel::update(own).set(cheque_books::closed.eq(cheque_books::closed)).execute(tx.conn())?;
    book(tx, agency_id, id)
}

/// The next number of a book.
///
/// # Errors
/// `cheque_book_closed` with the reason; `cheque_book_used_up` with the last number.
pub(super) fn next(book: &BookRow) -> Outcome<i64> {
    if !book.closed.is_empty() {
        return Err(Refusal::rule("cheque_book_closed", [("reason", book.closed.clone())]));
    }
    if book.next_number > book.last_number {
        let last = printed(&book.series, book.last_number);
        return Err(Refusal::rule("cheque_book_used_up", [("last", last)]));
    }
    Ok(book.next_number)
}

/// A cheque of the agency.
///
/// # Errors
/// Not found.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<ChequeRow> {
    cheques::table
        .find(id)
        .filter(cheques::agency_id.eq(agency_id))
        .select(ChequeRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("cheque"))
}

/// What a step starts from: the cheque is in its turn, and its state allows the step.
///
/// # Errors
/// Not found; wrong state; the right is missing.
pub(super) fn take(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, action: ChequeAction) -> Outcome<ChequeRow> {
    let seen = load(tx, actor.agency_id, id)?;
    take_book(tx, actor.agency_id, seen.book_id)?;
    let cheque = load(tx, actor.agency_id, id)?;
    let state: ChequeState = cheque.state.parse()?;
    let Some(step) = allowed(CHEQUE_TRANSITIONS, state, action) else {
        return Err(wrong_state(cheque.state, action));
    };
    step.permission.map_or(Ok(()), |right| actor.require(right))?;
    Ok(cheque)
}

/// The state of a cheque does not allow the step.
pub(super) fn wrong_state(state: String, action: ChequeAction) -> Refusal {
    Refusal::WrongState { state, action: format!("{}_cheque", action.code()) }
}
