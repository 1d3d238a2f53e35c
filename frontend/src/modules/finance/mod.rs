//! Finance (المالية): documents, position, ledger, payments, bank, closing, statements, and what the books stand on.

mod account;
mod accounts;
mod bank;
mod closing;
mod documents;
mod kinds;
mod payments;
mod reports;
mod setup;
mod years;

use diwan_platform_api::records::RecordKind;
use yew::prelude::*;

use accounts::Accounts;
use years::Years;

use crate::app::NotFound;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router;
use crate::ui::{Tab, Tabs};

/// The page of something by its id in the address.
fn by_id(text: &str, page: fn(i64) -> Html) -> Html {
    text.parse::<i64>().ok().filter(|id| *id > 0).map_or_else(|| html! { <NotFound /> }, page)
}

/// The address of a page of finance with what is asked of it.
fn page_path(page: &str, query: &Query) -> String {
    Route::Finance(page.to_owned()).path() + &query.text()
}

/// The address of a document or another record of finance, by the code of its kind.
fn record_path(kind: &str, id: i64) -> String {
    Route::of_record(kind.parse().unwrap_or(RecordKind::JournalVoucher), id).path()
}

/// A page of finance.
#[derive(Properties, PartialEq)]
pub struct FinanceProps {
    /// Which; empty for the first.
    pub page: String,
}

/// The tabs of what the books stand on.
fn tabs(current: &'static str) -> Html {
    let mut tabs = vec![Tab::new("", t!("fiscal-years")), Tab::new("accounts", t!("accounts"))];
    tabs.extend(setup::tabs());
    let onchange = Callback::from(|code: AttrValue| router::go_to(&Route::Finance(code.to_string())));
    html! { <Tabs label={t!("nav-finance-years")} {tabs} {current} {onchange} /> }
}

/// A page of finance.
#[component]
pub fn Finance(props: &FinanceProps) -> Html {
    let parts: Vec<&str> = props.page.split('/').collect();
    match parts.as_slice() {
        [""] => html! { <Years tabs={tabs("")} /> },
        ["accounts"] => html! { <Accounts tabs={tabs("accounts")} /> },
        ["setup", rest @ ..] => setup::screen(rest),
        ["documents", rest @ ..] => documents::screen(rest),
        ["position" | "ledger" | "reports", ..] => reports::screen(&parts),
        ["payments", rest @ ..] => payments::screen(rest),
        ["bank", rest @ ..] => bank::screen(rest),
        ["closing", rest @ ..] => closing::screen(rest),
        _ => html! { <NotFound /> },
    }
}
