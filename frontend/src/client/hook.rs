//! Loads what a screen shows, keeps the old answer until the new one is there, and loads again when the net is back.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::de::DeserializeOwned;
use web_sys::AbortController;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::http::Answer;
use super::net::use_online;
use super::{Call, Failure};

/// What is known of something that is loaded.
pub struct ApiState<T> {
    /// The last good answer.
    pub data: Option<Rc<T>>,
    /// Why the last call failed.
    pub failure: Option<Failure>,
    /// Whether a call is on its way.
    pub loading: bool,
    /// Loads again.
    pub reload: Callback<()>,
    /// Takes an answer that came another way, such as that of a change.
    pub set: Callback<Rc<T>>,
}

impl<T> Clone for ApiState<T> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            failure: self.failure.clone(),
            loading: self.loading,
            reload: self.reload.clone(),
            set: self.set.clone(),
        }
    }
}

/// [`ApiState`] before the type of the answer is known.
struct AnyState {
    data: Option<Rc<dyn Any>>,
    failure: Option<Failure>,
    loading: bool,
    reload: Callback<()>,
    set: Callback<Rc<dyn Any>>,
}

/// The answer to `call`; a new call is sent whenever it differs from the last one. `None` loads nothing.
#[hook]
pub fn use_api<T: DeserializeOwned + 'static>(call: Option<Call>) -> ApiState<T> {
    let any = use_any(call, |answer| Ok(Rc::new(answer.read::<T>()?)));
    let set = use_callback(any.set, |answer: Rc<T>, set| set.emit(answer));
    ApiState {
        data: any.data.and_then(|data| data.downcast().ok()),
        failure: any.failure,
        loading: any.loading,
        reload: any.reload,
        set,
    }
}

/// What [`use_api`] does for every type: compiled once, as fifty copies of it would be a tenth of the application.
#[hook]
fn use_any(call: Option<Call>, read: fn(&Answer) -> Result<Rc<dyn Any>, Failure>) -> AnyState {
    let data = use_state(|| None::<Rc<dyn Any>>);
    let failure = use_state(|| None::<Failure>);
    let loading = use_state_eq(|| call.is_some());
    let round = use_state_eq(|| 0_u32);
    // Counts calls so that an answer that was overtaken is dropped.
    let latest = use_mut_ref(|| 0_u32);
    let online = use_online();
    let reload = {
        let (round, loading, latest) = (round.setter(), loading.setter(), Rc::clone(&latest));
        // At once: whoever asks in the same moment is told that what is there is about to change, and an answer that is
        // on its way is of before. Counted on from the last call, so that two that ask at once are both heard.
        use_callback((), move |(), ()| {
            *latest.borrow_mut() += 1;
            loading.set(true);
            round.set(*latest.borrow());
        })
    };
    let set = {
        let (data, failure) = (data.setter(), failure.setter());
        let (loading, latest) = (loading.setter(), Rc::clone(&latest));
        // An answer that is on its way is of before.
        use_callback((), move |answer: Rc<dyn Any>, ()| {
            *latest.borrow_mut() += 1;
            loading.set(false);
            data.set(Some(answer));
            failure.set(None);
        })
    };
    {
        let (data, failure, loading) = (data.setter(), failure.setter(), loading.setter());
        use_effect_with((call, *round), move |(call, _)| {
            let (data, failure) = (data.clone(), failure.clone());
            let done = loading.clone();
            loading.set(call.is_some());
            start(call.clone(), latest, move |answer| {
                match answer.and_then(|answer| read(&answer)) {
                    Ok(answer) => {
                        data.set(Some(answer));
                        failure.set(None);
                    }
                    Err(why) => failure.set(Some(why)),
                }
                done.set(false);
            })
        });
    }
    {
        let (reload, was_offline) = (reload.clone(), *failure == Some(Failure::Offline));
        use_effect_with(online, move |online| {
            if *online && was_offline {
                reload.emit(());
            }
        });
    }
    AnyState { data: (*data).clone(), failure: (*failure).clone(), loading: *loading, reload, set }
}

/// Sends the call and gives its answer to `done`, unless it was overtaken; returns what breaks it off.
fn start(
    call: Option<Call>,
    latest: Rc<RefCell<u32>>,
    done: impl FnOnce(Result<Answer, Failure>) + 'static,
) -> impl FnOnce() {
    let controller = AbortController::new().ok();
    let alive = Rc::new(Cell::new(true));
    if let Some(call) = call {
        *latest.borrow_mut() += 1;
        let number = *latest.borrow();
        let alive = Rc::clone(&alive);
        let call = call.signal(controller.as_ref().map(AbortController::signal));
        spawn_local(async move {
            let answer = call.text().await;
            if alive.get() && *latest.borrow() == number {
                done(answer);
            }
        });
    }
    move || {
        alive.set(false);
        if let Some(controller) = controller {
            controller.abort();
        }
    }
}
