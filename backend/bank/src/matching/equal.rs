//! Pairs of equal amounts by their dates: single ones, and twins by their number.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::{
    Explanation, Settings, Unmatched,
    side::{Item, Side, Sides},
};

/// Lines and entries of one amount, by date.
type Group = (Vec<usize>, Vec<usize>);

/// Pairs equal amounts; with `party`, only those whose other side is the same.
pub(super) fn pair(sides: &mut Sides, settings: &Settings, party: bool) {
    let wanted = |item: &Item| item.free && (!party || item.party.is_some());
    let mut groups: HashMap<(i64, Option<String>), Group> = HashMap::new();
    let key = |item: &Item| (item.amount, item.party.clone().filter(|_| party));
    for place in sides.lines.places(wanted) {
        if let Some(item) = sides.lines.0.get(place) {
            groups.entry(key(item)).or_default().0.push(place);
        }
    }
    for place in sides.entries.places(wanted) {
        if let Some(item) = sides.entries.0.get(place)
            && let Some((_, entries)) = groups.get_mut(&key(item))
        {
            entries.push(place);
        }
    }
    for (lines, entries) in groups.into_values().filter(|(_, entries)| !entries.is_empty()) {
        let (lines, entries) = same_day(sides, lines, entries, party);
        for (lines, entries) in within(sides, &lines, &entries, settings) {
            settle(sides, &lines, &entries, party);
        }
    }
}

/// Pairs those of one day where there are as many lines as entries; gives back the others.
fn same_day(sides: &mut Sides, lines: Vec<usize>, entries: Vec<usize>, party: bool) -> Group {
    let mut days: HashMap<NaiveDate, Group> = HashMap::new();
    for line in lines {
        if let Some(date) = sides.lines.date(line) {
            days.entry(date).or_default().0.push(line);
        }
    }
    for entry in entries {
        if let Some(date) = sides.entries.date(entry) {
            days.entry(date).or_default().1.push(entry);
        }
    }
    let mut left = Group::default();
    for (lines, entries) in days.into_values() {
        if lines.len() == entries.len() {
            join(sides, &lines, &entries, party);
        } else {
            left.0.extend(lines);
            left.1.extend(entries);
        }
    }
    left.0.sort_unstable();
    left.1.sort_unstable();
    left
}

/// Pairs as many lines as entries in their order, each side being of one day.
fn join(sides: &mut Sides, lines: &[usize], entries: &[usize], party: bool) {
    let count = lines.len();
    for (line, entry) in lines.iter().zip(entries) {
        let (Some(at_bank), Some(in_books)) = (sides.lines.date(*line), sides.entries.date(*entry)) else { continue };
        let days = (at_bank - in_books).num_days();
        let why =
            if count == 1 { Explanation::Exact { days, party } } else { Explanation::Twins { count, days, party } };
        sides.join(&[*line], &[*entry], why);
    }
}

/// Groups of lines and entries that lie within the days looked at of one another, however far the chain goes.
fn within(sides: &Sides, lines: &[usize], entries: &[usize], settings: &Settings) -> Vec<Group> {
    // Each entry ties together a stretch of lines; a line is tied to the next one where some stretch covers both.
    let stretches: Vec<_> = entries.iter().map(|entry| stretch(sides, lines, *entry, settings)).collect();
    let mut steps = vec![0_i64; lines.len() + 1];
    for (from, to) in stretches.iter().filter(|(from, to)| to - from > 1) {
        if let Some(step) = steps.get_mut(*from) {
            *step += 1;
        }
        if let Some(step) = steps.get_mut(*to - 1) {
            *step -= 1;
        }
    }
    let mut group_of = Vec::with_capacity(lines.len());
    let mut groups: Vec<Group> = Vec::new();
    let (mut depth, mut tied) = (0, false);
    for (line, step) in lines.iter().zip(steps) {
        if !tied {
            groups.push(Group::default());
        }
        if let Some((of_group, _)) = groups.last_mut() {
            of_group.push(*line);
        }
        group_of.push(groups.len() - 1);
        depth += step;
        tied = depth > 0;
    }
    for (entry, (from, to)) in entries.iter().zip(stretches) {
        if from < to
            && let Some((_, of_group)) = group_of.get(from).and_then(|group| groups.get_mut(*group))
        {
            of_group.push(*entry);
        }
    }
    groups.retain(|(_, entries)| !entries.is_empty());
    groups
}

/// The lines, as a range of the given ones, within the days looked at of an entry.
fn stretch(sides: &Sides, lines: &[usize], entry: usize, settings: &Settings) -> (usize, usize) {
    let Some(date) = sides.entries.date(entry) else { return (0, 0) };
    near(&sides.lines, lines, date, settings)
}

/// The items of a side, as a range of the given places, within the days looked at of a date.
pub(super) fn near(side: &Side, places: &[usize], date: NaiveDate, settings: &Settings) -> (usize, usize) {
    let days = Days::new(u64::from(settings.days));
    let first = date.checked_sub_days(days).unwrap_or(NaiveDate::MIN);
    let last = date.checked_add_days(days).unwrap_or(NaiveDate::MAX);
    let from = places.partition_point(|place| side.date(*place).is_some_and(|date| date < first));
    let to = places.partition_point(|place| side.date(*place).is_some_and(|date| date <= last));
    (from, to)
}

/// Pairs a group that has one pairing, or says why not.
fn settle(sides: &mut Sides, lines: &[usize], entries: &[usize], party: bool) {
    let one_day = |side: &Side, places: &[usize]| {
        let mut dates = places.iter().map(|place| side.date(*place));
        let first = dates.next();
        dates.all(|date| Some(date) == first)
    };
    if lines.len() == entries.len() && one_day(&sides.lines, lines) && one_day(&sides.entries, entries) {
        join(sides, lines, entries, party);
    } else if !party {
        let why = Unmatched::EqualAmounts { lines: lines.len(), entries: entries.len() };
        for (side, places) in [(&mut sides.lines, lines), (&mut sides.entries, entries)] {
            for place in places {
                if let Some(item) = side.0.get_mut(*place) {
                    item.left(why);
                }
            }
        }
    }
}
