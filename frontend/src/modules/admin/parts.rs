//! Pieces that several administration pages share.

use diwan_kernel::Named;
use diwan_platform_api::people::Pick;
use yew::prelude::*;

use super::send::Sending;
use crate::client;
use crate::i18n;
use crate::ui::picker::Source;
use crate::ui::{Button, Choice, SelectOption, TextField, Variant};

/// What every page of the administration is given.
#[derive(Properties, PartialEq)]
pub(in crate::modules) struct PageProps {
    /// The tabs of the administration.
    pub(in crate::modules) tabs: Html,
}

/// The pages of things are asked for whole: an agency has fewer of them than this.
pub(in crate::modules) const MANY: &str = "100";

/// A source that asks one of the server's pickers: `people`, `units`, `positions`, `agencies`.
#[hook]
pub(in crate::modules) fn use_pick(what: &'static str) -> Source {
    let source = use_state(|| {
        let read = |picks: Vec<Pick>| picks.into_iter().map(choice).collect();
        Source::ask(move |text| client::get(format!("/api/{what}/pick")).query("q", text), read)
    });
    (*source).clone()
}

fn choice(pick: Pick) -> Choice {
    let choice = Choice::new(pick.id.to_string(), i18n::name(&pick.name));
    let detail = i18n::name(&pick.detail);
    if detail.is_empty() { choice } else { choice.hint(detail) }
}

/// The id of the first picked.
pub(in crate::modules) fn picked_id(picked: &[Choice]) -> Option<i64> {
    picked.first().and_then(|choice| choice.id.parse().ok())
}

/// The choices of a closed set: `texts` is the prefix of their texts.
pub(in crate::modules) fn options(texts: &str, codes: impl IntoIterator<Item = &'static str>) -> Vec<SelectOption> {
    codes.into_iter().map(|code| SelectOption::new(code, i18n::code(texts, code))).collect()
}

#[derive(Properties, PartialEq)]
pub(in crate::modules) struct NameFieldsProps {
    pub(in crate::modules) value: Named,
    pub(in crate::modules) onchange: Callback<Named>,
    #[prop_or_default]
    pub(in crate::modules) error_ar: Option<AttrValue>,
    #[prop_or_default]
    pub(in crate::modules) error_en: Option<AttrValue>,
}

/// A name in both languages.
#[component]
pub(in crate::modules) fn NameFields(props: &NameFieldsProps) -> Html {
    let (value, onchange) = (props.value.clone(), props.onchange.clone());
    let ar = Callback::from(move |ar| onchange.emit(Named { ar, ..value.clone() }));
    let (value, onchange) = (props.value.clone(), props.onchange.clone());
    let en = Callback::from(move |en| onchange.emit(Named { en, ..value.clone() }));
    html! {
        <>
            <TextField label={t!("name-ar")} value={props.value.ar.clone()} oninput={ar} required=true maxlength={200} dir="rtl"
                error={props.error_ar.clone()} name="name_ar" />
            <TextField label={t!("name-en")} value={props.value.en.clone()} oninput={en} maxlength={200} dir="ltr"
                error={props.error_en.clone()} name="name_en" />
        </>
    }
}

/// The foot of a form dialog.
pub(in crate::modules) fn save_footer(sending: &Sending, on_close: &Callback<()>) -> Html {
    html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("save")} busy={sending.busy} testid="save" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={on_close.reform(|_: MouseEvent| ())} />
        </>
    }
}

/// The errors of the two names of a field, as the server names them.
pub(in crate::modules) fn name_errors(sending: &Sending, field: &str) -> (Option<AttrValue>, Option<AttrValue>) {
    let either =
        |lang: &str| sending.error(&format!("{field}.{lang}")).or_else(|| sending.error(&format!("{field}_{lang}")));
    (either("ar").or_else(|| sending.error(field)), either("en"))
}

/// A change of one field of a record that is held as a whole.
pub(in crate::modules) fn changing<T: Clone + 'static, V: 'static>(
    value: &UseStateHandle<T>,
    apply: impl Fn(&mut T, V) + 'static,
) -> Callback<V> {
    let value = value.clone();
    Callback::from(move |field: V| {
        let mut next = (*value).clone();
        apply(&mut next, field);
        value.set(next);
    })
}
