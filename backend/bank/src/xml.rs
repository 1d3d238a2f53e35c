//! XML as a small tree: names without their prefix, text, nothing else. No entities beyond the five of XML itself, no
//! document type, no depth without end.

use quick_xml::{
    Reader, XmlVersion, escape,
    events::{BytesStart, Event},
};

use crate::{
    limits::XML_DEPTH_MAX,
    refusal::{Place, Reason, Refusal},
};

/// An element with what is in it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub name: String,
    /// Attributes by their local names. Nearly all elements have none.
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
    /// Where it begins, from 1.
    pub line: u32,
}

/// What is called with every element as it ends, and those around it; it gives back what is to stay in the tree.
pub(crate) type Take<'a> = dyn FnMut(&[Element], Element) -> Result<Option<Element>, Refusal> + 'a;

impl Element {
    /// The first element by a path of names.
    pub fn find(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.children.iter().find(|child| child.name == *name))
    }

    /// All children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element by a path, where it has any.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.find(path).map(|element| element.text.trim()).filter(|text| !text.is_empty())
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    pub fn place(&self, field: &str) -> Place {
        Place::at(self.line, field)
    }
}

/// Reads a document and hands over every element as it ends, with the names of those around it; what is taken is not kept
/// in the tree.
///
/// # Errors
/// `xml_entities`, `xml_form`, `too_large`; or what `take` refuses.
pub(crate) fn read(xml: &str, take: &mut Take<'_>) -> Result<(), Refusal> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = Vec::new();
    let mut lines = Lines { rest: xml, read: 0, line: 1 };
    let mut roots = 0;
    loop {
        let line = lines.at(reader.buffer_position());
        let form = || Refusal::new(Reason::XmlForm, Place::line(line));
        let entities = || Refusal::new(Reason::XmlEntities, Place::line(line));
        match reader.read_event().map_err(|_| form())? {
            Event::Start(start) => {
                roots += usize::from(open.is_empty());
                if open.len() >= XML_DEPTH_MAX {
                    let limit = u64::try_from(XML_DEPTH_MAX).unwrap_or(u64::MAX);
                    return Err(Refusal::new(Reason::TooLarge { what: "depth", limit }, Place::line(line)));
                }
                open.push(element(&start, line).ok_or_else(form)?);
            }
            Event::Empty(start) => close(&mut open, element(&start, line).ok_or_else(form)?, take)?,
            Event::End(_) => {
                let done = open.pop().ok_or_else(form)?;
                close(&mut open, done, take)?;
            }
            Event::Text(text) => add(&mut open, &text),
            Event::CData(text) => add(&mut open, &text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                Ok(None) => add(&mut open, escape::resolve_predefined_entity(&reference).ok_or_else(entities)?),
                Err(_) => return Err(form()),
            },
            Event::DocType(_) => return Err(entities()),
            Event::Eof if open.is_empty() && roots > 0 => return Ok(()),
            Event::Eof => return Err(form()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn element(start: &BytesStart<'_>, line: u32) -> Option<Element> {
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
    }
    Some(Element { name, attributes, line, ..Element::default() })
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn close(open: &mut [Element], done: Element, take: &mut Take<'_>) -> Result<(), Refusal> {
    if let Some(kept) = take(open, done)?
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(kept);
    }
    Ok(())
}

/// Counts lines up to a place that only moves on.
struct Lines<'a> {
    rest: &'a str,
    read: u64,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, place: u64) -> u32 {
        let step = usize::try_from(place.saturating_sub(self.read)).unwrap_or(usize::MAX);
        if let Some((passed, rest)) = self.rest.split_at_checked(step) {
            let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            (self.rest, self.read) = (rest, place);
        }
        self.line
    }
}
