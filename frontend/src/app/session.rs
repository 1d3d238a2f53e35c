//! Who is signed in. The screens get it as a context; an ended session shows the sign-in dialog over the untouched page.

use std::rc::Rc;

use diwan_kernel::Permission;
use diwan_platform_api::people::{Me, Preferences, SessionState};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::prefs;
use crate::client::{self, Failure, events, gate, storage};

/// What is known of the session.
#[derive(Debug, Clone, PartialEq)]
pub enum Session {
    /// Being asked.
    Unknown,
    /// The server could not be asked.
    Failed(Failure),
    /// Nobody is signed in, or the one-time code or a new password is still due.
    Out,
    /// Signed in.
    In(Rc<Me>),
}

impl Session {
    fn of(state: &SessionState) -> Self {
        match &state.me {
            Some(me) if state.signed_in && !me.must_change => Self::In(Rc::new(me.clone())),
            _ => Self::Out,
        }
    }
}

/// The session and the ways to change it.
#[derive(Clone, PartialEq)]
pub struct SessionHandle {
    /// What is known.
    pub session: Session,
    /// The session has ended while its page stands: sign-in is asked over it.
    pub ended: bool,
    /// How far the sign-in has come, of a session that is opened or opened again.
    pub step: Option<Rc<SessionState>>,
    update: Callback<SessionState>,
    forget: Callback<()>,
    reload: Callback<()>,
}

impl SessionHandle {
    /// The person signed in.
    pub fn me(&self) -> Option<Rc<Me>> {
        match &self.session {
            Session::In(me) => Some(Rc::clone(me)),
            _ => None,
        }
    }

    /// Whether the person holds a right.
    pub fn may(&self, permission: Permission) -> bool {
        matches!(&self.session, Session::In(me) if me.permissions.contains(&permission))
    }

    /// Takes the server's answer to a step of the sign-in.
    pub fn update(&self, state: SessionState) {
        self.update.emit(state);
    }

    /// Asks the server again.
    pub fn reload(&self) {
        self.reload.emit(());
    }

    /// Ends the session on the server and here.
    pub fn sign_out(&self) {
        let forget = self.forget.clone();
        spawn_local(async move {
            // Even where the server cannot be told, this browser forgets.
            let _ = client::delete("/api/session").without_gate().done().await;
            forget.emit(());
        });
    }
}

/// What stands inside [`SessionProvider`].
#[derive(Properties, PartialEq)]
pub struct SessionProps {
    /// The app.
    pub children: Html,
}

/// Gives everything inside the session.
#[component]
pub fn SessionProvider(props: &SessionProps) -> Html {
    let session = use_state_eq(|| Session::Unknown);
    let ended = use_state_eq(|| false);
    let step = use_state_eq(|| None::<Rc<SessionState>>);
    let reload = {
        let (session, step) = (session.setter(), step.setter());
        use_callback((), move |(), ()| {
            let (session, step) = (session.clone(), step.clone());
            spawn_local(async move {
                session.set(match client::get("/api/session").without_gate().send::<SessionState>().await {
                    Ok(state) => {
                        let session = Session::of(&state);
                        step.set(Some(Rc::new(state)));
                        session
                    }
                    Err(failure) => Session::Failed(failure),
                });
            });
        })
    };
    {
        let reload = reload.clone();
        use_effect_with((), move |()| reload.emit(()));
    }
    let update = {
        let (session, ended, step) = (session.setter(), ended.setter(), step.setter());
        use_callback((), move |state: SessionState, ()| {
            let next = Session::of(&state);
            step.set(Some(Rc::new(state)));
            // Between the steps the page stays as it is: what was typed before the session ended is still there.
            if let Session::In(me) = &next {
                forget_drafts_of_others(me.user_id);
                ended.set(false);
                gate::open(true);
                session.set(next);
            }
        })
    };
    let forget = {
        let (session, ended, step) = (session.setter(), ended.setter(), step.setter());
        use_callback((), move |(), ()| {
            gate::open(false);
            ended.set(false);
            step.set(None);
            session.set(Session::Out);
        })
    };
    let user = match &*session {
        Session::In(me) => Some(me.user_id),
        _ => None,
    };
    use_follow(user, ended.setter(), step.setter());
    let handle =
        SessionHandle { session: (*session).clone(), ended: *ended, step: (*step).clone(), update, forget, reload };
    yew::provide(handle, props.children.clone())
}

/// While somebody is signed in: live events run, an ended session opens the dialog, choices are kept on the server.
#[hook]
fn use_follow(user: Option<i64>, ended: UseStateSetter<bool>, step: UseStateSetter<Option<Rc<SessionState>>>) {
    use_effect_with(user, move |user| {
        let signed_in = user.is_some();
        events::want(signed_in);
        gate::on_close(signed_in.then(|| {
            Callback::from(move |()| {
                step.set(None);
                ended.set(true);
            })
        }));
        prefs::on_change(move |prefs| {
            if signed_in {
                let call =
                    client::put("/api/me/preferences").json(&Preferences { lang: prefs.lang, theme: prefs.theme });
                // The browser keeps them anyway; the server's copy is for mails and other machines.
                spawn_local(async move { drop(call.done().await) });
            }
        });
    });
}

/// Texts typed by someone else at this machine are not for the one who signs in now.
fn forget_drafts_of_others(user: i64) {
    let owner = user.to_string();
    if storage::get("diwan-owner").is_some_and(|kept| kept != owner) {
        storage::remove_all("diwan-draft-");
    }
    storage::set("diwan-owner", &owner);
}

/// The session and the ways to change it.
#[hook]
pub fn use_session() -> SessionHandle {
    use_context::<SessionHandle>().unwrap_or_else(|| SessionHandle {
        session: Session::Unknown,
        ended: false,
        step: None,
        update: Callback::noop(),
        forget: Callback::noop(),
        reload: Callback::noop(),
    })
}
