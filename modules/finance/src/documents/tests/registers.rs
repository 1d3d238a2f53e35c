//! Advances and deposits beside the books: what they stand on, who is relieved of them, and that nothing leaves them but by what
//! draws on them.

use diwan_finance_api::{DocumentInput, DocumentKind, ReportQuery};
use diwan_kernel::Permission;
use diwan_testkit::{both, give_right};

use super::office::{GOODS, Office, refusal};
use crate::{
    ledger::tests::books::day,
    reports::{self, What},
};

/// What is open by the register and by the accounts.
fn open(office: &Office, of: &str) -> (i64, i64) {
    let what = What::Open(of.to_owned());
    let made = office.db.read_now(|tx| reports::run(tx, &office.clerk, &what, &ReportQuery::default(), 100)).unwrap();
    assert_eq!(made.checks.len(), 1);
    (made.checks[0].left, made.checks[0].right)
}

/// What draws on another document.
fn on(office: &Office, (kind, source): (DocumentKind, i64), lines: &[(&str, &str, &str, &str)]) -> DocumentInput {
    DocumentInput { source_id: Some(source), ..office.input(kind, lines) }
}

/// Refused when it is submitted, before anybody is asked to approve it.
fn refused(office: &Office, input: &DocumentInput) -> String {
    refusal(office.submit(office.draft(input).unwrap()))
}

#[test]
fn an_advance_is_settled_by_what_its_account_loses() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let advance = office.posted(&office.input(DocumentKind::Advance, &[("620801", "", "100", "")]));
        let settled = (DocumentKind::AdvanceSettlement, advance);
        let kept = on(&office, settled, &[("2219", GOODS, "100", ""), ("630811", "", "", "10")]);
        assert_eq!(refusal(office.draft(&kept)), "lines.1.credit:not_asked");
        let turned = on(&office, settled, &[("2219", GOODS, "60", ""), ("620801", "", "40", "")]);
        assert_eq!(refused(&office, &turned), "lines.1.account:own_account");
        office.posted(&on(&office, settled, &[("2219", GOODS, "60", ""), ("620202", "", "15", "")]));
        assert_eq!((office.view(advance).to_settle, open(&office, "advances")), (25_000, (25_000, 25_000)));
    });
}

#[test]
fn what_is_kept_back_first_of_an_advance_is_not_its_account() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let kept = [("630811", "", "", "10"), ("620201", "", "", "5"), ("620801", "", "100", "")];
        let advance = office.posted(&office.input(DocumentKind::Advance, &kept));
        assert_eq!((office.view(advance).to_pay, open(&office, "advances")), (85_000, (100_000, 100_000)));
        // Nor does it lie on the bank, of which nothing is left.
        let mut other = office.input(DocumentKind::JournalVoucher, &[("630803", "", "5", ""), ("620201", "", "", "5")]);
        other.lines[0].party = "S1".to_owned();
        office.posted(&other);
        let lines = [("2219", GOODS, "90", ""), ("630811", "", "10", "")];
        office.posted(&on(&office, (DocumentKind::AdvanceSettlement, advance), &lines));
        assert_eq!((office.view(advance).to_settle, open(&office, "advances")), (0, (0, 0)));
    });
}

#[test]
fn an_advance_and_a_deposit_stand_on_one_account() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let deposit = office.input(DocumentKind::Deposit, &[("630815", "", "100", "")]);
        assert_eq!(refusal(office.draft(&deposit)), "lines.0.debit:not_asked");
        let deposit = office.input(DocumentKind::Deposit, &[("630815", "", "", "10"), ("630819", "", "", "5")]);
        assert_eq!(refused(&office, &deposit), "lines.1.account:one_account");
        for other in [("620802", "", "50", ""), ("2219", GOODS, "50", ""), ("620801", "", "", "50")] {
            let advance = office.input(DocumentKind::Advance, &[("620801", "", "100", ""), other]);
            assert_eq!(refused(&office, &advance), "lines.1.account:one_account", "{other:?}");
        }
        // On an account of the other side nothing would keep what lies there.
        for (kind, line) in
            [(DocumentKind::Deposit, ("620804", "", "", "10")), (DocumentKind::Advance, ("630801", "", "10", ""))]
        {
            assert_eq!(refused(&office, &office.input(kind, &[line])), "lines.0.account:one_account", "{kind:?}");
        }
        let mut deposit = office.input(DocumentKind::Deposit, &[("630815", "", "", "10")]);
        deposit.counter = "630815".to_owned();
        assert_eq!(refused(&office, &deposit), "counter:one_account");
        let mut advance = office.input(DocumentKind::Advance, &[("620801", "", "100", "")]);
        advance.lines[0].party = "E1".to_owned();
        assert_eq!(refused(&office, &advance), "lines.0.party:not_asked", "another party than the document's");
        // On one account in as many lines as it takes, and with what is kept back of it.
        let lines = [("620801", "", "60", ""), ("620801", "", "40", ""), ("630811", "", "", "5")];
        let advance = office.posted(&office.input(DocumentKind::Advance, &lines));
        assert_eq!((office.view(advance).to_pay, open(&office, "advances")), (95_000, (100_000, 100_000)));
    });
}

#[test]
fn what_is_forfeited_of_a_deposit_leaves_it_and_is_received_by_its_refund() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "400")]));
        let refund = (DocumentKind::DepositRefund, deposit);
        let loose = on(&office, refund, &[("630815", "", "10", ""), ("620201", "", "10", "")]);
        assert_eq!(refused(&office, &loose), "lines.1.account:not_of_source", "nothing stands against it");
        let nothing = on(&office, refund, &[("620201", "", "10", ""), ("1441", "", "", "10")]);
        assert_eq!(refused(&office, &nothing), "lines.0.account:not_of_source", "nothing leaves the deposit");
        let budget = on(&office, refund, &[("630815", "", "10", ""), ("2219", GOODS, "", "10")]);
        assert_eq!(refused(&office, &budget), "lines.1.account:not_of_source", "no key has it to spend");
        let lines = |left: &'static str, forfeited: &'static str| {
            let cash = [("620204", "", "", forfeited), ("620201", "", forfeited, ""), ("1441", "", "", forfeited)];
            [vec![("630815", "", left, "")], cash.to_vec()].concat()
        };
        let whole = office.posted(&on(&office, refund, &lines("150", "150")));
        let seen = office.view(whole);
        assert_eq!((seen.amount, seen.to_pay, office.view(deposit).to_settle), (150_000, 0, 250_000));
        assert_eq!(open(&office, "deposits"), (250_000, 250_000));
        let much = office.ready(&on(&office, refund, &lines("250.001", "250.001")));
        assert_eq!(refusal(office.authorise(&office.director, much)), "source_short");
        // A part is forfeited, the other is given back.
        let part = office.posted(&on(&office, refund, &lines("250", "100")));
        let seen = office.view(part);
        assert_eq!((seen.amount, seen.to_pay, office.view(deposit).to_settle), (250_000, 150_000, 0));
        let back = office.reverse(part).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        assert_eq!((office.view(deposit).to_settle, open(&office, "deposits")), (250_000, (250_000, 250_000)));
    });
}

#[test]
fn nothing_but_what_draws_on_them_takes_what_lies_there_for_advances_and_deposits() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let journal = |lines: [(&str, &str, &str, &str); 2]| {
            let mut input = office.input(DocumentKind::JournalVoucher, &lines);
            input.lines[0].party = "S1".to_owned();
            input
        };
        office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "400")]));
        let forfeit = journal([("630815", "", "100", ""), ("620204", "", "", "100")]);
        assert_eq!(refused(&office, &forfeit), "lines.0.account:refund_deposit");

        let advance = office.posted(&office.input(DocumentKind::Advance, &[("620803", "", "60", "")]));
        let voucher = || DocumentInput {
            reference_on: Some(day("2026-10-20")),
            ..office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "100", ""), ("620803", "", "", "30")])
        };
        assert_eq!(refused(&office, &voucher()), "lines.1.account:settle_advance");
        // What lies there besides, as from before the first document, is free.
        office.posted(&journal([("620803", "", "30", ""), ("1442", "", "", "30")]));
        assert_eq!(open(&office, "advances"), (60_000, 90_000), "the report tells");
        let ready = office.ready(&voucher());
        office.posted(&voucher());
        assert_eq!(refusal(office.authorise(&office.director, ready)), "lines.1.account:settle_advance");
        assert_eq!(open(&office, "advances"), (60_000, 60_000));
        let settled = (DocumentKind::AdvanceSettlement, advance);
        office.posted(&on(&office, settled, &[("2219", GOODS, "60", "")]));
        assert_eq!((office.view(advance).to_settle, open(&office, "advances")), (0, (0, 0)));
    });
}

#[test]
fn a_settlement_relieves_who_holds_the_advance_and_they_do_no_duty_on_it() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        for right in [Permission::FinanceRead, Permission::FinanceCertify] {
            give_right(&office.db, office.world.mof.users["head"], right);
        }
        let other = office.world.mof.actor(&office.db, "head");
        let posted = |id: i64| {
            office.certify(&other, id).unwrap();
            office.authorise(&office.director, id).unwrap();
        };
        let mut input = office.input(DocumentKind::Advance, &[("620801", "", "100", "")]);
        input.party_id = Some(office.employee);
        let advance = office.draft(&input).unwrap();
        office.submit(advance).unwrap();
        posted(advance);
        // Whoever is typed: the advance says whom it relieves.
        let mut settlement = on(&office, (DocumentKind::AdvanceSettlement, advance), &[("2219", GOODS, "100", "")]);
        settlement.party_id = Some(office.supplier);
        let settled = office.draft(&settlement).unwrap();
        office.submit(settled).unwrap();
        assert_eq!(refusal(office.certify(&office.staff, settled)), "payee_approves");
        posted(settled);
        let back = office.reverse(settled).unwrap();
        office.submit(back).unwrap();
        assert_eq!(refusal(office.certify(&office.staff, back)), "payee_approves", "nor on what takes it back");
    });
}
