//! My work (أعمالي): every open task of this person over all modules, the most pressing first.

mod columns;
mod due;
mod preview;

use std::rc::Rc;

use diwan_kernel::{Page, Permission};
use diwan_platform_api::records::{TaskKind, WorkCounts, WorkItem, WorkView};
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::route::{LetterBox, Route};
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::app::sidebar::use_counts;
use crate::client::events::use_gathered;
use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::preview::ListFrame;
use crate::ui::table::use_columns;
use crate::ui::tools::{Foot, Tools, use_paging};
use crate::ui::{Button, DataTable, Empty, FailureAlert, Icon, PageHead, Sort, Tab, Tabs, Variant, dom};

use columns::columns;
pub use due::{WorkDue, use_calendar};
use preview::TaskPreview;

/// Rows of a page; the server's own default.
const ROWS: usize = 25;

/// My work.
#[component]
pub fn Work() -> Html {
    let place = use_place();
    let query = place.query.clone();
    let counts = use_counts();
    let calendar = use_calendar();
    let paging = use_paging(query.clone());
    let page = use_api::<Page<WorkItem>>(Some(call(&query, paging.after.as_deref())));
    use_gathered(page.reload.clone());
    let every = use_memo(calendar.clone(), |calendar| Rc::new(columns(calendar)));
    let (shown, column_menu) = use_columns("work", (*every).clone());
    let current = use_state_eq(|| None::<i64>);
    let items: Rc<Vec<WorkItem>> =
        use_memo(page.data.clone(), |page| page.iter().flat_map(|p| p.items.clone()).collect());
    let on_open = {
        let items = Rc::clone(&items);
        Callback::from(move |id: i64| {
            if let Some(item) = items.iter().find(|item| item.task.id == id) {
                router::go_to(&route_of(item));
            }
        })
    };
    let on_current = {
        let (current, on_open) = (current.setter(), on_open.clone());
        Callback::from(move |id: i64| if dom::is_wide() { current.set(Some(id)) } else { on_open.emit(id) })
    };
    let with = |name: &'static str| {
        let query = query.clone();
        move |value: &str| router::replace_query(&query.clone().with(name, value))
    };
    let (set_text, set_sort) = (with("q"), with("sort"));
    let on_tab = {
        let query = query.clone();
        Callback::from(move |code: AttrValue| router::replace_query(&with_tab(&query, &code)))
    };
    let preview = (*current).and_then(|id| items.iter().find(|item| item.task.id == id)).map(|item| {
        let close = current.setter();
        let step = step_to(&items, item.task.id, current.setter());
        html! { <TaskPreview key={item.task.id} item={item.clone()} calendar={calendar.clone()} on_step={step}
        on_close={Callback::from(move |()| close.set(None))} /> }
    });
    let rows = items.len();
    let total =
        counts.as_deref().filter(|_| query.get("q").is_none()).and_then(|counts| count_of(counts, tab_of(&query)));
    html! {
        <div class="dw-screen">
            <PageHead title={t!("nav-work")}>
                <Tabs label={t!("work-views")} tabs={tabs(counts.as_deref(), tab_of(&query))} current={tab_of(&query).to_owned()} onchange={on_tab} />
            </PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(Callback::from(move |text: String| set_text(text.trim())))}>
                { column_menu }
            </Tools>
            if page.failure.is_some() {
                <div class="dw-pad"><FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} /></div>
            }
            <ListFrame {preview}
                table={html! { <DataTable<WorkItem> label={t!("nav-work")} columns={shown} page={page.data.clone()} sort={order_of(&query)}
                    on_sort={Callback::from(move |sort| set_sort(sort_code(&sort)))} current={*current} {on_current} {on_open} loading={page.loading}
                    empty={html! { <Nothing query={query.clone()} /> }} /> }}
                foot={html! { <Foot {rows} limit={ROWS} {total} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} /> }} />
        </div>
    }
}

/// What is asked of the server.
fn call(query: &Query, after: Option<&str>) -> client::Call {
    let call = ["view", "kind", "q", "sort"]
        .into_iter()
        .fold(client::get("/api/work"), |call, name| call.query(name, query.get(name).unwrap_or_default()));
    call.query("after", after.unwrap_or_default())
}

/// The record's screen, where its step is done.
pub fn route_of(item: &WorkItem) -> Route {
    Route::of_record(item.record.kind, item.record.id)
}

/// The current tab: a view, or a kind of task.
fn tab_of(query: &Query) -> &str {
    query.get("kind").or(query.get("view")).unwrap_or(WorkView::All.code())
}

/// The address after choosing a tab; what is typed and the order stay.
fn with_tab(query: &Query, code: &str) -> Query {
    let query = query.clone().without("view").without("kind");
    match code.parse::<TaskKind>() {
        Ok(kind) => query.with("kind", kind.code()),
        Err(_) if code == WorkView::All.code() => query,
        Err(_) => query.with("view", code),
    }
}

fn count_of(counts: &WorkCounts, tab: &str) -> Option<i64> {
    Some(match tab {
        "all" => counts.open,
        "overdue" => counts.overdue,
        "due_soon" => counts.due_soon,
        kind => counts.by_kind.get(kind).copied().unwrap_or(0),
    })
}

/// The views, then each kind of task there is.
fn tabs(counts: Option<&WorkCounts>, current: &str) -> Vec<Tab> {
    let count = |code: &str| counts.and_then(|counts| count_of(counts, code));
    let views = WorkView::ALL.iter().map(|view| {
        let tab = Tab::new(view.code(), i18n::code("work-view", view.code())).count(count(view.code()));
        if *view == WorkView::Overdue { tab.late() } else { tab }
    });
    let kinds = TaskKind::ALL
        .iter()
        .filter(|kind| kind.code() == current || count(kind.code()).is_some_and(|count| count > 0))
        .map(|kind| Tab::new(kind.code(), i18n::code("task-kind", kind.code())).count(count(kind.code())));
    views.chain(kinds).collect()
}

/// The order in force, as the head of the table shows it.
fn order_of(query: &Query) -> Option<Sort> {
    let sort = |by: &str, descending| Some(Sort { by: by.to_owned(), descending });
    match query.get("sort") {
        Some("newest") => sort("given", true),
        Some("oldest") => sort("given", false),
        _ => sort("due", false),
    }
}

/// The server's word for the order that a click on a head asks for; the usual one needs none.
fn sort_code(sort: &Sort) -> &'static str {
    match (sort.by.as_str(), sort.descending) {
        ("given", true) => "newest",
        ("given", false) => "oldest",
        _ => "",
    }
}

/// Moves the preview to the row above or below.
fn step_to(items: &[WorkItem], id: i64, current: UseStateSetter<Option<i64>>) -> Callback<i32> {
    let ids: Vec<i64> = items.iter().map(|item| item.task.id).collect();
    Callback::from(move |by: i32| {
        let at = ids.iter().position(|other| *other == id).and_then(|at| i32::try_from(at).ok()).unwrap_or(0);
        if let Some(next) = usize::try_from(at + by).ok().and_then(|at| ids.get(at)) {
            current.set(Some(*next));
        }
    })
}

#[derive(Properties, PartialEq)]
struct NothingProps {
    query: Query,
}

/// Says whether nothing waits or the view hides it, and what comes here.
#[component]
fn Nothing(props: &NothingProps) -> Html {
    let session = use_session();
    if props.query.get("q").is_some() || tab_of(&props.query) != WorkView::All.code() {
        let clear = Callback::from(|_| router::replace_query(&Query::default()));
        return html! { <Empty text={t!("work-empty-view")}><Button variant={Variant::Link} label={t!("work-show-all")} onclick={clear} /></Empty> };
    }
    let go = |route: Route| Callback::from(move |_| router::go_to(&route));
    html! {
        <Empty text={t!("work-empty")}>
            <p class="dw-sm">{ t!("work-empty-teaches") }</p>
            <div class="dw-row" style="justify-content:center">
                <Button icon={Icon::Inbox} label={t!("letters-incoming")} onclick={go(Route::Letters(LetterBox::Incoming))} />
                if session.may(Permission::LettersDraft) {
                    <Button icon={Icon::Plus} label={t!("new-letter")} onclick={go(Route::LetterNew)} />
                }
            </div>
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_live_in_the_address() {
        let query = Query::default().with("q", "موازنة").with("view", "overdue");
        assert_eq!(tab_of(&query), "overdue");
        let signs = with_tab(&query, "sign");
        assert_eq!((signs.get("kind"), signs.get("view"), signs.get("q")), (Some("sign"), None, Some("موازنة")));
        assert_eq!(with_tab(&signs, "all"), Query::default().with("q", "موازنة"));
        assert_eq!(tab_of(&with_tab(&signs, "due_soon")), "due_soon");
    }
}
