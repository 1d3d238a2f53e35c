//! Moves between screens through the browser's history, without loading the page again.

use std::cell::RefCell;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::MouseEvent;
use yew::prelude::*;

use super::query::Query;
use super::route::Route;

/// Where the user is.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The screen.
    pub route: Route,
    /// Its filters.
    pub query: Query,
}

impl Place {
    fn here() -> Self {
        let location = web_sys::window().map(|window| window.location());
        let part = |read: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
            location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
        };
        Self {
            route: Route::parse(&part(web_sys::Location::pathname)),
            query: Query::parse(&part(web_sys::Location::search)),
        }
    }
}

thread_local! {
    static MOVED: RefCell<Option<Callback<Place>>> = const { RefCell::new(None) };
}

fn announce() {
    let moved = MOVED.with(|moved| moved.borrow().clone());
    if let Some(moved) = moved {
        moved.emit(Place::here());
    }
}

/// Goes to an address of this app and remembers the old one for "back".
pub fn go(url: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        // Fails only for addresses of another site, which `Route` cannot make.
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(url));
    }
    announce();
}

/// Goes to a screen.
pub fn go_to(route: &Route) {
    go(&route.path());
}

/// Changes the filters of the current screen without adding a step to "back".
pub fn replace_query(query: &Query) {
    let url = format!("{}{}", Place::here().route.path(), query.text());
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
    announce();
}

/// Goes one step back.
pub fn back() {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let _ = history.back();
    }
}

/// What stands inside [`Router`].
#[derive(Properties, PartialEq)]
pub struct RouterProps {
    /// The screens.
    pub children: Html,
}

/// Gives the current [`Place`] to everything inside.
#[component]
pub fn Router(props: &RouterProps) -> Html {
    let place = use_state_eq(Place::here);
    {
        let place = place.setter();
        use_effect_with((), move |()| {
            MOVED.with(|moved| *moved.borrow_mut() = Some(Callback::from(move |here| place.set(here))));
            let on_pop = Closure::<dyn Fn()>::new(announce);
            if let Some(window) = web_sys::window() {
                let _ = window.add_event_listener_with_callback("popstate", on_pop.as_ref().unchecked_ref());
            }
            // The router lives as long as the page.
            on_pop.forget();
        });
    }
    yew::provide((*place).clone(), props.children.clone())
}

/// Where the user is; redraws on every move.
#[hook]
pub fn use_place() -> Place {
    use_context::<Place>().unwrap_or_else(Place::here)
}

/// A link inside the app.
#[derive(Properties, PartialEq)]
pub struct LinkProps {
    /// The address, made by [`Route::path`], with its query if any.
    pub to: AttrValue,
    /// Style classes.
    #[prop_or_default]
    pub class: Classes,
    /// Says that this is the screen the user is on.
    #[prop_or_default]
    pub current: bool,
    /// Name for screen readers where the content is only a mark.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// What happens besides moving.
    #[prop_or_default]
    pub on_go: Callback<()>,
    /// The content.
    pub children: Html,
}

/// A link that moves inside the app; with a modifier key the browser opens it as usual.
#[component]
pub fn Link(props: &LinkProps) -> Html {
    let onclick = {
        let (to, on_go) = (props.to.clone(), props.on_go.clone());
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
                return;
            }
            event.prevent_default();
            go(&to);
            on_go.emit(());
        })
    };
    html! {
        <a href={props.to.clone()} class={props.class.clone()} {onclick} aria-current={props.current.then_some("page")}
            aria-label={props.label.clone()}>
            { props.children.clone() }
        </a>
    }
}
