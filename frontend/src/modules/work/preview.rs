//! The current task beside the list: what is asked by whom, what is known of the record, the way to its step.

use std::rc::Rc;

use diwan_kernel::days::Calendar;
use diwan_platform_api::records::{Note, NoteKind, WorkItem};
use yew::prelude::*;

use super::columns::asked;
use super::{WorkDue, route_of};
use crate::app::router;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::preview::Preview;
use crate::ui::{Button, Facts, FailureAlert, Num, PriorityBadge, SecrecyBadge, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct TaskPreviewProps {
    pub(super) item: WorkItem,
    pub(super) calendar: Option<Rc<Calendar>>,
    pub(super) on_step: Callback<i32>,
    pub(super) on_close: Callback<()>,
}

#[component]
pub(super) fn TaskPreview(props: &TaskPreviewProps) -> Html {
    let WorkItem { task, record } = &props.item;
    let notes = use_api::<Vec<Note>>(Some(client::get(format!("/api/records/{}/notes", record.id))));
    let route = route_of(&props.item);
    let on_open = Callback::from(move |()| router::go_to(&route));
    let title = html! { <>{ i18n::code("record-kind", record.kind.code()) }{ " " }<Num value={record.number.clone().unwrap_or_default()} /></> };
    let direction =
        notes.data.as_ref().and_then(|notes| notes.iter().rev().find(|note| note.kind == NoteKind::Direction).cloned());
    let footer = html! {
        <Button variant={Variant::Primary} label={i18n::code("work-open", task.kind.code())} action="open-task" onclick={on_open.reform(|_| ())} />
    };
    html! {
        <Preview {title} on_step={props.on_step.clone()} on_close={props.on_close.clone()} {on_open} {footer}>
            <h2 class="dw-h2" dir="auto">{ &record.subject }</h2>
            <div class="dw-row" style="margin-block:0.5rem">
                <PriorityBadge priority={record.priority} label=true /><SecrecyBadge level={record.secrecy} quiet=true />
                <WorkDue due={task.due_on} calendar={props.calendar.clone()} />
            </div>
            <Facts rows={facts(&props.item)} />
            if let Some(note) = &task.note {
                <hr class="dw-sep" />
                <h3 class="dw-sec-t">{ t!("work-note") }</h3>
                <blockquote class="dw-quote dw-pre" dir="auto">{ note }</blockquote>
            }
            <FailureAlert failure={notes.failure.clone()} retry={Some(notes.reload.clone())} />
            if let Some(note) = direction.filter(|note| Some(&note.body) != task.note.as_ref()) {
                <hr class="dw-sep" />
                <h3 class="dw-sec-t">{ t!("letters-last-note") }</h3>
                <blockquote class="dw-quote"><p class="dw-pre" dir="auto">{ &note.body }</p>
                    <footer class="dw-muted dw-sm">{ i18n::name(&note.author.name) }{ t!("letter-comma") }
                        <Num value={format::date(format::local(note.created_at).date())} /></footer>
                </blockquote>
            }
        </Preview>
    }
}

fn facts(item: &WorkItem) -> Vec<(AttrValue, Html)> {
    let WorkItem { task, record } = item;
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("work-task").into(), html! { <span class="dw-b">{ asked(task) }</span> }),
        (t!("work-giver").into(), html! { { i18n::name(&task.created_by.name) } }),
        (t!("work-given").into(), html! { <Num value={format::date_time(task.created_at)} /> }),
        (t!("work-lies-with").into(), html! { { i18n::name(&task.assignee.name) } }),
    ];
    if !record.party.is_empty() {
        rows.push((t!("letters-agency").into(), html! { { &record.party } }));
    }
    if let Some(due) = task.due_on {
        rows.push((t!("letters-due").into(), html! { <Num value={format::day_name(due)} /> }));
    }
    rows.push((t!("letters-state").into(), html! { { i18n::code("state", &record.state) } }));
    rows
}
