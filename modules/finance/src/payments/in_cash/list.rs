//! The register of payments in cash: searched, filtered, paged by key, and as a sheet.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{
    AmountSort, CASH_PAYMENT_TRANSITIONS, CashPayment, CashPaymentAction, CashPaymentQuery, CashPaymentState,
    DocumentPayment, PayMethod,
};
use diwan_kernel::{Lang, Named, Page, PageRequest, allowed, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    people::names,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_schema::finance::{bank_accounts, cash_payments};

use super::store::{self, CashRow};
use crate::{
    keyset::{amount_cursor, by_amount},
    parts::currencies,
    payments::owed,
};

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

/// One page of the payments of the agency.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn list(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    query: &CashPaymentQuery,
) -> Outcome<Page<CashPayment>> {
    page(tx, actor, query, query.page.rows())
}

/// The payment in cash that holds a document; one that was taken back pays nothing.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn paid(tx: &mut ReadTx<'_>, document_id: i64) -> Outcome<Option<DocumentPayment>> {
    let row: Option<CashRow> = cash_payments::table
        .filter(cash_payments::document_id.eq(document_id))
        .filter(cash_payments::state.eq(CashPaymentState::Paid.code()))
        .select(CashRow::as_select())
        .first(tx.conn())
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let code: String = bank_accounts::table.find(row.bank_account_id).select(bank_accounts::code).first(tx.conn())?;
    Ok(Some(DocumentPayment {
        method: PayMethod::Cash,
        id: row.id,
        number: store::printed(&code, row.number),
        run: String::new(),
        on: Some(row.paid_on),
    }))
}

/// A payment of the agency.
///
/// # Errors
/// Not found.
pub(in crate::payments) fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<CashPayment> {
    let row = store::load(tx, actor.agency_id, id)?;
    let mut views = views(tx, actor, vec![row])?;
    views.pop().ok_or(Refusal::NotFound("cash_payment"))
}

fn page(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &CashPaymentQuery, limit: i64) -> Outcome<Page<CashPayment>> {
    let mut query = cash_payments::table.filter(cash_payments::agency_id.eq(actor.agency_id)).into_boxed();
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        query = query.filter(cash_payments::fold.like(text::like_anywhere(word)).escape('\\'));
    }
    if let Some(state) = wanted.state {
        query = query.filter(cash_payments::state.eq(state.code()));
    }
    if let Some(account) = wanted.bank_account_id {
        query = query.filter(cash_payments::bank_account_id.eq(account));
    }
    if let Some(document) = wanted.document_id {
        query = query.filter(cash_payments::document_id.eq(document));
    }
    if let Some(from) = wanted.from {
        query = query.filter(cash_payments::paid_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(cash_payments::paid_on.le(to));
    }
    let sort = wanted.sort.unwrap_or(AmountSort::Newest);
    let query = by_amount!(query, sort, wanted.page.after.as_deref(), cash_payments::base_amount, cash_payments::id);
    let rows: Vec<CashRow> = query.select(CashRow::as_select()).limit(limit + 1).load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| amount_cursor(sort, row.base_amount, row.id), |row| row);
    Ok(Page { items: views(tx, actor, page.items)?, next: page.next, total: None })
}

fn views(tx: &mut ReadTx<'_>, actor: &Actor, rows: Vec<CashRow>) -> Outcome<Vec<CashPayment>> {
    let documents: Vec<i64> = rows.iter().map(|row| row.document_id).collect();
    let named = owed::named(tx, &documents)?;
    let people = names::of_users(tx, rows.iter().flat_map(|row| [Some(row.paid_by), row.ended_by]).flatten())?;
    let accounts: Vec<(i64, String, String, String)> = bank_accounts::table
        .filter(bank_accounts::agency_id.eq(actor.agency_id))
        .filter(bank_accounts::cash.eq(true))
        .select((bank_accounts::id, bank_accounts::code, bank_accounts::name_ar, bank_accounts::name_en))
        .load(tx.conn())?;
    let accounts: BTreeMap<i64, (String, Named)> =
        accounts.into_iter().map(|(id, code, ar, en)| (id, (code, Named { ar, en }))).collect();
    let scales = currencies::scales(tx)?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let state: CashPaymentState = row.state.parse()?;
        let (code, account) = accounts.get(&row.bank_account_id).cloned().unwrap_or_default();
        views.push(CashPayment {
            id: row.id,
            bank_account_id: row.bank_account_id,
            account,
            number: store::printed(&code, row.number),
            state,
            document_id: row.document_id,
            document: named.get(&row.document_id).map(|(_, number)| number.clone()).unwrap_or_default(),
            payee: row.payee,
            taken_by: row.taken_by,
            identity: row.identity,
            note: row.note,
            scale: currencies::scale_of(&scales, &row.currency),
            currency: row.currency,
            amount: row.amount,
            base_amount: row.base_amount,
            paid_on: row.paid_on,
            paid_by: people.get(row.paid_by).cloned().unwrap_or_default(),
            paid_at: row.paid_at,
            ended_on: row.ended_on,
            ended_by: row.ended_by.and_then(|by| people.get(by).cloned()),
            reason: row.reason,
            entry_id: row.entry_id,
            return_entry_id: row.return_entry_id,
            actions: actions(actor, state),
        });
    }
    Ok(views)
}

fn actions(actor: &Actor, state: CashPaymentState) -> Vec<String> {
    let open = |action: &&CashPaymentAction| {
        allowed(CASH_PAYMENT_TRANSITIONS, state, **action)
            .is_some_and(|step| step.permission.is_none_or(|right| actor.can(right)))
    };
    CashPaymentAction::ALL.iter().filter(open).map(|action| action.code().to_owned()).collect()
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(super) fn export(tx: &mut ReadTx<'_>, actor: &Actor, query: &CashPaymentQuery, lang: Lang) -> Outcome<Export> {
    let columns = [
        Column::new("رقم السند", "Receipt", 16),
        Column::new("الصندوق", "Cash box", 30),
        Column::new("المستند", "Document", 16),
        Column::new("المستفيد", "Payee", 40),
        Column::new("المستلم", "Received by", 40),
        Column::new("رقم الهوية", "Identity number", 18),
        Column::new("تاريخ الصرف", "Paid on", 12),
        Column::new("العملة", "Currency", 8),
        Column::new("المبلغ", "Amount", 18),
        Column::new("أمين الصندوق", "Cashier", 30),
        Column::new("الحالة", "State", 14),
        Column::new("تاريخ الإلغاء", "Cancelled on", 12),
        Column::new("السبب", "Reason", 40),
    ];
    let sheet = ListSheet::new(lang, ("سجل الصرف النقدي", "Register of cash payments"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &CashPaymentQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| {
            vec![
                Cell::text(&item.number),
                Cell::named(&item.account, lang),
                Cell::text(&item.document),
                Cell::text(&item.payee),
                Cell::text(&item.taken_by),
                Cell::text(&item.identity),
                Cell::Day(item.paid_on),
                Cell::text(&item.currency),
                Cell::Amount(item.amount, item.scale),
                Cell::named(&item.paid_by, lang),
                Cell::text(said(item.state, lang)),
                item.ended_on.map_or(Cell::Empty, Cell::Day),
                Cell::text(&item.reason),
            ]
        },
    )
}

/// A state in a language.
pub(super) const fn said(state: CashPaymentState, lang: Lang) -> &'static str {
    lang.pick(match state {
        CashPaymentState::Paid => ("مصروف", "Paid"),
        CashPaymentState::Cancelled => ("ملغى", "Cancelled"),
    })
}
