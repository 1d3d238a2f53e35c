//! Mail messages (RFC 5322 with MIME): header, body, and every attachment read by its own type.

use std::fmt::Write;

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use crate::collect::Collector;
use crate::html;
use crate::input::Input;
use crate::outcome::{PartKind, Reason};

/// Reads a mail.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let bytes = input.read()?;
    collector.begin(&bytes);
    let message = MessageParser::default().parse(bytes.as_ref()).ok_or(Reason::Corrupt)?;
    add_message(collector, &message);
    Ok(())
}

fn add_message(collector: &mut Collector<'_>, message: &Message<'_>) {
    let sender = message.from().and_then(names).map(|names| names.replace('\n', ", "));
    collector.describe(message.subject().map(str::to_owned), sender);
    collector.add(PartKind::MailHeader, None, None, &header(message));
    // The plain text where there is one, else the HTML: a message says the same in both.
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => collector.add(PartKind::Body, None, None, text),
            PartType::Html(page) => collector.add(PartKind::Body, None, None, &html::strip(page).text),
            _ => {}
        }
    }
    for part in message.attachments() {
        let name = part.attachment_name().unwrap_or_default();
        // An attached message carries its own bytes, which lead to the same reader as any other attachment.
        let bytes = match &part.body {
            PartType::Message(inner) => inner.raw_message(),
            _ => part.contents(),
        };
        if !bytes.is_empty() {
            collector.attachment(name, bytes);
        }
    }
}

/// Subject, people and date, one to a line, without field names: those are the reader's to show in his language.
fn header(message: &Message<'_>) -> String {
    let mut header = String::new();
    let people = [message.from(), message.to(), message.cc(), message.bcc(), message.reply_to()];
    let lines = message.subject().map(str::to_owned).into_iter().chain(people.into_iter().flatten().filter_map(names));
    for line in lines {
        header.push_str(&line);
        header.push('\n');
    }
    if let Some(date) = message.date() {
        // Writing to a string cannot fail.
        let _ = write!(header, "{}", date.to_rfc3339());
    }
    header
}

/// The names and addresses of a field, one to a line.
fn names(address: &Address<'_>) -> Option<String> {
    let lines: Vec<String> = address
        .iter()
        .map(|one| [one.name(), one.address()].into_iter().flatten().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
