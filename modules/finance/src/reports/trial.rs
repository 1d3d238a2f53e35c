//! The trial balance (ميزان المراجعة) by any two dimensions: opening, movement, closing.

use std::collections::BTreeMap;

use diwan_db::ReadTx;
use diwan_finance_api::{Dimension, Report, ReportCell, ReportCheck, ReportColumn, ReportLink, ReportQuery, Target};
use diwan_kernel::text;
use diwan_platform::{Actor, Outcome};

use super::{
    form::{self, code, column, link, report, sum, total, words},
    frame,
    names::{self, Shown},
};
use crate::ledger::balances::{self, EARLIER, OPENING};

/// Opening debit and credit, then those of the movement.
type Sides = [i64; 4];

/// The trial balance of an agency.
///
/// # Errors
/// Those of the frame; the database fails; a sum does not fit.
pub(super) fn run(tx: &mut ReadTx<'_>, actor: &Actor, query: &ReportQuery) -> Outcome<Report> {
    let frame = frame::of(tx, actor, query)?;
    let first = query.by.unwrap_or(Dimension::Account);
    let second = query.then.filter(|then| *then != first);
    let sums = balances::read(tx, &frame.wanted([first, second.unwrap_or(first)]))?;
    let of_first = names::of(tx, frame.agency_id, first, sums.iter().map(|one| one.first.as_str()))?;
    let of_second = match second {
        Some(second) => names::of(tx, frame.agency_id, second, sums.iter().map(|one| one.second.as_str()))?,
        None => BTreeMap::new(),
    };
    let mut rows: BTreeMap<(Option<&Shown>, Option<&Shown>, Option<i64>), Sides> = BTreeMap::new();
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
        add(rows.entry(key).or_default(), if one.part == OPENING { 0 } else { 2 }, (one.debit, one.credit))?;
    }
    let mut made = report(&frame, ("ميزان المراجعة", "Trial balance"), columns(first, second));
    let wanted = text::fold(query.q.as_deref().unwrap_or_default().trim());
    let fits = |one: Option<&Shown>| {
        one.is_some_and(|one| [&one.code, &one.ar, &one.en].iter().any(|have| text::fold(have).contains(&wanted)))
    };
    let mut all: Sides = [0; 4];
    let mut closing = [0_i64; 2];
    for ((one, other, account), sides) in rows {
        if !wanted.is_empty() && !fits(one) && !fits(other) {
            continue;
        }
        let opening = sides_of(sum([sides[0], -sides[1]])?);
        let net = sides_of(sum([sides[0], -sides[1], sides[2], -sides[3]])?);
        add(&mut all, 0, opening)?;
        add(&mut all, 2, (sides[2], sides[3]))?;
        closing = [sum([closing[0], net.0])?, sum([closing[1], net.1])?];
        let mut cells = shown(one);
        if second.is_some() {
            cells.extend(shown(other));
        }
        cells.extend(amounts([opening.0, opening.1, sides[2], sides[3], net.0, net.1]));
        made.rows.push(form::row(cells, account.and_then(|id: i64| -> Option<ReportLink> { link(Target::Account, id) })));
    }
    let mut before = sides_of(sum([earlier[0], -earlier[1]])?);
    if wanted.is_empty() && before != (0, 0) {
        let cells = labelled(("نتائج السنوات السابقة", "Results of earlier years"), second);
        made.rows.push(form::row(cells.chain(amounts([before.0, before.1, 0, 0, before.0, before.1])).collect(), None));
    } else {
        before = (0, 0);
    }
    add(&mut all, 0, before)?;
    closing = [sum([closing[0], before.0])?, sum([closing[1], before.1])?];
    if !made.rows.is_empty() {
        let cells = labelled(("المجموع", "Total"), second);
        made.rows.push(total(cells.chain(amounts([all[0], all[1], all[2], all[3], closing[0], closing[1]])).collect()));
    }
    if wanted.is_empty() {
        for (label, left, right) in [
            (("الافتتاحي: المدين = الدائن", "Opening: debits = credits"), all[0], all[1]),
            (("الحركة: المدين = الدائن", "Movement: debits = credits"), all[2], all[3]),
            (("الختامي: المدين = الدائن", "Closing: debits = credits"), closing[0], closing[1]),
        ] {
            made.checks.push(ReportCheck { label: form::named(label), left, right });
        }
    }
    Ok(made)
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
        None => vec![ReportCell::Empty, words(("بلا", "None"))],
        Some(one) => vec![code(&one.code), ReportCell::Text(one.name())],
    }
}

/// The cells before the amounts of a row that is no value.
fn labelled(text: (&str, &str), second: Option<Dimension>) -> impl Iterator<Item = ReportCell> {
    let rest = if second.is_some() { 2 } else { 0 };
    [ReportCell::Empty, words(text)].into_iter().chain(std::iter::repeat_n(ReportCell::Empty, rest))
}

fn amounts(all: [i64; 6]) -> impl Iterator<Item = ReportCell> {
    all.into_iter().map(ReportCell::Amount)
}
