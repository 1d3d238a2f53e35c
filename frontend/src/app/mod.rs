//! The frame: preferences, session, routes, shell. Screens come from [`crate::modules`].

pub mod login;
pub mod notifications;
pub mod prefs;
pub mod prefs_menu;
pub mod query;
pub mod route;
pub mod router;
mod search_palette;
pub mod session;
pub mod shell;
pub mod sidebar;

use yew::prelude::*;

use crate::client::net;
use crate::modules;
use crate::ui::toast::ToastProvider;
use crate::ui::{Button, Empty, PageHead, Screen, Variant};
use login::{LoginDialog, LoginPage};
use prefs::{Prefs, PrefsProvider, use_prefs};
use route::Route;
use router::{Router, use_place};
use session::{Session, SessionProvider, use_session};
use shell::Shell;

/// The application.
#[component]
pub fn App() -> Html {
    use_effect_with((), |()| net::watch());
    html! {
        <Router>
            // Outside the preferences, which build everything inside them anew when the language changes.
            <SessionProvider>
                <PrefsProvider>
                    <ToastProvider><Root /></ToastProvider>
                </PrefsProvider>
            </SessionProvider>
        </Router>
    }
}

/// Public screens as they are, the others inside the shell once somebody is signed in.
#[component]
fn Root() -> Html {
    let place = use_place();
    let session = use_session();
    {
        let (route, signed_in) = (place.route.clone(), session.me().is_some());
        use_effect_with((route, signed_in), |(route, signed_in)| {
            if *signed_in && *route == Route::Login {
                router::go_to(&Route::Home);
            }
        });
    }
    {
        let prefs = use_prefs();
        use_effect_with(session.me(), move |me| {
            // On a machine without choices of its own, the person's choices on the server hold.
            if let Some(me) = me
                && !Prefs::are_kept()
            {
                prefs.change(Prefs { lang: me.lang, theme: me.theme, ..prefs.prefs });
            }
        });
    }
    match &session.session {
        _ if place.route.is_public() && place.route != Route::Login => modules::screen(&place.route),
        Session::Unknown => html! { <div class="dw-splash dw-skel-late" role="status">{ t!("loading") }</div> },
        Session::Out | Session::Failed(_) => html! { <LoginPage /> },
        Session::In(me) => html! {
            <>
                <Shell me={me.clone()}>{ modules::screen(&place.route) }</Shell>
                if session.ended { <LoginDialog username={me.username.clone()} /> }
            </>
        },
    }
}

/// What stands at an address that names no screen, or one the person may not see.
#[component]
pub fn NotFound() -> Html {
    html! {
        <Screen head={html! { <PageHead title={t!("not-found")} /> }}>
            <div data-testid="not-found"><Empty text={t!("not-found-text")}>
                <Button variant={Variant::Primary} label={t!("to-my-work")} onclick={Callback::from(|_| router::go_to(&Route::Home))} />
            </Empty></div>
        </Screen>
    }
}
