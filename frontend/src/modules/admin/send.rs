//! A change on its way: whether it is, and why it failed.

use serde::de::DeserializeOwned;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::client::{Answer, Call, Failure};
use crate::ui::FailureAlert;

/// A change on its way.
#[derive(Clone)]
pub(in crate::modules) struct Sending {
    /// It is going on.
    pub(in crate::modules) busy: bool,
    /// Why the last one failed.
    pub(in crate::modules) failure: Option<Failure>,
    set_busy: UseStateSetter<bool>,
    set_failure: UseStateSetter<Option<Failure>>,
}

/// A change that this component sends.
#[hook]
pub(in crate::modules) fn use_sending() -> Sending {
    let busy = use_state_eq(|| false);
    let failure = use_state_eq(|| None::<Failure>);
    Sending { busy: *busy, failure: (*failure).clone(), set_busy: busy.setter(), set_failure: failure.setter() }
}

/// What is done with an answer; it may turn out to be unreadable.
type Then = Box<dyn FnOnce(&Answer) -> Result<(), Failure>>;

impl Sending {
    /// Sends, and gives the answer to `then`.
    pub(in crate::modules) fn answer<T: DeserializeOwned + 'static>(&self, call: Call, then: impl FnOnce(T) + 'static) {
        self.run(call, Box::new(|answer| answer.read().map(then)));
    }

    /// Sends where no content is expected back.
    pub(in crate::modules) fn done(&self, call: Call, then: impl FnOnce() + 'static) {
        self.run(
            call,
            Box::new(|_| {
                then();
                Ok(())
            }),
        );
    }

    /// Boxed, so that all types share one compiled function.
    fn run(&self, call: Call, then: Then) {
        if self.busy {
            return;
        }
        let this = self.clone();
        this.set_busy.set(true);
        this.set_failure.set(None);
        spawn_local(async move {
            let answer = call.text().await;
            this.set_busy.set(false);
            if let Err(why) = answer.and_then(|answer| then(&answer)) {
                this.set_failure.set(Some(why));
            }
        });
    }

    /// What is wrong with a field.
    pub(in crate::modules) fn error(&self, field: &str) -> Option<AttrValue> {
        self.failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from)
    }

    /// The failure as a message; what is wrong with a field stands beside the field.
    pub(in crate::modules) fn alert(&self) -> Html {
        html! { <FailureAlert failure={self.failure.clone()} /> }
    }

    /// The failure as a message, with what is wrong with fields that are not `drawn`: it would stand nowhere else.
    pub(in crate::modules) fn alert_beside(&self, drawn: &[&str]) -> Html {
        let more = self.failure.as_ref().map(|failure| failure.unseen(drawn)).unwrap_or_default();
        html! { <FailureAlert failure={self.failure.clone()} {more} /> }
    }
}
