//! The columns of "my work".

use std::rc::Rc;

use diwan_kernel::days::Calendar;
use diwan_kernel::{Priority, Secrecy};
use diwan_platform_api::records::{Task, WorkItem};
use yew::prelude::*;

use super::{WorkDue, route_of};
use crate::app::router::Link;
use crate::i18n::{self, format};
use crate::ui::{Column, Num, PriorityBadge, Row, SecrecyBadge};

impl Row for WorkItem {
    fn key(&self) -> i64 {
        self.task.id
    }

    fn is_unread(&self) -> bool {
        self.task.opened_at.is_none()
    }
}

/// What is asked: the kind of the task, for referrals their instruction.
pub(super) fn asked(task: &Task) -> String {
    let kind = i18n::code("task-kind", task.kind.code());
    match task.instruction {
        Some(instruction) => format!("{kind}: {}", i18n::code("instruction", instruction.code())),
        None => kind,
    }
}

/// The columns.
pub(super) fn columns(calendar: &Option<Rc<Calendar>>) -> Vec<Column<WorkItem>> {
    let calendar = calendar.clone();
    let due = move |item: &WorkItem| html! { <WorkDue due={item.task.due_on} calendar={calendar.clone()} /> };
    vec![
        Column::new("task", t!("work-task"), |item: &WorkItem| {
            let instruction = item.task.instruction.map(|instruction| i18n::code("instruction", instruction.code()));
            html! {
                <>
                    <span class="dw-b dw-nowrap">{ i18n::code("task-kind", item.task.kind.code()) }</span>{ " " }
                    if let Some(instruction) = instruction { <span class="dw-second dw-nowrap">{ instruction }</span> }
                </>
            }
        })
        .class("c-own"),
        Column::new("subject", t!("letters-subject"), |item: &WorkItem| {
            html! { <span class="dw-clamp"><Link to={route_of(item).path()} class="dw-subj dw-quiet">{ &item.record.subject }</Link></span> }
        })
        .class("c-subj"),
        Column::new("record", t!("work-record"), |item: &WorkItem| {
            let kind = i18n::code("record-kind", item.record.kind.code());
            html! { <><span class="dw-nowrap">{ kind }</span>{ " " }if let Some(number) = &item.record.number { <span class="dw-second"><Num value={number.clone()} /></span> }</> }
        })
        .class("c-state"),
        Column::new("party", t!("letters-agency"), |item: &WorkItem| html! { <span class="dw-clamp">{ &item.record.party }</span> })
            .class("c-agency"),
        Column::new("giver", t!("work-giver"), |item: &WorkItem| html! { { i18n::name(&item.task.created_by.name) } }).class("c-theirs"),
        Column::new("priority", t!("letters-priority"), |item: &WorkItem| html! { <PriorityBadge priority={item.record.priority} /> })
            .class("c-prio")
            .plain_when(|item: &WorkItem| item.record.priority == Priority::Normal),
        Column::new("secrecy", t!("letters-secrecy"), |item: &WorkItem| html! { <SecrecyBadge level={item.record.secrecy} /> })
            .class("c-sec")
            .plain_when(|item: &WorkItem| item.record.secrecy == Secrecy::Normal),
        Column::new("due", t!("letters-due"), due).class("c-due").sort("due"),
        Column::new("given", t!("work-given"), |item: &WorkItem| {
            let at = item.task.created_at;
            html! { <span title={format::date_time(at)}><Num value={format::date(format::local(at).date())} /></span> }
        })
        .class("c-theirs")
        .sort("given"),
    ]
}
