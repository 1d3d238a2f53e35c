//! A file as it is read: scanned pages with their words over the picture, PDF, images; others are saved.

use std::rc::Rc;

use diwan_archive_api::{ScanPage, ScanPages, ScanWord};
use diwan_platform_api::files::{Attachment, PageState};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::check::Check;
use super::item::content_url;
use super::renditions::{OfficeView, Searchable};
use crate::client::{self, download, use_api};
use crate::i18n::{self, format};
use crate::ui::button::IconButton;
use crate::ui::pdf::PdfViewer;
use crate::ui::{Alert, Button, Empty, FailureAlert, Icon, Num, Tone, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct FileViewProps {
    pub(super) file: Attachment,
    pub(super) page: u32,
    pub(super) find: String,
    pub(super) may_check: bool,
    pub(super) checking: bool,
}

/// A file as it is read.
#[component]
pub(super) fn FileView(props: &FileViewProps) -> Html {
    let file = &props.file;
    let (pdf, image) = (file.media_type == "application/pdf", file.media_type.starts_with("image/"));
    let asked = (pdf || image).then(|| client::get(format!("/api/attachments/{}/pages", file.id)));
    let pages = use_api::<ScanPages>(asked);
    if pages.loading && pages.data.is_none() {
        return Html::default();
    }
    if let Some(pages) = pages.data.as_ref().filter(|pages| !pages.items.is_empty()) {
        return html! {
            <Scan id={file.id} name={file.file_name.clone()} pages={Rc::clone(pages)} page={props.page} find={props.find.clone()}
                may_check={props.may_check} checking={props.checking} />
        };
    }
    let (url, save) = (content_url(file.id, true), content_url(file.id, false));
    if pdf {
        return html! { <PdfViewer key={file.id} {url} page={props.page} find={props.find.clone()} download={save} /> };
    }
    if image {
        return html! { <div class="dw-pad"><img src={url} alt={file.file_name.clone()} style="max-inline-size:100%;margin-inline:auto;display:block" /></div> };
    }
    let otherwise = html! {
        <Empty text={t!("file-no-view")}>
            <Button variant={Variant::Primary} icon={Icon::Download} label={t!("download")} onclick={Callback::from(move |_| download::save(&save))} />
        </Empty>
    };
    html! { <OfficeView key={file.id} file={file.id} page={props.page} find={props.find.clone()} {otherwise} /> }
}

#[derive(Properties, PartialEq)]
struct ScanProps {
    id: i64,
    name: String,
    pages: Rc<ScanPages>,
    page: u32,
    find: String,
    may_check: bool,
    checking: bool,
}

/// The address of a page's picture.
pub(super) fn picture(file: i64, page: i32, size: &str) -> String {
    format!("/api/attachments/{file}/pages/{page}/picture?size={size}")
}

/// Scanned pages, one at a time, with a strip of small pictures where there are several.
#[component]
fn Scan(props: &ScanProps) -> Html {
    let items = &props.pages.items;
    let first = i32::try_from(props.page).ok().filter(|page| items.iter().any(|item| item.page == *page));
    let at = use_state_eq(|| first.or(items.first().map(|item| item.page)).unwrap_or(1));
    let zoom = use_state_eq(|| 100_u32);
    let checking = use_state_eq(|| props.checking && props.may_check);
    let page = use_api::<ScanPage>(Some(
        client::get(format!("/api/attachments/{}/pages/{}", props.id, *at)).query("find", props.find.clone()),
    ));
    let place = items.iter().position(|item| item.page == *at).unwrap_or_default();
    let go = {
        let at = at.clone();
        Callback::from(move |page: i32| at.set(page))
    };
    let neighbour =
        |step: isize| place.checked_add_signed(step).and_then(|place| items.get(place)).map(|item| item.page);
    let turn = |to: Option<i32>, icon: Icon, label: String| {
        let onclick = go.reform(move |_: MouseEvent| to.unwrap_or(1));
        html! { <IconButton small=true {icon} {label} {onclick} disabled={to.is_none()} /> }
    };
    let sized = |to: u32, icon: Icon, label: String| {
        let zoom = zoom.clone();
        html! { <IconButton small=true {icon} {label} onclick={Callback::from(move |_| zoom.set(to))} disabled={!(50..=300).contains(&to)} /> }
    };
    let hits = page.data.as_ref().map_or(0, |page| page.words.iter().filter(|word| word.found).count());
    let doubts = page.data.as_ref().map_or(0, |page| (page.head.doubtful - page.head.checked).max(0));
    let onchange =
        go.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value().parse().unwrap_or(1));
    let toggle = {
        let checking = checking.clone();
        Callback::from(move |_| checking.set(!*checking))
    };
    let last = items.last().map_or(1, |item| item.page);
    html! {
        <div class="dw-pdf" data-testid="scan">
            <div class="dw-pdf__tools" role="toolbar" aria-label={t!("pdf-tools")}>
                if hits > 0 { <span class="dw-sm dw-muted dw-nowrap" data-testid="scan-hits">{ t!("scan-hits", n = hits) }</span> }
                if props.may_check && (doubts > 0 || *checking) {
                    <Button variant={Variant::Link} icon={Icon::Edit} label={t!("scan-check", n = doubts)} onclick={toggle} testid="check-words" />
                }
                <Searchable file={props.id} />
                <span class="dw-push" />
                { turn(neighbour(-1), Icon::Previous, t!("previous-page")) }
                <input class="dw-input" type="number" min="1" max={last.to_string()} value={at.to_string()} {onchange} aria-label={t!("page")} />
                <span class="dw-muted dw-nowrap">{ t!("of-total") }{ " " }<Num value={format::number(i64::from(last))} /></span>
                { turn(neighbour(1), Icon::Next, t!("next-page")) }
                <span class="dw-push" />
                { sized(*zoom - 25, Icon::ZoomOut, t!("zoom-out")) }
                { sized(*zoom + 25, Icon::ZoomIn, t!("zoom-in")) }
            </div>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <div class={classes!("dw-scan", checking.then_some("checks"))}>
                if items.len() > 1 { { strip(props.id, &props.pages, *at, &go) } }
                <div class="dw-pdf__desk" tabindex="0" role="document" aria-label={t!("pdf-pages")}>
                    if let Some(page) = &page.data { { sheet(props.id, &props.name, page, *zoom, *checking) } }
                </div>
                if let Some(read) = page.data.as_ref().filter(|_| *checking) {
                    <Check key={read.head.page} file={props.id} page={Rc::clone(read)} on_saved={page.set.clone()} />
                }
            </div>
        </div>
    }
}

/// Small pictures of all pages.
fn strip(file: i64, pages: &ScanPages, at: i32, go: &Callback<i32>) -> Html {
    let small = |page: i32| {
        let label = format!("{} {}", t!("page"), format::number(i64::from(page)));
        html! {
            <button key={page} type="button" onclick={go.reform(move |_| page)} aria-current={(page == at).then_some("page")} aria-label={label}>
                <img src={picture(file, page, "thumbnail")} alt="" loading="lazy" />
                <Num value={format::number(i64::from(page))} />
            </button>
        }
    };
    html! { <nav class="dw-scan__strip" aria-label={t!("pdf-pages")}>{ for pages.items.iter().map(|item| small(item.page)) }</nav> }
}

/// A place in hundredths of the page.
fn place(left: u16, top: u16, width: u16, height: u16) -> String {
    let part = |value: u16| f64::from(value) / 100.0;
    format!("left:{}%;top:{}%;width:{}%;height:{}%", part(left), part(top), part(width), part(height))
}

/// The picture of a page with its words over it: invisible lines to select and copy, marks where something was found.
fn sheet(file: i64, name: &str, page: &ScanPage, zoom: u32, checking: bool) -> Html {
    match page.head.state {
        PageState::Waiting => return html! { <Alert title={t!("scan-waiting")} /> },
        PageState::Failed => {
            let why = page.head.reason.as_deref().map(|code| i18n::code("content-reason", code)).unwrap_or_default();
            return html! { <Alert tone={Tone::Warning} title={t!("document-unread")}>{ why }</Alert> };
        }
        PageState::Read => {}
    }
    let mark = |word: &ScanWord| {
        let doubt = checking && word.doubtful && !word.checked;
        (word.found || doubt).then(|| {
            let class = if word.found { "found" } else { "doubt" };
            html! { <i {class} style={place(word.left, word.top, word.width, word.height)} data-word={word.no.to_string()} /> }
        })
    };
    let size = if zoom > 150 { "close" } else { "page" };
    html! {
        <div class="dw-scan__page" style={format!("inline-size:{zoom}%;aspect-ratio:{}/10000", page.width)}>
            <img src={picture(file, page.head.page, size)} alt={name.to_owned()} />
            { for page.words.iter().filter_map(mark) }
            { for page.words.chunk_by(|a, b| a.line == b.line).map(line) }
        </div>
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
