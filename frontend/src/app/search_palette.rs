//! Ctrl+K over this installation: the person's screens, and records as the server finds them.

use std::rc::Rc;

use yew::prelude::*;

use super::route::Route;
use super::session::use_session;
use super::sidebar::{NavLine, lines};
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

/// The palette.
#[component]
pub fn SearchPalette(props: &SearchPaletteProps) -> Html {
    let session = use_session();
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
    html! { <Palette screens={Rc::new(screens)} on_close={props.on_close.clone()} /> }
}
