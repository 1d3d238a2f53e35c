//! A year with what comes with it, as the tests of the lists start from.

use chrono::NaiveDate;
use diwan_db::{Audit, Db, WriteTx};
use diwan_finance_api::{FiscalYear, PartQuery, PartyInput, PartyKind, SegmentInput, SegmentKind};
use diwan_kernel::Named;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_testkit::World;

use crate::{
    parts::{begin, currencies, part::Part},
    structure::{chart, keys, years},
};

/// A year of the ministry of finance with what comes with it.
pub(super) struct Setup {
    pub(super) db: Db,
    pub(super) world: World,
    pub(super) actor: Actor,
    pub(super) year: FiscalYear,
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Setup {
    pub(super) fn on(db: Db) -> Self {
        let world = World::on(&db);
        let actor = world.mof.actor(&db, "director");
        let made = db.write_now(actor.who(), "test.year", |tx| {
            let year = years::create(tx, &actor, 2026)?;
            currencies::ensure(tx)?;
            currencies::ensure(tx)?;
            chart::begin(tx, &actor, year.starts_on)?;
            begin::begin(tx, &actor, year.starts_on)?;
            begin::begin(tx, &actor, year.starts_on)?;
            Ok::<_, Refusal>(year)
        });
        Self { db, world, actor, year: made.unwrap() }
    }

    pub(super) fn act<T>(&self, run: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<T>) -> Outcome<T> {
        self.db.write_now(self.actor.who(), "test.step", |tx| {
            let value = run(tx, &self.actor)?;
            tx.audit(Audit::of("test", 1))?;
            Ok(value)
        })
    }

    pub(super) fn segment(&self, kind: SegmentKind, code: &str) -> (i64, i64, SegmentInput) {
        self.act(|tx, actor| {
            let query = PartQuery { kind: Some(kind.code().to_owned()), ..PartQuery::default() };
            let page = SegmentInput::list(tx, actor.agency_id, &query, 1_000)?;
            let found = page.items.into_iter().find(|row| row.value.code == code).unwrap();
            Ok((found.id, found.version, found.value))
        })
        .unwrap()
    }

    /// A key of the ready parts for an item.
    pub(super) fn key(&self, item: &str) -> keys::Key {
        let parts = [
            (SegmentKind::Chapter, "1501"),
            (SegmentKind::Programme, "4401"),
            (SegmentKind::Activity, "4401001"),
            (SegmentKind::Fund, "1"),
            (SegmentKind::Location, "11"),
            (SegmentKind::Item, item),
        ]
        .map(|(kind, code)| self.segment(kind, code).0);
        let when = (day("2026-02-01"), self.actor.user_id);
        self.act(|tx, actor| keys::find_or_make(tx, actor.agency_id, self.year.id, parts, when)).unwrap()
    }
}

/// The code of a rule, or `field:code` of wrong fields.
pub(super) fn said<T: std::fmt::Debug>(refused: Outcome<T>) -> String {
    match refused {
        Err(Refusal::Rule { code, .. } | Refusal::Denied(code)) => code.to_owned(),
        Err(Refusal::Invalid(fields)) => {
            fields.iter().map(|one| format!("{}:{}", one.field, one.code)).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    }
}

pub(super) fn party(code: &str, ar: &str) -> PartyInput {
    PartyInput {
        kind: PartyKind::Supplier,
        code: code.to_owned(),
        name: Named { ar: ar.to_owned(), en: String::new() },
        tax_number: String::new(),
        national_number: String::new(),
        iban: String::new(),
        user_id: None,
        advance_limit: String::new(),
        active: true,
    }
}
