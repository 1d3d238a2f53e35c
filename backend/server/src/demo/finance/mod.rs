//! A year of a small ministry's money, played through the same operations that people use: the law, orders, contracts,
//! vouchers, payments, the bank's statements, the close of the months. What lies after the present is not played, and what is
//! under way stays so.

mod bank;
mod budget;
mod paper;
mod papers;
mod plan;
mod setup;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Db, FixedClock, ReadTx, WriteTx};
use diwan_finance::{
    documents,
    structure::{periods, years},
};
use diwan_finance_api::{DocumentInput, DocumentNote, PeriodState};
use diwan_platform::{Actor, Outcome, Platform, Refusal, files::BlobStore, secrets::Secrets};
use diwan_schema::platform::records;
use tokio::runtime::Runtime;

use self::{
    plan::{Draft, Plan},
    setup::Opened,
};
use super::people::Office;

/// A step of the year.
#[derive(Debug, Clone)]
enum Step {
    /// The year is opened.
    Open,
    /// A paper is written and, where it is not to stay a draft, sent.
    Write(Box<Draft>),
    /// The controller certifies.
    Certify(String),
    /// The manager authorises.
    Authorise(String),
    /// The controller sends it back.
    Return(String, &'static str),
    /// The accountant gives it up.
    Void(String, &'static str),
    /// The accountant drafts what takes it back, under a name of its own.
    Reverse(String, String, &'static str),
    /// What is left of a contract is given back.
    CloseCommitment(String, &'static str),
    /// What is due is paid; the last run waits for its approval to be sent.
    Pay { last: bool },
    /// A cheque is written for a paper and handed over.
    Cheque(String),
    /// It is presented.
    Clear(String),
    /// The statement of a month comes from the bank.
    Statement { month: u32, last: bool },
    /// It is matched, of the last one half.
    Match { last: bool },
    /// The account is reconciled up to the last statement.
    Reconcile,
    /// A month is closed.
    Close(u32),
}

/// The people of the finance directorate, and two who take advances.
struct People {
    accountant: Actor,
    controller: Actor,
    manager: Actor,
    treasurer: Actor,
    heads: [Actor; 2],
}

/// Plays the money of a year.
pub(super) struct Money<'a> {
    db: &'a Db,
    clock: Arc<FixedClock>,
    secrets: &'a Secrets,
    blobs: &'a BlobStore,
    runtime: Runtime,
    people: People,
    year: i32,
    steps: VecDeque<(NaiveDateTime, Step)>,
    /// Records of papers by their names.
    made: BTreeMap<String, i64>,
    opened: Option<Opened>,
    /// The cheque book, once there is one, and its cheques by the papers they pay.
    book: Option<i64>,
    cheques: BTreeMap<String, i64>,
    /// What the bank's account held after the last statement.
    held: i64,
    /// The last statement.
    statement: i64,
}

impl<'a> Money<'a> {
    /// The year of a present, in the agency that has finance people.
    pub(super) fn new(
        platform: &'a Platform,
        db: &'a Db,
        clock: Arc<FixedClock>,
        offices: &[Office],
        (since, until): (NaiveDateTime, NaiveDateTime),
    ) -> anyhow::Result<Self> {
        let office = offices.iter().find(|office| office.users.contains_key("finance"));
        let office = office.ok_or_else(|| anyhow::anyhow!("no agency has a finance manager"))?;
        let actor = |login: &str| {
            let id = office.users.get(login).copied();
            let id = id.ok_or_else(|| Refusal::Internal(format!("nobody is {login}")))?;
            db.read_now(|tx| Actor::load(tx, id))
        };
        let people = People {
            accountant: actor("accountant")?,
            controller: actor("controller")?,
            manager: actor("finance")?,
            treasurer: actor("treasurer")?,
            heads: [actor("studies.head")?, actor("followup.head")?],
        };
        Ok(Self {
            db,
            clock,
            secrets: &platform.secrets,
            blobs: &platform.blobs,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            people,
            year: until.year(),
            steps: Plan::new(since, until).steps(),
            made: BTreeMap::new(),
            opened: None,
            book: None,
            cheques: BTreeMap::new(),
            held: 0,
            statement: 0,
        })
    }

    /// Plays all steps up to a time.
    pub(super) fn play(&mut self, until: NaiveDateTime) -> Outcome<()> {
        while self.steps.front().is_some_and(|(at, _)| *at <= until)
            && let Some((at, step)) = self.steps.pop_front()
        {
            self.clock.set(at);
            self.step(&step)?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Outcome<()> {
        match step {
            Step::Open => self.open(),
            Step::Write(draft) => self.write(draft),
            Step::Reverse(name, own, words) => self.reverse(name, own, words),
            Step::Pay { last } => self.pay(*last),
            Step::Cheque(name) => self.write_cheque(name),
            Step::Clear(name) => self.clear_cheque(name),
            Step::Statement { month, last } => self.bring(*month, *last),
            Step::Match { last } => self.join(*last),
            Step::Reconcile => self.reconcile(),
            Step::Close(month) => self.close(*month),
            Step::Certify(_) | Step::Authorise(_) | Step::Return(..) | Step::Void(..) | Step::CloseCommitment(..) => {
                self.move_on(step)
            }
        }
    }

    /// A step of a paper that is there.
    fn move_on(&self, step: &Step) -> Outcome<()> {
        let People { accountant, controller, manager, .. } = &self.people;
        let plain = DocumentNote::default();
        match step {
            Step::Certify(name) => self.on(controller, "finance.document.certify", name, |tx, id, version| {
                documents::certify(tx, controller, id, version, &plain)
            }),
            Step::Authorise(name) => self.on(manager, "finance.document.authorise", name, |tx, id, version| {
                documents::authorise(tx, manager, self.secrets, (id, version), &plain)
            }),
            Step::Return(name, words) => self.on(controller, "finance.document.return", name, |tx, id, version| {
                documents::send_back(tx, controller, id, version, &note(words))
            }),
            Step::Void(name, words) => self.on(accountant, "finance.document.void", name, |tx, id, version| {
                documents::void(tx, accountant, id, version, &note(words))
            }),
            Step::CloseCommitment(name, words) => {
                self.on(accountant, "finance.document.close", name, |tx, id, version| {
                    documents::close(tx, accountant, id, version, &note(words))
                })
            }
            other => Err(Refusal::Internal(format!("{other:?} is no step of a paper"))),
        }
    }

    /// One person's step on a paper, with its version.
    fn on(
        &self,
        actor: &Actor,
        op: &'static str,
        name: &str,
        run: impl FnOnce(&mut WriteTx<'_>, i64, i64) -> Outcome<()>,
    ) -> Outcome<()> {
        let id = self.record(name)?;
        self.act(actor, op, |tx| {
            let version = version(tx, id)?;
            run(tx, id, version)
        })
    }

    fn reverse(&mut self, name: &str, own: &str, words: &str) -> Outcome<()> {
        let (id, accountant) = (self.record(name)?, &self.people.accountant);
        let made = self.act(accountant, "finance.document.reverse", |tx| {
            let version = version(tx, id)?;
            let reversal = documents::reverse(tx, accountant, id, version, &note(words))?;
            documents::submit(tx, accountant, reversal, 1)?;
            Ok(reversal)
        })?;
        self.made.insert(own.to_owned(), made);
        Ok(())
    }

    fn act<T>(&self, actor: &Actor, op: &'static str, run: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T>) -> Outcome<T> {
        self.db.write_now(actor.who(), op, run)
    }

    fn record(&self, name: &str) -> Outcome<i64> {
        self.made.get(name).copied().ok_or_else(|| Refusal::Internal(format!("no paper is called {name}")))
    }

    fn opened(&self) -> Outcome<&Opened> {
        self.opened.as_ref().ok_or_else(|| Refusal::Internal("the year is not open".to_owned()))
    }

    fn open(&mut self) -> Outcome<()> {
        let [one, other] = &self.people.heads;
        // Long before the first year, so that older years can be brought in too.
        let since = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
        let manager = &self.people.manager;
        let opened =
            self.act(manager, "finance.year.create", |tx| setup::open(tx, manager, (self.year, since), [one, other]))?;
        self.opened = Some(opened);
        Ok(())
    }

    fn write(&mut self, draft: &Draft) -> Outcome<()> {
        let party_id = match draft.party {
            "" => None,
            code => self.opened()?.parties.get(code).copied(),
        };
        let source_id = if draft.source.is_empty() { None } else { Some(self.record(draft.source)?) };
        let input = DocumentInput { party_id, source_id, ..draft.input.clone() };
        let accountant = &self.people.accountant;
        let id = self.act(accountant, "finance.document.create", |tx| {
            let id = documents::create(tx, accountant, &input)?;
            if draft.sent {
                documents::submit(tx, accountant, id, 1)?;
            }
            Ok(id)
        })?;
        self.made.insert(draft.name.clone(), id);
        Ok(())
    }

    fn close(&self, month: u32) -> Outcome<()> {
        let manager = &self.people.manager;
        self.act(manager, "finance.period.close", |tx| {
            let all = years::list(tx, manager.agency_id)?;
            let of_year = all.iter().filter(|year| year.year == self.year).flat_map(|year| &year.periods);
            for period in of_year.filter(|period| u32::try_from(period.number) == Ok(month)) {
                periods::close(tx, manager, period.id, period.version, PeriodState::Closed)?;
            }
            Ok(())
        })
    }
}

fn note(words: &str) -> DocumentNote {
    DocumentNote { note: Some(words.to_owned()), ..DocumentNote::default() }
}

fn version(tx: &mut ReadTx<'_>, id: i64) -> Outcome<i64> {
    Ok(records::table.find(id).select(records::version).first(tx.conn())?)
}
