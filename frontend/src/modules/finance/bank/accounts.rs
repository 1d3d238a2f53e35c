//! The bank accounts and how far they are, and the reconciliations.

use diwan_finance_api::{BankAccountStanding, ReconciliationRow, ReconciliationState};
use yew::prelude::*;

use super::{amount, books, path, state, table};
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::finance::payments::lines::{Col, Filter, Line, Lines, any, days, use_lines};
use crate::ui::{Empty, FailureAlert, Num, PageHead, Screen};

/// Where reconciliations are asked for.
const RECONCILIATIONS: &str = "/api/finance/bank/reconciliations";

/// All accounts.
#[component]
pub(super) fn Accounts() -> Html {
    let list = use_api::<Vec<BankAccountStanding>>(Some(client::get("/api/finance/bank/accounts")));
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-bank")} /> }}>
            <div class="dw-stack">
                <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
                if let Some(all) = &list.data {
                    if all.is_empty() { <Empty text={t!("bank-accounts-empty")}><Link to={Route::Finance("setup/bank-accounts".to_owned()).path()}>{ t!("bank-accounts") }</Link></Empty> } else {
                        { table(t!("bank-accounts"), "bank-accounts", vec![
                            t!("bank-account"), t!("bank-last-day"), t!("bank-balance"), t!("book-balance"), t!("bank-open-lines"), t!("bank-reconciled-to"),
                        ], all.iter().map(account).collect()) }
                    }
                }
                <Reconciliations />
            </div>
        </Screen>
    }
}

fn account(one: &BankAccountStanding) -> Html {
    html! {
        <tr key={one.id} data-row-id={one.id.to_string()} data-code={one.code.clone()}>
            <td><Link to={path(&format!("accounts/{}", one.id))}>{ i18n::name(&one.name) }</Link><div class="dw-muted dw-sm"><Num value={one.number.clone()} /></div></td>
            <td>if let Some(day) = one.last_day { <Num value={format::date(day)} /> }</td>
            <td>if let Some(balance) = one.bank_balance { { amount(balance, one.scale) } }</td>
            <td>{ books(one) }</td>
            <td>if one.open_lines > 0 { <Link to={path(&format!("accounts/{}/desk", one.id))}><Num value={format::number(one.open_lines)} /></Link> } else { <Num value={format::number(0)} /> }</td>
            <td>if let Some(day) = one.reconciled_to { <Num value={format::date(day)} /> }</td>
        </tr>
    }
}

/// The columns of the reconciliations.
const COLS: &[Col] = &[
    ("bank-account", "c-subj", None),
    ("reconciliation-number", "c-no", None),
    ("reconciliation-day", "c-due", Some("date")),
    ("bank-balance", "c-sec", None),
    ("payment-prepared", "c-to", None),
    ("state", "c-state", None),
];

fn line(one: &ReconciliationRow) -> Line {
    let cells = vec![
        html! { <Link to={path(&format!("reconciliations/{}", one.id))}>{ i18n::name(&one.account) }</Link> },
        html! { if let Some(number) = &one.number { <Num value={number.clone()} /> } },
        html! { <Num value={format::date(one.day)} /> },
        amount(one.bank_balance, one.scale),
        html! { <bdi>{ i18n::name(&one.prepared_by) }</bdi> },
        state(one.state),
    ];
    Line(one.id, cells)
}

/// The reconciliations, latest first unless they are sorted otherwise.
#[component]
fn Reconciliations() -> Html {
    let query = use_place().query;
    let answer = use_lines::<ReconciliationRow, _>(Some(RECONCILIATIONS.to_owned()), query.clone(), line);
    let states = any("reconciliation-state", ReconciliationState::ALL.iter().map(|state| state.code()));
    let mut filters = days();
    filters.insert(0, Filter { name: "state", label: t!("state"), kind: states });
    let open = Callback::from(|id: i64| router::go(&path(&format!("reconciliations/{id}"))));
    html! {
        <>
            <h2 class="dw-h2">{ t!("reconciliations") }</h2>
            <div class="dw-card">
                <Lines name="reconciliations" label={t!("reconciliations")} cols={COLS} {answer} {query} ask={Callback::from(|query| router::replace_query(&query))}
                    {filters} export={format!("{RECONCILIATIONS}/export")} on_open={open} empty={html! { <Empty text={t!("reconciliations-empty")} /> }} />
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::find;
    use crate::modules::finance::bank::account;

    #[test]
    fn every_column_has_its_words() {
        for (text, ..) in account::COLS.iter().chain(super::COLS) {
            assert!(find(text, None).is_some(), "no text for {text}");
        }
    }
}
