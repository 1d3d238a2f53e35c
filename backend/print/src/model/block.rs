//! Body blocks: paragraphs, lists, tables.

use serde::{Deserialize, Serialize};

use super::Direction;

/// Horizontal alignment; start and end follow the reading direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// The edge where reading starts (right in Arabic).
    #[default]
    Start,
    /// The opposite edge.
    End,
    /// Centred.
    Center,
    /// Both edges; the last line stays at the start.
    Justify,
    /// The right edge in both directions, so that the digits of a column of figures stand below each other.
    Figures,
}

/// A piece of text in one style. `\n` breaks the line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Run {
    /// The text, in logical order.
    pub text: String,
    /// Bold face.
    pub bold: bool,
    /// Underlined.
    pub underline: bool,
}

impl Run {
    /// Plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Bold text.
    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: true, ..Self::default() }
    }

    /// The same run, underlined.
    #[must_use]
    pub fn underlined(mut self) -> Self {
        self.underline = true;
        self
    }
}

/// A paragraph of runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paragraph {
    /// Text in order.
    pub runs: Vec<Run>,
    /// Alignment.
    pub align: Align,
    /// Direction, when it differs from the document (an English quotation in an Arabic letter).
    pub direction: Option<Direction>,
    /// Text size in points; the page's body size when absent.
    pub size_pt: Option<f32>,
    /// Stays on one page with the block that follows.
    pub keep_with_next: bool,
}

impl Paragraph {
    /// A plain paragraph, aligned at the start.
    pub fn new(text: impl Into<String>) -> Self {
        Self::of(vec![Run::plain(text)])
    }

    /// A paragraph of runs, aligned at the start.
    #[must_use]
    pub fn of(runs: Vec<Run>) -> Self {
        Self { runs, ..Self::default() }
    }

    /// The same paragraph with another alignment.
    #[must_use]
    pub fn aligned(mut self, align: Align) -> Self {
        self.align = align;
        self
    }
}

/// One item of a list. An item may hold several blocks, also another list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListItem {
    /// Content of the item.
    pub blocks: Vec<Block>,
}

impl ListItem {
    /// An item of one plain paragraph.
    pub fn new(text: impl Into<String>) -> Self {
        Self { blocks: vec![Block::Paragraph(Paragraph::new(text))] }
    }
}

/// Width rule of a table column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnWidth {
    /// As wide as its widest cell, within reason.
    Content,
    /// A share of what the content columns leave.
    Ratio(f32),
}

/// A table column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// Width rule.
    pub width: ColumnWidth,
    /// Alignment of its cells unless a cell says otherwise.
    pub align: Align,
}

impl Default for Column {
    fn default() -> Self {
        Self { width: ColumnWidth::Ratio(1.0), align: Align::Start }
    }
}

/// A table cell. Missing cells at the end of a row are empty; surplus cells are dropped with a warning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cell {
    /// Text of the cell.
    pub runs: Vec<Run>,
    /// Alignment, when it differs from the column.
    pub align: Option<Align>,
    /// Number of columns the cell covers; 0 counts as 1.
    pub span: u16,
}

impl Cell {
    /// A plain cell.
    pub fn new(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::plain(text)], align: None, span: 1 }
    }
}

/// A table row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Row {
    /// Cells from the start edge.
    pub cells: Vec<Cell>,
    /// Bold on a tinted ground: totals and subtotals.
    pub strong: bool,
}

impl Row {
    /// A row of plain cells.
    pub fn new<S: Into<String>>(cells: impl IntoIterator<Item = S>) -> Self {
        Self { cells: cells.into_iter().map(Cell::new).collect(), strong: false }
    }
}

/// Which lines of a table are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Borders {
    /// All lines.
    #[default]
    Grid,
    /// Lines between rows only.
    Rows,
    /// None.
    None,
}

/// A table. In a right-to-left document the first column is the rightmost one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Table {
    /// Columns from the start edge.
    pub columns: Vec<Column>,
    /// Head rows, repeated on every page the table reaches.
    pub header: Vec<Row>,
    /// Body rows.
    pub rows: Vec<Row>,
    /// Lines.
    pub borders: Borders,
    /// Text size in points; a little under the body size when absent.
    pub size_pt: Option<f32>,
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyValue {
    /// Label, printed grey.
    pub key: String,
    /// Value.
    pub value: Vec<Run>,
}

/// A body block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph(Paragraph),
    /// A heading; level 1 is the largest, 3 the smallest.
    Heading {
        /// 1 to 3.
        level: u8,
        /// Its text.
        text: String,
        /// Alignment.
        #[serde(default)]
        align: Align,
    },
    /// A bulleted list.
    BulletList {
        /// Items in order.
        items: Vec<ListItem>,
    },
    /// A numbered list.
    OrderedList {
        /// Number of the first item.
        #[serde(default = "one")]
        start: u32,
        /// Items in order.
        items: Vec<ListItem>,
    },
    /// A table.
    Table(Table),
    /// Empty space in millimetres.
    Spacer {
        /// Height.
        height_mm: f32,
    },
    /// A thin line across the page.
    Rule,
    /// Labels with values, in one or more columns.
    KeyValues {
        /// Pairs in reading order.
        pairs: Vec<KeyValue>,
        /// Number of pairs beside each other; 0 counts as 1.
        #[serde(default)]
        columns: u8,
    },
    /// What follows starts a new page.
    PageBreak,
}

fn one() -> u32 {
    1
}

impl Block {
    /// A plain paragraph, justified.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(Paragraph::new(text).aligned(Align::Justify))
    }
}
