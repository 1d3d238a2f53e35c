//! The screens, one folder per module; each is a composition of the kit.

#[cfg(feature = "kit")]
mod kit;
mod work;

use yew::prelude::*;

use crate::app::NotFound;
use crate::app::route::Route;

/// The screen of a route.
pub fn screen(route: &Route) -> Html {
    match route {
        Route::Home => html! { <work::Work /> },
        #[cfg(feature = "kit")]
        Route::Kit => html! { <kit::Kit /> },
        _ => html! { <NotFound /> },
    }
}
