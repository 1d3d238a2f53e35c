//! Tabs: of a record's parts, and of saved views with their counts.

use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::dom;

/// One tab.
#[derive(Debug, Clone, PartialEq)]
pub struct Tab {
    /// Its code.
    pub code: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// How many are in it.
    pub count: Option<i64>,
    /// The count is of things that are late.
    pub late: bool,
}

impl Tab {
    /// A tab without a count.
    pub fn new(code: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self { code: code.into(), label: label.into(), count: None, late: false }
    }

    /// With a count.
    #[must_use]
    pub fn count(mut self, count: impl Into<Option<i64>>) -> Self {
        self.count = count.into();
        self
    }

    /// The count is of things that are late.
    #[must_use]
    pub fn late(mut self) -> Self {
        self.late = true;
        self
    }
}

/// A row of tabs.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// Name of the row.
    pub label: AttrValue,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// The code of the current one.
    pub current: AttrValue,
    /// Told which one is wanted.
    pub onchange: Callback<AttrValue>,
    /// The id of the panel the tabs switch.
    #[prop_or_default]
    pub panel: Option<AttrValue>,
}

/// A row of tabs; the arrow keys walk it.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(props.current.clone(), move |_| show_current(&list));
    }
    let onkeydown = {
        let list = list.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = dom::reading_step(&event.key());
            if step != 0
                && let Some(root) = list.cast::<web_sys::Element>()
            {
                event.prevent_default();
                dom::focus_step(&dom::all(&root, "[role=tab]"), step);
            }
        })
    };
    html! {
        <div class="pf-v6-c-tabs pf-m-no-border-bottom">
            <ul ref={list} class="pf-v6-c-tabs__list dw-tabscroll" role="tablist" aria-label={props.label.clone()} {onkeydown}>
                { for props.tabs.iter().map(|tab| draw(tab, props)) }
            </ul>
        </div>
    }
}

/// Brings the current tab into view where the row is longer than the screen.
fn show_current(list: &NodeRef) {
    let Some(root) = list.cast::<web_sys::Element>() else { return };
    if let Some(tab) = dom::all(&root, "[aria-selected=true]").first() {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        options.set_inline(ScrollLogicalPosition::Nearest);
        tab.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn draw(tab: &Tab, props: &TabsProps) -> Html {
    let current = tab.code == props.current;
    let onclick = {
        let (code, onchange) = (tab.code.clone(), props.onchange.clone());
        Callback::from(move |_| onchange.emit(code.clone()))
    };
    html! {
        <li class={classes!("pf-v6-c-tabs__item", current.then_some("pf-m-current"))} role="presentation" key={tab.code.to_string()}>
            <button type="button" class="pf-v6-c-tabs__link" role="tab" aria-selected={if current { "true" } else { "false" }}
                tabindex={if current { "0" } else { "-1" }} aria-controls={props.panel.clone()} {onclick} data-tab={tab.code.clone()}>
                <span class="pf-v6-c-tabs__item-text">{ &tab.label }</span>
                if let Some(count) = tab.count {
                    <span class={classes!("dw-badge", (tab.late && count > 0).then_some("late"))}>
                        { crate::i18n::format::number(count) }
                    </span>
                }
            </button>
        </li>
    }
}
