//! The attachments of a record: shown on the desk, saved, added and removed while the record can still be changed.

use std::collections::BTreeMap;
use std::rc::Rc;

use diwan_platform_api::files::{Attachment, AttachmentRole, Attachments, ContentState};
use web_sys::File;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::{self, use_place};
use crate::client::{self, Failure, Method, download, upload};
use crate::i18n::{self, format};
use crate::ui::file_drop::{FileDrop, FileRow};
use crate::ui::pdf::PdfViewer;
use crate::ui::{Button, Confirm, Empty, FailureAlert, Icon, Variant};

#[derive(Properties, PartialEq)]
pub(in crate::modules) struct FilesProps {
    /// The record.
    pub(in crate::modules) record: i64,
    /// Its files; none before the first answer.
    pub(in crate::modules) files: Option<Rc<Attachments>>,
    /// Told when files came or went.
    pub(in crate::modules) on_change: Callback<()>,
}

/// A file on its way.
#[derive(Debug, Clone, PartialEq)]
struct Moving {
    name: String,
    /// How far it is, 0–100.
    progress: u32,
    /// Why it did not arrive.
    failure: Option<AttrValue>,
}

/// Files on their way, and the way to send more.
pub(in crate::modules) struct Sending {
    /// A row for each.
    pub(in crate::modules) rows: Html,
    /// Sends files to a record; the number is the most bytes of one, 0 where it is not known.
    pub(in crate::modules) send: Callback<(i64, Vec<File>, u64)>,
    /// How many are on their way.
    pub(in crate::modules) moving: usize,
    /// How many did not arrive.
    pub(in crate::modules) failed: usize,
}

enum Change {
    Start(usize, String),
    Progress(usize, u32),
    Fail(usize, AttrValue),
    Drop(usize),
}

/// Files on their way, by the order in which they were given.
#[derive(Debug, Clone, PartialEq, Default)]
struct Queue(BTreeMap<usize, Moving>);

impl Reducible for Queue {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Start(key, name) => drop(next.0.insert(key, Moving { name, progress: 0, failure: None })),
            Change::Progress(key, progress) => {
                if let Some(file) = next.0.get_mut(&key) {
                    file.progress = progress;
                }
            }
            Change::Fail(key, failure) => {
                if let Some(file) = next.0.get_mut(&key) {
                    file.failure = Some(failure);
                }
            }
            Change::Drop(key) => drop(next.0.remove(&key)),
        }
        next.into()
    }
}

/// Sends files to a record and shows how far they are.
#[hook]
pub(in crate::modules) fn use_sending(on_change: Callback<()>) -> Sending {
    let queue = use_reducer_eq(Queue::default);
    let next = use_mut_ref(|| 0_usize);
    let send = {
        let queue = queue.dispatcher();
        Callback::from(move |(record, files, limit): (i64, Vec<File>, u64)| {
            for file in files {
                let key = next.replace_with(|key| *key + 1);
                queue.dispatch(Change::Start(key, file.name()));
                let too_large =
                    upload::too_large(&file, i64::try_from(limit).unwrap_or(i64::MAX)).filter(|_| limit > 0);
                if let Some(text) = too_large {
                    queue.dispatch(Change::Fail(key, text.into()));
                    continue;
                }
                let progress = queue.clone();
                let progress = Callback::from(move |share| progress.dispatch(Change::Progress(key, share)));
                let (done, on_change) = (queue.clone(), on_change.clone());
                let finished = Callback::from(move |answer: Result<Attachments, Failure>| match answer {
                    Ok(_) => {
                        done.dispatch(Change::Drop(key));
                        on_change.emit(());
                    }
                    Err(why) => done.dispatch(Change::Fail(key, why.of_file().into())),
                });
                let path = format!("/api/records/{record}/attachments");
                if let Err(why) = upload::send(Method::Post, &path, &file, &[], progress, finished) {
                    queue.dispatch(Change::Fail(key, why.text().into()));
                }
            }
        })
    };
    let rows = queue.0.iter().map(|(key, file)| {
        let (key, dispatch) = (*key, queue.dispatcher());
        let remove = file.failure.is_some().then(|| Callback::from(move |()| dispatch.dispatch(Change::Drop(key))));
        html! {
            <FileRow {key} name={file.name.clone()} progress={file.failure.is_none().then_some(file.progress)} error={file.failure.clone()}
                on_remove={remove} />
        }
    });
    let failed = queue.0.values().filter(|file| file.failure.is_some()).count();
    Sending { rows: rows.collect::<Html>(), send, moving: queue.0.len() - failed, failed }
}

/// The attachments.
#[component]
pub(in crate::modules) fn Files(props: &FilesProps) -> Html {
    let removing = use_state(|| None::<Attachment>);
    let failure = use_state(|| None::<Failure>);
    let Sending { rows, send, .. } = use_sending(props.on_change.clone());
    let Some(files) = &props.files else { return html! { <div class="dw-skel-late dw-muted">{ t!("loading") }</div> } };
    let (record, limit) = (props.record, files.limit_bytes);
    let on_files = Callback::from(move |chosen| send.emit((record, chosen, limit)));
    let on_confirm = {
        let (removing, failure, on_change) = (removing.clone(), failure.setter(), props.on_change.clone());
        Callback::from(move |()| {
            let Some(file) = (*removing).clone() else { return };
            let (removing, failure, on_change) = (removing.setter(), failure.clone(), on_change.clone());
            spawn_local(async move {
                failure.set(client::delete(format!("/api/attachments/{}", file.id)).done().await.err());
                removing.set(None);
                on_change.emit(());
            });
        })
    };
    let ask = removing.setter();
    let leave = removing.setter();
    let max_bytes = i64::try_from(limit).ok();
    html! {
        <>
            <FailureAlert failure={(*failure).clone()} />
            if files.items.is_empty() && !files.may_change { <Empty text={t!("letter-no-files")} /> }
            { for files.items.iter().map(|file| {
                let on_remove = (files.may_change && file.role == AttachmentRole::Attachment).then(|| {
                    let (ask, file) = (ask.clone(), file.clone());
                    Callback::from(move |()| ask.set(Some(file.clone())))
                });
                html! { <Stored key={file.id} {record} file={file.clone()} {on_remove} /> }
            }) }
            { rows }
            if files.may_change { <FileDrop label={t!("letter-drop-files")} {on_files} {max_bytes} /> }
            if let Some(file) = &*removing {
                <Confirm title={t!("letter-remove-file")} text={t!("letter-remove-file-text", name = file.file_name.as_str())} action={t!("letter-remove")}
                    danger=true {on_confirm} on_close={Callback::from(move |()| leave.set(None))} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct StoredProps {
    record: i64,
    file: Attachment,
    on_remove: Option<Callback<()>>,
}

/// A stored file; one that the browser can show opens on the desk of the record's page.
#[component]
fn Stored(props: &StoredProps) -> Html {
    let place = use_place();
    let file = &props.file;
    let url = format!("/api/attachments/{}/content", file.id);
    let on_desk = matches!(place.route, Route::Letter(_) | Route::Finance(_)) && is_shown(&file.media_type);
    let on_open = {
        let (query, view, url) = (place.query.clone(), format!("file-{}", file.id), url.clone());
        Callback::from(move |()| {
            if on_desk {
                router::replace_query(&query.clone().with("view", view.clone()))
            } else {
                download::save(&url)
            }
        })
    };
    let role = (file.role == AttachmentRole::Print).then(|| i18n::code("attachment-role", "print"));
    let pages = file.pages.filter(|pages| *pages > 0).map(|pages| t!("letter-pages", n = pages));
    let note = [role, pages, Some(format::bytes(file.size))].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let unread = match file.content {
        ContentState::Text => None,
        ContentState::Pending | ContentState::NoText | ContentState::Refused => {
            Some(i18n::code("content-state", file.content.code()))
        }
    };
    html! {
        <div data-file-id={file.id.to_string()}>
            <FileRow name={file.file_name.clone()} media_type={file.media_type.clone()} {note} on_open={Some(on_open)}
                on_download={Some(Callback::from(move |()| download::save(&url)))} on_remove={props.on_remove.clone()} />
            if let Some(unread) = unread { <div class="dw-muted dw-sm">{ unread }</div> }
            if file.name_mismatch { <div class="dw-muted dw-sm">{ t!("letter-file-mismatch", kind = file.media_type.as_str()) }</div> }
        </div>
    }
}

/// Whether the browser may show the file in the page; what is not shown is saved.
fn is_shown(media_type: &str) -> bool {
    media_type == "application/pdf"
        || matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp")
}

/// A file as it lies on the desk.
pub(in crate::modules) fn file_view(file: &Attachment, find: String, page: u32) -> Html {
    let url = format!("/api/attachments/{}/content", file.id);
    let inline = format!("{url}?inline=1");
    if file.media_type == "application/pdf" {
        return html! { <PdfViewer key={file.id} url={inline} {find} {page} download={Some(AttrValue::from(url))} /> };
    }
    if is_shown(&file.media_type) {
        return html! { <img class="dw-desk__image" src={inline} alt={file.file_name.clone()} /> };
    }
    let save = Callback::from(move |_| download::save(&url));
    html! {
        <Empty text={t!("letter-file-not-shown")}>
            <Button variant={Variant::Secondary} icon={Icon::Download} label={t!("download")} onclick={save} />
        </Empty>
    }
}
