//! The trial balance (ميزان المراجعة) by any two dimensions: opening, movement, closing.

use std::collections::BTreeMap;

use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, Report, ReportCell, ReportCheck, ReportColumn, ReportLink, ReportQuery, Target};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome};

use super::{
    form::{self, code, column, report, total, words},
    frame,
    names::{self, Shown},
};
use crate::{
    amounts::sum,
    ledger::{
        balances::{self, EARLIER, OPENING, Wanted},
        only::{self, Only},
    },
};

/// Opening debit and credit, then those of the movement.
type Sides = [i64; 4];

/// What is summed on a row: its sides, and the values of each dimension. Keys of two years are shown alike, and so on one row.
#[derive(Default)]
struct Summed<'a> {
    sides: Sides,
    values: [Vec<&'a str>; 2],
}

impl<'a> Summed<'a> {
    fn takes(&mut self, values: [&'a str; 2]) {
        for (own, value) in self.values.iter_mut().zip(values) {
            if !own.contains(&value) {
                own.push(value);
            }
        }
    }
}

/// The values of a row in the order they are shown in, and its account where it has one.
type Key<'a> = (Option<&'a Shown>, Option<&'a Shown>, Option<i64>);

/// The trial balance of an agency.
///
/// # Errors
/// Those of the frame; not found, where it is narrowed to what is no value; the database fails; a sum does not fit.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery) -> Outcome<Report> {
    let frame = frame::of(tx, actor, query)?;
    let first = query.by.unwrap_or(Dimension::Account);
    let second = query.then.filter(|then| *then != first);
    let asked = Wanted { only: Only::read(query.only.as_deref())?, ..frame.wanted([first, second.unwrap_or(first)]) };
    let sums = balances::read(tx, &asked)?;
    let of_first = names::of(tx, frame.agency_id, first, sums.iter().map(|one| one.first.as_str()))?;
    let of_second = match second {
        Some(second) => names::of(tx, frame.agency_id, second, sums.iter().map(|one| one.second.as_str()))?,
        None => BTreeMap::new(),
    };
    let mut rows: BTreeMap<Key<'_>, Summed<'_>> = BTreeMap::new();
    let mut earlier: Sides = [0; 4];
    for one in &sums {
        if one.part == EARLIER {
            add(&mut earlier, 0, (one.debit, one.credit))?;
            continue;
        }
        let account = match (first, second) {
            (Dimension::Account, _) => one.first.parse().ok(),
            (_, Some(Dimension::Account)) => one.second.parse().ok(),
            _ => None,
        };
        let key = (of_first.get(&one.first), of_second.get(&one.second), account);
        let row = rows.entry(key).or_default();
        add(&mut row.sides, if one.part == OPENING { 0 } else { 2 }, (one.debit, one.credit))?;
        row.takes([&one.first, &one.second]);
    }
    let mut made = report(&frame, ("ميزان المراجعة", "Trial balance"), columns(first, second));
    made.facts = names::facts(tx, frame.agency_id, &asked.only)?;
    let wanted = text::fold(query.q.as_deref().unwrap_or_default().trim());
    let fits = |one: Option<&Shown>| {
        one.is_some_and(|one| [&one.code, &one.ar, &one.en].iter().any(|have| text::fold(have).contains(&wanted)))
    };
    let mut all = Totals::default();
    for ((one, other, account), row) in rows {
        if !wanted.is_empty() && !fits(one) && !fits(other) {
            continue;
        }
        let mut cells = shown(one);
        if second.is_some() {
            cells.extend(shown(other));
        }
        cells.extend(all.add(row.sides)?);
        made.rows.push(form::row(cells, Some(opens(&asked.only, [Some(first), second], account, &row.values))));
    }
    if wanted.is_empty() && earlier[0] != earlier[1] {
        let cells = labelled(("نتائج السنوات السابقة", "Results of earlier years"), second);
        made.rows.push(form::row(cells.chain(all.add(earlier)?).collect(), None));
    }
    if !made.rows.is_empty() {
        let cells = labelled(("المجموع", "Total"), second);
        made.rows.push(total(cells.chain(all.0.map(ReportCell::Amount)).collect()));
    }
    // What is narrowed has only one side of its entries.
    if wanted.is_empty() && asked.only.is_empty() {
        made.checks = all.checks();
    }
    Ok(made)
}

/// What a row opens: the statement of its account, or its accounts; narrowed to all values that its figures are of.
fn opens(only: &[Only], by: [Option<Dimension>; 2], account: Option<i64>, values: &[Vec<&str>; 2]) -> ReportLink {
    let mut parts: Vec<String> = only.iter().map(ToString::to_string).collect();
    for (by, values) in by.into_iter().zip(values) {
        let Some(by) = by.filter(|by| *by != Dimension::Account) else { continue };
        if !only.iter().any(|one| one.by == by && one.values == *values) {
            parts.push(only::written(by, values));
        }
    }
    let (target, id) = account.map_or((Target::Trial, 0), |id| (Target::Account, id));
    ReportLink { target, id, code: parts.join(",") }
}

/// Opening, movement and closing, debit and credit each.
#[derive(Default)]
struct Totals([i64; 6]);

impl Totals {
    /// Adds a row; answers its amounts: balances on their side, the movement as it is.
    fn add(&mut self, [opened, open_credit, debit, credit]: Sides) -> Outcome<[ReportCell; 6]> {
        let opening = sides_of(sum([opened, -open_credit])?);
        let closing = sides_of(sum([opened, -open_credit, debit, -credit])?);
        let row = [opening.0, opening.1, debit, credit, closing.0, closing.1];
        for (own, amount) in self.0.iter_mut().zip(row) {
            *own = sum([*own, amount])?;
        }
        Ok(row.map(ReportCell::Amount))
    }

    fn checks(&self) -> Vec<ReportCheck> {
        let [opened, open_credit, debit, credit, closed, close_credit] = self.0;
        [
            (("الافتتاحي: المدين = الدائن", "Opening: debits = credits"), opened, open_credit),
            (("الحركة: المدين = الدائن", "Movement: debits = credits"), debit, credit),
            (("الختامي: المدين = الدائن", "Closing: debits = credits"), closed, close_credit),
        ]
        .map(|(label, left, right)| ReportCheck { label: form::named(label), left, right })
        .into()
    }
}

fn columns(first: Dimension, second: Option<Dimension>) -> Vec<ReportColumn> {
    let mut columns = Vec::new();
    for by in [Some(first), second].into_iter().flatten() {
        let (ar, en) = by.names();
        columns.extend([column(ar, en), column("الاسم", "Name")]);
    }
    columns.extend([
        form::figures("افتتاحي مدين", "Opening debit"),
        form::figures("افتتاحي دائن", "Opening credit"),
        form::figures("حركة مدين", "Debits"),
        form::figures("حركة دائن", "Credits"),
        form::figures("ختامي مدين", "Closing debit"),
        form::figures("ختامي دائن", "Closing credit"),
    ]);
    columns
}

fn add(sides: &mut Sides, at: usize, (debit, credit): (i64, i64)) -> Outcome<()> {
    for (side, amount) in sides.iter_mut().skip(at).zip([debit, credit]) {
        *side = sum([*side, amount])?;
    }
    Ok(())
}

/// A balance on its side.
const fn sides_of(net: i64) -> (i64, i64) {
    if net >= 0 { (net, 0) } else { (0, net.saturating_neg()) }
}

fn shown(one: Option<&Shown>) -> Vec<ReportCell> {
    match one {
        None => vec![ReportCell::Empty, form::none()],
        Some(one) => vec![code(&one.code), ReportCell::Text(one.name())],
    }
}

/// The cells before the amounts of a row that is no value.
fn labelled(text: (&str, &str), second: Option<Dimension>) -> impl Iterator<Item = ReportCell> {
    let rest = if second.is_some() { 2 } else { 0 };
    [ReportCell::Empty, words(text)].into_iter().chain(std::iter::repeat_n(ReportCell::Empty, rest))
}
