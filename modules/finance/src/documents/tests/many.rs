//! Many hands on one commitment: what it holds is drawn exactly once.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_finance_api::DocumentKind;
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::office::{GOODS, Office};

#[test]
fn vouchers_on_one_commitment_never_take_more_than_it_holds() {
    both(|test| {
        const VOUCHERS: usize = 12;
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "100", "")]));
        let ready: Vec<i64> = (0..VOUCHERS)
            .map(|at| {
                let mut input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "15", "")]);
                input.source_id = Some(contract);
                input.reference = format!("INV-{at}");
                office.ready(&input)
            })
            .collect();
        let (posted, short) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for id in &ready {
                scope.spawn(|| match office.authorise(&office.director, *id) {
                    Ok(()) => posted.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "budget_short", .. }) => short.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        // Six times 15 of 100; the seventh would need 5 more than is left anywhere.
        assert_eq!((posted.into_inner(), short.into_inner()), (6, VOUCHERS - 6));
        assert_eq!(office.view(contract).to_settle, 10_000);
        assert_eq!(office.buckets(GOODS), [0, 0, 0, 0, 10_000, 90_000, 0]);
        let mut numbers: Vec<String> = ready.iter().filter_map(|id| office.view(*id).head.number).collect();
        numbers.sort();
        assert_eq!(numbers, (1..=6).map(|seq| format!("ص/2026/{seq}")).collect::<Vec<_>>(), "no gap, no double");
    });
}
