//! Currencies: what balances in one balances in the other, to the fils; and a voucher of ten thousand lines.

use diwan_finance_api::{DocumentKind, LineInput, Side};
use diwan_testkit::{TestDb, both};
use proptest::prelude::*;

use super::office::{GOODS, Office, refusal};

#[test]
fn foreign_amounts_are_converted_once_a_side_and_shared_out() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        // 33.33 + 33.33 + 33.34 dollars at 0.709: 70.900 dinars in all.
        let lines = [("2219", GOODS, "33.33", ""), ("2219", GOODS, "33.33", ""), ("2219", GOODS, "33.34", "")];
        let mut input = office.input(DocumentKind::PaymentVoucher, &lines);
        input.currency = "USD".to_owned();
        let id = office.posted(&input);
        let seen = office.view(id);
        assert_eq!((seen.amount, seen.base_amount, seen.to_pay), (10_000, 70_900, 70_900));
        assert_eq!(seen.lines.iter().map(|line| line.base_amount).sum::<i64>(), 70_900);
        assert_eq!(office.buckets(GOODS), [0, 0, 929_100, 0, 0, 70_900, 0]);
        input.rate = "٠٫٧".to_owned();
        assert_eq!(office.view(office.draft(&input).unwrap()).base_amount, 70_000, "a rate that is typed goes first");
        // What comes to nothing in dinars is told where it was typed.
        input.rate = "0.01".to_owned();
        input.lines.truncate(1);
        let line = |debit: &str, credit: &str| LineInput {
            account: "1421".to_owned(),
            debit: debit.to_owned(),
            credit: credit.to_owned(),
            ..LineInput::default()
        };
        input.lines.push(line("", "0.01"));
        assert_eq!(refusal(office.draft(&input)), "lines.1.credit:too_small");
        input.lines = vec![line("0.01", "")];
        assert_eq!(refusal(office.draft(&input)), "lines.0.debit:too_small");
    });
}

#[test]
fn what_gives_up_a_foreign_claim_stands_at_what_the_books_owe() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        // 7.125 less 0.071 dinars are owed, and 9.95 dollars at 0.709 would be 7.055.
        let lines = [("2219", GOODS, "10.05", ""), ("630811", "", "", "0.10")];
        let mut input = office.input(DocumentKind::PaymentVoucher, &lines);
        input.currency = "USD".to_owned();
        let voucher = office.posted(&input);
        assert_eq!(office.view(voucher).to_pay, 7_054);
        let drafted = |last: &str, rate: &str| {
            let lines = [("630803", "", "5", ""), ("630803", "", last, ""), ("1442", "", "", "9.95")];
            let mut given = office.input(DocumentKind::JournalVoucher, &lines);
            (given.currency, given.rate, given.source_id) = ("USD".to_owned(), rate.to_owned(), Some(voucher));
            let seen = office.view(office.draft(&given).unwrap());
            (seen.base_amount, seen.rate)
        };
        for rate in ["", "0.720"] {
            assert_eq!(drafted("4.95", rate), (7_054, 709_000_000), "the rate of the voucher, whatever is typed");
        }
        assert_eq!(drafted("4.94", "0.720"), (7_164, 720_000_000), "not the whole of it");
    });
}

#[test]
fn a_voucher_of_ten_thousand_lines_is_posted() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "10,000")]);
        let mut input = office.input(DocumentKind::PaymentVoucher, &[]);
        let line = |at: usize| LineInput {
            account: "2219".to_owned(),
            key: GOODS.to_owned(),
            debit: "1".to_owned(),
            note: format!("سطر {at}"),
            ..LineInput::default()
        };
        input.lines = (0..10_000).map(line).collect();
        let id = office.posted(&input);
        assert_eq!(office.view(id).lines.len(), 10_000);
        assert_eq!(office.buckets(GOODS), [0, 0, 0, 0, 0, 10_000_000, 0]);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_journal_in_dollars_balances_in_dinars(amounts in prop::collection::vec(1_i64..5_000_000, 1..20), rate in 1_u32..3_000) {
        let test = TestDb::sqlite();
        let office = Office::on(test.db());
        let total: i64 = amounts.iter().sum();
        let text = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let mut input = office.input(DocumentKind::JournalVoucher, &[("1421", "", &text(total), "")]);
        input.lines.extend(amounts.iter().map(|cents| LineInput {
            account: "1431".to_owned(),
            credit: text(*cents),
            ..LineInput::default()
        }));
        input.currency = "USD".to_owned();
        input.rate = format!("{}.{:03}", rate / 1_000, rate % 1_000);
        // Amounts that are less than a fils are told; all others balance in both currencies.
        if let Ok(id) = office.draft(&input) {
            let seen = office.view(id);
            let sum = |side: Side| seen.lines.iter().filter(|line| line.side == side).map(|line| line.base_amount).sum::<i64>();
            prop_assert_eq!(sum(Side::Debit), sum(Side::Credit));
            prop_assert!(seen.base_amount <= 100_000_000 || office.submit(id).is_ok());
        }
    }
}
