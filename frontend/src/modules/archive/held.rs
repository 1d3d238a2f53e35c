//! Holding a file for editing (حجز للتحرير): who has it, checking in a new version with a note, giving it up.

use diwan_kernel::Permission;
use diwan_platform_api::files::{Attachment, Attachments};
use web_sys::File;
use yew::prelude::*;

use crate::app::session::use_session;
use crate::client::{self, Failure, Method, upload};
use crate::i18n::{self, format};
use crate::modules::admin::send::use_sending;
use crate::ui::file_drop::FileDrop;
use crate::ui::{Button, Dialog, FailureAlert, Icon, Num, TextField, Variant, use_toasts};

#[derive(Properties, PartialEq)]
pub(super) struct HoldingProps {
    pub(super) file: Attachment,
    pub(super) on_change: Callback<()>,
}

/// Who holds the file, and what the reader may do about it.
#[component]
pub(super) fn FileHolding(props: &HoldingProps) -> Html {
    let session = use_session();
    let sending = use_sending();
    let checking_in = use_state_eq(|| false);
    let path = format!("/api/attachments/{}/checkout", props.file.id);
    let answer = |call: client::Call| {
        let (sending, on_change) = (sending.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            let on_change = on_change.clone();
            sending.answer(call.clone(), move |_: Attachments| on_change.emit(()));
        })
    };
    let mine = props.file.held.as_ref().is_some_and(|held| session.me().is_some_and(|me| me.user_id == held.by.id));
    let (open, close) = (checking_in.setter(), checking_in.setter());
    let closed = {
        let on_change = props.on_change.clone();
        Callback::from(move |()| {
            close.set(false);
            on_change.emit(());
        })
    };
    html! {
        <div class="dw-sm" data-testid="holding">
            { sending.alert() }
            if let Some(held) = &props.file.held {
                <p>{ Icon::Lock }{ " " }{ t!("checked-out-by", name = i18n::name(&held.by.name), at = format::date_time(held.since)) }</p>
            }
            if props.file.held.is_none() { <Button variant={Variant::Link} icon={Icon::Lock} label={t!("check-out")} action="check-out" busy={sending.busy} onclick={answer(client::post(path.clone()))} /> }
            if props.file.held.is_none() || mine {
                <Button variant={Variant::Link} icon={Icon::Upload} label={t!("check-in")} action="check-in" onclick={Callback::from(move |_| open.set(true))} />
            }
            if props.file.held.is_some() && (mine || session.may(Permission::ArchivePlan)) {
                <Button variant={Variant::Link} icon={Icon::Undo} label={t!("check-out-undo")} action="give-up" busy={sending.busy} onclick={answer(client::delete(path))} />
            }
            if *checking_in { <CheckIn file={props.file.id} on_close={closed} /> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct NotesProps {
    pub(super) file: Attachment,
}

/// What each version changed, newest first.
#[component]
pub(super) fn VersionNotes(props: &NotesProps) -> Html {
    let newest = (props.file.version_no, props.file.note.clone(), props.file.created_at);
    let older = props.file.earlier.iter().map(|old| (old.version_no, old.note.clone(), old.created_at));
    if props.file.earlier.is_empty() {
        return Html::default();
    }
    html! {
        <ol class="dw-sm dw-muted" reversed=true>
            { for std::iter::once(newest).chain(older).map(|(number, note, at)| html! {
                <li key={number}><Num value={t!("version-no", n = number)} />{ " · " }<Num value={format::date_time(at)} />
                    if let Some(note) = note { { " · " }<bdi>{ note }</bdi> }
                </li>
            }) }
        </ol>
    }
}

#[derive(Properties, PartialEq)]
struct CheckInProps {
    file: i64,
    on_close: Callback<()>,
}

/// Brings a new version with a note of what it changes.
#[component]
fn CheckIn(props: &CheckInProps) -> Html {
    let chosen = use_state(|| None::<File>);
    let note = use_state_eq(String::new);
    let failure = use_state_eq(|| None::<Failure>);
    let progress = use_state_eq(|| None::<u32>);
    let toasts = use_toasts();
    let submit = {
        let (chosen, note, failure, progress) = (chosen.clone(), note.clone(), failure.clone(), progress.clone());
        let (id, on_close) = (props.file, props.on_close.clone());
        Callback::from(move |()| {
            let Some(file) = (*chosen).clone().filter(|_| progress.is_none()) else { return };
            failure.set(None);
            progress.set(Some(0));
            let (told, ended, on_close, toasts) =
                (progress.setter(), progress.setter(), on_close.clone(), toasts.clone());
            let failed = failure.setter();
            let finished = Callback::from(move |answer: Result<Attachments, Failure>| {
                ended.set(None);
                match answer {
                    Ok(_) => {
                        toasts.done(t!("checked-in"));
                        on_close.emit(());
                    }
                    Err(why) => failed.set(Some(why)),
                }
            });
            let fields = [("note", (*note).clone())];
            let on_progress = Callback::from(move |share| told.set(Some(share)));
            let sent =
                upload::send(Method::Put, &format!("/api/attachments/{id}"), &file, &fields, on_progress, finished);
            if let Err(why) = sent {
                failure.set(Some(why));
                progress.set(None);
            }
        })
    };
    let set_note = note.setter();
    let on_files = {
        let chosen = chosen.setter();
        Callback::from(move |files: Vec<File>| chosen.set(files.into_iter().next()))
    };
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("check-in")} busy={progress.is_some()} disabled={chosen.is_none()} testid="check-in" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={props.on_close.reform(|_: MouseEvent| ())} />
        </>
    };
    html! {
        <Dialog title={t!("check-in")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} {footer}>
            <FailureAlert failure={(*failure).clone()} />
            <FileDrop label={t!("check-in-file")} single=true {on_files} />
            if let Some(file) = &*chosen { <p><bdi>{ file.name() }</bdi></p> }
            <div class="dw-form"><TextField label={t!("check-in-note")} value={(*note).clone()} oninput={Callback::from(move |text| set_note.set(text))} maxlength={500} name="note" /></div>
        </Dialog>
    }
}
