//! Bank accounts (الحسابات البنكية) as the bank's side sees them: which one, how far, with what balances.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text},
};
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::BankAccountStanding;
use diwan_kernel::Named;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::bank_accounts;

/// A bank account as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bank_accounts)]
pub struct BankAccountRow {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub agency_id: i64,
    /// Its account of the chart.
    pub account_id: i64,
    /// Name in Arabic.
    pub name_ar: String,
    /// Name in English; may be empty.
    pub name_en: String,
    /// The bank's number of it; may be empty.
    pub number: String,
    /// IBAN; may be empty.
    pub iban: String,
    /// ISO 4217.
    pub currency: String,
}

impl BankAccountRow {
    /// Its name.
    pub fn name(&self) -> Named {
        Named { ar: self.name_ar.clone(), en: self.name_en.clone() }
    }

    /// IBAN, else the bank's number.
    pub fn shown(&self) -> &str {
        if self.iban.is_empty() { &self.number } else { &self.iban }
    }

    /// Decimals of its currency.
    pub fn scale(&self) -> u8 {
        scale(&self.currency)
    }

    /// Whether a statement that names this account is of it. Banks write the IBAN, their own number, either behind the code
    /// of the bank, and either before the currency.
    pub fn is_called(&self, found: &str) -> bool {
        let last = found.rsplit('/').next().unwrap_or_default();
        let own = [plain(&self.iban), plain(&self.number)];
        [plain(found), plain(last)].iter().any(|name| {
            let bare = name.strip_suffix(&self.currency).unwrap_or(name);
            own.iter().any(|own| !own.is_empty() && (own == name || own == bare))
        })
    }
}

/// Letters and digits only, without the zeros that some banks fill numbers up with.
fn plain(text: &str) -> String {
    let all: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    all.trim_start_matches('0').to_owned()
}

/// Decimals of a currency; two where it is none that is known.
pub(super) fn scale(currency: &str) -> u8 {
    diwan_bank::currency::scale(currency).unwrap_or(2)
}

/// A bank account of the agency.
///
/// # Errors
/// Not found.
pub fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<BankAccountRow> {
    bank_accounts::table
        .find(id)
        .filter(bank_accounts::agency_id.eq(agency_id))
        .filter(bank_accounts::cash.eq(false))
        .select(BankAccountRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("bank_account"))
}

/// Loads the account and takes its turn: statements, matches and reconciliations of one account come one after the other.
pub(super) fn take(tx: &mut WriteTx<'_>, agency_id: i64, id: i64) -> Outcome<BankAccountRow> {
    let own = bank_accounts::table.filter(bank_accounts::id.eq(id)).filter(bank_accounts::agency_id.eq(agency_id));
    diesel::update(own).set(bank_accounts::version.eq(bank_accounts::version)).execute(tx.conn())?;
    load(tx, agency_id, id)
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name_ar: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    iban: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Nullable<Date>)]
    last_day: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<BigInt>)]
    bank_balance: Option<i64>,
    #[diesel(sql_type = BigInt)]
    book_balance: i64,
    #[diesel(sql_type = BigInt)]
    open_lines: i64,
    #[diesel(sql_type = Nullable<Date>)]
    reconciled_to: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<BigInt>)]
    reconciliation_id: Option<i64>,
}

/// How far the bank accounts of an agency are: all of them, or one.
///
/// # Errors
/// Not found, where one is asked for; the database fails.
pub fn standings(tx: &mut ReadTx<'_>, agency_id: i64, only: Option<i64>) -> Outcome<Vec<BankAccountStanding>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT b.id, b.account_id, b.code, b.name_ar, b.name_en, b.number, b.iban, b.currency,
            s.ends_on AS last_day, s.closing AS bank_balance,
            (SELECT CAST(COALESCE(SUM(p.debit - p.credit), 0) AS BIGINT) FROM period_balances p
                WHERE p.account_id = b.account_id AND p.currency = b.currency) AS book_balance,
            (SELECT COUNT(*) FROM bank_lines k WHERE k.bank_account_id = b.id AND k.matched < k.amount) AS open_lines,
            (SELECT MAX(r.day) FROM reconciliations r WHERE r.bank_account_id = b.id AND r.state = 'approved') AS reconciled_to,
            (SELECT r.record_id FROM reconciliations r WHERE r.bank_account_id = b.id AND r.state <> 'approved') AS reconciliation_id
        FROM bank_accounts b
        LEFT JOIN bank_statements s ON s.bank_account_id = b.id
            AND s.seq = (SELECT MAX(n.seq) FROM bank_statements n WHERE n.bank_account_id = b.id)
        WHERE b.agency_id = {mark}1 AND NOT b.cash AND (b.id = {mark}2 OR {mark}2 = 0) ORDER BY b.code, b.id"
    );
    let rows: Vec<Standing> =
        sql_query(text).bind::<BigInt, _>(agency_id).bind::<BigInt, _>(only.unwrap_or(0)).load(tx.conn())?;
    if only.is_some() && rows.is_empty() {
        return Err(Refusal::NotFound("bank_account"));
    }
    Ok(rows.into_iter().map(Standing::view).collect())
}

impl Standing {
    fn view(self) -> BankAccountStanding {
        BankAccountStanding {
            id: self.id,
            chart_account_id: self.account_id,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            number: if self.iban.is_empty() { self.number } else { self.iban },
            scale: scale(&self.currency),
            currency: self.currency,
            last_day: self.last_day,
            bank_balance: self.bank_balance,
            book_balance: self.book_balance,
            open_lines: self.open_lines,
            reconciled_to: self.reconciled_to,
            reconciliation_id: self.reconciliation_id,
        }
    }
}
