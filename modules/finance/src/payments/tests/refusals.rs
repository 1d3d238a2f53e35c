//! What is refused: rights, duties, limits, cash, wrong documents, wrong states, other agencies.

use diesel::prelude::*;
use diwan_db::Violation;
use diwan_finance_api::{
    ChequeInput, DocumentKind, ExecutePayments, PayMethod, PaymentRunInput, PaymentRunState, ReturnPayments,
};
use diwan_kernel::Permission;
use diwan_platform::{Actor, secrets::Secrets};
use diwan_schema::finance::authority_limits;
use diwan_testkit::{both, give_right};

use super::desk::{Desk, IBAN, TODAY, stored, today};
use crate::{
    documents::tests::office::{GOODS, refusal},
    ledger::tests::books::{act, day, sql},
    payments,
};

#[test]
fn rights_states_and_versions_are_asked_for() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let clerk = &desk.office.clerk;
        assert_eq!(refusal(desk.begin_by(clerk)), "finance.pay");
        let voucher = desk.voucher("100");
        let run = desk.begin();
        assert_eq!(refusal(desk.add_by(clerk, run, &[voucher])), "finance.pay");
        assert_eq!(refusal(desk.add_by(&desk.payer, run, &[])), "documents:required");
        assert_eq!(refusal(desk.add_by(&desk.payer, run, &[voucher, 999_999])), "no finance_document");
        assert_eq!(refusal(desk.approve(&desk.office.director, run)), "run_empty");
        desk.add(run, &[voucher]);
        assert_eq!(refusal(desk.approve(&desk.payer, run)), "finance.authorise");
        assert_eq!(refusal(desk.approve(clerk, run)), "finance.authorise");
        assert_eq!(refusal(desk.send(run)), "send_payment_run in draft");
        assert_eq!(refusal(desk.execute(run, &[])), "execute_payment_run in draft");
        assert_eq!(refusal(desk.give_back(run, &[1])), "return_payment_run in draft");
        assert_eq!(refusal(desk.remove(run, &[999_999])), "items:unknown");
        assert_eq!(refusal(desk.remove(run, &[])), "items:required");
        let secrets = Secrets::from_key([0; 32]);
        let director = &desk.office.director;
        let old = act(desk.db(), director, |tx| payments::approve(tx, &secrets, director, run, 1));
        assert_eq!(refusal(old), "stale");
        desk.approve(director, run).unwrap();
        assert_eq!(refusal(desk.approve(director, run)), "approve_payment_run in approved");
        assert_eq!(refusal(desk.add_by(&desk.payer, run, &[voucher])), "edit_payment_run in approved");
        assert_eq!(refusal(desk.remove(run, &[desk.items(run)[0].id])), "edit_payment_run in approved");
        desk.send(run).unwrap();
        assert_eq!(refusal(desk.void(run)), "void_payment_run in sent");
        let item = desk.items(run)[0].id;
        let execute = |on: &str| {
            let input = ExecutePayments { on: day(on), items: vec![item] };
            act(desk.db(), &desk.payer, |tx| payments::execute(tx, &desk.payer, run, &input))
        };
        assert_eq!(refusal(execute("2026-11-02")), "on:in_future");
        assert_eq!(refusal(execute("2026-10-31")), "on:before_day", "not before it was approved");
        assert_eq!(refusal(desk.execute(run, &[item, 999_999])), "items:item_state");
        let silent = ReturnPayments { on: today(), items: vec![item], reason: " ".to_owned() };
        let silent = act(desk.db(), &desk.payer, |tx| payments::reject(tx, &desk.payer, run, &silent));
        assert_eq!(refusal(silent), "reason:required");
        execute("2026-11-01").unwrap();
        assert_eq!(refusal(desk.execute(run, &[])), "execute_payment_run in executed");
        assert_eq!(refusal(desk.give_back(run, &[])), "items:required");
    });
}

#[test]
fn forms_say_every_wrong_field() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let begin = |bank: i64, subject: &str, pay_on: &str| {
            let input = PaymentRunInput { bank_account_id: bank, subject: subject.to_owned(), pay_on: day(pay_on) };
            act(desk.db(), &desk.payer, |tx| payments::begin(tx, &desk.payer, &input))
        };
        assert_eq!(refusal(begin(desk.bank, "", "2026-10-31")), "subject:required pay_on:in_the_past");
        assert_eq!(refusal(begin(999_999, "دفعة", "2026-11-01")), "bank_account_id:unknown");
        sql(desk.db(), "UPDATE bank_accounts SET iban = ''").unwrap();
        assert_eq!(refusal(begin(desk.bank, "دفعة", "2026-11-01")), "bank_account_id:account_without_iban");
        sql(desk.db(), &format!("UPDATE bank_accounts SET iban = '{IBAN}', active = FALSE")).unwrap();
        assert_eq!(refusal(begin(desk.bank, "دفعة", "2026-11-01")), "bank_account_id:inactive");
        sql(desk.db(), "UPDATE bank_accounts SET active = TRUE").unwrap();
        let run = begin(desk.bank, "دفعة", "2026-11-01").unwrap();
        let update = |bank: i64, version: i64| {
            let input =
                PaymentRunInput { bank_account_id: bank, subject: "أخرى".to_owned(), pay_on: day("2026-11-03") };
            act(desk.db(), &desk.payer, |tx| payments::update(tx, &desk.payer, run, version, &input))
        };
        assert_eq!(refusal(update(desk.bank + 1, 1)), "bank_account_id:account_fixed");
        assert_eq!(refusal(update(desk.bank, 7)), "stale");
        update(desk.bank, 1).unwrap();
        let seen = desk.view(run);
        assert_eq!((seen.subject.as_str(), seen.pay_on, seen.version), ("أخرى", day("2026-11-03"), 2));
    });
}

#[test]
fn what_cannot_be_paid_is_told_beside_what_can() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let good = desk.voucher("10");
        let held = desk.voucher("20");
        desk.add(desk.begin(), &[held]);
        let cheque = desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "30", "")]);
        let draft =
            desk.office.draft(&desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")])).unwrap();
        let mut dollars = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "1", "")]);
        dollars.currency = "USD".to_owned();
        let dollars = desk.office.posted(&dollars);
        let party = desk.party("S2", None);
        let mut other = desk.office.input(DocumentKind::Advance, &[("620801", "", "5", "")]);
        other.party_id = Some(party);
        let other = desk.office.posted(&other);
        desk.iban(party, "JO95CBJO0010000000000131000302");
        let run = desk.begin();
        let mut added = desk.add(run, &[good, held, cheque, draft, dollars, other]);
        assert_eq!((added.added, added.run.amount), (1, 10_000));
        added.refused.sort_by_key(|one| one.document_id);
        let told: Vec<(i64, &str)> = added.refused.iter().map(|one| (one.document_id, one.code.as_str())).collect();
        let mut expected = vec![
            (held, "not_payable"),
            (cheque, "paid_otherwise"),
            (draft, "not_payable"),
            (dollars, "other_currency"),
            (other, "iban_check"),
        ];
        expected.sort_unstable();
        assert_eq!(told, expected);
        desk.iban(party, "");
        assert_eq!(desk.add(run, &[other]).refused[0].code, "iban_missing");
        desk.iban(party, IBAN);
        assert_eq!(desk.add(run, &[other]).added, 1);
        assert_eq!(desk.add(run, &[other]).refused[0].code, "not_payable", "it is in already");
    });
}

#[test]
fn what_is_owed_from_a_later_day_on_is_paid_by_a_run_of_that_day() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let mut ahead = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")]);
        ahead.effective_on = day("2026-11-03");
        let (voucher, run) = (desk.office.posted(&ahead), desk.begin());
        assert_eq!(desk.add(run, &[voucher]).refused[0].code, "before_day");
        let dated = |pay_on: &str| {
            let input =
                PaymentRunInput { bank_account_id: desk.bank, subject: "دفعة".to_owned(), pay_on: day(pay_on) };
            let version = desk.view(run).version;
            act(desk.db(), &desk.payer, |tx| payments::update(tx, &desk.payer, run, version, &input))
        };
        dated("2026-11-03").unwrap();
        assert_eq!(desk.add(run, &[voucher]).added, 1);
        assert_eq!(refusal(dated("2026-11-02")), "pay_on:before_day");
        desk.approve(&desk.office.director, run).unwrap();
        desk.send(run).unwrap();
        let execute = |on: &str| {
            let input = ExecutePayments { on: day(on), items: Vec::new() };
            act(desk.db(), &desk.payer, |tx| payments::execute(tx, &desk.payer, run, &input))
        };
        assert_eq!(refusal(execute("2026-11-01")), "on:before_day", "nothing of it is owed yet");
        test.clock().set("2026-11-03T08:00:00".parse().unwrap());
        assert_eq!(refusal(execute("2026-11-02")), "on:before_day");
        execute("2026-11-03").unwrap();
    });
}

#[test]
fn who_is_not_active_any_more_is_not_paid() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let cheque = desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "30", "")]);
        let (transfer, run, book) = (desk.voucher("10"), desk.begin(), desk.book("", (1, 9)).unwrap());
        let active = |yes: &str| {
            sql(desk.db(), &format!("UPDATE parties SET active = {yes} WHERE id = {}", desk.office.supplier)).unwrap();
        };
        active("FALSE");
        assert_eq!(desk.add(run, &[transfer]).refused[0].code, "party_inactive");
        assert_eq!(refusal(desk.issue(book, cheque)), "document_id:party_inactive");
        active("TRUE");
        assert_eq!(desk.add(run, &[transfer]).added, 1);
        desk.issue(book, cheque).unwrap();
        // Nor by a run that it was in already.
        active("FALSE");
        assert_eq!(refusal(desk.approve(&desk.office.director, run)), "party_inactive");
        active("TRUE");
        desk.approve(&desk.office.director, run).unwrap();
    });
}

/// Who may pay, and approve runs of 50 dinars; no document is theirs.
fn deputy(desk: &Desk) -> Actor {
    let user = desk.office.world.mof.users["other_head"];
    give_right(desk.db(), user, Permission::FinancePay);
    give_right(desk.db(), user, Permission::FinanceAuthorise);
    let deputy = desk.office.world.mof.actor(desk.db(), "other_head");
    act(desk.db(), &desk.office.director, |tx| {
        Ok(diesel::insert_into(authority_limits::table)
            .values((
                (authority_limits::agency_id.eq(deputy.agency_id), authority_limits::user_id.eq(user)),
                (authority_limits::kind.eq("payment_run"), authority_limits::amount.eq(50_000_i64)),
                (authority_limits::active_from.eq(day("2026-01-01")), authority_limits::reference.eq("")),
                authority_limits::version.eq(1_i64),
            ))
            .execute(tx.conn())?)
    })
    .unwrap();
    deputy
}

#[test]
fn who_made_a_run_or_is_paid_by_it_does_not_approve_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let office = &desk.office;
        let users = &office.world.mof.users;
        let vouchers = [desk.voucher("10"), desk.voucher("20"), desk.voucher("50.001")];
        let mut advance = office.input(DocumentKind::Advance, &[("620801", "", "5", "")]);
        advance.party_id = Some(desk.party("E2", Some(users["other_head"])));
        let advance = office.posted(&advance);
        let (director, deputy) = (&office.director, deputy(&desk));
        let own = desk.begin_by(&deputy).unwrap();
        desk.add(own, &vouchers[..1]);
        assert_eq!(refusal(desk.approve(&deputy, own)), "own_payment_run");
        let helped = desk.begin();
        desk.add_by(&deputy, helped, &vouchers[1..2]).unwrap();
        assert_eq!(refusal(desk.approve(&deputy, helped)), "own_payment_run", "nor who added to it");
        desk.approve(director, helped).unwrap();
        let paid = desk.begin();
        desk.add(paid, &[advance]);
        let offered = |run: i64| desk.db().read_now(|tx| payments::view(tx, &deputy, run)).unwrap().actions;
        assert!(!offered(paid).iter().any(|action| action == "approve"));
        assert_eq!(refusal(desk.approve(&deputy, paid)), "payee_approves");
        desk.approve(director, paid).unwrap();
        let much = desk.begin();
        desk.add(much, &vouchers[2..]);
        assert_eq!(refusal(desk.approve(&deputy, much)), "no_authority");
    });
}

#[test]
fn who_approved_a_run_or_is_paid_by_it_does_not_send_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let user = desk.office.world.mof.users["other_head"];
        let mut advance = desk.office.input(DocumentKind::Advance, &[("620801", "", "5", "")]);
        advance.party_id = Some(desk.party("E2", Some(user)));
        let (advance, voucher) = (desk.office.posted(&advance), desk.voucher("10"));
        let (deputy, paid, approved) = (deputy(&desk), desk.begin(), desk.begin());
        let added = desk.add_by(&deputy, paid, &[advance]).unwrap();
        assert_eq!((added.added, added.refused[0].code.as_str()), (0, "payer_is_paid"));
        desk.add(paid, &[advance]);
        desk.add(approved, &[voucher]);
        desk.approve(&desk.office.director, paid).unwrap();
        desk.approve(&deputy, approved).unwrap();
        let seen = desk.db().read_now(|tx| payments::view(tx, &deputy, approved)).unwrap();
        assert_eq!(seen.actions, ["void"]);
        let seen = desk.db().read_now(|tx| payments::view(tx, &deputy, paid)).unwrap();
        assert_eq!(seen.actions, ["void"], "who is paid by it is not offered to send it");
        assert_eq!(refusal(desk.send_by(&deputy, paid)), "payer_is_paid");
        assert_eq!(refusal(desk.send_by(&deputy, approved)), "own_payment_run");
        for run in [paid, approved] {
            let past = format!(
                "UPDATE payment_runs SET state = 'sent', sent_by = {user}, sent_at = '{TODAY} 08:00:00', file_hash = 'x', csv_hash = 'x'
                WHERE record_id = {run}"
            );
            let error = sql(desk.db(), &past).expect_err("another sends it");
            assert_eq!(error.violation(), Some(Violation::Ledger), "{error}");
            desk.send(run).unwrap();
        }
    });
}

#[test]
fn who_had_a_duty_in_a_document_does_not_pay_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let cheque = desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "20", "")]);
        let (transfer, run, book) = (desk.voucher("10"), desk.begin(), desk.book("", (1, 9)).unwrap());
        let people = ["clerk", "staff", "director"].map(|name| {
            give_right(desk.db(), desk.office.world.mof.users[name], Permission::FinancePay);
            desk.office.world.mof.actor(desk.db(), name)
        });
        for person in &people {
            let added = desk.add_by(person, run, &[transfer]).unwrap();
            assert_eq!((added.added, added.refused[0].code.as_str()), (0, "payer_had_duty"));
            let input = ChequeInput { book_id: book, document_id: cheque, on: today() };
            let issued = act(desk.db(), person, |tx| payments::issue(tx, person, &input));
            assert_eq!(refusal(issued), "payer_had_duty");
        }
        desk.add(run, &[transfer]);
        desk.approve(&desk.office.director, run).unwrap();
        let (version, files) = (desk.view(run).version, (stored(b"pain"), stored(b"csv")));
        for person in &people {
            let seen = desk.db().read_now(|tx| payments::view(tx, person, run)).unwrap();
            assert!(!seen.actions.iter().any(|action| action == "send"));
            let sent = act(desk.db(), person, |tx| payments::send(tx, person, (run, version), (&files.0, &files.1)));
            assert_eq!(refusal(sent), "payer_had_duty");
        }
        desk.issue(book, cheque).unwrap();
        assert!(desk.view(run).actions.iter().any(|action| action == "send"));
        desk.send(run).unwrap();
    });
}

#[test]
fn the_limit_covers_the_whole_run_and_cash_stays_within_the_releases() {
    both(|test| {
        let desk = Desk::on(test.db(), "300");
        let (first, second) = (desk.voucher("200"), desk.voucher("150"));
        let run = desk.begin();
        desk.add(run, &[first, second]);
        sql(desk.db(), "UPDATE authority_limits SET amount = 349999").unwrap();
        assert_eq!(refusal(desk.approve(&desk.office.director, run)), "no_authority");
        sql(desk.db(), "UPDATE authority_limits SET amount = 350000, active_to = '2026-10-31'").unwrap();
        assert_eq!(refusal(desk.approve(&desk.office.director, run)), "no_authority", "not on that day any more");
        sql(desk.db(), "UPDATE authority_limits SET amount = 100000000, active_to = NULL").unwrap();
        assert_eq!(refusal(desk.approve(&desk.office.director, run)), "cash_short");
        desk.remove(run, &[desk.items(run)[1].id]).unwrap();
        desk.approve(&desk.office.director, run).unwrap();
        desk.send(run).unwrap();
        // What was ordered is not drawn back meanwhile: the bank may have paid it.
        let back =
            |amount: &str| desk.office.ready(&desk.office.input(DocumentKind::Release, &[("", GOODS, "", amount)]));
        let much = desk.office.authorise(&desk.office.director, back("100.001"));
        assert_eq!(refusal(much), "release_over_allotment");
        desk.office.authorise(&desk.office.director, back("100")).unwrap();
        assert_eq!((desk.view(run).state, desk.line_cash()), (PaymentRunState::Sent, (200_000, 200_000, 0)));
        desk.execute(run, &[]).unwrap();
        assert_eq!(desk.line_cash(), (200_000, 0, 200_000));
    });
}

#[test]
fn a_closed_period_takes_no_payment() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let run = desk.sent(&[desk.voucher("100")]);
        sql(desk.db(), "UPDATE fiscal_periods SET state = 'closed' WHERE number = 11").unwrap();
        assert_eq!(refusal(desk.execute(run, &[])), "period_closed");
        assert_eq!(desk.items(run)[0].entry_id, None);
    });
}

#[test]
fn another_agency_finds_nothing() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let run = desk.begin();
        let stranger = desk.office.world.moh.users["sg"];
        for right in [Permission::FinanceRead, Permission::FinancePay, Permission::FinanceAuthorise] {
            give_right(desk.db(), stranger, right);
        }
        let stranger = desk.office.world.moh.actor(desk.db(), "sg");
        let seen = desk.db().read_now(|tx| payments::view(tx, &stranger, run));
        assert_eq!(refusal(seen), "no payment_run");
        assert_eq!(refusal(desk.add_by(&stranger, run, &[1])), "no payment_run");
        assert_eq!(refusal(desk.approve(&stranger, run)), "no payment_run");
        let voucher = desk.voucher("10");
        let payable = desk.db().read_now(|tx| payments::payable(tx, &stranger, &Default::default())).unwrap();
        assert!(payable.items.is_empty());
        let book = desk.book("", (1, 10)).unwrap();
        let input = diwan_finance_api::ChequeInput { book_id: book, document_id: voucher, on: today() };
        let issued = act(desk.db(), &stranger, |tx| payments::issue(tx, &stranger, &input));
        assert_eq!(refusal(issued), "book_id:unknown");
    });
}
