//! The finance office of a ministry in a fresh database: a year, the ready chart, keys with money on them, parties, and the
//! people who prepare, certify and authorise.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow, ensure};
use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Db, DbConfig, DbUrl, WriteTx, each_backend};
use diwan_finance::{
    documents,
    ledger::{
        Spend,
        moves::{self, Cause, Move},
    },
    parts::{begin, currencies},
    structure::{chart, keys, years},
};
use diwan_finance_api::{Bucket, FiscalYear, MoveKind, SegmentKind};
use diwan_kernel::{Permission, Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, NewRecord},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{accounts, authority_limits, parties, segments};
use diwan_testkit::{TestAgency, give_right};

/// Chapter and fund of every key.
const CHAPTER: &str = "1501";
const FUND: &str = "1";
/// Programmes and activities that keys are made of.
const ACTIVITIES: [(&str, &str); 6] = [
    ("4401", "4401001"),
    ("4401", "4401002"),
    ("4402", "4402001"),
    ("4402", "4402002"),
    ("4403", "4403001"),
    ("4404", "4404001"),
];
/// Items, which are the accounts of the same codes.
const ITEMS: [&str; 20] = [
    "2111", "2112", "2113", "2114", "2121", "2211", "2212", "2213", "2214", "2215", "2216", "2217", "2218", "2219",
    "2220", "2221", "2222", "2223", "2224", "2225",
];
/// Locations: keys that differ in these alone are controlled together.
const LOCATIONS: [&str; 5] = ["00", "11", "21", "31", "34"];
/// The version of a document that was drafted and submitted; certifying leaves it.
pub const SUBMITTED: i64 = 2;
/// The most keys there are.
pub const KEYS: usize = ACTIVITIES.len() * ITEMS.len() * LOCATIONS.len();

/// A key of the budget.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its id.
    pub id: i64,
    /// The line that controls it.
    pub line: i64,
    /// The account that is spent by it.
    pub account: i64,
    /// The code of that account.
    pub item: &'static str,
    /// Its code.
    pub code: String,
}

/// The office.
pub struct Office {
    /// The database.
    pub db: Db,
    /// The ministry.
    pub agency: i64,
    /// Prepares.
    pub clerk: Actor,
    /// Certifies.
    pub staff: Actor,
    /// Authorises.
    pub director: Actor,
    /// The fiscal year.
    pub year: FiscalYear,
    /// Its keys.
    pub keys: Vec<Key>,
    /// Suppliers.
    pub parties: Vec<i64>,
    /// The document that what is not measured is written for.
    pub record: i64,
    accounts: BTreeMap<String, i64>,
}

/// A refusal as an error.
pub fn told<T>(outcome: Outcome<T>) -> Result<T> {
    outcome.map_err(|refusal| anyhow!("{refusal}"))
}

/// Runs a step as an operation does.
pub fn act<T>(db: &Db, actor: &Actor, run: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T>) -> Result<T> {
    told(db.write_now(actor.who(), "bench.finance", |tx| {
        let value = run(tx)?;
        tx.audit(Audit::of("bench", 0))?;
        Ok(value)
    }))
}

/// Opens a database as the server does.
pub fn open(url: &DbUrl) -> Result<Db> {
    Ok(Db::open(DbConfig::new(url.clone()))?)
}

impl Office {
    /// Sets the office up in one of the ministries, with so many keys and parties.
    pub fn found(url: &DbUrl, agency: &TestAgency, year: i32, (keys, parties): (usize, usize)) -> Result<Self> {
        ensure!(keys <= KEYS, "there are only {KEYS} keys");
        let db = open(url)?;
        use Permission as P;
        for (who, rights) in [
            ("clerk", &[P::FinanceRead, P::FinanceBudget, P::FinancePrepare][..]),
            ("staff", &[P::FinanceRead, P::FinanceCertify]),
            ("head", &[P::FinanceRead, P::FinanceClose]),
            (
                "director",
                &[P::FinanceRead, P::FinanceAuthorise, P::FinanceStructure, P::FinanceClose, P::FinanceReconcile],
            ),
        ] {
            let user = agency.users.get(who).copied().context("nobody of that name")?;
            rights.iter().for_each(|right| give_right(&db, user, *right));
        }
        let (clerk, staff, director) =
            (agency.actor(&db, "clerk"), agency.actor(&db, "staff"), agency.actor(&db, "director"));
        let opened = act(&db, &director, |tx| {
            let year = years::create(tx, &director, year)?;
            currencies::ensure(tx)?;
            chart::begin(tx, &director, year.starts_on)?;
            begin::begin(tx, &director, year.starts_on)?;
            documents::ensure_registers(tx, agency.id)?;
            limit(tx, &director, year.starts_on)?;
            let all: Vec<(String, i64)> = accounts::table
                .filter(accounts::agency_id.eq(agency.id))
                .select((accounts::code, accounts::id))
                .load(tx.conn())?;
            let parties = suppliers(tx, agency.id, parties)?;
            let record = record(tx, &director)?;
            Ok((year, all.into_iter().collect::<BTreeMap<_, _>>(), parties, record))
        });
        let (year, accounts, parties, record) = opened?;
        let made = act(&db, &director, |tx| make_keys(tx, &director, &year, (&accounts, keys)));
        Ok(Self { keys: made?, agency: agency.id, clerk, staff, director, year, parties, record, accounts, db })
    }

    /// The account of a code.
    pub fn account(&self, code: &str) -> Result<i64> {
        self.accounts.get(code).copied().with_context(|| format!("the chart has no {code}"))
    }

    /// Appropriates and allots so many fils to every line.
    pub fn allot(&self, amount: i64) -> Result<()> {
        let lines: BTreeSet<i64> = self.keys.iter().map(|key| key.line).collect();
        let spend = |kind, source, target| Spend {
            kind,
            moves: lines.iter().map(|line| Move { line_id: *line, key_id: None, source, target, amount }).collect(),
        };
        let law = spend(MoveKind::Law, Bucket::Outside, Bucket::Unallotted);
        let order = spend(MoveKind::FinancialOrder, Bucket::Unallotted, Bucket::Available);
        act(&self.db, &self.director, |tx| moves::apply(tx, &self.cause(), &[law, order]))
    }

    /// What moves are written for that belong to no voucher.
    pub fn cause(&self) -> Cause {
        Cause { record_id: self.record, entry_id: None, effective_on: self.year.starts_on, by: self.director.user_id }
    }
}

/// Up to which amount the director authorises: no document of the measurements is larger.
fn limit(tx: &mut WriteTx<'_>, director: &Actor, from: NaiveDate) -> Outcome<()> {
    diesel::insert_into(authority_limits::table)
        .values((
            (authority_limits::agency_id.eq(director.agency_id), authority_limits::user_id.eq(director.user_id)),
            (authority_limits::kind.eq(""), authority_limits::amount.eq(1_000_000_000_000_i64)),
            (authority_limits::active_from.eq(from), authority_limits::reference.eq("كتاب تفويض")),
            authority_limits::version.eq(1_i64),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn suppliers(tx: &mut WriteTx<'_>, agency_id: i64, count: usize) -> Outcome<Vec<i64>> {
    let row = |at: usize| {
        (
            (parties::agency_id.eq(agency_id), parties::kind.eq("supplier"), parties::code.eq(format!("S{at}"))),
            (parties::name_ar.eq(format!("شركة التوريدات {at}")), parties::name_en.eq(format!("Supplies {at}"))),
            (parties::fold.eq(format!("شركه التوريدات {at}")), parties::tax_number.eq("")),
            (parties::national_number.eq(""), parties::iban.eq("")),
            (parties::active.eq(true), parties::version.eq(1_i64)),
        )
    };
    let rows: Vec<_> = (0..count).map(row).collect();
    each_backend!(tx.conn(), c => diesel::insert_into(parties::table).values(rows).execute(c))?;
    Ok(parties::table
        .filter(parties::agency_id.eq(agency_id))
        .order(parties::id)
        .select(parties::id)
        .load(tx.conn())?)
}

fn record(tx: &mut WriteTx<'_>, by: &Actor) -> Outcome<i64> {
    records::create(
        tx,
        &NewRecord {
            agency_id: by.agency_id,
            unit_id: None,
            kind: RecordKind::Document,
            subject: "قانون الموازنة العامة".to_owned(),
            party: String::new(),
            state: "posted",
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            priority: Priority::Normal,
            due_on: None,
            class_code: None,
            created_by: by.user_id,
        },
    )
}

fn make_keys(
    tx: &mut WriteTx<'_>,
    by: &Actor,
    year: &FiscalYear,
    (accounts, count): (&BTreeMap<String, i64>, usize),
) -> Outcome<Vec<Key>> {
    let rows: Vec<(String, String, i64)> = segments::table
        .filter(segments::agency_id.eq(by.agency_id))
        .select((segments::kind, segments::code, segments::id))
        .load(tx.conn())?;
    let ids: BTreeMap<(String, String), i64> = rows.into_iter().map(|(kind, code, id)| ((kind, code), id)).collect();
    let lost = |what: &str| Refusal::Internal(format!("the ready data have no {what}"));
    let mut made = Vec::with_capacity(count);
    for at in 0..count {
        let (programme, activity) = ACTIVITIES[at % ACTIVITIES.len()];
        let item = ITEMS[at / ACTIVITIES.len() % ITEMS.len()];
        let location = LOCATIONS[at / (ACTIVITIES.len() * ITEMS.len()) % LOCATIONS.len()];
        let codes = [CHAPTER, programme, activity, FUND, location, item];
        let mut parts = [0; 6];
        for ((part, kind), code) in parts.iter_mut().zip(SegmentKind::ALL).zip(codes) {
            let id = ids.get(&(kind.code().to_owned(), code.to_owned())).copied();
            *part = id.ok_or_else(|| lost(code))?;
        }
        let key = keys::find_or_make(tx, by.agency_id, year.id, parts, (year.starts_on, by.user_id))?;
        let account = accounts.get(item).copied().ok_or_else(|| lost(item))?;
        made.push(Key { id: key.id, line: key.line_id, account, item, code: codes.join("-") });
    }
    Ok(made)
}
