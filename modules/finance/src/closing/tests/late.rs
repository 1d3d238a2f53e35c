//! What is taken back after a year is over comes back into that year: on no day of it is less there than nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_finance_api::{Bucket, CommitmentDecision, DocumentNote};
use diwan_platform::Refusal;
use diwan_schema::finance::budget_moves;
use diwan_testkit::both;

use super::{
    desk::Desk,
    year::{in_january, lived},
};
use crate::{
    documents::{self, tests::office::refusal},
    ledger::tests::books::act,
};

/// A move: budget line, day, source, target, amount.
type Made = (i64, NaiveDate, String, String, i64);

/// The least that any bucket of a budget line holds at the end of any day, as the position counts it.
fn least(desk: &Desk) -> i64 {
    let columns = (
        budget_moves::line_id,
        budget_moves::effective_on,
        budget_moves::source,
        budget_moves::target,
        budget_moves::amount,
    );
    let made = desk.db().read_now(|tx| Ok::<_, Refusal>(budget_moves::table.select(columns).load::<Made>(tx.conn())?));
    let mut buckets = BTreeMap::<(i64, String), BTreeMap<NaiveDate, i64>>::new();
    for (line, day, source, target, amount) in made.unwrap() {
        for (bucket, signed) in [(source, -amount), (target, amount)] {
            *buckets.entry((line, bucket)).or_default().entry(day).or_default() += signed;
        }
    }
    buckets.retain(|(_, bucket), _| bucket.as_str() != Bucket::Outside.code());
    let mut least = 0;
    for days in buckets.values() {
        let mut held = 0;
        for change in days.values() {
            held += change;
            least = least.min(held);
        }
    }
    least
}

#[test]
fn what_is_taken_back_after_a_year_was_there_on_its_last_day() {
    both(|test| {
        let (desk, _) = lived(&test);
        let office = &desk.office;
        let (wrong, other) = (desk.expense("40", "INV-8"), desk.expense("60", "INV-9"));
        in_january(&test);
        desk.close_to(12);
        desk.next_year();
        assert_eq!(refusal(office.reverse(wrong)), "reversal_other_year");
        let note = DocumentNote { complementary: true, ..office.note("مكرر") };
        let version = office.version(wrong);
        let back = act(desk.db(), &office.clerk, |tx| documents::reverse(tx, &office.clerk, wrong, version, &note));
        let back = back.unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&office.director).unwrap();
        assert_eq!(least(&desk), 0);
        let version = office.version(other);
        let back = act(desk.db(), &office.clerk, |tx| documents::reverse(tx, &office.clerk, other, version, &note));
        assert_eq!(refusal(back), "year_ended");
    });
}
