//! Cash and allotment: what is released of a line stays within what is allotted to it, whichever of the two moves.

use std::sync::atomic::{AtomicI64, Ordering};

use diesel::prelude::*;
use diwan_finance_api::DocumentKind::{self, FinancialOrder, Freeze, Release};
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::line_cash;
use diwan_testkit::both;

use super::office::{GOODS, Office, refusal};

/// A document for goods that is certified: this much more, or less.
fn ready(office: &Office, kind: DocumentKind, (more, less): (&str, &str)) -> i64 {
    office.ready(&office.input(kind, &[("", GOODS, more, less)]))
}

fn post(office: &Office, kind: DocumentKind, amounts: (&str, &str)) -> Outcome<()> {
    office.authorise(&office.director, ready(office, kind, amounts))
}

fn released(office: &Office) -> i64 {
    let one = line_cash::table.select(line_cash::released);
    office.db.read_now(|tx| Ok::<_, Refusal>(one.first(tx.conn())?)).unwrap()
}

#[test]
fn an_order_is_not_taken_back_and_money_not_frozen_below_what_is_released() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        post(&office, Release, ("600", "")).unwrap();
        assert_eq!(refusal(post(&office, FinancialOrder, ("", "400.001"))), "allotment_under_releases");
        assert_eq!(refusal(post(&office, Freeze, ("400.001", ""))), "allotment_under_releases");
        assert_eq!(office.buckets(GOODS)[..3], [0, 0, 1_000_000], "what is refused moves nothing");
        post(&office, FinancialOrder, ("", "300")).unwrap();
        // First what has no order is frozen, and then of what is available.
        assert_eq!(refusal(post(&office, Freeze, ("400.001", ""))), "allotment_under_releases");
        post(&office, Freeze, ("400", "")).unwrap();
        assert_eq!((office.buckets(GOODS)[..3].to_vec(), released(&office)), (vec![0, 400_000, 600_000], 600_000));
        assert_eq!(refusal(post(&office, Release, ("0.001", ""))), "release_over_allotment");
        // Cash goes back before its order does.
        post(&office, Release, ("", "250")).unwrap();
        post(&office, FinancialOrder, ("", "250")).unwrap();
        assert_eq!((office.buckets(GOODS)[2], released(&office)), (350_000, 350_000));
        assert_eq!(refusal(post(&office, Release, ("", "350.001"))), "release_over_allotment");
        post(&office, Release, ("", "350")).unwrap();
    });
}

#[test]
fn releases_and_orders_back_at_once_leave_no_cash_without_allotment() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let ready: Vec<(DocumentKind, i64)> = (0..10)
            .map(|at| if at % 2 == 0 { (Release, ("250", "")) } else { (FinancialOrder, ("", "250")) })
            .map(|(kind, amounts)| (kind, ready(&office, kind, amounts)))
            .collect();
        let (cash, orders) = (AtomicI64::new(0), AtomicI64::new(0));
        std::thread::scope(|scope| {
            for (kind, id) in &ready {
                let (office, sum) = (&office, if *kind == Release { &cash } else { &orders });
                scope.spawn(move || match office.authorise(&office.director, *id) {
                    Ok(()) => sum.fetch_add(250_000, Ordering::SeqCst),
                    // The fifth order finds nothing to take back.
                    Err(Refusal::Rule {
                        code: "release_over_allotment" | "allotment_under_releases" | "budget_short",
                        ..
                    }) => 0,
                    Err(other) => panic!("{other}"),
                });
            }
        });
        let (cash, orders) = (cash.into_inner(), orders.into_inner());
        // Each is refused only where no room is left, so together they fill it.
        assert_eq!(cash + orders, 1_000_000);
        assert_eq!((office.buckets(GOODS)[2], released(&office)), (1_000_000 - orders, cash));
    });
}
