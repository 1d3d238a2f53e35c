//! A file as it is read: scanned pages with their words over the picture, PDF, images; others are saved.

use std::rc::Rc;

use diwan_archive_api::{ScanPage, ScanPages};
use diwan_platform_api::files::Attachment;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::check::Check;
use super::item::content_url;
use super::marks::{Layer, use_layer};
use super::renditions::{OfficeView, Searchable};
use super::sheet::{Look, Words, sheet};
use crate::client::{self, download, use_api};
use crate::i18n::format;
use crate::ui::button::IconButton;
use crate::ui::page_strip::PageStrip;
use crate::ui::pdf::PdfViewer;
use crate::ui::{Button, Empty, FailureAlert, Icon, Num, Variant};

/// A file, and where it is opened.
#[derive(Properties, PartialEq)]
pub struct FileViewProps {
    /// The file.
    pub file: Attachment,
    /// The page shown first.
    pub page: u32,
    /// Words to find and to mark.
    pub find: String,
    /// Whether the reader may correct recognised words.
    pub may_check: bool,
    /// Whether doubtful words are asked for at once.
    pub checking: bool,
}

/// A file as it is read.
#[component]
pub fn FileView(props: &FileViewProps) -> Html {
    let file = &props.file;
    let (pdf, image) = (file.media_type == "application/pdf", file.media_type.starts_with("image/"));
    let asked = (pdf || image).then(|| client::get(format!("/api/attachments/{}/pages", file.id)));
    let pages = use_api::<ScanPages>(asked);
    let layer = use_layer(file.id, pdf || image);
    if pages.loading && pages.data.is_none() {
        return Html::default();
    }
    let scanned = pages.data.clone().filter(|pages| !pages.items.is_empty());
    // Among pages with text of their own a scanned one is read in the PDF viewer, its words over it.
    let whole = |pages: &ScanPages| {
        let all = file.pages.and_then(|all| usize::try_from(all).ok()).unwrap_or(1);
        image || props.checking || pages.items.len() >= all
    };
    if let Some(pages) = scanned.as_ref().filter(|pages| whole(pages)) {
        return html! {
            <Scan key={format!("{}-{}-{}", file.id, props.page, props.find)} id={file.id} name={file.file_name.clone()} pages={Rc::clone(pages)} page={props.page}
                find={props.find.clone()} may_check={props.may_check} checking={props.checking} {layer} />
        };
    }
    let (url, save) = (content_url(file.id, true), content_url(file.id, false));
    if pdf {
        let (id, find, over) = (file.id, props.find.clone(), layer.over);
        let read: Vec<i32> = scanned.iter().flat_map(|pages| &pages.items).map(|item| item.page).collect();
        let over = Callback::from(move |page: u32| {
            let no = i32::try_from(page).unwrap_or(1);
            html! { <>if read.contains(&no) { <Words file={id} page={no} find={find.clone()} /> }{ over.emit(page) }</> }
        });
        let small = Callback::from(move |page: u32| picture(id, i32::try_from(page).unwrap_or(1), "thumbnail"));
        return html! {
            <>
                <PdfViewer key={file.id} {url} page={props.page} find={props.find.clone()} download={save}
                    over={over} tools={layer.tools} picture={small} />
                { layer.dialog }
            </>
        };
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
    layer: Layer,
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
    let look = use_state_eq(|| Look { zoom: 100, turns: 0, checking: props.checking && props.may_check });
    let page = use_api::<ScanPage>(Some(
        client::get(format!("/api/attachments/{}/pages/{}", props.id, *at)).query("find", props.find.clone()),
    ));
    let set_look = {
        let look = look.clone();
        Callback::from(move |next: Look| look.set(next))
    };
    let set_page = {
        let (at, last) = (at.clone(), items.last().map_or(1, |item| item.page));
        Callback::from(move |page: i32| at.set(page.clamp(1, last)))
    };
    let strip = (items.len() > 1).then(|| {
        let (file, on_go) = (props.id, set_page.reform(|page: u32| i32::try_from(page).unwrap_or(1)));
        let small = Callback::from(move |page: u32| picture(file, i32::try_from(page).unwrap_or(1), "thumbnail"));
        let (pages, now) = (items.last().map_or(1, |item| item.page.unsigned_abs()), at.unsigned_abs());
        html! { <PageStrip {pages} at={now} picture={small} {on_go} /> }
    });
    html! {
        <div class="dw-pdf" data-testid="scan">
            { tool_row(props, page.data.as_deref(), *at, *look, &set_page, &set_look) }
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <div class={classes!("dw-pdf__body", look.checking.then_some("checks"))}>
                { for strip }
                <div class="dw-pdf__desk" tabindex="0" role="document" aria-label={t!("pdf-pages")} onkeydown={keys(*at, *look, &set_page, &set_look)}>
                    if let Some(page) = &page.data {
                        { sheet(props.id, &props.name, page, *look, props.layer.over.emit(at.unsigned_abs())) }
                    }
                </div>
                if let Some(read) = page.data.as_ref().filter(|_| look.checking) {
                    <Check key={read.head.page} file={props.id} page={Rc::clone(read)} on_saved={page.set.clone()} />
                }
            </div>
            { props.layer.dialog.clone() }
        </div>
    }
}

/// Steps of the size, and its bounds.
fn zoomed(look: Look, by: i32) -> Look {
    Look { zoom: look.zoom.saturating_add_signed(by).clamp(50, 300), ..look }
}

/// The keys of the desk: those of the PDF viewer, and Page Up and Page Down for the neighbours.
fn keys(at: i32, look: Look, set_page: &Callback<i32>, set_look: &Callback<Look>) -> Callback<KeyboardEvent> {
    let (set_page, set_look) = (set_page.clone(), set_look.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.target() != event.current_target() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "+" | "=" => set_look.emit(zoomed(look, 25)),
            "-" => set_look.emit(zoomed(look, -25)),
            "0" => set_look.emit(Look { zoom: 100, ..look }),
            "r" => set_look.emit(Look { turns: look.turns + 1, ..look }),
            "PageDown" => set_page.emit(at + 1),
            "PageUp" => set_page.emit(at - 1),
            "Home" => set_page.emit(1),
            "End" => set_page.emit(i32::MAX),
            _ => return,
        }
        event.prevent_default();
    })
}

fn tool_row(
    props: &ScanProps,
    page: Option<&ScanPage>,
    at: i32,
    look: Look,
    set_page: &Callback<i32>,
    set_look: &Callback<Look>,
) -> Html {
    let last = props.pages.items.last().map_or(1, |item| item.page);
    let turn = |to: i32, icon: Icon, label: String| {
        let onclick = set_page.reform(move |_: MouseEvent| to);
        html! { <IconButton small=true {icon} {label} {onclick} disabled={!(1..=last).contains(&to)} /> }
    };
    let looked = |to: Look, icon: Icon, label: String| {
        html! { <IconButton small=true {icon} {label} onclick={set_look.reform(move |_: MouseEvent| to)} disabled={to == look} /> }
    };
    let hits = page.map_or(0, |page| page.words.iter().filter(|word| word.found).count());
    let doubts = page.map_or(0, |page| (page.head.doubtful - page.head.checked).max(0));
    let onchange =
        set_page.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value().parse().unwrap_or(1));
    let toggle = set_look.reform(move |_: MouseEvent| Look { checking: !look.checking, ..look });
    html! {
        <div class="dw-pdf__tools" role="toolbar" aria-label={t!("pdf-tools")}>
            if hits > 0 { <span class="dw-sm dw-muted dw-nowrap" data-testid="scan-hits">{ t!("scan-hits", n = hits) }</span> }
            if props.may_check && (doubts > 0 || look.checking) {
                <Button variant={Variant::Link} icon={Icon::Edit} label={t!("scan-check", n = doubts)} onclick={toggle} testid="check-words" />
            }
            <Searchable file={props.id} />
            <span class="dw-push" />
            { props.layer.tools.clone() }
            { turn(at - 1, Icon::Previous, t!("previous-page")) }
            <input class="dw-input" type="number" min="1" max={last.to_string()} value={at.to_string()} {onchange} aria-label={t!("page")} />
            <span class="dw-muted dw-nowrap">{ t!("of-total") }{ " " }<Num value={format::number(i64::from(last))} /></span>
            { turn(at + 1, Icon::Next, t!("next-page")) }
            <span class="dw-push" />
            { looked(zoomed(look, -25), Icon::ZoomOut, t!("zoom-out")) }
            { looked(zoomed(look, 25), Icon::ZoomIn, t!("zoom-in")) }
            { looked(Look { turns: look.turns + 1, ..look }, Icon::Rotate, t!("rotate")) }
        </div>
    }
}
