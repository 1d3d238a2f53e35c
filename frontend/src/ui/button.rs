//! Buttons: one filled per region, the rest outlined or plain.

use yew::prelude::*;

use super::icon::Icon;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// Filled: the next useful step; one per region.
    Primary,
    /// Outlined.
    #[default]
    Secondary,
    /// Text only.
    Link,
    /// Filled red: destroys something.
    Danger,
}

impl Variant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "pf-m-primary",
            Self::Secondary => "pf-m-secondary",
            Self::Link => "pf-m-link",
            Self::Danger => "pf-m-danger",
        }
    }
}

/// A button with words.
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// The words.
    pub label: AttrValue,
    /// A picture before them.
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// How much it stands out.
    #[prop_or_default]
    pub variant: Variant,
    /// What it does.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// Sends the form around it.
    #[prop_or_default]
    pub submit: bool,
    /// Cannot be used now; say beside it why.
    #[prop_or_default]
    pub disabled: bool,
    /// What it started is still going on; it cannot be used twice.
    #[prop_or_default]
    pub busy: bool,
    /// More style classes.
    #[prop_or_default]
    pub class: Classes,
    /// Keyboard shortcut, as `aria-keyshortcuts` writes it.
    #[prop_or_default]
    pub shortcut: Option<AttrValue>,
    /// Takes the keyboard when it appears.
    #[prop_or_default]
    pub autofocus: bool,
    /// For tests: a stable name.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// The code of the action it starts, where it starts one.
    #[prop_or_default]
    pub action: Option<AttrValue>,
}

/// A button with words.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let class = classes!(
        "pf-v6-c-button",
        props.variant.class(),
        props.busy.then_some("pf-m-in-progress pf-m-progress"),
        props.class.clone()
    );
    html! {
        <button type={if props.submit { "submit" } else { "button" }} {class} disabled={props.disabled || props.busy}
            onclick={props.onclick.clone()} aria-busy={props.busy.then_some("true")} autofocus={props.autofocus}
            aria-keyshortcuts={props.shortcut.clone()} data-testid={props.testid.clone()} data-action={props.action.clone()}>
            if props.busy {
                <span class="pf-v6-c-button__progress"><Spinner /></span>
            } else if let Some(icon) = props.icon {
                <span class="pf-v6-c-button__icon pf-m-start">{ icon }</span>
            }
            <span class="pf-v6-c-button__text">{ &props.label }</span>
        </button>
    }
}

/// A small turning ring.
#[component]
pub fn Spinner() -> Html {
    html! {
        <svg class="pf-v6-c-spinner pf-m-md" role="presentation" viewBox="0 0 100 100">
            <circle class="pf-v6-c-spinner__path" cx="50" cy="50" r="45" fill="none" />
        </svg>
    }
}

/// A button that shows only a picture; its words are its name and its tooltip.
#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    /// The picture.
    pub icon: Icon,
    /// What it does, in words.
    pub label: AttrValue,
    /// What happens.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// The small size, for panes and table feet.
    #[prop_or_default]
    pub small: bool,
    /// Cannot be used now.
    #[prop_or_default]
    pub disabled: bool,
    /// For switches: whether it is on.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// A number at its corner.
    #[prop_or_default]
    pub count: Option<u32>,
    /// Not reached by Tab: inside groups that the arrow keys walk.
    #[prop_or_default]
    pub tabindex: Option<AttrValue>,
    /// For tests: a stable name.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// A button that shows only a picture.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let pressed = props.pressed.map(|pressed| if pressed { "true" } else { "false" });
    html! {
        <button type="button" class={classes!("dw-iconbtn", props.small.then_some("sm"))} aria-label={props.label.clone()}
            title={props.label.clone()} aria-pressed={pressed} disabled={props.disabled} onclick={props.onclick.clone()}
            tabindex={props.tabindex.clone()} data-testid={props.testid.clone()}>
            { props.icon }
            if let Some(count) = props.count.filter(|count| *count > 0) {
                <span class="dw-count">{ crate::i18n::format::number(i64::from(count)) }</span>
            }
        </button>
    }
}
