//! Currencies: what balances in one balances in the other, to the fils; and a voucher of ten thousand lines.

use diwan_finance_api::{DocumentInput, DocumentKind, LineInput, Side};
use diwan_testkit::{TestDb, both};
use proptest::prelude::*;

use super::office::{GOODS, Office, refusal};
use crate::ledger::tests::books::sql;

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

/// A settlement of so many dollars of an advance.
fn settlement(office: &Office, advance: i64, dollars: &str) -> DocumentInput {
    let input = office.input(DocumentKind::AdvanceSettlement, &[("2219", GOODS, dollars, "")]);
    DocumentInput { source_id: Some(advance), currency: "USD".to_owned(), ..input }
}

/// A posted advance of so many dollars.
fn advance(office: &Office, dollars: &str, rate: &str) -> i64 {
    let input = office.input(DocumentKind::Advance, &[("620801", "", dollars, "")]);
    office.posted(&DocumentInput { currency: "USD".to_owned(), rate: rate.to_owned(), ..input })
}

#[test]
fn what_draws_on_a_foreign_advance_or_deposit_is_in_its_currency_and_at_its_rate() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let given = advance(&office, "1001", "");
        assert_eq!(office.view(given).to_settle, 709_709);
        let later = "INSERT INTO rates (agency_id, currency, day, rate, version)
            SELECT agency_id, currency, '2026-10-19', 700000000, 1 FROM rates WHERE currency = 'USD'";
        sql(&office.db, later).unwrap();
        let half = settlement(&office, given, "500.50");
        let dinars = DocumentInput { currency: "JOD".to_owned(), ..half.clone() };
        assert_eq!(refusal(office.draft(&dinars)), "currency:other_currency");
        let typed = |rate: &str| office.draft(&DocumentInput { rate: rate.to_owned(), ..half.clone() });
        assert_eq!(refusal(typed("0.7")), "rate:other_rate");
        typed("0.709").unwrap();

        // Both are written while all of it is left; who comes second takes what there is then.
        let (first, second) = (office.ready(&half), office.ready(&half));
        assert_eq!(office.view(second).base_amount, 354_855);
        office.authorise(&office.director, first).unwrap();
        office.authorise(&office.director, second).unwrap();
        let seen = office.view(second);
        assert_eq!((seen.rate, seen.base_amount, seen.lines[0].base_amount), (709_000_000, 354_854, 354_854));
        assert_eq!(office.view(given).to_settle, 0);
        assert_eq!(office.buckets(GOODS)[6], 709_709);
        let more = office.ready(&settlement(&office, given, "0.01"));
        assert_eq!(refusal(office.authorise(&office.director, more)), "source_short");

        let deposit = office.posted(&office.input(DocumentKind::Deposit, &[("630815", "", "", "400")]));
        let mut refund = office.input(DocumentKind::DepositRefund, &[("630815", "", "400", "")]);
        (refund.source_id, refund.currency) = (Some(deposit), "USD".to_owned());
        assert_eq!(refusal(office.draft(&refund)), "currency:other_currency");
    });
}

#[test]
fn a_foreign_deposit_that_is_forfeited_to_two_accounts_balances_in_dinars() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let dollars = |input: DocumentInput| DocumentInput { currency: "USD".to_owned(), ..input };
        // 100 dollars at 0.709: 70.900 dinars. 50.50 and 49.50 by themselves would be a fils more, 33.70 twice and 32.60 one less.
        let parts = [&["50.50", "49.50"][..], &["33.70", "33.70", "32.60"]];
        for parts in parts {
            let mut given = dollars(office.input(DocumentKind::Deposit, &[("630814", "", "", "100")]));
            given.counter = "1421".to_owned();
            let deposit = office.posted(&given);
            let mut lines = vec![("630814", "", "100", "")];
            lines.extend(parts.iter().map(|part| ("1441", "", "", *part)));
            let mut refund = dollars(office.input(DocumentKind::DepositRefund, &lines));
            (refund.source_id, refund.counter) = (Some(deposit), "630801".to_owned());
            let seen = office.view(office.posted(&refund));
            assert_eq!((seen.base_amount, seen.to_pay, office.view(deposit).to_settle), (70_900, 0, 0));
            assert_eq!(seen.lines.iter().skip(1).map(|line| line.base_amount).sum::<i64>(), 70_900);
        }
    });
}

#[test]
fn what_comes_to_more_when_it_is_posted_is_within_the_limit_as_well() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let given = advance(&office, "1001", "");
        let (first, second) = (settlement(&office, given, "400.61"), settlement(&office, given, "500.61"));
        let (first, second) = (office.ready(&first), office.ready(&second));
        assert_eq!(office.view(second).base_amount, 354_932);
        // What the first one leaves is half a fils more.
        office.authorise(&office.director, first).unwrap();
        let limit = |fils: i64| sql(&office.db, &format!("UPDATE authority_limits SET amount = {fils}")).unwrap();
        limit(354_932);
        assert_eq!(refusal(office.authorise(&office.director, second)), "no_authority");
        limit(354_933);
        office.authorise(&office.director, second).unwrap();
        assert_eq!(office.view(second).base_amount, 354_933);
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

    #[test]
    fn what_takes_the_last_dollar_of_an_advance_leaves_no_fils(
        parts in prop::collection::vec(100_i64..100_000, 1..7),
        rate in 100_u32..3_000,
        at_once in any::<bool>()
    ) {
        let test = TestDb::sqlite();
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "90000")]);
        let text = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let rate = format!("{}.{:03}", rate / 1_000, rate % 1_000);
        let given = advance(&office, &text(parts.iter().sum()), &rate);
        let all = office.view(given).to_settle;
        let write = |cents: &i64| office.ready(&settlement(&office, given, &text(*cents)));
        let ready: Vec<i64> = if at_once { parts.iter().map(write).collect() } else { Vec::new() };
        let mut drawn = 0;
        for (at, cents) in parts.iter().enumerate() {
            prop_assert!(office.view(given).to_settle > 0);
            let id = ready.get(at).copied().unwrap_or_else(|| write(cents));
            office.authorise(&office.director, id).unwrap();
            let seen = office.view(id);
            prop_assert_eq!(seen.base_amount, seen.lines[0].base_amount);
            drawn += seen.base_amount;
            prop_assert_eq!(office.view(given).to_settle, all - drawn);
        }
        prop_assert_eq!(drawn, all);
    }
}
