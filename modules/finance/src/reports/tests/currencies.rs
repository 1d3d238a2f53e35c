//! What the statement of an account says of other currencies than the base currency.

use diesel::prelude::*;
use diwan_finance_api::{DocumentInput, DocumentKind, ReportCell, ReportQuery};
use diwan_platform::Refusal;
use diwan_schema::finance::accounts;
use diwan_testkit::both;

use crate::{
    documents::tests::office::{GOODS, Office},
    ledger::tests::books::day,
    reports::{What, run},
};

#[test]
fn the_statement_of_an_account_says_what_it_holds_in_other_currencies() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let voucher = |amount: &str, currency: &str| {
            let input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, amount, "")]);
            office.posted(&DocumentInput { currency: currency.to_owned(), ..input });
        };
        voucher("50", "JOD");
        let told = |from: &str, to: &str| -> (ReportCell, Vec<(String, ReportCell)>) {
            let query = ReportQuery { from: Some(day(from)), to: Some(day(to)), ..ReportQuery::default() };
            let report = office.db.read_now(|tx| {
                let of_agency = accounts::table.filter(accounts::agency_id.eq(office.clerk.agency_id));
                let owed: i64 = of_agency.filter(accounts::code.eq("630803")).select(accounts::id).first(tx.conn())?;
                run(tx, &office.clerk, &What::Account(owed), &query, 100)
            });
            let mut facts = report.unwrap().facts.into_iter().map(|fact| (fact.label.en, fact.value));
            let closing = facts.nth(5).unwrap();
            assert_eq!(closing.0, "Closing balance");
            (closing.1, facts.collect())
        };
        let (year, base) = (("2026-01-01", "2026-12-31"), ReportCell::Amount);
        assert_eq!(told(year.0, year.1), (base(50_000), Vec::new()), "all of it is in the base currency");

        voucher("100", "USD");
        let in_dollars = |amounts: [&str; 4]| -> Vec<(String, ReportCell)> {
            let names = ["Opening balance", "Debits", "Credits", "Closing balance"].into_iter();
            let fact =
                |(name, amount): (&str, &str)| (format!("{name} (USD)"), ReportCell::Code(format!("{amount} USD")));
            names.zip(amounts).map(fact).collect()
        };
        let credited = in_dollars(["0.00", "0.00", "100.00", "100.00"]);
        // Of whole periods, of one that is cut, and as what was there before.
        assert_eq!(told(year.0, year.1), (base(120_900), credited.clone()));
        assert_eq!(told("2026-10-10", "2026-10-25"), (base(120_900), credited));
        let opening = in_dollars(["100.00", "0.00", "0.00", "100.00"]);
        assert_eq!(told("2026-10-21", "2026-12-31"), (base(120_900), opening));
        let Err(Refusal::NotFound("account")) =
            office.db.read_now(|tx| run(tx, &office.clerk, &What::Account(0), &ReportQuery::default(), 1))
        else {
            panic!("an account that is none")
        };
    });
}
