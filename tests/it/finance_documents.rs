//! Documents of finance over HTTP: from the draft to the printed voucher, and who may not.

use actix_web::test::TestRequest;
use diwan_finance_api::{
    DOCUMENT_LINES_MAX, DocumentInput, DocumentItem, DocumentKind, DocumentNote, DocumentStep, FinanceDocument,
    FiscalYear, LineInput, NewFiscalYear, PayMethod,
};
use diwan_kernel::{Page, Permission};
use diwan_platform_api::records::{TimelineEntry, WorkItem};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, encode};
use serde_json::{Value, json};

const KEY: &str = "1501-4401-4401001-1-00-2219";

/// A ministry whose accountant prepares, whose controller certifies and whose director authorises.
struct Office {
    app: TestApp,
    clerk: i64,
    staff: i64,
    director: i64,
    supplier: i64,
}

impl Office {
    async fn on(db: TestDb) -> Self {
        let app = TestApp::new(db);
        let of = |name: &str| app.world.mof.users[name];
        let (clerk, staff, director) = (of("clerk"), of("staff"), of("director"));
        for (user, rights) in [
            (clerk, &[Permission::FinanceRead, Permission::FinanceBudget, Permission::FinancePrepare][..]),
            (staff, &[Permission::FinanceRead, Permission::FinanceCertify]),
            (director, &[Permission::FinanceRead, Permission::FinanceAuthorise, Permission::FinanceStructure]),
        ] {
            for right in rights {
                app.grant(user, *right);
            }
        }
        // Nobody sets their own limit.
        let head = of("head");
        app.grant(head, Permission::FinanceStructure);
        app.post(director, "/api/finance/years", &NewFiscalYear { year: 2026 }).await.created::<FiscalYear>();
        let limit =
            json!({ "user_id": director, "amount": "50000", "active_from": "2026-01-01", "reference": "قرار 1" });
        app.post(head, "/api/finance/authority-limits", &limit).await.created::<Value>();
        let party =
            json!({ "kind": "supplier", "code": "S1", "name": { "ar": "شركة الأفق", "en": "Ufuq" }, "active": true });
        let party: Value = app.post(director, "/api/finance/parties", &party).await.created();
        let supplier = party["id"].as_i64().unwrap();
        Self { app, clerk, staff, director, supplier }
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
            reference: if shape.reference { "13/2025".to_owned() } else { String::new() },
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

    async fn step(&self, user: i64, id: i64, step: &str) -> diwan_tests::Answer {
        let version = self.view(id).await.head.version;
        let path = format!("/api/finance/documents/{id}/{step}");
        let note = DocumentNote { note: Some("لا بأس".to_owned()), ..DocumentNote::default() };
        self.app.post_at(user, &path, version, &note).await
    }

    async fn view(&self, id: i64) -> FinanceDocument {
        self.app.get(self.clerk, &format!("/api/finance/documents/{id}")).await.ok()
    }

    async fn posted(&self, input: &DocumentInput) -> i64 {
        let made: DocumentStep = self.app.post(self.clerk, "/api/finance/documents", input).await.created();
        self.step(self.clerk, made.id, "submit").await.ok::<DocumentStep>();
        self.step(self.staff, made.id, "certify").await.ok::<DocumentStep>();
        let step: DocumentStep = self.step(self.director, made.id, "authorise").await.ok();
        assert_eq!(step.state, "posted");
        made.id
    }
}

#[test]
fn a_voucher_of_ten_thousand_lines_goes_through_and_one_more_is_refused() {
    both_async(async |db: TestDb| {
        let office = Office::on(db).await;
        office.posted(&office.input(DocumentKind::BudgetLaw, "", "20000")).await;
        office.posted(&office.input(DocumentKind::FinancialOrder, "", "20000")).await;
        let mut input = office.input(DocumentKind::PaymentVoucher, "2219", "1.250");
        input.reference = "INV-10000".to_owned();
        let line = |at: usize| LineInput {
            note: format!("توريد قرطاسية ولوازم مكتبية للمديرية حسب كشف التسليم، السطر {at}"),
            ..input.lines[0].clone()
        };
        let lines: Vec<LineInput> = (1..=DOCUMENT_LINES_MAX + 1).map(line).collect();
        input.lines = lines;
        let told = office.app.post(office.clerk, "/api/finance/documents", &input).await.wrong_fields();
        assert_eq!(told, [("lines".to_owned(), "too_many".to_owned())]);
        input.lines.truncate(DOCUMENT_LINES_MAX);
        let seen = office.view(office.posted(&input).await).await;
        assert_eq!((seen.lines.len(), seen.amount), (10_000, 12_500_000));
    });
}

#[test]
fn a_voucher_is_prepared_certified_authorised_listed_found_and_printed() {
    both_async(async |db: TestDb| {
        let office = Office::on(db).await;
        office.posted(&office.input(DocumentKind::BudgetLaw, "", "1000")).await;
        office.posted(&office.input(DocumentKind::FinancialOrder, "", "800")).await;
        let mut input = office.input(DocumentKind::PaymentVoucher, "2219", "٢٥٠٫٥٠٠");
        input.reference = "INV-9".to_owned();
        let made: DocumentStep = office.app.post(office.clerk, "/api/finance/documents", &input).await.created();
        assert_eq!((made.state.as_str(), made.number.as_deref()), ("draft", None));
        let draft = office.view(made.id).await;
        assert_eq!(draft.actions, ["edit", "submit", "void"]);
        input.subject = "قرطاسية ومطبوعات".to_owned();
        let path = format!("/api/finance/documents/{}", made.id);
        office.app.put_at(office.clerk, &path, 7, &input).await.refused(409, "stale");
        let changed: DocumentStep = office.app.put_at(office.clerk, &path, 1, &input).await.ok();
        assert_eq!(changed.version, 2);
        office.step(office.clerk, made.id, "submit").await.ok::<DocumentStep>();
        // It waits in the controller's work.
        let work: Page<WorkItem> = office.app.get(office.staff, "/api/work").await.ok();
        assert!(work.items.iter().any(|item| item.record.id == made.id));
        office.step(office.clerk, made.id, "certify").await.refused(409, "not_your_task");
        office.step(office.staff, made.id, "certify").await.ok::<DocumentStep>();
        let step: DocumentStep = office.step(office.director, made.id, "authorise").await.ok();
        assert_eq!(step.number.as_deref(), Some("ص/2026/1"));
        let seen = office.view(made.id).await;
        assert_eq!((seen.to_pay, seen.moves.len(), seen.approvals.len()), (250_500, 1, 3));

        let list: Page<DocumentItem> = office.app.get(office.clerk, "/api/finance/documents?view=open").await.ok();
        assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [made.id]);
        for query in [
            "q=inv-9",
            "kind=payment_voucher",
            &format!("q={}", encode("مطبوعات")),
            "from=2026-10-20&to=2026-10-20&view=posted&limit=1",
        ] {
            let list: Page<DocumentItem> =
                office.app.get(office.clerk, &format!("/api/finance/documents?{query}")).await.ok();
            assert_eq!(list.items[0].id, made.id, "{query}");
        }
        let oldest: Page<DocumentItem> =
            office.app.get(office.clerk, "/api/finance/documents?sort=oldest&limit=2").await.ok();
        assert_eq!(oldest.items[0].kind, DocumentKind::BudgetLaw);
        let next = format!("/api/finance/documents?sort=oldest&limit=2&after={}", oldest.next.unwrap());
        assert_eq!(office.app.get(office.clerk, &next).await.ok::<Page<DocumentItem>>().items[0].id, made.id);

        for lang in ["ar", "en"] {
            let pdf = office.app.get(office.clerk, &format!("{path}/pdf?lang={lang}")).await;
            assert_eq!(&pdf.body[..5], b"%PDF-");
        }
        let sheet = office.app.get(office.clerk, "/api/finance/documents/export?lang=en").await;
        assert_eq!(&sheet.body[..2], b"PK");
        let trail: Vec<TimelineEntry> =
            office.app.get(office.clerk, &format!("/api/records/{}/timeline", made.id)).await.ok();
        assert!(trail.len() >= 5);
        // What is posted is checked by anybody who has the printed code.
        let code = seen.verify_code.unwrap();
        office.app.get(office.clerk, &format!("/api/verify/{code}")).await.ok::<Value>();
    });
}

#[test]
fn a_draft_that_is_sent_again_is_written_once() {
    both_async(async |db: TestDb| {
        let office = Office::on(db).await;
        let send = async |amount: &str| {
            let request = TestRequest::post().uri("/api/finance/documents").insert_header(("idempotency-key", "d1"));
            office.app.send(office.clerk, request.set_json(office.input(DocumentKind::BudgetLaw, "", amount))).await
        };
        let first: DocumentStep = send("1000").await.created();
        assert_eq!(send("1000").await.created::<DocumentStep>().id, first.id);
        send("1001").await.refused(409, "idempotency_mismatch");
        let list: Page<DocumentItem> = office.app.get(office.clerk, "/api/finance/documents").await.ok();
        assert_eq!(list.items.len(), 1);
    });
}

#[test]
fn strangers_and_people_without_rights_get_no_further() {
    both_async(async |db: TestDb| {
        let office = Office::on(db).await;
        let law = office.input(DocumentKind::BudgetLaw, "", "1000");
        office.app.post(office.staff, "/api/finance/documents", &law).await.refused(403, "forbidden");
        let other = office.app.world.mof.users["other_head"];
        office.app.get(other, "/api/finance/documents").await.refused(403, "forbidden");
        office.app.get(office.staff, "/api/finance/documents/export").await.refused(403, "forbidden");
        let id = office.posted(&law).await;
        let stranger = office.app.world.moh.users["director"];
        for right in [
            Permission::FinanceRead,
            Permission::FinancePrepare,
            Permission::FinanceBudget,
            Permission::FinanceAuthorise,
        ] {
            office.app.grant(stranger, right);
        }
        let path = format!("/api/finance/documents/{id}");
        office.app.get(stranger, &path).await.refused(404, "not_found");
        office.app.put_at(stranger, &path, 3, &law).await.refused(404, "not_found");
        for step in ["submit", "withdraw", "certify", "authorise", "return", "void", "reverse", "close"] {
            let note = DocumentNote { note: Some("x".to_owned()), ..DocumentNote::default() };
            office.app.post_at(stranger, &format!("{path}/{step}"), 3, &note).await.refused(404, "not_found");
        }
        office.app.get(stranger, &format!("{path}/pdf")).await.refused(404, "not_found");
        assert!(office.app.get(stranger, "/api/finance/documents").await.ok::<Page<DocumentItem>>().items.is_empty());
        // A commitment that is closed gives the rest back; a law is neither closed nor reversed.
        office.step(office.clerk, id, "close").await.refused(409, "wrong_state");
        office.step(office.clerk, id, "reverse").await.refused(409, "wrong_state");
        let unread = office.input(DocumentKind::Commitment, "", "x");
        let wrong = office.app.post(office.clerk, "/api/finance/documents", &unread).await;
        assert_eq!(wrong.wrong_fields(), [("lines.0.debit".to_owned(), "amount_form".to_owned())]);
    });
}

#[test]
fn a_document_of_the_complementary_period_has_the_last_day_of_the_year() {
    both_async(async |db: TestDb| {
        let office = Office::on(db).await;
        office.posted(&office.input(DocumentKind::BudgetLaw, "", "1000")).await;
        let mut input = office.input(DocumentKind::PaymentVoucher, "2219", "10");
        input.complementary = true;
        let wrong = office.app.post(office.clerk, "/api/finance/documents", &input).await.wrong_fields();
        assert_eq!(wrong, [("effective_on".to_owned(), "last_day_of_year".to_owned())]);
        input.effective_on = "2026-12-31".parse().unwrap();
        let made: DocumentStep = office.app.post(office.clerk, "/api/finance/documents", &input).await.created();
        let seen = office.view(made.id).await;
        assert!(seen.complementary && seen.form().complementary);
        input.complementary = false;
        let path = format!("/api/finance/documents/{}", made.id);
        office.app.put_at(office.clerk, &path, made.version, &input).await.ok::<DocumentStep>();
        assert!(!office.view(made.id).await.complementary);
    });
}
