//! Ctrl+K over this installation: the person's screens, and records as the server finds them.

use std::rc::Rc;

use diwan_archive_api::{Suggestion, Suggestions};
use yew::prelude::*;

use super::route::Route;
use super::session::use_session;
use super::sidebar::{NavLine, lines};
use crate::client::{self, use_api};
use crate::i18n;
use crate::modules::search::{record_icon, record_url};
use crate::ui::Icon;
use crate::ui::palette::{Goal, Palette};

/// The palette.
#[derive(Properties, PartialEq)]
pub struct SearchPaletteProps {
    /// Closes it.
    pub on_close: Callback<()>,
}

fn goal(line: &NavLine) -> Goal {
    Goal {
        label: line.label.clone().into(),
        hint: None,
        icon: line.icon.unwrap_or(Icon::Letter),
        url: line.route.path().into(),
    }
}

fn found(record: &Suggestion) -> Goal {
    let kind = i18n::code("record-kind", record.kind.code());
    let hint = record.number.as_ref().map_or_else(|| kind.clone(), |number| format!("{kind} {number}"));
    Goal {
        label: record.subject.text.clone().into(),
        hint: Some(hint.into()),
        icon: record_icon(record.kind),
        url: record_url(record.kind, record.id).into(),
    }
}

/// The palette.
#[component]
pub fn SearchPalette(props: &SearchPaletteProps) -> Html {
    let session = use_session();
    let typed = use_state_eq(String::new);
    let call = (!typed.trim().is_empty()).then(|| client::get("/api/search/suggest").query("q", typed.trim()));
    let records = use_api::<Suggestions>(call);
    let mut screens: Vec<Goal> = Vec::new();
    for line in lines(&session, None) {
        if line.below.is_empty() {
            screens.push(goal(&line));
        }
        screens.extend(line.below.iter().map(goal));
    }
    if session.may(diwan_kernel::Permission::LettersDraft) {
        screens.push(Goal {
            label: t!("new-letter").into(),
            hint: None,
            icon: Icon::Plus,
            url: Route::LetterNew.path().into(),
        });
    }
    let suggested = records.data.as_ref().filter(|_| !typed.trim().is_empty());
    let goals: Vec<Goal> = suggested.iter().flat_map(|answer| answer.items.iter().map(found)).collect();
    let on_text = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    html! { <Palette screens={Rc::new(screens)} found={Rc::new(goals)} {on_text} on_close={props.on_close.clone()} /> }
}
