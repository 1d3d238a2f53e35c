//! The finance office of a ministry, as the story needs it: three people who prepare, certify and authorise, parties to be
//! paid, an account at the bank. Papers go through the operations themselves; what is read comes over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Months, NaiveDate};
use diesel::prelude::*;
use diwan_db::WriteTx;
use diwan_finance::documents;
use diwan_finance_api::{
    Account, AddPayments, AddedPayments, BankAccountInput, DocumentInput, DocumentKind, DocumentNote, ExecutePayments,
    FiscalYear, LimitInput, LineInput, NewFiscalYear, PartRow, PartyInput, PartyKind, PayMethod, PayableQuery,
    PaymentRun, PaymentRunInput, PaymentRunState, RateInput, Report,
};
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::platform::records;
use diwan_testkit::TestDb;
use diwan_tests::TestApp;

use super::{
    keys::key_code,
    model::{Paper, Row, pays},
};

/// The year of the story.
pub(super) const YEAR: i32 = 2026;
/// Parties.
pub(super) const PARTIES: usize = 10;
/// The next invoice of a supplier.
static INVOICES: AtomicUsize = AtomicUsize::new(1);
/// Fils for a dollar.
pub(super) const DOLLAR: i64 = 709;

/// A day of the story.
pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR, month, day).unwrap()
}

pub(super) struct Office {
    pub(super) app: TestApp,
    clerk: Actor,
    staff: Actor,
    director: Actor,
    /// Who pays.
    treasurer: i64,
    /// Who closes.
    pub(super) closer: i64,
    parties: Vec<i64>,
    /// The accounts at the bank: of the treasury, and of deposits.
    banks: [i64; 2],
    /// The record of each paper, in the order of the model.
    pub(super) records: Vec<i64>,
}

impl Office {
    pub(super) async fn on(db: TestDb) -> Self {
        let app = TestApp::new(db);
        app.db.clock().set(day(1, 4).and_hms_opt(6, 0, 0).unwrap());
        let of = |name: &str| app.world.mof.users[name];
        use Permission as P;
        for (user, rights) in [
            ("clerk", &[P::FinanceRead, P::FinanceBudget, P::FinancePrepare][..]),
            ("staff", &[P::FinanceRead, P::FinanceCertify]),
            ("director", &[P::FinanceRead, P::FinanceAuthorise, P::FinanceStructure]),
            ("head", &[P::FinanceRead, P::FinanceStructure]),
            ("other_head", &[P::FinanceRead, P::FinancePay]),
            ("registry_head", &[P::FinanceRead, P::FinanceClose]),
        ] {
            rights.iter().for_each(|right| app.grant(of(user), *right));
        }
        let actor = |name: &str| app.world.mof.actor(&app.platform.db, name);
        let (clerk, staff, director) = (actor("clerk"), actor("staff"), actor("director"));
        let (treasurer, closer) = (of("other_head"), of("registry_head"));
        let mut office = Self {
            app,
            clerk,
            staff,
            director,
            treasurer,
            closer,
            parties: Vec::new(),
            banks: [0; 2],
            records: Vec::new(),
        };
        office.set_up().await;
        office
    }

    async fn set_up(&mut self) {
        let (director, head) = (self.director.user_id, self.app.world.mof.users["head"]);
        let app = &self.app;
        app.post(director, "/api/finance/years", &NewFiscalYear { year: YEAR }).await.created::<FiscalYear>();
        let limit = LimitInput {
            user_id: director,
            kind: None,
            amount: "100000000".to_owned(),
            active_from: day(1, 1),
            active_to: None,
            reference: "كتاب تفويض الصلاحيات".to_owned(),
        };
        app.post(head, "/api/finance/authority-limits", &limit).await.created::<PartRow<LimitInput>>();
        let rate = RateInput { currency: "USD".to_owned(), day: day(1, 1), rate: "0.709".to_owned() };
        app.post(director, "/api/finance/rates", &rate).await.created::<PartRow<RateInput>>();
        for at in 0..PARTIES {
            let party = PartyInput {
                kind: PartyKind::Supplier,
                code: format!("S{at}"),
                name: Named { ar: format!("شركة التوريدات {at}"), en: format!("Supplies {at}") },
                tax_number: String::new(),
                national_number: String::new(),
                iban: iban(at),
                user_id: None,
                advance_limit: String::new(),
                active: true,
            };
            let made: PartRow<PartyInput> = app.post(director, "/api/finance/parties", &party).await.created();
            self.parties.push(made.id);
        }
        let chart: Vec<Account> = app.get(director, "/api/finance/accounts").await.ok();
        for (own, (code, number)) in self.banks.iter_mut().zip([("620201", 1001), ("620204", 1002)]) {
            let account = chart.iter().find(|account| account.code == code).unwrap();
            let bank = BankAccountInput {
                account_id: account.id,
                code: format!("B{number}"),
                name: account.name.clone(),
                bic: "CBJOJOAX".to_owned(),
                number: number.to_string(),
                iban: iban(number),
                currency: "JOD".to_owned(),
                cash: false,
                active: true,
            };
            let made: PartRow<BankAccountInput> =
                app.post(director, "/api/finance/bank-accounts", &bank).await.created();
            *own = made.id;
        }
    }

    /// Goes to the last day of a month.
    pub(super) fn at_end_of(&self, month: u32) -> NaiveDate {
        let last = day(month, 1).checked_add_months(Months::new(1)).unwrap().pred_opt().unwrap();
        self.app.db.clock().set(last.and_hms_opt(8, 0, 0).unwrap());
        last
    }

    /// A step of one person.
    fn act<T>(&self, actor: &Actor, run: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T>) -> Outcome<T> {
        self.app.platform.db.write_now(actor.who(), "story.finance.step", run)
    }

    /// Prepares, certifies and authorises papers, many at a time; their records follow those there are.
    pub(super) fn post(&mut self, papers: &[Paper]) {
        let ids = self.prepare(papers).unwrap();
        self.act(&self.director, |tx| ids.iter().try_for_each(|id| self.authorise(tx, *id))).unwrap();
        self.records.extend(ids);
    }

    fn authorise(&self, tx: &mut WriteTx<'_>, id: i64) -> Outcome<()> {
        let of = (id, version(tx, id)?);
        documents::authorise(tx, &self.director, &self.app.platform.secrets, of, &DocumentNote::default())
    }

    fn prepare(&self, papers: &[Paper]) -> Outcome<Vec<i64>> {
        let ids = self.act(&self.clerk, |tx| {
            papers
                .iter()
                .map(|paper| {
                    let id = match paper.reverses {
                        Some(original) => self.reversal(tx, paper, self.records[original])?,
                        None => documents::create(tx, &self.clerk, &self.input(paper))?,
                    };
                    documents::submit(tx, &self.clerk, id, 1)?;
                    Ok(id)
                })
                .collect::<Outcome<Vec<i64>>>()
        })?;
        let certify = |tx: &mut WriteTx<'_>, id: &i64| {
            let version = version(tx, *id)?;
            documents::certify(tx, &self.staff, *id, version, &DocumentNote::default())
        };
        self.act(&self.staff, |tx| ids.iter().try_for_each(|id| certify(tx, id)))?;
        Ok(ids)
    }

    fn reversal(&self, tx: &mut WriteTx<'_>, paper: &Paper, original: i64) -> Outcome<i64> {
        let reason = Some("خطأ في الإدخال".to_owned());
        let note = DocumentNote { note: reason, on: Some(paper.day), ..DocumentNote::default() };
        let version = version(tx, original)?;
        documents::reverse(tx, &self.clerk, original, version, &note)
    }

    /// Gives back what is left of a commitment.
    pub(super) fn close_commitment(&self, place: usize) {
        let id = self.records[place];
        let note = DocumentNote { note: Some("انتهى العقد".to_owned()), ..DocumentNote::default() };
        self.act(&self.clerk, |tx| {
            let version = version(tx, id)?;
            documents::close(tx, &self.clerk, id, version, &note)
        })
        .unwrap();
    }

    /// Tries to post a paper that must be refused by this rule; it is returned and given up.
    pub(super) fn refused(&self, paper: &Paper, rule: &str) {
        let id = self.prepare(std::slice::from_ref(paper)).unwrap()[0];
        match self.act(&self.director, |tx| self.authorise(tx, id)) {
            Err(Refusal::Rule { code, .. }) => assert_eq!(code, rule),
            other => panic!("{rule} was expected: {other:?}"),
        }
        let note = DocumentNote { note: Some("لا يصح".to_owned()), ..DocumentNote::default() };
        self.act(&self.director, |tx| {
            let version = version(tx, id)?;
            documents::send_back(tx, &self.director, id, version, &note)
        })
        .unwrap();
        self.act(&self.clerk, |tx| {
            let version = version(tx, id)?;
            documents::void(tx, &self.clerk, id, version, &note)
        })
        .unwrap();
    }

    fn input(&self, paper: &Paper) -> DocumentInput {
        let amount = |fils: i64| match (fils, paper.dollars) {
            (0, _) => String::new(),
            (fils, true) => (fils / DOLLAR).to_string(),
            (fils, false) => format!("{}.{:03}", fils / 1_000, fils % 1_000),
        };
        let line = |row: &Row| LineInput {
            account: row.account.to_owned(),
            key: row.key.map(key_code).unwrap_or_default(),
            debit: amount(row.debit),
            credit: amount(row.credit),
            ..LineInput::default()
        };
        let names =
            matches!(paper.kind, DocumentKind::BudgetLaw | DocumentKind::Supplementary | DocumentKind::BankNotice);
        DocumentInput {
            kind: paper.kind,
            effective_on: paper.day,
            complementary: false,
            subject: format!("{} {}", paper.kind.code(), paper.day),
            currency: if paper.dollars { "USD" } else { "JOD" }.to_owned(),
            rate: String::new(),
            party_id: paper.party.map(|at| self.parties[at]),
            counter: String::new(),
            source_id: paper.source.map(|place| self.records[place]),
            reference: match paper.kind {
                DocumentKind::PaymentVoucher => format!("INV-{}", INVOICES.fetch_add(1, Ordering::Relaxed)),
                _ if names => format!("{YEAR}/1"),
                _ => String::new(),
            },
            reference_on: (paper.kind == DocumentKind::PaymentVoucher).then_some(paper.day),
            method: if pays(paper.kind) { PayMethod::Transfer } else { PayMethod::None },
            due_on: None,
            lines: paper.rows.iter().map(line).collect(),
            slices: Vec::new(),
            details: Default::default(),
        }
    }

    /// Pays by transfer all that is due up to an amount, refunds of deposits or all else: prepared by one, approved by another,
    /// executed by the bank.
    pub(super) async fn pay(&self, on: NaiveDate, trust: bool, most: i64) -> PaymentRun {
        let (app, treasurer) = (&self.app, self.treasurer);
        let bank_account_id = self.banks[usize::from(trust)];
        let input = PaymentRunInput { bank_account_id, subject: "دفعة الشهر".to_owned(), pay_on: on };
        let run: PaymentRun = app.post(treasurer, "/api/finance/payments/runs", &input).await.created();
        let path = |step: &str| format!("/api/finance/payments/runs/{}/{step}", run.id);
        let due = PayableQuery { currency: Some("JOD".to_owned()), max: Some(most), ..PayableQuery::default() };
        let all = AddPayments { documents: Vec::new(), all: Some(due) };
        let added: AddedPayments = app.post(treasurer, &path("items"), &all).await.ok();
        // What is owed of deposits waits for their own account, and all else for the treasury's.
        assert!(added.refused.iter().all(|one| one.code == "trust_apart"), "{:?}", added.refused);
        let approved = app.post_at(self.director.user_id, &path("approve"), added.run.version, &()).await;
        let approved: PaymentRun = approved.ok();
        let sent: PaymentRun = app.post_at(treasurer, &path("send"), approved.version, &()).await.ok();
        assert_eq!(sent.state, PaymentRunState::Sent);
        let whole = ExecutePayments { on, items: Vec::new() };
        let executed: PaymentRun = app.post(treasurer, &path("execute"), &whole).await.ok();
        assert_eq!(executed.state, PaymentRunState::Executed);
        executed
    }

    /// The year of the story.
    pub(super) async fn year(&self) -> FiscalYear {
        let years: Vec<FiscalYear> = self.app.get(self.closer, "/api/finance/years").await.ok();
        years.into_iter().find(|one| one.year == YEAR).unwrap()
    }

    /// A report as its reader gets it.
    pub(super) async fn report(&self, path: &str) -> Report {
        self.app.get(self.clerk.user_id, &format!("/api/finance/{path}")).await.ok()
    }

    /// Who authorises.
    pub(super) fn authoriser(&self) -> i64 {
        self.director.user_id
    }
}

fn version(tx: &mut WriteTx<'_>, id: i64) -> Outcome<i64> {
    Ok(records::table.find(id).select(records::version).first(tx.conn())?)
}

/// A Jordanian IBAN with its check digits (ISO 13616: the remainder by 97 is 1).
fn iban(number: usize) -> String {
    let account = format!("CBJO0010{number:018}");
    let digits = |text: &str| text.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect::<String>();
    let remainder =
        digits(&format!("{account}JO00")).bytes().fold(0, |left, digit| (left * 10 + u32::from(digit - b'0')) % 97);
    format!("JO{:02}{account}", 98 - remainder)
}
