//! A finance office for the tests of what others call and of templates: who prepares, certifies and authorises, a supplier,
//! a year with its chart. Papers go through the operations, everything else over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, DbError, WriteTx};
use diwan_finance::documents;
use diwan_finance_api::{
    DocumentInput, DocumentKind, DocumentNote, FinanceDocument, FiscalYear, LineInput, NewFiscalYear, PayMethod,
};
use diwan_kernel::{Permission, Priority, Secrecy};
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, NewRecord},
};
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{accounts, budget_keys, budget_lines, fiscal_years};
use diwan_testkit::TestDb;
use diwan_tests::TestApp;
use serde_json::{Value, json};

/// Supplies, salaries and stores of the ready parts of the key.
pub(crate) const GOODS: &str = "1501-4401-4401001-1-00-2219";
pub(crate) const SALARIES: &str = "1501-4401-4401001-1-00-2111";
pub(crate) const STORES: &str = "1501-4401-4401001-1-00-6121";

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The office.
pub(crate) struct Desk {
    pub(crate) app: TestApp,
    /// Prepares everything, and works in the modules that call.
    pub(crate) clerk: Actor,
    /// Certifies.
    pub(crate) staff: Actor,
    pub(crate) director: Actor,
    pub(crate) supplier: i64,
}

impl Desk {
    pub(crate) async fn on(db: TestDb) -> Self {
        let app = TestApp::new(db);
        let of = |name: &str| app.world.mof.users[name];
        use Permission as P;
        for (user, rights) in [
            ("clerk", &[P::FinanceRead, P::FinanceBudget, P::FinancePrepare][..]),
            ("staff", &[P::FinanceRead, P::FinanceCertify]),
            ("director", &[P::FinanceRead, P::FinanceAuthorise, P::FinanceStructure, P::FinanceClose]),
            ("head", &[P::FinanceStructure]),
        ] {
            rights.iter().for_each(|right| app.grant(of(user), *right));
        }
        let director = of("director");
        app.post(director, "/api/finance/years", &NewFiscalYear { year: 2026 }).await.created::<FiscalYear>();
        // Nobody sets their own limit.
        let limit =
            json!({ "user_id": director, "amount": "90000000", "active_from": "2026-01-01", "reference": "قرار 1" });
        app.post(of("head"), "/api/finance/authority-limits", &limit).await.created::<Value>();
        let party =
            json!({ "kind": "supplier", "code": "S1", "name": { "ar": "شركة الأفق", "en": "Ufuq" }, "active": true });
        let party: Value = app.post(director, "/api/finance/parties", &party).await.created();
        let supplier = party["id"].as_i64().unwrap();
        let actor = |name: &str| app.world.mof.actor(&app.platform.db, name);
        let (clerk, staff, director) = (actor("clerk"), actor("staff"), actor("director"));
        Self { app, clerk, staff, director, supplier }
    }

    /// Opens another year.
    pub(crate) async fn open(&self, year: i32) {
        let year = NewFiscalYear { year };
        self.app.post(self.director.user_id, "/api/finance/years", &year).await.created::<FiscalYear>();
    }

    /// Runs a step as an operation does.
    pub(crate) fn act<T>(&self, actor: &Actor, run: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T>) -> Outcome<T> {
        self.app.platform.db.write_now(actor.who(), "test.desk", |tx| {
            let value = run(tx)?;
            tx.audit(Audit::of("test", 1))?;
            Ok(value)
        })
    }

    /// Runs statements past every operation.
    pub(crate) fn sql(&self, statement: &str) -> Result<(), DbError> {
        use diesel::connection::SimpleConnection as _;
        self.app.platform.db.upkeep("test.sql", |tx| Ok(tx.conn().batch_execute(statement)?))
    }

    /// How many rows a table has.
    pub(crate) fn count(&self, table: &str) -> i64 {
        let count = diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("(SELECT COUNT(*) FROM {table})"));
        self.app.platform.db.read_now(|tx| Ok::<_, DbError>(diesel::select(count).get_result(tx.conn())?)).unwrap()
    }

    /// A document with lines: account, key, debit, credit.
    pub(crate) fn input(&self, kind: DocumentKind, on: &str, lines: &[[&str; 4]]) -> DocumentInput {
        let shape = kind.shape();
        let line = |[account, key, debit, credit]: &[&str; 4]| LineInput {
            account: (*account).to_owned(),
            key: (*key).to_owned(),
            debit: (*debit).to_owned(),
            credit: (*credit).to_owned(),
            ..LineInput::default()
        };
        DocumentInput {
            kind,
            effective_on: day(on),
            complementary: false,
            subject: "إيجار المبنى".to_owned(),
            currency: "JOD".to_owned(),
            rate: String::new(),
            party_id: shape.party.then_some(self.supplier),
            counter: String::new(),
            source_id: None,
            reference: reference(kind),
            reference_on: shape.invoice.then(|| day(on)),
            method: if shape.pays { PayMethod::Transfer } else { PayMethod::None },
            due_on: None,
            lines: lines.iter().map(line).collect(),
            slices: Vec::new(),
            details: Default::default(),
        }
    }

    pub(crate) fn draft(&self, input: &DocumentInput) -> i64 {
        self.act(&self.clerk, |tx| documents::create(tx, &self.clerk, input)).unwrap()
    }

    /// Submits, certifies and authorises a draft.
    pub(crate) fn finish(&self, id: i64) -> Outcome<()> {
        let (clerk, staff, director) = (&self.clerk, &self.staff, &self.director);
        let note = DocumentNote::default();
        let version = || self.act(clerk, |tx| Ok(records::store::load_for_system(tx, id)?.version));
        let draft = version()?;
        self.act(clerk, |tx| documents::submit(tx, clerk, id, draft))?;
        let sent = version()?;
        self.act(staff, |tx| documents::certify(tx, staff, id, sent, &note))?;
        self.act(director, |tx| documents::authorise(tx, director, &self.app.platform.secrets, (id, sent), &note))
    }

    pub(crate) fn posted(&self, input: &DocumentInput) -> i64 {
        let id = self.draft(input);
        self.finish(id).unwrap();
        id
    }

    /// Appropriates and allots these amounts.
    pub(crate) fn allot(&self, on: &str, amounts: &[(&str, &str)]) {
        let lines: Vec<[&str; 4]> = amounts.iter().map(|(key, amount)| ["", *key, *amount, ""]).collect();
        self.posted(&self.input(DocumentKind::BudgetLaw, on, &lines));
        self.posted(&self.input(DocumentKind::FinancialOrder, on, &lines));
    }

    pub(crate) async fn view(&self, id: i64) -> FinanceDocument {
        self.app.get(self.clerk.user_id, &format!("/api/finance/documents/{id}")).await.ok()
    }

    /// A record of a module that calls.
    pub(crate) fn record(&self, subject: &str) -> i64 {
        let new = NewRecord {
            agency_id: self.clerk.agency_id,
            unit_id: None,
            kind: RecordKind::Document,
            subject: subject.to_owned(),
            party: String::new(),
            state: "draft",
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            priority: Priority::Normal,
            due_on: None,
            class_code: None,
            created_by: self.clerk.user_id,
        };
        self.act(&self.clerk, |tx| records::create(tx, &new)).unwrap()
    }

    pub(crate) fn account(&self, code: &str) -> i64 {
        let own = accounts::table.filter(accounts::agency_id.eq(self.clerk.agency_id)).filter(accounts::code.eq(code));
        let id = |tx: &mut diwan_db::ReadTx<'_>| Ok::<_, Refusal>(own.select(accounts::id).first(tx.conn())?);
        self.app.platform.db.read_now(id).unwrap()
    }

    /// The buckets of the line that controls a key in a year: unallotted, frozen, available, pre-committed, committed,
    /// obligated, paid.
    pub(crate) fn buckets(&self, code: &str, year: i32) -> [i64; 7] {
        type Held = (i64, i64, i64, i64, i64, i64, i64);
        let year_id = fiscal_years::table
            .filter(fiscal_years::agency_id.eq(self.clerk.agency_id))
            .filter(fiscal_years::year.eq(year))
            .select(fiscal_years::id);
        let held: Held = self
            .app
            .platform
            .db
            .read_now(|tx| {
                let year_id: i64 = year_id.first(tx.conn())?;
                Ok::<_, Refusal>(
                    budget_keys::table
                        .inner_join(budget_lines::table.on(budget_lines::id.eq(budget_keys::line_id)))
                        .filter(budget_keys::code.eq(code))
                        .filter(budget_keys::year_id.eq(year_id))
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
        held.into()
    }
}

/// What a document refers to: of a voucher an invoice of its own.
pub(crate) fn reference(kind: DocumentKind) -> String {
    static INVOICES: AtomicUsize = AtomicUsize::new(1);
    match kind.shape() {
        shape if shape.invoice => format!("INVOICE-{}", INVOICES.fetch_add(1, Ordering::Relaxed)),
        shape if shape.reference => "13/2025".to_owned(),
        _ => String::new(),
    }
}

/// What was refused: the rule, or each wrong field with its code.
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Refusal::Rule { code, .. }) => code.to_owned(),
        Err(Refusal::Invalid(fields)) => {
            fields.iter().map(|one| format!("{}:{}", one.field, one.code)).collect::<Vec<_>>().join(" ")
        }
        Err(Refusal::Forbidden(right)) => right.code().to_owned(),
        Err(Refusal::NotFound(what)) => format!("no {what}"),
        Err(Refusal::Stale { .. }) => "stale".to_owned(),
        Err(Refusal::WrongState { state, .. }) => format!("in {state}"),
        other => panic!("{other:?}"),
    }
}
