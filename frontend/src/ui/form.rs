//! Form fields: a bound label above, hint and error below, both spoken with the field.

use chrono::NaiveDate;
use diwan_kernel::text::latin_digits;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::dom;
use super::icon::Icon;
use crate::i18n::format;

/// Label, hint and error around a field that the caller draws with the ids it is given.
#[derive(Properties, PartialEq)]
pub struct FieldProps {
    /// The id of the field itself.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// It must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// What to type, if the label does not say it.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Takes both columns of a two-column form.
    #[prop_or_default]
    pub full: bool,
    /// The field.
    pub children: Html,
}

/// Label, hint and error around a field.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <div class={classes!("dw-fg", props.full.then_some("full"))}>
            <label for={props.id.clone()}>{ &props.label }
                if props.required { <span class="req" title={t!("required-field")} aria-hidden="true">{ "*" }</span> }
            </label>
            { props.children.clone() }
            if let Some(hint) = &props.hint { <div class="hint" id={format!("{}-hint", props.id)}>{ hint }</div> }
            if let Some(error) = &props.error {
                <div class="err" id={format!("{}-error", props.id)} role="alert">{ Icon::CircleAlert }<span>{ error }</span></div>
            }
        </div>
    }
}

/// The ids of hint and error, for `aria-describedby`.
pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    let ids: Vec<String> = [(hint, "hint"), (error, "error")]
        .iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A field of one line.
#[derive(Properties, PartialEq)]
pub struct TextFieldProps {
    /// The label.
    pub label: AttrValue,
    /// What is typed.
    pub value: AttrValue,
    /// Told of every change.
    pub oninput: Callback<String>,
    /// text, password, email, number, date …
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// It must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// What to type.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Cannot be changed.
    #[prop_or_default]
    pub disabled: bool,
    /// What the browser may fill in.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// Most characters.
    #[prop_or_default]
    pub maxlength: Option<u32>,
    /// Direction of the text itself; free text has its own.
    #[prop_or_default]
    pub dir: Option<AttrValue>,
    /// Takes the keyboard when it appears.
    #[prop_or_default]
    pub autofocus: bool,
    /// Takes both columns of a two-column form.
    #[prop_or_default]
    pub full: bool,
    /// Which keyboard a phone shows.
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    /// Name for tests and for the browser.
    #[prop_or_default]
    pub name: Option<AttrValue>,
}

/// A field of one line, dates included.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let id = dom::use_id("field");
    let oninput = {
        let (oninput, numeric) = (props.oninput.clone(), props.inputmode.as_deref() == Some("numeric"));
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            // Whole numbers are typed in any digits, and read in ours.
            oninput.emit(if numeric { latin_digits(&text) } else { text });
        })
    };
    let described = described_by(&id, props.hint.is_some(), props.error.is_some());
    // Codes, dates and secrets are always typed left to right.
    let free = props.kind == "text" || props.kind == "search";
    let own = if free { dom::typed_dir(&props.value) } else { Some("ltr") };
    let dir = props.dir.clone().or(own.map(AttrValue::Static));
    html! {
        <Field id={id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()}
            error={props.error.clone()} full={props.full}>
            <input {id} class="dw-input" type={props.kind.clone()} value={props.value.clone()} {oninput} {dir}
                required={props.required} aria-required={props.required.then_some("true")} disabled={props.disabled}
                autocomplete={props.autocomplete.clone()} maxlength={props.maxlength.map(|max| max.to_string())}
                aria-invalid={props.error.is_some().then_some("true")} aria-describedby={described}
                autofocus={props.autofocus} inputmode={props.inputmode.clone()} name={props.name.clone()} />
        </Field>
    }
}

/// A day.
#[derive(Properties, PartialEq)]
pub struct DateFieldProps {
    /// The label.
    pub label: AttrValue,
    /// The day, none while it is open.
    pub value: Option<NaiveDate>,
    /// Told of the change.
    pub onchange: Callback<Option<NaiveDate>>,
    /// It must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Name for tests.
    #[prop_or_default]
    pub name: Option<AttrValue>,
}

/// A day, in the browser's own picker. Browsers write it in their own order, so the hint repeats it in ours.
#[component]
pub fn DateField(props: &DateFieldProps) -> Html {
    let oninput = props.onchange.reform(|text: String| text.parse::<NaiveDate>().ok());
    let value = props.value.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default();
    html! {
        <TextField label={props.label.clone()} kind="date" {value} {oninput} required={props.required} error={props.error.clone()}
            hint={props.value.map(format::day_name)} name={props.name.clone()} />
    }
}

/// A field of several lines.
#[derive(Properties, PartialEq)]
pub struct TextAreaProps {
    /// The label.
    pub label: AttrValue,
    /// What is typed.
    pub value: AttrValue,
    /// Told of every change.
    pub oninput: Callback<String>,
    /// Lines shown.
    #[prop_or(3)]
    pub rows: u32,
    /// It must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// What to type.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Most characters.
    #[prop_or_default]
    pub maxlength: Option<u32>,
    /// Takes the keyboard when it appears.
    #[prop_or_default]
    pub autofocus: bool,
    /// Name for tests.
    #[prop_or_default]
    pub name: Option<AttrValue>,
}

/// A field of several lines.
#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let id = dom::use_id("area");
    let oninput = {
        let oninput = props.oninput.clone();
        Callback::from(move |event: InputEvent| {
            oninput.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let described = described_by(&id, props.hint.is_some(), props.error.is_some());
    html! {
        <Field id={id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()}
            error={props.error.clone()} full=true>
            <textarea {id} class="dw-input" rows={props.rows.to_string()} value={props.value.clone()} {oninput} dir={dom::typed_dir(&props.value)}
                aria-required={props.required.then_some("true")} maxlength={props.maxlength.map(|max| max.to_string())}
                aria-invalid={props.error.is_some().then_some("true")} aria-describedby={described}
                autofocus={props.autofocus} name={props.name.clone()} />
        </Field>
    }
}

/// One choice of a [`Select`].
#[derive(Debug, Clone, PartialEq)]
pub struct SelectOption {
    /// What is sent.
    pub value: AttrValue,
    /// What is read.
    pub label: AttrValue,
}

impl SelectOption {
    /// A choice.
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A choice from a short list.
#[derive(Properties, PartialEq)]
pub struct SelectProps {
    /// The label.
    pub label: AttrValue,
    /// The value chosen.
    pub value: AttrValue,
    /// The choices.
    pub options: Vec<SelectOption>,
    /// Told of the choice.
    pub onchange: Callback<String>,
    /// It must be chosen.
    #[prop_or_default]
    pub required: bool,
    /// What the choice means.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Cannot be changed.
    #[prop_or_default]
    pub disabled: bool,
    /// Name for tests.
    #[prop_or_default]
    pub name: Option<AttrValue>,
}

/// A choice from a short list: the browser's own control, which every keyboard and phone knows.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let id = dom::use_id("select");
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |event: Event| onchange.emit(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let described = described_by(&id, props.hint.is_some(), props.error.is_some());
    html! {
        <Field id={id.clone()} label={props.label.clone()} required={props.required} hint={props.hint.clone()} error={props.error.clone()}>
            <select {id} class="dw-input" {onchange} disabled={props.disabled} aria-describedby={described}
                aria-invalid={props.error.is_some().then_some("true")} name={props.name.clone()}>
                { for props.options.iter().map(|option| html! {
                    <option value={option.value.clone()} selected={option.value == props.value}>{ &option.label }</option>
                }) }
            </select>
        </Field>
    }
}

/// A box to tick.
#[derive(Properties, PartialEq)]
pub struct CheckboxProps {
    /// The words beside it.
    pub label: AttrValue,
    /// Ticked.
    pub checked: bool,
    /// Told of the change.
    pub onchange: Callback<bool>,
    /// Cannot be changed.
    #[prop_or_default]
    pub disabled: bool,
    /// What stands at the end of the line, such as a count.
    #[prop_or_default]
    pub children: Html,
}

/// A box to tick.
#[component]
pub fn Checkbox(props: &CheckboxProps) -> Html {
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |event: Event| onchange.emit(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    html! {
        <label class="dw-option">
            <input type="checkbox" class="dw-check" checked={props.checked} {onchange} disabled={props.disabled} />
            <span>{ &props.label }</span>
            { props.children.clone() }
        </label>
    }
}
