//! One approval route: its name, what takes it, and its steps in order.

use diwan_kernel::{Named, money};
use diwan_platform_api::records::{ApprovalRoute, ApprovalStep, RecordKind, Ref, StepAssignee, StepMode, TaskKind};
use yew::prelude::*;

use super::parts::{NameFields, changing, name_errors, options, picked_id, save_footer, use_pick};
use super::routes::asked;
use super::send::{Sending, use_sending};
use crate::client;
use crate::i18n;
use crate::ui::{Button, Checkbox, Choice, Dialog, Icon, IconButton, Picker, Select, TextField};

/// What a step may ask for: the last one signs.
const ASKS: [TaskKind; 4] = [TaskKind::Review, TaskKind::Approve, TaskKind::Opinion, TaskKind::Sign];

#[derive(Properties, PartialEq)]
pub(super) struct RouteProps {
    /// None for a new one.
    pub(super) route: Option<ApprovalRoute>,
    pub(super) on_close: Callback<()>,
}

fn fresh() -> ApprovalRoute {
    ApprovalRoute {
        id: 0,
        record_kind: RecordKind::Outgoing,
        unit: None,
        min_amount: 0,
        name: Named::default(),
        active: true,
        steps: vec![next_step(&[])],
        version: 0,
    }
}

fn next_step(steps: &[ApprovalStep]) -> ApprovalStep {
    ApprovalStep {
        step: steps.last().map_or(1, |last| last.step + 1),
        mode: StepMode::Any,
        task_kind: TaskKind::Review,
        assignee: StepAssignee::HeadOfUnit,
        assignee_id: None,
        assignee_name: Named::default(),
        due_days: Some(1),
    }
}

/// One approval route.
#[component]
pub(super) fn RouteDialog(props: &RouteProps) -> Html {
    let edit = use_state_eq(|| props.route.clone().unwrap_or_else(fresh));
    let sending = use_sending();
    let units = use_pick("units");
    let submit = {
        let (edit, sending, on_close) = (edit.clone(), sending.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let on_close = on_close.clone();
            sending.done(client::put("/api/approval-routes").json(&*edit), move || on_close.emit(()));
        })
    };
    let picked: Vec<Choice> =
        edit.unit.iter().map(|unit| Choice::new(unit.id.to_string(), i18n::name(&unit.name))).collect();
    let set_unit = changing(&edit, |edit: &mut ApprovalRoute, picked: Vec<Choice>| edit.unit = reference(&picked));
    // What is filed or made by itself takes no route.
    let kinds = RecordKind::ALL.iter().filter(|kind| !matches!(kind, RecordKind::Document | RecordKind::PaymentRun));
    let amount = use_state_eq(|| money::format(edit.min_amount, money::JOD_SCALE));
    let set_amount = {
        let (amount, edit) = (amount.clone(), edit.clone());
        Callback::from(move |text: String| {
            if let Ok(minor) = money::parse("min_amount", &text, money::JOD_SCALE) {
                edit.set(ApprovalRoute { min_amount: minor, ..(*edit).clone() });
            }
            amount.set(text);
        })
    };
    let add = changing(&edit, |edit: &mut ApprovalRoute, _: MouseEvent| {
        let step = next_step(&edit.steps);
        edit.steps.push(step);
    });
    let (error_ar, error_en) = name_errors(&sending, "name");
    html! {
        <Dialog wide=true title={if props.route.is_some() { t!("route-edit") } else { t!("route-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut ApprovalRoute, name| edit.name = name)} {error_ar} {error_en} />
                <Select label={t!("route-kind")} value={edit.record_kind.code()} options={options("record-kind", kinds.map(|kind| kind.code()))} name="record_kind"
                    onchange={changing(&edit, |edit: &mut ApprovalRoute, code: String| edit.record_kind = code.parse().unwrap_or(edit.record_kind))} />
                <Checkbox label={t!("active")} checked={edit.active} onchange={changing(&edit, |edit: &mut ApprovalRoute, on| edit.active = on)} />
                <Picker label={t!("route-unit")} source={units} {picked} onchange={set_unit} single=true hint={t!("route-unit-hint")} error={sending.error("unit")} name="unit" />
                if !edit.record_kind.is_letter() {
                    <TextField label={t!("route-amount")} value={(*amount).clone()} oninput={set_amount} inputmode="decimal" hint={t!("route-amount-hint")} error={sending.error("min_amount")} name="min_amount" />
                }
            </div>
            <h3 class="dw-sec-t" style="margin-block:0.75rem 0.25rem">{ t!("route-steps") }</h3>
            <p class="dw-muted dw-sm">{ t!("route-steps-hint") }</p>
            { for edit.steps.iter().enumerate().map(|(at, step)| html! {
                <StepRow key={at} {at} step={step.clone()} edit={edit.clone()} sending={sending.clone()} />
            }) }
            <Button icon={Icon::Plus} label={t!("route-step-add")} onclick={add} testid="add-step" />
            if let Some(error) = sending.error("steps") { <div class="err" role="alert">{ error }</div> }
        </Dialog>
    }
}

/// The first picked, as it is sent; its name is only for showing.
fn reference(picked: &[Choice]) -> Option<Ref> {
    let label = picked.first()?.label.to_string();
    Some(Ref { id: picked_id(picked)?, name: Named { ar: label.clone(), en: label } })
}

#[derive(Properties)]
struct StepProps {
    at: usize,
    step: ApprovalStep,
    edit: UseStateHandle<ApprovalRoute>,
    sending: Sending,
}

impl PartialEq for StepProps {
    fn eq(&self, other: &Self) -> bool {
        // The handle reads the newest value, so only what was drawn can differ.
        self.at == other.at && self.step == other.step && self.sending.failure == other.sending.failure
    }
}

impl StepProps {
    fn change<V: 'static>(&self, apply: impl Fn(&mut ApprovalStep, V) + 'static) -> Callback<V> {
        let at = self.at;
        changing(&self.edit, move |edit: &mut ApprovalRoute, value: V| {
            if let Some(step) = edit.steps.get_mut(at) {
                apply(step, value);
            }
        })
    }
}

/// One step.
#[component]
fn StepRow(props: &StepProps) -> Html {
    let (people, positions, units) = (use_pick("people"), use_pick("positions"), use_pick("units"));
    let (step, at) = (&props.step, props.at);
    let error = |field: &str| props.sending.error(&format!("steps.{at}.{field}"));
    let number = |text: String| text.trim().parse::<i32>().ok();
    let source = match step.assignee {
        StepAssignee::User => Some(people),
        StepAssignee::Position => Some(positions),
        StepAssignee::Unit => Some(units),
        StepAssignee::HeadOfUnit | StepAssignee::HeadOfParent => None,
    };
    let picked: Vec<Choice> = step.assignee_id.iter().map(|id| Choice::new(id.to_string(), asked(step))).collect();
    let set_assignee = props.change(|step, code: String| {
        step.assignee = code.parse().unwrap_or(step.assignee);
        step.assignee_id = None;
        step.assignee_name = Named::default();
    });
    let set_picked = props.change(|step, picked: Vec<Choice>| {
        let chosen = reference(&picked);
        step.assignee_id = chosen.as_ref().map(|chosen| chosen.id);
        step.assignee_name = chosen.map(|chosen| chosen.name).unwrap_or_default();
    });
    let remove = changing(&props.edit, move |edit: &mut ApprovalRoute, _: MouseEvent| {
        if at < edit.steps.len() {
            edit.steps.remove(at);
        }
    });
    html! {
        <div class="dw-form two" data-row-id={at.to_string()} style="border-block-end:1px solid var(--pf-t--global--border--color--subtle,#e0e0e0);padding-block-end:0.5rem;margin-block-end:0.5rem">
            <TextField label={t!("step-number")} kind="number" value={step.step.to_string()} error={error("step")} name="step"
                oninput={props.change(move |step, text| step.step = number(text).unwrap_or(step.step))} />
            <Select label={t!("step-asks")} value={step.task_kind.code()} options={options("task-kind", ASKS.map(TaskKind::code))} error={error("task_kind")} name="task_kind"
                onchange={props.change(|step, code: String| step.task_kind = code.parse().unwrap_or(step.task_kind))} />
            <Select label={t!("step-whom")} value={step.assignee.code()} options={options("step-assignee", StepAssignee::ALL.iter().map(|code| code.code()))} name="assignee" onchange={set_assignee} />
            <Select label={t!("step-mode")} value={step.mode.code()} options={options("step-mode", StepMode::ALL.iter().map(|code| code.code()))} name="mode"
                onchange={props.change(|step, code: String| step.mode = code.parse().unwrap_or(step.mode))} />
            if let Some(source) = source {
                <Picker label={i18n::code("step-assignee", step.assignee.code())} {source} {picked} onchange={set_picked} single=true required=true error={error("assignee_id")} name="assignee_id" />
            }
            <TextField label={t!("step-due-days")} kind="number" value={step.due_days.map(|days| days.to_string()).unwrap_or_default()} error={error("due_days")} name="due_days"
                oninput={props.change(move |step, text| step.due_days = number(text))} />
            <div><IconButton icon={Icon::Trash} label={t!("step-remove")} onclick={remove} /></div>
        </div>
    }
}
