//! The hits of a search.

use std::rc::Rc;

use diwan_archive_api::{Hit, SearchAnswer};
use diwan_platform_api::records::RecordKind;
use yew::prelude::*;

use super::excerpt::{marked, words};
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::i18n::{self, format};
use crate::ui::{Icon, Num, SecrecyBadge};

/// The address that opens a record of this kind.
pub fn record_url(kind: RecordKind, id: i64) -> String {
    Route::of_record(kind, id).path()
}

/// The address that opens a hit; a document opens at the page with its words marked.
fn url(hit: &Hit) -> String {
    let mut query = Query::default();
    if let Some(file) = hit.place.attachment_id.filter(|_| hit.kind == RecordKind::Document) {
        query = query.with("file", file.to_string()).with("find", words(&hit.snippet));
        query = query.with("page", hit.place.page.map(|page| page.to_string()).unwrap_or_default());
    }
    format!("{}{}", record_url(hit.kind, hit.id), query.text())
}

/// The picture of a kind.
pub fn icon(kind: RecordKind) -> Icon {
    match kind {
        RecordKind::Document => Icon::FileText,
        kind if kind.is_letter() => Icon::Letter,
        _ => Icon::Columns,
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct HitsProps {
    pub(super) answer: Rc<SearchAnswer>,
    pub(super) current: Option<i64>,
    pub(super) on_current: Callback<i64>,
}

/// The hits of a search.
#[component]
pub(super) fn Hits(props: &HitsProps) -> Html {
    html! { { for props.answer.hits.iter().map(|hit| draw(hit, props)) } }
}

fn draw(hit: &Hit, props: &HitsProps) -> Html {
    let (id, current) = (hit.id, props.current == Some(hit.id));
    let onclick = props.on_current.reform(move |_: MouseEvent| id);
    html! {
        <article key={id} class={classes!("dw-hit", current.then_some("is-current"))} style="grid-template-columns:minmax(0,1fr)"
            aria-current={current.then_some("true")} data-row-id={id.to_string()} data-testid="hit" {onclick}>
            <div style="min-inline-size:0">
                <h3 dir="auto"><Link to={url(hit)}>{ marked(&hit.subject) }</Link></h3>
                <div class="dw-meta">
                    <span>{ icon(hit.kind) }{ i18n::code("record-kind", hit.kind.code()) }</span>
                    if let Some(number) = &hit.number { <span><Num value={number.clone()} /></span> }
                    <span>{ i18n::name(&hit.agency) }</span>
                    <span><Num value={format::date(hit.date)} /></span>
                    <SecrecyBadge level={hit.secrecy} quiet=true />
                </div>
                if !hit.snippet.text.is_empty() { <p dir="auto">{ marked(&hit.snippet) }</p> }
                { place(hit) }
            </div>
        </article>
    }
}

fn place(hit: &Hit) -> Html {
    if hit.place.attachment.is_none() && hit.class_code.is_none() {
        return Html::default();
    }
    html! {
        <div class="dw-meta">
            if let Some(name) = &hit.place.attachment {
                <span>{ Icon::Paperclip }<bdi>{ name }</bdi>
                    if let Some(page) = hit.place.page { <span class="dw-nowrap">{ t!("hit-page", page = page) }</span> }
                </span>
            }
            if let Some(class) = &hit.class_code { <span>{ Icon::Folder }<Num value={class.clone()} /></span> }
        </div>
    }
}
