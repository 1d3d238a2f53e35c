//! Saving what is written: the letter first, then the files chosen before it was there, then its way if that is wanted.

use std::cell::RefCell;
use std::rc::Rc;

use chrono::NaiveDateTime;
use diwan_platform_api::files::Attachments;
use diwan_tarasol_api::{Letter, LetterInput, LetterStep};
use gloo_timers::callback::Timeout;
use web_sys::{File, HtmlElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::draft::Draft;
use crate::app::route::Route;
use crate::app::router;
use crate::client::{self, ApiState, Failure, use_api};
use crate::i18n::format;
use crate::modules::record::files::{Sending, use_sending};
use crate::ui::{dom, use_toasts};

/// What happens once the letter and its files are there.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Goal {
    id: i64,
    version: i64,
    submit: bool,
}

/// The state of saving, and the way to start it.
pub(super) struct Saving {
    /// Saves; `true` sends the letter on its route as well.
    pub(super) save: Callback<bool>,
    /// Which of both is going on.
    pub(super) busy: Option<bool>,
    /// Why it did not work.
    pub(super) failure: Option<Failure>,
    /// The record once it is there.
    pub(super) record: Option<i64>,
    /// When it was saved last, UTC.
    pub(super) at: Option<NaiveDateTime>,
    /// Its files on the server.
    pub(super) files: ApiState<Attachments>,
    /// Files chosen before the record is there.
    pub(super) chosen: UseStateHandle<Vec<File>>,
    /// Files on their way.
    pub(super) rows: Html,
    /// Puts one's own text in place of what somebody else saved meanwhile; offered after a stale version.
    pub(super) overrule: Callback<()>,
}

async fn send(record: Option<(i64, i64)>, input: &LetterInput) -> Result<LetterStep, Failure> {
    let call = match record {
        Some((id, version)) => client::put(format!("/api/letters/{id}")).if_match(version),
        None => client::post("/api/letters"),
    };
    call.json(input).send::<LetterStep>().await
}

/// The keyboard goes to the first field that the server did not take.
fn focus_first_error() {
    let found = dom::document().and_then(|document| document.body()).map(|body| dom::all(&body, "[aria-invalid=true]"));
    if let Some(first) = found.iter().flatten().next() {
        let first: &HtmlElement = first;
        // Focus of a standing element does not fail.
        let _ = first.focus();
    }
}

/// Saves what `latest` holds. `on_saved` is told when the server has it, `on_reload` when a draft that was there changed.
#[hook]
pub(super) fn use_saving(
    letter: Option<&Letter>,
    latest: Rc<RefCell<Rc<Draft>>>,
    on_saved: Callback<()>,
    on_reload: Callback<()>,
) -> Saving {
    let record = use_state_eq(|| letter.map(|letter| (letter.head.id, letter.head.version)));
    let chosen = use_state(Vec::<File>::new);
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| None::<bool>);
    let at = use_state_eq(|| None::<NaiveDateTime>);
    let goal = use_state_eq(|| None::<Goal>);
    let files = use_api::<Attachments>((*record).map(|(id, _)| client::get(format!("/api/records/{id}/attachments"))));
    let Sending { rows, send: send_files, moving, failed } = use_sending(files.reload.clone());
    let is_new = letter.is_none();
    use_goal(&goal, (moving, failed), is_new, &busy, failure.setter(), on_reload);
    let save = {
        let (record, chosen, busy) = (record.clone(), chosen.clone(), busy.clone());
        let (failure, at, goal) = (failure.setter(), at.setter(), goal.setter());
        Callback::from(move |submit: bool| {
            if busy.is_some() {
                return;
            }
            let Some(input) = latest.borrow().to_send() else { return failure.set(Some(Failure::Unreadable(0))) };
            let (record, chosen, on_saved, send_files) =
                (record.clone(), chosen.clone(), on_saved.clone(), send_files.clone());
            let (failure, busy, at, goal) = (failure.clone(), busy.setter(), at.clone(), goal.clone());
            busy.set(Some(submit));
            spawn_local(async move {
                match send(*record, &input).await {
                    Ok(step) => {
                        on_saved.emit(());
                        failure.set(None);
                        at.set(Some(format::now()));
                        record.set(Some((step.id, step.version)));
                        if !chosen.is_empty() {
                            send_files.emit((step.id, (*chosen).clone(), 0));
                            chosen.set(Vec::new());
                        }
                        goal.set(Some(Goal { id: step.id, version: step.version, submit }));
                    }
                    Err(why) => {
                        failure.set(Some(why));
                        busy.set(None);
                        Timeout::new(50, focus_first_error).forget();
                    }
                }
            });
        })
    };
    let overrule = {
        let (record, failure) = (record.clone(), failure.clone());
        Callback::from(move |()| {
            if let (Some((id, _)), Some(current)) = (*record, failure.as_ref().and_then(Failure::current)) {
                record.set(Some((id, current)));
                failure.set(None);
            }
        })
    };
    Saving {
        save,
        busy: *busy,
        failure: (*failure).clone(),
        record: (*record).map(|(id, _)| id),
        at: *at,
        files,
        chosen,
        rows,
        overrule,
    }
}

/// Goes on when the letter is saved and no file is on its way: to the draft's own address, or on its route.
/// Where a file did not arrive, the screen stays and shows which. The pair counts the files on their way and the failed.
#[hook]
fn use_goal(
    goal: &UseStateHandle<Option<Goal>>,
    files: (usize, usize),
    is_new: bool,
    busy: &UseStateHandle<Option<bool>>,
    failure: UseStateSetter<Option<Failure>>,
    on_reload: Callback<()>,
) {
    let toasts = use_toasts();
    let (busy, reached) = (busy.setter(), goal.setter());
    use_effect_with((**goal, files), move |(goal, (moving, failed))| {
        let Some(goal) = goal.filter(|_| *moving == 0) else { return };
        reached.set(None);
        if *failed > 0 {
            return busy.set(None);
        }
        if !goal.submit {
            busy.set(None);
            toasts.done(t!("compose-saved"));
            if is_new {
                router::go_to(&Route::LetterEdit(goal.id))
            } else {
                on_reload.emit(())
            }
            return;
        }
        spawn_local(async move {
            let call = client::post(format!("/api/letters/{}/submit", goal.id)).if_match(goal.version);
            match call.send::<LetterStep>().await {
                Ok(_) => {
                    toasts.done(t!("done-submit"));
                    router::go_to(&Route::Letter(goal.id));
                }
                Err(why) => {
                    failure.set(Some(why));
                    busy.set(None);
                }
            }
        });
    });
}
