//! One bank account: its statements, and what can be done next.

use diwan_finance_api::{BankAccountStanding, BankStatement, NewReconciliation, Reconciliation};
use diwan_kernel::Permission;
use yew::prelude::*;

use super::bring::Bring;
use super::{amount, books, crumbs, loaded, path};
use crate::app::NotFound;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::send::{Sending, use_sending};
use crate::modules::finance::payments::lines::{Col, Line, Lines, days, use_lines};
use crate::ui::{Button, Card, Empty, Facts, Icon, Num, PageHead, Screen, Variant};

/// The columns of the statements.
pub(super) const COLS: &[Col] = &[
    ("bank-statement-number", "c-subj", None),
    ("bank-days", "c-due", Some("date")),
    ("bank-opening", "c-sec", None),
    ("bank-closing", "c-agency", None),
    ("bank-lines", "c-to", None),
    ("bank-open-lines", "c-no", None),
    ("payment-acts", "c-state", None),
];

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
    let query = use_place().query;
    let api = format!("/api/finance/bank/accounts/{id}/statements");
    let bringing = use_state_eq(|| false);
    let sending = use_sending();
    let acts = session.may(Permission::FinanceReconcile);
    let reconciled = all.data.as_ref().and_then(|list| list.iter().find(|one| one.id == id)?.reconciled_to);
    let statements = use_lines(Some(api.clone()), query.clone(), |one: &BankStatement| {
        let may = acts && reconciled.is_none_or(|day| day < one.ends_on);
        line(one, may.then(|| begin(sending.clone(), one)))
    });
    let list = match loaded(&all) {
        Ok(list) => list,
        Err(other) => return other,
    };
    let Some(account) = list.iter().find(|one| one.id == id) else { return html! { <NotFound /> } };
    let bring = {
        let bringing = bringing.setter();
        move |on: bool| {
            let bringing = bringing.clone();
            Callback::from(move |_: MouseEvent| bringing.set(on))
        }
    };
    let brought = {
        let (bringing, reload, again) = (bringing.setter(), statements.reload.clone(), all.reload.clone());
        Callback::from(move |()| {
            bringing.set(false);
            reload.emit(());
            again.emit(());
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
    html! {
        <Screen head={html! { <PageHead title={name.clone()} crumbs={crumbs(None, name)} {actions} /> }}>
            <div class="dw-stack">
                { sending.alert() }
                <Card title={t!("bank-account")} padded=true><Facts rows={facts(account)} /></Card>
                <div class="dw-card">
                    <Lines name="bank-statements" label={t!("bank-statements")} cols={COLS} answer={statements} {query} ask={Callback::from(|query| router::replace_query(&query))}
                        filters={days()} export={format!("{api}/export")} empty={html! { <Empty text={t!("bank-statements-empty")} /> }} />
                </div>
            </div>
            if *bringing { <Bring account_id={id} on_close={brought} /> }
        </Screen>
    }
}

/// Begins a reconciliation up to a statement, and goes there.
fn begin(sending: Sending, one: &BankStatement) -> Callback<MouseEvent> {
    let (account_id, statement_id) = (one.account_id, one.id);
    Callback::from(move |_: MouseEvent| {
        let call = client::post(format!("/api/finance/bank/accounts/{account_id}/reconciliations"));
        sending.answer(call.json(&NewReconciliation { statement_id }), |made: Reconciliation| {
            router::go(&path(&format!("reconciliations/{}", made.id)));
        });
    })
}

/// A statement as a row; where a reconciliation can be begun from it, by `begin`.
fn line(one: &BankStatement, begin: Option<Callback<MouseEvent>>) -> Line {
    let cells = vec![
        html! { <Link to={path(&format!("statements/{}", one.id))}><bdi>{ &one.number }</bdi></Link> },
        html! { <><Num value={format::date(one.starts_on)} />{ " – " }<Num value={format::date(one.ends_on)} /></> },
        amount(one.opening, one.scale),
        amount(one.closing, one.scale),
        html! { <Num value={format::number(one.lines)} /> },
        html! { <Num value={format::number(one.open)} /> },
        html! {
            if let Some(onclick) = begin {
                <Button variant={Variant::Link} label={t!("reconciliation-begin")} action="begin-reconciliation" {onclick} />
            }
        },
    ];
    Line(one.id, cells)
}

fn facts(of: &BankAccountStanding) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("bank-reference").into(), html! { <Num value={of.number.clone()} /> }),
        (t!("book-balance").into(), html! { <>{ books(of) }{ " " }{ &of.currency }</> }),
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
