//! Requests that draft a document and are sent again because no answer came: one document, and the same answer.

use actix_web::test::TestRequest;
use diwan_finance_api::{
    DeductionBalance, DocumentKind, DocumentStep, PartRow, PayMethod, ProvisionalRuleInput, RemittanceInput,
    SliceInput, VoucherTemplate, VoucherTemplateInput,
};
use diwan_testkit::{TestDb, both_async};
use serde_json::{Value, json};

use crate::finance_desk::{Desk, GOODS, day};

/// Sends a request of the clerk twice under one key, and then another one under it; answers the document that was drafted.
async fn drafted_once(desk: &Desk, (path, version): (&str, i64), [asked, other]: [Value; 2]) -> i64 {
    let before = desk.count("finance_documents");
    let send = async |body: &Value| {
        let request = TestRequest::post().uri(path).insert_header(("idempotency-key", path));
        let request = request.insert_header(("if-match", format!("\"{version}\"")));
        desk.app.send(desk.clerk.user_id, request.set_json(body)).await
    };
    let first: DocumentStep = send(&asked).await.created();
    assert_eq!(send(&asked).await.created::<DocumentStep>().id, first.id, "{path}");
    send(&other).await.refused(409, "idempotency_mismatch");
    assert_eq!(desk.count("finance_documents"), before + 1, "{path}");
    first.id
}

#[test]
fn a_template_is_drafted_from_once() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let voucher = desk.input(DocumentKind::PaymentVoucher, "2026-10-20", &[["2219", GOODS, "150", ""]]);
        desk.allot("2026-10-01", &[(GOODS, "1000")]);
        let document_id = Some(desk.draft(&voucher));
        let input = VoucherTemplateInput { name: "إيجار".to_owned(), document_id, schedule: None };
        let template: VoucherTemplate =
            desk.app.post(desk.clerk.user_id, "/api/finance/templates", &input).await.created();
        let path = format!("/api/finance/templates/{}/draft", template.id);
        let on = |day: &str| json!({ "on": day });
        drafted_once(&desk, (&path, 1), [on("2026-12-05"), on("2026-12-06")]).await;
    });
}

#[test]
fn a_voucher_is_reversed_and_what_it_kept_back_is_remitted_once() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-10-01", &[(GOODS, "1000")]);
        let lines = [["2219", GOODS, "100", ""], ["630811", "", "", "5"]];
        let voucher = || desk.posted(&desk.input(DocumentKind::PaymentVoucher, "2026-10-20", &lines));
        let (reversed, _) = (voucher(), voucher());
        let note = |note: &str| json!({ "note": note, "on": "2026-10-20" });
        let path = format!("/api/finance/documents/{reversed}/reverse");
        let version = desk.view(reversed).await.head.version;
        drafted_once(&desk, (&path, version), [note("خطأ"), note("خطأ آخر")]).await;

        let path = "/api/finance/payments/deductions";
        let rows: Vec<DeductionBalance> = desk.app.get(desk.clerk.user_id, &format!("{path}?open=true")).await.ok();
        let remit = |method: PayMethod| {
            json!(RemittanceInput {
                account_id: rows[0].account.id,
                deducted_from_id: None,
                month: rows[0].month,
                party_id: desk.supplier,
                method,
                on: None,
            })
        };
        let asked = [remit(PayMethod::Transfer), remit(PayMethod::Cheque)];
        drafted_once(&desk, (&format!("{path}/remit"), 1), asked).await;
    });
}

#[test]
fn the_slice_of_a_year_is_committed_once() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        desk.allot("2026-01-10", &[(GOODS, "1000")]);
        let mut contract = desk.input(DocumentKind::Commitment, "2026-02-01", &[["", GOODS, "400", ""]]);
        contract.slices = vec![SliceInput { year: 2027, amount: "300".to_owned() }];
        let id = desk.posted(&contract);
        desk.open(2027).await;
        desk.allot("2027-01-03", &[(GOODS, "500")]);
        let on = |day: &str| json!({ "on": day });
        let path = format!("/api/finance/documents/{id}/slice");
        let version = desk.view(id).await.head.version;
        drafted_once(&desk, (&path, version), [on("2027-01-05"), on("2027-01-06")]).await;
    });
}

#[test]
fn a_month_before_the_law_is_drafted_once() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let head = desk.app.world.mof.users["head"];
        desk.allot("2026-02-01", &[(GOODS, "1200")]);
        desk.open(2027).await;
        desk.app.db.clock().set(day("2027-03-02").and_hms_opt(8, 0, 0).unwrap());
        let rule = ProvisionalRuleInput {
            year: 2027,
            allowed: true,
            parts: 12,
            reference: "المادة 113 من الدستور".to_owned(),
            active_from: day("2027-01-01"),
            active_to: Some(day("2027-06-30")),
        };
        let rules = "/api/finance/provisional-rules";
        desk.app.post(head, rules, &rule).await.created::<PartRow<ProvisionalRuleInput>>();
        let month = |month: u32| json!({ "on": "2027-01-05", "through_month": month });
        drafted_once(&desk, ("/api/finance/budget/provisional", 1), [month(1), month(2)]).await;
    });
}
