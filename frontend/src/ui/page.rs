//! The frame of a screen: breadcrumb, title, actions, then what scrolls.

use yew::prelude::*;

use super::dom;
use super::icon::Icon;
use crate::app::router::Link;

/// One step of the way to a screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Crumb {
    /// Its name.
    pub label: AttrValue,
    /// Its address; none for the screen itself.
    pub to: Option<AttrValue>,
}

impl Crumb {
    /// A step that can be gone to.
    pub fn link(label: impl Into<AttrValue>, to: impl Into<AttrValue>) -> Self {
        Self { label: label.into(), to: Some(to.into()) }
    }

    /// The screen itself.
    pub fn here(label: impl Into<AttrValue>) -> Self {
        Self { label: label.into(), to: None }
    }
}

/// The way to a screen.
#[derive(Properties, PartialEq)]
pub struct CrumbsProps {
    /// From the outermost to the screen itself.
    pub crumbs: Vec<Crumb>,
}

/// The way to a screen.
#[component]
pub fn Crumbs(props: &CrumbsProps) -> Html {
    html! {
        <nav class="dw-crumb" aria-label={crate::t!("breadcrumb")}>
            { for props.crumbs.iter().enumerate().map(|(index, crumb)| html! {
                <>
                    if index > 0 { { Icon::Next } }
                    if let Some(to) = &crumb.to { <Link {to}><bdi>{ &crumb.label }</bdi></Link> }
                    else { <span aria-current="page"><bdi>{ &crumb.label }</bdi></span> }
                </>
            }) }
        </nav>
    }
}

/// The head of a screen.
#[derive(Properties, PartialEq)]
pub struct PageHeadProps {
    /// The title; also the title of the browser's tab.
    pub title: AttrValue,
    /// The way here.
    #[prop_or_default]
    pub crumbs: Vec<Crumb>,
    /// Marks beside the title.
    #[prop_or_default]
    pub marks: Html,
    /// Buttons: one filled at most.
    #[prop_or_default]
    pub actions: Html,
    /// What stands under the title, such as tabs.
    #[prop_or_default]
    pub children: Html,
    /// The head of a record: actions go under the title on narrow screens.
    #[prop_or_default]
    pub record: bool,
}

/// The head of a screen.
#[component]
pub fn PageHead(props: &PageHeadProps) -> Html {
    use_effect_with(props.title.clone(), |title| dom::set_title(title));
    html! {
        <div class={classes!("dw-head", props.record.then_some("record"))}>
            if !props.crumbs.is_empty() { <Crumbs crumbs={props.crumbs.clone()} /> }
            <div class="dw-head__line">
                <h1 class="dw-h1"><bdi>{ &props.title }</bdi></h1>
                { props.marks.clone() }
                if props.actions != Html::default() { <div class="dw-acts">{ props.actions.clone() }</div> }
            </div>
            { props.children.clone() }
        </div>
    }
}

/// A screen: its head stays, its body scrolls.
#[derive(Properties, PartialEq)]
pub struct ScreenProps {
    /// The head.
    pub head: Html,
    /// The body scrolls by itself (lists and record shells bring their own).
    #[prop_or(true)]
    pub scroll: bool,
    /// The body.
    pub children: Html,
}

/// A screen: its head stays, its body scrolls.
#[component]
pub fn Screen(props: &ScreenProps) -> Html {
    html! {
        <div class="dw-screen">
            { props.head.clone() }
            if props.scroll { <div class="dw-scroll dw-pad" style="flex:1" tabindex="-1">{ props.children.clone() }</div> }
            else { { props.children.clone() } }
        </div>
    }
}
