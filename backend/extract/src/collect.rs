//! Collects the text of one file and of the files inside it, and keeps the limits that all of them share.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::clean;
use crate::format::Format;
use crate::input::Input;
use crate::limits::Limits;
use crate::outcome::{Extraction, Part, PartKind, Reason, Status, Warning, WarningCode};
use crate::{read, sniff};

/// The state of one extraction.
pub(crate) struct Collector<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) pages: Option<u32>,
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    /// Bytes that packages may still unpack to.
    pub(crate) unpacked_left: u64,
    /// Cells that may still be read.
    pub(crate) cells_left: u64,
    /// There was an image, whose text only optical recognition would give.
    pub(crate) saw_image: bool,
    parts: Vec<Part>,
    warnings: Vec<Warning>,
    text_left: usize,
    attachments_left: usize,
    inside: Vec<String>,
    ancestors: Vec<u64>,
    unread: Vec<Reason>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            pages: None,
            title: None,
            author: None,
            unpacked_left: limits.unpacked_bytes,
            cells_left: limits.cells,
            saw_image: false,
            parts: Vec::new(),
            warnings: Vec::new(),
            text_left: limits.text_bytes,
            attachments_left: limits.attachments,
            inside: Vec::new(),
            ancestors: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Bytes of text for which there is still room.
    pub(crate) fn text_left(&self) -> usize {
        self.text_left
    }

    /// Whether the document being read is the file itself rather than an attachment.
    fn outermost(&self) -> bool {
        self.inside.is_empty()
    }

    /// Keeps a text, cleaned; nothing is kept of an empty one.
    pub(crate) fn add(&mut self, kind: PartKind, name: Option<&str>, page: Option<u32>, text: &str) {
        let mut text = clean::clean(text);
        if text.trim().is_empty() {
            return;
        }
        if clean::cut(&mut text, self.text_left) {
            self.warn(WarningCode::TextCut, None);
        }
        self.text_left -= text.len();
        if !text.is_empty() {
            let name = name.map(clean::clean).filter(|name| !name.is_empty());
            self.parts.push(Part { kind, name, inside: self.inside.clone(), page, text });
        }
    }

    /// Notes the title, the author and the number of pages which the outermost file states.
    pub(crate) fn describe(&mut self, title: Option<String>, author: Option<String>) {
        let kept = |value: Option<String>| value.map(|text| clean::clean(&text)).filter(|text| !text.trim().is_empty());
        if self.outermost() {
            self.title = self.title.take().or(kept(title));
            self.author = self.author.take().or(kept(author));
        }
    }

    /// Notes the number of pages, slides or sheets of the outermost file.
    pub(crate) fn count_pages(&mut self, pages: u32) {
        if self.outermost() {
            self.pages = Some(pages);
        }
    }

    /// Adds a warning; the same one is kept once.
    pub(crate) fn warn(&mut self, code: WarningCode, name: Option<&str>) {
        self.push_warning(Warning { code, name: name.map(clean::clean), reason: None });
    }

    /// Notes that a part could not be read; without a name it is the rest of the file.
    pub(crate) fn unread(&mut self, name: &str, reason: Reason) {
        self.unread.push(reason);
        self.push_warning(Warning {
            code: WarningCode::PartUnread,
            name: Some(clean::clean(name)).filter(|name| !name.is_empty()),
            reason: Some(reason),
        });
    }

    fn push_warning(&mut self, warning: Warning) {
        const MOST: usize = 200;
        if self.warnings.len() < MOST && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Reads a file that lies within the one being read. What goes wrong in it becomes a warning.
    pub(crate) fn attachment(&mut self, name: &str, bytes: &[u8]) {
        if let Err(reason) = self.try_attachment(name, bytes) {
            self.unread(name, reason);
        }
    }

    fn try_attachment(&mut self, name: &str, bytes: &[u8]) -> Result<(), Reason> {
        let identity = identity(bytes);
        if self.inside.len() >= self.limits.depth || self.ancestors.contains(&identity) {
            return Err(Reason::Loops);
        }
        self.attachments_left = self.attachments_left.checked_sub(1).ok_or(Reason::TooLarge)?;
        let format = Format::of_media_type(&sniff::sniff(bytes, name).media_type);
        self.inside.push(clean::clean(name));
        self.ancestors.push(identity);
        let result = read::read(self, Input::Bytes(bytes), format);
        self.ancestors.pop();
        self.inside.pop();
        result
    }

    /// Remembers the outermost file, so that a copy of it inside itself is recognised.
    pub(crate) fn begin(&mut self, bytes: &[u8]) {
        self.ancestors.push(identity(bytes));
    }

    /// The extraction, given how reading ended. Damage after some text leaves the text, with a warning.
    pub(crate) fn finish(mut self, result: Result<(), Reason>) -> Extraction {
        let reason = match result {
            Ok(()) => None,
            Err(Reason::Corrupt) if !self.parts.is_empty() => {
                self.unread("", Reason::Corrupt);
                None
            }
            Err(reason) => Some(reason),
        };
        let status = match reason {
            Some(reason) if reason.is_absence() => Status::NoText { reason },
            Some(reason) => Status::Refused { reason },
            None if !self.parts.is_empty() => Status::Text,
            None => self.status_without_text(),
        };
        if status != Status::Text {
            self.parts.clear();
        }
        Extraction {
            status,
            parts: self.parts,
            pages: self.pages,
            title: self.title,
            author: self.author,
            warnings: self.warnings,
        }
    }

    /// Why a file that was read to its end gave no text: a part that was refused tells more than the lack of text.
    fn status_without_text(&self) -> Status {
        if let Some(reason) = self.unread.iter().find(|reason| !reason.is_absence()) {
            return Status::Refused { reason: *reason };
        }
        let reason = match () {
            () if self.saw_image => Reason::NeedsOcr,
            () if self.unread.contains(&Reason::Unsupported) => Reason::Unsupported,
            () => Reason::Empty,
        };
        Status::NoText { reason }
    }
}

fn identity(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
