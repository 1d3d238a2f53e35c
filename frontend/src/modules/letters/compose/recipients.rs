//! Whom the letter goes to: originals and copies, agencies or, for a memo, units.

use std::rc::Rc;

use diwan_kernel::Named;
use diwan_platform_api::records::Instruction;
use diwan_tarasol_api::{Form, Recipient, RecipientRole};
use yew::prelude::*;

use super::draft::Draft;
use crate::client::Failure;
use crate::i18n;
use crate::modules::letters::pick;
use crate::ui::{Choice, Picker, Select, SelectOption};

#[derive(Properties, PartialEq)]
pub(super) struct RecipientsProps {
    pub(super) draft: Rc<Draft>,
    pub(super) failure: Option<Failure>,
    /// Told of the recipients, originals first.
    pub(super) onchange: Callback<Vec<Recipient>>,
}

fn choice(recipient: &Recipient) -> Choice {
    let id = recipient.agency_id.or(recipient.unit_id).unwrap_or_default();
    Choice::new(id.to_string(), i18n::name(&recipient.name))
}

/// The recipients behind the choices; those that were there keep name and purpose.
fn chosen(picked: &[Choice], before: &[Recipient], role: RecipientRole, memo: bool) -> Vec<Recipient> {
    let of = |choice: &Choice| {
        let id = choice.id.parse::<i64>().ok()?;
        let kept = before
            .iter()
            .find(|recipient| recipient.role == role && recipient.agency_id.or(recipient.unit_id) == Some(id));
        Some(kept.cloned().unwrap_or_else(|| Recipient {
            agency_id: (!memo).then_some(id),
            unit_id: memo.then_some(id),
            role,
            purpose: None,
            name: Named { ar: choice.label.to_string(), en: choice.label.to_string() },
        }))
    };
    picked.iter().filter_map(of).collect()
}

/// What is wrong with the recipients of a role; the server names them by their place in the whole list.
fn error(failure: Option<&Failure>, all: &[Recipient], role: RecipientRole) -> Option<AttrValue> {
    let failure = failure?;
    let own = all.iter().enumerate().filter(|(_, recipient)| recipient.role == role);
    let found = own
        .flat_map(|(at, recipient)| {
            ["agency_id", "unit_id"].map(|field| (format!("recipients.{at}.{field}"), i18n::name(&recipient.name)))
        })
        .find_map(|(field, name)| Some(format!("{name}: {}", failure.field(&field)?)));
    found.or_else(|| (role == RecipientRole::To).then(|| failure.field("recipients")).flatten()).map(AttrValue::from)
}

/// The pickers of originals and copies.
#[component]
pub(super) fn Recipients(props: &RecipientsProps) -> Html {
    let memo = props.draft.input.form == Form::InternalMemo;
    let source = use_memo(memo, |memo| if *memo { pick::units() } else { pick::agencies() });
    let all = props.draft.input.recipients.clone();
    let of = |role: RecipientRole| all.iter().filter(|recipient| recipient.role == role).cloned().collect::<Vec<_>>();
    let (to, copies) = (of(RecipientRole::To), of(RecipientRole::Copy));
    let on_to = {
        let (copies, to, onchange) = (copies.clone(), to.clone(), props.onchange.clone());
        Callback::from(move |picked: Vec<Choice>| {
            onchange.emit(chosen(&picked, &to, RecipientRole::To, memo).into_iter().chain(copies.clone()).collect());
        })
    };
    let on_copies = {
        let (copies, to, onchange) = (copies.clone(), to.clone(), props.onchange.clone());
        Callback::from(move |picked: Vec<Choice>| {
            let copies = chosen(&picked, &copies, RecipientRole::Copy, memo);
            onchange.emit(to.iter().cloned().chain(copies).collect());
        })
    };
    let failure = props.failure.as_ref();
    let label = if memo { t!("compose-to-units") } else { t!("compose-to") };
    html! {
        <>
            <Picker {label} source={(*source).clone()} picked={to.iter().map(choice).collect::<Vec<_>>()} onchange={on_to} required=true
                error={error(failure, &all, RecipientRole::To)} name="to" />
            <Picker label={t!("compose-copies")} source={(*source).clone()} picked={copies.iter().map(choice).collect::<Vec<_>>()} onchange={on_copies}
                error={error(failure, &all, RecipientRole::Copy)} name="copies" />
            if !copies.is_empty() {
                <div class="dw-form two full">
                    { for copies.iter().enumerate().map(|(at, copy)| purpose(at, copy, &to, &copies, &props.onchange)) }
                </div>
            }
        </>
    }
}

/// What one copy is for.
fn purpose(
    at: usize,
    copy: &Recipient,
    to: &[Recipient],
    copies: &[Recipient],
    onchange: &Callback<Vec<Recipient>>,
) -> Html {
    let none = SelectOption::new("", t!("compose-no-purpose"));
    let options =
        Instruction::ALL.iter().map(|asked| SelectOption::new(asked.code(), i18n::code("instruction", asked.code())));
    let set = {
        let (to, copies, onchange) = (to.to_vec(), copies.to_vec(), onchange.clone());
        Callback::from(move |code: String| {
            let mut copies = copies.clone();
            copies[at].purpose = code.parse().ok();
            onchange.emit(to.iter().cloned().chain(copies).collect());
        })
    };
    html! {
        <Select key={at} label={t!("compose-copy-for", name = i18n::name(&copy.name))} value={copy.purpose.map(Instruction::code).unwrap_or_default()}
            options={std::iter::once(none).chain(options).collect::<Vec<_>>()} onchange={set} name="purpose" />
    }
}
