//! The lists of letters: views as tabs, filters, table, preview.

mod columns;
mod filters;
mod preview;

use std::collections::BTreeSet;
use std::rc::Rc;

use diwan_kernel::{Page, Permission};
use diwan_tarasol_api::{LetterRow, ViewCounts};
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::route::{LetterBox, Route};
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::client::events::use_gathered;
use crate::client::{self, use_api};
use crate::ui::preview::ListFrame;
use crate::ui::table::use_columns;
use crate::ui::tools::{Export, Foot, Tools, use_paging};
use crate::ui::{Button, DataTable, Empty, FailureAlert, Icon, PageHead, Tabs, Variant, dom};

use super::page::ReferDialog;
use columns::{columns, columns_name, order_of};
use filters::{Filters, chips, is_filtered};
use preview::LetterPreview;

/// Rows of a page; the server's own default.
const ROWS: usize = 25;

/// Which list.
#[derive(Properties, PartialEq)]
pub struct LettersProps {
    /// Incoming, outgoing, drafts or memos.
    pub letters: LetterBox,
}

/// A list of letters. A list of another kind is another screen, with its own columns and ticks.
#[component]
pub fn Letters(props: &LettersProps) -> Html {
    html! { <List key={props.letters.code()} letters={props.letters} /> }
}

fn title(letters: LetterBox) -> String {
    match letters {
        LetterBox::Incoming => t!("letters-incoming"),
        LetterBox::Outgoing => t!("letters-outgoing"),
        LetterBox::Drafts => t!("letters-drafts"),
        LetterBox::Memos => t!("letters-memos"),
    }
}

/// What is asked of the server for these filters; the shown names of chips are not its business.
fn asked(letters: LetterBox, query: &Query) -> Query {
    let mut asked = Query::default().with("direction", filters::direction(letters));
    for (name, value) in query.pairs().filter(|(name, _)| filters::ASKED.contains(name)) {
        asked = asked.with(name, value);
    }
    if letters == LetterBox::Drafts && query.get("state").is_none() {
        asked = asked.with("state", filters::DRAFT_STATES[0]);
    }
    asked
}

fn call(letters: LetterBox, query: &Query, after: Option<&str>) -> client::Call {
    client::get("/api/letters").queries(&asked(letters, query)).query("after", after.unwrap_or_default())
}

#[component]
fn List(props: &LettersProps) -> Html {
    let letters = props.letters;
    let place = use_place();
    let session = use_session();
    let query = place.query.clone();
    let paging = use_paging(query.clone());
    let page = use_api::<Page<LetterRow>>(Some(call(letters, &query, paging.after.as_deref())));
    let direction = filters::direction(letters);
    let counts = use_api::<ViewCounts>(
        (letters != LetterBox::Drafts).then(|| client::get("/api/letters/counts").query("direction", direction)),
    );
    let reload = {
        let (page, counts) = (page.reload.clone(), counts.reload.clone());
        Callback::from(move |()| {
            page.emit(());
            counts.emit(());
        })
    };
    use_gathered(reload.clone());
    let every = use_memo(letters, |letters| Rc::new(columns(*letters)));
    let (shown, column_menu) = use_columns(columns_name(letters), (*every).clone());
    let selected = use_state_eq(|| Rc::new(BTreeSet::<i64>::new()));
    let current = use_state_eq(|| None::<i64>);
    let referring = use_state_eq(|| false);
    let change = Callback::from(|query: Query| router::replace_query(&query));
    let on_current = {
        let current = current.setter();
        Callback::from(move |id: i64| if dom::is_wide() { current.set(Some(id)) } else { open(id) })
    };
    let on_select = {
        let selected = selected.setter();
        Callback::from(move |next| selected.set(Rc::new(next)))
    };
    let view = filters::view(letters, &query);
    let on_tab = {
        let query = query.clone();
        Callback::from(move |code: AttrValue| router::replace_query(&filters::with_view(letters, &query, &code)))
    };
    let on_sort = {
        let query = query.clone();
        Callback::from(move |sort| router::replace_query(&query.clone().with("sort", columns::sort_code(&sort))))
    };
    let on_text = {
        let query = query.clone();
        Callback::from(move |text: String| router::replace_query(&query.clone().with("q", text.trim())))
    };
    let on_clear = {
        let query = query.clone();
        Callback::from(move |()| router::replace_query(&filters::cleared(&query)))
    };
    let new_letter = session.may(Permission::LettersDraft).then(|| {
        let url = filters::new_url(letters);
        html! { <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("new-letter")} action="new"
        onclick={Callback::from(move |_| router::go(&url))} /> }
    });
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    let total =
        counts.data.as_ref().filter(|_| !is_filtered(&query)).and_then(|counts| counts.counts.get(&*view).copied());
    let preview = (*current).and_then(|id| page.data.as_ref()?.items.iter().find(|row| row.id == id).cloned()).map(|row| {
        let close = current.setter();
        let step = step_to(page.data.as_deref(), row.id, current.setter());
        let id = row.id;
        html! { <LetterPreview key={id} {row} {letters} on_step={step} on_close={Callback::from(move |()| close.set(None))}
            on_change={reload.clone()} /> }
    });
    let (ask, done) = (referring.setter(), (referring.setter(), selected.setter(), reload.clone()));
    let leave = referring.setter();
    html! {
        <div class="dw-screen">
            <PageHead title={title(letters)} actions={new_letter.unwrap_or_default()}>
                <Tabs label={t!("letters-views")} tabs={filters::tabs(letters, counts.data.as_deref(), &session)} current={view.clone()}
                    onchange={on_tab} />
            </PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(on_text)}
                filters={Some(html! { <Filters {letters} query={query.clone()} onchange={change.clone()} /> })}
                chips={chips(letters, &query, &change)} {on_clear}>
                if session.may(Permission::Export) { <Export path="/api/letters/export" query={asked(letters, &query)} /> }
                { column_menu }
            </Tools>
            if page.failure.is_some() {
                <div class="dw-pad"><FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} /></div>
            }
            <ListFrame {preview}
                table={html! { <DataTable<LetterRow> label={title(letters)} columns={shown} page={page.data.clone()} sort={order_of(&query)}
                    {on_sort} selected={Some((*selected).clone())} {on_select} current={*current} {on_current}
                    on_open={Callback::from(open)} loading={page.loading} empty={empty(letters, &query)} /> }}
                foot={html! { <Foot selected={selected.len()} {rows} limit={ROWS} {total} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging}>
                    if letters == LetterBox::Incoming && session.may(Permission::LettersRefer) {
                        <Button variant={Variant::Link} label={crate::i18n::code("action", "refer")} action="refer-selected"
                            onclick={Callback::from(move |_| ask.set(true))} />
                    }
                    <Button variant={Variant::Link} label={t!("letters-print-list")} onclick={Callback::from(|_| print())} />
                </Foot> }} />
            if *referring {
                <ReferDialog letters={selected.iter().copied().collect::<Vec<_>>()} on_close={Callback::from(move |()| leave.set(false))}
                    on_done={Callback::from(move |()| { done.0.set(false); done.1.set(Rc::default()); done.2.emit(()); })} />
            }
        </div>
    }
}

fn open(id: i64) {
    router::go_to(&Route::Letter(id));
}

fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that cannot print does nothing.
        let _ = window.print();
    }
}

/// Moves the preview to the row above or below.
fn step_to(page: Option<&Page<LetterRow>>, id: i64, current: UseStateSetter<Option<i64>>) -> Callback<i32> {
    let ids: Vec<i64> = page.iter().flat_map(|page| page.items.iter().map(|row| row.id)).collect();
    Callback::from(move |by: i32| {
        let at = ids.iter().position(|other| *other == id).and_then(|at| i32::try_from(at).ok()).unwrap_or(0);
        if let Some(next) = usize::try_from(at + by).ok().and_then(|at| ids.get(at)) {
            current.set(Some(*next));
        }
    })
}

/// Says whether nothing exists or the filter hides it.
fn empty(letters: LetterBox, query: &Query) -> Html {
    if is_filtered(query) {
        let cleared = filters::cleared(query);
        let clear = Callback::from(move |_| router::replace_query(&cleared));
        return html! { <Empty text={t!("letters-empty-filter")}><Button variant={Variant::Link} label={t!("clear-filters")} onclick={clear} /></Empty> };
    }
    if letters != LetterBox::Drafts && query.get("view").is_some() {
        let all = query.clone().without("view");
        let show = Callback::from(move |_| router::replace_query(&all));
        return html! { <Empty text={t!("letters-empty-view")}><Button variant={Variant::Link} label={t!("letters-show-all")} onclick={show} /></Empty> };
    }
    let text = match letters {
        LetterBox::Incoming => t!("letters-empty-incoming"),
        LetterBox::Outgoing => t!("letters-empty-outgoing"),
        LetterBox::Drafts => t!("letters-empty-drafts"),
        LetterBox::Memos => t!("letters-empty-memos"),
    };
    html! { <Empty {text} /> }
}
