//! A step with what it asks for: one dialog, described by its fields, sends all steps of runs, cheques, books and
//! remittances.

use chrono::NaiveDate;
use diwan_kernel::{Named, money};
use serde_json::{Map, Value};
use yew::prelude::*;

use crate::client;
use crate::i18n::{self, format};
use crate::modules::admin::parts::picked_id;
use crate::modules::admin::send::use_sending;
use crate::ui::picker::Source;
use crate::ui::{Choice, Confirm, DateField, Picker, Select, SelectOption, TextArea, TextField};

/// A field of the body that is sent: its name there, and the key of its label.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Field {
    /// A day; today at first.
    Day(&'static str, &'static str),
    /// Words that must be said.
    Words(&'static str, &'static str),
    /// A line that must be said.
    Line(&'static str, &'static str),
    /// A line that may be left out.
    Note(&'static str, &'static str),
    /// A code that may be left out.
    Code(&'static str, &'static str),
    /// A whole number.
    Number(&'static str, &'static str),
    /// One of the choices of the step; the first one at first.
    Choice(&'static str, &'static str),
    /// One of what the server offers at an address.
    Pick(&'static str, &'static str, &'static str),
}

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::Day(name, _)
            | Self::Words(name, _)
            | Self::Line(name, _)
            | Self::Note(name, _)
            | Self::Code(name, _)
            | Self::Number(name, _)
            | Self::Choice(name, _)
            | Self::Pick(name, ..) => name,
        }
    }
}

/// A step: what it is called, what it means, what it asks for, where it goes.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Step {
    /// Names the texts: `payment-act-…` and `payment-ask-…`.
    pub(super) code: &'static str,
    /// Something is given up.
    pub(super) danger: bool,
    pub(super) fields: &'static [Field],
    /// What [`Field::Choice`] offers.
    pub(super) choices: Vec<SelectOption>,
    pub(super) path: String,
    /// For `If-Match`.
    pub(super) version: Option<i64>,
    /// Replaces what is there.
    pub(super) replaces: bool,
    /// What else is sent, and what the fields hold at first.
    pub(super) given: Map<String, Value>,
}

impl Step {
    /// What is sent when nothing is changed in the fields.
    fn body(&self) -> Map<String, Value> {
        let mut body = self.given.clone();
        for field in self.fields {
            let first = match field {
                Field::Day(..) => format::today().to_string().into(),
                Field::Choice(..) => self.choices.first().map_or(Value::Null, |one| choice(&one.value)),
                _ => continue,
            };
            body.entry(field.name()).or_insert(first);
        }
        body
    }
}

/// An object out of pairs.
pub(super) fn given<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What a choice is sent as: ids are numbers, codes are words.
fn choice(value: &str) -> Value {
    value.parse::<i64>().map_or_else(|_| value.into(), Value::from)
}

#[derive(Properties, PartialEq)]
pub(super) struct AskProps {
    pub(super) step: Step,
    /// Told of the answer.
    pub(super) on_done: Callback<Value>,
    pub(super) on_close: Callback<()>,
}

/// The dialog of a step.
#[component]
pub(super) fn Ask(props: &AskProps) -> Html {
    let step = &props.step;
    let body = use_state_eq(|| step.body());
    let sending = use_sending();
    let on_confirm = {
        let (sending, body, done) = (sending.clone(), body.clone(), props.on_done.clone());
        let (path, version, replaces) = (step.path.clone(), step.version, step.replaces);
        Callback::from(move |()| {
            let call = if replaces { client::put(path.clone()) } else { client::post(path.clone()) };
            let call = match version {
                Some(version) => call.if_match(version),
                None => call,
            };
            let done = done.clone();
            sending.answer(call.json(&*body), move |answer: Value| done.emit(answer));
        })
    };
    let draw = |field: &Field| {
        let (body, name) = (body.clone(), field.name());
        let now = body.get(name).cloned().unwrap_or_default();
        let set = Callback::from(move |value: Value| {
            let mut next = (*body).clone();
            next.insert(name.to_owned(), value);
            // What is not filled in is left out, so that the server says which fields it needs.
            next.retain(|_, value| !value.is_null());
            body.set(next);
        });
        input(*field, &now, &step.choices, sending.error(name), set)
    };
    let drawn: Vec<&str> = step.fields.iter().map(|field| field.name()).collect();
    html! {
        <Confirm title={i18n::code("payment-act", step.code)} text={i18n::code("payment-ask", step.code)} action={i18n::code("payment-act", step.code)}
            danger={step.danger} busy={sending.busy} {on_confirm} on_close={props.on_close.clone()}>
            { sending.alert_beside(&drawn) }
            <div class="dw-form">{ for step.fields.iter().map(draw) }</div>
        </Confirm>
    }
}

fn input(field: Field, now: &Value, choices: &[SelectOption], error: Option<AttrValue>, set: Callback<Value>) -> Html {
    let text = match now {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match field {
        Field::Day(name, label) => {
            let onchange = set.reform(|day: Option<NaiveDate>| day.map_or(Value::Null, |day| day.to_string().into()));
            html! { <DateField label={t!(label)} value={text.parse::<NaiveDate>().ok()} {onchange} required=true {error} {name} /> }
        }
        Field::Words(name, label) => {
            html! { <TextArea label={t!(label)} value={text} oninput={set.reform(Value::String)} required=true {error} maxlength={500} {name} /> }
        }
        Field::Line(name, label) | Field::Note(name, label) => {
            let required = matches!(field, Field::Line(..));
            html! { <TextField label={t!(label)} value={text} oninput={set.reform(Value::String)} {required} {error} maxlength={500} {name} /> }
        }
        Field::Code(name, label) => {
            html! { <TextField label={t!(label)} value={text} oninput={set.reform(Value::String)} dir="ltr" {error} maxlength={20} {name} /> }
        }
        Field::Number(name, label) => {
            let oninput = set.reform(|text: String| whole(&text));
            html! { <TextField label={t!(label)} value={text} {oninput} inputmode="numeric" dir="ltr" required=true {error} maxlength={15} {name} /> }
        }
        Field::Choice(name, label) => {
            let onchange = set.reform(|code: String| choice(&code));
            html! { <Select label={t!(label)} value={text} options={choices.to_vec()} {onchange} required=true {error} {name} /> }
        }
        Field::Pick(name, label, path) => html! { <Pick label={t!(label)} {path} {set} {error} {name} /> },
    }
}

/// The number in what was typed, in any digits.
fn whole(text: &str) -> Value {
    money::parse("", text, 0).map_or(Value::Null, Value::from)
}

#[derive(Properties, PartialEq)]
struct PickProps {
    label: String,
    path: &'static str,
    set: Callback<Value>,
    error: Option<AttrValue>,
    name: &'static str,
}

/// One of what the server offers: code and name.
#[component]
fn Pick(props: &PickProps) -> Html {
    let picked = use_state_eq(Vec::<Choice>::new);
    let source = use_memo(props.path, |path| {
        let path = *path;
        let offer = |one: &Value| {
            let name = client::json::from_value::<Named>(one["name"].clone());
            let name = name.as_ref().map(i18n::name).unwrap_or_default();
            Choice::new(one["id"].to_string(), name).hint(one["code"].as_str().unwrap_or_default().to_owned())
        };
        Source::ask(
            move |text| client::get(path).query("q", text),
            move |all: Vec<Value>| all.iter().map(offer).collect(),
        )
    });
    let onchange = {
        let (picked, set) = (picked.setter(), props.set.clone());
        Callback::from(move |choices: Vec<Choice>| {
            set.emit(picked_id(&choices).map_or(Value::Null, Value::from));
            picked.set(choices);
        })
    };
    html! {
        <Picker label={props.label.clone()} source={(*source).clone()} picked={(*picked).clone()} {onchange} single=true required=true
            error={props.error.clone()} name={props.name} />
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    /// The body of a step, with something in each field, as the server reads it.
    pub(in crate::modules::finance::payments) fn read<T: DeserializeOwned>(step: &Step) -> T {
        let mut body = step.body();
        for field in step.fields {
            let filled = match field {
                Field::Words(..) | Field::Line(..) | Field::Note(..) | Field::Code(..) => "x".into(),
                Field::Number(..) | Field::Pick(..) => 7.into(),
                Field::Day(..) | Field::Choice(..) => continue,
            };
            body.insert(field.name().to_owned(), filled);
        }
        serde_json::from_value(Value::Object(body)).unwrap()
    }

    #[test]
    fn numbers_are_read_in_any_digits_and_words_are_none() {
        assert_eq!((whole("١٢٠٠"), whole(" 1,200 "), whole("x")), (1200.into(), 1200.into(), Value::Null));
        assert_eq!((choice("12"), choice("cheque")), (12.into(), "cheque".into()));
    }
}
