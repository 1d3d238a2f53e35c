//! Acts of destruction (إتلاف): the list, and one act with its documents, its committee and its certificate.

use std::rc::Rc;

use diwan_archive_api::{Disposal, DisposalItem, DisposalItemState, DisposalRow, DisposalState, EndInput};
use diwan_kernel::Page;
use yew::prelude::*;

use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::events::use_gathered;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{PageProps, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{
    Alert, Button, Card, Confirm, Crumb, Dialog, Empty, Facts, FailureAlert, Icon, Num, PageHead, Screen, StateDot,
    StateTone, TextField, Tone, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

fn mark(state: DisposalState) -> Html {
    let tone = match state {
        DisposalState::Proposed => StateTone::Wait,
        DisposalState::Confirmed => StateTone::Work,
        DisposalState::Done => StateTone::Done,
        DisposalState::Refused => StateTone::New,
    };
    html! { <StateDot {tone} label={i18n::code("disposal-state", state.code())} /> }
}

/// The acts.
#[component]
pub(super) fn Acts(props: &PageProps) -> Html {
    let paging = use_paging(());
    let call = client::get("/api/archive/disposals").query("limit", LIMIT.to_string());
    let page = use_api::<Page<DisposalRow>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let row = |act: &DisposalRow| {
        html! {
            <tr key={act.id} data-row-id={act.id.to_string()}>
                <td><Link to={Route::ArchivePart(format!("disposals/{}", act.id)).path()}><Num value={act.id.to_string()} /></Link></td>
                <td><bdi class="dw-clamp">{ &act.reason }</bdi></td>
                <td><Num value={format::number(act.documents)} /></td>
                <td>{ i18n::name(&act.proposed_by.name) }<div class="dw-muted dw-sm"><Num value={format::date_time(act.proposed_at)} /></div></td>
                <td>{ mark(act.state) }</td>
            </tr>
        }
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <Screen head={html! { <PageHead title={t!("disposals")}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if let Some(data) = &page.data {
                if data.items.is_empty() { <Empty text={t!("disposals-empty")} /> } else {
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("disposals")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("disposals")} data-testid="disposals">
                            <thead><tr>{ for [t!("disposal-number"), t!("disposal-reason"), t!("archive-documents"), t!("disposal-proposed"), t!("state")].into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                            <tbody>{ for data.items.iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
        </Screen>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ActProps {
    pub(super) id: i64,
}

/// What is asked before it is done.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Confirm,
    Refuse,
}

/// One act.
#[component]
pub(super) fn Act(props: &ActProps) -> Html {
    let act = use_api::<Disposal>(Some(client::get(format!("/api/archive/disposals/{}", props.id))));
    // It is carried out behind the scenes.
    use_gathered(act.reload.clone());
    let opened = use_opened(&act, |_: &Disposal, _: &Asking| None);
    let sending = use_sending();
    let Some(data) = act.data.clone() else {
        if act.failure.as_ref().is_some_and(|failure| failure.status() == 404) {
            return html! { <NotFound /> };
        }
        return html! { <Screen head={html! {}}><FailureAlert failure={act.failure.clone()} retry={Some(act.reload.clone())} /></Screen> };
    };
    let on_confirm = {
        let (sending, closed, id, version) = (sending.clone(), opened.close.clone(), data.id, data.version);
        Callback::from(move |()| {
            let closed = closed.clone();
            let call = client::post(format!("/api/archive/disposals/{id}/confirm")).if_match(version);
            sending.answer(call, move |_: Disposal| closed.emit(()));
        })
    };
    let actions = html! {
        <>
            if data.may_refuse { <Button icon={Icon::Undo} label={t!("disposal-refuse")} testid="refuse-disposal" onclick={opened.button(Asking::Refuse)} /> }
            if data.may_confirm { <Button variant={Variant::Primary} icon={Icon::Check} label={t!("disposal-confirm")} testid="confirm-disposal" onclick={opened.button(Asking::Confirm)} /> }
        </>
    };
    let crumbs = vec![
        Crumb::link(t!("disposals"), Route::ArchivePart("disposals".to_owned()).path()),
        Crumb::here(t!("disposal-title", id = data.id)),
    ];
    html! {
        <Screen head={html! { <PageHead title={t!("disposal-title", id = data.id)} {crumbs} marks={mark(data.state)} {actions} /> }}>
            <div class="dw-stack" data-testid="disposal">
                if data.state == DisposalState::Proposed { <Alert title={t!("disposal-waits")} /> }
                if data.unseen > 0 { <Alert tone={Tone::Warning} title={t!("disposal-unseen", n = data.unseen)} /> }
                <Card title={t!("disposal-about")} padded=true><Facts rows={facts(&data)} /></Card>
                <Items act={Rc::clone(&data)} />
            </div>
            { match opened.shown {
                Some(Asking::Confirm) => html! {
                    <Confirm title={t!("disposal-confirm")} text={t!("disposal-confirm-text", n = data.items.len())} action={t!("disposal-confirm")} danger=true
                        busy={sending.busy} {on_confirm} on_close={opened.close}>{ sending.alert() }</Confirm>
                },
                Some(Asking::Refuse) => html! { <Refuse id={data.id} on_close={opened.close} /> },
                None => Html::default(),
            } }
        </Screen>
    }
}

fn facts(act: &Disposal) -> Vec<(AttrValue, Html)> {
    let who = |name: &diwan_kernel::Named, at| html! { <>{ i18n::name(name) }{ " · " }<Num value={format::date_time(at)} /></> };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("disposal-reason").into(), html! { <span style="white-space:pre-wrap" dir="auto">{ &act.reason }</span> }),
        (t!("disposal-proposed").into(), who(&act.proposed_by.name, act.proposed_at)),
    ];
    rows.extend(act.confirmed.iter().map(|vote| (t!("disposal-confirmed").into(), who(&vote.by.name, vote.at))));
    if let (Some(by), Some(at), Some(refusal)) = (&act.ended_by, act.ended_at, &act.refusal) {
        rows.push((t!("disposal-refused").into(), html! { <>{ who(&by.name, at) }{ " · " }<bdi>{ refusal }</bdi></> }));
    }
    if let Some(id) = act.certificate_id {
        rows.push((
            t!("disposal-certificate").into(),
            html! { <Link to={Route::ArchiveItem(id).path()}>{ t!("disposal-certificate-open") }</Link> },
        ));
    }
    rows
}

#[derive(Properties, PartialEq)]
struct ItemsProps {
    act: Rc<Disposal>,
}

/// The documents of an act, and of what is destroyed the hashes.
#[component]
fn Items(props: &ItemsProps) -> Html {
    html! {
        <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("archive-documents")}>
            <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("archive-documents")} data-testid="disposal-items">
                <thead><tr>{ for [t!("document-number"), t!("document-subject"), t!("document-class"), t!("schedules"), t!("due-on"), t!("state")].into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                <tbody>{ for props.act.items.iter().map(item) }</tbody>
            </table>
        </div>
    }
}

fn item(one: &DisposalItem) -> Html {
    let tone = match one.state {
        DisposalItemState::Listed => StateTone::Wait,
        DisposalItemState::Destroyed => StateTone::Done,
        DisposalItemState::Spared => StateTone::New,
    };
    let why = one.reason.as_deref().map(|code| i18n::code("spared", code));
    html! {
        <tr key={one.id} data-row-id={one.id.to_string()} data-state={one.state.code()}>
            <td><Num value={one.number.clone().unwrap_or_default()} /></td>
            <td><Link to={Route::ArchiveItem(one.id).path()}><bdi>{ &one.subject }</bdi></Link>
                { for one.files.iter().map(|file| html! { <div class="dw-muted dw-sm"><bdi>{ &file.name }</bdi>{ " · " }<bdi class="num">{ &file.hash }</bdi></div> }) }
            </td>
            <td><Num value={one.class_code.clone().unwrap_or_default()} /></td>
            <td><Num value={one.schedule_code.clone()} /></td>
            <td>if let Some(due) = one.due_on { <Num value={format::date(due)} /> }</td>
            <td><StateDot {tone} label={i18n::code("disposal-item", one.state.code())} />if let Some(why) = why { <div class="dw-muted dw-sm">{ why }</div> }</td>
        </tr>
    }
}

#[derive(Properties, PartialEq)]
struct RefuseProps {
    id: i64,
    on_close: Callback<()>,
}

/// Refuses an act, or takes it back.
#[component]
fn Refuse(props: &RefuseProps) -> Html {
    let reason = use_state_eq(String::new);
    let sending = use_sending();
    let submit = {
        let (reason, sending, on_close, id) = (reason.clone(), sending.clone(), props.on_close.clone(), props.id);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            let call = client::post(format!("/api/archive/disposals/{id}/refuse"))
                .json(&EndInput { reason: (*reason).clone() });
            sending.answer(call, move |_: Disposal| on_close.emit(()));
        })
    };
    let set = reason.setter();
    html! {
        <Dialog title={t!("disposal-refuse")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form"><TextField label={t!("disposal-refuse-reason")} value={(*reason).clone()} oninput={Callback::from(move |text| set.set(text))} required=true
                maxlength={500} error={sending.error("reason")} name="reason" /></div>
        </Dialog>
    }
}
