//! Administration (الإدارة).

use yew::prelude::*;

use crate::app::NotFound;

/// Administration.
#[derive(Properties, PartialEq)]
pub struct AdminProps {
    /// Which page, empty for the first.
    pub page: String,
}

/// Administration.
#[component]
pub fn Admin(_props: &AdminProps) -> Html {
    html! { <NotFound /> }
}
