//! What is owed of documents (المستحق): to whom, on which account of the books, and the keys that it was spent on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::{
    dsl::max,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable},
};
use diwan_db::{Keep, ReadTx, WriteTx, id_list};
use diwan_finance_api::{Bucket, DocumentKind};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::{
    finance::{accounts, budget_moves, finance_approvals, finance_documents},
    platform::records,
};

/// Ids of one statement.
const IDS: usize = 500;

/// Budget lines and keys, and how much of each a document holds as obligated.
type Keys = Vec<(i64, i64, i64)>;

/// A document as it is loaded: record, account, party, entry, number.
type Row = (i64, Option<i64>, Option<i64>, Option<i64>, Option<String>);

/// What is owed of a document that is to be paid.
#[derive(Debug, Clone)]
pub(crate) struct Owed {
    /// The document's number.
    pub(super) number: String,
    /// The account that it is owed on.
    pub(crate) account_id: i64,
    /// The party of that account's line, where it asks for one.
    pub(crate) party_id: Option<i64>,
    /// What it was spent on.
    pub(crate) keys: Keys,
}

/// What is owed of each of these documents.
///
/// # Errors
/// One is not there or was never posted.
pub(crate) fn of(tx: &mut ReadTx<'_>, documents: &[i64]) -> Outcome<BTreeMap<i64, Owed>> {
    let mut owed = BTreeMap::new();
    for some in documents.chunks(IDS) {
        let rows: Vec<Row> = finance_documents::table
            .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
            .filter(finance_documents::record_id.eq_any(some))
            .select((
                finance_documents::record_id,
                finance_documents::counter_id,
                finance_documents::party_id,
                finance_documents::entry_id,
                records::number,
            ))
            .load(tx.conn())?;
        let asking = asking(tx, rows.iter().filter_map(|row| row.1).collect())?;
        let mut keys = keys(tx, rows.iter().filter_map(|row| row.3).collect())?;
        for (id, account, party, entry, number) in rows {
            let (Some(account_id), Some(entry)) = (account, entry) else {
                return Err(Refusal::Internal(format!("document {id} is owed on no account")));
            };
            let party_id = party.filter(|_| asking.contains(&account_id));
            let keys = keys.remove(&entry).unwrap_or_default();
            owed.insert(id, Owed { number: number.unwrap_or_default(), account_id, party_id, keys });
        }
    }
    Ok(owed)
}

/// Of these accounts those that ask for a party.
fn asking(tx: &mut ReadTx<'_>, ids: BTreeSet<i64>) -> Outcome<BTreeSet<i64>> {
    let found: Vec<i64> = accounts::table
        .filter(accounts::id.eq_any(ids))
        .filter(accounts::needs_party.eq(true))
        .select(accounts::id)
        .load(tx.conn())?;
    Ok(found.into_iter().collect())
}

/// What the entries of documents obligated, by entry: budget line, key, amount.
fn keys(tx: &mut ReadTx<'_>, entries: Vec<i64>) -> Outcome<BTreeMap<i64, Keys>> {
    type Made = (Option<i64>, i64, Option<i64>, String, String, i64);
    let moves: Vec<Made> = budget_moves::table
        .filter(budget_moves::entry_id.eq_any(entries))
        .select((
            budget_moves::entry_id,
            budget_moves::line_id,
            budget_moves::key_id,
            budget_moves::source,
            budget_moves::target,
            budget_moves::amount,
        ))
        .load(tx.conn())?;
    let mut sums = BTreeMap::<(i64, i64, i64), i64>::new();
    for (entry, line, key, source, target, amount) in moves {
        let (Some(entry), Some(key)) = (entry, key) else { continue };
        let obligated = Bucket::Obligated.code();
        let signed = i64::from(target == obligated) * amount - i64::from(source == obligated) * amount;
        *sums.entry((entry, line, key)).or_default() += signed;
    }
    let mut of_entry = BTreeMap::<i64, Keys>::new();
    for ((entry, line, key), amount) in sums.into_iter().filter(|(_, amount)| *amount != 0) {
        of_entry.entry(entry).or_default().push((line, key, amount));
    }
    Ok(of_entry)
}

#[derive(QueryableByName)]
struct Net {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    net: Option<i64>,
}

/// The nets of documents in their own currency: debits less credits of their lines.
///
/// # Errors
/// The database fails.
pub(crate) fn nets(tx: &mut ReadTx<'_>, documents: &[i64]) -> Outcome<BTreeMap<i64, i64>> {
    let mut nets = BTreeMap::new();
    for some in documents.chunks(IDS) {
        let rows: Vec<Net> = sql_query(format!(
            "SELECT record_id AS id, CAST(SUM(CASE side WHEN 'debit' THEN amount ELSE -amount END) AS BIGINT) AS net
            FROM finance_lines WHERE record_id IN ({}) GROUP BY record_id",
            id_list(some.iter().copied())
        ))
        .load(tx.conn())?;
        nets.extend(rows.into_iter().map(|row| (row.id, row.net.unwrap_or_default())));
    }
    Ok(nets)
}

/// Kinds and numbers of documents.
///
/// # Errors
/// The database fails or holds an unknown kind.
pub(super) fn named(tx: &mut ReadTx<'_>, documents: &[i64]) -> Outcome<BTreeMap<i64, (DocumentKind, String)>> {
    let mut named = BTreeMap::new();
    for some in documents.chunks(IDS) {
        let rows: Vec<(i64, String, Option<String>)> = records::table
            .filter(records::id.eq_any(some))
            .select((records::id, records::kind, records::number))
            .load(tx.conn())?;
        for (id, kind, number) in rows {
            named.insert(id, (kind.parse()?, number.unwrap_or_default()));
        }
    }
    Ok(named)
}

/// Those of the documents that a person prepared, certified or authorised, or had done so: another person pays them.
///
/// # Errors
/// The database fails.
pub(super) fn dutiful(tx: &mut ReadTx<'_>, user_id: i64, documents: &[i64]) -> Outcome<BTreeSet<i64>> {
    let mut own = BTreeSet::new();
    for some in documents.chunks(IDS) {
        let rows: Vec<i64> = finance_approvals::table
            .inner_join(
                finance_documents::table.on(finance_documents::record_id
                    .eq(finance_approvals::record_id)
                    .and(finance_documents::round.eq(finance_approvals::round))),
            )
            .filter(finance_approvals::record_id.eq_any(some))
            .filter(finance_approvals::user_id.eq(user_id).or(finance_approvals::on_behalf_of.eq(user_id)))
            .select(finance_approvals::record_id)
            .load(tx.conn())?;
        own.extend(rows);
    }
    Ok(own)
}

/// Refuses who had a duty in one of the documents; the database says so too.
///
/// # Errors
/// `payer_had_duty` with the document.
pub(super) fn another_pays(tx: &mut ReadTx<'_>, user_id: i64, documents: &[i64]) -> Outcome<()> {
    match dutiful(tx, user_id, documents)?.first() {
        Some(own) => Err(Refusal::rule("payer_had_duty", [("document", crate::documents::name_of(tx, *own)?)])),
        None => Ok(()),
    }
}

/// Those of the documents that an account of the chart does not pay: what is held in trust pays what is owed of it, and nothing
/// else does.
///
/// # Errors
/// The database fails.
pub(super) fn of_other_money(tx: &mut ReadTx<'_>, account_id: i64, documents: &[i64]) -> Outcome<BTreeSet<i64>> {
    let trust: bool = accounts::table.find(account_id).select(accounts::trust).first(tx.conn())?;
    let mut others = BTreeSet::new();
    for some in documents.chunks(IDS) {
        let rows: Vec<i64> = finance_documents::table
            .inner_join(accounts::table.on(accounts::id.nullable().eq(finance_documents::counter_id)))
            .filter(finance_documents::record_id.eq_any(some))
            .filter(accounts::trust.ne(trust))
            .select(finance_documents::record_id)
            .load(tx.conn())?;
        others.extend(rows);
    }
    Ok(others)
}

/// Takes the turn of a document, if all of this much is still open of it: from here on nobody else can pay it.
///
/// # Errors
/// The database fails.
pub(super) fn claim(tx: &mut WriteTx<'_>, document: i64, open: i64) -> Outcome<bool> {
    let same = finance_documents::table
        .filter(finance_documents::record_id.eq(document))
        .filter(finance_documents::to_pay.eq(open))
        .filter(finance_documents::to_pay.gt(0));
    let taken =
        diesel::update(same).set(finance_documents::to_pay.eq(finance_documents::to_pay)).kept().execute(tx.conn())?;
    Ok(taken == 1)
}

/// Takes the turn of documents in the order of their ids: what comes back is written after nobody else pays them.
///
/// # Errors
/// The database fails.
pub(super) fn turn(tx: &mut WriteTx<'_>, documents: &BTreeSet<i64>) -> Outcome<()> {
    for document in documents {
        diesel::update(finance_documents::table.find(document))
            .set(finance_documents::to_pay.eq(finance_documents::to_pay))
            .kept()
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The last of the days of documents: from then on all of them are owed.
///
/// # Errors
/// The database fails.
pub(super) fn last_day(tx: &mut ReadTx<'_>, documents: &[i64]) -> Outcome<Option<NaiveDate>> {
    let mut last: Option<NaiveDate> = None;
    for some in documents.chunks(IDS) {
        let of_some = finance_documents::table.filter(finance_documents::record_id.eq_any(some));
        let day: Option<NaiveDate> = of_some.select(max(finance_documents::effective_on)).first(tx.conn())?;
        last = last.max(day);
    }
    Ok(last)
}

#[derive(QueryableByName)]
struct Back {
    #[diesel(sql_type = Nullable<Date>)]
    day: Option<NaiveDate>,
}

/// The last day on which a payment of a document came back: a cheque or cash that was given up, a transfer that was returned. On no
/// day before it is the document paid anew, given up or taken back: until then it was paid.
///
/// # Errors
/// The database fails.
pub(crate) fn came_back_on(tx: &mut ReadTx<'_>, document: i64) -> Outcome<Option<NaiveDate>> {
    let of_it = format!("WHERE document_id = {}1 AND return_entry_id IS NOT NULL", tx.mark());
    let text = format!(
        "SELECT MAX(b.day) AS day FROM (SELECT ended_on AS day FROM cheques {of_it}
        UNION ALL SELECT ended_on FROM cash_payments {of_it} UNION ALL SELECT failed_on FROM payment_items {of_it}) b"
    );
    let back: Back = sql_query(text).bind::<BigInt, _>(document).get_result(tx.conn())?;
    Ok(back.day)
}

/// A day of a payment: not after today, and not before another one.
///
/// # Errors
/// The field `on`: `in_future`, `before_day` with the other day.
pub(super) fn day(tx: &mut ReadTx<'_>, on: NaiveDate, first: NaiveDate) -> Outcome<()> {
    if on > tx.today() {
        return Err(Refusal::field("on", "in_future"));
    }
    if on < first {
        return Err(diwan_kernel::FieldError::new("on", "before_day").with("day", first).into());
    }
    Ok(())
}
