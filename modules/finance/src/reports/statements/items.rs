//! What the rows of a statement are made of: balances, cash, budget lines.

use std::collections::{BTreeMap, BTreeSet};

use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, ReportLink, Target};
use diwan_platform::Outcome;

use super::{
    cash, outlay,
    rows::{Line, Row, TRUST},
};
use crate::{
    amounts::sum,
    ledger::balances::{self, MOVED},
    reports::{
        figures,
        form::link,
        frame::Frame,
        names::{self, Shown},
        parts::Parts,
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

/// Things by measure, by account and by code.
type Sums = BTreeMap<(&'static str, i64, String), Row>;

/// All things of a statement with the measures they count for.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    lines: &[Line],
    (frame, before): (&Frame, &Frame),
) -> Outcome<Vec<(&'static str, Item)>> {
    let measures: BTreeSet<&str> = lines.iter().map(|line| line.measure.as_str()).collect();
    if measures.contains("line") {
        let mut all = budget(tx, frame, before)?;
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
                put(&mut sums, (one.measure, one.account_id, one.code), at, one.amount)?;
            }
        }
    }
    sums.retain(|(measure, ..), figures| measures.contains(measure) && figures.iter().any(|figure| *figure != 0));
    let ids: Vec<String> = sums.keys().map(|(_, id, _)| id.to_string()).collect();
    let names = names::of(tx, frame.agency_id, Dimension::Account, ids.iter().map(String::as_str))?;
    let item = |((measure, id, code), figures): ((&'static str, i64, String), Row)| {
        let own = || Shown { code: code.clone(), ar: String::new(), en: String::new() };
        let shown = names.get(&id.to_string()).cloned().unwrap_or_else(own);
        (measure, Item { code, shown, link: (id != 0).then(|| link(Target::Account, id)).flatten(), figures })
    };
    Ok(sums.into_iter().map(item).collect())
}

fn put(sums: &mut Sums, key: (&'static str, i64, String), at: usize, amount: i64) -> Outcome<()> {
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
            put(sums, (measure, id, one.second.clone()), at, amount)?;
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
            put(sums, ("cofog", id, one.second), at, sum([one.debit, -one.credit])?)?;
        }
    }
    Ok(())
}

/// Budget lines with original, final and actual amounts.
fn budget(tx: &mut ReadTx<'_>, frame: &Frame, before: &Frame) -> Outcome<Vec<(&'static str, Item)>> {
    let mut all = Vec::new();
    for (frame, was) in [(frame, false), (before, true)] {
        let parts = Parts::of(tx, frame)?;
        let lapsed = figures::lapsed(tx, frame)?;
        for line in figures::of(tx, frame)? {
            let of = line.figures;
            let revised = sum([of.revised()?, lapsed.get(&line.id).copied().unwrap_or_default()])?;
            let figures = if was { [0, 0, 0, of.paid()] } else { [of.original(), revised, of.paid(), 0] };
            let code = parts.shared(line.id, Dimension::Gfsm).map(|one| one.code).unwrap_or_default();
            let shown = Shown { code: line.code, ..parts.name(line.id) };
            all.push(("line", Item { code, shown, link: link(Target::Line, line.id), figures }));
        }
    }
    all.retain(|(_, item)| item.figures.iter().any(|figure| *figure != 0));
    Ok(all)
}
