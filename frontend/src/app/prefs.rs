//! What a person chose for the look: language, digits, theme. Kept in the browser, so that the page starts with it.

use std::cell::RefCell;
use std::rc::Rc;

use diwan_kernel::Lang;
use diwan_platform_api::people::Theme;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

use crate::client::storage;
use crate::i18n::{self, Digits};

/// The choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefs {
    /// Language of texts.
    pub lang: Lang,
    /// Digits of numbers and dates.
    pub digits: Digits,
    /// Colours.
    pub theme: Theme,
}

impl Prefs {
    /// What the browser keeps; Arabic, ASCII digits and the system's theme where it keeps nothing.
    fn kept() -> Self {
        let lang = if storage::get("diwan-lang").as_deref() == Some("en") { Lang::En } else { Lang::Ar };
        let digits =
            if storage::get("diwan-digits").as_deref() == Some("arab") { Digits::Arabic } else { Digits::Latin };
        let kept = storage::get("diwan-theme");
        let theme = kept.and_then(|code| code.parse().ok()).unwrap_or(Theme::System);
        Self { lang, digits, theme }
    }

    /// Whether something was chosen on this machine.
    pub fn are_kept() -> bool {
        storage::get("diwan-lang").is_some()
    }

    fn keep(self) {
        storage::set("diwan-lang", self.lang.code());
        storage::set("diwan-digits", if self.digits == Digits::Arabic { "arab" } else { "latn" });
        storage::set("diwan-theme", self.theme.code());
    }

    /// Makes the page follow the choices.
    fn apply(self) {
        i18n::choose(self.lang, self.digits);
        let Some(root) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element()) else {
            return;
        };
        let dir = if self.lang == Lang::Ar { "rtl" } else { "ltr" };
        // Attributes with fixed valid names cannot be refused.
        let _ = root.set_attribute("lang", self.lang.code());
        let _ = root.set_attribute("dir", dir);
        let dark = match self.theme {
            Theme::Light => false,
            Theme::Dark => true,
            Theme::System => dark_query().is_some_and(|query| query.matches()),
        };
        let _ = root.class_list().toggle_with_force("pf-v6-theme-dark", dark);
    }
}

fn dark_query() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok().flatten()
}

/// The choices and the way to change them.
#[derive(Clone, PartialEq)]
pub struct PrefsHandle {
    /// The choices in force.
    pub prefs: Prefs,
    change: Callback<Prefs>,
}

impl PrefsHandle {
    /// Puts other choices in force and keeps them.
    pub fn change(&self, prefs: Prefs) {
        self.change.emit(prefs);
    }
}

type Save = Rc<dyn Fn(Prefs)>;

thread_local! {
    static SAVE: RefCell<Option<Save>> = const { RefCell::new(None) };
}

/// Says what else happens when choices change: the session keeps them on the server.
pub fn on_change(save: impl Fn(Prefs) + 'static) {
    SAVE.with(|slot| *slot.borrow_mut() = Some(Rc::new(save)));
}

/// What stands inside [`PrefsProvider`].
#[derive(Properties, PartialEq)]
pub struct PrefsProps {
    /// The app.
    pub children: Html,
}

/// Gives the choices to everything inside and draws it anew when the language or the digits change.
#[component]
pub fn PrefsProvider(props: &PrefsProps) -> Html {
    let prefs = use_state_eq(|| {
        let prefs = Prefs::kept();
        prefs.apply();
        prefs
    });
    use_effect_with(prefs.clone(), |prefs| {
        let prefs = **prefs;
        let follow = Closure::<dyn Fn()>::new(move || prefs.apply());
        let query = dark_query();
        if let Some(query) = &query {
            let _ = query.add_event_listener_with_callback("change", follow.as_ref().unchecked_ref());
        }
        move || {
            if let Some(query) = query {
                let _ = query.remove_event_listener_with_callback("change", follow.as_ref().unchecked_ref());
            }
        }
    });
    let change = {
        let prefs = prefs.setter();
        use_callback((), move |next: Prefs, ()| {
            next.keep();
            next.apply();
            prefs.set(next);
            if let Some(save) = SAVE.with(|slot| slot.borrow().clone()) {
                save(next);
            }
        })
    };
    // A new key builds the tree anew: every text is drawn in the new language. The attribute is there because Yew
    // compares tags without their keys before it looks further.
    let key = format!("{}-{:?}", prefs.lang, prefs.digits);
    let children = html! {
        <div key={key.clone()} data-texts={key} style="display:contents">{ props.children.clone() }</div>
    };
    yew::provide(PrefsHandle { prefs: *prefs, change }, children)
}

/// The choices and the way to change them.
#[hook]
pub fn use_prefs() -> PrefsHandle {
    use_context::<PrefsHandle>().unwrap_or_else(|| PrefsHandle { prefs: Prefs::kept(), change: Callback::noop() })
}
