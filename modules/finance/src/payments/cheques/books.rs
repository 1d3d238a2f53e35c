//! Cheque books (دفاتر الشيكات): each number is taken in its order; a leaf that is spoilt takes its number too.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{CHEQUE_LEAVES_MAX, ChequeBook, ChequeBookInput, ChequeState};
use diwan_kernel::{FieldError, Named, Permission, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::finance::{bank_accounts, cheque_books, cheques};
use serde_json::json;

use super::store::{self, BookRow};
use crate::payments::account;

/// The longest series, in characters.
const SERIES_MAX: usize = 10;
/// The largest number of a leaf.
const NUMBER_MAX: i64 = 999_999_999_999;

/// Takes a book into the register; answers its id.
///
/// # Errors
/// The right to pay is missing; every wrong field: the account, `series`, `first`, `last`; `cheque_book_overlaps` with the
/// numbers of the other book.
pub fn open(tx: &mut WriteTx<'_>, actor: &Actor, input: &ChequeBookInput) -> Outcome<i64> {
    actor.require(Permission::FinancePay)?;
    let account = account::chosen(tx, actor.agency_id, input.bank_account_id)?;
    let series = checked(input)?;
    let other: Option<(i64, i64)> = cheque_books::table
        .filter(cheque_books::bank_account_id.eq(account.id))
        .filter(cheque_books::series.eq(&series))
        .filter(cheque_books::first_number.le(input.last))
        .filter(cheque_books::last_number.ge(input.first))
        .select((cheque_books::first_number, cheque_books::last_number))
        .first(tx.conn())
        .optional()?;
    if let Some((first, last)) = other {
        let numbers = [("first", store::printed(&series, first)), ("last", store::printed(&series, last))];
        return Err(Refusal::rule("cheque_book_overlaps", numbers));
    }
    let now = tx.now();
    let id: i64 = diesel::insert_into(cheque_books::table)
        .values((
            (cheque_books::agency_id.eq(actor.agency_id), cheque_books::bank_account_id.eq(account.id)),
            (cheque_books::series.eq(&series), cheque_books::first_number.eq(input.first)),
            (cheque_books::last_number.eq(input.last), cheque_books::next_number.eq(input.first)),
            (cheque_books::closed.eq(""), cheque_books::added_by.eq(actor.user_id), cheque_books::added_at.eq(now)),
        ))
        .returning(cheque_books::id)
        .get_result(tx.conn())?;
    tx.audit(Audit::of("cheque_book", id).agency(actor.agency_id).after(input))?;
    Ok(id)
}

/// The series as it is kept; the numbers are a book's.
fn checked(input: &ChequeBookInput) -> Outcome<String> {
    let mut fields = Fields::default();
    let series = match input.series.trim() {
        "" => String::new(),
        given => fields.take(text::line("series", given, SERIES_MAX)),
    };
    if !(1..=NUMBER_MAX).contains(&input.first) {
        fields.push(FieldError::new("first", "out_of_range").with("min", 1).with("max", NUMBER_MAX));
    } else if input.last < input.first || input.last - input.first >= CHEQUE_LEAVES_MAX {
        let most = input.first + CHEQUE_LEAVES_MAX - 1;
        fields.push(FieldError::new("last", "out_of_range").with("min", input.first).with("max", most));
    }
    fields.done()?;
    Ok(series)
}

/// Closes a book before it is used up (إغلاق دفتر): its unused numbers are never issued.
///
/// # Errors
/// Not found; the right is missing; no reason; it is closed already.
pub fn close(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, reason: &str) -> Outcome<()> {
    actor.require(Permission::FinancePay)?;
    let reason = text::lines("reason", reason, text::NOTE_MAX)?;
    let book = store::take_book(tx, actor.agency_id, id)?;
    let from = store::next(&book)?;
    diesel::update(cheque_books::table.find(id)).set(cheque_books::closed.eq(&reason)).execute(tx.conn())?;
    let detail = json!({ "reason": reason, "unused_from": from, "unused_to": book.last_number });
    tx.audit(Audit::of("cheque_book", id).agency(actor.agency_id).detail(detail))?;
    Ok(())
}

/// Takes the next number of a book for a leaf that was spoilt (شيك تالف); answers the id of its row.
///
/// # Errors
/// Not found; the right is missing; no reason; `cheque_book_closed`, `cheque_book_used_up`.
pub fn spoil(tx: &mut WriteTx<'_>, actor: &Actor, book_id: i64, reason: &str) -> Outcome<i64> {
    actor.require(Permission::FinancePay)?;
    let reason = text::lines("reason", reason, text::NOTE_MAX)?;
    let book = store::take_book(tx, actor.agency_id, book_id)?;
    let number = store::next(&book)?;
    let account = account::load(tx, actor.agency_id, book.bank_account_id)?;
    let printed = store::printed(&book.series, number);
    let (today, now) = (tx.today(), tx.now());
    let id: i64 = diesel::insert_into(cheques::table)
        .values((
            (cheques::agency_id.eq(actor.agency_id), cheques::book_id.eq(book_id)),
            (cheques::bank_account_id.eq(account.id), cheques::series.eq(&book.series), cheques::number.eq(number)),
            (
                cheques::state.eq(ChequeState::Spoilt.code()),
                cheques::payee.eq(""),
                cheques::fold.eq(text::fold(&printed)),
            ),
            (cheques::currency.eq(&account.currency), cheques::amount.eq(0_i64), cheques::base_amount.eq(0_i64)),
            (cheques::issued_on.eq(today), cheques::issued_by.eq(actor.user_id), cheques::issued_at.eq(now)),
            (cheques::handed_to.eq(""), cheques::ended_on.eq(today), cheques::reason.eq(&reason)),
        ))
        .returning(cheques::id)
        .get_result(tx.conn())?;
    let detail = json!({ "cheque": printed, "reason": reason });
    tx.audit(Audit::of("cheque_book", book_id).agency(actor.agency_id).detail(detail))?;
    Ok(id)
}

/// The books of the agency, the newest first.
///
/// # Errors
/// The database fails.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<ChequeBook>> {
    let rows: Vec<Listed> = cheque_books::table
        .inner_join(bank_accounts::table.on(bank_accounts::id.eq(cheque_books::bank_account_id)))
        .filter(cheque_books::agency_id.eq(actor.agency_id))
        .order(cheque_books::id.desc())
        .select((BookRow::as_select(), bank_accounts::name_ar, bank_accounts::name_en, bank_accounts::currency))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(book, ar, en, currency)| shown(book, Named { ar, en }, currency)).collect())
}

/// A book with the names and the currency of its account.
type Listed = (BookRow, String, String, String);

/// A book of the agency as it is shown.
///
/// # Errors
/// Not found.
pub(super) fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<ChequeBook> {
    let book = store::book(tx, actor.agency_id, id)?;
    let account = account::load(tx, actor.agency_id, book.bank_account_id)?;
    Ok(shown(book, account.name(), account.currency))
}

fn shown(book: BookRow, account: Named, currency: String) -> ChequeBook {
    let next = store::next(&book).ok();
    ChequeBook {
        id: book.id,
        bank_account_id: book.bank_account_id,
        account,
        currency,
        first: book.first_number,
        last: book.last_number,
        left: next.map_or(0, |next| book.last_number - next + 1),
        next,
        series: book.series,
        closed: Some(book.closed).filter(|reason| !reason.is_empty()),
    }
}
