//! Templates of letters (النماذج): the subject and text a letter starts from, with fields that are filled in.

use diwan_kernel::{Lang, Named};
use diwan_tarasol_api::{Body, Form, Template};
use yew::prelude::*;

use super::parts::{NameFields, PageProps, changing, name_errors, options, save_footer};
use super::send::use_sending;
use crate::client::{self, use_api, use_opened};
use crate::i18n;
use crate::modules::letters::FIELDS;
use crate::ui::editor::LetterEditor;
use crate::ui::{
    Alert, Button, Checkbox, Dialog, Empty, FailureAlert, Icon, PageHead, Screen, Select, TextField, Tone, Variant,
};

/// The templates.
#[component]
pub(super) fn Templates(props: &PageProps) -> Html {
    let list = use_api::<Vec<Template>>(Some(client::get("/api/letter-templates")));
    let opened =
        use_opened(&list, |all: &Vec<Template>, asked: &Template| all.iter().find(|one| one.id == asked.id).cloned());
    let row = |template: &Template| {
        let open = opened.button(if template.shared { copy(template) } else { template.clone() });
        html! {
            <tr key={template.id} data-row-id={template.id.to_string()}>
                <td><button type="button" class="dw-linkish" onclick={open}>{ i18n::name(&template.name) }</button></td>
                <td>{ i18n::code("form", template.form.code()) }</td><td>{ i18n::code("lang", template.lang.code()) }</td>
                <td><bdi>{ &template.subject }</bdi></td>
                <td class="dw-muted">{ if template.shared { t!("template-shared") } else if template.active { t!("template-active") } else { t!("template-inactive") } }</td>
            </tr>
        }
    };
    let head = html! {
        <PageHead title={t!("admin-templates")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("template-new")} testid="new-template" onclick={opened.button(empty())} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    html! {
        <Screen {head}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("template-none")} /> } else {
                    <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("admin-templates")} data-testid="templates">
                        <thead><tr><th scope="col">{ t!("template-name") }</th><th scope="col">{ t!("compose-form") }</th>
                            <th scope="col">{ t!("compose-lang") }</th><th scope="col">{ t!("letters-subject") }</th><th scope="col">{ t!("letters-state") }</th></tr></thead>
                        <tbody>{ for items.iter().map(row) }</tbody>
                    </table>
                }
            }
            if let Some(template) = opened.shown { <TemplateForm {template} on_close={opened.close} /> }
        </Screen>
    }
}

fn empty() -> Template {
    Template {
        id: 0,
        shared: false,
        form: Form::Letter,
        name: Named::default(),
        lang: Lang::Ar,
        subject: String::new(),
        body: Body::default(),
        active: true,
        version: 0,
    }
}

/// A template of the agency that starts as this shared one; shared ones are nobody's to change.
fn copy(shared: &Template) -> Template {
    Template { id: 0, version: 0, shared: false, ..shared.clone() }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    template: Template,
    on_close: Callback<()>,
}

#[component]
fn TemplateForm(props: &FormProps) -> Html {
    let value = use_state(|| props.template.clone());
    // The editor keeps its own JSON; the template is only read when it is sent.
    let text = use_state(|| {
        let empty = props.template.body.content.is_empty();
        if empty { String::new() } else { serde_json::to_string(&props.template.body).unwrap_or_default() }
    });
    let sending = use_sending();
    let on_submit = {
        let (value, text, sending, on_close) = (value.clone(), text.clone(), sending.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let body = client::json::read::<Body>(&text).unwrap_or_default();
            let on_close = on_close.clone();
            let call = client::put("/api/letter-templates").json(&Template { body, ..(*value).clone() });
            sending.done(call, move || on_close.emit(()));
        })
    };
    let (error_ar, error_en) = name_errors(&sending, "name");
    let copied = props.template.id == 0 && !props.template.subject.is_empty();
    let title = if props.template.id == 0 { t!("template-new") } else { t!("template-edit") };
    let on_form =
        changing(&value, |template: &mut Template, code: String| template.form = code.parse().unwrap_or(template.form));
    let on_lang =
        changing(&value, |template: &mut Template, code: String| template.lang = code.parse().unwrap_or(template.lang));
    let set_text = text.setter();
    let fields = FIELDS.iter().map(|field| format!("{{{{{field}}}}}")).collect::<Vec<_>>().join(" ");
    html! {
        <Dialog {title} wide=true on_close={props.on_close.clone()} {on_submit} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            if copied { <Alert tone={Tone::Info} title={t!("template-copy")} /> }
            <div class="dw-form two">
                <NameFields value={value.name.clone()} onchange={changing(&value, |template: &mut Template, name| template.name = name)} {error_ar} {error_en} />
                <Select label={t!("compose-form")} value={value.form.code()} options={options("form", Form::ALL.iter().map(|form| form.code()))}
                    onchange={on_form} name="form" />
                <Select label={t!("compose-lang")} value={value.lang.code()} options={options("lang", Lang::ALL.iter().map(|lang| lang.code()))}
                    onchange={on_lang} name="lang" />
                <TextField label={t!("letters-subject")} value={value.subject.clone()} required=true full=true maxlength={500} error={sending.error("subject")}
                    oninput={changing(&value, |template: &mut Template, subject| template.subject = subject)} name="subject" />
            </div>
            <LetterEditor doc={(*text).clone()} on_change={Callback::from(move |json| set_text.set(json))} dir={if value.lang == Lang::Ar { "rtl" } else { "ltr" }}
                label={t!("template-body")} placeholder={t!("template-body")} />
            if let Some(error) = sending.error("body") { <div class="dw-fg"><div class="err" role="alert">{ Icon::CircleAlert }<span>{ error }</span></div></div> }
            <p class="dw-muted dw-sm">{ t!("template-fields") }{ " " }<span class="dw-fields" dir="ltr">{ fields }</span></p>
            <Checkbox label={t!("template-active")} checked={value.active} onchange={changing(&value, |template: &mut Template, active| template.active = active)} />
        </Dialog>
    }
}
