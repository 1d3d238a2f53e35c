//! Saving a document as a template, and changing a template: its name, and when it makes drafts by itself.

use chrono::{Datelike, NaiveDate};
use diwan_finance_api::{VoucherEvery, VoucherSchedule, VoucherTemplate, VoucherTemplateInput};
use yew::prelude::*;

use crate::client;
use crate::i18n::{self, format};
use crate::modules::admin::parts::{changing, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::{Checkbox, DateField, Dialog, Select, SelectOption, TextField};

#[derive(Properties, PartialEq)]
pub(super) struct TemplateFormProps {
    /// The document that is saved as a template; none where one is changed.
    #[prop_or_default]
    pub(super) document: Option<i64>,
    /// The template that is changed.
    #[prop_or_default]
    pub(super) template: Option<VoucherTemplate>,
    /// What it may be called at first.
    #[prop_or_default]
    pub(super) name: String,
    pub(super) on_done: Callback<VoucherTemplate>,
    pub(super) on_close: Callback<()>,
}

/// The choices of how often, none first.
fn every() -> Vec<SelectOption> {
    let word = |every: &VoucherEvery| SelectOption::new(every.code(), i18n::code("voucher-every", every.code()));
    std::iter::once(SelectOption::new("", t!("vtemplate-never"))).chain(VoucherEvery::ALL.iter().map(word)).collect()
}

/// A change of the schedule, where there is one.
fn scheduled<V: 'static>(
    edit: &UseStateHandle<VoucherTemplateInput>,
    apply: impl Fn(&mut VoucherSchedule, V) + 'static,
) -> Callback<V> {
    changing(edit, move |edit: &mut VoucherTemplateInput, value: V| {
        if let Some(schedule) = &mut edit.schedule {
            apply(schedule, value);
        }
    })
}

/// Name and schedule of a template.
#[component]
pub(super) fn TemplateForm(props: &TemplateFormProps) -> Html {
    let edit = use_state_eq(|| match &props.template {
        Some(one) => VoucherTemplateInput { name: one.name.clone(), document_id: None, schedule: one.schedule.clone() },
        None => VoucherTemplateInput { name: props.name.clone(), document_id: props.document, schedule: None },
    });
    let sending = use_sending();
    let submit = {
        let (edit, sending, done) = (edit.clone(), sending.clone(), props.on_done.clone());
        let template = props.template.as_ref().map(|one| (one.id, one.version));
        Callback::from(move |()| {
            let call = match template {
                Some((id, version)) => client::put(format!("/api/finance/templates/{id}")).if_match(version),
                None => client::post("/api/finance/templates"),
            };
            let done = done.clone();
            sending.answer(call.json(&*edit), move |template: VoucherTemplate| done.emit(template));
        })
    };
    let on_every = changing(&edit, |edit: &mut VoucherTemplateInput, code: String| {
        let today = format::today();
        edit.schedule = code.parse().ok().map(|every| match edit.schedule.take() {
            Some(schedule) => VoucherSchedule { every, ..schedule },
            None => VoucherSchedule { every, day: today.day(), starts_on: today, ends_on: None, paused: false },
        });
    });
    let schedule = edit.schedule.clone();
    let title = if props.template.is_some() { t!("vtemplate-edit") } else { t!("vtemplate-save") };
    html! {
        <Dialog {title} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            <p class="dw-muted">{ t!("vtemplate-hint") }</p>
            { sending.alert() }
            <div class="dw-form">
                <TextField label={t!("vtemplate-name")} value={edit.name.clone()} required=true maxlength={200} error={sending.error("name")} name="name"
                    oninput={changing(&edit, |edit: &mut VoucherTemplateInput, text| edit.name = text)} />
                <Select label={t!("vtemplate-every")} value={schedule.as_ref().map_or("", |one| one.every.code())} options={every()} onchange={on_every} name="every" />
                if let Some(schedule) = &schedule {
                    <TextField label={t!("vtemplate-day")} value={if schedule.day == 0 { String::new() } else { schedule.day.to_string() }} required=true inputmode="numeric" maxlength={2}
                        hint={t!("vtemplate-day-hint")} error={sending.error("schedule.day")} name="day"
                        oninput={scheduled(&edit, |schedule, text: String| schedule.day = text.trim().parse().unwrap_or(0))} />
                    <DateField label={t!("date-from")} value={Some(schedule.starts_on)} required=true name="starts_on"
                        onchange={scheduled(&edit, |schedule, day: Option<NaiveDate>| schedule.starts_on = day.unwrap_or(schedule.starts_on))} />
                    <DateField label={t!("date-to")} value={schedule.ends_on} error={sending.error("schedule.ends_on")} name="ends_on"
                        onchange={scheduled(&edit, |schedule, day| schedule.ends_on = day)} />
                    <Checkbox label={t!("vtemplate-paused")} checked={schedule.paused} onchange={scheduled(&edit, |schedule, paused| schedule.paused = paused)} />
                    <p class="dw-muted dw-sm">{ t!("vtemplate-owner-hint") }</p>
                }
            </div>
        </Dialog>
    }
}
