//! The steps of a letter as buttons and small dialogs. The buttons come from the codes the server gives.

use std::rc::Rc;

use diwan_platform_api::records::{FinishTask, Task, TaskKind, TaskOutcome, TaskState};
use diwan_tarasol_api::{Letter, LetterStep, StepNote};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::ReferDialog;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router;
use crate::client::draft::use_kept;
use crate::client::{self, Call, Failure, use_seen};
use crate::i18n::{self, TextArgs};
use crate::modules::letters::names::{action_icon, ordered};
use crate::ui::record::{Actions, RecordAction};
use crate::ui::toast::Toaster;
use crate::ui::{Alert, Button, Dialog, FailureAlert, Icon, TextArea, Tone, Variant, use_toasts};

/// Which action is going on.
pub(in super::super) type Doing = UseStateHandle<Option<AttrValue>>;

/// The buttons of a letter, and what one of them started; [`ActionHost`] goes on from there.
#[hook]
pub(in super::super) fn use_actions(letter: Option<Rc<Letter>>) -> (Html, Doing) {
    let doing = use_state_eq(|| None::<AttrValue>);
    let Some(letter) = letter else { return (Html::default(), doing) };
    let actions: Vec<RecordAction> = ordered(&letter.actions, &letter.tasks)
        .into_iter()
        .map(|code| {
            let action =
                RecordAction::new(code.clone(), i18n::text(&i18n::code_key("action", &code), None), action_icon(&code));
            RecordAction { danger: code == "void", ..action }
        })
        .collect();
    let on_action = {
        let (doing, id) = (doing.setter(), letter.head.id);
        Callback::from(move |code: AttrValue| match code.as_str() {
            "edit" => router::go_to(&Route::LetterEdit(id)),
            "answer" => router::go(&format!(
                "{}{}",
                Route::LetterNew.path(),
                Query::default().with("reply", id.to_string()).text()
            )),
            "print" => print(),
            _ => doing.set(Some(code)),
        })
    };
    let buttons = if actions.is_empty() {
        html! { <Button icon={Icon::Print} label={t!("print")} action="print" onclick={Callback::from(|_| print())} /> }
    } else {
        let print = RecordAction::new("print", t!("print"), Icon::Print);
        let busy = (*doing).clone().filter(|code| is_direct(code));
        html! { <Actions actions={actions.into_iter().chain([print]).collect::<Vec<_>>()} {on_action} {busy} /> }
    };
    (buttons, doing)
}

fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that cannot print does nothing.
        let _ = window.print();
    }
}

/// Steps that need no word and can be taken back: done at once.
fn is_direct(action: &str) -> bool {
    matches!(action, "submit" | "withdraw")
}

/// Steps that need a reason.
fn needs_reason(action: &str) -> bool {
    matches!(action, "return" | "refuse" | "recall" | "void" | "reopen")
}

/// The referral of the reader that a "finish" ends.
fn own_referral(letter: &Letter) -> Option<&Task> {
    letter.tasks.iter().find(|task| task.mine && task.state == TaskState::Open && task.kind == TaskKind::Referral)
}

/// The call of a step.
fn call(letter: &Letter, action: &str, note: &str) -> Option<Call> {
    let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
    if action == "finish" {
        let task = own_referral(letter)?;
        let finish = FinishTask { outcome: TaskOutcome::Done, note };
        return Some(client::post(format!("/api/tasks/{}/finish", task.id)).json(&finish));
    }
    let verb = if action == "pass_up" { "approve" } else { action };
    let call = client::post(format!("/api/letters/{}/{verb}", letter.head.id)).if_match(letter.head.version);
    // Registering takes the same word as the other steps.
    Some(if is_direct(action) { call } else { call.json(&StepNote { note }) })
}

/// Says what was done, with the number where one was taken.
fn tell(toasts: &Toaster, action: &str, step: Option<&LetterStep>) {
    let mut args = TextArgs::new();
    args.set("number", step.and_then(|step| step.number.clone()).unwrap_or_default());
    toasts.done(i18n::text(&i18n::code_key("done", action), Some(&args)));
}

async fn send(letter: &Letter, action: &str, note: &str) -> Result<Option<LetterStep>, Failure> {
    let Some(call) = call(letter, action, note) else { return Ok(None) };
    if action == "finish" { call.done().await.map(|()| None) } else { call.send::<LetterStep>().await.map(Some) }
}

#[derive(Properties, PartialEq)]
pub(in super::super) struct ActionHostProps {
    /// The letter as it is now.
    pub(in super::super) letter: Rc<Letter>,
    /// What a button started.
    pub(in super::super) doing: Doing,
    /// Told when the letter changed, or was found to have been changed by somebody else.
    pub(in super::super) on_change: Callback<()>,
}

/// Does what a button started: at once, or after a dialog.
#[component]
pub(in super::super) fn ActionHost(props: &ActionHostProps) -> Html {
    let Some(action) = (*props.doing).clone() else { return Html::default() };
    let close = {
        let doing = props.doing.setter();
        Callback::from(move |()| doing.set(None))
    };
    let letter = Rc::clone(&props.letter);
    let on_change = props.on_change.clone();
    if is_direct(&action) {
        return html! { <Direct {letter} {action} on_close={close} {on_change} /> };
    }
    if action == "refer" {
        let done = {
            let (close, on_change) = (close.clone(), on_change.clone());
            Callback::from(move |()| {
                close.emit(());
                on_change.emit(());
            })
        };
        return html! { <ReferDialog letters={vec![letter.head.id]} due={letter.head.due_on} on_close={close} on_done={done} /> };
    }
    let key = action.to_string();
    html! { <StepDialog {key} {letter} {action} on_close={close} {on_change} /> }
}

#[derive(Properties, PartialEq)]
struct StepProps {
    letter: Rc<Letter>,
    action: AttrValue,
    on_close: Callback<()>,
    on_change: Callback<()>,
}

/// A step without a dialog; what goes wrong is told in the corner, and the letter is loaded again.
#[component]
fn Direct(props: &StepProps) -> Html {
    let toasts = use_toasts();
    let (letter, action) = (Rc::clone(&props.letter), props.action.clone());
    let (on_close, on_change) = (props.on_close.clone(), props.on_change.clone());
    use_effect_with((), move |()| {
        spawn_local(async move {
            match send(&letter, &action, "").await {
                Ok(step) => tell(&toasts, &action, step.as_ref()),
                Err(failure) => toasts.failed(&failure),
            }
            on_close.emit(());
            on_change.emit(());
        });
    });
    Html::default()
}

/// A step with a word or a reason. When somebody else was faster, the letter is loaded anew and the words stay.
#[component]
fn StepDialog(props: &StepProps) -> Html {
    let toasts = use_toasts();
    let (letter, action) = (Rc::clone(&props.letter), props.action.clone());
    let note = use_kept(format!("step-{}-{action}", letter.head.id), String::new);
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let seen = use_seen(&letter, |letter| letter.head.version, (*failure).as_ref(), &props.on_change);
    let reason = needs_reason(&action);
    let possible = letter.actions.iter().any(|code| *code == *action);
    let on_submit = {
        let (action, value, forget) = (action.clone(), Rc::clone(&note.value), note.forget.clone());
        let (failure, busy) = (failure.setter(), busy.setter());
        let (on_close, on_change) = (props.on_close.clone(), props.on_change.clone());
        Callback::from(move |()| {
            let (seen, action, value, forget) = (Rc::clone(&seen), action.clone(), Rc::clone(&value), forget.clone());
            let (failure, busy, toasts) = (failure.clone(), busy.clone(), toasts.clone());
            let (on_close, on_change) = (on_close.clone(), on_change.clone());
            busy.set(true);
            spawn_local(async move {
                match send(&seen, &action, &value).await {
                    Ok(step) => {
                        tell(&toasts, &action, step.as_ref());
                        forget.emit(());
                        on_close.emit(());
                        on_change.emit(());
                    }
                    Err(why) => {
                        failure.set(Some(why));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let error = (*failure).as_ref().and_then(|failure| failure.field("note"));
    let word = i18n::text(&i18n::code_key("action", &action), None);
    let danger = matches!(action.as_str(), "void" | "recall" | "refuse");
    let variant = if danger { Variant::Danger } else { Variant::Primary };
    let close = props.on_close.clone();
    let footer = html! {
        <>
            <Button submit=true {variant} label={word.clone()} icon={action_icon(&action)} busy={*busy} testid="confirm" action={format!("confirm-{action}")}
                disabled={!possible || (reason && note.value.trim().is_empty())} />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={Callback::from(move |_| close.emit(()))} />
        </>
    };
    let label = if reason { t!("letter-reason") } else { i18n::text(&i18n::code_key("note-for", &action), None) };
    html! {
        <Dialog title={word} on_close={props.on_close.clone()} {on_submit} {footer}>
            <p>{ i18n::text(&i18n::code_key("ask", &action), None) }</p>
            if !possible { <Alert tone={Tone::Warning} title={t!("letter-step-gone")} /> }
            else if error.is_none() { <FailureAlert failure={(*failure).clone()} renewed=true /> }
            <TextArea {label} value={(*note.value).clone()} oninput={note.set.clone()} required={reason} {error} maxlength={4000}
                autofocus=true name="note" />
        </Dialog>
    }
}
