//! Approval routes (مسارات الاعتماد) as data.

use diwan_platform_api::records::{ApprovalRoute, ApprovalStep};
use yew::prelude::*;

use super::parts::PageProps;
use super::route_form::RouteDialog;
use super::users::active_mark;
use crate::client::{self, newest, use_api, use_opened};
use crate::i18n;
use crate::ui::{Button, Empty, FailureAlert, Icon, PageHead, Screen, Variant};

/// Whom a step asks, in words.
pub(super) fn asked(step: &ApprovalStep) -> String {
    let name = i18n::name(&step.assignee_name);
    if name.is_empty() { i18n::code("step-assignee", step.assignee.code()) } else { name }
}

/// The routes of the agency.
#[component]
pub(super) fn ApprovalRoutes(props: &PageProps) -> Html {
    let list = use_api::<Vec<ApprovalRoute>>(Some(client::get("/api/approval-routes")));
    let opened = use_opened(&list, |all: &Vec<ApprovalRoute>, asked: &Option<ApprovalRoute>| {
        newest(all, asked.as_ref(), |one| one.id)
    });
    let row = |route: &ApprovalRoute| {
        let scope = route.unit.as_ref().map_or_else(|| t!("route-whole-agency"), |unit| i18n::name(&unit.name));
        let steps = route
            .steps
            .iter()
            .map(|step| format!("{}. {}: {}", step.step, i18n::code("task-kind", step.task_kind.code()), asked(step)));
        html! {
            <tr key={route.id} data-row-id={route.id.to_string()}>
                <td><span class="dw-b">{ i18n::name(&route.name) }</span><div class="dw-muted dw-sm">{ i18n::code("record-kind", route.record_kind.code()) }</div></td>
                <td>{ scope }</td>
                <td>{ for steps.map(|step| html! { <div class="dw-sm">{ step }</div> }) }</td>
                <td>{ active_mark(route.active) }</td>
                <td><Button variant={Variant::Link} label={t!("action-edit")} action={"edit"} onclick={opened.button(Some(route.clone()))} /></td>
            </tr>
        }
    };
    let head = html! {
        <PageHead title={t!("admin-routes")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("route-new")} testid="new-route" onclick={opened.button(None)} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    html! {
        <Screen {head}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("route-none")} /> } else {
                    <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("admin-routes")} data-testid="routes">
                        <thead><tr><th scope="col">{ t!("route-name") }</th><th scope="col">{ t!("route-unit") }</th><th scope="col">{ t!("route-steps") }</th>
                            <th scope="col">{ t!("state") }</th><th scope="col"></th></tr></thead>
                        <tbody>{ for items.iter().map(row) }</tbody>
                    </table>
                }
            }
            if let Some(route) = &opened.shown { <RouteDialog route={route.clone()} on_close={opened.close.clone()} /> }
        </Screen>
    }
}
