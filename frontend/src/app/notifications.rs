//! The bell: how many notifications are unread, and the newest of them.

use yew::prelude::*;

use super::sidebar::use_counts;
use crate::ui::{Empty, Icon, Menu};

/// The bell.
#[component]
pub fn Bell() -> Html {
    let counts = use_counts();
    let unread = counts.map_or(0, |counts| counts.unread);
    let toggle = html! {
        <>
            { Icon::Bell }
            if unread > 0 { <span class="dw-count">{ crate::i18n::format::number(unread.min(99)) }</span> }
        </>
    };
    html! {
        <Menu label={t!("notifications-unread", n = unread)} {toggle} class={classes!("dw-iconbtn")} testid="bell"
            panel={html! { <Empty text={t!("no-notifications")} /> }} />
    }
}
