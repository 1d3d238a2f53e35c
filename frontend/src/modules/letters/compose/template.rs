//! Starting from a template: its merge fields are filled with what is known here.

use std::rc::Rc;

use diwan_kernel::Lang;
use diwan_platform_api::people::Me;
use diwan_tarasol_api::{Body, Letter, RecipientRole, Template, fill_text};
use yew::prelude::*;

use super::draft::Draft;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{Confirm, Select, SelectOption};

/// The fields a template may have, in the order they are told to those who write templates.
pub const FIELDS: [&str; 10] =
    ["today", "hijri", "agency", "unit", "addressee", "recipient", "name", "title", "their_number", "their_date"];

/// What a field is filled with; none where it is not known yet, so that it stays to be seen.
pub(super) fn value(field: &str, draft: &Draft, me: &Me, answered: Option<&Letter>) -> Option<String> {
    let lang: Lang = draft.input.lang;
    let position = me.positions.first();
    let main = draft.input.recipients.iter().find(|recipient| recipient.role == RecipientRole::To);
    let found = match field {
        "today" => format::date(format::today()),
        "hijri" => format::hijri(format::today()),
        "agency" => me.agency.name.get(lang).to_owned(),
        "unit" => position?.unit.name.get(lang).to_owned(),
        "addressee" => draft.input.addressee.clone(),
        "recipient" => main?.name.get(lang).to_owned(),
        "name" => me.name.get(lang).to_owned(),
        "title" => position?.title.get(lang).to_owned(),
        "their_number" => answered?.their_number.clone()?,
        "their_date" => format::date(answered?.their_date?),
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// Fills the fields that are still open in subject and text, as far as they are known now.
pub(super) fn fill(mut draft: Draft, me: &Me, answered: Option<&Letter>) -> Draft {
    if !draft.text.contains("{{") && !draft.input.subject.contains("{{") {
        return draft;
    }
    let known = draft.clone();
    let value = |field: &str| value(field, &known, me, answered);
    draft.input.subject = fill_text(&draft.input.subject, &value);
    match draft.body() {
        Some(mut body) => {
            body.fill(&value);
            draft.with_body(&body)
        }
        None => draft,
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TemplatePickerProps {
    /// What is being written.
    pub(super) draft: Rc<Draft>,
    /// Told of the template to start from.
    pub(super) on_pick: Callback<Template>,
    /// Whether only memos, or only other forms, can be chosen.
    pub(super) fixed_memo: Option<bool>,
}

/// Picks a template; asks before a text that is there is replaced.
#[component]
pub(super) fn TemplatePicker(props: &TemplatePickerProps) -> Html {
    let templates = use_api::<Vec<Template>>(Some(client::get("/api/letter-templates")));
    let chosen = use_state_eq(|| None::<i64>);
    let asking = use_state(|| None::<Template>);
    let memo = |template: &Template| template.form == diwan_tarasol_api::Form::InternalMemo;
    let offered: Vec<Template> = templates
        .data
        .iter()
        .flat_map(|templates| templates.iter())
        .filter(|template| template.active && props.fixed_memo.is_none_or(|fixed| fixed == memo(template)))
        .cloned()
        .collect();
    if offered.is_empty() {
        return Html::default();
    }
    let options: Vec<SelectOption> = std::iter::once(SelectOption::new("", t!("compose-no-template")))
        .chain(offered.iter().map(|template| SelectOption::new(template.id.to_string(), i18n::name(&template.name))))
        .collect();
    let take = {
        let (chosen, on_pick) = (chosen.setter(), props.on_pick.clone());
        Callback::from(move |template: Template| {
            chosen.set(Some(template.id));
            on_pick.emit(template);
        })
    };
    let empty = props.draft.body().is_none_or(|body: Body| body.text().trim().is_empty());
    let onchange = {
        let (take, asking, offered) = (take.clone(), asking.setter(), offered.clone());
        Callback::from(move |id: String| {
            let Some(template) = offered.iter().find(|template| template.id.to_string() == id) else { return };
            if empty { take.emit(template.clone()) } else { asking.set(Some(template.clone())) }
        })
    };
    let value = (*chosen).map(|id| id.to_string()).unwrap_or_default();
    let leave = asking.setter();
    html! {
        <>
            <Select label={t!("compose-template")} {value} {options} {onchange} name="template" />
            if let Some(template) = (*asking).clone() {
                <Confirm title={t!("compose-replace")} text={t!("compose-replace-text", name = i18n::name(&template.name))} action={t!("compose-replace-do")}
                    on_confirm={let (take, leave) = (take.clone(), leave.clone()); Callback::from(move |()| { take.emit(template.clone()); leave.set(None); })}
                    on_close={Callback::from(move |()| leave.set(None))} />
            }
        </>
    }
}
