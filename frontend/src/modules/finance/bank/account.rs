//! One bank account: its statements, and what can be done next.

use diwan_finance_api::{BankAccountStanding, BankStatement, NewReconciliation, Reconciliation};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::bring::Bring;
use super::{LIMIT, amount, crumbs, loaded, path, table};
use crate::app::NotFound;
use crate::app::router::{self, Link};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::send::use_sending;
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{Button, Card, Empty, Facts, FailureAlert, Icon, Num, PageHead, Screen, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct AccountProps {
    pub(super) id: i64,
}

/// One account.
#[component]
pub(super) fn Account(props: &AccountProps) -> Html {
    let session = use_session();
    let id = props.id;
    let all = use_api::<Vec<BankAccountStanding>>(Some(client::get("/api/finance/bank/accounts")));
    let paging = use_paging(id);
    let call = client::get(format!("/api/finance/bank/accounts/{id}/statements")).query("limit", LIMIT.to_string());
    let page = use_api::<Page<BankStatement>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let bringing = use_state_eq(|| false);
    let sending = use_sending();
    let list = match loaded(&all) {
        Ok(list) => list,
        Err(other) => return other,
    };
    let Some(account) = list.iter().find(|one| one.id == id) else { return html! { <NotFound /> } };
    let acts = session.may(Permission::FinanceReconcile);
    let bring = {
        let bringing = bringing.setter();
        move |on: bool| {
            let bringing = bringing.clone();
            Callback::from(move |_: MouseEvent| bringing.set(on))
        }
    };
    let brought = {
        let (bringing, reload, again) = (bringing.setter(), page.reload.clone(), all.reload.clone());
        Callback::from(move |()| {
            bringing.set(false);
            reload.emit(());
            again.emit(());
        })
    };
    let begin = |statement_id: i64| {
        let sending = sending.clone();
        Callback::from(move |_: MouseEvent| {
            let call = client::post(format!("/api/finance/bank/accounts/{id}/reconciliations"));
            sending.answer(call.json(&NewReconciliation { statement_id }), |made: Reconciliation| {
                router::go(&path(&format!("reconciliations/{}", made.id)));
            });
        })
    };
    let desk = Callback::from(move |_: MouseEvent| router::go(&path(&format!("accounts/{id}/desk"))));
    let actions = html! {
        <>
            <Button icon={Icon::Columns} label={t!("bank-desk")} testid="open-desk" onclick={desk} />
            if acts { <Button variant={Variant::Primary} icon={Icon::Upload} label={t!("bank-import")} testid="bring-statement" onclick={bring(true)} /> }
        </>
    };
    let name = i18n::name(&account.name);
    let row = |one: &BankStatement| {
        html! {
            <tr key={one.id} data-row-id={one.id.to_string()}>
                <td><Link to={path(&format!("statements/{}", one.id))}><bdi>{ &one.number }</bdi></Link></td>
                <td><Num value={format::date(one.starts_on)} />{ " – " }<Num value={format::date(one.ends_on)} /></td>
                <td>{ amount(one.opening, one.scale) }</td>
                <td>{ amount(one.closing, one.scale) }</td>
                <td><Num value={format::number(one.lines)} /></td>
                <td><Num value={format::number(one.open)} /></td>
                <td>if acts && account.reconciled_to.is_none_or(|day| day < one.ends_on) {
                    <Button variant={Variant::Link} label={t!("reconciliation-begin")} action="begin-reconciliation" onclick={begin(one.id)} />
                }</td>
            </tr>
        }
    };
    html! {
        <Screen head={html! { <PageHead title={name.clone()} crumbs={crumbs(None, name)} {actions} /> }}>
            <div class="dw-stack">
                { sending.alert() }
                <Card title={t!("bank-account")} padded=true><Facts rows={facts(account)} /></Card>
                <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
                if let Some(data) = &page.data {
                    if data.items.is_empty() { <Empty text={t!("bank-statements-empty")} /> } else {
                        { table(t!("bank-statements"), "bank-statements", vec![
                            t!("bank-statement-number"), t!("bank-days"), t!("bank-opening"), t!("bank-closing"), t!("bank-lines"), t!("bank-open-lines"), String::new(),
                        ], data.items.iter().map(row).collect()) }
                        <Foot rows={data.items.len()} limit={LIMIT} next={data.next.clone()} {paging} />
                    }
                }
            </div>
            if *bringing { <Bring account_id={id} on_close={brought} /> }
        </Screen>
    }
}

fn facts(of: &BankAccountStanding) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("bank-reference").into(), html! { <Num value={of.number.clone()} /> }),
        (t!("book-balance").into(), html! { <>{ amount(of.book_balance, of.scale) }{ " " }{ &of.currency }</> }),
    ];
    rows.extend(of.bank_balance.map(|balance| (t!("bank-balance").into(), amount(balance, of.scale))));
    rows.extend(of.last_day.map(|day| (t!("bank-last-day").into(), html! { <Num value={format::date(day)} /> })));
    rows.extend(
        of.reconciled_to.map(|day| (t!("bank-reconciled-to").into(), html! { <Num value={format::date(day)} /> })),
    );
    rows.extend(of.reconciliation_id.map(|id| {
        let link = html! { <Link to={path(&format!("reconciliations/{id}"))}>{ t!("reconciliation-open") }</Link> };
        (t!("reconciliations").into(), link)
    }));
    rows
}
