//! What a document may draw on: what is there on its day, and a commitment of its own year and keys.

use diwan_finance_api::{DocumentInput, DocumentKind, DocumentNote, ReportQuery};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::{
    super::reverse,
    office::{FUEL, GOODS, Office, refusal},
};
use crate::{
    ledger::tests::books::{act, day, least},
    reports::{self, What},
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

#[test]
fn a_commitment_is_not_closed_before_what_came_back_to_it_is_there() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "80", "")]));
        let drawn = DocumentInput {
            source_id: Some(contract),
            ..office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "60", "")])
        };
        let wrong = office.posted(&drawn);
        let note = DocumentNote { on: Some(day("2026-11-10")), ..office.note("خطأ في الإدخال") };
        let version = office.version(wrong);
        let back =
            act(&office.db, &office.clerk, |tx| reverse::start(tx, &office.clerk, wrong, version, &note)).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        office.close(contract).unwrap();
        assert_eq!(office.buckets(GOODS), [0, 0, 100_000, 0, 0, 0, 0]);
        // On no day is less than nothing committed.
        assert_eq!(least(&office.db, &[]), 0);
    });
}

/// What is open of the advances or the deposits on a day, by the report.
fn open(office: &Office, of: &str, on: &str) -> i64 {
    let (what, query) = (What::Open(of.to_owned()), ReportQuery { to: Some(day(on)), ..ReportQuery::default() });
    let made = office.db.read_now(|tx| reports::run(tx, &office.clerk, &what, &query, 100)).unwrap();
    made.checks[0].left
}

#[test]
fn what_comes_back_is_drawn_from_its_own_day_on() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "500")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "80", "")]));
        let advance = office.posted(&office.input(DocumentKind::Advance, &[("620801", "", "80", "")]));
        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "80")]));
        for (kind, (account, key), source) in [
            (DocumentKind::PaymentVoucher, ("2219", GOODS), contract),
            (DocumentKind::AdvanceSettlement, ("2219", GOODS), advance),
            (DocumentKind::DepositRefund, ("630815", ""), deposit),
        ] {
            let on = |date: &str, amount: &str| DocumentInput {
                source_id: Some(source),
                effective_on: day(date),
                ..office.input(kind, &[(account, key, amount, "")])
            };
            let wrong = office.posted(&on("2026-10-28", "60"));
            let back = office.reverse(wrong).unwrap();
            office.submit(back).unwrap();
            office.certify(&office.staff, back).unwrap();
            // Ready before it came back; and what the day has is drawn on it as ever.
            let (ready, fits) = (office.ready(&on("2026-10-28", "20")), office.ready(&on("2026-10-21", "20")));
            office.authorise(&office.director, back).unwrap();
            office.authorise(&office.director, fits).unwrap();
            assert_eq!(refusal(office.authorise(&office.director, ready)), "source_short_before", "{kind:?}");
            let late = office.draft(&on("2026-10-30", "15")).unwrap();
            match office.submit(late) {
                Err(Refusal::Rule { code: "source_short_before", args, .. }) => {
                    assert_eq!((args["day"].as_str(), args["left"].as_str()), ("2026-11-01", "0.000"));
                }
                other => panic!("{kind:?}: {other:?}"),
            }
            office.posted(&on("2026-11-01", "60"));
            assert_eq!(office.view(source).to_settle, 0, "{kind:?}");
        }
        assert_eq!(least(&office.db, &[]), 0);
        for of in ["advances", "deposits"] {
            assert_eq!(["2026-10-20", "2026-10-31", "2026-11-01"].map(|on| open(&office, of, on)), [80_000, 0, 0]);
        }
    });
}
