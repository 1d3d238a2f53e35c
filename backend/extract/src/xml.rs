//! A walk over XML that only tells of elements and text. Entities are never expanded beyond the five of XML itself.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};

use crate::outcome::Reason;

/// What the walk meets. Names are local names, without their prefix.
pub(crate) enum Node<'a> {
    Open(&'a str, &'a Attributes<'a>),
    Text(&'a str),
    Close(&'a str),
}

/// The attributes of an element.
pub(crate) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of the attribute with this local name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let found =
            self.0.attributes().with_checks(false).flatten().find(|one| one.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
    }

    /// The values of all attributes with this local name, whatever their prefix.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let mut attributes = self.0.attributes();
        let named = attributes.with_checks(false).flatten().filter(|one| one.key.local_name().as_ref() == name);
        named.filter_map(|one| one.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)).collect()
    }
}

/// Walks over a document.
///
/// # Errors
/// [`Reason::Corrupt`] at the first place that is not well-formed; what came before was told.
pub(crate) fn walk(xml: &str, mut tell: impl FnMut(Node<'_>)) -> Result<(), Reason> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|_| Reason::Corrupt)? {
            Event::Start(start) => tell(Node::Open(start.local_name().as_ref(), &Attributes(&start))),
            Event::Empty(start) => {
                tell(Node::Open(start.local_name().as_ref(), &Attributes(&start)));
                tell(Node::Close(start.local_name().as_ref()));
            }
            Event::End(end) => tell(Node::Close(end.local_name().as_ref())),
            Event::Text(text) => tell(Node::Text(&text)),
            Event::CData(text) => tell(Node::Text(&text)),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => tell(Node::Text(character.encode_utf8(&mut [0; 4]))),
                _ => tell(Node::Text(escape::resolve_predefined_entity(&reference).unwrap_or_default())),
            },
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// The text within the first element of this local name, wherever it stands.
pub(crate) fn text_of(xml: &str, element: &str) -> Option<String> {
    let (mut depth, mut done, mut found) = (0_u32, false, String::new());
    // What was found before a fault in the document still counts.
    let _ = walk(xml, |node| match node {
        Node::Open(name, _) if name == element && !done => depth += 1,
        Node::Close(name) if name == element && depth > 0 => {
            depth -= 1;
            done = depth == 0;
        }
        Node::Text(text) if depth > 0 => found.push_str(text),
        _ => {}
    });
    (!found.trim().is_empty()).then_some(found)
}
