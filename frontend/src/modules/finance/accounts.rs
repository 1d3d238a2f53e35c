//! The chart of accounts (دليل الحسابات).

use diwan_finance_api::Account;
use diwan_kernel::Permission;
use yew::prelude::*;

use super::account::AccountDialog;
use super::setup::{ImportList, TakeCsv};
use crate::app::query::Query;
use crate::app::session::use_session;
use crate::client::{self, newest, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::PageProps;
use crate::ui::{Button, Empty, FailureAlert, Icon, Num, PageHead, Screen, TextField, Variant};

/// How deep an account stands in the tree.
fn depth(all: &[Account], account: &Account) -> usize {
    let mut above = account.parent_id;
    let mut depth = 0;
    while let Some(parent) = above.and_then(|id| all.iter().find(|one| one.id == id)).filter(|_| depth < all.len()) {
        depth += 1;
        above = parent.parent_id;
    }
    depth
}

/// The accounts in the order of the tree: each above those below it.
fn in_order(all: &[Account], above: Option<i64>, left: usize) -> Vec<&Account> {
    if left == 0 {
        return Vec::new();
    }
    let own = all.iter().filter(|one| one.parent_id == above);
    own.flat_map(|one| std::iter::once(one).chain(in_order(all, Some(one.id), left - 1))).collect()
}

/// Deeper than any chart.
const DEEPEST: usize = 20;

fn fits(account: &Account, typed: &str) -> bool {
    let fold = diwan_kernel::text::fold;
    let typed = fold(typed.trim());
    [&account.code, &account.name.ar, &account.name.en, &account.gfsm]
        .into_iter()
        .any(|text| fold(text).contains(&typed))
}

/// The chart.
#[component]
pub(super) fn Accounts(props: &PageProps) -> Html {
    let session = use_session();
    let list = use_api::<Vec<Account>>(Some(client::get("/api/finance/accounts")));
    let opened =
        use_opened(&list, |all: &Vec<Account>, asked: &Option<Account>| newest(all, asked.as_ref(), |one| one.id));
    let typed = use_state_eq(String::new);
    let importing = use_state_eq(|| false);
    let done = {
        let (importing, reload) = (importing.setter(), list.reload.clone());
        Callback::from(move |()| {
            importing.set(false);
            reload.emit(());
        })
    };
    let manages = session.may(Permission::FinanceStructure);
    let export = Callback::from(|_: MouseEvent| {
        client::download::save(&format!("/api/finance/accounts/export?lang={}", i18n::lang().code()));
    });
    let import = {
        let importing = importing.setter();
        Callback::from(move |_: MouseEvent| importing.set(true))
    };
    let actions = html! {
        <>
            if session.may(Permission::Export) { <Button icon={Icon::Download} label={t!("export")} testid="export-accounts" onclick={export} /> }
            if session.may(Permission::Export) { <TakeCsv path="/api/finance/accounts/export" query={Query::default()} /> }
            if manages { <Button icon={Icon::Upload} label={t!("setup-import")} testid="import-accounts" onclick={import} /> }
            if manages { <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("account-new")} testid="new-account" onclick={opened.button(None)} /> }
        </>
    };
    let all = list.data.as_deref().cloned().unwrap_or_default();
    let shown: Vec<&Account> = in_order(&all, None, DEEPEST).into_iter().filter(|one| fits(one, &typed)).collect();
    let row = |one: &Account| {
        html! {
            <tr key={one.id} data-row-id={one.id.to_string()} data-code={one.code.clone()}>
                <td><Num value={one.code.clone()} /></td>
                <td><span style={format!("padding-inline-start:{}rem", depth(&all, one))} class={(!one.posting).then_some("dw-b")}>{ i18n::name(&one.name) }</span></td>
                <td>{ i18n::code("side", one.side.code()) }</td>
                <td><Num value={one.gfsm.clone()} /></td>
                <td>{ asks(one) }</td>
                <td>if manages { <Button variant={Variant::Link} label={t!("action-edit")} action="edit" onclick={opened.button(Some(one.clone()))} /> }</td>
            </tr>
        }
    };
    let typing = {
        let typed = typed.setter();
        Callback::from(move |text: String| typed.set(text))
    };
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if list.data.is_some() {
                if all.is_empty() { <Empty text={t!("accounts-empty")} /> } else {
                    <TextField label={t!("accounts-find")} value={(*typed).clone()} oninput={typing} name="find" />
                    <p class="dw-muted dw-sm" role="status">{ t!("accounts-shown", n = shown.len(), all = format::number(i64::try_from(all.len()).unwrap_or_default())) }</p>
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("accounts")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("accounts")} data-testid="accounts">
                            <thead><tr>
                                { for [t!("code"), t!("account-name"), t!("account-side"), t!("account-gfsm"), t!("account-asks"), String::new()]
                                    .into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }
                            </tr></thead>
                            <tbody>{ for shown.into_iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
            if *importing { <ImportList code="accounts" title={t!("accounts")} on_close={done} /> }
            if let Some(account) = opened.shown { <AccountDialog {account} all={all.clone()} done={opened.close} /> }
        </Screen>
    }
}

/// What lines on the account bring along.
fn asks(one: &Account) -> String {
    let mut asks: Vec<String> = Vec::new();
    asks.extend(one.budgeted.then(|| t!("account-budgeted")));
    asks.extend(one.needs_party.then(|| t!("account-party")));
    asks.extend(one.needs_centre.then(|| t!("account-centre")));
    asks.extend(one.trust.then(|| t!("account-trust")));
    asks.extend(one.currency.clone());
    asks.extend(one.active_to.map(|day| t!("account-until", day = format::date(day))));
    asks.join(&t!("list-comma"))
}
