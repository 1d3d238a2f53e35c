//! The shell of every record: head with number, subject, marks, state line and actions; paper beside tabs.

use yew::prelude::*;

use super::button::{Button, Variant};
use super::dom;
use super::icon::Icon;
use super::menu::{Kebab, MenuItem};
use super::page::{Crumb, PageHead};
use super::tabs::{Tab, Tabs};

/// How far a step of the state line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Passed.
    Done,
    /// The record is here.
    Now,
    /// To come.
    Next,
}

/// A step of the state line.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name.
    pub label: AttrValue,
    /// How far it is.
    pub state: StepState,
}

/// Steps from their names: those before `now` are done.
pub fn steps(labels: impl IntoIterator<Item = String>, now: usize) -> Vec<Step> {
    let state = |index: usize| match index.cmp(&now) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => StepState::Now,
        std::cmp::Ordering::Greater => StepState::Next,
    };
    labels.into_iter().enumerate().map(|(index, label)| Step { label: label.into(), state: state(index) }).collect()
}

/// The state line.
#[derive(Properties, PartialEq)]
pub struct StepsProps {
    /// Five steps, usually.
    pub steps: Vec<Step>,
}

/// The state line.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    html! {
        <ol class="dw-steps" aria-label={t!("state-line")}>
            { for props.steps.iter().map(|step| {
                let class = match step.state {
                    StepState::Done => "done",
                    StepState::Now => "now",
                    StepState::Next => "",
                };
                html! {
                    <li {class} aria-current={(step.state == StepState::Now).then_some("step")}>
                        <span class="dot">if step.state == StepState::Done { { Icon::Check } }</span>
                        <span class="t">{ &step.label }</span>
                    </li>
                }
            }) }
        </ol>
    }
}

/// Something that can be done with the record now; made from the kind's `TRANSITIONS`.
#[derive(Clone, PartialEq)]
pub struct RecordAction {
    /// Its code.
    pub code: AttrValue,
    /// What it does, in words.
    pub label: AttrValue,
    /// Its picture.
    pub icon: Option<Icon>,
    /// It destroys something.
    pub danger: bool,
    /// Why it cannot be done now.
    pub blocked: Option<AttrValue>,
}

impl RecordAction {
    /// An action that can be done.
    pub fn new(code: impl Into<AttrValue>, label: impl Into<AttrValue>, icon: Icon) -> Self {
        Self { code: code.into(), label: label.into(), icon: Some(icon), danger: false, blocked: None }
    }
}

/// The buttons of a record: the first action filled, the second outlined, the others behind the dots.
#[derive(Properties, PartialEq)]
pub struct ActionsProps {
    /// The actions, the next useful step first.
    pub actions: Vec<RecordAction>,
    /// Told which one is wanted.
    pub on_action: Callback<AttrValue>,
    /// The code of the action that is going on.
    #[prop_or_default]
    pub busy: Option<AttrValue>,
    /// How many stand outside the menu.
    #[prop_or(2)]
    pub outside: usize,
}

/// The buttons of a record.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let button = |index: usize, action: &RecordAction| {
        let code = action.code.clone();
        let variant = if index == 0 { Variant::Primary } else { Variant::Secondary };
        html! {
            <Button {variant} label={action.label.clone()} icon={action.icon} disabled={action.blocked.is_some()}
                busy={props.busy.as_ref() == Some(&action.code)} onclick={props.on_action.reform(move |_| code.clone())}
                testid={format!("action-{}", action.code)} action={action.code.clone()} />
        }
    };
    let more: Vec<MenuItem> = props
        .actions
        .iter()
        .skip(props.outside)
        .map(|action| {
            let code = action.code.clone();
            let mut item = MenuItem::new(action.label.clone(), props.on_action.reform(move |()| code.clone()));
            item.icon = action.icon;
            item.code = Some(action.code.clone());
            item.danger = action.danger;
            item.disabled = action.blocked.is_some();
            item.hint = action.blocked.clone();
            item
        })
        .collect();
    let blocked = props.actions.iter().take(props.outside).find_map(|action| action.blocked.clone());
    html! {
        <>
            if let Some(reason) = blocked { <span class="dw-muted dw-sm">{ reason }</span> }
            { for props.actions.iter().take(props.outside).enumerate().map(|(index, action)| button(index, action)) }
            <Kebab items={more} />
        </>
    }
}

/// The shell of a record.
#[derive(Properties, PartialEq)]
pub struct RecordShellProps {
    /// The subject.
    pub subject: AttrValue,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Kind, number and the other side, in one quiet line.
    pub line: Html,
    /// Priority, secrecy and other marks.
    #[prop_or_default]
    pub marks: Html,
    /// The state line; empty for kinds without one.
    #[prop_or_default]
    pub steps: Vec<Step>,
    /// The buttons.
    #[prop_or_default]
    pub actions: Html,
    /// Messages above the content: what is missing, who holds it, what failed.
    #[prop_or_default]
    pub notice: Html,
    /// The tabs of the side column.
    pub tabs: Vec<Tab>,
    /// The current tab.
    pub tab: AttrValue,
    /// Told which tab is wanted.
    pub on_tab: Callback<AttrValue>,
    /// The content of the current tab.
    pub side: Html,
    /// The paper, the viewer or the form.
    pub children: Html,
}

/// The shell of a record.
#[component]
pub fn RecordShell(props: &RecordShellProps) -> Html {
    let panel = dom::use_id("panel");
    html! {
        <div class="dw-screen">
            <PageHead title={props.subject.clone()} crumbs={props.crumbs.clone()} actions={props.actions.clone()} record=true>
                <div class="dw-head__line" style="row-gap:0.375rem">
                    <span class="dw-sm dw-muted">{ props.line.clone() }</span>
                    { props.marks.clone() }
                    <span class="dw-push"></span>
                    if !props.steps.is_empty() { <Steps steps={props.steps.clone()} /> }
                </div>
                { props.notice.clone() }
            </PageHead>
            <div class="dw-split" style="--dw-side:25rem">
                <div class="dw-desk">{ props.children.clone() }</div>
                <aside class="dw-side" aria-label={t!("details")}>
                    <div class="dw-side__tabs">
                        <Tabs label={t!("details")} tabs={props.tabs.clone()} current={props.tab.clone()} onchange={props.on_tab.clone()}
                            panel={panel.clone()} />
                    </div>
                    <div class="dw-scroll dw-pad" style="flex:1" role="tabpanel" id={panel} tabindex="0">{ props.side.clone() }</div>
                </aside>
            </div>
        </div>
    }
}
