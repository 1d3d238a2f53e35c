//! A list with the current row's preview beside it.

use yew::prelude::*;

use super::button::IconButton;
use super::icon::Icon;

/// The list and the preview.
#[derive(Properties, PartialEq)]
pub struct ListFrameProps {
    /// The table.
    pub table: Html,
    /// The foot under the table.
    pub foot: Html,
    /// The preview; without it the list takes the whole width.
    #[prop_or_default]
    pub preview: Option<Html>,
}

/// The list and the preview.
#[component]
pub fn ListFrame(props: &ListFrameProps) -> Html {
    let style = props.preview.is_none().then_some("grid-template-columns:minmax(0,1fr)");
    html! {
        <div class="dw-split list" {style}>
            <div class="dw-screen">{ props.table.clone() }{ props.foot.clone() }</div>
            if let Some(preview) = &props.preview { { preview.clone() } }
        </div>
    }
}

/// What is known of the current row, beside the list.
#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    /// Kind and number.
    pub title: Html,
    /// Goes to the row above or below.
    pub on_step: Callback<i32>,
    /// Opens the record.
    pub on_open: Callback<()>,
    /// Closes the preview.
    pub on_close: Callback<()>,
    /// The buttons: the next useful step first.
    #[prop_or_default]
    pub footer: Html,
    /// The content.
    pub children: Html,
}

/// What is known of the current row, beside the list.
#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let step = |by: i32| props.on_step.reform(move |_: MouseEvent| by);
    html! {
        <aside class="dw-side" aria-label={t!("preview")}>
            <div class="dw-scroll" style="flex:1">
                <div class="dw-pad dw-row" style="padding-block-end:0;flex-wrap:nowrap">
                    <span class="dw-muted dw-sm">{ props.title.clone() }</span>
                    <span class="dw-push dw-nowrap">
                        <IconButton small=true icon={Icon::ChevronUp} label={t!("previous")} onclick={step(-1)} />
                        <IconButton small=true icon={Icon::ChevronDown} label={t!("next")} onclick={step(1)} />
                        <IconButton small=true icon={Icon::Expand} label={t!("open")} onclick={props.on_open.reform(|_| ())} />
                        <IconButton small=true icon={Icon::Close} label={t!("close")} onclick={props.on_close.reform(|_| ())} />
                    </span>
                </div>
                <div class="dw-pad" style="padding-block-start:0.25rem">{ props.children.clone() }</div>
            </div>
            if props.footer != Html::default() { <div class="dw-foot">{ props.footer.clone() }</div> }
        </aside>
    }
}
