//! What a letter's text says: its words, its bounds, and the fields that are filled in.

use super::{Block, Body, Cell, Inline};

/// The most characters a letter has.
pub const TEXT_MAX: usize = 200_000;
/// How deep lists and tables may nest.
const DEPTH_MAX: usize = 8;
/// The most nodes.
const NODES_MAX: usize = 20_000;

/// Why a document is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// No text at all.
    Empty,
    /// More than [`TEXT_MAX`] characters or too many nodes.
    TooLong,
    /// Nested too deep.
    TooDeep,
}

impl BodyError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
        }
    }
}

impl Body {
    /// The words alone: blocks by line breaks, cells by tabs. For search and for comparing prints.
    pub fn text(&self) -> String {
        let mut out = String::new();
        push_blocks(&self.content, &mut out);
        out.trim_end().to_owned()
    }

    /// Checks the bounds.
    ///
    /// # Errors
    /// [`BodyError`] says which one is broken.
    pub fn check(&self) -> Result<(), BodyError> {
        let mut nodes = 0;
        walk(&self.content, 0, &mut nodes)?;
        let text = self.text();
        match text.chars().filter(|c| !c.is_whitespace()).count() {
            0 => Err(BodyError::Empty),
            n if n > TEXT_MAX => Err(BodyError::TooLong),
            _ => Ok(()),
        }
    }

    /// Replaces `{{field}}` in every run by what `value` gives; unknown fields stay, to be seen and filled by hand.
    pub fn fill(&mut self, value: &dyn Fn(&str) -> Option<String>) {
        fill_blocks(&mut self.content, value);
    }
}

/// Replaces `{{field}}` in a text.
pub fn fill_text(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        match value(name.trim()) {
            Some(filled) => out.push_str(&filled),
            None => {
                out.push_str("{{");
                out.push_str(name);
                out.push_str("}}");
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn inline_text(content: &[Inline], out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text, .. } => out.push_str(text),
            Inline::HardBreak {} => out.push('\n'),
        }
    }
}

fn push_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph { content, .. } | Block::Heading { content, .. } => {
                inline_text(content, out);
                out.push('\n');
            }
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                content.iter().for_each(|item| push_blocks(&item.content, out));
            }
            Block::Table { content } => {
                for row in content {
                    for cell in &row.content {
                        let mut text = String::new();
                        push_blocks(cell.parts().0, &mut text);
                        out.push_str(text.trim_end());
                        out.push('\t');
                    }
                    out.push('\n');
                }
            }
        }
    }
}

fn walk(blocks: &[Block], depth: usize, nodes: &mut usize) -> Result<(), BodyError> {
    if depth > DEPTH_MAX {
        return Err(BodyError::TooDeep);
    }
    for block in blocks {
        *nodes += 1;
        if *nodes > NODES_MAX {
            return Err(BodyError::TooLong);
        }
        match block {
            Block::Paragraph { content, .. } | Block::Heading { content, .. } => *nodes += content.len(),
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                content.iter().try_for_each(|item| walk(&item.content, depth + 1, nodes))?;
            }
            Block::Table { content } => {
                let cells = content.iter().flat_map(|row| &row.content);
                cells.into_iter().try_for_each(|cell| walk(cell.parts().0, depth + 1, nodes))?;
            }
        }
    }
    Ok(())
}

fn fill_blocks(blocks: &mut [Block], value: &dyn Fn(&str) -> Option<String>) {
    for block in blocks {
        match block {
            Block::Paragraph { content, .. } | Block::Heading { content, .. } => {
                for inline in content {
                    if let Inline::Text { text, .. } = inline {
                        *text = fill_text(text, value);
                    }
                }
            }
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                content.iter_mut().for_each(|item| fill_blocks(&mut item.content, value));
            }
            Block::Table { content } => {
                for cell in content.iter_mut().flat_map(|row| &mut row.content) {
                    let (Cell::TableHeader { content, .. } | Cell::TableCell { content, .. }) = cell;
                    fill_blocks(content, value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Item, *};

    #[test]
    fn the_editors_json_is_read_checked_and_told_as_text() {
        let json = r#"{"type":"doc","content":[
            {"type":"paragraph","attrs":{"align":"justify"},"content":[{"type":"text","text":"تحية طيبة وبعد،","marks":[{"type":"strong"}]}]},
            {"type":"bullet_list","content":[{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"بند"}]}]}]},
            {"type":"table","content":[{"type":"table_row","content":[
                {"type":"table_header","attrs":{"colspan":1},"content":[{"type":"paragraph","content":[{"type":"text","text":"المبلغ"}]}]},
                {"type":"table_cell","content":[{"type":"paragraph","content":[{"type":"text","text":"1,250.500"}]}]}]}]}]}"#;
        let body: Body = serde_json::from_str(json).unwrap();
        assert_eq!(body.text(), "تحية طيبة وبعد،\nبند\nالمبلغ\t1,250.500");
        assert_eq!(body.check(), Ok(()));
        let again: Body = serde_json::from_str(&serde_json::to_string(&body).unwrap()).unwrap();
        assert_eq!(again, body);
    }

    #[test]
    fn what_is_not_declared_is_refused() {
        for json in [
            r#"{"type":"doc","content":[{"type":"script","content":[]}]}"#,
            r#"{"type":"doc","content":[{"type":"paragraph","onclick":"x"}]}"#,
            r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"link"}]}]}]}"#,
        ] {
            assert!(serde_json::from_str::<Body>(json).is_err(), "{json}");
        }
        assert_eq!(Body::from_text(" \n ").check(), Err(BodyError::Empty));
        let deep = (0..12)
            .fold(Body::from_text("x").content, |inner, _| vec![Block::BulletList { content: vec![Item::new(inner)] }]);
        assert_eq!(Body::new(deep).check(), Err(BodyError::TooDeep));
        assert_eq!(Body::from_text(&"ك".repeat(TEXT_MAX + 1)).check(), Err(BodyError::TooLong));
    }

    #[test]
    fn merge_fields_are_filled_and_unknown_ones_stay() {
        let mut body = Body::from_text("رقم {{ number }} و{{other}} {{");
        body.fill(&|name| (name == "number").then(|| "18/4".to_owned()));
        assert_eq!(body.text(), "رقم 18/4 و{{other}} {{");
    }
}
