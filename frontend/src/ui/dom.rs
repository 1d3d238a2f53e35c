//! Small helpers around the browser's document.

use std::cell::Cell;

use wasm_bindgen::JsCast as _;
use web_sys::{Document, HtmlElement};

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// An id that no other element of the page has.
pub fn fresh_id(prefix: &str) -> String {
    let number = NEXT.with(|next| next.replace(next.get() + 1));
    format!("{prefix}-{number}")
}

/// An id that stays the same while the component stands.
#[yew::hook]
pub fn use_id(prefix: &'static str) -> yew::AttrValue {
    (*yew::use_state(|| yew::AttrValue::from(fresh_id(prefix)))).clone()
}

/// The page's document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Moves the keyboard to the element with this id, if it stands.
pub fn focus_id(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Focus of a standing element does not fail.
        let _ = element.focus();
    }
}

/// The direction of a field of free text: its own once something is typed, the page's while it is empty.
pub fn typed_dir(text: &str) -> Option<&'static str> {
    (!text.is_empty()).then_some("auto")
}

/// From this width a list has its preview beside it, pixels.
const WIDE: f64 = 1200.0;

/// Whether the window is wide enough for a preview beside a list.
pub fn is_wide() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    width.is_none_or(|width| width >= WIDE)
}

/// Sets the title of the browser's tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(&format!("{title} · {}", crate::t!("app-name")));
    }
}

/// The elements inside `root` that a CSS selector finds, in their order.
pub fn all(root: &web_sys::Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// Moves the keyboard by `step` among `items`, around the ends.
pub fn focus_step(items: &[HtmlElement], step: i32) {
    let active = document().and_then(|document| document.active_element());
    let at = items.iter().position(|item| active.as_ref().is_some_and(|active| **item == *active));
    let count = i32::try_from(items.len()).unwrap_or(0);
    if count == 0 {
        return;
    }
    let next = match at.and_then(|at| i32::try_from(at).ok()) {
        Some(at) => (at + step).rem_euclid(count),
        None if step < 0 => count - 1,
        None => 0,
    };
    if let Some(item) = usize::try_from(next).ok().and_then(|next| items.get(next)) {
        let _ = item.focus();
    }
}

/// +1 or -1 for the arrow keys along the reading direction, 0 for other keys: right is back in Arabic.
pub fn reading_step(key: &str) -> i32 {
    let forward = if crate::i18n::is_rtl() { "ArrowLeft" } else { "ArrowRight" };
    match key {
        key if key == forward => 1,
        "ArrowLeft" | "ArrowRight" => -1,
        _ => 0,
    }
}
