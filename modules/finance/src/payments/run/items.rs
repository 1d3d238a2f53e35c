//! The items of a run: searched, filtered, paged by their places, and as a sheet.

use chrono::NaiveDate;
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_db::ReadTx;
use diwan_finance_api::{AmountSort, DocumentPayment, PayMethod, PaymentItem, PaymentItemQuery, PaymentItemState};
use diwan_kernel::{Lang, Page, PageRequest, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_schema::{finance::payment_items, platform::records};

use super::store::{self, ItemRow};
use crate::{
    keyset::{amount_cursor, by_amount},
    payments::{account, owed},
};

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

/// One page of the items of a run of the agency.
///
/// # Errors
/// Not found; the database fails.
pub(in crate::payments) fn list(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    run_id: i64,
    query: &PaymentItemQuery,
) -> Outcome<Page<PaymentItem>> {
    store::load(tx, actor.agency_id, run_id)?;
    page(tx, run_id, query, query.page.rows())
}

/// The transfer that holds a document, once its run is approved; one that was refused or came back pays nothing.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn paid(tx: &mut ReadTx<'_>, document_id: i64) -> Outcome<Option<DocumentPayment>> {
    let row: Option<(i64, String, Option<NaiveDate>, Option<String>)> = payment_items::table
        .inner_join(records::table.on(records::id.eq(payment_items::run_id)))
        .filter(payment_items::document_id.eq(document_id))
        // As its index has it.
        .filter(sql::<Bool>("payment_items.state IN ('pending', 'executed')"))
        .filter(records::number.is_not_null())
        .select((records::id, payment_items::end_to_end, payment_items::executed_on, records::number))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(id, number, on, run)| DocumentPayment {
        method: PayMethod::Transfer,
        id,
        number,
        run: run.unwrap_or_default(),
        on,
    }))
}

/// All items of a run, for its print.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn all(tx: &mut ReadTx<'_>, run_id: i64) -> Outcome<Vec<PaymentItem>> {
    let rows = store::items(tx, run_id, None)?;
    views(tx, rows)
}

fn page(tx: &mut ReadTx<'_>, run_id: i64, wanted: &PaymentItemQuery, limit: i64) -> Outcome<Page<PaymentItem>> {
    let mut query = payment_items::table.filter(payment_items::run_id.eq(run_id)).into_boxed();
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        query = query.filter(payment_items::fold.like(text::like_anywhere(word)).escape('\\'));
    }
    if let Some(state) = wanted.state {
        query = query.filter(payment_items::state.eq(state.code()));
    }
    let sort = wanted.sort.unwrap_or(AmountSort::Oldest);
    let after = wanted.page.after.as_deref();
    let query = by_amount!(query, sort, after, payment_items::base_amount, payment_items::seq);
    let rows: Vec<ItemRow> = query.select(ItemRow::as_select()).limit(limit + 1).load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| amount_cursor(sort, row.base_amount, row.seq), |row| row);
    Ok(Page { items: views(tx, page.items)?, next: page.next, total: None })
}

fn views(tx: &mut ReadTx<'_>, rows: Vec<ItemRow>) -> Outcome<Vec<PaymentItem>> {
    let documents: Vec<i64> = rows.iter().map(|row| row.document_id).collect();
    let named = owed::named(tx, &documents)?;
    rows.into_iter()
        .map(|row| {
            let of = named.get(&row.document_id).cloned().ok_or(Refusal::NotFound("finance_document"))?;
            Ok(PaymentItem {
                id: row.id,
                seq: row.seq,
                state: row.state.parse()?,
                document_id: row.document_id,
                document_kind: of.0,
                document: of.1,
                payee: row.payee,
                iban: row.iban,
                amount: row.amount,
                base_amount: row.base_amount,
                end_to_end: row.end_to_end,
                executed_on: row.executed_on,
                failed_on: row.failed_on,
                reason: row.reason,
                entry_id: row.entry_id,
            })
        })
        .collect()
}

/// The items as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// Not found; `too_many_rows`; the file cannot be written.
pub(in crate::payments) fn export(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    (run_id, query): (i64, &PaymentItemQuery),
    lang: Lang,
) -> Outcome<Export> {
    let run = store::load(tx, actor.agency_id, run_id)?;
    let scale = account::scale(tx, &run.currency)?;
    let columns = [
        Column::new("ت", "No", 6),
        Column::new("المستند", "Document", 16),
        Column::new("المستفيد", "Payee", 40),
        Column::new("رقم الحساب الدولي (IBAN)", "IBAN", 34),
        Column::new("المبلغ", "Amount", 18),
        Column::new("الحالة", "State", 16),
        Column::new("المرجع", "Reference", 20),
        Column::new("تاريخ التنفيذ", "Executed on", 12),
        Column::new("تاريخ الارتجاع أو الرفض", "Returned or refused on", 14),
        Column::new("السبب", "Reason", 40),
    ];
    let sheet = ListSheet::new(lang, ("الحوالات", "Transfers"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, run_id, &PaymentItemQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| {
            let day = |day: Option<NaiveDate>| day.map_or(Cell::Empty, Cell::Day);
            vec![
                i32::try_from(item.seq).map_or(Cell::Empty, Cell::Number),
                Cell::text(&item.document),
                Cell::text(&item.payee),
                Cell::text(&item.iban),
                Cell::Amount(item.amount, scale),
                Cell::text(said(item.state, lang)),
                Cell::text(&item.end_to_end),
                day(item.executed_on),
                day(item.failed_on),
                Cell::text(&item.reason),
            ]
        },
    )
}

/// A state in a language.
const fn said(state: PaymentItemState, lang: Lang) -> &'static str {
    lang.pick(match state {
        PaymentItemState::Pending => ("بانتظار التنفيذ", "Pending"),
        PaymentItemState::Executed => ("منفذة", "Executed"),
        PaymentItemState::Returned => ("مرتجعة", "Returned"),
        PaymentItemState::Rejected => ("رفضها البنك", "Refused by the bank"),
        PaymentItemState::Released => ("ألغيت مع الدفعة", "Voided with the run"),
    })
}
