//! Words that recognition doubts, each with its picture beside it, and the list of pages that wait for somebody to look.

use std::rc::Rc;

use diwan_archive_api::{CheckItem, CheckedWord, CheckedWords, ScanPage, ScanWord};
use diwan_kernel::Page;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::scan::picture;
use crate::app::route::Route;
use crate::app::router;
use crate::client::{self, Failure, use_api};
use crate::i18n::format;
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{Button, Column, DataTable, Empty, FailureAlert, Num, PageHead, Row, Variant, use_toasts};

#[derive(Properties, PartialEq)]
pub(super) struct CheckProps {
    pub(super) file: i64,
    pub(super) page: Rc<ScanPage>,
    pub(super) on_saved: Callback<Rc<ScanPage>>,
}

/// The doubtful words of a page, to be read from their pictures.
#[component]
pub(super) fn Check(props: &CheckProps) -> Html {
    let open = |page: &ScanPage| -> Vec<CheckedWord> {
        let open = page.words.iter().filter(|word| word.doubtful && !word.checked);
        open.map(|word| CheckedWord { no: word.no, text: word.text.clone() }).collect()
    };
    let read = use_state_eq(|| open(&props.page));
    let failure = use_state_eq(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let toasts = use_toasts();
    let onsubmit = {
        let (read, failure, busy) = (read.clone(), failure.clone(), busy.clone());
        let call = client::put(format!("/api/attachments/{}/pages/{}/words", props.file, props.page.head.page));
        let (call, on_saved) = (call.json(&CheckedWords { words: (*read).clone() }), props.on_saved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            busy.set(true);
            let (call, read, failure, busy) = (call.clone(), read.clone(), failure.clone(), busy.clone());
            let (on_saved, toasts) = (on_saved.clone(), toasts.clone());
            spawn_local(async move {
                let answer = call.send::<ScanPage>().await;
                busy.set(false);
                match answer {
                    Ok(page) => {
                        failure.set(None);
                        read.set(Vec::new());
                        on_saved.emit(Rc::new(page));
                        toasts.done(t!("saved"));
                    }
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let row = |(place, read_as): (usize, &CheckedWord)| {
        let word = props.page.words.iter().find(|word| word.no == read_as.no)?;
        let read = read.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let mut next = (*read).clone();
            if let Some(word) = next.get_mut(place) {
                word.text = event.target_unchecked_into::<HtmlInputElement>().value();
            }
            read.set(next);
        });
        let fault = failure.as_ref().and_then(|failure| failure.field(&format!("words.{place}.text")));
        Some(html! {
            <label key={word.no}>
                <span class="crop" style={crop(props.file, &props.page, word)} />
                <input class="dw-input" dir="auto" data-word={word.no.to_string()} value={read_as.text.clone()} {oninput}
                    aria-label={t!("scan-word")} aria-invalid={fault.is_some().then_some("true")} />
                if let Some(fault) = fault { <span class="err">{ fault }</span> }
            </label>
        })
    };
    html! {
        <form class="dw-scan__check" {onsubmit} data-testid="check">
            <p class="dw-sm dw-muted">{ if read.is_empty() { t!("scan-checked") } else { t!("scan-help") } }</p>
            if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} /> }
            { for read.iter().enumerate().filter_map(row) }
            if !read.is_empty() { <Button submit=true variant={Variant::Primary} label={t!("save")} busy={*busy} testid="save-words" /> }
        </form>
    }
}

/// A word cut out of the picture of its page, as the page would be a thousand pixels wide.
fn crop(file: i64, page: &ScanPage, word: &ScanWord) -> String {
    const MARGIN: f64 = 60.0;
    const WHOLE: f64 = 10_000.0;
    let left = (f64::from(word.left) - MARGIN).max(0.0);
    let top = (f64::from(word.top) - MARGIN).max(0.0);
    let width = (f64::from(word.width) + 2.0 * MARGIN).min(WHOLE - left - 1.0);
    let height = (f64::from(word.height) + 2.0 * MARGIN).min(WHOLE - top - 1.0);
    let tall = 1_000.0 / f64::from(page.width.max(1));
    format!(
        "background-image:url({});inline-size:{}px;block-size:{}px;background-size:{}% {}%;background-position:{}% {}%",
        picture(file, page.head.page, "close"),
        width / 10.0,
        height * tall,
        WHOLE / width * 100.0,
        WHOLE / height * 100.0,
        left / (WHOLE - width) * 100.0,
        top / (WHOLE - height) * 100.0,
    )
}

impl Row for CheckItem {
    fn key(&self) -> i64 {
        self.attachment_id * 10_000 + i64::from(self.page)
    }
}

fn columns() -> Rc<Vec<Column<CheckItem>>> {
    let number =
        |item: &CheckItem| html! { <span class="dw-no"><Num value={item.number.clone().unwrap_or_default()} /></span> };
    Rc::new(vec![
        Column::new("number", t!("document-number"), number).class("c-no"),
        Column::new(
            "subject",
            t!("document-subject"),
            |item: &CheckItem| html! { <span class="dw-subj dw-clamp" dir="auto">{ &item.subject }</span> },
        )
        .class("c-subj"),
        Column::new("file", t!("files"), |item: &CheckItem| html! { <bdi>{ &item.file_name }</bdi> }).class("c-agency"),
        Column::new(
            "page",
            t!("page"),
            |item: &CheckItem| html! { <Num value={format::number(i64::from(item.page))} /> },
        )
        .class("c-to"),
        Column::new(
            "doubtful",
            t!("check-doubtful"),
            |item: &CheckItem| html! { <Num value={format::number(i64::from(item.doubtful))} /> },
        )
        .class("c-due"),
    ])
}

/// How many pages are shown at once.
const LIMIT: usize = 25;

/// The check desk (تدقيق النصوص).
#[component]
pub fn CheckDesk() -> Html {
    let paging = use_paging(());
    let call = client::get("/api/archive/check-desk").query("limit", LIMIT.to_string());
    let page = use_api::<Page<CheckItem>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let current = use_state_eq(|| None::<i64>);
    let shown = use_state(columns);
    let open = {
        let page = page.data.clone();
        Callback::from(move |key: i64| {
            let item = page.iter().flat_map(|page| &page.items).find(|item| item.key() == key);
            if let Some(item) = item {
                let path = Route::ArchiveItem(item.record_id).path();
                router::go(&format!("{path}?file={}&page={}&check=1", item.attachment_id, item.page));
            }
        })
    };
    let set_current = current.setter();
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="check-desk">
            <PageHead title={t!("check-desk")} />
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<CheckItem> label={t!("check-desk")} columns={(*shown).clone()} page={page.data.clone()} loading={page.loading}
                current={*current} on_current={Callback::from(move |id| set_current.set(Some(id)))} on_open={open}
                empty={html! { <Empty text={t!("check-empty")} /> }} />
            <Foot {rows} limit={LIMIT} total={None::<i64>} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
        </div>
    }
}
