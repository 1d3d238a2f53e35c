//! A law appropriates once: what is loaded a second time is refused, whatever it is called and however many post it at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_finance_api::{DocumentInput, DocumentKind};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::office::{FUEL, GOODS, Office, refusal};

fn law(office: &Office, key: &str) -> DocumentInput {
    office.input(DocumentKind::BudgetLaw, &[("", key, "100", "")])
}

#[test]
fn a_key_is_appropriated_by_one_law_and_more_is_a_supplement() {
    both(|test| {
        let office = Office::on(test.db());
        let waiting = office.ready(&law(&office, GOODS));
        office.posted(&law(&office, GOODS));
        let renamed = DocumentInput { reference: "القانون رقم ١٣".to_owned(), ..law(&office, GOODS) };
        let again = office.draft(&renamed).unwrap();
        let Err(Refusal::Rule { code, args, .. }) = office.submit(again) else { panic!("the same law twice") };
        assert_eq!(code, "law_twice");
        assert_eq!((args["document"].as_str(), args["key"].as_str()), ("ق م/2026/1", GOODS));
        assert_eq!(office.view(again).head.state, "draft", "nobody was asked");
        assert_eq!(refusal(office.authorise(&office.director, waiting)), "law_twice");
        // The other part of the law, and what is given besides.
        office.posted(&law(&office, FUEL));
        office.posted(&office.input(DocumentKind::Supplementary, &[("", GOODS, "10", "")]));
        assert_eq!((office.buckets(GOODS)[0], office.buckets(FUEL)[0]), (110_000, 100_000));
    });
}

#[test]
fn a_law_that_many_post_at_once_counts_once() {
    both(|test| {
        const HANDS: usize = 8;
        let office = Office::on(test.db());
        let ready: Vec<i64> = (0..HANDS).map(|_| office.ready(&law(&office, GOODS))).collect();
        let (posted, twice) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for id in &ready {
                scope.spawn(|| match office.authorise(&office.director, *id) {
                    Ok(()) => posted.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "law_twice", .. }) => twice.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((posted.into_inner(), twice.into_inner()), (1, HANDS - 1));
        assert_eq!(office.buckets(GOODS), [100_000, 0, 0, 0, 0, 0, 0]);
    });
}
