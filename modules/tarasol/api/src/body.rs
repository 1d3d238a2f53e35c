//! The text of a letter as a checked document: never HTML.
//!
//! The JSON is that of the editor (ProseMirror): nodes with `type`, `attrs`, `content`, `marks`. Only what is
//! declared here can be stored, so a letter looks the same on the screen, in the PDF and in the search index.

mod content;

use serde::{Deserialize, Serialize};

pub use content::*;

/// The `type` of a node that can be only one thing: a struct with an internal tag cannot refuse unknown fields.
macro_rules! tag {
    ($name:ident, $code:literal) => {
        #[doc = concat!("Always `", $code, "`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum $name {
            #[doc = concat!("`", $code, "`.")]
            #[default]
            #[serde(rename = $code)]
            Tag,
        }
    };
}

tag!(DocTag, "doc");
tag!(ItemTag, "list_item");
tag!(RowTag, "table_row");

/// The document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The node's type in JSON.
    #[serde(rename = "type")]
    #[cfg_attr(not(target_arch = "wasm32"), schema(value_type = String))]
    pub tag: DocTag,
    /// The blocks in order.
    #[serde(default)]
    #[cfg_attr(not(target_arch = "wasm32"), schema(value_type = Vec<serde_json::Value>))]
    pub content: Vec<Block>,
}

/// A block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Alignment and direction.
        #[serde(default)]
        attrs: BlockAttrs,
        /// Its text.
        #[serde(default)]
        content: Vec<Inline>,
    },
    /// A heading inside the letter.
    Heading {
        /// Level and alignment.
        #[serde(default)]
        attrs: HeadingAttrs,
        /// Its text.
        #[serde(default)]
        content: Vec<Inline>,
    },
    /// A list with marks.
    BulletList {
        /// The items.
        content: Vec<Item>,
    },
    /// A list with numbers.
    OrderedList {
        /// The first number.
        #[serde(default)]
        attrs: ListAttrs,
        /// The items.
        content: Vec<Item>,
    },
    /// A table.
    Table {
        /// The rows.
        content: Vec<Row>,
    },
}

/// Alignment and direction of a block.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockAttrs {
    /// start, center, end or justify.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// rtl or ltr, where it is not the letter's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dir: Option<Dir>,
}

/// Level and alignment of a heading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadingAttrs {
    /// 2 or 3; 2 when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Alignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// Direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dir: Option<Dir>,
}

/// Where numbering starts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAttrs {
    /// The first number; 1 when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
}

/// Alignment by reading direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Where lines begin.
    Start,
    /// Middle.
    Center,
    /// Where lines end.
    End,
    /// Both edges.
    Justify,
}

/// Direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dir {
    /// Right to left.
    Rtl,
    /// Left to right.
    Ltr,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The node's type in JSON.
    #[serde(rename = "type")]
    pub tag: ItemTag,
    /// Its blocks.
    pub content: Vec<Block>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The node's type in JSON.
    #[serde(rename = "type")]
    pub tag: RowTag,
    /// Its cells in reading order.
    pub content: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Cell {
    /// A heading cell.
    TableHeader {
        /// Spans and width.
        #[serde(default)]
        attrs: CellAttrs,
        /// Its blocks.
        content: Vec<Block>,
    },
    /// An ordinary cell.
    TableCell {
        /// Spans and width.
        #[serde(default)]
        attrs: CellAttrs,
        /// Its blocks.
        content: Vec<Block>,
    },
}

impl Cell {
    /// Its blocks, and whether it is a heading cell.
    pub fn parts(&self) -> (&[Block], bool) {
        match self {
            Self::TableHeader { content, .. } => (content, true),
            Self::TableCell { content, .. } => (content, false),
        }
    }
}

/// Spans and width of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellAttrs {
    /// Columns it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colspan: Option<u16>,
    /// Rows it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rowspan: Option<u16>,
    /// Width in pixels, per column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colwidth: Option<Vec<u16>>,
}

/// Text and breaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Inline {
    /// A run of text.
    Text {
        /// The characters.
        text: String,
        /// How they look.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        marks: Vec<Mark>,
    },
    /// A line break.
    HardBreak {},
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Mark {
    /// Bold.
    Strong,
    /// Underlined.
    Underline,
}

impl Item {
    /// An item with these blocks.
    pub fn new(content: Vec<Block>) -> Self {
        Self { tag: ItemTag::Tag, content }
    }
}

impl Row {
    /// A row with these cells.
    pub fn new(content: Vec<Cell>) -> Self {
        Self { tag: RowTag::Tag, content }
    }
}

impl Body {
    /// A document with these blocks.
    pub fn new(content: Vec<Block>) -> Self {
        Self { tag: DocTag::Tag, content }
    }

    /// A document of plain paragraphs, one a line.
    pub fn from_text(text: &str) -> Self {
        let paragraph = |line: &str| Block::Paragraph {
            attrs: BlockAttrs::default(),
            content: if line.is_empty() {
                Vec::new()
            } else {
                vec![Inline::Text { text: line.to_owned(), marks: Vec::new() }]
            },
        };
        Self::new(text.lines().map(paragraph).collect())
    }
}
