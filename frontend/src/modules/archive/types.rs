//! Kinds of documents (أنواع الوثائق): each with the fields that a document of it has.

use diwan_archive_api::{DocumentType, DocumentTypeInput, FieldDef, ValueKind};
use diwan_kernel::Named;
use yew::prelude::*;

use crate::client::{self, newest, use_api, use_opened};
use crate::i18n;
use crate::modules::admin::parts::{NameFields, PageProps, changing, name_errors, options, save_footer};
use crate::modules::admin::send::{Sending, use_sending};
use crate::ui::{
    Button, Card, Checkbox, Dialog, Empty, FailureAlert, Icon, IconButton, Num, PageHead, Screen, Select, StateDot,
    StateTone, TextArea, TextField, Variant,
};

/// The kinds.
#[component]
pub(super) fn Types(props: &PageProps) -> Html {
    let list = use_api::<Vec<DocumentType>>(Some(client::get("/api/archive/types")));
    let opened = use_opened(&list, |all: &Vec<DocumentType>, asked: &Option<DocumentType>| {
        newest(all, asked.as_ref(), |one| one.id)
    });
    let actions = html! {
        <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("type-new")} testid="new-type" onclick={opened.button(None)} />
    };
    let row = |one: &DocumentType| {
        let state = if one.active { (StateTone::Done, t!("active")) } else { (StateTone::New, t!("inactive")) };
        let fields = one.fields.iter().map(|field| i18n::name(&field.name)).collect::<Vec<_>>().join(&t!("list-comma"));
        html! {
            <tr key={one.id} data-row-id={one.id.to_string()}>
                <td><Num value={one.code.clone()} /></td>
                <td>{ i18n::name(&one.name) }</td>
                <td>{ fields }</td>
                <td><StateDot tone={state.0} label={state.1} /></td>
                <td><Button variant={Variant::Link} label={t!("action-edit")} action="edit" onclick={opened.button(Some(one.clone()))} /></td>
            </tr>
        }
    };
    html! {
        <Screen head={html! { <PageHead title={t!("types")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("types-empty")} /> } else {
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("types")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("types")} data-testid="types">
                            <thead><tr>{ for [t!("code"), t!("type-name"), t!("type-fields"), t!("state"), String::new()].into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                            <tbody>{ for items.iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
            if let Some(kind) = opened.shown { <TypeDialog {kind} on_close={opened.close} /> }
        </Screen>
    }
}

#[derive(Properties, PartialEq)]
struct TypeProps {
    kind: Option<DocumentType>,
    on_close: Callback<()>,
}

/// Adds or changes a kind.
#[component]
fn TypeDialog(props: &TypeProps) -> Html {
    let edit = use_state_eq(|| match &props.kind {
        Some(one) => DocumentTypeInput {
            code: one.code.clone(),
            name: one.name.clone(),
            fields: one.fields.clone(),
            active: one.active,
        },
        None => DocumentTypeInput { code: String::new(), name: Named::default(), fields: Vec::new(), active: true },
    });
    let sending = use_sending();
    let submit = {
        let (edit, sending, on_close, kind) =
            (edit.clone(), sending.clone(), props.on_close.clone(), props.kind.clone());
        Callback::from(move |()| {
            let call = match &kind {
                Some(one) => client::put(format!("/api/archive/types/{}", one.id)).if_match(one.version),
                None => client::post("/api/archive/types"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&*edit), move |_: DocumentType| on_close.emit(()));
        })
    };
    let (error_ar, error_en) = name_errors(&sending, "name");
    let add = changing(&edit, |edit: &mut DocumentTypeInput, _: MouseEvent| edit.fields.push(fresh(edit.fields.len())));
    html! {
        <Dialog wide=true title={if props.kind.is_some() { t!("type-edit") } else { t!("type-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <TextField label={t!("code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut DocumentTypeInput, code| edit.code = code)} dir="ltr" required=true
                    error={sending.error("code")} maxlength={20} name="code" />
                <Checkbox label={t!("type-active")} checked={edit.active} onchange={changing(&edit, |edit: &mut DocumentTypeInput, on| edit.active = on)} />
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut DocumentTypeInput, name| edit.name = name)} {error_ar} {error_en} />
            </div>
            <h3 class="dw-sec-t">{ t!("type-fields") }</h3>
            if edit.fields.is_empty() { <p class="dw-muted">{ t!("type-no-fields") }</p> }
            { for edit.fields.iter().enumerate().map(|(at, field)| field_card(at, field, &edit, &sending)) }
            <Button icon={Icon::Plus} label={t!("type-field-new")} testid="new-field" onclick={add} />
        </Dialog>
    }
}

/// A new field; its code is proposed and can be written over.
fn fresh(count: usize) -> FieldDef {
    FieldDef {
        code: format!("f{}", count + 1),
        name: Named::default(),
        kind: ValueKind::Text,
        required: false,
        min: None,
        max: None,
        options: Vec::new(),
    }
}

/// A change of one field of the kind.
fn at_field<V: 'static>(
    edit: &UseStateHandle<DocumentTypeInput>,
    at: usize,
    apply: impl Fn(&mut FieldDef, V) + 'static,
) -> Callback<V> {
    changing(edit, move |edit: &mut DocumentTypeInput, value: V| {
        if let Some(field) = edit.fields.get_mut(at) {
            apply(field, value);
        }
    })
}

fn field_card(at: usize, field: &FieldDef, edit: &UseStateHandle<DocumentTypeInput>, sending: &Sending) -> Html {
    let error = |part: &str| sending.error(&format!("fields.{at}.{part}"));
    let (error_ar, error_en) = name_errors(sending, &format!("fields.{at}.name"));
    let remove = changing(edit, move |edit: &mut DocumentTypeInput, _: MouseEvent| {
        if at < edit.fields.len() {
            edit.fields.remove(at);
        }
    });
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let bounded = matches!(field.kind, ValueKind::Text | ValueKind::Number | ValueKind::Party);
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    html! {
        <Card key={at} title={t!("type-field-title", n = at + 1)} padded=true actions={html! { <IconButton small=true icon={Icon::Trash} label={t!("type-field-remove")} onclick={remove} /> }}>
            <div class="dw-form two" data-field={at.to_string()}>
                <TextField label={t!("type-field-code")} value={field.code.clone()} oninput={at_field(edit, at, |field, code| field.code = code)} dir="ltr" required=true maxlength={20}
                    error={error("code")} name={format!("field_code_{at}")} />
                <Select label={t!("type-field-kind")} value={field.kind.code()} options={options("value-kind", ValueKind::ALL.iter().map(|kind| kind.code()))} error={error("kind")}
                    onchange={at_field(edit, at, |field, code: String| field.kind = code.parse().unwrap_or(field.kind))} name={format!("field_kind_{at}")} />
                <NameFields value={field.name.clone()} onchange={at_field(edit, at, |field, name| field.name = name)} {error_ar} {error_en} />
                if bounded {
                    <TextField label={t!("type-field-min")} value={number(field.min)} oninput={at_field(edit, at, |field, text: String| field.min = text.trim().parse().ok())} inputmode="numeric"
                        error={error("min")} name={format!("field_min_{at}")} />
                    <TextField label={t!("type-field-max")} value={number(field.max)} oninput={at_field(edit, at, |field, text: String| field.max = text.trim().parse().ok())} inputmode="numeric"
                        error={error("max")} name={format!("field_max_{at}")} />
                }
                if field.kind == ValueKind::Choice {
                    <TextArea label={t!("type-field-options")} value={field.options.join("\n")} oninput={at_field(edit, at, move |field, text: String| field.options = lines(text))}
                        hint={t!("type-field-options-hint")} error={error("options")} name={format!("field_options_{at}")} />
                }
                <Checkbox label={t!("type-field-required")} checked={field.required} onchange={at_field(edit, at, |field, on| field.required = on)} />
            </div>
        </Card>
    }
}
