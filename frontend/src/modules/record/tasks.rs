//! Who was asked for what, since when, and what came of it.

use diwan_platform_api::records::{Assignee, AssigneeKind, Task, TaskState};
use yew::prelude::*;

use crate::i18n::{self, format};
use crate::ui::{DueMark, Icon, Num};

/// The picture of whoever a task lies with.
fn assignee_icon(assignee: &Assignee) -> Icon {
    match assignee.kind {
        AssigneeKind::Unit => Icon::Building,
        AssigneeKind::Position | AssigneeKind::User => Icon::Person,
    }
}

/// Since how many days.
pub(in crate::modules) fn since(at: chrono::NaiveDateTime) -> String {
    let days = (format::today() - format::local(at).date()).num_days().max(0);
    t!("letter-since", days = days)
}

/// A node of the tree.
pub(in crate::modules) fn node(class: &'static str, mark: Html, title: Html, what: Html, when: Html) -> Html {
    let has = (class == "act").then_some("has");
    html! {
        <div class={classes!("n", has)}><span class={classes!("dw-ic", class)}>{ mark }</span><span class="dw-b">{ title }</span>
            <span class="w dw-muted">{ what }</span><span class="w">{ when }</span></div>
    }
}

/// A day and its hour.
pub(in crate::modules) fn moment(at: chrono::NaiveDateTime) -> Html {
    html! { <span class="dw-muted"><Num value={format::date(format::local(at).date())} />{ " " }<Num value={format::time(at)} /></span> }
}

/// A task.
pub(in crate::modules) fn task_node(task: &Task) -> Html {
    let done = task.state == TaskState::Done;
    let class = match task.state {
        TaskState::Done => "ok",
        TaskState::Open => "act",
        TaskState::Cancelled => "",
    };
    let mark = match task.state {
        TaskState::Done => Icon::Check,
        TaskState::Open => assignee_icon(&task.assignee),
        TaskState::Cancelled => Icon::Close,
    };
    let holder = i18n::name(&task.assignee.name);
    let by = task.done_by.as_ref().map(|by| i18n::name(&by.name)).filter(|by| *by != holder);
    let asked = task
        .instruction
        .map_or_else(|| i18n::code("task-kind", task.kind.code()), |asked| i18n::code("instruction", asked.code()));
    let outcome = task
        .outcome
        .map(|outcome| i18n::code("task-outcome", outcome.code()))
        .filter(|outcome| done && *outcome != asked);
    let what = html! {
        <>
            { asked }
            if let Some(outcome) = outcome { { ": " }{ outcome } }
            if task.state == TaskState::Cancelled { { ": " }{ i18n::code("task-state", "cancelled") } }
            if let Some(by) = by { { t!("letter-comma") }{ by } }
            if let Some(other) = &task.done_for { { t!("letter-comma") }{ t!("letter-on-behalf", name = i18n::name(&other.name)) } }
            if let Some(note) = task.outcome_note.as_ref().or(task.note.as_ref()) { <span class="dw-pre dw-quote" dir="auto" style="display:block">{ note }</span> }
        </>
    };
    let when = match (task.state, task.done_at) {
        (TaskState::Open, _) => html! {
            <><b>{ since(task.created_at) }</b>{ t!("letter-comma") }
                { if task.opened_at.is_some() { t!("letter-task-opened") } else { t!("letter-task-unopened") } }
                if task.due_on.is_some() { { t!("letter-comma") }{ t!("letters-due") }{ " " }<DueMark due={task.due_on} /> }</>
        },
        (_, Some(at)) => moment(at),
        _ => moment(task.created_at),
    };
    node(class, mark.html(), html! { { holder } }, what, when)
}
