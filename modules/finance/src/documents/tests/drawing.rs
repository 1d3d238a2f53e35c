//! What a document may draw on: what is there on its day, and a commitment of its own year and keys.

use diwan_finance_api::DocumentKind;
use diwan_testkit::both;

use super::office::{FUEL, GOODS, Office, refusal};
use crate::{
    ledger::tests::books::{act, day},
    structure::years,
};

#[test]
fn a_voucher_draws_on_a_commitment_of_its_own_year_and_keys() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100"), (FUEL, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "80", "")]));
        let on_contract = |lines: &[(&str, &str, &str, &str)]| {
            let mut input = office.input(DocumentKind::PaymentVoucher, lines);
            input.source_id = Some(contract);
            input
        };
        // It would spend what is available, and the contract would hold its money besides.
        let other = office.draft(&on_contract(&[("2215", FUEL, "10", "")])).unwrap();
        assert_eq!(refusal(office.submit(other)), "source_other_keys");
        // Nor does it draw what it only gives back to a key of the contract.
        let back = office.draft(&on_contract(&[("2215", FUEL, "20", ""), ("2219", GOODS, "", "10")])).unwrap();
        assert_eq!(refusal(office.submit(back)), "source_other_keys");
        office.posted(&on_contract(&[("2219", GOODS, "30", ""), ("2215", FUEL, "10", "")]));
        assert_eq!(office.view(contract).to_settle, 50_000);
        assert_eq!(office.buckets(FUEL), [0, 0, 90_000, 0, 0, 10_000, 0]);
        act(&office.db, &office.clerk, |tx| years::create(tx, &office.clerk, 2027)).unwrap();
        let mut late = on_contract(&[("2219", GOODS, "50", "")]);
        late.effective_on = day("2027-01-10");
        assert_eq!(refusal(office.draft(&late)), "source_id:hold_of_other_year");
    });
}

#[test]
fn nothing_is_drawn_before_the_day_from_which_it_is_there() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "80", "")]));
        let advance = office.posted(&office.input(DocumentKind::Advance, &[("620801", "", "10", "")]));
        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "40")]));
        for (kind, line, source) in [
            (DocumentKind::PaymentVoucher, ("2219", GOODS, "10", ""), contract),
            (DocumentKind::AdvanceSettlement, ("2219", GOODS, "10", ""), advance),
            (DocumentKind::DepositRefund, ("630815", "", "10", ""), deposit),
        ] {
            let mut input = office.input(kind, &[line]);
            (input.source_id, input.effective_on) = (Some(source), day("2026-10-19"));
            assert_eq!(refusal(office.draft(&input)), "effective_on:before_day", "{kind:?}");
            input.effective_on = day("2026-10-20");
            office.posted(&input);
        }
    });
}
