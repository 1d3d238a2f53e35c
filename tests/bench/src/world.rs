//! A small government in a fresh database, and the 100,000 letters of its ministry of finance.

use anyhow::{Result, anyhow};
use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diwan_db::{Audit, Backend, Clock, Db, DbConfig, DbUrl, SystemClock, WriteTx};
use diwan_kernel::Who;
use diwan_platform::{Outcome, Refusal, people::Passwords};
use diwan_schema::{
    archive::schedules,
    platform::{agencies, agency_keys, holdings, positions, record_access, records, registers, tasks, units, users},
    tarasol::letters,
};
use diwan_testkit::{TestAgency, World};

use crate::texts::Texts;

/// The password of everybody.
pub const PASSWORD: &str = "bench-2026-bench";
/// Units of the ministry that the letters are spread over; each letter is open to three of them.
const UNITS: usize = 200;
/// Units of the reader whose searches are measured.
const READER_UNITS: usize = 5;
/// Agencies that letters come from.
const COUNTERPARTS: usize = 40;
/// Rows written at a time.
const BATCH: usize = 500;

/// One who sends letters: a ministry with the people that a letter passes through.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Its name in addresses of people, and in numbers.
    pub code: &'static str,
    /// The ministry with its people.
    pub agency: TestAgency,
    /// Its outgoing register.
    pub register: i64,
    /// Its key, once it has one.
    pub key: i64,
    /// The schedule of its documents, once it has one.
    pub schedule: i64,
}

/// The government of the measurements.
#[derive(Debug, Clone)]
pub struct Government {
    /// Three ministries; each writes to the next.
    pub senders: Vec<Sender>,
}

impl Sender {
    /// The user name of one of its people.
    pub fn username(&self, person: &str) -> String {
        format!("{person}.{}", self.code.to_lowercase())
    }

    /// A user.
    pub fn user(&self, person: &str) -> i64 {
        self.agency.users.get(person).copied().unwrap_or_default()
    }

    /// A position.
    pub fn position(&self, person: &str) -> i64 {
        self.agency.positions.get(person).copied().unwrap_or_default()
    }

    /// A unit.
    pub fn unit(&self, code: &str) -> i64 {
        self.agency.units.get(code).copied().unwrap_or_default()
    }
}

/// Makes the schema and the people in an empty database.
pub fn found(url: &DbUrl) -> Result<Government> {
    let db = open(url)?;
    db.migrate()?;
    let World { modee, mof, moh } = World::on(&db);
    let hash = Passwords::new(8192, 1).hash_now(PASSWORD).map_err(|refusal| anyhow!("{refusal}"))?;
    let senders = [("MODEE", modee), ("MOF", mof), ("MOH", moh)];
    let senders = db.write_now(Who::system(), "bench.found", |tx| {
        diesel::update(users::table).set(users::password_hash.eq(&hash)).execute(tx.conn())?;
        tx.audit(Audit::of("user", 0))?;
        let register = |tx: &mut WriteTx<'_>, agency: i64| {
            let of = registers::table.filter(registers::agency_id.eq(agency)).filter(registers::code.eq("outgoing"));
            of.select(registers::id).first(tx.conn())
        };
        let sender = |(code, agency): (&'static str, TestAgency)| {
            Ok::<_, Refusal>(Sender { code, register: register(tx, agency.id)?, agency, key: 0, schedule: 0 })
        };
        senders.into_iter().map(sender).collect::<Result<Vec<_>, _>>()
    });
    Ok(Government { senders: senders.map_err(|refusal| anyhow!("{refusal}"))? })
}

impl Government {
    /// Gives each sender a key and a schedule, as its first signed letter would: the raw rows refer to them.
    pub fn give_keys(&mut self, url: &DbUrl) -> Result<()> {
        let now = SystemClock.now();
        let keys = open(url)?.write_now(Who::system(), "bench.keys", |tx| {
            tx.audit(Audit::of("agency_key", 0))?;
            let mut keys = Vec::new();
            for sender in &self.senders {
                let row = (
                    agency_keys::agency_id.eq(sender.agency.id),
                    agency_keys::certificate_pem.eq("-"),
                    agency_keys::public_key_pem.eq("-"),
                    agency_keys::private_key_sealed.eq(Vec::<u8>::new()),
                    agency_keys::created_at.eq(now),
                );
                let insert = diesel::insert_into(agency_keys::table).values(row).returning(agency_keys::id);
                let key = insert.get_result::<i64>(tx.conn())?;
                let row = (
                    schedules::agency_id.eq(sender.agency.id),
                    schedules::code.eq("K"),
                    schedules::name_ar.eq("-"),
                    schedules::name_en.eq("-"),
                    schedules::starts.eq("filed"),
                    schedules::years.eq(0),
                    schedules::months.eq(0),
                    schedules::new_year.eq(false),
                    schedules::action.eq("keep"),
                    schedules::mandate.eq("-"),
                    schedules::valid_from.eq(now.date()),
                    schedules::fallback.eq(true),
                    schedules::version.eq(1_i64),
                );
                let insert = diesel::insert_into(schedules::table).values(row).returning(schedules::id);
                keys.push((key, insert.get_result::<i64>(tx.conn())?));
            }
            Ok::<_, Refusal>(keys)
        });
        for (sender, (key, schedule)) in self.senders.iter_mut().zip(keys.map_err(|refusal| anyhow!("{refusal}"))?) {
            sender.key = key;
            sender.schedule = schedule;
        }
        Ok(())
    }
}

/// The incoming letters of one ministry.
#[derive(Debug, Clone)]
pub struct Box {
    /// The ministry.
    pub agency: i64,
    /// Where its people are found by name.
    pub sender: Sender,
    /// What a reader of five units is matched with in the table of access.
    pub principals: Vec<String>,
    /// The reader's units.
    pub units: Vec<i64>,
    /// The agencies that write.
    pub counterparts: Vec<i64>,
}

/// Fills the box of the ministry of finance with so many letters.
pub fn fill(url: &DbUrl, government: &Government, texts: &Texts, count: usize) -> Result<Box> {
    let db = open(url)?;
    let sender = government.senders.get(1).ok_or_else(|| anyhow!("no ministry of finance"))?.clone();
    let agency = sender.agency.id;
    let filled: Outcome<Box> = db.write_now(Who::system(), "bench.fill", |tx| {
        tx.audit(Audit::of("agency", agency))?;
        let units = more_units(tx, agency)?;
        let counterparts = counterparts(tx)?;
        let (reader, places) = reader(tx, &sender, &units)?;
        let first: i64 =
            records::table.select(diesel::dsl::max(records::id)).first::<Option<i64>>(tx.conn())?.unwrap_or(0) + 1;
        let clerk = sender.user("clerk");
        for from in (0..count).step_by(BATCH) {
            let batch = Batch { agency, clerk, first, units: &units, counterparts: &counterparts, texts };
            batch.write(tx, from..count.min(from + BATCH))?;
        }
        after_ids(tx, first + i64::try_from(count).unwrap_or(0))?;
        let mut principals = vec![format!("n:{reader}")];
        principals.extend(places.iter().map(|unit| format!("u:{unit}")));
        Ok(Box { agency, sender: sender.clone(), principals, units: places, counterparts })
    });
    db.write_now(Who::system(), "bench.analyse", |tx| {
        tx.audit(Audit::of("agency", agency))?;
        // On PostgreSQL autovacuum does this by itself within minutes of such a change.
        if tx.conn().backend_kind() == Backend::Postgres {
            diesel::sql_query("ANALYZE").execute(tx.conn())?;
        }
        Ok::<_, Refusal>(())
    })
    .map_err(|refusal| anyhow!("{refusal}"))?;
    filled.map_err(|refusal| anyhow!("{refusal}"))
}

fn open(url: &DbUrl) -> Result<Db> {
    Ok(Db::open(DbConfig { connections: 2, ..DbConfig::new(url.clone()) })?)
}

fn more_units(tx: &mut WriteTx<'_>, agency: i64) -> Outcome<Vec<i64>> {
    let mut ids = Vec::with_capacity(UNITS);
    for number in 0..UNITS {
        let row = (
            units::agency_id.eq(agency),
            units::code.eq(format!("u{number}")),
            units::name_ar.eq(format!("قسم {number}")),
            units::name_en.eq(format!("Section {number}")),
            units::kind.eq("section"),
            units::active.eq(true),
            units::fold.eq(format!("قسم {number}")),
            units::version.eq(1_i64),
        );
        ids.push(diesel::insert_into(units::table).values(row).returning(units::id).get_result(tx.conn())?);
    }
    Ok(ids)
}

fn counterparts(tx: &mut WriteTx<'_>) -> Outcome<Vec<i64>> {
    let now = tx.now();
    let mut ids = Vec::with_capacity(COUNTERPARTS);
    for number in 0..COUNTERPARTS {
        let name = format!("{} {number}", ["وزارة", "دائرة", "مؤسسة", "هيئة"].get(number % 4).unwrap_or(&"جهة"));
        let row = (
            agencies::code.eq(format!("X{number}")),
            agencies::name_ar.eq(&name),
            agencies::name_en.eq(format!("Agency {number}")),
            agencies::kind.eq("department"),
            agencies::addressee_ar.eq(""),
            agencies::addressee_en.eq(""),
            agencies::active.eq(true),
            agencies::fold.eq(&name),
            agencies::created_at.eq(now),
            agencies::version.eq(1_i64),
        );
        ids.push(diesel::insert_into(agencies::table).values(row).returning(agencies::id).get_result(tx.conn())?);
    }
    Ok(ids)
}

/// Lets a member of staff hold a position in each of five units, and in no other.
fn reader(tx: &mut WriteTx<'_>, sender: &Sender, all: &[i64]) -> Outcome<(i64, Vec<i64>)> {
    let reader = sender.user("staff");
    diesel::delete(holdings::table.filter(holdings::user_id.eq(reader))).execute(tx.conn())?;
    let mut places = Vec::new();
    for unit in all.iter().step_by(UNITS / READER_UNITS).take(READER_UNITS).copied() {
        let position: i64 = diesel::insert_into(positions::table)
            .values((
                positions::agency_id.eq(sender.agency.id),
                positions::unit_id.eq(unit),
                positions::title_ar.eq("باحث"),
                positions::title_en.eq("Researcher"),
                positions::is_head.eq(false),
                positions::can_sign.eq(false),
                positions::active.eq(true),
                positions::version.eq(1_i64),
            ))
            .returning(positions::id)
            .get_result(tx.conn())?;
        let since = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
        let holding = (holdings::position_id.eq(position), holdings::user_id.eq(reader), holdings::from_date.eq(since));
        diesel::insert_into(holdings::table).values(holding).execute(tx.conn())?;
        places.push(unit);
    }
    Ok((reader, places))
}

/// PostgreSQL's own counter of ids goes on behind the ids that were given.
fn after_ids(tx: &mut WriteTx<'_>, next: i64) -> Outcome<()> {
    if tx.conn().backend_kind() == Backend::Postgres {
        diesel::sql_query(format!("ALTER TABLE records ALTER COLUMN id RESTART WITH {next}")).execute(tx.conn())?;
    }
    Ok(())
}

struct Batch<'a> {
    agency: i64,
    clerk: i64,
    first: i64,
    units: &'a [i64],
    counterparts: &'a [i64],
    texts: &'a Texts,
}

impl Batch<'_> {
    fn write(&self, tx: &mut WriteTx<'_>, numbers: std::ops::Range<usize>) -> Outcome<()> {
        let (now, today) = (tx.now(), tx.today());
        let (mut rows, mut words, mut access, mut work) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for number in numbers {
            let id = self.first + i64::try_from(number).unwrap_or(0);
            let at = |salt: usize| scramble(number, salt);
            let pick = |codes: &[&'static str], salt| codes.get(at(salt) % codes.len()).copied().unwrap_or_default();
            // Three years of letters, the newest last; the text of a letter is its date's order, too.
            let made = now - Duration::minutes(i64::try_from(1_500_000 - number * 15).unwrap_or(0));
            let party = self.counterparts.get(at(1) % COUNTERPARTS).copied().unwrap_or_default();
            let state = pick(
                &[
                    "received",
                    "registered",
                    "referred",
                    "referred",
                    "answered",
                    "answered",
                    "closed",
                    "closed",
                    "closed",
                ],
                2,
            );
            let due = (at(3) % 5 < 2).then(|| today + Duration::days(i64::try_from(at(4) % 400).unwrap_or(0) - 360));
            let (subject, text) = (self.texts.subject(number), self.texts.at(number).into_owned());
            rows.push((
                records::id.eq(id),
                records::agency_id.eq(self.agency),
                records::kind.eq("incoming"),
                records::number.eq((state != "received").then(|| format!("2026/{number}"))),
                records::fold.eq(diwan_kernel::text::fold(&subject)),
                records::subject.eq(subject),
                records::party.eq(format!("جهة {party}")),
                records::state.eq(state),
                records::secrecy.eq(pick(&["normal", "normal", "normal", "normal", "restricted", "secret"], 5)),
                records::priority.eq(pick(&["normal", "normal", "normal", "urgent", "very_urgent", "immediate"], 6)),
                records::due_on.eq(due),
                records::created_by.eq(self.clerk),
                records::created_at.eq(made),
                records::updated_at.eq(made),
                records::issued_at.eq((state != "received").then_some(made)),
                records::version.eq(1_i64),
            ));
            words.push((
                letters::record_id.eq(id),
                letters::agency_id.eq(self.agency),
                letters::direction.eq("incoming"),
                letters::form.eq("letter"),
                letters::lang.eq("ar"),
                letters::counterpart_id.eq(party),
                letters::addressee.eq("معالي الوزير"),
                letters::body.eq(crate::issue::body(&text).to_string()),
                letters::body_text.eq(text),
                letters::reply_due_days.eq(due.map(|_| 5)),
                letters::their_number.eq(format!("X/{}/{number}", party)),
                letters::received_at.eq(made),
            ));
            access.push((record_access::record_id.eq(id), record_access::principal.eq(format!("a:{}", self.agency))));
            let open: std::collections::BTreeSet<i64> =
                (7..10).filter_map(|salt| self.units.get(at(salt) % UNITS).copied()).collect();
            let unit = open.iter().next().copied().unwrap_or_default();
            access.extend(
                open.into_iter()
                    .map(|unit| (record_access::record_id.eq(id), record_access::principal.eq(format!("u:{unit}")))),
            );
            // A hundredth of the letters lie with a unit as open work.
            if number % 100 == 0 {
                work.push((
                    tasks::record_id.eq(id),
                    tasks::agency_id.eq(self.agency),
                    tasks::kind.eq("referral"),
                    tasks::assignee_kind.eq("unit"),
                    tasks::assignee_id.eq(unit),
                    tasks::created_by.eq(self.clerk),
                    tasks::created_at.eq(made),
                    tasks::state.eq("open"),
                ));
            }
        }
        diwan_db::each_backend!(tx.conn(), c => {
            diesel::insert_into(records::table).values(rows).execute(c)?;
            diesel::insert_into(letters::table).values(words).execute(c)?;
            diesel::insert_into(record_access::table).values(access).execute(c)?;
            diesel::insert_into(tasks::table).values(work).execute(c)?;
        });
        Ok(())
    }
}

/// Spreads numbers that follow each other.
fn scramble(number: usize, salt: usize) -> usize {
    (number.wrapping_mul(31).wrapping_add(salt).wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33
}
