//! A letter's page: head with the next step, the paper or a file, and beside it who has it, directions, files, links,
//! timeline.

mod act;
mod desk;
mod links;
mod paper;
mod refer;
mod tasks;

use std::rc::Rc;

use diwan_platform_api::files::{AttachmentRole, Attachments};
use diwan_platform_api::records::{TaskKind, TaskState};
use diwan_platform_api::work::RecordChanged;
use diwan_tarasol_api::{Direction, Letter};
use yew::platform::spawn_local;
use yew::prelude::*;

pub(super) use act::{ActionHost, use_actions};
pub(super) use refer::ReferDialog;

use super::names::list_of;
use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router::{self, use_place};
use crate::client::events::use_event;
use crate::client::{self, ApiState, use_api};
use crate::i18n::{self, format};
use crate::modules::record::{files, log, notes};
use crate::ui::record::{RecordShell, Step, steps};
use crate::ui::{Alert, Crumb, DueMark, FailureAlert, Num, PriorityBadge, SecrecyBadge, Tab, Tone};
use desk::Desk;

/// Which letter.
#[derive(Properties, PartialEq)]
pub struct LetterPageProps {
    /// The record.
    pub id: i64,
}

/// A letter's page.
#[component]
pub fn LetterPage(props: &LetterPageProps) -> Html {
    let id = props.id;
    let letter = use_api::<Letter>(Some(client::get(format!("/api/letters/{id}"))));
    let files = use_api::<Attachments>(Some(client::get(format!("/api/records/{id}/attachments"))));
    let round = use_state_eq(|| 0_u32);
    let reload = {
        let (letter, files, round) = (letter.reload.clone(), files.reload.clone(), round.clone());
        Callback::from(move |()| {
            letter.emit(());
            files.emit(());
            round.set(*round + 1);
        })
    };
    {
        let reload = reload.clone();
        use_event(
            "record",
            Callback::from(move |json: String| {
                if client::json::read::<RecordChanged>(&json).is_some_and(|changed| changed.id == id) {
                    reload.emit(());
                }
            }),
        );
        use_event("reset", letter.reload.reform(|_: String| ()));
    }
    use_effect_with(letter.data.is_some(), {
        let letter = letter.data.clone();
        move |_| {
            if let Some(letter) = letter {
                tell_opened(&letter);
            }
        }
    });
    let Some(shown) = letter.data.clone() else { return waiting(&letter) };
    html! { <Page letter={shown} files={files.data.clone()} failure={letter.failure.clone()} round={*round} {reload} /> }
}

/// The sender learns that the letter was opened, and who referred it that the task was.
fn tell_opened(letter: &Letter) {
    let arrived = letter.direction == Direction::Incoming && letter.head.state == "received";
    let asked = letter.tasks.iter().any(|task| task.mine && task.state == TaskState::Open && task.opened_at.is_none());
    if arrived || asked {
        let call = client::post(format!("/api/letters/{}/opened", letter.head.id));
        // Only a sign for others: the reader is not told when it cannot be given.
        spawn_local(async move { drop(call.done().await) });
    }
}

fn waiting(letter: &ApiState<Letter>) -> Html {
    match &letter.failure {
        Some(failure) if failure.status() == 404 => html! { <NotFound /> },
        Some(_) => {
            html! { <div class="dw-pad"><FailureAlert failure={letter.failure.clone()} retry={Some(letter.reload.clone())} /></div> }
        }
        None => html! { <div class="dw-splash dw-skel-late" role="status">{ t!("loading") }</div> },
    }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    letter: Rc<Letter>,
    files: Option<Rc<Attachments>>,
    failure: Option<client::Failure>,
    /// Goes up whenever the letter may have changed.
    round: u32,
    reload: Callback<()>,
}

#[component]
fn Page(props: &PageProps) -> Html {
    let letter = &props.letter;
    let place = use_place();
    let tab = AttrValue::from(place.query.get("tab").unwrap_or("tasks").to_owned());
    let (buttons, doing) = use_actions(Some(Rc::clone(letter)));
    let on_tab = {
        let query = place.query.clone();
        Callback::from(move |code: AttrValue| {
            let code = if code == "tasks" { "" } else { code.as_str() };
            router::replace_query(&query.clone().with("tab", code));
        })
    };
    let attached = props
        .files
        .as_ref()
        .and_then(|files| some(files.items.iter().filter(|file| file.role == AttachmentRole::Attachment).count()));
    let tabs = vec![
        Tab::new("tasks", t!("letter-tasks")),
        Tab::new("notes", t!("letter-notes")).count(some(letter.notes.len())),
        Tab::new("files", t!("letter-files")).count(attached),
        Tab::new("links", t!("letter-links")).count(some(letter.links.len())),
        Tab::new("log", t!("letter-log")),
    ];
    let id = letter.head.id;
    let side = match tab.as_str() {
        "notes" => html! { <notes::Notes record={id} notes={letter.notes.clone()} on_change={props.reload.clone()} /> },
        "files" => html! { <files::Files record={id} files={props.files.clone()} on_change={props.reload.clone()} /> },
        "links" => html! { <links::Links letter={Rc::clone(letter)} round={props.round} /> },
        "log" => html! { <log::Log record={id} round={props.round} /> },
        _ => html! { <tasks::Tasks letter={Rc::clone(letter)} /> },
    };
    html! {
        <>
            <RecordShell subject={letter.head.subject.clone()} crumbs={crumbs(letter)} line={line(letter)} marks={marks(letter)}
                steps={state_line(letter)} actions={buttons} notice={notice(letter, props.failure.clone())} {tabs} {tab} {on_tab} {side}>
                <Desk letter={Rc::clone(letter)} files={props.files.clone()} />
            </RecordShell>
            <ActionHost letter={Rc::clone(letter)} {doing} on_change={props.reload.clone()} />
        </>
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count worth showing.
fn some(number: usize) -> Option<i64> {
    (number > 0).then(|| count(number))
}

fn kind_word(letter: &Letter) -> String {
    i18n::code("record-kind", letter.head.kind.code())
}

fn crumbs(letter: &Letter) -> Vec<Crumb> {
    let list = list_of(letter.direction);
    let name = match letter.direction {
        Direction::Incoming => t!("nav-incoming"),
        Direction::Outgoing => t!("nav-outgoing"),
        Direction::InternalMemo => t!("nav-memos"),
    };
    let here = letter.head.number.clone().unwrap_or_else(|| t!("letters-no-number"));
    vec![Crumb::link(name, Route::Letters(list).path()), Crumb::here(here)]
}

/// Kind, number and the other side.
fn line(letter: &Letter) -> Html {
    let head = &letter.head;
    let party = letter.counterpart.as_ref().map_or_else(|| head.party.clone(), |party| i18n::name(&party.name));
    let word = if letter.direction == Direction::Incoming { t!("letter-from") } else { t!("letter-to") };
    html! {
        <>
            { kind_word(letter) }
            if let Some(number) = &head.number { { " " }<span data-testid="letter-number"><Num value={number.clone()} /></span> }
            if !party.is_empty() { { format!(" {word} {party}") } }
            if let Some(number) = &letter.their_number {
                { t!("letter-comma") }{ t!("letters-their-number") }{ " " }<Num value={number.clone()} />
                if let Some(day) = letter.their_date { { " " }{ t!("letter-dated") }{ " " }<Num value={format::date(day)} /> }
            }
        </>
    }
}

fn marks(letter: &Letter) -> Html {
    let head = &letter.head;
    html! {
        <>
            <PriorityBadge priority={head.priority} label=true />
            <SecrecyBadge level={head.secrecy} quiet=true />
            { for head.caveats.iter().map(|caveat| html! { <span class="dw-sec l1">{ i18n::code("caveat", caveat.code()) }</span> }) }
            <DueMark due={head.due_on} done={super::names::is_ended(&head.state)} />
        </>
    }
}

/// The five steps; letters that left the line (void, refused, recalled) have none, the notice says what happened.
fn state_line(letter: &Letter) -> Vec<Step> {
    let (names, states): ([String; 5], [&str; 5]) = if letter.direction == Direction::Incoming {
        (
            [t!("step-received"), t!("step-registered"), t!("step-referred"), t!("step-answered"), t!("step-closed")],
            ["received", "registered", "referred", "answered", ""],
        )
    } else {
        (
            [t!("step-draft"), t!("step-review"), t!("step-signature"), t!("step-issued"), t!("step-delivered")],
            ["draft", "in_review", "in_signature", "issued", "delivered"],
        )
    };
    match letter.head.state.as_str() {
        "void" | "refused" | "recalled" => Vec::new(),
        "closed" => steps(names, states.len()),
        "returned" => steps(names, 0),
        state => steps(names, states.iter().position(|other| *other == state).unwrap_or(0)),
    }
}

/// What the reader must know before anything else.
fn notice(letter: &Letter, failure: Option<client::Failure>) -> Html {
    let state = letter.head.state.as_str();
    let back = letter.tasks.iter().rev().find(|task| task.kind == TaskKind::Correct && task.state == TaskState::Open);
    html! {
        <>
            <FailureAlert {failure} />
            if let Some(task) = back.filter(|_| state == "returned") {
                <Alert tone={Tone::Warning} title={t!("letter-returned-by", name = i18n::name(&task.created_by.name))}>
                    <p dir="auto" class="dw-pre">{ task.note.clone() }</p>
                </Alert>
            }
            if matches!(state, "void" | "refused" | "recalled") {
                <Alert tone={Tone::Warning} title={super::names::state_word(state)} />
            }
        </>
    }
}
