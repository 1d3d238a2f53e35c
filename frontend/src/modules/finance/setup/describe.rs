//! How a list of the setup is described: its columns, its fields, its address. Texts are named by their keys.

/// How a cell shows its value.
#[derive(Clone, Copy)]
pub(super) enum Show {
    /// A code, a number, a day: written left to right.
    Code,
    /// Text as it is.
    Text,
    /// A name in both languages.
    Name,
    /// A word of a closed set.
    Word(&'static str),
    /// Words of a closed set.
    Words(&'static str),
    /// Yes or no.
    Yes,
    /// A day.
    Day,
    /// What another field names by an id: code and name.
    Named,
}

/// A column.
#[derive(Clone, Copy)]
pub(super) struct Col {
    pub(super) field: &'static str,
    pub(super) text: &'static str,
    pub(super) show: Show,
    /// The place of the cell in a card.
    pub(super) class: &'static str,
    /// The server's name of the order.
    pub(super) sort: Option<&'static str>,
}

/// How a field is filled in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A line of text.
    Text,
    /// A code: left to right, of at most so many characters.
    Code(u32),
    /// A name in both languages.
    Name,
    /// A whole number.
    Number,
    /// A day.
    Day,
    /// Yes or no; yes at first.
    Yes,
    /// Yes or no; no at first.
    No,
    /// One of a closed set: the prefix of their texts, and their codes.
    Choice(&'static str, &'static [&'static str]),
    /// One of what the server offers at this address; that of the field `kind` where it has one.
    Pick(&'static str),
}

/// A field of a form.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Field {
    pub(super) field: &'static str,
    pub(super) text: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) hint: Option<&'static str>,
    /// Whether the row is known by it: it is asked of a new row and stays.
    pub(super) key: bool,
}

/// A list.
pub(super) struct List {
    /// Its address in the UI and on the server.
    pub(super) code: &'static str,
    /// Its tab, and its name.
    pub(super) text: &'static str,
    pub(super) tab: &'static str,
    pub(super) cols: &'static [Col],
    pub(super) fields: &'static [Field],
    /// The words of the kinds that it can be narrowed to.
    pub(super) kinds: Option<(&'static str, &'static [&'static str])>,
    /// Whether rows are added; else they are only changed, alone or out of a table.
    pub(super) grows: bool,
}

/// A column.
pub(super) const fn col(field: &'static str, text: &'static str, show: Show, class: &'static str) -> Col {
    Col { field, text, show, class, sort: None }
}

/// A column that the list is sorted by.
pub(super) const fn sorted(col: Col, by: &'static str) -> Col {
    Col { sort: Some(by), ..col }
}

/// A field that may be left empty.
pub(super) const fn may(field: &'static str, text: &'static str, kind: Kind) -> Field {
    Field { field, text, kind, required: false, hint: None, key: false }
}

/// A field that must be filled in.
pub(super) const fn must(field: &'static str, text: &'static str, kind: Kind) -> Field {
    Field { required: true, ..may(field, text, kind) }
}

/// A field that stays as it was added.
pub(super) const fn key(field: Field) -> Field {
    Field { key: true, ..field }
}

/// A field with a hint below it.
pub(super) const fn hint(field: Field, text: &'static str) -> Field {
    Field { hint: Some(text), ..field }
}

/// What stands for none of a set.
pub(super) fn none_of(set: &str) -> String {
    if set == "permission" { t!("closing-rule-no-right") } else { t!("setup-all") }
}
