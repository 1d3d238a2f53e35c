//! Ctrl+K: one field over everything. Screens are offered at once, records as the server finds them.

use std::rc::Rc;

use diwan_kernel::text::fold;
use gloo_timers::callback::Timeout;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::dialog::use_modal;
use super::dom;
use super::icon::Icon;
use crate::app::query::Query;
use crate::app::router;

/// How long the typing rests before the server is asked, milliseconds.
const REST: u32 = 150;

/// Something to go to.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// Its name: a screen, or a record's subject.
    pub label: AttrValue,
    /// Number, agency, date.
    pub hint: Option<AttrValue>,
    /// Its picture.
    pub icon: Icon,
    /// Its address.
    pub url: AttrValue,
}

/// The palette; it stands in the tree only while it is open.
#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// The screens.
    pub screens: Rc<Vec<Goal>>,
    /// What the server found for the last text told by `on_text`.
    #[prop_or_default]
    pub found: Rc<Vec<Goal>>,
    /// Told of the text after the typing rests.
    #[prop_or_default]
    pub on_text: Callback<String>,
    /// Closes the palette.
    pub on_close: Callback<()>,
}

/// The palette.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let node = use_node_ref();
    let text = use_state_eq(String::new);
    let at = use_state_eq(|| 0_usize);
    let resting = use_mut_ref(|| None::<Timeout>);
    let list = dom::use_id("palette");
    use_modal(&node);
    let goals = goals(&text, props);
    let current = (*at).min(goals.len().saturating_sub(1));
    let oninput = {
        let (text, at, on_text) = (text.setter(), at.setter(), props.on_text.clone());
        Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            text.set(typed.clone());
            at.set(0);
            let on_text = on_text.clone();
            *resting.borrow_mut() = Some(Timeout::new(REST, move || on_text.emit(typed)));
        })
    };
    let onkeydown = {
        let (goals, at, on_close) = (goals.clone(), at.setter(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = goals.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.set((current + 1).min(last)),
                "ArrowUp" => at.set(current.saturating_sub(1)),
                "Enter" => {
                    if let Some(goal) = goals.get(current) {
                        on_close.emit(());
                        router::go(&goal.url);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oncancel = props.on_close.reform(|event: Event| event.prevent_default());
    // A press on the dark around the box closes it: the box itself fills the dialog.
    let onclick = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        Callback::from(move |event: MouseEvent| {
            if event.target_dyn_into::<HtmlDialogElement>().is_some() && node.get().is_some() {
                on_close.emit(());
            }
        })
    };
    html! {
        <dialog ref={node} class="dw-dialog dw-palette" aria-label={t!("search-everything")} {oncancel} {onclick}>
            <div class="dw-q">{ Icon::Search }
                <input type="search" role="combobox" aria-expanded="true" aria-controls={list.clone()} aria-autocomplete="list" {oninput} {onkeydown}
                    placeholder={t!("search-placeholder")} aria-label={t!("search-everything")} autofocus=true dir={dom::typed_dir(&text)} autocomplete="off"
                    aria-activedescendant={(!goals.is_empty()).then(|| format!("{list}-{current}"))} />
            </div>
            <div class="list" role="listbox" id={list.clone()} aria-label={t!("results")}>
                { for goals.iter().enumerate().map(|(index, goal)| draw(goal, index, current, &list, &props.on_close)) }
            </div>
        </dialog>
    }
}

/// Fitting screens, then what the server found, then the search page itself.
fn goals(text: &str, props: &PaletteProps) -> Vec<Goal> {
    let words = fold(text);
    let fits = |goal: &&Goal| words.split_whitespace().all(|word| fold(&goal.label).contains(word));
    let mut goals: Vec<Goal> = props.screens.iter().filter(fits).take(6).cloned().collect();
    if !words.trim().is_empty() {
        goals.splice(0..0, props.found.iter().cloned());
        goals.push(Goal {
            label: t!("search-for", text = text).into(),
            hint: None,
            icon: Icon::Search,
            url: format!("/search{}", Query::default().with("q", text).text()).into(),
        });
    }
    goals
}

fn draw(goal: &Goal, index: usize, current: usize, list: &str, on_close: &Callback<()>) -> Html {
    let onclick = {
        let (url, on_close) = (goal.url.clone(), on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_close.emit(());
            router::go(&url);
        })
    };
    html! {
        <div id={format!("{list}-{index}")} role="option" class={classes!("dw-menu__item", (index == current).then_some("is-current"))}
            aria-selected={if index == current { "true" } else { "false" }} {onclick}>
            { goal.icon }
            <span style="min-inline-size:0">{ &goal.label }if let Some(hint) = &goal.hint { <span class="hint">{ hint }</span> }</span>
        </div>
    }
}
