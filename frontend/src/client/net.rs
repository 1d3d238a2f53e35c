//! Whether the server can be reached: what the browser says, and what the last call met.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

type Listener = Rc<dyn Fn(bool)>;

thread_local! {
    static ONLINE: Cell<bool> = const { Cell::new(true) };
    static LISTENERS: RefCell<Vec<(usize, Listener)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Records what a call met and tells everyone who listens when it changed.
pub fn report(online: bool) {
    if ONLINE.with(|now| now.replace(online)) == online {
        return;
    }
    let listeners: Vec<Listener> =
        LISTENERS.with(|list| list.borrow().iter().map(|(_, listener)| Rc::clone(listener)).collect());
    for listener in listeners {
        listener(online);
    }
}

/// Whether the server could be reached last time.
pub fn is_online() -> bool {
    ONLINE.with(Cell::get)
}

/// Listens to the browser's own signals; called once.
pub fn watch() {
    let Some(window) = web_sys::window() else { return };
    for (event, online) in [("online", true), ("offline", false)] {
        let listen = Closure::<dyn Fn()>::new(move || report(online));
        let _ = window.add_event_listener_with_callback(event, listen.as_ref().unchecked_ref());
        // Lives as long as the page.
        listen.forget();
    }
}

/// Whether the server can be reached; redraws when that changes.
#[hook]
pub fn use_online() -> bool {
    let online = use_state_eq(is_online);
    {
        let online = online.setter();
        use_effect_with((), move |()| {
            let id = NEXT.with(|next| next.replace(next.get() + 1));
            let listener: Listener = Rc::new(move |now| online.set(now));
            LISTENERS.with(|list| list.borrow_mut().push((id, listener)));
            move || LISTENERS.with(|list| list.borrow_mut().retain(|(other, _)| *other != id))
        });
    }
    *online
}
