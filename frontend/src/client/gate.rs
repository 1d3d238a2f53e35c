//! The session's gate: a call that meets an ended session waits here until the person has signed in again.
//!
//! The page stays as it is meanwhile, so nothing typed is lost; [`crate::app`] shows the sign-in dialog over it.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use yew::Callback;

#[derive(Default)]
struct Gate {
    on_close: Option<Callback<()>>,
    waiting: Vec<Function>,
}

thread_local! {
    static GATE: RefCell<Gate> = RefCell::new(Gate::default());
}

/// Says what shows the sign-in dialog. Without it (before the first sign-in) calls do not wait.
pub fn on_close(show: Option<Callback<()>>) {
    GATE.with(|gate| gate.borrow_mut().on_close = show);
}

/// Waits until the session is open again; false where nobody can open it.
pub async fn wait() -> bool {
    let Some(show) = GATE.with(|gate| gate.borrow().on_close.clone()) else { return false };
    let opened = Promise::new(&mut |resolve, _| GATE.with(|gate| gate.borrow_mut().waiting.push(resolve)));
    show.emit(());
    JsFuture::from(opened).await.is_ok_and(|opened| opened.is_truthy())
}

/// Lets the waiting calls go on: with `true` they are sent again, with `false` they fail as refused.
pub fn open(again: bool) {
    let waiting = GATE.with(|gate| std::mem::take(&mut gate.borrow_mut().waiting));
    for resolve in waiting {
        // Resolving a promise does not throw.
        let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::from_bool(again));
    }
}
