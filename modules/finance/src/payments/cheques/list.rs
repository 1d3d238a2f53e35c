//! The register of cheques: searched, filtered, paged by key, and as a sheet.

use std::collections::BTreeMap;

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_db::ReadTx;
use diwan_finance_api::{
    AmountSort, CHEQUE_TRANSITIONS, Cheque, ChequeAction, ChequeQuery, ChequeState, DocumentPayment, PayMethod,
};
use diwan_kernel::{Lang, Named, Page, PageRequest, allowed, text};
use diwan_platform::{
    Actor, Outcome,
    people::names,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_schema::finance::{bank_accounts, cheques};

use super::store::{self, ChequeRow};
use crate::{
    bank,
    keyset::{amount_cursor, by_amount},
    parts::currencies,
    payments::owed,
};

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

/// One page of the cheques of the agency.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn list(tx: &mut ReadTx<'_>, actor: &Actor, query: &ChequeQuery) -> Outcome<Page<Cheque>> {
    page(tx, actor, query, query.page.rows())
}

/// The cheque that holds a document; one that was cancelled or got stale pays nothing.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn paid(tx: &mut ReadTx<'_>, document_id: i64) -> Outcome<Option<DocumentPayment>> {
    let row: Option<ChequeRow> = cheques::table
        .filter(cheques::document_id.eq(document_id))
        // As its index has it.
        .filter(sql::<Bool>("cheques.state IN ('issued', 'handed_over', 'cleared')"))
        .select(ChequeRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|row| DocumentPayment {
        method: PayMethod::Cheque,
        id: row.id,
        number: row.printed(),
        run: String::new(),
        on: Some(row.issued_on),
    }))
}

/// A cheque of the agency.
///
/// # Errors
/// Not found.
pub(super) fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Cheque> {
    let row = store::load(tx, actor.agency_id, id)?;
    let mut views = views(tx, actor, vec![row])?;
    views.pop().ok_or(diwan_platform::Refusal::NotFound("cheque"))
}

fn page(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &ChequeQuery, limit: i64) -> Outcome<Page<Cheque>> {
    let mut query = cheques::table.filter(cheques::agency_id.eq(actor.agency_id)).into_boxed();
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        query = query.filter(cheques::fold.like(text::like_anywhere(word)).escape('\\'));
    }
    if let Some(state) = wanted.state {
        query = query.filter(cheques::state.eq(state.code()));
    }
    if let Some(account) = wanted.bank_account_id {
        query = query.filter(cheques::bank_account_id.eq(account));
    }
    if let Some(book) = wanted.book_id {
        query = query.filter(cheques::book_id.eq(book));
    }
    if let Some(from) = wanted.from {
        query = query.filter(cheques::issued_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(cheques::issued_on.le(to));
    }
    let sort = wanted.sort.unwrap_or(AmountSort::Newest);
    let query = by_amount!(query, sort, wanted.page.after.as_deref(), cheques::base_amount, cheques::id);
    let rows: Vec<ChequeRow> = query.select(ChequeRow::as_select()).limit(limit + 1).load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| amount_cursor(sort, row.base_amount, row.id), |row| row);
    Ok(Page { items: views(tx, actor, page.items)?, next: page.next, total: None })
}

fn views(tx: &mut ReadTx<'_>, actor: &Actor, rows: Vec<ChequeRow>) -> Outcome<Vec<Cheque>> {
    let documents: Vec<i64> = rows.iter().filter_map(|row| row.document_id).collect();
    let named = owed::named(tx, &documents)?;
    let people = names::of_users(tx, rows.iter().map(|row| row.issued_by))?;
    let accounts: Vec<(i64, String, String)> = bank_accounts::table
        .filter(bank_accounts::agency_id.eq(actor.agency_id))
        .select((bank_accounts::id, bank_accounts::name_ar, bank_accounts::name_en))
        .load(tx.conn())?;
    let accounts: BTreeMap<i64, Named> = accounts.into_iter().map(|(id, ar, en)| (id, Named { ar, en })).collect();
    let scales = currencies::scales(tx)?;
    let cleared = rows.iter().filter(|row| row.state == ChequeState::Cleared.code());
    let matched = bank::matched(tx, &cleared.filter_map(|row| row.entry_id).collect::<Vec<_>>())?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let state: ChequeState = row.state.parse()?;
        views.push(Cheque {
            id: row.id,
            book_id: row.book_id,
            bank_account_id: row.bank_account_id,
            account: accounts.get(&row.bank_account_id).cloned().unwrap_or_default(),
            number: row.printed(),
            state,
            document_id: row.document_id,
            document: row
                .document_id
                .and_then(|id| named.get(&id))
                .map(|(_, number)| number.clone())
                .unwrap_or_default(),
            payee: row.payee,
            scale: currencies::scale_of(&scales, &row.currency),
            currency: row.currency,
            amount: row.amount,
            base_amount: row.base_amount,
            issued_on: row.issued_on,
            handed_on: row.handed_on,
            handed_to: row.handed_to,
            ended_on: row.ended_on,
            reason: row.reason,
            issued_by: people.get(row.issued_by).cloned().unwrap_or_default(),
            issued_at: row.issued_at,
            entry_id: row.entry_id,
            actions: actions(actor, state, row.entry_id.is_some_and(|id| matched.contains(&id))),
        });
    }
    Ok(views)
}

/// What the actor may do. A cleared cheque goes back to whom it was handed over to until the bank has paid it, and is given up only
/// after that.
fn actions(actor: &Actor, state: ChequeState, matched: bool) -> Vec<String> {
    let open = |action: &&ChequeAction| {
        let there = state != ChequeState::Cleared || matched == (**action != ChequeAction::Unclear);
        there
            && allowed(CHEQUE_TRANSITIONS, state, **action)
                .is_some_and(|step| step.permission.is_none_or(|right| actor.can(right)))
    };
    ChequeAction::ALL.iter().filter(open).map(|action| action.code().to_owned()).collect()
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(super) fn export(tx: &mut ReadTx<'_>, actor: &Actor, query: &ChequeQuery, lang: Lang) -> Outcome<Export> {
    let columns = [
        Column::new("رقم الشيك", "Cheque", 16),
        Column::new("الحساب البنكي", "Bank account", 30),
        Column::new("المستند", "Document", 16),
        Column::new("المستفيد", "Payee", 40),
        Column::new("تاريخ الإصدار", "Issued on", 12),
        Column::new("العملة", "Currency", 8),
        Column::new("المبلغ", "Amount", 18),
        Column::new("الحالة", "State", 14),
        Column::new("تاريخ التسليم", "Handed over on", 12),
        Column::new("المستلم", "Handed to", 30),
        Column::new("تاريخ الصرف أو الإلغاء", "Ended on", 12),
        Column::new("السبب", "Reason", 40),
    ];
    let sheet = ListSheet::new(lang, ("سجل الشيكات", "Cheque register"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &ChequeQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| {
            let day = |day: Option<chrono::NaiveDate>| day.map_or(Cell::Empty, Cell::Day);
            vec![
                Cell::text(&item.number),
                Cell::named(&item.account, lang),
                Cell::text(&item.document),
                Cell::text(&item.payee),
                Cell::Day(item.issued_on),
                Cell::text(&item.currency),
                Cell::Amount(item.amount, item.scale),
                Cell::text(said(item.state, lang)),
                day(item.handed_on),
                Cell::text(&item.handed_to),
                day(item.ended_on),
                Cell::text(&item.reason),
            ]
        },
    )
}

/// A state in a language.
const fn said(state: ChequeState, lang: Lang) -> &'static str {
    lang.pick(match state {
        ChequeState::Issued => ("صادر", "Issued"),
        ChequeState::HandedOver => ("مسلّم", "Handed over"),
        ChequeState::Cleared => ("مصروف", "Cleared"),
        ChequeState::Cancelled => ("ملغى", "Cancelled"),
        ChequeState::Stale => ("متقادم", "Stale"),
        ChequeState::Spoilt => ("تالف", "Spoilt"),
    })
}
