//! Who has the letter now, and the way it went: who was asked for what, since when, what came of it.

use std::rc::Rc;

use diwan_platform_api::records::{Task, TaskKind, TaskState};
use diwan_tarasol_api::{Delivery, DeliveryState, Direction, Letter, RecipientRole};
use yew::prelude::*;

use crate::i18n;
use crate::modules::record::tasks::{moment, node, since, task_node};
use crate::ui::{Icon, Num};

#[derive(Properties, PartialEq)]
pub(super) struct TasksProps {
    pub(super) letter: Rc<Letter>,
}

/// Who has it, and the way.
#[component]
pub(super) fn Tasks(props: &TasksProps) -> Html {
    let letter = &props.letter;
    let incoming = letter.direction == Direction::Incoming;
    let route: Vec<&Task> = letter.tasks.iter().filter(|task| task.kind != TaskKind::Referral).collect();
    let referrals: Vec<&Task> = letter.tasks.iter().filter(|task| task.kind == TaskKind::Referral).collect();
    html! {
        <>
            { holder_line(letter) }
            <ul class="dw-tree">
                <li>
                    { if incoming { arrival(letter) } else { writing(letter) } }
                    if !route.is_empty() { <ul>{ for route.iter().map(|task| html! { <li>{ task_node(task) }</li> }) }</ul> }
                </li>
                if !letter.deliveries.is_empty() {
                    <li>
                        { sent(letter) }
                        <ul>{ for letter.deliveries.iter().map(|delivery| html! { <li>{ delivery_node(delivery) }</li> }) }</ul>
                    </li>
                }
                { for referrals.iter().map(|task| html! { <li>{ task_node(task) }</li> }) }
            </ul>
        </>
    }
}

/// The first line: with whom the letter lies, since when, until when.
fn holder_line(letter: &Letter) -> Html {
    let open: Vec<&Task> = letter.tasks.iter().filter(|task| task.state == TaskState::Open).collect();
    let waiting: Vec<&Delivery> = letter
        .deliveries
        .iter()
        .filter(|delivery| matches!(delivery.state, DeliveryState::Delivered | DeliveryState::Opened))
        .collect();
    let join = |names: Vec<String>| names.join(&t!("letter-comma"));
    let (text, at) = if let Some(first) = open.first() {
        let text = if open.iter().all(|task| task.mine) {
            t!("letter-lies-with-you")
        } else {
            t!("letter-lies-with", name = join(open.iter().map(|task| i18n::name(&task.assignee.name)).collect()))
        };
        (text, Some(first.created_at))
    } else if let Some(first) = waiting.first() {
        let names = join(waiting.iter().map(|delivery| i18n::name(&delivery.agency.name)).collect());
        (t!("letter-waits-at", name = names), Some(first.updated_at))
    } else {
        match letter.head.state.as_str() {
            "draft" => {
                (t!("letter-lies-with", name = i18n::name(&letter.head.created_by.name)), Some(letter.head.updated_at))
            }
            "registered" => (t!("letter-lies-with-registry"), Some(letter.head.updated_at)),
            _ => return Html::default(),
        }
    };
    html! {
        <div class="dw-note" style="margin-block-end:0.5rem" data-testid="who-has-it">{ Icon::Pin }<span><b>{ text }</b>
            if let Some(at) = at { { t!("letter-comma") }{ since(at) } }
        </span></div>
    }
}

fn writing(letter: &Letter) -> Html {
    let head = &letter.head;
    let unit = head.unit.as_ref().map(|unit| i18n::name(&unit.name));
    node(
        "ok",
        Icon::Edit.html(),
        html! { { i18n::name(&head.created_by.name) } },
        html! { <>{ t!("letter-wrote") }if let Some(unit) = unit { { t!("letter-comma") }{ unit } }</> },
        moment(head.created_at),
    )
}

fn arrival(letter: &Letter) -> Html {
    let from = letter.counterpart.as_ref().map_or_else(|| letter.head.party.clone(), |party| i18n::name(&party.name));
    node(
        "ok",
        Icon::Inbox.html(),
        html! { { from } },
        html! { { t!("letter-sent-it") } },
        moment(letter.received_at.unwrap_or(letter.head.created_at)),
    )
}

fn sent(letter: &Letter) -> Html {
    let count = letter.deliveries.len();
    let at = letter.signed_at.or(letter.head.issued_at).unwrap_or(letter.head.updated_at);
    node("", Icon::Send.html(), html! { { t!("letter-sent-to", n = count) } }, Html::default(), moment(at))
}

fn delivery_node(delivery: &Delivery) -> Html {
    let (class, mark) = match delivery.state {
        DeliveryState::Registered => ("ok", Icon::Check),
        DeliveryState::Delivered | DeliveryState::Opened => ("act", Icon::Hourglass),
        DeliveryState::Refused | DeliveryState::Recalled => ("bad", Icon::Back),
    };
    let role = if delivery.role == RecipientRole::To { t!("letter-original") } else { t!("letter-copy") };
    let what = html! {
        <>
            { role }{ t!("letter-comma") }{ i18n::code("delivery-state", delivery.state.code()) }
            if let Some(number) = &delivery.their_number { { " " }<Num value={number.clone()} /> }
            if let Some(reason) = &delivery.reason { <span class="dw-pre dw-quote" dir="auto" style="display:block">{ reason }</span> }
        </>
    };
    node(class, mark.html(), html! { { i18n::name(&delivery.agency.name) } }, what, moment(delivery.updated_at))
}
