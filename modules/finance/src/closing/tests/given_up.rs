//! Giving up what is owed of an ended year: once, as a whole, and never what a payment holds.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_db::Violation;
use diwan_finance_api::{
    AddPayments, Bucket, BudgetEnd, CommitmentDecision, DocumentInput, DocumentKind, FiscalYear, MoveKind,
    PaymentRunInput, PeriodState, ReportCell, ReportQuery,
};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Refusal};
use diwan_testkit::{TestDb, both, give_right};

use super::{
    desk::Desk,
    year::{in_january, lived},
};
use crate::{
    closing::book::verify::{self, Whole},
    documents::{
        self,
        tests::office::{GOODS, refusal},
    },
    ledger::tests::books::{act, day, sql},
    payments,
    reports::{self, What},
    structure::years,
};

/// Where obligated money stands in the buckets of a line.
const OBLIGATED: usize = 5;

/// An office whose year has ended, with so many vouchers of 40 dinars that nobody was paid for; the next year is open.
fn ended(test: &TestDb, vouchers: usize) -> (Desk, FiscalYear, Vec<i64>) {
    let (desk, _) = lived(test);
    let owed = (0..vouchers).map(|at| desk.expense("40", &format!("GONE-{at}"))).collect();
    in_january(test);
    desk.close_to(12);
    desk.begin();
    let next = desk.next_year();
    desk.decide(&[], CommitmentDecision::Lapse).unwrap();
    desk.prepare().unwrap();
    desk.confirm(&desk.office.director).unwrap();
    (desk, next, owed)
}

/// A journal voucher of January that gives up a voucher on this account and party.
fn giving_up(desk: &Desk, source: i64, (account, party, dinars): (&str, &str, &str)) -> DocumentInput {
    let lines = [(account, "", dinars, ""), ("1442", "", "", dinars)];
    let mut input = desk.office.input(DocumentKind::JournalVoucher, &lines);
    input.lines[0].party = party.to_owned();
    DocumentInput { source_id: Some(source), effective_on: day("2027-01-10"), ..input }
}

/// As it should be.
fn whole(desk: &Desk, source: i64) -> DocumentInput {
    giving_up(desk, source, ("630803", "S1", "40"))
}

/// Why a document is not submitted.
fn refused(desk: &Desk, input: &DocumentInput) -> String {
    let draft = desk.office.draft(input).unwrap();
    refusal(desk.office.submit(draft))
}

/// All that is owed on a day, as the report of arrears says.
fn arrears(desk: &Desk, on: &str) -> i64 {
    let query = ReportQuery { to: Some(day(on)), ..ReportQuery::default() };
    let of = What::Open("arrears".to_owned());
    let made = desk.db().read_now(|tx| reports::run(tx, &desk.closer, &of, &query, 100)).unwrap();
    let amount = |cell: &ReportCell| if let ReportCell::Amount(amount) = cell { Some(*amount) } else { None };
    made.rows.last().and_then(|row| row.cells.iter().find_map(amount)).unwrap_or(0)
}

/// Who pays, with an account to pay from.
fn payer(desk: &Desk) -> (Actor, i64) {
    give_right(desk.db(), desk.closer.user_id, Permission::FinancePay);
    let bank = desk.bank_account();
    let ibans = "UPDATE bank_accounts SET iban = 'JO94CBJO0010000000000131000302', bic = 'CBJOJOAX';
        UPDATE parties SET iban = 'JO94CBJO0010000000000131000302'";
    sql(desk.db(), ibans).unwrap();
    (desk.office.world.mof.actor(desk.db(), "head"), bank)
}

fn run(desk: &Desk, (payer, bank): &(Actor, i64)) -> i64 {
    let (subject, pay_on) = ("دفعة الموردين".to_owned(), day("2027-01-10"));
    let input = PaymentRunInput { bank_account_id: *bank, subject, pay_on };
    act(desk.db(), payer, |tx| payments::begin(tx, payer, &input)).unwrap()
}

/// Adds a document to a run; answers whether it was taken.
fn added(desk: &Desk, (payer, _): &(Actor, i64), run: i64, document: i64) -> bool {
    let input = AddPayments { documents: vec![document], all: None };
    let added = act(desk.db(), payer, |tx| payments::add(tx, payer, run, &input)).unwrap();
    assert!(added.refused.iter().all(|one| one.code == "not_payable"), "{:?}", added.refused);
    added.added == 1
}

#[test]
fn what_is_owed_of_an_ended_year_is_given_up_once_and_as_a_whole() {
    both(|test| {
        let (desk, _, owed) = ended(&test, 2);
        let office = &desk.office;
        let before = office.buckets(GOODS);
        for wrong in [("630803", "S1", "39"), ("630803", "S1", "41"), ("630803", "E1", "40"), ("630801", "S1", "40")] {
            assert_eq!(refused(&desk, &giving_up(&desk, owed[0], wrong)), "give_up_whole", "{wrong:?}");
        }
        let mut itself = whole(&desk, owed[0]);
        (itself.lines[1].account, itself.lines[1].party) = ("630803".to_owned(), "E1".to_owned());
        assert_eq!(refused(&desk, &itself), "give_up_whole", "owed to somebody else instead");
        let mut back = whole(&desk, owed[0]);
        back.details.reverse_on = Some(day("2027-01-31"));
        assert_eq!(refused(&desk, &back), "details.reverse_on:not_asked");

        // Two are ready for the same voucher: one of them comes to be.
        let (given, late) = (office.ready(&whole(&desk, owed[0])), office.ready(&whole(&desk, owed[0])));
        office.authorise(&office.director, given).unwrap();
        assert_eq!(refusal(office.authorise(&office.director, late)), "not_payable");
        let after = office.buckets(GOODS);
        let mut expected = before;
        expected[OBLIGATED] -= 40_000;
        assert_eq!(after, expected, "it left the year, and nothing else moved");
        let source = office.view(owed[0]);
        assert_eq!((source.head.state.as_str(), source.to_pay), ("posted", 0));
        assert!(source.drawn_by.iter().any(|one| one.id == given));
        let seen = office.view(given);
        let moved: Vec<_> = seen.moves.iter().map(|one| (one.kind, one.source, one.target, one.amount)).collect();
        assert_eq!(moved, [(MoveKind::Lapse, Bucket::Obligated, Bucket::Outside, 40_000)]);
        assert_eq!(arrears(&desk, "2027-01-09") - arrears(&desk, "2027-01-10"), 40_000);
        assert_eq!(office.view(owed[1]).to_pay, 40_000, "the other one is owed as before");

        // It stays so, whoever tries.
        assert!(!seen.actions.iter().any(|action| action == "reverse"));
        assert_eq!(refusal(office.reverse(given)), "given_up_stays");
        assert_eq!(refused(&desk, &whole(&desk, owed[0])), "not_payable");
        let paying = payer(&desk);
        assert!(!added(&desk, &paying, run(&desk, &paying), owed[0]));
        let again = format!("UPDATE finance_documents SET to_pay = 40000 WHERE record_id = {}", owed[0]);
        assert_eq!(sql(desk.db(), &again).unwrap_err().violation(), Some(Violation::Ledger));
        let taken = format!("UPDATE finance_documents SET to_pay = 0 WHERE record_id = {}", owed[1]);
        assert_eq!(sql(desk.db(), &taken).unwrap_err().violation(), Some(Violation::Ledger));
    });
}

#[test]
fn a_claim_that_comes_back_is_a_new_voucher_of_the_same_invoice() {
    both(|test| {
        let (desk, _, owed) = ended(&test, 2);
        let office = &desk.office;
        let drafts: Vec<i64> = (0..2)
            .map(|at| {
                let again = office.input(DocumentKind::PaymentVoucher, &[("630811", "", "40", "")]);
                let reference = format!("GONE-{at}");
                office.draft(&DocumentInput { reference, effective_on: day("2027-01-10"), ..again }).unwrap()
            })
            .collect();
        assert_eq!(refusal(office.submit(drafts[0])), "invoice_twice", "it is owed");
        office.posted(&whole(&desk, owed[0]));
        office.submit(drafts[0]).unwrap();
        // What is still owed keeps its own, whoever writes.
        assert_eq!(refusal(office.submit(drafts[1])), "invoice_twice");
        let freed = format!("UPDATE finance_documents SET invoice_key = NULL WHERE record_id = {}", owed[1]);
        assert_eq!(sql(desk.db(), &freed).unwrap_err().violation(), Some(Violation::Immutable));
    });
}

#[test]
fn what_is_paid_or_of_another_year_or_agency_is_not_given_up() {
    both(|test| {
        let (desk, _, owed) = ended(&test, 2);
        let office = &desk.office;
        let ready = office.ready(&whole(&desk, owed[1]));
        // Nothing is given up past the operation: what is owed would stay.
        let by = office.director.user_id;
        let posted = format!(
            "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
            VALUES ({ready}, 1, 'authorise', {by}, '2027-01-10', '2027-01-10 08:00:00');
            UPDATE finance_documents SET posted_at = '2027-01-10 08:00:00' WHERE record_id = {ready}"
        );
        let error = sql(desk.db(), &posted).unwrap_err();
        assert!(error.to_string().contains("ledger: given up"), "{error}");
        let paying = payer(&desk);
        let run = run(&desk, &paying);
        assert!(added(&desk, &paying, run, owed[0]) && added(&desk, &paying, run, owed[1]));
        assert_eq!(refused(&desk, &whole(&desk, owed[0])), "not_payable");
        assert_eq!(refusal(office.authorise(&office.director, ready)), "not_payable", "a run has it meanwhile");

        give_right(desk.db(), office.world.modee.users["clerk"], Permission::FinancePrepare);
        let stranger = office.world.modee.actor(desk.db(), "clerk");
        act(desk.db(), &stranger, |tx| years::create(tx, &stranger, 2027)).unwrap();
        let strange = act(desk.db(), &stranger, |tx| documents::create(tx, &stranger, &whole(&desk, owed[0])));
        assert_eq!(refusal(strange), "source_id:unknown");
    });
    both(|test| {
        let desk = Desk::on(test.db());
        desk.office.allot(&[(GOODS, "100")]);
        let voucher = desk.expense("40", "INV-1");
        let input = DocumentInput { effective_on: day("2026-10-20"), ..whole(&desk, voucher) };
        assert_eq!(refused(&desk, &input), "give_up_open_year", "it is reversed instead");
    });
}

#[test]
fn what_is_given_up_is_received_and_neither_paid_nor_owed_on() {
    both(|test| {
        let (desk, _, owed) = ended(&test, 1);
        let office = &desk.office;
        // Whose it was may be said in the head.
        let mut given = whole(&desk, owed[0]);
        (given.lines[0].party, given.party_id) = (String::new(), Some(office.supplier));
        for other in ["620201", "630801", "630811"] {
            let mut input = given.clone();
            input.lines[1].account = other.to_owned();
            assert_eq!(refused(&desk, &input), "give_up_whole", "{other}");
        }
        let ready = office.ready(&given);
        // Nor past the operation, whatever else is as it should be.
        for other in ["620201", "630801"] {
            let (by, source) = (office.director.user_id, owed[0]);
            let posted = format!(
                "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
                VALUES ({ready}, 1, 'authorise', {by}, '2027-01-10', '2027-01-10 08:00:00');
                UPDATE finance_documents SET to_pay = 0 WHERE record_id = {source};
                UPDATE finance_lines SET account_id = (SELECT a.id FROM accounts a
                    WHERE a.agency_id = finance_lines.agency_id AND a.code = '{other}')
                WHERE record_id = {ready} AND side = 'credit';
                UPDATE finance_documents SET posted_at = '2027-01-10 08:00:00' WHERE record_id = {ready}"
            );
            let error = sql(desk.db(), &posted).unwrap_err();
            assert!(error.to_string().contains("ledger: given up"), "{other}: {error}");
        }
        let planned = desk.end().budget;
        office.authorise(&office.director, ready).unwrap();
        assert_eq!(office.view(owed[0]).to_pay, 0);
        let budget = desk.end().budget;
        let (lapsed, obligated) = (planned.lapsed + 40_000, planned.obligated - 40_000);
        assert_eq!(budget, BudgetEnd { lapsed, obligated, ..planned }, "the budget of the year was what it was");
    });
}

#[test]
fn a_payment_and_a_giving_up_that_race_for_a_voucher_take_it_once() {
    both(|test| {
        let (desk, _, owed) = ended(&test, 4);
        let office = &desk.office;
        let before = office.buckets(GOODS);
        let paying = payer(&desk);
        let runs: Vec<i64> = (0..3).map(|_| run(&desk, &paying)).collect();
        let given = AtomicUsize::new(0);
        for voucher in &owed {
            let ready = office.ready(&whole(&desk, *voucher));
            let taken = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                scope.spawn(|| match office.authorise(&office.director, ready) {
                    Ok(()) => {
                        given.fetch_add(1, Ordering::SeqCst);
                        taken.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(Refusal::Rule { code: "not_payable", .. }) => {}
                    Err(other) => panic!("{other}"),
                });
                for run in &runs {
                    let (desk, paying, taken) = (&desk, &paying, &taken);
                    scope.spawn(move || {
                        if added(desk, paying, *run, *voucher) {
                            taken.fetch_add(1, Ordering::SeqCst);
                        }
                    });
                }
            });
            assert_eq!((taken.into_inner(), office.view(*voucher).to_pay), (1, 0));
        }
        let gone = i64::try_from(given.into_inner()).unwrap() * 40_000;
        assert_eq!(before[OBLIGATED] - office.buckets(GOODS)[OBLIGATED], gone);
    });
}

#[test]
fn the_sealed_book_proves_what_was_given_up() {
    both(|test| {
        let (mut desk, next, owed) = ended(&test, 1);
        desk.key();
        for number in 1..=13 {
            desk.seal(&desk.chief, number).unwrap();
        }
        desk.office.posted(&whole(&desk, owed[0]));
        let mut books: Vec<Whole> = (1..=13).map(|at| verify::book(desk.book(at).as_slice()).unwrap()).collect();
        desk.year = next;
        assert_eq!(desk.close(1).unwrap().state, PeriodState::Closed);
        desk.seal(&desk.chief, 1).unwrap();
        books.push(verify::book(desk.book(1).as_slice()).unwrap());
        assert_eq!((books[13].end.entries, books[13].end.moves), (1, 1));
        let standing = verify::budget(&books);
        assert_eq!((standing.missing, standing.broken.len()), (0, 0), "{standing:?}");
    });
}
