//! One role: its name and rights.

use diwan_kernel::{Named, Permission};
use diwan_platform_api::people::{Role, RoleInput};
use yew::prelude::*;

use super::parts::{NameFields, changing, name_errors, save_footer};
use super::send::use_sending;
use crate::app::session::use_session;
use crate::client;
use crate::i18n;
use crate::ui::{Alert, Button, Checkbox, Dialog, TextField, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct RoleProps {
    /// None for a new one.
    pub(super) role: Option<Role>,
    pub(super) on_close: Callback<()>,
}

/// One role; the built-in ones are only shown.
#[component]
pub(super) fn RoleDialog(props: &RoleProps) -> Html {
    let edit = use_state_eq(|| match &props.role {
        Some(role) => RoleInput {
            agency_id: None,
            code: role.code.clone(),
            name: role.name.clone(),
            permissions: role.permissions.clone(),
        },
        None => RoleInput { agency_id: None, code: String::new(), name: Named::default(), permissions: Vec::new() },
    });
    let sending = use_sending();
    let session = use_session();
    let fixed = props.role.as_ref().is_some_and(|role| role.agency_id.is_none());
    let submit = {
        let (edit, sending, on_close, role) =
            (edit.clone(), sending.clone(), props.on_close.clone(), props.role.clone());
        Callback::from(move |()| {
            if fixed {
                return;
            }
            let call = match &role {
                Some(role) => client::put(format!("/api/roles/{}", role.id)).if_match(role.version),
                None => client::post("/api/roles"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&*edit), move |_: Role| on_close.emit(()));
        })
    };
    let remove = props.role.as_ref().filter(|role| !fixed && role.users == 0).map(|role| {
        let (sending, on_close, id) = (sending.clone(), props.on_close.clone(), role.id);
        Callback::from(move |_: MouseEvent| {
            let on_close = on_close.clone();
            sending.done(client::delete(format!("/api/roles/{id}")), move || on_close.emit(()));
        })
    });
    let right = |permission: &Permission| {
        let permission = *permission;
        let checked = edit.permissions.contains(&permission);
        let onchange = changing(&edit, move |edit: &mut RoleInput, on: bool| {
            edit.permissions.retain(|other| *other != permission);
            if on {
                edit.permissions.push(permission);
            }
        });
        // Nobody gives a right they do not hold.
        let disabled = fixed || !(checked || session.may(permission));
        html! { <Checkbox label={i18n::code("permission", permission.code())} {checked} {onchange} {disabled} /> }
    };
    let (error_ar, error_en) = name_errors(&sending, "name");
    let footer = if fixed { Html::default() } else { save_footer(&sending, &props.on_close) };
    html! {
        <Dialog wide=true title={props.role.as_ref().map_or_else(|| t!("role-new"), |role| i18n::name(&role.name))} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} {footer}>
            { sending.alert() }
            if fixed { <Alert title={t!("role-fixed")} /> } else {
                <div class="dw-form two">
                    <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut RoleInput, name| edit.name = name)} {error_ar} {error_en} />
                    <TextField label={t!("code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut RoleInput, code| edit.code = code)} dir="ltr"
                        required=true error={sending.error("code")} maxlength={40} name="code" />
                </div>
            }
            <fieldset class="dw-fg" style="border:0;padding:0;margin:0" data-testid="role-rights">
                <legend class="dw-sec-t">{ t!("role-rights") }</legend>
                { for Permission::ALL.iter().map(right) }
            </fieldset>
            if let Some(onclick) = remove { <Button variant={Variant::Danger} label={t!("role-remove")} {onclick} testid="remove-role" /> }
        </Dialog>
    }
}
