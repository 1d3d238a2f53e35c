//! Writing a letter: a new one, an answer, or a change to a draft.

mod draft;
mod fields;
mod files;
mod form;
mod keep;
mod recipients;
mod save;
mod template;

use std::rc::Rc;

use diwan_kernel::Lang;
use diwan_tarasol_api::{Form, Letter, LetterInput};
use yew::prelude::*;

use crate::app::NotFound;
use crate::app::router::use_place;
use crate::client::{self, ApiState, use_api};
use crate::i18n;
use crate::ui::{Alert, Crumb, FailureAlert, PageHead, Screen, Tone};
use draft::Draft;
use form::Compose;
pub use template::FIELDS;

/// A new letter, or an answer: `?reply=` names the letter answered, `?form=` the form.
#[component]
pub fn ComposeNew() -> Html {
    let place = use_place();
    let reply = place.query.get("reply").and_then(|id| id.parse::<i64>().ok());
    let form = place.query.get("form").and_then(|code| code.parse::<Form>().ok()).unwrap_or(Form::Letter);
    let input = use_api::<LetterInput>(reply.map(|id| client::get(format!("/api/letters/{id}/reply"))));
    let answered = use_api::<Letter>(reply.map(|id| client::get(format!("/api/letters/{id}"))));
    match reply {
        None => {
            let start = Rc::new(Draft::empty(form, i18n::lang()));
            html! { <Compose key={form.code()} name={format!("letter-new-{form}")} {start} /> }
        }
        Some(id) => match (&input.data, &answered.data) {
            (Some(input), Some(answered)) => {
                let start = Rc::new(Draft::of_input((**input).clone()));
                html! { <Compose key={id} name={format!("letter-reply-{id}")} {start} answered={Some(Rc::clone(answered))} /> }
            }
            _ => waiting(&input),
        },
    }
}

/// Which draft.
#[derive(Properties, PartialEq)]
pub struct ComposeEditProps {
    /// The record.
    pub id: i64,
}

/// A draft being changed, or a letter that came back for correction.
#[component]
pub fn ComposeEdit(props: &ComposeEditProps) -> Html {
    let id = props.id;
    let letter = use_api::<Letter>(Some(client::get(format!("/api/letters/{id}"))));
    // Whoever gives up their own text starts anew from what somebody else saved, as soon as it is there.
    let (round, left) = (use_state_eq(|| 0_u32), use_state_eq(|| None::<i64>));
    let version = letter.data.as_ref().map(|letter| letter.head.version);
    {
        let (round, leave) = (round.clone(), left.setter());
        use_effect_with((version, *left), move |(version, left)| {
            if left.is_some() && version != left {
                round.set(*round + 1);
                leave.set(None);
            }
        });
    }
    let on_discard = {
        let (left, reload) = (left.setter(), letter.reload.clone());
        Callback::from(move |()| {
            left.set(version);
            reload.emit(());
        })
    };
    let Some(found) = letter.data.clone() else { return waiting(&letter) };
    if !found.actions.iter().any(|action| action == "edit") {
        let crumb = Crumb::link(found.head.subject.clone(), crate::app::route::Route::Letter(id).path());
        let head =
            html! { <PageHead title={t!("compose-edit")} crumbs={vec![crumb, Crumb::here(t!("compose-edit"))]} /> };
        return html! { <Screen {head}><Alert tone={Tone::Warning} title={t!("compose-fixed")} /></Screen> };
    }
    let start = Rc::new(Draft::of_letter(&found));
    html! {
        <Compose key={format!("{id}-{}", *round)} name={format!("letter-{id}")} {start} letter={Some(found)}
            on_reload={letter.reload.clone()} {on_discard} />
    }
}

fn waiting<T>(state: &ApiState<T>) -> Html {
    match &state.failure {
        Some(failure) if failure.status() == 404 => html! { <NotFound /> },
        Some(_) => {
            html! { <div class="dw-pad"><FailureAlert failure={state.failure.clone()} retry={Some(state.reload.clone())} /></div> }
        }
        None => html! { <div class="dw-splash dw-skel-late" role="status">{ t!("loading") }</div> },
    }
}

/// The direction of a letter's language.
fn dir_of(lang: Lang) -> &'static str {
    if lang == Lang::Ar { "rtl" } else { "ltr" }
}
