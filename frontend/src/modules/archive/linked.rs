//! The records that a record is linked to, and linking it to further ones.

use diwan_archive_api::{Suggestion, Suggestions};
use diwan_platform_api::records::{Link as RecordLink, LinkKind, NewLink};
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{options, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::picker::Source;
use crate::ui::{Button, Choice, Dialog, Empty, FailureAlert, Icon, IconButton, Num, Picker, Select};

#[derive(Properties, PartialEq)]
pub(in crate::modules) struct LinkedProps {
    pub(in crate::modules) record: i64,
    pub(in crate::modules) may_edit: bool,
}

/// The links of a record.
#[component]
pub(in crate::modules) fn Linked(props: &LinkedProps) -> Html {
    let links = use_api::<Vec<RecordLink>>(Some(client::get(format!("/api/records/{}/links", props.record))));
    let adding = use_state_eq(|| false);
    let sending = use_sending();
    let open = adding.setter();
    let closed = {
        let (adding, reload) = (adding.setter(), links.reload.clone());
        Callback::from(move |()| {
            adding.set(false);
            reload.emit(());
        })
    };
    let remove = |id: i64| {
        let (sending, reload, record) = (sending.clone(), links.reload.clone(), props.record);
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.done(client::delete(format!("/api/records/{record}/links/{id}")), move || reload.emit(()));
        })
    };
    let row = |link: &RecordLink| {
        let other = &link.other;
        let number = other.number.clone().unwrap_or_default();
        let route = other.id.map(|id| Route::of_record(other.kind, id));
        let own = props.may_edit && link.outward && !matches!(link.kind, LinkKind::ReplyTo | LinkKind::DeliveredAs);
        html! {
            <div class="dw-file" key={link.id} data-row-id={link.id.to_string()}>{ Icon::Link }<span style="white-space:normal">
                { i18n::code("link-kind", link.kind.code()) }{ " " }
                if let Some(route) = route { <Link to={route.path()} class="dw-no"><Num value={number} /></Link> } else { <Num value={number} /> }
                <span class="dw-muted">{ " " }<Num value={format::date(format::local(other.at).date())} /></span>
                if let Some(subject) = &other.subject { <span class="dw-muted" style="display:block" dir="auto">{ subject }</span> }
            </span>
                if own { <span class="dw-push"><IconButton small=true icon={Icon::Trash} label={t!("link-remove")} onclick={remove(link.id)} /></span> }
            </div>
        }
    };
    html! {
        <>
            <FailureAlert failure={links.failure.clone()} retry={Some(links.reload.clone())} />
            { sending.alert() }
            if let Some(items) = &links.data {
                if items.is_empty() { <Empty text={t!("links-empty")} /> }
                { for items.iter().map(row) }
            }
            if props.may_edit { <Button icon={Icon::Plus} label={t!("link-new")} testid="new-link" onclick={Callback::from(move |_| open.set(true))} /> }
            if *adding { <NewLinkDialog record={props.record} on_close={closed} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NewLinkProps {
    record: i64,
    on_close: Callback<()>,
}

/// Links the document to a record that is found by its number or its words.
#[component]
fn NewLinkDialog(props: &NewLinkProps) -> Html {
    let picked = use_state_eq(Vec::<Choice>::new);
    let kind = use_state_eq(|| LinkKind::RelatesTo);
    let source = use_state(|| {
        let choice = |found: Suggestion| {
            let choice = Choice::new(found.id.to_string(), found.subject.text);
            match found.number {
                Some(number) => choice.hint(number),
                None => choice,
            }
        };
        let read = move |found: Suggestions| found.items.into_iter().map(choice).collect();
        Source::ask(|text| client::get("/api/search/suggest").query("q", text), read)
    });
    let sending = use_sending();
    let submit = {
        let (picked, kind, sending, on_close, record) =
            (picked.clone(), *kind, sending.clone(), props.on_close.clone(), props.record);
        Callback::from(move |()| {
            let to_record_id = picked.first().and_then(|choice| choice.id.parse().ok()).unwrap_or_default();
            let on_close = on_close.clone();
            let call = client::post(format!("/api/records/{record}/links")).json(&NewLink { to_record_id, kind });
            sending.done(call, move || on_close.emit(()));
        })
    };
    let kinds = [LinkKind::RelatesTo, LinkKind::ReminderOf, LinkKind::Cancels];
    let (set, set_kind) = (picked.setter(), kind.setter());
    html! {
        <Dialog title={t!("link-new")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <Picker label={t!("link-to")} source={(*source).clone()} picked={(*picked).clone()} onchange={Callback::from(move |next| set.set(next))} single=true required=true
                    hint={t!("link-to-hint")} error={sending.error("to_record_id")} name="to" />
                <Select label={t!("link-how")} value={kind.code()} options={options("link-kind", kinds.iter().map(|kind| kind.code()))} name="kind"
                    onchange={Callback::from(move |code: String| set_kind.set(code.parse().unwrap_or(LinkKind::RelatesTo)))} />
            </div>
        </Dialog>
    }
}
