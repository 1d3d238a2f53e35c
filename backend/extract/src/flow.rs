//! The running text of Word and PowerPoint parts: paragraphs, tables, text boxes; deleted revisions are not text.

use crate::outcome::Reason;
use crate::xml::{self, Node};

/// Elements whose content is no text of the document: properties, deleted or moved-away revisions, field codes,
/// the second copy of a drawing for old programs.
const SKIPPED: [&str; 12] = [
    "pPr",
    "rPr",
    "tblPr",
    "sectPr",
    "sdtPr",
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "delInstrText",
    "Fallback",
    "binData",
];

/// Builds text from the events of one XML part.
#[derive(Default)]
struct Flow {
    /// The text being written; text boxes open a new one on top.
    open: Vec<String>,
    /// Text boxes that wait for the end of the paragraph in which they are anchored.
    boxes: Vec<String>,
    skipping: usize,
    in_text: bool,
}

/// The text of a part, and whether the part is damaged (the text is then what stood before the damage).
pub(crate) fn text(xml: &str) -> (String, Result<(), Reason>) {
    let mut flow = Flow { open: vec![String::new()], ..Flow::default() };
    let result = xml::walk(xml, |node| flow.tell(node));
    while flow.open.len() > 1 {
        flow.close_box();
    }
    let mut text = flow.open.pop().unwrap_or_default();
    for one in flow.boxes {
        text.push_str(&one);
    }
    (text, result)
}

impl Flow {
    fn tell(&mut self, node: Node<'_>) {
        match node {
            Node::Open(name, _) if self.skipping > 0 || SKIPPED.contains(&name) => self.skipping += 1,
            Node::Close(_) if self.skipping > 0 => self.skipping -= 1,
            Node::Open(name, attributes) => match name {
                // `t` is the text of a run everywhere; `v` the cached value of a chart.
                "t" | "v" => self.in_text = true,
                "tab" | "ptab" => self.push("\t"),
                "br" | "cr" => self.push("\n"),
                "noBreakHyphen" => self.push("-"),
                "sym" => self.symbol(attributes.get("char")),
                "txbxContent" => self.open.push(String::new()),
                _ => {}
            },
            Node::Text(text) if self.in_text && self.skipping == 0 => self.push(text),
            Node::Text(_) => {}
            Node::Close(name) => match name {
                "t" => self.in_text = false,
                "v" => {
                    self.in_text = false;
                    self.push("\n");
                }
                "p" => self.end_paragraph(),
                "tc" => self.end_cell(),
                "tr" => self.push("\n"),
                "txbxContent" => self.close_box(),
                _ => {}
            },
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.push_str(text);
        }
    }

    /// A symbol by code point; symbol fonts keep theirs in the private area, which says nothing as text.
    fn symbol(&mut self, code: Option<String>) {
        let character = code.and_then(|code| u32::from_str_radix(&code, 16).ok()).and_then(char::from_u32);
        if let Some(character) = character.filter(|one| !matches!(one, '\u{e000}'..='\u{f8ff}')) {
            self.push(character.encode_utf8(&mut [0; 4]));
        }
    }

    fn end_paragraph(&mut self) {
        self.push("\n");
        if self.open.len() == 1 {
            for one in std::mem::take(&mut self.boxes) {
                self.push(&one);
            }
        }
    }

    /// A cell ends with a tab, so the line feed of its last paragraph goes.
    fn end_cell(&mut self) {
        if let Some(open) = self.open.last_mut() {
            if open.ends_with('\n') {
                open.pop();
            }
            open.push('\t');
        }
    }

    fn close_box(&mut self) {
        if self.open.len() > 1 {
            self.boxes.extend(self.open.pop());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    fn of(body: &str) -> String {
        text(&format!("<w:document xmlns:w='w'>{body}</w:document>")).0
    }

    #[test]
    fn deleted_revisions_are_not_text() {
        let kept = of(
            "<w:p><w:r><w:t>مبلغ </w:t></w:r><w:del><w:r><w:delText>خمسون</w:delText><w:t>خمسون</w:t></w:r></w:del>\
             <w:ins><w:r><w:t>ستون</w:t></w:r></w:ins></w:p>",
        );
        assert_eq!(kept, "مبلغ ستون\n");
    }

    #[test]
    fn tables_boxes_and_tab_stops() {
        assert_eq!(
            of(
                "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>أ</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>ب</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            ),
            "أ\tب\t\n"
        );
        assert_eq!(
            of(
                "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>one </w:t></w:r><w:r><AlternateContent><Choice>\
                <w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></Choice><Fallback><w:t>box</w:t></Fallback>\
                </AlternateContent></w:r><w:r><w:t>two &amp; &#x661;</w:t></w:r></w:p>"
            ),
            "one two & \u{661}\nbox\n"
        );
    }

    #[test]
    fn damage_keeps_what_came_before() {
        let (kept, result) = text("<w:p><w:t>before</w:t></w:x>");
        assert!(kept.starts_with("before"));
        assert!(result.is_err());
    }
}
