//! Delegations (التفويضات): one's own work, handed to a colleague for some days.

use diwan_platform_api::people::{Delegation, DelegationInput, DelegationScope};
use yew::prelude::*;

use super::parts::{PageProps, options, picked_id, save_footer, use_pick};
use super::send::use_sending;
use super::user_dialog::period;
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Button, Choice, DateField, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Picker, Screen, Select, StateDot,
    StateTone, TextField, Variant,
};

/// Delegations one gave and got.
#[component]
pub(super) fn Delegations(props: &PageProps) -> Html {
    let list = use_api::<Vec<Delegation>>(Some(client::get("/api/me/delegations")));
    let creating = use_state_eq(|| false);
    let sending = use_sending();
    let me = use_session().me().map(|me| me.user_id);
    let create = creating.setter();
    let closed = {
        let (creating, reload) = (creating.setter(), list.reload.clone());
        Callback::from(move |()| {
            creating.set(false);
            reload.emit(());
        })
    };
    let revoke = |id: i64| {
        let (sending, reload) = (sending.clone(), list.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.answer(client::post(format!("/api/delegations/{id}/revoke")), move |_: Delegation| reload.emit(()));
        })
    };
    let row = |item: &Delegation| {
        let (tone, state) = match (item.revoked_at.is_some(), item.in_force) {
            (true, _) => (StateTone::Done, t!("delegation-revoked")),
            (_, true) => (StateTone::Work, t!("delegation-in-force")),
            _ => (StateTone::Wait, t!("delegation-not-in-force")),
        };
        html! {
            <tr key={item.id} data-row-id={item.id.to_string()}>
                <td>{ i18n::name(&item.from.name) }</td><td>{ i18n::name(&item.to.name) }</td>
                <td>{ i18n::code("delegation-scope", item.scope.code()) }</td>
                <td><Num value={period(item.starts_on, Some(item.ends_on))} /></td>
                <td><span class="dw-clamp" dir="auto">{ &item.reason }</span></td>
                <td><StateDot {tone} label={state} /></td>
                <td>
                    if item.revoked_at.is_none() && Some(item.from.id) == me {
                        <Button variant={Variant::Link} label={t!("delegation-revoke")} onclick={revoke(item.id)} action={"revoke"} />
                    }
                </td>
            </tr>
        }
    };
    let head = html! {
        <PageHead title={t!("admin-delegations")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("delegation-new")} testid="new-delegation" onclick={Callback::from(move |_| create.set(true))} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    let titles = [
        t!("delegation-from"),
        t!("delegation-to"),
        t!("delegation-scope"),
        t!("delegation-period"),
        t!("reason"),
        t!("state"),
        String::new(),
    ];
    html! {
        <Screen {head}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            { sending.alert() }
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("delegation-none")} /> } else {
                    <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("admin-delegations")} data-testid="delegations">
                        <thead><tr>{ for titles.iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                        <tbody>{ for items.iter().map(row) }</tbody>
                    </table>
                }
            }
            if *creating { <NewDelegation on_close={closed} /> }
        </Screen>
    }
}

#[derive(Properties, PartialEq)]
struct NewProps {
    on_close: Callback<()>,
}

/// Hands one's work to a colleague.
#[component]
fn NewDelegation(props: &NewProps) -> Html {
    let people = use_pick("people");
    let to = use_state_eq(Vec::<Choice>::new);
    let scope = use_state_eq(|| DelegationScope::All);
    let (starts, ends) = (use_state_eq(|| Some(format::today())), use_state_eq(|| Some(format::today())));
    let reason = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let sending = use_sending();
    let submit = {
        let (to, scope, starts, ends, reason) = (to.clone(), *scope, *starts, *ends, reason.clone());
        let (sending, on_close, tried) = (sending.clone(), props.on_close.clone(), tried.setter());
        Callback::from(move |()| {
            tried.set(true);
            let (Some(to_user_id), Some(starts_on), Some(ends_on)) = (picked_id(&to), starts, ends) else { return };
            let input = DelegationInput {
                from_user_id: None,
                to_user_id,
                scope,
                starts_on,
                ends_on,
                reason: reason.trim().to_owned(),
            };
            let on_close = on_close.clone();
            sending.answer(client::post("/api/delegations").json(&input), move |_: Delegation| on_close.emit(()));
        })
    };
    let missing = |is: bool| (*tried && is).then(|| AttrValue::from(t!("err-required")));
    let to_error = sending.error("to_user_id").or_else(|| missing(to.is_empty()));
    let starts_error = sending.error("starts_on").or_else(|| missing(starts.is_none()));
    let ends_error = sending.error("ends_on").or_else(|| missing(ends.is_none()));
    let (set_to, set_scope, set_starts, set_ends, set_reason) =
        (to.setter(), scope.setter(), starts.setter(), ends.setter(), reason.setter());
    html! {
        <Dialog wide=true title={t!("delegation-new")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <Picker label={t!("delegation-to")} source={people} picked={(*to).clone()} onchange={Callback::from(move |next| set_to.set(next))}
                    single=true required=true error={to_error} name="to" />
                <Select label={t!("delegation-scope")} value={scope.code()} options={options("delegation-scope", DelegationScope::ALL.iter().map(|code| code.code()))} name="scope"
                    onchange={Callback::from(move |code: String| set_scope.set(code.parse().unwrap_or(DelegationScope::All)))} />
                <TextField label={t!("reason")} value={(*reason).clone()} oninput={Callback::from(move |text| set_reason.set(text))} required=true
                    error={sending.error("reason")} maxlength={500} name="reason" />
                <DateField label={t!("date-from")} value={*starts} onchange={Callback::from(move |day| set_starts.set(day))} required=true error={starts_error} name="starts_on" />
                <DateField label={t!("date-to")} value={*ends} onchange={Callback::from(move |day| set_ends.set(day))} required=true error={ends_error} name="ends_on" />
            </div>
        </Dialog>
    }
}
