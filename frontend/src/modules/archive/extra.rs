//! What a document says in the fields of its kind, and its tags: typed in the forms, shown on its page.

use std::collections::BTreeMap;

use diwan_archive_api::{Document, DocumentType, FieldDef, Tag, ValueKind};
use yew::prelude::*;

use super::fields::Typed;
use crate::client::{self, Failure, use_api};
use crate::i18n::{self, format};
use crate::ui::{Num, Select, SelectOption, TextField};

#[derive(Properties, PartialEq)]
pub(super) struct ExtraProps {
    pub(super) typed: Typed,
    pub(super) onchange: Callback<Typed>,
    pub(super) failure: Option<Failure>,
    /// The user tried to send: missing fields are now marked.
    pub(super) tried: bool,
}

/// The kind, its fields, and the tags.
#[component]
pub(super) fn ExtraFields(props: &ExtraProps) -> Html {
    let kinds = use_api::<Vec<DocumentType>>(Some(client::get("/api/archive/types")));
    let used = use_api::<Vec<Tag>>(Some(client::get("/api/archive/tags")));
    let typed = &props.typed;
    let error = |field: &str| props.failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    let all = kinds.data.as_ref().map_or(&[][..], |kinds| kinds.as_slice());
    let kind = all.iter().find(|kind| Some(kind.id) == typed.type_id);
    let none = std::iter::once(SelectOption::new("", t!("document-no-type")));
    let usable = all.iter().filter(|kind| kind.active || Some(kind.id) == typed.type_id);
    let options: Vec<_> =
        none.chain(usable.map(|kind| SelectOption::new(kind.id.to_string(), i18n::name(&kind.name)))).collect();
    let on_kind = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        // What another kind does not know is not sent with it.
        Callback::from(move |id: String| {
            onchange.emit(Typed { type_id: id.parse().ok(), values: BTreeMap::new(), ..typed.clone() });
        })
    };
    let on_tags = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |tags: String| onchange.emit(Typed { tags, ..typed.clone() }))
    };
    let known = used.data.iter().flat_map(|tags| tags.iter()).take(8).map(|tag| tag.tag.as_str()).collect::<Vec<_>>();
    let hint = if known.is_empty() {
        t!("document-tags-hint")
    } else {
        t!("document-tags-known", tags = known.join(&t!("list-comma")))
    };
    html! {
        <>
            if !all.is_empty() {
                <Select label={t!("document-type")} value={typed.type_id.map(|id| id.to_string()).unwrap_or_default()} {options} onchange={on_kind} error={error("type_id")} name="type_id" />
            }
            { for kind.iter().flat_map(|kind| &kind.fields).map(|field| input(field, props)) }
            <TextField label={t!("document-tags")} value={typed.tags.clone()} oninput={on_tags} {hint} error={error("tags")} maxlength={900} full=true name="tags" />
        </>
    }
}

/// The field of a value; what the server says about it stands beside it.
fn input(field: &FieldDef, props: &ExtraProps) -> Html {
    let value = props.typed.values.get(&field.code).cloned().unwrap_or_default();
    let told = props.failure.as_ref().and_then(|failure| failure.field(&format!("values.{}", field.code)));
    let missing = (props.tried && field.required && value.trim().is_empty()).then(|| t!("err-required"));
    let error = told.or(missing).map(AttrValue::from);
    let change = {
        let (typed, onchange, code) = (props.typed.clone(), props.onchange.clone(), field.code.clone());
        Callback::from(move |text: String| {
            let mut next = typed.clone();
            next.values.insert(code.clone(), text);
            onchange.emit(next);
        })
    };
    let (label, required, name) = (i18n::name(&field.name), field.required, format!("value_{}", field.code));
    let choices = |codes: Vec<(String, String)>| {
        let none = std::iter::once(SelectOption::new("", "—"));
        none.chain(codes.into_iter().map(|(code, label)| SelectOption::new(code, label))).collect::<Vec<_>>()
    };
    match field.kind {
        ValueKind::Choice => {
            let options = choices(field.options.iter().map(|one| (one.clone(), one.clone())).collect());
            html! { <Select {label} {value} {options} onchange={change} {required} {error} {name} /> }
        }
        ValueKind::YesNo => {
            let options = choices(vec![("yes".to_owned(), t!("yes")), ("no".to_owned(), t!("no"))]);
            html! { <Select {label} {value} {options} onchange={change} {required} {error} {name} /> }
        }
        ValueKind::Date => {
            html! { <TextField kind="date" {label} {value} oninput={change} {required} {error} {name} /> }
        }
        ValueKind::Number => {
            html! { <TextField inputmode="numeric" {label} {value} oninput={change} {required} {error} {name} /> }
        }
        ValueKind::Text | ValueKind::Party => {
            html! { <TextField {label} {value} oninput={change} {required} {error} {name} /> }
        }
    }
}

/// The rows of a document's page that its kind brings.
pub(super) fn facts(document: &Document) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = Vec::new();
    if let Some(kind) = &document.doc_type {
        rows.push((t!("document-type").into(), html! { { i18n::name(&kind.name) } }));
        for field in &kind.fields {
            if let Some(value) = document.values.get(&field.code) {
                rows.push((i18n::name(&field.name).into(), said(field, value)));
            }
        }
    }
    if !document.tags.is_empty() {
        rows.push((t!("document-tags").into(), html! { <bdi>{ document.tags.join(&t!("list-comma")) }</bdi> }));
    }
    rows
}

fn said(field: &FieldDef, value: &str) -> Html {
    match field.kind {
        ValueKind::YesNo => html! { { if value == "yes" { t!("yes") } else { t!("no") } } },
        ValueKind::Date => html! { <Num value={value.parse().map_or_else(|_| value.to_owned(), format::date)} /> },
        ValueKind::Number => html! { <Num value={value.to_owned()} /> },
        ValueKind::Text | ValueKind::Choice | ValueKind::Party => html! { <bdi>{ value.to_owned() }</bdi> },
    }
}
