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

use super::{by_id, page_path};
use crate::app::NotFound;
use crate::app::query::Query;
use crate::ui::Crumb;

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    match page {
        [] => html! { <list::Documents /> },
        ["new", kind] => match kind.parse::<DocumentKind>() {
            Ok(kind) => html! { <form::NewForm {kind} /> },
            Err(_) => html! { <NotFound /> },
        },
        ["templates"] => html! { <templates::Templates /> },
        ["templates", text] => by_id(text, |id| html! { <template::Template {id} /> }),
        [text] => by_id(text, |id| html! { <page::DocumentPage key={id} {id} /> }),
        [text, "edit"] => by_id(text, |id| html! { <form::EditForm {id} /> }),
        [text, "copy"] => by_id(text, |id| html! { <form::CopyForm {id} /> }),
        _ => html! { <NotFound /> },
    }
}

/// What a document of this kind does with the one that it names.
fn source_label(kind: DocumentKind) -> String {
    if kind == DocumentKind::JournalVoucher { t!("voucher-gives-up") } else { t!("voucher-source") }
}

/// The way back to the lists.
fn crumb() -> Crumb {
    Crumb::link(t!("nav-finance-documents"), page_path("documents", &Query::default()))
}

/// The address of a page of documents.
fn path(page: impl std::fmt::Display) -> crate::app::route::Route {
    crate::app::route::Route::Finance(format!("documents/{page}"))
}
