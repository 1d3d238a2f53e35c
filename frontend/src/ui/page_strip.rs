//! Small pictures of the pages of a file, to see where one is and to go elsewhere.

use yew::prelude::*;

use super::Num;
use crate::i18n::format;

/// So many pages before and behind the current one have a picture; a file of thousands of pages shows a window of them.
const AROUND: u32 = 25;

/// The strip.
#[derive(Properties, PartialEq)]
pub struct PageStripProps {
    /// How many pages there are.
    pub pages: u32,
    /// The page that is shown.
    pub at: u32,
    /// The address of a page's small picture.
    pub picture: Callback<u32, String>,
    /// Told where to go.
    pub on_go: Callback<u32>,
}

/// Small pictures of the pages of a file.
#[component]
pub fn PageStrip(props: &PageStripProps) -> Html {
    let small = |page: u32| {
        let number = format::number(i64::from(page));
        let label = format!("{} {number}", t!("page"));
        html! {
            <button key={page} type="button" onclick={props.on_go.reform(move |_: MouseEvent| page)}
                aria-current={(page == props.at).then_some("page")} aria-label={label}>
                <img src={props.picture.emit(page)} alt="" loading="lazy" />
                <Num value={number} />
            </button>
        }
    };
    let shown = props.at.saturating_sub(AROUND).max(1)..=props.at.saturating_add(AROUND).min(props.pages);
    html! { <nav class="dw-strip" aria-label={t!("page-pictures")}>{ for shown.map(small) }</nav> }
}
