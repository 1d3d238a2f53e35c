//! One scanned page: its picture, invisible lines of text over it, marks of what was found or is in doubt.

use diwan_archive_api::{ScanPage, ScanWord};
use diwan_platform_api::files::PageState;
use yew::prelude::*;

use super::scan::picture;
use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::{Alert, Tone};

/// How a page is looked at.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// In hundredths of the desk's width.
    pub(super) zoom: u32,
    /// Quarter turns clockwise.
    pub(super) turns: u32,
    /// Whether words in doubt are marked.
    pub(super) checking: bool,
}

/// A place in hundredths of the page.
fn place(left: u16, top: u16, width: u16, height: u16) -> String {
    let part = |value: u16| f64::from(value) / 100.0;
    format!("left:{}%;top:{}%;width:{}%;height:{}%", part(left), part(top), part(width), part(height))
}

/// The picture of a page with its words over it, and what else stands over it.
pub(super) fn sheet(file: i64, name: &str, page: &ScanPage, look: Look, over: Html) -> Html {
    match page.head.state {
        PageState::Waiting => return html! { <Alert title={t!("scan-waiting")} /> },
        PageState::Failed => {
            let why = page.head.reason.as_deref().map(|code| i18n::code("content-reason", code)).unwrap_or_default();
            return html! { <Alert tone={Tone::Warning} title={t!("document-unread")}>{ why }</Alert> };
        }
        PageState::Read => {}
    }
    let size = if look.zoom > 150 { "close" } else { "page" };
    let (zoom, width, lying) = (look.zoom, page.width, look.turns % 2 == 1);
    // A page on its side: the frame has the turned shape, the paper in it its own.
    let frame = if lying {
        format!("inline-size:{zoom}%;aspect-ratio:10000/{width}")
    } else {
        format!("inline-size:{zoom}%;aspect-ratio:{width}/10000")
    };
    let across = if lying { f64::from(width) / 100.0 } else { 100.0 };
    let paper = format!(
        "inline-size:{across}%;aspect-ratio:{width}/10000;transform:translate(-50%,-50%) rotate({}deg)",
        look.turns % 4 * 90
    );
    html! {
        <div class="dw-scan__frame" style={frame}>
            <div class="dw-scan__page" style={paper}>
                <img src={picture(file, page.head.page, size)} alt={name.to_owned()} />
                { words(page, look.checking) }
                { over }
            </div>
        </div>
    }
}

/// The words of a page: marks, and lines to select and copy.
fn words(page: &ScanPage, checking: bool) -> Html {
    let mark = |word: &ScanWord| {
        let doubt = checking && word.doubtful && !word.checked;
        (word.found || doubt).then(|| {
            let class = if word.found { "found" } else { "doubt" };
            html! { <i {class} style={place(word.left, word.top, word.width, word.height)} data-word={word.no.to_string()} /> }
        })
    };
    html! {
        <>
            { for page.words.iter().filter_map(mark) }
            { for page.words.chunk_by(|a, b| a.line == b.line).map(line) }
        </>
    }
}

/// The words of one line as one text, so that it is selected and copied as it is read.
fn line(words: &[ScanWord]) -> Html {
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).filter(|text| !text.is_empty()).collect();
    let left = words.iter().map(|word| word.left).min().unwrap_or_default();
    let top = words.iter().map(|word| word.top).min().unwrap_or_default();
    let right = words.iter().map(|word| word.left.saturating_add(word.width)).max().unwrap_or_default();
    let bottom = words.iter().map(|word| word.top.saturating_add(word.height)).max().unwrap_or_default();
    let style = place(left, top, right.saturating_sub(left), bottom.saturating_sub(top));
    let font = format!("{style};font-size:{}cqh", f64::from(bottom.saturating_sub(top)) * 0.006);
    html! { <p dir="auto" style={font}>{ text.join(" ") }</p> }
}

/// What is read of a scanned page, to lie over its drawing in the PDF viewer.
#[derive(Properties, PartialEq)]
pub(super) struct WordsProps {
    pub(super) file: i64,
    pub(super) page: i32,
    pub(super) find: String,
}

/// The words of a scanned page among others that have a text of their own.
#[component]
pub(super) fn Words(props: &WordsProps) -> Html {
    let path = format!("/api/attachments/{}/pages/{}", props.file, props.page);
    let page = use_api::<ScanPage>(Some(client::get(path).query("find", props.find.clone())));
    let read = page.data.as_ref().filter(|page| page.head.state == PageState::Read);
    html! { <div class="dw-scan__words">{ for read.map(|page| words(page, false)) }</div> }
}
