//! Who holds advances: the ceiling and the day, told before they are broken, and kept by the database among many hands.

use std::sync::atomic::{AtomicUsize, Ordering};

use diwan_db::Violation;
use diwan_finance_api::{DocumentInput, DocumentKind};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::{
    break_in::{duty, refused},
    office::{GOODS, Office, refusal},
};
use crate::ledger::tests::books::{day, sql};

/// The office with a ceiling for its supplier, in fils.
fn office(db: diwan_db::Db, limit: &str) -> Office {
    let office = Office::on(db);
    office.allot(&[(GOODS, "1000")]);
    ceiling(&office, limit);
    office
}

fn ceiling(office: &Office, limit: &str) {
    sql(&office.db, &format!("UPDATE parties SET advance_limit = {limit} WHERE id = {}", office.supplier)).unwrap();
}

fn advance(office: &Office, amount: &str) -> DocumentInput {
    office.input(DocumentKind::Advance, &[("620801", "", amount, "")])
}

/// One that was to be settled yesterday.
fn late(office: &Office) -> DocumentInput {
    DocumentInput { due_on: Some(day("2026-10-31")), ..advance(office, "20") }
}

#[test]
fn a_holder_has_no_more_than_the_ceiling_at_once() {
    both(|test| {
        let office = office(test.db(), "100000");
        let first = office.posted(&advance(&office, "60"));
        let draft = office.draft(&advance(&office, "40.001")).unwrap();
        let Err(Refusal::Rule { code, args, .. }) = office.submit(draft) else { panic!("more than the ceiling") };
        assert_eq!(code, "advance_over_limit");
        let told = ["limit", "held", "left", "asked"].map(|name| args[name].as_str());
        assert_eq!(told, ["100.000", "60.000", "40.000", "40.001"]);
        // Both could be given when they were sent, and not one after the other.
        let (second, third) = (office.ready(&advance(&office, "40")), office.ready(&advance(&office, "30")));
        office.authorise(&office.director, second).unwrap();
        assert_eq!(refusal(office.authorise(&office.director, third)), "advance_over_limit");
        let mut settlement = office.input(DocumentKind::AdvanceSettlement, &[("2219", GOODS, "60", "")]);
        settlement.source_id = Some(first);
        office.posted(&settlement);
        office.authorise(&office.director, third).unwrap();
        assert_eq!(office.view(third).to_settle, 30_000);
        ceiling(&office, "NULL");
        office.posted(&advance(&office, "500"));
    });
}

#[test]
fn what_is_past_its_day_stops_what_waits_and_is_taken_back() {
    both(|test| {
        let office = office(test.db(), "NULL");
        let waiting = office.ready(&advance(&office, "5"));
        let overdue = office.posted(&late(&office));
        assert_eq!(refusal(office.authorise(&office.director, waiting)), "advance_overdue");
        let back = office.reverse(overdue).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        office.authorise(&office.director, waiting).unwrap();
    });
}

#[test]
fn invariant_13_no_statement_posts_more_than_a_holder_may_have() {
    both(|test| {
        let office = office(test.db(), "100000");
        let (first, second) = (office.ready(&advance(&office, "60")), office.ready(&advance(&office, "50")));
        office.authorise(&office.director, first).unwrap();
        let post = |limit: &str, set: &str| {
            format!(
                "UPDATE parties SET advance_limit = {limit}; {} UPDATE finance_documents
                    SET posted_at = '2026-11-01 08:00:00', {set} WHERE record_id = {second};",
                duty(second, "authorise", office.director.user_id, "NULL")
            )
        };
        let ledger = |limit: &str, set: &str| (post(limit, set), Violation::Ledger);
        refused(
            &office,
            &[
                ledger("100000", "to_settle = base_amount"),
                ledger("109999", "to_settle = base_amount"),
                ledger("0", "to_settle = base_amount"),
                // Nothing to settle, to be raised afterwards; or nobody who holds it.
                ledger("110000", "to_settle = 0"),
                ledger("NULL", "to_settle = base_amount - 1"),
                ledger("NULL", "to_settle = base_amount, party_id = NULL"),
                (format!("UPDATE parties SET advance_limit = -1 WHERE id = {}", office.supplier), Violation::Check),
            ],
        );
        let overdue = office.ready(&late(&office));
        ceiling(&office, "NULL");
        office.authorise(&office.director, overdue).unwrap();
        refused(&office, &[ledger("NULL", "to_settle = base_amount")]);
        let back = office.reverse(overdue).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        sql(&office.db, &post("110000", "to_settle = base_amount")).unwrap();
    });
}

#[test]
fn many_who_post_at_once_never_give_a_holder_more_than_the_ceiling() {
    both(|test| {
        const ADVANCES: usize = 8;
        let office = office(test.db(), "100000");
        let ready: Vec<i64> = (0..ADVANCES).map(|_| office.ready(&advance(&office, "30"))).collect();
        let (posted, over) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for id in &ready {
                scope.spawn(|| match office.authorise(&office.director, *id) {
                    Ok(()) => posted.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "advance_over_limit", .. }) => over.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        assert_eq!((posted.into_inner(), over.into_inner()), (3, ADVANCES - 3));
        assert_eq!(ready.iter().map(|id| office.view(*id).to_settle).sum::<i64>(), 90_000);
    });
}
