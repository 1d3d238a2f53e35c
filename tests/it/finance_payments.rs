//! Payments over HTTP: from what is to be paid to what the bank executed, the files it gets, cheques, and who may not.

mod cash;
mod strangers;

use diesel::prelude::*;
use diwan_db::DbError;
use diwan_finance_api::{
    AddPayments, AddedPayments, Cheque, ChequeBook, ChequeBookInput, ChequeInput, ChequeState, ChequeStep,
    DeductionBalance, DocumentInput, DocumentKind, DocumentNote, DocumentStep, ExecutePayments, FinanceDocument,
    FiscalYear, LineInput, NewFiscalYear, PayMethod, PayableDocument, PayableQuery, PaymentItem, PaymentItems,
    PaymentReason, PaymentRun, PaymentRunInput, PaymentRunItem, PaymentRunState, RemittanceInput, ReturnPayments,
};
use diwan_kernel::{Page, Permission};
use diwan_platform_api::records::TimelineEntry;
use diwan_schema::finance::accounts;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Answer, TestApp, encode};
use serde_json::{Value, json};

use crate::{archive::renditions::text_of, finance_desk::reference, finance_lists};

const KEY: &str = "1501-4401-4401001-1-00-2219";
const IBAN: &str = "JO94CBJO0010000000000131000302";
const RUNS: &str = "/api/finance/payments/runs";

/// A ministry with posted vouchers, a treasurer who pays, and a director who approves.
struct Treasury {
    app: TestApp,
    clerk: i64,
    staff: i64,
    director: i64,
    treasurer: i64,
    supplier: i64,
    bank: i64,
}

impl Treasury {
    async fn on(db: TestDb) -> Self {
        let app = TestApp::new(db);
        let of = |name: &str| app.world.mof.users[name];
        let (clerk, staff, director, treasurer) = (of("clerk"), of("staff"), of("director"), of("head"));
        for (user, rights) in [
            (clerk, &[Permission::FinanceRead, Permission::FinanceBudget, Permission::FinancePrepare][..]),
            (staff, &[Permission::FinanceRead, Permission::FinanceCertify]),
            (director, &[Permission::FinanceRead, Permission::FinanceAuthorise, Permission::FinanceStructure]),
            (
                treasurer,
                &[Permission::FinanceRead, Permission::FinancePay, Permission::Export, Permission::FinanceStructure],
            ),
        ] {
            for right in rights {
                app.grant(user, *right);
            }
        }
        app.post(director, "/api/finance/years", &NewFiscalYear { year: 2026 }).await.created::<FiscalYear>();
        let limit =
            json!({ "user_id": director, "amount": "50000", "active_from": "2026-01-01", "reference": "قرار 1" });
        app.post(treasurer, "/api/finance/authority-limits", &limit).await.created::<Value>();
        let party = json!({
            "kind": "supplier", "code": "S1", "name": { "ar": "شركة الأفق & شركاه", "en": "Ufuq" }, "iban": IBAN,
            "active": true
        });
        let party: Value = app.post(director, "/api/finance/parties", &party).await.created();
        let account: i64 = app
            .platform
            .db
            .read_now(|tx| {
                let of = accounts::table.filter(accounts::agency_id.eq(app.world.mof.id));
                Ok::<_, DbError>(of.filter(accounts::code.eq("620201")).select(accounts::id).first(tx.conn())?)
            })
            .unwrap();
        let bank = json!({
            "account_id": account, "code": "T", "name": { "ar": "الخزينة", "en": "Treasury" }, "bic": "CBJOJOAX",
            "number": "131000302", "iban": IBAN, "currency": "JOD", "active": true
        });
        let bank: Value = app.post(director, "/api/finance/bank-accounts", &bank).await.created();
        let (supplier, bank) = (party["id"].as_i64().unwrap(), bank["id"].as_i64().unwrap());
        let treasury = Self { app, clerk, staff, director, treasurer, supplier, bank };
        for kind in [DocumentKind::BudgetLaw, DocumentKind::FinancialOrder, DocumentKind::Release] {
            treasury.posted(&treasury.input(kind, "", "1000")).await;
        }
        treasury
    }

    fn input(&self, kind: DocumentKind, account: &str, amount: &str) -> DocumentInput {
        let shape = kind.shape();
        DocumentInput {
            kind,
            effective_on: "2026-10-20".parse().unwrap(),
            complementary: false,
            subject: "قرطاسية للوزارة".to_owned(),
            currency: "JOD".to_owned(),
            rate: String::new(),
            party_id: shape.party.then_some(self.supplier),
            counter: String::new(),
            source_id: None,
            reference: reference(kind),
            reference_on: shape.invoice.then(|| "2026-10-15".parse().unwrap()),
            method: if shape.pays { PayMethod::Transfer } else { PayMethod::None },
            due_on: None,
            lines: vec![LineInput {
                account: account.to_owned(),
                key: KEY.to_owned(),
                debit: amount.to_owned(),
                ..LineInput::default()
            }],
            slices: Vec::new(),
            details: Default::default(),
        }
    }

    async fn step(&self, user: i64, id: i64, step: &str) -> Answer {
        let seen: FinanceDocument = self.app.get(self.clerk, &format!("/api/finance/documents/{id}")).await.ok();
        let path = format!("/api/finance/documents/{id}/{step}");
        let note = DocumentNote { note: Some("لا بأس".to_owned()), ..DocumentNote::default() };
        self.app.post_at(user, &path, seen.head.version, &note).await
    }

    async fn approved(&self, id: i64) {
        self.step(self.clerk, id, "submit").await.ok::<DocumentStep>();
        self.step(self.staff, id, "certify").await.ok::<DocumentStep>();
        let step: DocumentStep = self.step(self.director, id, "authorise").await.ok();
        assert_eq!(step.state, "posted");
    }

    async fn posted(&self, input: &DocumentInput) -> i64 {
        let made: DocumentStep = self.app.post(self.clerk, "/api/finance/documents", input).await.created();
        self.approved(made.id).await;
        made.id
    }

    async fn voucher(&self, amount: &str) -> i64 {
        self.posted(&self.input(DocumentKind::PaymentVoucher, "2219", amount)).await
    }

    async fn begin(&self) -> PaymentRun {
        let input = PaymentRunInput {
            bank_account_id: self.bank,
            subject: "دفعة الموردين".to_owned(),
            pay_on: "2026-11-02".parse().unwrap(),
        };
        self.app.post(self.treasurer, RUNS, &input).await.created()
    }

    async fn add(&self, run: i64, input: &AddPayments) -> AddedPayments {
        self.app.post(self.treasurer, &format!("{RUNS}/{run}/items"), input).await.ok()
    }

    async fn items(&self, run: i64) -> Vec<PaymentItem> {
        self.app.get(self.treasurer, &format!("{RUNS}/{run}/items")).await.ok::<Page<PaymentItem>>().items
    }
}

#[test]
fn from_what_is_to_be_paid_to_what_the_bank_executed() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let app = &treasury.app;
        let (first, second) = (treasury.voucher("250.500").await, treasury.voucher("100").await);
        let payable: Page<PayableDocument> = app.get(treasury.staff, "/api/finance/payments/payable").await.ok();
        assert_eq!(payable.items.iter().map(|one| one.id).collect::<Vec<_>>(), [first, second]);
        assert!(payable.items[0].payable && payable.items[0].amount == 250_500);
        let word = encode("الأفق");
        let found: Page<PayableDocument> =
            app.get(treasury.staff, &format!("/api/finance/payments/payable?q={word}&min=200000&limit=5")).await.ok();
        assert_eq!(found.items.len(), 1);

        let run = treasury.begin().await;
        assert_eq!(run.actions, ["edit", "void"]);
        let all = AddPayments { documents: Vec::new(), all: Some(PayableQuery::default()) };
        let added = treasury.add(run.id, &all).await;
        assert_eq!((added.added, added.run.amount, added.refused.len()), (2, 350_500, 0));
        assert!(
            app.get(treasury.staff, "/api/finance/payments/payable")
                .await
                .ok::<Page<PayableDocument>>()
                .items
                .is_empty()
        );
        let again = treasury.add(run.id, &AddPayments { documents: vec![first], all: None }).await;
        assert_eq!(again.refused[0].code, "not_payable");

        let path = format!("{RUNS}/{}", run.id);
        let seen: PaymentRun = app.get(treasury.director, &path).await.ok();
        assert_eq!(seen.actions, ["approve"]);
        app.post_at(treasury.director, &format!("{path}/approve"), 1, &()).await.refused(409, "stale");
        app.get(treasury.treasurer, &format!("{path}/file")).await.refused(409, "wrong_state");
        let approved: PaymentRun =
            app.post_at(treasury.director, &format!("{path}/approve"), seen.version, &()).await.ok();
        assert_eq!((approved.state, approved.number.as_deref()), (PaymentRunState::Approved, Some("د ص/2026/1")));
        let code = approved.verify_code.clone().unwrap();
        app.get(treasury.clerk, &format!("/api/verify/{code}")).await.ok::<Value>();

        let sent: PaymentRun =
            app.post_at(treasury.treasurer, &format!("{path}/send"), approved.version, &()).await.ok();
        let file = app.get(treasury.treasurer, &format!("{path}/file")).await;
        let kept = app.platform.blobs.bytes(sent.file_hash.as_deref().unwrap()).await.unwrap();
        assert_eq!(kept, file.body, "kept by its hash");
        let text = file.text();
        assert!(text.contains("<CtrlSum>350.500</CtrlSum>") && text.contains("شركة الأفق &amp; شركاه"), "{text}");
        let later = app.get(treasury.treasurer, &format!("{path}/file?format=pain")).await;
        assert_eq!(later.body, file.body, "always the same bytes");
        let table = app.get(treasury.treasurer, &format!("{path}/file?format=csv")).await.text();
        assert!(table.contains(IBAN) && table.contains("250.500"), "{table}");

        let items = treasury.items(run.id).await;
        let today = "2026-11-01".parse().unwrap();
        let part = ExecutePayments { on: today, items: vec![items[0].id] };
        let executed: PaymentRun = app.post(treasury.treasurer, &format!("{path}/execute"), &part).await.ok();
        assert_eq!((executed.state, executed.standing.len()), (PaymentRunState::Sent, 2));
        let rest = ReturnPayments { on: today, items: vec![items[1].id], reason: "حساب مغلق".to_owned() };
        let done: PaymentRun = app.post(treasury.treasurer, &format!("{path}/reject"), &rest).await.ok();
        assert_eq!(done.state, PaymentRunState::Executed);
        let back = ReturnPayments {
            on: today, items: vec![items[0].id], reason: "لا حساب بهذا الرقم".to_owned()
        };
        app.post(treasury.treasurer, &format!("{path}/return"), &back).await.ok::<PaymentRun>();
        let open: Page<PayableDocument> = app.get(treasury.staff, "/api/finance/payments/payable").await.ok();
        assert_eq!(open.items.len(), 2, "both are to be paid again");

        let list: Page<PaymentRunItem> =
            app.get(treasury.staff, &format!("{RUNS}?q={}&state=executed", encode("الموردين"))).await.ok();
        assert_eq!((list.items.len(), list.items[0].failed), (1, 2));
        assert_eq!(&app.get(treasury.staff, &format!("{path}/print")).await.body[..5], b"%PDF-");
        let english = text_of(&app.get(treasury.staff, &format!("{path}/print?lang=en")).await.body);
        assert!(english.contains("Payment run") && english.contains("Prepared by"), "{english}");
        for path in [
            format!("{path}/items/export?lang=en"),
            format!("{RUNS}/export"),
            "/api/finance/payments/payable/export".to_owned(),
            "/api/finance/payments/deductions/export?year=2026".to_owned(),
            "/api/finance/cheques/export".to_owned(),
        ] {
            assert_eq!(&app.get(treasury.treasurer, &path).await.body[..2], b"PK", "{path}");
        }
        let trail: Vec<TimelineEntry> =
            app.get(treasury.clerk, &format!("/api/records/{}/timeline", run.id)).await.ok();
        assert!(trail.len() >= 6, "{trail:?}");
    });
}

#[test]
fn a_draft_is_changed_and_given_up() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let app = &treasury.app;
        let voucher = treasury.voucher("100").await;
        let run = treasury.begin().await;
        let path = format!("{RUNS}/{}", run.id);
        let changed = PaymentRunInput {
            bank_account_id: treasury.bank,
            subject: "دفعة أخرى".to_owned(),
            pay_on: "2026-11-05".parse().unwrap(),
        };
        let changed: PaymentRun = app.put_at(treasury.treasurer, &path, run.version, &changed).await.ok();
        assert_eq!(changed.subject, "دفعة أخرى");
        treasury.add(run.id, &AddPayments { documents: vec![voucher], all: None }).await;
        let item = treasury.items(run.id).await[0].id;
        let removed = PaymentItems { items: vec![item] };
        let left: PaymentRun = app.post(treasury.treasurer, &format!("{path}/items/remove"), &removed).await.ok();
        assert_eq!((left.items, left.amount), (0, 0));
        let none = PaymentReason::default();
        let wrong = app.post_at(treasury.treasurer, &format!("{path}/void"), left.version, &none).await;
        assert_eq!(wrong.wrong_fields(), [("reason".to_owned(), "required".to_owned())]);
        let reason = PaymentReason { reason: "أُعدّت مرتين".to_owned() };
        let void: PaymentRun =
            app.post_at(treasury.treasurer, &format!("{path}/void"), left.version, &reason).await.ok();
        assert_eq!((void.state, void.reason.as_str()), (PaymentRunState::Void, "أُعدّت مرتين"));
        assert!(void.actions.is_empty());
    });
}

#[test]
fn cheques_are_issued_followed_and_cancelled() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let app = &treasury.app;
        let mut input = treasury.input(DocumentKind::PaymentVoucher, "2219", "75");
        input.method = PayMethod::Cheque;
        let voucher = treasury.posted(&input).await;
        let payable: Page<PayableDocument> =
            app.get(treasury.staff, "/api/finance/payments/payable?method=cheque").await.ok();
        assert_eq!(payable.items[0].id, voucher);
        let book = ChequeBookInput { bank_account_id: treasury.bank, series: "00".to_owned(), first: 41, last: 50 };
        let book: ChequeBook = app.post(treasury.treasurer, "/api/finance/cheques/books", &book).await.created();
        assert_eq!((book.next, book.left), (Some(41), 10));
        let issue = ChequeInput { book_id: book.id, document_id: voucher, on: "2026-11-01".parse().unwrap() };
        let cheque: Cheque = app.post(treasury.treasurer, "/api/finance/cheques", &issue).await.created();
        assert_eq!((cheque.number.as_str(), cheque.actions.len()), ("0041", 3));
        let path = format!("/api/finance/cheques/{}", cheque.id);
        let step = |note: &str| ChequeStep { on: "2026-11-01".parse().unwrap(), note: note.to_owned() };
        app.post(treasury.treasurer, &format!("{path}/hand-over"), &step("مندوب")).await.ok::<Cheque>();
        let cleared: Cheque = app.post(treasury.treasurer, &format!("{path}/clear"), &step("")).await.ok();
        assert_eq!((cleared.state, cleared.actions), (ChequeState::Cleared, vec!["unclear".to_owned()]));
        let silent = app.post(treasury.treasurer, &format!("{path}/unclear"), &step("")).await;
        assert_eq!(silent.wrong_fields(), [("note".to_owned(), "required".to_owned())]);
        let back: Cheque = app.post(treasury.treasurer, &format!("{path}/unclear"), &step("سُجّل خطأً")).await.ok();
        assert_eq!((back.state, back.ended_on), (ChequeState::HandedOver, None));
        let trail: Vec<TimelineEntry> = app.get(treasury.clerk, &format!("/api/records/{voucher}/timeline")).await.ok();
        let told = trail.iter().find(|one| one.op == "finance.cheque.unclear").unwrap();
        assert_eq!((&told.detail["state"], &told.detail["note"]), (&json!("handed_over"), &json!("سُجّل خطأً")));
        app.post(treasury.treasurer, &format!("{path}/cancel"), &step("فُقد")).await.ok::<Cheque>();
        app.post(treasury.treasurer, &format!("{path}/clear"), &step("")).await.refused(409, "wrong_state");
        let again: Cheque = app.post(treasury.treasurer, "/api/finance/cheques", &issue).await.created();
        app.post(treasury.treasurer, &format!("/api/finance/cheques/{}/stale", again.id), &step("متقادم"))
            .await
            .ok::<Cheque>();
        let reason = PaymentReason { reason: "تمزق".to_owned() };
        let at = format!("/api/finance/cheques/books/{}", book.id);
        let spoilt: Cheque = app.post(treasury.treasurer, &format!("{at}/spoil"), &reason).await.created();
        assert_eq!((spoilt.number.as_str(), spoilt.state), ("0043", ChequeState::Spoilt));
        let closed: ChequeBook = app.post(treasury.treasurer, &format!("{at}/close"), &reason).await.ok();
        assert_eq!((closed.next, closed.closed.as_deref()), (None, Some("تمزق")));
        finance_lists::books(app, (treasury.staff, treasury.treasurer), treasury.bank, book.id).await;
        let list: Page<Cheque> =
            app.get(treasury.staff, &format!("/api/finance/cheques?q={}&sort=oldest", encode("الأفق"))).await.ok();
        assert_eq!(
            list.items.iter().map(|one| one.state).collect::<Vec<_>>(),
            [ChequeState::Cancelled, ChequeState::Stale]
        );
        let one: Cheque = app.get(treasury.staff, &path).await.ok();
        assert!(one.actions.is_empty() && one.reason == "فُقد");
    });
}

#[test]
fn what_was_kept_back_is_remitted_by_a_voucher() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let app = &treasury.app;
        let mut input = treasury.input(DocumentKind::PaymentVoucher, "2219", "100");
        input.lines.push(LineInput { account: "630811".to_owned(), credit: "5".to_owned(), ..LineInput::default() });
        treasury.posted(&input).await;
        let balances = "/api/finance/payments/deductions";
        let rows: Vec<DeductionBalance> =
            app.get(treasury.staff, &format!("{balances}?year=2026&open=true")).await.ok();
        assert_eq!((rows.len(), rows[0].open), (1, 5_000));
        let remit = RemittanceInput {
            account_id: rows[0].account.id,
            deducted_from_id: None,
            month: rows[0].month,
            party_id: treasury.supplier,
            method: PayMethod::Transfer,
            on: None,
        };
        let path = format!("{balances}/remit");
        app.post(treasury.treasurer, &path, &remit).await.refused(403, "forbidden");
        let draft: DocumentStep = app.post(treasury.clerk, &path, &remit).await.created();
        app.post(treasury.clerk, &path, &remit).await.refused(409, "nothing_to_remit");
        treasury.approved(draft.id).await;
        let rows: Vec<DeductionBalance> = app.get(treasury.staff, balances).await.ok();
        assert_eq!((rows[0].remitted, rows[0].open, rows[0].remittances[0].id), (5_000, 0, draft.id));
    });
}
