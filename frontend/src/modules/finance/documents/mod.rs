//! Documents of finance (المستندات المالية): the lists, a document's page, its form.

mod form;
mod grid;
mod list;
mod page;
mod steps;

use diwan_finance_api::DocumentKind;
use yew::prelude::*;

use crate::app::NotFound;

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    let id = |text: &str| text.parse::<i64>().ok().filter(|id| *id > 0);
    match page {
        [] => html! { <list::Documents /> },
        ["new", kind] => match kind.parse::<DocumentKind>() {
            Ok(kind) => html! { <form::NewForm {kind} /> },
            Err(_) => html! { <NotFound /> },
        },
        [text] => id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <page::DocumentPage {id} /> }),
        [text, "edit"] => id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <form::EditForm {id} /> }),
        [text, "copy"] => id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <form::CopyForm {id} /> }),
        _ => html! { <NotFound /> },
    }
}

/// The address of a page of documents.
fn path(page: impl std::fmt::Display) -> crate::app::route::Route {
    crate::app::route::Route::Finance(format!("documents/{page}"))
}
