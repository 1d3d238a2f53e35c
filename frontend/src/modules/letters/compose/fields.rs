//! The fields beside the text: language, secrecy, priority, reply, signatory.

use std::rc::Rc;

use diwan_kernel::{Caveat, Lang, Named, Priority, Secrecy};
use diwan_platform_api::records::Ref;
use yew::prelude::*;

use super::draft::Draft;
use crate::app::session::use_session;
use crate::client::Failure;
use crate::i18n;
use crate::modules::letters::pick;
use crate::ui::{Checkbox, Choice, Picker, Select, SelectOption, TextField};

#[derive(Properties, PartialEq)]
pub(super) struct SideFieldsProps {
    pub(super) draft: Rc<Draft>,
    pub(super) failure: Option<Failure>,
    pub(super) set: Callback<Draft>,
}

fn options<C: Copy>(set: &str, codes: &[C], code: impl Fn(C) -> &'static str) -> Vec<SelectOption> {
    codes
        .iter()
        .map(|item| SelectOption::new(code(*item), i18n::text(&i18n::code_key(set, code(*item)), None)))
        .collect()
}

/// The fields beside the text.
#[component]
pub(super) fn SideFields(props: &SideFieldsProps) -> Html {
    let me = use_session().me();
    let positions = use_memo((), |()| pick::positions());
    let input = &props.draft.input;
    let error = |field: &str| props.failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    let change = |apply: fn(&mut Draft, &str)| {
        let (draft, set) = (Rc::clone(&props.draft), props.set.clone());
        Callback::from(move |value: String| {
            let mut next = (*draft).clone();
            apply(&mut next, &value);
            set.emit(next);
        })
    };
    let lang = change(|draft, code| draft.input.lang = code.parse().unwrap_or(draft.input.lang));
    let secrecy = change(|draft, code| draft.input.secrecy = code.parse().unwrap_or(draft.input.secrecy));
    let priority = change(|draft, code| draft.input.priority = code.parse().unwrap_or(draft.input.priority));
    // Digits of either kind are taken; what is no number is no day.
    let days = change(|draft, text| draft.input.reply_due_days = diwan_kernel::text::fold(text).trim().parse().ok());
    let clearance = me.as_ref().map_or(Secrecy::Normal, |me| me.clearance);
    let levels: Vec<Secrecy> =
        Secrecy::ALL.iter().copied().filter(|level| *level <= clearance || *level == input.secrecy).collect();
    let held: Vec<Caveat> = me.as_ref().map(|me| me.caveats.clone()).unwrap_or_default();
    let signatory: Vec<Choice> = props
        .draft
        .signatory
        .iter()
        .map(|position| Choice::new(position.id.to_string(), i18n::name(&position.name)))
        .collect();
    let on_signatory = {
        let (draft, set) = (Rc::clone(&props.draft), props.set.clone());
        Callback::from(move |picked: Vec<Choice>| {
            let position = picked.first().and_then(|choice| {
                let name = Named { ar: choice.label.to_string(), en: choice.label.to_string() };
                Some(Ref { id: choice.id.parse().ok()?, name })
            });
            set.emit(Draft { signatory: position, ..(*draft).clone() });
        })
    };
    html! {
        <div class="dw-form">
            <Select label={t!("letters-secrecy")} value={input.secrecy.code()} options={options("secrecy", &levels, Secrecy::code)} onchange={secrecy}
                error={error("secrecy")} name="secrecy" />
            { for held.into_iter().map(|caveat| caveat_box(caveat, props)) }
            <Select label={t!("letters-priority")} value={input.priority.code()} options={options("priority", Priority::ALL, Priority::code)}
                onchange={priority} name="priority" />
            <TextField label={t!("compose-reply-days")} value={input.reply_due_days.map(|days| days.to_string()).unwrap_or_default()} oninput={days}
                inputmode="numeric" dir="ltr" maxlength={3} hint={t!("compose-reply-days-hint")} error={error("reply_due_days")} name="reply_due_days" />
            <Picker label={t!("compose-signatory")} source={(*positions).clone()} picked={signatory} onchange={on_signatory} single=true
                hint={t!("compose-signatory-hint")} error={error("signatory_position_id")} name="signatory" />
            <Select label={t!("compose-lang")} value={input.lang.code()} options={options("lang", Lang::ALL, Lang::code)} onchange={lang} name="lang" />
        </div>
    }
}

fn caveat_box(caveat: Caveat, props: &SideFieldsProps) -> Html {
    let (draft, set) = (Rc::clone(&props.draft), props.set.clone());
    let checked = draft.input.caveats.contains(&caveat);
    let onchange = Callback::from(move |on: bool| {
        let mut next = (*draft).clone();
        next.input.caveats.retain(|other| *other != caveat);
        if on {
            next.input.caveats.push(caveat);
        }
        set.emit(next);
    });
    html! { <Checkbox label={i18n::code("caveat", caveat.code())} {checked} {onchange} /> }
}
