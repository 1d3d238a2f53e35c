//! The page that a hit stands on, beside the hits: a PDF, a scan with its words, an image.

use diwan_archive_api::Hit;
use diwan_platform_api::files::Attachments;
use yew::prelude::*;

use super::excerpt;
use crate::client::{self, use_api};
use crate::i18n::format;
use crate::modules::archive::FileView;
use crate::ui::{FailureAlert, Icon, IconButton, Num};

/// Whether a hit stands in a file that is shown beside the hits, by the file's name.
pub(super) fn shows(hit: &Hit) -> bool {
    const SHOWN: [&str; 6] = [".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"];
    let name = hit.place.attachment.as_deref().unwrap_or_default().to_lowercase();
    hit.place.attachment_id.is_some() && SHOWN.iter().any(|end| name.ends_with(end))
}

#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    pub(super) hit: Hit,
    pub(super) on_close: Callback<()>,
}

/// The page of a hit.
#[component]
pub(super) fn Preview(props: &PreviewProps) -> Html {
    let (hit, close) = (&props.hit, &props.on_close);
    let files = use_api::<Attachments>(Some(client::get(format!("/api/records/{}/attachments", hit.id))));
    let file =
        files.data.as_ref().and_then(|files| files.items.iter().find(|file| Some(file.id) == hit.place.attachment_id));
    html! {
        <>
            <div class="dw-row" style="padding:0.25rem 0.75rem;flex-wrap:nowrap">
                <span class="dw-sm dw-b dw-clamp"><bdi>{ hit.place.attachment.clone().unwrap_or_default() }</bdi></span>
                if let Some(page) = hit.place.page { <span class="dw-muted dw-sm"><Num value={format::number(i64::from(page))} /></span> }
                <span class="dw-push"><IconButton small=true icon={Icon::Close} label={t!("close")} onclick={close.reform(|_: MouseEvent| ())} /></span>
            </div>
            if let Some(failure) = &files.failure { <FailureAlert failure={failure.clone()} /> }
            if let Some(file) = file {
                <FileView key={file.id} file={file.clone()} page={hit.place.page.unwrap_or(1)} find={excerpt::words(&hit.snippet)}
                    may_check=false checking=false />
            }
        </>
    }
}
