//! What is to be paid (مستحقات الدفع): posted documents of which something is open, searched, filtered, sorted by their due days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Date,
};
use diwan_db::{AnyConnection, ReadTx, lower};
use diwan_finance_api::{Coded, PayMethod, PayableDocument, PayableQuery, PayableSort, valid_iban};
use diwan_kernel::{Lang, Named, Page, PageRequest, money, text};
use diwan_platform::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
    visible_records,
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::{
    finance::{finance_documents, parties},
    platform::records,
};

use super::owed;
use crate::{
    keyset::{at, keyset},
    parts::currencies,
};

type Backend = <AnyConnection as Connection>::Backend;
type OnRecord = diesel::helper_types::Eq<finance_documents::record_id, records::id>;
type Boxed = diesel::helper_types::IntoBoxed<
    'static,
    diesel::helper_types::InnerJoin<records::table, diesel::helper_types::On<finance_documents::table, OnRecord>>,
    Backend,
>;

/// Rows that a file is read by.
const EXPORT_ROWS: i64 = 1_000;
/// What has no due day comes after all that has one.
const NO_DAY: &str = "9999-12-31";

/// The day by which a document is to be paid, for order.
fn due() -> diesel::expression::SqlLiteral<Date> {
    sql::<Date>(&format!("COALESCE(records.due_on, '{NO_DAY}')"))
}

#[derive(Queryable)]
struct Row {
    id: i64,
    kind: String,
    number: Option<String>,
    subject: String,
    due_on: Option<NaiveDate>,
    party_id: Option<i64>,
    effective_on: NaiveDate,
    method: String,
    currency: String,
    open: i64,
}

impl Row {
    fn cursor(&self, sort: PayableSort) -> String {
        let key = match sort {
            PayableSort::Due | PayableSort::DueDown => {
                self.due_on.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
            }
            PayableSort::Newest | PayableSort::Oldest => self.id.to_string(),
            PayableSort::Amount | PayableSort::AmountDown => self.open.to_string(),
        };
        format!("{key}|{}", self.id)
    }
}

/// One page of what is to be paid.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor, query: &PayableQuery) -> Outcome<Page<PayableDocument>> {
    page(tx, actor, query, query.page.rows())
}

/// Ids of all that the filter finds, one more than the most that is wanted where there are more.
///
/// # Errors
/// The database fails.
pub(super) fn ids(tx: &mut ReadTx<'_>, actor: &Actor, query: &PayableQuery, most: usize) -> Outcome<Vec<i64>> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    Ok(filtered(actor, query).select(records::id).order(records::id).limit(limit).load(tx.conn())?)
}

fn page(tx: &mut ReadTx<'_>, actor: &Actor, wanted: &PayableQuery, limit: i64) -> Outcome<Page<PayableDocument>> {
    let query = filtered(actor, wanted);
    let sort = wanted.sort.unwrap_or(PayableSort::Due);
    let after = wanted.page.after.as_deref();
    let open = finance_documents::to_pay;
    let query = match sort {
        PayableSort::Due => keyset!(query, due(), records::id, at::<NaiveDate>(after), up),
        PayableSort::DueDown => keyset!(query, due(), records::id, at::<NaiveDate>(after), down),
        PayableSort::Newest => keyset!(query, records::id, records::id, at::<i64>(after), down),
        PayableSort::Oldest => keyset!(query, records::id, records::id, at::<i64>(after), up),
        PayableSort::Amount => keyset!(query, open, records::id, at::<i64>(after), up),
        PayableSort::AmountDown => keyset!(query, open, records::id, at::<i64>(after), down),
    };
    let rows: Vec<Row> = query
        .select((
            records::id,
            records::kind,
            records::number,
            records::subject,
            records::due_on,
            finance_documents::party_id,
            finance_documents::effective_on,
            finance_documents::method,
            finance_documents::currency,
            finance_documents::to_pay,
        ))
        .limit(limit + 1)
        .load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.cursor(sort), |row| row);
    Ok(Page { items: views(tx, page.items)?, next: page.next, total: None })
}

/// Code, name and IBAN of parties.
type Parties = BTreeMap<i64, (Coded, String)>;

fn parties_of(tx: &mut ReadTx<'_>, rows: &[Row]) -> Outcome<Parties> {
    let ids: std::collections::BTreeSet<i64> = rows.iter().filter_map(|row| row.party_id).collect();
    let found: Vec<(i64, String, String, String, String)> = parties::table
        .filter(parties::id.eq_any(ids))
        .select((parties::id, parties::code, parties::name_ar, parties::name_en, parties::iban))
        .load(tx.conn())?;
    Ok(found
        .into_iter()
        .map(|(id, code, ar, en, iban)| (id, (Coded { id, code, name: Named { ar, en } }, iban)))
        .collect())
}

fn views(tx: &mut ReadTx<'_>, rows: Vec<Row>) -> Outcome<Vec<PayableDocument>> {
    let parties = parties_of(tx, &rows)?;
    let nets = owed::nets(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let scales = currencies::scales(tx)?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let party = row.party_id.and_then(|id| parties.get(&id).cloned());
        let (party, iban) = party.map_or((None, String::new()), |(party, iban)| (Some(party), iban));
        views.push(PayableDocument {
            id: row.id,
            kind: row.kind.parse()?,
            number: row.number.unwrap_or_default(),
            subject: row.subject,
            party,
            payable: valid_iban(&iban),
            iban,
            effective_on: row.effective_on,
            due_on: row.due_on,
            method: row.method.parse()?,
            scale: currencies::scale_of(&scales, &row.currency),
            currency: row.currency,
            // It is open as a whole or not at all.
            amount: nets.get(&row.id).copied().unwrap_or_default(),
            base_amount: row.open,
        });
    }
    Ok(views)
}

fn filtered(actor: &Actor, wanted: &PayableQuery) -> Boxed {
    let mut query = records::table
        .inner_join(finance_documents::table.on(finance_documents::record_id.eq(records::id)))
        .filter(visible_records!(actor))
        .filter(finance_documents::to_pay.gt(0))
        .into_boxed();
    query = query.filter(finance_documents::method.eq(wanted.method.unwrap_or(PayMethod::Transfer).code()));
    for word in wanted.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        let like = text::like_anywhere(word);
        let payee = parties::table
            .filter(parties::id.nullable().eq(finance_documents::party_id))
            .filter(parties::fold.like(like.clone()).escape('\\'));
        query = query.filter(
            records::fold
                .like(like.clone())
                .escape('\\')
                .or(lower("records.number").like(like.clone()).escape('\\'))
                .or(lower("finance_documents.reference").like(like).escape('\\'))
                .or(exists(payee)),
        );
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(records::kind.eq(kind.code()));
    }
    if let Some(party) = wanted.party_id {
        query = query.filter(finance_documents::party_id.eq(party));
    }
    if let Some(currency) = &wanted.currency {
        query = query.filter(finance_documents::currency.eq(currency.clone()));
    }
    if let Some(day) = wanted.due_to {
        query = query.filter(records::due_on.is_null().or(records::due_on.le(day)));
    }
    if let Some(min) = wanted.min {
        query = query.filter(finance_documents::to_pay.ge(min));
    }
    if let Some(max) = wanted.max {
        query = query.filter(finance_documents::to_pay.le(max));
    }
    query
}

/// The list as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// `too_many_rows`; the file cannot be written.
pub(super) fn export(tx: &mut ReadTx<'_>, actor: &Actor, query: &PayableQuery, lang: Lang) -> Outcome<Export> {
    let columns = [
        Column::new("النوع", "Kind", 18),
        Column::new("الرقم", "Number", 16),
        Column::new("البيان", "Subject", 50),
        Column::new("المستفيد", "Payee", 36),
        Column::new("رقم الحساب الدولي (IBAN)", "IBAN", 34),
        Column::new("التاريخ", "Date", 12),
        Column::new("تاريخ الاستحقاق", "Due", 12),
        Column::new("العملة", "Currency", 8),
        Column::new("المبلغ", "Amount", 18),
        Column::new("المبلغ بالدينار", "Amount in JOD", 18),
    ];
    let sheet = ListSheet::new(lang, ("مستحقات الدفع", "To be paid"), columns);
    sheet.write(
        |after| {
            let part = PageRequest { after, limit: None };
            page(tx, actor, &PayableQuery { page: part, ..query.clone() }, EXPORT_ROWS)
        },
        |item| {
            let kind = item.kind.code().parse::<RecordKind>();
            vec![
                kind.map_or(Cell::Empty, |kind| Cell::text(lang.pick(kind.names()))),
                Cell::text(&item.number),
                Cell::text(&item.subject),
                item.party.as_ref().map_or(Cell::Empty, |party| Cell::named(&party.name, lang)),
                Cell::text(&item.iban),
                Cell::Day(item.effective_on),
                item.due_on.map_or(Cell::Empty, Cell::Day),
                Cell::text(&item.currency),
                Cell::Amount(item.amount, item.scale),
                Cell::Amount(item.base_amount, money::JOD_SCALE),
            ]
        },
    )
}
