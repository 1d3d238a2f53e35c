//! Around midnight the day is the office's: in Amman it is tomorrow while it is still today by the clock of the world.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_finance_api::{DocumentInput, DocumentKind};
use diwan_kernel::Lang;
use diwan_platform::Refusal;
use diwan_print::Block;
use diwan_schema::finance::{entries, finance_approvals, fiscal_periods};
use diwan_testkit::both;

use super::{
    super::print,
    office::{GOODS, Office, refusal},
};
use crate::ledger::tests::books::{day, sql};

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// The period of the entry of a document.
pub(super) fn period(office: &Office, id: i64) -> i32 {
    let number = entries::table
        .inner_join(fiscal_periods::table.on(fiscal_periods::id.eq(entries::period_id)))
        .filter(entries::record_id.eq(id))
        .select(fiscal_periods::number);
    office.db.read_now(|tx| Ok::<_, Refusal>(number.first(tx.conn())?)).unwrap()
}

/// The days on which the duties of a document were done, as they stand in the database.
fn days(office: &Office, id: i64) -> Vec<NaiveDate> {
    let days = finance_approvals::table.filter(finance_approvals::record_id.eq(id)).select(finance_approvals::on_day);
    office.db.read_now(|tx| Ok::<_, Refusal>(days.load(tx.conn())?)).unwrap()
}

#[test]
fn the_day_of_a_document_and_its_period_are_the_offices() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let voucher = office.posted(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")]));
        let limit = |last: &str| {
            sql(&office.db, &format!("UPDATE authority_limits SET active_to = '{last}'")).unwrap();
        };
        // Half past midnight of the first of November in Amman, the last evening of October in UTC. October is closed already.
        test.clock().set(at("2026-10-31T21:30:00"));
        sql(&office.db, "UPDATE fiscal_periods SET state = 'closed' WHERE number = 10").unwrap();
        let back = office.reverse(voucher).unwrap();
        assert_eq!(office.view(back).effective_on, day("2026-11-01"));
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        limit("2026-10-31");
        assert_eq!(refusal(office.authorise(&office.director, back)), "no_authority", "that was yesterday");
        limit("2026-11-01");
        office.authorise(&office.director, back).unwrap();
        assert_eq!(period(&office, back), 11);
        assert_eq!(days(&office, back), [day("2026-11-01"); 3]);
        // The paper says the same day.
        let seen = office.view(back);
        let paper =
            office.db.read_now(|tx| Ok::<_, Refusal>(print::duties(&seen, Lang::En, &|at| tx.day_of(at)))).unwrap();
        let Block::Table(table) = paper else { panic!("no table of duties") };
        let days: Vec<&str> = table.rows.iter().map(|row| row.cells[2].runs[0].text.as_str()).collect();
        assert_eq!(days, ["2026-11-01"; 3]);
    });
}

#[test]
fn the_last_evening_of_a_month_belongs_to_it() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let voucher = office.posted(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")]));
        // One minute before midnight of the thirtieth in Amman: December has not begun.
        test.clock().set(at("2026-11-30T20:59:00"));
        let back = office.reverse(voucher).unwrap();
        assert_eq!(office.view(back).effective_on, day("2026-11-30"));
        sql(&office.db, "UPDATE fiscal_periods SET state = 'closed' WHERE number = 11").unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        assert_eq!(refusal(office.authorise(&office.director, back)), "period_closed");
    });
}

#[test]
fn what_is_authorised_in_the_night_of_a_years_end_is_of_its_own_year_and_of_the_limits_of_the_next() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "40", "")]);
        let voucher = office.ready(&DocumentInput { effective_on: day("2026-12-31"), ..input });
        let limit = |last: &str| {
            sql(&office.db, &format!("UPDATE authority_limits SET active_to = '{last}'")).unwrap();
        };
        // Half past midnight of New Year in Amman, the last evening of the year in UTC.
        test.clock().set(at("2026-12-31T21:30:00"));
        limit("2026-12-31");
        assert_eq!(refusal(office.authorise(&office.director, voucher)), "no_authority", "that was last year");
        limit("2027-01-01");
        office.authorise(&office.director, voucher).unwrap();
        let seen = office.view(voucher);
        assert!(seen.head.number.as_deref().is_some_and(|number| number.starts_with("ص/2026/")));
        assert_eq!((seen.year, period(&office, voucher)), (2026, 12));
        assert_eq!(days(&office, voucher).into_iter().max(), Some(day("2027-01-01")));
        assert_eq!(refusal(office.reverse(voucher)), "no_fiscal_year", "today is of a year that is not opened");
    });
}
