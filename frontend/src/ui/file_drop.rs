//! Takes files by dragging, by choosing, and shows how far each is.

use web_sys::{File, FileList, HtmlInputElement};
use yew::prelude::*;

use super::button::IconButton;
use super::icon::Icon;
use crate::i18n::format;

/// Takes files.
#[derive(Properties, PartialEq)]
pub struct FileDropProps {
    /// What is wanted.
    pub label: AttrValue,
    /// Told of the files.
    pub on_files: Callback<Vec<File>>,
    /// File types offered, as in the `accept` attribute.
    #[prop_or_default]
    pub accept: Option<AttrValue>,
    /// Most bytes of one file; told to the user.
    #[prop_or_default]
    pub max_bytes: Option<i64>,
    /// One file only.
    #[prop_or_default]
    pub single: bool,
}

fn files(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

/// Takes files.
#[component]
pub fn FileDrop(props: &FileDropProps) -> Html {
    let over = use_state_eq(|| false);
    let input = use_node_ref();
    let id = super::dom::use_id("files");
    let mark = |over: &UseStateHandle<bool>, on: bool| {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(on);
        })
    };
    let ondrop = {
        let (over, on_files) = (over.setter(), props.on_files.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let dropped = files(event.data_transfer().and_then(|data| data.files()));
            if !dropped.is_empty() {
                on_files.emit(dropped);
            }
        })
    };
    let onchange = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let chosen = files(input.files());
            // Choosing the same file again must be told again.
            input.set_value("");
            if !chosen.is_empty() {
                on_files.emit(chosen);
            }
        })
    };
    html! {
        <div class={classes!("dw-drop", over.then_some("is-over"))} ondragover={mark(&over, true)} ondragleave={mark(&over, false)} {ondrop}>
            { Icon::Upload }
            <label for={id.clone()}>{ &props.label }</label>
            <input ref={input} {id} type="file" class="dw-drop__input" multiple={!props.single} accept={props.accept.clone()} {onchange} />
            if let Some(max) = props.max_bytes { <span class="dw-sm">{ t!("file-max", max = format::bytes(max)) }</span> }
        </div>
    }
}

/// A file on its way or stored.
#[derive(Properties, PartialEq)]
pub struct FileRowProps {
    /// Its name.
    pub name: AttrValue,
    /// Its media type; decides the picture.
    #[prop_or_default]
    pub media_type: AttrValue,
    /// Size or pages, at the end.
    #[prop_or_default]
    pub note: AttrValue,
    /// 0–100 while it is on its way.
    #[prop_or_default]
    pub progress: Option<u32>,
    /// What went wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Opens it.
    #[prop_or_default]
    pub on_open: Option<Callback<()>>,
    /// Takes it away, or breaks the sending off.
    #[prop_or_default]
    pub on_remove: Option<Callback<()>>,
    /// Saves it.
    #[prop_or_default]
    pub on_download: Option<Callback<()>>,
}

fn picture(media_type: &str) -> Icon {
    match media_type {
        "application/pdf" => Icon::FilePdf,
        kind if kind.starts_with("image/") => Icon::FileImage,
        kind if kind.contains("spreadsheet") || kind.contains("excel") || kind.contains("csv") => Icon::FileSheet,
        kind if kind.starts_with("text/") || kind.contains("word") || kind.contains("opendocument.text") => {
            Icon::FileText
        }
        kind if kind.starts_with("message/") => Icon::Mail,
        _ => Icon::File,
    }
}

/// A file on its way or stored.
#[component]
pub fn FileRow(props: &FileRowProps) -> Html {
    let act = |callback: &Callback<()>| callback.reform(|_: MouseEvent| ());
    html! {
        <div>
            <div class="dw-file">
                { picture(&props.media_type) }
                if let Some(open) = &props.on_open {
                    <button type="button" class="dw-linkish" onclick={act(open)} dir="auto">{ &props.name }</button>
                } else { <span dir="auto">{ &props.name }</span> }
                <span class="dw-push dw-muted dw-nowrap">{ &props.note }</span>
                if let Some(download) = &props.on_download {
                    <IconButton small=true icon={Icon::Download} label={t!("download-file", name = props.name.as_str())} onclick={act(download)} />
                }
                if let Some(remove) = &props.on_remove {
                    <IconButton small=true icon={Icon::Close} label={t!("remove-chip", name = props.name.as_str())} onclick={act(remove)} />
                }
            </div>
            if let Some(progress) = props.progress {
                <div class="dw-progress" role="progressbar" aria-label={props.name.clone()} aria-valuemin="0" aria-valuemax="100"
                    aria-valuenow={progress.to_string()}><span style={format!("inline-size:{progress}%")} /></div>
            }
            if let Some(error) = &props.error { <div class="dw-fg"><div class="err" role="alert">{ Icon::CircleAlert }<span>{ error }</span></div></div> }
        </div>
    }
}
