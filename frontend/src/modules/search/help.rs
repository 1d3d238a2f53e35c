//! How to search, with examples that can be pressed.

use yew::prelude::*;

use crate::app::query::Query;
use crate::app::router::Link;
use crate::ui::Icon;
use crate::ui::menu::Menu;

/// The signs of the search language, each with an example.
#[component]
pub(super) fn Help() -> Html {
    let lines = [
        (t!("find-help-words"), t!("find-example-words")),
        (t!("find-help-phrase"), t!("find-example-phrase")),
        (t!("find-help-begin"), t!("find-example-begin")),
        (t!("find-help-fuzzy"), t!("find-example-fuzzy")),
        (t!("find-help-without"), t!("find-example-without")),
        (t!("find-help-or"), t!("find-example-or")),
        (t!("find-help-number"), t!("find-example-number")),
        (t!("find-help-subject"), t!("find-example-subject")),
        (t!("find-help-party"), t!("find-example-party")),
        (t!("find-help-class"), t!("find-example-class")),
        (t!("find-help-kind"), t!("find-example-kind")),
        (t!("find-help-dates"), t!("find-example-dates")),
    ];
    let line = |(what, example): (String, String)| {
        let url = format!("/search{}", Query::default().with("q", example.clone()).text());
        html! {
            <>
                <dt>{ what }</dt>
                <dd dir="auto"><Link to={url}>{ example }</Link></dd>
            </>
        }
    };
    let panel = html! {
        <div class="dw-pad dw-help" data-testid="search-help">
            <p>{ t!("find-help-intro") }</p>
            <dl>{ for lines.into_iter().map(line) }</dl>
        </div>
    };
    html! { <Menu label={t!("find-help")} toggle={html! { { Icon::Help } }} {panel} testid="search-help-open" /> }
}
