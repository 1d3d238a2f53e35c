//! The columns of the letter lists.

use diwan_kernel::{Priority, Secrecy};
use diwan_tarasol_api::LetterRow;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::route::{LetterBox, Route};
use crate::app::router::Link;
use crate::i18n::{self, format};
use crate::modules::letters::names::{is_ended, state_tone, state_word};
use crate::ui::{Column, DueMark, Icon, Num, PriorityBadge, Row, SecrecyBadge, Sort, StateDot};

impl Row for LetterRow {
    fn key(&self) -> i64 {
        self.id
    }

    fn is_unread(&self) -> bool {
        self.state == "received"
    }
}

/// The name under which the choice of columns is kept.
pub(super) fn columns_name(letters: LetterBox) -> &'static str {
    match letters {
        LetterBox::Incoming => "letters-incoming",
        LetterBox::Outgoing => "letters-outgoing",
        LetterBox::Drafts => "letters-drafts",
        LetterBox::Memos => "letters-memos",
    }
}

/// The columns of a list.
pub(super) fn columns(letters: LetterBox) -> Vec<Column<LetterRow>> {
    let incoming = letters == LetterBox::Incoming;
    let mut columns = Vec::new();
    match letters {
        LetterBox::Incoming => {
            columns.push(number(t!("letters-in-number")));
            columns.push(
                Column::new("theirs", t!("letters-their-number"), |row: &LetterRow| {
                    html! { <Num value={row.their_number.clone().unwrap_or_default()} /> }
                })
                .class("c-theirs"),
            );
        }
        LetterBox::Outgoing => columns.push(number(t!("letters-out-number"))),
        LetterBox::Memos => columns.push(number(t!("letters-memo-number"))),
        LetterBox::Drafts => {}
    }
    let agency = if incoming { t!("letters-agency") } else { t!("letters-to") };
    columns.push(
        Column::new(
            "agency",
            agency,
            |row: &LetterRow| html! { <span class="dw-clamp">{ i18n::name(&row.counterpart) }</span> },
        )
        .class("c-agency")
        .sort("counterpart"),
    );
    columns.push(Column::new("subject", t!("letters-subject"), subject).class("c-subj").sort("subject"));
    columns.push(
        Column::new(
            "priority",
            t!("letters-priority"),
            |row: &LetterRow| html! { <PriorityBadge priority={row.priority} /> },
        )
        .class("c-prio")
        .sort("priority")
        .plain_when(|row| row.priority == Priority::Normal),
    );
    columns.push(
        Column::new("secrecy", t!("letters-secrecy"), |row: &LetterRow| html! { <SecrecyBadge level={row.secrecy} /> })
            .class("c-sec")
            .plain_when(|row| row.secrecy == Secrecy::Normal),
    );
    let holder = if incoming { t!("letters-assigned-to") } else { t!("letters-holder") };
    columns.push(
        Column::new(
            "holder",
            holder,
            |row: &LetterRow| html! { { row.holder.as_ref().map(i18n::name).unwrap_or_default() } },
        )
        .class("c-to"),
    );
    columns.push(
        Column::new(
            "due",
            t!("letters-due"),
            |row: &LetterRow| html! { <DueMark due={row.due_on} done={is_ended(&row.state)} /> },
        )
        .class("c-due")
        .sort("due"),
    );
    let at = if incoming { t!("letters-received-at") } else { t!("letters-made-at") };
    columns.push(
        Column::new("at", at, |row: &LetterRow| {
            let at = row.at;
            html! { <span title={format::date_time(at)}><Num value={format::date(format::local(at).date())} /></span> }
        })
        .class("c-theirs")
        .sort("newest"),
    );
    columns.push(
        Column::new("state", t!("letters-state"), |row: &LetterRow| {
            html! { <StateDot tone={state_tone(&row.state)} label={state_word(&row.state)} /> }
        })
        .class("c-state"),
    );
    columns
}

fn number(title: String) -> Column<LetterRow> {
    Column::new("number", title, |row: &LetterRow| {
        let text = row.number.clone().unwrap_or_else(|| t!("letters-no-number"));
        html! { <Link to={Route::Letter(row.id).path()} class="dw-no dw-nowrap"><Num value={text} /></Link> }
    })
    .class("c-no")
    .sort("number")
}

fn subject(row: &LetterRow) -> Html {
    let files = (row.attachments > 0).then(|| t!("letters-has-files", n = row.attachments));
    html! {
        <span class="dw-clamp">
            <Link to={Route::Letter(row.id).path()} class="dw-subj dw-quiet">{ &row.subject }</Link>
            if let Some(files) = files {
                <span class="dw-muted dw-clip" title={files.clone()}>{ " " }{ Icon::Paperclip }<span class="dw-visually-hidden">{ files }</span></span>
            }
        </span>
    }
}

/// The order in force, as the head of the table shows it. The server orders each column in one way, dates in both.
pub(super) fn order_of(query: &Query) -> Option<Sort> {
    let sort = |by: &str, descending| Some(Sort { by: by.to_owned(), descending });
    match query.get("sort")? {
        "oldest" => sort("newest", false),
        by @ ("newest" | "number" | "priority") => sort(by, true),
        by => sort(by, false),
    }
}

/// The server's word for the order that a click on a head asks for.
pub(super) fn sort_code(sort: &Sort) -> &str {
    if sort.by == "newest" && !sort.descending { "oldest" } else { &sort.by }
}
