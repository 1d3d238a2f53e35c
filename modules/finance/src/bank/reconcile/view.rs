//! A reconciliation as it is shown: a draft as it stands now, what was submitted as it was written down.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, lower};
use diwan_finance_api::{
    PaymentSort, Reconciliation, ReconciliationItem, ReconciliationQuery, ReconciliationRow as Listed,
    ReconciliationState,
};
use diwan_kernel::{Lang, Named, Page, PageRequest, Permission, money, page::MAX_PAGE, text};
use diwan_platform::{
    Actor, Outcome,
    people::names,
    records::store as spine,
    sheet::{Cell, Column, Export, ListSheet, SheetWriter},
};
use diwan_schema::{
    finance::{bank_accounts, reconciliations},
    platform::records,
};

use super::{
    super::{account, statements::cursor},
    figures::{self, Content},
    store,
};

/// A reconciliation of the agency.
///
/// # Errors
/// Not found; the database fails.
pub fn view(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<Reconciliation> {
    let row = store::load(tx, actor.agency_id, id)?;
    let account = account::load(tx, actor.agency_id, row.bank_account_id)?;
    let record = spine::load_for_system(tx, id)?;
    let prepared_by = spine::user_ref(tx, row.prepared_by)?.name;
    let mut content: Content = match &row.content {
        Some(stored) => serde_json::from_str(stored)?,
        None => figures::of(tx, &account, &row, (prepared_by.clone(), None))?,
    };
    name_kinds(tx, &mut content)?;
    let state = row.state()?;
    let approved_by = row.approved_by.map(|user| spine::user_ref(tx, user)).transpose()?;
    let reconciles = actor.require(Permission::FinanceReconcile).is_ok();
    Ok(Reconciliation {
        bank_only: content.bank_only(),
        books_only: content.books_only(),
        adjusted: content.book_balance + content.bank_only(),
        may_approve: reconciles && state == ReconciliationState::Submitted && row.prepared_by != actor.user_id,
        id,
        version: record.version,
        account_id: account.id,
        account: account.name(),
        account_number: content.account,
        currency: content.currency,
        scale: content.scale,
        number: record.number,
        day: content.day,
        state,
        book_balance: content.book_balance,
        bank_balance: content.bank_balance,
        bank_items: content.bank_items,
        outstanding: content.outstanding,
        in_transit: content.in_transit,
        prepared_by,
        submitted_at: row.submitted_at,
        approved_by: approved_by.map(|user| user.name),
        approved_at: row.approved_at,
        root: row.root,
    })
}

/// Says of the items of the books what their records are: a document, or a run with a page of its own.
fn name_kinds(tx: &mut ReadTx<'_>, content: &mut Content) -> Outcome<()> {
    let items: Vec<&mut ReconciliationItem> = content.outstanding.iter_mut().chain(&mut content.in_transit).collect();
    let ids: Vec<i64> = items.iter().filter_map(|item| item.record_id).collect();
    let mut kinds = BTreeMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(i64, String)> =
            records::table.filter(records::id.eq_any(some)).select((records::id, records::kind)).load(tx.conn())?;
        kinds.extend(found);
    }
    for item in items {
        item.kind = item.record_id.and_then(|id| kinds.get(&id)).cloned().unwrap_or_default();
    }
    Ok(())
}

/// Reconciliations of the agency, latest first unless asked otherwise.
pub(in super::super) fn list(tx: &mut ReadTx<'_>, actor: &Actor, asked: &ReconciliationQuery) -> Outcome<Page<Listed>> {
    let limit = asked.page.rows();
    let mut query = reconciliations::table
        .inner_join(bank_accounts::table.on(bank_accounts::id.eq(reconciliations::bank_account_id)))
        .inner_join(records::table.on(records::id.eq(reconciliations::record_id)))
        .into_boxed()
        .filter(reconciliations::agency_id.eq(actor.agency_id))
        .limit(limit + 1);
    for word in asked.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        let like = text::like_anywhere(word);
        let named = records::fold.like(like.clone()).escape('\\');
        query = query.filter(named.or(lower("records.number").like(like).escape('\\')));
    }
    if let Some(state) = asked.state {
        query = query.filter(reconciliations::state.eq(state.code()));
    }
    if let Some(account) = asked.bank_account_id {
        query = query.filter(reconciliations::bank_account_id.eq(account));
    }
    if let Some(from) = asked.from {
        query = query.filter(reconciliations::day.ge(from));
    }
    if let Some(to) = asked.to {
        query = query.filter(reconciliations::day.le(to));
    }
    let query = match (asked.sort.unwrap_or(PaymentSort::Newest), cursor(&asked.page)?) {
        (PaymentSort::Newest, None) => query.order(reconciliations::record_id.desc()),
        (PaymentSort::Newest, Some(id)) => {
            query.filter(reconciliations::record_id.lt(id)).order(reconciliations::record_id.desc())
        }
        (PaymentSort::Oldest, None) => query.order(reconciliations::record_id.asc()),
        (PaymentSort::Oldest, Some(id)) => {
            query.filter(reconciliations::record_id.gt(id)).order(reconciliations::record_id.asc())
        }
    };
    let rows: Vec<(store::ReconciliationRow, String, String, String, Option<String>)> = query
        .select((
            store::ReconciliationRow::as_select(),
            bank_accounts::name_ar,
            bank_accounts::name_en,
            bank_accounts::currency,
            records::number,
        ))
        .load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |(row, ..)| row.record_id.to_string(), |row| row);
    let people = names::of_users(tx, page.items.iter().map(|(row, ..)| row.prepared_by))?;
    let mut items = Vec::with_capacity(page.items.len());
    for (row, ar, en, currency, number) in page.items {
        items.push(Listed {
            state: row.state()?,
            id: row.record_id,
            account: Named { ar, en },
            number,
            day: row.day,
            bank_balance: row.bank_balance,
            scale: account::scale(&currency),
            prepared_by: people.get(row.prepared_by).cloned().unwrap_or_default(),
        });
    }
    Ok(Page { items, next: page.next, total: None })
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(in super::super) fn export(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    asked: &ReconciliationQuery,
    lang: Lang,
) -> Outcome<Export> {
    let columns = [
        Column::new("الحساب البنكي", "Bank account", 30),
        Column::new("الرقم", "Number", 16),
        Column::new("حتى يوم", "Up to", 12),
        Column::new("الرصيد حسب كشف البنك", "Balance of the bank", 18),
        Column::new("الحالة", "State", 16),
        Column::new("أعدّها", "Prepared by", 24),
    ];
    let sheet = ListSheet::new(lang, ("التسويات البنكية", "Bank reconciliations"), columns);
    sheet.write(
        |after| {
            let page = PageRequest { after, limit: Some(MAX_PAGE) };
            list(tx, actor, &ReconciliationQuery { page, ..asked.clone() })
        },
        |one: &Listed| {
            vec![
                Cell::named(&one.account, lang),
                Cell::text(one.number.clone().unwrap_or_default()),
                Cell::Day(one.day),
                Cell::Amount(one.bank_balance, one.scale),
                Cell::text(said(one.state, lang)),
                Cell::named(&one.prepared_by, lang),
            ]
        },
    )
}

/// A state in a language.
const fn said(state: ReconciliationState, lang: Lang) -> &'static str {
    lang.pick(match state {
        ReconciliationState::Draft => ("مسودة", "Draft"),
        ReconciliationState::Submitted => ("مرفوعة للاعتماد", "Submitted"),
        ReconciliationState::Approved => ("معتمدة", "Approved"),
    })
}

/// A reconciliation as XLSX: the two balances, each item between them, and what they come to.
pub(in super::super) fn sheet(of: &Reconciliation, lang: Lang) -> Outcome<Vec<u8>> {
    let said = |ar: &str, en: &str| if lang == Lang::Ar { ar.to_owned() } else { en.to_owned() };
    let columns = [
        Column::new("القسم", "Part", 40),
        Column::new("التاريخ", "Day", 12),
        Column::new("المرجع", "Reference", 24),
        Column::new("البيان", "Details", 50),
        Column::new("المبلغ", "Amount", 18),
    ];
    let name = Named { ar: "تسوية بنكية".to_owned(), en: "Bank reconciliation".to_owned() };
    let mut sheet = SheetWriter::new(lang, &name, &columns)?;
    let amount = |minor: i64| Cell::text(money::format(minor, of.scale));
    let balance =
        |part: String, minor: i64| [Cell::text(part), Cell::Day(of.day), Cell::Empty, Cell::Empty, amount(minor)];
    let items = |sheet: &mut SheetWriter, part: String, items: &[ReconciliationItem]| {
        items.iter().try_for_each(|item| {
            let words = [Cell::text(&part), Cell::Day(item.day), Cell::text(&item.reference), Cell::text(&item.text)];
            sheet.row(&[&words[..], &[amount(item.amount)]].concat())
        })
    };
    sheet.row(&balance(said("الرصيد حسب الدفاتر", "Balance of the books"), of.book_balance))?;
    items(&mut sheet, said("لدى البنك وليس في الدفاتر", "At the bank, not in the books"), &of.bank_items)?;
    sheet.row(&balance(said("رصيد الدفاتر المعدل", "Adjusted balance of the books"), of.adjusted))?;
    sheet.row(&balance(said("الرصيد حسب كشف البنك", "Balance of the bank"), of.bank_balance))?;
    items(&mut sheet, said("شيكات وحوالات لم تُصرف", "Outstanding cheques and transfers"), &of.outstanding)?;
    items(&mut sheet, said("إيداعات في الطريق", "Deposits in transit"), &of.in_transit)?;
    sheet.row(&balance(said("رصيد البنك المعدل", "Adjusted balance of the bank"), of.bank_balance + of.books_only))?;
    sheet.finish()
}
