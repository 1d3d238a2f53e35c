//! Payments in cash: the box they leave, who takes the money, what they hold, and what becomes of it when they are given back.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_finance_api::{
    CashPayment, CashPaymentCancel, CashPaymentInput, CashPaymentQuery, CashPaymentState, ChequeBookInput,
    DocumentKind, PayMethod, PaymentRunInput,
};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_testkit::{both, give_right};

use super::desk::{Desk, bank_account, today};
use crate::{
    documents::tests::office::{GOODS, refusal},
    ledger::tests::books::{act, day, sql},
    payments,
};

impl Desk {
    /// The box of the office, with 1,000 dinars out of the bank.
    pub(super) fn cash_box(&self) -> i64 {
        let id = self.empty_box();
        self.fill("1000");
        id
    }

    /// Brings money from the bank into the box.
    fn fill(&self, amount: &str) {
        let lines = [("620202", "", amount, ""), ("620201", "", "", amount)];
        self.office.posted(&self.office.input(DocumentKind::JournalVoucher, &lines));
    }

    fn empty_box(&self) -> i64 {
        let id = act(self.db(), &self.payer, |tx| bank_account(tx, &self.payer, ("C", "620202", ""))).unwrap();
        sql(self.db(), &format!("UPDATE bank_accounts SET cash = TRUE WHERE id = {id}")).unwrap();
        id
    }

    /// A posted voucher of goods that is paid in cash.
    pub(super) fn in_cash(&self, amount: &str) -> i64 {
        self.voucher_by(PayMethod::Cash, &[("2219", GOODS, amount, "")])
    }

    pub(super) fn hand_out(&self, cash_box: i64, document: i64) -> Outcome<i64> {
        self.hand_out_by(&self.payer, &taken(cash_box, document))
    }

    fn hand_out_by(&self, actor: &Actor, input: &CashPaymentInput) -> Outcome<i64> {
        act(self.db(), actor, |tx| payments::pay_cash(tx, actor, input))
    }

    pub(super) fn take_back(&self, id: i64, reason: &str) -> Outcome<()> {
        self.take_back_by(&self.payer, id, (today(), reason))
    }

    fn take_back_by(&self, actor: &Actor, id: i64, (on, reason): (chrono::NaiveDate, &str)) -> Outcome<()> {
        let input = CashPaymentCancel { on, reason: reason.to_owned() };
        act(self.db(), actor, |tx| payments::cancel_cash(tx, actor, id, &input))
    }

    fn cash(&self, id: i64) -> CashPayment {
        self.db().read_now(|tx| payments::in_cash::view(tx, &self.payer, id)).unwrap()
    }

    pub(super) fn cash_register(&self, query: &CashPaymentQuery) -> Vec<CashPayment> {
        self.db().read_now(|tx| payments::in_cash::list(tx, &self.payer, query)).unwrap().items
    }
}

/// Money that a messenger takes today.
pub(super) fn taken(bank_account_id: i64, document_id: i64) -> CashPaymentInput {
    CashPaymentInput {
        bank_account_id,
        document_id,
        on: today(),
        taken_by: "سمير مندوب الشركة".to_owned(),
        identity: "9871012345".to_owned(),
        note: String::new(),
    }
}

#[test]
fn cash_leaves_the_box_as_it_is_handed_out_and_comes_back_into_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cash_box, voucher) = (desk.cash_box(), desk.in_cash("300"));
        let id = desk.hand_out(cash_box, voucher).unwrap();
        let books = || (desk.open(voucher), desk.used(), desk.balance("620202"), desk.balance("620201"));
        assert_eq!(books(), (0, 300_000, 700_000, -1_000_000));
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 700_000, 0, 0, 0, 300_000]);
        let seen = desk.cash(id);
        assert_eq!((seen.number.as_str(), seen.state, seen.amount), ("C/1", CashPaymentState::Paid, 300_000));
        assert_eq!((seen.payee.as_str(), seen.document_id), ("شركة الأفق", voucher));
        assert_eq!((seen.taken_by.as_str(), seen.identity.as_str()), ("سمير مندوب الشركة", "9871012345"));
        assert_eq!(seen.actions, ["cancel"]);
        let paid = desk.office.view(voucher).payment.unwrap();
        assert_eq!((paid.id, paid.number.as_str(), paid.on), (id, "C/1", Some(today())));
        assert_eq!(refusal(desk.hand_out(cash_box, voucher)), "not_payable");
        assert_eq!(refusal(desk.office.reverse(voucher)), "paid_already");

        assert_eq!(refusal(desk.take_back(id, " ")), "reason:required");
        assert_eq!(refusal(desk.take_back_by(&desk.payer, id, (day("2026-10-31"), "خطأ"))), "on:before_day");
        assert_eq!(refusal(desk.take_back_by(&desk.payer, id, (day("2026-11-02"), "خطأ"))), "on:in_future");
        desk.take_back(id, "خطأ في المستلم").unwrap();
        assert_eq!(books(), (300_000, 0, 1_000_000, -1_000_000));
        let early = CashPaymentInput { on: day("2026-10-31"), ..taken(cash_box, voucher) };
        assert_eq!(refusal(desk.hand_out_by(&desk.payer, &early)), "on:before_day", "not before it came back");
        assert_eq!(desk.office.view(voucher).payment, None);
        assert_eq!(desk.office.buckets(GOODS), [0, 0, 700_000, 0, 0, 300_000, 0]);
        assert_eq!(refusal(desk.take_back(id, "مرة أخرى")), "cancel_cash_payment in cancelled");
        let seen = desk.cash(id);
        assert_eq!((seen.state, seen.reason.as_str()), (CashPaymentState::Cancelled, "خطأ في المستلم"));
        assert!(seen.return_entry_id.is_some() && seen.ended_by.is_some() && seen.actions.is_empty());

        let again = desk.hand_out(cash_box, voucher).unwrap();
        assert_eq!(desk.cash(again).number, "C/2");
        assert_eq!(books(), (0, 300_000, 700_000, -1_000_000));
        let numbers =
            |query: &CashPaymentQuery| desk.cash_register(query).into_iter().map(|one| one.number).collect::<Vec<_>>();
        assert_eq!(numbers(&CashPaymentQuery::default()), ["C/2", "C/1"]);
        let state = Some(CashPaymentState::Cancelled);
        assert_eq!(numbers(&CashPaymentQuery { state, ..CashPaymentQuery::default() }), ["C/1"]);
        let q = Some("مندوب 98710".to_owned());
        assert_eq!(numbers(&CashPaymentQuery { q, ..CashPaymentQuery::default() }).len(), 2);
        let from = Some(day("2026-11-02"));
        assert!(numbers(&CashPaymentQuery { from, ..CashPaymentQuery::default() }).is_empty());
        let document_id = Some(voucher + 1);
        assert!(numbers(&CashPaymentQuery { document_id, ..CashPaymentQuery::default() }).is_empty());
    });
}

#[test]
fn cash_is_paid_out_of_boxes_for_what_is_paid_in_cash() {
    both(|test| {
        let desk = Desk::on(test.db(), "100");
        let (cash_box, voucher) = (desk.cash_box(), desk.in_cash("10"));
        assert_eq!(refusal(desk.hand_out(cash_box, desk.voucher("10"))), "document_id:paid_otherwise");
        assert_eq!(refusal(desk.hand_out(cash_box, 999_999)), "document_id:unknown");
        assert_eq!(refusal(desk.hand_out(999_999, voucher)), "bank_account_id:unknown");
        assert_eq!(refusal(desk.hand_out(desk.bank, voucher)), "bank_account_id:account_of_bank");
        sql(desk.db(), &format!("UPDATE bank_accounts SET active = FALSE WHERE id = {cash_box}")).unwrap();
        assert_eq!(refusal(desk.hand_out(cash_box, voucher)), "bank_account_id:inactive");
        sql(desk.db(), "UPDATE bank_accounts SET active = TRUE").unwrap();
        let mut dollars = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "1", "")]);
        (dollars.currency, dollars.method) = ("USD".to_owned(), PayMethod::Cash);
        assert_eq!(refusal(desk.hand_out(cash_box, desk.office.posted(&dollars))), "document_id:other_currency");
        let mut draft = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "1", "")]);
        draft.method = PayMethod::Cash;
        assert_eq!(refusal(desk.hand_out(cash_box, desk.office.draft(&draft).unwrap())), "not_payable");
        let much = desk.in_cash("100.001");
        assert_eq!(refusal(desk.hand_out(cash_box, much)), "cash_short");
        assert_eq!((desk.open(much), desk.cash_register(&CashPaymentQuery::default()).len()), (100_001, 0));

        // A box pays no transfers and has no cheques.
        let run = PaymentRunInput { bank_account_id: cash_box, subject: "دفعة".to_owned(), pay_on: today() };
        let begun = act(desk.db(), &desk.payer, |tx| payments::begin(tx, &desk.payer, &run));
        assert_eq!(refusal(begun), "bank_account_id:account_of_cash");
        let book = ChequeBookInput { bank_account_id: cash_box, series: String::new(), first: 1, last: 9 };
        let opened = act(desk.db(), &desk.payer, |tx| payments::open_book(tx, &desk.payer, &book));
        assert_eq!(refusal(opened), "bank_account_id:account_of_cash");

        sql(desk.db(), "UPDATE fiscal_periods SET state = 'closed' WHERE number = 11").unwrap();
        assert_eq!(refusal(desk.hand_out(cash_box, voucher)), "period_closed");
        assert_eq!(desk.open(voucher), 10_000);
    });
}

#[test]
fn who_takes_the_money_is_known_and_who_pays_is_another_person() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cash_box, voucher) = (desk.cash_box(), desk.in_cash("10"));
        let nobody = CashPaymentInput { taken_by: " ".to_owned(), identity: String::new(), ..taken(cash_box, voucher) };
        assert_eq!(refusal(desk.hand_out_by(&desk.payer, &nobody)), "taken_by:required identity:taker_unknown");
        let long = CashPaymentInput { identity: "9".repeat(41), ..taken(cash_box, voucher) };
        assert_eq!(refusal(desk.hand_out_by(&desk.payer, &long)), "identity:too_long");
        let early = CashPaymentInput { on: day("2026-10-19"), ..taken(cash_box, voucher) };
        assert_eq!(refusal(desk.hand_out_by(&desk.payer, &early)), "on:before_day", "not before its voucher");
        let late = CashPaymentInput { on: day("2026-11-02"), ..taken(cash_box, voucher) };
        assert_eq!(refusal(desk.hand_out_by(&desk.payer, &late)), "on:in_future");
        assert_eq!(refusal(desk.hand_out_by(&desk.office.clerk, &taken(cash_box, voucher))), "finance.pay");
        for name in ["clerk", "staff", "director"] {
            give_right(desk.db(), desk.office.world.mof.users[name], Permission::FinancePay);
            let person = desk.office.world.mof.actor(desk.db(), name);
            assert_eq!(refusal(desk.hand_out_by(&person, &taken(cash_box, voucher))), "payer_had_duty");
        }
        let mut own = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "5", "")]);
        (own.party_id, own.method) = (Some(desk.party("E2", Some(desk.payer.user_id))), PayMethod::Cash);
        assert_eq!(refusal(desk.hand_out(cash_box, desk.office.posted(&own))), "payer_is_paid");
        // A note stands for the number of a card.
        let note = "توقيع المستفيد محفوظ لدى الصندوق".to_owned();
        let noted = CashPaymentInput { identity: String::new(), note, ..taken(cash_box, voucher) };
        let id = desk.hand_out_by(&desk.payer, &noted).unwrap();
        let reader = desk.office.world.mof.actor(desk.db(), "other_head");
        assert_eq!(refusal(desk.take_back_by(&reader, id, (today(), "خطأ"))), "finance.pay");
    });
}

#[test]
fn another_agency_finds_no_box_and_no_payment() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cash_box, voucher) = (desk.cash_box(), desk.in_cash("10"));
        let id = desk.hand_out(cash_box, voucher).unwrap();
        let stranger = desk.office.world.moh.users["sg"];
        for right in [Permission::FinanceRead, Permission::FinancePay] {
            give_right(desk.db(), stranger, right);
        }
        let stranger = desk.office.world.moh.actor(desk.db(), "sg");
        let unknown = desk.hand_out_by(&stranger, &taken(cash_box, voucher));
        assert_eq!(refusal(unknown), "bank_account_id:unknown");
        assert_eq!(refusal(desk.take_back_by(&stranger, id, (today(), "خطأ"))), "no cash_payment");
        let (seen, all, boxes) = desk
            .db()
            .read_now(|tx| {
                let seen = payments::in_cash::view(tx, &stranger, id);
                let all = payments::in_cash::list(tx, &stranger, &CashPaymentQuery::default())?;
                Ok::<_, Refusal>((seen, all, payments::account::boxes(tx, stranger.agency_id)?))
            })
            .unwrap();
        assert_eq!(refusal(seen), "no cash_payment");
        assert!(all.items.is_empty() && boxes.is_empty());
    });
}

#[test]
fn eight_who_pay_one_voucher_pay_it_once() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cash_box, voucher) = (desk.cash_box(), desk.in_cash("100"));
        let (paid, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let (desk, paid, refused) = (&desk, &paid, &refused);
                scope.spawn(move || match desk.hand_out(cash_box, voucher) {
                    Ok(_) => paid.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "not_payable", .. }) => refused.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((paid.into_inner(), refused.into_inner()), (1, 7));
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620202")), (0, 100_000, 900_000));
    });
}

#[test]
fn payments_of_one_box_take_their_numbers_one_by_one() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let cash_box = desk.cash_box();
        let vouchers: Vec<i64> = (0..8).map(|_| desk.in_cash("10")).collect();
        std::thread::scope(|scope| {
            for voucher in &vouchers {
                let desk = &desk;
                scope.spawn(move || desk.hand_out(cash_box, *voucher).unwrap());
            }
        });
        let mut numbers: Vec<String> =
            desk.cash_register(&CashPaymentQuery::default()).into_iter().map(|one| one.number).collect();
        numbers.sort();
        assert_eq!(numbers, (1..=8).map(|number| format!("C/{number}")).collect::<Vec<_>>());
        assert_eq!((desk.used(), desk.balance("620202")), (80_000, 920_000));
    });
}

#[test]
fn a_box_gives_what_it_holds_and_no_more() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cash_box, voucher, more) = (desk.empty_box(), desk.in_cash("100"), desk.in_cash("1"));
        desk.fill("99.999");
        match desk.hand_out(cash_box, voucher) {
            Err(Refusal::Rule { code: "source_short", args, .. }) => {
                let said = ["document", "asked", "left"].map(|name| args[name].as_str());
                assert_eq!(said, ["الخزينة", "100.000", "99.999"]);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620202")), (100_000, 0, 99_999));
        desk.fill("0.001");
        let id = desk.hand_out(cash_box, voucher).unwrap();
        assert_eq!((desk.cash(id).number.as_str(), desk.balance("620202")), ("C/1", 0));
        assert_eq!(refusal(desk.hand_out(cash_box, more)), "source_short");
        desk.take_back(id, "خطأ").unwrap();
        desk.hand_out(cash_box, more).unwrap();
        assert_eq!(desk.balance("620202"), 99_000);
    });
}

#[test]
fn no_document_takes_more_out_of_a_box_than_it_holds() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        desk.empty_box();
        let (office, director) = (&desk.office, &desk.office.director);
        let mut received = office.input(DocumentKind::Receipt, &[("1421", "", "", "100")]);
        received.counter = "620202".to_owned();
        let received = office.posted(&received);
        let to_bank = |amount: &str| {
            let lines = [("620201", "", amount, ""), ("620202", "", "", amount)];
            office.input(DocumentKind::JournalVoucher, &lines)
        };
        let much = office.ready(&to_bank("100.001"));
        match office.authorise(director, much) {
            Err(Refusal::Rule { code: "source_short", args, .. }) => {
                let said = ["document", "asked", "left"].map(|name| args[name].as_str());
                assert_eq!(said, ["الخزينة", "100.001", "100.000"]);
            }
            other => panic!("{other:?}"),
        }
        office.posted(&to_bank("1"));
        let back = office.reverse(received).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        assert_eq!(refusal(office.authorise(director, back)), "source_short");
        assert_eq!(desk.balance("620202"), 99_000);
        desk.fill("1");
        office.authorise(director, back).unwrap();
        assert_eq!(desk.balance("620202"), 0);
    });
}

#[test]
fn eight_who_pay_out_of_one_box_leave_nothing_less_than_nothing_in_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let cash_box = desk.empty_box();
        desk.fill("35");
        let vouchers: Vec<i64> = (0..8).map(|_| desk.in_cash("10")).collect();
        let (paid, short) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for voucher in &vouchers {
                let (desk, paid, short) = (&desk, &paid, &short);
                scope.spawn(move || match desk.hand_out(cash_box, *voucher) {
                    Ok(_) => paid.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "source_short", .. }) => short.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((paid.into_inner(), short.into_inner()), (3, 5));
        assert_eq!((desk.used(), desk.balance("620202")), (30_000, 5_000));
        assert_eq!(desk.cash_register(&CashPaymentQuery::default()).len(), 3);
    });
}
