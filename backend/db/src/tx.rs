//! What an operation holds while it runs.

use std::ops::{Deref, DerefMut};

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::connection::SimpleConnection as _;
use diwan_kernel::Who;

use crate::{AnyConnection, Backend, DbError, NewJob, outbox::Message};

/// An open transaction that reads.
pub struct ReadTx<'a> {
    connection: &'a mut AnyConnection,
    now: NaiveDateTime,
    /// How far the government's wall clock is ahead of UTC.
    offset: Duration,
}

impl<'a> ReadTx<'a> {
    pub(crate) fn new(connection: &'a mut AnyConnection, now: NaiveDateTime, offset: Duration) -> Self {
        Self { connection, now, offset }
    }

    /// What Diesel queries run on.
    pub fn conn(&mut self) -> &mut AnyConnection {
        self.connection
    }

    /// How this database marks the values of a statement that is written as text: the first is `{mark}1`, wherever it stands.
    pub fn mark(&self) -> char {
        match self.connection.backend_kind() {
            Backend::Postgres => '$',
            Backend::Sqlite => '?',
        }
    }

    /// The names of the first values of such a statement, in the order in which they are bound.
    pub fn marks<const N: usize>(&self) -> [String; N] {
        let mark = self.mark();
        std::array::from_fn(|at| format!("{mark}{}", at + 1))
    }

    /// The time of this transaction, UTC.
    pub fn now(&self) -> NaiveDateTime {
        self.now
    }

    /// The day of this transaction in the government's time zone: what deadlines and numbers go by.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now)
    }

    /// The calendar day, in the government's time zone, of a time in UTC: what stands on paper and in lists.
    pub fn day_of(&self, at: NaiveDateTime) -> NaiveDate {
        (at + self.offset).date()
    }

    /// The time in UTC at which a day of the government's time zone begins.
    pub fn start_of(&self, day: NaiveDate) -> NaiveDateTime {
        day.and_time(NaiveTime::MIN) - self.offset
    }
}

/// An open transaction that writes. Finders take a [`ReadTx`]; this one serves there too.
pub struct WriteTx<'a> {
    read: ReadTx<'a>,
    pub(crate) who: Who,
    pub(crate) op: &'static str,
    pub(crate) audited: bool,
    pub(crate) left_work: bool,
    /// Written just before the commit.
    pub(crate) messages: Vec<Message>,
    /// Written just before the commit.
    pub(crate) jobs: Vec<NewJob>,
}

impl<'a> WriteTx<'a> {
    pub(crate) fn new(read: ReadTx<'a>, who: Who, op: &'static str) -> Self {
        Self { read, who, op, audited: false, left_work: false, messages: Vec::new(), jobs: Vec::new() }
    }

    /// Who writes.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Does a part of the work that may fail alone: then all it wrote, and what it left for after the commit, is taken back.
    ///
    /// # Errors
    /// The outer one: the database cannot go on.
    pub fn attempt<T, E>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<Result<T, E>, DbError> {
        let (messages, jobs, audited) = (self.messages.len(), self.jobs.len(), self.audited);
        self.conn().batch_execute("SAVEPOINT attempt")?;
        let done = part(self);
        if done.is_err() {
            self.conn().batch_execute("ROLLBACK TO SAVEPOINT attempt")?;
            self.messages.truncate(messages);
            self.jobs.truncate(jobs);
            self.audited = audited;
        }
        self.conn().batch_execute("RELEASE SAVEPOINT attempt")?;
        Ok(done)
    }

    pub(crate) fn is_audited(&self) -> bool {
        self.audited
    }

    pub(crate) fn left_work(&self) -> bool {
        self.left_work
    }
}

impl<'a> Deref for WriteTx<'a> {
    type Target = ReadTx<'a>;

    fn deref(&self) -> &ReadTx<'a> {
        &self.read
    }
}

impl<'a> DerefMut for WriteTx<'a> {
    fn deref_mut(&mut self) -> &mut ReadTx<'a> {
        &mut self.read
    }
}
