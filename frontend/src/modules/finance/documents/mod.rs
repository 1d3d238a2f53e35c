//! Documents of finance (المستندات المالية): the lists, a document's page, its form; templates; the law out of a workbook.

mod cells;
mod details;
mod form;
mod grid;
mod law;
mod list;
mod page;
mod provisional;
mod steps;
mod template;
mod template_form;
mod templates;

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
        ["templates"] => html! { <templates::Templates /> },
        ["templates", text] => {
            id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <template::Template {id} /> })
        }
        [text] => id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <page::DocumentPage key={id} {id} /> }),
        [text, "edit"] => id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <form::EditForm {id} /> }),
        [text, "copy"] => id(text).map_or_else(|| html! { <NotFound /> }, |id| html! { <form::CopyForm {id} /> }),
        _ => html! { <NotFound /> },
    }
}

/// What a document of this kind does with the one that it names.
fn source_label(kind: DocumentKind) -> String {
    if kind == DocumentKind::JournalVoucher { t!("voucher-gives-up") } else { t!("voucher-source") }
}

/// The address of a page of documents.
fn path(page: impl std::fmt::Display) -> crate::app::route::Route {
    crate::app::route::Route::Finance(format!("documents/{page}"))
}
