//! The bank accounts and how far they are, and the reconciliations.

use diwan_finance_api::{BankAccountStanding, ReconciliationRow};
use diwan_kernel::Page;
use yew::prelude::*;

use super::{LIMIT, amount, path, state, table};
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{Empty, FailureAlert, Num, PageHead, Screen};

/// All accounts.
#[component]
pub(super) fn Accounts() -> Html {
    let list = use_api::<Vec<BankAccountStanding>>(Some(client::get("/api/finance/bank/accounts")));
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-bank")} /> }}>
            <div class="dw-stack">
                <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
                if let Some(all) = &list.data {
                    if all.is_empty() { <Empty text={t!("bank-accounts-empty")} /> } else {
                        { table(t!("bank-all"), "bank-accounts", vec![
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
            <td>{ amount(one.book_balance, one.scale) }</td>
            <td>if one.open_lines > 0 { <Link to={path(&format!("accounts/{}/desk", one.id))}><Num value={format::number(one.open_lines)} /></Link> } else { <Num value={format::number(0)} /> }</td>
            <td>if let Some(day) = one.reconciled_to { <Num value={format::date(day)} /> }</td>
        </tr>
    }
}

/// The reconciliations, latest first.
#[component]
fn Reconciliations() -> Html {
    let paging = use_paging(());
    let call = client::get("/api/finance/bank/reconciliations").query("limit", LIMIT.to_string());
    let page = use_api::<Page<ReconciliationRow>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let row = |one: &ReconciliationRow| {
        html! {
            <tr key={one.id} data-row-id={one.id.to_string()}>
                <td><Link to={path(&format!("reconciliations/{}", one.id))}>{ i18n::name(&one.account) }</Link></td>
                <td>if let Some(number) = &one.number { <Num value={number.clone()} /> }</td>
                <td><Num value={format::date(one.day)} /></td>
                <td>{ state(one.state) }</td>
            </tr>
        }
    };
    html! {
        <>
            <h2 class="dw-h2">{ t!("reconciliations") }</h2>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if let Some(data) = &page.data {
                if data.items.is_empty() { <Empty text={t!("reconciliations-empty")} /> } else {
                    { table(t!("reconciliations"), "reconciliations", vec![
                        t!("bank-account"), t!("reconciliation-number"), t!("reconciliation-day"), t!("state"),
                    ], data.items.iter().map(row).collect()) }
                    <Foot rows={data.items.len()} limit={LIMIT} next={data.next.clone()} {paging} />
                }
            }
        </>
    }
}
