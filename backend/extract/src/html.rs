//! HTML pages: their text, with line feeds where a browser begins a line.

use mail_parser::decoders::html::add_html_token;

use crate::collect::Collector;
use crate::input::Input;
use crate::outcome::{PartKind, Reason, WarningCode};
use crate::text;

/// Reads an HTML page.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let bytes = input.read()?;
    let (page, guessed) = text::decode_declared(&bytes, declared_charset(&bytes).as_deref());
    if let Some(charset) = guessed {
        collector.warn(WarningCode::CharsetGuessed, Some(charset));
    }
    let page = strip(&page);
    collector.describe(page.title, None);
    collector.add(PartKind::Body, None, None, &page.text);
    Ok(())
}

/// The text of a page, and its title.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) title: Option<String>,
}

/// The charset which a `meta` element within the first 4 KiB names.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head: String = bytes.iter().take(4096).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    let after = head.split_once("charset")?.1.trim_start().strip_prefix('=')?;
    let value = after.trim_start().trim_start_matches(['"', '\'']);
    let label: String = value.chars().take_while(|one| one.is_ascii_alphanumeric() || "-_:".contains(*one)).collect();
    (!label.is_empty()).then_some(label)
}

/// Elements that begin a line.
const BLOCKS: [&str; 29] = [
    "p",
    "div",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "blockquote",
    "pre",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "dt",
    "dd",
    "dl",
    "form",
    "fieldset",
    "figure",
    "address",
    "option",
];

/// Elements whose content is not shown.
const HIDDEN: [&str; 6] = ["script", "style", "template", "noscript", "svg", "object"];

/// Takes the tags out of a page.
pub(crate) fn strip(page: &str) -> Page {
    let (mut text, mut title) = (String::with_capacity(page.len() / 2), None);
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        push_text(&mut text, before);
        rest = if let Some(comment) = after.strip_prefix("!--") {
            comment.split_once("-->").map_or("", |(_, rest)| rest)
        } else if after.starts_with(|one: char| one.is_ascii_alphabetic() || "/!?".contains(one)) {
            let (tag, rest) = split_tag(after);
            let name = tag_name(tag);
            if HIDDEN.contains(&name.as_str()) {
                skip_element(rest, &name).1
            } else if name == "title" {
                let (content, rest) = skip_element(rest, &name);
                let mut shown = String::new();
                push_text(&mut shown, content);
                title = title.or(Some(shown.trim().to_owned()));
                rest
            } else {
                begin(&mut text, name.trim_start_matches('/'));
                rest
            }
        } else {
            text.push('<');
            after
        };
    }
    push_text(&mut text, rest);
    Page { text, title: title.filter(|title| !title.is_empty()) }
}

/// Splits after the `>` that ends a tag; one within quotes does not.
fn split_tag(after: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, one) in after.char_indices() {
        match (quote, one) {
            (None, '>') => return (after.get(..at).unwrap_or_default(), after.get(at + 1..).unwrap_or_default()),
            (None, '"' | '\'') if after.get(..at).is_some_and(|before| before.ends_with('=')) => quote = Some(one),
            (Some(open), one) if open == one => quote = None,
            _ => {}
        }
    }
    // An unclosed quote swallowed the page: end at the first `>` after all.
    after.split_once('>').unwrap_or((after, ""))
}

/// The name in lower case, with the `/` of an end tag.
fn tag_name(tag: &str) -> String {
    let end = tag.char_indices().find(|(at, one)| !one.is_ascii_alphanumeric() && (*at, *one) != (0, '/'));
    tag.get(..end.map_or(tag.len(), |(at, _)| at)).unwrap_or_default().to_ascii_lowercase()
}

/// The content of an element up to its end tag, and what follows the end tag.
fn skip_element<'a>(rest: &'a str, name: &str) -> (&'a str, &'a str) {
    let mut from = 0;
    while let Some(found) = rest.get(from..).and_then(|rest| rest.find("</")) {
        let at = from + found;
        let after = rest.get(at + 2..).unwrap_or_default();
        if after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return (rest.get(..at).unwrap_or_default(), split_tag(after).1);
        }
        from = at + 2;
    }
    (rest, "")
}

fn begin(text: &mut String, name: &str) {
    if matches!(name, "td" | "th") {
        if !text.ends_with(['\t', '\n']) {
            text.push('\t');
        }
    } else if BLOCKS.contains(&name) {
        text.push('\n');
    }
}

/// Adds text with its entities decoded and its white space folded, as a browser shows it.
fn push_text(text: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        push_folded(text, before);
        let end = after.char_indices().take(32).find(|(_, one)| !(one.is_ascii_alphanumeric() || *one == '#'));
        match end {
            Some((at, ';')) => {
                let entity = format!("&{};", after.get(..at).unwrap_or_default());
                let mut decoded = String::new();
                add_html_token(&mut decoded, entity.as_bytes(), false);
                text.push_str(&decoded);
                rest = after.get(at + 1..).unwrap_or_default();
            }
            _ => {
                text.push('&');
                rest = after;
            }
        }
    }
    push_folded(text, rest);
}

fn push_folded(text: &mut String, raw: &str) {
    for one in raw.chars() {
        if !one.is_ascii_whitespace() {
            text.push(one);
        } else if !text.ends_with([' ', '\n', '\t']) && !text.is_empty() {
            text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_a_browser_shows() {
        let page = strip(
            "<html><head><title>كتاب &amp; رد</title><style>p{a>b}</style></head><body><!-- x < y --><p>السيد&nbsp;الوزير\n المحترم</p>\
             <script>if (a<b) {}</script><table><tr><td title='a>b'>رقم</td><td>١٢</td></tr></table>5 < 6 &amp; 7 &unknown; AT&T</body>",
        );
        assert_eq!(page.title.as_deref(), Some("كتاب & رد"));
        let cleaned = crate::clean::clean(&page.text);
        assert_eq!(cleaned, "السيد الوزير المحترم\n\nرقم\t١٢\n\n5 < 6 & 7 &unknown; AT&T");
    }

    #[test]
    fn finds_the_declared_charset() {
        assert_eq!(declared_charset(b"<META charset = 'Windows-1256'>").as_deref(), Some("windows-1256"));
        assert_eq!(
            declared_charset(b"<meta content=\"text/html; charset=ISO-8859-6\">").as_deref(),
            Some("iso-8859-6")
        );
        assert_eq!(declared_charset(b"<p>charset</p>"), None);
    }
}
