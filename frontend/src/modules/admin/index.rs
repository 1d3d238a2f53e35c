//! The search index of this server: how far it is, and building it anew.

use diwan_archive_api::{IndexState, IndexStatus, SweepStatus};
use yew::prelude::*;

use super::parts::PageProps;
use super::send::use_sending;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Alert, Button, Card, Facts, FailureAlert, Icon, Num, PageHead, Screen, StateDot, StateTone, Tone, use_toasts,
};

/// The search index.
#[component]
pub(super) fn Index(props: &PageProps) -> Html {
    let status = use_api::<IndexStatus>(Some(client::get("/api/index/status")));
    let sending = use_sending();
    let toasts = use_toasts();
    let swept = toasts.clone();
    let rebuild = {
        let (sending, reload) = (sending.clone(), status.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let (toasts, reload) = (toasts.clone(), reload.clone());
            sending.done(client::post("/api/index/rebuild"), move || {
                toasts.info(t!("index-rebuilding"));
                reload.emit(());
            });
        })
    };
    let sweep = {
        let (sending, reload) = (sending.clone(), status.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let (toasts, reload) = (swept.clone(), reload.clone());
            sending.done(client::post("/api/index/sweep"), move || {
                toasts.info(t!("index-sweep-begun"));
                reload.emit(());
            });
        })
    };
    let refresh = status.reload.reform(|_: MouseEvent| ());
    html! {
        <Screen head={html! { <PageHead title={t!("admin-index")}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={status.failure.clone()} retry={Some(status.reload.clone())} />
            { sending.alert() }
            if let Some(status) = &status.data {
                if let Some(fault) = &status.fault { <Alert tone={Tone::Danger} title={t!("index-fault")}><bdi class="num">{ fault }</bdi></Alert> }
                <Card title={t!("admin-index")} padded=true actions={html! { <>
                    <Button icon={Icon::Refresh} label={t!("refresh")} onclick={refresh} />
                    <Button label={t!("index-sweep")} onclick={sweep} busy={sending.busy} testid="sweep-index" />
                    <Button label={t!("index-rebuild")} onclick={rebuild} busy={sending.busy} testid="rebuild-index" />
                </> }}>
                    <Facts rows={facts(status)} />
                </Card>
            }
        </Screen>
    }
}

fn facts(status: &IndexStatus) -> Vec<(AttrValue, Html)> {
    let tone = match status.state {
        IndexState::Ready => StateTone::Done,
        IndexState::Building => StateTone::Work,
        IndexState::Failing => StateTone::Wait,
    };
    let number = |value: u64| html! { <Num value={format::number(i64::try_from(value).unwrap_or(i64::MAX))} /> };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("state").into(), html! { <StateDot {tone} label={i18n::code("index-state", status.state.code())} /> }),
        (t!("index-records").into(), html! { <Num value={format::number(status.records)} /> }),
        (t!("index-entries").into(), number(status.entries)),
        (t!("index-segments").into(), number(status.segments)),
        (t!("index-size").into(), html! { { format::bytes(i64::try_from(status.bytes).unwrap_or(i64::MAX)) } }),
        (t!("index-behind").into(), number(status.behind)),
        (t!("index-swept").into(), html! { { swept(status.sweep.as_ref()) } }),
    ];
    if let Some(compared) = status.sweeping {
        rows.push((t!("index-sweeping").into(), number(compared)));
    }
    if let Some(built) = status.built {
        rows.push((t!("index-built").into(), number(built)));
    }
    if let Some(at) = status.committed_at {
        rows.push((t!("index-committed").into(), html! { <Num value={format::date_time(at)} /> }));
    }
    rows
}

/// What the last comparison found.
fn swept(sweep: Option<&SweepStatus>) -> Html {
    let Some(sweep) = sweep else { return html! { { t!("index-swept-never") } } };
    let found = if sweep.damaged > 0 {
        t!("index-swept-damaged", n = sweep.damaged)
    } else if sweep.missing + sweep.changed + sweep.gone == 0 {
        t!("index-swept-well", n = sweep.compared)
    } else {
        let (missing, changed, gone) = (sweep.missing, sweep.changed, sweep.gone);
        t!("index-swept-mended", n = sweep.compared, missing = missing, changed = changed, gone = gone)
    };
    html! { <><Num value={format::date_time(sweep.at)} />{ " · " }{ found }</> }
}
