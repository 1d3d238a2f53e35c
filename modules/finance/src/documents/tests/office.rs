//! A finance office to test with: who prepares, who certifies, who authorises; a chart, a few keys, a supplier.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_db::Db;
use diwan_finance_api::{Coded, DocumentInput, DocumentKind, DocumentNote, FinanceDocument, LineInput, SegmentKind};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome, Refusal, secrets::Secrets};
use diwan_schema::finance::{authority_limits, budget_keys, budget_lines, currencies, parties, rates, segments};
use diwan_testkit::{World, give_right};

use super::super::{approvals, close, reverse, save, submit, view};
use crate::{
    ledger::{
        moves::{Buckets, Held, held},
        tests::books::{act, day},
    },
    structure::{chart, years},
};

/// The keys of the office: goods, salaries and machines of one activity.
pub(crate) const GOODS: &str = "10-101-1-1-11-2219";
pub(crate) const FUEL: &str = "10-101-1-1-11-2215";
pub(crate) const MACHINES: &str = "10-101-1-1-11-6112";

pub(crate) struct Office {
    pub(crate) db: Db,
    pub(crate) world: World,
    /// Prepares everything.
    pub(crate) clerk: Actor,
    /// Certifies.
    pub(crate) staff: Actor,
    /// Authorises, up to 100,000 dinars.
    pub(crate) director: Actor,
    pub(crate) supplier: i64,
    /// A party that is a person of the office: the one who certifies.
    pub(crate) employee: i64,
}

impl Office {
    pub(crate) fn on(db: Db) -> Self {
        let world = World::on(&db);
        let users = &world.mof.users;
        for (who, rights) in [
            ("clerk", &[Permission::FinanceRead, Permission::FinanceBudget, Permission::FinancePrepare][..]),
            ("staff", &[Permission::FinanceRead, Permission::FinanceCertify]),
            ("director", &[Permission::FinanceRead, Permission::FinanceAuthorise]),
        ] {
            for right in rights {
                give_right(&db, users[who], *right);
            }
        }
        let clerk = world.mof.actor(&db, "clerk");
        let staff = world.mof.actor(&db, "staff");
        let director = world.mof.actor(&db, "director");
        let (supplier, employee) = act(&db, &clerk, |tx| {
            let year = years::create(tx, &clerk, 2026)?;
            chart::begin(tx, &clerk, year.starts_on)?;
            super::super::ensure_registers(tx, clerk.agency_id)?;
            for (code, scale) in [("JOD", 3), ("USD", 2), ("JPY", 0)] {
                diesel::insert_into(currencies::table)
                    .values((
                        (currencies::code.eq(code), currencies::scale.eq(scale)),
                        (currencies::name_ar.eq(code), currencies::name_en.eq(code)),
                    ))
                    .execute(tx.conn())?;
            }
            diesel::insert_into(rates::table)
                .values((
                    (rates::agency_id.eq(clerk.agency_id), rates::currency.eq("USD"), rates::day.eq(day("2026-01-01"))),
                    (rates::rate.eq(709_000_000_i64), rates::version.eq(1_i64)),
                ))
                .execute(tx.conn())?;
            for (kind, codes) in
                SegmentKind::ALL.iter().zip([&["10"][..], &["101"], &["1"], &["1"], &["11"], &["2219", "2215", "6112"]])
            {
                for code in codes {
                    segment(tx, clerk.agency_id, *kind, code)?;
                }
            }
            diesel::insert_into(authority_limits::table)
                .values((
                    (authority_limits::agency_id.eq(clerk.agency_id), authority_limits::user_id.eq(director.user_id)),
                    (authority_limits::kind.eq(""), authority_limits::amount.eq(100_000_000_i64)),
                    (authority_limits::active_from.eq(day("2026-01-01")), authority_limits::reference.eq("")),
                    authority_limits::version.eq(1_i64),
                ))
                .execute(tx.conn())?;
            Ok((party(tx, clerk.agency_id, "S1", None)?, party(tx, clerk.agency_id, "E1", Some(staff.user_id))?))
        })
        .unwrap();
        Self { db, world, clerk, staff, director, supplier, employee }
    }

    /// A document with these lines: account, key, debit, credit.
    pub(crate) fn input(&self, kind: DocumentKind, lines: &[(&str, &str, &str, &str)]) -> DocumentInput {
        let shape = kind.shape();
        DocumentInput {
            subject: "تجربة".to_owned(),
            party_id: shape.party.then_some(self.supplier),
            reference: reference(kind),
            reference_on: shape.invoice.then(|| day("2026-10-20")),
            lines: lines
                .iter()
                .map(|(account, key, debit, credit)| LineInput {
                    account: (*account).to_owned(),
                    key: (*key).to_owned(),
                    debit: (*debit).to_owned(),
                    credit: (*credit).to_owned(),
                    ..LineInput::default()
                })
                .collect(),
            ..DocumentInput::new(kind, day("2026-10-20"))
        }
    }

    pub(crate) fn draft(&self, input: &DocumentInput) -> Outcome<i64> {
        act(&self.db, &self.clerk, |tx| save::create(tx, &self.clerk, input))
    }

    pub(crate) fn view(&self, id: i64) -> FinanceDocument {
        self.db.read_now(|tx| view::run(tx, &self.clerk, id)).unwrap()
    }

    pub(crate) fn submit(&self, id: i64) -> Outcome<()> {
        let version = self.version(id);
        act(&self.db, &self.clerk, |tx| submit::run(tx, &self.clerk, id, version))
    }

    pub(crate) fn certify(&self, by: &Actor, id: i64) -> Outcome<()> {
        let version = self.version(id);
        act(&self.db, by, |tx| approvals::certify(tx, by, id, version, &DocumentNote::default()))
    }

    pub(crate) fn authorise(&self, by: &Actor, id: i64) -> Outcome<()> {
        self.authorise_at(by, (id, self.version(id)))
    }

    /// Authorises what was read in this version.
    pub(crate) fn authorise_at(&self, by: &Actor, of: (i64, i64)) -> Outcome<()> {
        let secrets = Secrets::from_key([0; 32]);
        act(&self.db, by, |tx| approvals::authorise(tx, by, &secrets, of, &DocumentNote::default()))
    }

    /// The version that everybody reads now.
    pub(crate) fn version(&self, id: i64) -> i64 {
        self.view(id).head.version
    }

    /// Drafted, submitted and certified: only the last word is missing.
    pub(crate) fn ready(&self, input: &DocumentInput) -> i64 {
        let id = self.draft(input).unwrap();
        self.submit(id).unwrap();
        self.certify(&self.staff, id).unwrap();
        id
    }

    pub(crate) fn posted(&self, input: &DocumentInput) -> i64 {
        let id = self.ready(input);
        self.authorise(&self.director, id).unwrap();
        id
    }

    /// Appropriates and allots these amounts.
    pub(crate) fn allot(&self, lines: &[(&str, &str)]) {
        let rows: Vec<_> = lines.iter().map(|(key, amount)| ("", *key, *amount, "")).collect();
        self.posted(&self.input(DocumentKind::BudgetLaw, &rows));
        self.posted(&self.input(DocumentKind::FinancialOrder, &rows));
    }

    pub(crate) fn note(&self, note: &str) -> DocumentNote {
        DocumentNote { note: Some(note.to_owned()), ..DocumentNote::default() }
    }

    pub(crate) fn reverse(&self, id: i64) -> Outcome<i64> {
        let version = self.version(id);
        act(&self.db, &self.clerk, |tx| reverse::start(tx, &self.clerk, id, version, &self.note("خطأ في الإدخال")))
    }

    pub(crate) fn close(&self, id: i64) -> Outcome<()> {
        let version = self.version(id);
        act(&self.db, &self.clerk, |tx| close::run(tx, &self.clerk, id, version, &self.note("انتهى")))
    }

    /// The buckets of the line that controls a key.
    pub(crate) fn buckets(&self, key: &str) -> Buckets {
        let of_key = budget_keys::table
            .inner_join(budget_lines::table.on(budget_lines::id.eq(budget_keys::line_id)))
            .filter(budget_keys::code.eq(key));
        let row = self.db.read_now(|tx| Ok::<_, Refusal>(of_key.select(held()).first::<Held>(tx.conn())?));
        row.unwrap().into()
    }
}

/// What a document refers to: of a voucher an invoice of its own.
fn reference(kind: DocumentKind) -> String {
    static INVOICES: AtomicUsize = AtomicUsize::new(1);
    match kind.shape() {
        shape if shape.invoice => format!("INVOICE-{}", INVOICES.fetch_add(1, Ordering::Relaxed)),
        shape if shape.reference => "13/2025".to_owned(),
        _ => String::new(),
    }
}

/// The codes of things that have one.
pub(crate) fn code(coded: &Option<Coded>) -> &str {
    coded.as_ref().map_or("", |coded| coded.code.as_str())
}

/// What was refused: the rule, or each wrong field with its code.
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Refusal::Rule { code, .. }) => code.to_owned(),
        Err(Refusal::Invalid(fields)) => {
            fields.iter().map(|one| format!("{}:{}", one.field, one.code)).collect::<Vec<_>>().join(" ")
        }
        Err(Refusal::WrongState { state, action }) => format!("{action} in {state}"),
        Err(Refusal::Forbidden(right)) => right.code().to_owned(),
        Err(Refusal::NotFound(what)) => format!("no {what}"),
        Err(Refusal::Stale { .. }) => "stale".to_owned(),
        other => panic!("{other:?}"),
    }
}

fn segment(tx: &mut diwan_db::WriteTx<'_>, agency_id: i64, kind: SegmentKind, code: &str) -> Outcome<()> {
    diesel::insert_into(segments::table)
        .values((
            (segments::agency_id.eq(agency_id), segments::kind.eq(kind.code()), segments::code.eq(code)),
            (segments::name_ar.eq("عام"), segments::name_en.eq(""), segments::posting.eq(true)),
            (segments::gfsm.eq("22"), segments::cofog.eq("70112")),
            (segments::active_from.eq(day("2020-01-01")), segments::version.eq(1_i64)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn party(tx: &mut diwan_db::WriteTx<'_>, agency_id: i64, code: &str, user_id: Option<i64>) -> Outcome<i64> {
    Ok(diesel::insert_into(parties::table)
        .values((
            (parties::agency_id.eq(agency_id), parties::kind.eq("supplier"), parties::code.eq(code)),
            (parties::name_ar.eq("شركة الأفق"), parties::name_en.eq(""), parties::fold.eq("")),
            (parties::tax_number.eq(""), parties::national_number.eq(""), parties::iban.eq("")),
            (parties::user_id.eq(user_id), parties::active.eq(true), parties::version.eq(1_i64)),
        ))
        .returning(parties::id)
        .get_result(tx.conn())?)
}
