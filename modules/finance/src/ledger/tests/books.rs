//! Small books to test with: one year, four accounts, two budget keys on two lines.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Db, DbError, WriteTx};
use diwan_finance_api::{Bucket, DocumentKind, FiscalYear, MoveKind, SegmentKind};
use diwan_kernel::{Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, NewRecord},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{accounts, budget_lines, budget_moves, parties, segments};
use diwan_testkit::World;

use crate::{
    ledger::{
        Entry, Line, Spend,
        moves::{self, Buckets, Cause, Move},
        post,
    },
    structure::{
        keys::{self, Key},
        years,
    },
};

pub(crate) struct Books {
    pub(crate) db: Db,
    pub(crate) actor: Actor,
    pub(crate) year: FiscalYear,
    /// Uses of goods and services: spends budget.
    pub(crate) expense: i64,
    /// Accounts payable: asks for a party.
    pub(crate) payable: i64,
    /// The bank, in dinars only.
    pub(crate) bank: i64,
    /// A group: not posted to.
    pub(crate) group: i64,
    pub(crate) supplier: i64,
    pub(crate) key: Key,
    pub(crate) other_key: Key,
    pub(crate) record: i64,
    pub(crate) world: World,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Runs a step as an operation does.
pub(crate) fn act<T>(db: &Db, actor: &Actor, run: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T>) -> Outcome<T> {
    db.write_now(actor.who(), "test.step", |tx| {
        let value = run(tx)?;
        tx.audit(Audit::of("test", 1))?;
        Ok(value)
    })
}

/// Runs one statement past every operation.
pub(crate) fn sql(db: &Db, statement: &str) -> Result<(), DbError> {
    use diesel::connection::SimpleConnection as _;
    db.upkeep("test.sql", |tx| Ok(tx.conn().batch_execute(statement)?))
}

/// The least that any bucket of a budget line but these holds at the end of any day, as the position counts it.
pub(crate) fn least(db: &Db, but: &[Bucket]) -> i64 {
    type Made = (i64, NaiveDate, String, String, i64);
    let columns = (
        budget_moves::line_id,
        budget_moves::effective_on,
        budget_moves::source,
        budget_moves::target,
        budget_moves::amount,
    );
    let made = db.read_now(|tx| Ok::<_, Refusal>(budget_moves::table.select(columns).load::<Made>(tx.conn())?));
    let mut buckets = BTreeMap::<(i64, String), BTreeMap<NaiveDate, i64>>::new();
    for (line, day, source, target, amount) in made.unwrap() {
        for (bucket, signed) in [(source, -amount), (target, amount)] {
            *buckets.entry((line, bucket)).or_default().entry(day).or_default() += signed;
        }
    }
    let left_out = |code: &str| code == Bucket::Outside.code() || but.iter().any(|one| one.code() == code);
    buckets.retain(|(_, bucket), _| !left_out(bucket));
    let mut least = 0;
    for days in buckets.values() {
        let mut held = 0;
        for change in days.values() {
            held += change;
            least = least.min(held);
        }
    }
    least
}

pub(crate) fn rule(refused: Outcome<i64>) -> String {
    match refused {
        Err(Refusal::Rule { code, .. }) => code.to_owned(),
        Err(Refusal::Invalid(fields)) => {
            fields.iter().map(|one| format!("{}:{}", one.field, one.code)).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    }
}

impl Books {
    pub(crate) fn on(db: Db) -> Self {
        let world = World::on(&db);
        let actor = world.mof.actor(&db, "director");
        let made = act(&db, &actor, |tx| {
            let year = years::create(tx, &actor, 2026)?;
            let group = account(tx, actor.agency_id, "2", (false, false, false, None))?;
            let expense = account(tx, actor.agency_id, "22", (true, true, false, None))?;
            let payable = account(tx, actor.agency_id, "3308", (true, false, true, None))?;
            let bank = account(tx, actor.agency_id, "3202", (true, false, false, Some("JOD")))?;
            let supplier = party(tx, actor.agency_id)?;
            let mut parts = [0; 6];
            for (part, kind) in parts.iter_mut().zip(SegmentKind::ALL) {
                *part = segment(tx, actor.agency_id, *kind, "1")?;
            }
            let mut others = parts;
            others[5] = segment(tx, actor.agency_id, SegmentKind::Item, "2")?;
            let when = (day("2026-01-01"), actor.user_id);
            let key = keys::find_or_make(tx, actor.agency_id, year.id, parts, when)?;
            assert_eq!(key, keys::find_or_make(tx, actor.agency_id, year.id, parts, when)?);
            let other_key = keys::find_or_make(tx, actor.agency_id, year.id, others, when)?;
            let record = record(tx, &actor)?;
            Ok((year, [group, expense, payable, bank, supplier, record], key, other_key))
        });
        let (year, [group, expense, payable, bank, supplier, record], key, other_key) = made.unwrap();
        Self { db, actor, year, expense, payable, bank, group, supplier, key, other_key, record, world }
    }

    /// Appropriates and allots this much to a line.
    pub(crate) fn allot(&self, line_id: i64, amount: i64) {
        for (kind, source, target) in [
            (MoveKind::Law, Bucket::Outside, Bucket::Unallotted),
            (MoveKind::FinancialOrder, Bucket::Unallotted, Bucket::Available),
        ] {
            self.shift(kind, &[Move { line_id, key_id: None, source, target, amount }]).unwrap();
        }
    }

    pub(crate) fn shift(&self, kind: MoveKind, moves: &[Move]) -> Outcome<()> {
        let cause =
            Cause { record_id: self.record, entry_id: None, effective_on: day("2026-03-10"), by: self.actor.user_id };
        act(&self.db, &self.actor, |tx| moves::apply(tx, &cause, &[Spend { kind, moves: moves.to_vec() }]))
    }

    /// An invoice without a commitment: expense to payable, and available to obligated.
    pub(crate) fn invoice(&self, amount: i64) -> Entry {
        let line = Line {
            account_id: self.expense,
            key_id: Some(self.key.id),
            party_id: None,
            centre_id: None,
            currency: "JOD".to_owned(),
            debit: amount,
            credit: 0,
            base_debit: amount,
            base_credit: 0,
            note: String::new(),
        };
        let against = Line {
            account_id: self.payable,
            key_id: None,
            party_id: Some(self.supplier),
            debit: 0,
            credit: amount,
            base_debit: 0,
            base_credit: amount,
            ..line.clone()
        };
        let spent = Move {
            line_id: self.key.line_id,
            key_id: Some(self.key.id),
            source: Bucket::Available,
            target: Bucket::Obligated,
            amount,
        };
        Entry {
            agency_id: self.actor.agency_id,
            record_id: self.record,
            kind: DocumentKind::PaymentVoucher,
            effective_on: day("2026-03-10"),
            complementary: false,
            reverses: None,
            lines: vec![line, against],
            spends: vec![Spend { kind: MoveKind::Liquidate, moves: vec![spent] }],
        }
    }

    /// What takes an invoice back.
    pub(crate) fn reversal(&self, of: i64, amount: i64) -> Entry {
        let mut entry = self.invoice(amount);
        entry.reverses = Some(of);
        entry.kind = DocumentKind::JournalVoucher;
        for line in &mut entry.lines {
            (line.debit, line.credit) = (line.credit, line.debit);
            (line.base_debit, line.base_credit) = (line.base_credit, line.base_debit);
        }
        for spend in &mut entry.spends {
            spend.kind = MoveKind::Reverse;
            for one in &mut spend.moves {
                (one.source, one.target) = (one.target, one.source);
            }
        }
        entry
    }

    pub(crate) fn post(&self, entry: &Entry) -> Outcome<i64> {
        act(&self.db, &self.actor, |tx| post(tx, self.actor.user_id, entry))
    }

    pub(crate) fn buckets(&self, line_id: i64) -> Buckets {
        let row: (i64, i64, i64, i64, i64, i64, i64) = self
            .db
            .read_now(|tx| {
                Ok::<_, Refusal>(
                    budget_lines::table
                        .find(line_id)
                        .select((
                            budget_lines::unallotted,
                            budget_lines::frozen,
                            budget_lines::available,
                            budget_lines::pre_committed,
                            budget_lines::committed,
                            budget_lines::obligated,
                            budget_lines::paid,
                        ))
                        .first(tx.conn())?,
                )
            })
            .unwrap();
        [row.0, row.1, row.2, row.3, row.4, row.5, row.6]
    }
}

fn account(
    tx: &mut WriteTx<'_>,
    agency_id: i64,
    code: &str,
    (posting, budgeted, needs_party, currency): (bool, bool, bool, Option<&str>),
) -> Outcome<i64> {
    Ok(diesel::insert_into(accounts::table)
        .values((
            (accounts::agency_id.eq(agency_id), accounts::code.eq(code), accounts::name_ar.eq("حساب")),
            (accounts::name_en.eq(""), accounts::side.eq("debit"), accounts::posting.eq(posting)),
            (accounts::gfsm.eq(code), accounts::currency.eq(currency), accounts::budgeted.eq(budgeted)),
            (accounts::needs_party.eq(needs_party), accounts::needs_centre.eq(false)),
            (accounts::active_from.eq(day("2026-01-01")), accounts::active_to.eq(day("2026-11-30"))),
            accounts::version.eq(1_i64),
        ))
        .returning(accounts::id)
        .get_result(tx.conn())?)
}

fn party(tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64> {
    Ok(diesel::insert_into(parties::table)
        .values((
            (parties::agency_id.eq(agency_id), parties::kind.eq("supplier"), parties::code.eq("1")),
            (parties::name_ar.eq("شركة الأفق"), parties::name_en.eq(""), parties::fold.eq("")),
            (parties::tax_number.eq(""), parties::national_number.eq(""), parties::iban.eq("")),
            (parties::active.eq(true), parties::version.eq(1_i64)),
        ))
        .returning(parties::id)
        .get_result(tx.conn())?)
}

pub(crate) fn segment(tx: &mut WriteTx<'_>, agency_id: i64, kind: SegmentKind, code: &str) -> Outcome<i64> {
    Ok(diesel::insert_into(segments::table)
        .values((
            (segments::agency_id.eq(agency_id), segments::kind.eq(kind.code()), segments::code.eq(code)),
            (segments::name_ar.eq("عام"), segments::name_en.eq(""), segments::posting.eq(true)),
            (segments::gfsm.eq("22"), segments::cofog.eq("70112")),
            (segments::active_from.eq(day("2020-01-01")), segments::version.eq(1_i64)),
        ))
        .returning(segments::id)
        .get_result(tx.conn())?)
}

/// A document to post for.
pub(crate) fn record(tx: &mut WriteTx<'_>, actor: &Actor) -> Outcome<i64> {
    records::create(
        tx,
        &NewRecord {
            agency_id: actor.agency_id,
            unit_id: None,
            kind: RecordKind::Document,
            subject: "مستند صرف".to_owned(),
            party: String::new(),
            state: "draft",
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            priority: Priority::Normal,
            due_on: None,
            class_code: None,
            created_by: actor.user_id,
        },
    )
}
