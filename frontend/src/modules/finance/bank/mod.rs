//! The bank (البنك): accounts, statements, the matching desk, reconciliations.

mod account;
mod accounts;
mod bring;
mod desk;
mod reconciliation;
mod statement;

use std::rc::Rc;

use diwan_finance_api::{BankAccountStanding, MatchWhy, ReconciliationState};
use diwan_kernel::{money, problem::Args};
use serde::de::DeserializeOwned;
use yew::prelude::*;

use super::by_id;
use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::ApiState;
use crate::i18n::{self, TextArgs, format};
use crate::ui::{Crumb, FailureAlert, Num, Screen, StateDot, StateTone};

/// Rows of one page.
const LIMIT: usize = 50;

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    match page {
        [] => html! { <accounts::Accounts /> },
        ["accounts", text] => by_id(text, |id| html! { <account::Account {id} /> }),
        ["accounts", text, "desk"] => by_id(text, |id| html! { <desk::Desk {id} /> }),
        ["statements", text] => by_id(text, |id| html! { <statement::Statement {id} /> }),
        ["reconciliations", text] => by_id(text, |id| html! { <reconciliation::OneReconciliation {id} /> }),
        _ => html! { <NotFound /> },
    }
}

/// The address of a page of the bank.
fn path(page: &str) -> String {
    Route::Finance(if page.is_empty() { "bank".to_owned() } else { format!("bank/{page}") }).path()
}

/// The way to a page: the bank, perhaps an account, and the page itself.
fn crumbs(account: Option<(i64, String)>, here: String) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::link(t!("nav-finance-bank"), path(""))];
    crumbs.extend(account.map(|(id, name)| Crumb::link(name, path(&format!("accounts/{id}")))));
    crumbs.push(Crumb::here(here));
    crumbs
}

/// An amount with all its decimals.
pub(super) fn amount_text(minor: i64, scale: u8) -> String {
    format::shape(&money::format(minor, scale))
}

/// An amount with all its decimals.
pub(super) fn amount(minor: i64, scale: u8) -> Html {
    html! { <Num value={amount_text(minor, scale)} /> }
}

/// What the books say the account holds, and the way to them.
fn books(of: &BankAccountStanding) -> Html {
    let to = Route::Finance(format!("ledger/account/{}", of.chart_account_id)).path();
    html! { <Link {to}>{ amount(of.book_balance, of.scale) }</Link> }
}

/// A table of plain rows.
pub(super) fn table(label: String, testid: &'static str, titles: Vec<String>, rows: Html) -> Html {
    figures(label, testid, (titles, &[]), rows)
}

/// A table of plain rows whose columns `at` hold amounts: their headings stand over the figures.
pub(super) fn figures(
    label: String,
    testid: &'static str,
    (titles, at): (Vec<String>, &'static [usize]),
    rows: Html,
) -> Html {
    let head = |(place, title): (usize, String)| {
        html! { <th scope="col" class={classes!(at.contains(&place).then_some("dw-amt"))}>{ title }</th> }
    };
    html! {
        <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={label.clone()}>
            <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={label} data-testid={testid}>
                <thead><tr>{ for titles.into_iter().enumerate().map(head) }</tr></thead>
                <tbody>{ rows }</tbody>
            </table>
        </div>
    }
}

/// What was asked for; else what is shown in its place.
pub(super) fn loaded<T: DeserializeOwned + 'static>(state: &ApiState<T>) -> Result<Rc<T>, Html> {
    state.data.clone().ok_or_else(|| match &state.failure {
        Some(failure) if failure.status() == 404 => html! { <NotFound /> },
        Some(failure) => {
            html! { <Screen head={html! {}}><FailureAlert failure={failure.clone()} retry={Some(state.reload.clone())} /></Screen> }
        }
        None => html! { <div class="dw-splash dw-skel-late" role="status">{ t!("loading") }</div> },
    })
}

/// A text filled with what the server gives with a code: numbers count, everything else stays as it is.
pub(super) fn filled(set: &str, code: &str, given: &Args) -> String {
    let mut args = TextArgs::new();
    args.set("party", "no");
    for (name, value) in given {
        match value.parse::<i64>() {
            Ok(number) if name != "reference" => args.set(name.as_str(), number.abs()),
            _ => args.set(name.as_str(), value.clone()),
        }
    }
    i18n::text(&i18n::code_key(set, code), Some(&args))
}

/// Why lines belong together, in words.
fn why(why: &MatchWhy) -> String {
    filled("match-rule", why.rule.code(), &why.args)
}

/// The state of a reconciliation.
fn state(state: ReconciliationState) -> Html {
    let tone = match state {
        ReconciliationState::Draft => StateTone::New,
        ReconciliationState::Submitted => StateTone::Wait,
        ReconciliationState::Approved => StateTone::Done,
    };
    html! { <StateDot {tone} label={i18n::code("reconciliation-state", state.code())} /> }
}
