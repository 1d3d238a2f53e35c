//! The question before a step of closing: what will happen, and a word or a reason where one goes with it.

use yew::prelude::*;

use crate::modules::admin::send::Sending;
use crate::ui::{Confirm, TextArea};

/// A step that is asked about.
#[derive(Clone, PartialEq)]
pub(super) struct Question {
    /// What it does, as a verb.
    pub(super) action: String,
    /// What will happen.
    pub(super) text: String,
    /// The field of a word that goes with it, and whether it must be filled in.
    pub(super) word: Option<(&'static str, bool)>,
    /// It cannot be undone.
    pub(super) danger: bool,
}

#[derive(Properties, PartialEq)]
struct AskProps {
    question: Question,
    busy: bool,
    alert: Html,
    error: Option<AttrValue>,
    on_confirm: Callback<String>,
    on_close: Callback<()>,
}

/// The question, with what went wrong with the answer.
pub(super) fn ask(question: Question, sending: &Sending, on_confirm: Callback<String>, on_close: Callback<()>) -> Html {
    let error = question.word.and_then(|(field, _)| sending.error(field));
    let alert = sending.alert_beside(question.word.map(|(field, _)| field).as_slice());
    html! { <Ask {question} busy={sending.busy} {alert} {error} {on_confirm} {on_close} /> }
}

#[component]
fn Ask(props: &AskProps) -> Html {
    let typed = use_state_eq(String::new);
    let on_confirm = {
        let (on_confirm, typed) = (props.on_confirm.clone(), typed.clone());
        Callback::from(move |()| on_confirm.emit(typed.trim().to_owned()))
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text: String| typed.set(text))
    };
    let Question { action, text, word, danger } = props.question.clone();
    html! {
        <Confirm title={action.clone()} {text} {action} {danger} busy={props.busy} {on_confirm} on_close={props.on_close.clone()}>
            { props.alert.clone() }
            if let Some((name, required)) = word {
                <TextArea label={if required { t!("reason") } else { t!("voucher-note") }} value={(*typed).clone()} {oninput} {required}
                    error={props.error.clone()} maxlength={4000} autofocus=true {name} />
            }
        </Confirm>
    }
}
