//! One reconciliation (تسوية بنكية): the two balances, every item between them, and its way to approval.

use diwan_finance_api::{Reconciliation, ReconciliationItem, ReconciliationState};
use diwan_kernel::Permission;
use yew::prelude::*;

use super::{amount, crumbs, loaded, path, state, table};
use crate::app::router::{self, Link};
use crate::app::session::use_session;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::send::use_sending;
use crate::modules::finance::record_path;
use crate::ui::{Alert, Button, Card, Confirm, Facts, Icon, Num, PageHead, Screen, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct ReconciliationProps {
    pub(super) id: i64,
}

/// One reconciliation.
#[component]
pub(super) fn OneReconciliation(props: &ReconciliationProps) -> Html {
    let session = use_session();
    let id = props.id;
    let one = use_api::<Reconciliation>(Some(client::get(format!("/api/finance/bank/reconciliations/{id}"))));
    let opened = use_opened(&one, |_: &Reconciliation, _: &&'static str| None);
    let sending = use_sending();
    let of = match loaded(&one) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let step = |what: &'static str| {
        let (sending, close, account, version) = (sending.clone(), opened.close.clone(), of.account_id, of.version);
        Callback::from(move |()| {
            let close = close.clone();
            let call = client::post(format!("/api/finance/bank/reconciliations/{id}/{what}")).if_match(version);
            sending.done(call, move || after(what, account, &close));
        })
    };
    let click = |step: Callback<()>| step.reform(|_: MouseEvent| ());
    let disabled = one.loading;
    let save = |what: &'static str| {
        Callback::from(move |_: MouseEvent| {
            let url = format!("/api/finance/bank/reconciliations/{id}/{what}?lang={}", i18n::lang().code());
            client::download::save(&url);
        })
    };
    let acts = session.may(Permission::FinanceReconcile);
    let actions = html! {
        <>
            <Button icon={Icon::FilePdf} label={t!("print")} testid="print" onclick={save("print")} />
            if session.may(Permission::Export) { <Button icon={Icon::Download} label={t!("export")} testid="export" onclick={save("export")} /> }
            if acts && of.state == ReconciliationState::Submitted { <Button icon={Icon::Undo} label={t!("reconciliation-return")} testid="return" {disabled} busy={sending.busy} onclick={click(step("return"))} /> }
            if acts && of.state == ReconciliationState::Draft { <Button label={t!("action-void-reconciliation")} testid="void" onclick={opened.button("void")} /> }
            if acts && of.state == ReconciliationState::Draft { <Button variant={Variant::Primary} label={t!("reconciliation-submit")} testid="submit" {disabled} busy={sending.busy} onclick={click(step("submit"))} /> }
            if of.may_approve { <Button variant={Variant::Primary} icon={Icon::Check} label={t!("reconciliation-approve")} testid="approve" onclick={opened.button("approve")} /> }
        </>
    };
    let account = i18n::name(&of.account);
    let title = t!("reconciliation", account = account.clone());
    html! {
        <Screen head={html! { <PageHead title={title.clone()} crumbs={crumbs(Some((of.account_id, account)), title)} marks={state(of.state)} {actions} /> }}>
            <div class="dw-stack" data-testid="reconciliation">
                if opened.shown.is_none() { { sending.alert() } }
                if of.state == ReconciliationState::Submitted && !of.may_approve { <Alert title={t!("reconciliation-waits-text")} /> }
                <div class="dw-sides">
                    <Card title={t!("reconciliation-summary")} padded=true><Facts rows={figures(&of)} /></Card>
                    <Card title={t!("reconciliations")} padded=true><Facts rows={facts(&of)} /></Card>
                </div>
                { items(t!("reconciliation-bank-items"), "bank-items", &of.bank_items, of.scale) }
                { items(t!("reconciliation-outstanding"), "outstanding", &of.outstanding, of.scale) }
                { items(t!("reconciliation-in-transit"), "in-transit", &of.in_transit, of.scale) }
            </div>
            if let Some(what) = opened.shown {
                <Confirm title={asked(what).0} text={asked(what).1} action={asked(what).0} danger={what == "void"} busy={sending.busy}
                    on_confirm={step(what)} on_close={opened.close.clone()}>{ sending.alert() }</Confirm>
            }
        </Screen>
    }
}

/// What is asked before a step, and what it means.
fn asked(what: &str) -> (String, String) {
    match what {
        "void" => (t!("action-void-reconciliation"), t!("voucher-ask-void")),
        _ => (t!("reconciliation-approve"), t!("reconciliation-approve-text")),
    }
}

/// Where one is after a step: what was given up is there no more.
fn after(what: &str, account: i64, close: &Callback<()>) {
    if what == "void" {
        router::go(&path(&format!("accounts/{account}")));
    } else {
        close.emit(());
    }
}

/// From either balance to the one that both come to.
fn figures(of: &Reconciliation) -> Vec<(AttrValue, Html)> {
    let row = |label: String, minor: i64| (AttrValue::from(label), amount(minor, of.scale));
    let total = |label: String, minor: i64| {
        (AttrValue::from(label), html! { <span class="dw-b">{ amount(minor, of.scale) }</span> })
    };
    vec![
        row(t!("book-balance"), of.book_balance),
        row(t!("reconciliation-add-bank"), of.bank_only),
        total(t!("reconciliation-adjusted-books"), of.adjusted),
        row(t!("bank-balance"), of.bank_balance),
        row(t!("reconciliation-add-books"), of.books_only),
        total(t!("reconciliation-adjusted-bank"), of.bank_balance + of.books_only),
    ]
}

fn facts(of: &Reconciliation) -> Vec<(AttrValue, Html)> {
    let who = |name: &diwan_kernel::Named, at: Option<chrono::NaiveDateTime>| {
        html! { <>{ i18n::name(name) }if let Some(at) = at { { " · " }<Num value={format::date_time(at)} /> }</> }
    };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("bank-account").into(), html! { <><Num value={of.account_number.clone()} />{ " " }{ &of.currency }</> }),
        (t!("reconciliation-day").into(), html! { <Num value={format::date(of.day)} /> }),
        (t!("payment-prepared").into(), who(&of.prepared_by, of.submitted_at)),
    ];
    rows.extend(of.number.clone().map(|number| (t!("reconciliation-number").into(), html! { <Num value={number} /> })));
    rows.extend(of.approved_by.as_ref().map(|name| (t!("payment-approved").into(), who(name, of.approved_at))));
    rows.extend(
        of.root
            .as_ref()
            .map(|root| (t!("reconciliation-root").into(), html! { <bdi class="num dw-sm dw-wrap">{ root }</bdi> })),
    );
    rows
}

fn items(label: String, testid: &'static str, items: &[ReconciliationItem], scale: u8) -> Html {
    let sum: i64 = items.iter().map(|item| item.amount).sum();
    let row = |item: &ReconciliationItem| {
        let reference = html! { <Num value={item.reference.clone()} /> };
        html! {
            <tr>
                <td><Num value={format::date(item.day)} /></td>
                <td>if let Some(id) = item.record_id { <Link to={record_path(&item.kind, id)}>{ reference }</Link> } else { { reference } }</td>
                <td><bdi class="dw-clamp">{ &item.text }</bdi></td>
                <td>{ amount(item.amount, scale) }</td>
            </tr>
        }
    };
    html! {
        if !items.is_empty() {
            <h2 class="dw-h2">{ &label }{ " · " }{ amount(sum, scale) }</h2>
            { table(label, testid, vec![t!("bank-booked"), t!("bank-reference"), t!("bank-details"), t!("voucher-amount")], items.iter().map(row).collect()) }
        }
    }
}
