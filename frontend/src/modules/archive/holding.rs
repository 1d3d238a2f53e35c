//! Legal holds (وقف الإتلاف): what they freeze, who set them, lifting them; the dialogs that set one.

use diwan_archive_api::{DocumentClasses, EndInput, Hold, HoldInput};
use yew::prelude::*;

use super::plan::class_choices;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{PageProps, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::{
    Button, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Screen, Select, SelectOption, StateDot, StateTone,
    TextField, Variant,
};

/// The holds of the agency.
#[component]
pub(super) fn Holds(props: &PageProps) -> Html {
    let list = use_api::<Vec<Hold>>(Some(client::get("/api/archive/holds")));
    let lifting = use_state_eq(|| None::<i64>);
    let setting = use_state_eq(|| false);
    let closed = {
        let (lifting, setting, reload) = (lifting.setter(), setting.setter(), list.reload.clone());
        Callback::from(move |()| {
            lifting.set(None);
            setting.set(false);
            reload.emit(());
        })
    };
    let set = setting.setter();
    let actions = html! {
        <Button variant={Variant::Primary} icon={Icon::Lock} label={t!("hold-class")} testid="new-hold" onclick={Callback::from(move |_| set.set(true))} />
    };
    let row = |hold: &Hold| {
        let (id, lift) = (hold.id, lifting.setter());
        html! {
            <tr key={id} data-row-id={id.to_string()}>
                <td><bdi>{ &hold.reason }</bdi></td>
                <td>{ target(hold) }</td>
                <td>{ i18n::name(&hold.set_by.name) }<div class="dw-muted dw-sm"><Num value={format::date_time(hold.set_at)} /></div></td>
                <td>{ lifted(hold) }</td>
                <td>if hold.lifted_at.is_none() { <Button variant={Variant::Link} label={t!("hold-lift")} action="lift" onclick={Callback::from(move |_| lift.set(Some(id)))} /> }</td>
            </tr>
        }
    };
    html! {
        <Screen head={html! { <PageHead title={t!("holds")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("holds-empty")} /> } else {
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("holds")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("holds")} data-testid="holds">
                            <thead><tr>{ for [t!("hold-reason"), t!("hold-on"), t!("hold-by"), t!("state"), String::new()].into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                            <tbody>{ for items.iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
            if let Some(id) = *lifting { <Lift {id} on_close={closed.clone()} /> }
            if *setting { <HoldClass on_close={closed} /> }
        </Screen>
    }
}

/// What a hold freezes, in words.
fn target(hold: &Hold) -> String {
    match (&hold.class, &hold.file) {
        (Some(class), _) => t!("hold-on-class", name = i18n::name(&class.name)),
        (None, Some(file)) => t!("hold-on-file", name = i18n::name(&file.name)),
        (None, None) => t!("hold-on-records", n = hold.records),
    }
}

fn lifted(hold: &Hold) -> Html {
    let (Some(at), Some(by)) = (hold.lifted_at, &hold.lifted_by) else {
        return html! { <StateDot tone={StateTone::Wait} label={t!("hold-in-force")} /> };
    };
    html! {
        <>
            <StateDot tone={StateTone::Done} label={t!("hold-lifted")} />
            <div class="dw-muted dw-sm">{ i18n::name(&by.name) }{ " · " }<Num value={format::date_time(at)} />{ " · " }<bdi>{ hold.lift_reason.clone().unwrap_or_default() }</bdi></div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct LiftProps {
    id: i64,
    on_close: Callback<()>,
}

/// Lifts a hold with a reason.
#[component]
fn Lift(props: &LiftProps) -> Html {
    let reason = use_state_eq(String::new);
    let sending = use_sending();
    let submit = {
        let (reason, sending, on_close, id) = (reason.clone(), sending.clone(), props.on_close.clone(), props.id);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            let call =
                client::post(format!("/api/archive/holds/{id}/lift")).json(&EndInput { reason: (*reason).clone() });
            sending.answer(call, move |_: Hold| on_close.emit(()));
        })
    };
    let set = reason.setter();
    html! {
        <Dialog title={t!("hold-lift")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form"><TextField label={t!("hold-lift-reason")} value={(*reason).clone()} oninput={Callback::from(move |text| set.set(text))} required=true
                maxlength={500} error={sending.error("reason")} name="reason" /></div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct HoldClassProps {
    on_close: Callback<()>,
}

/// Sets a hold on a class with all below it.
#[component]
fn HoldClass(props: &HoldClassProps) -> Html {
    let plan = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let class = use_state_eq(|| None::<i64>);
    let set = class.setter();
    let all = plan.data.as_ref().map_or(&[][..], |plan| plan.items.as_slice());
    let none = std::iter::once(SelectOption::new("", t!("hold-choose-class")));
    let classes: Vec<_> = none.chain(class_choices(all, None, |class| class.id.to_string())).collect();
    let target = HoldInput { reason: String::new(), record_ids: Vec::new(), file_id: None, class_id: *class };
    html! {
        <SetHold {target} on_close={props.on_close.clone()}>
            <Select label={t!("document-class")} value={class.map(|id| id.to_string()).unwrap_or_default()} options={classes} required=true name="class_id"
                onchange={Callback::from(move |id: String| set.set(id.parse().ok()))} />
        </SetHold>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct SetHoldProps {
    /// What is frozen; the reason is typed here.
    pub(super) target: HoldInput,
    pub(super) on_close: Callback<()>,
    /// Fields that choose what is frozen.
    #[prop_or_default]
    pub(super) children: Html,
}

/// Sets a hold with a reason.
#[component]
pub(super) fn SetHold(props: &SetHoldProps) -> Html {
    let reason = use_state_eq(String::new);
    let sending = use_sending();
    let submit = {
        let (reason, sending, on_close, target) =
            (reason.clone(), sending.clone(), props.on_close.clone(), props.target.clone());
        Callback::from(move |()| {
            let on_close = on_close.clone();
            let input = HoldInput { reason: (*reason).clone(), ..target.clone() };
            sending.answer(client::post("/api/archive/holds").json(&input), move |_: Hold| on_close.emit(()));
        })
    };
    let set = reason.setter();
    html! {
        <Dialog title={t!("hold-set")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <p class="dw-muted">{ t!("hold-hint") }</p>
            <div class="dw-form">
                { props.children.clone() }
                <TextField label={t!("hold-reason")} value={(*reason).clone()} oninput={Callback::from(move |text| set.set(text))} required=true
                    maxlength={500} error={sending.error("reason")} name="reason" />
            </div>
        </Dialog>
    }
}
