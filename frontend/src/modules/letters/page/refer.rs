//! Referring letters (إحالة): to whom, for what, with which direction, until when.

use chrono::NaiveDate;
use diwan_platform_api::records::{AssigneeKind, Instruction};
use diwan_tarasol_api::{LetterStep, ReferInput, ReferTarget};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::client::{self, Failure};
use crate::i18n;
use crate::modules::letters::pick;
use crate::ui::{
    Button, Choice, DateField, Dialog, FailureAlert, Icon, IconButton, Picker, Select, SelectOption, TextArea, Variant,
    use_toasts,
};

/// A target as it is being chosen.
#[derive(Debug, Clone, PartialEq)]
struct Target {
    kind: AssigneeKind,
    who: Vec<Choice>,
    instruction: Instruction,
}

impl Target {
    const fn new(instruction: Instruction) -> Self {
        Self { kind: AssigneeKind::Unit, who: Vec::new(), instruction }
    }
}

#[derive(Properties, PartialEq)]
pub(in super::super) struct ReferDialogProps {
    /// The letters.
    pub(in super::super) letters: Vec<i64>,
    /// The letter's own day, which holds where none is chosen.
    #[prop_or_default]
    pub(in super::super) due: Option<NaiveDate>,
    /// Leaves it.
    pub(in super::super) on_close: Callback<()>,
    /// Told when all are referred.
    pub(in super::super) on_done: Callback<()>,
}

/// Refers one letter or several, one after the other; what is done stays done when a later one fails.
#[component]
pub(in super::super) fn ReferDialog(props: &ReferDialogProps) -> Html {
    let toasts = use_toasts();
    let targets = use_state(|| vec![Target::new(Instruction::ForAction)]);
    let note = use_state_eq(String::new);
    let due = use_state_eq(|| None::<NaiveDate>);
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let left = use_state(|| props.letters.clone());
    let on_submit = {
        let (targets, note, due, left) = (targets.clone(), note.clone(), due.clone(), left.clone());
        let (failure, busy, on_done) = (failure.setter(), busy.setter(), props.on_done.clone());
        Callback::from(move |()| {
            let input = input(&targets, &note, *due);
            let (mut ids, left) = ((*left).clone(), left.setter());
            let (failure, busy, on_done, toasts) = (failure.clone(), busy.clone(), on_done.clone(), toasts.clone());
            busy.set(true);
            spawn_local(async move {
                let count = ids.len();
                while let Some(id) = ids.first().copied() {
                    match client::post(format!("/api/letters/{id}/refer")).json(&input).send::<LetterStep>().await {
                        Ok(_) => drop(ids.remove(0)),
                        Err(why) => {
                            failure.set(Some(why));
                            left.set(ids);
                            return busy.set(false);
                        }
                    }
                }
                toasts.done(t!("done-refer", n = count));
                on_done.emit(());
            });
        })
    };
    let change = {
        let targets = targets.clone();
        Callback::from(move |(at, target): (usize, Option<Target>)| {
            let mut next = (*targets).clone();
            match target {
                Some(target) if at < next.len() => next[at] = target,
                Some(target) => next.push(target),
                None => drop(next.remove(at)),
            }
            targets.set(next);
        })
    };
    let ready = targets.iter().any(|target| !target.who.is_empty());
    let several = targets.len() > 1;
    let (close, add, count) = (props.on_close.clone(), change.clone(), targets.len());
    let failed = |field: &str| (*failure).as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} icon={Icon::Refer} label={i18n::code("action", "refer")} busy={*busy} disabled={!ready}
                testid="confirm" action="confirm-refer" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={Callback::from(move |_| close.emit(()))} />
        </>
    };
    let (set_note, set_due) = (note.setter(), due.setter());
    let hint = props.due.filter(|_| due.is_none()).map(|day| t!("refer-due-hint", day = i18n::format::date(day)));
    html! {
        <Dialog title={t!("refer-title", n = left.len())} on_close={props.on_close.clone()} {on_submit} {footer} wide=true>
            <FailureAlert failure={(*failure).clone()} />
            { for targets.iter().enumerate().map(|(at, target)| html! {
                <TargetRow key={at} {at} target={target.clone()} onchange={change.clone()} removable={several}
                    error={failed(&format!("to.{at}.assignee")).or_else(|| (at == 0).then(|| failed("to")).flatten())} />
            }) }
            <div><Button variant={Variant::Link} icon={Icon::Plus} label={t!("refer-add")} action="add-target"
                onclick={Callback::from(move |_| add.emit((count, Some(Target::new(Instruction::ForInformation)))))} /></div>
            <div class="dw-form">
                <TextArea label={t!("refer-note")} value={(*note).clone()} oninput={Callback::from(move |text| set_note.set(text))} maxlength={4000}
                    error={failed("note")} name="note" />
                <DateField label={t!("letters-due")} value={*due} onchange={Callback::from(move |day| set_due.set(day))} error={failed("due_on")} name="due_on" />
                if let Some(hint) = hint { <p class="dw-muted dw-sm">{ hint }</p> }
            </div>
        </Dialog>
    }
}

fn input(targets: &[Target], note: &str, due_on: Option<NaiveDate>) -> ReferInput {
    let target = |target: &Target| {
        let assignee = pick::assignee(target.kind, target.who.first()?)?;
        Some(ReferTarget { assignee, instruction: target.instruction })
    };
    let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
    ReferInput { to: targets.iter().filter_map(target).collect(), note, due_on }
}

#[derive(Properties, PartialEq)]
struct TargetRowProps {
    at: usize,
    target: Target,
    onchange: Callback<(usize, Option<Target>)>,
    removable: bool,
    error: Option<AttrValue>,
}

#[component]
fn TargetRow(props: &TargetRowProps) -> Html {
    let source = use_memo(props.target.kind, |kind| pick::assignees(*kind));
    let at = props.at;
    let on_kind = {
        let (target, onchange) = (props.target.clone(), props.onchange.clone());
        Callback::from(move |code: String| {
            if let Ok(kind) = code.parse() {
                onchange.emit((at, Some(Target { kind, who: Vec::new(), ..target.clone() })));
            }
        })
    };
    let on_who = {
        let (target, onchange) = (props.target.clone(), props.onchange.clone());
        Callback::from(move |who| onchange.emit((at, Some(Target { who, ..target.clone() }))))
    };
    let on_instruction = {
        let (target, onchange) = (props.target.clone(), props.onchange.clone());
        Callback::from(move |code: String| {
            if let Ok(instruction) = code.parse() {
                onchange.emit((at, Some(Target { instruction, ..target.clone() })));
            }
        })
    };
    let kinds =
        AssigneeKind::ALL.iter().map(|kind| SelectOption::new(kind.code(), i18n::code("assignee-kind", kind.code())));
    let instructions =
        Instruction::ALL.iter().map(|asked| SelectOption::new(asked.code(), i18n::code("instruction", asked.code())));
    let remove = props.onchange.reform(move |_: MouseEvent| (at, None));
    html! {
        <div class="dw-target" role="group" aria-label={t!("refer-target", n = at + 1)}>
            <Select label={t!("refer-kind")} value={props.target.kind.code()} options={kinds.collect::<Vec<_>>()} onchange={on_kind} name="kind" />
            <Picker label={t!("refer-to")} source={(*source).clone()} picked={props.target.who.clone()} onchange={on_who} single=true required=true
                error={props.error.clone()} name="assignee" />
            <Select label={t!("refer-instruction")} value={props.target.instruction.code()} options={instructions.collect::<Vec<_>>()}
                onchange={on_instruction} name="instruction" />
            if props.removable { <IconButton icon={Icon::Close} label={t!("refer-remove")} onclick={remove} /> }
        </div>
    }
}
