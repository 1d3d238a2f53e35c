//! Safekeeping (الحفظ والاسترجاع): whether the files are still what they were, and whether a backup comes back.

use diwan_platform_api::fixity::{BadBlob, BlobState, FixityReport, FixityRun, OrphanBlob};
use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::drills::Drills;
use super::parts::PageProps;
use super::send::use_sending;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Alert, Button, Card, Empty, Facts, FailureAlert, Icon, Num, PageHead, Screen, StateDot, StateTone, Tone,
};

/// How often something that is under way is asked for again, in milliseconds.
const AGAIN: u32 = 2_000;

/// Asks again and again while something is under way.
#[hook]
pub(super) fn use_watch(under_way: bool, reload: Callback<()>) {
    let newest = use_mut_ref(|| reload.clone());
    *newest.borrow_mut() = reload;
    use_effect_with(under_way, move |under_way| {
        let ticking = under_way.then(|| Interval::new(AGAIN, move || newest.borrow().emit(())));
        move || drop(ticking)
    });
}

/// Files and backups.
#[component]
pub(super) fn Safety(props: &PageProps) -> Html {
    html! {
        <Screen head={html! { <PageHead title={t!("admin-safety")}>{ props.tabs.clone() }</PageHead> }}>
            <div class="dw-form" data-testid="safety"><Fixity /><Drills /></div>
        </Screen>
    }
}

#[component]
fn Fixity() -> Html {
    let report = use_api::<FixityReport>(Some(client::get("/api/fixity")));
    let sending = use_sending();
    let running = report.data.as_ref().and_then(|report| report.running.as_ref());
    let (under_way, asked) = (running.is_some(), running.is_some_and(|run| run.asked));
    use_watch(under_way, report.reload.clone());
    let run = {
        let (sending, reload) = (sending.clone(), report.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.done(client::post("/api/fixity/run"), move || reload.emit(()));
        })
    };
    let refresh = report.reload.reform(|_: MouseEvent| ());
    let actions = html! {
        <>
            <Button icon={Icon::Refresh} label={t!("refresh")} onclick={refresh} />
            <Button label={t!("fixity-run")} onclick={run} busy={sending.busy} disabled={asked} testid="run-fixity" />
        </>
    };
    html! {
        <Card title={t!("fixity")} padded=true {actions}>
            <FailureAlert failure={report.failure.clone()} retry={Some(report.reload.clone())} />
            { sending.alert() }
            if let Some(report) = &report.data {
                if report.bad_count > 0 {
                    <Alert tone={Tone::Danger} title={t!("fixity-bad", n = report.bad_count)}>{ t!("fixity-bad-cure") }</Alert>
                }
                <p class="dw-muted">{ t!("fixity-what") }</p>
                <Facts rows={facts(report)} />
                if !report.bad.is_empty() { { bad_table(&report.bad) } }
                if report.orphan_count > 0 { { orphan_table(report) } }
            }
        </Card>
    }
}

fn facts(report: &FixityReport) -> Vec<(AttrValue, Html)> {
    let number = |value: i64| html! { <Num value={format::number(value)} /> };
    let (tone, state) = match (&report.running, report.bad_count) {
        (Some(_), _) => (StateTone::Work, t!("fixity-running")),
        (None, 0) if report.last.is_none() => (StateTone::New, t!("fixity-never")),
        (None, 0) => (StateTone::Done, t!("fixity-good")),
        (None, _) => (StateTone::Wait, t!("fixity-not-good")),
    };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("state").into(), html! { <StateDot {tone} label={state} /> }),
        (t!("fixity-blobs").into(), number(report.blobs)),
        (t!("fixity-checked").into(), number(report.checked)),
    ];
    let run = |run: &FixityRun| {
        html! { <>{ t!("fixity-read", n = run.checked) }{ " · " }<Num value={format::bytes(run.bytes)} /></> }
    };
    if let Some(running) = &report.running {
        rows.push((t!("fixity-now").into(), run(running)));
    }
    if let Some(last) = &report.last {
        let at = last.finished_at.unwrap_or(last.started_at);
        rows.push((
            t!("fixity-last").into(),
            html! { <><Num value={format::date_time(at)} />{ " · " }{ run(last) }</> },
        ));
    }
    rows.push((t!("fixity-orphans").into(), number(report.orphan_count)));
    rows
}

fn bad_table(bad: &[BadBlob]) -> Html {
    let tone = |state: BlobState| if state == BlobState::Whole { StateTone::Done } else { StateTone::Wait };
    let row = |blob: &BadBlob| {
        html! {
            <tr key={blob.hash.clone()} data-row-id={blob.hash.clone()}>
                <td><StateDot tone={tone(blob.state)} label={i18n::code("blob-state", blob.state.code())} /></td>
                <td><Num value={format::date_time(blob.since)} /></td>
                <td><Num value={format::number(blob.records)} /></td>
                <td><Num value={format::bytes(blob.size)} /></td>
                <td class="dw-sm"><Num value={blob.hash.clone()} /></td>
            </tr>
        }
    };
    let titles = [t!("state"), t!("fixity-since"), t!("fixity-records"), t!("fixity-size"), t!("fixity-hash")];
    html! {
        <div class="dw-scroll">
            <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("fixity-bad-list")} data-testid="bad-files">
                <thead><tr>{ for titles.iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                <tbody>{ for bad.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

fn orphan_table(report: &FixityReport) -> Html {
    let row = |orphan: &OrphanBlob| {
        html! {
            <tr key={orphan.place.clone()}>
                <td class="dw-sm"><Num value={orphan.place.clone()} /></td>
                <td><Num value={format::bytes(orphan.size)} /></td>
                <td><Num value={format::date_time(orphan.modified_at)} /></td>
            </tr>
        }
    };
    html! {
        <details>
            <summary>{ t!("fixity-orphans-what") }</summary>
            <div class="dw-scroll">
                <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("fixity-orphans")}>
                    <thead><tr><th scope="col">{ t!("fixity-hash") }</th><th scope="col">{ t!("fixity-size") }</th><th scope="col">{ t!("fixity-written") }</th></tr></thead>
                    <tbody>{ for report.orphans.iter().map(row) }</tbody>
                </table>
            </div>
            if report.orphans.is_empty() { <Empty text={t!("fixity-good")} /> }
        </details>
    }
}
