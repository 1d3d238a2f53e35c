//! Public holidays (العطل الرسمية), which working days skip.

use diwan_kernel::Named;
use diwan_platform_api::records::Holiday;
use yew::prelude::*;

use super::parts::{NameFields, PageProps, name_errors, save_footer};
use super::send::use_sending;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{Button, DateField, Dialog, Empty, FailureAlert, Icon, IconButton, PageHead, Screen, Variant};

/// The holidays.
#[component]
pub(super) fn Holidays(props: &PageProps) -> Html {
    let list = use_api::<Vec<Holiday>>(Some(client::get("/api/holidays")));
    let creating = use_state_eq(|| false);
    let sending = use_sending();
    let create = creating.setter();
    let closed = {
        let (creating, reload) = (creating.setter(), list.reload.clone());
        Callback::from(move |()| {
            creating.set(false);
            reload.emit(());
        })
    };
    let remove = |id: i64| {
        let (sending, reload) = (sending.clone(), list.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.done(client::delete(format!("/api/holidays/{id}")), move || reload.emit(()));
        })
    };
    let row = |day: &Holiday| {
        html! {
            <tr key={day.id} data-row-id={day.id.to_string()}>
                <td>{ format::day_name(day.day) }</td><td>{ i18n::name(&day.name) }</td>
                <td>
                    if day.shared { <span class="dw-muted">{ t!("holiday-shared") }</span> }
                    else { <IconButton small=true icon={Icon::Trash} label={t!("holiday-remove")} onclick={remove(day.id)} /> }
                </td>
            </tr>
        }
    };
    let head = html! {
        <PageHead title={t!("admin-holidays")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("holiday-new")} testid="new-holiday" onclick={Callback::from(move |_| create.set(true))} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    html! {
        <Screen {head}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            { sending.alert() }
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("holiday-none")} /> } else {
                    <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("admin-holidays")} data-testid="holidays">
                        <thead><tr><th scope="col">{ t!("day") }</th><th scope="col">{ t!("holiday-name") }</th><th scope="col"></th></tr></thead>
                        <tbody>{ for items.iter().map(row) }</tbody>
                    </table>
                }
            }
            if *creating { <NewHoliday on_close={closed} /> }
        </Screen>
    }
}

#[derive(Properties, PartialEq)]
struct NewProps {
    on_close: Callback<()>,
}

#[component]
fn NewHoliday(props: &NewProps) -> Html {
    let day = use_state_eq(|| Some(format::today()));
    let name = use_state_eq(Named::default);
    let tried = use_state_eq(|| false);
    let sending = use_sending();
    let submit = {
        let (day, name, sending, on_close) = (*day, name.clone(), sending.clone(), props.on_close.clone());
        let tried = tried.setter();
        Callback::from(move |()| {
            tried.set(true);
            let Some(day) = day else { return };
            let holiday = Holiday { id: 0, day, name: (*name).clone(), shared: false };
            let on_close = on_close.clone();
            sending.done(client::post("/api/holidays").json(&holiday), move || on_close.emit(()));
        })
    };
    let missing = (*tried && day.is_none()).then(|| AttrValue::from(t!("err-required")));
    let day_error = sending.error("day").or(missing);
    let (set_day, set_name) = (day.setter(), name.setter());
    let (error_ar, error_en) = name_errors(&sending, "name");
    html! {
        <Dialog title={t!("holiday-new")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <DateField label={t!("day")} value={*day} onchange={Callback::from(move |day| set_day.set(day))} required=true error={day_error} name="day" />
                <NameFields value={(*name).clone()} onchange={Callback::from(move |name| set_name.set(name))} {error_ar} {error_en} />
            </div>
        </Dialog>
    }
}
