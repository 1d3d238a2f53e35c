//! From the law to the payment order and back again.

use diwan_finance_api::{DocumentKind, DocumentNote, Side};
use diwan_platform_api::records::TaskKind;
use diwan_testkit::both;

use super::{
    super::{approvals, save, submit},
    office::{FUEL, GOODS, Office, code, refusal},
};
use crate::ledger::tests::books::act;

#[test]
fn money_goes_from_the_law_to_the_payment_order_and_a_reversal_brings_it_back() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "5,000"), (FUEL, "٢٬٠٠٠٫٥٠٠")]);
        assert_eq!(office.buckets(GOODS), [0, 0, 5_000_000, 0, 0, 0, 0]);
        assert_eq!(office.buckets(FUEL), [0, 0, 2_000_500, 0, 0, 0, 0]);

        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "3000", "")]));
        let seen = office.view(contract);
        assert_eq!((seen.head.state.as_str(), seen.to_settle, seen.lines[0].open), ("posted", 3_000_000, 3_000_000));
        assert_eq!(seen.head.number.as_deref(), Some("ل/2026/1"));
        assert!(seen.verify_code.is_some(), "what is posted is sealed");
        assert_eq!(office.buckets(GOODS), [0, 0, 2_000_000, 0, 3_000_000, 0, 0]);

        // 3,200 dinars on a commitment of 3,000: the excess is taken from what is available. Two deductions.
        let mut voucher = office.input(
            DocumentKind::PaymentVoucher,
            &[("2219", GOODS, "3200", ""), ("630811", "", "", "160"), ("630812", "", "", "9.600")],
        );
        voucher.source_id = Some(contract);
        voucher.reference = "INV-77".to_owned();
        let paid = office.posted(&voucher);
        let seen = office.view(paid);
        assert_eq!((seen.amount, seen.to_pay), (3_200_000, 3_030_400));
        assert_eq!(office.buckets(GOODS), [0, 0, 1_800_000, 0, 0, 3_200_000, 0]);
        assert_eq!(office.view(contract).lines[0].open, 0);
        let names: Vec<(&str, Side)> = seen.lines.iter().map(|line| (code(&line.account), line.side)).collect();
        assert_eq!(names, [("2219", Side::Debit), ("630811", Side::Credit), ("630812", Side::Credit)]);
        let available: Vec<(i64, i64)> =
            seen.moves.iter().map(|one| (one.available_before, one.available_after)).collect();
        assert_eq!(available, [(2_000_000, 2_000_000), (2_000_000, 1_800_000)]);
        let who: Vec<i64> = seen.approvals.iter().map(|one| one.by.id).collect();
        assert_eq!(who, [office.clerk.user_id, office.staff.user_id, office.director.user_id]);

        // What was drawn on is not reversed; what draws on it is, and goes the same way of approvals.
        assert_eq!(refusal(office.reverse(contract)), "reverse in posted");
        let back = office.reverse(paid).unwrap();
        assert_eq!(refusal(office.reverse(paid)), "reversed_already");
        assert_eq!(office.view(paid).head.state, "posted", "nothing happens before it is authorised");
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        let seen = office.view(paid);
        assert_eq!((seen.head.state.as_str(), seen.to_pay), ("reversed", 0));
        assert_eq!(seen.reversed_by.map(|one| one.id), Some(back));
        assert_eq!(office.buckets(GOODS), [0, 0, 2_000_000, 0, 3_000_000, 0, 0]);
        assert_eq!(office.view(contract).lines[0].open, 3_000_000);
        assert_eq!(refusal(office.reverse(paid)), "reverse in reversed");
        assert_eq!(refusal(office.reverse(back)), "reversal_fixed");

        // The invoice may come once more after that, from the day on which the commitment has its money again, and what is left of
        // the commitment goes back.
        voucher.effective_on = office.view(back).effective_on;
        office.posted(&voucher);
        let rest = office.posted(&office.input(DocumentKind::Commitment, &[("", FUEL, "500", "")]));
        office.close(rest).unwrap();
        assert_eq!(office.buckets(FUEL), [0, 0, 2_000_500, 0, 0, 0, 0]);
        assert_eq!(office.view(rest).head.state, "closed");
    });
}

#[test]
fn what_is_not_there_is_refused_with_the_arithmetic_and_the_documents_that_hold_it() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "70", "")]));
        let mut voucher = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "30", "")]);
        voucher.source_id = Some(contract);
        office.posted(&voucher);
        let more = office.ready(&office.input(DocumentKind::Commitment, &[("", GOODS, "31", "")]));
        match office.authorise(&office.director, more) {
            Err(diwan_platform::Refusal::Rule { code: "budget_short", args, details }) => {
                assert_eq!(args["missing"], "1.000");
                assert_eq!((args["committed"].as_str(), args["obligated"].as_str()), ("40.000", "30.000"));
                assert_eq!(args["count"], "2");
                let holders = details.iter().filter(|one| one.code == "budget_held_by");
                let held: Vec<[&str; 2]> =
                    holders.map(|one| ["number", "amount"].map(|of| one.args[of].as_str())).collect();
                assert_eq!(held, [["ل/2026/1", "40.000"], ["ص/2026/1", "30.000"]]);
            }
            other => panic!("{other:?}"),
        }
        let seen = office.view(more);
        assert_eq!((seen.head.state.as_str(), seen.head.number), ("in_approval", None), "nothing is half done");
        assert!(seen.tasks.iter().any(|task| task.kind == TaskKind::Sign && task.state.code() == "open"));
    });
}

#[test]
fn a_returned_document_is_corrected_and_approved_anew() {
    both(|test| {
        let office = Office::on(test.db());
        let input = office.input(DocumentKind::BudgetLaw, &[("", GOODS, "100", "")]);
        let id = office.ready(&input);
        let back = |note: Option<&str>| {
            let note = DocumentNote { note: note.map(str::to_owned), ..DocumentNote::default() };
            let version = office.version(id);
            act(&office.db, &office.director, |tx| approvals::send_back(tx, &office.director, id, version, &note))
        };
        assert_eq!(refusal(back(None)), "note:required");
        back(Some("المبلغ ناقص")).unwrap();
        assert_eq!(office.view(id).head.state, "returned");
        let mut right = input.clone();
        right.lines[0].debit = "150".to_owned();
        let version = office.view(id).head.version;
        let change = |by: &diwan_platform::Actor, version: i64| {
            act(&office.db, by, |tx| save::update(tx, by, id, version, &right))
        };
        assert_eq!(refusal(change(&office.clerk, version - 1)), "stale");
        assert_eq!(refusal(change(&office.staff, version)), "not_your_draft");
        change(&office.clerk, version).unwrap();
        office.submit(id).unwrap();
        assert_eq!(refusal(office.authorise(&office.director, id)), "not_your_task", "the first round does not count");
        office.certify(&office.staff, id).unwrap();
        office.authorise(&office.director, id).unwrap();
        assert_eq!(office.buckets(GOODS)[0], 150_000);
        let rounds: Vec<i32> = office.view(id).approvals.iter().map(|one| one.round).collect();
        assert_eq!(rounds, [1, 1, 2, 2, 2]);
    });
}

#[test]
fn a_document_is_taken_back_and_given_up() {
    both(|test| {
        let office = Office::on(test.db());
        let id = office.draft(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1", "")])).unwrap();
        office.submit(id).unwrap();
        let version = office.view(id).head.version;
        let void = |version| {
            let why = office.note("مكرر");
            act(&office.db, &office.clerk, |tx| approvals::void(tx, &office.clerk, id, version, &why))
        };
        assert_eq!(refusal(void(version)), "void in in_approval");
        act(&office.db, &office.clerk, |tx| submit::withdraw(tx, &office.clerk, id, version)).unwrap();
        void(version + 1).unwrap();
        let seen = office.view(id);
        assert_eq!((seen.head.state.as_str(), seen.head.number), ("void", None));
        assert!(seen.tasks.iter().all(|task| task.state.code() != "open"));
        assert_eq!(refusal(office.submit(id)), "submit in void");
    });
}
