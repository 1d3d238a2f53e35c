//! OpenDocument files: texts, presentations, spreadsheets and drawings, with notes, comments, headers and footers.
//!
//! Spreadsheets are read here too rather than as values: the file keeps for each cell the text that people saw.

use crate::collect::Collector;
use crate::input::Input;
use crate::outcome::{PartKind, Reason, WarningCode};
use crate::package::Package;
use crate::xml::{self, Attributes, Node};

/// Reads an OpenDocument file.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let mut package = Package::open(collector, input)?;
    if let Some(manifest) = package.xml(collector, "META-INF/manifest.xml")?
        && manifest.contains(":encryption-data")
    {
        return Err(Reason::Encrypted);
    }
    if let Some(meta) = package.xml(collector, "meta.xml")? {
        let author = xml::text_of(&meta, "initial-creator").or_else(|| xml::text_of(&meta, "creator"));
        collector.describe(xml::text_of(&meta, "title"), author);
    }
    let content = package.xml(collector, "content.xml")?.ok_or(Reason::Corrupt)?;
    let damage = add_content(collector, &content);
    if let Some(styles) = package.xml(collector, "styles.xml")? {
        add_headers(collector, &styles);
    }
    collector.saw_image |= package.names().iter().any(|name| name.starts_with("Pictures/"));
    add_objects(collector, &mut package)?;
    damage
}

/// Adds the texts of embedded charts and drawings, which are folders with a content of their own.
fn add_objects(collector: &mut Collector<'_>, package: &mut Package<'_>) -> Result<(), Reason> {
    for entry in package.names().iter().filter(|name| name.starts_with("Object ") && name.ends_with("/content.xml")) {
        let Some(xml) = package.xml(collector, entry)? else { continue };
        let mut flow = Flow::new(u64::MAX);
        if let Err(reason) = xml::walk(&xml, |node| flow.tell(node)) {
            collector.unread(entry, reason);
        }
        flow.end_section();
        let text: String = flow.sections.into_iter().map(|section| section.text).collect();
        collector.add(PartKind::Drawing, None, None, &text);
    }
    Ok(())
}

/// Adds the content: one part for a text, one for each slide or sheet.
fn add_content(collector: &mut Collector<'_>, xml: &str) -> Result<(), Reason> {
    let mut flow = Flow::new(collector.cells_left);
    let result = xml::walk(xml, |node| flow.tell(node));
    flow.end_section();
    if flow.section_count > 0 {
        collector.count_pages(flow.section_count);
    }
    if flow.cells_left == 0 {
        collector.warn(WarningCode::CellsCut, None);
    }
    collector.cells_left = flow.cells_left;
    for section in &flow.sections {
        collector.add(section.kind, section.name.as_deref(), section.page, &section.text);
    }
    collector.add(PartKind::Notes, None, None, &flow.side[Side::Notes as usize]);
    collector.add(PartKind::Comments, None, None, &flow.side[Side::Comments as usize]);
    result
}

/// Adds the headers and footers of the page styles, each text once.
fn add_headers(collector: &mut Collector<'_>, styles: &str) {
    let mut seen = Vec::new();
    for (element, kind) in [("header", PartKind::Header), ("footer", PartKind::Footer)] {
        let (mut depth, mut flow) = (0_u32, Flow::new(0));
        // Damage in the styles costs at most a header; the content is read already.
        let _ = xml::walk(styles, |node| {
            match node {
                Node::Open(name, _) if name == element => depth += 1,
                Node::Close(name) if name == element => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > 0 {
                flow.tell(node);
            }
        });
        flow.end_section();
        let text: String = flow.sections.into_iter().map(|section| section.text).collect();
        if !seen.contains(&text) {
            collector.add(kind, None, None, &text);
            seen.push(text);
        }
    }
}

/// A stretch of text: the whole of a text document, a slide, or a sheet.
struct Section {
    kind: PartKind,
    name: Option<String>,
    page: Option<u32>,
    text: String,
}

/// Texts that stand beside the main text.
#[derive(Clone, Copy)]
enum Side {
    Notes,
    Comments,
}

struct Flow {
    sections: Vec<Section>,
    section_count: u32,
    current: Section,
    side: [String; 2],
    /// Where text goes now; notes within comments do not occur, comments within notes do.
    beside: Vec<Side>,
    skipping: usize,
    paragraphs: usize,
    cells_left: u64,
    cell_has_text: bool,
}

impl Flow {
    fn new(cells: u64) -> Self {
        Self {
            sections: Vec::new(),
            section_count: 0,
            current: Section { kind: PartKind::Body, name: None, page: None, text: String::new() },
            side: [String::new(), String::new()],
            beside: Vec::new(),
            skipping: 0,
            paragraphs: 0,
            cells_left: cells,
            cell_has_text: false,
        }
    }

    fn tell(&mut self, node: Node<'_>) {
        match node {
            Node::Open(name, _) if self.skipping > 0 || self.is_skipped(name) => self.skipping += 1,
            Node::Close(_) if self.skipping > 0 => self.skipping -= 1,
            Node::Open(name, attributes) => self.open(name, attributes),
            Node::Text(text) if self.paragraphs > 0 && !(self.in_sheet() && self.cells_left == 0) => {
                // A line feed within a paragraph is white space of the XML, not of the text.
                self.target().extend(text.chars().map(|one| if one.is_ascii_whitespace() { ' ' } else { one }));
            }
            Node::Text(_) => {}
            Node::Close(name) => self.close(name),
        }
    }

    /// Elements whose text is not the document's: deleted revisions, numbers of notes, who commented and when.
    fn is_skipped(&self, name: &str) -> bool {
        match name {
            "tracked-changes" | "note-citation" | "forms" | "date-string" => true,
            "creator" | "date" => matches!(self.beside.last(), Some(Side::Comments)),
            _ => false,
        }
    }

    fn in_sheet(&self) -> bool {
        self.current.kind == PartKind::Sheet
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "p" | "h" => {
                self.paragraphs += 1;
                self.cell_has_text = true;
            }
            "s" => self.push(" "),
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "note" => self.beside.push(Side::Notes),
            "annotation" => self.beside.push(Side::Comments),
            // `draw:page` is a slide; so is `style:…-page`, which has another local name.
            "page" => self.begin_section(PartKind::Slide, attributes.get("name")),
            "notes" => self.begin_notes(),
            "spreadsheet" => self.current.kind = PartKind::Sheet,
            "table" if self.in_sheet() => self.begin_section(PartKind::Sheet, attributes.get("name")),
            "table-cell" | "covered-table-cell" => self.cell_has_text = false,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.push("\n");
            }
            "note" | "annotation" => {
                self.beside.pop();
            }
            "table-cell" => self.end_cell(),
            "table-row" => self.push("\n"),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        if self.in_sheet() && self.cell_has_text {
            self.cells_left = self.cells_left.saturating_sub(1);
        }
        let has_text = self.cell_has_text;
        let text = self.target();
        if has_text && text.ends_with('\n') {
            text.pop();
        }
        // Rows may end in thousands of empty cells; one separator for them is enough.
        if !text.ends_with("\t\t") {
            text.push('\t');
        }
    }

    fn target(&mut self) -> &mut String {
        match self.beside.last() {
            Some(side) => &mut self.side[*side as usize],
            None => &mut self.current.text,
        }
    }

    fn push(&mut self, text: &str) {
        self.target().push_str(text);
    }

    fn begin_section(&mut self, kind: PartKind, name: Option<String>) {
        self.end_section();
        self.section_count += 1;
        self.current = Section { kind, name, page: Some(self.section_count), text: String::new() };
    }

    /// The notes of a slide are a part of their own on the same page.
    fn begin_notes(&mut self) {
        let page = self.current.page;
        self.end_section();
        self.current = Section { kind: PartKind::SpeakerNotes, name: None, page, text: String::new() };
    }

    fn end_section(&mut self) {
        let next = Section { kind: self.current.kind, name: None, page: self.current.page, text: String::new() };
        self.sections.push(std::mem::replace(&mut self.current, next));
    }
}
