//! Sign in: name and password, then the one-time code, then a new password where one is due.

mod demo_users;

use diwan_platform_api::people::{ChangePassword, LogIn, OneTimeCode, SessionState};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::prefs_menu::PrefsMenu;
use super::session::{Session, SessionHandle, use_session};
use super::shell::Brand;
use crate::client::{self, Call, Failure};
use crate::ui::{Alert, Button, Dialog, FailureAlert, TextField, Tone, Variant, dom};
use demo_users::{DemoUserList, Filled};

/// Which step of the sign-in is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Password,
    Code,
    Change,
}

impl Step {
    fn of(session: &SessionHandle) -> Self {
        match &session.step {
            Some(state) if state.awaits_code => Self::Code,
            Some(state) if state.signed_in => Self::Change,
            _ => Self::Password,
        }
    }
}

/// The sign-in page.
#[component]
pub fn LoginPage() -> Html {
    use_effect_with((), |()| dom::set_title(&t!("sign-in")));
    let session = use_session();
    let filled = use_state(|| None::<Filled>);
    let choose = {
        let filled = filled.setter();
        Callback::from(move |chosen: Filled| filled.set(Some(chosen)))
    };
    let filled = (*filled).clone();
    html! {
        <main class="dw-login" id="main">
            <div class="dw-login__card">
                <div class="dw-row"><Brand /><span class="dw-push"><PrefsMenu /></span></div>
                <h1 class="dw-h1">{ t!("sign-in") }</h1>
                if let Session::Failed(failure) = &session.session {
                    <FailureAlert failure={Some(failure.clone())} retry={Some({
                        let session = session.clone();
                        Callback::from(move |()| session.reload())
                    })} />
                }
                <LoginForm {filled} />
            </div>
            if Step::of(&session) == Step::Password { <DemoUserList on_choose={choose} /> }
        </main>
    }
}

/// Signs in again without leaving the page.
#[derive(Properties, PartialEq)]
pub struct LoginDialogProps {
    /// Who was signed in.
    pub username: AttrValue,
}

/// The dialog over a page whose session has ended.
#[component]
pub fn LoginDialog(props: &LoginDialogProps) -> Html {
    html! {
        <Dialog title={t!("session-ended")}>
            <p>{ t!("session-ended-text") }</p>
            <LoginForm username={props.username.clone()} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct LoginFormProps {
    /// Fixed when a session is reopened.
    #[prop_or_default]
    username: Option<AttrValue>,
    /// A name and password chosen from the demonstration's list.
    #[prop_or_default]
    filled: Option<Filled>,
}

/// What is typed; each step uses its part.
#[derive(Debug, Clone, PartialEq, Default)]
struct Typed {
    username: String,
    password: String,
    code: String,
    new: String,
    again: String,
}

fn call(step: Step, typed: &Typed) -> Call {
    match step {
        Step::Password => client::post("/api/session")
            .json(&LogIn { username: typed.username.trim().to_owned(), password: typed.password.clone() }),
        Step::Code => client::post("/api/session/code").json(&OneTimeCode { code: typed.code.trim().to_owned() }),
        Step::Change => client::post("/api/me/password")
            .json(&ChangePassword { current: typed.password.clone(), new: typed.new.clone() }),
    }
    .without_gate()
}

async fn take(step: Step, typed: Typed, session: SessionHandle) -> Result<(), Failure> {
    let call = call(step, &typed);
    if step == Step::Change {
        call.done().await?;
        session.update(client::get("/api/session").without_gate().send::<SessionState>().await?);
    } else {
        session.update(call.send::<SessionState>().await?);
    }
    Ok(())
}

#[component]
fn LoginForm(props: &LoginFormProps) -> Html {
    let session = use_session();
    let step = Step::of(&session);
    let typed =
        use_state(|| Typed { username: props.username.as_deref().unwrap_or_default().to_owned(), ..Typed::default() });
    {
        let typed = typed.clone();
        use_effect_with(props.filled.clone(), move |filled| {
            if let Some(Filled { username, password, .. }) = filled.clone() {
                typed.set(Typed { username, password, ..Typed::default() });
            }
        });
    }
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let onsubmit = {
        let (typed, failure, busy, session) = (typed.clone(), failure.clone(), busy.clone(), session.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy || (step == Step::Change && typed.new != typed.again) {
                return;
            }
            busy.set(true);
            let (typed, failure, busy) = ((*typed).clone(), failure.clone(), busy.clone());
            let session = session.clone();
            spawn_local(async move {
                failure.set(take(step, typed, session).await.err());
                busy.set(false);
            });
        })
    };
    let fields = fields(step, &typed, &failure, props.username.is_some());
    let label = if step == Step::Change { t!("password-change") } else { t!("sign-in") };
    html! {
        <form class="dw-form" {onsubmit}>
            if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} /> }
            { fields }
            <Button submit=true variant={Variant::Primary} {label} busy={*busy} testid="sign-in" />
        </form>
    }
}

/// The fields of a step; `fixed` where the name is known and only the password is asked again.
fn fields(step: Step, typed: &UseStateHandle<Typed>, failure: &Option<Failure>, fixed: bool) -> Html {
    let differ = step == Step::Change && !typed.again.is_empty() && typed.new != typed.again;
    let set = |change: fn(&mut Typed, String)| {
        let typed = typed.clone();
        Callback::from(move |value: String| {
            let mut next = (*typed).clone();
            change(&mut next, value);
            typed.set(next);
        })
    };
    let error = |field: &str| failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    match step {
        Step::Password => html! {
            <>
                <TextField label={t!("username")} value={typed.username.clone()} oninput={set(|t, v| t.username = v)} required=true dir="ltr"
                    autocomplete="username" autofocus={!fixed} disabled={fixed} name="username"
                    error={error("username")} />
                <TextField label={t!("password")} kind="password" value={typed.password.clone()} oninput={set(|t, v| t.password = v)}
                    required=true autocomplete="current-password" autofocus={fixed} name="password" error={error("password")} />
            </>
        },
        Step::Code => html! {
            <TextField label={t!("one-time-code")} hint={t!("one-time-code-hint")} value={typed.code.clone()} oninput={set(|t, v| t.code = v)}
                required=true autocomplete="one-time-code" inputmode="numeric" maxlength={6} dir="ltr" autofocus=true name="code"
                error={error("code")} />
        },
        Step::Change => html! {
            <>
                <Alert tone={Tone::Info} title={t!("password-change-due")} />
                <TextField label={t!("password-current")} kind="password" value={typed.password.clone()} oninput={set(|t, v| t.password = v)}
                    required=true autocomplete="current-password" name="current" error={error("current")} />
                <TextField label={t!("password-new")} hint={t!("password-hint")} kind="password" value={typed.new.clone()}
                    oninput={set(|t, v| t.new = v)} required=true autocomplete="new-password" name="new" error={error("new")} />
                <TextField label={t!("password-again")} kind="password" value={typed.again.clone()} oninput={set(|t, v| t.again = v)}
                    required=true autocomplete="new-password" name="again" error={differ.then(|| t!("passwords-differ"))} />
            </>
        },
    }
}
