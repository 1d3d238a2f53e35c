//! Random books with their model: plain rows of what was posted.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diwan_db::Clock as _;
use diwan_finance_api::{AccountInput, Bucket, DocumentKind, MoveKind, Report, ReportCell, ReportQuery, Side};
use diwan_kernel::Named;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::budget_keys;
use diwan_testkit::TestDb;

use crate::{
    ledger::{
        Entry, Line, Spend,
        moves::{self, Cause, Move},
        post,
        tests::books::{Books, act, day},
    },
    reports::{What, run},
    structure::{
        accounts,
        keys::{PartIds, part_ids},
        years,
    },
};

/// The accounts of the books: code, side, whether it spends budget, whether it asks for a party. The code is the GFSM code.
const ACCOUNTS: [(&str, Side, bool, bool); 7] = [
    ("6202", Side::Debit, false, false),
    ("11", Side::Credit, false, false),
    ("221", Side::Debit, true, false),
    ("6308", Side::Credit, false, true),
    ("6304", Side::Credit, false, false),
    ("6111", Side::Debit, false, false),
    ("62021", Side::Debit, false, false),
];
pub(super) const BANK: usize = 0;
pub(super) const REVENUE: usize = 1;
pub(super) const EXPENSE: usize = 2;
pub(super) const PAYABLE: usize = 3;
pub(super) const LOAN: usize = 4;
pub(super) const ASSET: usize = 5;
pub(super) const CASH: usize = 6;

/// A line as the model has it.
#[derive(Clone)]
pub(super) struct ModelLine {
    pub(super) account: usize,
    /// 0 for none.
    pub(super) key: i64,
    pub(super) party: i64,
    pub(super) debit: i64,
    pub(super) credit: i64,
}

/// An entry as the model has it.
#[derive(Clone)]
pub(super) struct ModelEntry {
    pub(super) id: i64,
    pub(super) day: NaiveDate,
    pub(super) at: NaiveDateTime,
    pub(super) back: bool,
    pub(super) lines: Vec<ModelLine>,
}

/// A move as the model has it.
pub(super) struct ModelMove {
    pub(super) line: i64,
    pub(super) kind: MoveKind,
    pub(super) source: Bucket,
    pub(super) target: Bucket,
    pub(super) amount: i64,
    pub(super) day: NaiveDate,
    pub(super) at: NaiveDateTime,
}

/// A key with its parts, chapter to item, and its function.
pub(super) type KeyParts = (i64, PartIds, String);

pub(super) struct Model {
    pub(super) books: Books,
    pub(super) accounts: [i64; 7],
    pub(super) entries: Vec<ModelEntry>,
    pub(super) moves: Vec<ModelMove>,
    pub(super) keys: Vec<KeyParts>,
    seed: u64,
    obligated: i64,
}

impl Model {
    /// Random books of two years.
    pub(super) fn random(test: &TestDb, seed: u64, entries: usize) -> Self {
        let books = Books::on(test.db());
        let actor = books.actor.clone();
        let accounts = act(&books.db, &actor, |tx| {
            years::create(tx, &actor, 2025)?;
            ACCOUNTS.iter().map(|one| Ok(accounts::create(tx, &actor, &input(*one))?.id)).collect::<Outcome<Vec<_>>>()
        });
        let keys = books.db.read_now(|tx| {
            let of_year = budget_keys::table.filter(budget_keys::year_id.eq(books.year.id));
            let columns = (budget_keys::id, part_ids(), budget_keys::cofog);
            Ok::<_, Refusal>(of_year.select(columns).load::<KeyParts>(tx.conn())?)
        });
        let mut model = Self {
            accounts: accounts.unwrap().try_into().unwrap(),
            keys: keys.unwrap(),
            books,
            entries: Vec::new(),
            moves: Vec::new(),
            seed,
            obligated: 0,
        };
        let line = model.books.key.line_id;
        model.shift(test, MoveKind::Law, "2026-01-01", (line, Bucket::Outside, Bucket::Unallotted, 5_000_000));
        model.shift(
            test,
            MoveKind::FinancialOrder,
            "2026-01-05",
            (line, Bucket::Unallotted, Bucket::Available, 4_000_000),
        );
        for _ in 0..entries {
            model.step(test);
        }
        model
    }

    /// A number below a limit (SplitMix64), the same for the same seed.
    pub(super) fn any(&mut self, below: i64) -> i64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % u64::try_from(below).unwrap()).unwrap()
    }

    pub(super) fn any_day(&mut self, from: &str, days: i64) -> NaiveDate {
        day(from) + TimeDelta::days(self.any(days))
    }

    /// A moment at which something was known, before or after anything.
    pub(super) fn any_moment(&mut self) -> NaiveDateTime {
        let at = usize::try_from(self.any(i64::try_from(self.entries.len()).unwrap())).unwrap();
        self.entries[at].at
    }

    fn step(&mut self, test: &TestDb) {
        let pause = self.any(40);
        test.clock().advance(TimeDelta::minutes(pause));
        let amount = 1 + self.any(9_000);
        let in_2026 = self.any_day("2026-01-01", 334);
        let line = |account, debit, credit| ModelLine { account, key: 0, party: 0, debit, credit };
        let (key, party) = (self.books.key.id, self.books.supplier);
        let owed = |debit, credit| ModelLine { party, ..line(PAYABLE, debit, credit) };
        let spent = |debit, credit| ModelLine { key, ..line(EXPENSE, debit, credit) };
        match self.any(9) {
            0 | 1 => {
                let moved = (MoveKind::Liquidate, Bucket::Available, Bucket::Obligated, amount);
                self.obligated += amount;
                self.post(in_2026, None, vec![spent(amount, 0), owed(0, amount)], &[moved]);
            }
            2 if self.obligated > 0 => {
                let amount = amount.min(self.obligated);
                self.obligated -= amount;
                let moved = (MoveKind::Pay, Bucket::Obligated, Bucket::Paid, amount);
                self.post(in_2026, None, vec![owed(amount, 0), line(BANK, 0, amount)], &[moved]);
            }
            3 => {
                let day = self.any_day("2025-01-01", 365);
                self.post(day, None, vec![line(BANK, amount, 0), line(REVENUE, 0, amount)], &[]);
            }
            4 => self.post(in_2026, None, vec![line(BANK, amount, 0), line(LOAN, 0, amount)], &[]),
            5 => self.post(in_2026, None, vec![line(ASSET, amount, 0), line(BANK, 0, amount)], &[]),
            6 => self.post(in_2026, None, vec![line(CASH, amount, 0), line(BANK, 0, amount)], &[]),
            7 => {
                let at = usize::try_from(self.any(i64::try_from(self.entries.len().max(1)).unwrap())).unwrap();
                let was = self.entries.get(at).filter(|one| !one.back).cloned();
                let Some(was) = was.filter(|one| one.lines[0].account == BANK) else { return };
                let lines =
                    was.lines.iter().map(|one| ModelLine { debit: one.credit, credit: one.debit, ..one.clone() });
                self.post(in_2026, Some(was.id), lines.collect(), &[]);
            }
            _ => self.post(in_2026, None, vec![line(BANK, amount, 0), line(REVENUE, 0, amount)], &[]),
        }
    }

    /// Posts an entry in the books and in the model; one that was taken back before is left.
    pub(super) fn post(
        &mut self,
        day: NaiveDate,
        reverses: Option<i64>,
        lines: Vec<ModelLine>,
        moved: &[(MoveKind, Bucket, Bucket, i64)],
    ) {
        let (line_id, key_id) = (self.books.key.line_id, Some(self.books.key.id));
        let spends = moved.iter().map(|(kind, source, target, amount)| Spend {
            kind: *kind,
            moves: vec![Move { line_id, key_id, source: *source, target: *target, amount: *amount }],
        });
        let entry = Entry {
            agency_id: self.books.actor.agency_id,
            record_id: self.books.record,
            kind: DocumentKind::JournalVoucher,
            effective_on: day,
            complementary: false,
            reverses,
            lines: lines.iter().map(|one| self.line(one)).collect(),
            spends: spends.collect(),
        };
        let by = self.books.actor.user_id;
        let done = act(&self.books.db, &self.books.actor, |tx| Ok((post(tx, by, &entry)?, tx.now())));
        let (id, at) = match done {
            Ok(done) => done,
            Err(Refusal::Rule { code: "reversed_already", .. }) => return,
            Err(other) => panic!("{other}"),
        };
        self.entries.push(ModelEntry { id, day, at, back: reverses.is_some(), lines });
        for (kind, source, target, amount) in moved {
            let (kind, source, target, amount) = (*kind, *source, *target, *amount);
            self.moves.push(ModelMove { line: line_id, kind, source, target, amount, day, at });
        }
    }

    fn line(&self, one: &ModelLine) -> Line {
        Line {
            account_id: self.accounts[one.account],
            key_id: (one.key != 0).then_some(one.key),
            party_id: (one.party != 0).then_some(one.party),
            centre_id: None,
            currency: "JOD".to_owned(),
            debit: one.debit,
            credit: one.credit,
            base_debit: one.debit,
            base_credit: one.credit,
            note: String::new(),
        }
    }

    /// Moves money of the budget alone, in the books and in the model.
    pub(super) fn shift(
        &mut self,
        test: &TestDb,
        kind: MoveKind,
        on: &str,
        (line, source, target, amount): (i64, Bucket, Bucket, i64),
    ) {
        let effective_on = day(on);
        let cause = Cause { record_id: self.books.record, entry_id: None, effective_on, by: self.books.actor.user_id };
        let one = Move { line_id: line, key_id: None, source, target, amount };
        act(&self.books.db, &self.books.actor, |tx| moves::apply(tx, &cause, &[Spend { kind, moves: vec![one] }]))
            .unwrap();
        let at = test.clock().now();
        self.moves.push(ModelMove { line, kind, source, target, amount, day: effective_on, at });
    }

    /// The code of an account, which is its GFSM code.
    pub(super) fn code(account: usize) -> &'static str {
        ACCOUNTS[account].0
    }

    /// A report as it is asked for.
    pub(super) fn report(&self, what: &What, query: &ReportQuery) -> Report {
        self.asked(what, query, 100).unwrap()
    }

    pub(super) fn asked(&self, what: &What, query: &ReportQuery, limit: i64) -> Outcome<Report> {
        self.books.db.read_now(|tx| run(tx, &self.books.actor, what, query, limit))
    }

    /// What moved an account between two days, debits less credits, as known at a moment.
    pub(super) fn moved(&self, begins: &str, (from, to): (NaiveDate, NaiveDate), known: NaiveDateTime) -> i64 {
        let own = self.entries.iter().filter(|one| one.day >= from && one.day <= to && one.at <= known);
        let lines = own.flat_map(|one| &one.lines).filter(|line| Self::code(line.account).starts_with(begins));
        lines.map(|line| line.debit - line.credit).sum()
    }
}

fn input((code, side, budgeted, needs_party): (&str, Side, bool, bool)) -> AccountInput {
    AccountInput {
        parent_id: None,
        code: format!("9{code}"),
        name: Named { ar: format!("حساب {code}"), en: String::new() },
        side,
        posting: true,
        gfsm: code.to_owned(),
        currency: None,
        budgeted,
        needs_party,
        needs_centre: false,
        trust: false,
        active_from: day("2024-01-01"),
        active_to: None,
    }
}

/// The amounts of a row.
pub(super) fn amounts(cells: &[ReportCell]) -> Vec<i64> {
    cells.iter().filter_map(|cell| if let ReportCell::Amount(minor) = cell { Some(*minor) } else { None }).collect()
}

/// The amounts of the row with this name.
pub(super) fn named(report: &Report, name: &str) -> Vec<i64> {
    let is_it = |cell: &ReportCell| matches!(cell, ReportCell::Text(text) if text.en == name || text.ar == name);
    let row = report.rows.iter().find(|row| row.cells.iter().any(is_it));
    row.map(|row| amounts(&row.cells)).unwrap_or_else(|| panic!("no row {name} in {:#?}", report.rows))
}
