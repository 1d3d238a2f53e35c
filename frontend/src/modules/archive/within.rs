//! Searching inside one record: every place, with its file and page.

use diwan_archive_api::{FindAnswer, Passage};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::client::{self, use_api};
use crate::i18n::format;
use crate::modules::search::excerpt::{marked, words};
use crate::ui::{Button, Empty, FailureAlert, Icon, Num, Variant, dom};

/// A place to open: the file, its page, the words to mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub(super) file: Option<i64>,
    pub(super) page: Option<u32>,
    pub(super) find: String,
}

#[derive(Properties, PartialEq)]
pub(super) struct WithinProps {
    pub(super) record: i64,
    /// What the reader came with.
    pub(super) find: String,
    pub(super) on_open: Callback<Spot>,
}

/// A search box and the places it finds.
#[component]
pub(super) fn Within(props: &WithinProps) -> Html {
    let typed = use_state_eq(|| props.find.clone());
    let asked = use_state_eq(|| props.find.trim().to_owned());
    let call = client::get(format!("/api/records/{}/find", props.record)).query("q", (*asked).clone());
    let found = use_api::<FindAnswer>((!asked.is_empty()).then_some(call));
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| typed.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onsubmit = {
        let (typed, asked) = (typed.clone(), asked.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            asked.set(typed.trim().to_owned());
        })
    };
    let answer = found.data.as_ref().filter(|_| !asked.is_empty());
    html! {
        <div data-testid="within">
            <form class="dw-q" role="search" {onsubmit}>
                { Icon::Search }
                <input type="search" name="within" value={(*typed).clone()} {oninput} aria-label={t!("find-within")} placeholder={t!("find-within")}
                    dir={dom::typed_dir(&typed)} autocomplete="off" maxlength="200" data-testid="within-input" />
                <Button submit=true variant={Variant::Primary} label={t!("search")} testid="within-go" />
            </form>
            <FailureAlert failure={found.failure.clone()} retry={Some(found.reload.clone())} />
            if let Some(answer) = answer {
                <p class="dw-sm dw-muted" role="status">{ t!("find-within-count", n = answer.total) }
                    if answer.relaxed { { " " }{ t!("find-within-relaxed") } }
                </p>
                if answer.passages.is_empty() { <Empty text={t!("find-within-nothing")} /> }
                <ol class="dw-spots">{ for answer.passages.iter().enumerate().map(|(at, passage)| spot(at, passage, &asked, &props.on_open)) }</ol>
            } else if asked.is_empty() { <Empty text={t!("find-within-start")} /> }
        </div>
    }
}

fn spot(at: usize, passage: &Passage, asked: &str, on_open: &Callback<Spot>) -> Html {
    let first = Some(words(&passage.text)).filter(|word| !word.is_empty());
    let to = Spot {
        file: passage.place.attachment_id,
        page: passage.place.page,
        find: first.unwrap_or_else(|| asked.to_owned()),
    };
    let onclick = on_open.reform(move |_: MouseEvent| to.clone());
    html! {
        <li key={at}>
            <button type="button" {onclick} disabled={passage.place.attachment_id.is_none()} data-testid="spot">
                <span class="dw-sm dw-muted">
                    if let Some(name) = &passage.place.attachment { <bdi>{ name }</bdi> } else { { t!("find-within-own-text") } }
                    if let Some(page) = passage.place.page { { " · " }<Num value={t!("hit-page", page = format::number(i64::from(page)))} /> }
                </span>
                <span dir="auto">{ marked(&passage.text) }</span>
            </button>
        </li>
    }
}
