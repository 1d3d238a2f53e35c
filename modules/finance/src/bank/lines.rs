//! Lines of statements (حركات الكشوف) in the database, with what they are matched with.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Integer, Text},
};
use diwan_bank::{Part, matching::OpenLine};
use diwan_db::{ReadTx, id_list};
use diwan_finance_api::{BankLine, BankMatch, BookLineId, MatchWhy};
use diwan_kernel::Named;
use diwan_platform::Outcome;
use diwan_schema::finance::bank_lines;

use super::{account::BankAccountRow, books};

/// A line as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bank_lines)]
pub(super) struct LineRow {
    pub(super) id: i64,
    pub(super) statement_id: i64,
    pub(super) bank_account_id: i64,
    pub(super) ordinal: i32,
    pub(super) occurrence: i32,
    pub(super) value_on: NaiveDate,
    pub(super) booked_on: NaiveDate,
    pub(super) incoming: bool,
    pub(super) amount: i64,
    pub(super) matched: i64,
    pub(super) reference: String,
    pub(super) bank_reference: String,
    pub(super) counterparty: String,
    pub(super) details: String,
    pub(super) parts: String,
    pub(super) fold: String,
}

impl LineRow {
    fn signed(&self, amount: i64) -> i64 {
        if self.incoming { amount } else { -amount }
    }

    /// What is not matched, signed.
    pub(super) fn open(&self) -> i64 {
        self.signed(self.amount - self.matched)
    }

    /// As a line to be matched.
    pub(super) fn open_line(&self) -> Outcome<OpenLine> {
        let parts: Vec<Part> = serde_json::from_str(&self.parts)?;
        let own = [&self.reference, &self.bank_reference].into_iter().filter(|text| !text.is_empty()).cloned();
        let of_parts = parts.into_iter().filter_map(|part| part.reference);
        Ok(OpenLine {
            id: self.id,
            date: self.booked_on,
            amount: self.open(),
            references: own.chain(of_parts).chain([self.details.clone()]).collect(),
            party: (!self.counterparty.is_empty()).then(|| self.counterparty.clone()),
        })
    }

    /// Words for it: what the bank says, else the other side.
    pub(super) fn words(&self) -> String {
        let parts = [&self.counterparty, &self.details];
        parts.into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" – ")
    }

    pub(super) fn view(self, matches: Vec<BankMatch>) -> BankLine {
        BankLine {
            amount: self.signed(self.amount),
            open: self.open(),
            id: self.id,
            statement_id: self.statement_id,
            ordinal: self.ordinal,
            occurrence: self.occurrence,
            value_on: self.value_on,
            booked_on: self.booked_on,
            reference: self.reference,
            bank_reference: self.bank_reference,
            counterparty: self.counterparty,
            details: self.details,
            matches,
        }
    }
}

/// The open lines of an account, by statement and place; up to a statement.
pub(super) fn open(tx: &mut ReadTx<'_>, account_id: i64, last_seq: Option<i64>) -> Outcome<Vec<LineRow>> {
    let open = bank_lines::table
        .filter(bank_lines::bank_account_id.eq(account_id))
        .filter(bank_lines::matched.lt(bank_lines::amount))
        .filter(bank_lines::statement_seq.le(last_seq.unwrap_or(i64::MAX)));
    Ok(open.order((bank_lines::statement_seq, bank_lines::ordinal)).select(LineRow::as_select()).load(tx.conn())?)
}

/// These lines of an account.
pub(super) fn some(tx: &mut ReadTx<'_>, account_id: i64, ids: &[i64]) -> Outcome<Vec<LineRow>> {
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let found: Vec<LineRow> = bank_lines::table
            .filter(bank_lines::bank_account_id.eq(account_id))
            .filter(bank_lines::id.eq_any(some))
            .order(bank_lines::id)
            .select(LineRow::as_select())
            .load(tx.conn())?;
        rows.extend(found);
    }
    Ok(rows)
}

/// How much of a line is which line of the books, as `bank_matches` has it.
#[derive(QueryableByName)]
pub(super) struct Pair {
    #[diesel(sql_type = BigInt)]
    pub(super) line_id: i64,
    #[diesel(sql_type = BigInt)]
    entry_id: i64,
    #[diesel(sql_type = Integer)]
    seq: i32,
    /// Without a sign.
    #[diesel(sql_type = BigInt)]
    pub(super) amount: i64,
}

impl Pair {
    /// The columns, of `bank_matches m`.
    pub(super) const COLUMNS: &str = "m.line_id, m.entry_id, m.seq, m.amount";

    /// The line of the books.
    pub(super) fn book(&self) -> BookLineId {
        BookLineId { entry_id: self.entry_id, seq: self.seq }
    }
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(embed)]
    pair: Pair,
    #[diesel(sql_type = Text)]
    rule: String,
    #[diesel(sql_type = Text)]
    why: String,
    #[diesel(sql_type = Text)]
    by_ar: String,
    #[diesel(sql_type = Text)]
    by_en: String,
    #[diesel(sql_type = Bool)]
    fixed: bool,
}

/// Lines with what they are matched with.
pub(super) fn views(tx: &mut ReadTx<'_>, account: &BankAccountRow, rows: Vec<LineRow>) -> Outcome<Vec<BankLine>> {
    let mut made = Vec::<Made>::new();
    let touched: Vec<i64> = rows.iter().filter(|row| row.matched > 0).map(|row| row.id).collect();
    for some in touched.chunks(500) {
        let text = format!(
            "SELECT {}, m.rule, m.why, u.name_ar AS by_ar, u.name_en AS by_en,
                COALESCE(r.state <> 'draft', FALSE) AS fixed
            FROM bank_matches m JOIN users u ON u.id = m.matched_by LEFT JOIN reconciliations r ON r.record_id = m.reconciliation_id
            WHERE m.line_id IN ({}) ORDER BY m.id",
            Pair::COLUMNS,
            id_list(some.iter().copied())
        );
        let found: Vec<Made> = sql_query(text).load(tx.conn())?;
        made.extend(found);
    }
    let entries: Vec<i64> = made.iter().map(|one| one.pair.entry_id).collect();
    let books: BTreeMap<BookLineId, _> =
        books::of_entries(tx, account, &entries)?.into_iter().map(|row| (row.key(), row)).collect();
    let mut matches = BTreeMap::<i64, Vec<BankMatch>>::new();
    for one in made {
        let Some(book) = books.get(&one.pair.book()) else { continue };
        matches.entry(one.pair.line_id).or_default().push(BankMatch {
            book: book.view(),
            amount: one.pair.amount * book.amount.signum(),
            why: MatchWhy { rule: one.rule.parse()?, args: serde_json::from_str(&one.why)? },
            by: Named { ar: one.by_ar, en: one.by_en },
            fixed: one.fixed,
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let of_row = matches.remove(&row.id).unwrap_or_default();
            row.view(of_row)
        })
        .collect())
}
