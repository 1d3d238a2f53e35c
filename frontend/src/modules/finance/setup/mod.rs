//! What documents name (الإعداد).

use yew::prelude::*;

use crate::app::NotFound;
use crate::ui::Tab;

/// The tabs beside years and accounts.
pub(super) fn tabs() -> Vec<Tab> {
    Vec::new()
}

/// The screen of a page.
pub(super) fn screen(_page: &[&str]) -> Html {
    html! { <NotFound /> }
}
