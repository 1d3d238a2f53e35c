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

use yew::prelude::*;

use accounts::Accounts;
use years::Years;

use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router;
use crate::ui::{Tab, Tabs};

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
