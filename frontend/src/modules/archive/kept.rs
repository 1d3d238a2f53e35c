//! How long a document is kept: its schedule, its day, what holds it, what was decided; and the dialogs that decide.

use std::rc::Rc;

use diwan_archive_api::{
    Document, EventInput, HoldInput, Keeping, RetentionStart, Review, ReviewDecision, ReviewInput, Schedule,
};
use yew::prelude::*;

use super::binders::PutInto;
use super::holding::SetHold;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{changing, options, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::{Alert, Button, DateField, Dialog, Facts, Icon, Num, Select, SelectOption, TextArea, TextField, Tone};

#[derive(Properties, PartialEq)]
pub(super) struct KeptProps {
    pub(super) document: Rc<Document>,
    pub(super) on_change: Callback<()>,
}

/// What is open over the page.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Review,
    Event,
    Hold,
    Put,
}

/// How a document is kept, and where it stands.
#[component]
pub(super) fn Kept(props: &KeptProps) -> Html {
    let open = use_state_eq(|| None::<Open>);
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(Some(what)))
    };
    let closed = {
        let (open, on_change) = (open.setter(), props.on_change.clone());
        Callback::from(move |()| {
            open.set(None);
            on_change.emit(());
        })
    };
    let document = &props.document;
    let id = document.head.id;
    let Some(keeping) = &document.keeping else { return html! { <p class="dw-muted">{ t!("keeping-waits") }</p> } };
    let decides = keeping.may_dispose && keeping.destroyed_on.is_none();
    html! {
        <div class="dw-stack" data-testid="keeping">
            { for keeping.holds.iter().map(|hold| html! { <Alert key={hold.id} tone={Tone::Warning} title={t!("held-by", reason = hold.reason.as_str())} /> }) }
            <Facts rows={facts(document, keeping)} />
            <div class="dw-row">
                if document.may_edit { <Button icon={Icon::Folder} label={t!("binder-put")} testid="put-into-binder" onclick={show(Open::Put)} /> }
                if decides {
                    <Button icon={Icon::Check} label={t!("review")} testid="review" onclick={show(Open::Review)} />
                    if keeping.starts == RetentionStart::Event { <Button icon={Icon::Calendar} label={t!("event-enter")} testid="event" onclick={show(Open::Event)} /> }
                    <Button icon={Icon::Lock} label={t!("hold-set")} testid="hold" onclick={show(Open::Hold)} />
                }
            </div>
            { for keeping.reviews.iter().map(review) }
            { match *open {
                Some(Open::Review) => html! { <ReviewDialog {id} on_close={closed} /> },
                Some(Open::Event) => html! { <EventDialog {id} on_close={closed} /> },
                Some(Open::Hold) => html! {
                    <SetHold target={HoldInput { reason: String::new(), record_ids: vec![id], file_id: None, class_id: None }} on_close={closed} />
                },
                Some(Open::Put) => html! { <PutInto {id} on_close={closed} /> },
                None => Html::default(),
            } }
        </div>
    }
}

fn facts(document: &Document, keeping: &Keeping) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = vec![(
        t!("class-schedule").into(),
        html! { <><Num value={keeping.schedule_code.clone()} />{ " " }{ i18n::name(&keeping.schedule.name) }
        if keeping.chosen { <div class="dw-muted dw-sm">{ t!("schedule-chosen") }</div> }</> },
    )];
    rows.push((t!("schedule-starts").into(), html! { { i18n::code("retention-start", keeping.starts.code()) } }));
    if let Some(day) = keeping.event_on {
        rows.push((t!("event-on").into(), html! { <Num value={format::date(day)} /> }));
    }
    rows.push((t!("schedule-action").into(), html! { { i18n::code("fate", keeping.action.code()) } }));
    let due = keeping.due_on.map_or_else(|| "—".to_owned(), format::date);
    rows.push((t!("due-on").into(), html! { <Num value={due} /> }));
    if let Some(day) = keeping.destroyed_on {
        rows.push((t!("destroyed-on").into(), html! { <Num value={format::date(day)} /> }));
    }
    if let Some(act) = keeping.disposal_id.filter(|_| keeping.may_dispose) {
        let to = Route::ArchivePart(format!("disposals/{act}")).path();
        rows.push((t!("disposals").into(), html! { <Link {to}>{ t!("disposal-title", id = act) }</Link> }));
    }
    if let Some(place) = &document.in_file {
        let to = Route::ArchivePart(format!("files/{}", place.file_id)).path();
        rows.push((
            t!("binder").into(),
            html! { <><Link {to}><Num value={place.number.clone()} />{ " " }<bdi>{ &place.title }</bdi></Link>
            <div class="dw-muted dw-sm">{ t!("binder-place", volume = place.volume, place = place.place) }</div></> },
        ));
    }
    rows
}

fn review(review: &Review) -> Html {
    let until = review.until_on.map(|day| html! { <>{ " " }<Num value={format::date(day)} /></> });
    let schedule = review.schedule.as_ref().map(|name| html! { <>{ " " }{ i18n::name(name) }</> });
    html! {
        <div class="dw-sm">
            <span class="dw-b">{ i18n::code("review-decision", review.decision.code()) }{ until.unwrap_or_default() }{ schedule.unwrap_or_default() }</span>
            <div dir="auto">{ &review.note }</div>
            <div class="dw-muted">{ i18n::name(&review.by.name) }{ " · " }<Num value={format::date_time(review.at)} /></div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DialogProps {
    id: i64,
    on_close: Callback<()>,
}

/// Decides about a document.
#[component]
fn ReviewDialog(props: &DialogProps) -> Html {
    let edit = use_state_eq(|| ReviewInput {
        decision: ReviewDecision::KeepUntil,
        until_on: None,
        schedule_id: None,
        note: String::new(),
    });
    let schedules = use_api::<Vec<Schedule>>(Some(client::get("/api/archive/schedules")));
    let sending = use_sending();
    let submit = {
        let (edit, sending, on_close, id) = (edit.clone(), sending.clone(), props.on_close.clone(), props.id);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            sending.done(client::post(format!("/api/documents/{id}/review")).json(&*edit), move || on_close.emit(()));
        })
    };
    let none = std::iter::once(SelectOption::new("", t!("class-no-schedule")));
    let known = schedules.data.iter().flat_map(|all| all.iter());
    let all: Vec<_> = none
        .chain(
            known.map(|one| SelectOption::new(one.id.to_string(), format!("{} {}", one.code, i18n::name(&one.name)))),
        )
        .collect();
    html! {
        <Dialog title={t!("review")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <Select label={t!("review-what")} value={edit.decision.code()} options={options("review-decision", ReviewDecision::ALL.iter().map(|one| one.code()))} name="decision"
                    onchange={changing(&edit, |edit: &mut ReviewInput, code: String| edit.decision = code.parse().unwrap_or(edit.decision))} />
                if edit.decision == ReviewDecision::KeepUntil {
                    <DateField label={t!("review-until")} value={edit.until_on} required=true error={sending.error("until_on")} name="until_on"
                        onchange={changing(&edit, |edit: &mut ReviewInput, day| edit.until_on = day)} />
                }
                if edit.decision == ReviewDecision::Schedule {
                    <Select label={t!("class-schedule")} value={edit.schedule_id.map(|id| id.to_string()).unwrap_or_default()} options={all} required=true error={sending.error("schedule_id")} name="schedule_id"
                        onchange={changing(&edit, |edit: &mut ReviewInput, id: String| edit.schedule_id = id.parse().ok())} />
                }
                <TextArea label={t!("review-note")} value={edit.note.clone()} oninput={changing(&edit, |edit: &mut ReviewInput, note| edit.note = note)} required=true
                    error={sending.error("note")} name="note" />
            </div>
        </Dialog>
    }
}

/// Enters the day from which the period runs.
#[component]
fn EventDialog(props: &DialogProps) -> Html {
    let edit = use_state_eq(|| EventInput { on: format::today(), note: String::new() });
    let sending = use_sending();
    let submit = {
        let (edit, sending, on_close, id) = (edit.clone(), sending.clone(), props.on_close.clone(), props.id);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            sending.done(client::post(format!("/api/documents/{id}/event")).json(&*edit), move || on_close.emit(()));
        })
    };
    html! {
        <Dialog title={t!("event-enter")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <p class="dw-muted">{ t!("event-hint") }</p>
            <div class="dw-form">
                <DateField label={t!("event-on")} value={Some(edit.on)} required=true error={sending.error("on")} name="on"
                    onchange={changing(&edit, |edit: &mut EventInput, day: Option<chrono::NaiveDate>| edit.on = day.unwrap_or(edit.on))} />
                <TextField label={t!("event-what")} value={edit.note.clone()} oninput={changing(&edit, |edit: &mut EventInput, note| edit.note = note)} required=true maxlength={500}
                    error={sending.error("note")} name="note" />
            </div>
        </Dialog>
    }
}
