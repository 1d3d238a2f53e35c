//! Retention schedules (جداول مدد الاستبقاء): how long documents are kept, and what follows.

use diwan_archive_api::{Fate, RetentionStart, Schedule, ScheduleInput};
use diwan_kernel::{Named, Permission};
use yew::prelude::*;

use crate::app::session::use_session;
use crate::client::{self, newest, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{NameFields, PageProps, changing, name_errors, options, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::{
    Button, Checkbox, DateField, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Screen, Select, TextField, Variant,
};

/// The schedules.
#[component]
pub(super) fn Rules(props: &PageProps) -> Html {
    let session = use_session();
    let list = use_api::<Vec<Schedule>>(Some(client::get("/api/archive/schedules")));
    let opened =
        use_opened(&list, |all: &Vec<Schedule>, asked: &Option<Schedule>| newest(all, asked.as_ref(), |one| one.id));
    let manages = session.may(Permission::ArchivePlan);
    let actions = html! {
        if manages {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("schedule-new")} testid="new-schedule" onclick={opened.button(None)} />
        }
    };
    let row = |one: &Schedule| {
        html! {
            <tr key={one.id} data-row-id={one.id.to_string()}>
                <td><Num value={one.code.clone()} /></td>
                <td>{ i18n::name(&one.name) }if one.fallback { <div class="dw-muted dw-sm">{ t!("schedule-fallback") }</div> }</td>
                <td>{ period(one) }</td>
                <td>{ i18n::code("fate", one.action.code()) }</td>
                <td><bdi>{ &one.mandate }</bdi></td>
                <td><Num value={format::number(one.classes)} /></td>
                <td>if manages { <Button variant={Variant::Link} label={t!("action-edit")} action="edit" onclick={opened.button(Some(one.clone()))} /> }</td>
            </tr>
        }
    };
    html! {
        <Screen head={html! { <PageHead title={t!("schedules")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("schedules-empty")} /> } else {
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("schedules")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("schedules")} data-testid="schedules">
                            <thead><tr>
                                { for [t!("code"), t!("schedule-name"), t!("schedule-period"), t!("schedule-action"), t!("schedule-mandate"), t!("classes"), String::new()]
                                    .into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }
                            </tr></thead>
                            <tbody>{ for items.iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
            if let Some(schedule) = opened.shown { <ScheduleDialog {schedule} on_close={opened.close} /> }
        </Screen>
    }
}

/// The period in words: how long, from when, and to when it is rounded.
pub(super) fn period(one: &Schedule) -> String {
    if one.action == Fate::Keep {
        return t!("schedule-for-ever");
    }
    let mut said = t!("schedule-years", n = one.years);
    if one.months > 0 {
        said = format!("{said} {}", t!("schedule-and-months", n = one.months));
    }
    let from = i18n::code("retention-start", one.starts.code());
    let rounded = if one.new_year { format!(" {}", t!("schedule-to-new-year")) } else { String::new() };
    format!("{said} {from}{rounded}")
}

#[derive(Properties, PartialEq)]
struct ScheduleProps {
    schedule: Option<Schedule>,
    on_close: Callback<()>,
}

fn input(schedule: Option<&Schedule>) -> ScheduleInput {
    match schedule {
        Some(one) => ScheduleInput {
            code: one.code.clone(),
            name: one.name.clone(),
            starts: one.starts,
            years: one.years,
            months: one.months,
            new_year: one.new_year,
            action: one.action,
            mandate: one.mandate.clone(),
            valid_from: one.valid_from,
            valid_to: one.valid_to,
        },
        None => ScheduleInput {
            code: String::new(),
            name: Named::default(),
            starts: RetentionStart::Dated,
            years: 10,
            months: 0,
            new_year: true,
            action: Fate::Review,
            mandate: String::new(),
            valid_from: format::today(),
            valid_to: None,
        },
    }
}

/// Adds or changes a schedule.
#[component]
fn ScheduleDialog(props: &ScheduleProps) -> Html {
    let edit = use_state_eq(|| input(props.schedule.as_ref()));
    let sending = use_sending();
    let submit = {
        let (edit, sending, on_close, schedule) =
            (edit.clone(), sending.clone(), props.on_close.clone(), props.schedule.clone());
        Callback::from(move |()| {
            let call = match &schedule {
                Some(one) => client::put(format!("/api/archive/schedules/{}", one.id)).if_match(one.version),
                None => client::post("/api/archive/schedules"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&*edit), move |_: Schedule| on_close.emit(()));
        })
    };
    let (error_ar, error_en) = name_errors(&sending, "name");
    let number = |text: String, old: i32| if text.trim().is_empty() { 0 } else { text.trim().parse().unwrap_or(old) };
    html! {
        <Dialog wide=true title={if props.schedule.is_some() { t!("schedule-edit") } else { t!("schedule-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <TextField label={t!("code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut ScheduleInput, code| edit.code = code)} dir="ltr" required=true
                    error={sending.error("code")} maxlength={20} name="code" />
                <Select label={t!("schedule-action")} value={edit.action.code()} options={options("fate", Fate::ALL.iter().map(|one| one.code()))} error={sending.error("action")} name="action"
                    onchange={changing(&edit, |edit: &mut ScheduleInput, code: String| edit.action = code.parse().unwrap_or(edit.action))} />
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut ScheduleInput, name| edit.name = name)} {error_ar} {error_en} />
                <Select label={t!("schedule-starts")} value={edit.starts.code()} options={options("retention-start", RetentionStart::ALL.iter().map(|one| one.code()))} name="starts"
                    onchange={changing(&edit, |edit: &mut ScheduleInput, code: String| edit.starts = code.parse().unwrap_or(edit.starts))} />
                <TextField label={t!("schedule-years-field")} value={edit.years.to_string()} inputmode="numeric" error={sending.error("years")} name="years"
                    oninput={changing(&edit, move |edit: &mut ScheduleInput, text: String| edit.years = number(text, edit.years))} />
                <TextField label={t!("schedule-months-field")} value={edit.months.to_string()} inputmode="numeric" error={sending.error("months")} name="months"
                    oninput={changing(&edit, move |edit: &mut ScheduleInput, text: String| edit.months = number(text, edit.months))} />
                <TextField label={t!("schedule-mandate")} value={edit.mandate.clone()} oninput={changing(&edit, |edit: &mut ScheduleInput, text| edit.mandate = text)} required=true
                    hint={t!("schedule-mandate-hint")} error={sending.error("mandate")} maxlength={500} name="mandate" />
                <DateField label={t!("schedule-valid-from")} value={Some(edit.valid_from)} required=true error={sending.error("valid_from")} name="valid_from"
                    onchange={changing(&edit, |edit: &mut ScheduleInput, day: Option<chrono::NaiveDate>| edit.valid_from = day.unwrap_or(edit.valid_from))} />
                <DateField label={t!("schedule-valid-to")} value={edit.valid_to} error={sending.error("valid_to")} name="valid_to"
                    onchange={changing(&edit, |edit: &mut ScheduleInput, day| edit.valid_to = day)} />
                <Checkbox label={t!("schedule-new-year")} checked={edit.new_year} onchange={changing(&edit, |edit: &mut ScheduleInput, on| edit.new_year = on)} />
            </div>
        </Dialog>
    }
}
