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
fn a_supplement_takes_down_what_has_no_order_yet_and_nothing_else() {
    both(|test| {
        let office = Office::on(test.db());
        // Loaded with ten times of what the law says.
        office.posted(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1000", ""), ("", FUEL, "100", "")]));
        office.posted(&office.input(DocumentKind::FinancialOrder, &[("", GOODS, "150", "")]));
        let cut = office.ready(&office.input(DocumentKind::Supplementary, &[("", GOODS, "", "900")]));
        let Err(Refusal::Rule { code, args, .. }) = office.authorise(&office.director, cut) else { panic!("allotted") };
        assert_eq!((code, args["bucket"].as_str()), ("budget_short", "unallotted"));
        let told = ["revised", "asked", "there", "missing", "available"].map(|name| args[name].as_str());
        assert_eq!(told, ["1,000.000", "900.000", "850.000", "50.000", "150.000"]);
        assert_eq!(office.buckets(GOODS), [850_000, 0, 150_000, 0, 0, 0, 0], "nothing is half taken");
        // The order is taken back first.
        office.posted(&office.input(DocumentKind::FinancialOrder, &[("", GOODS, "", "50")]));
        office.authorise(&office.director, cut).unwrap();
        assert_eq!(office.buckets(GOODS), [0, 0, 100_000, 0, 0, 0, 0]);
        let moved = &office.view(cut).moves;
        assert_eq!(moved.len(), 1, "{moved:?}");
        // What a law takes of one key it may give to another.
        office.posted(&office.input(DocumentKind::Supplementary, &[("", FUEL, "", "30"), ("", GOODS, "40", "")]));
        assert_eq!((office.buckets(GOODS)[0], office.buckets(FUEL)[0]), (40_000, 70_000));
        // No law of its own takes anything down.
        let law = office.input(DocumentKind::BudgetLaw, &[("", GOODS, "", "1")]);
        assert_eq!(refusal(office.draft(&law)), "lines.0.credit:not_asked");
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
