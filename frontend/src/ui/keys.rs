//! Keys that work wherever the keyboard is: Ctrl+K, Ctrl+S.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Calls `action` on Ctrl (or ⌘) with a physical key such as `KeyS`, while the component stands.
///
/// Physical, because with an Arabic layout the same key types another letter.
#[hook]
pub fn use_ctrl_key(code: &'static str, action: Callback<()>) {
    use_effect_with(action, move |action| {
        let action = action.clone();
        let listen = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.code() == code {
                event.prevent_default();
                action.emit(());
            }
        });
        let window = web_sys::window();
        if let Some(window) = &window {
            let _ = window.add_event_listener_with_callback("keydown", listen.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback("keydown", listen.as_ref().unchecked_ref());
            }
        }
    });
}
