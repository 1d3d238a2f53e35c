//! Who may not pay is refused at every step, and a stranger finds nothing.

use diwan_finance_api::{
    AddPayments, Cheque, ChequeBook, ChequeBookInput, ChequeStep, ExecutePayments, PaymentItems, PaymentReason,
    PaymentRun, PaymentRunInput, ReturnPayments,
};
use diwan_kernel::{Page, Permission};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::Answer;
use serde_json::Value;

use super::{RUNS, Treasury};

#[test]
fn who_may_not_is_refused_and_a_stranger_finds_nothing() {
    both_async(async |db: TestDb| {
        let treasury = Treasury::on(db).await;
        let app = &treasury.app;
        let voucher = treasury.voucher("10").await;
        let run = treasury.begin().await;
        treasury.add(run.id, &AddPayments { documents: vec![voucher], all: None }).await;
        let book = ChequeBookInput { bank_account_id: treasury.bank, series: String::new(), first: 1, last: 9 };
        let book: ChequeBook = app.post(treasury.treasurer, "/api/finance/cheques/books", &book).await.created();
        let reason = PaymentReason { reason: "x".to_owned() };
        let at_book = format!("/api/finance/cheques/books/{}", book.id);
        let cheque: Cheque = app.post(treasury.treasurer, &format!("{at_book}/spoil"), &reason).await.created();
        let (path, at_cheque) = (format!("{RUNS}/{}", run.id), format!("/api/finance/cheques/{}", cheque.id));
        let (clerk, stranger) = (app.world.mof.users["other_head"], app.world.moh.users["director"]);
        for right in [Permission::FinanceRead, Permission::FinancePay, Permission::FinanceAuthorise, Permission::Export]
        {
            app.grant(stranger, right);
        }
        let input = PaymentRunInput {
            bank_account_id: treasury.bank,
            subject: "x".to_owned(),
            pay_on: "2026-11-02".parse().unwrap(),
        };
        let day = "2026-11-01".parse().unwrap();
        let fail = ReturnPayments { on: day, items: vec![1], reason: "x".to_owned() };
        let step = ChequeStep { on: day, note: "x".to_owned() };
        for (user, status, code) in [(clerk, 403, "forbidden"), (stranger, 404, "not_found")] {
            for path in [
                path.clone(),
                format!("{path}/items"),
                format!("{path}/items/export"),
                format!("{path}/file"),
                format!("{path}/print"),
                at_cheque.clone(),
            ] {
                app.get(user, &path).await.refused(status, code);
            }
            app.put_at(user, &path, 1, &input).await.refused(status, code);
            let add = AddPayments { documents: vec![voucher], all: None };
            app.post(user, &format!("{path}/items"), &add).await.refused(status, code);
            app.post(user, &format!("{path}/items/remove"), &PaymentItems { items: vec![1] })
                .await
                .refused(status, code);
            app.post_at(user, &format!("{path}/approve"), 1, &()).await.refused(status, code);
            app.post_at(user, &format!("{path}/void"), 1, &reason).await.refused(status, code);
            app.post_at(user, &format!("{path}/send"), 1, &()).await.refused(status, code);
            let execute = ExecutePayments { on: day, items: Vec::new() };
            app.post(user, &format!("{path}/execute"), &execute).await.refused(status, code);
            app.post(user, &format!("{path}/reject"), &fail).await.refused(status, code);
            app.post(user, &format!("{path}/return"), &fail).await.refused(status, code);
            for way in ["hand-over", "clear", "unclear", "cancel", "stale"] {
                app.post(user, &format!("{at_cheque}/{way}"), &step).await.refused(status, code);
            }
            for way in ["close", "spoil"] {
                app.post(user, &format!("{at_book}/{way}"), &reason).await.refused(status, code);
            }
        }
        for list in [RUNS, "/api/finance/payments/payable", "/api/finance/cheques"] {
            app.get(clerk, list).await.refused(403, "forbidden");
            assert!(app.get(stranger, list).await.ok::<Page<Value>>().items.is_empty(), "{list}");
        }
        assert!(app.get(stranger, "/api/finance/cheques/books").await.ok::<Page<ChequeBook>>().items.is_empty());
        assert!(app.get(stranger, "/api/finance/payments/deductions").await.ok::<Vec<Value>>().is_empty());
        let named = AddPayments { documents: vec![voucher], all: None };
        let own: Answer = app.post(stranger, RUNS, &input).await;
        assert_eq!(own.wrong_fields(), [("bank_account_id".to_owned(), "unknown".to_owned())]);
        app.post(stranger, &format!("{path}/items"), &named).await.refused(404, "not_found");
        // Who reads alone changes nothing, and who pays does not approve.
        app.get(treasury.staff, &path).await.ok::<PaymentRun>();
        app.post(treasury.staff, &format!("{path}/items"), &named).await.refused(403, "forbidden");
        app.post_at(treasury.treasurer, &format!("{path}/approve"), 2, &()).await.refused(403, "forbidden");
    });
}
