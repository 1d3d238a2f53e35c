//! Search over everything (البحث): words, facets, passages, and the page beside them.

mod advanced;
pub mod excerpt;
pub mod facets;
mod help;
mod hits;
mod preview;
mod proposals;
mod saved;

use std::rc::Rc;

use diwan_archive_api::{SearchAnswer, SearchSort};
use diwan_kernel::Permission;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::menu::Menu;
use crate::ui::tools::{Export, Foot, use_paging};
use crate::ui::{Button, Empty, FailureAlert, Icon, IconButton, MenuItem, Variant, dom};
use advanced::Advanced;
use help::Help;
use hits::Hits;
use preview::Preview;
use saved::Saved;

pub use hits::{icon as record_icon, record_url};

/// Hits of one page.
const LIMIT: usize = 20;
/// What narrows the hits.
const FACETS: [&str; 6] = ["agency", "kind", "secrecy", "class", "from", "to"];

/// Search over everything.
#[component]
pub fn Search() -> Html {
    use_effect_with((), |()| dom::set_title(&t!("nav-search")));
    let place = use_place();
    let session = use_session();
    let query = place.query;
    let paging = use_paging(query.clone());
    let call = client::get("/api/search")
        .queries(&query)
        .query("limit", LIMIT.to_string())
        .query("after", paging.after.clone().unwrap_or_default());
    let found = use_api::<SearchAnswer>((!query.is_empty()).then_some(call));
    let current = use_state_eq(|| None::<i64>);
    let answer = found.data.clone().filter(|_| !query.is_empty());
    let viewed = answer.as_ref().and_then(|answer| viewer(answer, *current, current.setter()));
    let side = if viewed.is_some() { "--dw-side:28rem" } else { "--dw-side:0rem" };
    let narrowed = FACETS.iter().any(|name| query.get(name).is_some());
    let set_current = current.setter();
    let may_export = session.may(Permission::Export);
    html! {
        <div class="dw-screen" data-testid="search-page">
            <div class="dw-head" style="padding-block-end:0.5rem;gap:0.5rem">
                <div class="dw-head__line" style="flex-wrap:nowrap">
                    <h1 class="dw-h1 dw-nowrap dw-only-wide">{ t!("nav-search") }</h1>
                    <SearchBox query={query.clone()} />
                    <Saved query={query.clone()} />
                    <Help />
                </div>
                if let Some(answer) = &answer { { summary(answer, &query, narrowed, may_export) } }
            </div>
            <div class="dw-find" style={side}>
                <aside class="dw-facets dw-pad" aria-label={t!("narrow-results")}>
                    if let Some(answer) = &answer { { facets::draw(&answer.facets, &query) } }
                </aside>
                <section aria-label={t!("results")} aria-busy={found.loading.then_some("true")} data-testid="hits">
                    <FailureAlert failure={found.failure.clone()} retry={Some(found.reload.clone())} />
                    if let Some(answer) = &answer {
                        <Hits answer={Rc::clone(answer)} current={*current} on_current={Callback::from(move |id| set_current.set(Some(id)))} />
                        { proposals::draw(&answer.proposals, &query) }
                        if answer.hits.is_empty() { { nothing(&query, narrowed) } }
                    } else if query.is_empty() { <Empty text={t!("search-start")} /> }
                </section>
                <aside class="dw-view" aria-label={t!("preview")}>{ viewed.unwrap_or_default() }</aside>
            </div>
            if let Some(answer) = &answer {
                <Foot rows={answer.hits.len()} limit={LIMIT} total={i64::try_from(answer.total).ok()} next={answer.next.clone()} {paging} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SearchBoxProps {
    query: Query,
}

#[component]
fn SearchBox(props: &SearchBoxProps) -> Html {
    let typed = use_state_eq(String::new);
    let detailed = use_state_eq(|| false);
    {
        let typed = typed.setter();
        let asked = props.query.get("q").unwrap_or_default().to_owned();
        use_effect_with(asked, move |asked| typed.set(asked.clone()));
    }
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| typed.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onsubmit = {
        let (typed, query) = (typed.clone(), props.query.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            router::go(&format!("/search{}", query.clone().with("q", typed.trim()).text()));
        })
    };
    let clear = {
        let typed = typed.setter();
        Callback::from(move |_: MouseEvent| typed.set(String::new()))
    };
    let (open, close) = (detailed.setter(), detailed.setter());
    html! {
        <>
        <form class="dw-q" role="search" {onsubmit}>
            { Icon::Search }
            <input type="search" name="q" value={(*typed).clone()} {oninput} aria-label={t!("search-words")} placeholder={t!("search-words")}
                dir={dom::typed_dir(&typed)} autofocus=true autocomplete="off" maxlength="1000" data-testid="search-input" />
            if !typed.is_empty() { <IconButton small=true icon={Icon::Close} label={t!("clear-filters")} onclick={clear} /> }
            <IconButton small=true icon={Icon::Filter} label={t!("find-advanced")} onclick={Callback::from(move |_| open.set(true))} testid="advanced-open" />
            <Button submit=true variant={Variant::Primary} label={t!("search")} testid="search-go" />
        </form>
        if *detailed { <Advanced text={(*typed).clone()} on_close={Callback::from(move |()| close.set(false))} /> }
        </>
    }
}

fn summary(answer: &SearchAnswer, query: &Query, narrowed: bool, may_export: bool) -> Html {
    let asked = query.get("sort").and_then(|code| code.parse::<SearchSort>().ok()).unwrap_or(SearchSort::Relevance);
    let items = SearchSort::ALL.iter().map(|sort| {
        let (query, sort) = (query.clone(), *sort);
        let action = Callback::from(move |()| router::replace_query(&query.clone().with("sort", sort.code())));
        MenuItem::new(i18n::code("search-sort", sort.code()), action).checked(sort == asked)
    });
    let filter = html! { <>{ Icon::Filter }<span>{ t!("filter") }</span></> };
    let clear = {
        let query = query.clone();
        Callback::from(move |_: MouseEvent| {
            router::replace_query(&FACETS.iter().fold(query.clone(), |query, name| query.without(name)));
        })
    };
    html! {
        <div class="dw-row" style="gap:0.25rem 0.5rem">
            <span class="dw-sm" role="status" data-testid="search-total">
                { t!("search-found", n = answer.total) }{ " " }
                <span class="dw-muted dw-only-wide">{ t!("search-took", ms = answer.took_ms) }</span>
            </span>
            if answer.relaxed && !answer.hits.is_empty() { <span class="dw-sm dw-muted">{ t!("search-relaxed") }</span> }
            if answer.cut { <span class="dw-sm dw-muted">{ t!("search-cut") }</span> }
            if narrowed { <Button variant={Variant::Link} label={t!("clear-filters")} onclick={clear} testid="clear-facets" /> }
            <span class="dw-push dw-row">
                if may_export && answer.total > 0 { <Export path="/api/search/export" query={query.clone()} /> }
                <span class="dw-only-narrow" style="display:none">
                    <Menu label={t!("filter")} toggle={filter} panel={html! { <div class="dw-pad">{ facets::draw(&answer.facets, query) }</div> }} />
                </span>
                <Menu label={t!("sort-order")} worded=true toggle={html! { <span>{ i18n::code("search-sort", asked.code()) }</span> }} items={items.collect::<Vec<_>>()} />
            </span>
        </div>
    }
}

/// Where nothing was found: what may help.
fn nothing(query: &Query, narrowed: bool) -> Html {
    let bare = Query::default().with("q", query.get("q").unwrap_or_default());
    html! {
        <Empty text={if narrowed { t!("search-nothing-narrowed") } else { t!("search-nothing") }}>
            if narrowed {
                <Button variant={Variant::Primary} label={t!("search-everywhere")} onclick={Callback::from(move |_| router::replace_query(&bare))} />
            } else {
                <ul class="dw-muted" style="text-align:start;list-style:disc;padding-inline-start:1.25rem;inline-size:fit-content;margin-inline:auto">
                    <li>{ t!("search-hint-fewer") }</li><li>{ t!("search-hint-number") }</li><li>{ t!("search-hint-begin") }</li>
                </ul>
            }
        </Empty>
    }
}

/// The page of the current hit, where it stands in a file that can be shown.
fn viewer(answer: &SearchAnswer, current: Option<i64>, set: UseStateSetter<Option<i64>>) -> Option<Html> {
    let hit = answer.hits.iter().find(|hit| Some(hit.id) == current).filter(|hit| preview::shows(hit))?;
    let on_close = Callback::from(move |()| set.set(None));
    Some(html! { <Preview key={hit.id} hit={hit.clone()} {on_close} /> })
}
