//! Jobs (المهام الآلية): what waits, what runs, what was set aside after too many failures.

use diwan_kernel::Page;
use diwan_platform_api::work::{JobCounts, JobState, JobView};
use yew::prelude::*;

use super::parts::PageProps;
use super::send::use_sending;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{Button, Empty, FailureAlert, Icon, Num, PageHead, StateDot, StateTone, Tab, Tabs, Variant};

/// Rows of one page.
const LIMIT: usize = 25;

fn tone(state: JobState) -> StateTone {
    match state {
        JobState::Waiting => StateTone::New,
        JobState::Running => StateTone::Work,
        JobState::Dead => StateTone::Wait,
    }
}

/// The jobs, those that were set aside first.
#[component]
pub(super) fn Jobs(props: &PageProps) -> Html {
    let state = use_state_eq(|| JobState::Dead);
    let paging = use_paging(*state);
    let counts = use_api::<JobCounts>(Some(client::get("/api/jobs/count")));
    let call = client::get("/api/jobs").query("state", state.code()).query("limit", LIMIT.to_string());
    let page = use_api::<Page<JobView>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let sending = use_sending();
    let reload = {
        let (page, counts) = (page.reload.clone(), counts.reload.clone());
        Callback::from(move |()| {
            page.emit(());
            counts.emit(());
        })
    };
    let act = |call: client::Call| {
        let (sending, reload) = (sending.clone(), reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.done(call.clone(), move || reload.emit(()));
        })
    };
    let row = |job: &JobView| {
        let retry = act(client::post(format!("/api/jobs/{}/retry", job.id)));
        let drop = act(client::delete(format!("/api/jobs/{}", job.id)));
        html! {
            <tr key={job.id} data-row-id={job.id.to_string()}>
                <td><Num value={job.kind.clone()} /><div class="dw-muted dw-sm"><Num value={job.about.clone()} /></div></td>
                <td><StateDot tone={tone(job.state)} label={i18n::code("job-state", job.state.code())} /></td>
                <td><Num value={format!("{} / {}", job.attempts, job.max_attempts)} /></td>
                <td><Num value={format::date_time(job.run_at)} /></td>
                <td><span class="dw-sm" dir="auto">{ job.last_error.clone().unwrap_or_default() }</span></td>
                <td class="dw-nowrap">
                    if job.state != JobState::Running {
                        <Button variant={Variant::Link} label={t!("job-retry")} onclick={retry} action={"retry"} />
                        <Button variant={Variant::Link} label={t!("job-drop")} onclick={drop} action={"drop"} />
                    }
                </td>
            </tr>
        }
    };
    let count = |state: JobState| {
        counts.data.as_ref().map(|counts| match state {
            JobState::Waiting => counts.waiting,
            JobState::Running => counts.running,
            JobState::Dead => counts.dead,
        })
    };
    let tabs = [JobState::Dead, JobState::Waiting, JobState::Running].map(|state| {
        let tab = Tab::new(state.code(), i18n::code("job-state", state.code())).count(count(state));
        if state == JobState::Dead { tab.late() } else { tab }
    });
    let choose = state.setter();
    let onchange = Callback::from(move |code: AttrValue| choose.set(code.parse().unwrap_or(JobState::Dead)));
    let actions =
        html! { <Button icon={Icon::Refresh} label={t!("refresh")} onclick={reload.reform(|_: MouseEvent| ())} /> };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="jobs">
            <PageHead title={t!("admin-jobs")} {actions}>{ props.tabs.clone() }
                <Tabs label={t!("state")} tabs={tabs.to_vec()} current={state.code()} {onchange} />
            </PageHead>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            { sending.alert() }
            <div class="dw-scroll" style="flex:1">
                if let Some(page) = &page.data {
                    if page.items.is_empty() { <Empty text={t!("job-none")} /> } else {
                        <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("admin-jobs")}>
                            <thead><tr>{ for [t!("job-kind"), t!("state"), t!("job-attempts"), t!("job-run-at"), t!("job-error"), String::new()].iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                            <tbody>{ for page.items.iter().map(row) }</tbody>
                        </table>
                    }
                }
            </div>
            <Foot {rows} limit={LIMIT} total={page.data.as_ref().and_then(|page| page.total)} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
        </div>
    }
}
