//! What is typed is kept in the browser until the server has it: a lost session, network or power takes nothing away.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yew::prelude::*;

use super::{json, storage};

/// How long the typing rests before it is written down, milliseconds.
const REST: u32 = 400;

/// A value that is kept while it is worked on.
pub struct Kept<T> {
    /// The value now.
    pub value: Rc<T>,
    /// It came from an earlier visit, not from `start`: say so and offer to drop it.
    pub restored: bool,
    /// Changes it.
    pub set: Callback<T>,
    /// Drops what is kept: after the server took it, or when the person does not want it.
    pub forget: Callback<()>,
}

/// A value kept in this browser under `name`, such as `letter-17` or `note-17`; `start` gives it where nothing is kept.
///
/// Someone else who signs in at the same machine does not find it.
#[hook]
pub fn use_kept<T>(name: String, start: impl FnOnce() -> T) -> Kept<T>
where
    T: Serialize + DeserializeOwned + PartialEq + 'static,
{
    let key = format!("diwan-draft-{name}");
    let found = use_state_eq(|| storage::get(&key).and_then(|json| json::read::<T>(&json)).map(Rc::new));
    let restored = use_state_eq(|| found.is_some());
    let value = use_state_eq(|| (*found).clone().unwrap_or_else(|| Rc::new(start())));
    let resting = use_mut_ref(|| None::<(Timeout, Rc<T>)>);
    {
        // Leaving the screen writes down what the timer has not.
        let (key, resting) = (key.clone(), Rc::clone(&resting));
        use_effect_with((), move |()| {
            move || {
                if let Some((_, value)) = resting.borrow_mut().take() {
                    write(&key, &*value);
                }
            }
        });
    }
    let set = {
        let (key, value, resting) = (key.clone(), value.setter(), Rc::clone(&resting));
        Callback::from(move |next: T| {
            let next = Rc::new(next);
            let (key, late) = (key.clone(), Rc::clone(&next));
            let timer = Timeout::new(REST, move || write(&key, &*late));
            *resting.borrow_mut() = Some((timer, Rc::clone(&next)));
            value.set(next);
        })
    };
    let forget = {
        let restored = restored.setter();
        Callback::from(move |()| {
            resting.borrow_mut().take();
            storage::remove(&key);
            restored.set(false);
        })
    };
    Kept { value: (*value).clone(), restored: *restored, set, forget }
}

fn write<T: Serialize>(key: &str, value: &T) {
    if let Ok(json) = serde_json::to_string(value) {
        storage::set(key, &json);
    }
}
