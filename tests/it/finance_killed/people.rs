//! People who work at a server that may be killed: each request is answered as it should be, or not at all.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{Days, NaiveDate};
use diwan_finance_api::{
    AddPayments, AddedPayments, CashPayment, CashPaymentInput, Cheque, ChequeInput, DocumentInput, DocumentKind,
    DocumentNote, DocumentStep, ExecutePayments, LineInput, PayMethod, PayableQuery, PaymentRun, PaymentRunInput,
    PaymentRunState,
};
use diwan_tests::{Caller, Server};
use serde::{Serialize, de::DeserializeOwned};

const KEY: &str = "1501-4401-4401001-1-00-2219";
pub(super) const IBAN: &str = "JO94CBJO0010000000000131000302";
pub(super) const DOCUMENTS: &str = "/api/finance/documents";
pub(super) const RUNS: &str = "/api/finance/payments/runs";
/// Lines of a statement.
const LINES: usize = 120;

/// What papers are written with.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) today: NaiveDate,
    pub(super) supplier: i64,
    pub(super) bank: i64,
    pub(super) cash_box: i64,
    /// The cheque book.
    pub(super) book: i64,
}

impl Facts {
    /// A document of today on the one key.
    pub(super) fn input(&self, kind: DocumentKind, amount: &str) -> DocumentInput {
        let shape = kind.shape();
        let line = LineInput { key: KEY.to_owned(), debit: amount.to_owned(), ..LineInput::default() };
        DocumentInput {
            subject: "قرطاسية للوزارة".to_owned(),
            party_id: shape.party.then_some(self.supplier),
            reference: if shape.reference { "13/2025".to_owned() } else { String::new() },
            reference_on: shape.invoice.then_some(self.today),
            lines: vec![line],
            ..DocumentInput::new(kind, self.today)
        }
    }
}

/// What the servers said was done.
#[derive(Default)]
pub(super) struct Done {
    pub(super) vouchers: Mutex<Vec<i64>>,
    pub(super) runs: Mutex<Vec<i64>>,
    pub(super) cheques: Mutex<Vec<i64>>,
    pub(super) cash: Mutex<Vec<i64>>,
    /// Periods.
    pub(super) sealed: Mutex<Vec<i64>>,
    /// Years.
    pub(super) ended: Mutex<Vec<i64>>,
    pub(super) statements: AtomicUsize,
}

/// The people of a treasury at a server.
pub(super) struct People<'a> {
    pub(super) facts: Facts,
    pub(super) callers: BTreeMap<&'static str, Caller>,
    /// Gives every voucher an invoice of its own, over all servers.
    invoices: &'a AtomicUsize,
    pub(super) done: &'a Done,
}

impl<'a> People<'a> {
    /// The holders of these sessions at a server.
    pub(super) fn at(
        server: &Server,
        (tokens, facts): (&BTreeMap<&'static str, String>, Facts),
        invoices: &'a AtomicUsize,
        done: &'a Done,
    ) -> Self {
        let callers = tokens.iter().map(|(name, token)| (*name, server.caller(token))).collect();
        Self { facts, callers, invoices, done }
    }

    /// A request that is answered as it should be, or not at all because the server is gone.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        who: &str,
        path: &str,
        version: Option<i64>,
        body: &impl Serialize,
    ) -> Option<T> {
        self.send("POST", who, path, version, body)
    }

    /// The same by another method.
    pub(super) fn send<T: DeserializeOwned>(
        &self,
        method: &str,
        who: &str,
        path: &str,
        version: Option<i64>,
        body: &impl Serialize,
    ) -> Option<T> {
        let at = version.map(|version| format!("if-match: \"{version}\"\r\n")).unwrap_or_default();
        let headers = format!("{at}content-type: application/json\r\n");
        let reply = self.callers[who].call(method, path, &headers, &serde_json::to_vec(body).unwrap())?;
        assert!(reply.status < 300, "{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
        serde_json::from_slice(&reply.body).ok()
    }

    /// Writes a voucher that is paid in a way, and takes it to the last authorisation; answers its id.
    pub(super) fn voucher(&self, method: PayMethod) -> Option<i64> {
        let number = self.invoices.fetch_add(1, Ordering::SeqCst);
        let mut input = self.facts.input(DocumentKind::PaymentVoucher, "7.500");
        (input.reference, input.method) = (format!("INV-{number}"), method);
        input.lines[0].account = "2219".to_owned();
        let made: DocumentStep = self.ask("clerk", DOCUMENTS, None, &input)?;
        self.finish(made.id, made.version, 0)?;
        Some(made.id)
    }

    /// Pays a voucher by cheque, and another one in cash.
    pub(super) fn counter(&self) -> Option<()> {
        let (document_id, on) = (self.voucher(PayMethod::Cheque)?, self.facts.today);
        let cheque = ChequeInput { book_id: self.facts.book, document_id, on };
        let issued: Cheque = self.ask("head", "/api/finance/cheques", None, &cheque)?;
        self.done.cheques.lock().unwrap().push(issued.id);
        let cash = CashPaymentInput {
            bank_account_id: self.facts.cash_box,
            document_id: self.voucher(PayMethod::Cash)?,
            on,
            taken_by: "سمير المندوب".to_owned(),
            identity: "9871012345".to_owned(),
            note: String::new(),
        };
        let paid: CashPayment = self.ask("head", "/api/finance/cash", None, &cash)?;
        self.done.cash.lock().unwrap().push(paid.id);
        Some(())
    }

    /// Does the duties of a document that are left after so many.
    pub(super) fn finish(&self, id: i64, mut version: i64, duties: usize) -> Option<()> {
        for (who, way) in
            [("clerk", "submit"), ("staff", "certify"), ("director", "authorise")].into_iter().skip(duties)
        {
            let path = format!("{DOCUMENTS}/{id}/{way}");
            let step: DocumentStep = self.ask(who, &path, Some(version), &DocumentNote::default())?;
            version = step.version;
        }
        self.done.vouchers.lock().unwrap().push(id);
        Some(())
    }

    /// Pays what is to be paid, by one run.
    pub(super) fn pay(&self) -> Option<()> {
        let (bank_account_id, pay_on) = (self.facts.bank, self.facts.today);
        let input = PaymentRunInput { bank_account_id, subject: "دفعة الموردين".to_owned(), pay_on };
        let run: PaymentRun = self.ask("head", RUNS, None, &input)?;
        let path = |step: &str| format!("{RUNS}/{}/{step}", run.id);
        let all = AddPayments { documents: Vec::new(), all: Some(PayableQuery::default()) };
        let mut added: AddedPayments = self.ask("head", &path("items"), None, &all)?;
        while added.run.items == 0 {
            // Nothing was posted since the last run.
            std::thread::sleep(Duration::from_millis(20));
            added = self.ask("head", &path("items"), None, &all)?;
        }
        let approved: PaymentRun = self.ask("director", &path("approve"), Some(added.run.version), &())?;
        let sent: PaymentRun = self.ask("head", &path("send"), Some(approved.version), &())?;
        let execute = ExecutePayments { on: pay_on, items: Vec::new() };
        let paid: PaymentRun = self.ask("head", &path("execute"), None, &execute)?;
        assert_eq!((sent.state, paid.state), (PaymentRunState::Sent, PaymentRunState::Executed));
        self.done.runs.lock().unwrap().push(run.id);
        Some(())
    }

    /// Imports the statement of the bank that comes after so many.
    pub(super) fn import(&self, nth: usize) -> Option<()> {
        let path = format!("/api/finance/bank/accounts/{}/statements?name=s{nth}.sta", self.facts.bank);
        let kind = "content-type: application/octet-stream\r\n";
        let reply = self.callers["head"].call("POST", &path, kind, statement(self.facts.today, nth).as_bytes())?;
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
        self.done.statements.fetch_add(1, Ordering::SeqCst);
        Some(())
    }
}

/// A statement of many deposits of a dinar each, a day after the one before it.
fn statement(today: NaiveDate, nth: usize) -> String {
    let first = today.checked_sub_days(Days::new(3_000)).unwrap();
    let day = first.checked_add_days(Days::new(u64::try_from(nth).unwrap())).unwrap().format("%y%m%d");
    let (number, opening, closing) = (nth + 1, nth * LINES, (nth + 1) * LINES);
    let deposit = |line: usize| format!(":61:{day}C1,000NTRFNONREF\n:86:Deposit {nth}-{line}\n");
    let lines: String = (0..LINES).map(deposit).collect();
    format!(
        ":20:S{number}\n:25:{IBAN}\n:28C:{number}/1\n:60F:C{day}JOD{opening},000\n{lines}:62F:C{day}JOD{closing},000\n-\n"
    )
}
