//! Lists that are no codes with names, control levels and rates: found, sorted and paged like the others.

use diwan_finance_api::{ControlLevel, PartQuery, PartSort, RateInput, SegmentKind};
use diwan_testkit::both;

use super::setup::{Setup, day};
use crate::{
    parts::part::{self, Part},
    structure::years,
};

#[test]
fn control_levels_are_found_by_year_and_part_and_come_in_pages() {
    both(|test| {
        let setup = Setup::on(test.db());
        setup.act(|tx, actor| years::create(tx, actor, 2027)).unwrap();
        let read = |query: &PartQuery, limit: i64| {
            let page = setup.act(|tx, actor| ControlLevel::list(tx, actor.agency_id, query, limit)).unwrap();
            let levels = page.items.into_iter().map(|row| (row.value.year, row.value.kind)).collect::<Vec<_>>();
            (levels, page.next)
        };
        let asked = |q: &str| read(&PartQuery { q: Some(q.to_owned()), ..PartQuery::default() }, 100).0;
        assert_eq!(asked("2027").len(), SegmentKind::ALL.len());
        assert!(asked("البند 2026").is_empty());
        assert_eq!(asked("بند 2026"), [(2026, SegmentKind::Item)]);
        assert_eq!(asked("fund"), [(2026, SegmentKind::Fund), (2027, SegmentKind::Fund)]);
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let query = PartQuery { sort: Some(PartSort::Code), after, ..PartQuery::default() };
            let (levels, next) = read(&query, 5);
            all.extend(levels);
            after = next;
            if after.is_none() {
                break;
            }
        }
        let wanted = [2026, 2027].into_iter().flat_map(|year| SegmentKind::ALL.iter().map(move |kind| (year, *kind)));
        assert_eq!(all, wanted.collect::<Vec<_>>());
    });
}

#[test]
fn rates_are_sorted_by_day_and_by_currency() {
    both(|test| {
        let setup = Setup::on(test.db());
        let add = |currency: &str, on: &str| {
            let rate = RateInput { currency: currency.to_owned(), day: day(on), rate: "0.7".to_owned() };
            setup.act(|tx, actor| part::create(tx, actor, &rate)).unwrap().id
        };
        let old = add("USD", "2026-01-01");
        let newest = add("EUR", "2026-03-01");
        let twin = add("USD", "2026-03-01");
        let read = |sort: Option<PartSort>| {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let query = PartQuery { sort, after, ..PartQuery::default() };
                let page = setup.act(|tx, actor| RateInput::list(tx, actor.agency_id, &query, 1)).unwrap();
                found.extend(page.items.into_iter().map(|row| row.id));
                after = page.next;
                if after.is_none() {
                    return found;
                }
            }
        };
        assert_eq!(read(None), [twin, newest, old]);
        assert_eq!(read(Some(PartSort::Name)), [old, newest, twin]);
        assert_eq!(read(Some(PartSort::Code)), [newest, old, twin]);
        assert_eq!(read(Some(PartSort::CodeDown)), [twin, old, newest]);
    });
}
