//! The files of a draft: on the server once the draft is there, before that chosen and sent with the first save.

use std::rc::Rc;

use diwan_platform_api::files::Attachments;
use web_sys::File;
use yew::prelude::*;

use crate::i18n::format;
use crate::modules::record::files::Files;
use crate::ui::file_drop::{FileDrop, FileRow};

#[derive(Properties, PartialEq)]
pub(super) struct DraftFilesProps {
    /// The record once it is there.
    pub(super) record: Option<i64>,
    /// Its files.
    pub(super) files: Option<Rc<Attachments>>,
    /// Files chosen before.
    pub(super) chosen: UseStateHandle<Vec<File>>,
    /// Told when files came or went.
    pub(super) on_change: Callback<()>,
}

/// The files of a draft.
#[component]
pub(super) fn DraftFiles(props: &DraftFilesProps) -> Html {
    if let Some(record) = props.record {
        return html! { <Files {record} files={props.files.clone()} on_change={props.on_change.clone()} /> };
    }
    let chosen = props.chosen.clone();
    let on_files = {
        let chosen = chosen.clone();
        Callback::from(move |files: Vec<File>| chosen.set(chosen.iter().cloned().chain(files).collect()))
    };
    html! {
        <>
            { for chosen.iter().enumerate().map(|(at, file)| row(at, file, &chosen)) }
            <FileDrop label={t!("letter-drop-files")} {on_files} />
            if !chosen.is_empty() { <p class="dw-muted dw-sm">{ t!("compose-files-later") }</p> }
        </>
    }
}

fn row(at: usize, file: &File, chosen: &UseStateHandle<Vec<File>>) -> Html {
    let chosen = chosen.clone();
    let remove = Callback::from(move |()| {
        let mut next = (*chosen).clone();
        next.remove(at);
        chosen.set(next);
    });
    #[expect(clippy::cast_possible_truncation, reason = "file sizes fit in 53 bits")]
    let size = file.size() as i64;
    html! { <FileRow key={at} name={file.name()} media_type={file.type_()} note={format::bytes(size)} on_remove={Some(remove)} /> }
}
