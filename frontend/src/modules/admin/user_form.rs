//! The fields of a user.

use diwan_kernel::{Caveat, Lang, Secrecy};
use diwan_platform_api::people::{Role, User, UserEdit};
use yew::prelude::*;

use super::parts::{NameFields, changing, name_errors, options};
use super::send::Sending;
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::{Checkbox, Select, TextField};

/// Before anything is typed.
pub(super) fn fresh() -> UserEdit {
    UserEdit {
        name: diwan_kernel::Named::default(),
        email: None,
        clearance: Secrecy::Normal,
        caveats: Vec::new(),
        role_ids: Vec::new(),
        lang: Lang::Ar,
        active: true,
    }
}

/// As a user has it.
pub(super) fn of(user: &User) -> UserEdit {
    UserEdit {
        name: user.name.clone(),
        email: user.email.clone(),
        clearance: user.clearance,
        caveats: user.caveats.clone(),
        role_ids: user.roles.iter().map(|role| role.id).collect(),
        lang: user.lang,
        active: user.active,
    }
}

#[derive(Properties)]
pub(super) struct FieldsProps {
    /// As it is now. A handle alone would not do: it always reads the newest value, so two of them never differ.
    pub(super) value: UserEdit,
    pub(super) edit: UseStateHandle<UserEdit>,
    pub(super) sending: Sending,
}

impl PartialEq for FieldsProps {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.sending.failure == other.sending.failure
    }
}

/// The list with one value in or out.
fn with<T: PartialEq>(list: &mut Vec<T>, value: T, on: bool) {
    list.retain(|other| *other != value);
    if on {
        list.push(value);
    }
}

/// The fields of a user.
#[component]
pub(super) fn UserFields(props: &FieldsProps) -> Html {
    let (edit, sending) = (&props.edit, &props.sending);
    let session = use_session();
    let roles = use_api::<Vec<Role>>(Some(client::get("/api/roles")));
    let clearance = session.me().map_or(Secrecy::Normal, |me| me.clearance).max(edit.clearance);
    let levels = options("secrecy", Secrecy::ALL.iter().filter(|level| **level <= clearance).map(|level| level.code()));
    let (error_ar, error_en) = name_errors(sending, "name");
    let email = changing(edit, |edit: &mut UserEdit, text: String| {
        edit.email = Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    });
    html! {
        <div class="dw-form two">
            <NameFields value={edit.name.clone()} onchange={changing(edit, |edit: &mut UserEdit, name| edit.name = name)} {error_ar} {error_en} />
            <TextField label={t!("user-email")} kind="email" value={edit.email.clone().unwrap_or_default()} oninput={email} error={sending.error("email")} name="email" />
            <Select label={t!("user-lang")} value={edit.lang.code()} options={options("lang", Lang::ALL.iter().map(|lang| lang.code()))} name="lang"
                onchange={changing(edit, |edit: &mut UserEdit, code: String| edit.lang = code.parse().unwrap_or(edit.lang))} />
            <Select label={t!("user-clearance")} value={edit.clearance.code()} options={levels} error={sending.error("clearance")} name="clearance"
                onchange={changing(edit, |edit: &mut UserEdit, code: String| edit.clearance = code.parse().unwrap_or(edit.clearance))} />
            <fieldset class="dw-fg" style="border:0;padding:0;margin:0">
                <legend class="dw-sec-t">{ t!("user-caveats") }</legend>
                { for Caveat::ALL.iter().map(|caveat| html! {
                    <Checkbox label={i18n::code("caveat", caveat.code())} checked={edit.caveats.contains(caveat)}
                        onchange={changing(edit, |edit: &mut UserEdit, on| with(&mut edit.caveats, *caveat, on))} />
                }) }
            </fieldset>
            <fieldset class="dw-fg full" style="border:0;padding:0;margin:0" data-testid="user-roles">
                <legend class="dw-sec-t">{ t!("admin-roles") }</legend>
                { for roles.data.iter().flat_map(|roles| roles.iter()).map(|role| {
                    let id = role.id;
                    html! {
                        <Checkbox label={i18n::name(&role.name)} checked={edit.role_ids.contains(&id)}
                            onchange={changing(edit, move |edit: &mut UserEdit, on| with(&mut edit.role_ids, id, on))} />
                    }
                }) }
                if let Some(error) = sending.error("role_ids") { <div class="err" role="alert">{ error }</div> }
            </fieldset>
            <Checkbox label={t!("user-may-sign-in")} checked={edit.active} onchange={changing(edit, |edit: &mut UserEdit, on| edit.active = on)} />
        </div>
    }
}
