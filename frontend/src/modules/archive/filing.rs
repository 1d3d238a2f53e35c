//! Filing a document by hand: what it is, its files, and how far each is on its way.

use std::cell::RefCell;
use std::rc::Rc;

use diwan_archive_api::{Document, NewDocument};
use diwan_platform_api::files::{Attachments, FILES_MAX};
use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::fields::{DocumentFields, Typed};
use crate::app::route::Route;
use crate::app::router::{self, Link};
use crate::client::{Failure, Method, upload};
use crate::i18n::format;
use crate::ui::file_drop::{FileDrop, FileRow};
use crate::ui::{Alert, Button, Dialog, FailureAlert, Icon, Tone, Variant, use_toasts};

/// How far a file is.
#[derive(Clone, PartialEq)]
enum Way {
    Waiting,
    Going(u32),
    Stored,
    Failed(Failure),
}

#[derive(Clone, PartialEq)]
struct Chosen {
    file: File,
    way: Way,
}

enum Change {
    Add(Vec<File>),
    Remove(usize),
    Set(usize, Way),
}

#[derive(Clone, PartialEq, Default)]
struct Files(Vec<Chosen>);

impl Reducible for Files {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut files = self.0.clone();
        match change {
            Change::Add(more) => files.extend(more.into_iter().map(|file| Chosen { file, way: Way::Waiting })),
            Change::Remove(at) if at < files.len() => drop(files.remove(at)),
            Change::Set(at, way) => {
                if let Some(chosen) = files.get_mut(at) {
                    chosen.way = way;
                }
            }
            Change::Remove(_) => {}
        }
        files.truncate(FILES_MAX);
        Rc::new(Self(files))
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct FilingProps {
    pub(super) on_close: Callback<()>,
}

/// Files a document by hand. The first file brings the document with it, the others follow one by one; where one
/// fails, the rest is kept and it can be sent again.
#[component]
pub(super) fn Filing(props: &FilingProps) -> Html {
    let typed = use_state_eq(Typed::fresh);
    let files = use_reducer_eq(Files::default);
    let failure = use_state_eq(|| None::<Failure>);
    let filed = use_state_eq(|| None::<i64>);
    let (busy, tried) = (use_state_eq(|| false), use_state_eq(|| false));
    let toasts = use_toasts();
    let submit = {
        let (typed, files, failure, filed) = (typed.clone(), files.clone(), failure.clone(), filed.clone());
        let (busy, tried) = (busy.clone(), tried.clone());
        Callback::from(move |()| {
            tried.set(true);
            let Some(new) = typed.finished().filter(|_| !files.0.is_empty() && !*busy) else { return };
            busy.set(true);
            failure.set(None);
            let sending = Sending { new, files: files.0.clone(), tell: files.dispatcher(), record: *filed };
            let (failure, filed, busy, toasts) = (failure.clone(), filed.clone(), busy.clone(), toasts.clone());
            spawn_local(async move {
                let (record, result) = sending.run().await;
                busy.set(false);
                filed.set(record);
                match (record, result) {
                    (Some(id), Ok(())) => {
                        toasts.done(t!("document-filed"));
                        router::go_to(&Route::ArchiveItem(id));
                    }
                    (_, Err(why)) => failure.set(Some(why)),
                    (None, Ok(())) => {}
                }
            });
        })
    };
    let leave = {
        let (on_close, filed) = (props.on_close.clone(), *filed);
        Callback::from(move |()| match filed {
            Some(id) => router::go_to(&Route::ArchiveItem(id)),
            None => on_close.emit(()),
        })
    };
    let change = typed.setter();
    let on_files = {
        let tell = files.dispatcher();
        Callback::from(move |more| tell.dispatch(Change::Add(more)))
    };
    let cancel = leave.clone();
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} icon={Icon::Archive} label={t!("document-file")} busy={*busy} testid="file-document" />
            <Button variant={Variant::Link} label={if filed.is_some() { t!("document-open") } else { t!("cancel") }} disabled={*busy}
                onclick={Callback::from(move |_| cancel.emit(()))} />
        </>
    };
    html! {
        <Dialog wide=true title={t!("document-new")} on_close={(!*busy).then_some(leave)} on_submit={Some(submit)} {footer}>
            if filed.is_some() { <Alert tone={Tone::Warning} title={t!("document-filed-partly")} /> }
            else if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} /> }
            <DocumentFields typed={(*typed).clone()} onchange={Callback::from(move |next| change.set(next))} failure={(*failure).clone()} tried={*tried} />
            <div style="margin-block-start:0.75rem"><FileDrop label={t!("drop-files")} {on_files} /></div>
            if files.0.len() > 1 && filed.is_none() { <Link to={Route::Imports.path()}>{ t!("imports-each") }</Link> }
            if *tried && files.0.is_empty() {
                <div class="dw-fg"><div class="err" role="alert">{ Icon::CircleAlert }<span>{ t!("document-no-file") }</span></div></div>
            }
            { for files.0.iter().enumerate().map(|(at, chosen)| row(at, chosen, *busy, &files.dispatcher())) }
        </Dialog>
    }
}

fn row(at: usize, chosen: &Chosen, busy: bool, tell: &UseReducerDispatcher<Files>) -> Html {
    let remove = {
        let tell = tell.clone();
        Callback::from(move |()| tell.dispatch(Change::Remove(at)))
    };
    let (progress, error) = match &chosen.way {
        Way::Going(share) => (Some(*share), None),
        Way::Stored => (Some(100), None),
        Way::Failed(why) => (None, Some(why.of_file())),
        Way::Waiting => (None, None),
    };
    #[expect(clippy::cast_possible_truncation, reason = "file sizes fit in 53 bits")]
    let size = chosen.file.size() as i64;
    html! {
        <FileRow name={chosen.file.name()} media_type={chosen.file.type_()} note={format::bytes(size)} {progress} {error}
            on_remove={(!busy && chosen.way != Way::Stored).then_some(remove)} />
    }
}

/// A document on its way, file by file.
struct Sending {
    new: NewDocument,
    files: Vec<Chosen>,
    tell: UseReducerDispatcher<Files>,
    /// The document, once its first file has arrived.
    record: Option<i64>,
}

impl Sending {
    /// Sends what is not stored yet; gives the document, if there is one now, and what failed first.
    async fn run(mut self) -> (Option<i64>, Result<(), Failure>) {
        let mut result = Ok(());
        for (at, chosen) in self.files.iter().enumerate().filter(|(_, chosen)| chosen.way != Way::Stored) {
            match self.one(at, &chosen.file).await {
                Ok(id) => {
                    self.record = Some(id);
                    self.tell.dispatch(Change::Set(at, Way::Stored));
                }
                Err(why) => {
                    self.tell.dispatch(Change::Set(at, Way::Failed(why.clone())));
                    if result.is_ok() {
                        result = Err(why);
                    }
                    if self.record.is_none() {
                        // Without the document there is nothing the others could be attached to.
                        break;
                    }
                }
            }
        }
        (self.record, result)
    }

    async fn one(&self, at: usize, file: &File) -> Result<i64, Failure> {
        let tell = self.tell.clone();
        let progress = Callback::from(move |share| tell.dispatch(Change::Set(at, Way::Going(share))));
        if let Some(id) = self.record {
            let path = format!("/api/records/{id}/attachments");
            return send::<Attachments>(&path, file, &[], progress).await.map(|_| id);
        }
        let json = serde_json::to_string(&self.new).unwrap_or_default();
        send::<Document>("/api/documents", file, &[("document", json)], progress).await.map(|document| document.head.id)
    }
}

/// Sends one file and waits for the answer.
async fn send<T: DeserializeOwned + 'static>(
    path: &str,
    file: &File,
    fields: &[(&str, String)],
    progress: Callback<u32>,
) -> Result<T, Failure> {
    let slot: Rc<RefCell<Option<Result<T, Failure>>>> = Rc::default();
    let promise = Promise::new(&mut |resolve, _| {
        let (kept, done) = (Rc::clone(&slot), resolve.clone());
        let finished = Callback::from(move |answer| {
            *kept.borrow_mut() = Some(answer);
            // Resolving a promise does not throw.
            let _ = done.call0(&JsValue::UNDEFINED);
        });
        if let Err(why) = upload::send(Method::Post, path, file, fields, progress.clone(), finished) {
            *slot.borrow_mut() = Some(Err(why));
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is resolved in both ways above and never rejected.
    let _ = JsFuture::from(promise).await;
    let answer = slot.borrow_mut().take();
    answer.unwrap_or(Err(Failure::Cancelled))
}
