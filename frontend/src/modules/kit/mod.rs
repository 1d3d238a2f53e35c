//! Every kit part on one page, for looking at it: `/kit?part=list`, `record`, `loose`. Development builds only.

mod list;
mod parts;
mod sample;

use std::rc::Rc;

use yew::prelude::*;

use crate::app::router::use_place;
use crate::app::shell::Shell;

/// The page.
#[component]
pub fn Kit() -> Html {
    let place = use_place();
    let content = match parts::part(&place.query).as_str() {
        "record" => html! { <parts::RecordPart /> },
        "loose" => html! { <parts::LoosePart /> },
        _ => html! { <list::List /> },
    };
    html! { <Shell me={Rc::new(sample::me())}>{ content }</Shell> }
}
