//! A bank account to test with: books to post to, and statements as a bank would send them.

use std::fmt::Write as _;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::Db;
use diwan_extract::Sniffed;
use diwan_finance_api::{
    AcceptMatches, BookLineId, DeskQuery, DocumentKind, ManualMatch, MatchDesk, Matched, StatementImport,
    StatementQuery,
};
use diwan_kernel::money;
use diwan_platform::{Actor, Outcome, Refusal, files::Stored};
use diwan_schema::finance::{bank_accounts, bank_lines, cleared_lines};
use sha2::{Digest, Sha256};

use super::super::{self as bank, reconcile};
use crate::ledger::{
    Entry, Line, post,
    tests::books::{Books, act, day, sql},
};

pub(super) const IBAN: &str = "JO94CBJO0010000000000131000302";

pub(super) struct Counter {
    pub(super) books: Books,
    /// The bank account.
    pub(super) account: i64,
    /// Who prepares.
    pub(super) treasurer: Actor,
    /// Who approves.
    pub(super) manager: Actor,
}

/// The first code of a refusal: of the rule, or of the first field.
pub(super) fn code<T: std::fmt::Debug>(refused: Outcome<T>) -> String {
    match refused {
        Err(Refusal::Rule { code, .. }) => code.to_owned(),
        Err(Refusal::Invalid(fields)) => fields[0].code.clone(),
        Err(Refusal::WrongState { .. }) => "wrong_state".to_owned(),
        Err(Refusal::Stale { .. }) => "stale".to_owned(),
        Err(Refusal::NotFound(_)) => "not_found".to_owned(),
        other => panic!("{other:?}"),
    }
}

/// A line of the bank or of the books: day, signed amount, words.
pub(crate) type Item<'a> = (&'a str, i64, &'a str);

/// A statement of MT940.
pub(crate) fn mt940(sequence: u32, opening: i64, (from, to): (&str, &str), items: &[Item<'_>]) -> Vec<u8> {
    let short = |text: &str| day(text).format("%y%m%d").to_string();
    let shown = |minor: i64| money::format(minor.abs(), 3).replace(',', "").replace('.', ",");
    let mark = |minor: i64| if minor < 0 { 'D' } else { 'C' };
    let mut text = format!(
        ":20:STMT{sequence}\n:25:{IBAN}\n:28C:{sequence}/1\n:60F:{}{}JOD{}\n",
        mark(opening),
        short(from),
        shown(opening)
    );
    let mut closing = opening;
    for (on, amount, words) in items {
        closing += amount;
        let (mark, amount) = (mark(*amount), shown(*amount));
        write!(text, ":61:{}{mark}{amount}NTRFNONREF\n:86:{words}\n", short(on)).unwrap();
    }
    write!(text, ":62F:{}{}JOD{}\n-\n", mark(closing), short(to), shown(closing)).unwrap();
    text.into_bytes()
}

pub(super) fn stored(bytes: &[u8]) -> Stored {
    let hash = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let sniffed = Sniffed { media_type: "text/plain".into(), extension: "sta".into(), matches_name: true };
    Stored { hash, size: bytes.len() as u64, sniffed }
}

impl Counter {
    pub(super) fn on(db: Db) -> Self {
        let books = Books::on(db);
        sql(
            &books.db,
            "INSERT INTO currencies (code, scale, name_ar, name_en) VALUES ('JOD', 3, 'دينار', 'Dinar') ON CONFLICT DO NOTHING",
        )
        .unwrap();
        let account = books
            .db
            .upkeep("test.bank", |tx| {
                Ok::<i64, diwan_db::DbError>(
                    diesel::insert_into(bank_accounts::table)
                        .values((
                            (
                                bank_accounts::agency_id.eq(books.actor.agency_id),
                                bank_accounts::account_id.eq(books.bank),
                            ),
                            (
                                bank_accounts::code.eq("1"),
                                bank_accounts::name_ar.eq("الخزينة"),
                                bank_accounts::name_en.eq(""),
                            ),
                            (
                                bank_accounts::bic.eq(""),
                                bank_accounts::number.eq("131000302"),
                                bank_accounts::iban.eq(IBAN),
                            ),
                            (
                                bank_accounts::currency.eq("JOD"),
                                bank_accounts::active.eq(true),
                                bank_accounts::version.eq(1_i64),
                            ),
                        ))
                        .returning(bank_accounts::id)
                        .get_result(tx.conn())?,
                )
            })
            .unwrap();
        let (treasurer, manager) = (books.actor.clone(), books.world.mof.actor(&books.db, "sg"));
        Self { books, account, treasurer, manager }
    }

    fn entry(&self, on: NaiveDate, items: &[(i64, &str)]) -> Entry {
        let line = |account_id, party_id, amount: i64, note: &str| Line {
            account_id,
            key_id: None,
            party_id,
            centre_id: None,
            currency: "JOD".to_owned(),
            debit: amount.max(0),
            credit: (-amount).max(0),
            base_debit: amount.max(0),
            base_credit: (-amount).max(0),
            note: note.to_owned(),
        };
        let mut lines: Vec<Line> =
            items.iter().map(|(amount, note)| line(self.books.bank, None, *amount, note)).collect();
        let against = items.iter().map(|(amount, _)| -amount);
        lines.extend(against.map(|amount| line(self.books.payable, Some(self.books.supplier), amount, "")));
        Entry {
            agency_id: self.treasurer.agency_id,
            record_id: self.books.record,
            kind: DocumentKind::JournalVoucher,
            effective_on: on,
            complementary: false,
            reverses: None,
            lines,
            spends: Vec::new(),
        }
    }

    /// Posts one entry with a line on the bank for each item of one day; answers the entry.
    pub(super) fn post(&self, on: &str, items: &[(i64, &str)]) -> i64 {
        let entry = self.entry(day(on), items);
        act(&self.books.db, &self.treasurer, |tx| post(tx, self.treasurer.user_id, &entry)).unwrap()
    }

    /// Posts what takes an entry back.
    pub(super) fn reverse(&self, of: i64, on: &str, items: &[(i64, &str)]) -> i64 {
        let mut entry = self.entry(day(on), items);
        entry.reverses = Some(of);
        for line in &mut entry.lines {
            (line.debit, line.credit) = (line.credit, line.debit);
            (line.base_debit, line.base_credit) = (line.base_credit, line.base_debit);
        }
        act(&self.books.db, &self.treasurer, |tx| post(tx, self.treasurer.user_id, &entry)).unwrap()
    }

    pub(super) fn import(&self, bytes: &[u8]) -> Outcome<StatementImport> {
        let (db, agency) = (&self.books.db, self.treasurer.agency_id);
        let account = db.read_now(|tx| bank::account(tx, agency, self.account))?;
        let source = bank::read_file(bytes, &account, &StatementQuery::default())?;
        let kept = stored(bytes);
        db.write_now(self.treasurer.who(), "test.import", |tx| {
            bank::import(tx, &self.treasurer, self.account, &source, (&kept, "statement.sta"))
        })
    }

    /// The id of the one statement of a file that must be importable.
    pub(super) fn bring(&self, bytes: &[u8]) -> i64 {
        self.import(bytes).unwrap().ids[0]
    }

    pub(super) fn desk(&self) -> MatchDesk {
        self.find("")
    }

    /// The desk where something is looked for.
    pub(super) fn find(&self, words: &str) -> MatchDesk {
        let asked = DeskQuery { q: Some(words.to_owned()) };
        self.books.db.read_now(|tx| bank::desk(tx, &self.treasurer, self.account, &asked)).unwrap()
    }

    pub(super) fn accept(&self, lines: &[i64]) -> Outcome<Matched> {
        let input = AcceptMatches { lines: lines.to_vec() };
        self.books.db.write_now(self.treasurer.who(), "test.accept", |tx| {
            bank::accept(tx, &self.treasurer, self.account, &input)
        })
    }

    pub(super) fn by_hand(&self, lines: &[i64], entries: &[(i64, i32)]) -> Outcome<Matched> {
        let entries = entries.iter().map(|(entry_id, seq)| BookLineId { entry_id: *entry_id, seq: *seq }).collect();
        let input = ManualMatch { lines: lines.to_vec(), entries };
        self.books.db.write_now(self.treasurer.who(), "test.match", |tx| {
            bank::match_by_hand(tx, &self.treasurer, self.account, &input)
        })
    }

    pub(super) fn undo(&self, line: i64) -> Outcome<Matched> {
        self.books.db.write_now(self.treasurer.who(), "test.undo", |tx| bank::undo(tx, &self.treasurer, line))
    }

    /// Ids of the lines of the account with what is matched of each, in their order.
    pub(super) fn lines(&self) -> Vec<(i64, i64, i64)> {
        self.books
            .db
            .read_now(|tx| {
                Ok::<_, Refusal>(
                    bank_lines::table
                        .filter(bank_lines::bank_account_id.eq(self.account))
                        .order((bank_lines::statement_seq, bank_lines::ordinal))
                        .select((bank_lines::id, bank_lines::amount, bank_lines::matched))
                        .load(tx.conn())?,
                )
            })
            .unwrap()
    }

    /// What is cleared of a line of the books.
    pub(super) fn cleared(&self, entry: i64, seq: i32) -> i64 {
        self.books
            .db
            .read_now(|tx| {
                let found: Option<i64> = cleared_lines::table
                    .find((entry, seq))
                    .select(cleared_lines::cleared)
                    .first(tx.conn())
                    .optional()?;
                Ok::<_, Refusal>(found.unwrap_or(0))
            })
            .unwrap()
    }

    pub(super) fn begin(&self, statement: i64) -> Outcome<i64> {
        let input = diwan_finance_api::NewReconciliation { statement_id: statement };
        self.books.db.write_now(self.treasurer.who(), "test.begin", |tx| {
            reconcile::begin(tx, &self.treasurer, self.account, &input)
        })
    }

    pub(super) fn view(&self, id: i64) -> diwan_finance_api::Reconciliation {
        self.books.db.read_now(|tx| reconcile::view(tx, &self.treasurer, id)).unwrap()
    }

    pub(super) fn submit(&self, id: i64) -> Outcome<()> {
        let version = self.view(id).version;
        self.books
            .db
            .write_now(self.treasurer.who(), "test.submit", |tx| reconcile::submit(tx, &self.treasurer, id, version))
    }

    pub(super) fn give_back(&self, id: i64) -> Outcome<()> {
        let version = self.view(id).version;
        self.books
            .db
            .write_now(self.manager.who(), "test.return", |tx| reconcile::give_back(tx, &self.manager, id, version))
    }

    /// Gives a draft up.
    pub(super) fn void(&self, id: i64) -> Outcome<()> {
        let version = self.view(id).version;
        self.books
            .db
            .write_now(self.treasurer.who(), "test.void", |tx| reconcile::void(tx, &self.treasurer, id, version))
    }

    pub(super) fn approve(&self, actor: &Actor, id: i64) -> Outcome<()> {
        let version = self.view(id).version;
        let secrets = diwan_platform::Secrets::from_key([7; 32]);
        self.books.db.write_now(actor.who(), "test.approve", |tx| reconcile::approve(tx, &secrets, actor, id, version))
    }
}

impl Counter {
    /// What is cleared of all lines of the books.
    pub(super) fn all_cleared(&self) -> i64 {
        self.books
            .db
            .read_now(|tx| {
                let sum = diwan_db::sum_i64("cleared_lines.cleared");
                Ok::<Option<i64>, Refusal>(cleared_lines::table.select(sum).first(tx.conn())?)
            })
            .unwrap()
            .unwrap_or(0)
    }
}
