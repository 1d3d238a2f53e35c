//! Picks one or several from a long list by typing: a combobox whose chips can be taken away.

use std::rc::Rc;

use diwan_kernel::text::fold;
use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::dom;
use super::form::{Field, described_by};
use super::icon::Icon;
use crate::client::{Call, Failure};

/// How long the typing rests before the server is asked, milliseconds.
const REST: u32 = 200;
/// Most choices shown at once.
const SHOWN: usize = 50;

/// Something that can be picked.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Its id.
    pub id: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// A second line that tells it from its namesakes.
    pub hint: Option<AttrValue>,
}

impl Choice {
    /// A choice without a second line.
    pub fn new(id: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self { id: id.into(), label: label.into(), hint: None }
    }

    /// With a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<AttrValue>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn fits(&self, words: &str) -> bool {
        let hay = fold(&format!("{} {}", self.label, self.hint.as_deref().unwrap_or_default()));
        words.split_whitespace().all(|word| hay.contains(word))
    }
}

/// Sends a call and gives its answer, as choices, to the callback.
type Send = dyn Fn(Call, Callback<Result<Vec<Choice>, Failure>>);

/// Where choices come from.
#[derive(Clone)]
pub enum Source {
    /// A list that is there.
    List(Rc<Vec<Choice>>),
    /// The server, asked with what is typed.
    Ask(Rc<dyn Fn(&str) -> Call>, Rc<Send>),
}

impl Source {
    /// A source that asks the server: `call` makes the call for a text, `read` turns its answer into choices.
    pub fn ask<T: serde::de::DeserializeOwned + 'static>(
        call: impl Fn(&str) -> Call + 'static,
        read: impl Fn(T) -> Vec<Choice> + 'static,
    ) -> Self {
        let read = Rc::new(read);
        Self::Ask(
            Rc::new(call),
            Rc::new(move |call, done| {
                let read = Rc::clone(&read);
                spawn_local(async move { done.emit(call.send::<T>().await.map(|answer| read(answer))) });
            }),
        )
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Ask(a, _), Self::Ask(b, _)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// A picker.
#[derive(Properties, PartialEq)]
pub struct PickerProps {
    /// The label.
    pub label: AttrValue,
    /// Where choices come from.
    pub source: Source,
    /// What is picked.
    pub picked: Vec<Choice>,
    /// Told of the change.
    pub onchange: Callback<Vec<Choice>>,
    /// At most one.
    #[prop_or_default]
    pub single: bool,
    /// It must be filled.
    #[prop_or_default]
    pub required: bool,
    /// What to pick.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Name for tests.
    #[prop_or_default]
    pub name: Option<AttrValue>,
}

/// A picker.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let id = dom::use_id("pick");
    let typed = use_state_eq(String::new);
    let open = use_state_eq(|| false);
    let current = use_state_eq(|| 0_usize);
    let found = use_state_eq(|| Rc::new(Vec::<Choice>::new()));
    let waiting = use_mut_ref(|| None::<Timeout>);
    // Counts what is asked, so that an answer that was overtaken is dropped.
    let latest = use_mut_ref(|| 0_u32);
    {
        let found = found.setter();
        use_effect_with((props.source.clone(), (*typed).clone(), *open), move |(source, typed, open)| {
            *latest.borrow_mut() += 1;
            let number = *latest.borrow();
            if *open {
                look_up(source, typed, &waiting, move |choices| {
                    if *latest.borrow() == number {
                        found.set(Rc::new(choices));
                    }
                });
            }
        });
    }
    let offered: Vec<Choice> =
        found.iter().filter(|choice| !props.picked.iter().any(|p| p.id == choice.id)).take(SHOWN).cloned().collect();
    let at = (*current).min(offered.len().saturating_sub(1));
    let pick = {
        let (picked, onchange, single) = (props.picked.clone(), props.onchange.clone(), props.single);
        let (typed, open) = (typed.setter(), open.setter());
        Callback::from(move |choice: Choice| {
            let mut next = if single { Vec::new() } else { picked.clone() };
            next.push(choice);
            onchange.emit(next);
            typed.set(String::new());
            open.set(!single);
        })
    };
    let onkeydown = {
        let keys = Keys {
            open: open.clone(),
            typed: typed.clone(),
            current: current.setter(),
            at,
            offered: offered.clone(),
            pick: pick.clone(),
            picked: props.picked.clone(),
            onchange: props.onchange.clone(),
        };
        Callback::from(move |event: KeyboardEvent| keys.press(&event))
    };
    let oninput = {
        let (typed, open, current) = (typed.setter(), open.setter(), current.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            current.set(0);
            open.set(true);
        })
    };
    let (show, hide) = (open.setter(), open.setter());
    let list = format!("{id}-list");
    let shown = *open && !(offered.is_empty() && typed.is_empty());
    html! {
        <Field id={id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()}
            error={props.error.clone()} full=true>
            <div class="dw-input dw-picker">
                { for props.picked.iter().map(|choice| chip(choice, props)) }
                <input id={id.clone()} type="text" role="combobox" autocomplete="off" dir={dom::typed_dir(&typed)} value={(*typed).clone()} {oninput}
                    {onkeydown} onclick={Callback::from(move |_| show.set(true))} name={props.name.clone()}
                    onblur={Callback::from(move |_| hide.set(false))} aria-expanded={if shown { "true" } else { "false" }}
                    aria-controls={list.clone()} aria-autocomplete="list"
                    aria-activedescendant={(shown && !offered.is_empty()).then(|| format!("{list}-{at}"))}
                    aria-invalid={props.error.is_some().then_some("true")} aria-required={props.required.then_some("true")}
                    aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())} />
            </div>
            if shown { { listbox(&list, &props.label, &offered, at, &pick) } }
        </Field>
    }
}

/// What the keys in the field work on.
struct Keys {
    open: UseStateHandle<bool>,
    typed: UseStateHandle<String>,
    current: UseStateSetter<usize>,
    at: usize,
    offered: Vec<Choice>,
    pick: Callback<Choice>,
    picked: Vec<Choice>,
    onchange: Callback<Vec<Choice>>,
}

impl Keys {
    fn press(&self, event: &KeyboardEvent) {
        match event.key().as_str() {
            "ArrowDown" if !*self.open => self.open.set(true),
            "ArrowDown" => self.current.set((self.at + 1).min(self.offered.len().saturating_sub(1))),
            "ArrowUp" => self.current.set(self.at.saturating_sub(1)),
            "Enter" if *self.open => {
                if let Some(choice) = self.offered.get(self.at) {
                    self.pick.emit(choice.clone());
                }
            }
            // Closes the list, not the dialog around it.
            "Escape" if *self.open => self.open.set(false),
            "Backspace" if self.typed.is_empty() => {
                let kept = self.picked.len().saturating_sub(1);
                return self.onchange.emit(self.picked.iter().take(kept).cloned().collect());
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Finds the choices for what is typed and gives them to `show`, at once or after the server answered.
fn look_up(
    source: &Source,
    typed: &str,
    waiting: &Rc<std::cell::RefCell<Option<Timeout>>>,
    show: impl Fn(Vec<Choice>) + 'static,
) {
    match source {
        Source::List(all) => {
            let words = fold(typed);
            show(all.iter().filter(|choice| choice.fits(&words)).cloned().collect());
        }
        Source::Ask(call, run) => {
            let (call, run) = (call(typed), Rc::clone(run));
            let done = Callback::from(move |answer: Result<Vec<Choice>, Failure>| show(answer.unwrap_or_default()));
            *waiting.borrow_mut() = Some(Timeout::new(REST, move || run(call, done)));
        }
    }
}

fn listbox(list: &str, label: &AttrValue, offered: &[Choice], at: usize, pick: &Callback<Choice>) -> Html {
    html! {
        <div class="dw-picker__list">
            <div class="dw-menu" role="listbox" id={list.to_owned()} aria-label={label.clone()}>
                if offered.is_empty() { <div class="dw-menu__item dw-muted">{ t!("nothing-found") }</div> }
                { for offered.iter().enumerate().map(|(index, choice)| option(list, index, at, choice, pick)) }
            </div>
        </div>
    }
}

fn chip(choice: &Choice, props: &PickerProps) -> Html {
    let remove = {
        let (id, picked, onchange) = (choice.id.clone(), props.picked.clone(), props.onchange.clone());
        Callback::from(move |_| onchange.emit(picked.iter().filter(|other| other.id != id).cloned().collect()))
    };
    html! { <Chip label={choice.label.clone()} on_remove={remove} /> }
}

fn option(list: &str, index: usize, at: usize, choice: &Choice, pick: &Callback<Choice>) -> Html {
    let onmousedown = {
        let (choice, pick) = (choice.clone(), pick.clone());
        Callback::from(move |event: MouseEvent| {
            // Keeps the keyboard in the field.
            event.prevent_default();
            pick.emit(choice.clone());
        })
    };
    html! {
        <div id={format!("{list}-{index}")} role="option" class={classes!("dw-menu__item", (index == at).then_some("is-current"))}
            aria-selected={if index == at { "true" } else { "false" }} {onmousedown} key={choice.id.to_string()}>
            <span>{ &choice.label }if let Some(hint) = &choice.hint { <span class="hint">{ hint }</span> }</span>
        </div>
    }
}

/// A small label that can be taken away.
#[derive(Properties, PartialEq)]
pub struct ChipProps {
    /// What it says.
    pub label: AttrValue,
    /// A quiet word before it, such as the filter's name.
    #[prop_or_default]
    pub prefix: Option<AttrValue>,
    /// Takes it away.
    pub on_remove: Callback<MouseEvent>,
}

/// A small label that can be taken away.
#[component]
pub fn Chip(props: &ChipProps) -> Html {
    html! {
        <span class="pf-v6-c-label pf-m-outline">
            <span class="pf-v6-c-label__content"><span class="pf-v6-c-label__text">
                if let Some(prefix) = &props.prefix { <span class="dw-muted">{ prefix }{ " " }</span> }
                { &props.label }
            </span></span>
            <span class="pf-v6-c-label__actions">
                <button type="button" class="pf-v6-c-button pf-m-plain pf-m-no-padding" onclick={props.on_remove.clone()}
                    aria-label={t!("remove-chip", name = props.label.as_str())}>
                    <span class="pf-v6-c-button__icon">{ Icon::Close }</span>
                </button>
            </span>
        </span>
    }
}
