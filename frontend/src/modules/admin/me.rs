//! One's own account (حسابي): password, one-time code, sessions.

use diwan_platform_api::people::{ChangePassword, OneTimeCode, Reauthenticate, SessionItem, TotpEnrolment};
use yew::prelude::*;

use super::agent::called;
use super::send::use_sending;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Alert, Button, Card, Facts, FailureAlert, Icon, IconButton, Num, PageHead, Screen, SecrecyBadge, TextField, Tone,
    Variant, use_toasts,
};

/// One's own account.
#[component]
pub fn MyAccount() -> Html {
    let session = use_session();
    let Some(me) = session.me() else { return Html::default() };
    let positions = me
        .positions
        .iter()
        .map(|held| format!("{}{}{}", i18n::name(&held.title), t!("letter-comma"), i18n::name(&held.unit.name)));
    let rows: Vec<(AttrValue, Html)> = vec![
        (t!("user-name").into(), html! { { i18n::name(&me.name) } }),
        (t!("username").into(), html! { <Num value={me.username.clone()} /> }),
        (t!("facet-agency").into(), html! { { i18n::name(&me.agency.name) } }),
        (t!("user-positions").into(), html! { { for positions.map(|held| html! { <div>{ held }</div> }) } }),
        (t!("user-clearance").into(), html! { <SecrecyBadge level={me.clearance} /> }),
    ];
    html! {
        <Screen head={html! { <PageHead title={t!("my-account")} /> }}>
            <div class="dw-grid2" data-testid="me">
                <div class="dw-stack">
                    <Card title={i18n::name(&me.name)} padded=true>
                        <Facts {rows} />
                        <Link to={Route::Admin("delegations".to_owned()).path()}>{ t!("admin-delegations") }</Link>
                    </Card>
                    <Password />
                </div>
                <div class="dw-stack">
                    <Totp enabled={me.totp_enabled} on_change={Callback::from(move |()| session.reload())} />
                    <Sessions />
                </div>
            </div>
        </Screen>
    }
}

#[component]
fn Password() -> Html {
    let (current, new, again) = (use_state_eq(String::new), use_state_eq(String::new), use_state_eq(String::new));
    let sending = use_sending();
    let toasts = use_toasts();
    let differ = !again.is_empty() && *new != *again;
    let onsubmit = {
        let (current, new, again, sending, toasts) =
            (current.clone(), new.clone(), again.clone(), sending.clone(), toasts.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *new != *again {
                return;
            }
            let body = ChangePassword { current: (*current).clone(), new: (*new).clone() };
            let (fields, toasts) = ([current.setter(), new.setter(), again.setter()], toasts.clone());
            sending.done(client::post("/api/me/password").json(&body), move || {
                for field in fields {
                    field.set(String::new());
                }
                toasts.done(t!("saved"));
            });
        })
    };
    let set = |field: &UseStateHandle<String>| {
        let field = field.setter();
        Callback::from(move |text| field.set(text))
    };
    html! {
        <Card title={t!("password-change")} padded=true>
            <form class="dw-form" {onsubmit}>
                if sending.failure.as_ref().is_some_and(|failure| !failure.has_fields()) { { sending.alert() } }
                <TextField label={t!("password-current")} kind="password" value={(*current).clone()} oninput={set(&current)} required=true
                    autocomplete="current-password" error={sending.error("current")} name="current" />
                <TextField label={t!("password-new")} kind="password" value={(*new).clone()} oninput={set(&new)} required=true hint={t!("password-hint")}
                    autocomplete="new-password" error={sending.error("new")} name="new" />
                <TextField label={t!("password-again")} kind="password" value={(*again).clone()} oninput={set(&again)} required=true
                    autocomplete="new-password" error={differ.then(|| t!("passwords-differ"))} name="again" />
                <Button submit=true variant={Variant::Primary} label={t!("password-change")} busy={sending.busy} disabled={new.is_empty() || *new != *again} testid="change-password" />
            </form>
        </Card>
    }
}

#[derive(Properties, PartialEq)]
struct TotpProps {
    enabled: bool,
    on_change: Callback<()>,
}

/// The one-time code: the QR code is shown, then a first code confirms it.
#[component]
fn Totp(props: &TotpProps) -> Html {
    let enrolment = use_state(|| None::<TotpEnrolment>);
    let typed = use_state_eq(String::new);
    let sending = use_sending();
    let finished = {
        let (enrolment, typed, on_change) = (enrolment.setter(), typed.setter(), props.on_change.clone());
        Callback::from(move |()| {
            enrolment.set(None);
            typed.set(String::new());
            on_change.emit(());
        })
    };
    let start = {
        let (sending, enrolment) = (sending.clone(), enrolment.setter());
        Callback::from(move |_: MouseEvent| {
            let enrolment = enrolment.clone();
            sending.answer(client::post("/api/me/totp"), move |secret| enrolment.set(Some(secret)));
        })
    };
    let onsubmit = {
        let (sending, typed, enabled) = (sending.clone(), typed.clone(), props.enabled);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (text, finished) = (typed.trim().to_owned(), finished.clone());
            let call = if enabled {
                client::post("/api/me/totp/disable").json(&Reauthenticate { password: text })
            } else {
                client::post("/api/me/totp/confirm").json(&OneTimeCode { code: text })
            };
            sending.done(call, move || finished.emit(()));
        })
    };
    let set = typed.setter();
    let oninput = Callback::from(move |text| set.set(text));
    let value = (*typed).clone();
    html! {
        <Card title={t!("one-time-code")} padded=true>
            { sending.alert() }
            if props.enabled {
                <form class="dw-form" {onsubmit}>
                    <Alert tone={Tone::Success} title={t!("totp-on")} />
                    <TextField label={t!("password")} kind="password" {value} {oninput} required=true autocomplete="current-password" error={sending.error("password")} name="password" />
                    <Button submit=true label={t!("totp-disable")} busy={sending.busy} testid="totp-disable" />
                </form>
            } else if let Some(secret) = &*enrolment {
                <form class="dw-form" {onsubmit}>
                    <p>{ t!("totp-scan") }</p>
                    // An image address, not markup: whatever the picture holds, no script of it runs.
                    <img src={format!("data:image/svg+xml,{}", crate::app::query::encode(&secret.qr_svg))} alt={t!("totp-qr")} style="inline-size:12rem;background:#fff" />
                    <p class="dw-sm"><bdi class="num" data-testid="totp-secret">{ &secret.secret }</bdi></p>
                    <TextField label={t!("one-time-code")} {value} {oninput} required=true hint={t!("one-time-code-hint")} inputmode="numeric" dir="ltr" autocomplete="one-time-code" error={sending.error("code")} name="code" />
                    <Button submit=true variant={Variant::Primary} label={t!("totp-confirm")} busy={sending.busy} testid="totp-confirm" />
                </form>
            } else {
                <p class="dw-muted">{ t!("totp-off") }</p>
                <Button label={t!("totp-enable")} onclick={start} busy={sending.busy} testid="totp-enable" />
            }
        </Card>
    }
}

#[component]
fn Sessions() -> Html {
    let list = use_api::<Vec<SessionItem>>(Some(client::get("/api/me/sessions")));
    let sending = use_sending();
    let act = |call: client::Call| {
        let (sending, reload) = (sending.clone(), list.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.done(call.clone(), move || reload.emit(()));
        })
    };
    let row = |item: &SessionItem| {
        html! {
            <div class="dw-file" key={item.id} data-row-id={item.id.to_string()}>
                { Icon::Monitor }
                <span style="min-inline-size:0"><span class="dw-clamp" title={item.user_agent.clone()}><bdi>{ called(&item.user_agent) }</bdi></span>
                    <span class="dw-muted dw-sm"><Num value={item.ip.clone()} />{ " · " }<Num value={format::date_time(item.last_seen_at.naive_utc())} /></span>
                </span>
                <span class="dw-push dw-nowrap">
                    if item.current { <span class="dw-muted">{ t!("session-this") }</span> }
                    else { <IconButton small=true icon={Icon::Logout} label={t!("session-revoke")} onclick={act(client::delete(format!("/api/me/sessions/{}", item.id)))} /> }
                </span>
            </div>
        }
    };
    let others = list.data.as_ref().is_some_and(|items| items.len() > 1);
    html! {
        <Card title={t!("sessions")} padded=true actions={html! {
            if others { <Button label={t!("session-revoke-others")} onclick={act(client::post("/api/me/sessions/revoke-others"))} busy={sending.busy} testid="revoke-others" /> }
        }}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            { sending.alert() }
            { for list.data.iter().flat_map(|items| items.iter()).map(row) }
        </Card>
    }
}
