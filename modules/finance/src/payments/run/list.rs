//! The list of runs: searched, filtered, paged by key, and as a sheet.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{prelude::*, sql_query, sql_types::BigInt};
use diwan_db::{ReadTx, id_list, lower};
use diwan_finance_api::{AmountSort, PaymentRunItem, PaymentRunQuery, PaymentRunState};
use diwan_kernel::{Lang, Named, Page, PageRequest, text};
use diwan_platform::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_schema::{
    finance::{bank_accounts, payment_runs},
    platform::records,
};

use crate::{
    keyset::{amount_cursor, by_amount},
    parts::currencies,
};

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;

/// A run as it is loaded: run, then number and subject, then the names of its account.
type Loaded = (Row, Option<String>, String, String, String);

#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_runs)]
struct Row {
    record_id: i64,
    state: String,
    pay_on: NaiveDate,
    currency: String,
    items: i64,
    amount: i64,
    base_amount: i64,
}

/// One page of the runs of the agency.
///
/// # Errors
/// The database fails.
pub(in crate::payments) fn list(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    query: &PaymentRunQuery,
) -> Outcome<Page<PaymentRunItem>> {
    page(tx, actor, query, query.page.rows())
}

fn page(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &PaymentRunQuery, limit: i64) -> Outcome<Page<PaymentRunItem>> {
    let mut query = payment_runs::table
        .inner_join(records::table.on(records::id.eq(payment_runs::record_id)))
        .inner_join(bank_accounts::table.on(bank_accounts::id.eq(payment_runs::bank_account_id)))
        .filter(payment_runs::agency_id.eq(actor.agency_id))
        .into_boxed();
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        let like = text::like_anywhere(word);
        let named = records::fold.like(like.clone()).escape('\\');
        query = query.filter(named.or(lower("records.number").like(like).escape('\\')));
    }
    if let Some(state) = wanted.state {
        query = query.filter(payment_runs::state.eq(state.code()));
    }
    if let Some(account) = wanted.bank_account_id {
        query = query.filter(payment_runs::bank_account_id.eq(account));
    }
    if let Some(from) = wanted.from {
        query = query.filter(payment_runs::pay_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(payment_runs::pay_on.le(to));
    }
    let sort = wanted.sort.unwrap_or(AmountSort::Newest);
    let after = wanted.page.after.as_deref();
    let query = by_amount!(query, sort, after, payment_runs::base_amount, payment_runs::record_id);
    let rows: Vec<Loaded> = query
        .select((Row::as_select(), records::number, records::subject, bank_accounts::name_ar, bank_accounts::name_en))
        .limit(limit + 1)
        .load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |(row, ..)| amount_cursor(sort, row.base_amount, row.record_id), |row| row);
    let failed = failed(tx, &page.items.iter().map(|(row, ..)| row.record_id).collect::<Vec<_>>())?;
    let scales = currencies::scales(tx)?;
    let mut items = Vec::with_capacity(page.items.len());
    for (row, number, subject, ar, en) in page.items {
        items.push(PaymentRunItem {
            id: row.record_id,
            number,
            subject,
            state: row.state.parse()?,
            account: Named { ar, en },
            pay_on: row.pay_on,
            scale: currencies::scale_of(&scales, &row.currency),
            currency: row.currency,
            items: row.items,
            amount: row.amount,
            failed: failed.get(&row.record_id).copied().unwrap_or_default(),
        });
    }
    Ok(Page { items, next: page.next, total: None })
}

#[derive(QueryableByName)]
struct Failed {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    items: i64,
}

/// How many items of these runs came back or were refused by the bank.
fn failed(tx: &mut ReadTx<'_>, runs: &[i64]) -> Outcome<BTreeMap<i64, i64>> {
    if runs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Failed> = sql_query(format!(
        "SELECT run_id AS id, COUNT(*) AS items FROM payment_items
        WHERE run_id IN ({}) AND state IN ('returned', 'rejected') GROUP BY run_id",
        id_list(runs.iter().copied())
    ))
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.items)).collect())
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(in crate::payments) fn export(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    query: &PaymentRunQuery,
    lang: Lang,
) -> Outcome<Export> {
    let columns = [
        Column::new("الرقم", "Number", 16),
        Column::new("البيان", "Subject", 50),
        Column::new("الحساب البنكي", "Bank account", 30),
        Column::new("تاريخ الدفع", "Pay on", 12),
        Column::new("الحالة", "State", 14),
        Column::new("عدد الحوالات", "Transfers", 12),
        Column::new("العملة", "Currency", 8),
        Column::new("المبلغ", "Amount", 18),
        Column::new("مرتجعة أو مرفوضة", "Returned or refused", 18),
    ];
    let sheet = ListSheet::new(lang, ("دفعات الصرف", "Payment runs"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &PaymentRunQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| {
            let number = |count: i64| i32::try_from(count).map_or(Cell::Empty, Cell::Number);
            vec![
                Cell::text(item.number.clone().unwrap_or_default()),
                Cell::text(&item.subject),
                Cell::named(&item.account, lang),
                Cell::Day(item.pay_on),
                Cell::text(said(item.state, lang)),
                number(item.items),
                Cell::text(&item.currency),
                Cell::Amount(item.amount, item.scale),
                number(item.failed),
            ]
        },
    )
}

/// A state in a language.
pub(crate) const fn said(state: PaymentRunState, lang: Lang) -> &'static str {
    lang.pick(match state {
        PaymentRunState::Draft => ("مسودة", "Draft"),
        PaymentRunState::Approved => ("معتمدة", "Approved"),
        PaymentRunState::Sent => ("مرسلة إلى البنك", "Sent to the bank"),
        PaymentRunState::Executed => ("منفذة", "Executed"),
        PaymentRunState::Void => ("ملغاة", "Void"),
    })
}
