//! Many hands: one document in one payment, numbers of cheques without a gap.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_finance_api::PayMethod;
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::desk::Desk;
use crate::documents::tests::office::GOODS;

#[test]
fn runs_that_race_for_one_document_take_it_once() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (first, second) = (desk.voucher("100"), desk.voucher("50"));
        let runs: Vec<i64> = (0..8).map(|_| desk.begin()).collect();
        let (added, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for (at, run) in runs.iter().enumerate() {
                let (desk, added, refused) = (&desk, &added, &refused);
                // Asked for in both orders: they are taken in one.
                let wanted = if at % 2 == 0 { [first, second] } else { [second, first] };
                scope.spawn(move || {
                    let of = desk.add(*run, &wanted);
                    assert!(of.refused.iter().all(|one| one.code == "not_payable"), "{:?}", of.refused);
                    added.fetch_add(of.added, Ordering::SeqCst);
                    refused.fetch_add(of.refused.len(), Ordering::SeqCst);
                });
            }
        });
        assert_eq!((added.into_inner(), refused.into_inner()), (2, 14));
        assert_eq!((desk.open(first), desk.open(second)), (0, 0));
        assert_eq!(runs.iter().map(|run| desk.view(*run).amount).sum::<i64>(), 150_000);
    });
}

#[test]
fn one_run_is_executed_once() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let run = desk.sent(&[desk.voucher("100")]);
        let item = desk.items(run)[0].id;
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                let (desk, done) = (&desk, &done);
                scope.spawn(move || match desk.execute(run, &[item]) {
                    Ok(()) => {
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(Refusal::WrongState { .. }) => {}
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((done.into_inner(), desk.used(), desk.balance("620201")), (1, 100_000, -100_000));
    });
}

#[test]
fn cheques_of_one_book_take_their_numbers_one_by_one() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("", (1, 6)).unwrap();
        let vouchers: Vec<i64> =
            (0..8).map(|_| desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "10", "")])).collect();
        let (issued, used_up) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for voucher in &vouchers {
                let (desk, issued, used_up) = (&desk, &issued, &used_up);
                scope.spawn(move || match desk.issue(book, *voucher) {
                    Ok(_) => issued.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "cheque_book_used_up", .. }) => used_up.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((issued.into_inner(), used_up.into_inner()), (6, 2));
        assert_eq!((desk.used(), desk.balance("620201")), (60_000, -60_000));
    });
}
