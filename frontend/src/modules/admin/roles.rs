//! Roles (الأدوار): sets of rights.

use diwan_platform_api::people::Role;
use yew::prelude::*;

use super::parts::PageProps;
use super::role_form::RoleDialog;
use crate::client::{self, newest, use_api, use_opened};
use crate::i18n::{self, format};
use crate::ui::{Button, FailureAlert, Icon, Num, PageHead, Screen, Variant};

/// The roles.
#[component]
pub(super) fn Roles(props: &PageProps) -> Html {
    let list = use_api::<Vec<Role>>(Some(client::get("/api/roles")));
    let opened = use_opened(&list, |all: &Vec<Role>, asked: &Option<Role>| newest(all, asked.as_ref(), |one| one.id));
    let row = |role: &Role| {
        let rights = role
            .permissions
            .iter()
            .map(|right| i18n::code("permission", right.code()))
            .collect::<Vec<_>>()
            .join(t!("list-comma").as_str());
        html! {
            <tr key={role.id} data-row-id={role.id.to_string()}>
                <td><span class="dw-b">{ i18n::name(&role.name) }</span>
                    if role.agency_id.is_none() { <div class="dw-muted dw-sm">{ t!("role-built-in") }</div> }
                </td>
                <td><span class="dw-clamp">{ rights }</span></td>
                <td><Num value={format::number(role.users)} /></td>
                <td><Button variant={Variant::Link} label={if role.agency_id.is_some() { t!("action-edit") } else { t!("open") }} action={"edit"} onclick={opened.button(Some(role.clone()))} /></td>
            </tr>
        }
    };
    let head = html! {
        <PageHead title={t!("admin-roles")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("role-new")} testid="new-role" onclick={opened.button(None)} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    html! {
        <Screen {head}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("admin-roles")} data-testid="roles">
                    <thead><tr><th scope="col">{ t!("role-name") }</th><th scope="col">{ t!("role-rights") }</th><th scope="col">{ t!("admin-users") }</th><th scope="col"></th></tr></thead>
                    <tbody>{ for items.iter().map(row) }</tbody>
                </table>
            }
            if let Some(role) = &opened.shown { <RoleDialog role={role.clone()} on_close={opened.close.clone()} /> }
        </Screen>
    }
}
