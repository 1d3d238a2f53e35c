//! Runs `pdftotext` and reads its answer.

use std::io::{ErrorKind, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::html;
use crate::outcome::Reason;
use crate::pipes::drain;

/// The program of Debian's `poppler-utils`.
const PROGRAM: &str = "pdftotext";

/// Bytes of error messages that are looked at.
const MESSAGES: u64 = 16 * 1024;

/// What the program said about a file.
pub(super) struct Answer {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    /// Pages, each ended by a form feed.
    pub(super) text: String,
    /// The text was longer than allowed and is cut.
    pub(super) cut: bool,
}

/// Extracts at most `pages` pages and about `limit` bytes of text.
pub(super) fn run(path: &Path, pages: u32, limit: u64) -> Result<Answer, Reason> {
    let mut child = Command::new(PROGRAM)
        .args(["-enc", "UTF-8", "-eol", "unix", "-htmlmeta", "-l", &pages.to_string()])
        .arg(path)
        .arg("-")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| if error.kind() == ErrorKind::NotFound { Reason::ToolMissing } else { Reason::Crashed })?;
    let messages = drain(child.stderr.take(), MESSAGES);
    let mut output = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(limit + 1).read_to_end(&mut output).map_err(|_| Reason::Crashed)?;
    }
    let cut = output.len() as u64 > limit;
    if cut {
        // It may have ended by itself meanwhile, which is as good.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|_| Reason::Crashed)?;
    let messages = messages.join().unwrap_or_default();
    if !cut && !status.success() {
        return Err(reason_of(status, &String::from_utf8_lossy(&messages)));
    }
    parse(&String::from_utf8_lossy(&output), cut).ok_or(Reason::Corrupt)
}

fn reason_of(status: std::process::ExitStatus, messages: &str) -> Reason {
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match status.signal() {
        Some(SIGXCPU) => Reason::Timeout,
        Some(SIGKILL) => Reason::OutOfMemory,
        _ if messages.contains("bad_alloc") || messages.contains("Out of memory") => Reason::OutOfMemory,
        _ if messages.contains("Incorrect password") => Reason::Encrypted,
        _ => Reason::Corrupt,
    }
}

/// Takes the page of HTML apart that `-htmlmeta` writes: an escaped head with title and author, and the text within
/// `pre`, which is not escaped.
fn parse(page: &str, cut: bool) -> Option<Answer> {
    let (head, rest) = page.split_once("<pre>\n")?;
    let text = rest.rsplit_once("</pre>").map_or(rest, |(text, _)| text);
    let author = head.split_once("<meta name=\"Author\" content=\"").and_then(|(_, rest)| rest.split_once("\"/>"));
    Some(Answer {
        title: html::strip(head).title,
        author: author.map(|(value, _)| unescape(value)),
        text: text.to_owned(),
        cut,
    })
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
