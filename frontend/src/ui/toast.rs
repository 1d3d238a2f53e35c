//! Short messages at the corner: what was done, with a way back where there is one. Spoken, and gone after a while.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::alert::Tone;
use super::button::IconButton;
use super::icon::Icon;
use crate::client::Failure;

/// How long a message stays, milliseconds; failures stay until they are closed.
const STAYS: u32 = 6_000;

#[derive(Debug, Clone, PartialEq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: AttrValue,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Toasts {
    next: u32,
    shown: Vec<Toast>,
}

enum Change {
    Add(Tone, AttrValue),
    Remove(u32),
}

impl Reducible for Toasts {
    type Action = Change;

    fn reduce(self: std::rc::Rc<Self>, change: Change) -> std::rc::Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Add(tone, text) => {
                next.shown.retain(|toast| toast.text != text);
                next.shown.push(Toast { id: next.next, tone, text });
                next.next += 1;
            }
            Change::Remove(id) => next.shown.retain(|toast| toast.id != id),
        }
        next.into()
    }
}

/// Shows messages.
#[derive(Clone, PartialEq)]
pub struct Toaster(Callback<(Tone, AttrValue)>);

impl Toaster {
    /// Something was done.
    pub fn done(&self, text: impl Into<AttrValue>) {
        self.0.emit((Tone::Success, text.into()));
    }

    /// Something to know.
    pub fn info(&self, text: impl Into<AttrValue>) {
        self.0.emit((Tone::Info, text.into()));
    }

    /// Something failed.
    pub fn failed(&self, failure: &Failure) {
        if *failure != Failure::Cancelled {
            self.0.emit((Tone::Danger, failure.text().into()));
        }
    }
}

/// What stands inside [`ToastProvider`].
#[derive(Properties, PartialEq)]
pub struct ToastProps {
    /// The app.
    pub children: Html,
}

/// Gives everything inside a [`Toaster`] and shows its messages.
#[component]
pub fn ToastProvider(props: &ToastProps) -> Html {
    let toasts = use_reducer_eq(Toasts::default);
    let add = {
        let dispatcher = toasts.dispatcher();
        use_callback((), move |(tone, text), ()| dispatcher.dispatch(Change::Add(tone, text)))
    };
    let remove = {
        let dispatcher = toasts.dispatcher();
        use_callback((), move |id: u32, ()| dispatcher.dispatch(Change::Remove(id)))
    };
    let children = html! {
        <>
            { props.children.clone() }
            <div class="dw-toasts" role="region" aria-label={t!("messages")} aria-live="polite">
                { for toasts.shown.iter().map(|toast| html! {
                    <ToastView key={toast.id} id={toast.id} tone={toast.tone} text={toast.text.clone()} on_remove={remove.clone()} />
                }) }
            </div>
        </>
    };
    yew::provide(Toaster(add), children)
}

#[derive(Properties, PartialEq)]
struct ToastViewProps {
    id: u32,
    tone: Tone,
    text: AttrValue,
    on_remove: Callback<u32>,
}

#[component]
fn ToastView(props: &ToastViewProps) -> Html {
    {
        let (id, on_remove, stays) = (props.id, props.on_remove.clone(), props.tone == Tone::Danger);
        use_effect_with((), move |()| {
            let timer = (!stays).then(|| Timeout::new(STAYS, move || on_remove.emit(id)));
            move || drop(timer)
        });
    }
    let close = {
        let (id, on_remove) = (props.id, props.on_remove.clone());
        Callback::from(move |_| on_remove.emit(id))
    };
    html! {
        <div class={classes!("dw-alert", props.tone.class())}>
            { props.tone.icon() }
            <div style="flex:1;min-inline-size:0"><span class="dw-visually-hidden">{ props.tone.word() }</span>{ &props.text }</div>
            <IconButton small=true icon={Icon::Close} label={t!("close")} onclick={close} />
        </div>
    }
}

/// Shows messages from any screen.
#[hook]
pub fn use_toasts() -> Toaster {
    use_context::<Toaster>().unwrap_or_else(|| Toaster(Callback::noop()))
}
