//! The choice of language, digits and theme.

use diwan_kernel::Lang;
use diwan_platform_api::people::Theme;
use yew::prelude::*;

use super::prefs::{Prefs, PrefsHandle, use_prefs};
use crate::i18n::{self, Digits};
use crate::ui::{Icon, Menu, MenuItem};

/// The choices as menu items.
pub fn items(handle: &PrefsHandle) -> Vec<MenuItem> {
    let now = handle.prefs;
    let choose = |label: String, prefs: Prefs| {
        let handle = handle.clone();
        MenuItem::new(label, Callback::from(move |()| handle.change(prefs))).checked(prefs == now)
    };
    let mut items: Vec<MenuItem> =
        Lang::ALL.iter().map(|lang| choose(i18n::code("lang", lang.code()), Prefs { lang: *lang, ..now })).collect();
    let themes = [Theme::Light, Theme::Dark, Theme::System];
    items.extend(themes.map(|theme| choose(i18n::code("theme", theme.code()), Prefs { theme, ..now })));
    items.push(choose(t!("digits-latin"), Prefs { digits: Digits::Latin, ..now }));
    items.push(choose(t!("digits-arabic"), Prefs { digits: Digits::Arabic, ..now }));
    for first in [Lang::ALL.len(), Lang::ALL.len() + themes.len()] {
        items[first].separated = true;
    }
    items
}

/// The button that opens the choices, for pages without a user menu.
#[component]
pub fn PrefsMenu() -> Html {
    let handle = use_prefs();
    html! { <Menu label={t!("language-and-look")} toggle={Icon::Globe.html()} class={classes!("dw-iconbtn")} items={items(&handle)} /> }
}
