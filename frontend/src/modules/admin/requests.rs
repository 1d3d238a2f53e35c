//! Requests to see a record (طلبات الاطلاع): asking, one's own, and deciding.

use chrono::NaiveDate;
use diwan_kernel::Permission;
use diwan_platform_api::access::{AccessRequest, Decision, NewRequest, RequestState};
use yew::prelude::*;

use super::parts::{PageProps, save_footer};
use super::send::use_sending;
use crate::app::route::Route;
use crate::app::router::{Link, use_place};
use crate::app::session::use_session;
use crate::client::events::use_gathered;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Button, Card, DateField, Dialog, Empty, FailureAlert, Num, PageHead, Screen, SecrecyBadge, StateDot, StateTone,
    TextField, Variant, use_toasts,
};

/// Asking, one's own requests, and those to decide on.
#[component]
pub(super) fn Requests(props: &PageProps) -> Html {
    let session = use_session();
    html! {
        <Screen head={html! { <PageHead title={t!("admin-requests")}>{ props.tabs.clone() }</PageHead> }}>
            <div class="dw-form" data-testid="access-requests">
                if session.may(Permission::AccessGrant) { <Desk /> }
                <Mine />
            </div>
        </Screen>
    }
}

/// Those to decide on.
#[component]
fn Desk() -> Html {
    let requests = use_api::<Vec<AccessRequest>>(Some(client::get("/api/access-requests")));
    use_gathered(requests.reload.clone());
    let deciding = use_state_eq(|| None::<(AccessRequest, bool)>);
    let close = {
        let (deciding, reload) = (deciding.setter(), requests.reload.clone());
        Callback::from(move |()| {
            deciding.set(None);
            reload.emit(());
        })
    };
    let row = |request: &AccessRequest| {
        let open = |approve: bool| {
            let (set, request) = (deciding.setter(), request.clone());
            Callback::from(move |_: MouseEvent| set.set(Some((request.clone(), approve))))
        };
        html! {
            <li key={request.id} data-row-id={request.id.to_string()}>
                <div><span class="dw-b">{ i18n::name(&request.asked_by.name) }</span>{ " · " }<Num value={format::date_time(request.created_at)} /></div>
                { about(request) }
                <div><bdi>{ &request.reason }</bdi></div>
                if request.may_decide {
                    if request.record.is_some() { <Button label={t!("request-approve")} onclick={open(true)} action="approve" /> }
                    <Button variant={Variant::Link} label={t!("request-refuse")} onclick={open(false)} action="refuse" />
                }
            </li>
        }
    };
    html! {
        <Card title={t!("requests-to-decide")} padded=true>
            <FailureAlert failure={requests.failure.clone()} retry={Some(requests.reload.clone())} />
            if let Some(items) = &requests.data {
                if items.is_empty() { <Empty text={t!("requests-none")} /> }
                <ul class="dw-form" role="list" style="list-style:none;padding:0">{ for items.iter().map(row) }</ul>
            }
            if let Some((request, approve)) = (*deciding).clone() { <Decide {request} {approve} on_close={close} /> }
        </Card>
    }
}

/// What was asked for, as far as the reader may see it.
fn about(request: &AccessRequest) -> Html {
    match &request.record {
        Some(record) => {
            let route =
                if record.kind.code() == "document" { Route::ArchiveItem(record.id) } else { Route::Letter(record.id) };
            html! { <div><Link to={route.path()} class="dw-subj">{ &record.subject }</Link>{ " " }<Num value={record.number.clone().unwrap_or_default()} />{ " " }<SecrecyBadge level={record.secrecy} quiet=true /></div> }
        }
        None => html! {
            <div><Num value={request.number.clone()} />{ " " }<span class="dw-muted">{ t!("request-unknown") }</span></div>
        },
    }
}

#[derive(Properties, PartialEq)]
struct DecideProps {
    request: AccessRequest,
    approve: bool,
    on_close: Callback<()>,
}

#[component]
fn Decide(props: &DecideProps) -> Html {
    let until = use_state_eq(|| None::<NaiveDate>);
    let note = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let sending = use_sending();
    let submit = {
        let (until, note, tried, sending) = (until.clone(), note.clone(), tried.setter(), sending.clone());
        let (id, approve, on_close) = (props.request.id, props.approve, props.on_close.clone());
        Callback::from(move |()| {
            tried.set(true);
            if approve && until.is_none() {
                return;
            }
            let decision = Decision { until: until.filter(|_| approve), note: note.trim().to_owned() };
            let on_close = on_close.clone();
            let call = client::post(format!("/api/access-requests/{id}/decide")).json(&decision);
            sending.done(call, move || on_close.emit(()));
        })
    };
    let missing = (*tried && until.is_none()).then(|| AttrValue::from(t!("err-required")));
    let (set_until, set_note) = (until.setter(), note.setter());
    let title = if props.approve { t!("request-approve") } else { t!("request-refuse") };
    html! {
        <Dialog {title} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            { about(&props.request) }
            if props.approve {
                <DateField label={t!("grant-last-day")} value={*until} onchange={Callback::from(move |day| set_until.set(day))} required=true
                    error={sending.error("until").or(missing)} name="until" />
            } else {
                <TextField label={t!("reason")} value={(*note).clone()} oninput={Callback::from(move |text| set_note.set(text))} required=true
                    error={sending.error("note")} maxlength={500} name="note" />
            }
        </Dialog>
    }
}

/// Asking, and what became of it.
#[component]
fn Mine() -> Html {
    let requests = use_api::<Vec<AccessRequest>>(Some(client::get("/api/access-requests/mine")));
    use_gathered(requests.reload.clone());
    // Who followed a link comes here with the record's number in the address.
    let linked = use_place().query.get("record").and_then(|id| id.parse::<i64>().ok());
    let (number, reason) = (use_state_eq(String::new), use_state_eq(String::new));
    let sending = use_sending();
    let toasts = use_toasts();
    let submit = {
        let (number, reason, sending) = (number.clone(), reason.clone(), sending.clone());
        let reload = requests.reload.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let new =
                NewRequest { number: number.trim().to_owned(), record_id: linked, reason: reason.trim().to_owned() };
            let (number, reason, toasts, reload) = (number.setter(), reason.setter(), toasts.clone(), reload.clone());
            sending.done(client::post("/api/access-requests").json(&new), move || {
                toasts.done(t!("request-sent"));
                number.set(String::new());
                reason.set(String::new());
                reload.emit(());
            });
        })
    };
    let (set_number, set_reason) = (number.setter(), reason.setter());
    html! {
        <Card title={t!("request-new")} padded=true>
            <p class="dw-muted">{ t!("request-what") }</p>
            { sending.alert() }
            <form class="dw-form" onsubmit={submit} novalidate=true>
                if linked.is_none() {
                    <TextField label={t!("record-number")} value={(*number).clone()} oninput={Callback::from(move |text| set_number.set(text))} required=true
                        error={sending.error("number")} maxlength={60} dir="ltr" name="number" />
                } else { <p>{ t!("request-linked") }</p> }
                <TextField label={t!("reason")} value={(*reason).clone()} oninput={Callback::from(move |text| set_reason.set(text))} required=true
                    error={sending.error("reason")} maxlength={500} name="reason" />
                <div><Button submit=true variant={Variant::Primary} label={t!("request-send")} busy={sending.busy} testid="send-request" /></div>
            </form>
            <FailureAlert failure={requests.failure.clone()} retry={Some(requests.reload.clone())} />
            if let Some(items) = &requests.data {
                <ul class="dw-form" role="list" style="list-style:none;padding:0" aria-label={t!("requests-mine")}>{ for items.iter().map(own) }</ul>
            }
        </Card>
    }
}

fn own(request: &AccessRequest) -> Html {
    let tone = match request.state {
        RequestState::Open => StateTone::New,
        RequestState::Approved => StateTone::Done,
        RequestState::Refused => StateTone::Wait,
    };
    let number = if request.number.is_empty() { t!("request-by-link") } else { request.number.clone() };
    html! {
        <li key={request.id} data-state={request.state.code()}>
            <div>
                if request.record.is_some() { { about(request) } } else { <Num value={number} /> }
                <StateDot {tone} label={i18n::code("request-state", request.state.code())} />{ " " }<Num value={format::date_time(request.created_at)} />
            </div>
            if let Some(day) = request.until { <div class="dw-sm">{ t!("grant-until", day = format::date(day)) }</div> }
            if let Some(note) = &request.note { <div class="dw-sm"><bdi>{ note }</bdi></div> }
        </li>
    }
}
