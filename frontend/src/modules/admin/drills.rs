//! Restore drills (تجارب الاسترجاع): asking for one, watching it, its certificate.

use diwan_archive_api::{Drill, DrillReport, DrillState, DrillStep};
use yew::prelude::*;

use super::safety::use_watch;
use super::send::use_sending;
use crate::client::{self, download, use_api};
use crate::i18n::{self, format};
use crate::ui::{Button, Card, Empty, FailureAlert, Icon, Num, StateDot, StateTone, Variant};

/// The drills there were.
#[component]
pub(super) fn Drills() -> Html {
    let drills = use_api::<Vec<Drill>>(Some(client::get("/api/drills")));
    let sending = use_sending();
    let open = |drill: &Drill| matches!(drill.state, DrillState::Waiting | DrillState::Running);
    let under_way = drills.data.as_ref().is_some_and(|drills| drills.iter().any(open));
    use_watch(under_way, drills.reload.clone());
    let begin = {
        let (sending, reload) = (sending.clone(), drills.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.answer(client::post("/api/drills"), move |_: Drill| reload.emit(()));
        })
    };
    let actions = html! {
        <Button variant={Variant::Primary} label={t!("drill-begin")} onclick={begin} busy={sending.busy}
            disabled={under_way} testid="begin-drill" />
    };
    html! {
        <Card title={t!("drills")} padded=true {actions}>
            <FailureAlert failure={drills.failure.clone()} retry={Some(drills.reload.clone())} />
            { sending.alert() }
            <p class="dw-muted">{ t!("drill-what") }</p>
            if let Some(drills) = &drills.data {
                if drills.is_empty() { <Empty text={t!("drill-none")} /> } else {
                    <div class="dw-scroll">
                        <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("drills")} data-testid="drills">
                            <thead><tr>{ for [t!("drill-asked"), t!("state"), t!("drill-found"), String::new()].iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                            <tbody>{ for drills.iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
        </Card>
    }
}

fn tone(state: DrillState) -> StateTone {
    match state {
        DrillState::Waiting => StateTone::New,
        DrillState::Running => StateTone::Work,
        DrillState::Passed => StateTone::Done,
        DrillState::Failed => StateTone::Wait,
    }
}

fn row(drill: &Drill) -> Html {
    let who = drill.asked_by.as_ref().map_or_else(|| t!("drill-by-itself"), |user| i18n::name(&user.name));
    let found = match (&drill.report, drill.state) {
        (Some(report), _) => found(report),
        (None, DrillState::Running) => step(drill),
        (None, _) => Html::default(),
    };
    let id = drill.id;
    let certificate = Callback::from(move |_: MouseEvent| {
        download::save(&format!("/api/drills/{id}/certificate?lang={}", i18n::lang().code()));
    });
    html! {
        <tr key={id} data-row-id={id.to_string()} data-state={drill.state.code()}>
            <td><Num value={format::date_time(drill.created_at)} /><div class="dw-muted dw-sm">{ who }</div></td>
            <td><StateDot tone={tone(drill.state)} label={i18n::code("drill-state", drill.state.code())} /></td>
            <td>{ found }</td>
            <td class="dw-nowrap">
                if drill.report.is_some() { <Button icon={Icon::Download} label={t!("drill-certificate")} onclick={certificate} action="certificate" /> }
            </td>
        </tr>
    }
}

/// What it is at, with a bar where it can be counted.
fn step(drill: &Drill) -> Html {
    let place = DrillStep::ALL.iter().position(|step| *step == drill.step).unwrap_or_default() + 1;
    let (of, steps) = (DrillStep::ALL.len() - 1, place.min(DrillStep::ALL.len() - 1));
    html! {
        <>
            <div role="status">{ t!("drill-step", n = steps, of = of) }{ ": " }{ i18n::code("drill-step", drill.step.code()) }</div>
            if drill.total > 1 { <progress max={drill.total.to_string()} value={drill.done.to_string()} aria-label={t!("drills")} /> }
        </>
    }
}

fn found(report: &DrillReport) -> Html {
    let lost = i64::try_from(report.lost.len()).unwrap_or(i64::MAX);
    html! {
        <>
            <div>{ t!("drill-figures", rows = format::number(report.rows), files = format::number(report.files), links = format::number(report.links)) }</div>
            <div>{ t!("drill-documents", found = report.found, of = report.documents) }</div>
            if lost > 0 { <div class="dw-b">{ t!("drill-lost", n = lost) }</div> }
            if !report.broken.is_empty() { <div class="dw-b">{ t!("drill-broken") }</div> }
            if let Some(fault) = &report.fault { <div class="dw-sm" dir="auto">{ fault }</div> }
        </>
    }
}
