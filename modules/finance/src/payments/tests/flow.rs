//! The way of a run: draft, approved, sent, executed; and what comes back.

use diwan_finance_api::{
    AddedPayments, DocumentKind, PayMethod, PayableQuery, PayableSort, PaymentItemState, PaymentRunQuery,
    PaymentRunState,
};
use diwan_kernel::PageRequest;
use diwan_testkit::both;

use super::desk::{Desk, IBAN, bank_account, today};
use crate::{
    documents::tests::office::{GOODS, refusal},
    ledger::tests::books::act,
    payments,
};

#[test]
fn a_run_pays_what_it_holds_through_books_budget_and_cash() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        // Of 300, 30 are kept back for the tax.
        let first = desk.voucher_by(PayMethod::Transfer, &[("2219", GOODS, "300", ""), ("630811", "", "", "30")]);
        let second = desk.voucher("200");
        let run = desk.begin();
        let added = desk.add(run, &[second, first]);
        assert_eq!((added.added, added.refused.len()), (2, 0));
        assert_eq!((added.run.items, added.run.amount), (2, 470_000));
        assert_eq!((desk.open(first), desk.open(second)), (0, 0), "taken as they are added");
        assert_eq!(desk.office.view(second).payment, None, "a draft of a run pays nothing");
        let items = desk.items(run);
        assert_eq!((items[0].document_id, items[0].payee.as_str(), items[0].iban.as_str()), (first, "شركة الأفق", IBAN));
        assert_eq!((items[0].amount, items[1].amount), (270_000, 200_000));

        desk.approve(&desk.office.director, run).unwrap();
        let seen = desk.view(run);
        assert_eq!((seen.state, seen.number.as_deref()), (PaymentRunState::Approved, Some("د ص/2026/1")));
        assert!(seen.verify_code.is_some() && seen.file_hash.is_none());
        // The page of a voucher names the run that holds it, and once it is executed the day.
        let paid = desk.office.view(second).payment.unwrap();
        assert_eq!((paid.method, paid.id, paid.number), (PayMethod::Transfer, run, items[1].end_to_end.clone()));
        assert_eq!((paid.run.as_str(), paid.on), ("د ص/2026/1", None));
        let message = String::from_utf8(desk.send(run).unwrap()).unwrap();
        assert!(message.contains("<CtrlSum>470.000</CtrlSum>") && message.contains("شركة الأفق"), "{message}");
        let seen = desk.view(run);
        assert_eq!(seen.file_hash, Some(super::desk::stored(message.as_bytes()).hash));
        assert_eq!(
            desk.office.buckets(GOODS),
            [0, 0, 500_000, 0, 0, 500_000, 0],
            "nothing is paid before the bank says so"
        );

        desk.execute(run, &[items[1].id]).unwrap();
        assert_eq!(desk.view(run).state, PaymentRunState::Sent, "one waits");
        let on = |voucher: i64| desk.office.view(voucher).payment.unwrap().on;
        assert_eq!((on(second), on(first)), (Some(today()), None));
        desk.execute(run, &[]).unwrap();
        let seen = desk.view(run);
        assert_eq!((seen.state, seen.standing.len()), (PaymentRunState::Executed, 1));
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 500_000, 0, 0, 0, 500_000], "what was kept back is spent too");
        assert_eq!((desk.used(), desk.balance("620201"), desk.balance("630803")), (500_000, -470_000, 0));
        assert_eq!(desk.balance("630811"), -30_000, "and still owed to whom it was kept back for");
    });
}

#[test]
fn what_comes_back_is_open_again_and_paid_by_another_run() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (first, second) = (desk.voucher("300"), desk.voucher("200"));
        let run = desk.sent(&[first, second]);
        let items = desk.items(run);
        desk.reject(run, &[items[1].id]).unwrap();
        assert_eq!((desk.open(second), desk.view(run).state), (200_000, PaymentRunState::Sent));
        assert_eq!(desk.office.view(second).payment, None, "what the bank refused pays nothing");
        desk.execute(run, &[]).unwrap();
        assert_eq!(desk.view(run).state, PaymentRunState::Executed);
        assert_eq!((desk.used(), desk.balance("620201")), (300_000, -300_000));

        desk.give_back(run, &[items[0].id]).unwrap();
        let back = desk.items(run);
        assert_eq!((back[0].state, back[0].failed_on), (PaymentItemState::Returned, Some(today())));
        assert_eq!((desk.open(first), desk.used(), desk.balance("620201")), (300_000, 0, 0));
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 500_000, 0, 0, 500_000, 0]);
        assert_eq!(refusal(desk.give_back(run, &[items[0].id])), "items:item_state");

        let again = desk.sent(&[first, second]);
        desk.execute(again, &[]).unwrap();
        assert_eq!((desk.open(first), desk.used(), desk.balance("620201")), (0, 500_000, -500_000));
        assert_eq!(desk.office.buckets(GOODS)[6], 500_000);
        // Before the money came back the voucher could not be reversed either.
        assert_eq!(refusal(desk.office.reverse(first)), "paid_already");
    });
}

#[test]
fn what_is_removed_or_given_up_may_be_paid_otherwise() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (first, second) = (desk.voucher("300"), desk.voucher("200"));
        let run = desk.begin();
        desk.add(run, &[first, second]);
        assert_eq!(refusal(desk.office.reverse(first)), "paid_already", "held is as good as paid");
        desk.remove(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!((desk.open(first), desk.open(second), desk.view(run).amount), (300_000, 0, 200_000));
        desk.approve(&desk.office.director, run).unwrap();
        desk.void(run).unwrap();
        let seen = desk.view(run);
        assert_eq!((seen.state, desk.open(second)), (PaymentRunState::Void, 200_000));
        assert_eq!(desk.items(run)[0].state, PaymentItemState::Released);
        desk.office.reverse(second).unwrap();
        let other = desk.begin();
        assert_eq!(desk.add(other, &[first]).added, 1);
    });
}

#[test]
fn advances_and_refunds_are_paid_like_vouchers_and_move_no_budget() {
    both(|test| {
        let mut desk = Desk::on(test.db(), "600");
        let advance = desk.office.posted(&desk.office.input(DocumentKind::Advance, &[("620801", "", "50", "")]));
        let deposit = desk.office.posted(&desk.office.input(DocumentKind::Deposit, &[("630815", "", "", "40")]));
        let mut refund = desk.office.input(DocumentKind::DepositRefund, &[("630815", "", "40", "")]);
        refund.source_id = Some(deposit);
        let refund = desk.office.posted(&refund);
        // What was deposited is paid back out of what is held in trust, and nothing else is.
        let apart = |added: AddedPayments| {
            let codes = added.refused.iter().map(|one| (one.document_id, one.code.clone())).collect::<Vec<_>>();
            (added.added, codes)
        };
        let run = desk.begin();
        assert_eq!(apart(desk.add(run, &[advance, refund])), (1, vec![(refund, "trust_apart".to_owned())]));
        desk.approve(&desk.office.director, run).unwrap();
        desk.send(run).unwrap();
        desk.execute(run, &[]).unwrap();
        assert_eq!((desk.balance("620201"), desk.balance("630803"), desk.used()), (-50_000, 0, 0));
        assert_eq!((desk.balance("620204"), desk.balance("630816")), (40_000, -40_000));
        let trust = act(desk.db(), &desk.payer, |tx| bank_account(tx, &desk.payer, ("2", "620204", IBAN)));
        desk.bank = trust.unwrap();
        let other = desk.office.posted(&desk.office.input(DocumentKind::Advance, &[("620801", "", "5", "")]));
        let run = desk.begin();
        assert_eq!(apart(desk.add(run, &[refund, other])), (1, vec![(other, "trust_apart".to_owned())]));
        desk.approve(&desk.office.director, run).unwrap();
        desk.send(run).unwrap();
        desk.execute(run, &[]).unwrap();
        assert_eq!(["620204", "630815", "630816"].map(|code| desk.balance(code)), [0, 0, 0]);
        // What the bank sends back lies in trust again.
        desk.give_back(run, &[desk.items(run)[0].id]).unwrap();
        assert_eq!((desk.balance("620204"), desk.balance("630816"), desk.open(refund)), (40_000, -40_000, 40_000));
        assert_eq!(desk.office.buckets(GOODS)[2], 1_000_000);
    });
}

#[test]
fn what_is_to_be_paid_is_searched_filtered_and_sorted() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let due = |amount: &str, due: Option<&str>, subject: &str| {
            let mut input = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, amount, "")]);
            input.due_on = due.map(|day| day.parse().unwrap());
            input.subject = subject.to_owned();
            desk.office.posted(&input)
        };
        let (none, late, soon) =
            (due("10", None, "قرطاسية"), due("20", Some("2026-12-20"), "وقود"), due("30", Some("2026-11-05"), "صيانة"));
        let cheque = desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "5", "")]);
        let found = |query: PayableQuery| -> Vec<i64> {
            let page = desk.db().read_now(|tx| payments::payable(tx, &desk.payer, &query)).unwrap();
            page.items.iter().map(|one| one.id).collect()
        };
        let all = PayableQuery::default();
        assert_eq!(found(all.clone()), [soon, late, none]);
        assert_eq!(found(PayableQuery { sort: Some(PayableSort::Newest), ..all.clone() }), [soon, late, none]);
        assert_eq!(found(PayableQuery { sort: Some(PayableSort::Oldest), ..all.clone() }), [none, late, soon]);
        assert_eq!(found(PayableQuery { method: Some(PayMethod::Cheque), ..all.clone() }), [cheque]);
        assert_eq!(found(PayableQuery { due_to: Some("2026-11-30".parse().unwrap()), ..all.clone() }), [soon, none]);
        assert_eq!(found(PayableQuery { min: Some(20_000), max: Some(29_999), ..all.clone() }), [late]);
        assert_eq!(found(PayableQuery { q: Some("وقود".to_owned()), ..all.clone() }), [late]);
        assert_eq!(found(PayableQuery { party_id: Some(desk.office.employee), ..all.clone() }), [0_i64; 0]);
        assert_eq!(found(PayableQuery { currency: Some("USD".to_owned()), ..all.clone() }), [0_i64; 0]);
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let query = PayableQuery { page: PageRequest { after, limit: Some(1) }, ..all.clone() };
            let page = desk.db().read_now(|tx| payments::payable(tx, &desk.payer, &query)).unwrap();
            paged.extend(page.items.iter().map(|one| one.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, [soon, late, none]);
        let run = desk.begin();
        let filter = PayableQuery { due_to: Some("2026-11-30".parse().unwrap()), ..all };
        let input = diwan_finance_api::AddPayments { documents: Vec::new(), all: Some(filter) };
        let added =
            crate::ledger::tests::books::act(desk.db(), &desk.payer, |tx| payments::add(tx, &desk.payer, run, &input));
        assert_eq!(added.unwrap().added, 2);
        let runs = PaymentRunQuery { q: Some("الموردين".to_owned()), ..PaymentRunQuery::default() };
        let listed = desk.db().read_now(|tx| payments::run::list::list(tx, &desk.payer, &runs)).unwrap();
        assert_eq!((listed.items.len(), listed.items[0].amount, listed.items[0].failed), (1, 40_000, 0));
    });
}

#[test]
fn a_step_that_ends_in_the_middle_leaves_nothing() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (first, second) = (desk.voucher("300"), desk.voucher("200"));
        let run = desk.sent(&[first, second]);
        let input = diwan_finance_api::ExecutePayments { on: today(), items: Vec::new() };
        let ended = desk.db().write_now(desk.payer.who(), "test.kill", |tx| {
            payments::execute(tx, &desk.payer, run, &input)?;
            Err::<(), _>(diwan_platform::Refusal::rule("test_abort", []))
        });
        assert_eq!(refusal(ended), "test_abort");
        assert_eq!((desk.view(run).state, desk.used(), desk.balance("620201")), (PaymentRunState::Sent, 0, 0));
        assert!(desk.items(run).iter().all(|item| item.state == PaymentItemState::Pending && item.entry_id.is_none()));
        desk.execute(run, &[]).unwrap();
        assert_eq!(desk.balance("620201"), -500_000);
    });
}

#[test]
fn what_is_deducted_as_a_whole_is_spent_as_it_is_posted() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        // A fine takes all that is left of the invoice.
        let lines = [("2219", GOODS, "100", ""), ("2219", GOODS, "", "20"), ("1431", "", "", "80")];
        let fined = desk.voucher_by(PayMethod::Transfer, &lines);
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 920_000, 0, 0, 0, 80_000], "nothing is left to wait for");
        assert_eq!((desk.open(fined), desk.used(), desk.balance("630803")), (0, 0, 0));
        let run = desk.begin();
        assert_eq!(desk.add(run, &[fined]).refused[0].code, "not_payable");
        let back = desk.office.reverse(fined).unwrap();
        desk.office.submit(back).unwrap();
        desk.office.certify(&desk.office.staff, back).unwrap();
        desk.office.authorise(&desk.office.director, back).unwrap();
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 1_000_000, 0, 0, 0, 0]);
        assert_eq!(desk.office.view(fined).head.state, "reversed");
    });
}
