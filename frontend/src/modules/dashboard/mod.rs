//! The dashboard (لوحة المتابعة): figures of one's work and of the letters one may see; each opens its list.

use std::rc::Rc;

use diwan_kernel::{Page, Permission};
use diwan_platform_api::records::WorkItem;
use diwan_tarasol_api::{DayCount, LetterRow, ViewCounts};
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::Link;
use crate::app::session::use_session;
use crate::app::sidebar::use_counts;
use crate::client::events::use_gathered;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::work::{WorkDue, route_of, use_calendar};
use crate::ui::bar_chart::{BarChart, Series};
use crate::ui::{Card, Empty, FailureAlert, Num, PageHead, Screen};

/// Days of the chart.
const DAYS: usize = 30;
/// Rows of the short lists.
const ROWS: usize = 8;

/// The dashboard.
#[component]
pub fn Dashboard() -> Html {
    let work = use_api::<Page<WorkItem>>(Some(client::get("/api/work").query("limit", ROWS.to_string())));
    use_gathered(work.reload.clone());
    let calendar = use_calendar();
    let tasks = work.data.as_ref().map(|page| {
        let row = |item: &WorkItem| {
            let note = i18n::code("task-kind", item.task.kind.code());
            html! { <Line to={route_of(item).path()} subject={item.record.subject.clone()} {note}><WorkDue due={item.task.due_on} calendar={calendar.clone()} /></Line> }
        };
        if page.items.is_empty() { html! { <Empty text={t!("work-empty")} /> } } else { page.items.iter().map(row).collect::<Html>() }
    });
    html! {
        <Screen head={html! { <PageHead title={t!("nav-dashboard")} /> }}>
            <div class="dw-stack">
                <Figures />
                <div class="dw-grid2">
                    <div class="dw-stack"><Letters /><Oldest /></div>
                    <div class="dw-stack">
                        <Card title={t!("dashboard-next")} actions={html! { <Link to={Route::Home.path()}>{ t!("dashboard-all") }</Link> }}>
                            <FailureAlert failure={work.failure.clone()} retry={Some(work.reload.clone())} />
                            { tasks.unwrap_or_default() }
                        </Card>
                    </div>
                </div>
            </div>
        </Screen>
    }
}

#[derive(Properties, PartialEq)]
struct FigureProps {
    label: AttrValue,
    value: Option<i64>,
    to: AttrValue,
    /// Above zero it is a reproach.
    #[prop_or_default]
    late: bool,
}

/// A figure and the way to what it counts.
#[component]
fn Figure(props: &FigureProps) -> Html {
    let late = props.late && props.value.is_some_and(|value| value > 0);
    html! {
        <Link to={props.to.clone()} class={classes!("dw-card", "dw-kpi", "dw-quiet")}>
            <span class="dw-muted dw-sm">{ &props.label }</span>
            <span class={classes!("v", late.then_some("late"))}>{ props.value.map_or_else(|| "…".to_owned(), format::number) }</span>
        </Link>
    }
}

/// The figures. The letters' counts come from the views of their lists.
#[component]
fn Figures() -> Html {
    let session = use_session();
    let counts = use_counts();
    let views = |direction: &str| client::get("/api/letters/counts").query("direction", direction);
    let incoming = use_api::<ViewCounts>(Some(views("incoming")));
    let outgoing = use_api::<ViewCounts>(Some(views("outgoing")));
    let reload = {
        let (incoming, outgoing) = (incoming.reload.clone(), outgoing.reload.clone());
        Callback::from(move |()| {
            incoming.emit(());
            outgoing.emit(());
        })
    };
    use_gathered(reload);
    let of =
        |views: &Option<Rc<ViewCounts>>, view: &str| views.as_ref().and_then(|views| views.counts.get(view).copied());
    let mine = counts.as_deref();
    html! {
        <div class="dw-kpis">
            <Figure label={t!("dashboard-tasks")} value={mine.map(|c| c.open)} to="/" />
            <Figure label={t!("dashboard-overdue")} value={mine.map(|c| c.overdue)} to="/?view=overdue" late=true />
            <Figure label={t!("dashboard-due-soon")} value={mine.map(|c| c.due_soon)} to="/?view=due_soon" />
            if session.may(Permission::LettersRegister) {
                <Figure label={t!("dashboard-to-register")} value={mine.map(|c| c.to_register)} to="/letters/incoming?view=to_register" />
            }
            <Figure label={t!("dashboard-letters-overdue")} value={of(&incoming.data, "overdue")} to="/letters/incoming?view=overdue" late=true />
            <Figure label={t!("dashboard-awaiting")} value={of(&outgoing.data, "awaiting_reply")} to="/letters/outgoing?view=awaiting_reply" />
        </div>
    }
}

/// Letters in and out per day.
#[component]
fn Letters() -> Html {
    let days = use_api::<Vec<DayCount>>(Some(client::get("/api/letters/per-day").query("days", DAYS.to_string())));
    use_gathered(days.reload.clone());
    let chart = days.data.as_ref().map(|days| {
        let labels = days.iter().map(|day| AttrValue::from(format::day_month(day.day))).collect::<Vec<_>>();
        let series = vec![
            Series { name: t!("nav-incoming").into(), values: days.iter().map(|day| day.incoming).collect() },
            Series { name: t!("nav-outgoing").into(), values: days.iter().map(|day| day.outgoing).collect() },
        ];
        html! { <BarChart label={t!("dashboard-chart")} axis={t!("dashboard-day")} {labels} {series} /> }
    });
    html! {
        <Card title={t!("dashboard-letters-days")} padded=true>
            <FailureAlert failure={days.failure.clone()} retry={Some(days.reload.clone())} />
            { chart.unwrap_or_default() }
        </Card>
    }
}

/// The incoming letters that are late longest.
#[component]
fn Oldest() -> Html {
    let call = client::get("/api/letters").query("direction", "incoming").query("view", "overdue").query("sort", "due");
    let letters = use_api::<Page<LetterRow>>(Some(call));
    use_gathered(letters.reload.clone());
    let calendar = use_calendar();
    let rows = letters.data.as_ref().map(|page| {
        let row = |letter: &LetterRow| {
            let holder = i18n::name(letter.holder.as_ref().unwrap_or(&letter.counterpart));
            html! {
                <Line to={Route::Letter(letter.id).path()} subject={letter.subject.clone()} note={holder} number={letter.number.clone()}>
                    <WorkDue due={letter.due_on} calendar={calendar.clone()} />
                </Line>
            }
        };
        if page.items.is_empty() {
            html! { <Empty text={t!("dashboard-oldest-none")} /> }
        } else {
            page.items.iter().take(ROWS).map(row).collect::<Html>()
        }
    });
    html! {
        <Card title={t!("dashboard-oldest")} actions={html! { <Link to="/letters/incoming?view=overdue&sort=due">{ t!("dashboard-all") }</Link> }}>
            <FailureAlert failure={letters.failure.clone()} retry={Some(letters.reload.clone())} />
            { rows.unwrap_or_default() }
        </Card>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    to: AttrValue,
    subject: AttrValue,
    note: AttrValue,
    #[prop_or_default]
    number: Option<AttrValue>,
    children: Html,
}

/// A record in a short list: subject, with whom or what for, deadline.
#[component]
fn Line(props: &LineProps) -> Html {
    html! {
        <Link to={props.to.clone()} class="dw-brief">
            <span class="dw-brief__what" dir="auto">{ &props.subject }</span>
            <span class="dw-muted">if let Some(number) = &props.number { <Num value={number.clone()} />{ " " } }{ &props.note }</span>
            <span class="dw-brief__due">{ props.children.clone() }</span>
        </Link>
    }
}
