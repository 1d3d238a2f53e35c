//! The copy of what is typed on the server, so that it can be gone on with at another machine.

use chrono::NaiveDateTime;
use diwan_platform_api::work::{Draft as Stored, DraftSummary, PutDraft};
use gloo_timers::callback::Timeout;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::draft::Draft;
use crate::client;

/// How long the typing rests before the server gets a copy, milliseconds.
const REST: u32 = 3_000;

/// A copy found on the server that is not what the screen began with.
pub(super) type Found = UseStateHandle<Option<(Draft, NaiveDateTime)>>;

fn path(name: &str) -> String {
    format!("/api/drafts/{name}")
}

/// Forgets the server's copy.
pub(super) fn forget(name: &str) {
    let call = client::delete(path(name));
    // A copy that stays is offered again, no more.
    spawn_local(async move { drop(call.done().await) });
}

/// Sends a copy to the server whenever the typing rests; gives the one that was there before, if `look` says to look.
#[hook]
pub(super) fn use_server_copy(name: &str, draft: &Draft, start: &Draft, look: bool) -> (Found, Callback<()>) {
    let found: Found = use_state(|| None);
    let waiting = use_mut_ref(|| None::<Timeout>);
    let sent = use_mut_ref(|| start.clone());
    {
        let (found, name, start) = (found.setter(), name.to_owned(), start.clone());
        use_effect_with((), move |()| {
            if look {
                spawn_local(async move {
                    // None kept, none readable: there is nothing to offer. The list is asked first, it is never missing.
                    let Ok(list) = client::get("/api/drafts").send::<Vec<DraftSummary>>().await else { return };
                    if !list.iter().any(|draft| draft.key == name) {
                        return;
                    }
                    let Ok(stored) = client::get(path(&name)).send::<Stored>().await else { return };
                    let Some(draft) = client::json::read::<Draft>(&stored.body) else { return };
                    if draft != start && draft.base == start.base {
                        found.set(Some((draft, stored.updated_at)));
                    }
                });
            }
        });
    }
    {
        let (name, waiting) = (name.to_owned(), waiting.clone());
        use_effect_with(draft.clone(), move |draft| {
            if *sent.borrow() == *draft {
                return;
            }
            *sent.borrow_mut() = draft.clone();
            let Ok(body) = serde_json::to_string(draft) else { return };
            *waiting.borrow_mut() = Some(Timeout::new(REST, move || {
                let call = client::put(path(&name)).json(&PutDraft { body });
                // The browser has its own copy; this one is for other machines.
                spawn_local(async move { drop(call.done().await) });
            }));
        });
    }
    let stop = Callback::from(move |()| drop(waiting.borrow_mut().take()));
    (found, stop)
}
