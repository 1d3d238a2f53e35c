//! What waits for the person signed in, counted once for the sidebar, the bell and the screens.

use std::rc::Rc;

use diwan_platform_api::records::WorkCounts;
use yew::prelude::*;

use crate::client::events::use_gathered;
use crate::client::{self, use_api};

/// What stands inside [`CountsProvider`].
#[derive(Properties, PartialEq)]
pub struct CountsProps {
    /// The shell.
    pub children: Html,
}

/// The counts as they are known.
#[derive(Clone, PartialEq)]
struct Counts(Option<Rc<WorkCounts>>);

/// Gives everything inside the counts; they follow the live events.
#[component]
pub fn CountsProvider(props: &CountsProps) -> Html {
    let counts = use_api::<WorkCounts>(Some(client::get("/api/work/counts")));
    use_gathered(counts.reload.clone());
    html! { <ContextProvider<Counts> context={Counts(counts.data)}>{ props.children.clone() }</ContextProvider<Counts>> }
}

/// The counts; none before the first answer.
#[hook]
pub fn use_counts() -> Option<Rc<WorkCounts>> {
    use_context::<Counts>().and_then(|counts| counts.0)
}
