//! Cash over HTTP: the box, what is paid out of it once, the receipt, the register, and who may not.

use actix_web::test::TestRequest;
use diesel::prelude::*;
use diwan_db::DbError;
use diwan_finance_api::{
    BankAccountStanding, CashBox, CashPayment, CashPaymentCancel, CashPaymentInput, CashPaymentState, DocumentInput,
    DocumentKind, LineInput, PayMethod, PayableDocument,
};
use diwan_kernel::{Page, Permission};
use diwan_platform_api::records::TimelineEntry;
use diwan_schema::finance::accounts;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::encode;
use serde_json::{Value, json};

use super::Treasury;
use crate::archive::renditions::text_of;

const CASH: &str = "/api/finance/cash";

impl Treasury {
    /// The box of the ministry, with 500 dinars that were received.
    async fn cash_box(&self) -> i64 {
        let account: i64 = self
            .app
            .platform
            .db
            .read_now(|tx| {
                let of = accounts::table.filter(accounts::agency_id.eq(self.app.world.mof.id));
                Ok::<_, DbError>(of.filter(accounts::code.eq("620202")).select(accounts::id).first(tx.conn())?)
            })
            .unwrap();
        let input = json!({
            "account_id": account, "code": "CB", "name": { "ar": "الصندوق الرئيسي", "en": "Main box" }, "number": "1",
            "currency": "JOD", "cash": true, "active": true
        });
        let made: Value = self.app.post(self.director, "/api/finance/bank-accounts", &input).await.created();
        let line = LineInput { account: "1421".to_owned(), credit: "500".to_owned(), ..LineInput::default() };
        let received = self.input(DocumentKind::Receipt, "", "");
        self.posted(&DocumentInput { counter: "620202".to_owned(), lines: vec![line], ..received }).await;
        made["id"].as_i64().unwrap()
    }

    /// A posted voucher that is paid in cash, and how it is paid.
    async fn in_cash(&self, cash_box: i64, amount: &str) -> CashPaymentInput {
        let mut input = self.input(DocumentKind::PaymentVoucher, "2219", amount);
        input.method = PayMethod::Cash;
        CashPaymentInput {
            bank_account_id: cash_box,
            document_id: self.posted(&input).await,
            on: "2026-11-01".parse().unwrap(),
            taken_by: "سمير المندوب".to_owned(),
            identity: "9871012345".to_owned(),
            note: String::new(),
        }
    }
}

#[test]
fn cash_is_paid_out_once_with_a_receipt_and_taken_back() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let (app, treasurer, staff) = (&treasury.app, treasury.treasurer, treasury.staff);
        assert!(app.get(staff, "/api/finance/cash/boxes").await.ok::<Vec<CashBox>>().is_empty());
        let cash_box = treasury.cash_box().await;
        let boxes: Vec<CashBox> = app.get(staff, "/api/finance/cash/boxes").await.ok();
        assert_eq!((boxes[0].id, boxes[0].code.as_str(), boxes[0].currency.as_str()), (cash_box, "CB", "JOD"));
        let banks: Vec<BankAccountStanding> = app.get(staff, "/api/finance/bank/accounts").await.ok();
        assert_eq!(banks.iter().map(|one| one.id).collect::<Vec<_>>(), [treasury.bank], "no bank speaks of a box");

        let input = treasury.in_cash(cash_box, "75.250").await;
        let payable = "/api/finance/payments/payable?method=cash";
        assert_eq!(app.get(staff, payable).await.ok::<Page<PayableDocument>>().items[0].id, input.document_id);
        let send = async |input: &CashPaymentInput| {
            let request = TestRequest::post().uri(CASH).insert_header(("idempotency-key", "c1"));
            app.send(treasurer, request.set_json(input)).await
        };
        let paid: CashPayment = send(&input).await.created();
        assert_eq!((paid.number.as_str(), paid.amount, paid.state), ("CB/1", 75_250, CashPaymentState::Paid));
        assert_eq!(send(&input).await.created::<CashPayment>().id, paid.id, "what is sent again is paid once");
        let other = CashPaymentInput { taken_by: "غيره".to_owned(), ..input.clone() };
        send(&other).await.refused(409, "idempotency_mismatch");
        app.post(treasurer, CASH, &input).await.refused(409, "not_payable");
        assert!(app.get(staff, payable).await.ok::<Page<PayableDocument>>().items.is_empty());

        let path = format!("{CASH}/{}", paid.id);
        let english = text_of(&app.get(staff, &format!("{path}/print?lang=en")).await.body);
        assert!(english.contains("Cash payment voucher") && english.contains("Received by"), "{english}");
        assert_eq!(&app.get(treasurer, &format!("{CASH}/export?lang=en")).await.body[..2], b"PK");
        let reason = CashPaymentCancel { on: input.on, reason: "خطأ في المستلم".to_owned() };
        let back: CashPayment = app.post(treasurer, &format!("{path}/cancel"), &reason).await.ok();
        assert_eq!((back.state, back.reason.as_str()), (CashPaymentState::Cancelled, "خطأ في المستلم"));
        app.post(treasurer, &format!("{path}/cancel"), &reason).await.refused(409, "wrong_state");
        assert_eq!(&app.get(staff, &format!("{path}/print")).await.body[..5], b"%PDF-");

        let again: CashPayment = app.post(treasurer, CASH, &input).await.created();
        let found = async |query: String| {
            let page: Page<CashPayment> = app.get(staff, &format!("{CASH}?{query}")).await.ok();
            page.items.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(found(format!("q={}&sort=oldest", encode("المندوب"))).await, [paid.id, again.id]);
        assert_eq!(found(format!("document_id={}&limit=1", input.document_id)).await, [again.id]);
        assert_eq!(found("state=cancelled".to_owned()).await, [paid.id]);
        assert_eq!(app.get(staff, &path).await.ok::<CashPayment>().actions, [""; 0]);
        let trail: Vec<TimelineEntry> =
            app.get(treasury.clerk, &format!("/api/records/{}/timeline", input.document_id)).await.ok();
        assert!(trail.iter().any(|entry| entry.op == "finance.cash.pay"), "{trail:?}");
        assert!(trail.iter().any(|entry| entry.op == "finance.cash.cancel"), "{trail:?}");
    });
}

#[test]
fn who_may_not_pays_no_cash_and_a_stranger_finds_none() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let app = &treasury.app;
        let cash_box = treasury.cash_box().await;
        let input = treasury.in_cash(cash_box, "10").await;
        let nobody = CashPaymentInput { identity: String::new(), ..input.clone() };
        let wrong = app.post(treasury.treasurer, CASH, &nobody).await.wrong_fields();
        assert_eq!(wrong, [("identity".to_owned(), "taker_unknown".to_owned())]);
        let paid: CashPayment = app.post(treasury.treasurer, CASH, &input).await.created();
        let (path, reason) =
            (format!("{CASH}/{}", paid.id), CashPaymentCancel { on: input.on, reason: "x".to_owned() });
        let (clerk, stranger) = (app.world.mof.users["other_head"], app.world.moh.users["director"]);
        for right in [Permission::FinanceRead, Permission::FinancePay, Permission::Export] {
            app.grant(stranger, right);
        }
        for (user, status, code) in [(clerk, 403, "forbidden"), (stranger, 404, "not_found")] {
            app.get(user, &path).await.refused(status, code);
            app.get(user, &format!("{path}/print")).await.refused(status, code);
            app.post(user, &format!("{path}/cancel"), &reason).await.refused(status, code);
        }
        for list in [CASH, "/api/finance/cash/boxes", "/api/finance/cash/export"] {
            app.get(clerk, list).await.refused(403, "forbidden");
        }
        assert!(app.get(stranger, CASH).await.ok::<Page<CashPayment>>().items.is_empty());
        let foreign = app.post(stranger, CASH, &input).await.wrong_fields();
        assert_eq!(foreign, [("bank_account_id".to_owned(), "unknown".to_owned())]);
        // Who reads alone pays nothing and takes nothing back.
        app.post(treasury.staff, CASH, &input).await.refused(403, "forbidden");
        app.post(treasury.staff, &format!("{path}/cancel"), &reason).await.refused(403, "forbidden");
    });
}
