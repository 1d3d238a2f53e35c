//! A year of letters, played through the same operations that people use: written, reviewed, signed, registered,
//! referred, answered. Steps are played in the order of their time, so every register is in order too.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
};

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;
use diwan_db::{Db, FixedClock, WriteTx};
use diwan_kernel::{Lang, Priority, Secrecy, days::Calendar};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{self, NewFile},
    secrets::Secrets,
};
use diwan_platform_api::{
    files::AttachmentRole,
    records::{Assignee, AssigneeKind, Instruction},
};
use diwan_schema::{platform::records, tarasol::deliveries};
use diwan_tarasol::letter;
use diwan_tarasol_api::{
    Body, Form, LetterInput, Recipient, RecipientRole, ReferInput, ReferTarget, RegisterInput, StepNote,
};

use super::{
    dice::Dice,
    people::Office,
    texts::{self, DIRECTIONS, REFERRALS, Text},
};

/// Plays the year.
pub(super) struct Player<'a> {
    pub(super) db: &'a Db,
    pub(super) clock: Arc<FixedClock>,
    pub(super) secrets: &'a Secrets,
    pub(super) offices: &'a [Office],
    pub(super) files: Vec<NewFile>,
    pub(super) until: NaiveDateTime,
    dice: Dice,
    actors: BTreeMap<i64, Actor>,
    calendar: Calendar,
    events: BinaryHeap<Reverse<(NaiveDateTime, u64, Event)>>,
    counter: u64,
}

/// What happens at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Write { from: usize, to: usize },
    Review { id: i64, from: usize, to: usize },
    Sign { id: i64, from: usize, to: usize },
    Register { id: i64, at: usize },
    Refer { id: i64, at: usize },
    Answer { id: i64, at: usize },
    ReviewAnswer { id: i64, at: usize },
    SignAnswer { id: i64, at: usize },
    Close { id: i64, at: usize },
}

impl<'a> Player<'a> {
    pub(super) fn new(
        db: &'a Db,
        clock: Arc<FixedClock>,
        secrets: &'a Secrets,
        offices: &'a [Office],
        files: Vec<NewFile>,
        until: NaiveDateTime,
    ) -> Self {
        Self {
            db,
            clock,
            secrets,
            offices,
            files,
            until,
            dice: Dice::new(2026),
            actors: BTreeMap::new(),
            calendar: Calendar::default(),
            events: BinaryHeap::new(),
            counter: 0,
        }
    }

    /// Plays every step up to the end of the year; later ones stay open, as in every office. `beside` plays what happens
    /// elsewhere up to a time.
    pub(super) fn play(&mut self, letters: u64, beside: &mut dyn FnMut(NaiveDateTime) -> Outcome<()>) -> Outcome<()> {
        self.schedule_year(letters);
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            if at > self.until {
                continue;
            }
            beside(at)?;
            self.clock.set(at);
            self.step(at, event)?;
        }
        beside(self.until)
    }

    fn schedule_year(&mut self, letters: u64) {
        let last = self.until.date();
        let first = last.checked_sub_days(Days::new(364)).unwrap_or(last);
        let days: Vec<NaiveDate> =
            first.iter_days().take_while(|day| *day <= last).filter(|day| self.calendar.is_working(*day)).collect();
        for n in 0..letters {
            let index = usize::try_from(n * days.len() as u64 / letters).unwrap_or(0);
            let Some(day) = days.get(index) else { continue };
            let from = self.office();
            let mut to = self.office();
            while to == from {
                to = self.office();
            }
            let minute = i64::try_from(self.dice.below(300)).unwrap_or(0);
            let at = day.and_time(NaiveTime::MIN) + Duration::hours(5) + Duration::minutes(minute);
            self.push(at, Event::Write { from, to });
        }
    }

    /// An office, those that write more more often.
    fn office(&mut self) -> usize {
        let all: u64 = self.offices.iter().map(|office| office.weight).sum();
        let mut rest = self.dice.below(all);
        for (index, office) in self.offices.iter().enumerate() {
            if rest < office.weight {
                return index;
            }
            rest -= office.weight;
        }
        0
    }

    fn push(&mut self, at: NaiveDateTime, event: Event) {
        self.counter += 1;
        self.events.push(Reverse((at, self.counter, event)));
    }

    /// Some time later, within working days.
    fn later(&mut self, at: NaiveDateTime, days: u64, event: Event) {
        let minutes = i64::try_from(self.dice.below(170) + 10).unwrap_or(10);
        let mut next = at + Duration::minutes(minutes);
        let jump = u32::try_from(self.dice.below(days + 1)).unwrap_or(0);
        // Offices close at three in the afternoon, which is noon in UTC.
        if jump > 0 || next.time() > NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default() {
            let day = self.calendar.add_working_days(at.date(), jump.max(1));
            next = day.and_time(NaiveTime::MIN) + Duration::minutes(330 + minutes);
        }
        self.push(next, event);
    }

    fn actor(&mut self, office: usize, login: &str) -> Outcome<Actor> {
        let id = self.offices.get(office).and_then(|office| office.users.get(login)).copied();
        let id = id.ok_or_else(|| Refusal::Internal(format!("nobody is {login}")))?;
        if let Some(actor) = self.actors.get(&id) {
            return Ok(actor.clone());
        }
        let actor = self.db.read_now(|tx| Actor::load(tx, id))?;
        self.actors.insert(id, actor.clone());
        Ok(actor)
    }

    fn act<T>(
        &self,
        actor: &Actor,
        op: &'static str,
        run: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<T>,
    ) -> Outcome<T> {
        self.db.write_now(actor.who(), op, |tx| run(tx, actor))
    }

    fn step(&mut self, at: NaiveDateTime, event: Event) -> Outcome<()> {
        match event {
            Event::Write { from, to } => self.write(at, from, to),
            Event::Review { id, from, to } => {
                self.review(from, "registry.head", id)?;
                self.later(at, 1, Event::Sign { id, from, to });
                Ok(())
            }
            Event::Sign { id, from, to } => self.sign(at, id, from, to),
            Event::Register { id, at: office } => self.register(at, id, office),
            Event::Refer { id, at: office } => self.refer(at, id, office),
            Event::Answer { id, at: office } => self.answer(at, id, office),
            Event::ReviewAnswer { id, at: office } => {
                // The section head writes, so the head above reviews; where there is none the route goes on to the signature.
                self.later(at, 1, Event::SignAnswer { id, at: office });
                Ok(())
            }
            Event::SignAnswer { id, at: office } => self.sign_answer(at, id, office),
            Event::Close { id, at: office } => {
                let clerk = self.actor(office, "clerk")?;
                let version = self.version(id)?;
                let note = StepNote::default();
                self.act(&clerk, "tarasol.letter.close", |tx, a| letter::close::run(tx, a, id, version, &note))
            }
        }
    }

    fn write(&mut self, at: NaiveDateTime, from: usize, to: usize) -> Outcome<()> {
        let clerk = self.actor(from, "clerk")?;
        let text = texts::letter(&mut self.dice, at.year());
        let input = self.input(&text, from, to);
        let files = self.some_files();
        let id = self.act(&clerk, "tarasol.letter.create", |tx, actor| {
            let id = letter::create::run(tx, actor, input)?;
            for file in &files {
                files::insert(tx, id, file, AttachmentRole::Attachment, None, Some(actor.user_id))?;
            }
            Ok(id)
        })?;
        // Near the end some drafts wait.
        let fresh = self.until - at < Duration::days(9);
        if fresh && self.dice.chance(25) {
            return Ok(());
        }
        self.act(&clerk, "tarasol.letter.submit", |tx, actor| letter::submit::run(tx, actor, id, 1))?;
        self.later(at, 1, Event::Review { id, from, to });
        Ok(())
    }

    fn input(&mut self, text: &Text, from: usize, to: usize) -> LetterInput {
        let secrecy = match self.dice.below(100) {
            0..=2 => Secrecy::Secret,
            3..=11 => Secrecy::Restricted,
            _ => Secrecy::Normal,
        };
        let priority = match self.dice.below(100) {
            0..=1 => Priority::Immediate,
            2..=9 => Priority::VeryUrgent,
            10..=29 => Priority::Urgent,
            _ => Priority::Normal,
        };
        let mut recipients = vec![self.recipient(to, RecipientRole::To)];
        if self.dice.chance(20) {
            let copy = self.office();
            if copy != to && copy != from {
                recipients.push(self.recipient(copy, RecipientRole::Copy));
            }
        }
        LetterInput {
            subject: text.subject.clone(),
            form: Form::Letter,
            lang: Lang::Ar,
            addressee: self.offices.get(to).map(|office| office.addressee.clone()).unwrap_or_default(),
            body: Body::from_text(&texts::framed(None, &text.body)),
            secrecy,
            caveats: Vec::new(),
            priority,
            reply_due_days: text.asks.then(|| i32::try_from(3 + self.dice.below(12)).unwrap_or(5)),
            recipients,
            in_reply_to: None,
            unit_id: None,
            signatory_position_id: None,
        }
    }

    fn recipient(&self, office: usize, role: RecipientRole) -> Recipient {
        Recipient {
            agency_id: self.offices.get(office).map(|office| office.id),
            unit_id: None,
            role,
            purpose: (role == RecipientRole::Copy).then_some(Instruction::ForInformation),
            name: diwan_kernel::Named::default(),
        }
    }

    fn some_files(&mut self) -> Vec<NewFile> {
        let count = if self.dice.chance(30) { 1 + self.dice.below(2) } else { 0 };
        (0..count).map(|_| self.dice.pick(&self.files).clone()).collect()
    }

    fn review(&mut self, office: usize, login: &str, id: i64) -> Outcome<()> {
        let head = self.actor(office, login)?;
        let note = self.dice.chance(60).then(|| (*self.dice.pick(&DIRECTIONS)).to_owned());
        self.act(&head, "tarasol.letter.approve", |tx, actor| letter::approve::run(tx, actor, id, &StepNote { note }))
    }

    fn sign(&mut self, at: NaiveDateTime, id: i64, from: usize, to: usize) -> Outcome<()> {
        // One in twenty comes back for correction, and stays with its writer.
        let sg = self.actor(from, "sg")?;
        if self.dice.chance(4) {
            let note = StepNote { note: Some("يرجى تصويب المبلغ وإرفاق الكشف".to_owned()) };
            return self.act(&sg, "tarasol.letter.return", |tx, actor| letter::send_back::run(tx, actor, id, &note));
        }
        let note = StepNote::default();
        self.act(&sg, "tarasol.letter.sign", |tx, a| letter::sign::run(tx, a, self.secrets, id, &note).map(|_| ()))?;
        for (agency_id, incoming) in self.deliveries(id)? {
            if let Some(office) = self.offices.iter().position(|office| office.id == agency_id) {
                let days = if office == to { 1 } else { 2 };
                self.later(at, days, Event::Register { id: incoming, at: office });
            }
        }
        Ok(())
    }

    fn register(&mut self, at: NaiveDateTime, id: i64, office: usize) -> Outcome<()> {
        let clerk = self.actor(office, "clerk")?;
        let version = self.version(id)?;
        let input = RegisterInput::default();
        self.act(&clerk, "tarasol.letter.register", |tx, actor| {
            letter::register::run(tx, actor, id, version, &input).map(|_| ())
        })?;
        self.later(at, 0, Event::Refer { id, at: office });
        Ok(())
    }

    fn refer(&mut self, at: NaiveDateTime, id: i64, office: usize) -> Outcome<()> {
        let clerk = self.actor(office, "clerk")?;
        let Some(of) = self.offices.get(office) else { return Ok(()) };
        let position = |login: &str| of.positions.get(login).copied().unwrap_or_default();
        let (studies, followup) = (position("studies.head"), position("followup.head"));
        let due: Option<NaiveDate> = self
            .db
            .read_now(|tx| Ok::<_, Refusal>(records::table.find(id).select(records::due_on).first(tx.conn())?))?;
        let first = if due.is_some() { Instruction::ForStudyAndReply } else { Instruction::ForInformation };
        let target = |id, instruction| ReferTarget {
            assignee: Assignee { kind: AssigneeKind::Position, id, name: diwan_kernel::Named::default() },
            instruction,
        };
        let mut to = vec![target(studies, first)];
        if self.dice.chance(35) {
            to.push(target(followup, Instruction::ForInformation));
        }
        let note = Some((*self.dice.pick(&REFERRALS)).to_owned());
        let input = ReferInput { to, note, due_on: None };
        self.act(&clerk, "tarasol.letter.refer", |tx, actor| letter::refer::run(tx, actor, id, &input))?;
        if due.is_some() && self.dice.chance(72) {
            self.later(at, 9, Event::Answer { id, at: office });
        } else if due.is_none() && self.dice.chance(80) {
            self.later(at, 4, Event::Close { id, at: office });
        }
        Ok(())
    }

    fn answer(&mut self, at: NaiveDateTime, id: i64, office: usize) -> Outcome<()> {
        let head = self.actor(office, "studies.head")?;
        let mut input = match self.db.read_now(|tx| letter::reply::run(tx, &head, id)) {
            Ok(input) => input,
            // Out of the head's clearance, or closed meanwhile: nobody answers.
            Err(Refusal::NotFound(_) | Refusal::WrongState { .. }) => return Ok(()),
            Err(refusal) => return Err(refusal),
        };
        let reference = input.body.text().lines().nth(1).map(str::to_owned);
        let text = texts::letter(&mut self.dice, at.year());
        let body = if text.reply.is_empty() {
            "درسنا ما ورد في كتابكم، ونؤيد ما جاء فيه."
        } else {
            &text.reply
        };
        input.body = Body::from_text(&texts::framed(reference.as_deref(), body));
        let reply = self.act(&head, "tarasol.letter.create", |tx, actor| letter::create::run(tx, actor, input))?;
        self.act(&head, "tarasol.letter.submit", |tx, actor| letter::submit::run(tx, actor, reply, 1))?;
        self.later(at, 1, Event::ReviewAnswer { id: reply, at: office });
        Ok(())
    }

    fn sign_answer(&mut self, at: NaiveDateTime, id: i64, office: usize) -> Outcome<()> {
        let sg = self.actor(office, "sg")?;
        let state: String = self
            .db
            .read_now(|tx| Ok::<_, Refusal>(records::table.find(id).select(records::state).first(tx.conn())?))?;
        if state == "in_review" {
            self.review(office, "sg", id)?;
        }
        self.act(&sg, "tarasol.letter.sign", |tx, actor| {
            letter::sign::run(tx, actor, self.secrets, id, &StepNote::default()).map(|_| ())
        })?;
        for (agency_id, incoming) in self.deliveries(id)? {
            if let Some(office) = self.offices.iter().position(|office| office.id == agency_id) {
                self.later(at, 1, Event::Register { id: incoming, at: office });
            }
        }
        Ok(())
    }

    fn deliveries(&self, id: i64) -> Outcome<Vec<(i64, i64)>> {
        let rows: Vec<(i64, Option<i64>)> = self.db.read_now(|tx| {
            Ok::<_, Refusal>(
                deliveries::table
                    .filter(deliveries::record_id.eq(id))
                    .select((deliveries::to_agency_id, deliveries::incoming_record_id))
                    .load(tx.conn())?,
            )
        })?;
        Ok(rows.into_iter().filter_map(|(agency, incoming)| Some((agency, incoming?))).collect())
    }

    fn version(&self, id: i64) -> Outcome<i64> {
        self.db.read_now(|tx| Ok(records::table.find(id).select(records::version).first(tx.conn())?))
    }
}
