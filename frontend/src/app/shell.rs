//! The frame around every screen: masthead, sidebar, main part, and the keys that work everywhere.

use std::rc::Rc;

use diwan_kernel::Named;
use diwan_platform_api::people::Me;
use yew::prelude::*;

use super::notifications::Bell;
use super::prefs::use_prefs;
use super::prefs_menu;
use super::route::Route;
use super::router::{self, Link, use_place};
use super::search_palette::SearchPalette;
use super::session::use_session;
use super::sidebar::{CountsProvider, Sidebar};
use crate::client::net::use_online;
use crate::i18n;
use crate::ui::keys::use_ctrl_key;
use crate::ui::{Icon, IconButton, Menu, MenuItem, dom};

/// The mark and the name.
#[component]
pub fn Brand() -> Html {
    html! {
        <Link to={Route::Home.path()} class="dw-brand">
            <svg viewBox="0 0 28 28" aria-hidden="true">
                <rect width="28" height="28" rx="6" fill="var(--dw-brand)" />
                <path d="M8 8h12M8 12.7h12M8 17.3h7" stroke="var(--dw-brand-ink)" stroke-width="2.2" stroke-linecap="round" />
                <circle cx="19" cy="19" r="2.4" fill="var(--dw-brand-ink)" />
            </svg>
            { t!("app-name") }
        </Link>
    }
}

/// What stands inside [`Shell`].
#[derive(Properties, PartialEq)]
pub struct ShellProps {
    /// Who is signed in.
    pub me: Rc<Me>,
    /// The screen.
    pub children: Html,
}

/// The frame around every screen.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let menu_open = use_state_eq(|| false);
    let palette_open = use_state_eq(|| false);
    let place = use_place();
    let online = use_online();
    let on_search = {
        let palette_open = palette_open.setter();
        use_callback((), move |(), ()| palette_open.set(true))
    };
    use_ctrl_key("KeyK", on_search.clone());
    {
        let menu_open = menu_open.setter();
        use_effect_with(place.route.clone(), move |_| {
            menu_open.set(false);
            // A new screen is read from its beginning.
            dom::focus_id("main");
        });
    }
    let toggle_menu = {
        let menu_open = menu_open.clone();
        Callback::from(move |()| menu_open.set(!*menu_open))
    };
    let close_menu = menu_open.setter();
    let close_palette = palette_open.setter();
    html! {
        <CountsProvider>
        <div class={classes!("pf-v6-c-page", menu_open.then_some("is-menu-open"))}>
            <div class="pf-v6-c-skip-to-content">
                <a class="pf-v6-c-button pf-m-primary" href="#main" onclick={Callback::from(|event: MouseEvent| {
                    event.prevent_default();
                    dom::focus_id("main");
                })}>{ t!("skip-to-content") }</a>
            </div>
            <Masthead me={Rc::clone(&props.me)} on_menu={toggle_menu} menu_open={*menu_open}
                {on_search} />
            <Sidebar />
            if *menu_open { <div class="dw-sidebar-veil" onclick={Callback::from(move |_| close_menu.set(false))} /> }
            <div class="pf-v6-c-page__main-container">
                if !online { <div class="dw-banner" role="status">{ t!("offline-banner") }</div> }
                <main class="pf-v6-c-page__main" id="main" tabindex="-1">{ props.children.clone() }</main>
            </div>
            if *palette_open { <SearchPalette on_close={Callback::from(move |()| close_palette.set(false))} /> }
        </div>
        </CountsProvider>
    }
}

#[derive(Properties, PartialEq)]
struct MastheadProps {
    me: Rc<Me>,
    on_menu: Callback<()>,
    menu_open: bool,
    on_search: Callback<()>,
}

#[component]
fn Masthead(props: &MastheadProps) -> Html {
    let search = props.on_search.reform(|_: MouseEvent| ());
    html! {
        <header class="pf-v6-c-masthead">
            <div class="pf-v6-c-masthead__main">
                <span class="pf-v6-c-masthead__toggle">
                    <button type="button" class="dw-iconbtn" aria-label={t!("menu")} title={t!("menu")} aria-controls="sidebar"
                        aria-expanded={if props.menu_open { "true" } else { "false" }} onclick={props.on_menu.reform(|_| ())}>
                        { Icon::Menu }
                    </button>
                </span>
                <div class="pf-v6-c-masthead__brand"><Brand /></div>
            </div>
            <div class="pf-v6-c-masthead__content"><div class="dw-mast">
                <span class="dw-only-wide dw-agency dw-row">{ Icon::Building }<span>{ i18n::name(&props.me.agency.name) }</span></span>
                <button type="button" class="dw-search dw-only-wide" aria-keyshortcuts="Control+K" onclick={search.clone()} data-testid="search">
                    { Icon::Search }<span>{ t!("search-placeholder") }</span><kbd class="dw-kbd">{ "Ctrl K" }</kbd>
                </button>
                <div class="dw-mast__end">
                    <span class="dw-only-narrow"><IconButton icon={Icon::Search} label={t!("search")} onclick={search} /></span>
                    <Bell />
                    <UserMenu me={Rc::clone(&props.me)} />
                </div>
            </div></div>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct UserMenuProps {
    me: Rc<Me>,
}

fn first_letter(name: &Named) -> String {
    i18n::name(name).chars().find(|c| c.is_alphabetic()).map(String::from).unwrap_or_default()
}

#[component]
fn UserMenu(props: &UserMenuProps) -> Html {
    let session = use_session();
    let prefs = use_prefs();
    let title = props.me.positions.first().map(|position| i18n::name(&position.title));
    let mut items =
        vec![MenuItem::new(t!("my-account"), Callback::from(|()| router::go_to(&Route::Me))).icon(Icon::Person)];
    items.extend(
        prefs_menu::items(&prefs)
            .into_iter()
            .enumerate()
            .map(|(index, item)| if index == 0 { item.separated() } else { item }),
    );
    items.push(
        MenuItem::new(t!("sign-out"), Callback::from(move |()| session.sign_out())).icon(Icon::Logout).separated(),
    );
    let toggle = html! {
        <>
            <span class="dw-avatar" aria-hidden="true">{ first_letter(&props.me.name) }</span>
            <span class="dw-user__name">{ i18n::name(&props.me.name) }if let Some(title) = &title { <small>{ title }</small> }</span>
        </>
    };
    // What is read out begins with what is seen: people who speak to their computer say it.
    let label = [Some(i18n::name(&props.me.name)), title, Some(t!("user-menu"))];
    let label = label.into_iter().flatten().collect::<Vec<_>>().join(" ");
    html! { <Menu {label} {toggle} class={classes!("dw-user")} {items} worded=true testid="user-menu" /> }
}
