//! What is due (قوائم الاستحقاق), and choosing from it what a committee is to destroy.

use std::collections::BTreeSet;

use diwan_archive_api::{Disposal, DisposalInput, DueItem, DueView, Fate};
use diwan_kernel::Page;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{PageProps, options, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{
    Button, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Screen, SecrecyBadge, Select, SelectOption, StateDot,
    StateTone, TextArea, Variant,
};

/// Rows of one page.
const LIMIT: usize = 50;

/// What is due.
#[component]
pub(super) fn Due(props: &PageProps) -> Html {
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let call = client::get("/api/archive/due").queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<DueItem>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let chosen = use_state_eq(BTreeSet::<i64>::new);
    let proposing = use_state_eq(|| false);
    let toggle = {
        let chosen = chosen.clone();
        Callback::from(move |(id, on): (i64, bool)| {
            let mut next = (*chosen).clone();
            if on {
                next.insert(id)
            } else {
                next.remove(&id)
            };
            chosen.set(next);
        })
    };
    let (open, close) = (proposing.setter(), proposing.setter());
    let actions = html! {
        <Button variant={Variant::Primary} icon={Icon::Trash} label={t!("disposal-propose", n = chosen.len())} disabled={chosen.is_empty()} testid="propose"
            onclick={Callback::from(move |_| open.set(true))} />
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <Screen head={html! { <PageHead title={t!("due-list")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <div class="dw-form two">{ filters(&query) }</div>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if let Some(data) = &page.data {
                if data.items.is_empty() { <Empty text={t!("due-empty")} /> } else {
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("due-list")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("due-list")} data-testid="due">
                            <thead><tr>
                                { for ["due-choose", "document-number", "document-subject", "document-class", "schedules", "schedule-action", "due-on", "state"]
                                    .into_iter().map(|key| html! { <th scope="col">{ i18n::text(key, None) }</th> }) }
                            </tr></thead>
                            <tbody>{ for data.items.iter().map(|item| row(item, chosen.contains(&item.id), &toggle)) }</tbody>
                        </table>
                    </div>
                }
            }
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            if *proposing { <Propose chosen={chosen.iter().copied().collect::<Vec<_>>()} on_close={Callback::from(move |()| close.set(false))} /> }
        </Screen>
    }
}

fn filters(query: &Query) -> Html {
    let now = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    let view = now("view");
    let view = if view.is_empty() { DueView::Due.code().to_owned() } else { view };
    let any = std::iter::once(SelectOption::new("", t!("any")));
    let fates = any.chain(options("fate", [Fate::Review.code(), Fate::Destroy.code()])).collect::<Vec<_>>();
    html! {
        <>
            <Select label={t!("due-view")} value={view} options={options("due-view", DueView::ALL.iter().map(|view| view.code()))} onchange={set("view")} name="view" />
            <Select label={t!("schedule-action")} value={now("action")} options={fates} onchange={set("action")} name="action" />
        </>
    }
}

fn row(item: &DueItem, chosen: bool, toggle: &Callback<(i64, bool)>) -> Html {
    let id = item.id;
    let onchange = toggle.reform(move |event: Event| (id, event.target_unchecked_into::<HtmlInputElement>().checked()));
    let state = if item.held {
        html! { <StateDot tone={StateTone::Wait} label={t!("held")} /> }
    } else if item.listed {
        html! { <StateDot tone={StateTone::Work} label={t!("listed")} /> }
    } else {
        html! { <StateDot tone={StateTone::New} label={t!("due-open")} /> }
    };
    let number = item.number.clone().unwrap_or_default();
    html! {
        <tr key={id} data-row-id={id.to_string()}>
            <td><input type="checkbox" checked={chosen} disabled={!item.ready} {onchange} aria-label={t!("due-choose-one", number = number.as_str())} /></td>
            <td><Num value={number.clone()} /></td>
            <td><Link to={Route::ArchiveItem(id).path()}><bdi>{ &item.subject }</bdi></Link>{ " " }<SecrecyBadge level={item.secrecy} quiet=true /></td>
            <td><Num value={item.class_code.clone().unwrap_or_default()} /></td>
            <td>{ i18n::name(&item.schedule) }</td>
            <td>{ i18n::code("fate", item.action.code()) }</td>
            <td><Num value={format::date(item.due_on)} /></td>
            <td>{ state }</td>
        </tr>
    }
}

#[derive(Properties, PartialEq)]
struct ProposeProps {
    chosen: Vec<i64>,
    on_close: Callback<()>,
}

/// Proposes the chosen documents to a committee.
#[component]
fn Propose(props: &ProposeProps) -> Html {
    let reason = use_state_eq(String::new);
    let sending = use_sending();
    let submit = {
        let (reason, sending, chosen) = (reason.clone(), sending.clone(), props.chosen.clone());
        Callback::from(move |()| {
            let input = DisposalInput { reason: (*reason).clone(), record_ids: chosen.clone() };
            sending.answer(client::post("/api/archive/disposals").json(&input), |act: Disposal| {
                router::go_to(&Route::ArchivePart(format!("disposals/{}", act.id)));
            });
        })
    };
    let set = reason.setter();
    html! {
        <Dialog title={t!("disposal-propose", n = props.chosen.len())} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <p>{ t!("disposal-propose-hint") }</p>
            <div class="dw-form"><TextArea label={t!("disposal-reason")} value={(*reason).clone()} oninput={Callback::from(move |text| set.set(text))} required=true
                error={sending.error("reason")} name="reason" /></div>
        </Dialog>
    }
}
