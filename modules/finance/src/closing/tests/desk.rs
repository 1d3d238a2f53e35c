//! The closing desk of a finance office: who closes, who seals, and the steps as they take them.

use std::{collections::BTreeMap, sync::Mutex};

use diesel::prelude::*;
use diwan_db::Db;
use diwan_extract::Sniffed;
use diwan_finance_api::{
    AcceptInput, BeginYearEnd, ClosingCheck, ClosingFinding, ClosingRuleInput, ClosingRuleKind, Cockpit,
    CommitmentDecision, DecideCommitments, DocumentKind, FiscalPeriod, FiscalYear, PeriodState, SignOffInput, YearEnd,
};
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Outcome, Refusal, files::Stored, records::seals, secrets::Secrets};
use diwan_schema::finance::{accounts, bank_accounts, fiscal_periods};
use diwan_testkit::give_right;
use sha2::{Digest, Sha256};

use crate::{
    closing::{
        book::{self, Built},
        cockpit, gate, signing, year,
    },
    documents::tests::office::{GOODS, Office},
    ledger::tests::books::{act, day},
    parts::part,
    structure::{periods, years},
};

pub(super) struct Desk {
    pub(super) office: Office,
    /// Closes and prepares the end of the year.
    pub(super) closer: Actor,
    /// Closes and authorises: may seal.
    pub(super) chief: Actor,
    pub(super) year: FiscalYear,
    /// The store of files: what was sealed, by its hash.
    store: Mutex<BTreeMap<String, Vec<u8>>>,
}

/// The key of the office, as sealing of documents opens it.
pub(super) fn secrets() -> Secrets {
    Secrets::from_key([0; 32])
}

impl Desk {
    pub(super) fn on(db: Db) -> Self {
        let office = Office::on(db);
        let (db, mof) = (&office.db, &office.world.mof);
        for (who, rights) in [
            ("head", &[Permission::FinanceRead, Permission::FinanceClose][..]),
            ("registry_head", &[Permission::FinanceRead, Permission::FinanceClose, Permission::FinanceAuthorise]),
        ] {
            for right in rights {
                give_right(db, mof.users[who], *right);
            }
        }
        let (closer, chief) = (mof.actor(db, "head"), mof.actor(db, "registry_head"));
        let year = db.read_now(|tx| years::list(tx, closer.agency_id)).unwrap().remove(0);
        Self { office, closer, chief, year, store: Mutex::default() }
    }

    pub(super) fn db(&self) -> &Db {
        &self.office.db
    }

    pub(super) fn period(&self, number: usize) -> FiscalPeriod {
        let id = self.year.periods[number - 1].id;
        self.db().read_now(|tx| periods::load(tx, self.closer.agency_id, id)?.view(tx)).unwrap()
    }

    pub(super) fn cockpit(&self, by: &Actor, number: usize) -> Cockpit {
        let id = self.period(number).id;
        self.db().read_now(|tx| cockpit::view(tx, by, id)).unwrap()
    }

    pub(super) fn finding(&self, number: usize, check: ClosingCheck) -> ClosingFinding {
        self.cockpit(&self.closer, number).findings.into_iter().find(|one| one.check == check).unwrap()
    }

    pub(super) fn close(&self, number: usize) -> Outcome<FiscalPeriod> {
        let period = self.period(number);
        act(self.db(), &self.closer, |tx| {
            periods::close(tx, &self.closer, period.id, period.version, PeriodState::Closed)
        })
    }

    /// Closes the months up to one.
    pub(super) fn close_to(&self, last: usize) {
        for number in 1..=last {
            if self.period(number).state != PeriodState::Closed {
                self.close(number).unwrap();
            }
        }
    }

    pub(super) fn reopen(&self, number: usize) -> Outcome<FiscalPeriod> {
        let period = self.period(number);
        act(self.db(), &self.closer, |tx| {
            let until = tx.now() + chrono::TimeDelta::hours(3);
            periods::reopen(tx, &self.closer, period.id, period.version, ("قيد فات", until))
        })
    }

    /// A sign-off that is asked for from a day on.
    pub(super) fn rule(&self, code: &str, right: Permission, other_person: bool) -> i64 {
        let input = ClosingRuleInput {
            kind: ClosingRuleKind::SignOff,
            code: code.to_owned(),
            name: Named { ar: format!("إقرار {code}"), en: String::new() },
            right: Some(right),
            other_person,
            active_from: day("2026-10-01"),
            active_to: None,
        };
        act(self.db(), &self.closer, |tx| part::create(tx, &self.closer, &input)).unwrap().id
    }

    pub(super) fn clearing(&self, account: &str) {
        let input = ClosingRuleInput {
            kind: ClosingRuleKind::Clearing,
            code: account.to_owned(),
            name: Named::default(),
            right: None,
            other_person: false,
            active_from: day("2026-10-01"),
            active_to: None,
        };
        act(self.db(), &self.closer, |tx| part::create(tx, &self.closer, &input)).unwrap();
    }

    pub(super) fn sign(&self, by: &Actor, number: usize, rule_id: i64) -> Outcome<()> {
        let (id, input) = (self.period(number).id, SignOffInput { rule_id, note: String::new() });
        act(self.db(), by, |tx| signing::sign(tx, by, id, &input))
    }

    pub(super) fn accept(&self, number: usize, check: ClosingCheck, reason: &str) -> Outcome<()> {
        let (id, input) = (self.period(number).id, AcceptInput { check, reason: reason.to_owned() });
        act(self.db(), &self.closer, |tx| gate::accept(tx, &self.closer, id, &input))
    }

    /// A receipt of October for so many dinars.
    pub(super) fn receipt(&self, dinars: &str) -> i64 {
        self.office.posted(&self.office.input(DocumentKind::Receipt, &[("1421", "", "", dinars)]))
    }

    /// An expense of October on goods.
    pub(super) fn expense(&self, dinars: &str, invoice: &str) -> i64 {
        let mut voucher = self.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, dinars, "")]);
        voucher.reference = invoice.to_owned();
        self.office.posted(&voucher)
    }

    pub(super) fn commitment(&self, key: &str, dinars: &str) -> i64 {
        self.office.posted(&self.office.input(DocumentKind::Commitment, &[("", key, dinars, "")]))
    }

    /// A bank account on the treasury's account of the chart.
    pub(super) fn bank_account(&self) -> i64 {
        act(self.db(), &self.closer, |tx| {
            let account: i64 =
                accounts::table.filter(accounts::code.eq("620201")).select(accounts::id).first(tx.conn())?;
            Ok(diesel::insert_into(bank_accounts::table)
                .values((
                    (bank_accounts::agency_id.eq(self.closer.agency_id), bank_accounts::account_id.eq(account)),
                    (bank_accounts::code.eq("B1"), bank_accounts::name_ar.eq("حساب الخزينة")),
                    (bank_accounts::name_en.eq(""), bank_accounts::bic.eq(""), bank_accounts::number.eq("1")),
                    (bank_accounts::iban.eq(""), bank_accounts::currency.eq("JOD"), bank_accounts::active.eq(true)),
                    bank_accounts::version.eq(1_i64),
                ))
                .returning(bank_accounts::id)
                .get_result(tx.conn())?)
        })
        .unwrap()
    }

    /// Gives the agency its key, as the first seal does.
    pub(super) fn key(&self) {
        act(self.db(), &self.chief, |tx| seals::ensure_key(tx, &secrets(), self.chief.agency_id)).unwrap();
    }

    pub(super) fn build(&self, by: &Actor, number: usize, version: i64) -> Outcome<Built> {
        let id = self.period(number).id;
        self.db().read_now(|tx| book::build(tx, by, id, version))
    }

    pub(super) fn stored(&self, built: &Built) -> Stored {
        let hash: String = Sha256::digest(&built.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.store.lock().unwrap().insert(hash.clone(), built.bytes.clone());
        let sniffed = Sniffed { media_type: "text/plain".into(), extension: "jsonl".into(), matches_name: true };
        Stored { hash, size: built.bytes.len() as u64, sniffed }
    }

    pub(super) fn seal(&self, by: &Actor, number: usize) -> Outcome<FiscalPeriod> {
        let period = self.period(number);
        let built = self.build(by, number, period.version)?;
        let stored = self.stored(&built);
        act(self.db(), by, |tx| book::seal(tx, &secrets(), by, period.id, (&built, &stored)))
    }

    /// The sealed book as it is downloaded.
    pub(super) fn book(&self, number: usize) -> Vec<u8> {
        let id = self.period(number).id;
        let (hash, seal) = self.db().read_now(|tx| book::file(tx, &self.chief, id)).unwrap();
        let mut bytes = self.store.lock().unwrap()[&hash].clone();
        bytes.extend_from_slice(seal.as_bytes());
        bytes.push(b'\n');
        bytes
    }

    pub(super) fn end(&self) -> YearEnd {
        self.db().read_now(|tx| year::view(tx, &self.closer, self.year.id)).unwrap()
    }

    pub(super) fn begin(&self) {
        act(self.db(), &self.closer, |tx| year::begin(tx, &self.closer, self.year.id, &BeginYearEnd::default()))
            .unwrap();
    }

    pub(super) fn decide(&self, ids: &[i64], decision: CommitmentDecision) -> Outcome<()> {
        let input =
            DecideCommitments {
                ids: ids.to_vec(), holds: Vec::new(), decision, reason: "قرار اللجنة".to_owned()
            };
        act(self.db(), &self.closer, |tx| year::decide(tx, &self.closer, self.year.id, &input))
    }

    /// Decides on what other modules hold.
    pub(super) fn decide_held(&self, holds: &[i64], decision: CommitmentDecision) -> Outcome<()> {
        let reason = "قرار اللجنة".to_owned();
        let input = DecideCommitments { ids: Vec::new(), holds: holds.to_vec(), decision, reason };
        act(self.db(), &self.closer, |tx| year::decide(tx, &self.closer, self.year.id, &input))
    }

    pub(super) fn prepare(&self) -> Outcome<()> {
        let version = self.end().version;
        act(self.db(), &self.closer, |tx| year::prepare(tx, &self.closer, self.year.id, version))
    }

    pub(super) fn confirm(&self, by: &Actor) -> Outcome<()> {
        let version = self.end().version;
        act(self.db(), by, |tx| year::confirm(tx, &secrets(), by, self.year.id, version))
    }

    /// Opens the next year.
    pub(super) fn next_year(&self) -> FiscalYear {
        act(self.db(), &self.closer, |tx| years::create(tx, &self.closer, 2027)).unwrap()
    }

    /// The state of a period past every operation.
    pub(super) fn state(&self, number: usize) -> String {
        let id = self.year.periods[number - 1].id;
        self.db()
            .read_now(|tx| {
                Ok::<_, Refusal>(fiscal_periods::table.find(id).select(fiscal_periods::state).first(tx.conn())?)
            })
            .unwrap()
    }
}
