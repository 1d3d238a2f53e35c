//! Bank accounts (الحسابات البنكية): each is one account of the chart, so that what the bank says meets the books.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{BankAccountInput, PartPick, PartQuery, PartRow};
use diwan_kernel::{FieldError, Lang, Named, Page, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, sheet::Cell};
use diwan_schema::finance::{accounts, bank_accounts, bank_statements, cash_payments, cheque_books, payment_runs};

use super::{
    cells::{ACTIVE, CODE, Cells, Known, NAME_AR, NAME_EN, may, must},
    checks, currencies,
    part::{About, Part, Words, page_of},
};

/// The longest number of an account, in characters.
const NUMBER_MAX: usize = 40;

#[derive(Queryable, Selectable)]
#[diesel(table_name = bank_accounts)]
struct Row {
    id: i64,
    account_id: i64,
    code: String,
    name_ar: String,
    name_en: String,
    bic: String,
    number: String,
    iban: String,
    currency: String,
    cash: bool,
    active: bool,
    version: i64,
}

impl Row {
    fn view(self, accounts: &BTreeMap<i64, PartPick>) -> PartRow<BankAccountInput> {
        let names = checks::names([("account", accounts.get(&self.account_id).cloned())]);
        let value = BankAccountInput {
            account_id: self.account_id,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            bic: self.bic,
            number: self.number,
            iban: self.iban,
            currency: self.currency,
            cash: self.cash,
            active: self.active,
        };
        PartRow { id: self.id, value, names, version: self.version }
    }
}

macro_rules! columns {
    ($one:expr) => {
        (
            bank_accounts::account_id.eq($one.account_id),
            bank_accounts::code.eq(&$one.code),
            bank_accounts::name_ar.eq(&$one.name.ar),
            bank_accounts::name_en.eq(&$one.name.en),
            bank_accounts::bic.eq(&$one.bic),
            bank_accounts::number.eq(&$one.number),
            bank_accounts::iban.eq(&$one.iban),
            bank_accounts::currency.eq(&$one.currency),
            bank_accounts::cash.eq($one.cash),
            bank_accounts::active.eq($one.active),
        )
    };
}

/// The accounts of these ids.
fn chart(tx: &mut ReadTx<'_>, ids: Vec<i64>) -> Outcome<BTreeMap<i64, PartPick>> {
    let rows: Vec<(i64, String, String, String)> = accounts::table
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::code, accounts::name_ar, accounts::name_en))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, code, ar, en)| (id, checks::pick(id, code, ar, en))).collect())
}

/// Its account is of the agency, a leaf, of its currency, and of no other bank account.
fn meets_the_chart(
    tx: &mut ReadTx<'_>,
    fields: &mut Fields,
    agency_id: i64,
    (id, one): (Option<i64>, &BankAccountInput),
) -> Outcome<()> {
    let found: Option<(String, bool, Option<String>)> = accounts::table
        .find(one.account_id)
        .filter(accounts::agency_id.eq(agency_id))
        .select((accounts::code, accounts::posting, accounts::currency))
        .first(tx.conn())
        .optional()?;
    let wrong = |code: &str| FieldError::new("account_id", code);
    match found {
        None => fields.push(wrong("unknown")),
        Some((code, false, _)) => fields.push(wrong("account_not_leaf").with("code", code)),
        Some((code, true, Some(only))) if only != one.currency => {
            fields.push(FieldError::new("currency", "account_of_currency").with("code", code).with("currency", only));
        }
        Some(_) => {}
    }
    let other: Option<i64> = bank_accounts::table
        .filter(bank_accounts::account_id.eq(one.account_id))
        .select(bank_accounts::id)
        .first(tx.conn())
        .optional()?;
    if other.is_some() && other != id {
        fields.push(wrong("taken"));
    }
    Ok(())
}

/// What banks write in a currency is read and shown by its decimals of ISO 4217: books that keep others would stand beside it at a
/// tenth or ten times of what they are. No statement comes of a box.
fn meets_the_bank(tx: &mut ReadTx<'_>, fields: &mut Fields, one: &BankAccountInput) -> Outcome<()> {
    let written = diwan_bank::currency::scale(&one.currency).filter(|_| !one.cash);
    let kept = currencies::scale(tx, &one.currency)?;
    if let (Some(written), Some(kept)) = (written, kept)
        && written != kept
    {
        fields.push(FieldError::new("currency", "decimals").with("max", written));
    }
    Ok(())
}

/// Whether statements, payments or cheques stand on the account: then it stays the account, or the box, that it is.
fn is_used(tx: &mut ReadTx<'_>, id: i64) -> Outcome<bool> {
    let of_bank: i64 =
        bank_statements::table.filter(bank_statements::bank_account_id.eq(id)).count().get_result(tx.conn())?;
    let runs: i64 = payment_runs::table.filter(payment_runs::bank_account_id.eq(id)).count().get_result(tx.conn())?;
    let books: i64 = cheque_books::table.filter(cheque_books::bank_account_id.eq(id)).count().get_result(tx.conn())?;
    let paid: i64 = cash_payments::table.filter(cash_payments::bank_account_id.eq(id)).count().get_result(tx.conn())?;
    Ok(of_bank + runs + books + paid > 0)
}

impl Part for BankAccountInput {
    const ABOUT: About = About {
        entity: "bank_account",
        ops: [
            "finance.bank_account.create",
            "finance.bank_account.update",
            "finance.bank_account.export",
            "finance.bank_account.import",
        ],
        sheet: ("الحسابات البنكية", "Bank accounts"),
        file: "bank-accounts.xlsx",
    };
    const COLUMNS: &'static [Known] = &[
        CODE,
        NAME_AR,
        NAME_EN,
        must("account", "رمز الحساب في الدليل", "Account of the chart", 20),
        may("bic", "رمز البنك (BIC)", "BIC", 14),
        must("number", "رقم الحساب", "Number", 24),
        may("iban", "رقم الحساب الدولي (IBAN)", "IBAN", 34),
        must("currency", "العملة", "Currency", 10),
        may("cash", "صندوق نقدي", "Cash box", 12),
        ACTIVE,
    ];

    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>> {
        let rows: Vec<Row> = bank_accounts::table
            .filter(bank_accounts::agency_id.eq(agency_id))
            .select(Row::as_select())
            .load(tx.conn())?;
        let accounts = chart(tx, rows.iter().map(|row| row.account_id).collect())?;
        let rows = rows.into_iter().map(|row| row.view(&accounts)).collect();
        Ok(page_of(rows, query, limit, |PartRow { value, names, .. }| Words {
            code: value.code.clone(),
            name: format!("{} {}", value.name.ar, value.name.en),
            more: format!(
                "{} {} {} {}",
                value.number,
                value.iban,
                value.bic,
                names.get("account").map_or("", |one| &one.code)
            ),
        }))
    }

    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>> {
        let row: Row = bank_accounts::table
            .find(id)
            .filter(bank_accounts::agency_id.eq(agency_id))
            .select(Row::as_select())
            .first(tx.conn())
            .optional()?
            .ok_or(Refusal::NotFound("bank_account"))?;
        let accounts = chart(tx, vec![row.account_id])?;
        Ok(row.view(&accounts))
    }

    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self> {
        let mut fields = Fields::default();
        let clean = Self {
            account_id: self.account_id,
            code: checks::code(&mut fields, &self.code),
            name: fields.name("name", &self.name),
            bic: checks::bic(&mut fields, &self.bic),
            number: fields.take(text::line("number", &self.number, NUMBER_MAX)),
            iban: checks::iban(&mut fields, &self.iban),
            currency: checks::currency(tx, &mut fields, &self.currency)?,
            cash: self.cash,
            active: self.active,
        };
        let id = before.map(|before| before.id);
        if clean.find(tx, actor.agency_id)?.is_some_and(|other| Some(other) != id) {
            fields.push(FieldError::new("code", "taken"));
        }
        meets_the_chart(tx, &mut fields, actor.agency_id, (id, &clean))?;
        let other =
            |was: &Self| (was.account_id, &was.currency, was.cash) != (clean.account_id, &clean.currency, clean.cash);
        if before.is_none_or(|before| other(&before.value)) {
            meets_the_bank(tx, &mut fields, &clean)?;
        }
        if let Some(before) = before.filter(|before| other(&before.value))
            && is_used(tx, before.id)?
        {
            fields.push(FieldError::new("account_id", "bank_account_used"));
        }
        fields.done()?;
        Ok(clean)
    }

    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
        Ok(diesel::insert_into(bank_accounts::table)
            .values((bank_accounts::agency_id.eq(agency_id), columns!(self), bank_accounts::version.eq(1_i64)))
            .returning(bank_accounts::id)
            .get_result(tx.conn())?)
    }

    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize> {
        let same = bank_accounts::table.filter(bank_accounts::id.eq(id)).filter(bank_accounts::version.eq(version));
        Ok(diesel::update(same).set((columns!(self), bank_accounts::version.eq(version + 1))).execute(tx.conn())?)
    }

    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell> {
        let one = &row.value;
        vec![
            Cell::text(&one.code),
            Cell::text(&one.name.ar),
            Cell::text(&one.name.en),
            Cell::text(row.names.get("account").map_or("", |account| &account.code)),
            Cell::text(&one.bic),
            Cell::text(&one.number),
            Cell::text(&one.iban),
            Cell::text(&one.currency),
            Cell::yes_no(one.cash, lang),
            Cell::yes_no(one.active, lang),
        ]
    }

    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self> {
        let account_id: Option<i64> = accounts::table
            .filter(accounts::agency_id.eq(agency_id))
            .filter(accounts::code.eq(cells.get("account")))
            .select(accounts::id)
            .first(tx.conn())
            .optional()?;
        let mut fields = Fields::default();
        if account_id.is_none() {
            fields.push(FieldError::new("account", "unknown"));
        }
        let cash = fields.take(cells.yes("cash", false));
        let active = fields.take(cells.yes("active", true));
        fields.done()?;
        Ok(Self {
            account_id: account_id.unwrap_or_default(),
            code: cells.text("code"),
            name: cells.name(),
            bic: cells.text("bic"),
            number: cells.text("number"),
            iban: cells.text("iban"),
            currency: cells.text("currency"),
            cash,
            active,
        })
    }

    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>> {
        Ok(bank_accounts::table
            .filter(bank_accounts::agency_id.eq(agency_id))
            .filter(bank_accounts::code.eq(self.code.trim()))
            .select(bank_accounts::id)
            .first(tx.conn())
            .optional()?)
    }
}
