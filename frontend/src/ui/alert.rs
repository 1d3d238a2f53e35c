//! What went wrong or well, in place; and what stands where there is nothing to list.

use yew::prelude::*;

use super::button::{Button, Variant};
use super::icon::Icon;
use crate::app::router::Link;
use crate::client::Failure;

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Something to know.
    #[default]
    Info,
    /// Something went well.
    Success,
    /// Something needs care.
    Warning,
    /// Something failed or blocks.
    Danger,
}

impl Tone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "ok",
            Self::Warning => "warn",
            Self::Danger => "bad",
        }
    }

    pub(super) const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Success => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::CircleAlert,
        }
    }

    /// Spoken before the message, so that the kind is not carried by colour alone.
    pub(super) fn word(self) -> String {
        match self {
            Self::Info => t!("tone-info"),
            Self::Success => t!("tone-success"),
            Self::Warning => t!("tone-warning"),
            Self::Danger => t!("tone-danger"),
        }
    }
}

/// A message in the page.
#[derive(Properties, PartialEq)]
pub struct AlertProps {
    /// Its kind.
    #[prop_or_default]
    pub tone: Tone,
    /// The message; more lines and a next step may follow as children.
    pub title: AttrValue,
    /// More, if needed.
    #[prop_or_default]
    pub children: Html,
}

/// A message in the page, spoken at once when it blocks.
#[component]
pub fn Alert(props: &AlertProps) -> Html {
    let role = if props.tone == Tone::Danger { "alert" } else { "status" };
    html! {
        <div class={classes!("dw-alert", props.tone.class())} {role}>
            { props.tone.icon() }
            <div style="flex:1;min-inline-size:0">
                <span class="dw-visually-hidden">{ props.tone.word() }</span>
                <div class="dw-b">{ &props.title }</div>
                { props.children.clone() }
            </div>
        </div>
    }
}

/// A failed call, with its request number and a way to try again.
#[derive(Properties, PartialEq)]
pub struct FailureAlertProps {
    /// The failure; nothing is drawn without one.
    pub failure: Option<Failure>,
    /// Tries again, where that makes sense.
    #[prop_or_default]
    pub retry: Option<Callback<()>>,
    /// What is there now was loaded after a refusal as too old, as `use_seen` does.
    #[prop_or_default]
    pub renewed: bool,
    /// What is wrong with fields that are not at hand, in words.
    #[prop_or_default]
    pub more: Vec<String>,
}

/// A failed call, explained.
#[component]
pub fn FailureAlert(props: &FailureAlertProps) -> Html {
    let Some(failure) = props.failure.as_ref().filter(|failure| **failure != Failure::Cancelled) else {
        return Html::default();
    };
    let line = |(text, to): (String, String)| {
        let text = html! { <bdi>{ text }</bdi> };
        html! { <li>if to.is_empty() { { text } } else { <Link {to}>{ text }</Link> }</li> }
    };
    // What was asked for stands in the address and in filters, beside which nothing is said.
    let asked = if props.retry.is_some() { failure.unseen(&[]) } else { Vec::new() };
    let more = props.more.iter().cloned().chain(asked).map(|text| (text, String::new()));
    let details: Vec<_> = more.chain(failure.details()).collect();
    let (tone, title) = match failure.renewed().filter(|_| props.renewed) {
        Some(text) => (Tone::Warning, text),
        None => (Tone::Danger, failure.text()),
    };
    html! {
        <Alert {tone} {title}>
            if !details.is_empty() { <ul data-testid="failure-details">{ for details.into_iter().map(line) }</ul> }
            if let Some(id) = failure.request_id() {
                <div class="dw-muted dw-sm">{ t!("request-number") }{ " " }<bdi class="num">{ id }</bdi></div>
            }
            if let Some(retry) = props.retry.clone() {
                <Button variant={Variant::Link} icon={Icon::Refresh} label={t!("try-again")}
                    onclick={Callback::from(move |_| retry.emit(()))} />
            }
        </Alert>
    }
}

/// One sentence and one action where a list has no rows.
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    /// The sentence; it says whether nothing exists or a filter hides it.
    pub text: AttrValue,
    /// The action.
    #[prop_or_default]
    pub children: Html,
}

/// One sentence and one action where a list has no rows.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! { <div class="dw-empty"><p>{ &props.text }</p>{ props.children.clone() }</div> }
}
