//! Where figures stand in the position: a line under the value that all of its keys share. Where they share none, what each key was
//! given and what was committed, owed and paid of it stands under its own value, and the rest on a row of the line: only a line
//! has what is unallotted, frozen, allotted and available, and releases. All rows of a line come to its figures.

use std::collections::BTreeMap;

use diwan_db::ReadTx;
use diwan_finance_api::Dimension;
use diwan_kernel::{Named, text};
use diwan_platform::Outcome;

use super::{
    figures::{self, Figures, LineFigures},
    form::named,
    frame::Frame,
    names::Shown,
    parts::Parts,
    releases::{self, Cash},
};
use crate::amounts::sum;

/// The figures of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) figures: Figures,
    /// المخصص المعدل; of a key what it was given.
    pub(super) revised: i64,
    /// المخصص بأوامر مالية.
    pub(super) allotted: i64,
    pub(super) cash: Cash,
    /// Whether it has what only a line has.
    pub(super) whole: bool,
}

impl Row {
    fn of_line(figures: Figures, cash: Cash) -> Outcome<Self> {
        Ok(Self { figures, revised: figures.revised()?, allotted: figures.allotted()?, cash, whole: true })
    }

    fn of_key(figures: Figures) -> Outcome<Self> {
        Ok(Self { figures, revised: figures.appropriated()?, ..Self::default() })
    }

    /// Adds another row.
    ///
    /// # Errors
    /// It does not fit.
    pub(super) fn add(&mut self, other: &Self) -> Outcome<()> {
        self.figures.add(&other.figures, 1)?;
        self.revised = sum([self.revised, other.revised])?;
        self.allotted = sum([self.allotted, other.allotted])?;
        self.cash.add(&other.cash)?;
        self.whole |= other.whole;
        Ok(())
    }

    /// Takes off what stands on the row of a key.
    fn less(&mut self, key: &Self) -> Outcome<()> {
        self.figures.add(&key.figures, -1)?;
        self.revised = sum([self.revised, -key.revised])?;
        Ok(())
    }
}

/// A row of a line or of its keys.
pub(super) struct Place {
    pub(super) line_id: i64,
    pub(super) code: String,
    pub(super) name: Named,
    pub(super) row: Row,
}

impl Place {
    /// Whether its code or name has what is searched for, or those of its group.
    fn fits(&self, group: Option<&Shown>, wanted: &str) -> bool {
        let own = [&self.code, &self.name.ar, &self.name.en].into_iter();
        let mut words = own.chain(group.into_iter().flat_map(|one| [&one.code, &one.ar, &one.en]));
        wanted.is_empty() || words.any(|word| text::fold(word).contains(wanted))
    }
}

/// Rows by the value they stand under; none for several values.
pub(super) type Groups = BTreeMap<Option<Shown>, Vec<Place>>;

/// The rows of the year of a frame that have this folded text. By key each line is a group of its keys.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn of(tx: &mut ReadTx<'_>, frame: &Frame, by: Option<Dimension>, wanted: &str) -> Outcome<Groups> {
    let parts = Parts::of(tx, frame)?;
    let (lines, mut cash) = (figures::of(tx, frame)?, releases::of(tx, frame)?);
    let values = |line: &LineFigures| by.map(|by| parts.split(line.id, by)).unwrap_or_default();
    let keys =
        if lines.iter().any(|line| values(line).len() > 1) { figures::of_keys(tx, frame)? } else { BTreeMap::new() };
    let mut groups = Groups::new();
    for line in lines {
        let whole = Row::of_line(line.figures, cash.remove(&line.id).unwrap_or_default())?;
        let placed = match by {
            None => vec![(None, place(&line, parts.name(line.id).name(), whole))],
            Some(by) => split(&line, by, (&parts, values(&line)), (&keys, whole))?,
        };
        for (group, place) in placed.into_iter().filter(|(group, place)| place.fits(group.as_ref(), wanted)) {
            groups.entry(group).or_default().push(place);
        }
    }
    Ok(groups)
}

fn place(line: &LineFigures, name: Named, row: Row) -> Place {
    Place { line_id: line.id, code: line.code.clone(), name, row }
}

/// The rows of a line by the values of its keys, then what is left on the line.
fn split(
    line: &LineFigures,
    by: Dimension,
    (parts, values): (&Parts, BTreeMap<Shown, Vec<i64>>),
    (keys, whole): (&BTreeMap<i64, Figures>, Row),
) -> Outcome<Vec<(Option<Shown>, Place)>> {
    let name = parts.name(line.id);
    let of_line = (by == Dimension::Key).then(|| Shown { code: line.code.clone(), ..name.clone() });
    let shared = of_line.clone().or_else(|| parts.shared(line.id, by));
    if values.len() <= 1 {
        let own = place(line, name.name(), whole);
        let key = values.into_keys().next().filter(|_| of_line.is_some());
        return Ok(vec![(shared, key.map_or(own, |key| of_value(line, &key, whole)))]);
    }
    let mut rest = whole;
    let mut placed = Vec::with_capacity(values.len() + 1);
    for (value, ids) in values {
        let mut figures = Figures::default();
        for of_key in ids.iter().filter_map(|id| keys.get(id)) {
            figures.add(of_key, 1)?;
        }
        let row = Row::of_key(figures)?;
        rest.less(&row)?;
        placed.push(match &of_line {
            Some(group) => (Some(group.clone()), of_value(line, &value, row)),
            None => (Some(value), place(line, name.name(), row)),
        });
    }
    let own = if of_line.is_some() { named(("على البند نفسه", "On the line itself")) } else { name.name() };
    placed.push((shared, place(line, own, rest)));
    Ok(placed)
}

/// The row of a key, which is called by its code.
fn of_value(line: &LineFigures, key: &Shown, row: Row) -> Place {
    Place { line_id: line.id, code: key.code.clone(), name: key.name(), row }
}
