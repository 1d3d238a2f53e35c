//! What the bank has paid is not given up, and what was given up is no item between the books and the bank.

use diesel::prelude::*;
use diwan_db::Violation;
use diwan_finance_api::{
    AcceptMatches, BookLineId, ChequeState, DeskQuery, DocumentInput, DocumentKind, ManualMatch, NewReconciliation,
    PayMethod, StatementQuery,
};
use diwan_kernel::Permission;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{bank_lines, cheques};
use diwan_testkit::{both, give_right};

use super::desk::{Desk, TODAY, step, stored, today};
use crate::{
    bank::{self, tests::counter::mt940},
    documents::tests::office::{GOODS, refusal},
    ledger::tests::books::{act, sql},
    payments::{self, alone, books::Payment},
};

impl Desk {
    /// Brings the statement of today, in which the bank pays this many fils; answers the statement and its line.
    fn bank_pays(&self, fils: i64, words: &str) -> (i64, i64) {
        let statement = self.statement(1, 0, (-fils, words));
        let lines = bank_lines::table.select(bank_lines::id);
        let line = self.db().read_now(|tx| Ok::<i64, Refusal>(lines.first(tx.conn())?)).unwrap();
        (statement, line)
    }

    /// Brings a statement of today with one line.
    fn statement(&self, number: u32, opening: i64, (fils, words): (i64, &str)) -> i64 {
        let file = mt940(number, opening, (TODAY, TODAY), &[(TODAY, fils, words)]);
        let (payer, kept) = (&self.payer, stored(&file));
        let account = self.db().read_now(|tx| bank::account(tx, payer.agency_id, self.bank)).unwrap();
        let source = bank::read_file(&file, &account, &StatementQuery::default()).unwrap();
        let made = act(self.db(), payer, |tx| bank::import(tx, payer, self.bank, &source, (&kept, "statement.sta")));
        made.unwrap().ids[0]
    }

    /// A cheque of 100 dinars with the number A100, and the voucher that it pays.
    fn cheque(&self) -> (i64, i64) {
        let book = self.book("A", (100, 109)).unwrap();
        let voucher = self.voucher_by(PayMethod::Cheque, &[("2219", GOODS, "100", "")]);
        (self.issue(book, voucher).unwrap(), voucher)
    }

    fn cancel_cheque(&self, cheque: i64) -> Outcome<()> {
        act(self.db(), &self.payer, |tx| payments::cancel(tx, &self.payer, cheque, &step("خطأ")))
    }

    fn stale_cheque(&self, cheque: i64) -> Outcome<()> {
        act(self.db(), &self.payer, |tx| payments::stale(tx, &self.payer, cheque, &step("لم يُصرف")))
    }

    /// Takes a cheque down as cleared, whatever the bank says.
    fn clear_by_hand(&self, cheque: i64) {
        self.hand_over(cheque, &step("مندوب الشركة")).unwrap();
        self.clear(cheque, &step("")).unwrap();
    }

    /// Accepts all matches that are certain.
    fn accept(&self) {
        let certain = AcceptMatches { lines: Vec::new() };
        act(self.db(), &self.payer, |tx| bank::accept(tx, &self.payer, self.bank, &certain)).unwrap();
    }
}

#[test]
fn a_cheque_that_the_bank_paid_is_not_given_up() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, voucher)) = (&desk.payer, desk.cheque());
        let (_, line) = desk.bank_pays(100_000, "Cheque A100");
        let certain = AcceptMatches { lines: Vec::new() };
        act(desk.db(), payer, |tx| bank::accept(tx, payer, desk.bank, &certain)).unwrap();
        assert_eq!(refusal(desk.cancel_cheque(cheque)), "paid_by_bank");
        let stale = act(desk.db(), payer, |tx| payments::stale(tx, payer, cheque, &step("لم يُصرف")));
        assert_eq!(refusal(stale), "paid_by_bank");
        assert_eq!((desk.open(voucher), desk.balance("620201")), (0, -100_000));
        // Nor past the operations, though the books had it back.
        let payment =
            Payment { document_id: voucher, amount: 100_000, base_amount: 100_000, reference: "A100".to_owned() };
        let back = act(desk.db(), payer, |tx| alone::give_back(tx, payer, (desk.bank, today()), &payment)).unwrap();
        let given_up = format!(
            "UPDATE cheques SET state = 'cancelled', ended_on = '{TODAY}', reason = 'x', return_entry_id = {back}, return_seq = 2
            WHERE id = {cheque}"
        );
        let error = sql(desk.db(), &given_up).expect_err("it is matched");
        assert_eq!(error.violation(), Some(Violation::Ledger), "{error}");
        // A match that was wrong is undone first.
        act(desk.db(), payer, |tx| bank::undo(tx, payer, line)).unwrap();
        sql(desk.db(), &given_up).unwrap();
        assert_eq!(desk.open(voucher), 100_000);
    });
}

#[test]
fn a_cheque_that_the_bank_paid_stays_cleared_and_a_match_moves_no_cheque() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, _)) = (&desk.payer, desk.cheque());
        let state = || {
            let of = cheques::table.find(cheque).select(cheques::state);
            desk.db().read_now(|tx| Ok::<String, Refusal>(of.first(tx.conn())?)).unwrap()
        };
        let accept = || {
            let certain = AcceptMatches { lines: Vec::new() };
            act(desk.db(), payer, |tx| bank::accept(tx, payer, desk.bank, &certain)).unwrap();
        };
        desk.hand_over(cheque, &step("مندوب الشركة")).unwrap();
        desk.clear(cheque, &step("")).unwrap();
        let (_, line) = desk.bank_pays(100_000, "Cheque A100");
        accept();
        assert_eq!(refusal(desk.unclear(cheque, &step("خطأ"))), "paid_by_bank");
        let back = format!("UPDATE cheques SET state = 'handed_over', ended_on = NULL WHERE id = {cheque}");
        let error = sql(desk.db(), &back).expect_err("it is matched");
        assert_eq!((error.violation(), state().as_str()), (Some(Violation::Ledger), "cleared"), "{error}");
        // A match that was wrong is undone first; neither that nor matching anew says for the register what became of the cheque.
        act(desk.db(), payer, |tx| bank::undo(tx, payer, line)).unwrap();
        assert_eq!(state(), "cleared");
        desk.unclear(cheque, &step("خطأ")).unwrap();
        accept();
        assert_eq!(state(), "handed_over");
        desk.clear(cheque, &step("")).unwrap();
    });
}

#[test]
fn money_that_fits_something_else_gives_no_cheque_back() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cheque, voucher) = desk.cheque();
        desk.bank_pays(100_000, "Cheque A100");
        desk.accept();
        let receipt = desk.office.input(DocumentKind::Receipt, &[("1421", "", "", "100")]);
        desk.office.posted(&DocumentInput { effective_on: today(), ..receipt });
        desk.statement(2, -100_000, (100_000, "Cash deposit"));
        assert_eq!(refusal(desk.cancel_cheque(cheque)), "paid_by_bank");
        assert_eq!(desk.open(voucher), 0, "it would be paid twice");
        desk.accept();
        desk.statement(3, 0, (100_000, "Returned unpaid"));
        desk.cancel_cheque(cheque).unwrap();
        assert_eq!(desk.open(voucher), 100_000);
    });
}

#[test]
fn a_cheque_that_a_statement_names_is_matched_before_it_is_given_up() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, voucher)) = (&desk.payer, desk.cheque());
        // Of another amount it is another's.
        desk.statement(1, 0, (-99_000, "Cheque A100"));
        desk.statement(2, -99_000, (-100_000, "Cheque A100"));
        assert_eq!(refusal(desk.cancel_cheque(cheque)), "paid_by_bank");
        assert_eq!(desk.open(voucher), 0, "it would be paid twice");
        let certain = AcceptMatches { lines: Vec::new() };
        act(desk.db(), payer, |tx| bank::accept(tx, payer, desk.bank, &certain)).unwrap();
        desk.statement(3, -199_000, (100_000, "A100 returned"));
        desk.cancel_cheque(cheque).unwrap();
        assert_eq!(desk.open(voucher), 100_000);
    });
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (cheque, voucher) = desk.cheque();
        desk.statement(1, 0, (-99_000, "Cheque A100"));
        desk.cancel_cheque(cheque).unwrap();
        assert_eq!(desk.open(voucher), 100_000);
    });
}

#[test]
fn a_cheque_that_the_bank_paid_and_gave_back_is_given_up_with_what_came_back() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, voucher)) = (&desk.payer, desk.cheque());
        let (_, line) = desk.bank_pays(100_000, "Cheque A100");
        let accept = || {
            let certain = AcceptMatches { lines: Vec::new() };
            act(desk.db(), payer, |tx| bank::accept(tx, payer, desk.bank, &certain))
        };
        let left = || {
            let seen = desk.db().read_now(|tx| bank::desk(tx, payer, desk.bank, &DeskQuery::default())).unwrap();
            (seen.proposals.len(), seen.lines_left, seen.entries_left)
        };
        accept().unwrap();
        // Another amount is not what came back.
        desk.statement(2, -100_000, (99_000, "Another"));
        assert_eq!(refusal(desk.cancel_cheque(cheque)), "paid_by_bank");
        desk.statement(3, -1_000, (100_000, "A100 returned"));
        desk.cancel_cheque(cheque).unwrap();
        assert_eq!((desk.open(voucher), desk.balance("620201"), left()), (100_000, 0, (0, 1, 0)));
        // The line that issued it is matched again, as the bank gave it back.
        act(desk.db(), payer, |tx| bank::undo(tx, payer, line)).unwrap();
        assert_eq!(left(), (1, 1, 0));
        accept().unwrap();
        assert_eq!(left(), (0, 1, 0));
        // Without that line nothing is proposed that the database would refuse.
        let all = bank_lines::table.filter(bank_lines::amount.eq(100_000_i64)).select(bank_lines::id);
        let lines: Vec<i64> = desk.db().read_now(|tx| Ok::<_, Refusal>(all.load(tx.conn())?)).unwrap();
        for line in lines {
            act(desk.db(), payer, |tx| bank::undo(tx, payer, line)).unwrap();
        }
        assert_eq!((refusal(accept()), left()), ("nothing_certain".to_owned(), (0, 3, 0)));
    });
}

#[test]
fn a_cleared_cheque_is_given_up_once_the_bank_paid_it_and_gave_it_back() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, voucher)) = (&desk.payer, desk.cheque());
        desk.clear_by_hand(cheque);
        let actions = || desk.register()[0].actions.clone();
        // By the register alone it goes back to whom it was handed over.
        assert_eq!(actions(), ["unclear"]);
        assert_eq!(refusal(desk.cancel_cheque(cheque)), "cancel_cheque in cleared");
        assert_eq!(refusal(desk.stale_cheque(cheque)), "stale_cheque in cleared");
        let (statement, line) = desk.bank_pays(100_000, "Cheque A100");
        desk.accept();
        assert_eq!(actions(), ["cancel", "stale"]);
        assert_eq!(refusal(desk.cancel_cheque(cheque)), "paid_by_bank");
        assert_eq!(refusal(desk.stale_cheque(cheque)), "paid_by_bank");
        // A reconciliation that stands on the match is no hindrance.
        give_right(desk.db(), desk.office.director.user_id, Permission::FinanceReconcile);
        let begin = NewReconciliation { statement_id: statement };
        let begun = act(desk.db(), payer, |tx| bank::begin(tx, payer, desk.bank, &begin)).unwrap();
        let version = desk.db().read_now(|tx| bank::view(tx, payer, begun)).unwrap().version;
        act(desk.db(), payer, |tx| bank::submit(tx, payer, begun, version)).unwrap();
        assert_eq!(refusal(act(desk.db(), payer, |tx| bank::undo(tx, payer, line))), "match_fixed");
        desk.statement(2, -100_000, (100_000, "A100 returned"));
        desk.cancel_cheque(cheque).unwrap();
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620201")), (100_000, 0, 0));
        assert!(actions().is_empty());
        // It is paid anew by another one, which goes the same way.
        let again = desk.issue(desk.register()[0].book_id, voucher).unwrap();
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620201")), (0, 100_000, -100_000));
        desk.clear_by_hand(again);
        desk.statement(3, 0, (-100_000, "Cheque A101"));
        desk.accept();
        desk.statement(4, -100_000, (100_000, "A101 returned"));
        desk.stale_cheque(again).unwrap();
        assert_eq!((desk.open(voucher), desk.used(), desk.balance("620201")), (100_000, 0, 0));
        let states: Vec<ChequeState> = desk.register().into_iter().map(|one| one.state).collect();
        assert_eq!(states, [ChequeState::Stale, ChequeState::Cancelled]);
    });
}

#[test]
fn a_cleared_cheque_is_not_given_up_past_the_operations() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, voucher)) = (&desk.payer, desk.cheque());
        desk.clear_by_hand(cheque);
        let (_, line) = desk.bank_pays(100_000, "Cheque A100");
        desk.accept();
        let payment =
            Payment { document_id: voucher, amount: 100_000, base_amount: 100_000, reference: "A100".to_owned() };
        let back = act(desk.db(), payer, |tx| alone::give_back(tx, payer, (desk.bank, today()), &payment)).unwrap();
        let refused = |why: &str| {
            for state in ["cancelled", "stale"] {
                let given_up = format!(
                    "UPDATE cheques SET state = '{state}', ended_on = '{TODAY}', reason = 'x', return_entry_id = {back},
                        return_seq = 2 WHERE id = {cheque}"
                );
                let error = sql(desk.db(), &given_up).expect_err(why);
                assert_eq!(error.violation(), Some(Violation::Ledger), "{why}: {error}");
            }
        };
        refused("the bank gave nothing back");
        act(desk.db(), payer, |tx| bank::undo(tx, payer, line)).unwrap();
        refused("the bank has not paid it");
        assert_eq!((desk.open(voucher), desk.register()[0].state), (0, ChequeState::Cleared));
    });
}

#[test]
fn a_cheque_that_was_given_up_is_no_item_of_a_reconciliation() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (payer, (cheque, _)) = (&desk.payer, desk.cheque());
        let (statement, line) = desk.bank_pays(100_000, "Another");
        desk.cancel_cheque(cheque).unwrap();
        let seen = desk.db().read_now(|tx| bank::desk(tx, payer, desk.bank, &DeskQuery::default())).unwrap();
        assert_eq!((seen.proposals.len(), seen.entries_left, seen.lines_left), (0, 0, 1));
        let begin = NewReconciliation { statement_id: statement };
        let begun = act(desk.db(), payer, |tx| bank::begin(tx, payer, desk.bank, &begin)).unwrap();
        let of = desk.db().read_now(|tx| bank::view(tx, payer, begun)).unwrap();
        assert_eq!((of.bank_items.len(), of.outstanding.len(), of.in_transit.len()), (1, 0, 0));
        // Nor is its line matched by hand, or past the operations.
        let entry = cheques::table.find(cheque).select(cheques::entry_id);
        let entry: Option<i64> = desk.db().read_now(|tx| Ok::<_, Refusal>(entry.first(tx.conn())?)).unwrap();
        let entry_id = entry.unwrap();
        let pair = ManualMatch { lines: vec![line], entries: vec![BookLineId { entry_id, seq: 2 }] };
        let matched = act(desk.db(), payer, |tx| bank::match_by_hand(tx, payer, desk.bank, &pair));
        assert_eq!(refusal(matched), "entries:line_not_open");
        let pair = format!(
            "INSERT INTO bank_matches (bank_account_id, line_id, entry_id, seq, amount, rule, why, matched_by, matched_at)
            VALUES ({}, {line}, {entry_id}, 2, 100000, 'manual', '{{}}', {}, '{TODAY} 08:00:00')",
            desk.bank, payer.user_id
        );
        let error = sql(desk.db(), &pair).expect_err("it was given up");
        assert_eq!(error.violation(), Some(Violation::Ledger), "{error}");
    });
}

#[test]
fn a_transfer_that_the_statement_has_as_paid_is_not_refused() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let (first, second) = (desk.voucher("100"), desk.voucher("50"));
        let run = desk.sent(&[first, second]);
        let items = desk.items(run);
        desk.bank_pays(100_000, &format!("Transfer {}", items[0].end_to_end));
        assert_eq!(refusal(desk.reject(run, &[items[0].id, items[1].id])), "paid_by_bank");
        assert_eq!((desk.open(first), desk.open(second)), (0, 0));
        desk.reject(run, &[items[1].id]).unwrap();
        desk.execute(run, &[items[0].id]).unwrap();
        assert_eq!((desk.open(first), desk.open(second)), (0, 50_000));
    });
}
