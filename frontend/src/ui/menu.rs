//! Menus that open from a button: the arrow keys walk, Esc closes and gives the keyboard back.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::dom;
use super::icon::Icon;

/// One choice of a menu.
#[derive(Clone, PartialEq)]
pub struct MenuItem {
    /// What it does, in words.
    pub label: AttrValue,
    /// A picture before it.
    pub icon: Option<Icon>,
    /// A second, quiet line; where the item is disabled it says why.
    pub hint: Option<AttrValue>,
    /// It destroys something.
    pub danger: bool,
    /// It cannot be chosen now.
    pub disabled: bool,
    /// For sets of choices: whether this one holds.
    pub checked: Option<bool>,
    /// A line above it.
    pub separated: bool,
    /// The code of the action it starts, where it starts one.
    pub code: Option<AttrValue>,
    /// What happens.
    pub action: Callback<()>,
}

impl MenuItem {
    /// A plain choice.
    pub fn new(label: impl Into<AttrValue>, action: Callback<()>) -> Self {
        Self {
            label: label.into(),
            icon: None,
            hint: None,
            danger: false,
            disabled: false,
            checked: None,
            separated: false,
            code: None,
            action,
        }
    }

    /// With a picture.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// As one of a set of choices.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    /// With a line above it.
    #[must_use]
    pub fn separated(mut self) -> Self {
        self.separated = true;
        self
    }
}

/// A button and the menu it opens.
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// Name of the menu; also of the button where it shows only a picture.
    pub label: AttrValue,
    /// What the button shows.
    pub toggle: Html,
    /// Style of the button.
    #[prop_or(classes!("pf-v6-c-menu-toggle"))]
    pub class: Classes,
    /// The choices.
    #[prop_or_default]
    pub items: Vec<MenuItem>,
    /// Free content instead of choices (a panel); it gets no menu roles.
    #[prop_or_default]
    pub panel: Option<Html>,
    /// The menu stays open after a choice: for sets that are ticked one after the other.
    #[prop_or_default]
    pub stays: bool,
    /// The words that the button shows are its name; `label` then only names the menu.
    #[prop_or_default]
    pub worded: bool,
    /// Told when it opens or closes.
    #[prop_or_default]
    pub on_open: Callback<bool>,
    /// For tests: a stable name.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// Where the menu goes: beside its button, inside the window, in the reading direction.
fn place(toggle: &Element, menu: &HtmlElement) {
    let Some(window) = web_sys::window() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(800.0);
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let button = toggle.get_bounding_client_rect();
    let own = menu.get_bounding_client_rect();
    let start = if crate::i18n::is_rtl() { button.right() - own.width() } else { button.left() };
    let left = start.clamp(8.0, (width - own.width() - 8.0).max(8.0));
    let below = button.bottom() + 4.0;
    let top = if below + own.height() > height - 8.0 && button.top() > own.height() {
        button.top() - own.height() - 4.0
    } else {
        below
    };
    let style = menu.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

/// A button and the menu it opens.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state_eq(|| false);
    let (toggle, menu) = (use_node_ref(), use_node_ref());
    let id = dom::use_id("menu");
    let set_open = {
        let (open, on_open) = (open.setter(), props.on_open.clone());
        use_callback((), move |now: bool, ()| {
            open.set(now);
            on_open.emit(now);
        })
    };
    {
        let (toggle, menu, set_open) = (toggle.clone(), menu.clone(), set_open.clone());
        use_effect_with(*open, move |open| {
            let closes = open.then(|| {
                if let (Some(toggle), Some(menu)) = (toggle.cast::<Element>(), menu.cast::<HtmlElement>()) {
                    place(&toggle, &menu);
                    let first = dom::all(&menu, "[role^=menuitem], input, button, a");
                    if let Some(first) = first.first() {
                        let _ = first.focus();
                    }
                }
                close_on_outside(&toggle, &menu, set_open)
            });
            move || drop(closes)
        });
    }
    let onkeydown = keys(&toggle, &menu, &set_open, props.panel.is_some());
    let onclick = {
        let (open, set_open) = (open.clone(), set_open.clone());
        Callback::from(move |_| set_open.emit(!*open))
    };
    // Who follows a link in a panel has chosen.
    let followed = {
        let set_open = set_open.clone();
        Callback::from(move |event: MouseEvent| {
            let link = event.target_dyn_into::<Element>().and_then(|at| at.closest("a[href]").ok().flatten());
            if link.is_some() {
                set_open.emit(false);
            }
        })
    };
    let popup = if props.panel.is_some() { "dialog" } else { "menu" };
    html! {
        <>
            <button type="button" ref={toggle} class={props.class.clone()} {onclick} aria-haspopup={popup} title={props.label.clone()}
                aria-expanded={if *open { "true" } else { "false" }} aria-controls={open.then(|| id.clone())}
                aria-label={(!props.worded).then(|| props.label.clone())} data-testid={props.testid.clone()}>
                { props.toggle.clone() }
            </button>
            if *open {
                <div ref={menu} class={classes!("dw-menu", props.panel.is_some().then_some("dw-panel"))} {id} role={popup}
                    aria-label={props.label.clone()} {onkeydown} onclick={followed}>
                    if let Some(panel) = &props.panel { { panel.clone() } } else {
                        { for props.items.iter().map(|item| draw(item, props.stays, &set_open)) }
                    }
                </div>
            }
        </>
    }
}

/// The keys inside an open menu: arrows walk, Esc and Tab close. A panel keeps its own Tab and arrows.
fn keys(toggle: &NodeRef, menu: &NodeRef, set_open: &Callback<bool>, is_panel: bool) -> Callback<KeyboardEvent> {
    let (toggle, menu, set_open) = (toggle.clone(), menu.clone(), set_open.clone());
    Callback::from(move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" if !is_panel => 1,
            "ArrowUp" if !is_panel => -1,
            "Tab" if !is_panel => return set_open.emit(false),
            "Escape" => 0,
            _ => return,
        };
        event.prevent_default();
        if step == 0 {
            // Closes the menu, not the dialog around it.
            event.stop_propagation();
            set_open.emit(false);
            if let Some(toggle) = toggle.cast::<HtmlElement>() {
                let _ = toggle.focus();
            }
        } else if let Some(root) = menu.cast::<Element>() {
            dom::focus_step(&dom::all(&root, "[role^=menuitem]"), step);
        }
    })
}

fn draw(item: &MenuItem, stays: bool, set_open: &Callback<bool>) -> Html {
    let onclick = {
        let (item, set_open) = (item.clone(), set_open.clone());
        Callback::from(move |_| {
            if item.disabled {
                return;
            }
            if !stays {
                set_open.emit(false);
            }
            item.action.emit(());
        })
    };
    let checked = item.checked.map(|checked| if checked { "true" } else { "false" });
    html! {
        <>
            if item.separated { <hr /> }
            <button type="button" role={if checked.is_some() { "menuitemcheckbox" } else { "menuitem" }} tabindex="-1"
                class={classes!("dw-menu__item", item.danger.then_some("danger"))} {onclick} aria-checked={checked}
                aria-disabled={item.disabled.then_some("true")} data-action={item.code.clone()}>
                if item.checked.is_some() {
                    <span style="inline-size:1rem">if item.checked == Some(true) { { Icon::Check } }</span>
                } else if let Some(icon) = item.icon { { icon } }
                <span>{ &item.label }if let Some(hint) = &item.hint { <span class="hint">{ hint }</span> }</span>
            </button>
        </>
    }
}

/// Closes the menu on a press outside, on scrolling around it and when the window changes; stops listening when dropped.
fn close_on_outside(toggle: &NodeRef, menu: &NodeRef, set_open: Callback<bool>) -> Option<Listening> {
    let (toggle, menu) = (toggle.clone(), menu.clone());
    let listen = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = |node: &NodeRef| node.get().is_some_and(|node| node.contains(target.as_ref()));
        // What scrolls elsewhere (a row of tabs that comes to rest) leaves the menu beside its button.
        let moves = || target.as_ref().is_some_and(|scrolled| scrolled.contains(toggle.get().as_ref()));
        if event.type_() == "scroll" && !moves() {
            return;
        }
        if !inside(&menu) && !inside(&toggle) {
            set_open.emit(false);
        }
    });
    let window = web_sys::window()?;
    for event in EVENTS {
        let _ = window.add_event_listener_with_callback_and_bool(event, listen.as_ref().unchecked_ref(), true);
    }
    Some(Listening(window, listen))
}

const EVENTS: [&str; 3] = ["pointerdown", "scroll", "resize"];

struct Listening(web_sys::Window, Closure<dyn Fn(web_sys::Event)>);

impl Drop for Listening {
    fn drop(&mut self) {
        for event in EVENTS {
            let _ = self.0.remove_event_listener_with_callback_and_bool(event, self.1.as_ref().unchecked_ref(), true);
        }
    }
}

/// The three-dots button with further actions.
#[derive(Properties, PartialEq)]
pub struct KebabProps {
    /// The choices; nothing is drawn without any.
    pub items: Vec<MenuItem>,
}

/// The three-dots button with further actions.
#[component]
pub fn Kebab(props: &KebabProps) -> Html {
    if props.items.is_empty() {
        return Html::default();
    }
    html! {
        <Menu label={crate::t!("more-actions")} toggle={Icon::Kebab.html()} class={classes!("dw-iconbtn")}
            items={props.items.clone()} testid="kebab" />
    }
}
