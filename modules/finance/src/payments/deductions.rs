//! Deductions (الاقتطاعات): what vouchers kept back for others on an account in a month, and the vouchers that remit it (توريد).
//! A remittance is a payment voucher like any other; how much it remits is in its lines, as long as it is neither void nor
//! reversed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable, Text},
};
use diwan_db::{Backend, ReadTx, WriteTx, id_list};
use diwan_finance_api::{
    Coded, DeductionBalance, DeductionQuery, DocumentInput, DocumentKind, DocumentRef, LineInput, RemittanceInput,
};
use diwan_kernel::{FieldError, Lang, Named, Permission, money};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, SheetWriter},
};
use diwan_schema::finance::{accounts, parties, remittances};

use crate::documents;

/// Account, whose amounts (0 for nobody's), first day of the month.
type Key = (i64, i64, NaiveDate);

/// What is known of a key.
#[derive(Default)]
struct Sums {
    deducted: i64,
    remitted: i64,
    /// What is left of it to remit.
    open: i64,
    documents: Vec<DocumentRef>,
}

/// The days that are looked at, and the account, where one is chosen.
struct Asked {
    from: NaiveDate,
    to: NaiveDate,
    account_id: Option<i64>,
}

/// What was deducted in a year, and what of it is remitted, by account, month, and whose it is.
///
/// # Errors
/// The field `year`: `out_of_range`; the database fails.
pub fn balances(tx: &mut ReadTx<'_>, actor: &Actor, query: &DeductionQuery) -> Outcome<Vec<DeductionBalance>> {
    let year = query.year.unwrap_or_else(|| tx.today().year());
    let days = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    let Some((from, to)) = days.filter(|_| (1900..=2999).contains(&year)) else {
        return Err(FieldError::new("year", "out_of_range").with("min", 1900).with("max", 2999).into());
    };
    let sums = sums(tx, actor.agency_id, &Asked { from, to, account_id: query.account_id })?;
    let mut rows = views(tx, sums)?;
    rows.retain(|row| query.open != Some(true) || row.open != 0);
    rows.sort_by(|one, other| {
        (&one.account.code, one.month, one.party.as_ref().map(|party| &party.code)).cmp(&(
            &other.account.code,
            other.month,
            other.party.as_ref().map(|party| &party.code),
        ))
    });
    Ok(rows)
}

fn sums(tx: &mut ReadTx<'_>, agency_id: i64, asked: &Asked) -> Outcome<BTreeMap<Key, Sums>> {
    let mut sums = BTreeMap::<Key, Sums>::new();
    for row in deducted(tx, agency_id, asked)? {
        let month = NaiveDate::parse_from_str(&format!("{}-01", row.month), "%Y-%m-%d")
            .map_err(|error| Refusal::Internal(error.to_string()))?;
        sums.entry((row.account_id, row.party_id, month)).or_default().deducted += row.amount;
    }
    for row in remitted(tx, agency_id, asked)? {
        let of = sums.entry((row.account_id, row.party_id, row.month)).or_default();
        of.remitted += row.amount;
        of.documents.push(DocumentRef {
            id: row.id,
            kind: row.kind.parse()?,
            number: row.number,
            subject: row.subject,
            open: row.to_pay,
        });
    }
    sums.retain(|_, sums| sums.deducted != 0 || sums.remitted != 0 || !sums.documents.is_empty());
    let lying = left(tx, agency_id, sums.keys().map(|key| key.0).collect())?;
    for ((account, party, _), of) in &mut sums {
        let left = lying.get(&(*account, *party)).copied().unwrap_or_default();
        of.open = (of.deducted - of.remitted).min(left.max(0));
    }
    Ok(sums)
}

#[derive(QueryableByName)]
struct Deducted {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    party_id: i64,
    #[diesel(sql_type = Text)]
    month: String,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// How the database writes the month of a day.
fn month(tx: &mut ReadTx<'_>) -> fn(&str) -> String {
    match tx.conn().backend_kind() {
        Backend::Postgres => |day| format!("to_char({day}, 'YYYY-MM')"),
        Backend::Sqlite => |day| format!("strftime('%Y-%m', {day})"),
    }
}

/// What was kept back on liabilities by documents that pay; a reversal takes it back in the month of what it reverses.
fn deducted(tx: &mut ReadTx<'_>, agency_id: i64, asked: &Asked) -> Outcome<Vec<Deducted>> {
    let (mark, month) = (tx.mark(), month(tx));
    let day = "COALESCE(o.effective_on, d.effective_on)";
    let text = format!(
        "SELECT l.account_id AS account_id,
            COALESCE(CASE WHEN a.needs_party THEN COALESCE(l.party_id, d.party_id) END, 0) AS party_id, {} AS month,
            CAST(SUM(CASE WHEN d.reverses_id IS NULL AND l.side = 'credit' THEN l.base_amount
                WHEN d.reverses_id IS NOT NULL AND l.side = 'debit' THEN -l.base_amount ELSE 0 END) AS BIGINT) AS amount
        FROM accounts a JOIN finance_lines l ON l.account_id = a.id JOIN finance_documents d ON d.record_id = l.record_id
            LEFT JOIN finance_documents o ON o.record_id = d.reverses_id
        WHERE a.agency_id = {mark}1 AND a.side = 'credit' AND NOT a.budgeted AND a.gfsm LIKE '6308%'
            AND (a.id = {mark}4 OR {mark}4 = 0) AND d.posted_at IS NOT NULL
            AND d.kind IN ('payment_voucher', 'advance', 'deposit_refund') AND {day} BETWEEN {mark}2 AND {mark}3
            AND NOT EXISTS (SELECT 1 FROM remittances r WHERE r.document_id IN (d.record_id, d.reverses_id))
        GROUP BY 1, 2, 3",
        month(day)
    );
    Ok(sql_query(text)
        .bind::<BigInt, _>(agency_id)
        .bind::<Date, _>(asked.from)
        .bind::<Date, _>(asked.to)
        .bind::<BigInt, _>(asked.account_id.unwrap_or(0))
        .load(tx.conn())?)
}

#[derive(QueryableByName)]
struct Remitted {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    party_id: i64,
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = BigInt)]
    to_pay: i64,
}

/// The vouchers that remit, drafts too, with what their lines take off the account.
fn remitted(tx: &mut ReadTx<'_>, agency_id: i64, asked: &Asked) -> Outcome<Vec<Remitted>> {
    let mark = tx.mark();
    let text = format!(
        "SELECT r.account_id AS account_id, COALESCE(r.party_id, 0) AS party_id, r.month AS month,
            COALESCE((SELECT CAST(SUM(CASE l.side WHEN 'debit' THEN l.base_amount ELSE -l.base_amount END) AS BIGINT)
                FROM finance_lines l WHERE l.record_id = r.document_id AND l.account_id = r.account_id), 0) AS amount,
            x.id AS id, x.kind AS kind, x.number AS number, x.subject AS subject, d.to_pay AS to_pay
        FROM remittances r JOIN records x ON x.id = r.document_id JOIN finance_documents d ON d.record_id = r.document_id
        WHERE r.agency_id = {mark}1 AND r.month BETWEEN {mark}2 AND {mark}3 AND (r.account_id = {mark}4 OR {mark}4 = 0)
            AND x.state NOT IN ('void', 'reversed')
        ORDER BY x.id"
    );
    Ok(sql_query(text)
        .bind::<BigInt, _>(agency_id)
        .bind::<Date, _>(asked.from)
        .bind::<Date, _>(asked.to)
        .bind::<BigInt, _>(asked.account_id.unwrap_or(0))
        .load(tx.conn())?)
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    party_id: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// What lies on accounts, by whose it is, less what is being remitted of it: whatever took a deduction off its account otherwise, no
/// more than this is remitted.
fn left(tx: &mut ReadTx<'_>, agency_id: i64, accounts: BTreeSet<i64>) -> Outcome<BTreeMap<(i64, i64), i64>> {
    let (mark, accounts) = (tx.mark(), id_list(accounts));
    let text = format!(
        "SELECT s.account_id AS account_id, s.party_id AS party_id, CAST(SUM(s.amount) AS BIGINT) AS amount FROM (
            SELECT b.account_id, CASE WHEN a.needs_party THEN b.party_id ELSE 0 END AS party_id,
                b.base_credit - b.base_debit AS amount
            FROM accounts a JOIN period_balances b ON b.account_id = a.id
            WHERE a.agency_id = {mark}1 AND a.id IN ({accounts})
            UNION ALL SELECT r.account_id, COALESCE(r.party_id, 0),
                CASE l.side WHEN 'debit' THEN -l.base_amount ELSE l.base_amount END
            FROM remittances r JOIN finance_documents d ON d.record_id = r.document_id JOIN records x ON x.id = r.document_id
                JOIN finance_lines l ON l.record_id = r.document_id AND l.account_id = r.account_id
            WHERE r.agency_id = {mark}1 AND r.account_id IN ({accounts}) AND d.posted_at IS NULL AND x.state <> 'void') s
        GROUP BY s.account_id, s.party_id"
    );
    let rows: Vec<Left> = sql_query(text).bind::<BigInt, _>(agency_id).load(tx.conn())?;
    Ok(rows.into_iter().map(|row| ((row.account_id, row.party_id), row.amount)).collect())
}

fn views(tx: &mut ReadTx<'_>, sums: BTreeMap<Key, Sums>) -> Outcome<Vec<DeductionBalance>> {
    let of_accounts: Vec<i64> = sums.keys().map(|key| key.0).collect();
    let of_parties: Vec<i64> = sums.keys().map(|key| key.1).collect();
    let accounts: Vec<NamedRow> = accounts::table
        .filter(accounts::id.eq_any(of_accounts))
        .select((accounts::id, accounts::code, accounts::name_ar, accounts::name_en))
        .load(tx.conn())?;
    let parties: Vec<NamedRow> = parties::table
        .filter(parties::id.eq_any(of_parties))
        .select((parties::id, parties::code, parties::name_ar, parties::name_en))
        .load(tx.conn())?;
    let (accounts, parties) = (coded(accounts), coded(parties));
    sums.into_iter()
        .map(|((account, party, month), sums)| {
            Ok(DeductionBalance {
                account: accounts.get(&account).cloned().ok_or(Refusal::NotFound("account"))?,
                party: parties.get(&party).cloned(),
                month,
                deducted: sums.deducted,
                remitted: sums.remitted,
                open: sums.open,
                remittances: sums.documents,
            })
        })
        .collect()
}

/// Id, code, names.
type NamedRow = (i64, String, String, String);

fn coded(rows: Vec<NamedRow>) -> BTreeMap<i64, Coded> {
    rows.into_iter().map(|(id, code, ar, en)| (id, Coded { id, code, name: Named { ar, en } })).collect()
}

/// Drafts the voucher that remits what is open of an account and a month; answers its record. It goes the way of any voucher.
///
/// # Errors
/// The right to prepare is missing; the fields `account_id`, `deducted_from_id`, `party_id`, `method`; `nothing_to_remit`; what
/// a draft refuses.
pub fn remit(tx: &mut WriteTx<'_>, actor: &Actor, input: &RemittanceInput) -> Outcome<i64> {
    actor.require(Permission::FinancePrepare)?;
    let (account, name, asks) = take_account(tx, actor.agency_id, input.account_id)?;
    let whose = match (asks, input.deducted_from_id) {
        (false, _) => None,
        (true, None) => return Err(Refusal::field("deducted_from_id", "required")),
        (true, Some(id)) => Some((id, party_code(tx, actor.agency_id, id)?)),
    };
    let month = input.month.with_day(1).unwrap_or(input.month);
    let last = last_of(month);
    let asked = Asked { from: month, to: last, account_id: Some(input.account_id) };
    let key = (input.account_id, whose.as_ref().map_or(0, |(id, _)| *id), month);
    let of = sums(tx, actor.agency_id, &asked)?.remove(&key).unwrap_or_default();
    let open = of.open;
    let shown = month.format("%m/%Y").to_string();
    if open <= 0 {
        return Err(Refusal::rule("nothing_to_remit", [("account", account), ("month", shown)]));
    }
    let line = LineInput {
        account,
        party: whose.as_ref().map(|(_, code)| code.clone()).unwrap_or_default(),
        debit: money::format(open, money::JOD_SCALE).replace(',', ""),
        note: format!("عن شهر {shown}"),
        ..LineInput::default()
    };
    let on = input.on.unwrap_or_else(|| tx.today());
    let form = DocumentInput {
        subject: format!("توريد {name} عن شهر {shown}"),
        party_id: Some(input.party_id),
        method: input.method,
        lines: vec![line],
        ..DocumentInput::new(DocumentKind::PaymentVoucher, on)
    };
    let id = documents::create(tx, actor, &form)?;
    let now = tx.now();
    diesel::insert_into(remittances::table)
        .values((
            (remittances::document_id.eq(id), remittances::agency_id.eq(actor.agency_id)),
            (remittances::account_id.eq(input.account_id), remittances::party_id.eq(whose.map(|(id, _)| id))),
            (remittances::month.eq(month), remittances::made_by.eq(actor.user_id), remittances::made_at.eq(now)),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Code and name of an account, and whether it asks for a party; who remits of one account goes on one after the other.
fn take_account(tx: &mut WriteTx<'_>, agency_id: i64, id: i64) -> Outcome<(String, String, bool)> {
    let own = accounts::table.filter(accounts::id.eq(id)).filter(accounts::agency_id.eq(agency_id));
    diesel::update(own).set(accounts::version.eq(accounts::version)).execute(tx.conn())?;
    accounts::table
        .find(id)
        .filter(accounts::agency_id.eq(agency_id))
        .select((accounts::code, accounts::name_ar, accounts::needs_party))
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::field("account_id", "unknown"))
}

fn party_code(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<String> {
    parties::table
        .find(id)
        .filter(parties::agency_id.eq(agency_id))
        .select(parties::code)
        .first(tx.conn())
        .optional()?
        .ok_or_else(|| Refusal::field("deducted_from_id", "unknown"))
}

/// The last day of a month.
fn last_of(month: NaiveDate) -> NaiveDate {
    let next = month.checked_add_months(chrono::Months::new(1)).unwrap_or(month);
    next.pred_opt().unwrap_or(month)
}

/// The balances as XLSX.
///
/// # Errors
/// As [`balances`]; the file cannot be written.
pub(super) fn sheet(rows: &[DeductionBalance], lang: Lang) -> Outcome<Vec<u8>> {
    let columns = [
        Column::new("الحساب", "Account", 12),
        Column::new("اسم الحساب", "Name", 40),
        Column::new("المقتطع منه", "Deducted from", 36),
        Column::new("الشهر", "Month", 12),
        Column::new("المقتطع", "Deducted", 18),
        Column::new("المورَّد", "Remitted", 18),
        Column::new("المتبقي", "Open", 18),
        Column::new("مستندات التوريد", "Vouchers", 30),
    ];
    let name = Named { ar: "الاقتطاعات".to_owned(), en: "Deductions".to_owned() };
    let mut sheet = SheetWriter::new(lang, &name, &columns)?;
    let amount = |minor| Cell::Amount(minor, money::JOD_SCALE);
    for row in rows {
        let vouchers: Vec<&str> = row.remittances.iter().filter_map(|one| one.number.as_deref()).collect();
        sheet.row(&[
            Cell::text(&row.account.code),
            Cell::named(&row.account.name, lang),
            row.party.as_ref().map_or(Cell::Empty, |party| Cell::named(&party.name, lang)),
            Cell::text(row.month.format("%m/%Y").to_string()),
            amount(row.deducted),
            amount(row.remitted),
            amount(row.open),
            Cell::text(vouchers.join("، ")),
        ])?;
    }
    sheet.finish()
}
