//! Finance (المالية): the years with their periods, and the chart of accounts.

mod account;
mod accounts;
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

fn tabs(current: &'static str) -> Html {
    let tabs = vec![Tab::new("", t!("fiscal-years")), Tab::new("accounts", t!("accounts"))];
    let onchange = Callback::from(|code: AttrValue| router::go_to(&Route::Finance(code.to_string())));
    html! { <Tabs label={t!("nav-finance")} {tabs} {current} {onchange} /> }
}

/// A page of finance.
#[component]
pub fn Finance(props: &FinanceProps) -> Html {
    match props.page.as_str() {
        "" => html! { <Years tabs={tabs("")} /> },
        "accounts" => html! { <Accounts tabs={tabs("accounts")} /> },
        _ => html! { <NotFound /> },
    }
}
