//! The pages of the archive's order, each behind a tab beside the list of documents.

use diwan_kernel::Permission;
use yew::prelude::*;

use super::binders::{Binder, Binders};
use super::disposals::{Act, Acts};
use super::due::Due;
use super::holding::Holds;
use super::plan::Plan;
use super::rules::Rules;
use super::types::Types;
use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router;
use crate::app::session::{SessionHandle, use_session};
use crate::ui::{Tab, Tabs};

/// A page of the archive's order.
#[derive(Properties, PartialEq)]
pub struct PartProps {
    /// Which, with the id of what it shows.
    pub part: String,
}

/// The tabs of the archive that this person may use; `documents` is the list of what is filed.
fn pages(session: &SessionHandle) -> Vec<(&'static str, String)> {
    let all = [
        ("documents", Permission::ArchiveRead, t!("archive-documents")),
        ("files", Permission::ArchiveRead, t!("binders")),
        ("plan", Permission::ArchiveRead, t!("plan")),
        ("types", Permission::ArchivePlan, t!("types")),
        ("schedules", Permission::ArchiveRead, t!("schedules")),
        ("due", Permission::ArchiveDispose, t!("due-list")),
        ("holds", Permission::ArchiveDispose, t!("holds")),
        ("disposals", Permission::ArchiveDispose, t!("disposals")),
    ];
    all.into_iter().filter(|(_, right, _)| session.may(*right)).map(|(code, _, name)| (code, name)).collect()
}

/// The tabs with the current one marked.
pub(super) fn tabs(session: &SessionHandle, current: &'static str) -> Html {
    let tabs = pages(session).into_iter().map(|(code, name)| Tab::new(code, name)).collect::<Vec<_>>();
    let onchange = Callback::from(|code: AttrValue| match code.as_str() {
        "documents" => router::go_to(&Route::Archive),
        part => router::go_to(&Route::ArchivePart(part.to_owned())),
    });
    html! { <Tabs label={t!("nav-archive")} {tabs} {current} {onchange} /> }
}

/// A page of the archive's order.
#[component]
pub fn Part(props: &PartProps) -> Html {
    let session = use_session();
    let (page, id) = match props.part.split_once('/') {
        Some((page, id)) => (page, id.parse::<i64>().ok().filter(|id| *id > 0)),
        None => (props.part.as_str(), None),
    };
    if !pages(&session).iter().any(|(code, _)| *code == page) || props.part.contains('/') != id.is_some() {
        return html! { <NotFound /> };
    }
    let with = |current: &'static str| tabs(&session, current);
    match (page, id) {
        ("plan", None) => html! { <Plan tabs={with("plan")} /> },
        ("types", None) => html! { <Types tabs={with("types")} /> },
        ("schedules", None) => html! { <Rules tabs={with("schedules")} /> },
        ("files", None) => html! { <Binders tabs={with("files")} /> },
        ("files", Some(id)) => html! { <Binder {id} /> },
        ("due", None) => html! { <Due tabs={with("due")} /> },
        ("holds", None) => html! { <Holds tabs={with("holds")} /> },
        ("disposals", None) => html! { <Acts tabs={with("disposals")} /> },
        ("disposals", Some(id)) => html! { <Act {id} /> },
        _ => html! { <NotFound /> },
    }
}
