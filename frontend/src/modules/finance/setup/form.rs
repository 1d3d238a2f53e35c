//! The form of a list of the setup as its description says: one dialog adds and changes.

use diwan_kernel::Named;
use serde_json::{Map, Value};
use yew::prelude::*;

use super::describe::{Field, Kind, List, none_of};
use super::list::{name_of, text_of};
use crate::client;
use crate::i18n::{self, format};
use crate::modules::admin::parts::{NameFields, name_errors, picked_id, save_footer};
use crate::modules::admin::send::{Sending, use_sending};
use crate::ui::picker::Source;
use crate::ui::{Checkbox, Choice, DateField, Dialog, Picker, Select, SelectOption, TextField};

#[derive(Properties)]
pub(super) struct FormProps {
    pub(super) list: &'static List,
    /// The row that is changed; none for a new one.
    pub(super) row: Option<Value>,
    pub(super) done: Callback<()>,
}

impl PartialEq for FormProps {
    fn eq(&self, other: &Self) -> bool {
        self.list.code == other.list.code && self.row == other.row && self.done == other.done
    }
}

/// What a field holds before anything is filled in.
fn empty(field: &Field) -> Value {
    match field.kind {
        Kind::Text | Kind::Code(_) => Value::String(String::new()),
        Kind::Name => serde_json::json!({ "ar": "", "en": "" }),
        Kind::Yes => Value::Bool(true),
        Kind::No => Value::Bool(false),
        Kind::Day if field.required => Value::String(format::today().to_string()),
        Kind::Choice(_, codes) if field.required => codes.first().copied().into(),
        Kind::Number | Kind::Day | Kind::Choice(..) | Kind::Pick(_) => Value::Null,
    }
}

/// Adds or changes a row.
#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let list = props.list;
    let edit = use_state_eq(|| {
        let value = |field: &Field| match &props.row {
            Some(row) => row[field.field].clone(),
            None => empty(field),
        };
        list.fields.iter().map(|field| (field.field.to_owned(), value(field))).collect::<Map<String, Value>>()
    });
    let sending = use_sending();
    let submit = {
        let (edit, sending, done, row) = (edit.clone(), sending.clone(), props.done.clone(), props.row.clone());
        Callback::from(move |()| {
            let path = format!("/api/finance/{}", list.code);
            let call = match &row {
                Some(row) => {
                    client::put(format!("{path}/{}", row["id"])).if_match(row["version"].as_i64().unwrap_or_default())
                }
                None => client::post(path),
            };
            // What is not filled in is left out, so that the server says which fields it needs.
            let body: Map<String, Value> = edit
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(field, value)| (field.clone(), value.clone()))
                .collect();
            let done = done.clone();
            sending.answer(call.json(&body), move |_: Value| done.emit(()));
        })
    };
    let title = if props.row.is_some() {
        t!("setup-edit", list = t!(list.text))
    } else {
        t!("setup-add", list = t!(list.text))
    };
    let set = |field: &'static str| {
        let edit = edit.clone();
        Callback::from(move |value: Value| {
            let mut next = (*edit).clone();
            next.insert(field.to_owned(), value);
            edit.set(next);
        })
    };
    let kind = edit.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let draw = |field: &Field| {
        let value = edit.get(field.field).cloned().unwrap_or_default();
        let named = props.row.as_ref().map(|row| row["names"][field.field.trim_end_matches("_id")].clone());
        if field.key && props.row.is_some() {
            return Html::default();
        }
        input(field, (&value, named.unwrap_or_default()), &kind, &sending, set(field.field))
    };
    // A box to tick has no place for what is wrong with it.
    let silent = |field: &Field| matches!(field.kind, Kind::Yes | Kind::No) || (field.key && props.row.is_some());
    let drawn: Vec<&str> = list.fields.iter().filter(|field| !silent(field)).map(|field| field.field).collect();
    html! {
        <Dialog wide=true {title} on_close={Some(props.done.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.done)}>
            { sending.alert_beside(&drawn) }
            <div class="dw-form two">{ for list.fields.iter().map(draw) }</div>
        </Dialog>
    }
}

fn input(field: &Field, (value, named): (&Value, Value), kind: &str, sending: &Sending, set: Callback<Value>) -> Html {
    let (label, name, required) = (t!(field.text), field.field, field.required);
    let (error, hint) = (sending.error(name), field.hint.map(|key| AttrValue::from(t!(key))));
    let line = |dir: Option<&'static str>,
                maxlength: Option<u32>,
                mode: Option<&'static str>,
                set: Callback<String>| {
        html! {
            <TextField label={label.clone()} value={text_of(value)} oninput={set} {required} error={error.clone()} hint={hint.clone()} {maxlength} {name}
                dir={dir.map(AttrValue::Static)} inputmode={mode.map(AttrValue::Static)} />
        }
    };
    match field.kind {
        Kind::Text => line(None, Some(200), None, set.reform(Value::String)),
        Kind::Code(max) => line(Some("ltr"), Some(max), None, set.reform(Value::String)),
        Kind::Number => line(
            Some("ltr"),
            Some(4),
            Some("numeric"),
            set.reform(|text: String| text.trim().parse::<i32>().map_or(Value::Null, Value::from)),
        ),
        Kind::Name => {
            let (error_ar, error_en) = name_errors(sending, name);
            let part = |lang: &str| value[lang].as_str().unwrap_or_default().to_owned();
            let onchange = set.reform(|name: Named| serde_json::json!({ "ar": name.ar, "en": name.en }));
            html! { <NameFields value={Named { ar: part("ar"), en: part("en") }} {onchange} {error_ar} {error_en} /> }
        }
        Kind::Day => {
            let onchange =
                set.reform(|day: Option<chrono::NaiveDate>| day.map_or(Value::Null, |day| day.to_string().into()));
            let value = value.as_str().and_then(|day| day.parse().ok());
            html! { <DateField {label} {value} {onchange} {required} {error} {name} /> }
        }
        Kind::Yes | Kind::No => {
            html! { <Checkbox {label} checked={value.as_bool().unwrap_or_default()} onchange={set.reform(Value::Bool)} /> }
        }
        Kind::Choice(words, codes) => {
            let all = (!required).then(|| SelectOption::new("", none_of(words)));
            let codes = codes.iter().map(|code| SelectOption::new(*code, i18n::code(words, code)));
            let options: Vec<SelectOption> = all.into_iter().chain(codes).collect();
            let onchange = set.reform(|code: String| if code.is_empty() { Value::Null } else { code.into() });
            html! { <Select {label} value={text_of(value)} {options} {onchange} {required} {error} {hint} {name} /> }
        }
        Kind::Pick(path) => {
            html! { <PickField {label} {path} kind={kind.to_owned()} {named} {set} {required} {error} {hint} {name} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct PickProps {
    label: AttrValue,
    path: &'static str,
    kind: AttrValue,
    /// What is picked at first: id, code and name.
    named: Value,
    set: Callback<Value>,
    required: bool,
    error: Option<AttrValue>,
    hint: Option<AttrValue>,
    name: AttrValue,
}

/// One of what the server offers: code and name, and what tells it from others.
fn choice(pick: &Value) -> Choice {
    let label = format!("{} {}", text_of(&pick["code"]), name_of(&pick["name"]));
    let choice = Choice::new(text_of(&pick["id"]), label.trim().to_owned());
    match name_of(&pick["detail"]) {
        detail if detail.is_empty() => choice,
        detail => choice.hint(detail),
    }
}

#[component]
fn PickField(props: &PickProps) -> Html {
    let picked = use_state_eq(|| if props.named.is_null() { Vec::new() } else { vec![choice(&props.named)] });
    let source = use_memo((props.path, props.kind.clone()), |(path, kind)| {
        let (path, kind) = (*path, kind.to_string());
        let call = move |text: &str| client::get(path).query("kind", kind.clone()).query("q", text);
        Source::ask(call, |picks: Vec<Value>| picks.iter().map(choice).collect())
    });
    let onchange = {
        let (picked, set) = (picked.setter(), props.set.clone());
        Callback::from(move |choices: Vec<Choice>| {
            set.emit(picked_id(&choices).map_or(Value::Null, Value::from));
            picked.set(choices);
        })
    };
    html! {
        <Picker label={props.label.clone()} source={(*source).clone()} picked={(*picked).clone()} {onchange} single=true required={props.required}
            error={props.error.clone()} hint={props.hint.clone()} name={props.name.clone()} />
    }
}
