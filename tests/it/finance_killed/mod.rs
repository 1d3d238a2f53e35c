//! A server that is killed (SIGKILL) while people post vouchers, pay them by run, by cheque and in cash, import statements, and
//! close, seal and end earlier years: whatever it was in the middle of is done wholly or not at all, what it answered is there,
//! and work goes on.

mod closer;
mod never;
mod people;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use chrono::Datelike;
use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diwan_db::{Clock, DbError, ReadTx, SystemClock};
use diwan_finance::closing::book::verify;
use diwan_finance_api::{
    ChequeBook, ChequeBookInput, DocumentInput, DocumentKind, DocumentNote, DocumentStep, FiscalYear, LineInput,
    NewFiscalYear, PayMethod,
};
use diwan_kernel::Permission;
use diwan_schema::finance::accounts;
use diwan_testkit::{TestDb, both_async, wait_until};
use diwan_tests::{Server, TestApp};
use serde_json::{Value, json};

use closer::PERIODS;
use never::NEVER;
use people::{DOCUMENTS, Done, Facts, IBAN, People, RUNS};

/// How often the server is killed.
const KILLS: usize = 4;
/// People who post vouchers at the same time.
const CLERKS: usize = 3;
/// Years before this one, to be closed, sealed and ended.
const PAST: usize = 3;

/// A ministry whose money is appropriated, allotted and released, on a database that a server may be killed over.
struct Treasury {
    app: TestApp,
    /// The data folder of the server.
    data: tempfile::TempDir,
    /// Who there is, and the tokens of their sessions.
    people: BTreeMap<&'static str, String>,
    facts: Facts,
}

impl Treasury {
    async fn on(db: TestDb) -> Self {
        // The server goes by the clock of the machine.
        db.clock().set(SystemClock.now());
        let today = db.db().read_now(|tx| Ok::<_, DbError>(tx.today())).unwrap();
        let app = TestApp::new(db);
        let data = tempfile::tempdir().unwrap();
        // What is sealed here, the server opens.
        std::fs::write(data.path().join("master.key"), [7; 32]).unwrap();
        use Permission as P;
        let mut people = BTreeMap::new();
        for (name, rights) in [
            ("clerk", &[P::FinanceRead, P::FinanceBudget, P::FinancePrepare][..]),
            ("staff", &[P::FinanceRead, P::FinanceCertify]),
            ("director", &[P::FinanceRead, P::FinanceAuthorise, P::FinanceStructure, P::FinanceClose]),
            (
                "head",
                &[P::FinanceRead, P::FinancePay, P::FinanceReconcile, P::FinanceStructure, P::FinanceClose, P::Export],
            ),
        ] {
            let user = app.world.mof.users[name];
            rights.iter().for_each(|right| app.grant(user, *right));
            people.insert(name, app.token(user));
        }
        let (director, head) = (app.world.mof.users["director"], app.world.mof.users["head"]);
        let mut first = today;
        for back in (0..=PAST).rev() {
            let year = NewFiscalYear { year: today.year() - i32::try_from(back).unwrap() };
            let year: FiscalYear = app.post(director, "/api/finance/years", &year).await.created();
            first = first.min(year.starts_on);
        }
        let limit = json!({ "user_id": director, "amount": "5000000", "active_from": first, "reference": "قرار 1" });
        app.post(head, "/api/finance/authority-limits", &limit).await.created::<Value>();
        let named = json!({ "ar": "شركة الأفق", "en": "Ufuq" });
        let party = json!({ "kind": "supplier", "code": "S1", "name": named, "iban": IBAN, "active": true });
        let supplier = made(&app, "parties", &party).await;
        let bank = json!({
            "account_id": account(&app, "620201"), "code": "T", "name": named, "bic": "CBJOJOAX", "number": "131000302",
            "iban": IBAN, "currency": "JOD", "active": true
        });
        let bank = made(&app, "bank-accounts", &bank).await;
        let cash_box = json!({
            "account_id": account(&app, "620202"), "code": "CB", "name": named, "number": "1", "currency": "JOD",
            "cash": true, "active": true
        });
        let cash_box = made(&app, "bank-accounts", &cash_box).await;
        let book = ChequeBookInput { bank_account_id: bank, series: String::new(), first: 1, last: 1_000 };
        let book: ChequeBook = app.post(head, "/api/finance/cheques/books", &book).await.created();
        let treasury = Self { app, data, people, facts: Facts { today, supplier, bank, cash_box, book: book.id } };
        for kind in [DocumentKind::BudgetLaw, DocumentKind::FinancialOrder, DocumentKind::Release] {
            treasury.posted(&treasury.facts.input(kind, "1000000")).await;
        }
        // What is paid in cash comes out of the box.
        let line = LineInput { account: "1421".to_owned(), credit: "100000".to_owned(), ..LineInput::default() };
        let received = treasury.facts.input(DocumentKind::Receipt, "0");
        treasury.posted(&DocumentInput { counter: "620202".to_owned(), lines: vec![line], ..received }).await;
        treasury.past().await;
        treasury
    }

    /// What the years before this one left: revenue, budget, and commitments that go on.
    async fn past(&self) {
        use DocumentKind as K;
        for back in 1..=PAST {
            let year = self.facts.today.year() - i32::try_from(back).unwrap();
            let on = self.facts.today.with_day(1).and_then(|day| day.with_month(6)?.with_year(year)).unwrap();
            for (kind, amount) in [(K::BudgetLaw, "900"), (K::FinancialOrder, "900"), (K::Commitment, "300")] {
                self.posted(&DocumentInput { effective_on: on, ..self.facts.input(kind, amount) }).await;
            }
            let line = LineInput { account: "1421".to_owned(), credit: "70".to_owned(), ..LineInput::default() };
            let receipt = self.facts.input(K::Receipt, "0");
            self.posted(&DocumentInput { effective_on: on, lines: vec![line], ..receipt }).await;
        }
    }

    /// Posts a document before there is a server.
    async fn posted(&self, input: &DocumentInput) {
        let of = |name: &str| self.app.world.mof.users[name];
        let mut step: DocumentStep = self.app.post(of("clerk"), DOCUMENTS, input).await.created();
        for (who, way) in [("clerk", "submit"), ("staff", "certify"), ("director", "authorise")] {
            let path = format!("{DOCUMENTS}/{}/{way}", step.id);
            step = self.app.post_at(of(who), &path, step.version, &DocumentNote::default()).await.ok();
        }
        assert_eq!(step.state, "posted");
    }

    fn server(&self) -> Server {
        Server::start(&self.app.db, self.data.path())
    }

    fn count(&self, statement: &str) -> i64 {
        let count = sql::<BigInt>(&format!("({statement})"));
        let read = |tx: &mut ReadTx<'_>| Ok::<_, DbError>(diesel::select(count).get_result(tx.conn())?);
        self.app.platform.db.read_now(read).unwrap()
    }

    fn ids(&self, statement: &str) -> Vec<i64> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            id: i64,
        }
        let read =
            |tx: &mut ReadTx<'_>| Ok::<Vec<Row>, DbError>(diesel::sql_query(statement.to_owned()).load(tx.conn())?);
        self.app.platform.db.read_now(read).unwrap().into_iter().map(|row| row.id).collect()
    }

    /// Nothing is done by half, and all that was answered is there.
    fn whole(&self, done: &Done) {
        for (what, statement) in NEVER {
            assert_eq!(self.count(statement), 0, "{what}");
        }
        let posted = self.ids("SELECT record_id AS id FROM finance_documents WHERE posted_at IS NOT NULL");
        let paid = self.ids("SELECT record_id AS id FROM payment_runs WHERE state = 'executed'");
        let cheques = self.ids("SELECT id FROM cheques");
        let cash = self.ids("SELECT id FROM cash_payments");
        let sealed = self.ids("SELECT id FROM fiscal_periods WHERE state = 'sealed'");
        let ended = self.ids("SELECT year_id AS id FROM year_ends WHERE state = 'ended'");
        for (told, there) in [
            (&done.vouchers, posted),
            (&done.runs, paid),
            (&done.cheques, cheques),
            (&done.cash, cash),
            (&done.sealed, sealed),
            (&done.ended, ended),
        ] {
            let told = told.lock().unwrap();
            assert!(told.iter().all(|id| there.contains(id)), "answered {told:?}, there are {there:?}");
        }
        let statements = self.statements();
        assert!(done.statements.load(Ordering::SeqCst) <= statements, "of what was answered, {statements} are there");
        let trail = self.app.platform.db.verify_audit(3_600).unwrap();
        assert!(trail.faults.is_empty(), "{:?}", trail.faults);
    }

    fn statements(&self) -> usize {
        usize::try_from(self.count("SELECT COUNT(*) FROM bank_statements")).unwrap()
    }

    /// A server that works for several people at once and is killed at some moment.
    fn killed(&self, invoices: &AtomicUsize, done: &Done) {
        let server = self.server();
        let people = People::at(&server, (&self.people, self.facts), invoices, done);
        let (before, first) = (done.vouchers.lock().unwrap().len(), self.statements());
        std::thread::scope(|scope| {
            for _ in 0..CLERKS {
                scope.spawn(|| while people.voucher(PayMethod::Transfer).is_some() {});
            }
            scope.spawn(|| while people.pay().is_some() {});
            scope.spawn(|| while people.counter().is_some() {});
            scope.spawn(|| while people.close() == Some(true) {});
            scope.spawn(|| (first..).try_for_each(|nth| people.import(nth)));
            wait_until("vouchers are posted", || {
                (done.vouchers.lock().unwrap().len() >= before + CLERKS).then_some(())
            });
            // Whatever it is doing then.
            std::thread::sleep(some_moment());
            server.kill();
        });
    }

    /// What the killed servers left in the middle of its way goes on, and the files that the bank got are there.
    fn goes_on(&self, invoices: &AtomicUsize, done: &Done) {
        let server = self.server();
        let people = People::at(&server, (&self.people, self.facts), invoices, done);
        let left = self.ids("SELECT record_id AS id FROM finance_documents WHERE posted_at IS NULL ORDER BY record_id");
        for id in &left {
            let duties = self.count(&format!("SELECT COUNT(*) FROM finance_approvals WHERE record_id = {id}"));
            let version = self.count(&format!("SELECT version FROM records WHERE id = {id}"));
            people.finish(*id, version, usize::try_from(duties).unwrap()).unwrap();
        }
        people.voucher(PayMethod::Transfer).unwrap();
        people.counter().unwrap();
        people.import(self.statements()).unwrap();
        people.pay().unwrap();
        assert_eq!(self.count("SELECT COUNT(*) FROM finance_documents WHERE posted_at IS NULL"), 0);
        for id in self.ids("SELECT record_id AS id FROM payment_runs WHERE sent_at IS NOT NULL") {
            let file = people.callers["head"].call("GET", &format!("{RUNS}/{id}/file"), "", b"").unwrap();
            assert!(file.status == 200 && !file.body.is_empty(), "run {id}: {}", file.status);
        }
        while people.close().unwrap() {}
        let sealed = self.ids("SELECT id FROM fiscal_periods WHERE state = 'sealed'");
        assert_eq!(sealed.len(), PAST * 13);
        for id in sealed {
            let path = format!("{PERIODS}/{id}/book");
            let book = people.callers["head"].call("GET", &path, "", b"").unwrap();
            assert!(verify::book(book.body.as_slice()).is_ok(), "period {id}: {}", book.status);
        }
    }
}

/// Makes something of the setup; answers its id.
async fn made(app: &TestApp, list: &str, input: &Value) -> i64 {
    let made: Value = app.post(app.world.mof.users["director"], &format!("/api/finance/{list}"), input).await.created();
    made["id"].as_i64().unwrap()
}

/// An account of the ready chart.
fn account(app: &TestApp, code: &str) -> i64 {
    let of = accounts::table.filter(accounts::agency_id.eq(app.world.mof.id)).filter(accounts::code.eq(code));
    let read = |tx: &mut ReadTx<'_>| Ok::<i64, DbError>(of.select(accounts::id).first(tx.conn())?);
    app.platform.db.read_now(read).unwrap()
}

/// Up to three quarters of a second, as the clock has it.
fn some_moment() -> Duration {
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    Duration::from_micros(u64::from(nanos / 1_000 % 750_000))
}

#[test]
fn a_server_that_is_killed_leaves_nothing_done_by_half() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let (invoices, done) = (AtomicUsize::new(1), Done::default());
        for _ in 0..KILLS {
            treasury.killed(&invoices, &done);
            treasury.whole(&done);
        }
        treasury.goes_on(&invoices, &done);
        treasury.whole(&done);
    });
}
