//! A statement: its lines in the bank's order, each with what it is matched with.

use diwan_finance_api::{BankLine, BankStatement, Matched};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::{LIMIT, amount, crumbs, loaded, path, table, why};
use crate::app::router::{self, Link};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::send::use_sending;
use crate::modules::finance::record_path;
use crate::ui::tools::{Finder, Foot, use_paging};
use crate::ui::{Button, Card, Checkbox, Confirm, Empty, Facts, FailureAlert, Icon, Num, PageHead, Screen, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct StatementProps {
    pub(super) id: i64,
}

/// One statement.
#[component]
pub(super) fn Statement(props: &StatementProps) -> Html {
    let session = use_session();
    let id = props.id;
    let one = use_api::<BankStatement>(Some(client::get(format!("/api/finance/bank/statements/{id}"))));
    let filter = use_state_eq(|| (String::new(), false));
    let paging = use_paging((id, (*filter).clone()));
    let call = client::get(format!("/api/finance/bank/statements/{id}/lines"))
        .query("limit", LIMIT.to_string())
        .query("q", filter.0.clone())
        .query("open", if filter.1 { "true" } else { "" })
        .query("after", paging.after.clone().unwrap_or_default());
    let page = use_api::<Page<BankLine>>(Some(call));
    let asking = use_state_eq(|| false);
    let sending = use_sending();
    let of = match loaded(&one) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let acts = session.may(Permission::FinanceReconcile);
    let ask = |on: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(on))
    };
    let take_back = {
        let (sending, account) = (sending.clone(), of.account_id);
        Callback::from(move |()| {
            let call = client::delete(format!("/api/finance/bank/statements/{id}"));
            sending.done(call, move || router::go(&path(&format!("accounts/{account}"))));
        })
    };
    let undo = |line: i64| {
        let (sending, reload, again) = (sending.clone(), page.reload.clone(), one.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let (reload, again) = (reload.clone(), again.clone());
            sending.answer(client::post(format!("/api/finance/bank/lines/{line}/undo")), move |_: Matched| {
                reload.emit(());
                again.emit(());
            });
        })
    };
    let export = Callback::from(move |_: MouseEvent| {
        client::download::save(&format!("/api/finance/bank/statements/{id}/export?lang={}", i18n::lang().code()));
    });
    let raw =
        Callback::from(move |_: MouseEvent| client::download::save(&format!("/api/finance/bank/statements/{id}/file")));
    let actions = html! {
        <>
            <Button icon={Icon::File} label={t!("bank-file")} testid="statement-file" onclick={raw} />
            if session.may(Permission::Export) { <Button icon={Icon::Download} label={t!("export")} testid="export-statement" onclick={export} /> }
            if acts { <Button icon={Icon::Undo} label={t!("bank-take-back")} testid="take-back" onclick={ask(true).reform(|_: MouseEvent| ())} /> }
        </>
    };
    let title = t!("bank-statement", number = of.number.clone());
    let typed = {
        let filter = filter.clone();
        Callback::from(move |text: String| filter.set((text, filter.1)))
    };
    let ticked = {
        let filter = filter.clone();
        Callback::from(move |open: bool| filter.set((filter.0.clone(), open)))
    };
    let row = |line: &BankLine| row(line, of.scale, acts, undo(line.id));
    html! {
        <Screen head={html! { <PageHead title={title.clone()} crumbs={crumbs(Some((of.account_id, i18n::name(&of.account))), title)} {actions} /> }}>
            <div class="dw-stack">
                if !*asking { { sending.alert() } }
                <Card title={t!("bank-account")} padded=true><Facts rows={facts(&of)} /></Card>
                <div class="dw-form">
                    <Finder label={t!("bank-lines-find")} value={filter.0.clone()} on_text={typed} name="find" />
                    <Checkbox label={t!("bank-lines-open")} checked={filter.1} onchange={ticked} />
                </div>
                <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
                if let Some(data) = &page.data {
                    if data.items.is_empty() { <Empty text={t!("bank-lines-none")} /> } else {
                        { table(t!("bank-lines"), "bank-lines", vec![
                            t!("bank-booked"), t!("voucher-amount"), t!("bank-details"), t!("bank-reference"), t!("payment-document"),
                        ], data.items.iter().map(row).collect()) }
                    }
                    <Foot rows={data.items.len()} limit={LIMIT} next={data.next.clone()} {paging} />
                }
            </div>
            if *asking {
                <Confirm title={t!("bank-take-back")} text={t!("bank-take-back-text")} action={t!("bank-take-back")} danger=true busy={sending.busy}
                    on_confirm={take_back} on_close={ask(false)}>{ sending.alert() }</Confirm>
            }
        </Screen>
    }
}

fn facts(of: &BankStatement) -> Vec<(AttrValue, Html)> {
    vec![
        (
            t!("bank-days").into(),
            html! { <><Num value={format::date(of.starts_on)} />{ " – " }<Num value={format::date(of.ends_on)} /></> },
        ),
        (t!("bank-opening").into(), html! { <>{ amount(of.opening, of.scale) }{ " " }{ &of.currency }</> }),
        (t!("bank-closing").into(), html! { <>{ amount(of.closing, of.scale) }{ " " }{ &of.currency }</> }),
        (t!("bank-open-lines").into(), html! { <Num value={format::number(of.open)} /> }),
        (
            t!("bank-imported").into(),
            html! { <>{ i18n::name(&of.imported_by) }{ " · " }<Num value={format::date_time(of.imported_at)} /></> },
        ),
        (
            t!("bank-file").into(),
            html! { <><bdi>{ &of.file_name }</bdi><div class="dw-muted dw-sm"><bdi class="num">{ &of.hash }</bdi></div></> },
        ),
    ]
}

/// What the bank says of a line.
pub(super) fn words(line: &BankLine) -> Html {
    html! {
        <>
            if line.ordinal == 0 { { t!("bank-opening-line") } }
            if !line.counterparty.is_empty() { <div><bdi>{ &line.counterparty }</bdi></div> }
            <bdi class="dw-clamp">{ &line.details }</bdi>
            if line.occurrence > 1 { <div class="dw-muted dw-sm">{ t!("bank-twin", n = line.occurrence) }</div> }
        </>
    }
}

fn row(line: &BankLine, scale: u8, acts: bool, undo: Callback<MouseEvent>) -> Html {
    let undone = acts && !line.matches.is_empty() && !line.matches.iter().any(|one| one.fixed);
    html! {
        <tr key={line.id} data-row-id={line.id.to_string()}>
            <td><Num value={format::date(line.booked_on)} />
                if line.value_on != line.booked_on { <div class="dw-muted dw-sm">{ t!("bank-value-day", day = format::date(line.value_on)) }</div> }
            </td>
            <td>{ amount(line.amount, scale) }</td>
            <td>{ words(line) }</td>
            <td><Num value={line.reference.clone()} /><div class="dw-muted dw-sm"><Num value={line.bank_reference.clone()} /></div></td>
            <td>
                { for line.matches.iter().map(|one| html! {
                    <div>
                        <Link to={record_path(&one.book.kind, one.book.record_id)}><bdi>{ if one.book.number.is_empty() { &one.book.subject } else { &one.book.number } }</bdi></Link>
                        <div class="dw-muted dw-sm">{ why(&one.why) }{ " " }{ t!("bank-matched-by", by = i18n::name(&one.by)) }</div>
                    </div>
                }) }
                if undone { <Button variant={Variant::Link} label={t!("bank-undo")} action="undo-match" onclick={undo} /> }
            </td>
        </tr>
    }
}
