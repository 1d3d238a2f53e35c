//! Statements of SQL that go past the operations: the database itself refuses.

use diwan_db::Violation;
use diwan_finance_api::PayMethod;
use diwan_testkit::both;

use super::desk::{Desk, TODAY, step};
use crate::{
    documents::tests::office::GOODS,
    ledger::tests::books::{act, sql},
    payments,
};

/// Each statement breaks the rule beside it.
fn refused(desk: &Desk, statements: &[(String, Violation)]) {
    for (statement, rule) in statements {
        let error = sql(desk.db(), statement).expect_err(statement);
        assert_eq!(error.violation(), Some(*rule), "{statement}: {error}");
    }
}

/// An item as SQL: run, document, amount, state.
fn item(desk: &Desk, run: i64, document: i64, (amount, state): (i64, &str)) -> String {
    format!(
        "INSERT INTO payment_items (run_id, agency_id, seq, state, document_id, payee, iban, amount, base_amount, end_to_end, fold,
            added_by, reason)
        VALUES ({run}, {}, 77, '{state}', {document}, 'X', 'JO94CBJO0010000000000131000302', {amount}, {amount}, 'X{run}-{document}', '',
            {}, '')",
        desk.payer.agency_id, desk.payer.user_id
    )
}

#[test]
fn invariant_10_no_document_is_paid_twice_or_beyond_what_is_open_of_it() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (held, free) = (desk.voucher("100"), desk.voucher("50"));
        let cheque = desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "20", "")]);
        let (run, other) = (desk.begin(), desk.begin());
        desk.add(run, &[held]);
        let to_pay = |document: i64, amount: i64| {
            format!("UPDATE finance_documents SET to_pay = {amount} WHERE record_id = {document}")
        };
        refused(
            &desk,
            &[
                (item(&desk, other, held, (100_000, "pending")), Violation::Ledger),
                // Who authorised it adds it to no run.
                (
                    item(&desk, other, free, (50_000, "pending")).replace(
                        &format!("{}, '')", desk.payer.user_id),
                        &format!("{}, '')", desk.office.director.user_id),
                    ),
                    Violation::Ledger,
                ),
                (item(&desk, other, free, (49_999, "pending")), Violation::Ledger),
                (item(&desk, other, free, (50_001, "pending")), Violation::Ledger),
                (item(&desk, other, cheque, (20_000, "pending")), Violation::Ledger),
                (item(&desk, other, free, (50_000, "rejected")), Violation::Ledger),
                // What is open is counted, by nobody's word.
                (to_pay(held, 100_000), Violation::Ledger),
                (to_pay(free, 0), Violation::Ledger),
                (to_pay(free, 49_999), Violation::Ledger),
                (to_pay(free, 50_001), Violation::Ledger),
                ("UPDATE payment_items SET amount = 1".to_owned(), Violation::Immutable),
                ("UPDATE payment_items SET iban = 'GB82WEST12345698765432'".to_owned(), Violation::Immutable),
                ("UPDATE payment_items SET state = 'released'".to_owned(), Violation::Immutable),
                (format!("UPDATE payment_items SET run_id = {other}"), Violation::Immutable),
            ],
        );
        assert_eq!((desk.open(held), desk.open(free)), (0, 50_000));
        // What the database takes, it counts.
        sql(desk.db(), &item(&desk, other, free, (50_000, "pending"))).unwrap();
        assert_eq!(desk.open(free), 0);
        sql(desk.db(), &format!("DELETE FROM payment_items WHERE run_id = {other}")).unwrap();
        assert_eq!(desk.open(free), 50_000);
        // Nobody adds what is paid to them.
        let (payer, supplier) = (desk.payer.user_id, desk.office.supplier);
        sql(desk.db(), &format!("UPDATE parties SET user_id = {payer} WHERE id = {supplier}")).unwrap();
        refused(&desk, &[(item(&desk, other, free, (50_000, "pending")), Violation::Ledger)]);
    });
}

#[test]
fn invariant_12_runs_are_approved_by_others_within_limits_and_then_stay() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (run, free) = (desk.begin(), desk.voucher("50"));
        desk.add(run, &[desk.voucher("100")]);
        let (payer, director, clerk) = (desk.payer.user_id, desk.office.director.user_id, desk.office.clerk.user_id);
        let set = |columns: &str| format!("UPDATE payment_runs SET {columns} WHERE record_id = {run}");
        let approve = |by: i64| {
            set(&format!(
                "state = 'approved', approved_by = {by}, approved_on = '{TODAY}', approved_at = '{TODAY} 08:00:00'"
            ))
        };
        let hash = "a".repeat(64);
        let send = set(&format!(
            "state = 'sent', sent_by = {payer}, sent_at = '{TODAY} 08:00:00', file_hash = '{hash}', csv_hash = '{hash}'"
        ));
        refused(
            &desk,
            &[
                (approve(payer), Violation::Ledger),
                (approve(clerk), Violation::Ledger),
                (set("state = 'approved'"), Violation::Ledger),
                (send.clone(), Violation::Immutable),
                (set("state = 'executed'"), Violation::Immutable),
                (set("prepared_by = 1"), Violation::Immutable),
                (format!("{}; {}", set("amount = 1"), approve(director)), Violation::Ledger),
                (format!("DELETE FROM payment_runs WHERE record_id = {run}"), Violation::Immutable),
                ("UPDATE bank_accounts SET currency = 'USD'".to_owned(), Violation::Immutable),
            ],
        );
        desk.approve(&desk.office.director, run).unwrap();
        refused(
            &desk,
            &[
                // Who prepared, certified or authorised what is paid does not send it.
                (send.replace(&format!("sent_by = {payer}"), &format!("sent_by = {clerk}")), Violation::Ledger),
                (send.replace(&format!("sent_by = {payer}"), &format!("sent_by = {director}")), Violation::Ledger),
                (item(&desk, run, free, (50_000, "pending")), Violation::Ledger),
                (format!("DELETE FROM payment_items WHERE run_id = {run}"), Violation::Immutable),
                (set("amount = 1"), Violation::Immutable),
                (set("pay_on = '2026-12-01'"), Violation::Immutable),
                (set(&format!("approved_by = {clerk}")), Violation::Immutable),
                (
                    set("state = 'draft', approved_by = NULL, approved_on = NULL, approved_at = NULL"),
                    Violation::Immutable,
                ),
                (set("state = 'sent'"), Violation::Check),
                (send, Violation::ForeignKey),
            ],
        );
        desk.send(run).unwrap();
        refused(
            &desk,
            &[
                (set("state = 'void', reason = 'x'"), Violation::Immutable),
                (set("state = 'executed'"), Violation::Ledger),
                (set(&format!("file_hash = '{hash}'")), Violation::Immutable),
            ],
        );
    });
}

#[test]
fn invariant_9_nothing_is_executed_or_returned_without_its_entry() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let run = desk.sent(&[desk.voucher("100"), desk.voucher("50")]);
        let items = desk.items(run);
        let [first, second] = &items[..] else { panic!() };
        desk.execute(run, &[first.id]).unwrap();
        let entry = desk.items(run)[0].entry_id.unwrap();
        let set = |item: i64, columns: &str| format!("UPDATE payment_items SET {columns} WHERE id = {item}");
        let executed = |entry: i64, seq: i32| {
            format!("state = 'executed', executed_on = '{TODAY}', entry_id = {entry}, entry_seq = {seq}")
        };
        let returned = format!(
            "state = 'returned', failed_on = '{TODAY}', reason = 'x', return_entry_id = {entry}, return_seq = 2"
        );
        refused(
            &desk,
            &[
                // The entry of the other item, its other side, another amount, none at all.
                (set(second.id, &executed(entry, 2)), Violation::Ledger),
                (set(second.id, &executed(entry, 1)), Violation::Ledger),
                (set(second.id, &executed(entry, 9)), Violation::Ledger),
                (set(second.id, "state = 'executed'"), Violation::Ledger),
                (set(second.id, &returned), Violation::Immutable),
                (set(first.id, &returned), Violation::Ledger),
                (
                    set(first.id, &format!("state = 'rejected', failed_on = '{TODAY}', reason = 'x'")),
                    Violation::Immutable,
                ),
                (
                    set(first.id, "state = 'pending', executed_on = NULL, entry_id = NULL, entry_seq = NULL"),
                    Violation::Immutable,
                ),
                (set(first.id, "executed_on = '2026-10-31'"), Violation::Immutable),
            ],
        );
        desk.give_back(run, &[first.id]).unwrap();
        refused(
            &desk,
            &[
                (set(first.id, "reason = 'y'"), Violation::Immutable),
                (set(first.id, "state = 'executed'"), Violation::Immutable),
            ],
        );
    });
}

#[test]
fn invariant_15_numbers_of_cheques_follow_each_other_and_cheques_have_their_entries() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("", (1, 9)).unwrap();
        let voucher = |amount: &str| desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, amount, "")]);
        let (first, second) = (voucher("100"), voucher("50"));
        let cheque = desk.issue(book, first).unwrap();
        let spoilt = |number: i64| {
            format!(
                "INSERT INTO cheques (agency_id, book_id, bank_account_id, series, number, state, payee, fold, currency, amount,
                    base_amount, issued_on, issued_by, issued_at, handed_to, ended_on, reason)
                VALUES ({}, {book}, {}, '', {number}, 'spoilt', '', '', 'JOD', 0, 0, '{TODAY}', {}, '{TODAY} 08:00:00', '', '{TODAY}', 'x')",
                desk.payer.agency_id, desk.bank, desk.payer.user_id
            )
        };
        let copy = |document: i64, number: i64| {
            format!(
                "INSERT INTO cheques (agency_id, book_id, bank_account_id, series, number, state, document_id, payee, fold, currency,
                    amount, base_amount, issued_on, issued_by, issued_at, handed_to, reason, entry_id, entry_seq)
                SELECT agency_id, book_id, bank_account_id, series, {number}, 'issued', {document}, payee, fold, currency,
                    amount, base_amount, issued_on, issued_by, issued_at, handed_to, reason, entry_id, entry_seq
                FROM cheques WHERE id = {cheque}"
            )
        };
        let book_set = |columns: &str| format!("UPDATE cheque_books SET {columns} WHERE id = {book}");
        let set = |columns: &str| format!("UPDATE cheques SET {columns} WHERE id = {cheque}");
        refused(
            &desk,
            &[
                (spoilt(1), Violation::Ledger),
                (spoilt(3), Violation::Ledger),
                (copy(first, 2), Violation::Ledger),
                (copy(second, 2), Violation::Ledger),
                (book_set("next_number = 3"), Violation::Immutable),
                (book_set("next_number = 1"), Violation::Immutable),
                (book_set("last_number = 20"), Violation::Immutable),
                ("DELETE FROM cheque_books".to_owned(), Violation::Immutable),
                ("DELETE FROM cheques".to_owned(), Violation::Immutable),
                (set("amount = 1"), Violation::Immutable),
                (set("payee = 'X'"), Violation::Immutable),
                (set(&format!("state = 'cleared', ended_on = '{TODAY}'")), Violation::Immutable),
                (set(&format!("state = 'cancelled', ended_on = '{TODAY}', reason = 'x'")), Violation::Ledger),
                (
                    format!(
                        "INSERT INTO cheque_books (agency_id, bank_account_id, series, first_number, last_number, next_number, closed,
                            added_by, added_at)
                        SELECT agency_id, bank_account_id, series, 5, 12, 5, '', added_by, added_at FROM cheque_books WHERE id = {book}"
                    ),
                    Violation::Ledger,
                ),
            ],
        );
        sql(desk.db(), &spoilt(2)).unwrap();
        act(desk.db(), &desk.payer, |tx| payments::cancel(tx, &desk.payer, cheque, &step("خطأ"))).unwrap();
        refused(&desk, &[(set("state = 'issued'"), Violation::Immutable)]);
        desk.issue(book, second).unwrap();
    });
}

#[test]
fn a_cleared_cheque_goes_back_to_whom_it_was_handed_over_and_nowhere_else() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let book = desk.book("", (1, 9)).unwrap();
        let voucher = desk.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "100", "")]);
        let cheque = desk.issue(book, voucher).unwrap();
        desk.hand_over(cheque, &step("المستفيد")).unwrap();
        desk.clear(cheque, &step("")).unwrap();
        let set = |columns: &str| format!("UPDATE cheques SET {columns} WHERE id = {cheque}");
        let back = "state = 'handed_over', ended_on = NULL";
        refused(
            &desk,
            &[
                (set("state = 'issued', ended_on = NULL"), Violation::Immutable),
                (set("state = 'issued', ended_on = NULL, handed_on = NULL, handed_to = ''"), Violation::Immutable),
                (set("state = 'cancelled', reason = 'x'"), Violation::Ledger),
                (set("state = 'stale', reason = 'x'"), Violation::Ledger),
                (set("state = 'spoilt', reason = 'x'"), Violation::Immutable),
                (set("ended_on = '2026-11-02'"), Violation::Immutable),
                (set(&format!("{back}, handed_to = 'X'")), Violation::Immutable),
                (set(&format!("{back}, amount = 1")), Violation::Immutable),
                (set(&format!("{back}, reason = 'x'")), Violation::Check),
                (set("state = 'handed_over'"), Violation::Check),
            ],
        );
        sql(desk.db(), &set(back)).unwrap();
        assert_eq!(desk.open(voucher), 0, "it pays as before");
    });
}

#[test]
fn cash_is_paid_once_with_its_entry_by_another_person() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cash_box, first, second) = (desk.cash_box(), desk.in_cash("100"), desk.in_cash("100"));
        let id = desk.hand_out(cash_box, first).unwrap();
        desk.begin();
        let (payer, clerk) = (desk.payer.user_id, desk.office.clerk.user_id);
        let copy = |document: i64, number: i64, by: i64| {
            format!(
                "INSERT INTO cash_payments (agency_id, bank_account_id, number, state, document_id, payee, taken_by, identity, note,
                    fold, currency, amount, base_amount, paid_on, paid_by, paid_at, entry_id, entry_seq, reason)
                SELECT agency_id, bank_account_id, {number}, 'paid', {document}, payee, taken_by, identity, note,
                    fold, currency, amount, base_amount, paid_on, {by}, paid_at, entry_id, entry_seq, ''
                FROM cash_payments WHERE id = {id}"
            )
        };
        let set = |columns: &str| format!("UPDATE cash_payments SET {columns} WHERE id = {id}");
        let cancelled = format!("state = 'cancelled', ended_on = '{TODAY}', ended_by = {payer}, reason = 'x'");
        let mirrored = format!("{cancelled}, return_entry_id = entry_id, return_seq = entry_seq");
        refused(
            &desk,
            &[
                (copy(first, 2, payer), Violation::Ledger),
                // The entry of the other voucher.
                (copy(second, 2, payer), Violation::Ledger),
                ("DELETE FROM cash_payments".to_owned(), Violation::Immutable),
                (set("amount = 1"), Violation::Immutable),
                (set("taken_by = 'X'"), Violation::Immutable),
                (set(&cancelled), Violation::Ledger),
                (set(&mirrored), Violation::Ledger),
                (format!("UPDATE finance_documents SET to_pay = 100000 WHERE record_id = {first}"), Violation::Ledger),
                (format!("UPDATE bank_accounts SET cash = FALSE WHERE id = {cash_box}"), Violation::Immutable),
                (format!("UPDATE bank_accounts SET cash = TRUE WHERE id = {}", desk.bank), Violation::Immutable),
                (
                    format!(
                        "INSERT INTO cheque_books (agency_id, bank_account_id, series, first_number, last_number, next_number, closed,
                            added_by, added_at)
                        VALUES ({}, {cash_box}, '', 1, 9, 1, '', {payer}, '{TODAY} 08:00:00')",
                        desk.payer.agency_id
                    ),
                    Violation::Ledger,
                ),
            ],
        );
        desk.take_back(id, "خطأ").unwrap();
        refused(
            &desk,
            &[
                (set("state = 'paid'"), Violation::Immutable),
                (set("reason = 'y'"), Violation::Immutable),
                (copy(first, 3, payer), Violation::Ledger),
                (copy(first, 2, clerk), Violation::Ledger),
                // An entry pays once.
                (copy(first, 2, payer), Violation::Unique),
            ],
        );
        sql(desk.db(), &format!("UPDATE parties SET user_id = {payer} WHERE id = {}", desk.office.supplier)).unwrap();
        refused(&desk, &[(copy(first, 2, payer), Violation::Ledger)]);
        assert_eq!(desk.open(first), 100_000);
    });
}
