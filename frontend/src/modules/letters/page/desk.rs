//! What lies on the desk: the letter as paper, its PDF, or one of its files.

use std::rc::Rc;

use diwan_platform_api::files::Attachments;
use diwan_tarasol_api::Letter;
use yew::prelude::*;

use super::paper::Paper;
use crate::app::router::{self, use_place};
use crate::modules::record::files::file_view;
use crate::ui::Icon;
use crate::ui::pdf::PdfViewer;

#[derive(Properties, PartialEq)]
pub(super) struct DeskProps {
    pub(super) letter: Rc<Letter>,
    pub(super) files: Option<Rc<Attachments>>,
}

/// The desk; the address says what lies on it, so that a link can show a file.
#[component]
pub(super) fn Desk(props: &DeskProps) -> Html {
    let place = use_place();
    let id = props.letter.head.id;
    let view = place.query.get("view").unwrap_or("paper").to_owned();
    let file = view
        .strip_prefix("file-")
        .and_then(|id| id.parse::<i64>().ok())
        .and_then(|id| props.files.as_ref()?.items.iter().find(|file| file.id == id).cloned());
    let choose = |code: &'static str, label: String, icon: Icon| {
        let query = place.query.clone().with("view", if code == "paper" { "" } else { code });
        let on = view == code;
        let class = classes!("dw-seg", on.then_some("on"));
        let onclick = Callback::from(move |_: MouseEvent| router::replace_query(&query));
        html! { <button type="button" {class} {onclick} aria-pressed={if on { "true" } else { "false" }} data-view={code}>{ icon }{ label }</button> }
    };
    let find = place.query.get("find").unwrap_or_default().to_owned();
    let page = place.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let pdf = format!("/api/letters/{id}/pdf");
    html! {
        <>
            <div class="dw-desk__bar">
                <div class="dw-segs" role="group" aria-label={t!("letter-view")}>
                    { choose("paper", t!("letter-paper"), Icon::FileText) }
                    { choose("pdf", t!("letter-pdf"), Icon::FilePdf) }
                </div>
                if let Some(file) = &file { <span class="dw-b" dir="auto">{ &file.file_name }</span> }
            </div>
            if let Some(file) = file { { file_view(&file, find, page) } }
            else if view == "pdf" { <PdfViewer url={pdf.clone()} {find} {page} download={Some(AttrValue::from(pdf))} /> }
            else { <Paper letter={Rc::clone(&props.letter)} files={props.files.clone()} /> }
        </>
    }
}
