//! Matching: one test for each explanation and each reason to leave open, and what holds for all of them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diwan_bank::matching::{BookEntry, Explanation, Grouping, Match, OpenLine, Proposal, Settings, Unmatched, propose};
use proptest::prelude::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + chrono::Days::new(day.into())
}

fn line(id: i64, on: u32, amount: i64, text: &str) -> OpenLine {
    OpenLine { id, date: day(on), amount, references: vec![text.to_owned()], party: None }
}

fn entry(id: i64, on: u32, amount: i64, reference: &str) -> BookEntry {
    BookEntry { id, date: day(on), amount, references: vec![reference.to_owned()], party: None }
}

fn of_party(mut lines: Vec<OpenLine>, party: &str) -> Vec<OpenLine> {
    lines.iter_mut().for_each(|line| line.party = Some(party.to_owned()));
    lines
}

fn found(lines: &[OpenLine], entries: &[BookEntry]) -> Vec<(Vec<i64>, Vec<i64>, Explanation)> {
    let proposal = propose(lines, entries, &Settings::default());
    check(lines, entries, &proposal).unwrap();
    proposal.matches.into_iter().map(|one| (one.lines, one.entries, one.why)).collect()
}

#[test]
fn a_reference_links_over_any_time() {
    for (text, reference) in [
        ("Transfer PV-2026/000123 executed", "PV 2026 000123"),
        ("تحويل PV2026000123", "pv-2026-000123"),
        ("صرف شيك ٠٠٠٤١٧٢", "4172X"),
        ("صرف شيك رقم ٠٠٤١٧٢٩", "41729"),
    ] {
        let lines = [line(1, 200, -500, text), line(2, 0, -500, "NONREF")];
        let entries = [entry(10, 0, -500, reference), entry(11, 90, -500, "PV-2026/000124")];
        let linked = found(&lines, &entries).iter().any(|(_, _, why)| matches!(why, Explanation::Reference { .. }));
        assert_eq!(linked, reference != "4172X", "{text} and {reference}");
    }
    // Part of a longer number is not the number; a year is none.
    assert_eq!(found(&[line(1, 200, 5, "9941729")], &[entry(10, 0, 5, "41729")]), []);
    assert_eq!(found(&[line(1, 200, 5, "of 2026")], &[entry(10, 0, 5, "2026")]), []);
    // The amount must be the same all the same.
    assert_eq!(found(&[line(1, 0, 6, "PV-000777")], &[entry(10, 0, 5, "PV-000777")]), []);
}

#[test]
fn one_reference_on_many_is_paired_where_the_days_fit() {
    let rents = |from: u32| (0..6).map(move |month| (month, from + 30 * month as u32));
    let lines: Vec<_> = rents(2).map(|(id, on)| line(id, on, -350, "Contract 2026/000555")).collect();
    let entries: Vec<_> = rents(0).map(|(id, on)| entry(id, on, -350, "2026/000555")).collect();
    assert_eq!(found(&lines, &entries).len(), 6);
    assert!(found(&lines, &entries).iter().all(|(line, entry, _)| line == entry));
    // The first entry and the last line are missing: the others keep their months.
    let shifted = found(&lines[..5], &entries[1..]);
    assert_eq!(
        shifted.iter().map(|(line, entry, _)| (line[0], entry[0])).collect::<Vec<_>>(),
        [(1, 1), (2, 2), (3, 3), (4, 4)]
    );
}

#[test]
fn one_amount_within_the_days_is_exact() {
    let lines = [line(1, 5, 700, ""), line(2, 40, 700, "")];
    let entries = [entry(10, 2, 700, ""), entry(11, 45, 700, "")];
    let expected = [
        (vec![1], vec![10], Explanation::Exact { days: 3, party: false }),
        (vec![2], vec![11], Explanation::Exact { days: -5, party: false }),
    ];
    assert_eq!(found(&lines, &entries), expected);
    let late = propose(&[line(1, 11, 700, "")], &[entry(10, 0, 700, "")], &Settings::default());
    assert_eq!((late.matches.len(), late.open_lines), (0, vec![(1, Unmatched::NoCandidate)]));
}

#[test]
fn twins_are_counted() {
    let lines = [line(3, 1, -250, ""), line(1, 1, -250, ""), line(2, 1, -250, "")];
    let entries = [entry(12, 1, -250, ""), entry(11, 1, -250, ""), entry(10, 1, -250, "")];
    let why = Explanation::Twins { count: 3, days: 0, party: false };
    let pairs: Vec<_> = (1..=3).map(|id| (vec![id], vec![id + 9], why.clone())).collect();
    assert_eq!(found(&lines, &entries), pairs);
    // A day later at the bank, all together: still as many.
    let later: Vec<_> = lines.iter().map(|one| OpenLine { date: day(3), ..one.clone() }).collect();
    assert_eq!(found(&later, &entries)[0].2, Explanation::Twins { count: 3, days: 2, party: false });
    // One less: nothing says which of them is missing.
    let proposal = propose(&lines, &entries[..2], &Settings::default());
    let why = Unmatched::EqualAmounts { lines: 3, entries: 2 };
    assert_eq!(proposal.matches, []);
    assert_eq!(proposal.open_lines, [(1, why), (2, why), (3, why)]);
    assert_eq!(proposal.open_entries, [(11, why), (12, why)]);
}

#[test]
fn the_other_side_tells_equal_amounts_apart() {
    let lines =
        [of_party(vec![line(1, 1, 90, "")], "شركة الأمل"), of_party(vec![line(2, 1, 90, "")], "مؤسسة النور")].concat();
    let mut entries = [entry(10, 3, 90, ""), entry(11, 2, 90, ""), entry(12, 2, 90, "")];
    entries[0].party = Some("شركة الامل".into());
    entries[1].party = Some("مؤسسة النور".into());
    let why = |days| Explanation::Exact { days, party: true };
    assert_eq!(found(&lines, &entries), [(vec![1], vec![10], why(-2)), (vec![2], vec![11], why(-1))]);
}

#[test]
fn several_give_one() {
    let sum = |by| Explanation::ManyToOne { by };
    // Named by the line.
    let lines = [line(1, 30, -600, "Batch RUN-00077: PV-00001, PV-00002 and PV-00003")];
    let entries = [entry(10, 0, -100, "PV-00001"), entry(11, 1, -200, "PV-00002"), entry(12, 2, -300, "PV-00003")];
    assert_eq!(found(&lines, &entries), [(vec![1], vec![10, 11, 12], sum(Grouping::Reference))]);
    // Several lines of one entry.
    let lines = [line(1, 1, 40, "INV-00900 first"), line(2, 9, 60, "INV-00900 rest")];
    assert_eq!(found(&lines, &[entry(10, 0, 100, "INV-00900")]), [(vec![1, 2], vec![10], sum(Grouping::Reference))]);
    // The receipts of a day, put into the bank together.
    let receipts: Vec<_> = (0..30).map(|id| entry(id, 1, 1_000 + id, "")).collect();
    let total: i64 = receipts.iter().map(|one| one.amount).sum();
    let matched = found(&[line(1, 2, total, "Cash deposit")], &receipts);
    assert_eq!((matched[0].1.len(), &matched[0].2), (30, &sum(Grouping::Day)));
    // Those of one party among others.
    let mut entries = vec![entry(10, 1, 111, ""), entry(11, 1, 222, ""), entry(12, 1, 999, "")];
    entries[0].party = Some("A Co.".into());
    entries[1].party = Some("A CO".into());
    let lines = of_party(vec![line(1, 2, 333, "")], "a co");
    assert_eq!(found(&lines, &entries), [(vec![1], vec![10, 11], sum(Grouping::PartyDay))]);
    // The only two of several days that give it.
    let entries = [entry(10, 1, 101, ""), entry(11, 3, 202, ""), entry(12, 5, 1_404, "")];
    assert_eq!(found(&[line(1, 4, 303, "")], &entries), [(vec![1], vec![10, 11], sum(Grouping::Search))]);
}

#[test]
fn sums_are_not_guessed() {
    let open = |lines: &[OpenLine], entries: &[BookEntry]| {
        let proposal = propose(lines, entries, &Settings::default());
        assert_eq!(proposal.matches, []);
        proposal.open_lines
    };
    // 1 + 4 and 2 + 3.
    let entries: Vec<_> = (1..=4).map(|amount| entry(amount, amount as u32, amount, "")).collect();
    assert_eq!(open(&[line(1, 3, 5, "")], &entries), [(1, Unmatched::SeveralSums { count: 2 })]);
    // One sum for two lines.
    let lines = [line(1, 3, 303, ""), line(2, 4, 303, "")];
    let entries = [entry(10, 1, 101, ""), entry(11, 3, 202, "")];
    assert_eq!(open(&lines, &entries)[0], (1, Unmatched::SeveralSums { count: 1 }));
    let many: Vec<_> = (0..40).map(|id| entry(id, id as u32 % 7, 10 + id, "")).collect();
    assert_eq!(open(&[line(1, 3, 1_000, "")], &many), [(1, Unmatched::TooMany)]);
    assert_eq!(open(&[line(1, 3, 0, "")], &[entry(10, 3, 0, "")]), [(1, Unmatched::Zero)]);
    // In the other direction there is nothing to add.
    assert_eq!(
        open(&[line(1, 1, 303, "")], &[entry(10, 1, 404, ""), entry(11, 2, -101, "")]),
        [(1, Unmatched::NoCandidate)]
    );
}

/// Each line and entry once, and sums the same to the last unit.
fn check(lines: &[OpenLine], entries: &[BookEntry], proposal: &Proposal) -> Result<(), TestCaseError> {
    let line_amounts: HashMap<i64, i64> = lines.iter().map(|line| (line.id, line.amount)).collect();
    let entry_amounts: HashMap<i64, i64> = entries.iter().map(|entry| (entry.id, entry.amount)).collect();
    let (mut used_lines, mut used_entries) = (HashSet::new(), HashSet::new());
    for Match { lines, entries, why } in &proposal.matches {
        prop_assert!(!lines.is_empty() && !entries.is_empty());
        prop_assert!(lines.len() == 1 || entries.len() == 1, "{why:?}");
        let sum = |ids: &[i64], amounts: &HashMap<i64, i64>| ids.iter().map(|id| amounts[id]).sum::<i64>();
        prop_assert_eq!(sum(lines, &line_amounts), sum(entries, &entry_amounts));
        for id in lines {
            prop_assert!(used_lines.insert(*id), "line {} twice", id);
        }
        for id in entries {
            prop_assert!(used_entries.insert(*id), "entry {} twice", id);
        }
    }
    let open = |open: &[(i64, Unmatched)]| open.iter().map(|(id, _)| *id).collect::<HashSet<_>>();
    let (open_lines, open_entries) = (open(&proposal.open_lines), open(&proposal.open_entries));
    prop_assert!(used_lines.is_disjoint(&open_lines) && used_lines.len() + open_lines.len() == lines.len());
    prop_assert!(used_entries.is_disjoint(&open_entries) && used_entries.len() + open_entries.len() == entries.len());
    Ok(())
}

/// Items of few amounts, days, references and parties, so that everything collides.
fn items() -> impl Strategy<Value = Vec<(u32, i64, u8, u8)>> {
    prop::collection::vec((0_u32..25, -12_i64..40, 0_u8..12, 0_u8..4), 0..40)
}

fn lines_of(items: &[(u32, i64, u8, u8)]) -> Vec<OpenLine> {
    let of = |(id, (on, amount, reference, party)): (i64, &(u32, i64, u8, u8))| OpenLine {
        party: (*party > 0).then(|| format!("P{party}")),
        ..line(id, *on, *amount, &format!("REF-00{} REF-00{}", reference, reference / 2))
    };
    (0..).zip(items).map(of).collect()
}

fn entries_of(items: &[(u32, i64, u8, u8)]) -> Vec<BookEntry> {
    let of = |(id, (on, amount, reference, party)): (i64, &(u32, i64, u8, u8))| BookEntry {
        party: (*party > 0).then(|| format!("p{party}")),
        ..entry(id, *on, *amount, &format!("ref 00{reference}"))
    };
    (0..).zip(items).map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_is_matched_once_and_exactly(lines in items(), entries in items(), days in 0_u16..30) {
        let (lines, entries) = (lines_of(&lines), entries_of(&entries));
        let settings = Settings { days, ..Settings::default() };
        check(&lines, &entries, &propose(&lines, &entries, &settings))?;
    }

    #[test]
    fn the_order_makes_no_difference(
        (lines, shuffled_lines) in items().prop_map(|items| lines_of(&items)).prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
        (entries, shuffled_entries) in items().prop_map(|items| entries_of(&items)).prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
    ) {
        let settings = Settings::default();
        prop_assert_eq!(propose(&lines, &entries, &settings), propose(&shuffled_lines, &shuffled_entries, &settings));
    }

    /// Books that say what the bank says, in other order and with other days, are matched to the last line where no two
    /// amounts are the same.
    #[test]
    fn books_that_are_right_are_matched_to_the_end(amounts in prop::collection::hash_set(1_i64..1_000_000, 1..60), lag in 0_u32..8) {
        let amounts: Vec<i64> = amounts.into_iter().collect();
        let lines: Vec<_> = (0..).zip(&amounts).map(|(id, amount)| line(id, 10 + id as u32 % 5, *amount, "")).collect();
        let entries: Vec<_> = (0..).zip(&amounts).map(|(id, amount)| entry(id, 10 + id as u32 % 5 - lag, *amount, "")).collect();
        let proposal = propose(&lines, &entries, &Settings::default());
        prop_assert_eq!(proposal.matches.len(), amounts.len());
        for one in proposal.matches {
            prop_assert_eq!(one.lines, one.entries);
        }
    }
}
