//! Which column of a table is which, by the words at its head.

use std::collections::BTreeMap;

use super::{
    Row,
    template::{Field, Template},
    words::{HEADS, fold, readings},
};
use crate::refusal::{Place, Reason, Refusal};

/// The head of a table stands within so many rows.
const HEAD_ROWS: usize = 60;

/// The columns of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// At which of the rows the head stands.
    pub head: usize,
    /// The column of each field; the first of several.
    of: BTreeMap<Field, usize>,
    /// All columns of text.
    pub texts: Vec<usize>,
}

impl Columns {
    /// The columns of the table among the rows; `None` where no row looks like a head.
    ///
    /// # Errors
    /// `columns_missing` where one does and a field that is needed is not in it.
    pub fn find(rows: &[Row], template: &Template) -> Result<Option<Self>, Refusal> {
        let mut best = Self::default();
        for (head, row) in rows.iter().enumerate().take(HEAD_ROWS) {
            let found = Self::of_row(head, row, template);
            if found.of.len() > best.of.len() {
                best = found;
            }
        }
        if best.of.len() < 2 {
            return Ok(None);
        }
        let amounts = [Field::Amount, Field::Debit, Field::Credit];
        let needed = [
            ("date", best.of.contains_key(&Field::Date)),
            ("amount", amounts.iter().any(|field| best.of.contains_key(field))),
        ];
        let columns: Vec<_> = needed.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect();
        if columns.is_empty() {
            return Ok(Some(best));
        }
        let line = rows.get(best.head).map_or(1, |row| row.line);
        Err(Refusal::new(Reason::ColumnsMissing { columns }, Place::line(line)))
    }

    /// The column of a field.
    pub fn get(&self, field: Field) -> Option<usize> {
        self.of.get(&field).copied()
    }

    /// How many fields are known.
    pub fn known(&self) -> usize {
        self.of.len()
    }

    fn of_row(head: usize, row: &Row, template: &Template) -> Self {
        let mut columns = Self { head, ..Self::default() };
        for column in 0..row.cells.len() {
            let Some(field) = row.text(column).and_then(|text| field(&text, template)) else { continue };
            columns.of.entry(field).or_insert(column);
            if field == Field::Text {
                columns.texts.push(column);
            }
        }
        // A table with one date, whatever it is called, is booked on it.
        if let (None, Some(value)) = (columns.get(Field::Date), columns.get(Field::ValueDate)) {
            columns.of.insert(Field::Date, value);
        }
        columns
    }

    /// The columns of a row alone, to see whether it is a head.
    pub fn of_single(row: &Row, template: &Template) -> Self {
        Self::of_row(0, row, template)
    }
}

/// The field that a head names: by all its words, else by a part of it.
fn field(head: &str, template: &Template) -> Option<Field> {
    readings(head).iter().find_map(|words| named(words, template))
}

fn named(words: &str, template: &Template) -> Option<Field> {
    let own = template.names.iter().find(|(_, names)| names.iter().any(|name| fold(name) == words));
    let common = || HEADS.iter().find(|(field, names)| !template.names.contains_key(field) && names.contains(&words));
    own.map(|(field, _)| *field).or_else(|| common().map(|(field, _)| *field))
}
