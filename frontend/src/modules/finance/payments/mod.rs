//! Payments (المدفوعات): what waits to be paid, runs of transfers, cheques, cash, the remittance of what was
//! deducted.

mod ask;
mod books;
mod cash;
mod cheques;
mod deductions;
pub(super) mod lines;
mod payable;
mod run;
mod runs;

pub(super) use cash::OfDocument as CashOfDocument;
use chrono::NaiveDate;
use yew::prelude::*;

use super::bank::amount;
use super::{by_id, record_path};
use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router::{self, Link};
use crate::i18n::format;
use crate::ui::{Crumb, Num, Tab, Tabs};

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    match page {
        [] => html! { <runs::Runs /> },
        ["payable"] => html! { <payable::Payable /> },
        ["cheques"] => html! { <cheques::Cheques /> },
        ["cheques", text] => by_id(text, |id| html! { <cheques::OneCheque {id} /> }),
        ["cash"] => html! { <cash::Register /> },
        ["cash", text] => by_id(text, |id| html! { <cash::OnePayment {id} /> }),
        ["books"] => html! { <books::Books /> },
        ["deductions"] => html! { <deductions::Deductions /> },
        [text] => by_id(text, |id| html! { <run::Run {id} /> }),
        [text, "add"] => by_id(text, |id| html! { <payable::Proposal {id} /> }),
        _ => html! { <NotFound /> },
    }
}

/// The address of a page of payments.
fn path(page: impl std::fmt::Display) -> String {
    let page = page.to_string();
    Route::Finance(if page.is_empty() { "payments".to_owned() } else { format!("payments/{page}") }).path()
}

/// The way to a page below one of the tabs.
fn crumbs(above: &str, here: impl Into<AttrValue>) -> Vec<Crumb> {
    let title = match above {
        "cheques" => t!("cheques"),
        "cash" => t!("cash-payments"),
        _ => t!("nav-finance-payments"),
    };
    vec![Crumb::link(title, path(above)), Crumb::here(here)]
}

/// The pages beside each other.
fn tabs(current: &'static str) -> Html {
    let tabs = vec![
        Tab::new("", t!("payment-runs")),
        Tab::new("payable", t!("payable")),
        Tab::new("cheques", t!("cheques")),
        Tab::new("books", t!("cheque-books")),
        Tab::new("cash", t!("cash-payments")),
        Tab::new("deductions", t!("deductions")),
    ];
    let onchange = Callback::from(|page: AttrValue| router::go(&path(page)));
    html! { <Tabs label={t!("nav-finance-payments")} {tabs} {current} {onchange} /> }
}

/// A number that opens the document it is of.
fn document(id: i64, number: &str) -> Html {
    html! { <Link to={record_path("", id)}><Num value={number.to_owned()} /></Link> }
}

/// A day, where there is one.
fn day(day: Option<NaiveDate>) -> Html {
    html! { if let Some(day) = day { <Num value={format::date(day)} /> } }
}

/// An amount with its currency.
fn in_currency(minor: i64, scale: u8, currency: &str) -> Html {
    html! { <span class="dw-nowrap">{ amount(minor, scale) }{ " " }{ currency }</span> }
}

/// The entry of the ledger that something made.
fn entry(id: Option<i64>) -> Option<(AttrValue, Html)> {
    let id = id?;
    let to = Route::Finance(format!("ledger/entry/{id}")).path();
    Some((t!("voucher-entry").into(), html! { <Link {to}><Num value={id.to_string()} /></Link> }))
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{
        CashPaymentState, ChequeAction, ChequeState, PaymentItemState, PaymentRunAction, PaymentRunState,
        TransferFormat,
    };

    use super::*;
    use crate::i18n::{code_key, find};

    #[test]
    fn every_code_and_every_column_has_its_words() {
        let there = |key: &str| assert!(find(key, None).is_some(), "no text for {key}");
        macro_rules! all {
            ($($set:literal: $codes:ty),+) => {
                $(<$codes>::ALL.iter().for_each(|code| there(&code_key($set, code.code())));)+
            };
        }
        all!("payment-run-state": PaymentRunState, "payment-item-state": PaymentItemState, "cheque-state": ChequeState,
            "cash-payment-state": CashPaymentState,
            "payment-act": PaymentRunAction, "payment-ask": PaymentRunAction, "payment-act": TransferFormat,
            "payment-act": ChequeAction, "payment-ask": ChequeAction);
        for code in [
            "iban_missing",
            "iban_check",
            "not_payable",
            "paid_otherwise",
            "other_currency",
            "payer_had_duty",
            "run_full",
        ] {
            there(&code_key("payment-refusal", code));
        }
        for act in ["new", "remove", "issue", "book", "spoil", "close", "remit", cash::HAND_OUT, cash::CANCEL] {
            there(&code_key("payment-act", act));
            there(&code_key("payment-ask", act));
        }
        for cols in [runs::COLS, payable::COLS, run::COLS, cash::COLS, cheques::COLS, books::COLS] {
            cols.iter().for_each(|(text, ..)| there(text));
        }
    }
}
