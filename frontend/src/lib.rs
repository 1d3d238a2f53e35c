//! The Yew application: what a civil servant sees of Diwan.
//!
//! `app` holds the frame (routes, session, preferences, shell), `ui` the kit every screen is composed of, `client` speaks
//! with the server, `i18n` holds the texts in both languages, `modules` the screens of each module.

// First, because its macro `t!` is used by all others.
#[macro_use]
pub mod i18n;
pub mod app;
pub mod client;
pub mod modules;
pub mod ui;

/// Starts the application in the page.
pub fn start() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    yew::Renderer::<app::App>::new().render();
}
