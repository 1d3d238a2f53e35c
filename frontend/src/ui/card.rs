//! Boxes: a titled card, and a list of facts.

use yew::prelude::*;

/// A titled box.
#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// Its title.
    pub title: AttrValue,
    /// A number beside the title.
    #[prop_or_default]
    pub count: Option<i64>,
    /// What stands at the end of the head.
    #[prop_or_default]
    pub actions: Html,
    /// Gives the content the usual inner space.
    #[prop_or_default]
    pub padded: bool,
    /// The content.
    pub children: Html,
}

/// A titled box.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let id = super::dom::use_id("card");
    html! {
        <section class="dw-card" aria-labelledby={id.clone()}>
            <header>
                <h2 class="dw-h2" {id}>{ &props.title }</h2>
                if let Some(count) = props.count {
                    <span class="dw-badge">{ crate::i18n::format::number(count) }</span>
                }
                <span class="dw-push dw-row">{ props.actions.clone() }</span>
            </header>
            <div class={classes!(props.padded.then_some("dw-pad"))}>{ props.children.clone() }</div>
        </section>
    }
}

/// Names and values under each other.
#[derive(Properties, PartialEq)]
pub struct FactsProps {
    /// Name and value; a value that draws nothing is left out by the caller.
    pub rows: Vec<(AttrValue, Html)>,
}

/// Names and values under each other.
#[component]
pub fn Facts(props: &FactsProps) -> Html {
    html! {
        <dl class="dw-dl">
            { for props.rows.iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value.clone() }</dd></> }) }
        </dl>
    }
}
