//! Cheque books (دفاتر الشيكات): each number is taken in its order; a leaf that is spoilt takes its number too.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{
    CHEQUE_LEAVES_MAX, ChequeBook, ChequeBookInput, ChequeBookQuery, ChequeBookState, ChequeState, PaymentSort,
};
use diwan_kernel::{FieldError, Lang, Named, Page, PageRequest, Permission, text};
use diwan_platform::{
    Actor, Fields, Outcome, Refusal,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_schema::finance::{bank_accounts, cheque_books, cheques};
use serde_json::json;

use super::store::{self, BookRow};
use crate::payments::account;

/// The longest series, in characters.
const SERIES_MAX: usize = 10;
/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;
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

/// One page of the books of the agency.
///
/// # Errors
/// The database fails.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor, query: &ChequeBookQuery) -> Outcome<Page<ChequeBook>> {
    page(tx, actor, query, query.page.rows())
}

/// An office has few books: they are looked through as they are shown.
fn page(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &ChequeBookQuery, limit: i64) -> Outcome<Page<ChequeBook>> {
    let rows: Vec<Listed> = cheque_books::table
        .inner_join(bank_accounts::table.on(bank_accounts::id.eq(cheque_books::bank_account_id)))
        .filter(cheque_books::agency_id.eq(actor.agency_id))
        .order(cheque_books::id.desc())
        .select((BookRow::as_select(), bank_accounts::name_ar, bank_accounts::name_en, bank_accounts::currency))
        .load(tx.conn())?;
    let mut books: Vec<ChequeBook> = rows
        .into_iter()
        .map(|(book, ar, en, currency)| shown(book, Named { ar, en }, currency))
        .filter(|book| fits(book, wanted))
        .collect();
    if wanted.sort == Some(PaymentSort::Oldest) {
        books.reverse();
    }
    // A cursor that is not one of ours starts at the first page.
    let after: Option<i64> = wanted.page.after.as_deref().and_then(|after| after.parse().ok());
    let begin = books.iter().position(|book| Some(book.id) == after).map_or(0, |at| at + 1);
    let most = usize::try_from(limit + 1).unwrap_or(usize::MAX);
    let books: Vec<ChequeBook> = books.into_iter().skip(begin).take(most).collect();
    Ok(Page::from_rows(books, limit, |book| book.id.to_string(), |book| book))
}

/// Whether a book is one of those that are wanted.
fn fits(book: &ChequeBook, wanted: &ChequeBookQuery) -> bool {
    let words = wanted.q.as_deref().unwrap_or_default().split_whitespace();
    let has = [&book.account.ar, &book.account.en, &book.series].map(|word| text::fold(word));
    let leaf = |word: &str| {
        let number = word.strip_prefix(&book.series).unwrap_or(word).parse::<i64>();
        number.is_ok_and(|number| (book.first..=book.last).contains(&number))
    };
    wanted.state.is_none_or(|state| state == book.state())
        && wanted.bank_account_id.is_none_or(|account| account == book.bank_account_id)
        && words
            .map(text::latin_digits)
            .all(|word| leaf(&word) || has.iter().any(|one| one.contains(&text::fold(&word))))
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(super) fn export(tx: &mut ReadTx<'_>, actor: &Actor, query: &ChequeBookQuery, lang: Lang) -> Outcome<Export> {
    let columns = [
        Column::new("الحساب البنكي", "Bank account", 30),
        Column::new("العملة", "Currency", 8),
        Column::new("من رقم", "From", 16),
        Column::new("إلى رقم", "To", 16),
        Column::new("الورقة التالية", "Next leaf", 16),
        Column::new("المتبقي", "Left", 10),
        Column::new("الحالة", "State", 14),
        Column::new("سبب الإغلاق", "Why closed", 40),
    ];
    let sheet = ListSheet::new(lang, ("دفاتر الشيكات", "Cheque books"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &ChequeBookQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |book| {
            let leaf = |number| Cell::text(store::printed(&book.series, number));
            vec![
                Cell::named(&book.account, lang),
                Cell::text(&book.currency),
                leaf(book.first),
                leaf(book.last),
                book.next.map_or(Cell::Empty, leaf),
                Cell::Number(i32::try_from(book.left).unwrap_or(i32::MAX)),
                Cell::text(said(book.state(), lang)),
                Cell::text(book.closed.clone().unwrap_or_default()),
            ]
        },
    )
}

/// A state in a language.
const fn said(state: ChequeBookState, lang: Lang) -> &'static str {
    lang.pick(match state {
        ChequeBookState::Open => ("قيد الاستعمال", "In use"),
        ChequeBookState::UsedUp => ("مستنفد", "Used up"),
        ChequeBookState::Closed => ("مغلق", "Closed"),
    })
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
        added_at: book.added_at,
    }
}
