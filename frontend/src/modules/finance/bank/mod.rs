//! The bank (البنك).

use yew::prelude::*;

use crate::app::NotFound;

/// The screen of a page.
pub(super) fn screen(_page: &[&str]) -> Html {
    html! { <NotFound /> }
}
