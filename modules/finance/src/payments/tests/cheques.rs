//! The cheque register: numbers in their order, what a cheque holds, and what becomes of it.

use diwan_finance_api::{Cheque, ChequeInput, ChequeQuery, ChequeState, ChequeStep, DocumentNote, PayMethod};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome};
use diwan_testkit::{both, give_right};

use super::desk::{Desk, step};
use crate::{
    documents::{
        self,
        tests::office::{GOODS, refusal},
    },
    ledger::tests::books::{act, day, least},
    payments,
};

impl Desk {
    /// A posted voucher of goods that is paid by cheque.
    fn by_cheque(&self, amount: &str) -> i64 {
        self.voucher_by(PayMethod::Cheque, &[("2219", GOODS, amount, "")])
    }

    fn spoil(&self, book: i64) -> Outcome<i64> {
        act(self.db(), &self.payer, |tx| payments::spoil(tx, &self.payer, book, "تمزق"))
    }

    pub(super) fn hand_over(&self, cheque: i64, input: &ChequeStep) -> Outcome<()> {
        act(self.db(), &self.payer, |tx| payments::hand_over(tx, &self.payer, cheque, input))
    }

    pub(super) fn clear(&self, cheque: i64, input: &ChequeStep) -> Outcome<()> {
        act(self.db(), &self.payer, |tx| payments::clear(tx, &self.payer, cheque, input))
    }

    pub(super) fn unclear(&self, cheque: i64, input: &ChequeStep) -> Outcome<()> {
        self.unclear_by(&self.payer, cheque, input)
    }

    fn unclear_by(&self, actor: &Actor, cheque: i64, input: &ChequeStep) -> Outcome<()> {
        act(self.db(), actor, |tx| payments::unclear(tx, actor, cheque, input))
    }

    fn cancel(&self, cheque: i64, input: &ChequeStep) -> Outcome<()> {
        act(self.db(), &self.payer, |tx| payments::cancel(tx, &self.payer, cheque, input))
    }

    pub(super) fn register(&self) -> Vec<Cheque> {
        let query = ChequeQuery::default();
        self.db().read_now(|tx| payments::cheques::list(tx, &self.payer, &query)).unwrap().items
    }
}

#[test]
fn a_cheque_pays_as_it_is_issued_and_is_followed_to_the_bank() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("A", (100, 102)).unwrap();
        let voucher = desk.by_cheque("300");
        let cheque = desk.issue(book, voucher).unwrap();
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620201")), (0, 300_000, -300_000));
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 700_000, 0, 0, 0, 300_000]);
        let seen = &desk.register()[0];
        assert_eq!((seen.number.as_str(), seen.state, seen.amount), ("A100", ChequeState::Issued, 300_000));
        assert_eq!((seen.payee.as_str(), seen.document_id), ("شركة الأفق", Some(voucher)));
        assert_eq!(refusal(desk.clear(cheque, &step(""))), "clear_cheque in issued", "nobody has it yet");
        assert_eq!(refusal(desk.hand_over(cheque, &step(" "))), "note:required");
        // The page of the voucher names it.
        let paid = desk.office.view(voucher).payment.unwrap();
        assert_eq!((paid.method, paid.id, paid.number.as_str()), (PayMethod::Cheque, cheque, "A100"));
        assert_eq!((paid.run.as_str(), paid.on), ("", Some(day("2026-11-01"))));
        desk.hand_over(cheque, &step("مندوب الشركة")).unwrap();
        let early = ChequeStep { on: day("2026-10-31"), note: String::new() };
        assert_eq!(refusal(desk.clear(cheque, &early)), "on:before_day");
        desk.clear(cheque, &step("")).unwrap();
        assert_eq!(desk.register()[0].state, ChequeState::Cleared);
        assert_eq!(refusal(desk.cancel(cheque, &step("خطأ"))), "cancel_cheque in cleared");
    });
}

#[test]
fn what_was_taken_down_as_cleared_by_mistake_is_handed_over_again() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("A", (100, 102)).unwrap();
        let voucher = desk.by_cheque("300");
        let cheque = desk.issue(book, voucher).unwrap();
        let wrong = step("سُجّل خطأً");
        assert_eq!(refusal(desk.unclear(cheque, &wrong)), "unclear_cheque in issued");
        desk.hand_over(cheque, &step("مندوب الشركة")).unwrap();
        assert_eq!(refusal(desk.unclear(cheque, &wrong)), "unclear_cheque in handed_over");
        desk.clear(cheque, &step("")).unwrap();
        assert_eq!(refusal(desk.unclear(cheque, &step(" "))), "note:required");
        for (on, code) in [("2026-10-31", "on:before_day"), ("2026-11-02", "on:in_future")] {
            let other = ChequeStep { on: day(on), ..wrong.clone() };
            assert_eq!(refusal(desk.unclear(cheque, &other)), code);
        }
        assert_eq!(refusal(desk.unclear_by(&desk.office.clerk, cheque, &wrong)), "finance.pay");
        let stranger = desk.office.world.moh.users["sg"];
        for right in [Permission::FinanceRead, Permission::FinancePay] {
            give_right(desk.db(), stranger, right);
        }
        let stranger = desk.office.world.moh.actor(desk.db(), "sg");
        assert_eq!(refusal(desk.unclear_by(&stranger, cheque, &wrong)), "no cheque");
        assert_eq!(desk.register()[0].state, ChequeState::Cleared, "what is refused changes nothing");
        desk.unclear(cheque, &wrong).unwrap();
        let seen = &desk.register()[0];
        assert_eq!((seen.state, seen.ended_on, seen.reason.as_str()), (ChequeState::HandedOver, None, ""));
        assert_eq!((seen.handed_on, seen.handed_to.as_str()), (Some(day("2026-11-01")), "مندوب الشركة"));
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620201")), (0, 300_000, -300_000));
        // From there it goes on as before.
        desk.clear(cheque, &step("")).unwrap();
        desk.unclear(cheque, &wrong).unwrap();
        desk.cancel(cheque, &step("فُقد")).unwrap();
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620201")), (300_000, 0, 0));
        assert_eq!(refusal(desk.unclear(cheque, &wrong)), "unclear_cheque in cancelled");
    });
}

#[test]
fn what_a_cancelled_or_stale_cheque_paid_is_open_again_and_no_number_is_skipped() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("", (1, 4)).unwrap();
        let (first, second) = (desk.by_cheque("100"), desk.by_cheque("50"));
        let cheque = desk.issue(book, first).unwrap();
        assert_eq!(refusal(desk.issue(book, first)), "not_payable");
        assert_eq!(refusal(desk.cancel(cheque, &step(""))), "note:required");
        desk.cancel(cheque, &step("خطأ في الاسم")).unwrap();
        assert_eq!((desk.open(first), desk.used(), desk.balance("620201")), (100_000, 0, 0));
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 850_000, 0, 0, 150_000, 0]);
        assert_eq!(desk.office.view(first).payment, None, "what was cancelled pays nothing");
        desk.spoil(book).unwrap();
        let again = desk.issue(book, first).unwrap();
        let last = desk.issue(book, second).unwrap();
        desk.hand_over(last, &step("المستفيد")).unwrap();
        act(desk.db(), &desk.payer, |tx| payments::stale(tx, &desk.payer, last, &step("لم يُصرف"))).unwrap();
        assert_eq!((desk.open(first), desk.open(second), desk.used()), (0, 50_000, 100_000));
        let numbers: Vec<(String, ChequeState)> =
            desk.register().into_iter().rev().map(|one| (one.number, one.state)).collect();
        let expected = [
            ("1", ChequeState::Cancelled),
            ("2", ChequeState::Spoilt),
            ("3", ChequeState::Issued),
            ("4", ChequeState::Stale),
        ];
        assert_eq!(numbers, expected.map(|(number, state)| (number.to_owned(), state)));
        assert_eq!(refusal(desk.issue(book, second)), "cheque_book_used_up");
        assert_eq!(refusal(desk.spoil(book)), "cheque_book_used_up");
        assert_eq!(desk.open(second), 50_000, "what is refused takes nothing");
        desk.cancel(again, &step("خطأ")).unwrap();
    });
}

#[test]
fn books_have_their_own_numbers_and_are_closed_with_a_reason() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("A", (1, 10)).unwrap();
        assert_eq!(refusal(desk.book("A", (10, 20))), "cheque_book_overlaps");
        desk.book("B", (10, 20)).unwrap();
        desk.book("A", (11, 20)).unwrap();
        assert_eq!(refusal(desk.book("A", (0, 20))), "first:out_of_range");
        assert_eq!(refusal(desk.book("A", (30, 29))), "last:out_of_range");
        assert_eq!(refusal(desk.book("A", (30, 20_000))), "last:out_of_range");
        let close =
            |reason: &str| act(desk.db(), &desk.payer, |tx| payments::close_book(tx, &desk.payer, book, reason));
        assert_eq!(refusal(close("")), "reason:required");
        close("فُقد الدفتر").unwrap();
        assert_eq!(refusal(close("مرة أخرى")), "cheque_book_closed");
        assert_eq!(refusal(desk.issue(book, desk.by_cheque("1"))), "cheque_book_closed");
        assert_eq!(refusal(desk.spoil(book)), "cheque_book_closed");
    });
}

#[test]
fn cheques_are_issued_for_what_is_paid_by_cheque_within_the_releases() {
    both(|test| {
        let desk = Desk::on(test.db(), "100");
        let book = desk.book("", (1, 10)).unwrap();
        assert_eq!(refusal(desk.issue(book, desk.voucher("10"))), "document_id:paid_otherwise");
        assert_eq!(refusal(desk.issue(book, 999_999)), "document_id:unknown");
        assert_eq!(refusal(desk.issue(999_999, desk.by_cheque("1"))), "book_id:unknown");
        let much = desk.by_cheque("100.001");
        assert_eq!(refusal(desk.issue(book, much)), "cash_short");
        assert_eq!((desk.open(much), desk.register().len()), (100_001, 0));
        let clerk = &desk.office.clerk;
        let input = ChequeInput { book_id: book, document_id: much, on: super::desk::today() };
        assert_eq!(refusal(act(desk.db(), clerk, |tx| payments::issue(tx, clerk, &input))), "finance.pay");
        let early = ChequeInput { on: day("2026-10-19"), ..input };
        let early = act(desk.db(), &desk.payer, |tx| payments::issue(tx, &desk.payer, &early));
        assert_eq!(refusal(early), "on:before_day", "not before its voucher");
    });
}

#[test]
fn what_came_back_is_neither_paid_nor_taken_back_before_that_day() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("", (1, 9)).unwrap();
        let voucher = desk.by_cheque("100");
        let issue = |on: &str| {
            let input = ChequeInput { book_id: book, document_id: voucher, on: day(on) };
            act(desk.db(), &desk.payer, |tx| payments::issue(tx, &desk.payer, &input))
        };
        let office = &desk.office;
        let reverse = |on: &str| {
            let (version, note) = (office.version(voucher), office.note("خطأ"));
            let note = DocumentNote { on: Some(day(on)), ..note };
            act(desk.db(), &office.clerk, |tx| documents::reverse(tx, &office.clerk, voucher, version, &note))
        };
        let drafted = reverse("2026-10-25").unwrap();
        office.submit(drafted).unwrap();
        office.certify(&office.staff, drafted).unwrap();
        let first = issue("2026-10-26").unwrap();
        let back = ChequeStep { on: day("2026-10-30"), note: "خطأ في الاسم".to_owned() };
        desk.cancel(first, &back).unwrap();
        // It was paid from the 26th to the 30th, whatever was drafted before.
        assert_eq!(refusal(office.authorise(&office.director, drafted)), "effective_on:before_day");
        assert_eq!(refusal(issue("2026-10-29")), "on:before_day");
        let second = issue("2026-10-30").unwrap();
        desk.cancel(second, &step("خطأ في المبلغ")).unwrap();
        let version = office.version(drafted);
        let note = office.note("تاريخ آخر");
        act(desk.db(), &office.director, |tx| documents::send_back(tx, &office.director, drafted, version, &note))
            .unwrap();
        let version = office.version(drafted);
        act(desk.db(), &office.clerk, |tx| documents::void(tx, &office.clerk, drafted, version, &note)).unwrap();
        assert_eq!(refusal(reverse("2026-10-31")), "on:before_day");
        reverse("2026-11-01").unwrap();
        assert_eq!(least(desk.db(), &[]), 0);
    });
}
