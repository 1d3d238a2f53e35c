//! Links to other records, and the thread across agencies: every letter that answers another, with each delivery's steps.

use std::rc::Rc;

use diwan_platform_api::records::{Link as RecordLink, LinkKind};
use diwan_tarasol_api::{DeliveryState, Letter, ThreadEvent, ThreadItem};
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{Empty, FailureAlert, Icon, Num};

#[derive(Properties, PartialEq)]
pub(super) struct LinksProps {
    pub(super) letter: Rc<Letter>,
    /// Goes up whenever the letter may have changed.
    pub(super) round: u32,
}

/// Links and thread.
#[component]
pub(super) fn Links(props: &LinksProps) -> Html {
    let letter = &props.letter;
    let thread = use_api::<Vec<ThreadItem>>(Some(client::get(format!("/api/letters/{}/thread", letter.head.id))));
    {
        let reload = thread.reload.clone();
        let first = use_mut_ref(|| props.round);
        use_effect_with(props.round, move |round| {
            if first.replace(*round) != *round {
                reload.emit(());
            }
        });
    }
    let here = letter.head.id;
    html! {
        <>
            <h3 class="dw-sec-t">{ t!("letter-links") }</h3>
            if letter.links.is_empty() { <p class="dw-muted dw-sm">{ t!("letter-no-links") }</p> }
            { for letter.links.iter().map(link) }
            <hr class="dw-sep" />
            <h3 class="dw-sec-t">{ t!("letter-thread") }</h3>
            <FailureAlert failure={thread.failure.clone()} retry={Some(thread.reload.clone())} />
            if let Some(items) = &thread.data {
                if items.is_empty() { <Empty text={t!("letter-no-thread")} /> }
                <ol class="dw-thread">{ for items.iter().map(|item| step(item, here)) }</ol>
            }
        </>
    }
}

/// How the other record belongs to this one, read from this side.
fn kind_word(link: &RecordLink) -> String {
    if link.outward {
        return i18n::code("link-kind", link.kind.code());
    }
    match link.kind {
        LinkKind::ReplyTo => t!("link-answered-by"),
        LinkKind::DeliveredAs => t!("link-came-from"),
        LinkKind::ReminderOf => t!("link-reminded-by"),
        LinkKind::Cancels => t!("link-cancelled-by"),
        LinkKind::RelatesTo => i18n::code("link-kind", link.kind.code()),
    }
}

fn link(link: &RecordLink) -> Html {
    let other = &link.other;
    let number = other.number.clone().unwrap_or_else(|| t!("letters-no-number"));
    let route = other.id.map(|id| Route::of_record(other.kind, id));
    html! {
        <div class="dw-file" key={link.id}>{ Icon::Link }<span style="white-space:normal">
            { kind_word(link) }{ " " }
            if let Some(route) = route { <Link to={route.path()} class="dw-no"><Num value={number} /></Link> } else { <Num value={number} /> }
            <span class="dw-muted">{ t!("letter-comma") }{ i18n::name(&other.agency) }{ t!("letter-comma") }<Num value={format::date(format::local(other.at).date())} /></span>
            if let Some(subject) = &other.subject { <span class="dw-muted" style="display:block" dir="auto">{ subject }</span> }
        </span></div>
    }
}

fn step(item: &ThreadItem, here: i64) -> Html {
    let current = item.record_id == Some(here);
    let number = item.number.clone().unwrap_or_else(|| t!("letters-no-number"));
    let to: Vec<String> = item.to.iter().map(i18n::name).collect();
    html! {
        <li class={classes!(current.then_some("here"))} aria-current={current.then_some("true")}>
            <div>
                if let Some(id) = item.record_id.filter(|_| !current) { <Link to={Route::Letter(id).path()} class="dw-no"><Num value={number} /></Link> }
                else { <b><Num value={number} /></b> }
                <span class="dw-muted">{ " " }<Num value={format::date_time(item.at)} /></span>
            </div>
            <div class="dw-b" dir="auto">{ &item.subject }</div>
            <div class="dw-muted">{ t!("letter-from-to", from = i18n::name(&item.from), to = to.join(&t!("letter-comma"))) }</div>
            <ul>{ for item.events.iter().map(event) }</ul>
        </li>
    }
}

fn event(event: &ThreadEvent) -> Html {
    let bad = matches!(event.kind, DeliveryState::Refused | DeliveryState::Recalled);
    html! {
        <li class={classes!(bad.then_some("bad"))}>
            { i18n::name(&event.agency) }{ ": " }{ i18n::code("delivery-state", event.kind.code()) }
            if let Some(note) = &event.note { { " " }<bdi>{ note }</bdi> }
            <span class="dw-muted">{ t!("letter-comma") }<Num value={format::date_time(event.at)} /></span>
        </li>
    }
}
