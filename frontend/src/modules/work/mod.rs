//! My work (أعمالي): what waits for this person, over all modules.

use yew::prelude::*;

use crate::ui::{Empty, PageHead, Screen};

/// My work.
#[component]
pub fn Work() -> Html {
    html! {
        <Screen head={html! { <PageHead title={t!("nav-work")} /> }}>
            <Empty text={t!("work-empty")} />
        </Screen>
    }
}
