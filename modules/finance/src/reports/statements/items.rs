//! What the rows of a statement are made of: balances, cash, budget lines.

use std::collections::{BTreeMap, BTreeSet};

use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, ReportLink, Target};
use diwan_platform::Outcome;

use super::{
    cash, outlay,
    rows::{self, Line, Row, TRUST},
};
use crate::{
    amounts::sum,
    ledger::balances::{self, MOVED},
    reports::{
        figures::{self, Figures},
        form::link,
        frame::Frame,
        names::{self, Shown},
        parts::{self, Parts},
    },
};

/// One thing on a row: an account, or a budget line.
pub(super) struct Item {
    /// What the row takes it by.
    pub(super) code: String,
    pub(super) shown: Shown,
    pub(super) link: Option<ReportLink>,
    /// Debits less credits: of the days, and of the same days a year before; then the same of cash held in trust. For the
    /// execution: original, final, actual, and actual a year before.
    pub(super) figures: Row,
}

/// A thing: measure, account, budget line, code; 0 for no account or line.
type Key = (&'static str, i64, i64, String);

/// Things with their figures.
type Sums = BTreeMap<Key, Row>;

/// All things of a statement with the measures they count for.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    lines: &[Line],
    (frame, before): (&Frame, &Frame),
) -> Outcome<Vec<(&'static str, Item)>> {
    let measures: BTreeSet<&str> = lines.iter().map(|line| line.measure.as_str()).collect();
    if measures.contains("line") {
        let mut all = budget(tx, lines, (frame, before))?;
        all.extend(outlay::of(tx, frame, before)?);
        return Ok(all);
    }
    let mut sums = Sums::new();
    // Receipts and payments alone tell apart what is held in trust.
    let cash = measures.contains("in");
    let trust = if cash { cash::in_trust(tx, frame.agency_id)? } else { BTreeSet::new() };
    for (at, frame) in [frame, before].into_iter().enumerate() {
        books(tx, frame, (at, &trust), measures.contains("cofog"), &mut sums)?;
        for held in [false, true].into_iter().filter(|_| cash) {
            let at = if held { at + TRUST } else { at };
            for one in cash::read(tx, frame, held)? {
                put(&mut sums, (one.measure, one.account_id, one.line_id, one.code), at, one.amount)?;
            }
        }
    }
    sums.retain(|(measure, ..), figures| measures.contains(measure) && figures.iter().any(|figure| *figure != 0));
    let ids: Vec<String> = sums.keys().map(|(_, id, ..)| id.to_string()).collect();
    let names = names::of(tx, frame.agency_id, Dimension::Account, ids.iter().map(String::as_str))?;
    let lines: BTreeSet<i64> = sums.keys().map(|(_, _, line, _)| *line).filter(|line| *line != 0).collect();
    let lines = parts::of_lines(tx, frame, &lines.into_iter().collect::<Vec<_>>())?;
    let item = |((measure, account, line, code), figures): (Key, Row)| {
        let own = || Shown { code: code.clone(), ar: String::new(), en: String::new() };
        let shown = names.get(&account.to_string()).or_else(|| lines.get(&line)).cloned().unwrap_or_else(own);
        let link = match (account, line) {
            (0, 0) => None,
            (0, line) => link(Target::Line, line),
            (account, _) => link(Target::Account, account),
        };
        (measure, Item { code, shown, link, figures })
    };
    Ok(sums.into_iter().map(item).collect())
}

fn put(sums: &mut Sums, key: Key, at: usize, amount: i64) -> Outcome<()> {
    if let Some(figure) = sums.entry(key).or_default().get_mut(at) {
        *figure = sum([*figure, amount])?;
    }
    Ok(())
}

/// Balances by account, for the measures of the books.
fn books(
    tx: &mut ReadTx<'_>,
    frame: &Frame,
    (at, trust): (usize, &BTreeSet<i64>),
    functions: bool,
    sums: &mut Sums,
) -> Outcome<()> {
    let mut codes = BTreeMap::new();
    for one in balances::read(tx, &frame.wanted([Dimension::Account, Dimension::Gfsm]))? {
        let (id, amount) = (one.first.parse().unwrap_or_default(), sum([one.debit, -one.credit])?);
        let measures: &[&'static str] =
            if one.part == MOVED { &["flow", "other", "closing"] } else { &["opening", "closing"] };
        let at = if trust.contains(&id) { at + TRUST } else { at };
        for measure in measures.iter().copied() {
            put(sums, (measure, id, 0, one.second.clone()), at, amount)?;
        }
        codes.insert(id, one.second);
    }
    if !functions {
        return Ok(());
    }
    for one in balances::read(tx, &frame.wanted([Dimension::Account, Dimension::Cofog]))? {
        let id = one.first.parse().unwrap_or_default();
        // Functions are of what is spent: expense, and investment in nonfinancial assets.
        let spends = codes
            .get(&id)
            .is_some_and(|code| ["2", "31", "61", "41", "51", "91"].iter().any(|own| code.starts_with(own)));
        if one.part == MOVED && spends {
            put(sums, ("cofog", id, 0, one.second), at, sum([one.debit, -one.credit])?)?;
        }
    }
    Ok(())
}

/// Budget lines with original, final and actual amounts. A line whose keys fall to several rows stands on each of them with what
/// its keys were given and paid; what is of no key stands under the code that all of them begin with.
fn budget(
    tx: &mut ReadTx<'_>,
    lines: &[Line],
    (frame, before): (&Frame, &Frame),
) -> Outcome<Vec<(&'static str, Item)>> {
    let mut all = Vec::new();
    for (frame, was) in [(frame, false), (before, true)] {
        let (parts, lapsed) = (Parts::of(tx, frame)?, figures::lapsed(tx, frame)?);
        let of_year = figures::of(tx, frame)?;
        let several = of_year.iter().any(|line| taken(lines, &parts, line.id).len() > 1);
        let keys = if several { figures::of_keys(tx, frame)? } else { BTreeMap::new() };
        for line in of_year {
            let gone = lapsed.range((line.id, None)..=(line.id, Some(i64::MAX))).map(|(_, amount)| *amount);
            let mut rest = compared(&line.figures, line.figures.revised()?, gone, was)?;
            let shown = Shown { code: line.code, ..parts.name(line.id) };
            let item = |code: String, figures: Row| {
                ("line", Item { code, shown: shown.clone(), link: link(Target::Line, line.id), figures })
            };
            let mut taken = taken(lines, &parts, line.id);
            if taken.len() == 1 {
                all.extend(taken.pop().map(|(code, _)| item(code, rest)));
                continue;
            }
            for (code, ids) in taken {
                let mut of_row = Row::default();
                for id in ids {
                    let of = keys.get(&id).copied().unwrap_or_default();
                    let gone = lapsed.get(&(line.id, Some(id))).copied();
                    let of_key = compared(&of, of.appropriated()?, gone, was)?;
                    for ((own, rest), figure) in of_row.iter_mut().zip(&mut rest).zip(of_key) {
                        (*own, *rest) = (sum([*own, figure])?, sum([*rest, -figure])?);
                    }
                }
                all.push(item(code, of_row));
            }
            let shared = parts.shared(line.id, Dimension::Gfsm).map(|one| one.code).unwrap_or_default();
            all.push(item(shared, rest));
        }
    }
    all.retain(|(_, item)| item.figures.iter().any(|figure| *figure != 0));
    Ok(all)
}

/// Original, final and actual amounts of the year, or the actual amount of the year before. The final budget has what lapsed by the
/// end of the year.
fn compared(of: &Figures, revised: i64, lapsed: impl IntoIterator<Item = i64>, was: bool) -> Outcome<Row> {
    let revised = sum(lapsed.into_iter().chain([revised]))?;
    Ok(if was { [0, 0, 0, of.paid()] } else { [of.original(), revised, of.paid(), 0] })
}

/// The keys of a line by the rows they fall to, with a code that the row takes.
fn taken(lines: &[Line], parts: &Parts, line_id: i64) -> Vec<(String, Vec<i64>)> {
    let mut found: BTreeMap<&str, (String, Vec<i64>)> = BTreeMap::new();
    for (value, keys) in parts.split(line_id, Dimension::Gfsm) {
        let row = rows::taker(lines, "line", &value.code).map(|line| line.row.as_str()).unwrap_or_default();
        found.entry(row).or_insert_with(|| (value.code, Vec::new())).1.extend(keys);
    }
    found.into_values().collect()
}
