//! One user: made, changed, let in again.

use std::rc::Rc;

use chrono::NaiveDate;
use diwan_platform_api::people::{EndHolding, Holding, HoldingInput, NewUser, TemporaryPassword, User, UserCreated};
use yew::prelude::*;

use super::parts::{picked_id, save_footer, use_pick};
use super::send::use_sending;
use super::user_form::{self, UserFields};
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Alert, Button, Choice, DateField, Dialog, FailureAlert, Icon, IconButton, Num, Picker, TextField, Tone, Variant,
    use_toasts,
};

/// A password that is told once.
#[derive(Properties, PartialEq)]
struct SecretProps {
    username: AttrValue,
    password: AttrValue,
    on_close: Callback<()>,
}

/// A password that is told once: after this dialog nobody can see it again.
#[component]
fn Secret(props: &SecretProps) -> Html {
    let footer = html! {
        <Button variant={Variant::Primary} label={t!("password-handed-over")} testid="password-noted" onclick={props.on_close.reform(|_: MouseEvent| ())} />
    };
    html! {
        <Dialog title={t!("password-temporary")} {footer}>
            <Alert tone={Tone::Warning} title={t!("password-told-once")} />
            <p>{ t!("username") }{": "}<b><Num value={props.username.clone()} /></b></p>
            <p style="font-size:1.25rem"><bdi class="num dw-b" data-testid="temporary-password" style="user-select:all">{ &props.password }</bdi></p>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct NewUserProps {
    pub(super) on_close: Callback<()>,
}

/// Makes a user.
#[component]
pub(super) fn NewUserDialog(props: &NewUserProps) -> Html {
    let username = use_state_eq(String::new);
    let edit = use_state_eq(user_form::fresh);
    let made = use_state(|| None::<UserCreated>);
    let sending = use_sending();
    if let Some(made) = &*made {
        return html! {
            <Secret username={made.user.username.clone()} password={made.temporary_password.clone()} on_close={props.on_close.clone()} />
        };
    }
    let submit = {
        let (username, edit, made, sending) = (username.clone(), edit.clone(), made.setter(), sending.clone());
        Callback::from(move |()| {
            let new = NewUser { agency_id: None, username: username.trim().to_lowercase(), edit: (*edit).clone() };
            let made = made.clone();
            sending.answer(client::post("/api/users").json(&new), move |created: UserCreated| made.set(Some(created)));
        })
    };
    let set = username.setter();
    html! {
        <Dialog wide=true title={t!("user-new")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <TextField label={t!("username")} value={(*username).clone()} oninput={Callback::from(move |text| set.set(text))} required=true dir="ltr"
                    hint={t!("username-hint")} maxlength={64} error={sending.error("username")} name="username" />
            </div>
            <UserFields value={(*edit).clone()} {edit} sending={sending.clone()} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct UserProps {
    pub(super) id: i64,
    pub(super) on_close: Callback<()>,
}

/// One user.
#[component]
pub(super) fn UserDialog(props: &UserProps) -> Html {
    let user = use_api::<User>(Some(client::get(format!("/api/users/{}", props.id))));
    match &user.data {
        Some(data) => {
            html! { <Loaded user={Rc::clone(data)} on_close={props.on_close.clone()} reload={user.reload.clone()} /> }
        }
        None => html! {
            <Dialog wide=true title={t!("admin-users")} on_close={Some(props.on_close.clone())}>
                <FailureAlert failure={user.failure.clone()} retry={Some(user.reload.clone())} />
                if user.loading { <p class="dw-muted">{ t!("loading") }</p> }
            </Dialog>
        },
    }
}

#[derive(Properties)]
struct LoadedProps {
    user: Rc<User>,
    on_close: Callback<()>,
    reload: Callback<()>,
}

impl PartialEq for LoadedProps {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user && self.on_close == other.on_close
    }
}

#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let user = &props.user;
    let edit = use_state_eq(|| user_form::of(user));
    let secret = use_state(|| None::<TemporaryPassword>);
    let sending = use_sending();
    let toasts = use_toasts();
    if let Some(secret) = &*secret {
        return html! { <Secret username={user.username.clone()} password={secret.temporary_password.clone()} on_close={props.on_close.clone()} /> };
    }
    let id = user.id;
    let submit = {
        let (edit, sending, toasts, on_close, version) =
            (edit.clone(), sending.clone(), toasts.clone(), props.on_close.clone(), user.version);
        Callback::from(move |()| {
            let (toasts, on_close) = (toasts.clone(), on_close.clone());
            sending.answer(client::put(format!("/api/users/{id}")).if_match(version).json(&*edit), move |_: User| {
                toasts.done(t!("saved"));
                on_close.emit(());
            });
        })
    };
    let reset = {
        let (sending, secret) = (sending.clone(), secret.setter());
        Callback::from(move |_: MouseEvent| {
            let secret = secret.clone();
            sending.answer(client::post(format!("/api/users/{id}/reset-password")), move |told| secret.set(Some(told)));
        })
    };
    let act = |what: &'static str| {
        let (sending, toasts, reload) = (sending.clone(), toasts.clone(), props.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let (toasts, reload) = (toasts.clone(), reload.clone());
            sending.done(client::post(format!("/api/users/{id}/{what}")), move || {
                toasts.done(t!("saved"));
                reload.emit(());
            });
        })
    };
    let title = format!("{} ({})", i18n::name(&user.name), user.username);
    html! {
        <Dialog wide=true {title} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-row" style="margin-block-end:0.75rem">
                <Button icon={Icon::Key} label={t!("user-reset-password")} onclick={reset} disabled={sending.busy} testid="reset-password" />
                if user.locked_until.is_some() { <Button icon={Icon::Lock} label={t!("user-unlock")} onclick={act("unlock")} testid="unlock" /> }
                if user.totp_enabled { <Button label={t!("user-reset-totp")} onclick={act("reset-totp")} testid="reset-totp" /> }
            </div>
            <UserFields value={(*edit).clone()} {edit} sending={sending.clone()} />
            <Holdings user={Rc::clone(user)} reload={props.reload.clone()} />
        </Dialog>
    }
}

#[derive(Properties)]
struct HoldingsProps {
    user: Rc<User>,
    reload: Callback<()>,
}

impl PartialEq for HoldingsProps {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user
    }
}

/// The positions of a user, and a new one.
#[component]
fn Holdings(props: &HoldingsProps) -> Html {
    let source = use_pick("positions");
    let picked = use_state_eq(Vec::<Choice>::new);
    let from = use_state_eq(|| Some(format::today()));
    let sending = use_sending();
    let add = {
        let (picked, from, sending, reload, user_id) =
            (picked.clone(), *from, sending.clone(), props.reload.clone(), props.user.id);
        Callback::from(move |_: MouseEvent| {
            let (Some(position_id), Some(from_date)) = (picked_id(&picked), from) else { return };
            let (picked, reload) = (picked.setter(), reload.clone());
            let input = HoldingInput { position_id, user_id, from_date, to_date: None };
            sending.answer(client::post("/api/holdings").json(&input), move |_: Holding| {
                picked.set(Vec::new());
                reload.emit(());
            });
        })
    };
    let end = |holding: &Holding| {
        let (sending, reload, id, from) = (sending.clone(), props.reload.clone(), holding.id, holding.from_date);
        Callback::from(move |_: MouseEvent| {
            let (reload, again) = (reload.clone(), reload.clone());
            if from > format::today() {
                sending.done(client::delete(format!("/api/holdings/{id}")), move || again.emit(()));
            } else {
                let body = EndHolding { to_date: format::today() };
                sending.answer(client::post(format!("/api/holdings/{id}/end")).json(&body), move |_: Holding| {
                    reload.emit(())
                });
            }
        })
    };
    let (set_picked, set_from) = (picked.setter(), from.setter());
    html! {
        <fieldset class="dw-fg" style="border:0;padding:0;margin:0" data-testid="holdings">
            <legend class="dw-sec-t">{ t!("user-positions") }</legend>
            { sending.alert() }
            { for props.user.holdings.iter().map(|holding| html! {
                <div class="dw-file" key={holding.id} data-row-id={holding.id.to_string()}>
                    <span>{ i18n::name(&holding.position.name) }<div class="dw-muted dw-sm">{ i18n::name(&holding.unit.name) }</div></span>
                    <span class="dw-push dw-muted dw-nowrap"><Num value={period(holding.from_date, holding.to_date)} /></span>
                    if holding.to_date.is_none() {
                        <IconButton small=true icon={Icon::Close} label={t!("holding-end")} onclick={end(holding)} testid="end-holding" />
                    }
                </div>
            }) }
            <div class="dw-form two">
                <Picker label={t!("user-position")} {source} picked={(*picked).clone()} onchange={Callback::from(move |next| set_picked.set(next))} single=true
                    error={sending.error("position_id").or_else(|| sending.error("user_id"))} name="position" />
                <DateField label={t!("date-from")} value={*from} onchange={Callback::from(move |day| set_from.set(day))}
                    error={sending.error("from_date").or_else(|| sending.error("to_date"))} name="from_date" />
            </div>
            <Button icon={Icon::Plus} label={t!("holding-add")} onclick={add} disabled={picked.is_empty() || from.is_none()} busy={sending.busy} testid="add-holding" />
        </fieldset>
    }
}

/// A period as people write it.
pub(super) fn period(from: NaiveDate, to: Option<NaiveDate>) -> String {
    let to = to.map(format::date).unwrap_or_else(|| "…".to_owned());
    format!("{} – {to}", format::date(from))
}
