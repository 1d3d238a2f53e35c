//! Statements that are kept: lists, one with its lines, the file as it came, and taking back the last one.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx, lower};
use diwan_finance_api::{BankLine, BankLineQuery, BankStatement, BankStatementQuery, PaymentSort};
use diwan_kernel::{Lang, Named, Page, PageRequest, money, page::MAX_PAGE, text};
use diwan_platform::{
    Actor, Outcome, Refusal, audit,
    sheet::{Cell, Column, Export, ListSheet},
};
use diwan_schema::{
    finance::{bank_lines, bank_statements, reconciliations},
    platform::users,
};
use serde_json::json;

use super::{
    account::{self, BankAccountRow},
    lines::{self, LineRow},
};

/// A statement as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bank_statements)]
pub(super) struct StatementRow {
    pub(super) id: i64,
    pub(super) bank_account_id: i64,
    pub(super) seq: i64,
    pub(super) number: String,
    bank_seq: i64,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    currency: String,
    pub(super) opening: i64,
    pub(super) closing: i64,
    lines: i32,
    pub(super) blob_hash: String,
    pub(super) file_name: String,
    imported_by: i64,
    imported_at: NaiveDateTime,
}

/// A statement of the agency with its account.
pub(super) fn load(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<(StatementRow, BankAccountRow)> {
    let row: StatementRow = bank_statements::table
        .find(id)
        .filter(bank_statements::agency_id.eq(actor.agency_id))
        .select(StatementRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("bank_statement"))?;
    let account = account::load(tx, actor.agency_id, row.bank_account_id)?;
    Ok((row, account))
}

/// The statements of an account, latest first unless asked otherwise.
pub(super) fn list(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    account_id: i64,
    asked: &BankStatementQuery,
) -> Outcome<Page<BankStatement>> {
    let account = account::load(tx, actor.agency_id, account_id)?;
    let limit = asked.page.rows();
    let mut query =
        bank_statements::table.into_boxed().filter(bank_statements::bank_account_id.eq(account_id)).limit(limit + 1);
    for word in asked.q.as_deref().unwrap_or_default().split_whitespace().take(8) {
        let like = text::like_anywhere(word);
        let number = lower("bank_statements.number").like(like.clone()).escape('\\');
        query = query.filter(number.or(lower("bank_statements.file_name").like(like).escape('\\')));
    }
    if let Some(from) = asked.from {
        query = query.filter(bank_statements::ends_on.ge(from));
    }
    if let Some(to) = asked.to {
        query = query.filter(bank_statements::starts_on.le(to));
    }
    let query = match (asked.sort.unwrap_or(PaymentSort::Newest), cursor(&asked.page)?) {
        (PaymentSort::Newest, None) => query.order(bank_statements::seq.desc()),
        (PaymentSort::Newest, Some(seq)) => {
            query.filter(bank_statements::seq.lt(seq)).order(bank_statements::seq.desc())
        }
        (PaymentSort::Oldest, None) => query.order(bank_statements::seq.asc()),
        (PaymentSort::Oldest, Some(seq)) => {
            query.filter(bank_statements::seq.gt(seq)).order(bank_statements::seq.asc())
        }
    };
    let rows: Vec<StatementRow> = query.select(StatementRow::as_select()).load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.seq.to_string(), |row| row);
    Ok(Page { items: views(tx, &account, page.items)?, next: page.next, total: None })
}

/// Where the page before ended.
///
/// # Errors
/// The field `after`: `bad_cursor`.
pub(super) fn cursor(page: &PageRequest) -> Outcome<Option<i64>> {
    let after = page.after.as_deref().map(|after| after.parse::<i64>()).transpose();
    after.map_err(|_no_number| Refusal::field("after", "bad_cursor"))
}

/// The statements of an account as a sheet: all rows of the filters; answers the file and its rows.
///
/// # Errors
/// Not found; `too_many_rows`; the file cannot be written.
pub(super) fn sheet(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    account_id: i64,
    asked: &BankStatementQuery,
    lang: Lang,
) -> Outcome<Export> {
    let columns = [
        Column::new("الحساب", "Account", 30),
        Column::new("الكشف", "Statement", 20),
        Column::new("من", "From", 12),
        Column::new("إلى", "To", 12),
        Column::new("العملة", "Currency", 8),
        Column::new("الرصيد الافتتاحي", "Opening balance", 18),
        Column::new("الرصيد الختامي", "Closing balance", 18),
        Column::new("الحركات", "Lines", 10),
        Column::new("غير المطابق منها", "Open of them", 10),
        Column::new("الملف", "File", 30),
        Column::new("استورده", "Imported by", 24),
    ];
    let sheet = ListSheet::new(lang, ("كشوف الحساب", "Statements"), columns);
    let count = |rows: i64| Cell::Number(i32::try_from(rows).unwrap_or(i32::MAX));
    sheet.write(
        |after| {
            let page = PageRequest { after, limit: Some(MAX_PAGE) };
            list(tx, actor, account_id, &BankStatementQuery { page, ..asked.clone() })
        },
        |one: &BankStatement| {
            vec![
                Cell::named(&one.account, lang),
                Cell::text(&one.number),
                Cell::Day(one.starts_on),
                Cell::Day(one.ends_on),
                Cell::text(&one.currency),
                Cell::Amount(one.opening, one.scale),
                Cell::Amount(one.closing, one.scale),
                count(one.lines),
                count(one.open),
                Cell::text(&one.file_name),
                Cell::named(&one.imported_by, lang),
            ]
        },
    )
}

/// Statements with how many of their lines are open and who brought them.
pub(super) fn views(
    tx: &mut ReadTx<'_>,
    account: &BankAccountRow,
    rows: Vec<StatementRow>,
) -> Outcome<Vec<BankStatement>> {
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let open: Vec<(i64, i64)> = bank_lines::table
        .filter(bank_lines::bank_account_id.eq(account.id))
        .filter(bank_lines::statement_seq.eq_any(&seqs))
        .filter(bank_lines::matched.lt(bank_lines::amount))
        .group_by(bank_lines::statement_seq)
        .select((bank_lines::statement_seq, diesel::dsl::count_star()))
        .load(tx.conn())?;
    let people: Vec<i64> = rows.iter().map(|row| row.imported_by).collect();
    let names: Vec<(i64, String, String)> = users::table
        .filter(users::id.eq_any(&people))
        .select((users::id, users::name_ar, users::name_en))
        .load(tx.conn())?;
    let named = |id: i64| names.iter().find(|(one, ..)| *one == id).cloned().unwrap_or_default();
    let view = |row: StatementRow| {
        let (_, ar, en) = named(row.imported_by);
        BankStatement {
            open: open.iter().find(|(seq, _)| *seq == row.seq).map_or(0, |(_, count)| *count),
            imported_by: Named { ar, en },
            id: row.id,
            account_id: account.id,
            account: account.name(),
            seq: row.seq,
            number: row.number,
            bank_seq: row.bank_seq,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            scale: account::scale(&row.currency),
            currency: row.currency,
            opening: row.opening,
            closing: row.closing,
            lines: i64::from(row.lines),
            file_name: row.file_name,
            hash: row.blob_hash,
            imported_at: row.imported_at,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// One statement.
pub(super) fn one(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<BankStatement> {
    let (row, account) = load(tx, actor, id)?;
    views(tx, &account, vec![row])?.pop().ok_or(Refusal::NotFound("bank_statement"))
}

/// The lines of a statement in the bank's order.
pub(super) fn lines_of(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, asked: &BankLineQuery) -> Outcome<Page<BankLine>> {
    let (row, account) = load(tx, actor, id)?;
    let limit = asked.page.rows();
    let mut query = bank_lines::table
        .into_boxed()
        .filter(bank_lines::statement_id.eq(row.id))
        .order(bank_lines::ordinal)
        .limit(limit + 1);
    if asked.open == Some(true) {
        query = query.filter(bank_lines::matched.lt(bank_lines::amount));
    }
    if let Some(wanted) = asked.q.as_deref().map(str::trim).filter(|wanted| !wanted.is_empty()) {
        query = query.filter(bank_lines::fold.like(text::like_anywhere(&text::fold(wanted))).escape('\\'));
    }
    if let Some(after) = &asked.page.after {
        let after: i32 = after.parse().map_err(|_| Refusal::field("after", "bad_cursor"))?;
        query = query.filter(bank_lines::ordinal.gt(after));
    }
    let rows: Vec<LineRow> = query.select(LineRow::as_select()).load(tx.conn())?;
    let page = Page::from_rows(rows, limit, |row| row.ordinal.to_string(), |row| row);
    Ok(Page { items: lines::views(tx, &account, page.items)?, next: page.next, total: None })
}

/// The lines of a statement as XLSX.
pub(super) fn export(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    id: i64,
    asked: &BankLineQuery,
    lang: Lang,
) -> Outcome<Vec<u8>> {
    let (_, account) = load(tx, actor, id)?;
    let sheet = ListSheet::new(
        lang,
        ("كشف الحساب", "Statement"),
        [
            Column::new("ت", "No.", 6),
            Column::new("تاريخ القيد", "Booked", 12),
            Column::new("تاريخ الحق", "Value day", 12),
            Column::new("المبلغ", "Amount", 16),
            Column::new("غير المطابق", "Open", 16),
            Column::new("المرجع", "Reference", 24),
            Column::new("مرجع البنك", "Bank reference", 24),
            Column::new("الطرف الآخر", "Other side", 30),
            Column::new("البيان", "Details", 50),
            Column::new("المستند", "Document", 24),
        ],
    );
    let amount = |minor: i64| Cell::text(money::format(minor, account.scale()));
    let (file, rows) = sheet.write(
        |after| {
            let page = PageRequest { after, limit: Some(MAX_PAGE) };
            lines_of(tx, actor, id, &BankLineQuery { page, ..asked.clone() })
        },
        |line: &BankLine| {
            let documents: Vec<&str> = line.matches.iter().map(|one| one.book.number.as_str()).collect();
            vec![
                Cell::Number(line.ordinal),
                Cell::Day(line.booked_on),
                Cell::Day(line.value_on),
                amount(line.amount),
                amount(line.open),
                Cell::text(&line.reference),
                Cell::text(&line.bank_reference),
                Cell::text(&line.counterparty),
                Cell::text(&line.details),
                Cell::text(documents.join("، ")),
            ]
        },
    )?;
    audit::export_noted(tx, actor, json!({ "rows": rows, "statement": id }))?;
    Ok(file)
}

/// Takes back the last statement of an account, while nothing rests on it: a file that should not have been imported.
///
/// # Errors
/// Not found; `statement_followed` where another came after it; `statement_matched` while lines of it are matched;
/// `statement_reconciled` where a reconciliation has it.
pub fn take_back(tx: &mut WriteTx<'_>, actor: &Actor, id: i64) -> Outcome<()> {
    let (row, _) = load(tx, actor, id)?;
    account::take(tx, actor.agency_id, row.bank_account_id)?;
    let later: i64 = bank_statements::table
        .filter(bank_statements::bank_account_id.eq(row.bank_account_id))
        .filter(bank_statements::seq.gt(row.seq))
        .count()
        .get_result(tx.conn())?;
    if later > 0 {
        return Err(Refusal::rule("statement_followed", [("count", later.to_string())]));
    }
    let reconciled: i64 = reconciliations::table
        .filter(reconciliations::bank_account_id.eq(row.bank_account_id))
        .filter(reconciliations::last_seq.ge(row.seq))
        .count()
        .get_result(tx.conn())?;
    if reconciled > 0 {
        return Err(Refusal::rule("statement_reconciled", []));
    }
    let of_statement = bank_lines::table.filter(bank_lines::statement_id.eq(row.id));
    let matched: i64 = of_statement.filter(bank_lines::matched.gt(0)).count().get_result(tx.conn())?;
    if matched > 0 {
        return Err(Refusal::rule("statement_matched", [("count", matched.to_string())]));
    }
    let this = bank_statements::table.find(row.id);
    diesel::update(this).set(bank_statements::loaded.eq(false)).execute(tx.conn())?;
    diesel::delete(of_statement).execute(tx.conn())?;
    diesel::delete(this).execute(tx.conn())?;
    let told = json!({ "number": row.number, "from": row.starts_on, "to": row.ends_on, "hash": row.blob_hash });
    tx.audit(Audit::of("bank_statement", row.id).agency(actor.agency_id).detail(told))?;
    Ok(())
}
